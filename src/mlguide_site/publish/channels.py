"""What feeds contain: channels and their items, as values that no feed format shows through."""

import posixpath
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import NamedTuple
from urllib.parse import quote, urlsplit

from mlguide_site.config import Settings
from mlguide_site.content.transcripts import TRANSCRIPTS
from mlguide_site.linking.linked import LinkedCatalog
from mlguide_site.model import Audio, EpisodeFile, Kind, Series, SeriesKind, Soundbite, Status
from mlguide_site.model.slugs import page_path, page_url, parse_id
from mlguide_site.pages.words import clamp

# XML 1.0, production Char
_NO_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_ADDRESSED = re.compile(r"([^()]{0,300}?) ?\((https?://[^()\s]{1,2000})\)")
_VERSIONED = re.compile(r"cc-(by[a-z-]*)-([0-9.]+)")
_PUBLIC = re.compile(r"cc-by(-nc)?(-sa|-nd)?-[1-4]\.[0-9]|cc0-1\.0|cc-pddc")


def in_utc(value: date) -> datetime:
    """A date as a moment in UTC; a time zone that leads out of the calendar is let go.

    >>> in_utc(date(2020, 11, 9)).isoformat(), in_utc(datetime.fromisoformat("2020-11-09T01:00:00+02:00")).isoformat()
    ('2020-11-09T00:00:00+00:00', '2020-11-08T23:00:00+00:00')
    """
    if not isinstance(value, datetime):
        return datetime(value.year, value.month, value.day, tzinfo=UTC)
    if value.tzinfo is None:
        return value.replace(tzinfo=UTC, microsecond=0)
    try:
        return value.astimezone(UTC).replace(microsecond=0)
    except OverflowError:
        return value.replace(tzinfo=UTC, microsecond=0)


def xml_text(text: str) -> str:
    r"""A text without the characters that XML 1.0 can't hold.

    >>> xml_text("a\x00b\ufffe ]]>")
    'ab ]]>'
    """
    return _NO_XML.sub("", text)


def licence_of(text: str) -> tuple[str, str] | None:
    """What podcast:license says of a licence, with its address or "": a public licence by its lower-case identifier, or
    any with an address behind it in brackets. None for others: the namespace wants an address for them.

    >>> licence_of("CC BY-SA 4.0"), licence_of("Ours (https://a.example/l)"), licence_of("Ours")
    (('cc-by-sa-4.0', ''), ('Ours', 'https://a.example/l'), None)
    """
    if found := _ADDRESSED.fullmatch(text.strip()):
        name = _identifier(found[1])
        return (name if _PUBLIC.fullmatch(name) else found[1] or found[2]), found[2]
    name = _identifier(text)
    return (name, "") if _PUBLIC.fullmatch(name) else None


def licence_address(text: str) -> str:
    """The address of a licence: its own, that of a Creative Commons licence, or "".

    >>> licence_address("CC BY-SA 4.0"), licence_address("CC0 1.0"), licence_address("Ours")
    ('https://creativecommons.org/licenses/by-sa/4.0/', 'https://creativecommons.org/publicdomain/zero/1.0/', '')
    """
    name, address = licence_of(text) or ("", "")
    if address or not name:
        return address
    if found := _VERSIONED.fullmatch(name):
        return f"https://creativecommons.org/licenses/{found[1]}/{found[2]}/"
    return "https://creativecommons.org/publicdomain/zero/1.0/" if name == "cc0-1.0" else ""


def _identifier(text: str) -> str:
    return "-".join(text.lower().split())


