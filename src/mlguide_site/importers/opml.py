"""Importer for OPML 2.0 outlines (opml.org/spec2.opml): each item becomes a resource. An export by mlguide contains the
fields of a resource as JSON; a title or note that was edited in an outline editor replaces the exported value."""

import json
import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from typing import Any

from lxml import etree

from mlguide_site.errors import ContentError, Problem, Severity, Span, content_error, visible
from mlguide_site.importers import Context, EntryDraft, Item, Source
from mlguide_site.importers.common.addresses import public_address, web_address, without_secrets
from mlguide_site.importers.common.decoding import check_size, decode_xml, parse_xml, without_sections
from mlguide_site.markdown.blocks_from_html import looks_like_html, strip_tags, without_password
from mlguide_site.markdown.engine_escape import clean_text, drop_unprintable, unescape
from mlguide_site.markdown.sanitise_inline import bare_address
from mlguide_site.model.records import Resource
from mlguide_site.model.slugs import is_slug, make_slug

MAX_OPML_BYTES = 4 * 1024 * 1024
MAX_OUTLINES, MAX_DEPTH = 10_000, 100
MAX_ATTRIBUTES = 200  # the limit per item; lxml takes quadratic time to read attributes
MAX_LEVEL, MAX_TITLE, MAX_AUTHORS = 8, 500, 50
SPACE = "urn:mlguide:opml"
"""The namespace of the attributes `slug`, `link` (marks an item as a link of its parent) and `fields` (JSON)."""
SLUG, LINK, FIELDS = (f"{{{SPACE}}}{name}" for name in ("slug", "link", "fields"))
_ADDRESSES = ("url", "xmlurl", "htmlurl", "link", "href")
_NOTES = ("_note", "note", "description", "comment", "comments")
_IGNORED = frozenset(
    "text title type iscomment isbreakpoint created modified version language _status _complete complete checkbox"
    " checked colorlabel color heading numbered collapsed expanded _id id author authors".split()
)
"""Attributes that cause no warning, because other code reads them, or because only outline editors use them."""
_MARKDOWN_LINK = re.compile(
    r"(?<!!)\[([^\[\]]{1,500})\]\(([A-Za-z][A-Za-z0-9+.-]{1,15}:[^\s()<>\"]{1,2000}(?:\([^\s()<>\"]{0,300}\)[^\s()<>\"]{0,500}){0,3})\)"
)
_HREF = re.compile(r"<a\s[^<>]{0,500}?\bhref\s{0,9}=\s{0,9}[\"']([^\"'<>]{1,2000})[\"']", re.I)
_BARE = re.compile(r"(?<![\w/])https?://[^\s<>\"`]{1,2000}", re.I)


def sniff(source: Source) -> bool:
    """Check whether the first element of a source is `opml`."""
    head = without_sections(source.data[:65536].replace(b"\x00", b""))
    found = re.search(rb"<([A-Za-z][A-Za-z0-9]{0,20})[\s>]", head)
    return bool(found and found[1] == b"opml")


def read(source: Source, context: Context) -> Iterator[Item]:
    """Yield the resources and topics of an outline, and its problems."""
    reader = _Reader()
    for element in _body(source).iterchildren("outline"):
        reader.add(element, ())
    topics = {topic: draft.line for draft in reversed(reader.drafts) for topic in draft.fields.get("topics", ())}
    for slug, line in sorted(topics.items()):
        if slug not in context.topics:
            name = slug.replace("-", " ")
            yield EntryDraft("topic", slug, {"name": name[0].upper() + name[1:]}, "", line, True)
    yield from reader.drafts
    for (message, remedy), lines in sorted(reader.remarks.items()):
        also = f", in {len(lines)} places" if len(lines) > 1 else ""
        yield Problem(source.name, Span(min(lines), 1), message + also, remedy, Severity.WARNING)


