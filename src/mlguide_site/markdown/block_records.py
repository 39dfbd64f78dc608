"""Frozen records for the blocks of a note: paragraphs, headings, code, and groups of blocks."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple


class Style(NamedTuple):
    """The style of a run of text. `href` is the address of the link around the run, or ""."""

    href: str = ""
    bold: bool = False
    italic: bool = False
    struck: bool = False
    code: bool = False


PLAIN = Style()
_SPACES = re.compile(r"\s+")


class Run(NamedTuple):
    """A run of text in one style, without line breaks."""

    text: str
    style: Style = PLAIN


Line = tuple[Run, ...]


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph (`level` 0) or heading (`level` 1 to 6): lines separated by line breaks. No line is empty."""

    lines: tuple[Line, ...]
    level: int = 0


@dataclass(frozen=True, slots=True)
class Code:
    """Preformatted text, including its line breaks."""

    text: str


@dataclass(frozen=True, slots=True)
class Group:
    """A list, list item, quote, table, row or cell. `kind` is the HTML tag, `start` an ordered list's first number."""

    kind: str
    children: tuple["Block", ...]
    start: int = 1


Block = Paragraph | Code | Group
Blocks = tuple[Block, ...]


def fold(runs: Iterable[Run]) -> Line:
    """Join runs into a line. Collapse whitespace, strip both ends, and merge adjacent runs of the same style."""
    parts: list[tuple[Style, list[str]]] = []
    at_space = True
    for text, style in runs:
        words = _SPACES.sub(" ", text)
        words = words.lstrip() if at_space else words
        if not words:
            continue
        at_space = words.endswith(" ")
        if not parts or parts[-1][0] != style:
            parts.append((style, []))
        parts[-1][1].append(words)
    line = [Run("".join(words), style) for style, words in parts]
    if line and at_space:
        text, style = line.pop()
        line += [Run(text[:-1], style)] if text != " " else []
    return tuple(line)


def line_text(line: Line) -> str:
    """Return the text of a line."""
    return line[0].text if len(line) == 1 else "".join(run.text for run in line)


def text_lines(blocks: Sequence[Block], headings: bool = True) -> Iterator[str]:
    """Yield the text of every line of the blocks, in order. If `headings` is false, skip headings."""
    for block in blocks:
        if isinstance(block, Group):
            yield from text_lines(block.children, headings)
        elif isinstance(block, Code):
            yield from filter(str.strip, block.text.split("\n"))
        elif isinstance(block, Paragraph) and (headings or not block.level):
            yield from map(line_text, block.lines)


def plain_blocks(text: str) -> Blocks:
    """Convert plain text to paragraphs. Blank lines separate paragraphs. Other line breaks stay."""
    parts = re.split(r"\n\s*\n", re.sub(r"\r\n?", "\n", text))
    found = (tuple(filter(None, (fold([Run(line)]) for line in part.split("\n")))) for part in parts)
    return tuple(Paragraph(lines) for lines in found if lines)
