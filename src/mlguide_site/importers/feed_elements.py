"""Elements of a feed by the names that feeds use, whatever their namespace address or prefix is; their texts, their
addresses."""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from html import escape
from typing import Any
from urllib.parse import urljoin

from mlguide_site.importers.descriptions import Part
from mlguide_site.importers.entries import MAX_TITLE, one_line

XML = "{http://www.w3.org/XML/1998/namespace}"
_PREFIXES: tuple[tuple[str, str], ...] = (
    ("www.w3.org/2005/atom", "atom"),
    ("purl.org/atom/", "atom"),
    ("purl.org/rss/1.0/modules/content", "content"),
    ("purl.org/dc/", "dc"),
    ("www.itunes.com/dtds/", "itunes"),
    ("www.itunes.com/dtd", "itunes"),
    ("search.yahoo.com/mrss", "media"),
    ("podcastindex.org/namespace", "podcast"),
    ("github.com/podcastindex-org/", "podcast"),
    ("www.google.com/schemas/play-podcasts", "googleplay"),
    ("podlove.org/simple-chapters", "psc"),
    ("www.w3.org/1999/xhtml", "xhtml"),
    ("purl.org/rss/1.0", ""),
    ("my.netscape.com/", ""),
    ("backend.userland.com/", ""),
)
"""How the addresses of known namespaces begin, scheme aside and in small letters, and what elements of them are called
here."""
_VOID = frozenset(["area", "br", "col", "embed", "hr", "img", "input", "source", "track", "wbr"])

Found = Mapping[str, Sequence[Any]]
"""The children of an element by name, those of a name in their order."""


class Names:
    """The names of elements as `prefix:name`, remembered while one feed is read. `default` is the prefix of what has no
    namespace."""

    def __init__(self, default: str = "") -> None:
        self.default = default
        self.known: dict[str, str] = {}

    def of(self, element: Any) -> str:
        """The name of an element; "" for what is none."""
        tag = element.tag
        if not isinstance(tag, str):
            return ""
        if tag not in self.known:
            space, _, local = tag.rpartition("}")
            plain = re.sub(r"^\{https?://", "", space).casefold()
            prefix = next((prefix for start, prefix in _PREFIXES if plain.startswith(start)), "?") if space else ""
            prefix = prefix or self.default
            self.known[tag] = f"{prefix}:{local}" if prefix else local
        return self.known[tag]

    def children(self, element: Any) -> Found:
        """The children of an element by name."""
        found: dict[str, list[Any]] = defaultdict(list)
        for child in element:
            found[self.of(child)].append(child)
        return found


def base_of(element: Any, outer: str) -> str:
    """What addresses in an element are relative to, by its own `xml:base` (relative to the one around it) if any."""
    own = element.get(f"{XML}base")
    try:
        return urljoin(outer, str(own).strip()) if own else outer
    except ValueError:
        return outer


def raw(element: Any) -> str:
    """The text of an element, white space as it is."""
    return "".join(element.itertext()) if len(element) else str(element.text or "")


def text(found: Found, *names: str) -> str:
    """The text of the first element of these names that has one, as one line."""
    return next(
        (found_text for name in names for element in found.get(name, ()) if (found_text := one_line(raw(element)))), ""
    )


def inner_html(element: Any) -> str:
    """What an element holds as HTML, namespaces aside; markup within stays markup."""
    parts = [escape(str(element.text or ""), quote=False)]
    for child in element:
        parts += _outer_html(child)
    return "".join(parts)


def _outer_html(element: Any) -> Iterator[str]:
    if isinstance(element.tag, str):
        name = element.tag.rpartition("}")[2]
        attributes = "".join(f' {key}="{escape(str(value))}"' for key, value in element.attrib.items() if key[0] != "{")
        yield f"<{name}{attributes}>"
        yield escape(str(element.text or ""), quote=False)
        for child in element:
            yield from _outer_html(child)
        if name.casefold() not in _VOID:
            yield f"</{name}>"
    yield escape(str(element.tail or ""), quote=False)


def attribute(found: Found, name: str, key: str) -> str:
    """The first attribute of a name that an element of a name has, as one line."""
    return next((value for one in found.get(name, ()) if (value := one_line(one.get(key)))), "")[:MAX_TITLE]


def atom_part(element: Any, base: str) -> Part:
    """A text construct or the content of Atom (RFC 4287, 3.1 and 4.1.3); 0.3 has media types, and a mode."""
    kind = str(element.get("type") or "text").strip().casefold()
    mode = str(element.get("mode") or "").casefold()
    base = base_of(element, base)
    if kind in {"xhtml", "application/xhtml+xml"} or (len(element) and mode in {"", "xml"}):
        return Part(inner_html(element), "text/html", base)
    if kind in {"html", "text/html"} or mode == "escaped":
        return Part(raw(element), "text/html", base)
    return Part(raw(element), "text/plain", base)


def description(element: Any, base: str) -> Part:
    """A description of RSS: text, or HTML; markup that was not escaped counts as such."""
    return Part(inner_html(element) if len(element) else raw(element), "", base_of(element, base))
