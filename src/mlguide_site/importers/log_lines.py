"""The lines of a log's entry as Markdown: sections, nested levels, questions with their answers, lists, paragraphs."""

import re
from collections.abc import Sequence
from enum import Enum, auto
from itertools import pairwise
from typing import NamedTuple

from mlguide_site.importers.log_blocks import CODE, TABLE, fenced, mark_blocks
from mlguide_site.importers.plain import escape, escape_line
from mlguide_site.importers.sections import Line, heading

MAX_HEADING = 160
_ORDINALS = "firstly secondly thirdly fourthly fifthly sixthly finally lastly"
_LEAD = re.compile(
    rf"(?:{_ORDINALS.replace(' ', '|')}|(?:first|second|third|fourth|fifth|last|next)(?: of all| up)?)\s*[,:]\s*\S",
    re.I,
)
_CLOSING = re.compile(
    r"(?:overall|in (?:summary|conclusion|short)|to (?:sum up|conclude)|all in all|anyway|that(?:[’']s| is) (?:all|it)"
    r"|see you|until (?:next|tomorrow)|thanks|thank you)\b",
    re.I,
)
_NUMBERED = re.compile(
    r"(?:lecture|module|week|chapter|part|unit|lesson|section|video|session|course|task|exercise|homework|lab|project)"
    r"\s+#?\d{1,4}(?:\s*[:.–—-]\s*.{0,120})?$",
    re.I,
)
_HELD = re.compile(
    r"(?P<mark>(?:level|step|stage|phase|tier|rule|tip|q|question|problem|exercise)\s?#?\d{1,3})\s*[:.)–—]\s*(?P<rest>\S.*)?$",
    re.I,
)
_ITEM = re.compile(r"\s*(?P<mark>[-*•+–]|\d{1,3}[.)])\s+(?P<text>\S.*)$")
_HASHED = re.compile(r"#(?P<number>\d{1,3})\s*[:.)-]?\s+(?P<text>\S.*)$")
_MARKDOWN = re.compile(r"\]\(https?://|(?<!\w)\*\*\S[^*\n]{1,200}\S\*\*(?!\w)|`[^`\n]{1,100}`")
_SMALL = frozenset("a an the of on in and or for to with my about from at vs".split())


class Kind(Enum):
    """What a line is."""

    BLANK = auto()
    CODE = auto()
    SECTION = auto()
    PART = auto()
    HELD = auto()
    ITEM = auto()
    TABLE = auto()
    QUOTE = auto()
    MORE = auto()
    TEXT = auto()


class Read(NamedTuple):
    """A line read: its kind, what stands before its text, its text, and how deep an item is; `MORE` goes on with the
    item before."""

    kind: Kind
    mark: str
    text: str
    depth: int = 0


def to_markdown(lines: Sequence[Line]) -> str:
    """The lines of one entry as its body: every word stays, in its order.

    >>> texts = ["Firstly, saws", "Level 0: none", "- blunt", "Level 1: one"]
    >>> print(to_markdown([Line(number, text) for number, text in enumerate(texts, 1)]))
    ## Firstly, saws
    <BLANKLINE>
    - **Level 0:** none
        - blunt
    - **Level 1:** one
    """
    is_markdown = any(not line.code and (_MARKDOWN.search(line.text) or _has_level(line)) for line in lines)
    writer = _Writer(is_markdown)
    blocks = mark_blocks(lines)
    reads = _levelled([_read(line, block) for line, block in zip(lines, blocks, strict=True)], lines)
    filled = [at for at, read in enumerate(reads) if read.kind is not Kind.BLANK]
    after = dict(pairwise(filled))
    at = 0
    while at < len(reads):
        end = at + 1
        if blocks[at] == CODE:
            while end < len(reads) and blocks[end] == CODE:
                end += 1
            writer.indented([line.text for line in lines[at:end]])
        else:
            following = reads[after[at]] if at in after else None
            writer.take(_as_part(reads[at], following), lines[at])
        at = end
    return "\n".join(writer.lines).strip("\n")


def _levelled(reads: Sequence[Read], lines: Sequence[Line]) -> list[Read]:
    """The lines with items as deep as their indents nest, whatever their width, and text that goes on with an item."""
    levels, found, in_item = list[int](), list[Read](), False
    for read, line in zip(reads, lines, strict=True):
        text = line.text.expandtabs(4)
        indent = len(text) - len(text.lstrip())
        if read.kind is Kind.ITEM:
            while levels and levels[-1] >= indent:
                levels.pop()
            levels.append(indent)
            read = read._replace(depth=len(levels) - 1)
        elif read.kind is Kind.TEXT and in_item and indent >= levels[-1] + 2:
            read = Read(Kind.MORE, "", read.text, len(levels) - 1)
        elif read.kind is not Kind.BLANK:
            levels = []
        in_item = read.kind in {Kind.ITEM, Kind.MORE} and bool(levels)
        found.append(read)
    return found


def _has_level(line: Line) -> bool:
    found = heading(line)
    return bool(found and found.text)


