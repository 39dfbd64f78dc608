"""Notes copied from a web page, a line for each paragraph and item, as Markdown with their lists nested.

Where the copy kept indentation, that tells the nesting. Where it lost it, an item that ends in a colon and says nothing
else opens a group (see `recovery.markdown`).
"""

import re
from collections.abc import Sequence
from itertools import accumulate, groupby
from typing import NamedTuple

from mlguide_site.markdown.plain import SECTION_NAMES, SMALL_WORDS, escape, escape_start, starts_upper, text_ends_whole
from mlguide_site.recovery.lists import marked_blocks
from mlguide_site.recovery.markdown import (
    BODY,
    HEADING,
    ITEM,
    LABEL,
    PARAGRAPH,
    Block,
    Escaping,
    blocks_of,
    to_markdown,
)
from mlguide_site.recovery.times import SIGNS, time_lists

MAX_HEADING = 10
MAX_LABEL = 8
MAX_DEPTH = 12
_ITEM = re.compile(r"[ \t]*(?:[-*+•◦▪▫‣●○·∙–]|(?P<number>\d{1,3}[.)]))[ \t]+(?P<text>\S.*)$")
_LABEL = re.compile(r"(?P<label>[^\s:][^:]{0,99}:)(?:\s+(?P<rest>\S.*))?$")
_HEADING = re.compile(r"#{1,6}[ \t]+(?P<text>\S.*)$")
# number signs at the end of a heading would be taken for its closing
_ESCAPING = Escaping(escape, escape_start, lambda text: re.sub(r"(?<=\s)(?=#{1,99}$)", r"\\", text))


class _Line(NamedTuple):
    """A line: `HEADING`, `ITEM` or `PARAGRAPH`, its indent in columns, number as written, and text."""

    kind: int
    indent: int
    number: str
    text: str


def is_item(line: str) -> bool:
    """Whether a line is an item of a list."""
    return bool(_ITEM.match(line))


def notes_to_markdown(texts: Sequence[str]) -> str:
    """Lines of notes as Markdown: the same words in the same order.

    >>> print(notes_to_markdown(["Looms", "- Warp, weft:", "- Warp: held.", "- Weft: moved.", "- Reed: beats."]))
    ## Looms
    <BLANKLINE>
    - **Warp, weft:**
        - **Warp:** held.
        - **Weft:** moved.
    - **Reed:** beats.
    """
    filled = [text for text in texts if text.strip()]
    timed = _timed(filled)
    read = [_read(*pair, timed.get(at)) for at, pair in enumerate(zip(filled, [*filled[1:], ""], strict=False))]
    blocks: list[Block] = []
    for is_list, group in groupby(read, key=lambda line: line.kind == ITEM):
        lines = list(group)
        blocks += _items(lines) if is_list else [block for line in lines for block in _plain(line)]
    return to_markdown(blocks, _ESCAPING)


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
        blocks += [Block(ITEM, (), timed[at])] if at in timed else _plain(_Line(PARAGRAPH, 0, "", line))
    return to_markdown(blocks, _ESCAPING)


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


def _read(line: str, after: str, timed: Sequence[str] | None) -> _Line:
    """A line by itself; `after` is the next one, `timed` its words where it is an item of a list of times."""
    indent, text = len(line.expandtabs(4)) - len(line.expandtabs(4).lstrip()), line.strip()
    if timed:
        return _Line(ITEM, indent, "", " ".join(timed))
    if found := _ITEM.match(line):
        return _Line(ITEM, indent, found["number"] or "", found["text"].strip())
    if marked := _HEADING.match(text):
        return _Line(HEADING, 0, "", marked["text"])
    return _Line(HEADING if _heads(text, after) else PARAGRAPH, 0, "", text)


def _heads(text: str, after: str) -> bool:
    """Whether a short line heads what follows it."""
    words = text.split()
    if not after or len(words) > MAX_HEADING or "://" in text or text_ends_whole(text) or text.endswith(("...", "…")):
        return False
    if text.endswith(":"):
        return text.rstrip(":").casefold() in SECTION_NAMES
    return starts_upper(words[0]) and (is_item(after) or len(after.split()) > len(words))


def _items(lines: Sequence[_Line]) -> list[Block]:
    """The items of one list: nested as they are indented, and those of one indentation as their labels say."""
    blocks: list[Block] = []
    open_at: list[int] = []
    for indent, group in groupby(lines, key=lambda line: line.indent):
        open_at = [own for own in open_at if own < indent]
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
