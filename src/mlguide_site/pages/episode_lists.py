"""Lists of series and episodes: by year, as learning paths, and on a timeline."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from functools import lru_cache
from itertools import groupby, pairwise
from math import ceil
from typing import Any, NamedTuple

from mlguide_site.linking.folding import folded_words, phrases
from mlguide_site.linking.names import MAX_ALIKE
from mlguide_site.model.catalog import title_of
from mlguide_site.model.records import Entry, Kind, Series
from mlguide_site.pages import formatting
from mlguide_site.pages.pagination import BEFORE, ENTRIES_PER_PAGE, paged
from mlguide_site.pages.site import TEASER, Site
from mlguide_site.pages.view import Chip, EpisodeCard, Section, Subject, View

LATEST = 5
ALL = 120  # maximum number of episodes in the list of all episodes; larger sites list them only by series
FINDABLE = 5000  # maximum number of episodes in the list that readers can filter; browsers fetch the list as a whole
GAPS = 24  # maximum number of ranges of missing episode numbers on a page
YEARS_PER_PAGE = 20  # maximum number of years on a page of the timeline, and in a tool's bar chart
YEAR_TOPICS = 3
NEW_TOPICS = 4  # maximum number of topics for which the timeline says that a year has their first episodes
NAMED_NEWER = 12  # the timeline names the episodes whose notes are newer if there are at most so many
YEAR_EPISODES = 30  # the timeline lists the episodes of a year if there are at most so many
FEW_TOOLS = 12  # the timeline folds the new tools of a year if there are more
MAIN_TOOLS = 8  # number of new tools of a year that are outside of the fold; these have the most episodes
FIRST_TOOLS = 200  # maximum number of new tools that the timeline lists for a year; these have the most episodes
LABELLED = 10  # the columns of the timeline have the names of topics if there are at most so many
SEARCHED_TEXT = 200  # number of characters at the start of titles and questions that are searched for names
LONGEST_BAR = 90  # length of the longest bar in a tool's bar chart in pixels
TALLEST_BAR = 184  # height of the tallest column of the timeline in pixels
TALL_PART = 20  # the parts of the columns that are at least so many pixels high have numbers


class SeriesCard(NamedTuple):
    """A series in a list. `mark` is a short text that is shown if there is no cover. `first` and `last` are the years
    of the oldest and the latest episode, or "". `newest` is the latest episode with a date, or None."""

    series: Series
    url: str
    summary: str
    mark: str
    image: str
    hue: int
    episodes: int
    first: str
    last: str
    newest: EpisodeCard | None


def series_list_pages(site: Site) -> list[Sequence[str]]:
    """Return the ids of all series, split into pages."""
    return paged(list(site.catalog.series), ENTRIES_PER_PAGE)


def path_url(site: Site) -> str:
    """Return the address of the learning path, or "" if there is none."""
    return site.url("path/index.md") if site.path else ""


def series_list_view(site: Site, subject: Subject) -> View:
    """Return the view of one page of the list of series. If the site has few episodes, `every` contains all of them by
    year, the latest year first. Otherwise, `latest` contains the latest. Very large sites have no `EPISODE_LIST`."""
    number, pages = subject.page, series_list_pages(site)
    is_short, language = len(site.shown) <= ALL, site.settings.language
    listed = [*site.latest, *_undated(site)] if is_short else ()
    days = (formatting.day(site.catalog.episodes[id].meta.date, language, "dM") for id in listed)
    pairs = zip(site.cards_of(listed), days, strict=True)
    cards = (card._replace(day=day, summary=formatting.gist(card.summary)) for card, day in pairs)
    years = groupby(cards, lambda card: card.date[:4])
    every = (Section(year, f"y.{year or 'undated'}", tuple(run)) for year, run in years)
    return site.list_view(
        "episodes",
        number,
        len(pages),
        total=len(site.shown),
        series_total=len(site.catalog.series),
        path_url=path_url(site),
        series=tuple(series_card(site, name) for name in pages[number - 1]),
        findable=1 < len(site.shown) <= FINDABLE,
        subjects=site.filters.of_episodes,
        latest=site.cards_of(site.latest[:LATEST]) if number == 1 and not is_short else (),
        every=tuple(every) if number == 1 else (),
    )


def series_card(site: Site, name: str) -> SeriesCard:
    """Return the card of a series."""
    series, years, newest = site.catalog.series[name], site.years(name), site.newest.get(name)
    return SeriesCard(
        series=series,
        url=site.url(site.catalog.series_page(name)),
        summary=formatting.teaser(series.summary, TEASER),
        mark=_mark(site, series, name),
        image=site.image(name, "", series.cover),
        hue=site.hues[name],
        episodes=len(site.catalog.listed[name]),
        first=years[0].title if years else "",
        last=years[-1].title if years else "",
        newest=_own_cards(site, [newest])[0] if newest else None,
    )


def _mark(site: Site, series: Series, name: str) -> str:
    code = site.catalog.codes[name]
    initials = "".join(word[0] for word in series.title.split() if word[0].isalnum())
    return code if series.prefix and len(code) <= 4 else (initials or name)[:3].upper()


def series_view(site: Site, subject: Subject) -> View:
    """Return the view of one page of a series. `needs` contains the prerequisites of each episode in other series. Only
    page 1 has the values `hours`, `cancelled` and `missing`."""
    name, number = subject.id, subject.page
    series, ids = site.catalog.series[name], site.catalog.listed[name]
    pages = site.by_year[name].pages
    on_first = ids if number == 1 else ()
    missing, missing_more = missing_numbers(site, name) if number == 1 else ((), 0)
    jumps, newest_first = site.years(name), site.is_newest_first(name)
    outside = steps(site, (id for _, _, members in pages[number - 1] for id in members), frozenset(ids))
    return site.list_view(
        "series",
        number,
        len(pages),
        series.title,
        series.summary or site.translate("about-series", series.title),
        f"episodes/{name}/index.md",
        crumbs=(site.index_chip("episodes"),),
        series=name,
        card=series_card(site, name),
        hours=site.length(on_first),
        missing=missing,
        missing_more=missing_more,
        cancelled=_own_cards(site, (id for id in site.catalog.by_series[name] if number == 1 and id not in site.shown)),
        newest_first=newest_first,
        start=site.cards[ids[0]] if ids and number == 1 and name in site.on_path else None,
        years=tuple(Section(year, anchor, _own_cards(site, members)) for year, anchor, members in pages[number - 1]),
        topics={anchor: _mostly(site, ids) if len(ids) > 2 else () for _, anchor, ids in pages[number - 1]},
        needs={card.url: needs for card, needs in outside},
        jumps=jumps[::-1] if newest_first else jumps,
        source=site.entry_source("series", name),
        **(primer(site, name) if number == 1 and name in site.on_path else {"primer": None}),
    )


def _own_cards(site: Site, ids: Iterable[str]) -> tuple[EpisodeCard, ...]:
    files = [site.catalog.episodes[id] for id in ids]
    cards = [site.cards[file.id]._replace(title=file.meta.title, label=site.number_label(file)) for file in files]
    return tuple(card._replace(label="") if card.label == card.title else card for card in cards)


def missing_numbers(site: Site, series: str) -> tuple[Sequence[str], int]:
    """Return the first ranges of a series' missing numbers, and the total, or 0 if there are at most `GAPS` ranges."""
    numbers = site.catalog.missing(series, 1)
    runs = formatting.ranges(numbers)
    return runs[:GAPS], len(numbers) if len(runs) > GAPS else 0


