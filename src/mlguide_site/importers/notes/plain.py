"""The plain text of a log's entry as Markdown: sections, levels and questions, lists, tables, code, paragraphs.

Every word stays, in its order. Sections begin with lead words (`Firstly, ...`) or are short lines of their own
(`Lecture 27`, `The homework`); numbered levels and questions (`Level 0: ...`, `Q1: ...`) hold what follows them.
"""

import re
from collections.abc import Sequence
from itertools import takewhile
from typing import NamedTuple

from mlguide_site.importers.notes.source import Line
from mlguide_site.markdown.plain import escape, escape_line

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


class _Read(NamedTuple):
    """A line read (or a block of code): what it is, what comes before its text, its text, and its indentation."""

    kind: str
    mark: str
    text: str
    indent: int = 0


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
    writer = _Writer(any(line.kind != "fence" and (_MARKDOWN.search(line.text) or line.heading) for line in lines))
    reads = _read_all(lines)
    filled = [read for read in reads if read.kind != "blank"]
    after = dict(zip(map(id, filled), filled[1:], strict=False))
    for read in reads:
        writer.take(_as_heading(read, after.get(id(read))))
    return "\n".join(writer.lines).strip("\n")


def _read_all(lines: Sequence[Line]) -> list[_Read]:
    """The lines one by one, but indented code as one."""
    found, at = list[_Read](), 0
    while at < len(lines):
        text, end, kind = lines[at].text, at + 1, ""
        if lines[at].kind == "fence":
            kind = "fence"
        elif end < len(lines) and _ROW.match(text) and _RULED.match(lines[end].text):
            kind, end = "table", at + sum(1 for _ in takewhile(lambda line: _ROW.match(line.text), lines[at:]))
        elif _QUOTE.match(text):
            kind = "quote"
        elif (last := _code_end(lines, at + bool(_CODE_HEAD.match(text)))) > at:
            kind, end = "code", last
        if kind == "code":
            found.append(_Read(kind, "", "\n".join(line.text for line in lines[at:end])))
        elif kind:
            found += [_Read(kind, "", line.text if kind == "fence" else line.text.strip()) for line in lines[at:end]]
        else:
            end = max(end, -last)
            found += [_read(line) for line in lines[at:end]]
        at = end
    return found


def _code_end(lines: Sequence[Line], at: int) -> int:
    """Where the indented lines end that begin here, blank lines between them included; negative where they are no
    code, and 0 where none begin here."""
    end, last, filled, like = at, 0, 0, 0
    while end < len(lines) and lines[end].kind != "fence":
        text = lines[end].text.expandtabs(4)
        if text.strip():
            if not text.startswith("    ") or _ITEM.match(text):
                break
            filled, like, last = filled + 1, like + bool(_LIKE_CODE.search(text)), end + 1
        elif end == at:
            break
        end += 1
    return last if filled and 2 * like >= filled else -last * bool(filled)


def _read(line: Line) -> _Read:
    """A line of text by itself."""
    text = line.text.expandtabs(4)
    bare, indent = text.strip(), len(text) - len(text.lstrip())
    if not bare:
        return _Read("blank", "", "")
    if line.heading:
        return _Read("heading", "#" * max(2, line.level), line.heading)
    if item := _ITEM.match(text):
        return _Read("item", item["mark"] if item["mark"][0].isdigit() else "-", item["text"], indent)
    if hashed := _HASHED.match(bare):
        return _Read("item", f"{hashed['number']}.", hashed["text"], indent)
    if held := _HELD.match(bare):
        return _Read("held", held["mark"] + held["sign"], held["rest"] or "")
    if _LEAD.match(bare) and len(bare) <= MAX_HEADING and not bare.endswith((".", "!", "?", ":")):
        return _Read("heading", "##", bare)
    is_part = _NUMBERED.match(bare) and not bare.endswith((".", "!", "?"))
    return _Read("heading", "###", bare) if is_part else _Read("text", "", bare, indent)


