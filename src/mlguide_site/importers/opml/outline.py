"""An OPML 2.0 file (opml.org/spec2.opml) as resources: each item is one, nested as it is in the outline.

An item with `#format` is one thing: what is directly below it, without anything below that, are its links and notes.
Our own export is read as exactly what was exported. Outliners add attributes of their own. Limits: 4 MiB, 10,000 items,
nesting 100. A document type, which entities would need, is refused.
"""

import json
import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from lxml import etree
from pydantic import ValidationError

from mlguide_site.errors import Problem, Severity, Span, visible
from mlguide_site.importers import Context, EntryDraft, Item, Source
from mlguide_site.importers.common.addresses import public_address, web_address, without_secrets
from mlguide_site.importers.common.decoding import decode_xml, parse_xml, size_problem, without_sections
from mlguide_site.importers.opml.links import read_pieces
from mlguide_site.importers.opml.tags import read_tags
from mlguide_site.markdown.escape import clean_text, drop_unprintable
from mlguide_site.model.schema import Resource
from mlguide_site.model.slugs import is_slug, make_slug

MAX_BYTES = 4 * 1024 * 1024
MAX_OUTLINES = 10_000
MAX_DEPTH = 100
MAX_ATTRIBUTES = 200
"""Attributes of one item: lxml takes time quadratic in their number."""
MAX_LEVEL = 8
MAX_TITLE = 500
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


@dataclass
class Outline:
    """An item: its title and note without tags, and the other fields of a resource; lists are dictionaries, which hold
    each value once. `is_exact` is true for fields that our own export wrote, `is_link` for a link of the item above."""

    line: int
    title: str = ""
    note: str = ""
    urls: list[dict[str, str]] = field(default_factory=list)
    fields: dict[str, Any] = field(default_factory=dict)
    slug: str = ""
    is_exact: bool = False
    is_link: bool = False
    children: "list[Outline]" = field(default_factory=list)


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
        reader.add(reader.item(element), ())
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
    for count, element in enumerate(body.iter("outline"), 1):
        place = Span(element.sourceline or 1, 1)
        if count > MAX_OUTLINES:
            return Problem(name, place, f"more than {MAX_OUTLINES:,} items", "export its branches one by one")
        if sum(1 for _ in element.iterancestors("outline")) >= MAX_DEPTH:
            return Problem(name, place, f"nested deeper than {MAX_DEPTH} levels", "make it flatter")
        if len(element.attrib) > MAX_ATTRIBUTES:
            return Problem(name, place, f"more than {MAX_ATTRIBUTES} attributes of an item", "leave some out")
    if body.find("outline") is None:
        return Problem(name, Span(), "the outline has no items", "see whether it was exported whole")
    return body


def _exact_fields(attributes: Mapping[str, str]) -> dict[str, Any]:
    """The fields that our own export wrote, if title and note of the item are still the same."""
    try:
        known = Resource.model_validate_json(attributes.get(FIELDS, ""))
    except ValidationError:
        return {}
    pairs = ((known.title, attributes.get("text", "")), (known.summary, attributes.get("_note", "")))
    (title, text), (summary, note) = ([re.sub(r"\W+", "", one) for one in pair] for pair in pairs)
    fields: dict[str, Any] = json.loads(attributes[FIELDS])
    return fields if text.startswith(title) and note == summary else {}


