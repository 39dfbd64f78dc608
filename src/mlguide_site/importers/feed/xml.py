"""The bytes of an RSS or Atom feed as an XML tree: decoded, within limits, repaired where they are damaged.

Characters of Windows-1252, HTML's named characters, stray `&` and `<` and undeclared prefixes are repaired silently. A
feed with other damage is read as far as possible, with a warning. Refused are feeds that end within an item, and those
that declare entities. Nothing outside the bytes is ever read.
"""

import re
from dataclasses import dataclass
from html import unescape
from typing import Any

from lxml import etree

from mlguide_site.errors import Problem, Severity, Span
from mlguide_site.importers import Source
from mlguide_site.importers.common.decoding import (
    WINDOWS,
    decode_xml,
    parse_xml,
    replace_all,
    size_problem,
    without_sections,
)
from mlguide_site.markdown.escape import drop_unprintable

MAX_BYTES = 64 * 1024 * 1024
MAX_ELEMENTS = 1_000_000
MAX_ATTRIBUTES = 500_000
NAMESPACES = {
    "atom": "http://www.w3.org/2005/Atom",
    "content": "http://purl.org/rss/1.0/modules/content/",
    "dc": "http://purl.org/dc/elements/1.1/",
    "dcterms": "http://purl.org/dc/terms/",
    "itunes": "http://www.itunes.com/dtds/podcast-1.0.dtd",
    "media": "http://search.yahoo.com/mrss/",
    "podcast": "https://podcastindex.org/namespace/1.0",
}
"""Prefixes that feeds use without declaring them."""
_PROLOG = re.compile(rb"(?:\s++|<\?.*?\?>|<!--.*?-->|(?i:<!DOCTYPE)[^\[>]*+>)*+", re.S)
_ROOT = re.compile(rb"<((?:[A-Za-z][\w.-]*:)?(?:rss|rdf|feed))(?=[\s/>])[^>]*>?", re.I)
_CONTROL = bytes(number for number in (*range(32), 127) if number not in (9, 10, 13))
_TO_SPACES = bytes.maketrans(_CONTROL, b" " * len(_CONTROL))
_WINDOWS = re.compile(rb"\xc2([\x80-\x9f])|&#(?:0{0,9}(1[2-5][0-9])|[xX]0{0,9}([89][0-9A-Fa-f]));")
_BROKEN = re.compile(
    rb"(?P<section><!--.*?-->|<!\[CDATA\[.*?\]\]>)|<(?P<void>(?:br|hr|img)\b[^<>]*?)/?>"
    rb"|&(?P<reference>[A-Za-z][A-Za-z0-9]{1,31}|#[0-9]{1,7}|#[xX][0-9A-Fa-f]{1,6});|&|<(?![A-Za-z/!?_])",
    re.S | re.I,
)
_PREFIX = re.compile(rb"(?:</?|\s)([A-Za-z][A-Za-z0-9_-]{0,30}):[A-Za-z][\w.-]*[\s=/>]")
_ITEM_TAG = re.compile(rb"<(/?)(?:[A-Za-z][\w.-]*:)?(?:item|entry)(?=[\s/>])[^>]*>?", re.I)


@dataclass(frozen=True, slots=True)
class Tree:
    """A feed: the root as lxml's element, its items empty; the items as XML with their lines; and what was repaired."""

    root: Any
    items: list[tuple[bytes, int]]
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
    remedy = "such bytes are read as Windows-1252; correct the encoding, or save it as UTF-8"
    data, problem = decode_xml(source, remedy, Severity.WARNING)
    problems = [problem] if problem else []
    data = replace_all(_WINDOWS, data.translate(_TO_SPACES), _windows_character)
    prolog = _PROLOG.match(data)
    at = prolog.end() if prolog else 0
    if data[at : at + 9].upper().startswith((b"<!DOCTYPE", b"<!ENTITY")):
        return Problem(name, Span(), "the feed declares entities of its own, which is refused", "remove its DOCTYPE")
    if not _ROOT.match(data, at):
        return Problem(name, Span(), "this is no RSS, Atom or JSON feed", "give the address of the feed itself")
    if _has_too_much(data):
        message = f"more than {MAX_ELEMENTS:,} elements or {MAX_ATTRIBUTES:,} attributes"
        return Problem(name, Span(), message, "split it")
    # the prolog is dropped; its line ends stay
    data = b"\n" * data.count(b"\n", 0, at) + data[at:]
    try:
        return _tree(parse_xml(data), problems)
    except etree.XMLSyntaxError:
        pass
    if 4 * data.count(b"&") + 3 * data.count(b"<") > 2 * max(len(data), 2**20):
        return Problem(name, Span(), "the feed is broken: it has too many stray signs", "download it again")
    data = _declared(replace_all(_BROKEN, data, _repaired))
    try:
        return _tree(parse_xml(data), problems)
    except etree.XMLSyntaxError as error:
        return _damaged_tree(name, data, error, problems)


