"""Points in layers on rings around a centre: each ring sorted so that a point lies where what it is linked to lies."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from mlguide_site.graph.turn import direction, turn_of

SPACING = 16
"""Units of a ring's circumference for each of its points: a line of text."""
BAND = 150
"""Units between two rings: the room of a name written outwards."""
FIRST = 80
"""The smallest radius of the first ring."""
MARGIN = 175
"""Units around the outermost ring, for the names of its points."""
FULL = 360
PARTS = 3600
"""Into how many parts a turn is cut where points are sorted."""


class Spot(NamedTuple):
    """Where a point is, as an SVG transform; another that turns its name outwards, empty where it stands upright; and
    where its name is: `after` the point, `before` it at the left, where it would stand on its head otherwise, or
    `below` the one in the centre."""

    place: str
    turn: str
    side: str


class Line(NamedTuple):
    """A link: the numbers of its two points, and the data of its SVG path."""

    ends: tuple[int, int]
    path: str


class Drawing(NamedTuple):
    """Half the width of the square that the drawing fills, the centre being at 0 0; spots by number of point; lines."""

    reach: int
    spots: tuple[Spot, ...]
    lines: tuple[Line, ...]


def draw(layers: Sequence[Sequence[int]], links: Iterable[tuple[int, int]]) -> Drawing:
    """The drawing of points given in layers, the innermost first; together they are the numbers from 0 on, each once.

    A first layer of one point stands in the centre. A layer keeps its order as far as it has no links to layers inside
    it; otherwise a point goes where the middle of its neighbours inside is. Links keep their order.

    >>> draw([[0], [1, 2]], [(0, 1), (1, 2)]).lines[0]
    Line(ends=(0, 1), path='M0 0L80 0')
    """
    pairs = list(links)
    inner: dict[int, list[int]] = {}
    depth = {point: at for at, layer in enumerate(layers) for point in layer}
    for one, other in pairs:
        if depth[one] != depth[other]:
            outside, inside = (one, other) if depth[one] > depth[other] else (other, one)
            inner.setdefault(outside, []).append(inside)
    turns: dict[int, float] = {}
    places: dict[int, tuple[int, int]] = {}
    units: dict[int, tuple[float, float]] = {}
    radius = 0
    for at, layer in enumerate(layers):
        if not layer:
            continue
        if not at and len(layer) == 1:
            turns[layer[0]], places[layer[0]], units[layer[0]] = 0.0, (0, 0), (0.0, 0.0)
            continue
        radius = max(radius + BAND if radius else FIRST, -(-len(layer) * SPACING * 100 // 628))
        for point, turn in _spread(layer, inner, units):
            turns[point] = turn
            units[point] = x, y = direction(turn)
            places[point] = round(radius * x), round(radius * y)
    spots = tuple(_spot(places[number], turns[number]) for number in range(len(places)))
    lines = tuple(Line(pair, _path(places, pair, depth[pair[0]] == depth[pair[1]])) for pair in pairs)
    return Drawing(radius + MARGIN, spots, lines)


def _spread(
    layer: Sequence[int], inner: dict[int, list[int]], units: dict[int, tuple[float, float]]
) -> list[tuple[int, float]]:
    """The points of a layer with their turns, evenly around the ring."""
    size = len(layer)
    wanted: list[tuple[int, int, int]] = []
    for at, point in enumerate(layer):
        x = y = 0.0
        for other in inner.get(point, ()):
            x, y = x + units[other][0], y + units[other][1]
        # whole numbers: points that want the same place keep the layer's order, and sums of them are exact
        wanted.append((round(turn_of(x, y) * PARTS) if x or y else at * PARTS // size, at, point))
    wanted.sort()
    lead = sum(turn * size - at * PARTS for at, (turn, _, _) in enumerate(wanted)) // size
    return [(point, (at * PARTS + lead) / (size * PARTS) % 1.0) for at, (_, _, point) in enumerate(wanted)]


def _spot(place: tuple[int, int], turn: float) -> Spot:
    x, y = place
    if not x and not y:
        return Spot("translate(0 0)", "", "below")
    degrees = round(turn * FULL) % FULL
    before = FULL // 4 < degrees < FULL * 3 // 4
    upright = (degrees + FULL // 2) % FULL if before else degrees
    return Spot(f"translate({x} {y})", f"rotate({upright})" if upright else "", "before" if before else "after")


def _path(places: dict[int, tuple[int, int]], pair: tuple[int, int], bent: bool) -> str:
    """A straight line between two rings; one bent towards the centre within a ring, where it would run over others."""
    (x, y), (to_x, to_y) = places[pair[0]], places[pair[1]]
    if not bent:
        return f"M{x} {y}L{to_x} {to_y}"
    return f"M{x} {y}Q{(x + to_x) // 5} {(y + to_y) // 5} {to_x} {to_y}"
