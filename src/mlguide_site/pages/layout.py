"""Drawings: episodes, topics and tools as nodes, and the places of nodes and edges in whole units."""

from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from typing import NamedTuple
from unicodedata import east_asian_width

from mlguide_site.model import Kind
from mlguide_site.pages.view import Chip, EpisodeCard
from mlguide_site.pages.words import clamp

SIZE = 11
"""The height of the names' font, in units."""
_BOLD = 1.15
"""How much wider bold letters are."""
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
_OTHER, _FULL = 78, 102


def room_for(name: str, bold: bool = False) -> float:
    """How wide a name is at most, in units.

    >>> round(room_for("Docker")), round(room_for("Docker", bold=True)), round(room_for("機械"))
    (39, 45, 22)
    """
    hundredths = sum(
        _WIDTHS.get(sign) or (_FULL if east_asian_width(sign) in "WF" else _OTHER if sign > "~" else 84)
        for sign in name
    )
    return hundredths * SIZE / 100 * (_BOLD if bold else 1)


NAME = 18
"""How long a name in a drawing may be, in characters; the whole stands in its title."""
EPISODE = "episode"
DotKey = tuple[str, str]
"""The kind of a point, `episode`, `topic`, `tool` or `series`, and its id or slug."""


class Dot(NamedTuple):
    """A point: its kind, the number of its colour (0 for none), its page's address, its name cut to fit, and whole."""

    kind: str
    hue: int
    url: str
    name: str
    title: str


def dots(cards: Mapping[str, EpisodeCard], chips: Mapping[tuple[Kind, str], Chip]) -> Mapping[DotKey, Dot]:
    """The points of all episodes, topics and tools. An episode is called by its number, where it has one."""
    drawn = {kind.value: kind for kind in (Kind.TOPIC, Kind.TOOL)}

    def dot(key: DotKey) -> Dot:
        kind, name = key
        if kind in drawn:
            title, url = chips[drawn[kind], name]
            return Dot(kind, 0, url, clamp(title, NAME), title)
        card = cards[name]
        whole = f"{card.label}: {card.title}" if card.label else card.title
        return Dot(EPISODE, card.hue, card.url, clamp(card.label or card.title, NAME), whole)

    entries = [(kind.value, slug) for kind, slug in chips if kind.value in drawn]
    return {key: dot(key) for key in [*((EPISODE, id) for id in cards), *entries]}


@lru_cache(maxsize=4096)
def cut(name: str, room: int, bold: bool = False) -> str:
    """A name, cut until it fits into a room of so many units, whatever the font.

    >>> cut("Machine learning operations", 109), cut("WWWWWWWWWWWWWW", 109), cut("Docker", 109)
    ('Machine learning…', 'WWWWWWWW…', 'Docker')
    """
    limit = min(len(name), NAME)
    found = clamp(name, limit)
    while limit > 2 and room_for(found, bold) > room:
        limit -= 1
        found = clamp(name, limit)
    return found


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


LINE_ROW = 30
LINE_EDGE = 18
LINE_MARGIN = 92
"""Units for the arcs."""
LEAST_ARC = 14
"""How far the shortest arc reaches."""
LINE_WIDTH = 340


class Rows(NamedTuple):
    """The height of the drawing, LINE_WIDTH being its width; where the points are across; the height of each; and the
    data of an SVG path for each link."""

    height: int
    x: int
    places: tuple[int, ...]
    lines: tuple[str, ...]


def rows(count: int, links: Iterable[tuple[int, int]]) -> Rows:
    """The drawing of points 0 to `count` - 1 from top to bottom.

    >>> rows(3, [(0, 1), (2, 0)])
    Rows(height=96, x=92, places=(18, 48, 78), lines=('M92 18Q-14 33 92 48', 'M92 78Q-92 48 92 18'))
    """
    places = tuple(LINE_EDGE + at * LINE_ROW for at in range(count))
    most = max(1, (count - 1) * LINE_ROW)
    lines = []
    for one, other in links:
        y, to = places[one], places[other]
        # the curve reaches half as far as its middle point
        far = 2 * (LEAST_ARC + (LINE_MARGIN - LEAST_ARC) * abs(to - y) // most)
        lines.append(f"M{LINE_MARGIN} {y}Q{LINE_MARGIN - far} {(y + to) // 2} {LINE_MARGIN} {to}")
    return Rows(2 * LINE_EDGE + max(0, count - 1) * LINE_ROW, LINE_MARGIN, places, tuple(lines))


MOST = 12
"""How many points a star has room for around its middle."""
STAR_WIDTH, STAR_ROW, STAR_EDGE = 360, 30, 18
INNER, STAR_BULGE = 41, 19
"""How far from the middle the arcs begin, and how much farther they reach half-way."""
BESIDE = 11
"""How far from its point a name begins."""
MARK = 10
"""Half the width of a point, and what is left free beside it."""


class Star(NamedTuple):
    """The height of the drawing, STAR_WIDTH being its width; the lines as the data of one SVG path; the places, as SVG
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
    height = max(2 * STAR_EDGE + (max(left, 2) - 1) * STAR_ROW, 2 * (below + 6))
    points = [*_arc(left, height, -1), *_arc(count - left, height, 1)]
    # else it stands between the points that are in its way
    beside = [abs(x - STAR_WIDTH // 2) for x, y in points if abs(y - height // 2 - STAR_ROW // 2) < STAR_ROW // 4]
    room = STAR_WIDTH if level else 2 * (min(beside, default=INNER) - MARK)
    middle = f"{STAR_WIDTH // 2} {height // 2}"
    return Star(
        height,
        "".join(f"M{middle}L{x} {y}" for x, y in points),
        f"translate({middle})",
        tuple(f"translate({x} {y})" for x, y in points),
        left,
        tuple(STAR_WIDTH // 2 - abs(x - STAR_WIDTH // 2) - BESIDE for x, _ in points),
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
        out = STAR_BULGE if count == 2 else STAR_BULGE - STAR_BULGE * off * off // max(1, (count - 1) * (count - 1))
        points.append((STAR_WIDTH // 2 + side * (INNER + out), height // 2 + off * STAR_ROW // 2))
    return points