def _windows_character(found: re.Match[bytes]) -> bytes:
    """A control character, or a reference to one, as the character of Windows-1252 that is meant."""
    number = found[1][0] if found[1] else int(found[2]) if found[2] else int(found[3], 16)
    return WINDOWS[number].encode() if number in WINDOWS else found[0]


def _has_too_much(data: bytes) -> bool:
    """Whether the tree would not fit: its nodes take many times the room of their letters."""
    if data.count(b"<") <= MAX_ELEMENTS and data.count(b'="') + data.count(b"='") <= MAX_ATTRIBUTES:
        return False
    bare = without_sections(data)
    tags = sum(1 for _ in re.finditer(rb"<[^/!?]", bare))
    return tags > MAX_ELEMENTS or sum(1 for _ in re.finditer(rb"=\s*[\"']", bare)) > MAX_ATTRIBUTES


def _repaired(found: re.Match[bytes]) -> bytes:
    """References as the characters that HTML has for them, open tags closed, and stray signs as references. These have
    numbers: behind an error the parser drops `&amp;`."""
    if found["section"]:
        return found["section"]
    if found["void"]:
        return b"<" + found["void"] + b"/>"
    text = drop_unprintable(unescape(found[0].decode())) if found["reference"] else found[0].decode()
    return re.sub("[&<>\"']", lambda sign: f"&#{ord(sign[0])};", text).encode()


def _declared(data: bytes) -> bytes:
    """A feed with the prefixes declared that it uses."""
    root = _ROOT.search(data)
    used = {found[1] for found in _PREFIX.finditer(data)} - {b"xml", b"xmlns"}
    missing = sorted(prefix.decode() for prefix in used if b"xmlns:" + prefix not in data)
    added = "".join(f' xmlns:{p}="{NAMESPACES.get(p.casefold(), f"urn:x-undeclared:{p}")}"' for p in missing)
    at = root.end(1) if root else 0
    return data[:at] + added.encode() + data[at:]


def local_name(element: Any) -> str:
    """The name of an element in lower case, without its namespace."""
    return str(element.tag).rpartition("}")[2].casefold()


def _tree(root: Any, problems: list[Problem]) -> Tree:
    """The items are in the channel, beside it (RSS 1.0), or within one another where tags are missing."""
    items: list[tuple[bytes, int]] = []
    for item in reversed([one for one in root.iter(etree.Element) if local_name(one) in {"item", "entry"}]):
        items.append((etree.tostring(item, with_tail=False), int(item.sourceline or 1)))
        # lxml takes long to remove an element with many of a namespace in it
        item.clear()
    return Tree(root, items[::-1], tuple(problems))


def _damaged_tree(name: str, data: bytes, error: etree.XMLSyntaxError, problems: list[Problem]) -> Tree | Problem:
    """The tree of a feed that is not well-formed, as far as it can be read; one that ends in an item is refused."""
    line, column = error.position if error.position else (1, 1)
    place = Span(max(1, line), max(1, column))
    tags = list(_ITEM_TAG.finditer(without_sections(data)))
    if tags and not (tags[-1][1] or tags[-1][0].endswith(b"/>")):
        return Problem(name, place, "the feed ends in the middle", "download it again, whole")
    what = re.sub(r"^xml\w+: |, line \d+, column \d+.*$", "", " ".join(str(error.msg or "not XML").split()))[:120]
    root = parse_xml(data, recover=True) if tags else None
    if root is None:
        return Problem(name, place, f"the feed is broken: {what}", "correct it, or download it again")
    remedy = "it was read as far as possible; correct it, or download it again"
    problems.append(Problem(name, place, f"the feed is broken: {what}", remedy, Severity.WARNING))
    return _tree(root, problems)
