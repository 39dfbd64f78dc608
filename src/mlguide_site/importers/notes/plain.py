"""The plain text of a log's entry as Markdown: sections, levels and questions, lists, tables, code, paragraphs.

Every word stays, in its order. Sections begin with lead words (`Firstly, ...`) or are short lines of their own
(`Lecture 27`, `The homework`); numbered levels and questions (`Level 0: ...`, `Q1: ...`) hold what follows them.
"""

import re
from collections.abc import Sequence
from enum import Enum, auto
from itertools import pairwise, takewhile
from typing import NamedTuple

from mlguide_site.importers.notes.source import Line
from mlguide_site.importers.plain import escape, escape_line

MAX_HEADING = 160
MAX_LEVELS = 8
_LEAD = re.compile(
    r"(?:firstly|secondly|thirdly|fourthly|fifthly|sixthly|finally|lastly"
    r"|(?:first|second|third|fourth|fifth|last|next)(?: of all| up)?)\s*[,:]\s*\S",
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
    r"(?P<mark>(?P<word>level|step|stage|phase|tier|rule|tip|q|question|problem|exercise)\s?#?\d{1,3})"
    r"\s*(?P<sign>[:.)–—])\s*(?P<rest>\S.*)?$",
    re.I,
)
_ITEM = re.compile(r"\s*(?P<mark>[-*•+–]|\d{1,3}[.)])\s+(?P<text>\S.*)$")
_HASHED = re.compile(r"#(?P<number>\d{1,3})\s*[:.)-]?\s+(?P<text>\S.*)$")
_MARKDOWN = re.compile(r"\]\(https?://|(?<!\w)\*\*\S[^*\n]{1,200}\S\*\*(?!\w)|`[^`\n]{1,100}`")
_SMALL = frozenset("a an the of on in and or for to with my about from at vs".split())
_CODE_HEAD = re.compile(
    r"(?:async |def |class |for |while |if |elif |else|with |try|except|function |fn |func ).*[:{]\s*$"
)
_LIKE_CODE = re.compile(
    r"[=;{}]|\w\(|\)\s*$|[:\\]\s*$|\w\[|->|^\s*(?:return|import|from|pass|break|raise|yield|else|print)\b|^\s*(?:#|//|\$\s)"
)
_ROW = re.compile(r"\s*\|.*\|\s*$")
_RULED = re.compile(r"\s*\|(?:\s*:?-+:?\s*\|)+\s*$")
_QUOTE = re.compile(r"\s{0,3}>\s?\S")


class Kind(Enum):
    """What a line is."""

    BLANK = auto()
    FENCE = auto()
    CODE = auto()
    HEADING = auto()
    HELD = auto()
    ITEM = auto()
    TABLE = auto()
    QUOTE = auto()
    MORE = auto()
    TEXT = auto()


_IN_LIST = frozenset((Kind.ITEM, Kind.MORE))


class _Read(NamedTuple):
    """A line read: its kind, what comes before its text, its text, and how deep an item is; `MORE` continues the item
    before."""

    kind: Kind
    mark: str
    text: str
    depth: int = 0


def plain_body(lines: Sequence[Line]) -> str:
    """The lines of one entry as its body.

    >>> texts = ["Firstly, saws", "Level 0: none", "- blunt", "Level 1: one"]
    >>> print(plain_body([Line(number, text) for number, text in enumerate(texts, 1)]))
    ## Firstly, saws
    <BLANKLINE>
    - **Level 0:** none
        - blunt
    - **Level 1:** one
    """
    kinds = _blocks(lines)
    reads = _nested([_read(line, kind) for line, kind in zip(lines, kinds, strict=True)], lines)
    filled = [at for at, read in enumerate(reads) if read.kind is not Kind.BLANK]
    after = dict(pairwise(filled))
    writer = _Writer(any(line.kind != "fence" and (_MARKDOWN.search(line.text) or line.heading) for line in lines))
    at = 0
    while at < len(reads):
        end = at + 1
        if reads[at].kind is Kind.CODE:
            end = next((index for index in range(at, len(reads)) if kinds[index] is not Kind.CODE), len(reads))
            writer.code([line.text for line in lines[at:end]])
        else:
            writer.take(_as_heading(reads[at], reads[after[at]] if at in after else None))
        at = end
    return "\n".join(writer.lines).strip("\n")


