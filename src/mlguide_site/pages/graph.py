"""The pages of the graph: the whole show, or its topics where it is large, and a page for each topic."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import ClassVar, NamedTuple

from mlguide_site.model import Kind
from mlguide_site.model.slugs import page_path
from mlguide_site.pages import words
from mlguide_site.pages.layout import EPISODE, MOST, NAME, Dot, DotKey, Drawing, Rows, Spot, draw, rows
from mlguide_site.pages.mentions import Subject
from mlguide_site.pages.nearby import GRAPH
from mlguide_site.pages.site import Site
from mlguide_site.pages.view import Chip, View

WHOLE = 150
"""The number of points up to which everything is drawn at once."""
CLUSTERS = 100
"""How many topics, or tools where there are no topics, the drawing of a large show holds."""
STRONGEST = 3
"""How many of its ties to other topics each topic keeps in that drawing, besides those that others keep to it."""
SHARED = 2
"""How many episodes two topics must share to be tied."""
OF_TOPIC = (40, 50)
"""How many episodes and tools the drawing of a topic holds."""
LINKS = 600
"""How many links a drawing holds."""
NAMED = 12
"""How many of an episode's topics are looked at where ties between topics are counted, so that work stays linear."""
SERIES = "series"
Layers = tuple[tuple[DotKey, ...], ...]


class Tie(NamedTuple):
    """A link between two points, and how many episodes it stands for."""

    one: DotKey
    other: DotKey
    weight: int = 1


class Ties(NamedTuple):
    """A drawing's points in layers; its links; how many points and links were left out."""

    layers: Layers
    links: tuple[Tie, ...]
    points_left: int = 0
    links_left: int = 0


def topic_graph(slug: str) -> str:
    """The path of the page of a topic's own graph."""
    return f"{page_path('topic', slug).removesuffix('.md')}/graph.md"


def is_small(site: Site) -> bool:
    """Whether the whole show can be drawn at once."""
    return len(site.shown) + len(site.catalog.topics) + len(site.catalog.tools) <= WHOLE


def is_drawn(site: Site, slug: str) -> bool:
    """Whether a topic has a drawing of its own: of a large show, and with more around it than fits on its page."""
    ids = site.named_by.get((Kind.TOPIC, slug), ())
    if len(ids) < SHARED or is_small(site):
        return False
    episodes = site.linked.episodes
    tools = {tool for id in ids[:MOST] for tool in episodes[id].entries.get(Kind.TOOL, ())}
    return len(ids) + len(tools) > MOST


def whole(site: Site) -> Ties:
    """Everything: topics inside, episodes around them, tools outside."""
    episodes = sorted(site.shown, key=site.rank.__getitem__)
    layers = (
        tuple((Kind.TOPIC.value, slug) for slug in _by_tree(site)),
        tuple((EPISODE, id) for id in episodes),
        tuple((Kind.TOOL.value, slug) for slug in site.catalog.tools),
    )
    links = [*_tree_ties(site, site.catalog.topics), *_of_episodes(site, episodes)]
    for slug, tool in site.catalog.tools.items():
        links += [Tie((Kind.TOPIC.value, topic), (Kind.TOOL.value, slug)) for topic in tool.topics]
    return _bounded(layers, links)


def clusters(site: Site) -> Ties:
    """The topics of a large show, families together; of a show without topics its series and the tools that most
    episodes name."""
    if not site.catalog.topics:
        return _series_and_tools(site)
    chosen = _widest(site)
    kept = frozenset(chosen)
    shared: Counter[tuple[str, str]] = Counter()
    for id in site.shown:
        found = [slug for slug in site.linked.episodes[id].entries.get(Kind.TOPIC, ()) if slug in kept]
        shared.update(combinations(found[:NAMED], 2))
    near: dict[str, list[tuple[int, str, str]]] = {}
    # a topic of most episodes shares some with every other
    common = frozenset(slug for slug in chosen if (Kind.TOPIC, slug) in site.common)
    for (one, other), count in shared.items():
        if count >= SHARED and one not in common and other not in common:
            near.setdefault(one, []).append((-count, one, other))
            near.setdefault(other, []).append((-count, one, other))
    strong = {pair[1:]: -pair[0] for pairs in near.values() for pair in sorted(pairs)[:STRONGEST]}
    parents = {slug: site.catalog.topics[slug].parent for slug in chosen}
    for slug, parent in parents.items():
        if parent in kept and parent is not None:
            pair = (min(slug, parent), max(slug, parent))
            strong.setdefault(pair, shared[pair])
    layers = (tuple((Kind.TOPIC.value, slug) for slug in chosen),)
    links = [
        Tie((Kind.TOPIC.value, one), (Kind.TOPIC.value, other), count) for (one, other), count in sorted(strong.items())
    ]
    return _bounded(layers, links)._replace(points_left=len(site.catalog.topics) - len(chosen))


