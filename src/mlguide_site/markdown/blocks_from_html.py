"""Converts HTML from notes and feeds to blocks. The blocks contain all visible words, in order.

nh3 parses the HTML as a browser does. Images and media on other hosts become links. The TeX of a formula becomes code.
HTML with more than 300 levels, or more than 200 attributes in a tag, becomes plain text. Lists, quotes and tables below
level 30 become paragraphs."""

import re
from collections.abc import Mapping
from functools import lru_cache
from html import unescape as read_references
from typing import Any, NamedTuple
from urllib.parse import quote, urljoin

import nh3

from mlguide_site.markdown import block_records as records
from mlguide_site.markdown.engine_escape import drop_unprintable, unescape
from mlguide_site.markdown.sanitiser import refusal
from mlguide_site.model.base import is_allowed_url

MAX_DEPTH, MAX_GROUPS, MAX_ATTRIBUTES = 300, 30, 200
MAX_URL = 2000
SHIFTED = 8  # maximum length of a superscript or subscript without characters of its own
_HEADINGS = frozenset("h1 h2 h3 h4 h5 h6".split())
_GROUPS = {name: name for name in "ul ol li blockquote table tr td th".split()} | {"menu": "ul", "dir": "ul"}
_BLOCKS = _HEADINGS.union(
    _GROUPS,
    "address article aside body caption center dd details dialog div dl dt fieldset figcaption figure footer form"
    " header hgroup hr legend main nav p pre section summary tbody tfoot thead".split(),
)
_STYLES: dict[str, Any] = {name: {"bold": True} for name in ("b", "strong")}
_STYLES |= {name: {"italic": True} for name in ("i", "em")}
_STYLES |= {name: {"struck": True} for name in ("s", "del", "strike")}
_STYLES |= {name: {"code": True} for name in ("code", "kbd", "samp", "tt")}
_INLINE = frozenset("a abbr br cite ins mark q rp rt ruby small span sub sup time u var".split()) | frozenset(_STYLES)
_MEDIA = {"img": "Image", "iframe": "Embedded page", "audio": "Audio", "video": "Video", "source": "Media",
          "embed": "Media"}  # fmt: skip
