"""The graphs of the whole site and of topics, with nodes in two columns."""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from heapq import nsmallest
from itertools import chain, groupby
from statistics import median_low

from mlguide_site.model.records import Kind
from mlguide_site.model.slugs import page_path
from mlguide_site.pages.episode_lists import path_url
from mlguide_site.pages.graph_layout import HEADINGS, Graph, Key, Node, curves, in_columns, in_parts, strength
from mlguide_site.pages.key_entries import key_entries
from mlguide_site.pages.pagination import above, walk
from mlguide_site.pages.site import GRAPH, HUES, MAX_BESIDE, NAMED, NODES, SHARED, Site
from mlguide_site.pages.view import EPISODE, EpisodeCard, Subject, View

EPISODES = 25  # maximum number of episodes in the graph of a topic
STRONGEST = 3
"""Each topic chooses this many of its strongest edges. An edge is drawn if at least one topic chooses the edge."""
TOGETHER = 12  # maximum number of pairs of topics in the list of the strongest edges
SIZES = 5  # number of different node sizes
FEW_NODES = 12  # a topic with at most so many episodes and tools has no graph


def topic_graph(slug: str) -> str:
    """Return the path of the page with a topic's graph."""
    return f"{page_path('topic', slug).removesuffix('.md')}/graph.md"


def is_drawn(site: Site, slug: str) -> bool:
    """Return whether a topic has a graph. Topics with few nodes and topics of small sites have no graph."""
    ids = site.named_by.get((Kind.TOPIC, slug), ())
    if len(ids) < SHARED or site.is_small:
        return False
    return len(ids) + len({tool for id in ids[:FEW_NODES] for tool in site.beside(id, Kind.TOOL)}) > FEW_NODES


def subjects(site: Site) -> Iterator[Subject]:
    """Yield the `Subject` of the page with the site's graph, and of each page with a topic's graph."""
    yield Subject("graph")
    yield from (Subject("graph", slug) for slug in site.catalog.topics if is_drawn(site, slug))


