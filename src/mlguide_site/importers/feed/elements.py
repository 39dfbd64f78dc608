"""One table for items and one for channels: which elements of RSS, RDF and Atom become which field, and how.

Besides the elements of these formats they hold those of iTunes, Media RSS, Dublin Core, the podcast namespace
(https://podcastindex.org/namespace/1.0), and Podlove's simple chapters (https://podlove.org/simple-chapters/).
"""

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import lru_cache
from html import escape
from typing import Any, NamedTuple

from lxml import etree

from mlguide_site.importers.common.addresses import web_address
from mlguide_site.importers.common.dates_and_durations import MAX_SECONDS
from mlguide_site.importers.common.naming import Person, read_person
from mlguide_site.importers.feed.descriptions import Part
from mlguide_site.importers.feed.records import LANGUAGE, MAX_TITLE, MEDIA_TYPE, Medium, Values, one_line
from mlguide_site.importers.feed.xml import UNDECLARED
from mlguide_site.markdown.from_html import strip_tags
from mlguide_site.model.base import format_duration

MAX_EACH = 1_000
"""Elements of one name that are read in one item."""
MAX_TEXT = 20_000
"""Characters of a text that is no description."""
_SECONDS = re.compile(r"[0-9]{1,7}(?:\.[0-9]{1,9})?")
_MAIL = re.compile(r"^\S{1,200}@\S{1,200}\s{0,9}\((.{0,500})\)$|\s{0,9}<[^<>\s]{1,200}@[^<>\s]{1,200}>$")
_PREFIXES = (
    ("podcastindex.org/", "podcast:"),
    ("github.com/podcastindex-org/", "podcast:"),
    ("itunes.com/", "itunes:"),
    ("search.yahoo.com/mrss", "media:"),
    ("podlove.org/simple-chapters", "psc:"),
    ("purl.org/rss/1.0/modules/content", "content:"),
    ("purl.org/dc/", "dc:"),
    (f"{UNDECLARED}dcterms", "dc:"),
    ("w3.org/2005/atom", ""),
    ("purl.org/atom/", ""),
    (f"{UNDECLARED}atom", ""),
    ("purl.org/rss/", ""),
    ("backend.userland.com/", ""),
)
"""How the addresses of namespaces begin, without scheme and `www.`, in lower case, and the prefixes of names here."""

Children = Mapping[str, Sequence[Any]]
"""The children of an element by name, those of one name in their order."""
Read = Callable[[Any, str], Any]
"""Reads the value of one element; the second argument is what addresses in it are relative to."""


@lru_cache(maxsize=4096)
def name_of(tag: Any) -> str:
    """The name of an element as `prefix:name` in lower case, whatever prefix the feed uses; without one in RSS and
    Atom.

    >>> name_of("{http://www.itunes.com/dtds/podcast-1.0.dtd}episodeType"), name_of("pubDate"), name_of("{urn:x}y")
    ('itunes:episodetype', 'pubdate', '?:y')
    """
    space, is_in_space, local = str(tag).casefold().rpartition("}")
    plain = re.sub(r"^\{(?:https?://)?(?:www\.)?", "", space)
    other = plain.removeprefix(UNDECLARED) + ":" if plain.startswith(UNDECLARED) else "?:"
    known = (prefix for start, prefix in _PREFIXES if plain.startswith(start))
    return next(known, other if is_in_space else "") + local


def children(element: Any) -> Children:
    """The children of an element by name, those of a group among them."""
    found: dict[str, list[Any]] = defaultdict(list)
    for child in element.iterchildren(etree.Element):
        for one in child if name_of(child.tag) in {"media:group", "psc:chapters"} else (child,):
            found[name_of(one.tag)].append(one)
    return found


def text_of(element: Any, _base: str = "") -> str:
    """The text of an element in one line."""
    return one_line("".join(element.itertext())[:MAX_TEXT])[:MAX_TITLE]


