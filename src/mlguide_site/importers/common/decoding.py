"""Decodes the bytes of a source, and parses XML."""

import codecs
import re
from collections.abc import Callable
from contextlib import suppress
from html import unescape
from typing import Any

import webencodings
from lxml import etree

from mlguide_site.content.files import decode, invalid_byte
from mlguide_site.errors import ContentError, Problem, Severity, content_error
from mlguide_site.importers import Source

SECTION = re.compile(rb"<!--.*?(?:-->|\Z)|<!\[CDATA\[.*?(?:\]\]>|\Z)|<\?.*?(?:\?>|\Z)", re.S)
_DECLARED = re.compile(r"\s*<\?xml\b[^<>]{0,200}?encoding\s*=\s*[\"']([A-Za-z][A-Za-z0-9._-]{0,40})[\"']")
_MARKS = {b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16", b"<\x00": "utf-16-le", b"\x00<": "utf-16-be"}
"""Maps the first two bytes of a UTF-16 document, which are a byte-order mark or the character `<`, to its codec."""
_PYTHON = re.compile(r"cp|iso-?2022", re.I)
"""Names that aren't in the standard, and names of encodings that it forbids; their Python codecs are used."""
_SUPERSETS = {"gbk": "gb18030", "utf-16-le": "utf-8", "utf-16-be": "utf-8", "x-user-defined": "utf-8"}
"""Maps codecs to those with more characters, or to UTF-8 where a declaration in ASCII must be wrong."""
_WIDER = {"euc_jp": "euc_jis_2004", "big5hkscs": "cp950"}
"""Maps codecs to those that have some characters of the standard's encoding that the former lack."""
_STRAY = {0xDC00 + byte: unescape(f"&#{byte};") for byte in range(128, 256)}
"""Maps the `surrogateescape` code points of invalid bytes to Windows-1252 characters."""
_STEP = 2**20
_REPLACED = "\ufffd".encode()  # replaces invalid bytes
_NO_START = bytes(range(0xC0))  # the bytes that don't start a character of several bytes in UTF-8
MAX_SNIFFED_BYTES = 200_000
_DIRECTIONS = re.compile("[\u202a-\u202e\u2066-\u2069\ufeff]")
_CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029]")
_SPACES = re.compile(r"^[^\S\n]+|([^\S\n\t ])", re.M)
"""Matches the spaces at the start of a line, and each other space (group 1) that isn't an ASCII space."""


def beginning(source: Source) -> str:
    """Return the beginning of a source as text for format detection, or "" for HTML, XML, JSON and binary data."""
    text = source.data[:MAX_SNIFFED_BYTES].decode("utf-8-sig", "replace")
    is_other = text.lstrip().startswith(("<", "{")) or "\x00" in text
    return "" if is_other else text.replace("\r\n", "\n").replace("\r", "\n")


def check_size(source: Source, limit: int, remedy: str = "split it") -> None:
    """Raise ContentError if a source is empty or has more than `limit` bytes."""
    if len(source.data) > limit:
        raise content_error(source.name, f"larger than {limit // 2**20} MiB", remedy)
    if not source.data.strip():
        raise content_error(source.name, "the source is empty", "check whether it was saved or downloaded completely")


