"""Graphs of episodes, topics and tools: of the whole show, or its topics where it is large, of a topic, and the related
map of a page. `layout` says where their nodes and edges are."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import NamedTuple

from mlguide_site.linking.linked import LinkedEpisode
from mlguide_site.model import Kind
from mlguide_site.model.slugs import page_path
from mlguide_site.pages.layout import MOST, NAME, Spot, Star, draw, fitted, rows, star
from mlguide_site.pages.pagination import walk
from mlguide_site.pages.site import HUES, Naming, Site
from mlguide_site.pages.view import Chip, Subject, View
from mlguide_site.pages.words import clamp

GRAPH = "graph/index.md"
"""The page of the whole graph."""
WHOLE = 150
"""The number of nodes up to which everything is drawn at once."""
CLUSTERS = 100
"""How many topics, or tools where there are no topics, the drawing of a large show holds."""
STRONGEST = 3
"""How many of its edges to other topics each topic keeps in that drawing, besides those that others keep to it."""
SHARED = 2
"""How many episodes two topics must share to be linked."""
OF_TOPIC = (40, 50)
"""How many episodes and tools the drawing of a topic holds."""
EDGES = 600
"""How many edges a drawing holds."""
NAMED = 12
"""How many of an episode's topics count where edges between topics are looked for, so that work stays linear."""
LONG_NAME, ROW_NAME = 24, 30
"""How long a name may be at the sides of a drawing and in the drawing for narrow windows, in characters."""
ROWS = 40
"""How many nodes that drawing has: those with the most edges."""
SIGN = 7
"""How wide a sign of a name is at most, in units."""
SIZES = 5
"""How many sizes a node can have."""
FEWEST = 3
"""With fewer neighbours a related map shows nothing that the page's lists don't."""
SHARES = (3, 5, 4)
"""How many topics, tools and episodes a related map shows at most, unless there are too few of the others."""
EPISODE, SERIES = "episode", "series"
TITLES = {Kind.TOPIC: "topics", EPISODE: "episodes", Kind.TOOL: "tools", SERIES: "series"}
Key = tuple[str, str]
"""The kind of a node, one of `TITLES`, and its id or slug."""


class Node(NamedTuple):
    """A node: its kind, the number of its colour (0 for none), its page's address, its name cut to fit, and whole."""

    kind: str
    hue: int
    url: str
    name: str
    title: str


class Edge(NamedTuple):
    """A link between two nodes, and how many episodes it stands for."""

    one: Key
    other: Key
    weight: int = 1


class Graph(NamedTuple):
    """A drawing's nodes in layers; its edges; how many nodes and edges were left out."""

    layers: Sequence[Sequence[Key]]
    edges: Sequence[Edge]
    nodes_left: int = 0
    edges_left: int = 0


class Point(NamedTuple):
    """A node of the drawing: what it is, where, its size from 1, and how many episodes it stands for."""

    node: Node
    spot: Spot
    size: int
    episodes: int


class Line(NamedTuple):
    """Edges of one strength, from 1 to 3, and colour, or 0: the SVG path, and the numbers of the nodes of a single
    one."""

    path: str
    strength: int
    hue: int
    ends: str = ""


class Row(NamedTuple):
    """A node of the drawing for narrow windows: its point, its height, and its name with more room."""

    point: Point
    y: int
    name: str


