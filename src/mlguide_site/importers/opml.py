"""OPML 2.0 outlines (opml.org/spec2.opml) as resources: each item is one, nested as it is in the outline.

Hash tags such as `#format:book:course` set fields. An item with `#format` is one thing: what is directly below it,
without anything below that, are its links and notes. Our own export holds the fields of a resource as JSON; titles and
notes that were edited since win. Limits: 4 MiB, 10,000 items, nesting 100. A document type is refused.
"""

import json
import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from typing import Any, get_args

from lxml import etree

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
    """The fields that our own export wrote, with title and note as they are now. Invalid ones are removed from the
    element."""
    try:
        texts = {"title": element.get("text", "").strip(), "summary": element.get("_note", "").strip()}
        fields: dict[str, Any] = {**json.loads(element.get(FIELDS, "")), **texts}
        Resource.model_validate(fields)
    except (TypeError, ValueError, RecursionError):
        element.attrib.pop(FIELDS, None)
        return {}
    return {name: value for name, value in fields.items() if value}


class _Reader:
    """Reads the items of an outline. `remarks` has the lines of each problem, by message and remedy."""

    def __init__(self, context: Context) -> None:
        self.context = context
        self.drafts: list[EntryDraft] = []
        self.remarks: dict[tuple[str, str], list[int]] = defaultdict(list)
        self.taken: set[str] = set()
        self.uses: Counter[str] = Counter()

    def item(self, element: Any) -> dict[str, Any]:
        """The fields of a resource from the attributes of an item, whatever their letter case; `urls` are records."""
        if fields := _exported_fields(element):
            return fields
        values = {str(name).casefold(): str(text) for name, text in element.attrib.items() if SPACE not in str(name)}
        text = values.get("text", "").strip() or values.get("title", "")
        # a note that only repeats the title adds nothing
        note = "\n".join(dict.fromkeys(values[name] for name in _NOTES if values.get(name, text) != text))
        addresses: dict[str, str] = {}
        line = element.sourceline or 1
        for name, url in ((name, value.strip()) for name, value in values.items() if value.strip()):
            is_feed = name == "xmlurl" or (name == "url" and values.get("type") in {"rss", "atom", "feed", "podcast"})
            if name in {"link", "href"} and "://" not in url:
                note = f"{note}\n{url}"
            elif is_feed and not public_address(url):
                message = f"the address of a feed holds a key: {visible(without_secrets(url))[:80]}"
                self.remark(line, message, "it is left out; give one that everybody may read, if there is one")
                text, note = text.replace(url, "Feed"), note.replace(url, "Feed")
            elif name in _ADDRESSES:
                addresses[self.address(line, url)] = ""
            elif name not in _IGNORED and name not in _NOTES:
                message = f'the attribute "{visible(name)[:60]}" has no place in a resource'
                self.remark(line, message, "it is left out; say it in the note of the item instead")
        names = (
            " ".join(name.split()) for name in re.split(r"[;\n]", values.get("author") or values.get("authors", ""))
        )
        fields["authors"] = list(dict.fromkeys(name[:MAX_TITLE] for name in names if name))[:MAX_AUTHORS]
        fields["hide"] = values.get("iscomment", "").casefold() == "true"
        self.read_texts(fields, line, text, note)
        known = {link["url"] for link in fields["urls"]} | {""}
        fields["urls"] += [{"url": url} for url in addresses if url not in known]
        fields["title"] = fields["title"] or next((link["url"] for link in fields["urls"]), "")
        return fields

    def read_texts(self, fields: dict[str, Any], line: int, text: str, note: str) -> None:
        """Read title, note, links and tags. The note is one line with the addresses of its links; one that is nothing
        but links is left out, and they are the item's own. An address is no title where there are words."""
        titled = [(label, self.address(line, url)) for label, url in read_pieces(text)]
        shown = ("" if url and "://" in label[:20] else label for label, url in titled)
        fields["title"] = self.tagged(fields, line, "".join(shown))
        pieces = [(label, self.address(line, url)) for label, url in read_pieces(note)]
        if any(label.strip(" \t\n,;|•·*-") for label, url in pieces if not url):
            shown = (f"{label} ({url})" if url and "://" not in label[:20] else url or label for label, url in pieces)
            fields["summary"] = self.tagged(fields, line, "".join(shown))
        else:
            titled += pieces
        fields["urls"] = [_link(url, label, fields["title"]) for label, url in titled if url]

    def tagged(self, fields: dict[str, Any], line: int, text: str) -> str:
        """A text with white space folded, without the tags that are known: they set fields of the item."""
        kept = []
        for word in text.split():
            tag = word.rstrip(",;.)")
            name, values = _read_tag(tag, self.context) if _TAG.fullmatch(tag) else ("", [])
            if values and name in _LISTS:
                fields[name] = list(dict.fromkeys([*fields.get(name, []), *values]))
            elif values:
                fields[name] = fields.get(name) or values[0]
            else:
                kept.append(word)
            if name and not values and ":" in tag:
                remedy = "it is kept as text; correct it, or import its series first"
                self.remark(line, f'unknown tag "{visible(tag)[:80]}"', remedy)
        shown = clean_text(" ".join(kept))
        return shown if len(kept) == len(text.split()) else shown.rstrip(" -–—|,;:")

    def address(self, line: int, url: str) -> str:
        """An address as a resource has it; "" for one that is refused."""
        whole = web_address(url, "")
        if url and not whole:
            message = f"not a web address: {visible(without_secrets(url))[:80]}"
            self.remark(line, message, "it is left out; only http and https are allowed")
        return whole

    def remark(self, line: int, message: str, remedy: str) -> None:
        """Report something once, with all of its lines."""
        self.remarks[message, remedy].append(line)

    def add(self, element: Any, fields: dict[str, Any], above: tuple[str, ...]) -> None:
        """Add the resource that an item is, below those that `above` names, and those of its children."""
        line = element.sourceline or 1
        children = [(child, self.item(child)) for child in element.iterchildren("outline")]
        is_exported = FIELDS in element.attrib
        if not (
            is_exported or fields["title"].strip(" -–—_*=.") or fields.get("summary") or fields["urls"] or children
        ):
            # a line that parts others, or tags of nothing
            self.remark(line, "an item without text", "it is left out")
            return
        rest = [(child, own) for child, own in children if not _folded(fields, is_exported, child, own)]
        if len(above) >= MAX_LEVEL:
            self.remark(line, f"nested deeper than {MAX_LEVEL} levels", f"it is put on level {MAX_LEVEL}")
            above = above[: MAX_LEVEL - 1]
        slug = self.slug(element.get(SLUG, ""), fields["title"], above)
        written = fields if is_exported else _written(fields)
        self.drafts.append(EntryDraft("resource", slug, written, above[-1] if above else "", line, True))
        for child, own in rest:
            self.add(child, own, (*above, slug))

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


