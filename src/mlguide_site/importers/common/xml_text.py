"""The text of XML documents, before they are parsed: its encoding, and what is no markup in it."""

import codecs
import re
from typing import NamedTuple

from mlguide_site.errors import Problem, Severity, Span

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
        before, shown = data[: self.wrong], self.encoding.upper().removesuffix("-SIG")
        message = f"byte 0x{data[self.wrong]:02x} is not {shown}, which the {what} is declared in"
        place = Span(before.count(b"\n") + 1, len(before.rpartition(b"\n")[2].decode("utf-8", "replace")) + 1)
        return Problem(name, place, message, remedy, severity)


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
