"""Reads a feed and its items: RSS (0.9 to 2.0), RDF and Atom (0.3, RFC 4287).

The library feedparser receives one item at a time, with shortened fields. Therefore, a large feed can't slow feedparser
down, and an exception affects only one item. The module `podcast` reads podcast elements, because feedparser drops some
of their values. The base of relative addresses is `xml:base`, or else the channel's page (RSS) or the feed (Atom)."""

import io
import re
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from posixpath import splitext
from typing import Any, NamedTuple
from urllib.parse import urlsplit

import feedparser
from lxml import etree

from mlguide_site.errors import Problem
from mlguide_site.importers.common.addresses import AUDIO_TYPES, web_address
from mlguide_site.importers.common.dates_and_durations import duration_field, read_date, read_length
from mlguide_site.importers.common.decoding import parse_xml
from mlguide_site.importers.common.naming import Person, read_person, whole_number
from mlguide_site.importers.feed import podcast
from mlguide_site.importers.feed.descriptions import Notes, Part, read_descriptions
from mlguide_site.importers.feed.podcast import MAX_TITLE, MEDIA_TYPE, one_line, text_of, texts_of
from mlguide_site.importers.feed.xml import Tree, local_name
from mlguide_site.markdown.blocks_from_html import strip_tags, without_password
from mlguide_site.model.transcript import Chapter
from mlguide_site.model.words import WORDS

MAX_EACH = podcast.MAX_CHAPTERS  # maximum number of elements with the same name in an item
MAX_TEXT = 4000
_TAGS = re.compile(r"<(em|i|b|strong|span)(?:\s[^<>]{0,100})?>([^<>\s][^<>]{0,1000})</\1>", re.I)
_DESCRIPTIONS = frozenset(["description", "encoded", "summary", "subtitle", "content"])
_AUTHORS = frozenset(["author", "managingeditor", "creator"])
_MAIL = re.compile(r"^\S{1,200}@\S{1,200}\s{0,9}\((.{0,500})\)$|\s{0,9}<[^<>\s]{1,200}@[^<>\s]{1,200}>$")
_MEDIA = "{http://search.yahoo.com/mrss/}"
_BASE = "{http://www.w3.org/XML/1998/namespace}base"
_AROUND = {True: (b"<feed>", b"</feed>"), False: (b'<rss version="2.0"><channel>', b"</channel></rss>")}
"""The XML that feedparser needs around an item, for Atom (True) and RSS (False)."""


class Entry(NamedTuple):
    """An item. Missing values are "" or None. `fields` are front matter fields. `dated` is the date as written."""

    title: str
    line: int
    notes: Notes
    guid: str
    link: str
    dated: str
    number: int | None
    season: int | None
    kind: str
    people: tuple[Person, ...]
    fields: Mapping[str, Any]
    chapters: tuple[Chapter, ...]
    has_surplus: bool = False  # whether the item has more categories than `MAX_EACH`

    @property
    def enclosure(self) -> str:
        return str((self.fields["audio"] or {}).get("url", ""))

    @property
    def is_empty(self) -> bool:
        notes, fields = self.notes, self.fields
        return not any((self.title, self.link, notes.text, notes.fault, fields["summary"], fields["audio"]))


class Feed(NamedTuple):
    """A feed; `entries` are read on demand. `address` is declared in the feed. `fields` describe the series. `more` is
    the address of older items, and `moved` the feed's new address."""

    title: str
    entries: Iterable[Entry]
    language: str
    link: str
    address: str
    people: tuple[Person, ...]
    fields: Mapping[str, Any]
    problems: tuple[Problem, ...]
    more: str = ""
    moved: str = ""


def read_feed(tree: Tree, address: str) -> Feed:
    """Read a feed from its tree. `address` is the address that the feed was fetched from, or "" for a file."""
    root = tree.root
    channel = next((child for child in root if local_name(child) == "channel"), root)
    is_atom = local_name(root) == "feed"
    declared = str(channel.get(_BASE) or root.get(_BASE) or "").strip()
    fields = _parsed(root).get("feed", {})
    self_link = _link(fields, address, "self")
    # remove the query, because relative addresses must not inherit an access key
    near = address or self_link.partition("?")[0]
    outer = web_address(declared, near) or near
    link = _link(fields, outer)
    base = outer if is_atom or declared else link or outer
    moved = web_address(next(iter(texts_of(channel, "new-feed-url")), ""), outer)
    known = {one.partition("://")[2].rstrip("/") for one in (address, self_link)}
    # feedparser takes the owner of a podcast for its author
    own = [] if is_atom else [{"name": text_of(one)} for one in podcast.children(channel, "author") if not len(one)]
    authors = _authors({"authors": own}, "") or _authors(fields, "")
    author = ", ".join(dict.fromkeys(one.name for one in authors))[:MAX_TITLE]
    owners = {name for one in podcast.children(channel, "owner") for name in texts_of(one, "name")}
    return Feed(
        title=_title(fields, is_atom),
        entries=_entries(tree.items, is_atom, base, frozenset({author, *owners})),
        language=one_line(fields.get("language")),
        link=link,
        address=self_link,
        people=podcast.read_people(channel, base),
        fields={
            "author": author,
            "summary": _summary(channel, is_atom),
            "artwork": _picture(fields, base),
            **podcast.read_fields(podcast.SERIES, channel, base),
        },
        problems=tree.problems,
        more=_link(fields, outer, "next") or _link(fields, outer, "prev-archive"),  # RFC 5005
        moved=moved if moved.partition("://")[2].rstrip("/") not in known else "",
    )