"""The labels of links that replace media files and embedded pages."""
_MARKS = {"q": "“”", "rt": "()"}  # the signs that browsers show around the text of an element
_EMPTY = frozenset("br hr img source embed".split())  # elements without an end tag
TAGS = _BLOCKS | _INLINE | frozenset(_MEDIA)
_ATTRIBUTES = {"a": {"href"}, "ol": {"start"}, "span": {"class"}, **{name: {"src", "alt", "title"} for name in _MEDIA}}
_ATTRIBUTES["img"] |= {"width", "height"}
_CLEANER = nh3.Cleaner(tags=set(TAGS), attributes=_ATTRIBUTES, link_rel=None)
_NOT_NESTED = frozenset(
    "area base br col dd dt embed hr img input li link meta option p source tbody td tfoot th thead tr track"
    " wbr".split()
)
_ANY_TAG = re.compile(r"<(/?)([A-Za-z][A-Za-z0-9]{0,20})\b[^<>]*>?")
_LOOKS = re.compile(r"</?(?:" + "|".join(sorted(TAGS)) + r")(?:\s[^<>]{0,2000})?/?>", re.I)
# this pattern follows the HTML tokeniser (WHATWG HTML, section 13.2.5.32)
_ATTRIBUTE = r"[\s/]*+([^\s/>][^\s/>=]*+)(?:\s*+=\s*+(?:\"[^\"]*+\"?|'[^']*+'?|[^\s>]*+))?"
_EACH_ATTRIBUTE = re.compile(_ATTRIBUTE)
_START_TAG = re.compile(rf"<[A-Za-z][^\s/>]*+((?:{_ATTRIBUTE})*+)")
_UNENDED = re.compile(r"<(?=[A-Za-z!?][^<>]*\Z)")
# these patterns match the beginning of a script, style or comment without an end, which would hide the rest of the text
_UNCLOSED = [
    re.compile(rf"(\A.*{end})|<(?={start})", re.S | re.I)
    for start, end in ((r"script\b", r"</script[\s/>]"), (r"style\b", r"</style[\s/>]"), ("!--", "-->"))
]
_TEX = r'\balttext="([^"<>]*)"|<annotation encoding="application/x-tex"[^<>]*>([^<>]*)<'
_MATH = re.compile(rf"<math\b(?>(?:(?!</?math\b).)*?(?:{_TEX}))(?:(?!</?math\b).)*+</math\s*>", re.S | re.I)
_FOREIGN = re.compile(r"<(?:math|svg|template)\b", re.I)
_UNKNOWN = re.compile(rf"<(/?)(?!(?:{'|'.join(sorted(TAGS | _NOT_NESTED))}|script|style)\b)[a-z][a-z0-9]*", re.I)
_TOKEN = re.compile(r"<(/?)([a-z][a-z0-9]*)((?: [a-z]+=\"[^\"]*\")*) ?/?>|([^<]+|<)")
_PAIR = re.compile(r" ([a-z]+)=\"([^\"]*)\"")
_SIGNS = {
    "sup": str.maketrans("0123456789+-−–=()abcdefghijklmnoprstuvwxyzT", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁻⁼⁽⁾ᵃᵇᶜᵈᵉᶠᵍʰⁱʲᵏˡᵐⁿᵒᵖʳˢᵗᵘᵛʷˣʸᶻᵀ"),
    "sub": str.maketrans("0123456789+-−–=()aehijklmnoprstuvx", "₀₁₂₃₄₅₆₇₈₉₊₋₋₋₌₍₎ₐₑₕᵢⱼₖₗₘₙₒₚᵣₛₜᵤᵥₓ"),
}


def looks_like_html(text: str) -> bool:
    """Return whether a text contains a known HTML tag."""
    return bool(_LOOKS.search(text))


def parse_html(html: str, base: str = "", page: str = "") -> records.Blocks:
    """Parse HTML into blocks in linear time. Scripts, styles, forms and unsafe addresses are removed. `base` is the
    base address of relative links. `page` (default: `base`) is the base address of links that begin with `#`."""
    if _is_excessive(html):
        text = _ANY_TAG.sub(lambda tag: "" if tag[2].casefold() in _INLINE - {"br"} else "\n\n", html)
        return records.plain_blocks(unescape(text))
    # an unclosed tag is text; `drop_unprintable` removes unpaired surrogates, which nh3 rejects
    html = _UNENDED.sub("&lt;", drop_unprintable(html))
    for unclosed in _UNCLOSED:
        html = unclosed.sub(lambda found: found[1] or "&lt;", html)
    if _FOREIGN.search(html):
        # nh3 would remove the text in these elements and in their parts
        html = _UNKNOWN.sub(r"<\1span", _MATH.sub(r"<code>\1\2</code>", html))
    clean = drop_unprintable(_CLEANER.clean(html))
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
    return tuple(builder.state.children)


def clean_notice(html: str) -> str:
    """Return a line of HTML, such as the setting `copyright`, with only links, emphasis and the text of pictures."""
    tags = {"a", "b", "br", "em", "i", "span", "strong"}
    text = re.sub(r"<img\b[^<>]*?\salt=([\"'])((?:(?!\1)[^<>])*)\1[^<>]*>", r"\2", html, flags=re.I)
    return nh3.clean(text, tags=tags, attributes={"a": {"href", "rel"}}, link_rel=None)


def strip_tags(html: str) -> str:
    """Return the plain text of HTML. Each paragraph begins a new line."""
    return "\n".join(records.text_lines(parse_html(html)))


def _is_excessive(html: str) -> bool:
    """Return whether parsing the HTML would take quadratic time, because of deep nesting or many attributes."""
    deepest = now = 0
    for close, name in _ANY_TAG.findall(html) if html.count("<") > MAX_DEPTH else ():
        if name.casefold() not in _NOT_NESTED:
            now = max(0, now - 1) if close else now + 1
            deepest = max(deepest, now)
    return deepest > MAX_DEPTH or any(
        len(_EACH_ATTRIBUTE.findall(tag[1])) > MAX_ATTRIBUTES
        for tag in _START_TAG.finditer(html)
        if len(tag[1]) > 2 * MAX_ATTRIBUTES
    )


def _shift(text: str, name: str, before: str) -> str:
    """Convert the text of a `sup` or `sub` element to superscript or subscript characters, as in `10²` and `H₂O`. A
    short text that can't be converted follows `^` or `_`, as in `2^N` and `10^(1.5)`, if it directly follows the end of
    the text `before`. Endings (the `st` of `1st`), references such as `[1]`, and other texts stay unchanged."""
    bare = text.strip()
    is_word = bare.isalpha() and len(bare) > 1
    if not is_word and all(ord(c) in _SIGNS[name] for c in bare):
        return text.translate(_SIGNS[name])
    is_attached = before[-1:].isalnum() or before.endswith((")", "]"))
    if not is_attached or len(bare) > SHIFTED or not bare.lstrip("+-−–")[:1].isalnum() or (is_word and name == "sup"):
        return text
    return text.replace(bare, f"{'^' if name == 'sup' else '_'}{bare if bare.isalnum() else f'({bare})'}", 1)


class _State(NamedTuple):
    """The state inside an element: its blocks, the number of open groups, and the style of its text."""

    children: list[records.Block]
    groups: int = 0
    style: records.Style = records.PLAIN
    level: int = 0
    shifted: str = ""
    is_code: bool = False
    is_hidden: bool = False


class _Builder:
    def __init__(self, base: str, page: str) -> None:
        self.base, self.page = base, page
        self.state = _State([])
        self.outer: list[tuple[_State, str, int]] = []
        """For each open element: (state outside the element, kind of the element's group or "", first list number)."""
        self.lines: list[records.Line] = []
        self.line: list[records.Run] = []

    def text(self, text: str) -> None:
        state = self.state
        if not state.is_hidden and (self.line or state.is_code or not text.isspace()):
            # inline code is never bold, italic or struck through, so that adjacent runs of code are merged
            style = records.Style(state.style.href, code=True) if state.style.code else state.style
            if state.shifted and not text.isspace():
                text = _shift(text, state.shifted, self.line[-1].text if self.line else "")
            self.line.append(records.Run(text, style))

    def open(self, name: str, attributes: Mapping[str, str]) -> None:
        state = self.state
        if name in _BLOCKS and not state.is_code:
            self.flush()
        elif name in _BLOCKS and self.line:
            self.text("\n")
        if name == "br":
            self.break_line()
        elif name in _MEDIA:
            self.show_media(name, attributes)
        if name in _EMPTY:
            return
        kind = _GROUPS.get(name, "") if not state.is_code and state.groups < MAX_GROUPS else ""
        start = attributes.get("start", "")
        self.outer.append((state, kind, int(start) if re.fullmatch(r"[0-9]{1,6}", start) else 1))
        if kind:
            self.state = state._replace(children=[], groups=state.groups + 1)
        elif name in _STYLES:
            self.state = state._replace(style=state.style._replace(**_STYLES[name]))
        elif name == "a":
            href = attributes.get("href", "")
            address = safe_address(href, self.page if href.lstrip().startswith("#") else self.base)
            self.state = state._replace(style=state.style._replace(href=address))
        elif name in _SIGNS:
            self.state = state._replace(shifted=name)
        elif name in _MARKS:
            self.text(_MARKS[name][0])
        elif name == "rp":
            # the signs for programs that know no `rt`
            self.state = state._replace(is_hidden=True)
        elif name in _HEADINGS and not state.is_code:
            self.state = state._replace(level=int(name[1]))
        elif attributes.get("class") == "katex-html" and self.line and self.line[-1].style.code:
            # the same formula as its TeX
            self.state = state._replace(is_hidden=True)
        elif name == "pre":
            self.state = state._replace(is_code=True)

    def close(self, name: str) -> None:
        if not self.outer:
            return
        state = self.state
        if name in _MARKS:
            self.text(_MARKS[name][1])
        outer, kind, start = self.outer.pop()
        if name in _BLOCKS and not outer.is_code:
            self.flush()
            if kind and (state.children or kind in {"td", "th"}):
                outer.children.append(_group(kind, state.children, start))
        self.state = outer

    def break_line(self) -> None:
        if self.state.is_code:
            self.text("\n")
        elif line := records.fold(self.line):
            self.lines.append(line)
            self.line.clear()
        else:
            self.flush()

    def flush(self) -> None:
        if self.state.is_code:
            text = re.sub(r"\r\n?", "\n", "".join(run.text for run in self.line)).rstrip("\n")
            if text.strip():
                self.state.children.append(records.Code(text))
        elif self.line or self.lines:
            if line := records.fold(self.line):
                self.lines.append(line)
            if self.lines:
                self.state.children.append(records.Paragraph(tuple(self.lines), self.state.level))
            self.lines.clear()
        self.line.clear()

    def show_media(self, name: str, attributes: Mapping[str, str]) -> None:
        """Add an image or media file as a link with a label. Text inside the element follows the link. An image of one
        pixel, which only counts readers, is omitted."""
        words = " ".join((attributes.get("alt") or attributes.get("title") or "").split())
        size = {attributes.get(side, "").strip().removesuffix("px") for side in ("width", "height")}
        if name == "img" and not words and size <= {"0", "1"}:
            return
        url = safe_address(attributes.get("src", ""), self.base)
        label = f"{_MEDIA[name]}: {words}" if words else _MEDIA[name]
        if url and not self.state.style.href and not self.state.is_code:
            self.line.append(records.Run(label, records.Style(url)))
        elif url or words:
            self.text(label)
        if name != "img":
            self.text(" ")


def _group(kind: str, children: list[records.Block], start: int) -> records.Group:
    """Return a group of blocks. In a list, text between two items is added to the preceding item."""
    if kind not in {"ul", "ol"}:
        return records.Group(kind, tuple(children), start)
    items: list[list[records.Block]] = []
    for block in children:
        is_item = isinstance(block, records.Group) and block.kind == "li"
        if is_item or not items:
            items.append([])
        items[-1] += block.children if isinstance(block, records.Group) and is_item else [block]
    return records.Group(kind, tuple(records.Group("li", tuple(item)) for item in items), start)


@lru_cache(maxsize=4096)
def safe_address(url: str, base: str) -> str:
    """Return an address in absolute form, or "" if it isn't allowed. The user name and password are removed. Characters
    that a Markdown link can't contain are percent-encoded."""
    url = re.sub(r"[\t\r\n]", "", url.strip())
    if not url or len(url) > MAX_URL:
        return ""
    try:
        whole = without_password(urljoin(base, url))
    except ValueError:
        return ""
    refused = {c for c in whole if not c.isprintable() or c in ' "<>\\^`{|}'}
    whole = "".join(quote(c, safe="", errors="replace") if c in refused else c for c in whole)
    return whole if len(whole) <= MAX_URL and is_allowed_url(whole) and refusal(whole) is None else ""


def without_password(url: str) -> str:
    """Return an address without user name and password."""
    scheme, mark, rest = url.partition("://")
    end = min((at for at in map(rest.find, "/?#") if at >= 0), default=len(rest))
    return f"{scheme}{mark}{rest[:end].rpartition('@')[2]}{rest[end:]}"
