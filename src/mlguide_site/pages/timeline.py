"""Timelines: how the show went over the years, and when and how often a tool was named."""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import ClassVar, NamedTuple

from mlguide_site.model import Kind
from mlguide_site.pages import words
from mlguide_site.pages.lists import cut, page_count
from mlguide_site.pages.series import year_jumps
from mlguide_site.pages.site import Naming, Site
from mlguide_site.pages.view import Chip, Pager, Subject, View

INDEX = "timeline/index.md"
YEARS_PER_PAGE = 20
TOOL_YEARS = 20
"""How many years the timeline of a tool tells apart; what was before the latest of them is drawn together."""
FULL = 40
"""Over how many years every year is shown, also those in which nothing happened."""
NAMED = 4
"""How many episodes of a year a tool's timeline names; the rest is counted."""
SERIES = 8
"""How many series of a year the show's timeline names."""
TOOLS = 16
"""How many tools that came up in a year the show's timeline names: those that most episodes name."""
LONGEST = 160
"""The length of the longest bar, in pixels."""


class NamedYear(NamedTuple):
    """How many episodes of a year name a tool: the number, links to the first of them, how many more, and how long the
    bar is, in pixels."""

    year: str
    total: int
    episodes: tuple[Chip, ...]
    more: int
    bar: str


class SeriesYear(NamedTuple):
    """The episodes of a series in a year: a link to them and how many they are."""

    title: str
    url: str
    total: int
    hue: int


class ShowYear(NamedTuple):
    """A year of the show: its episodes by series, and the tools that were named for the first time."""

    year: str
    total: int
    length: str
    bar: str
    series: tuple[SeriesYear, ...]
    series_more: int
    tools: tuple[Chip, ...]
    tools_more: int


@dataclass(frozen=True, slots=True, kw_only=True)
class TimelineView(View):
    """A page of the timeline of the show."""

    template: ClassVar[str] = "timeline.md.jinja"

    total: int
    undated: int
    years_total: int
    tools_url: str
    years: tuple[ShowYear, ...]
    pager: Pager | None


def subjects(site: Site) -> Iterator[Subject]:
    """The pages of the show's timeline."""
    for number in range(1, page_count(len(_years(_counts(site))), YEARS_PER_PAGE) + 1):
        yield Subject("timeline", page=number)


def _counts(site: Site) -> Counter[str]:
    """How many episodes each year has."""
    return Counter(year for id in site.shown if (year := site.cards[id].date[:4]))


def view(site: Site, subject: Subject) -> TimelineView:
    """A page of the show's timeline."""
    counts = _counts(site)
    years = _years(counts)
    return TimelineView(
        **site.list_head(
            INDEX,
            "Timeline",
            subject.page,
            page_count(len(years), YEARS_PER_PAGE),
            f"{site.settings.site_name} over the years: episodes by series, and the tools that each year brought up.",
        ),
        total=sum(counts.values()),
        undated=len(site.shown) - sum(counts.values()),
        years_total=len(years),
        tools_url=site.url("tools/index.md"),
        years=tuple(_show_years(site, counts, cut(years, subject.page, YEARS_PER_PAGE))),
    )


def _show_years(site: Site, counts: Counter[str], years: Sequence[str]) -> Iterator[ShowYear]:
    longest = max(counts.values(), default=0)
    lengths: Counter[str] = Counter()
    for id in site.shown:
        lengths[site.cards[id].date[:4]] += site.catalog.episodes[id].meta.duration or 0
    series: dict[str, list[SeriesYear]] = {}
    for name, entry in site.catalog.series.items():
        for year, url, count in year_jumps(site, name):
            series.setdefault(year, []).append(SeriesYear(entry.title, url, count, site.hues[name]))
    tools: dict[str, list[str]] = {}
    for slug in site.catalog.tools:
        first = first_named(site, site.namings.get((Kind.TOOL, slug), ()))
        if first and (year := site.cards[first].date[:4]):
            tools.setdefault(year, []).append(slug)
    for year in years:
        named = sorted(tools.get(year, ()), key=lambda slug: (-site.entry_cards[Kind.TOOL, slug].episodes, slug))
        groups = series.get(year, [])
        yield ShowYear(
            year=year,
            total=counts[year],
            length=words.length(lengths[year]),
            bar=_bar(counts[year], longest),
            series=tuple(groups[:SERIES]),
            series_more=max(0, len(groups) - SERIES),
            tools=site.chips_of(Kind.TOOL, tuple(named[:TOOLS])),
            tools_more=max(0, len(named) - TOOLS),
        )


def first_named(site: Site, namings: Sequence[Naming]) -> str:
    """The id of the episode that names something first: by date, and where none has one, by the catalog's order."""
    dated = [naming.id for naming in namings if site.cards[naming.id].date]
    if dated:
        return min(dated, key=_by_date(site))
    return namings[0].id if namings else ""


def named_years(site: Site, namings: Sequence[Naming]) -> tuple[NamedYear, ...]:
    """The years in which episodes name something; nothing where all lie in one."""
    table: dict[str, list[str]] = {}
    for naming in namings:
        if year := site.cards[naming.id].date[:4]:
            table.setdefault(year, []).append(naming.id)
    if len(table) < 2:
        return ()
    years = _years(table)
    early = frozenset(years[: 1 - TOOL_YEARS]) if len(years) > TOOL_YEARS else frozenset()
    if early:
        before = f"to {max(early)}"
        table[before] = [episode for year in sorted(early) for episode in table.get(year, ())]
        years = [before, *(year for year in years if year not in early)]
    longest = max(len(table.get(year, ())) for year in years)
    found = []
    for year in years:
        ids = sorted(table.get(year, ()), key=_by_date(site))
        chips = tuple(Chip(site.cards[id].label or site.cards[id].title, site.cards[id].url) for id in ids[:NAMED])
        found.append(NamedYear(year, len(ids), chips, max(0, len(ids) - NAMED), _bar(len(ids), longest)))
    return tuple(found)


def _by_date(site: Site) -> Callable[[str], tuple[str, int]]:
    return lambda episode: (site.cards[episode].date, site.rank[episode])


def _years(known: Counter[str] | dict[str, list[str]]) -> list[str]:
    """The years from the first to the last; only those that have something where the first lies far back."""
    years = sorted(known)
    if not years or int(years[-1]) - int(years[0]) >= FULL:
        return years
    return [f"{year:04}" for year in range(int(years[0]), int(years[-1]) + 1)]


def _bar(count: int, longest: int) -> str:
    """The length of a bar in pixels, in proportion to the longest; what is there at all can be seen.

    >>> _bar(0, 5), _bar(1, 1000), _bar(4, 58), _bar(5, 58), _bar(5, 5)
    ('', '1', '11', '13.8', '160')
    """
    return f"{max(1, round(count * LONGEST / longest, 1)):g}" if count else ""
