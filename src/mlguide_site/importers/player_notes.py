"""Notes copied from a web page, a line for each paragraph and item, as Markdown with their lists nested.

Where the copy kept indentation, that tells the nesting. Where it lost it, an item that ends in a colon and says nothing
else opens a group (see `structure.markdown`).
"""

import re
from collections.abc import Iterator, Sequence
from itertools import accumulate, groupby
from typing import NamedTuple

from mlguide_site.markdown.plain import SECTION_NAMES, SMALL_WORDS, escape_start, starts_upper, text_ends_whole
from mlguide_site.markdown.plain import escape as escape_run
from mlguide_site.recovery.kinds import BODY, HEADING, ITEM, LABEL, PARAGRAPH
from mlguide_site.recovery.listed import marked_blocks
from mlguide_site.recovery.markdown import Block, Escaping, blocks_of, to_markdown
from mlguide_site.recovery.times import SIGNS, time_lists

MAX_HEADING = 10
MAX_LABEL = 8
MAX_DEPTH = 12
_ITEM = re.compile(r"(?P<indent>[ \t]*)(?:[-*+•◦▪▫‣●○·∙–]|(?P<number>\d{1,3}[.)]))[ \t]+(?P<text>\S.*)$")
_LABEL = re.compile(r"(?P<label>[^\s:][^:]{0,99}:)(?:\s+(?P<rest>\S.*))?$")
_HEADING = re.compile(r"#{1,6}[ \t]+(?P<text>\S.*)$")


class _Line(NamedTuple):
    """A line: `HEADING`, `ITEM` or `PARAGRAPH`, its indent in columns, number as written, and text."""

    kind: int
    indent: int
    number: str
    text: str


def is_item(line: str) -> bool:
    """Whether a line is an item of a list."""
    return bool(_ITEM.match(line))


def notes_to_markdown(lines: Sequence[str]) -> str:
    """Lines of notes as Markdown: the same words in the same order.

    >>> print(notes_to_markdown(["Looms", "- Warp, weft:", "- Warp: held.", "- Weft: moved.", "- Reed: beats."]))
    ## Looms
    <BLANKLINE>
    - **Warp, weft:**
        - **Warp:** held.
        - **Weft:** moved.
    - **Reed:** beats.
    """
    blocks: list[Block] = []
    for is_list, group in groupby(_read(lines), key=lambda line: line.kind == ITEM):
        found = list(group)
        blocks += _items(found) if is_list else [block for line in found for block in _plain(line)]
    return to_markdown(blocks, Escaping(escape_run, escape_start, _heading))


def _heading(text: str) -> str:
    # number signs at the end of a heading would be taken for its closing
    return re.sub(r"(?<=\s)(?=#{1,99}$)", r"\\", text)


def teaser_to_markdown(lines: Sequence[str]) -> str:
    """Lines of a teaser as Markdown: paragraphs, and the lists whose markers they kept.

    >>> print(teaser_to_markdown(["Of looms. 0:00 Opening 4:30 The loom 12:10 Questions", "And of reeds."]))
    Of looms.
    <BLANKLINE>
    - 0:00 Opening
    - 4:30 The loom
    - 12:10 Questions
    <BLANKLINE>
    And of reeds.
    """
    blocks: list[Block] = []
    filled = [line for line in lines if line.strip()]
    timed = _timed(filled)
    for at, line in enumerate(filled):
        blocks += [Block(ITEM, (), timed[at])] if at in timed else _plain(_Line(PARAGRAPH, 0, "", line.strip()))
    return to_markdown(blocks, Escaping(escape_run, escape_start, _heading))


def _plain(line: _Line) -> list[Block]:
    words = tuple(line.text.split())
    if line.kind == HEADING:
        return [Block(HEADING, words, ())]
    return marked_blocks(line.text) or [Block(PARAGRAPH, (), words)]


def _timed(lines: Sequence[str]) -> dict[int, tuple[str, ...]]:
    """The lines that are items of a list of times, with their words, a sign before these aside."""
    rows = [line.split() for line in lines]
    starts = dict(zip(accumulate(map(len, rows), initial=0), range(len(rows)), strict=False))
    found = time_lists([word for row in rows for word in row], frozenset(starts))
    whole = [one for one in found if all(entry.start in starts for entry in one.entries)]
    items = [starts[entry.start] for one in whole for entry in one.entries]
    return {at: tuple(rows[at][rows[at][0] in SIGNS :]) for at in items}


def _read(lines: Sequence[str]) -> Iterator[_Line]:
    filled = [line for line in lines if line.strip()]
    timed = _timed(filled)
    for at, line in enumerate(filled):
        if at in timed:
            yield _Line(ITEM, len(line) - len(line.lstrip()), "", " ".join(timed[at]))
        elif found := _ITEM.match(line):
            indent = len(found["indent"].expandtabs(4))
            yield _Line(ITEM, indent, found["number"] or "", found["text"].strip())
        elif marked := _HEADING.match(line.strip()):
            yield _Line(HEADING, 0, "", marked["text"])
        else:
            after = filled[at + 1] if at + 1 < len(filled) else ""
            yield _Line(HEADING if _heads(line.strip(), after) else PARAGRAPH, 0, "", line.strip())


def _heads(text: str, after: str) -> bool:
    """Whether a short line heads what follows it."""
    words = text.split()
    if not after or len(words) > MAX_HEADING or "://" in text or text_ends_whole(text) or text.endswith(("...", "…")):
        return False
    if text.endswith(":"):
        return text.rstrip(":").casefold() in SECTION_NAMES
    return starts_upper(words[0]) and (is_item(after) or len(after.split()) > len(words))


def _items(lines: Sequence[_Line]) -> list[Block]:
    """The items of one list: nested as they are indented, and where several stand side by side, as their labels say."""
    blocks: list[Block] = []
    open_at: list[int] = []
    for indent, group in groupby(lines, key=lambda line: line.indent):
        while open_at and open_at[-1] >= indent:
            open_at.pop()
        depth = min(len(open_at), MAX_DEPTH)
        open_at.append(indent)
        segments = [segment for line in group for segment in _segments(line)]
        blocks += [block._replace(depth=block.depth + depth) for block in blocks_of(segments)]
    return blocks


def _segments(line: _Line) -> list[tuple[int, list[str]]]:
    """An item as the segments that it is made of: a label and what it says, or plain text."""
    found = _LABEL.match(line.text)
    if found and not line.number and _is_label(found["label"]):
        rest = (found["rest"] or "").split()
        return [(LABEL, found["label"].split()), *([(BODY, rest)] if rest else [])]
    return [(ITEM, [*([line.number] if line.number else []), *line.text.split()])]


def _is_label(text: str) -> bool:
    words = text.rstrip(":").split()
    telling = [word for word in words if any(c.isalnum() for c in word)]
    if not telling or len(words) > MAX_LABEL or not starts_upper(words[0]) or "/" in text:
        return False
    small = [word for word in telling if not starts_upper(word) and word.casefold() not in SMALL_WORDS]
    return len(telling) <= 3 or not small
