"""RSS (0.9 to 2.0), RDF, CDF and Atom (0.3, RFC 4287) with the extensions that podcasts use, as entries of a feed.

feedparser reads the fields that an item or a feed has once: titles, links, ids, dates, authors, enclosures, numbers and
pictures. It is given these elements alone, item by item, so that nothing in a feed can make it slow, and an exception
costs the fields of one item. `podcast` reads what it flattens, from the tree itself.

Relative addresses are relative to `xml:base`; without one, to the channel's own page in RSS, to the feed itself in
Atom.
"""

import io
import re
from collections.abc import Iterator, Sequence
from typing import Any
from urllib.parse import urljoin
from xml.sax.saxutils import escape, quoteattr

import feedparser

from mlguide_site.importers.common.addresses import has_secrets, web_address
from mlguide_site.importers.common.naming import Person, read_person
from mlguide_site.importers.feed import podcast
from mlguide_site.importers.feed.descriptions import read_descriptions
from mlguide_site.importers.feed.elements import (
    NAMESPACES,
    XML,
    Children,
    base_of,
    children,
    feed_parts,
    item_parts,
    name_of,
    raw,
    text_part,
)
from mlguide_site.importers.feed.records import MAX_TITLE, Entry, Feed, RawItem, one_line
from mlguide_site.importers.feed.xml import Tree, channel_of
from mlguide_site.markdown.from_html import strip_tags

MAX_FIELDS = 60
"""Elements of an item that feedparser is given."""
MAX_TEXT = 4000
_READ = frozenset(
    "title link id guid pubDate published issued updated modified lastmod created author managingEditor name uri url"
    " enclosure image logo icon language subtitle dc:title dc:date dc:language dc:creator dc:author dcterms:issued"
    " dcterms:created dcterms:modified itunes:title itunes:subtitle itunes:author itunes:image itunes:duration"
    " itunes:episode itunes:season itunes:episodeType googleplay:author googleplay:image media:group media:title"
    " media:content media:thumbnail".split()
)
"""The elements that feedparser is given."""
_NESTED = frozenset(["author", "image", "media:group", "media:content"])
_ATTRIBUTES = ("href", "url", "rel", "type", "length", "fileSize", "duration", "isPermaLink", "lastmod")
_AUTHORS = frozenset(["author", "managingEditor", "dc:author", "dc:creator", "itunes:author"])
_MAIL = re.compile(r"^\S{1,200}@\S{1,200}\s{0,9}\((.{0,500})\)$|\s{0,9}<[^<>\s]{1,200}@[^<>\s]{1,200}>$")
_SPACES = "".join(
    f' xmlns:{prefix}="{NAMESPACES[prefix]}"' for prefix in ("dc", "dcterms", "googleplay", "itunes", "media")
)
Fields = dict[str, Any]
"""What feedparser reads, by its names."""


def read_feed(tree: Tree, address: str) -> Feed:
    """A feed from its tree; `address` is where it was fetched from, "" for a file."""
    root, channel = tree.root, channel_of(tree.root)
    is_atom = name_of(root.tag) == "feed"
    own, fields = children(channel), _feed_fields(root, channel, is_atom)
    outer = base_of(channel, base_of(root, address))
    self_link, next_link = (_link(fields, outer, rel) for rel in ("self", "next"))
    link = _link(fields, outer or self_link)
    # a key must not get into addresses that are made absolute with it
    near = self_link.partition("?")[0] if has_secrets(self_link) else self_link
    if outer == address and not is_atom:
        base = link or address or near
    else:
        base = base_of(channel, base_of(root, address or near or link))
    author = ", ".join(dict.fromkeys(person.name for person in _authors(fields, "")))
    found = {
        "summary": one_line(read_descriptions(feed_parts(own, base)).text) or one_line(fields.get("subtitle")),
        **podcast.read_fields(podcast.SERIES, own, base),
        "artwork": _picture(fields, base) or web_address(fields.get("logo") or fields.get("icon"), base),
    }
    return Feed(
        title=_title(fields),
        entries=_entries(tree.items, is_atom, base, author),
        language=one_line(fields.get("language")),
        link=link,
        author=author[:MAX_TITLE],
        address=self_link,
        next=next_link,
        people=podcast.read_people(own, base),
        fields={name: value for name, value in found.items() if value},
        problems=tree.problems,
    )


def _feed_fields(root: Any, channel: Any, is_atom: bool) -> Fields:
    """The fields of the feed itself."""
    elements = list(channel)
    if any(name_of(child.tag) == "itunes:author" for child in channel):
        elements = [one for one in elements if name_of(one.tag) not in {"author", "managingEditor", "dc:creator"}]
    if root is not channel:
        # in RSS 1.0 the picture is beside the channel
        elements += [child for child in root if name_of(child.tag) == "image"]
    # of two pictures feedparser keeps the last
    elements += [child for child in channel if name_of(child.tag) == "itunes:image"]
    language = str(channel.get(f"{XML}lang") or root.get(f"{XML}lang") or "")
    inner = f"<language>{escape(language)}</language>" if language else ""
    found = _parsed(inner + "".join(_shown(element, is_atom) for element in elements), is_atom)
    return dict(found.feed) if found is not None else {}


def _parsed(inner: str, is_atom: bool) -> Any:
    """What feedparser makes of the elements of a feed; None where it raises."""
    start, end = ("<feed{}>", "</feed>") if is_atom else ('<rss version="2.0"{}><channel>', "</channel></rss>")
    text = f'<?xml version="1.0" encoding="utf-8"?>{start.format(_SPACES)}{inner}{end}'
    try:
        return feedparser.parse(io.BytesIO(text.encode()), sanitize_html=False, resolve_relative_uris=False)
    except (ValueError, TypeError, LookupError, AttributeError, ArithmeticError, AssertionError, RecursionError):
        return None


