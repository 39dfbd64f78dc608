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
from mlguide_site.importers.common.decoding import decode_xml, without_sections
from mlguide_site.importers.opml.text import MAX_URL, Piece, Tags, Vocabulary, cut_tags, read_pieces, unwrap, vocabulary
from mlguide_site.markdown.from_html import without_password
from mlguide_site.model.base import is_allowed_url

MAX_BYTES = 4 * 1024 * 1024
MAX_OUTLINES = 10_000
MAX_DEPTH = 100
MAX_AUTHORS = 50
SPACE = "urn:mlguide:opml"
"""The namespace of the attributes that our own export adds: what text and tags can't say."""
SERIES, SLUG, LINK, FIELDS = (f"{{{SPACE}}}{name}" for name in ("series", "slug", "link", "fields"))
_DECLARATION = re.compile(r"\s*<\?xml\b[^<>]{0,200}\?>")
_INVALID = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\ufffe\uffff]")
_DIRECTIONS = re.compile("[\u202a-\u202e\u2066-\u2069\ufeff]")
_FEEDS = frozenset("rss atom feed podcast".split())
_ADDRESSES = ("url", "xmlurl", "htmlurl", "link", "href")
_NOTES = ("_note", "note", "description", "comment", "comments")
_AUTHORS = ("author", "authors")
_STATE = frozenset(
    "text title type iscomment isbreakpoint created modified version language _status _complete complete checkbox"
    " checked colorlabel color heading numbered collapsed expanded _id id".split()
)
"""What an outliner keeps for itself: how a line looks, whether it is done, when it was written."""
_PASSWORD = re.compile(r"\bhttps?://[^\s/?#\"'<>@]{1,200}@", re.I)
_ADDRESS = r"(?P<address>\b[A-Za-z][A-Za-z0-9+.-]{1,15}://[^\s<>\"*`]{1,2000})"
_MARKED = re.compile(
    _ADDRESS + r"|(?<![\w*])\*\*(?=[^\s*])(?P<bold>[^*]{1,500})(?<=\S)\*\*(?![\w*])"
    r"|(?<![\w~])~~(?=[^\s~])(?P<struck>[^~]{1,500})(?<=\S)~~(?![\w~])"
    r"|(?<![\w`])`(?P<code>[^`]{1,500})`(?![\w`])"
)
_UNDERSCORED = re.compile(_ADDRESS + r"|(?<!\w)__(?=[^\s_])(?P<italic>[^_]{1,500})(?<=\S)__(?!\w)")


class Link(NamedTuple):
    """A link of an item: address, label ("" where it is no more than the address), price or ""."""

    url: str
    title: str = ""
    price: str = ""


@dataclass
class Item:
    """An outline: `title` and `note` are text without tags, `links` those of its text and attributes, `noted` those of
    its note; `bare` is true where the note is nothing but links; `remarks` are problems, each with a remedy."""

    line: int
    title: str = ""
    note: str = ""
    links: list[Link] = field(default_factory=list)
    noted: list[Link] = field(default_factory=list)
    bare: bool = False
    tags: Tags = field(default_factory=Tags)
    refused_urls: list[str] = field(default_factory=list)
    own: Mapping[str, Any] | None = None
    slug: str = ""
    is_link: bool = False
    hidden: bool = False
    children: "list[Item]" = field(default_factory=list)
    remarks: list[tuple[str, str]] = field(default_factory=list)


class Outline(NamedTuple):
    """The items at the top; `own` is true where the file is our own export, whose tags are not inherited."""

    items: list[Item]
    own: bool


