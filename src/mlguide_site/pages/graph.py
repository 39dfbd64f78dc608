"""The graphs of the whole site and of topics, with nodes in two columns."""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from heapq import nsmallest
from itertools import groupby
from statistics import median_low

from mlguide_site.model.records import Kind
from mlguide_site.model.slugs import page_path, sort_key
from mlguide_site.pages.graph_layout import HEADINGS, Graph, Key, Node, curves, in_columns, in_parts, strength
from mlguide_site.pages.key_entries import key_entries
from mlguide_site.pages.pagination import BEFORE, above, walk
from mlguide_site.pages.site import GRAPH, HUES, MAX_BESIDE, NAMED, NODES, SHARED, Site
from mlguide_site.pages.view import EPISODE, Chip, EpisodeCard, Subject, View

EPISODES = 25  # maximum number of episodes in the graph of a topic
RELATIONS = ("requires", "required-by", "topics", "tools", "refers-to", "referred-by")  # in this order, others later
TOGETHER = 12  # maximum number of pairs of topics in the list of the strongest edges
NAMED_KINDS = (Kind.TOPIC, Kind.TOOL)
LARGEST = 32  # minimum number of episodes of the largest nodes, so that graphs of few episodes have small nodes
FEW = 3  # maximum number of shared episodes that are named beside a neighbour
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
    """Return the view of a graph. In the view, `about` is the graph's topic or None, with the first episode of its
    order as `start`, whose prerequisites are `needs`, and `whole` is the address of the site's graph. `left` and
    `right` are the parts of the columns, and a line is (SVG path, SVG path in narrow windows, classes, numbers of both
    nodes and number of shared episodes, such as "2 7 4"). Of an episode and its prerequisite, the prerequisite is
    first. A `clustered` graph (of a large site) shows only topics, or only tools if there are no topics. Each of its
    edges between topics is for at least `least` shared episodes. `counted` is the number of a topic's episodes."""
    slug = subject.id
    topic = site.chips[Kind.TOPIC, slug] if slug else None
    clustered = not slug and not site.is_small
    graph = _of_topic(site, slug) if slug else _folded(site) if clustered else _whole(site)
    needs = {((EPISODE, need), (EPISODE, id)) for _, id in graph.left for need in site.requires.get(id, ())}
    edges = {pair[::-1] if pair[::-1] in needs else pair: shared for pair, shared in graph.edges.items()}
    branches = branch_hues(site) if clustered else {}
    nodes = _nodes(site, graph, needs, clustered)
    tree = {frozenset(pair) for pair in _parents(site, (id for kind, id in nodes if kind == Kind.TOPIC))}
    classes = _of_clusters(edges, nodes, tree) if clustered else _of_relations(edges, needs)
    pairs = _together(site, edges, tree) if clustered else []
    steps = site.topic_paths[slug] if slug else ()
    members = {*site.named_by.get((Kind.TOPIC, slug), ())}
    before = _before(site, slug, members)
    tools = key_entries(site, slug, Kind.TOOL) if slug else ()
    sides, numbers = in_parts(graph, steps, before, tools), {key: at for at, key in enumerate(nodes)}
    # prerequisites outside of the topic, and key tools without mentions
    others = {(EPISODE, id) for id in before if id not in members}
    others |= {key for key in graph.loose if slug and key[0] == Kind.TOOL}
    shown = Counter(key[0] for key in (*nodes, *graph.loose) if key not in others)
    ends = (f"{numbers[one]} {numbers[other]}{f' {n}' if clustered else ''}" for (one, other), n in edges.items())
    parents = (site.chips[Kind.TOPIC, parent] for parent in (above(site.catalog.topics, slug) if slug else ()))
    left, right = ([(label, tuple(map(nodes.__getitem__, keys))) for label, keys in parts] for parts in sides)
    return site.view(
        "graph",
        topic_graph(slug) if slug else GRAPH,
        site.translate("graph-of", topic.title) if topic else site.translate("graph"),
        site.translate("about-graph", topic.title if topic else site.settings.site_name),
        (site.index_chip("topics"), *parents, topic) if topic else (),
        about=topic,
        whole=site.graph_url,
        clustered=clustered,
        nodes=tuple(nodes.values()),
        left=tuple(left),
        right=tuple(right),
        lines=tuple(
            (*curve, *more) for curve, *more in zip(curves(edges, sides, [*nodes]), classes, ends, strict=True)
        ),
        together=tuple(
            (nodes[one], nodes[other], count, site.cards[_shared(site, one, other)[0]]) for count, one, other in pairs
        ),
        widths=tuple(_widths(edges, classes)) if clustered else (),
        least=min(site.folded[2].values(), default=1),
        groups=tuple(_groups(site, nodes, branches).items()),
        legend=tuple((nodes[key].title, hue) for key, hue in branches.items() if key in nodes),
        kinds=tuple(kind for kind in (Kind.TOPIC, Kind.TOOL, EPISODE) if any(key[0] == kind for key in nodes)),
        episodes_url=topic and f"{topic.url}#s.{'order' if steps else 'episodes'}",
        start=site.cards[steps[0]] if steps else None,
        needs=tuple(Chip(card.full_name, card.url) for card in site.cards_of(_before(site, slug))),
        counted=shown[EPISODE],
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
    edges: Mapping[tuple[Key, Key], int], nodes: Mapping[Key, Node], tree: Collection[object]
) -> list[str]:
    """Return the classes of each edge between topics (or tools): of its strength, of the colour of the end with more
    episodes, `mg-across` if that isn't the other's, and `mg-sub` if no episodes are shared, outside `tree`."""
    most = max(edges.values(), default=1)
    result = list[str]()
    for pair, shared in edges.items():
        main, other = sorted((nodes[key] for key in pair), key=lambda node: (not node.hue, -node.episodes, node.url))
        looks = [f"mg-strong{strength(shared, most)}"] if shared or {*pair} in tree else ["mg-sub"]
        looks += [f"mg-hue{main.hue}"] if main.hue else []
        result.append(" ".join(looks + ["mg-across"] * (main.hue != other.hue)))
    return result


