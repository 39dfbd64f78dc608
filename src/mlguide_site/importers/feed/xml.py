"""The bytes of an RSS or Atom feed as an XML tree: decoded, within limits, repaired where they are damaged.

What has one possible meaning is repaired silently: HTML's named characters and open line breaks, an `&` or `<` that
stands for itself, undeclared prefixes, characters of Windows-1252. Other damage is contained item by item and reported.
Refused are empty sources, other documents, declared entities, and feeds that end within an item. Nothing outside the
bytes is ever read.
"""

import re
from dataclasses import dataclass
from html.entities import html5
from itertools import chain
from typing import Any

from lxml import etree

from mlguide_site.errors import Problem, Severity, Span
from mlguide_site.importers import Source
from mlguide_site.importers.common.decoding import (
    SECTION,
    WINDOWS,
    decode_xml,
    parse_xml,
    replace_all,
    size_problem,
    without_sections,
)
from mlguide_site.importers.feed.elements import NAMESPACES, name_of

MAX_BYTES = 64 * 1024 * 1024
MAX_ELEMENTS = 1_000_000
MAX_ATTRIBUTES = 500_000
MAX_GROWTH = 2
"""How many times as large a feed may be once it is repaired."""
_STEP = 2**20
_PROLOG = re.compile(rb"(?:\s++|<\?.*?\?>|<!--.*?-->|(?i:<!DOCTYPE)[^\[>]*+>)*+", re.S)
_ROOT = re.compile(rb"<((?:[A-Za-z][\w.-]*:)?(?:rss|rdf|feed|channel))(?=[\s/>])[^>]*>?", re.I)
_CONTROL = bytes(number for number in (*range(32), 127) if number not in (9, 10, 13))
_TO_SPACES = bytes.maketrans(_CONTROL, b" " * len(_CONTROL))
_NONCHARACTERS = re.compile(rb"\xef\xbf[\xbe\xbf]")
_CONTROLS_ABOVE = re.compile(rb"\xc2([\x80-\x9f])")
_REFERENCE = re.compile(rb"&(?:#0{0,9}([0-9]{1,3})|#[xX]0{0,9}([0-9A-Fa-f]{1,2})|([A-Za-z][A-Za-z0-9]{1,31}));")
_WINDOWS_REFERENCE = re.compile(rb"&#(?:0{0,9}(1[2-5][0-9])|[xX]0{0,9}([89][0-9A-Fa-f]));")
_STRAY = re.compile(rb"&(?![A-Za-z][A-Za-z0-9]{1,31};|#[0-9]{1,7};|#[xX][0-9A-Fa-f]{1,6};)|<(?![A-Za-z/!?_])")
_OPEN_VOID = re.compile(rb"<(br|hr|img|wbr)\b([^<>]*?)/?>", re.I)
_PREFIX = re.compile(rb"</?([A-Za-z][A-Za-z0-9_-]{0,30}):[A-Za-z]")
_ITEM_TAG = re.compile(rb"<(/?)(?:[A-Za-z][\w.-]*:)?(?:item|entry)(?=[\s/>])[^>]*>?", re.I)


@dataclass(frozen=True, slots=True)
class Tree:
    """A feed in lxml's elements: the root without its items, the items with their lines, and what was repaired."""

    root: Any
    items: list[tuple[Any, int]]
    problems: tuple[Problem, ...] = ()


def feed_root(data: bytes) -> str:
    """The name of the root element of a feed in lower case, as its first bytes show it; "" for other sources.

    >>> feed_root(b"<?xml version='1.0'?><!-- x --><rss version='2.0'>"), feed_root(b"<!doctype html><html>")
    ('rss', '')
    """
    head = without_sections(data[:65536].replace(b"\x00", b""))
    first = re.search(rb"<[A-Za-z][\w:.-]{0,40}", head)
    found = _ROOT.match(head, first.start()) if first else None
    return found[1].decode().casefold() if found else ""


def read_tree(source: Source) -> Tree | Problem:
    """The tree of a feed, or why it can't be read."""
    name = source.name
    if problem := size_problem(source, MAX_BYTES):
        return problem
    decoded = decode_xml(source.data)
    remedy = "such bytes are read as Windows-1252; correct the encoding, or save it as UTF-8"
    problem = decoded.problem(source, "feed", remedy, Severity.WARNING)
    data = replace_all(_NONCHARACTERS, decoded.data.translate(_TO_SPACES), lambda _: b" ")
    del decoded
    data = replace_all(_CONTROLS_ABOVE, data, lambda found: WINDOWS[found[1][0]].encode())
    data = replace_all(_WINDOWS_REFERENCE, data, _windows_character)
    prolog = _PROLOG.match(data)
    at = prolog.end() if prolog else 0
    if data[at : at + 9].upper().startswith((b"<!DOCTYPE", b"<!ENTITY")):
        return Problem(name, Span(), "the feed declares entities of its own, which is refused", "remove its DOCTYPE")
    if not _ROOT.match(data, at):
        return Problem(name, Span(), "this is no RSS, Atom or JSON feed", "give the address of the feed itself")
    if _has_too_much(data):
        message = f"more than {MAX_ELEMENTS:,} elements or {MAX_ATTRIBUTES:,} attributes"
        return Problem(name, Span(), message, "split it")
    # a document type and processing instructions are dropped; their line ends stay
    data = b"\n" * data.count(b"\n", 0, at) + data[at:]
    problems = (problem,) if problem else ()
    try:
        return _tree(parse_xml(data), problems)
    except etree.XMLSyntaxError:
        data = _repaired(data)
    if not data:
        message = "the feed is broken: it has too many stray signs"
        return Problem(name, Span(), message, "correct it, or download it again")
    try:
        return _tree(parse_xml(data), problems)
    except etree.XMLSyntaxError as error:
        return _damaged_tree(name, data, error, problems)


