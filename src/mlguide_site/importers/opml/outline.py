"""An OPML 2.0 file (opml.org/spec2.opml) as a tree of items, each with its text, links, tags and note read.

OPML names some attributes; outliners add their own, and OmniOutliner has one for each column, called as its owner
called it. Limits: 4 MiB, 10,000 items, nesting 100. A document type, which entities would need, is refused.
"""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from lxml import etree

from mlguide_site.errors import Problem, Severity, Span, visible
from mlguide_site.importers import Context, Source
from mlguide_site.importers.common.addresses import public_address, without_secrets
from mlguide_site.importers.common.decoding import decode_xml, parse_xml, size_problem, without_sections
from mlguide_site.importers.opml.text import Piece, Tags, Vocabulary, cut_tags, read_pieces, unwrap, vocabulary
from mlguide_site.markdown.from_html import without_password
from mlguide_site.model.base import is_allowed_url

MAX_BYTES = 4 * 1024 * 1024
MAX_OUTLINES = 10_000
MAX_DEPTH = 100
MAX_AUTHORS = 50
MAX_URL = 2000
SPACE = "urn:mlguide:opml"
"""The namespace of the attributes that our own export adds: a resource's slug, its fields as JSON, and whether an
outline is a link of the resource above it."""
SLUG, LINK, FIELDS = (f"{{{SPACE}}}{name}" for name in ("slug", "link", "fields"))
_DECLARATION = re.compile(r"\s*<\?xml\b[^<>]{0,200}\?>")
_INVALID = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\ufffe\uffff]")
_DIRECTIONS = re.compile("[\u202a-\u202e\u2066-\u2069\ufeff]")
_ADDRESSES = ("url", "xmlurl", "htmlurl", "link", "href")
_NOTES = ("_note", "note", "description", "comment", "comments")
_AUTHORS = ("author", "authors")
_IGNORED = frozenset(
    "text title type iscomment isbreakpoint created modified version language _status _complete complete checkbox"
    " checked colorlabel color heading numbered collapsed expanded _id id".split()
)
"""What an outliner keeps for itself: how a line looks, whether it is done, when it was written."""
_PASSWORD = re.compile(r"\bhttps?://[^\s/?#\"'<>@]{1,200}@", re.I)
_MARKED = re.compile(
    r"(?P<address>\b[A-Za-z][A-Za-z0-9+.-]{1,15}://[^\s<>\"*`]{1,2000})"
    r"|(?<![\w*~`])(?P<mark>\*\*|~~|`)(?=\S)(?P<text>[^*~`]{1,500})(?<=\S)(?P=mark)(?![\w*~`])"
)


class Link(NamedTuple):
    """A link of an item: address, label ("" where it is no more than the address), price or ""."""

    url: str
    title: str = ""
    price: str = ""


@dataclass
class Outline:
    """An item: `title` and `note` are text without tags, `links` those of its text and attributes, `note_links` those
    of its note, which is "" where it is nothing else. `fields` are those of a resource that our own export wrote.
    `remarks` are problems, each with a remedy."""

    line: int
    title: str = ""
    note: str = ""
    links: list[Link] = field(default_factory=list)
    note_links: list[Link] = field(default_factory=list)
    tags: Tags = field(default_factory=Tags)
    fields: Mapping[str, Any] = field(default_factory=dict)
    slug: str = ""
    is_link: bool = False
    hidden: bool = False
    children: "list[Outline]" = field(default_factory=list)
    remarks: list[tuple[str, str]] = field(default_factory=list)

    def walk(self) -> "Iterator[Outline]":
        """This item and those below it, each before its children."""
        pending = [self]
        while pending:
            item = pending.pop()
            yield item
            pending += item.children[::-1]


def opml_head(data: bytes) -> bool:
    """Whether the first bytes of a source show an OPML element.

    >>> opml_head(b"<?xml version='1.0'?><!-- mine --><opml version='2.0'>"), opml_head(b"<rss>")
    (True, False)
    """
    found = re.search(rb"<([A-Za-z][A-Za-z0-9]{0,20})[\s>]", without_sections(data[:65536].replace(b"\x00", b"")))
    return bool(found and found[1] == b"opml")