class _Reader:
    """Reads the items of an outline. `remarks` has the lines of each problem, by message and remedy."""

    def __init__(self, context: Context) -> None:
        self.context = context
        self.drafts: list[EntryDraft] = []
        self.remarks: dict[tuple[str, str], list[int]] = defaultdict(list)
        self.taken: set[str] = set()
        self.uses: Counter[str] = Counter()

    def item(self, element: Any) -> Outline:
        """An item with those below it, from its attributes, whatever their letter case."""
        attributes = {str(name): str(value) for name, value in element.attrib.items()}
        exact = _exact_fields(attributes)
        item = Outline(element.sourceline or 1, slug=attributes.get(SLUG, ""), is_link=LINK in attributes)
        if exact:
            item.title, item.fields, item.is_exact = exact["title"], exact, True
        else:
            own = {name.casefold(): text for name, text in attributes.items() if text.strip() and SPACE not in name}
            self.read_attributes(item, own)
        item.children = [self.item(child) for child in element.iterchildren("outline")]
        return item

    def read_attributes(self, item: Outline, values: Mapping[str, str]) -> None:
        """Read texts, addresses and authors of an item."""
        text = values.get("text") or values.get("title") or ""
        # a note that only repeats the title adds nothing
        note = "\n".join(dict.fromkeys(values[name] for name in _NOTES if values.get(name, text) != text))
        addresses: list[str] = []
        for name, value in values.items():
            url = value.strip()
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
        authors = dict.fromkeys(filter(None, (" ".join(name.split())[:MAX_TITLE] for name in names)))
        item.fields |= {"authors": dict.fromkeys(list(authors)[:MAX_AUTHORS])} if authors else {}
        item.fields |= {"hide": True} if values.get("iscomment", "").casefold() == "true" else {}

    def read_texts(self, item: Outline, text: str, note: str) -> None:
        """Read title, note, links and tags. The note is one line with the addresses of its links; one that is nothing
        but links is left out, and they are the item's own. An address is no title where there are words."""
        titled = read_pieces(text)
        links = [(piece.text, url) for piece in titled if (url := self.address(item, piece.url))]
        item.title = self.tagged(item, "".join("" if url and "://" in label[:20] else label for label, url in titled))
        pieces = [(piece.text, self.address(item, piece.url)) for piece in read_pieces(note)]
        if any(label.strip(" \t\n,;|•·*-") for label, url in pieces if not url):
            shown = (f"{label} ({url})" if url and "://" not in label[:20] else url or label for label, url in pieces)
            item.note = " ".join(filter(None, [self.tagged(item, "".join(shown)), item.note]))
        else:
            links += [one for one in pieces if one[1]]
        item.urls = [_link(url, label, item.title) for label, url in links]

    def tagged(self, item: Outline, text: str) -> str:
        """A text without its tags, which set fields of the item; unknown ones are added to its note."""
        found = read_tags(clean_text(text), self.context)
        item.note = " ".join(filter(None, [item.note, *found.unknown]))
        for name, value in found.fields.items():
            before = item.fields.setdefault(name, value)
            if isinstance(before, dict):
                before |= value
        for tag in found.unknown:
            remedy = "it is kept as text; correct it, or import its series first"
            self.remark(item, f'unknown tag "{visible(tag)[:80]}"', remedy)
        return found.text

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

    def add(self, item: Outline, above: tuple[str, ...]) -> None:
        """Add the resource that an item is, below those that `above` names, and those of its children."""
        if not (item.is_exact or item.title.strip(" -–—_*=.") or item.note or item.urls or item.children):
            # a line that parts others, or tags of nothing
            self.remark(item, "an item without text", "it is left out")
            return
        rest = self.fold_children(item)
        if len(above) >= MAX_LEVEL:
            self.remark(item, f"nested deeper than {MAX_LEVEL} levels", f"it is put on level {MAX_LEVEL}")
            above = above[: MAX_LEVEL - 1]
        slug = self.slug(item, above)
        fields = item.fields if item.is_exact else _fields(item)
        self.drafts.append(EntryDraft("resource", slug, fields, above[-1] if above else "", item.line, True))
        for child in rest:
            self.add(child, (*above, slug))

    def fold_children(self, item: Outline) -> list[Outline]:
        """The children that are resources of their own. The others become links of the item, or are added to its
        note."""
        rest = []
        for child in item.children:
            is_plain = "format" in item.fields and not (child.children or child.note or set(child.fields) - {"price"})
            if item.is_exact and child.is_link:
                continue
            if child.is_link or (is_plain and child.urls):
                price = {"price": child.fields["price"]} if "price" in child.fields else {}
                titled = {"title": child.title[:MAX_TITLE]} if "://" not in child.title[:20] else {}
                item.urls += [{**link, **titled, **price} for link in child.urls]
            elif is_plain and child.title:
                item.note = " ".join(filter(None, [item.note, child.title]))
            else:
                rest.append(child)
        return rest

    def slug(self, item: Outline, above: tuple[str, ...]) -> str:
        """The slug of an item: its own, else that of its title, of parent and title, or with a count."""
        wanted = item.slug if is_slug(item.slug) else make_slug(item.title, "resource")
        if wanted in self.taken and above:
            wanted = make_slug(f"{above[-1]} {item.title}", "resource")
        slug = wanted
        while slug in self.taken:
            self.uses[wanted] += 1
            slug = f"{wanted[:55].rstrip('-')}-{self.uses[wanted] + 1}"
        self.taken.add(slug)
        return slug


def _link(url: str, label: str, title: str) -> dict[str, str]:
    """A link of a resource; an address, or the resource's own title, is no label."""
    named = " ".join(label.split())[:MAX_TITLE]
    return {"url": url} if not named or "://" in named[:20] or named == title else {"url": url, "title": named}


def _fields(item: Outline) -> dict[str, Any]:
    """The fields of a resource as a knowledge file has them."""
    lists = {name: list(value) for name, value in item.fields.items() if isinstance(value, dict)}
    links = {str(link): link if len(link) > 1 else link["url"] for link in item.urls}
    texts = [item.title if len(item.title) > MAX_TITLE else "", item.note]
    fields: dict[str, Any] = {
        "title": item.title[:MAX_TITLE] or "Untitled",
        "urls": list(links.values()),
        **item.fields,
        **{name: value[0] if name == "format" and len(value) == 1 else value for name, value in lists.items()},
        "summary": " ".join(filter(None, texts)),
    }
    return {name: value for name, value in fields.items() if value}