def _folded(fields: dict[str, Any], is_exported: bool, element: Any, own: dict[str, Any]) -> bool:
    """Whether a child of an item with these fields is no resource of its own: it becomes a link of the item, or is
    added to its note."""
    if is_exported or FIELDS in element.attrib:
        return is_exported and LINK in element.attrib
    others = {name for name, value in own.items() if value} - {"title", "urls", "price"}
    if others or "format" not in fields or element.find("outline") is not None or not own["title"]:
        return False
    price = {"price": own["price"]} if "price" in own else {}
    titled = {"title": own["title"][:MAX_TITLE]} if "://" not in own["title"][:20] else {}
    fields["urls"] += [{**link, **titled, **price} for link in own["urls"]]
    if not own["urls"]:
        fields["summary"] = " ".join(filter(None, [fields.get("summary"), own["title"]]))
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


def _written(fields: dict[str, Any]) -> dict[str, Any]:
    """The fields of a resource as a knowledge file has them: the shortest form of each, a long title in the summary."""
    title, formats = fields["title"], fields.get("format", [])
    links = {str(link): link if len(link) > 1 else link["url"] for link in fields["urls"]}
    texts = [title if len(title) > MAX_TITLE else "", fields.get("summary")]
    written = {
        "title": title[:MAX_TITLE] or "Untitled",
        "urls": list(links.values()),
        **{name: value for name, value in fields.items() if name not in {"title", "urls"}},
        "format": formats[0] if len(formats) == 1 else formats,
        "summary": " ".join(filter(None, texts)),
    }
    return {name: value for name, value in written.items() if value}


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
