"""An OPML 2.0 file (opml.org/spec2.opml) as a tree of items, each with its text, links, tags and note read.

Limits: 4 MiB, 10,000 items, nesting 100. A document type, which entities would need, is refused.
"""

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from lxml import etree

from mlguide_site.errors import Problem, Severity, Span
from mlguide_site.importers.addresses import without_secrets
from mlguide_site.importers.base import Context, Source
from mlguide_site.importers.hashtags import Tags, Vocabulary, cut_tags, vocabulary
from mlguide_site.importers.link_text import MAX_URL, Piece, read_pieces, unwrap
from mlguide_site.importers.outline_attributes import read_attributes
from mlguide_site.importers.xml_text import decode_xml, without_sections
from mlguide_site.markdown.from_html import without_password
from mlguide_site.model.base import is_allowed_url

MAX_BYTES = 4 * 1024 * 1024
MAX_OUTLINES = 10_000
MAX_DEPTH = 100
SPACE = "urn:mlguide:opml"
"""The namespace of the attributes that our own export adds: what text and tags can't say."""
SERIES, SLUG, LINK, FIELDS = (f"{{{SPACE}}}{name}" for name in ("series", "slug", "link", "fields"))
_DECLARATION = re.compile(r"\s*<\?xml\b[^<>]{0,200}\?>")
_INVALID = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\ufffe\uffff]")
_MARKS = re.compile("[\u202a-\u202e\u2066-\u2069\ufeff]")
"""what turns the direction of text around"""
_ROOT = re.compile(r"<opml[\s>]")


class Link(NamedTuple):
    """A link of an item: address, label ("" where it is no more than the address), price or ""."""

    url: str
    title: str = ""
    price: str = ""


@dataclass
class Item:
    """An outline: `title` and `note` are text without tags, `links` those of its text and attributes, `noted` those of
    its note; `bare` is true where the note is nothing but links; `said` is what is to be said of it, with a remedy."""

    line: int
    title: str
    note: str
    links: list[Link]
    noted: list[Link]
    bare: bool
    tags: Tags
    refused_urls: list[str]
    own: Mapping[str, Any] | None = None
    slug: str = ""
    is_link: bool = False
    hidden: bool = False
    children: "list[Item]" = field(default_factory=list)
    said: list[tuple[str, str]] = field(default_factory=list)


class Outline(NamedTuple):
    """The items at the top; `own` is true where the file is our own export, whose tags are not inherited."""

    items: list[Item]
    own: bool


def opml_head(data: bytes) -> bool:
    """Whether the first bytes of a source show an OPML element.

    >>> opml_head(b"<?xml version='1.0'?><!-- mine --><opml version='2.0'>"), opml_head(b"<rss>")
    (True, False)
    """
    head = without_sections(data[:65536].replace(b"\x00", b"")).decode("latin-1")
    found = re.search(r"<[A-Za-z][A-Za-z0-9]{0,20}[\s>]", head)
    return bool(found and _ROOT.match(found[0]))


def read_outline(source: Source, context: Context) -> Outline | Problem:
    """The items of an OPML file, or the problem that keeps it from being read."""
    name, data = source.name, source.data
    if len(data) > MAX_BYTES:
        return Problem(name, Span(), f"larger than {MAX_BYTES // 2**20} MiB", "export its branches one by one")
    if not data.strip():
        return Problem(name, Span(), "the source is empty", "see whether it was saved or downloaded whole")
    decoded = decode_xml(data)
    if problem := decoded.problem(name, data, "outline", "correct its encoding, or save it as UTF-8", Severity.ERROR):
        return problem
    text = decoded.text
    declaration = _DECLARATION.match(text)
    text = _INVALID.sub(" ", "\n" * declaration[0].count("\n") + text[declaration.end() :] if declaration else text)
    if re.search(r"<!(?:DOCTYPE|ENTITY)", text, re.I):
        return Problem(name, Span(), "the outline has a document type, which is refused", "remove its DOCTYPE")
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        root = etree.fromstring(text.encode(), parser)
    except etree.XMLSyntaxError as error:
        line, column = error.position
        what = " ".join(str(error.msg).split()).partition(", line ")[0]
        return Problem(name, Span(max(line, 1), max(column, 1)), f"not whole XML: {what}", "export the outline again")
    except ValueError as error:
        return Problem(name, Span(), f"not valid XML: {' '.join(str(error).split())}", "export the outline again")
    body = next((child for child in root if child.tag == "body"), None) if root.tag == "opml" else None
    if body is None:
        return Problem(name, Span(), "this is no OPML outline", "export the outline as OPML")
    return _outline(name, root, body, context)


def _outline(name: str, root: Any, body: Any, context: Context) -> Outline | Problem:
    own = root.get(SERIES) is not None
    known = vocabulary(context, str(root.get(SERIES) or "").split()[:1000])
    items: list[Item] = []
    count = 0
    underscores = str(root.findtext("head/flavor") or "").strip().casefold() == "dynalist"
    waiting = [(child, 1, items) for child in reversed(list(body))]
    while waiting:
        element, depth, siblings = waiting.pop()
        if element.tag != "outline":
            continue
        count += 1
        if count > MAX_OUTLINES:
            message = f"more than {MAX_OUTLINES:,} items"
            return Problem(name, Span(element.sourceline or 1, 1), message, "export its branches one by one")
        if depth > MAX_DEPTH:
            message = f"nested deeper than {MAX_DEPTH} levels"
            return Problem(name, Span(element.sourceline or 1, 1), message, "make it flatter")
        item = _own_item(element, known) if own else _item(element, known, underscores)
        siblings.append(item)
        waiting += [(child, depth + 1, item.children) for child in reversed(list(element))]
    return Outline(items, own)


