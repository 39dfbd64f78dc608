"""The bytes of an RSS or Atom feed as an XML tree: decoded, within limits, repaired where they are damaged.

What has one possible meaning is repaired silently: HTML's named characters and open line breaks, an `&` or `<` that
stands for itself, undeclared prefixes, characters of Windows-1252. Other damage is contained item by item and reported.
Refused are empty sources, other documents, declared entities, and feeds that end within an item. Nothing outside the
bytes is ever read.
"""

import re
from dataclasses import dataclass
from html.entities import html5
from typing import Any

from lxml import etree

from mlguide_site.errors import Problem, Severity, Span
from mlguide_site.importers import Source
from mlguide_site.importers.common.decoding import SECTION, WINDOWS, decode_xml, without_sections
from mlguide_site.importers.feed.elements import NAMESPACES

MAX_BYTES = 64 * 1024 * 1024
MAX_ELEMENTS = 1_000_000
MAX_ATTRIBUTES = 500_000
_PROLOG = re.compile(rb"(?:\s++|<\?.*?\?>|<!--.*?-->|(?i:<!DOCTYPE)[^\[>]*+>)*+", re.S)
_ROOT = re.compile(rb"<((?:[A-Za-z][\w.-]*:)?(?:rss|rdf|feed|channel))(?=[\s/>])[^>]*>?", re.I)
_CONTROL = bytes(number for number in (*range(32), 127) if number not in (9, 10, 13))
_PRINTED = bytes.maketrans(_CONTROL, b" " * len(_CONTROL))
_NONCHARACTERS = re.compile(rb"\xef\xbf[\xbe\xbf]")
_CONTROLS_ABOVE = re.compile(rb"\xc2([\x80-\x9f])")
_WINDOWS_REFERENCE = re.compile(rb"&#(?:0{0,9}(1[2-5][0-9])|[xX]0{0,9}([89][0-9A-Fa-f]));")
_NAMED = re.compile(rb"&(?!(?:amp|lt|gt|quot|apos);)([A-Za-z][A-Za-z0-9]{1,31});")
_STRAY = re.compile(rb"&(?![A-Za-z][A-Za-z0-9]{1,31};|#[0-9]{1,7};|#[xX][0-9A-Fa-f]{1,6};)|<(?![A-Za-z/!?_])")
_CONTROL_REFERENCE = re.compile(rb"&#(?:0{0,9}([0-9]{1,2})|[xX]0{0,9}([0-9A-Fa-f]{1,2}));")
_OPEN_VOID = re.compile(rb"<(br|hr|img|wbr)\b([^<>]*?)/?>", re.I)
_PREFIX = re.compile(rb"</?([A-Za-z][A-Za-z0-9_-]{0,30}):[A-Za-z]")
_ITEM_TAG = re.compile(rb"<(/?)(?:[A-Za-z][\w.-]*:)?(?:item|entry)(?=[\s/>])[^>]*>?", re.I)
ITEMS = frozenset(["item", "entry"])


@dataclass(frozen=True, slots=True)
class Tree:
    """A feed in lxml's elements: the root without its items, the items with their lines, and what was repaired."""

    root: Any
    items: list[tuple[Any, int]]
    problems: tuple[Problem, ...] = ()


def feed_root(data: bytes) -> str:
    """The name of the root element of a feed in small letters, as its first bytes show it; "" for other sources.

    >>> feed_root(b"<?xml version='1.0'?><!-- x --><rss version='2.0'>"), feed_root(b"<!doctype html><html>")
    ('rss', '')
    """
    head = without_sections(data[:65536].replace(b"\x00", b""))
    first = re.search(rb"<[A-Za-z][\w:.-]{0,40}", head)
    found = _ROOT.match(head, first.start()) if first else None
    return found[1].decode().casefold() if found else ""


def read_tree(source: Source) -> Tree | Problem:
    """The tree of a feed, or why it can't be read."""
    name, data = source.name, source.data
    if len(data) > MAX_BYTES:
        return Problem(name, Span(), f"larger than {MAX_BYTES // 2**20} MiB", "split it")
    if not data.strip():
        return Problem(name, Span(), "the source is empty", "see whether it was saved or downloaded whole")
    decoded = decode_xml(data)
    remedy = "such bytes are read as Windows-1252; correct the encoding, or save it as UTF-8"
    problem = decoded.problem(name, data, "feed", remedy, Severity.WARNING)
    plain = _plain(decoded.text)
    del decoded
    prolog = _PROLOG.match(plain)
    at = prolog.end() if prolog else 0
    if plain[at : at + 9].upper().startswith((b"<!DOCTYPE", b"<!ENTITY")):
        return Problem(name, Span(), "the feed declares entities of its own, which is refused", "remove its DOCTYPE")
    if not _ROOT.match(plain, at):
        return Problem(name, Span(), "this is no RSS, Atom or JSON feed", "give the address of the feed itself")
    if _has_too_much(plain):
        message = f"more than {MAX_ELEMENTS:,} elements or {MAX_ATTRIBUTES:,} attributes"
        return Problem(name, Span(), message, "split it")
    # a document type and processing instructions are dropped; their line ends stay
    plain = b"\n" * plain.count(b"\n", 0, at) + plain[at:]
    try:
        return _whole_tree(_parse(plain), problem)
    except etree.XMLSyntaxError:
        pass
    plain = _repaired(plain)
    try:
        return _whole_tree(_parse(plain), problem)
    except etree.XMLSyntaxError as error:
        return _damaged_tree(name, plain, error, problem)