def read_outline(source: Source, context: Context) -> Sequence[Outline] | Problem:
    """The items at the top of an OPML file, or the problem that keeps it from being read."""
    name = source.name
    if problem := size_problem(source, MAX_BYTES, "export its branches one by one"):
        return problem
    decoded = decode_xml(source.data)
    if problem := decoded.problem(source, "outline", "correct its encoding, or save it as UTF-8", Severity.ERROR):
        return problem
    text = decoded.data.decode()
    text = _INVALID.sub(" ", _DECLARATION.sub(lambda found: "\n" * found[0].count("\n"), text, count=1))
    if re.search(r"<!(?:DOCTYPE|ENTITY)", text, re.I):
        return Problem(name, Span(), "the outline has a document type, which is refused", "remove its DOCTYPE")
    try:
        root = parse_xml(text.encode())
    except etree.XMLSyntaxError as error:
        line, column = error.position
        what = " ".join(str(error.msg).split()).partition(", line ")[0]
        return Problem(name, Span(max(line, 1), max(column, 1)), f"not whole XML: {what}", "export the outline again")
    except ValueError as error:
        return Problem(name, Span(), f"not valid XML: {' '.join(str(error).split())}", "export the outline again")
    body = next((child for child in root if child.tag == "body"), None) if root.tag == "opml" else None
    if body is None:
        return Problem(name, Span(), "this is no OPML outline", "export the outline as OPML")
    return _read_items(name, body, vocabulary(context))


def _read_items(name: str, body: Any, known: Vocabulary) -> Sequence[Outline] | Problem:
    items: list[Outline] = []
    count = 0
    pending = [(child, 1, items) for child in reversed(body)]
    while pending:
        element, depth, siblings = pending.pop()
        if element.tag != "outline":
            continue
        count += 1
        place = Span(element.sourceline or 1, 1)
        if count > MAX_OUTLINES:
            return Problem(name, place, f"more than {MAX_OUTLINES:,} items", "export its branches one by one")
        if depth > MAX_DEPTH:
            return Problem(name, place, f"nested deeper than {MAX_DEPTH} levels", "make it flatter")
        item = _Reader(place.line, known).item({str(key): str(value) for key, value in element.attrib.items()})
        siblings.append(item)
        pending += [(child, depth + 1, item.children) for child in reversed(element)]
    return items


def _own_fields(attributes: Mapping[str, str]) -> Mapping[str, Any]:
    """The fields that our own export wrote, if the item's text still begins with the title that they give."""
    try:
        fields = json.loads(attributes.get(FIELDS, "null"))
    except (ValueError, RecursionError):
        return {}
    if not isinstance(fields, dict):
        return {}
    pairs = ((fields.get("title"), attributes.get("text")), (fields.get("summary"), attributes.get("_note")))
    (title, text), (summary, note) = ([re.sub(r"\W+", "", str(one or "")) for one in pair] for pair in pairs)
    return fields if text.startswith(title) and note == summary else {}


