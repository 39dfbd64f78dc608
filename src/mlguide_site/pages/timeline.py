"""Timelines: the show over the years, and how often a tool was mentioned in each."""

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from mlguide_site.model.schema import Kind
from mlguide_site.pages import formatting
from mlguide_site.pages.pagination import paged
from mlguide_site.pages.site import Site
from mlguide_site.pages.view import Chip, Jump, Subject, View

INDEX = "timeline/index.md"
YEARS_PER_PAGE = 20
"""How many years a page of the timeline shows, and the timeline of a tool at most."""
TOOLS = 16
"""How many tools first mentioned in a year the show's timeline names: those in most episodes."""
LONGEST = 160
"""The length of the longest bar, in pixels."""


class NamedYear(NamedTuple):
    """How many episodes of a year name a tool, and how long the bar is, in pixels."""

    year: str
    total: int
    bar: str


class ShowYear(NamedTuple):
    """A year of the show: its episodes by series, each with its colour, and the tools that were mentioned for the first
    time."""

    year: str
    total: int
    length: str
    bar: str
    series: tuple[tuple[Jump, int], ...]
    tools: tuple[Chip, ...]
    tools_more: int


def pages(site: Site) -> list[Sequence[str]]:
    """The years of the show on pages."""
    return paged(sorted({year for id in site.shown if (year := site.cards[id].date[:4])}), YEARS_PER_PAGE)


def view(site: Site, subject: Subject) -> View:
    """A page of the show's timeline."""
    counts, seconds = Counter[str](), Counter[str]()
    for id in site.shown:
        year = site.cards[id].date[:4]
        counts[year] += 1
        seconds[year] += site.catalog.episodes[id].meta.duration or 0
    undated = counts.pop("", 0)
    tools: dict[str, list[str]] = {}
    for slug in site.catalog.tools:
        if first := first_named(site, site.named_by.get((Kind.TOOL, slug), ())):
            tools.setdefault(site.cards[first].date[:4], []).append(slug)
    number, cut = subject.page, pages(site)
    found = []
    for year in cut[number - 1]:
        series = [
            (jump._replace(title=entry.title), site.hues[name])
            for name, entry in site.catalog.series.items()
            if (jump := site.by_year[name].jumps.get(year))
        ]
        named = sorted(tools.get(year, ()), key=lambda slug: (-site.entry_cards[Kind.TOOL, slug].episodes, slug))
        found.append(
            ShowYear(
                year=year,
                total=counts[year],
                length=formatting.length(seconds[year]),
                bar=_bar(counts[year], max(counts.values())),
                series=tuple(series),
                tools=site.chips_of(Kind.TOOL, named[:TOOLS]),
                tools_more=max(0, len(named) - TOOLS),
            )
        )
    return site.list_view(
        "timeline",
        INDEX,
        site.translate("timeline"),
        f"{site.settings.site_name} over the years: episodes by series, and the tools that each year brought up.",
        number,
        len(cut),
        total=sum(counts.values()),
        undated=undated,
        years_total=int(cut[-1][-1]) - int(cut[0][0]) + 1 if cut[0] else 0,
        tools_url=site.url("tools/index.md"),
        years=tuple(found),
    )


def first_named(site: Site, ids: Sequence[str]) -> str:
    """The first of the episodes that name something: by date, and where none has one, by the catalog's order."""
    dated = [id for id in ids if site.cards[id].date]
    if dated:
        return min(dated, key=lambda episode: (site.cards[episode].date, site.rank[episode]))
    return ids[0] if ids else ""


def named_years(site: Site, ids: Iterable[str]) -> tuple[NamedYear, ...]:
    """How many of the episodes that name something are of each year; nothing where all are of one."""
    counts = Counter(year for id in ids if (year := site.cards[id].date[:4]))
    if len(counts) < 2:
        return ()
    longest = max(counts.values())
    return tuple(
        NamedYear(year, counts[year], _bar(counts[year], longest)) for year in sorted(counts)[-YEARS_PER_PAGE:]
    )


def _bar(count: int, longest: int) -> str:
    """The length of a bar in pixels, in proportion to the longest; what is there at all can be seen.

    >>> _bar(1, 1000), _bar(4, 58), _bar(5, 58), _bar(5, 5)
    ('1', '11', '13.8', '160')
    """
    return f"{max(1, round(count * LONGEST / longest, 1)):g}"