class Item(NamedTuple):
    """A node in the list, the number of its episodes, and what it is linked to: names, addresses, and in how many
    episodes, 0 where that goes without saying."""

    title: str
    url: str
    episodes: int
    neighbours: tuple[tuple[str, str, int], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class GraphView(View, template="graph.md.jinja"):
    """A graph. `about` is the topic whose graph it is, `whole` the address of the show's; `clustered`: topics stand for
    what they hold; `reach` is half the width of the drawing, `height` its height; `rows`, `row_lines` and `row_height`
    are of the drawing for narrow windows; `groups` are the list's: title and items."""

    about: Chip | None
    whole: str
    clustered: bool
    reach: int
    height: int
    points: tuple[Point, ...]
    lines: tuple[Line, ...]
    row_height: int
    rows: tuple[Row, ...]
    row_lines: tuple[Line, ...]
    kinds: tuple[str, ...]
    groups: tuple[tuple[str, tuple[Item, ...]], ...]
    nodes_left: int
    edges_left: int


class RelatedMap(NamedTuple):
    """A star: the node in the middle, those around it, and where all of them are; the address of the graph that it is a
    part of, or "" where that shows nothing."""

    middle: Node
    nodes: tuple[Node, ...]
    star: Star
    whole: str


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
    tools = {tool for id in ids[:MOST] for tool in _entries(site, id, Kind.TOOL)}
    return len(ids) + len(tools) > MOST


def subjects(site: Site) -> Iterator[Subject]:
    """The graph of the show, and those of topics."""
    yield Subject("graph")
    yield from (Subject("graph", slug) for slug in site.catalog.topics if is_drawn(site, slug))


def view(site: Site, subject: Subject) -> GraphView:
    """A graph."""
    slug = subject.id
    topic = site.chips[Kind.TOPIC, slug] if slug else None
    clustered = not slug and not is_small(site)
    graph = _of_topic(site, slug) if slug else _clusters(site) if clustered else _whole(site)
    keys = [key for layer in graph.layers for key in layer]
    numbers = {key: at for at, key in enumerate(keys)}
    ends = [(numbers[edge.one], numbers[edge.other]) for edge in graph.edges]
    nodes = [_node(site, key) for key in keys]
    layers = [[numbers[key] for key in layer] for layer in graph.layers]
    drawing = draw(layers, ends, [SIGN * len(node.name) // 2 for node in nodes])
    points = _points(site, dict(zip(keys, nodes, strict=True)), drawing.spots, clustered)
    lines = _lines(graph, ends, drawing.paths, points)
    degree = Counter(end for pair in ends for end in pair)
    most = sorted(sorted(numbers.values(), key=lambda number: (-degree[number], number))[:ROWS])
    place = {number: at for at, number in enumerate(most)}
    # a topic's edges to all that is below it go without saying, and would fill the margin
    itself = numbers.get((Kind.TOPIC, slug), -1)
    kept = [at for at, pair in enumerate(ends) if itself not in pair and place.keys() >= {*pair}]
    narrow = rows(len(most), [(place[ends[at][0]], place[ends[at][1]]) for at in kept])
    paths: dict[tuple[int, int], str] = {}
    for at, path in zip(kept, narrow.paths, strict=True):
        paths[lines[at][1:3]] = paths.get(lines[at][1:3], "") + path
    return GraphView(
        **site.head(
            topic_graph(slug) if slug else GRAPH,
            site.translate("graph-of", topic.title) if topic else site.translate("graph"),
            f"What {topic.title if topic else site.settings.site_name} is made of, and how it hangs together: "
            "episodes, topics and tools, drawn and as a list.",
            *((site.index_chip("topics", "topics"), topic) if topic else ()),
        ),
        about=topic,
        whole=site.url(GRAPH),
        clustered=clustered,
        reach=drawing.reach,
        height=drawing.height,
        points=points,
        lines=lines,
        row_height=narrow.height,
        rows=tuple(
            Row(point, y, clamp(point.node.title, ROW_NAME - (4 if clustered and point.episodes else 0)))
            for point, y in zip((points[number] for number in most), narrow.places, strict=True)
        ),
        row_lines=tuple(Line(path, strength, hue) for (strength, hue), path in sorted(paths.items())),
        kinds=tuple(kind for kind in TITLES if any(key[0] == kind for key in keys)),
        groups=tuple(_groups(graph, dict(zip(keys, points, strict=True)))),
        nodes_left=graph.nodes_left,
        edges_left=graph.edges_left,
    )


def _whole(site: Site) -> Graph:
    """Everything: topics inside, episodes around them, tools outside."""
    topics, tools = site.catalog.topics, site.catalog.tools
    episodes = sorted(site.shown, key=site.rank.__getitem__)
    parents = [(topic.parent, slug) for slug, topic in topics.items() if topic.parent and topic.parent != slug]
    edges = [Edge((Kind.TOPIC, parent), (Kind.TOPIC, slug)) for parent, slug in parents]
    edges += _of_episodes(site, episodes)
    edges += [Edge((Kind.TOPIC, topic), (Kind.TOOL, slug)) for slug, tool in tools.items() for topic in tool.topics]
    return _bounded([_keys(Kind.TOPIC, _by_tree(site)), _keys(EPISODE, episodes), _keys(Kind.TOOL, tools)], edges)


def _clusters(site: Site) -> Graph:
    """The topics of a large show, families together: all, or those that most episodes name; of a show without topics
    its series and the tools that most episodes name."""
    kind, entries = Kind.TOPIC if site.catalog.topics else Kind.TOOL, site.catalog.topics or site.catalog.tools
    best = sorted(entries, key=lambda slug: (-site.entry_cards[kind, slug].episodes, slug))[:CLUSTERS]
    left = len(entries) - len(best)
    if kind is Kind.TOOL:
        series = list(site.catalog.series)[:CLUSTERS]
        edges = []
        for slug in best:
            counts = Counter(site.catalog.episodes[id].series for id in site.named_by.get((kind, slug), ()))
            edges += [Edge((SERIES, name), (kind, slug), count) for name, count in sorted(counts.items())]
        return _bounded([_keys(SERIES, series), _keys(kind, best)], edges, left)
    kept = frozenset(best)
    shared: Counter[tuple[str, str]] = Counter()
    for id in site.shown:
        found = [slug for slug in _entries(site, id, kind) if slug in kept]
        shared.update(combinations(found[:NAMED], 2))
    near: dict[str, list[tuple[int, str, str]]] = {}
    for (one, other), count in shared.items():
        # a topic of most episodes shares some with every other
        if count >= SHARED and not {(kind, one), (kind, other)} & site.common:
            near.setdefault(one, []).append((-count, one, other))
            near.setdefault(other, []).append((-count, one, other))
    strong = {pair[1:]: -pair[0] for pairs in near.values() for pair in sorted(pairs)[:STRONGEST]}
    order = [slug for slug in _by_tree(site) if slug in kept]
    for slug in order:
        if (parent := site.catalog.topics[slug].parent) and parent in kept:
            pair = (min(slug, parent), max(slug, parent))
            strong.setdefault(pair, shared[pair])
    edges = [Edge((kind, one), (kind, other), count) for (one, other), count in sorted(strong.items())]
    return _bounded([_keys(kind, order)], edges, left)


def _of_topic(site: Site, slug: str) -> Graph:
    """A topic in the middle, its episodes around it, and outside the tools that these name and the topics beside it."""
    named = site.named_by.get((Kind.TOPIC, slug), ())
    ids = named[: OF_TOPIC[0]]
    counts = Counter(tool for id in named for tool in _entries(site, id, Kind.TOOL))
    drawn = {tool for id in ids for tool in _entries(site, id, Kind.TOOL)}
    tools = sorted(drawn, key=lambda tool: (-counts[tool], tool))[: OF_TOPIC[1]]
    beside = [topic for topic in _beside(site, slug)[:NAMED] if topic != slug]
    around = [*_keys(Kind.TOPIC, beside), *_keys(Kind.TOOL, sorted(tools))]
    edges = [Edge((Kind.TOPIC, slug), (Kind.TOPIC, topic)) for topic in beside]
    left = len(named) - len(ids) + len(counts) - len(tools)
    return _bounded([[(Kind.TOPIC, slug)], _keys(EPISODE, ids), around], [*edges, *_of_episodes(site, ids)], left)


def _keys(kind: str, slugs: Iterable[str]) -> list[Key]:
    return [(kind, slug) for slug in slugs]


def _entries(site: Site, id: str, kind: Kind) -> Sequence[str]:
    return site.linked.episodes[id].entries.get(kind, ())


def _beside(site: Site, slug: str) -> list[str]:
    """The topics above and below a topic."""
    above = site.catalog.topics[slug].parent
    return [*([above] if above in site.catalog.topics and above else []), *site.subtopics.get(slug, ())]


def _by_tree(site: Site) -> list[str]:
    """All topics, each before those below it; those that are their own parents' parents come last."""
    return list(dict.fromkeys([*(node.slug for node in walk(site.subtopics, "")), *site.catalog.topics]))


def _of_episodes(site: Site, ids: Iterable[str]) -> Iterator[Edge]:
    """What episodes are linked to: topics, tools, and the episodes that they require or refer to."""
    for id in ids:
        own = (EPISODE, id)
        yield from (Edge((Kind.TOPIC, slug), own) for slug in _entries(site, id, Kind.TOPIC))
        yield from (Edge(own, (Kind.TOOL, slug)) for slug in _entries(site, id, Kind.TOOL))
        targets = [one.target for one in site.linked.episodes[id].references if one.target]
        others = dict.fromkeys([*site.requires[id], *targets])
        yield from (Edge((EPISODE, other), own) for other in others if other != id)


def _bounded(layers: Sequence[Sequence[Key]], edges: Iterable[Edge], left: int = 0) -> Graph:
    """Each edge between these nodes once; where they are too many, those first whose ends have the fewest, for these
    say most."""
    nodes = {key for layer in layers for key in layer}
    table: dict[frozenset[Key], Edge] = {}
    for edge in edges:
        if edge.one in nodes and edge.other in nodes:
            table.setdefault(frozenset((edge.one, edge.other)), edge)
    found = list(table.values())
    degree = Counter(end for edge in found for end in (edge.one, edge.other))
    order = sorted(range(len(found)), key=lambda at: (min(degree[found[at].one], degree[found[at].other]), at))[:EDGES]
    return Graph(layers, [found[at] for at in sorted(order)], left, len(found) - len(order))


def _node(site: Site, key: Key) -> Node:
    """An episode is called by its number, where it has one."""
    kind, id = key
    if kind == EPISODE:
        card = site.cards[id]
        title = f"{card.label}: {card.title}" if card.label else card.title
        return Node(kind, card.hue, card.url, clamp(card.label or card.title, NAME), title)
    if kind == SERIES:
        title, url, hue = site.catalog.series[id].title, site.url(f"episodes/{id}/index.md"), site.hues[id]
    else:
        (title, url), hue = site.chips[Kind(kind), id], 0
    return Node(kind, hue, url, clamp(title, NAME), title)


def _points(site: Site, nodes: Mapping[Key, Node], spots: Sequence[Spot], clustered: bool) -> tuple[Point, ...]:
    """The nodes at their spots; in a drawing of topics these have the colour of their family."""
    hues: dict[Key, int] = {}
    if clustered:
        top = -1
        for slug, depth in walk(site.subtopics, ""):
            top += depth == 0
            hues[Kind.TOPIC, slug] = top % HUES + 1
    counts = {key: _episodes(site, key) for key in nodes}
    most = max(counts.values(), default=0) or 1
    points = []
    for (key, node), spot in zip(nodes.items(), spots, strict=True):
        if clustered and node.kind == Kind.TOPIC and is_drawn(site, key[1]):
            node = node._replace(url=site.url(topic_graph(key[1])))
        if node.kind != EPISODE and spot.side != "within":
            node = node._replace(name=clamp(node.title, LONG_NAME), hue=hues.get(key, node.hue))
        points.append(Point(node, spot, 1 + (SIZES - 1) * counts[key] // most, counts[key]))
    return tuple(points)


def _episodes(site: Site, key: Key) -> int:
    """How many episodes a node stands for; 0 where it is one itself."""
    kind, slug = key
    if kind == EPISODE:
        return 0
    return len(site.catalog.listed[slug]) if kind == SERIES else site.entry_cards[Kind(kind), slug].episodes


def _lines(
    graph: Graph, ends: Sequence[tuple[int, int]], paths: Sequence[str], points: Sequence[Point]
) -> tuple[Line, ...]:
    most = max((edge.weight for edge in graph.edges), default=1)
    lines = []
    for edge, (one, other), path in zip(graph.edges, ends, paths, strict=True):
        hues = {points[one].node.hue, points[other].node.hue} - {0}
        strength = 1 + 2 * edge.weight // most if most > 1 else 1
        lines.append(Line(path, strength, hues.pop() if len(hues) == 1 else 0, f"{one} {other}"))
    return tuple(lines)


def _groups(graph: Graph, points: Mapping[Key, Point]) -> Iterator[tuple[str, tuple[Item, ...]]]:
    """The list: every node under its kind, each with all that it is linked to."""
    near: dict[Key, list[tuple[int, Node]]] = {key: [] for key in points}
    for one, other, weight in graph.edges:
        near[one].append((weight, points[other].node))
        near[other].append((weight, points[one].node))
    counted = any(edge.weight > 1 for edge in graph.edges)
    for kind, title in TITLES.items():
        items = [
            Item(
                point.node.title,
                point.node.url,
                point.episodes,
                tuple(
                    (node.name if node.kind == EPISODE else node.title, node.url, weight if counted else 0)
                    for weight, node in sorted(near[key], key=lambda pair: -pair[0])
                ),
            )
            for key, point in points.items()
            if key[0] == kind
        ]
        if items:
            yield title, tuple(items)


def near_episode(site: Site, id: str, episode: LinkedEpisode) -> RelatedMap | None:
    """Around an episode: its topics and tools, those first that most episodes name, and related episodes."""
    topics, tools = (_best(site, kind, episode.entries.get(kind, ())) for kind in (Kind.TOPIC, Kind.TOOL))
    return _related_map(site, (EPISODE, id), topics, tools, [item.id for item in episode.related])


def near_tool(site: Site, slug: str, namings: Sequence[Naming]) -> RelatedMap | None:
    """Around a tool: its topics, the tools named together with it, and the last episodes that name it."""
    topics = _best(site, Kind.TOPIC, site.catalog.tools[slug].topics)
    episodes = [naming.id for naming in reversed(namings[-MOST:])]
    return _related_map(site, (Kind.TOOL, slug), topics, site.together.get(slug, ()), episodes)


def near_topic(site: Site, slug: str, tools: Iterable[str], episodes: Iterable[str]) -> RelatedMap | None:
    """Around a topic: the topics above and below it, its key tools, and episodes of its path."""
    return _related_map(site, (Kind.TOPIC, slug), _beside(site, slug), tools, episodes)


def _best(site: Site, kind: Kind, slugs: Iterable[str]) -> list[str]:
    """Entries by how many episodes name them, most first; what most of all episodes name tells none apart."""
    known = [slug for slug in slugs if (kind, slug) in site.chips and (kind, slug) not in site.common]
    return sorted(known, key=lambda slug: (-site.entry_cards[kind, slug].episodes, slug))[:MOST]


def _related_map(
    site: Site, own: Key, topics: Iterable[str], tools: Iterable[str], episodes: Iterable[str]
) -> RelatedMap | None:
    pools = [
        [key for slug in dict.fromkeys(slugs) if (key := (kind, slug)) != own]
        for kind, slugs in ((Kind.TOPIC, topics), (Kind.TOOL, tools), (EPISODE, episodes))
    ]
    sizes = [min(len(pool), share) for pool, share in zip(pools, SHARES, strict=True)]
    for at, pool in enumerate(pools):
        sizes[at] += min(MOST - sum(sizes), len(pool) - sizes[at])
    chosen = [_node(site, key) for pool, size in zip(pools, sizes, strict=True) for key in pool[:size]]
    if len(chosen) < FEWEST:
        return None
    where, middle = star(len(chosen)), _node(site, own)
    return RelatedMap(
        middle._replace(name=fitted(middle.name, where.room, bold=True)),
        tuple(node._replace(name=fitted(node.name, room)) for node, room in zip(chosen, where.rooms, strict=True)),
        where,
        site.url(GRAPH) if site.has_edges else "",
    )
