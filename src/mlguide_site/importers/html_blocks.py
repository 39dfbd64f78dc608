"""Elements of HTML to blocks: takes the tags and texts of canonical HTML in order, once."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import urljoin

from mlguide_site.importers.blocks import Block, Blocks, Code, Group, Line, Paragraph, Rule, Run, Style, fold
from mlguide_site.importers.fetch import without_password
from mlguide_site.importers.raised import SHIFTED, shift
from mlguide_site.markdown.policy import refusal
from mlguide_site.model.base import is_allowed_url

MAX_DEPTH = 30
"""How deep lists, quotes and tables nest; what is deeper stands at that depth."""
MAX_URL = 2000
_HARMLESS = re.compile(r"[!#-;=?-\[\]_a-z~]*")
HEADINGS = frozenset("h1 h2 h3 h4 h5 h6".split())
_LISTS = {"ul": "ul", "ol": "ol", "menu": "ul", "dir": "ul"}
_GROUPS = {**_LISTS, "li": "li", "blockquote": "blockquote", "table": "table", "tr": "tr", "td": "td", "th": "td"}
BLOCKS = (
    frozenset(
        "address article aside body caption center dd details dialog div dl dt fieldset figcaption figure footer form"
        " header hgroup hr legend main nav p pre section summary tbody tfoot thead".split()
    )
    | HEADINGS
    | frozenset(_GROUPS)
)
STYLES = {
    "b": "bold", "strong": "bold", "i": "italic", "em": "italic", "s": "struck", "del": "struck", "strike": "struck",
    "code": "code", "kbd": "code", "samp": "code", "tt": "code",
}  # fmt: skip
INLINE = frozenset("a abbr br cite ins mark q small span sub sup time u var".split()) | frozenset(STYLES)
MEDIA = {
    "img": "Image",
    "track": "Embedded page",
    "audio": "Audio",
    "video": "Video",
    "source": "Media",
    "embed": "Media",
}
"""Elements that show something from elsewhere, and how they are labelled; `track` stands for `iframe`."""


@dataclass(slots=True)
class _Node:
    """A group while it is filled; `implied` where the HTML has items without a list."""

    kind: str
    start: int = 1
    implied: bool = False
    children: "list[Block | _Node]" = field(default_factory=list)

    def freeze(self) -> Blocks:
        """The children, groups without any left out."""
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
        """Add a group, and go on in it."""
        self.children.append(node)
        return node


class Builder:
    """Takes the tags and texts of canonical HTML in order. `base` is what relative addresses are relative to, `page`
    those that name a place of the page itself, if it isn't ""."""

    def __init__(self, base: str, page: str = "") -> None:
        self.base, self.page = base, page or base
        self.root = _Node("root")
        self.stack: list[tuple[str, _Node]] = [("", self.root)]
        self.lines: list[Line] = []
        self.line: list[Run] = []
        self.counts = dict.fromkeys(STYLES.values(), 0)
        self.style = Style()
        self.level = 0
        self.pre: list[str] | None = None
        self.shifted: list[str] = []
        """the elements around that raise or lower what they hold"""

    def finish(self) -> Blocks:
        """The blocks of all that was taken."""
        self.flush()
        return self.root.freeze()

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
        elif name in STYLES:
            self.count(STYLES[name], 1)
        elif name == "a":
            href = attributes.get("href", "")
            base = self.page if href.lstrip().startswith("#") else self.base
            self.style = self.style._replace(href=safe_address(href, base))
        elif name in SHIFTED:
            self.shifted.append(name)
        elif name in MEDIA:
            self.show_media(name, attributes)
        elif name in BLOCKS:
            if self.pre is not None:
                self.pre.append("\n")
                return
            self.flush()
            if name in _GROUPS:
                self.open_group(name, attributes)
            elif name in HEADINGS:
                self.level = int(name[1])
            elif name == "hr":
                self.add(Rule())
            elif name == "pre":
                self.pre = []

    def close(self, name: str) -> None:
        """Takes the end of an element."""
        if name in STYLES:
            self.count(STYLES[name], -1)
        elif name == "a":
            self.style = self.style._replace(href="")
        elif name in SHIFTED:
            if self.shifted:
                self.shifted.pop()
        elif name in BLOCKS:
            if self.pre is not None and name != "pre":
                return
            self.flush()
            if name in _GROUPS:
                self.close_group(name)
            elif name in HEADINGS:
                self.level = 0

    def count(self, style: str, change: int) -> None:
        """One element more or less that sets a style."""
        self.counts[style] = max(0, self.counts[style] + change)
        self.style = Style(self.style.href, **{name: bool(count) for name, count in self.counts.items()})

    def open_group(self, name: str, attributes: Mapping[str, str]) -> None:
        """A group begins; an item outside a list makes one, a list between items belongs to the item before it."""
        inside = self.stack[-1][1]
        if len(self.stack) > MAX_DEPTH:
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
            return
        line = fold(self.line)
        self.line.clear()
        if line:
            self.lines.append(line)
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
        label = f"{MEDIA[name]}: {words}" if words else MEDIA[name]
        if self.pre is not None or self.style.href or not url:
            if url or words:
                self.text(label)
        else:
            self.line.append(Run(label, Style(url)))


def safe_address(url: str, base: str) -> str:
    """An address made whole, with what Markdown can't hold percent-encoded and without a name and password; "" where it
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
    if not _HARMLESS.fullmatch(whole):
        whole = "".join(c if c.isprintable() and c not in ' "<>\\^`{|}' else _percent(c) for c in whole)
    return whole if len(whole) <= MAX_URL and is_allowed_url(whole) and refusal(whole) is None else ""


def _percent(c: str) -> str:
    return "".join(f"%{byte:02X}" for byte in c.encode("utf-8", "replace"))
