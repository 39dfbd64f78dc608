"""RSS (0.9 to 2.0), RDF, CDF and Atom (0.3, RFC 4287) with the extensions that podcasts use, as entries of a feed.

feedparser reads the fields that an item or a feed has once: titles, links, ids, dates, authors, enclosures, numbers and
pictures. It is given a copy of the repaired tree with these fields alone, so that nothing in a feed can make it slow or
raise an exception. `podcast` reads what it flattens, from the tree itself.

Relative addresses are relative to `xml:base`; without one, to the channel's own page in RSS, to the feed itself in
Atom.
"""

import io
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any
from urllib.parse import urljoin
from xml.sax.saxutils import escape, quoteattr

import feedparser

from mlguide_site.importers.common.addresses import has_secrets
from mlguide_site.importers.common.fields import duration_field, read_length
from mlguide_site.importers.common.people import Person, read_person
from mlguide_site.importers.feed import podcast
from mlguide_site.importers.feed.descriptions import read_descriptions
from mlguide_site.importers.feed.podcast import XML, Found, base_of, children, name_of, raw
from mlguide_site.importers.feed.records import (
    MAX_TITLE,
    MAX_URL,
    Entry,
    Feed,
    acting_addresses,
    day_of,
    first_sound,
    one_line,
    password_addresses,
    sound,
    web_address,
    whole_number,
)
from mlguide_site.importers.feed.xml import NAMESPACES, Tree, channel_of
from mlguide_site.markdown.from_html import strip_tags, without_password

MAX_FIELDS = 60
"""Fields of an item that feedparser is given."""
MAX_TEXT = 2 * MAX_URL
KINDS = frozenset({"", "full", "trailer", "bonus"})
"""What `itunes:episodeType` may be."""
_BATCH = 200
_PREFIXES = ("dc", "dcterms", "googleplay", "itunes", "media")
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
_SPACES = "".join(f' xmlns:{prefix}="{NAMESPACES[prefix]}"' for prefix in _PREFIXES)
_RAISED = (ValueError, TypeError, LookupError, AttributeError, ArithmeticError, AssertionError, RecursionError)
Fields = dict[str, Any]


def read_feed(tree: Tree, address: str) -> Feed:
    """A feed from its tree; `address` is where it was fetched from, "" for a file."""
    root = tree.root
    is_atom = name_of(root.tag) == "feed"
    channel = channel_of(root)
    reader = _Reader(is_atom)
    own, fields = children(channel), reader.feed_fields(root, channel)
    outer = base_of(channel, base_of(root, address))
    self_link, next_link = (_link(fields, outer, rel) for rel in ("self", "next"))
    link = _link(fields, outer or self_link)
    # a key must not get into addresses that are made absolute with it
    near = self_link.partition("?")[0] if has_secrets(self_link) else self_link
    if outer == address and not is_atom:
        reader.base = link or address or near
    else:
        reader.base = base_of(channel, base_of(root, address or near or link))
    authors = ", ".join(dict.fromkeys(person.name for person in _authors(fields, "")))
    summary = one_line(read_descriptions(podcast.feed_parts(own, reader.base)).text)
    found = {
        "summary": summary or one_line(fields.get("subtitle")),
        **podcast.series_fields(own, reader.base),
        "artwork": _picture(fields, reader.base) or web_address(fields.get("logo") or fields.get("icon"), reader.base),
    }
    return Feed(
        title=one_line(fields.get("title") or fields.get("itunes_title"))[:MAX_TITLE],
        entries=reader.entries(tree.items, authors),
        language=one_line(fields.get("language")),
        link=link,
        author=authors[:MAX_TITLE],
        address=self_link,
        next=next_link,
        people=podcast.read_people(own, reader.base),
        fields={name: value for name, value in found.items() if value},
        problems=tree.problems,
    )