def _plain(text: str) -> bytes:
    """A text as UTF-8 without control characters; those of Windows-1252, also as references, as they are meant."""
    plain = text.encode("utf-8", "replace").translate(_PRINTED)
    plain = _NONCHARACTERS.sub(b" ", plain)
    plain = _CONTROLS_ABOVE.sub(lambda found: WINDOWS[found[1][0]].encode(), plain)
    return _WINDOWS_REFERENCE.sub(_windows_character, plain)


def _windows_character(found: re.Match[bytes]) -> bytes:
    number = int(found[1]) if found[1] else int(found[2], 16)
    return WINDOWS[number].encode() if number in WINDOWS else found[0]


def _has_too_much(data: bytes) -> bool:
    """Whether the tree would not fit: its nodes take many times the room of their letters."""
    if data.count(b"<") <= MAX_ELEMENTS and data.count(b'="') + data.count(b"='") <= MAX_ATTRIBUTES:
        return False
    bare = without_sections(data)
    tags = sum(1 for _ in re.finditer(rb"<[^/!?]", bare))
    return tags > MAX_ELEMENTS or sum(1 for _ in re.finditer(rb"=\s*[\"']", bare)) > MAX_ATTRIBUTES


def _parse(data: bytes, recover: bool = False) -> Any:
    parser = etree.XMLParser(
        encoding="utf-8",
        recover=recover,
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    return etree.fromstring(data, parser)


def _local(element: Any) -> str:
    return str(element.tag).rpartition("}")[2].casefold() if isinstance(element.tag, str) else ""


def channel_of(root: Any) -> Any:
    """The element that holds the fields of a feed: the root in Atom."""
    return next((child for child in root if _local(child) == "channel"), root)


def _whole_tree(root: Any, problem: Problem | None) -> Tree:
    # items are in the channel, or beside it (RSS 1.0)
    items = [child for place in dict.fromkeys((root, channel_of(root))) for child in place if _local(child) in ITEMS]
    for item in items:
        item.getparent().remove(item)
    return Tree(root, [(item, int(item.sourceline or 1)) for item in items], (problem,) if problem else ())


def _repaired(data: bytes) -> bytes:
    """The feed with what can only be read in one way put right; comments and CDATA sections stay as they are."""
    parts = SECTION.split(data)
    for at in range(0, len(parts), 2):
        part = _NAMED.sub(_character, parts[at])
        part = _CONTROL_REFERENCE.sub(_printed, part)
        part = _OPEN_VOID.sub(rb"<\1\2/>", part)
        parts[at] = _STRAY.sub(lambda found: b"&amp;" if found[0] == b"&" else b"&lt;", part)
    joined = b"".join(parts)
    del parts, part
    root = _ROOT.search(joined)
    used = {found[1] for found in _PREFIX.finditer(joined)} - {b"xml", b"xmlns"}
    missing = sorted(prefix.decode() for prefix in used if b"xmlns:" + prefix not in joined)
    if not missing:
        return joined
    declared = (f' xmlns:{p}="{NAMESPACES.get(p.casefold(), f"urn:x-undeclared:{p}")}"' for p in missing)
    at = root.end(1) if root else 0
    return joined[:at] + "".join(declared).encode() + joined[at:]


def _character(found: re.Match[bytes]) -> bytes:
    """A named character of HTML as itself; what is no name of one as text."""
    character = html5.get(found[1].decode() + ";")
    if character is None:
        return b"&amp;" + found[1] + b";"
    return character.encode().replace(b"&", b"&amp;").replace(b"<", b"&lt;")


def _printed(found: re.Match[bytes]) -> bytes:
    """A reference to a control character, which XML has none of, as a space; others as they are."""
    number = int(found[1]) if found[1] else int(found[2], 16)
    return found[0] if number >= 32 or number in (9, 10, 13) else b" "


def _damaged_tree(name: str, data: bytes, error: etree.XMLSyntaxError, problem: Problem | None) -> Tree | Problem:
    """The tree of a feed that is not well-formed. Each item is read by itself, so that damage doesn't spread."""
    line, column = error.position if error.position else (1, 1)
    what = re.sub(r"^xml\w+: |, line \d+, column \d+.*$", "", " ".join(str(error.msg or "not XML").split()))[:120]
    place = Span(max(1, line), max(1, column))
    broken = Problem(name, place, f"the feed is broken: {what}", "correct it, or download it again")
    masked = SECTION.sub(lambda found: b" " * len(found[0]), data)
    tags = list(_ITEM_TAG.finditer(masked))
    starts = [found.start() for found in tags if not found[1]]
    root = _ROOT.search(masked)
    if root is None or error.code == etree.ErrorTypes.ERR_INVALID_CHAR:
        return broken
    is_cut = not re.search(rb"</" + re.escape(root[1]) + rb"\s*>\s*\Z", masked[-1000:])
    if is_cut and not (tags and (tags[-1][1] or tags[-1][0].endswith(b"/>"))):
        end = Span(data.rstrip().count(b"\n") + 1, 1)
        return Problem(name, end, "the feed ends in the middle", "download it again, whole")
    if not starts:
        return broken
    closing = b"</" + root[1] + b">"
    end_of_items = tags[-1].end() if tags[-1][1] else len(data)
    items: list[tuple[Any, int]] = []
    at, line = 0, 1
    for start, stop in zip(starts, [*starts[1:], end_of_items], strict=True):
        line += data.count(b"\n", at, start)
        at = start
        shell = _parse(root[0] + data[start:stop] + closing, recover=True)
        items += [(child, line) for child in (shell if shell is not None else ()) if _local(child) in ITEMS][:1]
    head = _parse(data[: starts[0]] + data[end_of_items:], recover=True)
    message = "the feed ends early" if is_cut else broken.message
    remedy = "it was read as far as possible; correct it, or download it again"
    warning = Problem(name, place, message, remedy, Severity.WARNING)
    return Tree(head, items, tuple(filter(None, (problem, warning))))
