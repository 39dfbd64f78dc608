"""A channel as RSS 2.0, with the elements of Apple's podcast namespace and of Podcasting 2.0.

RSS: https://www.rssboard.org/rss-specification. itunes: Apple's "A Podcaster's Guide to RSS". podcast: the namespace
https://podcastindex.org/namespace/1.0, each element as its page under docs/tags of podcast-namespace has it.
"""

import re
import uuid
from collections.abc import Mapping
from datetime import date
from email.utils import format_datetime

from lxml import etree

from mlguide_site.config import Settings
from mlguide_site.model import SeriesKind, format_duration
from mlguide_site.publish.channels import FEED, Channel, Item, in_utc, xml_text

ITUNES = "http://www.itunes.com/dtds/podcast-1.0.dtd"
PODCAST = "https://podcastindex.org/namespace/1.0"
ATOM = "http://www.w3.org/2005/Atom"
NAMESPACES = {"itunes": ITUNES, "podcast": PODCAST, "atom": ATOM}
FEEDS = uuid.UUID("ead4c236-bf58-58c6-a2c6-a6b28d128cb6")
"""The namespace of podcast:guid (docs/tags/guid.md)."""
MEDIA = {SeriesKind.PODCAST: "podcast", SeriesKind.COURSE: "course", SeriesKind.LECTURES: "course"}
_GUID = re.compile(r"(?i)[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_TAG = re.compile(r"<[A-Za-z/!?]")
_TAIL = b"\n </channel>\n</rss>"
LONGEST = 128
"""Characters that a podcast: element may hold."""
DISPLAY = 32
"""Characters that podcast:episode may show in place of its number."""


def rss(channel: Channel, settings: Settings) -> bytes:
    """The feed of a channel: UTF-8, one line end at its end. It holds no day of the build."""
    root = etree.Element("rss", nsmap=NAMESPACES, version="2.0")
    node = etree.SubElement(root, "channel")
    own = settings.site_url + channel.path + FEED
    _add(node, "title", channel.title)
    _add(node, "link", channel.address)
    _add(node, "description", _untagged(channel.description))
    _add(node, "language", channel.language)
    _add(node, "copyright", channel.licence)
    if channel.items and (newest := channel.items[0].date):
        _add(node, "pubDate", rfc_2822(newest))
    _add(node, f"{{{ATOM}}}link", attributes={"href": own, "rel": "self", "type": "application/rss+xml"})
    _add(node, f"{{{ITUNES}}}author", channel.author)
    if channel.image:
        _add(node, f"{{{ITUNES}}}image", attributes={"href": channel.image})
        image = etree.SubElement(node, "image")
        _add(image, "url", channel.image)
        _add(image, "title", channel.title)
        _add(image, "link", channel.address)
    if channel.unofficial:
        # directories are not to take notes on somebody else's show for the show
        _add(node, f"{{{ITUNES}}}block", "Yes")
        _add(node, f"{{{PODCAST}}}block", "yes")
    _add(node, f"{{{PODCAST}}}guid", channel.guid.lower() if _GUID.fullmatch(channel.guid) else podcast_guid(own))
    _add(node, f"{{{PODCAST}}}medium", MEDIA.get(channel.kind, "") if channel.kind else "")
    _licence(node, channel.terms)
    for title, address in channel.funding:
        _add(node, f"{{{PODCAST}}}funding", title[:LONGEST], {"url": address})
    etree.indent(root, " ")
    head = bytes(etree.tostring(root, encoding="UTF-8", xml_declaration=True)).removesuffix(_TAIL)
    return b"".join([head, *(b"\n  " + _written(item) for item in channel.items), _TAIL, b"\n"])


def _written(item: Item) -> bytes:
    """An item as it stands in its channel, each written by itself: a tree of thousands would fill the memory."""
    root = etree.Element("rss", nsmap=NAMESPACES, version="2.0")
    node = etree.SubElement(etree.SubElement(root, "channel"), "item")
    _item(node, item)
    etree.indent(root, " ")
    told = bytes(etree.tostring(root, encoding="UTF-8"))
    return told[told.index(b"<item>") :].removesuffix(_TAIL)


def _item(node: etree._Element, item: Item) -> None:
    _add(node, "title", item.title)
    _add(node, "link", item.address)
    _add(node, "guid", item.guid, {"isPermaLink": "false" if item.own_guid else "true"})
    if item.date:
        _add(node, "pubDate", rfc_2822(item.date))
    # a reader that finds nothing else shows the title
    _add(node, "description", _untagged(item.summary or item.title))
    if item.audio:
        length = str(item.audio.bytes or 0)
        _add(node, "enclosure", attributes={"url": item.audio.url, "length": length, "type": item.audio.type})
    for topic in item.topics:
        _add(node, "category", topic)
    _add(node, f"{{{ITUNES}}}author", item.author)
    if item.seconds:
        _add(node, f"{{{ITUNES}}}duration", format_duration(item.seconds))
    if item.image:
        _add(node, f"{{{ITUNES}}}image", attributes={"href": item.image})
    if item.number:
        _add(node, f"{{{ITUNES}}}episode", str(item.number))
    _add(node, f"{{{ITUNES}}}episodeType", item.kind)
    if item.number is not None:
        display = {"display": item.label} if item.label and len(item.label) <= DISPLAY else {}
        _add(node, f"{{{PODCAST}}}episode", str(item.number), display)
    if item.season:
        _add(node, f"{{{ITUNES}}}season", str(item.season))
    if item.season is not None:
        name = {"name": item.season_title[:LONGEST]} if item.season_title else {}
        _add(node, f"{{{PODCAST}}}season", str(item.season), name)
    for address, type, language, rel in item.transcripts:
        attributes = {"url": address, "type": type, "language": language, "rel": rel}
        told = {name: value for name, value in attributes.items() if value}
        _add(node, f"{{{PODCAST}}}transcript", attributes=told)
    if item.chapters:
        attributes = {"url": item.chapters.address, "type": item.chapters.type}
        _add(node, f"{{{PODCAST}}}chapters", attributes=attributes)
    for bite in item.soundbites:
        times = {"startTime": str(bite.start), "duration": str(bite.duration)}
        _add(node, f"{{{PODCAST}}}soundbite", bite.title[:LONGEST], times)
    _licence(node, item.licence)
    for who, role, address in item.credits:
        _add(node, f"{{{PODCAST}}}person", who[:LONGEST], {"role": role or "guest", "href": address})


def _licence(node: etree._Element, licence: tuple[str, str] | None) -> None:
    if licence:
        name, address = licence
        _add(node, f"{{{PODCAST}}}license", name[:LONGEST], {"url": address} if address else {})


def _add(parent: etree._Element, tag: str, text: str = "", attributes: Mapping[str, str] | None = None) -> None:
    """An element below another; none that would be empty."""
    if text or attributes:
        node = etree.SubElement(parent, tag, {name: xml_text(value) for name, value in (attributes or {}).items()})
        node.text = xml_text(text) or None


def _untagged(text: str) -> str:
    """Plain text as a description has it, which is HTML (RSS 2.0): what looks like a tag is spelled so that readers
    show it. Titles are text.

    >>> _untagged("a < b"), _untagged("The <audio> element")
    ('a < b', 'The &lt;audio> element')
    """
    return text.replace("<", "&lt;") if _TAG.search(text) else text


def rfc_2822(value: date) -> str:
    """A date as RSS has it, in UTC.

    >>> rfc_2822(date(2020, 11, 9))
    'Mon, 09 Nov 2020 00:00:00 GMT'
    """
    return format_datetime(in_utc(value), usegmt=True)


def podcast_guid(address: str) -> str:
    """A feed's podcast:guid.

    >>> podcast_guid("https://podnews.net/rss")
    '9b024349-ccf0-5f69-a609-6b82873eab3c'
    """
    return str(uuid.uuid5(FEEDS, address.partition("://")[2].rstrip("/")))