def view(site: Site, subject: Subject) -> View:
    """Return the view of a graph. In the view, `about` is the graph's topic or None, with the first of its `steps` as
    `start`, and `whole` is the address of the site's graph. `left` and `right` are the parts of the columns, and a line
    is (SVG path, SVG path in narrow windows, classes, numbers of both nodes and number of shared episodes, such as
    "2 7 4"). Of an episode and its prerequisite, the prerequisite is first. A `clustered` graph (of a large site) shows
    only topics, or only tools if there are no topics, of which `general` ones are mentioned in many episodes."""
    slug = subject.id
    topic = site.chips[Kind.TOPIC, slug] if slug else None
    clustered = not slug and not site.is_small
    graph = _of_topic(site, slug) if slug else _folded(site) if clustered else _whole(site)
    needs = {((EPISODE, need), (EPISODE, id)) for _, id in graph.left for need in site.requires.get(id, ())}
    edges = {pair[::-1] if pair[::-1] in needs else pair: shared for pair, shared in graph.edges.items()}
    branches = branch_hues(site) if clustered else {}
    nodes = _nodes(site, graph, needs, clustered)
    tree = {frozenset(pair) for pair in _parents(site, (id for kind, id in nodes if kind == Kind.TOPIC))}
    classes = _of_clusters(site, edges, nodes, tree) if clustered else _of_relations(edges, needs)
    pairs = _together(site, edges, tree) if clustered else []
    steps = site.topic_paths[slug] if slug else ()
    sides, numbers = in_parts(graph, steps), {key: at for at, key in enumerate(nodes)}
    is_counted, shown = max(edges.values(), default=1) > 1, Counter(kind for kind, _ in (*nodes, *graph.loose))
    ends = (
        f"{numbers[one]} {numbers[other]}{f' {shared}' if is_counted else ''}" for (one, other), shared in edges.items()
    )
    left, right = ([(label, tuple(map(nodes.__getitem__, keys))) for label, keys in parts] for parts in sides)
    return site.view(
        "graph",
        topic_graph(slug) if slug else GRAPH,
        site.translate("graph-of", topic.title) if topic else site.translate("graph"),
        site.translate("about-graph", topic.title if topic else site.settings.site_name),
        (site.index_chip("topics"), topic) if topic else (),
        about=topic,
        whole=site.graph_url,
        path_url=path_url(site),
        clustered=clustered,
        nodes=tuple(nodes.values()),
        left=tuple(left),
        right=tuple(right),
        lines=tuple(
            (*curve, *more) for curve, *more in zip(curves(edges, sides, [*nodes]), classes, ends, strict=True)
        ),
        together=tuple((nodes[one], nodes[other], count, _first(site, one, other)) for count, one, other in pairs),
        widths=tuple(_widths(edges, classes)) if clustered else (),
        general=tuple(node for key, node in nodes.items() if clustered and _is_general(site, key)),
        groups=tuple(_groups(site, nodes, branches).items()),
        legend=tuple((nodes[key].title, hue) for key, hue in branches.items() if key in nodes),
        kinds=tuple(kind for kind in (Kind.TOPIC, Kind.TOOL, EPISODE) if any(key[0] == kind for key in nodes)),
        episodes_url=topic and f"{topic.url}#s.{'order' if steps else 'episodes'}",
        start=site.cards[steps[0]] if steps else None,
        steps=len(steps),
        review=site.review_url(f"topic.{slug}"),
        cards=site.scopes.get(f"topic.{slug}", 0),
        total=len(site.named_by.get((Kind.TOPIC, slug), ())),
        most=NODES,
        loose=tuple(_node(site, key) for key in graph.loose),
        shown=tuple((kind, shown[kind], total) for kind, total in graph.totals.items() if total),
        nodes_left=sum(graph.totals.values()) - sum(shown[kind] for kind in graph.totals),
        edges_left=graph.edges_left,
    )


def _of_clusters(
    site: Site, edges: Mapping[tuple[Key, Key], int], nodes: Mapping[Key, Node], tree: Collection[object]
) -> list[str]:
    """Return the classes of each edge between topics (or tools): of its strength, of the colour that both ends have,
    and `mg-sub` if few episodes are shared, outside `tree`. `mg-pointed` means that the edge is drawn only for the
    selected name. Such edges share few episodes or are those of a general topic, and the other topic has more edges."""
    most = max(edges.values(), default=1)
    general = {key for key in nodes if _is_general(site, key)}
    few = {pair for pair, shared in edges.items() if shared < SHARED and {*pair} not in tree}
    minor = {pair for pair in edges if pair in few or len(general.intersection(pair)) == 1}
    joined = {*chain(*(pair for pair in edges if pair not in minor))}
    result = list[str]()
    for pair, shared in edges.items():
        width, hues = strength(shared, most), {nodes[key].hue for key in pair}
        looks = ["mg-sub"] if pair in few else [f"mg-strong{width}"] if width > 1 else []
        looks += [f"mg-hue{hue}" for hue in hues if hue and len(hues) == 1]
        looks += ["mg-pointed"] if pair in minor and {*pair} - general <= joined else []
        result.append(" ".join(looks))
    return result


def _of_relations(edges: Iterable[tuple[Key, Key]], needs: Collection[object]) -> list[str]:
    """Return the class of each edge of a graph with episodes: `mg-topic`, `mg-needs` from a prerequisite, `mg-sub` from
    an episode to another that refers to it, or ""."""
    return [
        "mg-needs" if pair in needs else "mg-sub" if kinds == {EPISODE} else "mg-topic" if Kind.TOPIC in kinds else ""
        for pair in edges
        for kinds in [{kind for kind, _ in pair}]
    ]


def _is_general(site: Site, key: Key) -> bool:
    """Check whether an entry is mentioned in more than a third of the episodes."""
    return 3 * len(site.named_by.get((Kind(key[0]), key[1]), ())) > len(site.shown)