class _Reader:
    """Reads one item from its attributes."""

    def __init__(self, line: int, known: Vocabulary) -> None:
        self.found = Outline(line)
        self.known = known

    def item(self, attributes: Mapping[str, str]) -> Outline:
        """The item, whatever the case of its attributes' names."""
        found = self.found
        found.slug, found.is_link, found.fields = attributes.get(SLUG, ""), LINK in attributes, _own_fields(attributes)
        if found.fields:
            return found
        others = {
            name: value for name, value in attributes.items() if value.strip() and name not in (SLUG, LINK, FIELDS)
        }
        written = {name.rpartition("}")[2]: value for name, value in others.items()}
        values = {name.casefold(): value for name, value in written.items()}
        text = values.get("text") or values.get("title") or ""
        # a note that only repeats the title adds nothing
        notes = dict.fromkeys(values[name] for name in _NOTES if name in values)
        note = "\n".join(one for one in notes if one.strip() != text.strip())
        addresses: list[str] = []
        left_out = [*_IGNORED, *_ADDRESSES, *_NOTES, *_AUTHORS]
        for name in _ADDRESSES:
            url = values.get(name, "").strip()
            is_feed = name == "xmlurl" or (name == "url" and values.get("type") in {"rss", "atom", "feed", "podcast"})
            if is_feed and url and not public_address(url):
                message = f"the address of a feed holds a key: {visible(without_secrets(url))[:80]}"
                found.remarks.append((message, "it is left out; give one that everybody may read, if there is one"))
                # a feed without a name is called by its address
                text, note = text.replace(url, _host(url)), note.replace(url, _host(url))
            elif url and name in {"link", "href"} and "://" not in url:
                # a column that is called so may hold anything
                left_out.remove(name)
            elif url:
                addresses.append(url)
        for name in written:
            if name.casefold() not in left_out:
                message = f'the attribute "{visible(name)[:60]}" has no place in a resource'
                found.remarks.append((message, "it is left out; say it in the note of the item instead"))
        if any(_PASSWORD.search(value) for value in (text, note, *addresses)):
            remedy = "both are left out of it; give another if nothing opens without them"
            found.remarks.append(("an address holds a name and password", remedy))
        self.read_text(_unmarked(text))
        self.read_note(_unmarked(note))
        found.links += [Link(whole) for url in addresses if (whole := self.address(url))]
        found.links = list(dict.fromkeys(found.links))
        authors = (one for name in _AUTHORS for one in re.split(r"[;\n]", values.get(name, "")))
        if names := list(filter(None, dict.fromkeys(_plain(" ".join(one.split())[:200]) for one in authors))):
            found.tags.fields["authors"] = tuple(names[:MAX_AUTHORS])
        found.hidden = values.get("iscomment", "").casefold() == "true"
        return found

    def address(self, url: str) -> str:
        """An address as a resource has it; "" for one that is refused."""
        whole = unwrap(url).replace(" ", "%20")
        if len(whole) <= MAX_URL and is_allowed_url(whole) and not whole.casefold().startswith("mailto:"):
            return without_password(whole)
        message = f"not a web address: {visible(without_secrets(url))[:80]}"
        self.found.remarks.append((message, "it is left out; only http and https are allowed"))
        return ""

    def read_text(self, text: str) -> None:
        """Read the text of an item: its title, its links and its tags."""
        pieces = read_pieces(text)
        has_words = any(piece.text.strip() for piece in pieces if piece.text != piece.url)
        shown: list[str] = []
        links: list[Link] = []
        for piece in pieces:
            whole = self.address(piece.url) if piece.url else ""
            is_bare = piece.text == piece.url or "://" in piece.text.split(None, 1)[0] if piece.url else False
            if whole:
                links.append(Link(whole, "" if is_bare else _plain(piece.text)))
            if not is_bare or not has_words:
                shown.append(whole if is_bare and whole else piece.text)
        title = _plain(cut_tags("".join(shown), self.known, self.found.tags))
        if len(links) == 1 and links[0].title == title:
            links = [Link(links[0].url)]
        self.found.title, self.found.links = title or (links[0].url if links else ""), links

    def read_note(self, note: str) -> None:
        """Read a note as one line of text with the addresses of its links. A line of known tags alone is tags."""
        lines = []
        for line in note.split("\n"):
            own = Tags()
            if line.strip() and not cut_tags(line, self.known, own) and not own.refused:
                cut_tags(line, self.known, self.found.tags)
            else:
                lines.append(line)
        shown: list[str] = []
        rest = ""
        for piece in read_pieces("\n".join(lines)):
            if whole := self.address(piece.url) if piece.url else "":
                is_bare = _is_bare(piece, whole)
                self.found.note_links.append(Link(whole, "" if is_bare else _plain(piece.text)))
                shown.append(whole if is_bare else f"{piece.text} ({whole})")
            else:
                shown.append(piece.text)
                rest += piece.text
        if not self.found.note_links or rest.strip(" \t\n,;|•·*-"):
            self.found.note = _plain(" ".join("".join(shown).split()))


def _host(url: str) -> str:
    try:
        return urlsplit(without_password(url)).hostname or "Feed"
    except ValueError:
        return "Feed"


def _plain(text: str) -> str:
    """A text without what a title can't hold; references to characters may have brought it in."""
    return text if text.isprintable() else " ".join(_DIRECTIONS.sub("", _INVALID.sub(" ", text)).split())


def _is_bare(piece: Piece, url: str) -> bool:
    """Whether the label of a link is no more than its address."""
    label = piece.text.casefold().partition("://")
    same = label[0].rstrip("/") == url.casefold().partition("://")[2].rstrip("/")
    return piece.text == piece.url or bool(label[1] and " " not in piece.text) or same


def _unmarked(text: str) -> str:
    """A text without the marks of Markdown that stand in pairs around words: a title shows them as they are.

    >>> _unmarked("**Week 1** ~~old~~ `burn` 2**3 ** 4 https://a.example/~~x~~")
    'Week 1 old burn 2**3 ** 4 https://a.example/~~x~~'
    """
    return _MARKED.sub(lambda found: found["text"] or found[0], text)