def _of_relations(edges: Iterable[tuple[Key, Key]], needs: Collection[object]) -> list[str]:
    """Return the class of each edge of a graph with episodes: `mg-topic`, `mg-needs` from a prerequisite, `mg-sub` from
    an episode to another that refers to it, or ""."""
    return [
        "mg-needs" if pair in needs else "mg-sub" if kinds == {EPISODE} else "mg-topic" if Kind.TOPIC in kinds else ""
        for pair in edges
        for kinds in [{kind for kind, _ in pair}]
    ]


def _together(site: Site, edges: Mapping[tuple[Key, Key], int], tree: Collection[object]) -> list[tuple[int, Key, Key]]:
    """Return the pairs of topics (or tools) with an edge that share most episodes, except those in `tree`, with these
    numbers. The topic that is earlier on the learning path is first."""
    _, best, _ = site.folded
    steps = {slug: [site.place[id] for id in site.topic_paths.get(slug, ())] for slug in best}
    start = {slug: median_low(places) if places else 0 for slug, places in steps.items()}
    pairs: list[tuple[int, Key, Key]] = []
    for pair, count in edges.items():
        one, other = sorted(pair, key=lambda key: (start[key[1]], key[1]))
        if count >= SHARED and {*pair} not in tree:
            pairs.append((count, one, other))
    return nsmallest(TOGETHER, pairs, key=lambda one: (-one[0], one))


def _shared(site: Site, *keys: Key) -> list[str]:
    """Return the ids of the episodes that mention all entries, in the order of the learning path."""
    found = set.intersection(*({*site.named_by.get((Kind(kind), slug), ())} for kind, slug in keys))
    return sorted(found, key=site.place.__getitem__)


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
    edges: dict[tuple[Key, Key], int] = {((kind, one), (kind, other)): count for (one, other), count in shared.items()}
    edges |= {pair: len(_shared(site, *pair)) for pair in _parents(site, site.catalog.topics)}
    edges |= {pair: 0 for pair in _guided(site) if not _shared(site, *pair)}
    return in_columns(_keys(kind, [slug for slug in entries if slug in best]), [], edges, {kind: len(entries)})


def _of_topic(site: Site, slug: str) -> Graph:
    """Return the graph of a topic. Episodes are on the left, first the prerequisites of the suggested order, and then
    the order. Topics are on the right: subtopics, the parent, and the topics of most of the episodes, unless the site's
    graph has no edge for so few episodes. Those of more episodes are first. Tools follow, the topic's key tools first,
    of which those without mentions have no edges."""
    named = list(dict.fromkeys([*site.topic_paths[slug], *site.named_by.get((Kind.TOPIC, slug), ())]))
    ids, before, (_, best, shared) = named[:EPISODES], _before(site, slug, {*named}), site.folded
    topics, tools = (Counter(other for id in ids for other in _beside(site, id, kind)) for kind in NAMED_KINDS)
    near = {*site.below[Kind.TOPIC].get(slug, ()), *above(site.catalog.topics, slug)[-1:]}
    apart = {one for one in best & {*topics} - near if slug in best and tuple(sorted((one, slug))) not in shared}
    for one in {slug, *apart} & {*topics}:
        del topics[one]
    # of equal numbers, entries that more other episodes mention come first
    order: dict[Key, tuple[int, int, tuple[str, str]]] = {
        (kind, one): (-count, -card.episodes, sort_key(card.title))
        for kind, counts in zip(NAMED_KINDS, (topics, tools), strict=True)
        for one, count in counts.items()
        for card in [site.entry_cards[kind, one]]
    }
    own = sorted(_keys(Kind.TOPIC, topics), key=lambda key: (key[1] not in near, order[key]))
    key = _keys(Kind.TOOL, key_entries(site, slug, Kind.TOOL))
    others = sorted(_keys(Kind.TOOL, tools), key=order.__getitem__)
    drawn = [*(one for one in key if one in order), *(one for one in others if one not in key)]
    unnamed = [one for one in key if one not in order]
    right = [*sorted(own[:NAMED], key=order.__getitem__), *drawn[:NAMED], *unnamed]
    totals = {EPISODE: len(named), Kind.TOPIC: len(topics), Kind.TOOL: len(tools)}
    needed = ((need, id) for id in [*before, *ids[:1]] for need in site.requires[id] if need in before)
    edges = [*_of_episodes(site, ids), *(((EPISODE, need), (EPISODE, id)) for need, id in needed)]
    left = _keys(EPISODE, dict.fromkeys([*before, *ids]))
    return in_columns(left, right, dict.fromkeys(edges, 1), totals)


