"""A small star: one point in the middle, a few around it, in two arcs, so that names beside them have room."""

from functools import lru_cache
from typing import NamedTuple

MOST = 12
"""How many points a star has room for around its middle."""
WIDTH, ROW, EDGE = 360, 30, 18
INNER, BULGE = 44, 26
"""How far from the middle the arcs begin, and how much farther they reach half-way."""


class Star(NamedTuple):
    """The height of the drawing, WIDTH being its width; the lines as the data of one SVG path; the places, as SVG
    transforms, of the middle and of the points: those at the left from top to bottom, then those at the right; how many
    stand at the left."""

    height: int
    lines: str
    middle: str
    places: tuple[str, ...]
    left: int


@lru_cache(maxsize=MOST + 1)
def star(count: int) -> Star:
    """The star with `count` points around its middle, MOST at the most.

    >>> star(3).lines, star(3).height, star(3).left
    ('M180 33L136 18M180 33L136 48M180 33L250 33', 66, 2)
    >>> star(3).places
    ('translate(136 18)', 'translate(136 48)', 'translate(250 33)')
    """
    count = min(count, MOST)
    left = (count + 1) // 2
    height = 2 * EDGE + (max(left, 2) - 1) * ROW
    points = [*_arc(left, height, -1), *_arc(count - left, height, 1)]
    middle = f"{WIDTH // 2} {height // 2}"
    return Star(
        height,
        "".join(f"M{middle}L{x} {y}" for x, y in points),
        f"translate({middle})",
        tuple(f"translate({x} {y})" for x, y in points),
        left,
    )


def _arc(count: int, height: int, side: int) -> list[tuple[int, int]]:
    """Points one below the other, the middle ones farther out."""
    points = []
    for at in range(count):
        # in halves of a row from the middle, so that nothing needs rounding
        off = 2 * at - (count - 1)
        out = BULGE - BULGE * off * off // max(1, (count - 1) * (count - 1))
        points.append((WIDTH // 2 + side * (INNER + out), height // 2 + off * ROW // 2))
    return points