def _blocks(lines: Sequence[Line]) -> list[Kind]:
    """For each line the block that it belongs to: fenced or indented code, a table, a quote, or text."""
    kinds = [
        Kind.FENCE if line.kind == "fence" else Kind.QUOTE if _QUOTE.match(line.text) else Kind.TEXT for line in lines
    ]
    at = 0
    while at < len(lines):
        end = at + 1
        if (
            kinds[at] is not Kind.FENCE
            and end < len(lines)
            and _ROW.match(lines[at].text)
            and _RULED.match(lines[end].text)
        ):
            end = at + sum(1 for _ in takewhile(lambda line: _ROW.match(line.text), lines[at:]))
            kinds[at:end] = [Kind.TABLE] * (end - at)
        elif kinds[at] is Kind.TEXT:
            end, is_code = _indented(lines, at)
            if is_code:
                begin = at - 1 if at and kinds[at - 1] is Kind.TEXT and _CODE_HEAD.match(lines[at - 1].text) else at
                kinds[begin:end] = [Kind.CODE] * (end - begin)
        # each line is read once as part of a block: the time stays linear
        at = max(end, at + 1)
    return kinds


def _indented(lines: Sequence[Line], at: int) -> tuple[int, bool]:
    """Where the indented lines end that begin here, blank lines between them included, and whether they are code."""
    end, last, filled, like = at, at, 0, 0
    while end < len(lines) and lines[end].kind != "fence":
        text = lines[end].text.expandtabs(4)
        if text.strip():
            if not text.startswith("    ") or _ITEM.match(text):
                break
            filled, like, last = filled + 1, like + bool(_LIKE_CODE.search(text)), end + 1
        elif end == at:
            break
        end += 1
    return last, filled > 0 and 2 * like >= filled


def _nested(reads: Sequence[_Read], lines: Sequence[Line]) -> list[_Read]:
    """The lines with items as deep as their indents nest, whatever their width, and text that continues an item."""
    levels, found = list[int](), list[_Read]()
    for read, line in zip(reads, lines, strict=True):
        text = line.text.expandtabs(4)
        indent = len(text) - len(text.lstrip())
        in_item = bool(found) and found[-1].kind in _IN_LIST and bool(levels)
        if read.kind is Kind.ITEM:
            while levels and levels[-1] >= indent:
                levels.pop()
            levels.append(indent)
            read = read._replace(depth=min(len(levels) - 1, MAX_LEVELS))
        elif read.kind is Kind.TEXT and in_item and indent >= levels[-1] + 2:
            read = _Read(Kind.MORE, "", read.text, min(len(levels) - 1, MAX_LEVELS))
        elif read.kind is not Kind.BLANK:
            levels = []
        found.append(read)
    return found


def _read(line: Line, block: Kind) -> _Read:
    """A line by itself."""
    bare = line.text.strip()
    if block is not Kind.TEXT:
        return _Read(block, "", line.text if block is Kind.FENCE else bare)
    if not bare:
        return _Read(Kind.BLANK, "", "")
    if line.heading:
        return _Read(Kind.HEADING, "#" * max(2, line.level), line.heading)
    if item := _ITEM.match(line.text.expandtabs(4)):
        return _Read(Kind.ITEM, item["mark"] if item["mark"][0].isdigit() else "-", item["text"])
    if hashed := _HASHED.match(bare):
        return _Read(Kind.ITEM, f"{hashed['number']}.", hashed["text"])
    if held := _HELD.match(bare):
        return _Read(Kind.HELD, held["mark"] + held["sign"], held["rest"] or "")
    if _LEAD.match(bare) and len(bare) <= MAX_HEADING and not bare.endswith((".", "!", "?", ":")):
        return _Read(Kind.HEADING, "##", bare)
    if _NUMBERED.match(bare) and not bare.endswith((".", "!", "?")):
        return _Read(Kind.HEADING, "###", bare)
    return _Read(Kind.TEXT, "", bare)