def _together(site: Site, edges: Mapping[tuple[Key, Key], int], tree: Collection[object]) -> list[tuple[int, Key, Key]]:
    """Return the pairs of topics (or tools) with an edge that share most episodes, except those in `tree`, with these
    numbers. A general topic is in no pair. The topic that is earlier on the learning path is first."""
    _, best, _ = site.folded
    steps = {slug: [site.place[id] for id in site.topic_paths.get(slug, ())] for slug in best}
    start = {slug: median_low(places) if places else 0 for slug, places in steps.items()}
    pairs: list[tuple[int, Key, Key]] = []
    for pair, count in edges.items():
        one, other = sorted(pair, key=lambda key: (start[key[1]], key[1]))
        if count >= SHARED and {*pair} not in tree and not any(_is_general(site, key) for key in pair):
            pairs.append((count, one, other))
    return nsmallest(TOGETHER, pairs, key=lambda one: (-one[0], one))


def _first(site: Site, *keys: Key) -> EpisodeCard:
    """Return the first shared episode on the learning path."""
    return site.cards[min(_shared(site, *keys), key=site.place.__getitem__)]


def _shared(site: Site, *keys: Key) -> set[str]:
    """Return the ids of the episodes that mention all entries."""
    return set.intersection(*({*site.named_by.get((Kind(kind), slug), ())} for kind, slug in keys))


def _whole(site: Site) -> Graph:
    """Return the graph of a small site, with episodes on the left, and topics and tools on the right."""
    tools, episodes = site.catalog.tools, sorted(site.shown, key=site.rank.__getitem__)
    edges = dict.fromkeys([*_parents(site, site.catalog.topics), *_of_episodes(site, episodes)], 1)
    edges |= {((Kind.TOPIC, topic), (Kind.TOOL, slug)): 1 for slug, tool in tools.items() for topic in tool.topics}
    right = [*_keys(Kind.TOPIC, _by_tree(site)), *_keys(Kind.TOOL, site.most_named(Kind.TOOL, tools))]
    return in_columns(_keys(EPISODE, episodes), right, edges, {})


def _folded(site: Site) -> Graph:
    """Return the graph of a large site: the most frequent topics, or the most frequent tools if there are no topics."""
    kind, best, shared = site.folded
    entries = _by_tree(site) if kind is Kind.TOPIC else list(site.catalog.tools)
    pairs = _parents(site, site.catalog.topics)
    edges = dict.fromkeys(pairs, 0)
    degree: Counter[str] = Counter()
    for pair, _ in sorted(shared.items(), key=lambda item: (-item[1], item[0])):
        if site.is_edge(pair) and min(degree[slug] for slug in pair) < STRONGEST:
            degree.update(pair)
            edges.setdefault(((kind, pair[0]), (kind, pair[1])), 0)
    # `folded` counts only the first topics of each episode
    edges = {pair: len(_shared(site, *pair)) for pair in edges}
    named = {pair: len(_shared(site, *pair)) for pair in _guided(site)}
    edges = {pair: shared for pair, shared in named.items() if shared < SHARED} | edges
    return in_columns(_keys(kind, [slug for slug in entries if slug in best]), [], edges, {kind: len(entries)})


