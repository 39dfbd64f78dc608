"""OPML 2.0 outlines (opml.org/spec2.opml) as resources: each item is one, nested as it is in the outline.

Hash tags such as `#format:book:course` set fields. An item with `#format` is one thing: what is directly below it,
without anything below that, are its links and notes. Our own export holds the fields of a resource as JSON; titles and
notes that were edited since win. Limits: 4 MiB, 10,000 items, nesting 100. A document type is refused.
"""

import json
import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any, get_args

from lxml import etree
from pydantic import ValidationError

from mlguide_site.errors import Problem, Severity, Span, visible
from mlguide_site.importers import Context, EntryDraft, Item, Source
from mlguide_site.importers.common.addresses import public_address, web_address, without_secrets
from mlguide_site.importers.common.decoding import decode_xml, parse_xml, size_problem, without_sections
from mlguide_site.markdown.escape import clean_text, drop_unprintable, unescape
from mlguide_site.markdown.from_html import looks_like_html, parse_html
from mlguide_site.markdown.rich_text import Block, Code, Group, Paragraph, Run
from mlguide_site.model.schema import Difficulty, Format, Importance, Pick, Resource
from mlguide_site.model.slugs import episode_id, is_slug, make_slug

MAX_BYTES = 4 * 1024 * 1024
MAX_OUTLINES, MAX_DEPTH = 10_000, 100
MAX_ATTRIBUTES = 200
"""Attributes of one item: lxml takes time quadratic in their number."""
MAX_LEVEL, MAX_TITLE, MAX_AUTHORS = 8, 500, 50
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
_TAG = re.compile(r"#[A-Za-z][A-Za-z0-9_-]{0,63}(?::[^\s:#]{1,100}){0,300}:?")
_VALUES: Mapping[str, tuple[str, ...]] = {
    "importance": tuple(Importance),
    "difficulty": tuple(Difficulty),
    "engagement": ("passive", "active"),
    "price": ("free", "$", "$$", "$$$"),
    "pick": tuple(Pick),
    "format": get_args(Format),
}
"""Tags with fixed values, each the field of its name."""
_LISTS = ("format", "topics", "episodes")
_MARKDOWN_LINK = re.compile(
    r"(?<!!)\[([^\[\]]{1,500})\]\(([A-Za-z][A-Za-z0-9+.-]{1,15}:[^\s()<>\"]{1,2000}(?:\([^\s()<>\"]{0,300}\)[^\s()<>\"]{0,500}){0,3})\)"
)
_BARE = re.compile(r"(?<![\w/])https?://[^\s<>\"`]{1,2000}", re.I)

Piece = tuple[str, str]
"""A run of text and "", or the label of a link and its address as written; a bare address is its own label."""


@dataclass
class Outline:
    """An item: its title and note without tags, its links, and the other fields of a resource; of one that our own
    export wrote all fields."""

    line: int
    title: str = ""
    note: str = ""
    urls: list[dict[str, str]] = field(default_factory=list)
    fields: dict[str, Any] = field(default_factory=dict)

    @property
    def is_exported(self) -> bool:
        return "title" in self.fields

    def set_field(self, name: str, values: Sequence[Any]) -> None:
        """Set a field, unless it is set; add to one that holds several values."""
        if name in _LISTS:
            self.fields[name] = list(dict.fromkeys([*self.fields.get(name, []), *values]))
        else:
            self.fields.setdefault(name, values[0])


def sniff(source: Source) -> bool:
    """Whether the first bytes of a source show an OPML element.

    >>> sniff(Source("a", b"<?xml version='1.0'?><!-- mine --><opml version='2.0'>")), sniff(Source("a", b"<rss>"))
    (True, False)
    """
    head = without_sections(source.data[:65536].replace(b"\x00", b""))
    found = re.search(rb"<([A-Za-z][A-Za-z0-9]{0,20})[\s>]", head)
    return bool(found and found[1] == b"opml")


