"""A feed's bytes as an XML tree, or what is wrong with them. Nothing outside the bytes is ever read."""

import codecs
import re
from html.entities import html5
from typing import Any

from lxml import etree

from mlguide_site.errors import Problem, Span
from mlguide_site.importers.base import Source

MAX_BYTES = 64 * 1024 * 1024
MAX_ELEMENTS = 1_000_000
MAX_ATTRIBUTES = 500_000
_DECLARATION = re.compile(rb"\s*<\?xml\b[^<>]{0,200}\?>")
_ENCODING = re.compile(r"encoding\s*=\s*[\"']([A-Za-z][A-Za-z0-9._-]{0,40})[\"']")
_ROOT = re.compile(r"<(rss|feed|rdf:RDF|(?:atom|a):feed)\b", re.I)
_ENCODINGS = re.compile(r"(utf|iso-?8859|latin|us-?ascii|ascii|windows-|cp|shift|euc|gb|big5|koi8|iso-2022|mac)", re.I)
_CONTROL = bytes(number for number in (*range(32), 127) if number not in (9, 10, 13))
_PRINTED = bytes.maketrans(_CONTROL, b" " * len(_CONTROL))
_NONCHARACTERS = tuple(character.encode() for character in "\ufffe\uffff")
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_OPENINGS = ((b"<\x00", "utf-16-le"), (b"\x00<", "utf-16-be"))
_SECTION = re.compile(rb"<!--|<!\[CDATA\[|<\?")
_SECTION_ENDS = {b"<!--": b"-->", b"<![CDATA[": b"]]>", b"<?": b"?>"}
_NAMED = re.compile(rb"&([A-Za-z][A-Za-z0-9]{1,31});")
_STRAY = re.compile(rb"&(?![A-Za-z][A-Za-z0-9]{1,31};|#[0-9]{1,7};|#[xX][0-9A-Fa-f]{1,6};)|<(?![A-Za-z/!?_])")
_REFERENCE = re.compile(rb"&#(?:0{0,9}([0-9]{1,2})|[xX]0{0,9}([0-9A-Fa-f]{1,2}));")
_PREFIX = re.compile(rb"</?([A-Za-z][A-Za-z0-9_-]{0,30}):[A-Za-z]")
_XML_NAMES = frozenset([b"amp", b"lt", b"gt", b"quot", b"apos"])

NAMESPACES = {
    "atom": "http://www.w3.org/2005/Atom",
    "content": "http://purl.org/rss/1.0/modules/content/",
    "dc": "http://purl.org/dc/elements/1.1/",
    "itunes": "http://www.itunes.com/dtds/podcast-1.0.dtd",
    "media": "http://search.yahoo.com/mrss/",
    "podcast": "https://podcastindex.org/namespace/1.0",
}
"""Prefixes as feeds use them, even those that forget to say what they mean."""


def feed_root(data: bytes) -> str:
    """The name of the root element that the first bytes of a source show, in small letters; "" where it is no feed's.

    >>> feed_root(b"<?xml version='1.0'?><!-- x --><rss version='2.0'>"), feed_root(b"<!doctype html><html>")
    ('rss', '')
    """
    head = data[:65536].replace(b"\x00", b"").decode("latin-1")
    found = re.search(r"<([A-Za-z][\w:.-]{0,40})", without_sections(head))
    return _named[0].casefold().lstrip("<") if found and (_named := _ROOT.match(found[0])) else ""