def _entries(items: list[tuple[bytes, int]], is_atom: bool, base: str, authors: frozenset[str]) -> Iterator[Entry]:
    """Yield the items in order. Each item is removed from `items`, to free memory."""
    items.reverse()
    while items:
        data, line = items.pop()
        item = parse_xml(data, recover=True)
        own_base = web_address(str(item.get(_BASE) or "").strip(), base) or base
        if own_base:
            item.set(_BASE, own_base)
        has_surplus = len(item.findall("{*}category")) > MAX_EACH
        found: dict[str, Any] = next(iter(_parsed(item, *_AROUND[is_atom]).get("entries", ())), {})
        yield _entry(item, line, found, is_atom, own_base, authors)._replace(has_surplus=has_surplus)


def _cut(element: Any) -> None:
    """Keep at most `MAX_EACH` elements with the same name, and elements with the first `MAX_EACH` names. Shorten long
    texts. Otherwise, feedparser may be slow."""
    seen: Counter[str] = Counter()
    for child in list(element):
        for one in () if local_name(child) in _DESCRIPTIONS else list(child.iter(etree.Element)):
            name = local_name(one)
            seen[name] += 1
            if seen[name] > MAX_EACH or len(seen) > MAX_EACH:
                one.getparent().remove(one)
            elif one.text:
                text = one.text[:MAX_TEXT]
                # feedparser splits some email addresses wrongly
                one.text = _MAIL.sub(r"\1", text.strip()) if name in _AUTHORS and "@" in text else text


def _parsed(element: Any, start: bytes = b"", end: bytes = b"") -> Any:
    """Parse `start`, an element and `end` as one XML text with feedparser. Return {} if parsing raises an exception."""
    _cut(element)
    try:
        data = start + etree.tostring(element, with_tail=False) + end
        return feedparser.parse(io.BytesIO(data), sanitize_html=False, resolve_relative_uris=False)
    except Exception:
        return {}


def _entry(item: Any, line: int, found: dict[str, Any], is_atom: bool, base: str, authors: frozenset[str]) -> Entry:
    # feedparser resolves some guids as relative addresses, so guids are read from the tree
    guid = next(iter([*texts_of(item, "guid"), *texts_of(item, "id")]), "")
    link = _link(found, base) or web_address(guid if found.get("guidislink") else "", "")
    people = podcast.read_people(item, base)
    others = {*authors, *(person.name for person in people)}
    media = found.get("media_content", ())
    files = [one for one in found.get("links", ()) if one.get("rel", "enclosure") == "enclosure"]
    # use `dict.get`, because feedparser's own `get` may return the value of a similar key
    days = [text for key in ("published", "updated", "created") if (text := one_line(dict.get(found, key))[:200])]
    summary = one_line(found.get("subtitle"))
    # Media RSS: text without the type `html` is plain text; in Atom, feedparser gives it the type of a summary
    special = item.iter(f"{_MEDIA}description") if is_atom else podcast.children(item, "encoded")
    texts = {"".join(one.itertext()).strip() for one in special if one.get("type") != "html"}
    own = _recordings([*files, *media], base).values()
    audio = min(own, key=lambda one: one["type"].startswith("video/"), default=None)
    alternatives = [
        {"url": source.get("uri"), "type": one.get("type"), "length": one.get("length")}
        for one in podcast.children(item, "alternateEnclosure")
        for source in podcast.children(one, "source")
    ]
    recordings = _recordings([*files, *media, *alternatives], base)
    lengths = [*texts_of(item, "duration"), *(one.get("duration") for one in media)]
    return Entry(
        title=_title(found, is_atom),
        line=line,
        notes=read_descriptions(_parts(found, is_atom, texts, base, link)),
        guid=without_password(guid)[:MAX_TITLE],
        link=link,
        dated=next(filter(read_date, days), next(iter(days), "")),
        number=_first(texts_of(item, "episode"), whole_number),
        season=_first(texts_of(item, "season"), whole_number),
        kind=next(iter(texts_of(item, "episodeType")), "").casefold(),
        people=(*people, *(person for person in _authors(found, base) if person.name not in others)),
        fields={
            "artwork": _picture(found, base),
            **podcast.read_fields(podcast.EPISODE, item, base),
            "duration": duration_field(_first(lengths, read_length)),
            "summary": summary if len(summary) <= MAX_TITLE else "",
            "tags": _tags(found),
            "audio": audio,
            "alternates": [one for url, one in recordings.items() if audio and url != audio["url"]],
        },
        chapters=podcast.read_chapters(found.get("psc_chapters", {}).get("chapters", ()), base),
    )


