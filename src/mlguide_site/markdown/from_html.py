"""HTML as blocks, which `from_blocks` writes as Markdown. Every word that a reader would see stays, in order.

The browser's own algorithm reads it (html5ever, through nh3), so that oddly nested tags come out as a reader would see
them; its output, which is canonical, is then walked once. Pictures and media become labelled links: their files lie on
other hosts. Limits: nesting 300, and 30 for lists, quotes and tables; beyond, text stays without structure.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache, lru_cache
from html import unescape as read_references
from urllib.parse import urljoin

import nh3

from mlguide_site.markdown.escape import drop_unprintable, unescape
from mlguide_site.markdown.policy import refusal
from mlguide_site.markdown.rich_text import (
    Block,
    Blocks,
    Code,
    Group,
    Line,
    Paragraph,
    Rule,
    Run,
    Style,
    fold,
    plain_blocks,
)
from mlguide_site.model.base import is_allowed_url

MAX_DEPTH, MAX_GROUPS = 300, 30
MAX_TAG = 8192
"""Longer tags are cut down to the attributes that are read."""
MAX_URL = 2000
MAX_SHIFTED = 12
"""Longer superscripts and subscripts are small print, not exponents."""
_HEADINGS = frozenset("h1 h2 h3 h4 h5 h6".split())
_LISTS = {"ul": "ul", "ol": "ol", "menu": "ul", "dir": "ul"}
_GROUPS = {**_LISTS, "li": "li", "blockquote": "blockquote", "table": "table", "tr": "tr", "td": "td", "th": "td"}
_BLOCKS = (
    frozenset(
        "address article aside body caption center dd details dialog div dl dt fieldset figcaption figure footer form"
        " header hgroup hr legend main nav p pre section summary tbody tfoot thead".split()
    )
    | _HEADINGS
    | frozenset(_GROUPS)
)
_STYLES = {"b": 0, "strong": 0, "i": 1, "em": 1, "s": 2, "del": 2, "strike": 2, "code": 3, "kbd": 3, "samp": 3, "tt": 3}
"""Elements that set text in bold, italics, struck out and as code."""
_INLINE = frozenset("a abbr br cite ins mark q small span sub sup time u var".split()) | frozenset(_STYLES)
_MEDIA = {"img": "Image", "track": "Embedded page", "audio": "Audio", "video": "Video", "source": "Media",
          "embed": "Media"}  # fmt: skip
"""Elements that show a file, and their labels; `track` stands for `iframe`."""
_ATTRIBUTES = {"a": {"href"}, "ol": {"start"}, **{name: {"src", "alt", "title"} for name in _MEDIA}}
_KEPT = frozenset(["href", "src", "alt", "title", "start"])
_SHIFTED = frozenset(["sup", "sub"])
_NOT_NESTED = frozenset(
    "area base br col dd dt embed hr img input li link meta option p source tbody td tfoot th thead tr track"
    " wbr".split()
)
_HEADING = "\x1e"
_ANY_TAG = re.compile(r"</?([A-Za-z][A-Za-z0-9]{0,20})\b[^<>]*>")
_TAG = re.compile(r"<(/?)([A-Za-z][A-Za-z0-9]{0,20})\b")
_HIDDEN = re.compile(r"<!--|<(script|style)\b", re.I)
_LOOKS = re.compile(
    r"</?(?:" + "|".join(sorted(_BLOCKS | _INLINE | frozenset(_MEDIA) | {"iframe"})) + r")(?:\s[^<>]{0,2000})?/?>", re.I
)
# the cleaner reads the content of an iframe as text; `track` has no content and isn't shown otherwise
_EMBEDDED = re.compile(r"<(/?)(iframe|track)(?=[\s/>])", re.I)
# an attribute as HTML's tokeniser reads it (WHATWG HTML, 13.2.5.32 and following)
_ATTRIBUTE = r"[\s/]*+([^\s/>][^\s/>=]*+)(?:\s*+=\s*+(\"[^\"]*+\"?|'[^']*+'?|[^\s>]*+))?"
_START_TAG = re.compile(rf"<([A-Za-z][^\s/>]*+)(?:{_ATTRIBUTE})*+[\s/]*+>?")
_EACH_ATTRIBUTE = re.compile(_ATTRIBUTE)
_TOKEN = re.compile(r"<(/?)([a-z][a-z0-9]*)((?: [a-z]+=\"[^\"]*\")*) ?/?>|([^<]+|<)")
_PAIR = re.compile(r" ([a-z]+)=\"([^\"]*)\"")
_SAFE_ADDRESS = re.compile(r"[!#-;=?-\[\]_a-z~]*")
_SIMPLE_SHIFT = re.compile(r"<(sup|sub)(?:\s[^<>]{0,200})?>([^<>&]{1,40})</\1\s{0,9}>", re.I)
_SIGNS = {
    "sup": dict(
        zip(
            "0123456789+-−=()abcdefghijklmnoprstuvwxyzT",
            "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁼⁽⁾ᵃᵇᶜᵈᵉᶠᵍʰⁱʲᵏˡᵐⁿᵒᵖʳˢᵗᵘᵛʷˣʸᶻᵀ",
            strict=True,
        )
    ),
    "sub": dict(zip("0123456789+-−=()aehijklmnoprstuvx", "₀₁₂₃₄₅₆₇₈₉₊₋₋₌₍₎ₐₑₕᵢⱼₖₗₘₙₒₚᵣₛₜᵤᵥₓ", strict=True)),
}


def looks_like_html(text: str) -> bool:
    """Whether a text is meant as HTML: it holds a tag that notes are written with.

    >>> looks_like_html("One<br>Two"), looks_like_html("a < b, List<T> & <stdio.h>")
    (True, False)
    """
    return bool(_LOOKS.search(text))


def parse_html(html: str, base: str = "", page: str = "") -> Blocks:
    """The blocks of notes: no script, style, form or address that may not be published. Linear in the length.

    `base` is the address that relative addresses are relative to; those that begin with `#` are relative to `page`, if
    given.
    """
    if _depth(html) > MAX_DEPTH:
        return tuple(block for line in strip_tags(html).split("\n") for block in plain_blocks(line))
    html = _EMBEDDED.sub(_embedded, html)
    if len(html) > MAX_TAG:
        html = _START_TAG.sub(_bounded_tag, html)
    # half a pair of UTF-16, which JSON may hold, is no text to the cleaner
    clean = drop_unprintable(_cleaner().clean(drop_unprintable(html)))
    builder = _Builder(base, page or base)
    for close, name, attributes, text in _TOKEN.findall(clean):
        if text:
            builder.text(read_references(text) if "&" in text else text)
        elif close:
            builder.close(name)
        else:
            pairs = _PAIR.findall(attributes) if attributes else ()
            builder.open(name, {key: read_references(value) for key, value in pairs})
    builder.flush()
    return builder.root.freeze()


@cache
def _cleaner() -> nh3.Cleaner:
    return nh3.Cleaner(tags=set(_BLOCKS | _INLINE | frozenset(_MEDIA)), attributes=_ATTRIBUTES, link_rel=None)


def _embedded(found: re.Match[str]) -> str:
    if found[2].casefold() == "track":
        return f"<{found[1]}x-track"
    return "</x-track" if found[1] else "<track"


def _depth(html: str) -> int:
    """How deep tags are nested, roughly: opened and not yet closed ones, without those that close each other."""
    deepest, now = 0, 0
    for close, name in _TAG.findall(html):
        if name.casefold() not in _NOT_NESTED:
            now = max(0, now - 1) if close else now + 1
            deepest = max(deepest, now)
    return deepest


def _bounded_tag(found: re.Match[str]) -> str:
    """A very long tag with the attributes alone that are read: the parser compares each attribute with all others."""
    if len(found[0]) <= MAX_TAG:
        return found[0]
    pairs = reversed(_EACH_ATTRIBUTE.findall(found[0], len(found[1]) + 1))
    kept = {name: value for name, value in pairs if name.casefold() in _KEPT}
    return f"<{found[1]} {' '.join(f'{name}={value}' for name, value in kept.items())}>"


def strip_tags(html: str, headings: bool = True) -> str:
    """The text of HTML, a line a block, with headings or without; in one pass, whatever the HTML.

    >>> strip_tags("<h2>Zero</h2><p>One <b>two</b></p><!-- no --><p>Fish &amp; chips</p>", headings=False)
    'One two\\nFish & chips'
    """
    folded = re.sub(r"\s+", " ", _without_hidden(html))
    shifted = _SIMPLE_SHIFT.sub(lambda found: shift(found[2], found[1].casefold()), folded)
    parts = unescape(_ANY_TAG.sub(_line_end, shifted)).split("\n")
    lines = [" ".join(part.strip(_HEADING).split()) for part in parts if headings or not part.startswith(_HEADING)]
    return "\n".join(filter(None, lines))


def _without_hidden(html: str) -> str:
    """HTML without comments, scripts and styles, open ones to the end."""
    parts, at = [], 0
    for found in _HIDDEN.finditer(html):
        if found.start() < at:
            continue
        parts.append(html[at : found.start()])
        closing = re.compile("-->" if found[0] == "<!--" else rf"</{found[1]}[^<>]*>", re.I).search(html, found.end())
        at = closing.end() if closing else len(html)
    return "".join([*parts, html[at:]])


def _line_end(tag: re.Match[str]) -> str:
    name = tag[1].casefold()
    if name in _BLOCKS or name == "br":
        return "\n" + _HEADING * (name in _HEADINGS and tag[0][1] != "/")
    return ""


def shift(text: str, name: str) -> str:
    """The text of a `sup` or `sub` element with its meaning kept: in Unicode's own signs, else behind `^` or `_`.
    Words, and letters of ordinals, stay as they are.

    >>> "10" + shift("2", "sup"), "H" + shift("2", "sub") + "O", "19" + shift("th", "sup"), "x" + shift("2q", "sup")
    ('10²', 'H₂O', '19th', 'x^(2q)')
    """
    bare = text.strip()
    if not bare or len(bare) > MAX_SHIFTED or (bare.isalpha() and len(bare) > 1):
        return text
    signs = _SIGNS[name]
    if all(c in signs or c in " ,.;[]*†‡" for c in bare):
        return "".join(signs.get(c, c) for c in text)
    if any(c.isspace() for c in bare) or not any(c.isalnum() for c in bare) or bare.startswith(("[", "(")):
        return text
    shown = bare if bare.isalnum() and (len(bare) == 1 or bare.isdigit()) else f"({bare})"
    return text.replace(bare, ("^" if name == "sup" else "_") + shown, 1)


@dataclass(slots=True)
class _Node:
    """A group while it is filled; `implied` where the HTML has items without a list."""

    kind: str
    start: int = 1
    implied: bool = False
    children: "list[Block | _Node]" = field(default_factory=list)

    def freeze(self) -> Blocks:
        """The children, without empty groups."""
        found: list[Block] = []
        for child in self.children:
            if not isinstance(child, _Node):
                found.append(child)
            elif children := child.freeze():
                found.append(Group(child.kind, children, child.start))
        return tuple(found)

    def last(self) -> "_Node | None":
        """The group that ends this one."""
        found = self.children[-1] if self.children else None
        return found if isinstance(found, _Node) else None

    def put(self, node: "_Node") -> "_Node":
        """Add a group and return it."""
        self.children.append(node)
        return node


class _Builder:
    """Takes the tags and texts of canonical HTML in order."""

    def __init__(self, base: str, page: str) -> None:
        self.base, self.page = base, page
        self.root = _Node("root")
        self.stack: list[tuple[str, _Node]] = [("", self.root)]
        self.lines: list[Line] = []
        self.line: list[Run] = []
        self.counts = [0, 0, 0, 0]
        self.style = Style()
        self.level = 0
        self.pre: list[str] | None = None
        self.shifted: list[str] = []

    def text(self, text: str) -> None:
        """Takes text, its character references read."""
        if self.shifted:
            text = shift(text, self.shifted[-1])
        if self.pre is not None:
            self.pre.append(text)
        else:
            self.line.append(Run(text, self.style))

    def open(self, name: str, attributes: Mapping[str, str]) -> None:
        """Takes the beginning of an element; attributes have their character references read."""
        if name == "br":
            self.break_line()
        elif name in _STYLES:
            self.count(_STYLES[name], 1)
        elif name == "a":
            href = attributes.get("href", "")
            address = safe_address(href, self.page if href.lstrip().startswith("#") else self.base)
            self.style = Style(address, *self.style[1:])
        elif name in _SHIFTED:
            self.shifted.append(name)
        elif name in _MEDIA:
            self.show_media(name, attributes)
        elif name in _BLOCKS and self.pre is not None:
            self.pre.append("\n")
        elif name in _BLOCKS:
            self.flush()
            if name in _GROUPS:
                self.open_group(name, attributes)
            elif name in _HEADINGS:
                self.level = int(name[1])
            elif name == "hr":
                self.add(Rule())
            elif name == "pre":
                self.pre = []

    def close(self, name: str) -> None:
        """Takes the end of an element."""
        if name in _STYLES:
            self.count(_STYLES[name], -1)
        elif name == "a":
            self.style = Style("", *self.style[1:])
        elif name in _SHIFTED:
            self.shifted = self.shifted[:-1]
        elif name in _BLOCKS and (self.pre is None or name == "pre"):
            self.flush()
            if name in _GROUPS:
                self.close_group(name)
            elif name in _HEADINGS:
                self.level = 0

    def count(self, style: int, change: int) -> None:
        """One element more or less that sets a style."""
        self.counts[style] = max(0, self.counts[style] + change)
        self.style = Style(self.style.href, *(count > 0 for count in self.counts))

    def open_group(self, name: str, attributes: Mapping[str, str]) -> None:
        """A group begins; an item outside a list makes one, a list between items belongs to the item before it."""
        inside = self.stack[-1][1]
        if len(self.stack) > MAX_GROUPS:
            self.stack.append((name, inside))
            return
        if name == "li" and inside.kind not in {"ul", "ol"}:
            last = inside.last()
            inside = last if last is not None and last.implied else inside.put(_Node("ul", implied=True))
        elif name in _LISTS and inside.kind in {"ul", "ol"}:
            inside = inside.last() or inside.put(_Node("li"))
        start = attributes.get("start", "")
        number = int(start) if name == "ol" and re.fullmatch(r"[0-9]{1,6}", start) else 1
        self.stack.append((name, inside.put(_Node(_GROUPS[name], number))))

    def close_group(self, name: str) -> None:
        """The innermost group of a name ends, and what is open in it."""
        for at in range(len(self.stack) - 1, 0, -1):
            if self.stack[at][0] == name:
                del self.stack[at:]
                return

    def add(self, block: Block) -> None:
        """A block goes into the innermost group; within a list, into its last item."""
        inside = self.stack[-1][1]
        if inside.kind in {"ul", "ol"}:
            inside = inside.last() or inside.put(_Node("li"))
        inside.children.append(block)

    def break_line(self) -> None:
        """A line ends; a second break in a row ends the paragraph."""
        if self.pre is not None:
            self.pre.append("\n")
        elif line := fold(self.line):
            self.lines.append(line)
            self.line.clear()
        else:
            self.flush()

    def flush(self) -> None:
        """The paragraph or the piece of code ends."""
        if self.pre is not None:
            text, self.pre = re.sub(r"\r\n?", "\n", "".join(self.pre)).strip("\n"), None
            if text.strip():
                self.add(Code(text))
        if line := fold(self.line):
            self.lines.append(line)
        self.line.clear()
        if self.lines:
            self.add(Paragraph(tuple(self.lines), self.level))
            self.lines.clear()

    def show_media(self, name: str, attributes: Mapping[str, str]) -> None:
        """A picture or medium as a link with a label; its own words (a caption, a fallback) stay behind it."""
        words = " ".join((attributes.get("alt") or attributes.get("title") or "").split())
        url = safe_address(attributes.get("src", ""), self.base)
        label = f"{_MEDIA[name]}: {words}" if words else _MEDIA[name]
        if self.pre is None and not self.style.href and url:
            self.line.append(Run(label, Style(url)))
        elif url or words:
            self.text(label)


@lru_cache(maxsize=4096)
def safe_address(url: str, base: str) -> str:
    """An absolute address, with what Markdown can't hold percent-encoded and without a name and password; "" where it
    may not be published.

    >>> safe_address("../a b", "https://s.example/x/y/"), safe_address("java\\nscript:x", "")
    ('https://s.example/x/a%20b', '')
    """
    url = re.sub(r"[\t\r\n]", "", url.strip())
    if not url or len(url) > MAX_URL:
        return ""
    try:
        whole = without_password(urljoin(base, url))
    except ValueError:
        return ""
    if not _SAFE_ADDRESS.fullmatch(whole):
        whole = "".join(c if c.isprintable() and c not in ' "<>\\^`{|}' else percent(c) for c in whole)
    return whole if len(whole) <= MAX_URL and is_allowed_url(whole) and refusal(whole) is None else ""


def percent(c: str) -> str:
    """A character percent-encoded."""
    return "".join(f"%{byte:02X}" for byte in c.encode("utf-8", "replace"))


def without_password(url: str) -> str:
    """An address without the name and password that it may hold.

    >>> without_password("https://me:secret@show.example/feed")
    'https://show.example/feed'
    """
    scheme, mark, rest = url.partition("://")
    end = min((at for at in map(rest.find, "/?#") if at >= 0), default=len(rest))
    return f"{scheme}{mark}{rest[:end].rpartition('@')[2]}{rest[end:]}"
