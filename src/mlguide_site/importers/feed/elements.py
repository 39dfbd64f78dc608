"""Elements of a feed in lxml's tree: their names whatever prefix a feed uses, their texts, and descriptions in them."""

import re
from base64 import b64decode
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from html import escape
from typing import Any
from urllib.parse import urljoin

from lxml import etree

from mlguide_site.importers.feed.descriptions import Part

XML = "{http://www.w3.org/XML/1998/namespace}"
NAMESPACES = {
    "atom": "http://www.w3.org/2005/Atom",
    "content": "http://purl.org/rss/1.0/modules/content/",
    "dc": "http://purl.org/dc/elements/1.1/",
    "dcterms": "http://purl.org/dc/terms/",
    "googleplay": "http://www.google.com/schemas/play-podcasts/1.0",
    "itunes": "http://www.itunes.com/dtds/podcast-1.0.dtd",
    "media": "http://search.yahoo.com/mrss/",
    "podcast": "https://podcastindex.org/namespace/1.0",
}
"""Prefixes as feeds use them, even those that forget to declare them."""
_PREFIXES: tuple[tuple[str, str], ...] = (
    ("www.w3.org/2005/atom", ""),
    ("purl.org/atom/", ""),
    ("purl.org/rss/1.0/modules/content", "content"),
    ("purl.org/dc/terms", "dcterms"),
    ("purl.org/dc/", "dc"),
    ("www.itunes.com/dtd", "itunes"),
    ("search.yahoo.com/mrss", "media"),
    ("podcastindex.org/namespace", "podcast"),
    ("github.com/podcastindex-org/", "podcast"),
    ("www.google.com/schemas/play-podcasts", "googleplay"),
    ("podlove.org/simple-chapters", "psc"),
    ("purl.org/rss/1.0", ""),
    ("my.netscape.com/", ""),
    ("backend.userland.com/", ""),
)
"""How the addresses of namespaces begin, without scheme and in lower case, and their prefixes here."""
_DESCRIPTIONS = ("content", "summary", "content:encoded", "description", "itunes:summary", "googleplay:description",
                 "dc:description", "media:description")  # fmt: skip
"""The descriptions of an item, the one that is likely the fullest first."""
_SUMMARIES = ("description", "itunes:summary", "googleplay:description", "subtitle", "tagline")
"""Those of a feed."""

Children = Mapping[str, Sequence[Any]]
"""The children of an element by name, those of one name in their order."""


@lru_cache(maxsize=4096)
def name_of(tag: Any) -> str:
    """The name of an element as `prefix:name`, whatever prefix the feed uses; without one in RSS and Atom.

    >>> name_of("{http://www.itunes.com/dtds/podcast-1.0.dtd}author"), name_of("item"), name_of("{urn:x}y")
    ('itunes:author', 'item', '?:y')
    """
    if not isinstance(tag, str):
        return ""
    space, _, local = tag.rpartition("}")
    plain = re.sub(r"^\{https?://", "", space).casefold()
    prefix = next((prefix for start, prefix in _PREFIXES if plain.startswith(start)), "?") if space else ""
    return f"{prefix}:{local}" if prefix else local


def children(element: Any) -> Children:
    """The children of an element by name; those of a `media:group` are its own."""
    found: dict[str, list[Any]] = defaultdict(list)
    for child in element:
        for one in child if name_of(child.tag) == "media:group" else (child,):
            found[name_of(one.tag)].append(one)
    return found


def base_of(element: Any, outer: str) -> str:
    """What addresses in an element are relative to: its own `xml:base` (relative to the one around it), if any."""
    own = element.get(f"{XML}base")
    try:
        return urljoin(outer, str(own).strip()) if own else outer
    except ValueError:
        return outer


def raw(element: Any) -> str:
    """The text of an element, white space as it is."""
    return "".join(element.itertext()) if len(element) else str(element.text or "")


def _inner_html(element: Any) -> str:
    """What an element holds as HTML, without the prefixes of namespaces."""
    for inner in element.iterdescendants("*"):
        inner.tag = etree.QName(inner).localname
    parts = (etree.tostring(child, encoding="unicode", method="html") for child in element)
    return escape(str(element.text or ""), quote=False) + "".join(parts)


def text_part(element: Any, base: str) -> Part:
    """A text construct or the content of Atom (RFC 4287, 3.1 and 4.1.3); 0.3 has media types, and a mode."""
    kind = str(element.get("type") or "text").strip().casefold()
    mode = str(element.get("mode") or "").casefold()
    base = base_of(element, base)
    if kind in {"xhtml", "application/xhtml+xml"} or (len(element) and mode in {"", "xml"}):
        return Part(_inner_html(element), "text/html", base)
    if mode == "base64" or ("/" in kind and not kind.startswith("text/") and not kind.endswith(("+xml", "/xml"))):
        return Part(_from_base64(raw(element)), "text/html" if "html" in kind else "", base)
    is_html = kind in {"html", "text/html"} or mode == "escaped"
    return Part(raw(element), "text/html" if is_html else "text/plain", base)


def _from_base64(text: str) -> str:
    """Text from base64; as it is where it isn't that."""
    try:
        return b64decode("".join(text.split()), validate=True).decode()
    except ValueError:
        return text


def _part(element: Any, base: str) -> Part:
    """One description, with the type that its kind of element has."""
    name = name_of(element.tag)
    if name in {"content", "summary", "subtitle", "tagline"}:
        return text_part(element, base)
    kind = "text/html" if name == "content:encoded" or element.get("type") == "html" else ""
    return Part(_inner_html(element) if len(element) else raw(element), kind, base_of(element, base))


def item_parts(found: Children, base: str) -> Iterator[Part]:
    """All descriptions of an item."""
    return (_part(element, base) for name in _DESCRIPTIONS for element in found.get(name, ()))


def feed_parts(found: Children, base: str) -> Iterator[Part]:
    """The descriptions of a feed, the first of each kind."""
    return (_part(element, base) for name in _SUMMARIES for element in found.get(name, ())[:1])