def of_topic(site: Site, slug: str) -> Ties:
    """A topic in the middle, its episodes around it, and outside the tools that these name and the topics beside it."""
    key = (Kind.TOPIC.value, slug)
    namings = site.namings.get((Kind.TOPIC, slug), ())
    ids = [naming.id for naming in namings[: OF_TOPIC[0]]]
    counts: Counter[str] = Counter()
    for naming in namings:
        counts.update(site.linked.episodes[naming.id].entries.get(Kind.TOOL, ()))
    drawn = {tool for id in ids for tool in site.linked.episodes[id].entries.get(Kind.TOOL, ())}
    tools = sorted(drawn, key=lambda tool: (-counts[tool], tool))[: OF_TOPIC[1]]
    above = site.catalog.topics[slug].parent
    beside = [*((above,) if above in site.catalog.topics and above is not None else ()), *site.subtopics.get(slug, ())]
    layers = (
        (key,),
        tuple((EPISODE, id) for id in ids),
        (
            *((Kind.TOPIC.value, topic) for topic in beside[:NAMED] if topic != slug),
            *((Kind.TOOL.value, tool) for tool in sorted(tools)),
        ),
    )
    links = [Tie(key, (Kind.TOPIC.value, topic)) for topic in beside[:NAMED] if topic != slug]
    links += _of_episodes(site, ids)
    kept = {point for layer in layers for point in layer}
    ties = _bounded(layers, [tie for tie in links if tie.one in kept and tie.other in kept])
    return ties._replace(points_left=len(namings) - len(ids) + len(counts) - len(tools))


def _series_and_tools(site: Site) -> Ties:
    tools = sorted(site.catalog.tools, key=lambda slug: (-site.entry_cards[Kind.TOOL, slug].episodes, slug))[:CLUSTERS]
    links = []
    for slug in tools:
        counts = Counter(site.catalog.episodes[naming.id].series for naming in site.namings.get((Kind.TOOL, slug), ()))
        links += [Tie((SERIES, name), (Kind.TOOL.value, slug), count) for name, count in sorted(counts.items())]
    layers = (
        tuple((SERIES, name) for name in list(site.catalog.series)[:CLUSTERS]),
        tuple((Kind.TOOL.value, slug) for slug in tools),
    )
    kept = frozenset(layers[0])
    ties = _bounded(layers, [tie for tie in links if tie.one in kept])
    return ties._replace(points_left=len(site.catalog.tools) - len(tools))


def _widest(site: Site) -> list[str]:
    """The topics to draw, in the order of the tree: all, or, where they are too many, those that most episodes name."""
    order = _by_tree(site)
    if len(order) <= CLUSTERS:
        return order
    cards = site.entry_cards
    best = sorted(order, key=lambda slug: (-cards[Kind.TOPIC, slug].episodes, slug))[:CLUSTERS]
    kept = frozenset(best)
    return [slug for slug in order if slug in kept]


def _by_tree(site: Site) -> list[str]:
    """All topics, each before those below it; those that stand in a circle come last."""
    found: dict[str, None] = {}
    stack = list(reversed(site.subtopics.get("", ())))
    while stack:
        slug = stack.pop()
        if slug not in found:
            found[slug] = None
            stack += reversed(site.subtopics.get(slug, ()))
    return list(dict.fromkeys([*found, *site.catalog.topics]))


def _tree_ties(site: Site, slugs: Iterable[str]) -> Iterator[Tie]:
    for slug in slugs:
        parent = site.catalog.topics[slug].parent
        if parent and parent != slug and parent in site.catalog.topics:
            yield Tie((Kind.TOPIC.value, parent), (Kind.TOPIC.value, slug))


def _of_episodes(site: Site, ids: Sequence[str]) -> Iterator[Tie]:
    """What episodes are tied to: topics, tools, and the episodes that they require or refer to."""
    for id in ids:
        own = (EPISODE, id)
        episode = site.linked.episodes[id]
        yield from (Tie((Kind.TOPIC.value, slug), own) for slug in episode.entries.get(Kind.TOPIC, ()))
        yield from (Tie(own, (Kind.TOOL.value, slug)) for slug in episode.entries.get(Kind.TOOL, ()))
        others = dict.fromkeys([*site.requires[id], *(one.target for one in episode.references if one.target)])
        yield from (Tie((EPISODE, other), own) for other in others if other in site.shown and other != id)


def _bounded(layers: Layers, links: Iterable[Tie]) -> Ties:
    """Each link once; where they are too many, those first whose ends have the fewest, for these say most."""
    table: dict[frozenset[DotKey], Tie] = {}
    for tie in links:
        table.setdefault(frozenset((tie.one, tie.other)), tie)
    found = tuple(table.values())
    if len(found) <= LINKS:
        return Ties(layers, found)
    degree = Counter(end for tie in found for end in (tie.one, tie.other))
    order = sorted(range(len(found)), key=lambda at: (min(degree[found[at].one], degree[found[at].other]), at))
    return Ties(layers, tuple(found[at] for at in sorted(order[:LINKS])), links_left=len(found) - LINKS)


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
    yield from (Subject("graph", slug) for slug in site.catalog.topics if is_drawn(site, slug))


def view(site: Site, subject: Subject) -> GraphView:
    """A graph."""
    slug = subject.id
    small = is_small(site)
    found = of_topic(site, slug) if slug else whole(site) if small else clusters(site)
    topic = site.chips[Kind.TOPIC, slug] if slug else None
    clustered = not slug and not small
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
        **site.head(
            topic_graph(slug) if slug else GRAPH,
            site.say("Graph: {}", topic.title) if topic else site.say("Graph"),
            f"What {topic.title if topic else site.settings.site_name} is made of, and how it hangs together: "
            "episodes, topics and tools, drawn and as a list.",
            *((site.index_chip("Topics", "topics"), topic) if topic else ()),
        ),
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
        if clustered and dot.kind == Kind.TOPIC.value and is_drawn(site, key[1]):
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