def _first(texts: Iterable[Any], read: Callable[[str], Any]) -> Any:
    """Return the first value that `read` finds in the texts. Zero is only returned if there is no other value."""
    values = (value for one in texts if (value := read(one_line(one)[:200])) is not None)
    return max(values, key=bool, default=None)


def _parts(fields: dict[str, Any], is_atom: bool, texts: Collection[str], base: str, page: str) -> Iterator[Part]:
    """Yield the descriptions of an item; HTML content comes first. A subtitle that is too long for a summary counts as
    a description. In RSS, only `texts` (of `content:encoded`) are treated as HTML, and in Atom, `texts` (of
    `media:description`) aren't."""
    contents = sorted(fields.get("content", ()), key=lambda one: "html" not in one.get("type", ""))
    details = [*contents, *filter(None, [dict.get(fields, "summary_detail")])]
    if len(str(fields.get("subtitle"))) > MAX_TITLE:
        details.append(fields.get("subtitle_detail", {}))
    for one in details:
        kind = "text/html" if "html" in one.get("type", "") else "text/plain" if one.get("type") == "text/plain" else ""
        # feedparser also writes `</br>`, which browsers treat as a second line break
        text = str(one.get("value") or "").replace("<br></br>", "<br>")
        is_listed = text.strip() in texts
        if is_listed or not is_atom:
            kind = "text/html" if is_listed and not is_atom else ""
        yield Part(text, kind, one.get("base") or base, page)


def _title(fields: Mapping[str, Any], is_atom: bool) -> str:
    """Return the title in one line. Only Atom declares whether a title is HTML. In RSS, a title is text, but some feeds
    have pairs of tags in it."""
    title = str(fields.get("title") or fields.get("itunes_title") or "")
    is_html = is_atom and "html" in fields.get("title_detail", {}).get("type", "")
    return one_line(strip_tags(title) if is_html else _TAGS.sub(r"\2", title))[:MAX_TITLE]


def _summary(channel: Any, is_atom: bool) -> str:
    names = ("subtitle", "tagline") if is_atom else ("description", "summary")
    texts = ("".join(one.itertext()) for name in names for one in podcast.children(channel, name))
    return max((one_line(strip_tags(text) if "<" in text else text) for text in texts), key=len, default="")


def _link(fields: Mapping[str, Any], base: str, rel: str = "alternate") -> str:
    """Return the address of the first link with the relation `rel`; HTML pages have priority."""
    links = [one for one in fields.get("links", ()) if one.get("rel") == rel]
    links.sort(key=lambda one: rel == "alternate" and "html" not in str(one.get("type", "html")))
    return next((url for one in links if (url := web_address(one.get("href"), base))), "")


def _authors(fields: Mapping[str, Any], base: str) -> list[Person]:
    return [
        read_person(name, "author", "", web_address(one.get("href"), base))
        for one in fields.get("authors", ())[: podcast.MAX_EACH]
        if (name := one_line(one.get("name"))[:MAX_TITLE])
        and "@" not in name
        and name.casefold() not in WORDS["logins"]
    ]


def _tags(fields: Mapping[str, Any]) -> list[str]:
    """Return the categories and keywords of an item. If two names differ only in case, the first is kept."""
    tags: dict[str, str] = {}
    for one in fields.get("tags", ()):
        if tag := one_line(one.get("label") or one.get("term"))[:MAX_TITLE].strip():
            tags.setdefault(tag.casefold(), tag)
    return list(tags.values())


def _picture(fields: Mapping[str, Any], base: str) -> str:
    urls = [fields.get("image", {}).get("href"), fields.get("logo"), fields.get("icon")]
    urls += [one.get("url") for one in fields.get("media_thumbnail", ())]
    return next((url for one in urls if (url := web_address(one, base))), "")


def _recordings(files: Sequence[Mapping[str, Any]], base: str) -> dict[str, dict[str, Any]]:
    found: dict[str, dict[str, Any]] = {}
    for one in files:
        url = web_address(one.get("href") or one.get("url"), base)
        type, size = str(one.get("type") or "").strip(), whole_number(one.get("length") or one.get("filesize"), 15)
        # hosts often declare audio as `application/octet-stream`
        if not (MEDIA_TYPE.fullmatch(type) and type.startswith(("audio/", "video/"))):
            type = AUDIO_TYPES.get(splitext(urlsplit(url).path)[1].casefold(), "")
        if url and type:
            # in feeds, a length of 0 or 1 means that the size is unknown
            found.setdefault(url, {"url": url, "type": type} | ({"bytes": size} if size and size > 1 else {}))
    return found
