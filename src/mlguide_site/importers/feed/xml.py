"""Parses an RSS or Atom feed as an XML tree, checks its limits, and repairs its errors.

Windows-1252 characters, HTML entities, unescaped `&` and `<`, and undeclared prefixes are repaired silently. After
other errors, the readable items are imported, with a warning. If a feed ends within an item, this item is left out."""

import re
from contextlib import suppress
from html import unescape
from typing import Any, NamedTuple

from lxml import etree

from mlguide_site.errors import Problem, Severity, Span, content_error
from mlguide_site.importers import Source
from mlguide_site.importers.common import decoding
from mlguide_site.markdown.engine_escape import drop_unprintable

MAX_FEED_BYTES = 64 * 1024 * 1024
MAX_ELEMENTS = 1_000_000
MAX_ATTRIBUTES = 500_000
MAX_NAMESPACES = 2_000  # maximum length of the prefixes and addresses of all namespaces
_NAMESPACES = {
    "atom": "http://www.w3.org/2005/Atom",
    "content": "http://purl.org/rss/1.0/modules/content/",
    "dc": "http://purl.org/dc/elements/1.1/",
    "itunes": "http://www.itunes.com/dtds/podcast-1.0.dtd",
    "media": "http://search.yahoo.com/mrss/",
    "podcast": "https://podcastindex.org/namespace/1.0",
}
"""The namespaces of prefixes that feeds use without a declaration."""
_OPEN = ("<x" + "".join(f' xmlns:{prefix}="{url}"' for prefix, url in _NAMESPACES.items()) + ">").encode()
ROOT = re.compile(
    rb"(?:[^<]++|<!--.*?-->|<\?.*?\?>|<![^<>-][^<>]*+>?)*+<((?:[A-Za-z][\w.-]*:)?(?:rss|rdf|feed))(?=[\s/>])[^>]*>?",
    re.S | re.I,
)
"""The beginning of a feed, up to the end of the start tag of the root element."""
_CONTROL = bytes(number for number in (*range(32), 127) if number not in (9, 10, 13))
_TO_SPACES = bytes.maketrans(_CONTROL, b" " * len(_CONTROL))
_WINDOWS = re.compile(rb"\xc2[\x80-\x9f]|&#(?:0{0,9}1(?:2[89]|[345][0-9])|[xX]0{0,9}[89][0-9A-Fa-f]);")
_BROKEN = re.compile(
    rb"(?P<section>" + decoding.SECTION.pattern + rb")|<(?P<void>(?:br|hr|img)\b[^<>]*?)/?>"
    rb"|&(?:(?:[A-Za-z][A-Za-z0-9]{1,31}|#[0-9]{1,7}|#[xX][0-9A-Fa-f]{1,6});)?|<(?![A-Za-z/!?_])",
    re.S | re.I,
)
_TAG = re.compile(
    decoding.SECTION.pattern + rb"|<(/?)(?:[A-Za-z][\w.-]*:)?(?:(item|entry)|channel|feed|rss|rdf)(?=[\s/>])[^>]*>?",
    re.S | re.I,
)
"""Matches a comment, a CDATA section, the tag of an item, or the tag of an element that may contain items."""


class Tree(NamedTuple):
    """A feed: the root element without the contents of items, each item as XML with its line number, and problems."""

    root: Any
    items: list[tuple[bytes, int]]
    problems: tuple[Problem, ...] = ()


def read_tree(source: Source) -> Tree:
    """Parse the bytes of a feed. Raises ContentError."""
    name = source.name
    decoding.check_size(source, MAX_FEED_BYTES)
    remedy = "save the feed as UTF-8, because invalid bytes are replaced, or read as Windows-1252"
    data, problem = decoding.decode_xml(source, remedy, Severity.WARNING)
    problems = [problem] if problem else []
    data = decoding.replace_all(_WINDOWS, data.translate(_TO_SPACES), _windows_character)
    root = ROOT.match(data)
    if not root:
        raise content_error(name, "this is not an RSS or Atom feed", "use the address of the feed itself")
    at = data.rindex(b"<", 0, root.start(1))
    if b"<!ENTITY" in data[:at].upper():
        raise content_error(name, "the feed declares its own entities, which is not allowed", "remove its DOCTYPE")
    if _has_too_much(data):
        message = f"more than {MAX_ELEMENTS:,} elements or {MAX_ATTRIBUTES:,} attributes"
        raise content_error(name, message, "split the feed")
    # remove the prolog, but keep its line breaks for correct line numbers
    data = b"\n" * data.count(b"\n", 0, at) + data[at:]
    with suppress(etree.XMLSyntaxError):
        return _tree(name, decoding.parse_xml(data), problems)
    if 4 * data.count(b"&") + 3 * data.count(b"<") > 2 * max(len(data), 2**20):
        raise content_error(name, "the feed is broken: too many unescaped characters", "download the feed again")
    return _repaired_tree(name, decoding.replace_all(_BROKEN, data, _repaired), problems)


