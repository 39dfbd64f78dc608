"""Which format a source is of, by its content; and for a source of no known format what it is and what to do."""

import json
import re
from collections import Counter
from collections.abc import Callable
from dataclasses import replace

from mlguide_site.errors import ContentError, Problem, Span, visible
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
_ROOT = re.compile(r"<(?![?!])([A-Za-z][\w:.-]{0,60})")
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
    head = source.data[:_HEAD]
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return None if _from_utf16(source) else ("this UTF-16 text is incomplete", "save the file as UTF-8")
    nuls = Counter(at % 2 for at, byte in enumerate(head[:2000]) if not byte)
    if nuls and max(nuls.values()) > len(head[:2000]) * 0.3 and len(nuls) == 1:
        return "this is UTF-16 text without a byte order mark", "save the file as UTF-8"
    if nuls:
        return "this is no text", "name a file with notes"
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
    root = _ROOT.search(text) if text.startswith("<") else None
    if root and ("<?xml" in text[:200] or f"</{root[1]}" in text):
        what = f"this is XML, but no feed and no outline (its root is {visible(root[1])})"
        return what, "export it as RSS, Atom or OPML, or save its text as Markdown"
    return None


def _json(source: Source) -> Fault | Problem | None:
    """Other JSON, and broken JSON."""
    if _text(source)[:1] not in ("{", "[") or len(source.data) > MAX_JSON:
        return None
    try:
        value = json.loads(source.data.decode("utf-8-sig", "replace"))
    except json.JSONDecodeError as error:
        if not re.match(r"[\[{]\s*[\"{\[\]}\d]", _text(source)):
            return None
        remedy = "check whether it was saved or downloaded completely"
        return Problem(source.name, Span(error.lineno, error.colno), f"not valid JSON: {error.msg}", remedy)
    except (ValueError, RecursionError):
        return "not valid JSON: a number is too long, or it nests too deep", "check whether it was saved completely"
    keys = ", ".join(sorted(map(str, value))[:5]) if isinstance(value, dict) else ""
    has = f" (it has {visible(keys)[:80]})" if keys else ""
    remedy = "a transcript has a list called segments, chapters one called chapters, a feed one called items"
    return f"this is JSON, but no transcript, no chapters and no feed{has}", remedy


def _table(source: Source) -> Fault | None:
    """Lines with the same number of commas, semicolons or tabs."""
    lines = [line for line in _text(source).split("\n")[:50] if line.strip()]
    for sign in "\t;,":
        counts = Counter(line.count(sign) for line in lines)
        number, times = counts.most_common(1)[0] if counts else (0, 0)
        if number > 0 and times >= 3 and times >= 0.8 * len(lines):
            return "this is a table", "write it as an outline (OPML), or as lists in Markdown"
    return None


def _text(source: Source) -> str:
    return source.data[:_HEAD].decode("utf-8", "replace").lstrip("\ufeff \r\n\t")


_RULES: tuple[Callable[[Source], Fault | Problem | None], ...] = (_empty, _binary, _encoded, _markup, _json, _table)
"""Tried in order where no format matches."""