def _shown(element: Any, is_atom: bool) -> str:
    """An element as feedparser is given it; "" for what it isn't to read."""
    name = name_of(element.tag)
    if name not in _READ:
        return ""
    base = base_of(element, "")
    keys = ("href", "url") if name.startswith("itunes:") else () if name == "title" else _ATTRIBUTES
    written = {key: value for key in keys if (value := element.get(key))}
    if base:
        written |= {key: _joined(base, value) for key, value in written.items() if key in {"href", "url"}}
    if len(element) and name in _NESTED:
        inner = "".join(_shown(child, is_atom) for child in element[:MAX_FIELDS])
    else:
        text = raw(element)
        if name == "title" and is_atom:
            # only Atom says whether a title is HTML; in RSS it is text, whatever it looks like
            part = text_part(element, "")
            text = strip_tags(part.text) if part.type == "text/html" else part.text
        elif name in _AUTHORS and "@" in text:
            # feedparser takes some addresses of mail apart in their middle
            text = _MAIL.sub(r"\1", text[:MAX_TEXT].strip())
        elif base and name == "link":
            text = _joined(base, text.strip())
        inner = escape(text[:MAX_TEXT])
    attributes = "".join(f" {key}={quoteattr(value[:MAX_TEXT])}" for key, value in written.items())
    return f"<{name}{attributes}>{inner}</{name}>"


def _entries(items: list[tuple[Any, int]], is_atom: bool, base: str, feed_author: str) -> Iterator[Entry]:
    """The items in their order; what was read of the tree is freed."""
    room = podcast.MAX_ALL_CHAPTERS
    items.reverse()
    while items:
        item, line = items.pop()
        shown = [text for child in item if (text := _shown(child, is_atom))][:MAX_FIELDS]
        written = "".join(f" {key}={quoteattr(item.get(key))}" for key in ("href", "lastmod") if item.get(key))
        name = "entry" if is_atom else "item"
        found = _parsed(f"<{name}{written}>{''.join(shown)}</{name}>", is_atom)
        fields = found.entries[0] if found is not None and found.entries else {}
        entry = _raw_item(item, line, fields, base_of(item, base), feed_author, room).entry()
        item.clear()
        room -= len(entry.chapters)
        yield entry


def _raw_item(item: Any, line: int, fields: Fields, base: str, feed_author: str, room: int) -> RawItem:
    """The texts of one item."""
    found = children(item)
    guid = one_line(dict.get(fields, "id"))
    link = _link(fields, base) or _permalink(found, guid, base)
    chapters, unread = podcast.read_chapters(found, base, room)
    people = podcast.read_people(found, base)
    authors = [one for one in _authors(fields, base) if one.name not in {feed_author, *(p.name for p in people)}]
    links: Sequence[Fields] = fields.get("links", ())
    enclosures = [one for one in links if one.get("rel", "enclosure") == "enclosure"]
    media: Sequence[Fields] = fields.get("media_content", ())
    return RawItem(
        base,
        line,
        title=_title(fields),
        link=link,
        guid=guid,
        summary=one_line(fields.get("subtitle")),
        kind=one_line(fields.get("itunes_episodetype")).casefold(),
        parts=(part._replace(page=link) for part in item_parts(found, base)),
        # feedparser's own access would take one date for another
        dates=[str(dict.get(fields, key) or "") for key in ("published", "updated", "created")],
        lengths=_texts([fields.get("itunes_duration"), *(one.get("duration") for one in media)]),
        numbers=_texts([fields.get("itunes_episode"), *(raw(one)[:200] for one in found.get("podcast:episode", ()))]),
        seasons=_texts([fields.get("itunes_season"), *(raw(one)[:200] for one in found.get("podcast:season", ()))]),
        media=[
            (_address(one), str(one.get("type") or ""), str(one.get("length") or one.get("filesize") or ""))
            for one in (*enclosures, *media)
        ],
        people=(*people, *authors),
        more=podcast.read_fields(podcast.EPISODE, found, base) | {"artwork": _picture(fields, base)},
        chapters=chapters,
        addresses=[*(("", _address(one)) for one in (*links, *media)), *podcast.addresses(found)],
        unread=unread,
    )


def _joined(base: str, url: str) -> str:
    try:
        return urljoin(base, url)
    except ValueError:
        return url


def _address(link: Fields) -> Any:
    return link.get("href") or link.get("url")


def _title(fields: Fields) -> str:
    return one_line(fields.get("title") or fields.get("itunes_title"))[:MAX_TITLE]


def _texts(values: Sequence[Any]) -> list[str]:
    return [text for value in values if (text := one_line(value))]


def _link(fields: Fields, base: str, rel: str = "alternate") -> str:
    """The address of the first link of a relation; of several pages one of HTML."""
    links = [one for one in fields.get("links", ()) if one.get("rel") == rel]
    links.sort(key=lambda one: rel == "alternate" and "html" not in str(one.get("type", "html")))
    return next((url for one in links if (url := web_address(one.get("href"), base))), "")


def _permalink(found: Children, guid: str, base: str) -> str:
    """The page of an item by its guid, if that is an address of one."""
    declared = [str(one.get("isPermaLink") or "").strip().casefold() for one in found.get("guid", ())]
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
    """The picture of a feed or an item."""
    images = [fields.get(key) for key in ("image", "googleplay_image")]
    urls = [one.get("href") for one in images if isinstance(one, dict)]
    urls += [one.get("url") for one in fields.get("media_thumbnail", ())]
    return next((url for one in urls if (url := web_address(one, base))), "")
