"""The bytes of a source as text: plain text, and XML before it is parsed."""

import codecs
import re
from collections.abc import Callable
from typing import Any, NamedTuple

from lxml import etree

from mlguide_site.errors import Problem, Severity, Span
from mlguide_site.importers import Source

_SECTION = re.compile(rb"<!--.*?(?:-->|\Z)|<!\[CDATA\[.*?(?:\]\]>|\Z)|<\?.*?(?:\?>|\Z)", re.S)
_DECLARED = re.compile(r"\s*<\?xml\b[^<>]{0,200}?encoding\s*=\s*[\"']([A-Za-z][A-Za-z0-9._-]{0,40})[\"']")
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
    (b"<\x00", "utf-16-le"),
    (b"\x00<", "utf-16-be"),
)
_ENCODINGS = re.compile(
    r"(utf-?_?(?:8|16|32)|iso-?8859|latin|us-?ascii|ascii|windows-|cp|shift|euc|gb|big5|koi8|iso-2022|mac)", re.I
)
_WESTERN = re.compile(r"iso-?8859-?1|latin-?_?1|(?:us-?)?ascii", re.I)
"""Encodings that are Windows-1252 in practice (WHATWG Encoding, 4.2)."""
WINDOWS = {byte: bytes([byte]).decode("cp1252", "replace") for byte in range(0x80, 0xA0)}
_STEP = 2**20
SNIFFED = 200_000
"""Bytes of a source that its format is recognised by."""
_DIRECTIONS = re.compile("[\u202a-\u202e\u2066-\u2069\ufeff]")
_CONTROLS = re.compile(r"(?![\n\t ])[\s\x00-\x1f\x7f-\x9f]")


def _as_windows(error: UnicodeError) -> tuple[str, int]:
    """An error handler of codecs that reads a byte as Windows-1252."""
    if not isinstance(error, UnicodeDecodeError):
        raise error
    byte = error.object[error.start]
    return WINDOWS.get(byte, chr(byte)), error.start + 1


codecs.register_error("windows-1252", _as_windows)


def beginning(source: Source) -> str:
    """The beginning of a source as text, to recognise its format."""
    return source.data[:SNIFFED].decode("utf-8", "replace").lstrip("\ufeff")


def size_problem(source: Source, limit: int, remedy: str = "split it") -> Problem | None:
    """Why a source is refused before it is read: it is too large, or empty."""
    if len(source.data) > limit:
        return Problem(source.name, Span(), f"larger than {limit // 2**20} MiB", remedy)
    if not source.data.strip():
        return Problem(source.name, Span(), "the source is empty", "see whether it was saved or downloaded whole")
    return None


class Decoded(NamedTuple):
    """A document in UTF-8, its declared encoding ("" if unknown), and the offset of the first byte that isn't valid in
    that, or -1."""

    data: bytes
    encoding: str
    wrong: int

    def problem(self, source: Source, what: str, remedy: str, severity: Severity) -> Problem | None:
        """What is wrong with the encoding of a source, if anything."""
        if not self.encoding:
            return Problem(source.name, Span(), f"unknown encoding of the {what}", remedy, severity)
        if self.wrong < 0:
            return None
        shown = self.encoding.upper().removesuffix("-SIG")
        message = f"byte 0x{source.data[self.wrong]:02x} is not {shown}, which the {what} is declared in"
        return Problem(source.name, place_of(source.data, self.wrong), message, remedy, severity)


