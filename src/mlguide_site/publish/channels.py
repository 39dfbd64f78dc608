"""Feeds as values, whatever their format: channels and their items."""

import posixpath
import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import NamedTuple
from urllib.parse import quote, urlsplit

from mlguide_site.config import Settings
from mlguide_site.content.transcripts import TRANSCRIPTS
from mlguide_site.linking.linked import LinkedCatalog
from mlguide_site.model import EpisodeFile, Kind, SeriesKind, Status
from mlguide_site.model.slugs import page_path, parse_id
from mlguide_site.pages import Site
from mlguide_site.pages.words import clamp

# XML 1.0, production Char
_NO_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_ADDRESSED = re.compile(r"([^()]{0,300}?) ?\((https?://[^()\s]{1,2000})\)")
_VERSIONED = re.compile(r"cc-(by[a-z-]*)-([0-9.]+)")
_PUBLIC = re.compile(r"cc-by(-nc)?(-sa|-nd)?-[1-4]\.[0-9]|cc0-1\.0|cc-pddc")
SUMMARY = 220
"""Characters of an episode's beginning that replace a missing summary."""
FEED = "feed.xml"
JSON_FEED = "feed.json"
# what the namespace documents: docs/tags/transcript.md and chapters.md of podcast-namespace 1.0
_MEDIA_TYPES = {suffix: format.media_type for suffix, format in TRANSCRIPTS.items()}
_ELSEWHERE = _MEDIA_TYPES | {".html": "text/html", ".htm": "text/html", ".txt": "text/plain"}
"""The types of transcripts on other sites, where only their addresses tell."""
CHAPTERS = "application/json+chapters"
KINDS = ("trailer", "bonus")
HOSTS = frozenset({"host", "co-host", "cohost"})


def in_utc(value: date) -> datetime:
    """A date as a moment in UTC; a time zone that leads out of the calendar is ignored.

    >>> in_utc(date(2020, 11, 9)).isoformat(), in_utc(datetime.fromisoformat("2020-11-09T01:00:00+02:00")).isoformat()
    ('2020-11-09T00:00:00+00:00', '2020-11-08T23:00:00+00:00')
    """
    if not isinstance(value, datetime):
        return datetime(value.year, value.month, value.day, tzinfo=UTC)
    with suppress(OverflowError):
        value = value.astimezone(UTC) if value.tzinfo else value
    return value.replace(tzinfo=UTC, microsecond=0)


def xml_text(text: str) -> str:
    r"""A text without the characters that XML 1.0 can't hold.

    >>> xml_text("a\x00b\ufffe ]]>")
    'ab ]]>'
    """
    return _NO_XML.sub("", text)


def licence_of(text: str) -> tuple[str, str] | None:
    """A licence as podcast:license has it, with its address or "": a public licence by its lower-case identifier, or
    any with an address behind it in brackets. None for others: the namespace wants an address for them.

    >>> licence_of("CC BY-SA 4.0"), licence_of("Ours (https://a.example/l)"), licence_of("Ours")
    (('cc-by-sa-4.0', ''), ('Ours', 'https://a.example/l'), None)
    """
    found = _ADDRESSED.fullmatch(text.strip())
    title, address = found.groups() if found else (text, "")
    name = "-".join(title.lower().split())
    if _PUBLIC.fullmatch(name):
        return name, address
    return (title or address, address) if address else None


def licence_address(text: str) -> str:
    """The address of a licence: its own, that of a Creative Commons licence, or "".

    >>> licence_address("CC BY-SA 4.0"), licence_address("CC0 1.0"), licence_address("Ours")
    ('https://creativecommons.org/licenses/by-sa/4.0/', 'https://creativecommons.org/publicdomain/zero/1.0/', '')
    """
    name, address = licence_of(text) or ("", "")
    if not address and (found := _VERSIONED.fullmatch(name)):
        return f"https://creativecommons.org/licenses/{found[1]}/{found[2]}/"
    return "https://creativecommons.org/publicdomain/zero/1.0/" if not address and name == "cc0-1.0" else address


class Credit(NamedTuple):
    """Who takes part in an episode, as what (lower case), and the address of their page."""

    name: str
    role: str
    address: str


class File(NamedTuple):
    """A file that belongs to an episode: absolute address and media type; of a transcript its language, where that
    isn't the feed's, and `captions` where it is timed for display."""

    address: str
    type: str
    language: str = ""
    rel: str = ""


class Item(NamedTuple):
    """An episode in a feed; addresses are absolute or "". `guid` is its page's address where the file has none;
    `licence` is as `licence_of` has it, `kind` is trailer, bonus or ""."""

    file: EpisodeFile
    address: str
    guid: str
    summary: str
    author: str
    image: str
    season: int | None
    label: str
    credits: tuple[Credit, ...]
    transcripts: tuple[File, ...]
    chapters: File | None
    licence: tuple[str, str] | None
    topics: tuple[str, ...]
    kind: str


