"""The graph of the show, and of a large show one for each topic: a drawing, and a list that says the same."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import ClassVar, NamedTuple

from mlguide_site.graph import Drawing, Spot, draw
from mlguide_site.model import Kind
from mlguide_site.pages import ties, words
from mlguide_site.pages.dots import EPISODE, NAME, Dot, DotKey
from mlguide_site.pages.mentions import Subject
from mlguide_site.pages.nearby import GRAPH
from mlguide_site.pages.site import Site
from mlguide_site.pages.ties import SERIES, Tie, Ties, topic_graph
from mlguide_site.pages.view import Chip, View

LONG_NAME = 24
"""How long a name may be where there is more room than in the small drawings, in characters."""
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
    """A link of the drawing: the numbers of its points, its path, its strength from 1 to 3."""

    ends: str
    path: str
    strength: int


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
    what they hold; `reach` is half the width of the drawing."""

    template: ClassVar[str] = "graph.md.jinja"

    about: Chip | None
    whole: str
    clustered: bool
    reach: int
    points: tuple[Point, ...]
    lines: tuple[Line, ...]
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
    drawing = draw(
        [[numbers[key] for key in layer] for layer in found.layers],
        [(numbers[tie.one], numbers[tie.other]) for tie in found.links],
    )
    points = _points(site, keys, drawing, clustered)
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
        points=points,
        lines=_lines(found, drawing),
        kinds=tuple(kind for kind in TITLES if any(key[0] == kind for key in keys)),
        groups=_groups(found, keys, dict(zip(keys, points, strict=True)), lambda key: _episodes(site, key)),
        points_left=found.points_left,
        links_left=found.links_left,
    )


def _points(site: Site, keys: tuple[DotKey, ...], drawing: Drawing, clustered: bool) -> tuple[Point, ...]:
    points = []
    most = max((_episodes(site, key) for key in keys), default=0)
    for key, spot in zip(keys, drawing.spots, strict=True):
        dot, count = _dot(site, key), _episodes(site, key)
        if clustered and dot.kind == Kind.TOPIC.value and ties.is_drawn(site, key[1]):
            dot = dot._replace(url=site.url(topic_graph(key[1])))
        if dot.kind != EPISODE:
            dot = dot._replace(name=words.clamp(dot.title, LONG_NAME))
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


def _lines(found: Ties, drawing: Drawing) -> tuple[Line, ...]:
    most = max((tie.weight for tie in found.links), default=1)
    return tuple(
        Line(f"{line.ends[0]} {line.ends[1]}", line.path, 1 + 2 * tie.weight // most if most > 1 else 1)
        for tie, line in zip(found.links, drawing.lines, strict=True)
    )


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
