"""Which format a source is of, by its content; and for a source of no known format what it is and what to do."""

import json
import re
from collections.abc import Callable
from dataclasses import replace

from mlguide_site.errors import ContentError, Problem, Span
from mlguide_site.importers import Importer, Source
from mlguide_site.importers.assets import asset_suffix
from mlguide_site.importers.table import IMPORTERS

Fault = tuple[str, str]
"""What a source is, and what to do."""
_HEAD = 64 * 1024
MAX_JSON = 4 * 1024 * 1024
_AS_TEXT = "save its text as a Markdown or text file, and import that"
_UNPACK = "unpack it, and name a file in it"
_MAGIC: tuple[tuple[bytes, str, str], ...] = (
    (b"%PDF-", "this is a PDF document", _AS_TEXT),
    (b"PK\x03\x04", "this is a zip archive, or an office document", f"{_UNPACK}; of a document, {_AS_TEXT}"),
    (b"\x1f\x8b", "this is a gzip archive", _UNPACK),
    (b"BZh", "this is a bzip2 archive", _UNPACK),
    (b"\xfd7zXZ", "this is an xz archive", _UNPACK),
    (b"7z\xbc\xaf", "this is a 7-Zip archive", _UNPACK),
    (b"{\\rtf", "this is a document in Rich Text Format", _AS_TEXT),
    (b"\xd0\xcf\x11\xe0", "this is an office document", _AS_TEXT),
    (b"SQLite format 3", "this is a database", "export its notes as Markdown or text files"),
    (b"\x7fELF", "this is a program", "name a file with notes"),
)
_JSON = re.compile(r"[\[{]\s*[\"{\[\]}\d]")
_HTML = re.compile(r"<!doctype html|<html[\s>]|<body[\s>]", re.I)


def detect(source: Source) -> Importer:
    """The first format that a source looks like. Raises ContentError with a remedy where there is none."""
    plain = _from_utf16(source)
    for candidate in (source, plain) if plain else (source,):
        for importer in IMPORTERS:
            if importer.sniff(candidate):
                return importer
    names = ", ".join(importer.name for importer in IMPORTERS)
    remedy = f"name it with --from ({names}); notes of any kind are read with --from obsidian"
    found = next((fault for rule in _RULES if (fault := rule(source))), ("the format is not recognised", remedy))
    raise ContentError([found if isinstance(found, Problem) else Problem(source.name, Span(), *found)])


def _from_utf16(source: Source) -> Source | None:
    """A text in UTF-16 as the same in UTF-8; None where it is none."""
    if not source.data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return None
    try:
        return replace(source, data=source.data.decode("utf-16").encode())
    except UnicodeDecodeError:
        return None


def _empty(source: Source) -> Fault | None:
    if source.files and not source.data:
        return "the folder's notes are not recognised", "name the files in it"
    if not source.data.strip().removeprefix(b"\xef\xbb\xbf"):
        return "the source is empty", "check whether it was saved or downloaded completely"
    return None


def _binary(source: Source) -> Fault | None:
    """Kinds of files by their first bytes."""
    for start, what, remedy in _MAGIC:
        if source.data.startswith(start):
            return what, remedy
    if suffix := asset_suffix("", source.data):
        remedy = "import the notes that show it: the files in their folder come along"
        return f"this is a picture, a recording or a video ({suffix})", remedy
    return None


def _encoded(source: Source) -> Fault | Problem | None:
    """Text that isn't in UTF-8, and bytes that are no text."""
    if _from_utf16(source):
        return None
    if b"\0" in source.data[:_HEAD]:
        return "this is no text in UTF-8", "name a file with notes, or save it as UTF-8"
    try:
        source.data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = source.data[: error.start]
        place = Span(before.count(b"\n") + 1, len(before.rpartition(b"\n")[2].decode("utf-8", "replace")) + 1)
        message = f"byte 0x{source.data[error.start]:02x} is not UTF-8"
        return Problem(source.name, place, message, "save the file as UTF-8")
    return None


def _markup(source: Source) -> Fault | None:
    """HTML pages and other XML."""
    text = _text(source)
    if _HTML.search(text[:4096]):
        return "this is an HTML page", "give the address of the feed, or the page saved as text"
    if text.startswith("<?xml"):
        return "this is XML, but no feed and no outline", "export it as RSS, Atom or OPML, or save it as Markdown"
    return None


def _json(source: Source) -> Fault | Problem | None:
    """Other JSON, and broken JSON."""
    if not _JSON.match(_text(source)) or len(source.data) > MAX_JSON:
        return None
    try:
        json.loads(source.data.decode("utf-8-sig", "replace"))
    except json.JSONDecodeError as error:
        remedy = "check whether it was saved or downloaded completely"
        return Problem(source.name, Span(error.lineno, error.colno), f"not valid JSON: {error.msg}", remedy)
    except (ValueError, RecursionError):
        return "not valid JSON: a number is too long, or it nests too deep", "check whether it was saved completely"
    remedy = "a transcript has a list called segments, chapters one called chapters, a feed one called items"
    return "this is JSON, but no transcript, no chapters and no feed", remedy


def _text(source: Source) -> str:
    return source.data[:_HEAD].decode("utf-8", "replace").lstrip("\ufeff \r\n\t")


_RULES: tuple[Callable[[Source], Fault | Problem | None], ...] = (_empty, _binary, _encoded, _markup, _json)
"""Tried in order where no format matches."""
