"""RSS (0.9 to 2.0), RDF and Atom (0.3, RFC 4287) with the extensions that podcasts use, as entries of a feed.

feedparser reads titles, links, dates, authors, descriptions and enclosures. It is given one item at a time, and little
of each short field, so that nothing in a feed can make it slow, and an exception costs the fields of one item.
`podcast` reads what it flattens, from the tree itself.

Relative addresses are relative to `xml:base`; without one, to the channel's own page in RSS, to the feed itself in
Atom.
"""

import io
import re
from collections import Counter
from collections.abc import Iterator
from typing import Any
from urllib.parse import urljoin

import feedparser
from lxml import etree

from mlguide_site.importers.common.addresses import has_secrets, web_address
from mlguide_site.importers.common.decoding import parse_xml
from mlguide_site.importers.common.naming import Person, read_person
from mlguide_site.importers.feed import podcast
from mlguide_site.importers.feed.descriptions import Part
from mlguide_site.importers.feed.podcast import Children, text_of
from mlguide_site.importers.feed.records import MAX_TITLE, Entry, Feed, one_line, read_entry
from mlguide_site.importers.feed.xml import Tree, local_name
from mlguide_site.markdown.from_html import strip_tags

MAX_EACH = podcast.MAX_CHAPTERS
"""Elements of one name in an item that feedparser is given, and characters of each but the descriptions."""
MAX_TEXT = 4000
_DESCRIPTIONS = frozenset(["description", "encoded", "summary", "content"])
_AUTHORS = frozenset(["author", "managingeditor", "creator"])
_MAIL = re.compile(r"^\S{1,200}@\S{1,200}\s{0,9}\((.{0,500})\)$|\s{0,9}<[^<>\s]{1,200}@[^<>\s]{1,200}>$")
_BASE = "{http://www.w3.org/XML/1998/namespace}base"
_AROUND = {True: (b"<feed>", b"</feed>"), False: (b'<rss version="2.0"><channel>', b"</channel></rss>")}
"""What feedparser needs around an item of Atom, and of RSS."""
Fields = dict[str, Any]
"""What feedparser reads, by its names."""


def read_feed(tree: Tree, address: str) -> Feed:
    """A feed from its tree; `address` is where it was fetched from, "" for a file."""
    root = tree.root
    channel = next((child for child in root if local_name(child) == "channel"), root)
    is_atom = local_name(root) == "feed"
    declared = str(channel.get(_BASE) or root.get(_BASE) or "").strip()
    fields = _parsed(root).get("feed", {})
    outer = _joined(address, declared)
    self_link, next_link = (_link(fields, outer, rel) for rel in ("self", "next"))
    link = _link(fields, outer or self_link)
    # a key must not get into addresses that are made absolute with it
    near = address or (self_link.partition("?")[0] if has_secrets(self_link) else self_link)
    base = _joined(near or link, declared) if declared or is_atom else link or near
    own = podcast.children(channel)
    authors = [text_of(one) for one in own.get("itunes:author", ())] or [one.name for one in _authors(fields, "")]
    found = {
        "summary": _summary(own),
        "artwork": _picture(fields, base),
        **podcast.read_fields(podcast.SERIES, own, base),
    }
    return Feed(
        title=_title(fields, is_atom),
        entries=_entries(tree.items, is_atom, base, ", ".join(dict.fromkeys(authors))),
        language=one_line(fields.get("language")),
        link=link,
        author=", ".join(dict.fromkeys(authors))[:MAX_TITLE],
        address=self_link,
        next=next_link,
        people=podcast.read_people(own, base),
        fields={name: value for name, value in found.items() if value},
        problems=tree.problems,
    )


def _entries(items: list[tuple[bytes, int]], is_atom: bool, base: str, feed_author: str) -> Iterator[Entry]:
    """The items in their order; what was read of the tree is freed."""
    room = podcast.MAX_ALL_CHAPTERS
    items.reverse()
    while items:
        data, line = items.pop()
        item = parse_xml(data, recover=True)
        own_base = _joined(base, str(item.get(_BASE) or "").strip())
        if own_base:
            item.set(_BASE, own_base)
        found = _parsed(item, *_AROUND[is_atom])
        entry = _entry(item, line, next(iter(found.get("entries", ())), {}), is_atom, own_base, feed_author, room)
        room -= len(entry.chapters)
        yield entry


def _cut(element: Any) -> None:
    """Cut what would take feedparser long: many elements of a name, and long texts other than descriptions."""
    seen: Counter[str] = Counter()
    for child in list(element):
        for one in () if local_name(child) in _DESCRIPTIONS else list(child.iter(etree.Element)):
            name = local_name(one)
            seen[name] += 1
            if seen[name] > MAX_EACH:
                # to remove many elements of a namespace takes lxml long
                one.getparent().remove(one)
            elif one.text:
                text = one.text[:MAX_TEXT]
                # feedparser takes some addresses of mail apart in their middle
                one.text = _MAIL.sub(r"\1", text.strip()) if name in _AUTHORS and "@" in text else text