def _markup(element: Any) -> str:
    """The text of an element; where it has elements in it, it is HTML with these."""
    if not len(element):
        return element.text or ""
    for one in element.iter(etree.Element):
        one.tag = etree.QName(one).localname
    return escape(element.text or "") + "".join(
        etree.tostring(one, encoding="unicode", method="html") for one in element
    )


def _attribute(name: str) -> Read:
    return lambda element, _: one_line(element.get(name))[:MAX_TITLE]


def _address(name: str) -> Read:
    return lambda element, base: web_address(element.get(name), base)


def _link(rel: str) -> Read:
    """Reads an address where the element is a link of a relation; one to a page only where that is HTML."""

    def read(element: Any, base: str) -> str:
        is_page = "html" in element.get("type", "html")
        is_meant = element.get("rel", "alternate") == rel and (is_page or rel != "alternate")
        return web_address(element.get("href") or element.text, base) if is_meant else ""

    return read


def _permalink(element: Any, base: str) -> str:
    """The page of an item by its guid, if that is an address of one."""
    text, declared = text_of(element), element.get("isPermaLink", "").strip().casefold()
    is_page = declared == "true" or (not declared and re.match(r"https?://", text))
    return web_address(text, base) if is_page else ""


def _title(element: Any, _base: str) -> str:
    """A title. Only Atom says whether it is HTML; in RSS it is text, whatever it looks like."""
    is_html = "html" in element.get("type", "")
    return one_line(strip_tags(_markup(element)[:MAX_TEXT]))[:MAX_TITLE] if is_html else text_of(element)


def _summary(element: Any, _base: str) -> str:
    text = "".join(element.itertext())
    return one_line(strip_tags(text) if "<" in text else text)


def _description(element: Any, base: str) -> Part | None:
    """A description. Only Atom and `content:encoded` say whether it is HTML."""
    name, type = name_of(element.tag), element.get("type", "")
    is_html = name == "content:encoded" or len(element) > 0
    if type and name in {"content", "summary"}:
        is_html = "html" in type
    kind = "text/html" if is_html else "text/plain" if type and name in {"content", "summary"} else ""
    text = _markup(element)
    return Part(text, kind, base) if text.strip() else None


def _medium(element: Any, base: str) -> Medium | None:
    """An enclosure: address, type and size."""
    if element.get("rel", "enclosure") != "enclosure" or (name_of(element.tag) == "link" and not element.get("rel")):
        return None
    url = web_address(element.get("url") or element.get("href"), base)
    return Medium(url, element.get("type", ""), element.get("length") or element.get("fileSize") or "")


def _author(element: Any, base: str) -> Person | None:
    """An author of RSS, or of Atom with a page; an address of mail is left out."""
    own = children(element)
    name = next((text_of(one) for one in own.get("name", ())), "") or _MAIL.sub(r"\1", text_of(element))
    url = next((web_address(text_of(one), base) for key in ("uri", "url") for one in own.get(key, ())), "")
    return read_person(name, "author", "", url) if "@" not in name else None


def _person(element: Any, base: str) -> Person | None:
    role, group = (one_line(element.get(key))[:100] for key in ("role", "group"))
    href, picture = (web_address(element.get(key), base) for key in ("href", "img"))
    return read_person(text_of(element), role, group, href, picture)


def _picture(element: Any, base: str) -> str:
    """The picture of a channel: an address, or an element with one."""
    inner = children(element).get("url", (element,))
    return web_address(element.get("href") or text_of(inner[0]), base)


def _transcript(element: Any, base: str) -> dict[str, str] | None:
    """A transcript as front matter has it; None without an address."""
    kind, language = (element.get(name, "").strip() for name in ("type", "language"))
    found = {
        "url": web_address(element.get("url"), base),
        "type": kind if MEDIA_TYPE.fullmatch(kind) else "",
        "language": language if LANGUAGE.fullmatch(language) else "",
        "rel": "captions" if element.get("rel", "").strip().casefold() == "captions" else "",
    }
    return {name: value for name, value in found.items() if value} if found["url"] else None