def _body(source: Source) -> Any:
    name = source.name
    check_size(source, MAX_OPML_BYTES, "export the branches one by one")
    data, problem = decode_xml(source, "correct the encoding, or save the file as UTF-8", Severity.ERROR)
    if problem:
        raise ContentError([problem])
    if b"\x00" in data:
        raise content_error(name, "the outline contains a NUL character", "export it again")
    data = drop_unprintable(data.decode()).encode()
    if re.search(rb"<!(?:DOCTYPE|ENTITY)", data, re.I):
        raise content_error(name, "the outline has a document type, which is not allowed", "remove its DOCTYPE")
    try:
        root = parse_xml(data)
    except etree.XMLSyntaxError as error:
        line, column = error.position
        what = " ".join(str(error.msg).split()).partition(", line ")[0]
        place = Span(max(line, 1), max(column, 1))
        raise content_error(name, f"invalid XML: {what}", "export the outline again", place) from None
    body = root.find("body") if root.tag == "opml" else None
    if body is None or body.find("outline") is None:
        raise content_error(name, "no OPML outline with items found", "export the whole outline again")
    for count, element in enumerate(body.iter("outline"), 1):
        place = Span(element.sourceline or 1, 1)
        if count > MAX_OUTLINES:
            raise content_error(name, f"more than {MAX_OUTLINES:,} items", "export the branches one by one", place)
        if sum(1 for _ in element.iterancestors("outline")) >= MAX_DEPTH:
            raise content_error(name, f"nested deeper than {MAX_DEPTH} levels", "reduce the nesting", place)
        if len(element.attrib) > MAX_ATTRIBUTES:
            raise content_error(name, f"an item has more than {MAX_ATTRIBUTES} attributes", "remove some", place)
    return body


def feeds(source: Source) -> list[tuple[str, str, int]]:
    """Return the title, address and line of each feed in an outline. Raises ContentError as `read` does."""
    found: dict[str, tuple[str, int]] = {}
    for element in _body(source).iter("outline"):
        values = {str(name).casefold(): " ".join(str(text).split()) for name, text in element.attrib.items()}
        if url := web_address(values.get("xmlurl", ""), ""):
            found.setdefault(url, (values.get("title") or values.get("text", ""), element.sourceline or 1))
    return [(title[:MAX_TITLE], url, line) for url, (title, line) in found.items()]


def _exported_fields(element: Any) -> dict[str, Any]:
    """Return the fields in an exported item's JSON, with the outline's title and note, or {} if a field is invalid."""
    try:
        texts = {"title": element.get("text", "").strip(), "summary": element.get("_note", "").strip()}
        fields: dict[str, Any] = {**json.loads(element.get(FIELDS, "")), **texts}
        Resource.model_validate(fields)
    except (TypeError, ValueError, RecursionError):
        return {}
    return {name: value for name, value in fields.items() if value}


