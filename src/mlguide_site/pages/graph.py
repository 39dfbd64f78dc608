"""The graph of the show, and of a large show one for each topic: a drawing, and a list that says the same."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar, NamedTuple

from mlguide_site.model import Kind
from mlguide_site.pages import ties, words
from mlguide_site.pages.dots import EPISODE, NAME, Dot, DotKey
from mlguide_site.pages.layout import Drawing, Rows, Spot, draw, rows
from mlguide_site.pages.mentions import Subject
from mlguide_site.pages.nearby import GRAPH
from mlguide_site.pages.site import Site
from mlguide_site.pages.ties import SERIES, Tie, Ties, topic_graph
from mlguide_site.pages.view import Chip, View

LONG_NAME = 24
"""How long a name may be where there is more room than in the small drawings, in characters."""
ROW_NAME = 30
"""How long a name may be in the drawing for narrow windows."""
ROWS = 40
"""How many points that drawing has: those with the most ties."""
SIGN = 7
"""How wide a sign of a name is at most, in units."""
HUES = 6
SIZES = 5
"""How many sizes a point can have."""
TITLES = {Kind.TOPIC.value: "Topics", EPISODE: "Episodes", Kind.TOOL.value: "Tools", SERIES: "Series"}


class Point(NamedTuple):
    """A point of the drawing: what it is, where, its size from 1, how many episodes it stands for where its name is to
    show it, else 0, and what its title says."""

    dot: Dot
    spot: Spot
    size: int
    shown: int
    told: str


class Line(NamedTuple):
    """A link of the drawing: the numbers of its points, its path, its strength from 1 to 3, the number of its colour or
    0."""

    ends: str
    path: str
    strength: int
    hue: int


class Strokes(NamedTuple):
    """Links of one strength and colour, drawn as one path."""

    path: str
    strength: int
    hue: int


class Row(NamedTuple):
    """A point of the drawing for narrow windows: the point, its height, and its name with more room."""

    point: Point
    y: int
    name: str


class Neighbour(NamedTuple):
    """A point that another is tied to, and in how many episodes, 0 where that goes without saying."""

    name: str
    url: str
    episodes: int


class Item(NamedTuple):
    """A point in the list, and what it is tied to."""

    title: str
    url: str
    episodes: int
    neighbours: tuple[Neighbour, ...]


class Group(NamedTuple):
    """The points of one kind in the list."""

    title: str
    items: tuple[Item, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class GraphView(View):
    """A graph. `about` is the topic whose graph it is, `whole` the address of the show's; `clustered`: topics stand for
    what they hold; `reach` is half the width of the drawing, `height` its height; `rows`, `row_lines` and `row_height`
    are of the drawing for narrow windows."""

    template: ClassVar[str] = "graph.md.jinja"

    about: Chip | None
    whole: str
    clustered: bool
    reach: int
    height: int
    points: tuple[Point, ...]
    lines: tuple[Line, ...]
    row_height: int
    row_x: int
    rows: tuple[Row, ...]
    row_lines: tuple[Strokes, ...]
    kinds: tuple[str, ...]
    groups: tuple[Group, ...]
    points_left: int
    links_left: int


def subjects(site: Site) -> Iterator[Subject]:
    """The graph of the show, and those of topics."""
    yield Subject("graph")
    yield from (Subject("graph", slug) for slug in site.catalog.topics if ties.is_drawn(site, slug))


def view(site: Site, subject: Subject) -> GraphView:
    """A graph."""
    slug = subject.id
    small = ties.is_small(site)
    found = ties.of_topic(site, slug) if slug else ties.whole(site) if small else ties.clusters(site)
    path = topic_graph(slug) if slug else GRAPH
    topic = site.chips[Kind.TOPIC, slug] if slug else None
    clustered = not slug and not small
    told = f"What {topic.title if topic else site.settings.site_name} is made of, and how it hangs together"
    keys = tuple(key for layer in found.layers for key in layer)
    numbers = {key: at for at, key in enumerate(keys)}
    pairs = [(numbers[tie.one], numbers[tie.other]) for tie in found.links]
    widths = [SIGN * len(_dot(site, key).name) // 2 for key in keys]
    drawing = draw([[numbers[key] for key in layer] for layer in found.layers], pairs, widths)
    points = _points(site, keys, drawing, clustered)
    lines = _lines(found, drawing, points)
    chosen = _most_tied(len(points), pairs)
    # a topic's ties to all that stands below it go without saying, and would fill the margin
    itself = numbers.get((Kind.TOPIC.value, slug), -1)
    kept = [at for at, ends in enumerate(pairs) if itself not in ends and all(end in chosen for end in ends)]
    below = rows(len(chosen), [(chosen[pairs[at][0]], chosen[pairs[at][1]]) for at in kept])
    return GraphView(
        path=path,
        root=site.root(path),
        title=site.say("Graph: {}", topic.title) if topic else site.say("Graph"),
        description=words.clamp(f"{told}: episodes, topics and tools, drawn and as a list.", 160),
        crumbs=(Chip(site.say("Topics"), site.url("topics/index.md")), topic) if topic else (),
        about=topic,
        whole=site.url(GRAPH),
        clustered=clustered,
        reach=drawing.reach,
        height=drawing.height,
        points=points,
        lines=lines,
        row_height=below.height,
        row_x=below.x,
        rows=_rows([points[number] for number in chosen], below),
        row_lines=_alike(lines[at]._replace(path=path) for at, path in zip(kept, below.lines, strict=True)),
        kinds=tuple(kind for kind in TITLES if any(key[0] == kind for key in keys)),
        groups=_groups(found, keys, dict(zip(keys, points, strict=True)), lambda key: _episodes(site, key)),
        points_left=found.points_left,
        links_left=found.links_left,
    )


def _most_tied(count: int, pairs: Iterable[tuple[int, int]]) -> Mapping[int, int]:
    """The points that have the most links, in their order, each with its place among them."""
    ties = Counter(end for pair in pairs for end in pair)
    chosen = sorted(sorted(range(count), key=lambda number: (-ties[number], number))[:ROWS])
    return {number: at for at, number in enumerate(chosen)}


def _alike(lines: Iterable[Line]) -> tuple[Strokes, ...]:
    paths: dict[tuple[int, int], str] = {}
    for line in lines:
        paths[line.strength, line.hue] = paths.get((line.strength, line.hue), "") + line.path
    return tuple(Strokes(path, strength, hue) for (strength, hue), path in sorted(paths.items()))


def _rows(points: Sequence[Point], below: Rows) -> tuple[Row, ...]:
    return tuple(
        Row(point, y, words.clamp(point.dot.title, ROW_NAME - (4 if point.shown else 0)))
        for point, y in zip(points, below.places, strict=True)
    )


def _families(site: Site) -> Mapping[DotKey, int]:
    """A colour for each topic: that of the topic at the top that it belongs to."""
    found: dict[DotKey, int] = {}
    for at, top in enumerate(site.subtopics.get("", ())):
        waiting = [top]
        while waiting:
            slug = waiting.pop()
            if (Kind.TOPIC.value, slug) not in found:
                found[Kind.TOPIC.value, slug] = at % HUES + 1
                waiting += site.subtopics.get(slug, ())
    return found


def _points(site: Site, keys: tuple[DotKey, ...], drawing: Drawing, clustered: bool) -> tuple[Point, ...]:
    points = []
    hues = _families(site) if clustered else {}
    most = max((_episodes(site, key) for key in keys), default=0)
    for key, spot in zip(keys, drawing.spots, strict=True):
        dot, count = _dot(site, key), _episodes(site, key)
        if clustered and dot.kind == Kind.TOPIC.value and ties.is_drawn(site, key[1]):
            dot = dot._replace(url=site.url(topic_graph(key[1])))
        if dot.kind != EPISODE and spot.side != "within":
            dot = dot._replace(name=words.clamp(dot.title, LONG_NAME), hue=hues.get(key, dot.hue))
        told = f"{dot.title}, {count} episode{'s' if count != 1 else ''}" if count else dot.title
        points.append(Point(dot, spot, 1 + (SIZES - 1) * count // most if most else 1, count if clustered else 0, told))
    return tuple(points)


def _dot(site: Site, key: DotKey) -> Dot:
    if key[0] != SERIES:
        return site.dots[key]
    title = site.catalog.series[key[1]].title
    url = site.url(f"episodes/{key[1]}/index.md")
    return Dot(SERIES, site.hues[key[1]], url, words.clamp(title, NAME), title)


def _episodes(site: Site, key: DotKey) -> int:
    """How many episodes a point stands for; 0 where it is one itself."""
    kind, slug = key
    if kind == EPISODE:
        return 0
    return len(site.catalog.listed[slug]) if kind == SERIES else site.entry_cards[Kind(kind), slug].episodes


def _lines(found: Ties, drawing: Drawing, points: Sequence[Point]) -> tuple[Line, ...]:
    most = max((tie.weight for tie in found.links), default=1)
    lines = []
    for tie, line in zip(found.links, drawing.lines, strict=True):
        hues = {points[end].dot.hue for end in line.ends} - {0}
        strength = 1 + 2 * tie.weight // most if most > 1 else 1
        lines.append(Line(f"{line.ends[0]} {line.ends[1]}", line.path, strength, hues.pop() if len(hues) == 1 else 0))
    return tuple(lines)


def _groups(
    found: Ties, keys: tuple[DotKey, ...], points: Mapping[DotKey, Point], count: Callable[[DotKey], int]
) -> tuple[Group, ...]:
    """The list: every point under its kind, each with all that it is tied to."""
    near: dict[DotKey, list[Tie]] = {}
    for tie in found.links:
        near.setdefault(tie.one, []).append(tie)
        near.setdefault(tie.other, []).append(Tie(tie.other, tie.one, tie.weight))
    counted = any(tie.weight > 1 for tie in found.links)
    groups = []
    for kind, title in TITLES.items():
        items = []
        for key in keys:
            if key[0] != kind:
                continue
            around = sorted(near.get(key, ()), key=lambda tie: -tie.weight)
            neighbours = tuple(
                Neighbour(dot.title if dot.kind != EPISODE else dot.name, dot.url, tie.weight if counted else 0)
                for tie in around
                for dot in (points[tie.other].dot,)
            )
            items.append(Item(points[key].dot.title, points[key].dot.url, count(key), neighbours))
        if items:
            groups.append(Group(title, tuple(items)))
    return tuple(groups)