def _as_heading(read: _Read, after: _Read | None) -> _Read:
    """A short line with a capital and no full stop, with text after it, is a heading."""
    words = read.text.split()
    if read.kind != "text" or after is None or after.kind not in {"text", "item", "heading", "held"}:
        return read
    short = re.fullmatch(r"[\w’' /&+-]{3,60}", read.text) and len(words) <= 4 and not read.text.isupper()
    small = sum(word.casefold() in _SMALL for word in words[1:])
    is_one = short and words[0][0].isupper() and (small < len(words) - 1 or len(words) == 1)
    longer = after.kind != "text" or len(after.text.split()) > len(words)
    return _Read("heading", "###", read.text) if is_one and longer else read


class _Writer:
    """The lines written so far. `held` is the word of the level or question that is open, "" for none; `levels` are the
    indentations of the items that are open."""

    def __init__(self, is_markdown: bool) -> None:
        self.is_markdown = is_markdown
        self.lines: list[str] = []
        self.held, self.last = "", ""
        self.had_items = False
        self.levels: list[int] = []

    def take(self, read: _Read) -> None:
        """Write what was read; text is escaped unless the log is Markdown."""
        kind, text, last = read.kind, read.text, self.last
        if kind == "blank":
            self.lines += [""] * (last == "fence")
            return
        if kind == "text" and last in {"item", "more"} and self.levels and read.indent >= self.levels[-1] + 2:
            kind = "more"
        if kind in {"heading", "table", "quote"} or (kind == "text" and (self.had_items or _CLOSING.match(text))):
            # text after its items, or at the entry's end, belongs to no level
            self.held = ""
        joined = kind == "more" or (kind == "item" and last in {"item", "more", "held"})
        joined = joined or (kind == last and kind in {"fence", "table", "quote"})
        if kind == "held":
            word = re.sub(r"[\W\d]+$", "", read.mark).casefold()
            joined = last in {"held", "item"} and self.held == word
            self.held, self.had_items = word, False
        if not joined and self.lines and self.lines[-1]:
            self.lines.append("")
        if kind == "item":
            self.levels = [*takewhile(lambda level: level < read.indent, self.levels), read.indent]
            self.had_items = True
        elif kind not in {"more", "code"}:
            self.levels = []
        in_list = bool(self.levels) and (kind != "code" or last in {"item", "more"})
        depth = min(len(self.levels) - (kind == "item"), MAX_LEVELS) if in_list else 0
        indent = "    " * (depth + (bool(self.held) and kind in {"item", "more", "text", "code"}))
        self.lines += [indent + line if line else "" for line in self.written(kind, read.mark, text)]
        self.last = {"code": "more" if in_list else "text"}.get(kind, kind)

    def written(self, kind: str, mark: str, text: str) -> list[str]:
        """The Markdown of what was read, without indentation."""
        if kind == "code":
            return [*_fenced(text.split("\n")), ""]
        if kind in {"fence", "table"}:
            return [text]
        if kind == "heading":
            return [f"{mark} {text if self.is_markdown else escape(text)}", ""]
        if kind == "held":
            mark, text = (one if self.is_markdown else escape(one) for one in (mark, text))
            return [f"- **{mark}** {text}".rstrip()]
        text = text[1:].strip() if kind == "quote" else text
        shown = text if self.is_markdown else escape_line(text)
        return [f"> {shown}" if kind == "quote" else f"{mark} {shown}".lstrip()]


def _fenced(texts: Sequence[str]) -> list[str]:
    """Lines of indented code between fences, without the indent that they share."""
    spread = [text.expandtabs(4).rstrip() for text in texts]
    shared = min((len(text) - len(text.lstrip()) for text in spread if text), default=0)
    fence = "`" * max([3, *(len(run) + 1 for text in spread for run in re.findall(r"`{3,}", text))])
    return [fence, *(text[shared:] for text in spread), fence]