def primer(site: Site, series: str) -> dict[str, Any]:
    """Return what the template `primer` shows before a series. If at least two episodes before its first note have no
    notes, `early` contains their numbers, and `primer` is the main topic if it has a guide."""
    missing, top = site.catalog.missing, site.below[Kind.TOPIC].get("", ())
    before = sorted({*missing(series, 1)} - {*missing(series)})
    return {
        "primer": site.chips[Kind.TOPIC, top[0]] if before[1:] and top and site.catalog.topics[top[0]].guide else None,
        "early": ", ".join(formatting.ranges(before)),
        "start_series": site.catalog.series.get(series),
    }


def steps(
    site: Site, ids: Iterable[str], listed: Collection[str] = ()
) -> tuple[tuple[EpisodeCard, tuple[Chip, ...]], ...]:
    """Return episodes as steps of the learning path, each with links to its first `BEFORE` prerequisites that aren't
    already `listed` on the page, in order."""
    needs = {id: [need for need in site.requires[id] if need not in listed] for id in ids}
    return tuple((site.cards[id], site.episode_chips(own[:BEFORE])) for id, own in needs.items())


def timeline_pages(site: Site) -> list[Sequence[str]]:
    """Return the years that have episodes, split into pages."""
    return paged(sorted(_by_year(site)[0]), YEARS_PER_PAGE)