def _of_topic(site: Site, slug: str) -> Graph:
    """Return the graph of a topic. Episodes are on the left, first those of the suggested order. Topics are
    on the right: subtopics, the parent, and the topics of most of the episodes; and then tools: the topic's key tools,
    and those of most of the episodes. Topics and tools of more episodes are first."""
    named = list(dict.fromkeys([*site.topic_paths[slug], *site.named_by.get((Kind.TOPIC, slug), ())]))
    ids, right, totals = named[:EPISODES], list[Key](), {EPISODE: len(named)}
    for kind in (Kind.TOPIC, Kind.TOOL):
        counts = Counter(
            other for id in ids for other in _beside(site, id, kind) if (kind, other) != (Kind.TOPIC, slug)
        )
        cards = {other: site.entry_cards[kind, other] for other in counts}
        near = [*site.below[Kind.TOPIC].get(slug, ()), *above(site.catalog.topics, slug)[-1:]]
        key = {*(key_entries(site, slug, kind) if kind is Kind.TOOL else near)}
        # of equal numbers, entries that more other episodes mention come first
        order = {one: (-counts[one], -card.episodes, card.title.casefold()) for one, card in cards.items()}
        ranked = sorted(cards, key=lambda one: (one not in key, order[one]))
        right += _keys(kind, sorted(ranked[:NAMED], key=order.__getitem__))
        totals[kind] = len(ranked)
    return in_columns(_keys(EPISODE, ids), right, dict.fromkeys(_of_episodes(site, ids), 1), totals)


def _widths(edges: Mapping[tuple[Key, Key], int], classes: Iterable[str]) -> Iterator[tuple[int, str]]:
    """Yield each strength of the edges that aren't dashed, with their numbers of shared episodes."""
    most = max(edges.values(), default=1)
    weights = {
        shared for shared, looks in zip(edges.values(), classes, strict=True) if shared and "mg-sub" not in looks
    }
    for width, group in groupby(sorted(weights), lambda weight: strength(weight, most)):
        numbers = [*group]
        yield width, "–".join(str(number) for number in sorted({numbers[0], numbers[-1]}))


def _keys(kind: str, slugs: Iterable[str]) -> list[Key]:
    return [(kind, slug) for slug in slugs]


def _by_tree(site: Site) -> list[str]:
    """Return all topics, each before its children, and those of more episodes first. Topics without parent and children
    come later, and those in a cycle of parents last."""
    size = {slug: -len(site.named_by.get((Kind.TOPIC, slug), ())) for slug in site.catalog.topics}
    below = {parent: sorted(slugs, key=size.__getitem__) for parent, slugs in site.below[Kind.TOPIC].items()}
    roots = tuple(sorted(below.get("", ()), key=lambda slug: not below.get(slug)))
    return list(dict.fromkeys([*(node.slug for node in walk({**below, "": roots}, "")), *site.catalog.topics]))


def _parents(site: Site, slugs: Iterable[str]) -> list[tuple[Key, Key]]:
    """Return pairs of a parent and a topic, for those of the topics that have a parent."""
    parents = ((slug, site.catalog.topics[slug].parent) for slug in slugs)
    return [((Kind.TOPIC, parent), (Kind.TOPIC, slug)) for slug, parent in parents if parent]


def _guided(site: Site) -> Iterator[tuple[Key, Key]]:
    """Yield each topic with the topics that its guide names."""
    for slug in site.catalog.topics:
        if guide := site.linked.pages.get(page_path("topic", slug)):
            named = (one.slug for one in guide.mentions if one.kind is Kind.TOPIC)
            yield from (((Kind.TOPIC, slug), (Kind.TOPIC, other)) for other in named)


@lru_cache(maxsize=1)
def _topics(site: Site) -> Mapping[str, Sequence[str]]:
    """Map episodes to their topics, also to those whose order has the episode."""
    found: dict[str, list[str]] = {}
    for slug in site.catalog.topics:
        for id in site.named_by.get((Kind.TOPIC, slug), ()):
            found.setdefault(id, []).append(slug)
    return found


def _beside(site: Site, id: str, kind: Kind) -> Sequence[str]:
    return site.beside(id, kind) if kind is Kind.TOOL else _topics(site).get(id, ())[:MAX_BESIDE]


def _of_episodes(site: Site, ids: Iterable[str]) -> Iterator[tuple[Key, Key]]:
    ids = tuple(ids)
    for id in ids:
        own = (EPISODE, id)
        for kind in (Kind.TOPIC, Kind.TOOL):
            yield from ((own, (kind, slug)) for slug in _beside(site, id, kind))
        referenced = (other for other in ids if id in site.linked.episodes[other].referenced_by)
        yield from (((EPISODE, other), own) for other in (*site.requires[id], *referenced))


