"""Notes in HTML as blocks. Every word that a reader would see stays, in order; nothing else of the HTML does.

The browser's own algorithm reads it (html5ever, through nh3), so that what is nested or closed oddly comes out as a
reader would see it; its output, which is canonical, is then walked once. Pictures and media stay as labelled links:
what they show lies on other hosts.
"""

import re
from functools import cache
from html import unescape as read_references

import nh3

from mlguide_site.importers.blocks import Blocks, plain_blocks
from mlguide_site.importers.html_blocks import BLOCKS, HEADINGS, INLINE, MEDIA, Builder
from mlguide_site.importers.raised import shift_simple
from mlguide_site.markdown.escape import drop_unprintable, unescape

MAX_DEPTH = 300
MAX_TAG = 8192
"""Beyond so many characters a tag is read for the attributes that count, and no other."""
_ATTRIBUTES = {"a": {"href"}, "ol": {"start"}, **{name: {"src", "alt", "title"} for name in MEDIA}}
_KEPT_ATTRIBUTES = frozenset(["href", "src", "alt", "title", "start"])
_HEADING = "\x1e"
_ANY_TAG = re.compile(r"</?([A-Za-z][A-Za-z0-9]{0,20})\b[^<>]*>")
_TAG = re.compile(r"<(/?)([A-Za-z][A-Za-z0-9]{0,20})\b")
_NOT_NESTED = frozenset(
    "area base br col dd dt embed hr img input li link meta option p source tbody td tfoot th thead tr track"
    " wbr".split()
)
_HIDDEN = re.compile(r"<!--|<(script|style)\b", re.I)
_LOOKS = re.compile(
    r"</?(?:" + "|".join(sorted(BLOCKS | INLINE | frozenset(MEDIA) | {"iframe"})) + r")(?:\s[^<>]{0,2000})?/?>", re.I
)
# what an element without an end tag stands for: the text in an iframe would be read as no HTML at all
_EMBEDDED = re.compile(r"<(/?)(iframe|track)(?=[\s/>])", re.I)
# an attribute as HTML's tokeniser reads it (WHATWG HTML, 13.2.5.32 and following)
_ATTRIBUTE = r"[\s/]*+([^\s/>][^\s/>=]*+)(?:\s*+=\s*+(\"[^\"]*+\"?|'[^']*+'?|[^\s>]*+))?"
_START_TAG = re.compile(rf"<([A-Za-z][^\s/>]*+)(?:{_ATTRIBUTE})*+[\s/]*+>?")
_EACH_ATTRIBUTE = re.compile(_ATTRIBUTE)
_TOKEN = re.compile(r"<(/?)([a-z][a-z0-9]*)((?: [a-z]+=\"[^\"]*\")*) ?/?>|([^<]+|<)")
_PAIR = re.compile(r" ([a-z]+)=\"([^\"]*)\"")


def looks_like_html(text: str) -> bool:
    """Whether a text is meant as HTML: it holds a tag that notes are written with.

    >>> looks_like_html("One<br>Two"), looks_like_html("a < b, List<T> & <stdio.h>")
    (True, False)
    """
    return bool(_LOOKS.search(text))


def parse_html(html: str, base: str = "", page: str = "") -> Blocks:
    """The blocks of notes: no script, style, form or address that may not be published. Linear in the length.

    `base` is the address that relative addresses are relative to, but for those that begin with `#`: they lead to
    places of `page`, where one is given. What is nested deeper than 300 becomes plain text.
    """
    if depth(html) > MAX_DEPTH:
        return tuple(block for line in strip_tags(html).split("\n") for block in plain_blocks(line))
    html = _EMBEDDED.sub(_embedded, html)
    if len(html) > MAX_TAG:
        html = _START_TAG.sub(_bounded_tag, html)
    # half a pair of UTF-16, which JSON may hold, is no text to the cleaner
    clean = _cleaner().clean(drop_unprintable(html))
    builder = Builder(base, page)
    for found in _TOKEN.finditer(drop_unprintable(clean)):
        close, name, attributes, text = found.groups()
        if text is not None:
            builder.text(read_references(text) if "&" in text else text)
        elif close:
            builder.close(name)
        else:
            builder.open(
                name, {key: read_references(value) for key, value in _PAIR.findall(attributes)} if attributes else {}
            )
    return builder.finish()


@cache
def _cleaner() -> nh3.Cleaner:
    return nh3.Cleaner(tags=set(BLOCKS | INLINE | frozenset(MEDIA)), attributes=_ATTRIBUTES, link_rel=None)


def _embedded(found: re.Match[str]) -> str:
    if found[2].casefold() == "track":
        return f"<{found[1]}x-track"
    return "<track" if not found[1] else "</x-track"


def depth(html: str) -> int:
    """How deep tags are nested, roughly: those that are opened and not yet closed, but for those that close each other.

    >>> depth("<div><b>x</b></div><br><p><p><div>")
    2
    """
    deepest, now = 0, 0
    for close, name in _TAG.findall(html):
        if name.casefold() not in _NOT_NESTED:
            now = max(0, now - 1) if close else now + 1
            deepest = max(deepest, now)
    return deepest


def _bounded_tag(found: re.Match[str]) -> str:
    """A tag without what nobody reads of it, where it is very long: the parser compares each attribute with all others
    of the tag."""
    if len(found[0]) <= MAX_TAG:
        return found[0]
    kept = {
        name: value
        for name, value in reversed(_EACH_ATTRIBUTE.findall(found[0], len(found[1]) + 1))
        if name.casefold() in _KEPT_ATTRIBUTES
    }
    return f"<{found[1]} {' '.join(f'{name}={value}' for name, value in kept.items())}>"


def strip_tags(html: str, headings: bool = True) -> str:
    """The text of HTML, a line a block, with headings or without; in one pass, whatever the HTML.

    >>> strip_tags("<h2>Zero</h2><p>One <b>two</b></p><!-- no --><p>Fish &amp; chips</p>", headings=False)
    'One two\\nFish & chips'
    """
    text = _ANY_TAG.sub(_line_end, shift_simple(re.sub(r"\s+", " ", _without_hidden(html))))
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
        return "\n" + _HEADING * (name in HEADINGS and tag[0][1] != "/")
    return ""
