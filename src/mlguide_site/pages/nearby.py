"""Related map: the small drawing on the pages of episodes, tools and topics."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from mlguide_site.linking.linked import LinkedEpisode
from mlguide_site.model import Kind
from mlguide_site.pages.layout import EPISODE, MOST, Dot, DotKey, cut, star
from mlguide_site.pages.site import Naming, Site

GRAPH = "graph/index.md"
"""The page of the whole graph."""
FEWEST = 3
"""With fewer neighbours a drawing says nothing that the page's lists don't."""
TOPICS, TOOLS, EPISODES = 3, 5, 4
"""How many of each kind are shown at most, unless there are too few of the others."""


class Nearby(NamedTuple):
    """A star: what stands in the middle, the points around it, and where all of them are (`graph.Star`), the name of
    the middle `below` units under it; the address of the graph that it is a part of, or "" where that shows nothing."""

    middle: Dot
    dots: tuple[Dot, ...]
    places: tuple[str, ...]
    left: int
    centre: str
    lines: str
    height: int
    below: int
    whole: str


def of_episode(site: Site, id: str, episode: LinkedEpisode) -> Nearby | None:
    """What an episode's page shows: its topics and tools, those first that most episodes name, and related episodes."""
    entries = episode.entries
    return _nearby(
        site,
        (EPISODE, id),
        _best(site, Kind.TOPIC, entries.get(Kind.TOPIC, ())),
        _best(site, Kind.TOOL, entries.get(Kind.TOOL, ())),
        [(EPISODE, item.id) for item in episode.related],
    )


def of_tool(site: Site, slug: str, namings: Sequence[Naming]) -> Nearby | None:
    """What a tool's page shows: its topics, the tools named together with it, and the last episodes that name it."""
    return _nearby(
        site,
        (Kind.TOOL.value, slug),
        _best(site, Kind.TOPIC, site.catalog.tools[slug].topics),
        [(Kind.TOOL.value, other) for other in site.together.get(slug, ())],
        [(EPISODE, naming.id) for naming in reversed(namings[-MOST:])],
    )


def of_topic(site: Site, slug: str, tools: Iterable[str], episodes: Iterable[str]) -> Nearby | None:
    """What a topic's page shows: the topics above and below it, its key tools, and episodes of its path."""
    above = site.catalog.topics[slug].parent
    return _nearby(
        site,
        (Kind.TOPIC.value, slug),
        [(Kind.TOPIC.value, other) for other in (*((above,) if above else ()), *site.subtopics.get(slug, ()))],
        [(Kind.TOOL.value, other) for other in tools],
        [(EPISODE, id) for id in episodes],
    )


def _best(site: Site, kind: Kind, slugs: Iterable[str]) -> list[DotKey]:
    """Entries by how many episodes name them, most first; what most of all episodes name tells none apart."""
    cards, common = site.entry_cards, site.common
    known = [
        (-cards[kind, slug].episodes, slug) for slug in slugs if (kind, slug) in cards and (kind, slug) not in common
    ]
    return [(kind.value, slug) for _, slug in sorted(known)[:MOST]]


def _nearby(
    site: Site, own: DotKey, topics: Sequence[DotKey], tools: Sequence[DotKey], episodes: Sequence[DotKey]
) -> Nearby | None:
    dots = site.dots
    pools = [
        [dot for key in dict.fromkeys(pool) if key != own and (dot := dots.get(key))]
        for pool in (topics, tools, episodes)
    ]
    sizes = [min(len(pool), share) for pool, share in zip(pools, (TOPICS, TOOLS, EPISODES), strict=True)]
    room = MOST - sum(sizes)
    for at, pool in enumerate(pools):
        more = min(room, len(pool) - sizes[at])
        sizes[at] += more
        room -= more
    chosen = tuple(dot for pool, size in zip(pools, sizes, strict=True) for dot in pool[:size])
    if len(chosen) < FEWEST or own not in dots:
        return None
    drawn = star(len(chosen))
    return Nearby(
        _fitted(dots[own], drawn.room, bold=True),
        tuple(_fitted(dot, room) for dot, room in zip(chosen, drawn.rooms, strict=True)),
        drawn.places,
        drawn.left,
        drawn.middle,
        drawn.lines,
        drawn.height,
        drawn.below,
        site.url(GRAPH) if site.is_tied else "",
    )


def _fitted(dot: Dot, room: int, bold: bool = False) -> Dot:
    """A point whose name fits into its room."""
    name = cut(dot.name, room, bold)
    return dot if name == dot.name else dot._replace(name=name)