def opml_head(data: bytes) -> bool:
    """Whether the first bytes of a source show an OPML element.

    >>> opml_head(b"<?xml version='1.0'?><!-- mine --><opml version='2.0'>"), opml_head(b"<rss>")
    (True, False)
    """
    head = without_sections(data[:65536].replace(b"\x00", b""))
    found = re.search(rb"<[A-Za-z][A-Za-z0-9]{0,20}[\s>]", head)
    return bool(found and found[0][1:-1] == b"opml")


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
    text = _INVALID.sub(" ", _DECLARATION.sub(lambda found: "\n" * found[0].count("\n"), decoded.text, count=1))
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
    # in Dynalist two underscores set words in italics; elsewhere such words are names, such as `__init__`
    underscores = str(root.findtext("head/flavor") or "").strip().casefold() == "dynalist"
    items: list[Item] = []
    count = 0
    pending = [(child, 1, items) for child in reversed(list(body))]
    while pending:
        element, depth, siblings = pending.pop()
        if element.tag != "outline":
            continue
        count += 1
        line = element.sourceline or 1
        if count > MAX_OUTLINES:
            message = f"more than {MAX_OUTLINES:,} items"
            return Problem(name, Span(line, 1), message, "export its branches one by one")
        if depth > MAX_DEPTH:
            return Problem(name, Span(line, 1), f"nested deeper than {MAX_DEPTH} levels", "make it flatter")
        attributes = {str(key): str(value) for key, value in element.attrib.items()}
        item = own_item(attributes, line, known) if own else _Reader(line, known, underscores).item(attributes)
        siblings.append(item)
        pending += [(child, depth + 1, item.children) for child in reversed(list(element))]
    return Outline(items, own)


def own_item(attributes: Mapping[str, str], line: int, known: Vocabulary) -> Item:
    """An item of our own export: text and note as they stand, the tags behind the text, and what only attributes
    say."""
    reader = _Reader(line, known, False)
    item = reader.found
    item.title = cut_tags(attributes.get("text", ""), known, item.tags)
    url = reader.address(attributes["url"]) if "url" in attributes else ""
    item.links = [Link(url)] if url else []
    item.note = " ".join(attributes.get("_note", "").split())
    item.own = read_fields(attributes.get(FIELDS, ""))
    item.slug, item.is_link = attributes.get(SLUG, ""), LINK in attributes
    return item


def read_fields(text: str) -> Mapping[str, Any]:
    """The fields that an attribute of our own export holds; none where it is not such an attribute."""
    try:
        value = json.loads(text) if text else {}
    except (ValueError, RecursionError):
        return {}
    return value if isinstance(value, dict) else {}