def read_xml(source: Source) -> Any:
    """The root element (of lxml) of a feed, or its problem: size, encoding, entities, faulty or missing end.

    What feeds often get wrong and what can only be read in one way is put right: HTML's named characters, an `&` or `<`
    that stands for itself, usual prefixes that nobody declared.
    """
    name = source.name
    if len(source.data) > MAX_BYTES:
        return Problem(name, Span(), f"larger than {MAX_BYTES // 2**20} MiB", "split it")
    if not source.data.strip():
        return Problem(name, Span(), "the source is empty", "see whether it was saved or downloaded whole")
    data = _utf8(name, source.data)
    if isinstance(data, Problem):
        return data
    prolog = _prolog(data)
    if prolog is None:
        return Problem(name, Span(), "the feed declares entities of its own, which is refused", "remove its DOCTYPE")
    if not _ROOT.match(data[prolog : prolog + 50].decode("latin-1")):
        return Problem(name, Span(), "this is no RSS, Atom or JSON feed", "give the address of the feed itself")
    if _is_teeming(data):
        message = f"more than {MAX_ELEMENTS:,} elements or {MAX_ATTRIBUTES:,} attributes"
        return Problem(name, Span(), message, "split it")
    try:
        return _parse(data if prolog < 300 and b"<!DOCTYPE" not in data[:prolog] else _mended(data))
    except etree.XMLSyntaxError:
        pass
    try:
        return _parse(_mended(data))
    except etree.XMLSyntaxError as error:
        return _problem(name, data, error)