SUMMARY = 220
"""Characters of an episode's beginning that stand for a summary."""
FEED = "feed.xml"
JSON_FEED = "feed.json"
# what the namespace documents: docs/tags/transcript.md and chapters.md of podcast-namespace 1.0
_MEDIA_TYPES = {suffix: format.media_type for suffix, format in TRANSCRIPTS.items()}
ELSEWHERE = _MEDIA_TYPES | {".html": "text/html", ".htm": "text/html", ".txt": "text/plain"}
"""What a transcript in another place is where only its address says so."""
CHAPTERS = "application/json+chapters"
KINDS = ("trailer", "bonus")
HOSTS = frozenset({"host", "co-host", "cohost"})


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
    """An episode in a feed; addresses are absolute or "". `guid` is its page's address where `own_guid` is false;
    `licence` is its name and its address or "", `kind` is trailer, bonus or ""."""

    id: str
    title: str
    address: str
    guid: str
    own_guid: bool
    date: date | None
    seconds: int | None
    summary: str
    author: str
    image: str
    audio: Audio | None
    number: int | None
    season: int | None
    season_title: str
    label: str
    language: str
    credits: tuple[Credit, ...]
    transcripts: tuple[File, ...]
    chapters: File | None
    soundbites: tuple[Soundbite, ...]
    licence: tuple[str, str] | None
    topics: tuple[str, ...]
    kind: str


@dataclass(frozen=True, slots=True)
class Channel:
    """A feed's channel. `path` is the feed's folder in the site, "" or ending in a slash; `kind` is that of all its
    series, None where they differ; `unofficial` is true where at least one series is somebody else's. `guid` is the
    podcast's own, or "", `funding` titles and addresses, `terms` is the podcast's licence as `licence_of` says it."""

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
    catalog = linked.catalog
    rank = {id: at for at, id in enumerate(catalog.episodes)}
    files = [file for file in catalog.episodes.values() if file.meta.status is Status.PUBLISHED]
    # newest first; undated ones last; of one moment the later in the catalog's order first
    files.sort(key=lambda file: (bool(file.meta.date), in_utc(file.meta.date or date.min), rank[file.id]), reverse=True)
    items = {file.id: _item(linked, settings, file) for file in files}
    all_series = list(catalog.series.values())
    whole = Channel(
        path="",
        title=settings.site_name,
        address=settings.site_url,
        description=settings.site_description or settings.site_name,
        language=settings.language,
        author=_shared(series.author or "" for series in all_series),
        image=next((found for name in catalog.series if (found := _cover(linked, settings, name))), ""),
        licence=settings.site_licence or _shared(series.licence or "" for series in all_series),
        kind=all_series[0].kind if len({series.kind for series in all_series}) == 1 else None,
        unofficial=any(series.unofficial for series in all_series),
        items=tuple(items.values()),
    )
    told = [whole]
    for name, series in catalog.series.items():
        own = tuple(items[file.id] for file in files if file.series == name)
        told.append(_series_channel(linked, settings, name, series, own))
    return told


def _series_channel(
    linked: LinkedCatalog, settings: Settings, name: str, series: Series, items: Sequence[Item]
) -> Channel:
    return Channel(
        path=f"episodes/{name}/",
        title=series.title,
        address=settings.site_url + page_url(f"episodes/{name}/index.md", settings.directories),
        description=series.summary or series.title,
        language=settings.language,
        author=series.author or "",
        image=_cover(linked, settings, name),
        licence=series.licence or settings.site_licence,
        kind=series.kind,
        unofficial=series.unofficial,
        items=tuple(items),
        # a feed of notes on somebody else's show is another feed, and what is said of its sound is said on the items
        guid="" if series.unofficial else series.guid or "",
        funding=tuple((way.title, way.url) for way in series.funding if _is_web(way.url)),
        terms=None if series.unofficial else licence_of(series.licence or ""),
    )


def _is_web(address: str) -> bool:
    return address[:4].lower() == "http"


def _shared(values: Iterable[str]) -> str:
    """The one value that all have, or ""."""
    found = set(values)
    return found.pop() if len(found) == 1 else ""


