"""The list of all series, and the paged list of each series' episodes by year."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import ClassVar, NamedTuple

from mlguide_site.model import Series
from mlguide_site.pages import words
from mlguide_site.pages.lists import (
    ENTRIES_PER_PAGE,
    EPISODES_PER_PAGE,
    cut,
    index_page,
    page_count,
    pager,
)
from mlguide_site.pages.site import Site
from mlguide_site.pages.view import EpisodeCard, Jump, Pager, SourceFile, Subject, View, Way

LATEST = 8
GAPS = 24
"""How many runs of missing numbers a page names; the rest is counted."""
INDEX = "episodes/index.md"


class SeriesCard(NamedTuple):
    """A series in the list of all; `first` and `last` are the years of its episodes."""

    url: str
    title: str
    kind: str
    mark: str
    summary: str
    image: str
    hue: int
    episodes: int
    first: str
    last: str


class Follow(NamedTuple):
    """Ways out of the site to a series itself: its home, where to subscribe to it, how to support it."""

    title: str
    url: str
    home: Way | None
    subscribe: tuple[Way, ...]
    support: tuple[Way, ...]


class Year(NamedTuple):
    """Episodes of one year on a page; `name` is empty where they have no date."""

    name: str
    anchor: str
    episodes: tuple[EpisodeCard, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class EpisodesView(View):
    """The list of all series."""

    template: ClassVar[str] = "episodes.md.jinja"

    total: int
    series_total: int
    series: tuple[SeriesCard, ...]
    latest: tuple[EpisodeCard, ...]
    pager: Pager | None


@dataclass(frozen=True, slots=True, kw_only=True)
class SeriesView(View):
    """A page of a series."""

    template: ClassVar[str] = "series.md.jinja"

    card: SeriesCard
    page: int
    author: str
    licence: str
    unofficial: bool
    follow: Follow
    hours: str
    missing: tuple[str, ...]
    missing_count: int
    gaps_more: bool
    cancelled: tuple[EpisodeCard, ...]
    newest: EpisodeCard | None
    years: tuple[Year, ...]
    jumps: tuple[Jump, ...]
    pager: Pager | None
    source: SourceFile | None


def all_subjects(site: Site) -> Iterator[Subject]:
    """The pages of the list of series."""
    for number in range(1, page_count(len(site.catalog.series), ENTRIES_PER_PAGE) + 1):
        yield Subject("episodes", page=number)


def all_view(site: Site, subject: Subject) -> EpisodesView:
    """A page of the list of series."""
    names = list(site.catalog.series)
    return EpisodesView(
        **site.list_head(
            INDEX,
            "Episodes",
            subject.page,
            page_count(len(names), ENTRIES_PER_PAGE),
            f"All series and the latest episodes of {site.settings.site_name}.",
        ),
        total=len(site.shown),
        series_total=len(names),
        series=tuple(series_card(site, name) for name in cut(names, subject.page, ENTRIES_PER_PAGE)),
        latest=tuple(site.cards[id] for id in site.latest[:LATEST]) if subject.page == 1 else (),
    )


def series_card(site: Site, name: str) -> SeriesCard:
    """A series as it stands in lists."""
    series = site.catalog.series[name]
    ids = site.catalog.listed[name]
    years = site.overviews[name].years
    return SeriesCard(
        url=site.url(_index(name)),
        title=series.title,
        kind=series.kind.value,
        mark=_mark(series, name),
        summary=series.summary,
        image=site.image(name, "", series.cover),
        hue=site.hues[name],
        episodes=len(ids),
        first=years[0].year if years else "",
        last=years[-1].year if years else "",
    )


def _mark(series: Series, name: str) -> str:
    """A few letters that stand for a series where it has no cover: its prefix, else the initials of its title."""
    if series.prefix and len(series.prefix) <= 4:
        return series.prefix
    initials = "".join(word[0] for word in series.title.split() if word[0].isalnum())
    return (initials or name)[:3].upper()


def _index(name: str) -> str:
    return f"episodes/{name}/index.md"


def subjects(site: Site) -> Iterator[Subject]:
    """The pages of every series."""
    for name in site.catalog.series:
        for number in range(1, page_count(len(site.catalog.listed[name]), EPISODES_PER_PAGE) + 1):
            yield Subject("series", name, number)


def view(site: Site, subject: Subject) -> SeriesView:
    """A page of a series."""
    name, number = subject.id, subject.page
    series = site.catalog.series[name]
    ids = site.catalog.listed[name]
    count = page_count(len(ids), EPISODES_PER_PAGE)
    glance = site.overviews[name]
    missing = site.missing[name]
    shown = cut(ids, number, EPISODES_PER_PAGE)
    return SeriesView(
        **site.head(
            index_page(_index(name), number),
            series.title if number == 1 else site.say("{}, page {}", series.title, number),
            series.summary or f"All episodes of {series.title}, with notes.",
            site.index_chip("Episodes", "episodes"),
        ),
        card=series_card(site, name),
        page=number,
        author=series.author or "",
        licence=series.licence or "",
        unofficial=series.unofficial,
        follow=follow(site, name),
        hours=words.length(glance.seconds),
        missing=words.ranges(missing)[:GAPS],
        missing_count=len(missing),
        gaps_more=len(words.ranges(missing)) > GAPS,
        cancelled=tuple(site.cards[id] for id in site.catalog.by_series[name] if id not in site.shown)
        if number == 1
        else (),
        newest=site.cards.get(glance.newest),
        years=tuple(
            Year(year, anchor, tuple(site.cards[id] for id in members))
            for year, anchor, members in _by_year(site, shown)
        ),
        jumps=year_jumps(site, name),
        pager=pager(number, count, lambda n: site.url(index_page(_index(name), n))),
        source=site.entry_source("series", name),
    )


def follow(site: Site, name: str) -> Follow:
    """Where a series itself is, where it can be subscribed to and supported."""
    series = site.catalog.series[name]
    ways = [Way(way.title, way.url) for way in series.subscribe]
    if series.feed and all(way.address != series.feed for way in ways):
        ways.append(Way(site.say("RSS feed"), series.feed))
    return Follow(
        title=series.title,
        url=site.url(_index(name)),
        home=Way(series.title, str(series.home)) if series.home else None,
        subscribe=tuple(ways),
        support=tuple(Way(way.title, way.url) for way in series.funding),
    )


def _by_year(site: Site, ids: Sequence[str]) -> Iterator[tuple[str, str, list[str]]]:
    """The episodes of each year, in their order, with an anchor; the year of the first of them comes first."""
    years: dict[str, list[str]] = {}
    for id in ids:
        years.setdefault(site.cards[id].date[:4], []).append(id)
    for year, members in years.items():
        yield year, f"y.{year or 'undated'}", members


def year_jumps(site: Site, name: str) -> tuple[Jump, ...]:
    """Where each year of a series begins on its pages, and how many episodes it has."""
    return tuple(
        Jump(year, f"{site.url(index_page(_index(name), at // EPISODES_PER_PAGE + 1))}#y.{year}", episodes)
        for year, at, episodes in site.overviews[name].years
    )
