"""An OPML 2.0 file (opml.org/spec2.opml) as a tree of items, each with its text, links, tags and note read.

Outliners add attributes of their own. Limits: 4 MiB, 10,000 items, nesting 100. A document type, which entities would
need, is refused.
"""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any, NamedTuple
from urllib.parse import parse_qsl, urlsplit

from lxml import etree

from mlguide_site.errors import Problem, Severity, Span, visible
from mlguide_site.importers import Context, Source
from mlguide_site.importers.common.addresses import public_address, web_address, without_secrets
from mlguide_site.importers.common.decoding import decode_xml, parse_xml, size_problem, without_sections
from mlguide_site.importers.opml.tags import Tags, Vocabulary, cut_tags, vocabulary
from mlguide_site.markdown.escape import clean_text, drop_unprintable, unescape
from mlguide_site.markdown.from_html import looks_like_html, parse_html
from mlguide_site.markdown.rich_text import Block, Code, Group, Paragraph, Run

MAX_BYTES = 4 * 1024 * 1024
MAX_OUTLINES = 10_000
MAX_DEPTH = 100
MAX_AUTHORS = 50
SPACE = "urn:mlguide:opml"
"""The namespace of the attributes that our own export adds: a resource's slug, its fields as JSON, and whether an
outline is a link of the resource above it."""
SLUG, LINK, FIELDS = (f"{{{SPACE}}}{name}" for name in ("slug", "link", "fields"))
_ADDRESSES = ("url", "xmlurl", "htmlurl", "link", "href")
_NOTES = ("_note", "note", "description", "comment", "comments")
_IGNORED = frozenset(
    "text title type iscomment isbreakpoint created modified version language _status _complete complete checkbox"
    " checked colorlabel color heading numbered collapsed expanded _id id author authors".split()
)
"""What is read elsewhere, and what an outliner keeps for itself: how a line looks, whether it is done."""
_MARKDOWN_LINK = re.compile(
    r"(?<!!)\[([^\[\]]{1,500})\]\(([A-Za-z][A-Za-z0-9+.-]{1,15}:[^\s()<>\"]{1,2000}(?:\([^\s()<>\"]{0,300}\)[^\s()<>\"]{0,500}){0,3})\)"
)
_BARE = re.compile(r"(?<![\w/])https?://[^\s<>\"`]{1,2000}", re.I)


class Link(NamedTuple):
    """A link of an item: address, label ("" where it is no more than the address), price or ""."""

    url: str
    title: str = ""
    price: str = ""


class Piece(NamedTuple):
    """A run of text, or a link with its label; `url` is as written, "" for text. A bare address is its own label."""

    text: str
    url: str = ""


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
    children: "list[Outline]" = field(default_factory=list)
    remarks: list[tuple[str, str]] = field(default_factory=list)

    def walk(self) -> "Iterator[Outline]":
        """This item and those below it, each before its children."""
        yield self
        for child in self.children:
            yield from child.walk()


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
    data = drop_unprintable(decoded.data.decode()).encode()
    if re.search(rb"<!(?:DOCTYPE|ENTITY)", data, re.I):
        return Problem(name, Span(), "the outline has a document type, which is refused", "remove its DOCTYPE")
    try:
        root = parse_xml(data)
    except etree.XMLSyntaxError as error:
        line, column = error.position
        what = " ".join(str(error.msg).split()).partition(", line ")[0]
        return Problem(name, Span(max(line, 1), max(column, 1)), f"not whole XML: {what}", "export the outline again")
    body = root.find("body") if root.tag == "opml" else None
    if body is None:
        return Problem(name, Span(), "this is no OPML outline", "export the outline as OPML")
    known = vocabulary(context)
    items: list[Outline] = []
    pending = [(child, 1, items) for child in reversed(body)]
    for count in range(MAX_OUTLINES + 1):
        while pending and pending[-1][0].tag != "outline":
            pending.pop()
        if not pending:
            return items
        element, depth, siblings = pending.pop()
        place = Span(element.sourceline or 1, 1)
        if count == MAX_OUTLINES:
            return Problem(name, place, f"more than {MAX_OUTLINES:,} items", "export its branches one by one")
        if depth > MAX_DEPTH:
            return Problem(name, place, f"nested deeper than {MAX_DEPTH} levels", "make it flatter")
        item = _read_item(place.line, {str(key): str(value) for key, value in element.attrib.items()}, known)
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


def _read_item(line: int, attributes: Mapping[str, str], known: Vocabulary) -> Outline:
    """An item from its attributes, whatever their letter case."""
    own = _own_fields(attributes)
    item = Outline(line, fields=own, slug=attributes.get(SLUG, ""), is_link=LINK in attributes)
    if own:
        return item
    values = {name.casefold(): value for name, value in attributes.items() if value.strip() and SPACE not in name}
    text = values.get("text") or values.get("title") or ""
    # a note that only repeats the title adds nothing
    note = "\n".join(dict.fromkeys(values[name] for name in _NOTES if name in values and values[name] != text))
    addresses: list[str] = []
    for name, value in values.items():
        url = value.strip()
        if name in {"link", "href"} and "://" not in url:
            note = f"{note}\n{url}"
        elif name in _ADDRESSES and _is_private_feed(name, url, values):
            message = f"the address of a feed holds a key: {visible(without_secrets(url))[:80]}"
            item.remarks.append((message, "it is left out; give one that everybody may read, if there is one"))
            text, note = text.replace(url, "Feed"), note.replace(url, "Feed")
        elif name in _ADDRESSES:
            addresses.append(url)
        elif name not in _IGNORED and name not in _NOTES:
            message = f'the attribute "{visible(name)[:60]}" has no place in a resource'
            item.remarks.append((message, "it is left out; say it in the note of the item instead"))
    _read_texts(item, text, note, known)
    item.links += [Link(whole) for url in addresses if (whole := _address(item, url))]
    item.links = list(dict.fromkeys(item.links))
    names = re.split(r"[;\n]", values.get("author") or values.get("authors") or "")
    if authors := list(filter(None, dict.fromkeys(" ".join(name.split())[:200] for name in names))):
        item.tags.fields["authors"] = tuple(authors[:MAX_AUTHORS])
    if values.get("iscomment", "").casefold() == "true":
        item.tags.fields["hide"] = True
    return item