def _soundbite(element: Any, _base: str) -> dict[str, str] | None:
    """A soundbite as front matter has it, in whole seconds; None for times that can't be parsed."""
    times = [element.get(name, "").strip() for name in ("startTime", "duration")]
    if not all(_SECONDS.fullmatch(time) and round(float(time)) <= MAX_SECONDS for time in times):
        return None
    start, length = (round(float(time)) for time in times)
    found = {"start": format_duration(start), "duration": format_duration(max(1, length)), "title": text_of(element)}
    return {name: value for name, value in found.items() if value}


def _licence(element: Any, base: str) -> str:
    """A licence by its name and, where it has one, its address."""
    text, url = text_of(element), web_address(element.get("url"), base)
    return f"{text} ({url})" if text and url else text or url


def _funding(element: Any, base: str) -> dict[str, str] | None:
    url = web_address(element.get("url"), base)
    return {"title": text_of(element) or "Support the show", "url": url} if url else None


def _chapter(element: Any, base: str) -> dict[str, str]:
    """One of Podlove's chapters as written."""
    link, picture = (web_address(element.get(key), base) for key in ("href", "image"))
    title = one_line(element.get("title"))[:MAX_TITLE]
    return {"start": element.get("start", ""), "title": title, "link": link, "picture": picture}


class Row(NamedTuple):
    """Elements, the preferred first, the field that each becomes a value of, and how it is read."""

    elements: str
    field: str
    read: Read = text_of


ITEM = (
    Row("title itunes:title media:title dc:title", "title", _title),
    Row("link", "link", _link("alternate")),
    Row("guid", "link", _permalink),
    Row("guid id", "guid"),
    Row("itunes:subtitle", "summary"),
    Row("content:encoded content description summary itunes:summary media:description", "notes", _description),
    Row("pubdate published issued dc:issued updated modified dc:date dc:modified created dc:created", "date"),
    Row("itunes:duration", "duration"),
    Row("media:content", "duration", _attribute("duration")),
    Row("itunes:episode podcast:episode", "number"),
    Row("itunes:season podcast:season", "season"),
    Row("itunes:episodetype", "kind"),
    Row("enclosure link media:content", "audio", _medium),
    Row("podcast:person", "people", _person),
    Row("author dc:creator itunes:author managingeditor", "authors", _author),
    Row("itunes:image", "artwork", _address("href")),
    Row("media:thumbnail", "artwork", _address("url")),
    Row("podcast:transcript", "transcripts", _transcript),
    Row("podcast:chapters", "chapters", _address("url")),
    Row("podcast:soundbite", "soundbites", _soundbite),
    Row("podcast:season", "season_title", _attribute("name")),
    Row("podcast:episode", "label", _attribute("display")),
    Row("podcast:license", "licence", _licence),
    Row("podcast:location", "place"),
    Row("psc:chapter", "psc", _chapter),
)
CHANNEL = (
    Row("title", "title", _title),
    Row("link", "link", _link("alternate")),
    Row("link", "next", _link("next")),
    Row("language dc:language", "language"),
    Row("description itunes:summary subtitle tagline", "summary", _summary),
    Row("itunes:author", "author"),
    Row("author dc:creator managingeditor", "authors", _author),
    Row("podcast:person", "people", _person),
    Row("podcast:medium", "kind", lambda element, _: "course" if text_of(element).casefold() == "course" else ""),
    Row("podcast:license", "licence", _licence),
    Row("podcast:guid", "guid", lambda element, _: text_of(element)[:100]),
    Row("podcast:funding", "funding", _funding),
    Row("itunes:image", "artwork", _address("href")),
    Row("image logo icon", "artwork", _picture),
)


def read_rows(rows: Iterable[Row], found: Children, base_of: Callable[[Any], str]) -> Values:
    """What elements say for each field, the preferred value first."""
    values: dict[str, list[Any]] = defaultdict(list)
    for row in rows:
        for element in (one for name in row.elements.split() for one in found.get(name, ())[:MAX_EACH]):
            if value := row.read(element, base_of(element)):
                values[row.field].append(value)
    return values
