"""A feed's bytes as safe XML text, and what its items hold that feedparser gives only one of."""

import codecs
import re
from collections.abc import Mapping
from typing import NamedTuple

from lxml import etree

from mlguide_site.errors import Problem
from mlguide_site.importers.base import Source
from mlguide_site.model import Span

MAX_BYTES = 64 * 1024 * 1024
MAX_DEPTH = 100
_DECLARATION = re.compile(r"\s*<\?xml\b([^<>]{0,200})\?>")
_ENCODING = re.compile(r"encoding\s*=\s*[\"']([A-Za-z][A-Za-z0-9._-]{0,40})[\"']")
_ROOT = re.compile(r"<(rss|feed|rdf:RDF|(?:atom|a):feed)\b", re.I)
_ENCODINGS = re.compile(r"(utf|iso-?8859|latin|us-?ascii|ascii|windows-|cp|shift|euc|gb|big5|koi8|iso-2022|mac)", re.I)
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff]")
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_OPENINGS = ((b"<\x00", "utf-16-le"), (b"\x00<", "utf-16-be"))

CONTENT = "{http://purl.org/rss/1.0/modules/content/}encoded"
ITUNES = "{http://www.itunes.com/dtds/podcast-1.0.dtd}"


class FeedText(NamedTuple):
    """A feed as text without its XML declaration, and how many items it begins."""

    text: str
    items: int


def feed_root(data: bytes) -> str:
    """The name of the root element that the first bytes of a source show, in small letters; "" where it is no feed's.

    >>> feed_root(b"<?xml version='1.0'?><!-- x --><rss version='2.0'>"), feed_root(b"<!doctype html><html>")
    ('rss', '')
    """
    head = data[:65536].replace(b"\x00", b"").decode("latin-1")
    found = re.search(r"<([A-Za-z][\w:.-]{0,40})", without_sections(head))
    return _named[0].casefold().lstrip("<") if found and (_named := _ROOT.match(found[0])) else ""


def read_xml(source: Source) -> FeedText | Problem:
    """The text of a feed that is fit to be parsed, or its problem: size, encoding, entities, no clean end."""
    name, data = source.name, source.data
    if len(data) > MAX_BYTES:
        return Problem(name, Span(), f"larger than {MAX_BYTES // 2**20} MiB", "split it")
    if not data.strip():
        return Problem(name, Span(), "the source is empty", "see whether it was saved or downloaded whole")
    text = decode_xml(name, data)
    if isinstance(text, Problem):
        return text
    declaration = _DECLARATION.match(text)
    text = _CONTROL.sub(" ", text[declaration.end() :] if declaration else text)
    bare = without_sections(text)
    if re.search(r"<!ENTITY|<!DOCTYPE[^<>]{0,10000}\[", bare, re.I):
        return Problem(name, Span(), "the feed declares entities of its own, which is refused", "remove its DOCTYPE")
    root = _ROOT.search(bare)
    if not root:
        return Problem(name, Span(), "this is no RSS or Atom feed", "give the address of the feed itself")
    if not re.search(rf"</{re.escape(root[1])}\s*>\s*$", bare):
        line = text.count("\n") + 1
        return Problem(name, Span(line, 1), "the feed ends in the middle", "download it again, whole")
    return FeedText(text, len(re.findall(r"<(?:[A-Za-z][\w.-]{0,20}:)?(?:item|entry)(?=[\s/>])", bare)))


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


def item_texts(text: str) -> list[Mapping[str, str]]:
    """For each item of an RSS feed the texts of its elements, by name as `{namespace}name`; the first of each name
    counts.

    feedparser keeps one of several descriptions; notes are lost with the others. What isn't well formed is read as
    far as it can be.
    """
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, recover=True)
    try:
        tree = etree.fromstring(text.encode("utf-8", "replace"), parser)
    except (etree.XMLSyntaxError, ValueError):
        return []
    found: list[Mapping[str, str]] = []
    for item in tree.iter("item", "{*}item") if tree is not None else ():
        texts: dict[str, str] = {}
        for child in item:
            if isinstance(child.tag, str):
                texts.setdefault(child.tag, "".join(child.itertext()))
        found.append(texts)
    return found
