"""The bytes of a source as text: plain text, and XML before it is parsed."""

import codecs
import re
from typing import NamedTuple

from mlguide_site.errors import Problem, Severity, Span
from mlguide_site.importers import Source

SECTION = re.compile(rb"(<!--.*?(?:-->|\Z)|<!\[CDATA\[.*?(?:\]\]>|\Z)|<\?.*?(?:\?>|\Z))", re.S)
_DECLARED = re.compile(r"\s*<\?xml\b[^<>]{0,200}?encoding\s*=\s*[\"']([A-Za-z][A-Za-z0-9._-]{0,40})[\"']")
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
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


class Decoded(NamedTuple):
    """A text, the encoding it is declared in ("" if unknown), and where the first byte is that is not of it, or -1."""

    text: str
    encoding: str
    wrong: int

    def problem(self, name: str, data: bytes, what: str, remedy: str, severity: Severity) -> Problem | None:
        """What is wrong with the encoding of `data`, if anything."""
        if not self.encoding:
            return Problem(name, Span(), f"unknown encoding of the {what}", remedy, severity)
        if self.wrong < 0:
            return None
        shown = self.encoding.upper().removesuffix("-SIG")
        message = f"byte 0x{data[self.wrong]:02x} is not {shown}, which the {what} is declared in"
        return Problem(name, place_of(data, self.wrong), message, remedy, severity)


def decode_xml(data: bytes) -> Decoded:
    """An XML document as text: in the encoding that a mark or the declaration gives, else in UTF-8. Bytes that are not
    of it are read as Windows-1252.

    >>> decode_xml(b"<a>Don\\x92t</a>").text, decode_xml("<a>é</a>".encode()).wrong
    ('<a>Don’t</a>', -1)
    """
    marked = next((codec for mark, codec in _MARKS if data.startswith(mark)), "")
    declared = _DECLARED.match(data[:300].decode("latin-1"))
    encoding = marked or (declared[1] if declared else "utf-8")
    known = bool(_ENCODINGS.match(encoding))
    wrong = -1
    # what declares something else and yet is UTF-8 throughout is UTF-8
    for codec in [marked] if marked else ["utf-8", *([encoding] if known else [])]:
        try:
            return Decoded(data.decode("cp1252" if _WESTERN.fullmatch(codec) else codec), encoding * known, -1)
        except UnicodeDecodeError as error:
            wrong = error.start
        except (UnicodeError, LookupError):
            known = False
    if marked and marked != "utf-8-sig":
        return Decoded(data.decode(marked, "replace"), encoding, wrong)
    text = data.removeprefix(codecs.BOM_UTF8).decode("utf-8", "surrogateescape")
    text = text.translate({0xDC00 + byte: WINDOWS.get(byte, chr(byte)) for byte in range(0x80, 0x100)})
    return Decoded(text, encoding * known, -1 if _WESTERN.fullmatch(encoding) else wrong)


def without_sections(data: bytes) -> bytes:
    """A document without comments, CDATA sections and processing instructions, open ones to the end."""
    return SECTION.sub(b"", data)


def place_of(data: bytes, at: int) -> Span:
    """Line and column of a byte in UTF-8."""
    before = data[:at]
    return Span(before.count(b"\n") + 1, len(before.rpartition(b"\n")[2].decode("utf-8", "replace")) + 1)


def decode_text(source: Source, limit: int) -> str | Problem:
    """A source's text, line ends as `\\n`, a byte-order mark read past; or the problem that keeps it from being read.

    UTF-8, or UTF-16 with its mark. Control characters other than tab and line end become spaces.

    >>> decode_text(Source("a.txt", b"\\xef\\xbb\\xbfOne\\r\\nTwo"), 100)
    'One\\nTwo'
    >>> print(decode_text(Source("a.txt", b"One\\nT\\xffo"), 100))
    a.txt:2:2: byte 0xff is not UTF-8; save the file as UTF-8
    """
    data = source.data
    if len(data) > limit:
        return Problem(source.name, Span(), f"larger than {limit // 2**20} MiB", "split it")
    if not data.strip():
        return Problem(source.name, Span(), "the source is empty", "see whether it was saved or downloaded whole")
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
    return "".join(
        c if c.isprintable() or c in "\n\t" else _plain(c) for c in text.replace("\r\n", "\n").replace("\r", "\n")
    )


def _plain(c: str) -> str:
    """A space for white space and control characters, nothing for direction marks, else the character itself."""
    if c.isspace() or c < " " or "\x7f" <= c <= "\x9f":
        return " "
    return "" if c in "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufeff" else c
