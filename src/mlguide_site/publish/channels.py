"""Feeds as values, whatever their format: channels and their items."""

import posixpath
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime
from urllib.parse import quote, urlsplit

from mlguide_site.config import Settings
from mlguide_site.content.transcripts import TRANSCRIPTS
from mlguide_site.linking.linked import LinkedCatalog
from mlguide_site.model import EpisodeFile, Kind, Series, SeriesKind, Status
from mlguide_site.model.slugs import page_path, parse_id
from mlguide_site.pages import Site
from mlguide_site.pages.words import clamp

SUMMARY = 220
"""Characters of an episode's beginning that replace a missing summary."""
FEED = "feed.xml"
JSON_FEED = "feed.json"
# what the namespace documents: docs/tags/transcript.md and chapters.md of podcast-namespace 1.0
_MEDIA_TYPES = {suffix: format.media_type for suffix, format in TRANSCRIPTS.items()}
_ELSEWHERE = _MEDIA_TYPES | {".html": "text/html", ".htm": "text/html", ".txt": "text/plain"}
"""The types of transcripts on other sites, where only their addresses tell."""
KINDS = ("trailer", "bonus")
HOSTS = frozenset({"host", "co-host", "cohost"})
Attributes = Mapping[str, str]


def in_utc(value: date) -> datetime:
    """A date as a moment in UTC; a time zone that leads out of the calendar is ignored."""
    if not isinstance(value, datetime):
        return datetime(value.year, value.month, value.day, tzinfo=UTC)
    with suppress(OverflowError):
        value = value.astimezone(UTC) if value.tzinfo else value
    return value.replace(tzinfo=UTC, microsecond=0)


@dataclass(frozen=True, slots=True)
class Item:
    """An episode in a feed; addresses are absolute or "". `guid` is its page's address where the file has none; `kind`
    is trailer, bonus or "". Transcripts are attributes of `podcast:transcript`; credits are names with attributes of
    `podcast:person`."""

    file: EpisodeFile
    address: str
    guid: str
    summary: str
    author: str
    image: str
    season: int | None
    label: str
    credits: tuple[tuple[str, Attributes], ...]
    transcripts: tuple[Attributes, ...]
    chapters: str
    topics: tuple[str, ...]
    kind: str


@dataclass(frozen=True, slots=True)
class Channel:
    """A feed's channel. `path` is the feed's folder in the site, "" or ending in a slash; `kind` is that of all its
    series, None where they differ; `unofficial` is true where at least one series is somebody else's. `series` is the
    one that it is the official feed of, if any."""

    path: str
    title: str
    address: str
    description: str
    language: str
    author: str
    image: str
    licence: str
    kind: SeriesKind | None
    unofficial: bool
    items: tuple[Item, ...]
    series: Series | None = None


def channels(linked: LinkedCatalog, settings: Settings) -> list[Channel]:
    """The channel of the whole site, then that of each series. None without an address of the site: a feed's addresses
    must be absolute."""
    if not settings.site_url:
        return []
    site = Site(linked, settings, lambda _: "")
    all_series = linked.catalog.series
    files = [file for file in linked.catalog.episodes.values() if file.meta.status is Status.PUBLISHED]
    # newest first; undated ones last; of one moment the later in the catalog's order first
    files.sort(
        key=lambda file: (bool(file.meta.date), in_utc(file.meta.date or date.min), site.rank[file.id]), reverse=True
    )
    items = {file.id: _item(site, file) for file in files}
    covers = {name: _cover(site, name) for name in all_series}
    kinds = {series.kind for series in all_series.values()}
    whole = Channel(
        path="",
        title=settings.site_name,
        address=settings.site_url,
        description=settings.site_description or settings.site_name,
        language=settings.language,
        author=_shared(series.author or "" for series in all_series.values()),
        image=next(filter(None, covers.values()), ""),
        licence=settings.site_licence or _shared(series.licence or "" for series in all_series.values()),
        kind=kinds.pop() if len(kinds) == 1 else None,
        unofficial=any(series.unofficial for series in all_series.values()),
        items=tuple(items.values()),
    )
    own = [
        Channel(
            path=f"episodes/{name}/",
            title=series.title,
            address=settings.site_url + site.url(f"episodes/{name}/index.md"),
            description=series.summary or series.title,
            language=settings.language,
            author=series.author or "",
            image=covers[name],
            licence=series.licence or settings.site_licence,
            kind=series.kind,
            unofficial=series.unofficial,
            items=tuple(items[file.id] for file in files if file.series == name),
            # a feed of notes on somebody else's show is another feed, and the licence of its audio is on the items
            series=None if series.unofficial else series,
        )
        for name, series in all_series.items()
    ]
    return [whole, *own]