@lru_cache(maxsize=1)
def _by_year(site: Site) -> tuple[Mapping[str, Sequence[str]], Mapping[str, Mapping[str, str]]]:
    """Return the ids of each year's episodes, and maps the tools that were first mentioned in each year to the ids of
    these episodes. Tools that were first mentioned in notes that are newer than their episode have no year (""), unless
    the episode's title names the tool. The last result is cached for other pages."""
    dated: dict[str, list[str]] = {}
    for id in reversed(site.latest):
        dated.setdefault(site.catalog.days[id][:4], []).append(id)
    tools: dict[str, dict[str, str]] = {}
    for slug in site.catalog.tools:
        proved = {id: site.catalog.days[id] for id in dated_mentions(site, Kind.TOOL, slug)}
        named = site.named_by.get((Kind.TOOL, slug), ())
        days = {id: str(site.catalog.episodes[id].meta.notes_as_of) for id in named} | proved
        if known := {id: day for id, day in days.items() if day}:
            first = min(known, key=lambda one: (known[one], site.rank[one]))
            tools.setdefault(known[first][:4] if first in proved else "", {})[slug] = first
    return dated, tools


def timeline_view(site: Site, subject: Subject) -> View:
    """Return the view of one page of the timeline. Each year has links to its episodes (by month), their series and
    main topics, the other topics with their first episodes in this year, and the tools that were first mentioned in it,
    with the episodes. `gap` names the years without episodes before it. `label` is the name of the topic with the most
    episodes, or "". If there are several series, the parts of columns for at least `numbered` episodes have numbers.
    The last page also lists the episodes without a date. `newer` contains the episodes whose notes are newer. `missing`
    contains the series of these years with numbers that have no notes, each with what `missing_numbers` returns."""
    dated, tools = _by_year(site)
    longest = max(map(len, dated.values()), default=0)
    before = dict(pairwise(sorted(dated, reverse=True)))
    number, pages = subject.page, timeline_pages(site)
    undated = _undated(site) if number == len(pages) else []
    years = []
    began = {chip: year for year in sorted(dated, reverse=True) for id in dated[year] for chip in site.topics_of(id)}
    newer = sorted(site.newer, key=lambda one: (site.catalog.days[one], site.rank[one]))
    for year in pages[number - 1]:
        ids, last = dated[year], int(before.get(year, int(year) - 1))
        hues = Counter(site.hues.get(site.catalog.episodes[id].series, 1) for id in ids)
        series = [
            (Chip(entry.title, home if name in site.catalog.sites else jump.url), jump.size, home, site.hues[name])
            for name, entry in site.catalog.series.items()
            if (jump := site.by_year[name].jumps.get(year)) and (home := site.url(site.catalog.series_page(name)))
        ]
        listed, here = _topics(site, ids), set(ids)
        slugs = [slug for kind, slug in site.chips if kind is Kind.TOPIC and site.chips[kind, slug] in listed]
        # the page of a topic also counts the episodes in its order
        named = {slug: len(here.intersection(site.named_by[Kind.TOPIC, slug])) for slug in slugs}
        main = Counter({site.chips[Kind.TOPIC, slug]: named[slug] for slug in slugs}).most_common(YEAR_TOPICS)
        # the other topics are minor
        main = [(chip, count) for chip, count in main if 2 * count >= main[0][1]]
        topics = [chip for chip, _ in listed.most_common() if began[chip] == year and chip not in dict(main)]
        years.append(
            {
                "year": year,
                "gap": "–".join(dict.fromkeys([str(last + 1), str(int(year) - 1)])) if last < int(year) - 1 else "",
                "total": len(ids),
                "length": site.length(ids),
                "bars": tuple((_bar(count, longest, TALLEST_BAR), hue, count) for hue, count in sorted(hues.items())),
                "months": _by_month(site, ids if len(ids) <= YEAR_EPISODES else ()),
                "series": tuple(series),
                "topics": tuple(chip for chip, _ in main),
                # one episode says little about a year
                "label": main[0][0].title if main and main[0][1] > 1 and len(pages[number - 1]) <= LABELLED else "",
                # in the first year, all topics are new
                "new_topics": topics[:NEW_TOPICS] if year != min(dated) else (),
                **_new_tools(site, tools.get(year, {})),
            }
        )
    shown = {site.catalog.episodes[id].series for year in pages[number - 1] for id in dated[year]}
    return site.list_view(
        "timeline",
        number,
        len(pages),
        total=sum(map(len, dated.values())),
        undated=len(undated),
        rest=_by_month(site, undated if len(undated) <= YEAR_EPISODES else ()),
        newer=site.cards_of(newer if len(newer) <= NAMED_NEWER else ()),
        newer_total=len(newer),
        numbered=ceil(TALL_PART * longest / TALLEST_BAR) if any(len(year["bars"]) > 1 for year in years) else 0,
        missing=tuple(
            (site.catalog.series[one], *found)
            for one in site.catalog.series
            if one in shown and (found := missing_numbers(site, one))[0]
        ),
        path_url=path_url(site),
        tools_url=site.url("tools/index.md"),
        years=tuple(years),
    )


