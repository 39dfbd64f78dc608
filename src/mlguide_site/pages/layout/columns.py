"""Points in columns, names written level outside of them, and links as curves in between: a lens of two columns, or
three with names in the middle. Nothing is written over anything else, and every name has a row of its own."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

ROW = 26
"""Units between two names: a line of text, and as far as fingers need."""
SPREAD = 2
"""How many rows a name may have where its column is shorter than others."""
EDGE = 22
NAMES = 205
"""Units for the names at either side."""
GAP = 170
"""Units between two columns."""
LENS = (120, 150)
"""How far from the middle two columns begin, and how much farther they reach half-way."""
BULGE = 36
"""How much farther the outer two of three columns reach half-way."""
SLOT = 8
"""Units beside a name in the middle."""
PAIRED = 24
"""Beyond so many points the middle is two columns, row by row in turn, where names are short."""
SHORT = 40
"""Half the width of a short name."""


class Spot(NamedTuple):
    """Where a point is, and where its name: `before` it at the left, `after` it at the right, or `within`, in place of
    the point itself."""

    x: int
    y: int
    side: str


class Line(NamedTuple):
    """A link: the numbers of its two points, and the data of its SVG path."""

    ends: tuple[int, int]
    path: str


class Drawing(NamedTuple):
    """Half the width of the drawing, the middle being at 0, and its height; spots by number of point; lines."""

    reach: int
    height: int
    spots: tuple[Spot, ...]
    lines: tuple[Line, ...]


class _Column(NamedTuple):
    points: list[int]
    side: str


def draw(layers: Sequence[Sequence[int]], links: Iterable[tuple[int, int]], widths: Sequence[int] = ()) -> Drawing:
    """The drawing of points given in layers; together they are the numbers from 0 on, each once.

    One layer is halved, two stand left and right, of three the second in the middle, or the first if that is one point.
    The first and the middle keep their order, others follow what they are linked to; links keep theirs. `widths` has
    half the width of each point's name in units, of which only the middle makes use.

    >>> drawing = draw([[0], [1, 2], [3]], [(0, 1), (1, 3)])
    >>> drawing.reach, drawing.height, drawing.spots[0], drawing.lines[1].path
    (459, 96, Spot(x=0, y=48, side='within'), 'M-245 35C4 35 4 48 254 48')
    """
    pairs = list(links)
    left, middle, right = _parts([list(layer) for layer in layers if layer], pairs)
    room = max((widths[point] if widths else SHORT for point in middle), default=0)
    paired = len(middle) > PAIRED and room <= SHORT
    count = max(len(left), len(right), -(-len(middle) // 2) if paired else len(middle), 2)
    height = count * ROW + 2 * EDGE
    half = (2 * room + SLOT if paired else room) + SLOT if middle else 0
    near, bulge = (half + GAP, BULGE) if middle else LENS
    spots: dict[int, Spot] = {}
    for points, side in (_Column(left, "before"), _Column(right, "after")):
        for at, y in enumerate(_heights(len(points), count)):
            off = 2 * at + 1 - len(points)
            x = near + bulge - bulge * off * off // max(1, len(points) * len(points))
            spots[points[at]] = Spot(-x if side == "before" else x, y, side)
    for at, y in enumerate(_heights(len(middle), 2 * count if paired else count, ROW // 2 if paired else ROW)):
        spots[middle[at]] = Spot((room + SLOT) * (1 if at % 2 else -1) if paired else 0, y, "within")
    lines = tuple(Line(pair, _path(spots[pair[0]], spots[pair[1]], room + SLOT // 2)) for pair in pairs)
    return Drawing(near + bulge + NAMES, height, tuple(spots[number] for number in range(len(spots))), lines)


def _parts(layers: list[list[int]], pairs: list[tuple[int, int]]) -> tuple[list[int], list[int], list[int]]:
    """What stands left, in the middle and right."""
    if len(layers) < 2:
        points = layers[0] if layers else []
        # the right side runs on from the left one as around a ring
        return points[: -(-len(points) // 2)], [], points[-(-len(points) // 2) :][::-1]
    if len(layers) == 2:
        return layers[0], [], _sorted(layers[1], layers[0], pairs)
    first, second, third = layers[:3]
    if len(first) == 1:
        return second, first, _sorted(third, second, pairs)
    return _sorted(first, second, pairs), second, _sorted(third, second, pairs)


def _sorted(points: list[int], fixed: list[int], pairs: list[tuple[int, int]]) -> list[int]:
    """Points in the order of the middles of what they are linked to; those that are linked to nothing come last."""
    place = {point: at for at, point in enumerate(fixed)}
    own = set(points)
    sums: dict[int, tuple[int, int]] = {}
    for pair in pairs:
        for one, other in (pair, pair[::-1]):
            if one in own and other in place:
                total, count = sums.get(one, (0, 0))
                sums[one] = total + place[other], count + 1
    return sorted(
        points, key=lambda point: 1000 * sums[point][0] // sums[point][1] if point in sums else 1000 * len(fixed)
    )


def _heights(count: int, rows: int, row: int = ROW) -> list[int]:
    """The heights of a column's points among `rows` rows: spread, and centred."""
    if not count:
        return []
    step = min(SPREAD * row, rows * row // count)
    return [EDGE + (rows * row - count * step) // 2 + step // 2 + at * step for at in range(count)]


def _path(one: Spot, other: Spot, half: int) -> str:
    """A curve from the side of one point to the side of another that looks to it."""
    if one.x > other.x:
        one, other = other, one
    x = one.x + (half if one.side == "within" else 0)
    to = other.x - (half if other.side == "within" else 0)
    if one.side == other.side:
        # within one column the curve turns back; in the middle it does so at the left
        far = abs(other.y - one.y)
        if one.side == "within":
            x, to = one.x - half, other.x - half
            return f"M{x} {one.y}Q{min(x, to) - min(70, 16 + far // 4)} {(one.y + other.y) // 2} {to} {other.y}"
        inwards = min(260, 30 + far * 2 // 3) * (1 if one.side == "before" else -1)
        return f"M{x} {one.y}Q{(x + to) // 2 + inwards} {(one.y + other.y) // 2} {to} {other.y}"
    between = (x + to) // 2
    return f"M{x} {one.y}C{between} {one.y} {between} {other.y} {to} {other.y}"