def _utf8(name: str, data: bytes) -> bytes | Problem:
    """The bytes in UTF-8, without mark and declaration on the same lines, and without control characters."""
    if not data.startswith((codecs.BOM_UTF8, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) and _is_utf8(data):
        plain = data
    else:
        text = decode_xml(name, data)
        if isinstance(text, Problem):
            return text
        plain = text.encode("utf-8", "replace")
    if declaration := _DECLARATION.match(plain):
        plain = b"\n" * declaration[0].count(b"\n") + plain[declaration.end() :]
    plain = plain.translate(_PRINTED)
    for character in _NONCHARACTERS:
        plain = plain.replace(character, b" ")
    return plain


def _is_utf8(data: bytes) -> bool:
    if data.startswith(tuple(mark for mark, _ in (*_MARKS, *_OPENINGS))):
        return False
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _prolog(data: bytes) -> int | None:
    """Where the root element begins, or what stands in its place; None where entities are declared before it."""
    at = 0
    while True:
        at = re.compile(rb"\s*").match(data, at).end()  # type: ignore[union-attr]
        section = _SECTION.match(data, at)
        if section:
            end = data.find(_SECTION_ENDS[section[0]], section.end())
            if end < 0:
                return len(data)
            at = end + len(_SECTION_ENDS[section[0]])
        elif data[at : at + 9].upper() == b"<!DOCTYPE":
            found = re.compile(rb"[\[>]").search(data, at)
            if found is None or found[0] == b"[":
                return None
            at = found.end()
        elif data[at : at + 8].upper() == b"<!ENTITY":
            return None
        else:
            return at


def _is_teeming(data: bytes) -> bool:
    """Whether the tree would not fit: its nodes take many times the room of their letters."""
    if data.count(b"<") <= MAX_ELEMENTS and data.count(b'="') + data.count(b"='") <= MAX_ATTRIBUTES:
        return False
    bare = _outside_sections(data)
    tags = sum(1 for _ in re.finditer(rb"<[^/!?]", bare))
    return tags > MAX_ELEMENTS or sum(1 for _ in re.finditer(rb"=\s*[\"']", bare)) > MAX_ATTRIBUTES


def _outside_sections(data: bytes) -> bytes:
    return b"".join(data[start:end] for start, end, is_section in _stretches(data) if not is_section)


def _stretches(data: bytes) -> list[tuple[int, int, bool]]:
    """Comments, CDATA sections and instructions, and what stands between them, in order; in one pass."""
    parts, at = [], 0
    while found := _SECTION.search(data, at):
        close = _SECTION_ENDS[found[0]]
        end = data.find(close, found.end())
        end = end + len(close) if end >= 0 else len(data)
        parts += [(at, found.start(), False), (found.start(), end, True)]
        at = end
    return [*parts, (at, len(data), False)]


def _mended(data: bytes) -> bytes:
    """The feed with what can only be read in one way put right; CDATA sections stay as they are."""
    parts = []
    for start, end, is_section in _stretches(data):
        part = data[start:end]
        if not is_section:
            part = _NAMED.sub(_character, part)
            part = _REFERENCE.sub(_printed, part)
            part = _STRAY.sub(lambda found: b"&amp;" if found[0] == b"&" else b"&lt;", part)
        parts.append(part)
    return _with_prefixes(b"".join(parts))


def _character(found: re.Match[bytes]) -> bytes:
    """A named character as itself; what is no name of one as text."""
    name = found[1]
    if name in _XML_NAMES:
        return found[0]
    character = html5.get(name.decode() + ";")
    return (
        b"&amp;" + name + b";"
        if character is None
        else character.encode().replace(b"&", b"&amp;").replace(b"<", b"&lt;")
    )


def _printed(found: re.Match[bytes]) -> bytes:
    """A reference to a control character, which XML has none of, as a space; others as they are."""
    number = int(found[1]) if found[1] else int(found[2], 16)
    return found[0] if number >= 32 or number in (9, 10, 13) else b" "


def _with_prefixes(data: bytes) -> bytes:
    """The feed with every prefix that nobody declares declared at its root."""
    at = _prolog(data) or 0
    root = re.compile(rb"<[A-Za-z][A-Za-z0-9:]*").match(data, at)
    if not root:
        return data
    used = {found[1] for found in _PREFIX.finditer(data)}
    missing = sorted(prefix for prefix in used - {b"xml", b"xmlns"} if b"xmlns:" + prefix not in data)
    declared = "".join(
        f' xmlns:{p}="{NAMESPACES.get(p.casefold(), f"urn:x-undeclared:{p}")}"' for p in map(bytes.decode, missing)
    )
    return data[: root.end()] + declared.encode() + data[root.end() :]


def _parse(data: bytes) -> Any:
    parser = etree.XMLParser(
        encoding="utf-8",
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    return etree.fromstring(data, parser)


def _problem(name: str, data: bytes, error: etree.XMLSyntaxError) -> Problem:
    root = _ROOT.match(data[(_prolog(data) or 0) :][:50].decode("latin-1"))
    end = rf"</{re.escape(root[1])}\s*>\s*\Z" if root else ""
    if not re.search(end.encode(), _outside_sections(data)[-1000:]):
        line = data.rstrip().count(b"\n") + 1
        return Problem(name, Span(line, 1), "the feed ends in the middle", "download it again, whole")
    line, column = error.position if error.position else (1, 1)
    what = re.sub(r"^xml\w+: |, line \d+, column \d+.*$", "", " ".join(str(error.msg or "it is not XML").split()))[:120]
    place = Span(max(1, line), max(1, column))
    return Problem(name, place, f"the feed is broken: {what}", "correct it, or download it again")


def decode_xml(name: str, data: bytes, what: str = "feed") -> str | Problem:
    """The text in the encoding that a mark, the first character or the declaration tells, UTF-8 where nothing does."""
    marked = next((codec for mark, codec in (*_MARKS, *_OPENINGS) if data.startswith(mark)), "")
    declared = _ENCODING.search(data[:300].decode("latin-1"))
    encoding = marked or (declared[1] if declared else "utf-8")
    if not _ENCODINGS.match(encoding) or encoding.casefold().replace("-", "").replace("_", "") == "utf7":
        return Problem(name, Span(), f'unknown encoding "{encoding}"', f"save the {what} as UTF-8")
    if not marked:
        try:
            # what calls itself something else and yet is UTF-8 throughout is UTF-8
            return data.decode("utf-8")
        except UnicodeDecodeError:
            pass
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        before, said = data[: error.start], encoding.upper().removesuffix("-SIG")
        message = f"byte 0x{data[error.start]:02x} is not {said}, which the {what} is said to be in"
        place = Span(before.count(b"\n") + 1, len(before.rpartition(b"\n")[2].decode("utf-8", "replace")) + 1)
        return Problem(name, place, message, "correct its encoding, or save it as UTF-8")
    except (UnicodeError, LookupError):
        return Problem(name, Span(), f'unknown encoding "{encoding}"', f"save the {what} as UTF-8")


def without_sections(text: str) -> str:
    """The text without comments, CDATA sections and what an open one swallows; in one pass."""
    parts, at = [], 0
    for found in re.finditer(r"<!--|<!\[CDATA\[", text):
        if found.start() < at:
            continue
        end = text.find("-->" if found[0] == "<!--" else "]]>", found.end())
        parts.append(text[at : found.start()])
        at = end + 3 if end >= 0 else len(text)
    parts.append(text[at:])
    return "".join(parts)
