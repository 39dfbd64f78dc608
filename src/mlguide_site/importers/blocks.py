"""Notes as blocks: what the HTML or the plain text of a description comes down to before it is written as Markdown.

A block is a paragraph (or heading) of lines of runs, a piece of code, a rule, or a group of blocks. Blocks are frozen;
nesting is bounded by whoever makes them.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from mlguide_site.importers.promotion import Match, find_matches


class Style(NamedTuple):
    """How a run of text is set; `href` is the address that it links to, "" for none."""

    href: str = ""
    bold: bool = False
    italic: bool = False
    struck: bool = False
    code: bool = False


PLAIN = Style()


class Run(NamedTuple):
    """A run of text in one style, without line ends."""

    text: str
    style: Style = PLAIN


Line = tuple[Run, ...]


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Lines between line breaks, none of them empty; a heading has a level from 1 to 6."""

    lines: tuple[Line, ...]
    level: int = 0


@dataclass(frozen=True, slots=True)
class Code:
    """Preformatted text, its line ends as they are."""

    text: str


@dataclass(frozen=True, slots=True)
class Rule:
    """A line between two parts."""


@dataclass(frozen=True, slots=True)
class Group:
    """Blocks that belong together. `kind` is `ul`, `ol`, `li`, `blockquote`, `table`, `tr` or `td`; `start` is the
    first number of an `ol`."""

    kind: str
    children: tuple["Block", ...]
    start: int = 1


Block = Paragraph | Code | Rule | Group
Blocks = tuple[Block, ...]


def fold(runs: Iterable[Run]) -> Line:
    """A line as a reader sees it: one space between words, none at its ends, neighbours of one style joined.

    >>> fold([Run(" a  "), Run(" b"), Run("c ", Style(bold=True)), Run("  ")])[0].text
    'a b'
    """
    texts: list[list[str]] = []
    styles: list[Style] = []
    at_space = True
    for text, style in runs:
        words = " ".join(text.split())
        if not at_space and text[:1].isspace():
            words = " " + words
        if not words:
            continue
        at_space = text[-1:].isspace()
        text = words + " " if at_space and words != " " else words
        if styles and styles[-1] == style:
            texts[-1].append(text)
        else:
            texts.append([text])
            styles.append(style)
    line = [Run("".join(parts), style) for parts, style in zip(texts, styles, strict=True)]
    if line and line[-1].text.endswith(" "):
        last = line.pop()
        if last.text != " ":
            line.append(Run(last.text[:-1], last.style))
    return tuple(line)


def line_text(line: Line) -> str:
    """The text of a line."""
    return line[0].text if len(line) == 1 else "".join(run.text for run in line)


def plain_blocks(text: str) -> Blocks:
    """Plain text as paragraphs: an empty line parts them, a line end within one stays a line break.

    >>> [len(block.lines) for block in plain_blocks("a\\nb\\n\\n\\nc")]
    [2, 1]
    """
    found: list[Block] = []
    lines: list[Line] = []
    for line in re.split(r"\r\n?|\n", text):
        folded = fold([Run(line)])
        if folded:
            lines.append(folded)
        elif lines:
            found.append(Paragraph(tuple(lines)))
            lines = []
    return (*found, Paragraph(tuple(lines))) if lines else tuple(found)


def text_lines(blocks: Sequence[Block], headings: bool = True) -> Iterator[str]:
    """The text of every line in order, with headings or without."""
    for block in blocks:
        if isinstance(block, Group):
            yield from text_lines(block.children, headings)
        elif isinstance(block, Code):
            yield from filter(str.strip, block.text.split("\n"))
        elif isinstance(block, Paragraph) and (headings or not block.level):
            yield from map(line_text, block.lines)


def cut_promotion(blocks: Blocks, patterns: Sequence[str]) -> tuple[Blocks, tuple[str, ...]]:
    """The blocks without promotion and without what is empty then; and the patterns that matched, once per match."""
    if not patterns:
        return blocks, ()
    used: list[str] = []
    return tuple(_without(blocks, patterns, used)), tuple(used)


def _without(blocks: Blocks, patterns: Sequence[str], used: list[str]) -> Iterator[Block]:
    for block in blocks:
        if isinstance(block, Group):
            if children := tuple(_without(block.children, patterns, used)):
                yield (
                    block
                    if len(children) == len(block.children)
                    and all(new is old for new, old in zip(children, block.children, strict=True))
                    else Group(block.kind, children, block.start)
                )
        elif isinstance(block, Paragraph):
            before = len(used)
            lines = tuple(filter(None, (_line_without(line, patterns, used) for line in block.lines)))
            if lines:
                yield block if len(used) == before else Paragraph(lines, block.level)
        elif isinstance(block, Code):
            kept = []
            for text in block.text.split("\n"):
                matches = find_matches(text, patterns)
                used += [match.pattern for match in matches]
                if not matches or outside(text, 0, matches).strip():
                    kept.append(outside(text, 0, matches))
            if "".join(kept).strip():
                yield Code("\n".join(kept))
        else:
            yield block


def _line_without(line: Line, patterns: Sequence[str], used: list[str]) -> Line:
    matches = find_matches(line_text(line), patterns)
    if not matches:
        return line
    used += [match.pattern for match in matches]
    at, kept = 0, []
    for run in line:
        kept.append(Run(outside(run.text, at, matches), run.style))
        at += len(run.text)
    return fold(kept)


def outside(text: str, offset: int, matches: Sequence[Match]) -> str:
    """What of a piece of text no match covers; `offset` is where it stands in the text that was searched."""
    kept, at = [], 0
    for match in matches:
        start, end = max(0, match.start - offset), min(len(text), match.end - offset)
        if start < end:
            kept.append(text[at:start])
            at = end
    return "".join([*kept, text[at:]])