def read(source: Source, context: Context) -> Iterator[Item]:
    """Resources, the topics that they name, and the problems of the outline."""
    body = _body(source)
    if isinstance(body, Problem):
        yield body
        return
    reader = _Reader(context)
    for element in body.iterchildren("outline"):
        reader.add(element, reader.item(element), ())
    topics = {topic: draft.line for draft in reversed(reader.drafts) for topic in draft.fields.get("topics", ())}
    for slug, line in sorted(topics.items()):
        if slug not in context.topics.values():
            name = slug.replace("-", " ")
            yield EntryDraft("topic", slug, {"name": name[0].upper() + name[1:]}, "", line, True)
    yield from reader.drafts
    for (message, remedy), lines in sorted(reader.remarks.items()):
        also = f", in {len(lines)} places" if len(lines) > 1 else ""
        yield Problem(source.name, Span(min(lines), 1), message + also, remedy, Severity.WARNING)


def _body(source: Source) -> Any:
    """The body of an OPML file, its outlines within the limits, or the problem that keeps it from being read."""
    name = source.name
    if problem := size_problem(source, MAX_BYTES, "export its branches one by one"):
        return problem
    data, problem = decode_xml(source, "correct its encoding, or save it as UTF-8", Severity.ERROR)
    if problem:
        return problem
    data = drop_unprintable(data.decode()).encode()
    if re.search(rb"<!(?:DOCTYPE|ENTITY)", data, re.I):
        return Problem(name, Span(), "the outline has a document type, which is refused", "remove its DOCTYPE")
    try:
        root = parse_xml(data)
    except etree.XMLSyntaxError as error:
        line, column = error.position
        what = " ".join(str(error.msg).split()).partition(", line ")[0]
        return Problem(name, Span(max(line, 1), max(column, 1)), f"not whole XML: {what}", "export the outline again")
    body = root.find("body") if root.tag == "opml" else None
    if body is None or body.find("outline") is None:
        return Problem(name, Span(), "no OPML outline with items found", "see whether it was exported whole, as OPML")
    for count, element in enumerate(body.iter("outline"), 1):
        place = Span(element.sourceline or 1, 1)
        if count > MAX_OUTLINES:
            return Problem(name, place, f"more than {MAX_OUTLINES:,} items", "export its branches one by one")
        if sum(1 for _ in element.iterancestors("outline")) >= MAX_DEPTH:
            return Problem(name, place, f"nested deeper than {MAX_DEPTH} levels", "make it flatter")
        if len(element.attrib) > MAX_ATTRIBUTES:
            return Problem(name, place, f"more than {MAX_ATTRIBUTES} attributes of an item", "leave some out")
    return body


def _exported_fields(element: Any) -> dict[str, Any]:
    """The fields that our own export wrote, with title and note as they are now; none for other items."""
    try:
        known = Resource.model_validate_json(element.get(FIELDS, ""))
    except ValidationError:
        return {}
    fields: dict[str, Any] = json.loads(element.get(FIELDS))
    for name, before, now in (
        ("title", known.title, element.get("text", "")),
        ("summary", known.summary, element.get("_note", "")),
    ):
        # XML can't hold every character, and folds white space
        old, new = ("".join(sign for sign in text if sign.isprintable() and sign != " ") for text in (before, now))
        if old != new and (new or name != "title"):
            fields[name] = now.strip()[:MAX_TITLE] if name == "title" else now.strip()
    return fields