def is_web(address: str | None) -> bool:
    """Whether an address is one that a feed may name."""
    return bool(address) and str(address)[:4].lower() == "http"


def _shared(values: Iterable[str]) -> str:
    """The one value that all have, or ""."""
    found = set(values)
    return found.pop() if len(found) == 1 else ""


def _cover(site: Site, name: str) -> str:
    series = site.catalog.series[name]
    own = _asset(site, f"episodes/{name}/{series.cover}") if series.cover else ""
    return own or (series.artwork or "" if is_web(series.artwork) else "")


def _asset(site: Site, path: str) -> str:
    return site.settings.site_url + quote(path) if path in site.catalog.assets else ""


def _item(site: Site, file: EpisodeFile) -> Item:
    catalog, meta, base = site.catalog, file.meta, site.settings.site_url
    linked, series = site.linked.episodes[file.id], catalog.series.get(file.series)
    page, key = page_path("episode", file.id, file.series), parse_id(file.series, file.id)
    address, stem = base + site.url(page), page.removesuffix(".md")
    image = site.image(file.series, file.id, meta.image)
    chapters = (_asset(site, f"{stem}.chapters.json") if file.id in catalog.chapters else "") or meta.chapters or ""
    named = f"{series.prefix} {file.number:03}" if series and series.prefix and file.number is not None else ""
    # by person and role, each once
    people = {
        (item.person, item.role.lower() or "guest"): site.chips.get((Kind.PERSON, item.person)) for item in meta.people
    }
    credits = [(chip.title, {"role": role, "href": base + chip.url}) for (_, role), chip in people.items() if chip]
    hosts = ", ".join(name for name, credit in credits if credit["role"] in HOSTS)
    topics = {catalog.topics[slug].name for slug in linked.entries.get(Kind.TOPIC, ()) if slug in catalog.topics}
    # an import makes the id of an episode without a number from `itunes:episodeType`
    words = file.id.removeprefix(f"{file.series}-").split("-") if file.number is None else []
    return Item(
        file=file,
        address=address,
        guid=meta.guid or address,
        summary=meta.summary or clamp(linked.document.opening, SUMMARY),
        author=(series.author if series else "") or hosts,
        image=base + image if image else meta.artwork or "",
        season=key.season if key and key.season is not None else meta.season,
        label=meta.label or named,
        credits=tuple(credits),
        transcripts=tuple(_transcripts(site, file, stem)),
        chapters=chapters if is_web(chapters) else "",
        topics=tuple(sorted(topics)),
        kind=next((kind for kind in KINDS if kind in words), ""),
    )


def _transcripts(site: Site, file: EpisodeFile, stem: str) -> Iterator[Attributes]:
    """The transcript beside the notes, then those on other sites; one of unknown type is left out."""
    meta = file.meta
    if file.id in site.catalog.transcripts:
        own = ((_asset(site, stem + suffix), type) for suffix, type in _MEDIA_TYPES.items())
        yield from [{"url": url, "type": type, "language": meta.language or ""} for url, type in own if url][:1]
    for found in meta.transcripts:
        suffix = posixpath.splitext(urlsplit(found.url).path)[1].lower()
        type = found.type or _ELSEWHERE.get(suffix, "")
        if type and is_web(found.url):
            language = found.language or meta.language or ""
            yield {"url": found.url, "type": type, "language": language, "rel": found.rel or ""}