class _Reader:
    """Reads items; `base` is what addresses are relative to where an item has no `xml:base`."""

    def __init__(self, is_atom: bool) -> None:
        self.is_atom = is_atom
        self.base = ""
        self.room = podcast.MAX_ALL_CHAPTERS

    def feed_fields(self, root: Any, channel: Any) -> Fields:
        """The fields of the feed itself."""
        has_author = any(name_of(child.tag) == "itunes:author" for child in channel)
        names = {"author", "managingEditor", "dc:creator"} if has_author else set[str]()
        inner = "".join(self.flat(child) for child in channel if name_of(child.tag) not in names)
        # in RSS 1.0 the picture is beside the channel
        beside = (child for child in root if name_of(child.tag) == "image") if root is not channel else ()
        # of two pictures feedparser keeps the last
        pictures = (child for child in channel if name_of(child.tag) == "itunes:image")
        inner += "".join(self.flat(child) for child in (*beside, *pictures))
        language = str(channel.get(f"{XML}lang") or root.get(f"{XML}lang") or "")
        if language:
            inner = f"<language>{escape(language)}</language>{inner}"
        found = self.parsed(inner)
        return dict(found.feed) if found is not None else {}

    def parsed(self, inner: str) -> Any:
        """What feedparser makes of the fields of a feed; None where it raises."""
        root, end = ("<feed>", "</feed>") if self.is_atom else ('<rss version="2.0"><channel>', "</channel></rss>")
        text = f'<?xml version="1.0" encoding="utf-8"?>{root.replace(">", _SPACES + ">", 1)}{inner}{end}'
        try:
            return feedparser.parse(io.BytesIO(text.encode()), sanitize_html=False, resolve_relative_uris=False)
        except _RAISED:
            return None

    def flat(self, element: Any) -> str:
        """A field as feedparser is given it; "" for what it isn't to read."""
        name = name_of(element.tag)
        prefix = name.rpartition(":")[0]
        if name not in _READ:
            return ""
        keys = ("href", "url") if prefix == "itunes" else () if name == "title" else _ATTRIBUTES
        base = base_of(element, "")
        shown = ""
        for key in keys:
            if value := element.get(key):
                value = _joined(base, value) if base and key in {"href", "url"} else value
                shown += f" {key}={quoteattr(value[:MAX_TEXT])}"
        if len(element) and name in _NESTED:
            inner = "".join(self.flat(child) for child in element[:MAX_FIELDS])
        elif name == "title" and self.is_atom:
            # only Atom says whether a title is HTML; in RSS it is text, whatever it looks like
            part = podcast.text_part(element, "")
            inner = escape((strip_tags(part.text) if part.type == "text/html" else part.text)[:MAX_TEXT])
        else:
            text = raw(element)[:MAX_TEXT]
            if name in _AUTHORS and "@" in text:
                # feedparser takes some addresses of mail apart in their middle
                text = _MAIL.sub(r"\1", text.strip())
            inner = escape(_joined(base, text.strip()) if base and name == "link" else text)
        return f"<{name}{shown}>{inner}</{name}>"

    def entries(self, items: list[tuple[Any, int]], feed_author: str) -> Iterator[Entry]:
        """The items in their order; what was read of the tree is freed."""
        items.reverse()
        while items:
            batch = [items.pop() for _ in range(min(_BATCH, len(items)))]
            for (item, line), fields in zip(batch, self.item_fields([item for item, _ in batch]), strict=True):
                yield self.entry(item, line, fields, feed_author)
                item.clear()

    def item_fields(self, items: Sequence[Any]) -> list[Fields]:
        """The fields of each item; none for an item that feedparser can't read."""
        name = "entry" if self.is_atom else "item"
        parts = []
        for item in items:
            fields = [flat for child in item if (flat := self.flat(child))][:MAX_FIELDS]
            shown = "".join(f" {key}={quoteattr(item.get(key))}" for key in ("href", "lastmod") if item.get(key))
            parts.append(f"<{name}{shown}>{''.join(fields)}</{name}>")
        found = self.parsed("".join(parts))
        if found is not None and len(found.entries) == len(items):
            return list(found.entries)
        if len(items) == 1:
            return [{}]
        half = len(items) // 2
        return [*self.item_fields(items[:half]), *self.item_fields(items[half:])]

    def entry(self, item: Any, line: int, fields: Fields, feed_author: str) -> Entry:
        """One item."""
        found = children(item)
        base = base_of(item, self.base)
        guid = one_line(dict.get(fields, "id"))
        link = _link(fields, base) or _permalink(found, guid, base)
        dates = [
            one_line(value)[:200] for key in ("published", "updated", "created") if (value := dict.get(fields, key))
        ]
        dated = next((value for value in dates if day_of(value)), dates[0] if dates else "")
        summary = one_line(fields.get("subtitle"))
        chapters, unread = podcast.read_chapters(found, base, self.room)
        self.room -= len(chapters)
        people = podcast.read_people(found, base)
        authors = [one for one in _authors(fields, base) if one.name not in {feed_author, *(p.name for p in people)}]
        links, media = fields.get("links", ()), fields.get("media_content", ())
        lengths = [
            str(value) for value in (fields.get("itunes_duration"), *(one.get("duration") for one in media)) if value
        ]
        kind = one_line(fields.get("itunes_episodetype")).casefold()
        seasons, numbers = (_texts(fields, found, name) for name in ("season", "episode"))
        unread = [
            *_unread("duration", lengths[:1], any(read_length(text.strip()[:40]) is not None for text in lengths)),
            *_unread("season", seasons, any(whole_number(text) is not None for text in seasons)),
            *_unread("episode number", numbers, any(whole_number(text) is not None for text in numbers)),
            *_unread("kind of episode", [kind], kind in KINDS),
            *podcast.unread_addresses(found, base),
            *unread,
        ]
        addresses = [one.get("href") or one.get("url") for one in (*links, *media)]
        more = podcast.episode_fields(found, base) | {"artwork": _picture(fields, base)}
        return Entry(
            title=one_line(fields.get("title") or fields.get("itunes_title"))[:MAX_TITLE],
            notes=read_descriptions(part._replace(page=link) for part in podcast.item_parts(found, base)),
            summary=summary if len(summary) <= MAX_TITLE else "",
            date=day_of(dated),
            dated=dated,
            duration=duration_field(next((n for text in lengths if (n := read_length(text.strip()[:40]))), None)),
            guid=without_password(guid)[:MAX_TITLE],
            link=link,
            audio=first_sound([*_sounds(links, base), *_sounds(media, base)]),
            number=next((number for text in numbers if (number := whole_number(text)) is not None), None),
            season=next((number for text in seasons if (number := whole_number(text)) is not None), None),
            kind=kind,
            line=line,
            people=(*people, *authors),
            more={name: value for name, value in more.items() if value},
            refused=acting_addresses(addresses),
            chapters=chapters,
            unread=tuple(unread),
            passwords=password_addresses([*addresses, *podcast.written_addresses(found)]),
        )