def _parsed(element: Any, start: bytes = b"", end: bytes = b"") -> Any:
    """What feedparser makes of an element between tags around it; nothing where it raises."""
    _cut(element)
    try:
        data = start + etree.tostring(element, with_tail=False) + end
        return feedparser.parse(io.BytesIO(data), sanitize_html=False, resolve_relative_uris=False)
    except (ValueError, TypeError, LookupError, AttributeError, ArithmeticError, AssertionError, RecursionError):
        return {}
    except etree.SerialisationError:
        return {}


def _entry(item: Any, line: int, fields: Fields, is_atom: bool, base: str, feed_author: str, room: int) -> Entry:
    own = podcast.children(item)
    guid = next((text_of(one) for name in ("guid", "id") for one in own.get(name, ())), "")
    link = _link(fields, base) or _permalink(own, guid, base)
    chapters, unread = podcast.read_chapters(fields.get("psc_chapters", {}).get("chapters", ()), base)
    people = podcast.read_people(own, base)
    authors = [one for one in _authors(fields, base) if one.name not in {feed_author, *(p.name for p in people)}]
    enclosures = [one for one in fields.get("links", ()) if one.get("rel", "enclosure") == "enclosure"]
    media = fields.get("media_content", ())
    return read_entry(
        base,
        line,
        title=_title(fields, is_atom),
        link=link,
        guid=guid,
        summary=one_line(fields.get("subtitle")),
        kind=one_line(fields.get("itunes_episodetype")),
        parts=_parts(fields, is_atom, base, link),
        # feedparser's own access would take one date for another
        dates=[dict.get(fields, key) for key in ("published", "updated", "created")],
        lengths=[fields.get("itunes_duration"), *(one.get("duration") for one in media)],
        numbers=[fields.get("itunes_episode"), *map(text_of, own.get("podcast:episode", ()))],
        seasons=[fields.get("itunes_season"), *map(text_of, own.get("podcast:season", ()))],
        media=[
            (one.get("href") or one.get("url"), one.get("type"), one.get("length") or one.get("filesize"))
            for one in (*enclosures, *media)
        ],
        people=(*people, *authors),
        more={"artwork": _picture(fields, base), **podcast.read_fields(podcast.EPISODE, own, base)},
        chapters=chapters[:room],
        unread=unread,
    )


def _parts(fields: Fields, is_atom: bool, base: str, page: str) -> Iterator[Part]:
    """The descriptions of an item, those first that are surely HTML. Outside of Atom only `content:encoded` is: the
    type of others is a guess of feedparser."""
    contents = sorted(fields.get("content", ()), key=lambda one: "html" not in one.get("type", ""))
    details = [*contents, *filter(None, [dict.get(fields, "summary_detail")])]
    for one in details:
        kind = "text/html" if "html" in one.get("type", "") else "text/plain" if one.get("type") == "text/plain" else ""
        is_sure = is_atom or (one in contents and kind == "text/html")
        # feedparser writes an end tag for each element, which for a line break is another
        text = str(one.get("value") or "").replace("<br></br>", "<br>")
        yield Part(text, kind if is_sure else "", one.get("base") or base, page)


def _joined(base: str, url: str) -> str:
    try:
        return urljoin(base, url)
    except ValueError:
        return base


def _title(fields: Fields, is_atom: bool) -> str:
    """Only Atom says whether a title is HTML; in RSS it is text, whatever it looks like."""
    title = str(fields.get("title") or fields.get("itunes_title") or "")
    is_html = is_atom and "html" in fields.get("title_detail", {}).get("type", "")
    return one_line(strip_tags(title) if is_html else title)[:MAX_TITLE]


def _summary(own: Children) -> str:
    """The description of a feed, the longest one."""
    names = ("description", "itunes:summary", "subtitle", "tagline")
    texts = ("".join(one.itertext()) for name in names for one in own.get(name, ())[:1])
    return max((one_line(strip_tags(text) if "<" in text else text) for text in texts), key=len, default="")


def _link(fields: Fields, base: str, rel: str = "alternate") -> str:
    """The address of the first link of a relation; of several pages one of HTML."""
    links = [one for one in fields.get("links", ()) if one.get("rel") == rel]
    links.sort(key=lambda one: rel == "alternate" and "html" not in str(one.get("type", "html")))
    return next((url for one in links if (url := web_address(one.get("href"), base))), "")


def _permalink(own: Children, guid: str, base: str) -> str:
    """The page of an item by its guid, if that is an address of one."""
    declared = [str(one.get("isPermaLink") or "").strip().casefold() for one in own.get("guid", ())]
    is_page = "true" in declared or ("" in declared and re.match(r"https?://", guid))
    return web_address(guid, base) if is_page else ""


def _authors(fields: Fields, base: str) -> list[Person]:
    """The authors that a feed or an item names; addresses of mail are left out."""
    people = (
        read_person(name, "author", "", web_address(one.get("href"), base))
        for one in fields.get("authors", ())[: podcast.MAX_EACH]
        if (name := one_line(one.get("name"))[:MAX_TITLE]) and "@" not in name
    )
    return list(filter(None, people))


def _picture(fields: Fields, base: str) -> str:
    """The picture of a feed or an item, itself or a thumbnail."""
    urls = [fields.get("image", {}).get("href"), fields.get("logo"), fields.get("icon")]
    urls += [one.get("url") for one in fields.get("media_thumbnail", ())]
    return next((url for one in urls if (url := web_address(one, base))), "")
