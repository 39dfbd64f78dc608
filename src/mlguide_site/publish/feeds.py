"""A channel as RSS 2.0, with the elements of Apple's podcast namespace and of Podcasting 2.0, and as JSON Feed 1.1.

RSS: https://www.rssboard.org/rss-specification. itunes: Apple's "A Podcaster's Guide to RSS". podcast: the namespace
https://podcastindex.org/namespace/1.0, each element as its page under docs/tags of podcast-namespace has it. JSON Feed:
https://www.jsonfeed.org/version/1.1/.
"""

import re
import uuid
from collections.abc import Iterator, Mapping
from datetime import date
from email.utils import format_datetime
from typing import Any

from lxml import etree

from mlguide_site.config import Settings
from mlguide_site.model import SeriesKind, format_duration
from mlguide_site.publish.channels import FEED, JSON_FEED, Channel, Item, in_utc, is_web
from mlguide_site.publish.records_json import filled, records_json

ITUNES = "http://www.itunes.com/dtds/podcast-1.0.dtd"
PODCAST = "https://podcastindex.org/namespace/1.0"
NAMESPACES = {"itunes": ITUNES, "podcast": PODCAST, "atom": "http://www.w3.org/2005/Atom"}
FEEDS = uuid.UUID("ead4c236-bf58-58c6-a2c6-a6b28d128cb6")
"""The namespace of podcast:guid (docs/tags/guid.md)."""
MEDIA = {SeriesKind.PODCAST: "podcast", SeriesKind.COURSE: "course", SeriesKind.LECTURES: "course"}
CHAPTERS = "application/json+chapters"
LONGEST = 128
"""Characters that a podcast: element may hold."""
DISPLAY = 32
"""Characters that podcast:episode may show in place of its number."""
# XML 1.0, production Char
_NO_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_GUID = re.compile(r"(?i)[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_PUBLIC = re.compile(r"cc-(by(?:-nc)?(?:-sa|-nd)?)-([1-4]\.[0-9])|cc0-1\.0")
_TAG = re.compile(r"<[A-Za-z/!?]")
_TAIL = b"\n </channel>\n</rss>"
Element = tuple[str, str | None, Mapping[str, str | None]]
"""An element: its name, its text and its attributes; empty attributes, and elements without either, are left out."""


def xml_text(text: str) -> str:
    """A text without the characters that XML 1.0 can't hold."""
    return _NO_XML.sub("", text)


def public_licence(text: str | None) -> tuple[str, str]:
    """The identifier and address of a Creative Commons licence; "" for any other.

    >>> public_licence("CC BY-SA 4.0"), public_licence("Ours")
    (('cc-by-sa-4.0', 'https://creativecommons.org/licenses/by-sa/4.0/'), ('', ''))
    """
    name = "-".join((text or "").lower().split())
    found = _PUBLIC.fullmatch(name)
    if not found:
        return "", ""
    path = f"licenses/{found[1]}/{found[2]}/" if found[1] else "publicdomain/zero/1.0/"
    return name, f"https://creativecommons.org/{path}"


def rss(channel: Channel, settings: Settings) -> bytes:
    """The feed of a channel: UTF-8, one line end at its end. It holds no day of the build."""
    root = etree.Element("rss", nsmap=NAMESPACES, version="2.0")
    node = etree.SubElement(root, "channel")
    for element in _of_channel(channel, settings.site_url + channel.path + FEED):
        _add(node, element)
    etree.indent(root, " ")
    head = bytes(etree.tostring(root, encoding="UTF-8", xml_declaration=True)).removesuffix(_TAIL)
    return b"".join([head, *(b"\n  " + _written(item) for item in channel.items), _TAIL, b"\n"])


def _written(item: Item) -> bytes:
    """An item as it is in its channel, each written by itself: a tree of thousands would fill the memory."""
    root = etree.Element("rss", nsmap=NAMESPACES, version="2.0")
    node = etree.SubElement(etree.SubElement(root, "channel"), "item")
    for element in _of_item(item):
        _add(node, element)
    etree.indent(root, " ")
    text = bytes(etree.tostring(root, encoding="UTF-8"))
    return text[text.index(b"<item>") :].removesuffix(_TAIL)


def _of_channel(channel: Channel, own: str) -> Iterator[Element]:
    newest = channel.items[0].file.meta.date if channel.items else None
    series = channel.series
    guid = series.guid or "" if series else ""
    yield "title", channel.title, {}
    yield "link", channel.address, {}
    yield "description", _untagged(channel.description), {}
    yield "language", channel.language, {}
    yield "copyright", channel.licence, {}
    yield "pubDate", _rfc_2822(newest), {}
    yield "atom:link", "", {"href": own, "rel": "self", "type": "application/rss+xml"}
    yield "itunes:author", channel.author, {}
    yield "itunes:image", "", {"href": channel.image}
    if channel.unofficial:
        # directories are not to take notes on somebody else's show for the show
        yield "itunes:block", "Yes", {}
        yield "podcast:block", "yes", {}
    yield "podcast:guid", guid.lower() if _GUID.fullmatch(guid) else podcast_guid(own), {}
    yield "podcast:medium", MEDIA.get(channel.kind) if channel.kind else "", {}
    yield "podcast:license", public_licence(series.licence)[0] if series else "", {}
    for way in series.funding if series else ():
        if is_web(way.url):
            yield "podcast:funding", way.title[:LONGEST], {"url": way.url}


def _of_item(item: Item) -> Iterator[Element]:
    meta, number, season, audio = item.file.meta, item.file.number, item.season, item.file.meta.audio
    yield "title", meta.title, {}
    yield "link", item.address, {}
    yield "guid", item.guid, {"isPermaLink": "false" if meta.guid else "true"}
    yield "pubDate", _rfc_2822(meta.date), {}
    # a reader that finds nothing else shows the title
    yield "description", _untagged(item.summary or meta.title), {}
    if audio:
        yield "enclosure", "", {"url": audio.url, "length": str(audio.bytes or 0), "type": audio.type}
    yield from (("category", topic, {}) for topic in item.topics)
    yield "itunes:author", item.author, {}
    yield "itunes:duration", format_duration(meta.duration) if meta.duration else "", {}
    yield "itunes:image", "", {"href": item.image}
    yield "itunes:episode", str(number) if number else "", {}
    yield "itunes:episodeType", item.kind, {}
    if number is not None:
        yield "podcast:episode", str(number), {"display": item.label if len(item.label) <= DISPLAY else ""}
    yield "itunes:season", str(season) if season else "", {}
    if season is not None:
        yield "podcast:season", str(season), {"name": (meta.season_title or "")[:LONGEST]}
    yield from (("podcast:transcript", "", transcript) for transcript in item.transcripts)
    if item.chapters:
        yield "podcast:chapters", "", {"url": item.chapters, "type": CHAPTERS}
    for bite in meta.soundbites:
        yield "podcast:soundbite", bite.title[:LONGEST], {"startTime": str(bite.start), "duration": str(bite.duration)}
    yield "podcast:license", public_licence(meta.licence)[0], {}
    yield from (("podcast:person", name[:LONGEST], credit) for name, credit in item.credits)


def _add(parent: etree._Element, element: Element) -> None:
    name, text, attributes = element
    known = {key: xml_text(value) for key, value in attributes.items() if value}
    if text or known:
        prefix, _, tag = name.rpartition(":")
        node = etree.SubElement(parent, f"{{{NAMESPACES[prefix]}}}{tag}" if prefix else tag, known)
        node.text = xml_text(text or "") or None


def _untagged(text: str) -> str:
    """Plain text as a description has it, which is HTML (RSS 2.0): what looks like a tag is spelled so that readers
    show it. Titles are text.

    >>> _untagged("a < b"), _untagged("The <audio> element")
    ('a < b', 'The &lt;audio> element')
    """
    return text.replace("<", "&lt;") if _TAG.search(text) else text


def _rfc_2822(value: date | None) -> str:
    """A date as RSS has it, in UTC; "" for none."""
    return format_datetime(in_utc(value), usegmt=True) if value else ""


def podcast_guid(address: str) -> str:
    """A feed's podcast:guid.

    >>> podcast_guid("https://podnews.net/rss")
    '9b024349-ccf0-5f69-a609-6b82873eab3c'
    """
    return str(uuid.uuid5(FEEDS, address.partition("://")[2].rstrip("/")))


def json_feed(channel: Channel, settings: Settings) -> bytes:
    """The feed of a channel as JSON: UTF-8, one line end at its end."""
    feed = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": channel.title,
        "home_page_url": channel.address,
        "feed_url": settings.site_url + channel.path + JSON_FEED,
        "description": channel.description,
        "icon": channel.image,
        "authors": _authors(channel.author),
        "language": channel.language,
    }
    return records_json(filled(feed) | {"items": map(_json_item, channel.items)})


def _json_item(item: Item) -> dict[str, Any]:
    meta, audio = item.file.meta, item.file.meta.audio
    attachment = audio and {
        "url": audio.url,
        "mime_type": audio.type,
        "size_in_bytes": audio.bytes,
        "duration_in_seconds": meta.duration,
    }
    return filled(
        {
            "id": item.guid,
            "url": item.address,
            "title": meta.title,
            "content_text": item.summary or meta.title,
            "summary": item.summary,
            "image": item.image,
            "date_published": in_utc(meta.date).isoformat().replace("+00:00", "Z") if meta.date else "",
            "authors": _authors(item.author),
            "tags": list(item.topics),
            "language": meta.language or "",
            "attachments": [filled(attachment)] if attachment else [],
        }
    )


def _authors(name: str) -> list[dict[str, str]]:
    return [{"name": name}] if name else []
