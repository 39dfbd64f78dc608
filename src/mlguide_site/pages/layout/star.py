"""A small star: one point in the middle, a few around it, in two arcs, so that names beside them have room."""

from functools import lru_cache
from typing import NamedTuple

MOST = 12
"""How many points a star has room for around its middle."""
WIDTH, ROW, EDGE = 360, 30, 18
INNER, BULGE = 41, 19
"""How far from the middle the arcs begin, and how much farther they reach half-way."""
BESIDE = 11
"""How far from its point a name begins."""
MARK = 10
"""Half the width of a point, and what is left free beside it."""


class Star(NamedTuple):
    """The height of the drawing, WIDTH being its width; the lines as the data of one SVG path; the places, as SVG
    transforms, of the middle and of the points: those at the left from top to bottom, then those at the right; how many
    stand at the left. `rooms` are the units for each point's name, `room` those for the name of the middle, which is
    written `below` units under it."""

    height: int
    lines: str
    middle: str
    places: tuple[str, ...]
    left: int
    rooms: tuple[int, ...]
    room: int
    below: int


@lru_cache(maxsize=MOST + 1)
def star(count: int) -> Star:
    """The star with `count` points around its middle, MOST at the most.

    >>> star(3).lines, star(3).height, star(3).left
    ('M180 33L120 18M180 33L120 48M180 33L240 33', 66, 2)
    >>> star(3).places
    ('translate(120 18)', 'translate(120 48)', 'translate(240 33)')
    >>> star(3).rooms, star(3).room, star(3).below
    ((109, 109, 109), 100, 20)
    """
    count = min(count, MOST)
    left = (count + 1) // 2
    # the name of the middle stands between two rows of points: those at both sides, where they are level
    level = left * 2 == count
    below = 34 if level and left % 2 == 0 else 20
    height = max(2 * EDGE + (max(left, 2) - 1) * ROW, 2 * (below + 6))
    points = [*_arc(left, height, -1), *_arc(count - left, height, 1)]
    # else it stands between the points that are in its way
    beside = [abs(x - WIDTH // 2) for x, y in points if abs(y - height // 2 - ROW // 2) < ROW // 4]
    room = WIDTH if level else 2 * (min(beside, default=INNER) - MARK)
    middle = f"{WIDTH // 2} {height // 2}"
    return Star(
        height,
        "".join(f"M{middle}L{x} {y}" for x, y in points),
        f"translate({middle})",
        tuple(f"translate({x} {y})" for x, y in points),
        left,
        tuple(WIDTH // 2 - abs(x - WIDTH // 2) - BESIDE for x, _ in points),
        room,
        below,
    )


def _arc(count: int, height: int, side: int) -> list[tuple[int, int]]:
    """Points one below the other, the middle ones farther out."""
    points = []
    for at in range(count):
        # in halves of a row from the middle, so that nothing needs rounding
        off = 2 * at - (count - 1)
        # two are as far out as the middle ones of more, for the name of the middle stands between them
        out = BULGE if count == 2 else BULGE - BULGE * off * off // max(1, (count - 1) * (count - 1))
        points.append((WIDTH // 2 + side * (INNER + out), height // 2 + off * ROW // 2))
    return points