def _joined(base: str, url: str) -> str:
    try:
        return urljoin(base, url)
    except ValueError:
        return url


def _link(fields: Fields, base: str, rel: str = "alternate") -> str:
    """The address of the first link of a relation; of several pages one of HTML."""
    links = [one for one in fields.get("links", ()) if one.get("rel") == rel]
    links.sort(key=lambda one: rel == "alternate" and "html" not in str(one.get("type", "html")))
    return next((url for one in links if (url := web_address(one.get("href"), base))), "")


def _permalink(found: Found, guid: str, base: str) -> str:
    """The page of an item by its guid, if that is an address of one."""
    declared = [str(one.get("isPermaLink") or "").strip().casefold() for one in found.get("guid", ())]
    if "true" in declared or ("" in declared and re.match(r"https?://", guid)):
        return web_address(guid, base)
    return ""


def _authors(fields: Fields, base: str) -> list[Person]:
    """The authors that a feed or an item names; addresses of mail are left out."""
    people = (
        read_person(name, "author", "", web_address(one.get("href"), base))
        for one in fields.get("authors", ())[: podcast.MAX_EACH]
        if (name := one_line(one.get("name"))[:MAX_TITLE]) and "@" not in name
    )
    return [person for person in people if person is not None]


def _picture(fields: Fields, base: str) -> str:
    """The picture of a feed or an item."""
    thumbnails = (one.get("url") for one in fields.get("media_thumbnail", ()))
    images = (fields.get(key) for key in ("image", "googleplay_image"))
    urls = (*(one.get("href") for one in images if isinstance(one, Mapping)), *thumbnails)
    return next((url for one in urls if (url := web_address(one, base))), "")


def _texts(fields: Fields, found: Found, name: str) -> list[str]:
    """The texts of an item's season or number."""
    texts = (fields.get(f"itunes_{name}"), *(raw(one)[:200] for one in found.get(f"podcast:{name}", ())))
    return [shown for text in texts if (shown := one_line(text))]


def _unread(called: str, texts: Sequence[str], is_read: bool) -> Iterator[str]:
    if texts and texts[0] and not is_read:
        yield f'the {called} "{texts[0][:40]}"'


def _sounds(links: Sequence[Mapping[str, Any]], base: str) -> Iterator[Mapping[str, Any] | None]:
    """The enclosures that are audio or video."""
    for one in links:
        if one.get("rel", "enclosure") == "enclosure":
            url = web_address(one.get("href") or one.get("url"), base)
            yield sound(url, str(one.get("type") or ""), str(one.get("length") or one.get("filesize") or ""))
