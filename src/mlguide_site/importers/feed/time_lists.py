"""Lists of times in the blocks of a description: each time's words become an item.

The times may stand at the beginning of lines or paragraphs, or one after the other in one line.
"""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from itertools import groupby, pairwise
from typing import NamedTuple

from mlguide_site.markdown.rich_text import Block, Blocks, Group, Line, Paragraph, Run, fold, line_text
from mlguide_site.recovery.times import FEWEST, SIGNS, time_lists

LEVEL = 2
"""The level of the heading that a list's own name becomes."""


class _Piece(NamedTuple):
    """A line, or a part of one: the paragraph that it is in, what it is (`item`, `title`, `more` of an item or "")."""

    line: Line
    paragraph: int
    role: str


def with_time_lists(blocks: Blocks) -> Blocks:
    """The blocks with their lists of times as lists, and the names of these as headings: the same words in order.

    >>> from mlguide_site.markdown.rich_text import plain_blocks
    >>> found = with_time_lists(plain_blocks("Timestamps:\\n0:00 Opening\\n4:30 The loom\\n9:10 Questions"))
    >>> [getattr(block, "kind", None) or block.level for block in found]
    [2, 'ul']
    """
    if sum(line_text(line).count(":") for block in blocks for line in _lines(block)) < FEWEST:
        return blocks
    found: list[Block] = []
    for plain, group in groupby(blocks, key=lambda block: isinstance(block, Paragraph) and not block.level):
        same = list(group)
        found += _listed([block for block in same if isinstance(block, Paragraph)]) if plain else same
    return tuple(found)


def _lines(block: Block) -> Sequence[Line]:
    return block.lines if isinstance(block, Paragraph) and not block.level else ()


def _listed(paragraphs: Sequence[Paragraph]) -> list[Block]:
    lines = [(line, at) for at, paragraph in enumerate(paragraphs) for line in paragraph.lines]
    words: list[str] = []
    starts: list[int] = []
    for line, _ in lines:
        starts.append(len(words))
        words += line_text(line).split()
    lists = time_lists(words, frozenset(starts))
    if not lists:
        return list(paragraphs)
    roles: dict[int, str] = {}
    within: set[int] = set()
    for one in lists:
        roles |= {one.end: ""} if one.closed else {}
        roles |= {one.title: "title"} if one.title < one.start else {}
        roles |= {entry.start: "item" for entry in one.entries}
        within.update(range(one.start, one.entries[-1].start))
    cuts = sorted(roles)
    pieces: list[_Piece] = []
    for (line, paragraph), start, end in zip(lines, starts, [*starts[1:], len(words)], strict=True):
        places = [start, *cuts[bisect_right(cuts, start) : bisect_left(cuts, end)]]
        for at, part in zip(places, _parts(line, [place - start for place in places]), strict=True):
            goes_on = at in within and bool(pieces) and pieces[-1].paragraph == paragraph
            role = roles.get(at) or ("more" if goes_on else "")
            pieces.append(_Piece(_unsigned(part) if role == "item" else part, paragraph, role))
    return list(_blocks(pieces))


def _parts(line: Line, places: Sequence[int]) -> list[Line]:
    """A line cut before some of its words, the first of them its first."""
    if len(places) == 1:
        return [line]
    offsets = [found.start() for found in re.finditer(r"\S+", line_text(line))]
    bounds = pairwise([*(offsets[at] for at in places), len(line_text(line))])
    return [_between(line, start, end) for start, end in bounds]


def _between(line: Line, start: int, end: int) -> Line:
    found, at = [], 0
    for text, style in line:
        found.append(Run(text[max(0, start - at) : max(0, end - at)], style))
        at += len(text)
    return fold(found)


def _unsigned(line: Line) -> Line:
    """An item without the sign that stood for its bullet."""
    sign, _, rest = line_text(line).partition(" ")
    return _between(line, len(sign), len(sign) + 1 + len(rest)) if sign in SIGNS and rest else line


def _blocks(pieces: Sequence[_Piece]) -> Iterator[Block]:
    for kind, group in groupby(pieces, key=_kind):
        found = list(group)
        if kind == "list":
            items: list[list[Line]] = []
            for piece in found:
                if piece.role == "item":
                    items.append([])
                items[-1].append(piece.line)
            yield Group("ul", tuple(Group("li", (Paragraph(tuple(lines)),)) for lines in items))
        else:
            yield Paragraph(tuple(piece.line for piece in found), LEVEL if kind == "title" else 0)


def _kind(piece: _Piece) -> str | int:
    return "list" if piece.role in {"item", "more"} else piece.role or piece.paragraph