def decode_xml(source: Source, remedy: str, severity: Severity) -> tuple[bytes, Problem | None]:
    """Convert XML to UTF-8. Return a problem if the bytes are invalid in the encoding. It is UTF-8 if most characters
    that aren't ASCII are valid in it, whatever is declared. In UTF-8, invalid bytes are read as Windows-1252; in
    others, they become U+FFFD."""
    data = source.data
    marked = _MARKS.get(data[:2], "")
    codec = marked or _declared_codec(data)
    # the bytes of ISO-2022 are ASCII, and thus also valid UTF-8
    is_escaped = codec.startswith("iso2022") and b"\x1b" in data
    if not (marked or is_escaped):
        with suppress(UnicodeError):
            return _to_utf8(data, "utf-8-sig"), None
        replaced = _to_utf8(data, "utf-8-sig", "replace")
        invalid = replaced.count(_REPLACED)
        codec = "utf-8" if len(replaced.translate(None, _NO_START)) > 2 * invalid else codec
    widest = _WIDER.get(codec, codec)
    for each in (codec, widest):
        with suppress(UnicodeError):
            return _to_utf8(data, each), None
    at = 0
    try:
        # decode all bytes at once, because decoding in chunks doesn't show where in the document an error is
        data.decode(codec)
    except UnicodeDecodeError as error:
        at = error.start
    problem = None if codec == "cp1252" else invalid_byte(data, at, source.name, remedy, codec, severity)
    if codec in ("utf-8", "cp1252"):
        return _to_utf8(data, "utf-8-sig", "surrogateescape"), problem
    return _to_utf8(data, widest, "replace"), problem


def _declared_codec(data: bytes) -> str:
    """Return the codec of a declared encoding, as browsers choose it (WHATWG Encoding, 4.2); by default, UTF-8."""
    found = _DECLARED.match(data[:300].decode("latin-1"))
    name = found[1] if found else "utf-8"
    known = webencodings.lookup(name)
    if known and known.name != "replacement":
        return _SUPERSETS.get(known.codec_info.name, known.codec_info.name)
    try:
        return codecs.lookup(name).name if _PYTHON.match(name) else "utf-8"
    except LookupError:
        return "utf-8"


def _to_utf8(data: bytes, codec: str, errors: str = "strict") -> bytes:
    """Convert bytes to UTF-8 in chunks, because a Python string may need four bytes for each character."""
    chunks = (data[at : at + _STEP] for at in range(0, len(data), _STEP))
    texts = codecs.iterdecode(chunks, codec, errors)
    is_strict = errors == "strict"
    return b"".join((text if is_strict else text.translate(_STRAY)).encode("utf-8", "replace") for text in texts)


def parse_xml(data: bytes, recover: bool = False) -> Any:
    """Return the root element of an XML document in UTF-8. No external file is read, and no entity is expanded."""
    guards = {"resolve_entities": False, "no_network": True, "load_dtd": False, "huge_tree": False}
    parser = etree.XMLParser(encoding="utf-8", recover=recover, remove_comments=True, remove_pis=True, **guards)
    return etree.fromstring(data, parser)


def replace_all(pattern: re.Pattern[bytes], data: bytes, replacement: Callable[[re.Match[bytes]], bytes]) -> bytes:
    """Replace all matches as `re.sub` does, but use less memory if there are many matches."""
    found = bytearray()
    at = 0
    for match in pattern.finditer(data):
        found += data[at : match.start()] + replacement(match)
        at = match.end()
    return bytes(found + data[at:]) if at else data


def without_sections(data: bytes) -> bytes:
    """Remove comments, CDATA sections and processing instructions. An unclosed section extends to the end of `data`."""
    return replace_all(SECTION, data, lambda _: b"")


def decode_text(source: Source, limit: int) -> str:
    """Decode a source, and return its text with `\\n` line breaks. The encoding is UTF-8, or UTF-16 with a byte-order
    mark. Control characters except tabs and line breaks become spaces. Raises ContentError."""
    check_size(source, limit)
    data = source.data
    if data[:2] in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE):
        try:
            data = data.decode("utf-16").encode()
        except UnicodeDecodeError as error:
            remedy = "save the file as UTF-8"
            raise ContentError([invalid_byte(data, error.start, source.name, remedy, "utf-16")]) from None
    text = decode(data, source.name).replace("\r\n", "\n").replace("\r", "\n")
    text = _CONTROLS.sub(" ", _DIRECTIONS.sub("", text))
    # at the start of a line, ASCII spaces would make a list or code
    return _SPACES.sub(lambda found: " " if found[1] else found[0], text)
