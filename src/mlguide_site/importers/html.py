"""Notes in HTML: cleaned, without promotion, as Markdown. Every word that a reader would see stays, in order.

Pictures and media stay as labelled links: what they show lies on other hosts.
"""

import re
from collections.abc import Sequence
from typing import Any
from urllib.parse import urljoin

import nh3
from bs4 import BeautifulSoup, Tag
from bs4.element import NavigableString

from mlguide_site.characters import unescape
from mlguide_site.importers.promotion import Match, find_matches
from mlguide_site.model.base import is_allowed_url

MAX_DEPTH = 100
MAX_TAGS = 20_000
BLOCKS = frozenset(
    "address article aside blockquote body caption dd details div dl dt figcaption figure footer h1 h2 h3 h4 h5 h6"
    " header hr li main ol p pre section summary table tbody td tfoot th thead tr ul".split()
)
_HEADINGS = frozenset("h1 h2 h3 h4 h5 h6".split())
_HEADING = "\x1e"
_INLINE = frozenset("a abbr b br cite code del em i ins kbd mark q s samp small span strong sub sup time u".split())
_MEDIA = {
    "img": "Image",
    "iframe": "Embedded page",
    "audio": "Audio",
    "video": "Video",
    "source": "Media",
    "embed": "Media",
}
_VOID = frozenset("area base br col embed hr img input link meta source track wbr".split())
_TAG = re.compile(r"<(/?)([A-Za-z][A-Za-z0-9]{0,20})\b")
_ANY_TAG = re.compile(r"</?([A-Za-z][A-Za-z0-9]{0,20})\b[^<>]*>")
_HIDDEN = re.compile(r"<!--|<(script|style)\b", re.I)
_LOOKS = re.compile(
    r"</?(?:" + "|".join(sorted(BLOCKS | _INLINE | frozenset(_MEDIA))) + r")(?:\s[^<>]{0,2000})?/?>", re.I
)
_ATTRIBUTES = {"a": {"href"}, "ol": {"start"}, **{name: {"src", "alt", "title"} for name in _MEDIA}}
_ALIKE = {"strong": "b", "em": "i", "del": "s"}


def looks_like_html(text: str) -> bool:
    """Whether a text is meant as HTML: it holds a tag that notes are written with.

    >>> looks_like_html("One<br>Two"), looks_like_html("a < b, List<T> & <stdio.h>")
    (True, False)
    """
    return bool(_LOOKS.search(text))


def parse_html(html: str, base: str = "") -> BeautifulSoup:
    """The cleaned tree of notes: no script, style, form or address that may not be published. Linear in the length.

    `base` is the address that relative addresses are relative to. What is nested deeper than 100, or holds more than
    20,000 tags, becomes plain text.
    """
    if html.count("<") > MAX_TAGS or depth(html) > MAX_DEPTH:
        html = "".join(f"<p>{nh3.clean_text(block)}</p>" for block in strip_tags(html).split("\n") if block.strip())
    tags = set(BLOCKS | _INLINE | frozenset(_MEDIA))
    clean = nh3.clean(html, tags=tags, attributes=_ATTRIBUTES, link_rel=None, url_schemes={"http", "https", "mailto"})
    # in a tag of its own even bare text is plainly markup and no address or file name
    soup = BeautifulSoup(f"<body>{clean}</body>", "html.parser")
    for element in soup.find_all(list(_MEDIA)):
        _label_media(soup, element, base)
    for element in soup.find_all("a"):
        url = _absolute(element.get("href"), base)
        if url:
            element["href"] = url
        else:
            element.unwrap()
    for element in soup.find_all(["dl", "dt", "dd"]):
        element.name = "div" if element.name == "dl" else "p"
    for element in soup.find_all(list(_ALIKE)):
        element.name = _ALIKE[element.name]
    soup.smooth()
    return soup


def depth(html: str) -> int:
    """How deep tags are nested, roughly: those that are opened and not yet closed.

    >>> depth("<p><b>x</b></p><br><p>")
    2
    """
    deepest, now = 0, 0
    for close, name in _TAG.findall(html):
        if name.casefold() in _VOID:
            continue
        now = max(0, now - 1) if close else now + 1
        deepest = max(deepest, now)
    return deepest