def _mostly(site: Site, ids: Iterable[str]) -> tuple[Chip, ...]:
    """Return links to the most frequent topics of episodes."""
    return tuple(chip for chip, _ in _topics(site, ids).most_common(YEAR_TOPICS))


def _topics(site: Site, ids: Iterable[str]) -> Counter[Chip]:
    return Counter(chip for id in ids for chip in site.topics_of(id))


def _by_month(site: Site, ids: Iterable[str]) -> tuple[tuple[str, tuple[EpisodeCard, ...]], ...]:
    """Return the name of each month with its episodes. Episodes without a date have the name ""."""
    language, files = site.settings.language, site.catalog.episodes
    runs = groupby(ids, lambda one: formatting.day(files[one].meta.date, language, "M"))
    return tuple((month, site.cards_of(run)) for month, run in runs)


def _new_tools(site: Site, found: Mapping[str, str]) -> dict[str, Any]:
    """Return the episodes that first mention tools, by date, each with links to these tools: of all, only the
    `FIRST_TOOLS` most frequent. `main_tools` contains the most frequent tools, or all if they are few. `new_tools`
    counts all, and `tools_more` those without a link."""
    often = {slug: (-site.entry_cards[Kind.TOOL, slug].episodes, site.place[first]) for slug, first in found.items()}
    slugs = sorted(found, key=lambda slug: (*often[slug], slug))[:FIRST_TOOLS]
    by_episode: dict[str, list[Chip]] = {}
    for slug in slugs:
        by_episode.setdefault(found[slug], []).append(site.chips[Kind.TOOL, slug])
    order = sorted(by_episode, key=lambda one: (site.catalog.days[one], site.rank[one]))
    main = slugs[:MAIN_TOOLS] if slugs[FEW_TOOLS:] else slugs
    return {
        "tools": tuple((site.cards[id], tuple(by_episode[id])) for id in order),
        "main_tools": tuple(site.chips[Kind.TOOL, slug] for slug in main),
        "new_tools": len(found),
        "tools_more": len(found) - len(slugs),
    }


def _undated(site: Site) -> list[str]:
    return sorted(site.shown.difference(site.latest), key=site.rank.__getitem__)


def names_of(entry: Entry) -> frozenset[str]:
    """Return the names of an entry, at most `MAX_ALIKE` aliases and abbreviations, and their plurals, in the form of
    `phrases`."""
    others = (*getattr(entry, "abbreviations", ()), *getattr(entry, "aliases", ()))[:MAX_ALIKE]
    names = [" ".join(folded_words(name)) for name in (title_of(entry), *others)]
    return frozenset(form for name in names if name for form in (name, f"{name}s"))


def dated_mentions(site: Site, kind: Kind, slug: str) -> Sequence[str]:
    """Return the episodes that prove when an entry was mentioned. Notes that are newer than the episode prove nothing,
    unless the episode's title names the entry."""
    ids, names = site.named_by.get((kind, slug), ()), names_of(site.catalog.entries(kind)[slug])
    titles = {id: site.catalog.episodes[id].meta.title[:SEARCHED_TEXT] for id in site.newer.intersection(ids)}
    return [id for id in ids if id not in titles or not names.isdisjoint(phrases(titles[id]))]


def first_named(site: Site, ids: Sequence[str]) -> str:
    """Return the earliest of the episodes `ids`, or the first id if no episode has a date, or "" if there is none."""
    dated = [id for id in ids if site.catalog.days[id]]
    return min(dated, key=lambda one: (site.catalog.days[one], site.rank[one])) if dated else [*ids, ""][0]


def named_years(site: Site, ids: Iterable[str]) -> tuple[tuple[str, int, str], ...]:
    """Return (year, number of episodes, length of the bar in pixels) for each year, or nothing if there is only one
    year."""
    counts = Counter(year for id in ids if (year := site.catalog.days[id][:4]))
    longest = max(counts.values(), default=0)
    years = sorted(counts)[-YEARS_PER_PAGE:] if len(counts) > 1 else ()
    return tuple((year, counts[year], _bar(counts[year], longest)) for year in years)


def _bar(count: int, most: int, pixels: int = LONGEST_BAR) -> str:
    return f"{max(1, round(count * pixels / most, 1)):g}"
