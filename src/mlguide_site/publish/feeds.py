"""Generates RSS 2.0 feeds (https://www.rssboard.org/rss-specification) for the site and for each series.

Apple's "A Podcaster's Guide to RSS" defines the itunes elements. podcast-namespace defines the podcast elements."""

import posixpath
import re
import uuid
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from datetime import UTC, date, datetime
from email.utils import format_datetime
from typing import NamedTuple
from urllib.parse import quote, urlsplit

from lxml import etree

from mlguide_site.content.transcript_formats import TRANSCRIPTS
from mlguide_site.model.base import format_duration
from mlguide_site.model.records import EpisodeFile, Kind, ListOrder, SeriesKind, Status
from mlguide_site.model.slugs import parse_id
from mlguide_site.pages.formatting import clamp
from mlguide_site.pages.site import Site

FEED = "feed.xml"
SUMMARY = 220  # maximum length, in characters, of a first paragraph that replaces a missing summary
ITUNES = "http://www.itunes.com/dtds/podcast-1.0.dtd"
PODCAST = "https://podcastindex.org/namespace/1.0"
HISTORY = "http://purl.org/syndication/history/1.0"  # RFC 5005
NAMESPACES = {"itunes": ITUNES, "podcast": PODCAST, "atom": "http://www.w3.org/2005/Atom", "fh": HISTORY}
CATEGORY = "Education"  # podcast directories require a category
FEEDS = uuid.UUID("ead4c236-bf58-58c6-a2c6-a6b28d128cb6")  # the UUID namespace that podcast:guid prescribes
MEDIA = {SeriesKind.PODCAST: "podcast", SeriesKind.COURSE: "course", SeriesKind.LECTURES: "course"}
CHAPTERS = "application/json+chapters"
LONGEST = 128  # maximum number of characters in the text of a podcast element, and of a category
CATEGORIES = 100  # maximum number of categories of an item
DISPLAY = 32  # maximum number of characters in the `display` attribute of podcast:episode
# matches characters that XML 1.0 doesn't allow (production Char)
_NO_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_GUID = re.compile(r"(?i)[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_PUBLIC = re.compile(r"cc-(by(?:-nc)?(?:-sa|-nd)?)-([1-4]\.[0-9])|cc0-1\.0")
_TAG = re.compile(r"<[A-Za-z/!?]")
# docs/tags/transcript.md and chapters.md of podcast-namespace 1.0 define the media types
_MEDIA_TYPES = {suffix: format.media_type for suffix, format in TRANSCRIPTS.items()}
_ELSEWHERE = _MEDIA_TYPES | {".html": "text/html", ".htm": "text/html", ".txt": "text/plain"}
"""Maps suffixes of transcripts on other sites to media types, for transcripts without the field `type`."""
Element = tuple[str, str | list["Element"] | None, Mapping[str, str | None]]
"""The name, the text or child elements, and the attributes of an element. Empty attributes and texts are omitted."""


def xml_text(text: str) -> str:
    """Return a string without the characters that XML 1.0 doesn't allow."""
    return _NO_XML.sub("", text)


def public_licence(text: str | None) -> tuple[str, str]:
    """Return the identifier and the address of a Creative Commons licence, or two empty strings for other licences."""
    name = "-".join((text or "").lower().split())
    found = _PUBLIC.fullmatch(name)
    if not found:
        return "", ""
    path = f"licenses/{found[1]}/{found[2]}/" if found[1] else "publicdomain/zero/1.0/"
    return name, f"https://creativecommons.org/{path}"


def in_utc(value: date) -> datetime:
    """Return a date as a datetime in UTC. Ignore the time zone if the result would be out of range."""
    if not isinstance(value, datetime):
        return datetime(value.year, value.month, value.day, tzinfo=UTC)
    with suppress(OverflowError):
        value = value.astimezone(UTC) if value.tzinfo else value
    return value.replace(tzinfo=UTC, microsecond=0)


class Channel(NamedTuple):
    """The channel of a feed. `path` is the feed's folder in the site: "" or a path that ends in a slash. `names` are
    the ids of the series. `files` are the episodes, newest first. `archives` is the number of archives, which are files
    with older episodes (RFC 5005). `archive` is 0 for the feed itself, or the number of the archive."""

    site: Site
    path: str
    title: str
    address: str
    description: str
    names: tuple[str, ...]
    files: tuple[EpisodeFile, ...]
    archive: int = 0
    archives: int = 0

    @property
    def feed(self) -> str:
        """The path of the feed's file. Each archive is a separate file, such as `feed-1.xml`."""
        return self.path + (f"feed-{self.archive}.xml" if self.archive else FEED)


def channels(site: Site) -> list[Channel]:
    """Return the channels of all feeds and archives: for the whole site, and for each series. A hub has only one feed,
    with the latest episodes, because each show has its own feeds."""
    linked, settings = site.linked, site.settings
    if not settings.site_url:
        return []
    all_series = linked.catalog.series
    files = [file for file in linked.catalog.episodes.values() if file.meta.status is Status.PUBLISHED]
    # newest first, undated last; episodes of the same day are in the reverse order of the catalog
    files.sort(key=lambda file: (linked.catalog.days[file.id], site.rank[file.id]), reverse=True)
    about = settings.site_description or settings.site_name
    rows = [("", settings.site_name, settings.site_url, about, tuple(all_series))]
    for name, series in all_series.items():
        if name in linked.catalog.sites:
            continue
        address = settings.site_url + site.url(f"episodes/{name}/index.md")
        rows.append((f"episodes/{name}/", series.title, address, series.summary or series.title, (name,)))
    found = []
    for row in rows:
        own = tuple(file for file in files if not row[0] or file.series in row[-1])
        size = settings.items if settings.items > 0 else max(1, len(own))
        archives = 0 if linked.catalog.sites else max(0, -(-(len(own) - size) // size))
        found.append(Channel(site, *row, own[:size], 0, archives))
        for number in range(1, archives + 1):
            # archives are numbered from the oldest episode, so that new episodes don't change them
            end = len(own) - (number - 1) * size
            found.append(Channel(site, *row, own[end - size : end], number, archives))
    return found


def is_web(address: str | None) -> bool:
    """Return whether an address is an HTTP or HTTPS address. Other addresses are omitted from feeds."""
    return bool(address) and str(address)[:4].lower() == "http"


def _shared(values: Iterable[str]) -> str:
    found = set(values)
    return found.pop() if len(found) == 1 else ""


def _cover(site: Site, name: str) -> str:
    series = site.catalog.series[name]
    own = _asset(site, f"episodes/{name}/{series.cover}") if series.cover else ""
    return own or (series.artwork or "" if is_web(series.artwork) else "")


def _asset(site: Site, path: str) -> str:
    return site.settings.site_url + quote(path) if path in site.catalog.assets else ""


def rss(channel: Channel) -> bytes:
    """Return the feed of a channel in UTF-8, ending in a newline. The feed doesn't depend on the build date."""
    root = etree.Element("rss", nsmap=NAMESPACES, version="2.0")
    items: list[Element] = [("item", [*_of_item(channel.site, file)], {}) for file in channel.files]
    _add(root, ("channel", [*_of_channel(channel), *items], {}))
    etree.indent(root, " ")
    return bytes(etree.tostring(root, encoding="UTF-8", xml_declaration=True)) + b"\n"


def _of_channel(channel: Channel) -> Iterator[Element]:
    newest = channel.files[0].meta.date if channel.files else None
    site, settings = channel.site, channel.site.settings
    covered = [site.catalog.series[name] for name in channel.names]
    is_unofficial = any(series.unofficial for series in covered)
    # only a series' official feed contains the series' guid, licence and funding
    official = covered[0] if channel.path and not is_unofficial else None
    licences = [settings.site_licence, _shared(series.licence or "" for series in covered)]
    feed, guid = settings.site_url + channel.path + FEED, official.guid or "" if official else ""
    kinds = {series.kind for series in covered}
    yield "title", channel.title, {}
    yield "link", channel.address, {}
    yield "description", _untagged(channel.description), {}
    yield "language", settings.language, {}
    yield "copyright", next(filter(None, licences[::-1] if channel.path else licences), ""), {}
    yield "pubDate", _rfc_2822(newest), {}
    links = {"self": channel}
    if channel.archive:
        yield "fh:archive", [], {}
        links["current"] = channel._replace(archive=0)
    if older := channel.archive - 1 if channel.archive else channel.archives:
        links["prev-archive"] = channel._replace(archive=older)
    for rel, other in links.items():
        yield "atom:link", "", {"href": settings.site_url + other.feed, "rel": rel, "type": "application/rss+xml"}
    yield "itunes:author", _shared(series.author or "" for series in covered), {}
    owners = {series.owner for series in covered}
    owner = owners.pop() if len(owners) == 1 and not is_unofficial else None
    if owner:
        yield "itunes:owner", [("itunes:name", owner.name, {}), ("itunes:email", owner.email, {})], {}
    for category in dict.fromkeys(name for series in covered for name in series.categories) or [CATEGORY]:
        top, _, below = (part.strip() for part in category.partition(">"))
        yield "itunes:category", [("itunes:category", "", {"text": below})], {"text": top}
    yield "itunes:explicit", str(any(series.explicit for series in covered)).lower(), {}
    if official and "order" in official.model_fields_set:
        yield "itunes:type", "serial" if official.order is ListOrder.OLDEST else "episodic", {}
    is_locked = is_unofficial or any(series.locked for series in covered)
    yield "podcast:locked", "yes" if is_locked else "no", {"owner": owner.email if owner else ""}
    yield "itunes:image", "", {"href": next(filter(None, (_cover(site, name) for name in channel.names)), "")}
    if is_unofficial:
        # podcast directories must not list unofficial notes as the show
        yield "itunes:block", "Yes", {}
        yield "podcast:block", "yes", {}
    yield "podcast:guid", guid.lower() if _GUID.fullmatch(guid) else podcast_guid(feed), {}
    yield "podcast:medium", MEDIA.get(kinds.pop()) if len(kinds) == 1 else "", {}
    yield "podcast:license", public_licence(official.licence)[0] if official else "", {}
    for way in official.funding if official else ():
        if is_web(way.url):
            yield "podcast:funding", way.title[:LONGEST], {"url": way.url}


def _of_item(site: Site, file: EpisodeFile) -> Iterator[Element]:
    catalog, meta, base, number = site.catalog, file.meta, site.settings.site_url, file.number
    linked, series = site.linked.episodes[file.id], catalog.series.get(file.series)
    page, key = file.page, parse_id(file.series, file.id)
    address, stem = base + site.url(page), page.removesuffix(".md")
    yield "title", meta.title, {}
    yield "link", address, {}
    yield "guid", meta.guid or address, {"isPermaLink": "false" if meta.guid else "true"}
    yield "pubDate", _rfc_2822(meta.date), {}
    # if there is neither a summary nor a first paragraph, the title is the description
    yield "description", _untagged(meta.summary or clamp(linked.document.opening, SUMMARY) or meta.title), {}
    if audio := meta.audio:
        yield "enclosure", "", {"url": audio.url, "length": str(audio.bytes or 0), "type": audio.type}
    topics = {catalog.topics[slug].name for slug in linked.entries.get(Kind.TOPIC, ()) if slug in catalog.topics}
    categories = sorted({*topics, *meta.tags})[:CATEGORIES]
    yield from (("category", clamp(name, LONGEST), {}) for name in categories)
    # list each pair of person and role only once
    people = {
        (item.person, item.role.lower() or "guest"): site.chips.get((Kind.PERSON, item.person)) for item in meta.people
    }
    credits = [(chip.title, {"role": role, "href": base + chip.url}) for (_, role), chip in people.items() if chip]
    yield "itunes:author", series.author if series else "", {}
    yield "itunes:duration", format_duration(meta.duration) if meta.duration else "", {}
    image = site.image(file.series, file.id, meta.image)
    yield "itunes:image", "", {"href": base + image if image else meta.artwork}
    yield "itunes:episodeType", meta.type, {}
    for one in meta.alternates:
        source: Element = ("podcast:source", "", {"uri": one.url})
        yield "podcast:alternateEnclosure", [source], {"type": one.type, "length": str(one.bytes or "")}
    yield "itunes:episode", str(number) if number else "", {}
    if number is not None:
        label = meta.label or (series.numbered(number) if series and series.prefix else "")
        yield "podcast:episode", str(number), {"display": label if len(label) <= DISPLAY else ""}
    season = key.season if key and key.season is not None else meta.season
    yield "itunes:season", str(season) if season else "", {}
    if season is not None:
        yield "podcast:season", str(season), {"name": (meta.season_title or "")[:LONGEST]}
    yield from (("podcast:transcript", "", transcript) for transcript in _transcripts(site, file, stem))
    chapters = (_asset(site, f"{stem}.chapters.json") if file.id in catalog.chapters else "") or meta.chapters
    if is_web(chapters):
        yield "podcast:chapters", "", {"url": chapters, "type": CHAPTERS}
    for bite in meta.soundbites:
        yield "podcast:soundbite", bite.title[:LONGEST], {"startTime": str(bite.start), "duration": str(bite.duration)}
    yield "podcast:license", public_licence(meta.licence)[0], {}
    yield from (("podcast:person", name[:LONGEST], credit) for name, credit in credits)


def _transcripts(site: Site, file: EpisodeFile, stem: str) -> Iterator[Mapping[str, str]]:
    """Yield the episode's own transcript, then transcripts on other sites. Transcripts of unknown type are omitted."""
    meta = file.meta
    if file.id in site.catalog.transcripts:
        own = ((_asset(site, stem + suffix), type) for suffix, type in _MEDIA_TYPES.items())
        yield from [{"url": url, "type": type, "language": meta.language or ""} for url, type in own if url][:1]
    for found in meta.transcripts:
        type = found.type or _ELSEWHERE.get(posixpath.splitext(urlsplit(found.url).path)[1].lower(), "")
        if type and is_web(found.url):
            language = found.language or meta.language or ""
            yield {"url": found.url, "type": type, "language": language, "rel": found.rel or ""}


def _add(parent: etree._Element, element: Element) -> None:
    name, text, attributes = element
    known = {key: xml_text(value) for key, value in attributes.items() if value}
    if text or known or isinstance(text, list):
        prefix, _, tag = name.rpartition(":")
        node = etree.SubElement(parent, f"{{{NAMESPACES[prefix]}}}{tag}" if prefix else tag, known)
        if isinstance(text, list):
            for child in text:
                _add(node, child)
        else:
            node.text = xml_text(text or "") or None


def _untagged(text: str) -> str:
    """Convert plain text to HTML for a feed's description (RSS 2.0). `<` is escaped if it may start a tag."""
    return text.replace("<", "&lt;") if _TAG.search(text) else text


def _rfc_2822(value: date | None) -> str:
    return format_datetime(in_utc(value), usegmt=True) if value else ""


def podcast_guid(address: str) -> str:
    """Return the podcast:guid of a feed, derived from the feed's address."""
    return str(uuid.uuid5(FEEDS, address.partition("://")[2].rstrip("/")))
