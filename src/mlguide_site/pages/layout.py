"""Drawings of numbered nodes and edges: places in whole units, and how wide a name is."""

from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import NamedTuple
from unicodedata import east_asian_width

from mlguide_site.pages.words import clamp

SIZE = 11
"""The height of the names' font, in units."""
NAME = 18
"""How long a name in a drawing may be, in characters."""
# hundredths of the font's height, of DejaVu Sans: what plain Linux has, and as wide as Verdana
_CLASSES = {
    30: "ijlI'|J",
    40: " .,:;!()[]/-rft\u2019",
    55: "scz?L",
    62: "aeovxykFTYPES",
    64: "nhubdpqg0123456789",
    70: "ABCKRVXZ",
    78: "DGHNOQU&+",
    86: "wM",
    100: "mW\u2026@%",
}
_WIDTHS = {sign: width for width, signs in _CLASSES.items() for sign in signs}


def room_for(name: str, bold: bool = False) -> float:
    """How wide a name is at most, in units.

    >>> round(room_for("Docker")), round(room_for("Docker", bold=True)), round(room_for("機械"))
    (39, 45, 22)
    """
    hundredths = 0
    for sign in name:
        other = 84 if sign <= "~" else 102 if east_asian_width(sign) in "WF" else 78
        hundredths += _WIDTHS.get(sign, other)
    return hundredths * SIZE / 100 * (1.15 if bold else 1)


@lru_cache(maxsize=4096)
def fitted(name: str, room: int, bold: bool = False) -> str:
    """A name, cut until it fits into a room of so many units, whatever the font.

    >>> fitted("Machine learning operations", 109), fitted("WWWWWWWWWWWWWW", 109), fitted("Docker", 109)
    ('Machine learning…', 'WWWWWWWW…', 'Docker')
    """
    limit = min(len(name), NAME)
    while limit > 2 and room_for(clamp(name, limit), bold) > room:
        limit -= 1
    return clamp(name, limit)


ROW = 26
"""Units between two names: a line of text, and as far as fingers need."""
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
"""Beyond so many nodes the middle is two columns, row by row in turn, where names are short."""
SHORT = 40
"""Half the width of a short name."""


class Spot(NamedTuple):
    """Where a node is, and where its name: `before` it at the left, `after` it at the right, or `within`, in place of
    the node itself."""

    x: int
    y: int
    side: str


class Drawing(NamedTuple):
    """Half the width of the drawing, the middle being at 0, and its height; the spot of each node; the data of an SVG
    path for each edge."""

    reach: int
    height: int
    spots: tuple[Spot, ...]
    paths: tuple[str, ...]


