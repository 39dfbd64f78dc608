"""The list of all series, and the paged list of each series' episodes by year."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from mlguide_site.model.schema import Series
from mlguide_site.pages import formatting
from mlguide_site.pages.pagination import ENTRIES_PER_PAGE, paged
from mlguide_site.pages.site import Site
from mlguide_site.pages.view import Section, Subject, View

LATEST = 8
GAPS = 24
"""How many runs of missing numbers a page names; the rest is counted."""


class SeriesCard(NamedTuple):
    """A series in a list; `mark` is a few letters for where it has no cover, `first` and `last` are the years of its
    episodes."""

    series: Series
    url: str
    mark: str
    image: str
    hue: int
    episodes: int
    first: str
    last: str


def all_pages(site: Site) -> list[Sequence[str]]:
    """The list of series on pages."""
    return paged(list(site.catalog.series), ENTRIES_PER_PAGE)


def all_view(site: Site, subject: Subject) -> View:
    """A page of the list of series."""
    number, pages = subject.page, all_pages(site)
    return site.list_view(
        "episodes",
        "episodes/index.md",
        site.translate("episodes"),
        f"All series and the latest episodes of {site.settings.site_name}.",
        number,
        len(pages),
        total=len(site.shown),
        series_total=len(site.catalog.series),
        series=tuple(series_card(site, name) for name in pages[number - 1]),
        latest=site.cards_of(site.latest[:LATEST]) if number == 1 else (),
    )


def series_card(site: Site, name: str) -> SeriesCard:
    """A series as a card."""
    series, years = site.catalog.series[name], site.years(name)
    return SeriesCard(
        series=series,
        url=site.url(f"episodes/{name}/index.md"),
        mark=_mark(series, name),
        image=site.image(name, "", series.cover),
        hue=site.hues[name],
        episodes=len(site.catalog.listed[name]),
        first=years[0].title if years else "",
        last=years[-1].title if years else "",
    )


def _mark(series: Series, name: str) -> str:
    """The prefix of a series, else the initials of its title."""
    if series.prefix and len(series.prefix) <= 4:
        return series.prefix
    initials = "".join(word[0] for word in series.title.split() if word[0].isalnum())
    return (initials or name)[:3].upper()


def subjects(site: Site) -> Iterator[Subject]:
    """The pages of every series."""
    for name in site.catalog.series:
        for number, _ in enumerate(site.by_year[name].pages, 1):
            yield Subject("series", name, number)


def view(site: Site, subject: Subject) -> View:
    """A page of a series; the first alone shows `hours`, `cancelled`, `newest` and the `missing` numbers.
    `missing_more` counts these where not all are named."""
    name, number = subject.id, subject.page
    series, ids = site.catalog.series[name], site.catalog.listed[name]
    pages = site.by_year[name].pages
    on_first = ids if number == 1 else ()
    missing = site.catalog.missing(name, 1) if number == 1 else ()
    runs = formatting.ranges(missing)
    dated = [id for id in reversed(on_first) if site.cards[id].date]
    return site.list_view(
        "series",
        f"episodes/{name}/index.md",
        series.title,
        series.summary or f"All episodes of {series.title}, with notes.",
        number,
        len(pages),
        crumbs=(site.index_chip("episodes"),),
        card=series_card(site, name),
        hours=formatting.length(sum(site.catalog.episodes[id].meta.duration or 0 for id in on_first)),
        missing=runs[:GAPS],
        missing_more=len(missing) if len(runs) > GAPS else 0,
        cancelled=site.cards_of(id for id in site.catalog.by_series[name] if number == 1 and id not in site.shown),
        newest=site.cards[max(dated, key=lambda episode: site.cards[episode].date)] if dated else None,
        years=tuple(Section(year, anchor, site.cards_of(members)) for year, anchor, members in pages[number - 1]),
        jumps=site.years(name),
        source=site.entry_source("series", name),
    )
