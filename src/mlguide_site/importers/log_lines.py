"""The lines of a log's entry as Markdown: sections, nested levels, questions with their answers, lists, paragraphs."""

import re
from collections.abc import Sequence
from enum import Enum, auto
from itertools import pairwise
from typing import NamedTuple

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
_ITEM = re.compile(r"(?P<indent>\s*)(?P<mark>[-*•+–]|\d{1,3}[.)])\s+(?P<text>\S.*)$")
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
    TEXT = auto()


class Read(NamedTuple):
    """A line read: its kind, what stands before its text, its text, and how deep an item is."""

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
    reads = [_read(line) for line in lines]
    filled = [at for at, read in enumerate(reads) if read.kind is not Kind.BLANK]
    after = dict(pairwise(filled))
    for at, read in enumerate(reads):
        following = reads[after[at]] if at in after else None
        writer.take(_as_part(read, following), lines[at])
    return "\n".join(writer.lines).strip("\n")


def _has_level(line: Line) -> bool:
    found = heading(line)
    return bool(found and found.text)


def _read(line: Line) -> Read:
    text = line.text.expandtabs(4)
    if line.code:
        return Read(Kind.CODE, "", line.text)
    if not text.strip():
        return Read(Kind.BLANK, "", "")
    bare = text.strip()
    if (level := heading(line)) and level.text:
        return Read(Kind.PART, "#" * max(2, level.level), level.text)
    if found_item := _ITEM.match(text):
        mark = found_item["mark"] if found_item["mark"][0].isdigit() else "-"
        return Read(Kind.ITEM, mark, found_item["text"], len(found_item["indent"]) // 2)
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
        else:
            self.text(read)
        self.last = kind

    def item(self, read: Read) -> None:
        inner = "    " if self.held else ""
        if self.last not in {Kind.ITEM, Kind.HELD}:
            self.gap()
        self.had_items = True
        self.lines.append(f"{inner}{'    ' * min(read.depth, 8)}{read.mark} {self.shown(read.text, True)}")

    def text(self, read: Read) -> None:
        """A paragraph; behind a level or question it is its own, until that has had items or the entry draws to its
        close."""
        if self.held and (self.had_items or _CLOSING.match(read.text)):
            self.held = ""
        self.gap()
        self.lines.append(("    " if self.held else "") + self.shown(read.text, True))