class _Reader:
    """Reads the items of an outline. `remarks` has the lines of each problem, by message and remedy."""

    def __init__(self, context: Context) -> None:
        self.context = context
        self.drafts: list[EntryDraft] = []
        self.remarks: dict[tuple[str, str], list[int]] = defaultdict(list)
        self.taken: set[str] = set()
        self.uses: Counter[str] = Counter()

    def item(self, element: Any) -> Outline:
        """An item from its attributes, whatever their letter case."""
        item = Outline(element.sourceline or 1, fields=_exported_fields(element))
        if item.is_exported:
            item.title = item.fields["title"]
            return item
        values = {str(name).casefold(): str(text) for name, text in element.attrib.items() if SPACE not in str(name)}
        text = values.get("text", "").strip() or values.get("title", "")
        # a note that only repeats the title adds nothing
        note = "\n".join(dict.fromkeys(values[name] for name in _NOTES if values.get(name, text) != text))
        addresses: list[str] = []
        for name, url in ((name, value.strip()) for name, value in values.items() if value.strip()):
            is_feed = name == "xmlurl" or (name == "url" and values.get("type") in {"rss", "atom", "feed", "podcast"})
            if name in {"link", "href"} and "://" not in url:
                note = f"{note}\n{url}"
            elif is_feed and not public_address(url):
                message = f"the address of a feed holds a key: {visible(without_secrets(url))[:80]}"
                self.remark(item, message, "it is left out; give one that everybody may read, if there is one")
                text, note = text.replace(url, "Feed"), note.replace(url, "Feed")
            elif name in _ADDRESSES:
                addresses.append(url)
            elif name not in _IGNORED and name not in _NOTES:
                message = f'the attribute "{visible(name)[:60]}" has no place in a resource'
                self.remark(item, message, "it is left out; say it in the note of the item instead")
        self.read_texts(item, text, note)
        known = {link["url"] for link in item.urls}
        whole = (self.address(item, url) for url in addresses)
        item.urls += [{"url": url} for url in dict.fromkeys(whole) if url and url not in known]
        item.title = item.title or next((link["url"] for link in item.urls), "")
        names = re.split(r"[;\n]", values.get("author") or values.get("authors") or "")
        if authors := dict.fromkeys(filter(None, (" ".join(name.split())[:MAX_TITLE] for name in names))):
            item.fields["authors"] = list(authors)[:MAX_AUTHORS]
        if values.get("iscomment", "").casefold() == "true":
            item.fields["hide"] = True
        return item

    def read_texts(self, item: Outline, text: str, note: str) -> None:
        """Read title, note, links and tags. The note is one line with the addresses of its links; one that is nothing
        but links is left out, and they are the item's own. An address is no title where there are words."""
        titled = [(label, self.address(item, url)) for label, url in read_pieces(text)]
        item.title = self.tagged(item, "".join("" if url and "://" in label[:20] else label for label, url in titled))
        pieces = [(label, self.address(item, url)) for label, url in read_pieces(note)]
        if any(label.strip(" \t\n,;|•·*-") for label, url in pieces if not url):
            shown = (f"{label} ({url})" if url and "://" not in label[:20] else url or label for label, url in pieces)
            item.note = self.tagged(item, "".join(shown))
        else:
            titled += pieces
        item.urls = [_link(url, label, item.title) for label, url in titled if url]

    def tagged(self, item: Outline, text: str) -> str:
        """A text with white space folded, without the tags that are known: they set fields of the item."""
        kept = []
        for word in text.split():
            bare = word.rstrip(",;.)")
            name, values = _read_tag(bare, self.context) if _TAG.fullmatch(bare) else ("", [])
            if values:
                item.set_field(name, values)
                continue
            kept.append(word)
            if name and ":" in bare:
                remedy = "it is kept as text; correct it, or import its series first"
                self.remark(item, f'unknown tag "{visible(bare)[:80]}"', remedy)
        shown = clean_text(" ".join(kept))
        return shown if len(kept) == len(text.split()) else shown.rstrip(" -–—|,;:")

    def address(self, item: Outline, url: str) -> str:
        """An address as a resource has it; "" for one that is refused."""
        whole = web_address(url, "")
        if url and not whole:
            message = f"not a web address: {visible(without_secrets(url))[:80]}"
            self.remark(item, message, "it is left out; only http and https are allowed")
        return whole

    def remark(self, item: Outline, message: str, remedy: str) -> None:
        """Report something once, with all of its lines."""
        self.remarks[message, remedy].append(item.line)

    def add(self, element: Any, item: Outline, above: tuple[str, ...]) -> None:
        """Add the resource that an item is, below those that `above` names, and those of its children."""
        children = [(child, self.item(child)) for child in element.iterchildren("outline")]
        if not (item.is_exported or item.title.strip(" -–—_*=.") or item.note or item.urls or children):
            # a line that parts others, or tags of nothing
            self.remark(item, "an item without text", "it is left out")
            return
        rest = [(child, one) for child, one in children if not _folded(item, child, one)]
        if len(above) >= MAX_LEVEL:
            self.remark(item, f"nested deeper than {MAX_LEVEL} levels", f"it is put on level {MAX_LEVEL}")
            above = above[: MAX_LEVEL - 1]
        slug = self.slug(element.get(SLUG, ""), item.title, above)
        fields = item.fields if item.is_exported else _resource_fields(item)
        self.drafts.append(EntryDraft("resource", slug, fields, above[-1] if above else "", item.line, True))
        for child, one in rest:
            self.add(child, one, (*above, slug))

    def slug(self, own: str, title: str, above: tuple[str, ...]) -> str:
        """The slug of an item: its own, else that of its title, of parent and title, or with a count."""
        slug = wanted = own if is_slug(own) else make_slug(title, "resource")
        if wanted in self.taken and above:
            slug = wanted = make_slug(f"{above[-1]} {title}", "resource")
        while slug in self.taken:
            self.uses[wanted] += 1
            slug = f"{wanted[:55].rstrip('-')}-{self.uses[wanted] + 1}"
        self.taken.add(slug)
        return slug


