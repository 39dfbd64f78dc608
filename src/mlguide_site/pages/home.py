"""The first page: what the site is, and where to start. Its size does not depend on how much the site holds."""

from collections import Counter
from dataclasses import dataclass
from typing import ClassVar, NamedTuple

from mlguide_site.model import Importance, Kind
from mlguide_site.pages import path, timeline, words
from mlguide_site.pages.graph import GRAPH
from mlguide_site.pages.series import Follow, SeriesCard, follow, series_card
from mlguide_site.pages.site import Site
from mlguide_site.pages.view import Chip, EntryCard, EpisodeCard, Subject, View

START = 4
TOPICS = 8
LATEST = 6
TOOLS = 16
RESOURCES = 4
SERIES = 4


class Tally(NamedTuple):
    """How many pages of a kind there are, and where they are listed; `many` is what several are called in English where
    no "s" makes it."""

    kind: str
    total: int
    url: str
    many: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class HomeView(View):
    """All that the first page shows; addresses of pages that have nothing to show are empty."""

    template: ClassVar[str] = "home.md.jinja"

    site_name: str
    sentence: str
    tallies: tuple[Tally, ...]
    start: tuple[EpisodeCard, ...]
    path_url: str
    graph_url: str
    timeline_url: str
    topics: tuple[EntryCard, ...]
    topics_total: int
    latest: tuple[EpisodeCard, ...]
    series: tuple[SeriesCard, ...]
    follow: tuple[Follow, ...]
    tools: tuple[Chip, ...]
    resources: tuple[EntryCard, ...]
    resource_formats: tuple[str, ...]


def view(site: Site, _subject: Subject) -> HomeView:
    """The first page."""
    settings = site.settings
    sentence = settings.site_description or _sentence(site)
    resources = _resources(site)
    return HomeView(
        **site.head("index.md", settings.site_name, sentence),
        site_name=settings.site_name,
        sentence=sentence,
        tallies=_tallies(site),
        start=tuple(site.cards[id] for id in start_here(site)),
        path_url=site.url(path.INDEX),
        graph_url=site.url(GRAPH) if site.has_edges else "",
        timeline_url=site.url(timeline.INDEX) if site.latest else "",
        topics=_best(site, Kind.TOPIC, site.subtopics.get("", ()))[:TOPICS],
        topics_total=len(site.catalog.topics),
        latest=tuple(site.cards[id] for id in site.latest[:LATEST]),
        series=tuple(series_card(site, name) for name in list(site.catalog.series)[:SERIES]),
        follow=tuple(ways for name in site.catalog.series if _leads(ways := follow(site, name)))[:SERIES],
        tools=tuple(Chip(card.title, card.url) for card in _best(site, Kind.TOOL, tuple(site.catalog.tools))[:TOOLS]),
        resources=tuple(site.entry_cards[Kind.RESOURCE, slug] for slug in resources),
        resource_formats=tuple(words.listing(site.resource_rows[slug].formats) for slug in resources),
    )


def _leads(ways: Follow) -> bool:
    return bool(ways.home or ways.subscribe or ways.support)


def _sentence(site: Site) -> str:
    titles = [series.title for series in site.catalog.series.values()]
    return f"Notes, tools, topics and resources of {words.listing(titles)}." if titles else ""


def _tallies(site: Site) -> tuple[Tally, ...]:
    catalog = site.catalog
    return tuple(
        Tally(kind, count, site.url(f"{folder}/index.md"), "people" if kind == "person" else "")
        for kind, folder, count in (
            ("episode", "episodes", len(site.shown)),
            ("topic", "topics", len(catalog.topics)),
            ("tool", "tools", len(catalog.tools)),
            ("resource", "resources", len(catalog.resources)),
            ("term", "glossary", len(catalog.terms)),
            ("person", "people", len(catalog.people)),
        )
    )


def start_here(site: Site) -> list[str]:
    """Ids of episodes to begin with, in the catalog's order.

    Taken in turn until there are enough: what others require and requires nothing itself, the first of each series, the
    first in the order of the widest topics, the next of the first series.
    """
    episodes = site.catalog.episodes
    needed = Counter(need for id in site.shown for need in set(episodes[id].meta.requires) & site.shown)
    bases = [id for id in needed if not episodes[id].meta.requires]
    bases.sort(key=lambda base: (-needed[base], site.rank[base]))
    series = [ids for ids in site.catalog.listed.values() if ids]
    wide = _by_episodes(site, Kind.TOPIC, tuple(site.catalog.topics))
    orders = [[id for id in site.catalog.topics[slug].order if id in site.shown] for slug in wide]
    ordered = [order[0] for order in orders if order]
    candidates = [*bases[: START // 2], *(ids[0] for ids in series), *ordered, *(series or [()])[0]]
    return sorted(list(dict.fromkeys(candidates))[:START], key=site.rank.__getitem__)


def _best(site: Site, kind: Kind, slugs: tuple[str, ...]) -> tuple[EntryCard, ...]:
    return tuple(site.entry_cards[kind, slug] for slug in _by_episodes(site, kind, slugs))


def _by_episodes(site: Site, kind: Kind, slugs: tuple[str, ...]) -> list[str]:
    """Slugs, those that most episodes name first."""
    cards = site.entry_cards
    return sorted(slugs, key=lambda slug: (-cards[kind, slug].episodes, cards[kind, slug].title.casefold(), slug))


def _resources(site: Site) -> list[str]:
    """Slugs of the resources to show: what is essential first, then what most episodes name."""
    importance = {Importance.ESSENTIAL: 0, Importance.VALUABLE: 1}
    resources = site.catalog.resources
    leaves = [slug for slug, resource in resources.items() if not site.subresources.get(slug) and not resource.hide]
    cards = site.entry_cards
    leaves.sort(
        key=lambda slug: (
            importance.get(resources[slug].importance or Importance.SUPPLEMENTARY, 2),
            -cards[Kind.RESOURCE, slug].episodes,
            cards[Kind.RESOURCE, slug].title.casefold(),
            slug,
        )
    )
    return leaves[:RESOURCES]