@dataclass(frozen=True, slots=True)
class Channel:
    """A feed's channel. `path` is the feed's folder in the site, "" or ending in a slash; `kind` is that of all its
    series, None where they differ; `unofficial` is true where at least one series is somebody else's. `guid` is the
    podcast's own, or "", `funding` titles and addresses, `terms` the podcast's licence as `licence_of` has it."""

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
    guid: str = ""
    funding: tuple[tuple[str, str], ...] = ()
    terms: tuple[str, str] | None = None


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
    return [whole, *(_series_channel(site, name, covers[name], files, items) for name in all_series)]


def _series_channel(
    site: Site, name: str, cover: str, files: Iterable[EpisodeFile], items: Mapping[str, Item]
) -> Channel:
    series, settings = site.catalog.series[name], site.settings
    return Channel(
        path=f"episodes/{name}/",
        title=series.title,
        address=settings.site_url + site.url(f"episodes/{name}/index.md"),
        description=series.summary or series.title,
        language=settings.language,
        author=series.author or "",
        image=cover,
        licence=series.licence or settings.site_licence,
        kind=series.kind,
        unofficial=series.unofficial,
        items=tuple(items[file.id] for file in files if file.series == name),
        # a feed of notes on somebody else's show is another feed, and the licence of its audio is on the items
        guid="" if series.unofficial else series.guid or "",
        funding=tuple((way.title, way.url) for way in series.funding if _is_web(way.url)),
        terms=None if series.unofficial else licence_of(series.licence or ""),
    )


def _is_web(address: str | None) -> bool:
    return bool(address) and str(address)[:4].lower() == "http"


def _shared(values: Iterable[str]) -> str:
    """The one value that all have, or ""."""
    found = set(values)
    return found.pop() if len(found) == 1 else ""


def _cover(site: Site, name: str) -> str:
    series = site.catalog.series[name]
    own = _asset(site, f"episodes/{name}/{series.cover}") if series.cover else ""
    return own or (series.artwork or "" if _is_web(series.artwork) else "")


def _asset(site: Site, path: str) -> str:
    return site.settings.site_url + quote(path) if path in site.catalog.assets else ""


def _item(site: Site, file: EpisodeFile) -> Item:
    catalog, meta, linked = site.catalog, file.meta, site.linked.episodes[file.id]
    series, key = catalog.series.get(file.series), parse_id(file.series, file.id)
    page = page_path("episode", file.id, file.series)
    address, stem = site.settings.site_url + site.url(page), page.removesuffix(".md")
    credits = _credits(site, file)
    image = site.image(file.series, file.id, meta.image)
    chapters = (_asset(site, f"{stem}.chapters.json") if file.id in catalog.chapters else "") or meta.chapters or ""
    named = f"{series.prefix} {file.number:03}" if series and series.prefix and file.number is not None else ""
    hosts = ", ".join(credit.name for credit in credits if credit.role in HOSTS)
    topics = {catalog.topics[slug].name for slug in linked.entries.get(Kind.TOPIC, ()) if slug in catalog.topics}
    # an import makes the id of an episode without a number from `itunes:episodeType`
    words = file.id.removeprefix(f"{file.series}-").split("-") if file.number is None else []
    return Item(
        file=file,
        address=address,
        guid=xml_text(meta.guid or address),
        summary=xml_text(meta.summary or clamp(linked.document.opening, SUMMARY)),
        author=(series.author if series else "") or hosts,
        image=site.settings.site_url + image if image else meta.artwork or "",
        season=key.season if key and key.season is not None else meta.season,
        label=meta.label or named,
        credits=credits,
        transcripts=tuple(_transcripts(site, file, stem)),
        chapters=File(chapters, CHAPTERS) if _is_web(chapters) else None,
        licence=licence_of(meta.licence or ""),
        topics=tuple(sorted(topics)),
        kind=next((kind for kind in KINDS if kind in words), ""),
    )


def _transcripts(site: Site, file: EpisodeFile, stem: str) -> Iterator[File]:
    """The transcript beside the notes, then those on other sites; one of unknown type is left out."""
    meta = file.meta
    if file.id in site.catalog.transcripts:
        own = ((_asset(site, stem + suffix), type) for suffix, type in _MEDIA_TYPES.items())
        yield from [File(address, type, meta.language or "") for address, type in own if address][:1]
    for found in meta.transcripts:
        suffix = posixpath.splitext(urlsplit(found.url).path)[1].lower()
        type = found.type or _ELSEWHERE.get(suffix, "")
        if type and _is_web(found.url):
            yield File(found.url, type, found.language or meta.language or "", found.rel or "")


def _credits(site: Site, file: EpisodeFile) -> tuple[Credit, ...]:
    found: dict[Credit, None] = {}
    for item in file.meta.people:
        if chip := site.chips.get((Kind.PERSON, item.person)):
            found[Credit(xml_text(chip.title), xml_text(item.role.lower()), site.settings.site_url + chip.url)] = None
    return tuple(found)