def _cover(linked: LinkedCatalog, settings: Settings, name: str) -> str:
    series = linked.catalog.series[name]
    own = _asset(linked, settings, f"episodes/{name}/{series.cover}") if series.cover else ""
    return own or (series.artwork if series.artwork and _is_web(series.artwork) else "")


def _asset(linked: LinkedCatalog, settings: Settings, path: str) -> str:
    return settings.site_url + quote(path) if path in linked.catalog.assets else ""


def _item(linked: LinkedCatalog, settings: Settings, file: EpisodeFile) -> Item:
    catalog, meta = linked.catalog, file.meta
    series = catalog.series.get(file.series)
    key = parse_id(file.series, file.id)
    season = key.season if key and key.season is not None else meta.season
    page = page_path("episode", file.id, file.series)
    address = settings.site_url + page_url(page, settings.directories)
    stem = page.removesuffix(".md")
    credits = _credits(linked, settings, file)
    images = (f"episodes/{file.series}/{meta.image}", f"{stem}/{meta.image}") if meta.image else ()
    chapters = _asset(linked, settings, f"{stem}.chapters.json") if file.id in catalog.chapters else ""
    chapters = chapters or meta.chapters or ""
    named = f"{series.prefix} {file.number:03}" if series and series.prefix and file.number is not None else ""
    topics = linked.episodes[file.id].entries.get(Kind.TOPIC, ())
    return Item(
        id=file.id,
        title=xml_text(meta.title),
        address=address,
        guid=xml_text(meta.guid or address),
        own_guid=bool(meta.guid),
        date=meta.date,
        seconds=meta.duration,
        summary=xml_text(meta.summary or clamp(linked.episodes[file.id].document.opening, SUMMARY)),
        author=(series.author or "" if series else "")
        or ", ".join(credit.name for credit in credits if credit.role in HOSTS),
        image=next((found for path in images if (found := _asset(linked, settings, path))), "") or meta.artwork or "",
        audio=meta.audio,
        number=file.number,
        season=season,
        season_title=meta.season_title or "",
        label=meta.label or named,
        language=meta.language or "",
        credits=credits,
        transcripts=tuple(_transcripts(linked, settings, file, stem)),
        chapters=File(chapters, CHAPTERS) if chapters and _is_web(chapters) else None,
        soundbites=meta.soundbites,
        licence=licence_of(meta.licence or ""),
        topics=tuple(sorted({catalog.topics[slug].name for slug in topics if slug in catalog.topics})),
        kind=_kind(file),
    )


def _kind(file: EpisodeFile) -> str:
    """What an episode without a number is, by its id, which imports make from `itunes:episodeType`."""
    words = file.id.removeprefix(f"{file.series}-").split("-") if file.number is None else []
    return next((kind for kind in KINDS if kind in words), "")


def _transcripts(linked: LinkedCatalog, settings: Settings, file: EpisodeFile, stem: str) -> Iterator[File]:
    """The transcript beside the notes, then those in other places; one whose type nothing tells is left out."""
    meta = file.meta
    if file.id in linked.catalog.transcripts:
        beside = ((_asset(linked, settings, stem + suffix), type) for suffix, type in _MEDIA_TYPES.items())
        yield from [File(address, type, meta.language or "") for address, type in beside if address][:1]
    for told in meta.transcripts:
        suffix = posixpath.splitext(urlsplit(told.url).path)[1].lower()
        type = told.type or ELSEWHERE.get(suffix, "")
        if type and _is_web(told.url):
            yield File(told.url, type, told.language or meta.language or "", told.rel or "")


def _credits(linked: LinkedCatalog, settings: Settings, file: EpisodeFile) -> tuple[Credit, ...]:
    people = linked.catalog.people
    found: dict[Credit, None] = {}
    for item in file.meta.people:
        if person := people.get(item.person):
            address = settings.site_url + page_url(page_path("person", item.person), settings.directories)
            found[Credit(xml_text(person.name), xml_text(item.role.lower()), address)] = None
    return tuple(found)
