"""What the large drawings hold: the points in layers, and the links between them with how often each is there.

Up to WHOLE points the whole show is drawn. Beyond, its topics stand for what they hold, tied where they share episodes,
and each topic has a drawing of its own.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import combinations
from typing import NamedTuple

from mlguide_site.model import Kind
from mlguide_site.model.slugs import page_path
from mlguide_site.pages.dots import EPISODE, DotKey
from mlguide_site.pages.layout.star import MOST
from mlguide_site.pages.site import Site

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