class _Reader:
    """Reads one item from its attributes."""

    def __init__(self, line: int, known: Vocabulary, underscores: bool) -> None:
        self.found = Item(line)
        self.known, self.underscores = known, underscores

    def item(self, attributes: Mapping[str, str]) -> Item:
        """The item, whatever the case of its attributes' names."""
        found = self.found
        values = {name.rpartition("}")[2].casefold(): value for name, value in attributes.items() if value.strip()}
        text = values.get("text") or values.get("title") or ""
        # a note that only repeats the title adds nothing
        notes = dict.fromkeys(values[name] for name in _NOTES if name in values)
        note = "\n".join(one for one in notes if one.strip() != text.strip())
        addresses: list[str] = []
        for name in _ADDRESSES:
            url = values.get(name, "").strip()
            is_feed = name == "xmlurl" or (name == "url" and values.get("type", "").casefold() in _FEEDS)
            if is_feed and url and not public_address(url):
                message = f"the address of a feed holds a key: {visible(without_secrets(url))[:80]}"
                found.remarks.append((message, "it is left out; give one that everybody may read, if there is one"))
                # a feed without a name is called by its address
                text, note = text.replace(url, _host(url)), note.replace(url, _host(url))
            elif url and name in {"link", "href"} and "://" not in url:
                # a column that is called so may hold anything
                self.leave_out(name, attributes)
            elif url:
                addresses.append(url)
        if any(_PASSWORD.search(value) for value in (text, note, *addresses)):
            remedy = "both are left out of it; give another if nothing opens without them"
            found.remarks.append(("an address holds a name and password", remedy))
        for name in values:
            if name not in _STATE and name not in (*_ADDRESSES, *_NOTES, *_AUTHORS):
                self.leave_out(name, attributes)
        title, links = self.read_text(_unmarked(text, self.underscores))
        links += [Link(whole) for url in addresses if (whole := self.address(url))]
        note, noted, found.bare = self.read_note(_unmarked(note, self.underscores))
        if authors := _authors(values):
            found.tags.fields["authors"] = authors
        found.title, found.note = _plain(title), _plain(note)
        found.links = [link._replace(title=_plain(link.title)) for link in dict.fromkeys(links)]
        found.noted = [link._replace(title=_plain(link.title)) for link in noted]
        found.hidden = attributes.get("isComment", "").casefold() == "true"
        return found

    def leave_out(self, name: str, attributes: Mapping[str, str]) -> None:
        """Report an attribute that isn't read."""
        written = next(one.rpartition("}")[2] for one in attributes if one.rpartition("}")[2].casefold() == name)
        message = f'the attribute "{visible(written)[:60]}" has no place in a resource'
        self.found.remarks.append((message, "it is left out; say it in the note of the item instead"))

    def address(self, url: str) -> str:
        """An address as a resource has it; "" for one that is refused."""
        whole = unwrap(url).replace(" ", "%20")
        if len(whole) <= MAX_URL and is_allowed_url(whole) and not whole.casefold().startswith("mailto:"):
            return without_password(whole)
        self.found.refused_urls.append(without_secrets(url))
        return ""

    def read_text(self, text: str) -> tuple[str, list[Link]]:
        """Title and links of a text. Each link has the price between it and the next."""
        pieces = read_pieces(text)
        labelled = any(piece.text.strip() for piece in pieces if piece.text != piece.url)
        shown: list[str] = []
        links: list[Link] = []
        for piece in pieces:
            if not piece.url:
                if links and "#price" in piece.text.casefold():
                    own = Tags()
                    cut_tags(piece.text, self.known, own)
                    links[-1] = links[-1]._replace(price=own.fields.get("price", ""))
                shown.append(piece.text)
                continue
            whole = self.address(piece.url)
            is_bare = piece.text == piece.url or "://" in piece.text.split()[0]
            if whole:
                links.append(Link(whole, "" if is_bare else piece.text))
            if not is_bare or not labelled:
                shown.append(whole if is_bare and whole else piece.text)
        title = cut_tags("".join(shown), self.known, self.found.tags)
        if len(links) == 1 and links[0].title == title:
            links = [links[0]._replace(title="")]
        return title or (links[0].url if links else ""), links

    def read_note(self, note: str) -> tuple[str, list[Link], bool]:
        """A note as one line of text with the addresses of its links, these links, and whether it is nothing else. A
        line of known tags alone is read as tags."""
        lines = []
        for line in note.split("\n"):
            own = Tags()
            if line.strip() and not cut_tags(line, self.known, own) and not own.refused:
                cut_tags(line, self.known, self.found.tags)
            else:
                lines.append(line)
        shown: list[str] = []
        links: list[Link] = []
        rest = ""
        for piece in read_pieces("\n".join(lines)):
            whole = self.address(piece.url) if piece.url else ""
            if whole:
                is_bare = _is_bare(piece, whole)
                links.append(Link(whole, "" if is_bare else piece.text))
                shown.append(whole if is_bare else f"{piece.text} ({whole})")
            else:
                shown.append(piece.text)
                rest += piece.text
        if links and not rest.strip(" \t\n,;|•·*-"):
            return "", links, True
        return " ".join("".join(shown).split()), links, False


def _authors(values: Mapping[str, str]) -> list[str]:
    names = (" ".join(part.split())[:200] for name in _AUTHORS for part in re.split(r"[;\n]", values.get(name, "")))
    return [_plain(name) for name in dict.fromkeys(names) if name][:MAX_AUTHORS]


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


def _unmarked(text: str, underscores: bool) -> str:
    """A text without the marks of Markdown that stand in pairs around words: a title shows them as they are.

    >>> _unmarked("**Week 1** ~~old~~ `burn` 2**3 ** 4 https://a.example/~~x~~ __init__", False)
    'Week 1 old burn 2**3 ** 4 https://a.example/~~x~~ __init__'
    """
    for pattern in (_MARKED, _MARKED, *([_UNDERSCORED] if underscores else [])):
        text = pattern.sub(lambda found: found[found.lastgroup or 0], text)
    return text


def all_items(items: Sequence[Item]) -> Iterator[Item]:
    """Items and those below them, each before its children."""
    pending = list(items)[::-1]
    while pending:
        item = pending.pop()
        yield item
        pending += item.children[::-1]
