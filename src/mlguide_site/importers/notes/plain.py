"""The plain text of a log's entry as Markdown: sections, levels and questions, lists, tables, paragraphs.

Every word stays, in its order. Sections begin with lead words (`Firstly, ...`) or are short lines of their own
(`Lecture 27`, `The homework`); numbered levels and questions (`Level 0: ...`, `Q1: ...`) hold what follows them.
"""

import re
from collections.abc import Callable, Sequence
from itertools import takewhile

from mlguide_site.importers.notes.source import Line
from mlguide_site.markdown.plain import SMALL_WORDS, escape, escape_line

MAX_HEADING = 160
MAX_LEVELS = 8
_LEAD = re.compile(
    r"(?:firstly|secondly|thirdly|fourthly|fifthly|finally|lastly|(?:first|second|third|last|next)(?: of all| up)?)"
    r"\s*[,:]\s*\S",
    re.I,
)
_CLOSING = re.compile(
    r"(?:overall|in (?:summary|conclusion|short)|all in all|anyway|that(?:[’']s| is) (?:all|it)|see you|thanks)\b", re.I
)
_NUMBERED = re.compile(
    r"(?:lecture|module|week|chapter|part|unit|lesson|section|video|session|task|exercise|homework|lab|project)"
    r"\s+#?\d{1,4}(?:\s*[:.–—-]\s*.{0,120})?(?<![.!?])$",
    re.I,
)
_HELD = re.compile(
    r"(?P<mark>(?P<word>level|step|stage|phase|rule|tip|q|question|problem)\s?#?\d{1,3}\s*[:.)–—])\s*(?P<text>\S.*)?$",
    re.I,
)
_ITEM = re.compile(r"\s*(?:[-*•+–]|(?P<number>\d{1,3}[.)])|#(?P<count>\d{1,3})\s?[:.)-]?)\s+(?P<text>\S.*)$")
_MARKDOWN = re.compile(r"\]\(https?://|(?<!\w)\*\*\S[^*\n]{1,200}\S\*\*(?!\w)|`[^`\n]{1,100}`")
_ROW = re.compile(r"\s*\|.*\|\s*$")
_TITLE = re.compile(r"[\w’' /&+-]{3,60}")


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
    filled = [line for line in lines if line.kind == "fence" or line.text.strip()]
    for line, after in zip(filled, [*filled[1:], None], strict=False):
        writer.take(line, after)
    return "\n".join(writer.lines).strip("\n")


class _Writer:
    """The lines written so far. `held` is the word of the level or question that is open, "" for none; `levels` are the
    indentations of the items that are open; `last` is the kind of the line before."""

    def __init__(self, is_markdown: bool) -> None:
        self.run: Callable[[str], str] = str if is_markdown else escape
        self.line: Callable[[str], str] = str.strip if is_markdown else escape_line
        self.lines: list[str] = []
        self.held, self.last = "", ""
        self.levels: list[int] = []

    def take(self, line: Line, after: Line | None) -> None:
        """Write a line; text is escaped unless the log is Markdown."""
        text = line.text.expandtabs(4)
        bare, indent = text.strip(), len(text) - len(text.lstrip())
        item, held = _ITEM.match(text), _HELD.match(bare)
        if line.kind == "fence":
            self.close("fence", line.text)
        elif _ROW.match(text) and (self.last == "table" or (after and re.fullmatch(r"[\s|:-]+", after.text))):
            self.close("table", bare)
        elif re.match(r">\s?\S", bare):
            self.close("quote", f"> {self.line(bare[1:])}")
        elif heading := _heading(line, bare, after):
            self.close("heading", f"{heading} {self.run(line.heading or bare)}")
        elif item:
            self.levels = [*takewhile(lambda level: level < indent, self.levels), indent]
            mark = item["number"] or (f"{item['count']}." if item["count"] else "-")
            shown = f"{mark} {self.line(item['text'])}"
            self.put("item", shown, len(self.levels) - 1, self.last in {"item", "held"})
        elif held:
            joined = self.last in {"held", "item"} and self.held == held["word"].casefold()
            self.held, self.levels = "", []
            self.put("held", f"- **{self.run(held['mark'])}** {self.run(held['text'] or '')}".rstrip(), 0, joined)
            self.held = held["word"].casefold()
        elif self.last == "item" and indent >= self.levels[-1] + 2:
            self.put("item", self.line(bare), len(self.levels), joined=True)
        elif self.last in {"held", "more"} and not _CLOSING.match(bare):
            self.put("more", self.line(bare), 0, joined=False)
        else:
            self.close("text", self.line(bare))

    def close(self, kind: str, text: str) -> None:
        """Write a line that belongs to no list; fences, tables and quotes go on on the next line."""
        self.held, self.levels = "", []
        self.put(kind, text, 0, joined=kind == self.last and kind in {"fence", "table", "quote"})

    def put(self, kind: str, text: str, depth: int, joined: bool) -> None:
        """Write a line; a blank line comes before it unless it is `joined` to the one before."""
        if not joined and self.lines and self.lines[-1]:
            self.lines.append("")
        depth = min(depth, MAX_LEVELS) + bool(self.held)
        self.lines.append("    " * depth + text)
        self.last = kind


def _heading(line: Line, text: str, after: Line | None) -> str:
    """The mark of a heading: a line that is written as one, counts sections, or is a short title with text after it."""
    if line.heading:
        return "#" * max(2, line.level)
    if _LEAD.match(text) and len(text) <= MAX_HEADING and not text.endswith((".", "!", "?", ":")):
        return "##"
    if _NUMBERED.match(text) and not _HELD.match(text):
        return "###"
    words = text.split()
    if not after or after.kind == "fence" or after.text.lstrip().startswith(">"):
        return ""
    if not _TITLE.fullmatch(text) or len(words) > 4 or _ITEM.match(line.text) or not words[0][0].isupper():
        return ""
    small = sum(word.casefold() in SMALL_WORDS for word in words[1:])
    longer = len(after.text.split()) > len(words) or _ITEM.match(after.text) or _HELD.match(after.text)
    return "###" if longer and not text.isupper() and (small < len(words) - 1 or len(words) == 1) else ""
