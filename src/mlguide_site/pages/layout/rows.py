"""Points one below the other, names beside them, links as arcs in the margin: a drawing for narrow windows."""

from collections.abc import Iterable
from typing import NamedTuple

ROW = 30
EDGE = 18
MARGIN = 92
"""Units for the arcs."""
LEAST = 14
"""How far the shortest arc reaches."""
WIDTH = 340


class Rows(NamedTuple):
    """The height of the drawing, WIDTH being its width; where the points are across; the height of each; and the data
    of an SVG path for each link."""

    height: int
    x: int
    places: tuple[int, ...]
    lines: tuple[str, ...]


def rows(count: int, links: Iterable[tuple[int, int]]) -> Rows:
    """The drawing of points 0 to `count` - 1 from top to bottom.

    >>> rows(3, [(0, 1), (2, 0)])
    Rows(height=96, x=92, places=(18, 48, 78), lines=('M92 18Q-14 33 92 48', 'M92 78Q-92 48 92 18'))
    """
    places = tuple(EDGE + at * ROW for at in range(count))
    most = max(1, (count - 1) * ROW)
    lines = []
    for one, other in links:
        y, to = places[one], places[other]
        # the curve reaches half as far as its middle point
        far = 2 * (LEAST + (MARGIN - LEAST) * abs(to - y) // most)
        lines.append(f"M{MARGIN} {y}Q{MARGIN - far} {(y + to) // 2} {MARGIN} {to}")
    return Rows(2 * EDGE + max(0, count - 1) * ROW, MARGIN, places, tuple(lines))