def _before(site: Site, slug: str, members: Collection[str] = ()) -> list[str]:
    """Return the prerequisites of the first episode of a topic's suggested order that aren't in the order. Also return
    the prerequisites of these that are in `members`."""
    steps = site.topic_paths.get(slug, ())
    found = [need for id in steps[:1] for need in site.requires[id] if need not in steps][:BEFORE]
    for id in found:
        found += [need for need in site.requires[id] if need in members and need not in (*steps, *found)]
    return sorted(found, key=site.place.__getitem__)


def _widths(edges: Mapping[tuple[Key, Key], int], classes: Iterable[str]) -> Iterator[tuple[int, str]]:
    """Yield each strength of the edges that aren't dashed, with their numbers of shared episodes."""
    most = max(edges.values(), default=1)
    weights = {n for n, looks in zip(edges.values(), classes, strict=True) if n and "mg-sub" not in looks}
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
    ids = site.topic_paths[id] if kind == Kind.TOPIC else site.named_by.get((Kind(kind), id), ())
    return Node(kind, 0, card.url, card.title, card.title, card.episodes, first=site.cards_of(ids[:1]))


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
    topic. In other graphs, topics and tools count only the episodes with which they are connected. Neighbours with the
    same number of shared episodes, or the same relation, are together."""
    nodes = {key: _node(site, key) for key in (*graph.left, *graph.right)}
    both = [(own, other, weight) for pair, weight in graph.edges.items() for own, other in (pair, pair[::-1])]
    if not clustered:
        counts = Counter(own for own, (kind, _), _ in both if kind == EPISODE != own[0])
        nodes = {key: node._replace(episodes=counts[key]) for key, node in nodes.items()}
    most = max([LARGEST, *(node.episodes for node in nodes.values())])
    nodes = {key: node._replace(size=strength(node.episodes, most)) for key, node in nodes.items()}
    branches, hue = branch_hues(site) if clustered else {}, 0
    for slug, depth in walk(site.below[Kind.TOPIC], "") if clustered else ():
        key = (Kind.TOPIC, slug)
        hue = hue if depth else branches.get(key, 0)
        if key in nodes:
            nodes[key] = nodes[key]._replace(hue=hue)
    near: dict[Key, list[tuple[str, str, int | str, tuple[EpisodeCard, ...]]]] = {key: [] for key in nodes}
    parents = {*_parents(site, (id for kind, id in nodes if kind == Kind.TOPIC))}
    place = {key: at for at, key in enumerate(nodes)}

    def relation(own: Key, other: Key) -> str:
        if (own, other) in parents or (other, own) in parents:
            return "subtopic" if (own, other) in parents else "broader-topic"
        if own[0] == other[0] == EPISODE:
            if (other, own) in needs:
                return "requires"
            if (own, other) in needs:
                return "required-by"
            return "refers-to" if own[1] in site.linked.episodes[other[1]].referenced_by else "referred-by"
        return "named-in-guide" if clustered else HEADINGS[other[0]]

    ties = [(-weight, relation(own, other), own, other) for own, other, weight in both]
    ranks = {name: at for at, name in enumerate(RELATIONS)}
    for weight, tie, own, other in sorted(ties, key=lambda one: (one[0], ranks.get(one[1], 9), place[one[3]])):
        name = nodes[other].title if other[0] != EPISODE or tie in ("requires", "required-by") else nodes[other].name
        count = -weight if clustered and weight else tie
        few = site.cards_of(_shared(site, own, other) if clustered and -FEW <= weight < 0 else ())
        near[own].append((name, nodes[other].url, count, few))
    return {key: node._replace(neighbours=tuple(near[key])) for key, node in nodes.items()}