def _as_heading(read: _Read, following: _Read | None) -> _Read:
    """A short line with a capital and no full stop, with text after it, is a heading."""
    if read.kind is not Kind.TEXT or following is None or following.kind in {Kind.FENCE, Kind.TABLE, Kind.QUOTE}:
        return read
    words = read.text.split()
    plain = re.fullmatch(r"[\w’' /&+-]{3,60}", read.text)
    if not plain or len(words) > 4 or not words[0][0].isupper() or read.text.isupper():
        return read
    if following.kind in {Kind.CODE, Kind.MORE} or (
        following.kind is Kind.TEXT and len(following.text.split()) <= len(words)
    ):
        return read
    small = sum(word.casefold() in _SMALL for word in words[1:])
    return _Read(Kind.HEADING, "###", read.text) if small < len(words) - 1 or len(words) == 1 else read


class _Writer:
    """The lines written so far. `held` is the word of the level or question that is open, "" for none."""

    def __init__(self, is_markdown: bool) -> None:
        self.is_markdown = is_markdown
        self.lines: list[str] = []
        self.held = ""
        self.had_items = False
        self.last = Kind.BLANK
        self.depth = 0

    def shown(self, text: str, starts: bool = True) -> str:
        """Text as it is where the log is Markdown, else escaped."""
        if self.is_markdown:
            return text
        return escape_line(text) if starts else escape(text)

    def gap(self) -> None:
        if self.lines and self.lines[-1]:
            self.lines.append("")

    def take(self, read: _Read) -> None:
        """Write one line."""
        kind, inner = read.kind, "    " * bool(self.held)
        if kind is Kind.BLANK:
            self.lines += [""] * (self.last is Kind.FENCE)
            return
        if kind in {Kind.HEADING, Kind.TABLE, Kind.QUOTE}:
            self.held = ""
        if kind is Kind.TEXT and (self.had_items or _CLOSING.match(read.text)):
            # text after its items, or at the entry's end, belongs to no level
            self.held = inner = ""
        if kind is Kind.HELD:
            word = re.sub(r"[\W\d]+$", "", read.mark).casefold()
            if self.last not in {Kind.HELD, Kind.ITEM} or self.held != word:
                self.gap()
            self.held, self.had_items = word, False
        elif not (kind is self.last and kind in {Kind.FENCE, Kind.TABLE, Kind.QUOTE}) and not (
            kind is Kind.MORE or (kind is Kind.ITEM and self.last in {*_IN_LIST, Kind.HELD})
        ):
            self.gap()
        if kind is Kind.ITEM:
            self.depth, self.had_items = read.depth, True
        self.lines += self.written(read, inner)
        self.last = kind

    def written(self, read: _Read, inner: str) -> list[str]:
        """The Markdown of one line."""
        match read.kind:
            case Kind.HEADING:
                return [f"{read.mark} {self.shown(read.text, False)}", ""]
            case Kind.HELD:
                return [f"- **{self.shown(read.mark, False)}** {self.shown(read.text, False)}".rstrip()]
            case Kind.ITEM:
                return [f"{inner}{'    ' * read.depth}{read.mark} {self.shown(read.text)}"]
            case Kind.MORE:
                return [f"{inner}{'    ' * (read.depth + 1)}{self.shown(read.text)}"]
            case Kind.QUOTE:
                return [f"> {self.shown(read.text[1:])}"]
            case Kind.TEXT:
                return [inner + self.shown(read.text)]
            case _:
                return [read.text]

    def code(self, texts: Sequence[str]) -> None:
        """Indented code between fences, within the item that it follows."""
        in_list = self.last in _IN_LIST
        indent = "    " * ((self.depth + 1) * in_list + bool(self.held))
        spread = [text.expandtabs(4).rstrip() for text in texts]
        shared = min((len(text) - len(text.lstrip()) for text in spread if text), default=0)
        longest = max((len(run) for text in spread for run in re.findall(r"`+", text)), default=0)
        fence = indent + "`" * max(3, longest + 1)
        self.gap()
        self.lines += [fence, *(indent + text[shared:] if text else "" for text in spread), fence, ""]
        self.last = Kind.MORE if in_list else Kind.TEXT
