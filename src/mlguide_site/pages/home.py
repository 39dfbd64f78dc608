"""The home page, whose size is limited even if the site is large."""

from mlguide_site.model.records import Importance, Kind, SeriesKind
from mlguide_site.model.slugs import KIND_FOLDERS
from mlguide_site.pages import formatting
from mlguide_site.pages.books import book_path
from mlguide_site.pages.episode_lists import missing_numbers, path_url, primer, series_card
from mlguide_site.pages.path import goal_cards
from mlguide_site.pages.site import Site
from mlguide_site.pages.view import Jump, Subject, View

START = 4
TOPICS = 8
LATEST = 3
TOOLS = 10  # maximum number of tools, and of terms
RESOURCES = 4
SERIES = 4
SHOWS = 48


def view(site: Site, _subject: Subject) -> View:
    """Return the view of the home page. A URL is "" if its page would be empty. `shows` is empty for a single series.
    `first` is the first episode in `start`, or the latest episode."""
    settings = site.settings
    titles = formatting.listing([series.title for series in site.catalog.series.values()], site.translate)
    sentence = settings.site_description or (site.translate("about-home", titles) if titles else "")
    series, path = site.catalog.series, path_url(site)
    follows = [name for name, one in series.items() if one.subscribe or one.feed or one.funding]
    # several series often have the same official site
    sites = {(one.home, one.feed, one.subscribe, one.funding): name for name, one in reversed([*series.items()])}
    followed = [name for name in series if name in sites.values() and (name in follows or series[name].home)]
    counts = {"episode": len(site.shown)} | {kind.value: len(site.catalog.entries(kind)) for kind in Kind}
    counts["resource"] -= len(site.filters.groups)  # as in the index of resources
    start = start_here(site)
    # readers don't start with a trailer
    latest = [id for id in site.latest if not site.catalog.episodes[id].meta.type] or site.latest
    first = site.catalog.episodes[start[0]].series if start else ""
    missing, missing_more = missing_numbers(site, first)
    shows = list(series) if len(series) > 1 else []
    shows.sort(key=lambda name: not site.catalog.listed[name])
    return site.view(
        "home",
        "index.md",
        settings.site_name,
        sentence,
        sentence=sentence,
        tallies=tuple(Jump(kind, site.url(f"{name}/index.md"), counts[kind]) for kind, name in KIND_FOLDERS.items()),
        start=tuple(card._replace(summary=formatting.gist(card.summary)) for card in site.cards_of(start)),
        numbered=list(site.path[: len(start)]) == start,
        first=next(iter(site.cards_of([*start, *latest][:1])), None),
        shows=tuple(series_card(site, name) for name in shows[:SHOWS]),
        shows_total=len(shows),
        **primer(site, first),
        missing=missing,
        missing_more=missing_more,
        path_url=path,
        goals=tuple(goal_cards(site).values()),
        graph_url=site.graph_url,
        timeline_url=site.url("timeline/index.md") if site.latest else "",
        search_url=site.url("search/index.md"),
        review_url=site.url("review/index.md") if site.flashcards else "",
        book=book_path(site),
        topics=site.entry_cards_of(Kind.TOPIC, site.most_named(Kind.TOPIC, site.catalog.topics)[:TOPICS]),
        # a hub shows the latest episode of different shows
        latest=site.cards_of([*(site.newest.values() if site.catalog.sites else site.latest)][:LATEST]),
        follows=bool(follows),
        follow=tuple(series_card(site, name) for name in followed[:SERIES]),
        chips={
            kind: tuple(site.chips[kind, slug] for slug in site.most_named(kind, site.catalog.entries(kind))[:TOOLS])
            for kind in (Kind.TOOL, Kind.TERM)
        }
        | {Kind.RESOURCE: tuple(site.chips[Kind.RESOURCE, slug] for slug in _resources(site))},
    )


def start_here(site: Site) -> list[str]:
    """Return the ids in the field `start` of the series. If no series has this field, return the first episodes of the
    learning path if it has stages, or else the first of each series, and more of the first series."""
    chosen = [id for series in site.catalog.series.values() for id in series.start if id in site.shown]
    if not chosen and any(site.stages.values()):
        chosen = list(site.path)
    if not chosen:
        # exclude logs, because the first day of a log isn't an introduction
        logs = {name for name, series in site.catalog.series.items() if series.kind is SeriesKind.LOG}
        series = [ids for name, ids in site.catalog.listed.items() if ids and name in site.on_path - logs]
        chosen = [*(ids[0] for ids in series), *(series or [()])[0]]
        return sorted(list(dict.fromkeys(chosen))[:START], key=site.rank.__getitem__)
    return list(dict.fromkeys(chosen))[:START]


def _resources(site: Site) -> list[str]:
    """Return the slugs of the best resources. Omit the parts of resources with links, and groups without a link."""
    rank = {Importance.ESSENTIAL: 0, Importance.VALUABLE: 1}
    resources, below = site.catalog.resources, site.below[Kind.RESOURCE]
    linked = {slug for slug, resource in resources.items() if resource.urls}
    ranks = {
        slug: rank.get(resource.importance or Importance.SUPPLEMENTARY, 2)
        for slug, resource in resources.items()
        if (slug in linked or not below.get(slug)) and resource.parent not in linked and not resource.hide
    }
    return sorted(site.most_named(Kind.RESOURCE, ranks), key=ranks.__getitem__)[:RESOURCES]