def _folded(item: Outline, element: Any, child: Outline) -> bool:
    """Whether the child of an item is no resource of its own: it becomes a link of the item, or is added to its
    note."""
    if item.is_exported:
        return LINK in element.attrib
    is_plain = "format" in item.fields and element.find("outline") is None and not child.note
    if not is_plain or set(child.fields) - {"price"} or not (child.urls or child.title):
        return False
    if child.urls:
        titled = {"title": child.title[:MAX_TITLE]} if "://" not in child.title[:20] else {}
        item.urls += [{**link, **titled, **child.fields} for link in child.urls]
    else:
        item.note = " ".join(filter(None, [item.note, child.title]))
    return True


def _read_tag(tag: str, context: Context) -> tuple[str, list[Any]]:
    """The field that a tag sets, and its values; none where the tag or a value is unknown. Tags without a field of
    their name are series by id or prefix.

    >>> _read_tag("#price:$", Context()), _read_tag("#format:scroll", Context()), _read_tag("#hide", Context())
    (('price', ['$']), ('format', []), ('hide', [True]))
    """
    name, *values = tag.strip("#:").casefold().split(":")
    if name == "hide":
        return name, [] if values else [True]
    if name in _VALUES:
        return name, values if set(values) <= set(_VALUES[name]) else []
    if name == "topic":
        slugs = [context.topics.get(value.replace("-", " ")) or make_slug(value, "") for value in values]
        return "topics", slugs if all(slugs) else []
    ids = {series.prefix.casefold().strip(): id for id, series in sorted(context.series.items(), reverse=True)}
    ids |= {id.casefold(): id for id in (*context.series, context.given)}
    is_known = bool(ids.get(name)) and all(re.fullmatch("[0-9]{1,5}", value) for value in values)
    return "episodes", [episode_id(ids[name], int(value)) for value in values] if is_known else []


def _link(url: str, label: str, title: str) -> dict[str, str]:
    """A link of a resource; an address, or the resource's own title, is no label."""
    named = " ".join(label.split())[:MAX_TITLE]
    return {"url": url} if not named or "://" in named[:20] or named == title else {"url": url, "title": named}


def _resource_fields(item: Outline) -> dict[str, Any]:
    """The fields of a resource as a knowledge file has them."""
    links = {str(link): link if len(link) > 1 else link["url"] for link in item.urls}
    formats = item.fields.get("format", [])
    fields: dict[str, Any] = {
        "title": item.title[:MAX_TITLE] or "Untitled",
        "urls": list(links.values()),
        **item.fields,
        "format": formats[0] if len(formats) == 1 else formats,
        "summary": " ".join(filter(None, [item.title if len(item.title) > MAX_TITLE else "", item.note])),
    }
    return {name: value for name, value in fields.items() if value}


def read_pieces(text: str) -> list[Piece]:
    """A text as runs and links, in order. It may be HTML, with links in Markdown and bare addresses.

    >>> read_pieces('Read <a href="https://a.example/b">the book</a> or [this](https://c.example), https://d.example/e.')
    ... # doctest: +NORMALIZE_WHITESPACE
    [('Read ', ''), ('the book', 'https://a.example/b'), (' or ', ''), ('this', 'https://c.example'), (', ', ''),
     ('https://d.example/e', 'https://d.example/e'), ('. ', '')]
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
            found += [(shown[at : bare.start()], ""), (url, url)]
            at = bare.start() + len(url)
        found.append((shown[at:], href))
    return [(text, url) for text, url in found if text]


def _runs(blocks: Sequence[Block]) -> Iterator[Run]:
    """The text of blocks in their styles, a space behind each line."""
    for block in blocks:
        if isinstance(block, Group):
            yield from _runs(block.children)
        elif isinstance(block, Code):
            yield Run(block.text)
        for line in block.lines if isinstance(block, Paragraph) else ():
            yield from (*line, Run(" "))