def strip_tags(html: str, headings: bool = True) -> str:
    """The text of HTML, a line a block, with headings or without; in one pass, whatever the HTML.

    >>> strip_tags("<h2>Zero</h2><p>One <b>two</b></p><!-- no --><p>Fish &amp; chips</p>", headings=False)
    'One two\\nFish & chips'
    """
    text = _ANY_TAG.sub(_line_end, re.sub(r"\s+", " ", _without_hidden(html)))
    parts = [part for part in unescape(text).split("\n") if headings or not part.startswith(_HEADING)]
    lines = [" ".join(part.strip(_HEADING).split()) for part in parts]
    return "\n".join(filter(None, lines))


def _without_hidden(html: str) -> str:
    """HTML without comments, scripts and styles, and what an open one swallows."""
    parts, at = [], 0
    for found in _HIDDEN.finditer(html):
        if found.start() < at:
            continue
        parts.append(html[at : found.start()])
        closing = re.compile("-->" if found[0] == "<!--" else rf"</{found[1]}[^<>]*>", re.I).search(html, found.end())
        at = closing.end() if closing else len(html)
    parts.append(html[at:])
    return "".join(parts)


def _line_end(tag: re.Match[str]) -> str:
    name = tag[1].casefold()
    if name in BLOCKS or name == "br":
        return "\n" + _HEADING * (name in _HEADINGS and tag[0][1] != "/")
    return ""


def _absolute(url: Any, base: str) -> str:
    """An address made whole, with what Markdown can't hold percent-encoded; "" where it may not be published."""
    if not isinstance(url, str):
        return ""
    try:
        whole = urljoin(base, re.sub(r"[\t\r\n]", "", url.strip()))
    except ValueError:
        return ""
    whole = re.sub(r"[ \"<>\\^`{|}]", lambda found: f"%{ord(found[0]):02X}", whole)
    return whole if is_allowed_url(whole) and len(whole) <= 2000 else ""


def _label_media(soup: BeautifulSoup, element: Tag, base: str) -> None:
    """A picture or medium as a link with a label; its own words (a caption, a fallback) stay behind it."""
    kind = _MEDIA[element.name]
    words = " ".join(str(element.get("alt") or element.get("title") or "").split())
    url = _absolute(element.get("src"), base)
    label = f"{kind}: {words}" if words else kind
    shown: Tag | NavigableString
    if url:
        shown = soup.new_tag("a", href=url)
        shown.string = label
        if element.find_parent("a"):
            shown = NavigableString(label)
    elif words:
        shown = NavigableString(label)
    else:
        element.unwrap()
        return
    element.insert_before(shown)
    element.unwrap()


def text_blocks(soup: BeautifulSoup) -> list[list[NavigableString]]:
    """The pieces of text of each block, in order; a block ends where a tag of one begins or ends, or a line does."""
    blocks: list[list[NavigableString]] = []
    now: list[NavigableString] = []
    last: Tag | None = None
    for node in soup.descendants:
        if isinstance(node, Tag):
            if node.name == "br" or node.name in BLOCKS:
                now = []
            continue
        if not isinstance(node, NavigableString):
            continue
        block = node.parent
        while block is not None and block.name not in BLOCKS and block.parent is not None:
            block = block.parent
        if block is not last or not now:
            now = []
            blocks.append(now)
            last = block
        now.append(node)
    return [block for block in blocks if any(piece.strip() for piece in block)]


def cut_promotion(soup: BeautifulSoup, patterns: Sequence[str]) -> tuple[str, ...]:
    """Take promotion out of a tree, and tags that are empty without it; the patterns that matched, once per match."""
    used: list[str] = []
    for block in text_blocks(soup):
        matches = find_matches("".join(block), patterns)
        if not matches:
            continue
        used.extend(match.pattern for match in matches)
        parents = [piece.parent for piece in block]
        at = 0
        for piece in block:
            start, end = at, at + len(piece)
            at = end
            kept = outside(str(piece), start, matches)
            piece.replace_with(NavigableString(kept)) if kept else piece.extract()
        for parent in parents:
            _drop_empty(parent)
    return tuple(used)


def outside(text: str, offset: int, matches: Sequence[Match]) -> str:
    """What of a piece of text no match covers; `offset` is where it stands in its block."""
    kept, at = [], 0
    for match in matches:
        start, end = max(0, match.start - offset), min(len(text), match.end - offset)
        if start < end:
            kept.append(text[at:start])
            at = end
    return "".join([*kept, text[at:]])


def _drop_empty(element: Tag | None) -> None:
    while (
        element is not None
        and not element.decomposed
        and element.parent is not None
        and not element.get_text(strip=True)
    ):
        parent = element.parent
        element.decompose()
        element = parent