def _windows_character(found: re.Match[bytes]) -> bytes:
    """Return the character that browsers display for a control character, or for its reference such as `&#150;`."""
    text = found[0].decode()
    return unescape(text if text.startswith("&") else f"&#{ord(text)};").encode()


def _has_too_much(data: bytes) -> bool:
    """Check whether a document has too many elements or attributes, which need more memory than text."""
    if data.count(b"<") <= MAX_ELEMENTS and data.count(b"=") <= MAX_ATTRIBUTES:
        return False
    bare = decoding.without_sections(data)
    tags = sum(1 for _ in re.finditer(rb"<[^/!?]", bare))
    return tags > MAX_ELEMENTS or sum(1 for _ in re.finditer(rb"=\s*[\"']", bare)) > MAX_ATTRIBUTES


def _repaired(found: re.Match[bytes]) -> bytes:
    """Decode HTML entities, close void tags (`<br>`), and write `&` as `&#38;`, because the parser may drop `&amp;`."""
    if found["section"]:
        return found["section"]
    if found["void"]:
        return b"<" + found["void"] + b"/>"
    text = drop_unprintable(unescape(found[0].decode()))
    return re.sub("[&<>\"']", lambda sign: f"&#{ord(sign[0])};", text).encode()


def local_name(element: Any) -> str:
    """Return the name of an element in lower case, without its namespace."""
    return str(element.tag).rpartition("}")[2].casefold()


def _tree(name: str, root: Any, problems: list[Problem]) -> Tree:
    """Create a tree from its root. Items may be inside the channel, next to it (as in RSS 1.0), or elsewhere. Raises
    ContentError for too many namespaces, because each item repeats the namespaces of its parents."""
    items: list[tuple[bytes, int]] = []
    elements = root.getroottree().iter(etree.Element)
    for item in reversed([one for one in elements if local_name(one) in {"item", "entry"}]):
        if sum(len(f"{prefix}{uri}") for prefix, uri in item.nsmap.items()) > MAX_NAMESPACES:
            message = f"the names of the feed's namespaces have more than {MAX_NAMESPACES:,} characters"
            raise content_error(name, message, "remove namespaces that aren't used", Span(int(item.sourceline or 1)))
        items.append((etree.tostring(item, with_tail=False), int(item.sourceline or 1)))
        # lxml is slow at removing an element with many namespaced children, so the item is only cleared
        item.clear()
    return Tree(root, items[::-1], tuple(problems))


def _repaired_tree(name: str, data: bytes, problems: list[Problem]) -> Tree:
    tags = [tag for tag in _TAG.finditer(data) if tag[1] is not None]
    items = [tag for tag in tags if tag[2]]
    is_cut = bool(items) and tags[-1] == items[-1] and not items[-1][1] and not items[-1][0].endswith(b"/>")
    kept = data[: items[-1].start()] if is_cut else data
    root = decoding.parse_xml(_OPEN + kept + b"</x>", recover=True)[0]
    errors = root.getroottree().parser.error_log
    if not errors:
        return _tree(name, root, problems)
    line, column = errors[0].line, errors[0].column
    place = Span(max(1, line), max(1, column - (len(_OPEN) if line == 1 else 0)))
    message = f"the feed is broken: {' '.join(errors[0].message.split())[:120]}"
    remedy = "correct the feed or download it again, because only the readable part was imported"
    if is_cut:
        message, remedy = "the feed is incomplete: its last item is left out", "download the feed again"
    if len(items) == is_cut:
        raise content_error(name, message.partition(": its")[0], "correct the feed, or download it again", place)
    return _tree(name, root, [*problems, Problem(name, place, message, remedy, Severity.WARNING)])