def _windows_character(found: re.Match[bytes]) -> bytes:
    """A reference to a control character of Windows-1252 as what is meant by it; others as they are."""
    number = int(found[1]) if found[1] else int(found[2], 16)
    return WINDOWS[number].encode() if number in WINDOWS else found[0]


def _has_too_much(data: bytes) -> bool:
    """Whether the tree would not fit: its nodes take many times the room of their letters."""
    if data.count(b"<") <= MAX_ELEMENTS and data.count(b'="') + data.count(b"='") <= MAX_ATTRIBUTES:
        return False
    bare = without_sections(data)
    tags = sum(1 for _ in re.finditer(rb"<[^/!?]", bare))
    return tags > MAX_ELEMENTS or sum(1 for _ in re.finditer(rb"=\s*[\"']", bare)) > MAX_ATTRIBUTES


def _is_item(element: Any) -> bool:
    return _local(element) in {"item", "entry"}


def _local(element: Any) -> str:
    """The name of an element of RSS or Atom in lower case."""
    return name_of(element.tag).casefold()


def channel_of(root: Any) -> Any:
    """The element that holds the fields of a feed: the root in Atom."""
    return next((child for child in root if _local(child) == "channel"), root)


def _tree(root: Any, problems: tuple[Problem, ...]) -> Tree:
    """The items are in the channel, beside it (RSS 1.0), or within one another where tags are missing."""
    items = [(item, int(item.sourceline or 1)) for item in root.iter(etree.Element) if _is_item(item)]
    for item, _ in items:
        item.getparent().remove(item)
    return Tree(root, items, problems)


def _repaired(data: bytes) -> bytes:
    """The feed with what can only be read in one way put right; comments and CDATA sections stay as they are. It is
    empty if it would grow by too much."""
    found = bytearray()
    at = 0
    for section in chain(SECTION.finditer(data), [None]):
        end = section.start() if section else len(data)
        while at < end:
            # tags and references are not cut
            stop = min(at + _STEP, end)
            cuts = (data.rfind(sign, at + 1, stop) for sign in (b"<", b" "))
            stop = stop if stop == end else next((cut for cut in cuts if cut > 0), stop)
            found += _repaired_part(data[at:stop])
            at = stop
            if len(found) > MAX_GROWTH * max(len(data), _STEP):
                return b""
        if section:
            found += section[0]
            at = section.end()
    joined = bytes(found)
    del found
    root = _ROOT.search(joined)
    used = {prefix[1] for prefix in _PREFIX.finditer(joined)} - {b"xml", b"xmlns"}
    missing = sorted(prefix.decode() for prefix in used if b"xmlns:" + prefix not in joined)
    if not missing:
        return joined
    declared = (f' xmlns:{p}="{NAMESPACES.get(p.casefold(), f"urn:x-undeclared:{p}")}"' for p in missing)
    at = root.end(1) if root else 0
    return joined[:at] + "".join(declared).encode() + joined[at:]


def _repaired_part(part: bytes) -> bytes:
    part = _OPEN_VOID.sub(rb"<\1\2/>", _REFERENCE.sub(_character, part))
    return _STRAY.sub(lambda found: b"&amp;" if found[0] == b"&" else b"&lt;", part)


def _character(found: re.Match[bytes]) -> bytes:
    """A reference as XML has it: HTML's names as the character itself, others as text, and control characters, which
    XML has none of, as a space."""
    if not found[3]:
        number = int(found[1]) if found[1] else int(found[2], 16)
        return found[0] if number >= 32 or number in (9, 10, 13) else b" "
    if found[3] in (b"amp", b"lt", b"gt", b"quot", b"apos"):
        return found[0]
    character = html5.get(found[3].decode() + ";", f"&{found[3].decode()};")
    return character.encode().replace(b"&", b"&amp;").replace(b"<", b"&lt;")


def _damaged_tree(name: str, data: bytes, error: etree.XMLSyntaxError, problems: tuple[Problem, ...]) -> Tree | Problem:
    """The tree of a feed that is not well-formed, as far as it can be read; what is cut within an item is refused."""
    line, column = error.position if error.position else (1, 1)
    what = re.sub(r"^xml\w+: |, line \d+, column \d+.*$", "", " ".join(str(error.msg or "not XML").split()))[:120]
    place = Span(max(1, line), max(1, column))
    tags = list(_ITEM_TAG.finditer(without_sections(data)))
    root = _ROOT.search(data)
    is_cut = root is not None and not re.search(rb"</" + re.escape(root[1]) + rb"\s*>\s*\Z", data[-1000:])
    if is_cut and not (tags and (tags[-1][1] or tags[-1][0].endswith(b"/>"))):
        end = Span(data.rstrip().count(b"\n") + 1, 1)
        return Problem(name, end, "the feed ends in the middle", "download it again, whole")
    found = parse_xml(data, recover=True) if tags and error.code != etree.ErrorTypes.ERR_INVALID_CHAR else None
    if found is None:
        return Problem(name, place, f"the feed is broken: {what}", "correct it, or download it again")
    message = "the feed ends early" if is_cut else f"the feed is broken: {what}"
    remedy = "it was read as far as possible; correct it, or download it again"
    return _tree(found, (*problems, Problem(name, place, message, remedy, Severity.WARNING)))
