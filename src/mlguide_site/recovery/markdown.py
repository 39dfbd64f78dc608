"""The blocks of a note, and how they are written as Markdown: headings, labelled and plain items, paragraphs."""

import re
from collections.abc import Callable, Sequence
from typing import NamedTuple

from mlguide_site.markdown.escape import escape_heading, escape_run, guard
from mlguide_site.recovery.words import SMALL, bare, stem

HEADING, LABEL, PARAGRAPH, ITEM, BODY = range(5)
"""Kinds of segments; `BODY` is the text behind a label."""
INDENT = "    "
_NUMBER = re.compile(r"(?:0|[1-9][0-9]{0,2})[.)]")
_DASHES = frozenset({"-", "–", "—", "*"})


class Escaping(NamedTuple):
    """How plain text becomes Markdown that shows exactly it: a run in a line, a finished line, a finished heading."""

    run: Callable[[str], str] = escape_run
    line: Callable[[str], str] = guard
    heading: Callable[[str], str] = escape_heading


class Block(NamedTuple):
    """A block of notes: kind (`HEADING`, `LABEL`, `ITEM` or `PARAGRAPH`), its title's words, its words, its depth."""

    kind: int
    title: tuple[str, ...]
    words: tuple[str, ...]
    depth: int = 0


def blocks_of(segments: Sequence[tuple[int, Sequence[str]]]) -> list[Block]:
    """Blocks from segments (kind and words): the text behind a label joins it, and groups get their depth."""
    blocks: list[Block] = []
    for kind, words in segments:
        if kind == BODY and blocks and blocks[-1].kind == LABEL:
            blocks[-1] = blocks[-1]._replace(words=(*blocks[-1].words, *words))
        elif kind in (HEADING, LABEL):
            blocks.append(Block(kind, tuple(words), ()))
        else:
            blocks.append(Block(ITEM if kind == ITEM else PARAGRAPH, (), tuple(words)))
    return _nested(blocks)


def _nested(blocks: Sequence[Block]) -> list[Block]:
    """The blocks with the depth of items that stand under a label.

    A label without text, or whose text ends in a colon, opens a group. Items belong to it up to the next label. Labels
    belong to it up to the next label that opens a group; where two or more take up words of the group's own label, as
    Precision and Recall under Precision and Recall, up to the first that doesn't.
    """
    result: list[Block] = []
    group: frozenset[str] | None = None
    first, echoes = -1, 0
    for at, block in enumerate(blocks):
        following = blocks[at + 1].kind if at + 1 < len(blocks) else HEADING
        opens = (
            block.kind == LABEL and following in (LABEL, ITEM) and (not block.words or block.words[-1].endswith(":"))
        )
        if block.kind in (HEADING, PARAGRAPH) or opens:
            group = _telling(block.title) if opens else None
            first, echoes = -1, 0
            result.append(block)
            continue
        if group is not None and block.kind == LABEL:
            echo = bool(group & _telling(block.title))
            first = LABEL if first < 0 else first
            if first == ITEM or (echoes > 1 and not echo):
                group = None
            echoes += echo
        elif group is not None and first < 0:
            first = ITEM
        result.append(block if group is None or block.depth else block._replace(depth=1))
    return result


def _telling(words: Sequence[str]) -> frozenset[str]:
    return frozenset(stem(bare(word)) for word in words if bare(word) not in SMALL)


def to_markdown(blocks: Sequence[Block], escaping: Escaping = Escaping()) -> str:  # noqa: B008 - the record is frozen
    """Blocks as Markdown, without a line end at the end."""
    parts: list[str] = []
    before: Block | None = None
    last = ""
    """the number of the item before, where that has one"""
    for block in blocks:
        listed = block.kind in (LABEL, ITEM)
        tight = listed and before is not None and before.kind in (LABEL, ITEM)
        if before is not None:
            parts.append("\n" if tight else "\n\n")
        number = block.words[0] if block.kind == ITEM and _NUMBER.fullmatch(block.words[0]) else ""
        if tight and before is not None and before.depth == block.depth and not _counts_on(last, number):
            number = ""
        # within an item only a list that begins with 1 needs no empty line before it
        if before is not None and before.depth < block.depth and number[:-1] != "1":
            number = ""
        parts.append(_line(block, bool(number), escaping))
        before, last = block, number
    return "".join(parts)


def _counts_on(last: str, number: str) -> bool:
    """Whether an item with this number may stand behind one with the other: a reader of Markdown counts by itself."""
    return not last or not number or last[-1] != number[-1] or int(number[:-1]) == int(last[:-1]) + 1


def _line(block: Block, numbered: bool, escaping: Escaping) -> str:
    title, text = escaping.run(" ".join(block.title)), escaping.run(" ".join(block.words))
    indent = INDENT * block.depth
    if block.kind == HEADING:
        return f"## {escaping.heading(title)}"
    if block.kind == LABEL:
        return f"{indent}- **{title}** {escaping.run(' '.join(block.words))}".rstrip()
    if block.kind == PARAGRAPH:
        return escaping.line(text)
    words = block.words
    if numbered and len(words) > 1:
        return f"{indent}{words[0]} {escaping.line(escaping.run(' '.join(words[1:])))}"
    if words[0] in _DASHES and len(words) > 1:
        words = words[1:]
    return f"{indent}- {escaping.line(escaping.run(' '.join(words)))}"
