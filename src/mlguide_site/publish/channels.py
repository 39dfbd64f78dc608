"""What the feeds tell: channels and their items, as values that no feed format shows through."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import NamedTuple
from urllib.parse import quote

from mlguide_site.config import Settings
from mlguide_site.linked import LinkedCatalog
from mlguide_site.model import Audio, EpisodeFile, Kind, Series, SeriesKind, Status
from mlguide_site.slugs import page_path, page_url, parse_id

FEED = "feed.xml"
JSON_FEED = "feed.json"
# what the namespace documents: docs/tags/transcript.md and chapters.md of podcast-namespace 1.0
TRANSCRIPTS = {".vtt": "text/vtt", ".srt": "application/x-subrip", ".json": "application/json"}
CHAPTERS = "application/json+chapters"
HOSTS = frozenset({"host", "co-host", "cohost"})
# XML 1.0, production Char
_NO_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


class Credit(NamedTuple):
    """Who takes part in an episode, as what (lower case), and the address of their page."""

    name: str
    role: str
    address: str


class File(NamedTuple):
    """A file beside an episode: absolute address and media type."""

    address: str
    type: str


class Item(NamedTuple):
    """An episode in a feed; addresses are absolute or "". `guid` is its page's address where `own_guid` is false."""

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
    label: str
    language: str
    credits: tuple[Credit, ...]
    transcript: File | None
    chapters: File | None
    topics: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Channel:
    """A feed's channel. `path` is the feed's folder in the site, "" or ending in a slash; `kind` is that of all its
    series, None where they differ; `unofficial` is true where at least one series is somebody else's."""

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


def channels(linked: LinkedCatalog, settings: Settings) -> list[Channel]:
    """The channel of the whole site, then that of each series. None without an address of the site: a feed's addresses
    must be absolute."""
    if not settings.site_url:
        return []
    catalog = linked.catalog
    rank = {id: at for at, id in enumerate(catalog.episodes)}
    files = [file for file in catalog.episodes.values() if file.meta.status is Status.PUBLISHED]
    # newest first; undated ones last; of one moment the later in the catalog's order first
    files.sort(key=lambda file: (moment(file.meta.date), rank[file.id]), reverse=True)
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
    )


def _shared(values: Iterable[str]) -> str:
    """The one value that all have, or ""."""
    found = set(values)
    return found.pop() if len(found) == 1 else ""


def _cover(linked: LinkedCatalog, settings: Settings, name: str) -> str:
    cover = linked.catalog.series[name].cover
    return _asset(linked, settings, f"episodes/{name}/{cover}") if cover else ""


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
    topics = linked.episodes[file.id].entries.get(Kind.TOPIC, ())
    return Item(
        id=file.id,
        title=xml_text(meta.title),
        address=address,
        guid=xml_text(meta.guid or address),
        own_guid=bool(meta.guid),
        date=meta.date,
        seconds=meta.duration,
        summary=xml_text(meta.summary),
        author=(series.author or "" if series else "")
        or ", ".join(credit.name for credit in credits if credit.role in HOSTS),
        image=next((found for path in images if (found := _asset(linked, settings, path))), ""),
        audio=meta.audio,
        number=file.number,
        season=season,
        label=f"{series.prefix} {file.number:03}" if series and series.prefix and file.number is not None else "",
        language=meta.language or "",
        credits=credits,
        transcript=_transcript(linked, settings, stem) if file.id in catalog.transcripts else None,
        chapters=File(chapters, CHAPTERS) if chapters else None,
        topics=tuple(sorted({catalog.topics[slug].name for slug in topics if slug in catalog.topics})),
    )


def _transcript(linked: LinkedCatalog, settings: Settings, stem: str) -> File | None:
    for suffix, type in TRANSCRIPTS.items():
        if address := _asset(linked, settings, stem + suffix):
            return File(address, type)
    return None


def _credits(linked: LinkedCatalog, settings: Settings, file: EpisodeFile) -> tuple[Credit, ...]:
    people = linked.catalog.people
    found: dict[Credit, None] = {}
    for item in file.meta.people:
        if person := people.get(item.person):
            address = settings.site_url + page_url(page_path("person", item.person), settings.directories)
            found[Credit(xml_text(person.name), xml_text(item.role.lower()), address)] = None
    return tuple(found)


def moment(value: date | None) -> int:
    """Seconds since the beginning of the year 1, a plain date being 00:00 UTC, a time without zone UTC; -1 for none.

    >>> moment(date(1, 1, 2)), moment(datetime(1, 1, 1, 0, 1)), moment(None)
    (86400, 60, -1)
    """
    if value is None:
        return -1
    seconds = (value.toordinal() - 1) * 86400
    if isinstance(value, datetime):
        offset = value.utcoffset()
        seconds += value.hour * 3600 + value.minute * 60 + value.second - (int(offset.total_seconds()) if offset else 0)
    return seconds


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