def _is_private_feed(name: str, url: str, values: Mapping[str, str]) -> bool:
    is_feed = name == "xmlurl" or (name == "url" and values.get("type") in {"rss", "atom", "feed", "podcast"})
    return is_feed and not public_address(url)


def _address(item: Outline, url: str) -> str:
    """An address as a resource has it; "" for one that is refused."""
    whole = web_address(unwrap(url), "")
    if url and not whole:
        message = f"not a web address: {visible(without_secrets(url))[:80]}"
        item.remarks.append((message, "it is left out; only http and https are allowed"))
    return whole


def _read_texts(item: Outline, text: str, note: str, known: Vocabulary) -> None:
    """Read the text of an item and its note: title, links and tags. An address is no title where there are words; a
    note is one line of text with the addresses of its links."""
    pieces = _links(item, text)
    item.links = [link for link in pieces if link.url]
    words = cut_tags(clean_text("".join(link.title for link in pieces)), known, item.tags)
    item.title = words or next((link.url for link in item.links), "")
    if len(item.links) == 1 and item.links[0].title == words:
        item.links = [Link(item.links[0].url)]
    pieces = _links(item, note)
    item.note_links = [link for link in pieces if link.url]
    shown = (f"{label} ({url})" if url and label else url or label for url, label, _ in pieces)
    words = cut_tags(clean_text("".join(shown)), known, item.tags)
    is_text = any(link.title.strip(" \t\n,;|•·*-") for link in pieces if not link.url)
    item.note = words if is_text or not item.note_links else ""


def _links(item: Outline, text: str) -> list[Link]:
    """A text as links, and runs of text without an address. The label of a bare address is ""."""
    found = [(_address(item, piece.url), piece.text) for piece in read_pieces(text)]
    return [Link(whole, "" if whole and "://" in label.partition(" ")[0] else label) for whole, label in found]


def read_pieces(text: str) -> list[Piece]:
    """A text as runs and links, in order. It may be HTML, with links in Markdown and bare addresses.

    >>> read_pieces('Read <a href="https://a.example/b">the book</a> or [this](https://c.example), https://d.example/e.')
    ... # doctest: +NORMALIZE_WHITESPACE
    [Piece(text='Read ', url=''), Piece(text='the book', url='https://a.example/b'), Piece(text=' or ', url=''),
     Piece(text='this', url='https://c.example'), Piece(text=', ', url=''),
     Piece(text='https://d.example/e', url='https://d.example/e'), Piece(text='. ', url='')]
    """
    text = _MARKDOWN_LINK.sub(r'<a href="\2">\1</a>', text)
    found: list[Piece] = []
    runs = _runs(parse_html(text)) if looks_like_html(text) else [Run(unescape(text))]
    for href, group in groupby(runs, key=lambda run: run.style.href):
        shown = "".join(run.text for run in group)
        at = 0
        for bare in () if href else _BARE.finditer(shown):
            url = bare[0].rstrip(".,;:!?'*_]}…")
            # a bracket that closes one before the address is no part of it
            url = url.removesuffix(")") if url.count(")") > url.count("(") else url
            found += [Piece(shown[at : bare.start()]), Piece(url, url)]
            at = bare.start() + len(url)
        found.append(Piece(shown[at:], href))
    return [piece for piece in found if piece.text]


def _runs(blocks: Sequence[Block]) -> Iterator[Run]:
    """The text of blocks in their styles, a space behind each line."""
    for block in blocks:
        if isinstance(block, Group):
            yield from _runs(block.children)
        elif isinstance(block, Code):
            yield Run(block.text)
        for line in block.lines if isinstance(block, Paragraph) else ():
            yield from (*line, Run(" "))


def unwrap(url: str) -> str:
    """The address behind one that only redirects: a path that ends in `/url` with the target as `q` or `url`.

    >>> unwrap("https://www.search.example/url?sa=E&q=https%3A%2F%2Fa.example%2Fb%3Fc%3D1&x=2")
    'https://a.example/b?c=1'
    >>> unwrap("https://a.example/url?q=words"), unwrap("https://a.example/b?q=https://c.example")
    ('https://a.example/url?q=words', 'https://a.example/b?q=https://c.example')
    """
    try:
        parts = urlsplit(url)
        fields = dict(parse_qsl(parts.query, max_num_fields=100)) if parts.path.rstrip("/").endswith("/url") else {}
    except ValueError:
        return url
    target = fields.get("q") or fields.get("url") or ""
    return target if re.match(r"https?://\S", target, re.I) else url