def _node(site: Site, key: Key) -> Node:
    kind, id = key
    if kind == EPISODE:
        episode = site.cards[id]
        return Node(kind, 0, episode.url, episode.name, episode.full_name, 0)
    card = site.entry_cards[Kind(kind), id]
    return Node(kind, 0, card.url, card.title, card.title, card.episodes)


def branch_hues(site: Site) -> dict[Key, int]:
    """Return the colour of each top-level topic that has subtopics."""
    below = site.below[Kind.TOPIC]
    return {(Kind.TOPIC, slug): at % HUES + 1 for at, slug in enumerate(filter(below.get, below.get("", ())))}


def _groups(site: Site, nodes: Mapping[Key, Node], branches: Mapping[Key, int]) -> dict[str, list[Node]]:
    """Return a clustered graph's nodes by top-level topic, in the order of the tree, or all nodes as one group ""."""
    if not branches:
        return {"": [*nodes.values()]}
    groups: dict[str, list[Node]] = {}
    for key in sorted(nodes, key={key: at for at, key in enumerate(_keys(Kind.TOPIC, _by_tree(site)))}.__getitem__):
        top = Kind.TOPIC, [*above(site.catalog.topics, key[1]), key[1]][0]
        name = site.chips[top].title if top in branches else site.translate("other-topics")
        groups.setdefault(name, []).append(nodes[key])
    return groups


def _nodes(site: Site, graph: Graph, needs: Collection[object], clustered: bool) -> dict[Key, Node]:
    """Return a graph's nodes with their neighbours. In a clustered graph, a topic has the colour of its top-level
    topic. In other graphs, topics and tools count only the episodes with which they are connected, and the neighbours
    of each kind are together, the prerequisites first."""
    nodes = {key: _node(site, key) for key in (*graph.left, *graph.right)}
    both = [(own, other, weight) for pair, weight in graph.edges.items() for own, other in (pair, pair[::-1])]
    if not clustered:
        counts = Counter(own for own, (kind, _), _ in both if kind == EPISODE != own[0])
        nodes = {key: node._replace(episodes=counts[key]) for key, node in nodes.items()}
    most = max((node.episodes for node in nodes.values()), default=0) or 1
    nodes = {key: node._replace(size=1 + (SIZES - 1) * node.episodes // most) for key, node in nodes.items()}
    branches, hue = branch_hues(site) if clustered else {}, 0
    for slug, depth in walk(site.below[Kind.TOPIC], "") if clustered else ():
        key = (Kind.TOPIC, slug)
        hue = hue if depth else branches.get(key, 0)
        if key in nodes:
            nodes[key] = nodes[key]._replace(hue=hue)
    near: dict[Key, list[tuple[str, str, int | str]]] = {key: [] for key in nodes}
    parents = {*_parents(site, (id for kind, id in nodes if kind == Kind.TOPIC))}
    counted = any(weight > 1 for weight in graph.edges.values())
    place = {key: at for at, key in enumerate((*graph.right, *graph.left))}
    for own, other, weight in sorted(
        both, key=lambda edge: (-edge[2], (edge[1], edge[0]) not in needs, edge[:2] not in needs, place[edge[1]])
    ):
        relation = "subtopic" if (own, other) in parents else "broader-topic" if (other, own) in parents else ""
        relation = relation or ("named-in-guide" if not weight else "")
        if not clustered:
            relation = (
                "requires"
                if (other, own) in needs
                else "required-by"
                if (own, other) in needs
                else relation or HEADINGS[other[0]]
            )
        name = nodes[other].title if other[0] != EPISODE or "require" in relation else nodes[other].name
        near[own].append((name, nodes[other].url, weight * counted or relation))
    return {key: node._replace(neighbours=tuple(near[key])) for key, node in nodes.items()}