def _item(element: Any, known: Vocabulary, underscores: bool) -> Item:
    tags = Tags()
    refused: list[str] = []
    told = read_attributes({str(name): str(value) for name, value in element.attrib.items()}, underscores)
    title, links = _read_text(told.text, known, tags, refused)
    links += [Link(whole) for url in told.addresses if (whole := _address(url, refused))]
    note, noted, bare = _read_note(told.note, known, tags, refused)
    if authors := [_plain(author) for author in told.authors]:
        tags.fields["authors"] = authors
    return Item(
        line=element.sourceline or 1,
        title=_plain(title),
        note=_plain(note),
        links=[link._replace(title=_plain(link.title)) for link in dict.fromkeys(links)],
        noted=[link._replace(title=_plain(link.title)) for link in noted],
        bare=bare,
        tags=tags,
        refused_urls=refused,
        hidden=str(element.get("isComment")).casefold() == "true",
        said=told.said,
    )


def _plain(text: str) -> str:
    """A text without what a title can't hold; references to characters may have brought it in."""
    return text if text.isprintable() else " ".join(_MARKS.sub("", _INVALID.sub(" ", text)).split())


def _address(url: str, refused: list[str]) -> str:
    whole = unwrap(url).replace(" ", "%20")
    if len(whole) <= MAX_URL and is_allowed_url(whole) and not whole.casefold().startswith("mailto:"):
        return without_password(whole)
    refused.append(without_secrets(url))
    return ""


def _read_text(text: str, known: Vocabulary, tags: Tags, refused: list[str]) -> tuple[str, list[Link]]:
    """Title and links of a text. Each link has the price that stands behind it and before the next."""
    pieces = read_pieces(text)
    labelled = any(piece.text.strip() for piece in pieces if piece.text != piece.url)
    shown: list[str] = []
    links: list[Link] = []
    for piece in pieces:
        if not piece.url:
            if links and "#price" in piece.text.casefold():
                own = Tags()
                cut_tags(piece.text, known, own)
                links[-1] = links[-1]._replace(price=own.fields.get("price", ""))
            shown.append(piece.text)
            continue
        whole = _address(piece.url, refused)
        is_bare = piece.text == piece.url or "://" in piece.text.split()[0]
        if whole:
            links.append(Link(whole, "" if is_bare else piece.text))
        if not is_bare or not labelled:
            shown.append(whole if is_bare and whole else piece.text)
    title = cut_tags("".join(shown), known, tags)
    if len(links) == 1:
        links = [link._replace(title="" if link.title == title else link.title) for link in links]
    return title or (links[0].url if links else ""), links


def _read_note(note: str, known: Vocabulary, tags: Tags, refused: list[str]) -> tuple[str, list[Link], bool]:
    """A note as one line of text with the addresses of its links, these links, and whether it is nothing else. A line
    of known tags alone is read as tags."""
    lines = []
    for line in note.split("\n"):
        own = Tags()
        if line.strip() and not cut_tags(line, known, own) and not own.refused:
            cut_tags(line, known, tags)
        else:
            lines.append(line)
    shown: list[str] = []
    links: list[Link] = []
    rest = ""
    for piece in read_pieces("\n".join(lines)):
        whole = _address(piece.url, refused) if piece.url else ""
        if whole:
            is_bare = _same(piece, whole)
            links.append(Link(whole, "" if is_bare else piece.text))
            shown.append(whole if is_bare else f"{piece.text} ({whole})")
        else:
            shown.append(piece.text)
            rest += piece.text
    if links and not rest.strip(" \t\n,;|•·*-"):
        return "", links, True
    return " ".join("".join(shown).split()), links, False


def _same(piece: Piece, url: str) -> bool:
    label = piece.text.casefold().partition("://")
    return (
        piece.text == piece.url
        or bool(label[1] and " " not in piece.text)
        or label[0].rstrip("/") == (url.casefold().partition("://")[2].rstrip("/"))
    )


def _own_item(element: Any, known: Vocabulary) -> Item:
    """An item of our own export: text and note as they stand, the tags behind the text, and what only attributes
    say."""
    return own_item({name: str(value) for name, value in element.attrib.items()}, element.sourceline or 1, known)


def own_item(attributes: Mapping[str, str], line: int, known: Vocabulary) -> Item:
    """The item that an outline of our own export stands for, from its attributes."""
    tags = Tags()
    refused: list[str] = []
    title = cut_tags(attributes.get("text", ""), known, tags)
    url = _address(attributes["url"], refused) if "url" in attributes else ""
    note = " ".join(attributes.get("_note", "").split())
    own = read_fields(attributes.get(FIELDS, ""))
    return Item(
        line,
        title,
        note,
        [Link(url)] if url else [],
        [],
        False,
        tags,
        refused,
        own,
        attributes.get(SLUG, ""),
        attributes.get(LINK) is not None,
    )


def read_fields(text: str) -> Mapping[str, Any]:
    """The fields that an attribute of our own export holds; nothing where it is not such an attribute."""
    try:
        value = json.loads(text) if text else {}
    except (ValueError, RecursionError):
        return {}
    return value if isinstance(value, dict) else {}


def all_items(items: Iterable[Item]) -> Iterable[Item]:
    """Items and what stands under them, each before its children."""
    waiting = list(items)[::-1]
    while waiting:
        item = waiting.pop()
        yield item
        waiting += item.children[::-1]