def _read(line: Line, block: str) -> Read:
    text = line.text.expandtabs(4)
    if line.code or block == CODE:
        return Read(Kind.CODE, "", line.text)
    if not text.strip():
        return Read(Kind.BLANK, "", "")
    bare = text.strip()
    if block:
        return Read(Kind.TABLE if block == TABLE else Kind.QUOTE, "", bare)
    if (level := heading(line)) and level.text:
        return Read(Kind.PART, "#" * max(2, level.level), level.text)
    if found_item := _ITEM.match(text):
        mark = found_item["mark"] if found_item["mark"][0].isdigit() else "-"
        return Read(Kind.ITEM, mark, found_item["text"])
    if hashed := _HASHED.match(bare):
        return Read(Kind.ITEM, f"{hashed['number']}.", hashed["text"])
    if held := _HELD.match(bare):
        colon = bare[len(held["mark"]) :].lstrip()[:1]
        return Read(Kind.HELD, held["mark"] + colon, held["rest"] or "")
    if _LEAD.match(bare) and len(bare) <= MAX_HEADING and not bare.endswith((".", "!", "?", ":")):
        return Read(Kind.SECTION, "##", bare)
    if _NUMBERED.match(bare) and not bare.endswith((".", "!", "?")):
        return Read(Kind.PART, "###", bare)
    return Read(Kind.TEXT, "", bare)


def _as_part(read: Read, following: Read | None) -> Read:
    """A short line with a capital and no full stop, with text behind it, heads what follows."""
    if (
        read.kind is not Kind.TEXT
        or following is None
        or following.kind not in {Kind.TEXT, Kind.ITEM, Kind.PART, Kind.HELD}
    ):
        return read
    words = read.text.split()
    plain = re.fullmatch(r"[\w’' /&+-]{3,60}", read.text)
    short = len(words) <= 4 and plain and words[0][0].isupper() and not read.text.isupper()
    if short and (following.kind is not Kind.TEXT or len(following.text.split()) > len(words)):
        small = [word for word in words[1:] if word.casefold() in _SMALL]
        if len(small) < len(words) - 1 or len(words) == 1:
            return Read(Kind.PART, "###", read.text)
    return read


class _Writer:
    """The lines written so far; `held` is whether a level or question is open, `items` whether it has items."""

    def __init__(self, is_markdown: bool) -> None:
        self.is_markdown = is_markdown
        self.lines: list[str] = []
        self.held = ""
        self.had_items = False
        self.last = Kind.BLANK
        self.depth = 0

    def shown(self, text: str, starts: bool = False) -> str:
        """Text as Markdown: as it stands where the log is Markdown, else escaped."""
        if self.is_markdown:
            return text
        return escape_line(text) if starts else escape(text)

    def gap(self) -> None:
        if self.lines and self.lines[-1]:
            self.lines.append("")

    def take(self, read: Read, line: Line) -> None:
        """Write one line."""
        kind = read.kind
        if kind is Kind.BLANK:
            if self.last is Kind.CODE:
                self.lines.append("")
            return
        if kind is Kind.CODE:
            if self.last is not Kind.CODE:
                self.gap()
            self.lines.append(line.text)
        elif kind in {Kind.SECTION, Kind.PART}:
            self.held = ""
            self.gap()
            self.lines += [f"{read.mark} {self.shown(read.text)}", ""]
        elif kind is Kind.HELD:
            word = read.mark.rstrip("0123456789:.)–— #").casefold()
            if self.last not in {Kind.HELD, Kind.ITEM} or self.held != word:
                self.gap()
            self.lines.append(f"- **{self.shown(read.mark)}** {self.shown(read.text)}".rstrip())
            self.held, self.had_items = word, False
        elif kind is Kind.ITEM:
            self.item(read)
        elif kind is Kind.MORE:
            self.lines.append(f"{'    ' * (min(read.depth, 8) + 1 + bool(self.held))}{self.shown(read.text, True)}")
        elif kind in {Kind.TABLE, Kind.QUOTE}:
            self.held = ""
            if self.last is not kind:
                self.gap()
            self.lines.append(read.text if kind is Kind.TABLE else f"> {self.shown(read.text[1:].strip(), True)}")
        else:
            self.text(read)
        self.last = kind

    def item(self, read: Read) -> None:
        inner = "    " if self.held else ""
        if self.last not in {Kind.ITEM, Kind.HELD, Kind.MORE}:
            self.gap()
        self.depth = min(read.depth, 8)
        self.had_items = True
        self.lines.append(f"{inner}{'    ' * self.depth}{read.mark} {self.shown(read.text, True)}")

    def indented(self, texts: Sequence[str]) -> None:
        """Indented code, within the item that it follows."""
        within = self.depth + 1 + bool(self.held) if self.last in {Kind.ITEM, Kind.MORE} else int(bool(self.held))
        self.gap()
        self.lines += [*fenced(texts, "    " * within), ""]
        self.last = Kind.MORE if self.last in {Kind.ITEM, Kind.MORE} else Kind.TEXT

    def text(self, read: Read) -> None:
        """A paragraph; behind a level or question it is its own, until that has had items or the entry draws to its
        close."""
        if self.held and (self.had_items or _CLOSING.match(read.text)):
            self.held = ""
        self.gap()
        self.lines.append(("    " if self.held else "") + self.shown(read.text, True))