def draw(layers: Sequence[Sequence[int]], edges: Sequence[tuple[int, int]], widths: Sequence[int] = ()) -> Drawing:
    """The drawing of nodes given in layers; together they are the numbers from 0 on, each once.

    One layer is halved, two are left and right, of three the second is in the middle, or the first if that is one node.
    The first and the middle keep their order, others follow what they are linked to. `widths` has half the width of
    each node's name in units, of which only the middle makes use.

    >>> drawing = draw([[0], [1, 2], [3]], [(0, 1), (1, 3)])
    >>> drawing.reach, drawing.height, drawing.spots[0], drawing.paths[1]
    (459, 96, Spot(x=0, y=48, side='within'), 'M-245 35C4 35 4 48 254 48')
    """
    left, middle, right = _columns([list(layer) for layer in layers if layer], edges)
    room = max((widths[node] if widths else SHORT for node in middle), default=0)
    paired = len(middle) > PAIRED and room <= SHORT
    count = max(len(left), len(right), -(-len(middle) // 2) if paired else len(middle), 2)
    half = (2 * room + SLOT if paired else room) + SLOT
    near, bulge = (half + GAP, BULGE) if middle else LENS
    spots: dict[int, Spot] = {}
    for nodes, side, sign in ((left, "before", -1), (right, "after", 1)):
        for at, y in enumerate(_heights(len(nodes), count)):
            off = 2 * at + 1 - len(nodes)
            x = near + bulge - bulge * off * off // max(1, len(nodes) * len(nodes))
            spots[nodes[at]] = Spot(sign * x, y, side)
    for at, y in enumerate(_heights(len(middle), 2 * count if paired else count, ROW // 2 if paired else ROW)):
        spots[middle[at]] = Spot((room + SLOT) * (1 if at % 2 else -1) if paired else 0, y, "within")
    paths = tuple(_path(spots[one], spots[other], room + SLOT // 2) for one, other in edges)
    return Drawing(near + bulge + NAMES, count * ROW + 2 * EDGE, tuple(spots[at] for at in range(len(spots))), paths)


def _columns(layers: list[list[int]], edges: Sequence[tuple[int, int]]) -> tuple[list[int], list[int], list[int]]:
    """The nodes at the left, in the middle and at the right."""
    if len(layers) < 2:
        nodes = layers[0] if layers else []
        # the right side runs on from the left one as around a ring
        half = -(-len(nodes) // 2)
        return nodes[:half], [], nodes[half:][::-1]
    if len(layers) == 2:
        return layers[0], [], _sorted(layers[1], layers[0], edges)
    first, second, third = layers[:3]
    if len(first) == 1:
        return second, first, _sorted(third, second, edges)
    return _sorted(first, second, edges), second, _sorted(third, second, edges)


def _sorted(nodes: list[int], fixed: list[int], edges: Sequence[tuple[int, int]]) -> list[int]:
    """Nodes in the order of the middles of what they are linked to; those that are linked to nothing come last."""
    place = {node: at for at, node in enumerate(fixed)}
    found: dict[int, list[int]] = {node: [] for node in nodes}
    for edge in edges:
        for one, other in (edge, edge[::-1]):
            if one in found and other in place:
                found[one].append(place[other])
    middles = {node: 1000 * sum(places) // len(places) for node, places in found.items() if places}
    return sorted(nodes, key=lambda node: middles.get(node, 1000 * len(fixed)))


def _heights(count: int, rows: int, row: int = ROW) -> list[int]:
    """The heights of a column's nodes among `rows` rows: centred, and at most two rows apart."""
    if not count:
        return []
    step = min(2 * row, rows * row // count)
    return [EDGE + (rows * row - count * step) // 2 + step // 2 + at * step for at in range(count)]


def _path(one: Spot, other: Spot, half: int) -> str:
    """A curve from the side of one node to the side of another that looks to it."""
    if one.x > other.x:
        one, other = other, one
    middle, far = (one.y + other.y) // 2, abs(other.y - one.y)
    if one.side == other.side == "within":
        # within one column the curve turns back; in the middle it does so at the left
        x, to = one.x - half, other.x - half
        return f"M{x} {one.y}Q{min(x, to) - min(70, 16 + far // 4)} {middle} {to} {other.y}"
    x = one.x + (half if one.side == "within" else 0)
    to = other.x - (half if other.side == "within" else 0)
    between = (x + to) // 2
    if one.side == other.side:
        inwards = min(260, 30 + far * 2 // 3) * (1 if one.side == "before" else -1)
        return f"M{x} {one.y}Q{between + inwards} {middle} {to} {other.y}"
    return f"M{x} {one.y}C{between} {one.y} {between} {other.y} {to} {other.y}"


LINE_ROW, LINE_EDGE = 30, 18
LINE_MARGIN, LEAST_ARC = 92, 14
"""Units for the arcs, and how far the shortest of them reaches."""


class Rows(NamedTuple):
    """A drawing for narrow windows: its height; the height of each node, LINE_MARGIN from the left; and the data of an
    SVG path for each edge."""

    height: int
    places: tuple[int, ...]
    paths: tuple[str, ...]


def rows(count: int, edges: Iterable[tuple[int, int]]) -> Rows:
    """The drawing of nodes 0 to `count` - 1 from top to bottom.

    >>> rows(3, [(0, 1), (2, 0)])
    Rows(height=96, places=(18, 48, 78), paths=('M92 18Q-14 33 92 48', 'M92 78Q-92 48 92 18'))
    """
    places = tuple(LINE_EDGE + at * LINE_ROW for at in range(count))
    most = max(1, (count - 1) * LINE_ROW)
    paths = []
    for one, other in edges:
        y, to = places[one], places[other]
        # the curve reaches half as far as its middle point
        far = 2 * (LEAST_ARC + (LINE_MARGIN - LEAST_ARC) * abs(to - y) // most)
        paths.append(f"M{LINE_MARGIN} {y}Q{LINE_MARGIN - far} {(y + to) // 2} {LINE_MARGIN} {to}")
    return Rows(2 * LINE_EDGE + max(0, count - 1) * LINE_ROW, places, tuple(paths))


MOST = 12
"""How many nodes a star has room for around its middle."""
STAR_MIDDLE, STAR_ROW, STAR_EDGE = 180, 30, 18
INNER, STAR_BULGE = 41, 19
"""How far from the middle the arcs begin, and how much farther they reach half-way."""
BESIDE = 11
"""How far from its node a name begins."""


class Star(NamedTuple):
    """A drawing twice STAR_MIDDLE wide: its height; the places of the nodes around its middle, those at the left from
    top to bottom, then those at the right; how many are at the left; the units for each node's name, and for the name
    of the middle, which is written `below` units under it."""

    height: int
    places: tuple[tuple[int, int], ...]
    left: int
    rooms: tuple[int, ...]
    room: int
    below: int


@lru_cache(maxsize=MOST + 1)
def star(count: int) -> Star:
    """The star with `count` nodes around its middle, MOST at the most.

    >>> star(3)
    Star(height=66, places=((120, 18), (120, 48), (240, 33)), left=2, rooms=(109, 109, 109), room=100, below=20)
    """
    count = min(count, MOST)
    left = (count + 1) // 2
    # the name of the middle is between two rows of nodes: those at both sides, where they are level
    level = left * 2 == count
    below = 34 if level and left % 2 == 0 else 20
    height = max(2 * STAR_EDGE + (max(left, 2) - 1) * STAR_ROW, 2 * (below + 6))
    places = (*_arc(left, height, -1), *_arc(count - left, height, 1))
    # else it is between the nodes that are in its way
    beside = [abs(x - STAR_MIDDLE) for x, y in places if abs(y - height // 2 - STAR_ROW // 2) < STAR_ROW // 4]
    room = 2 * STAR_MIDDLE if level else 2 * (min(beside, default=INNER) - 10)
    return Star(height, places, left, tuple(min(x, 2 * STAR_MIDDLE - x) - BESIDE for x, _ in places), room, below)


def _arc(count: int, height: int, side: int) -> list[tuple[int, int]]:
    """Places one below the other, the middle ones farther out."""
    places = []
    for at in range(count):
        # in halves of a row from the middle, so that nothing needs rounding
        off = 2 * at - (count - 1)
        # two are as far out as the middle ones of more, for the name of the middle is between them
        out = STAR_BULGE if count == 2 else STAR_BULGE - STAR_BULGE * off * off // max(1, (count - 1) * (count - 1))
        places.append((STAR_MIDDLE + side * (INNER + out), height // 2 + off * STAR_ROW // 2))
    return places