class _Reader:
    """Reads the items of an outline. `remarks` maps (message, remedy) pairs to lines. `uses` counts items by slug."""

    def __init__(self) -> None:
        self.drafts: list[EntryDraft] = []
        self.remarks: dict[tuple[str, str], list[int]] = defaultdict(list)
        self.uses: Counter[str] = Counter()

    def item(self, element: Any) -> dict[str, Any]:
        """Return the fields of a resource from an item's attributes. Attribute names are case-insensitive."""
        line = element.sourceline or 1
        values = {str(name).casefold(): str(text) for name, text in element.attrib.items() if SPACE not in str(name)}
        text = values.get("text", "").strip() or values.get("title", "")
        # ignore a note that only repeats the title
        names = ("title", *_NOTES) if values.get("title") else _NOTES
        notes = (values[name] for name in names if values.get(name, text).split() != text.split())
        note = "\n".join(dict.fromkeys(notes))
        addresses: list[str] = []
        for name, url in ((name, value.strip()) for name, value in values.items() if value.strip()):
            is_feed = name == "xmlurl" or (name == "url" and values.get("type") in {"rss", "atom", "feed", "podcast"})
            if name in {"link", "href"} and "://" not in url:
                note = f"{note}\n{url}"
            elif is_feed and not public_address(url):
                message = f"a feed address with an access key is left out: {visible(without_secrets(url))[:80]}"
                self.remarks[message, "use the public address of the feed if there is one"].append(line)
                text, note = text.replace(url, "Feed"), note.replace(url, "Feed")
            elif name in _ADDRESSES:
                addresses.append(url)
            elif name not in _IGNORED and name not in _NOTES:
                message = f'the attribute "{visible(name)[:60]}" is left out because resources have no such field'
                self.remarks[message, "move its value to the item's note"].append(line)
        _, title, titled = read_text(text)
        summary, words, noted = read_text(note)
        urls: list[str] = []
        for url in dict.fromkeys((*titled, *noted, *addresses)):
            if whole := web_address(url, ""):
                urls.append(whole)
            else:
                message = f"an address that is not a web address is left out: {visible(without_secrets(url))[:80]}"
                self.remarks[message, "use an address that begins with http or https"].append(line)
        authors = re.split(r"[;\n]", values.get("author") or values.get("authors", ""))[:MAX_AUTHORS]
        named = title.rstrip(" -–—|,;:") or next(iter(urls), title)
        summaries = [named if len(named) > MAX_TITLE else "", summary if any(map(str.isalnum, words)) else ""]
        fields = {
            "title": named[:MAX_TITLE],
            "urls": list(dict.fromkeys(urls)),
            "authors": [name[:MAX_TITLE] for one in dict.fromkeys(authors) if (name := " ".join(one.split()))],
            "hide": values.get("iscomment", "").casefold() == "true",
            "summary": " ".join(filter(None, summaries)),
        }
        return {name: value for name, value in fields.items() if value}

    def add(self, element: Any, above: tuple[str, ...]) -> None:
        """Add an item and its children as resources. `above` contains the slugs of the item's ancestors."""
        line = element.sourceline or 1
        children = list(element.iterchildren("outline"))
        if fields := _exported_fields(element):
            # the export repeats links as child items, but the fields already contain them
            children = [child for child in children if LINK not in child.attrib]
        else:
            fields = self.item(element)
            if not (fields.get("title", "").strip(" -–—_*=.") or fields.get("summary") or children):
                # the item is only a separator
                self.remarks["an empty item is left out", "add a text to the item, or ignore this"].append(line)
                return
        if len(above) >= MAX_LEVEL:
            message = f"an item nested deeper than {MAX_LEVEL} levels is moved up"
            self.remarks[message, "check its new place"].append(line)
            above = above[: MAX_LEVEL - 1]
        fields.setdefault("title", "Untitled")
        slug = self.slug(element.get(SLUG, ""), fields["title"], above)
        self.drafts.append(EntryDraft("resource", slug, fields, above[-1] if above else "", line, True))
        for child in children:
            self.add(child, (*above, slug))

    def slug(self, own: str, title: str, above: tuple[str, ...]) -> str:
        """Return a unique slug from the slug or title of an item, with the parent's slug or a number if necessary."""
        slug = wanted = own if is_slug(own) else make_slug(title, "resource")
        if wanted in self.uses and above:
            slug = wanted = make_slug(f"{above[-1]} {title}", "resource")
        while slug in self.uses:
            self.uses[wanted] += 1
            slug = f"{wanted[:55].rstrip('-')}-{self.uses[wanted]}"
        self.uses[slug] = 1
        return slug


def read_text(text: str) -> tuple[str, str, list[str]]:
    """Return the text, HTML or Markdown as one line, the same line without addresses, and the addresses."""
    text = _MARKDOWN_LINK.sub(r'<a href="\2">\1</a>', text)
    urls = [unescape(url) for url in _HREF.findall(text)]

    def cut(found: re.Match[str]) -> str:
        urls.append(url := bare_address(found[0]))
        return found[0][len(url) :]

    shown = clean_text(" ".join((strip_tags(text) if looks_like_html(text) else unescape(text)).split()))
    shown = _BARE.sub(lambda found: without_password(found[0]), shown)
    return shown, " ".join(_BARE.sub(cut, shown).split()), urls