def decode_xml(data: bytes) -> Decoded:
    """An XML document as UTF-8, from the encoding that a byte-order mark or the declaration names, else from UTF-8.
    Invalid bytes are read as Windows-1252.

    >>> decode_xml(b"<a>Don\\x92t</a>").data.decode(), decode_xml("<a>é</a>".encode()).wrong
    ('<a>Don’t</a>', -1)
    """
    marked = next((codec for mark, codec in _MARKS if data.startswith(mark)), "")
    declared = _DECLARED.match(data[:300].decode("latin-1"))
    encoding = marked or (declared[1] if declared else "utf-8")
    is_known = bool(_ENCODINGS.match(encoding))
    wrong = -1
    # valid UTF-8 is UTF-8, whatever the declaration says
    for codec in [marked] if marked else ["utf-8", *([encoding] if is_known else [])]:
        try:
            return Decoded(_to_utf8(data, "cp1252" if _WESTERN.fullmatch(codec) else codec), encoding * is_known, -1)
        except UnicodeDecodeError as error:
            wrong = error.start
        except (UnicodeError, LookupError):
            is_known = False
    if marked and marked != "utf-8-sig":
        return Decoded(_to_utf8(data, marked, "replace"), encoding, wrong)
    text = _to_utf8(data.removeprefix(codecs.BOM_UTF8), "utf-8", "windows-1252")
    return Decoded(text, encoding * is_known, -1 if _WESTERN.fullmatch(encoding) else wrong)


def _to_utf8(data: bytes, codec: str, errors: str = "strict") -> bytes:
    """Bytes of an encoding as UTF-8, in chunks: as a Python string, all of it could take four times the memory."""
    decoder = codecs.getincrementaldecoder(codec)(errors)
    found = []
    for at in range(0, max(len(data), 1), _STEP):
        part = data[at : at + _STEP]
        try:
            found.append(decoder.decode(part, at + _STEP >= len(data)).encode("utf-8", "replace"))
        except UnicodeDecodeError as error:
            # the decoder counts from what it kept of the part before
            error.start += at + len(part) - len(error.object)
            raise
    return b"".join(found)


def parse_xml(data: bytes, recover: bool = False) -> Any:
    """The root of an XML document in UTF-8. No external file is read, and no entity is expanded."""
    guards = {"resolve_entities": False, "no_network": True, "load_dtd": False, "huge_tree": False}
    parser = etree.XMLParser(encoding="utf-8", recover=recover, remove_comments=True, remove_pis=True, **guards)
    return etree.fromstring(data, parser)


def replace_all(pattern: re.Pattern[bytes], data: bytes, replacement: Callable[[re.Match[bytes]], bytes]) -> bytes:
    """Like `re.sub`, but in little memory, however many matches there are."""
    found = bytearray()
    at = 0
    for match in pattern.finditer(data):
        found += data[at : match.start()] + replacement(match)
        at = match.end()
    return bytes(found + data[at:]) if at else data


def without_sections(data: bytes) -> bytes:
    """A document without comments, CDATA sections and processing instructions, open ones to the end."""
    return replace_all(_SECTION, data, lambda _: b"")


def place_of(data: bytes, at: int) -> Span:
    """Line and column of a byte in UTF-8."""
    before = data[:at]
    return Span(before.count(b"\n") + 1, len(before.rpartition(b"\n")[2].decode("utf-8", "replace")) + 1)


def decode_text(source: Source, limit: int) -> str | Problem:
    """A source's text, line ends as `\\n`, without its byte-order mark; or the problem that prevents reading it.

    UTF-8, or UTF-16 with its mark. Control characters other than tab and line end become spaces.

    >>> decode_text(Source("a.txt", b"\\xef\\xbb\\xbfOne\\r\\nTwo"), 100)
    'One\\nTwo'
    >>> print(decode_text(Source("a.txt", b"One\\nT\\xffo"), 100))
    a.txt:2:2: byte 0xff is not UTF-8; save the file as UTF-8
    """
    data = source.data
    if problem := size_problem(source, limit):
        return problem
    encoding = "utf-16" if data[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig"
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError as error:
        if encoding == "utf-16":
            return Problem(source.name, Span(), "the text is not valid UTF-16", "save the file as UTF-8")
        message = f"byte 0x{data[error.start]:02x} is not UTF-8"
        return Problem(source.name, place_of(data, error.start), message, "save the file as UTF-8")
    if "\x00" in text:
        place = Span(text[: text.index("\x00")].count("\n") + 1, 1)
        return Problem(source.name, place, "the text holds a NUL character", "save the file as UTF-8")
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    return _CONTROLS.sub(" ", _DIRECTIONS.sub("", text))
