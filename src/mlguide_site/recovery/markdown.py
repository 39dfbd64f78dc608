"""Reads and writes the blocks of a note: headings, list items with and without a label, and paragraphs."""

import re
from collections.abc import Sequence
from typing import NamedTuple

from mlguide_site.markdown.engine_escape import escape_heading
from mlguide_site.markdown.parse_and_sanitise import parse
from mlguide_site.markdown.plain import escape, escape_start
from mlguide_site.recovery.tokens import SMALL, bare

HEADING, LABEL, PARAGRAPH, ITEM, BODY = range(5)  # the kinds of segments; `BODY` is the text after a label
INDENT = "    "
MAX_LABEL_WORDS = 8
_NUMBER = re.compile(r"(?:0|[1-9][0-9]{0,2})[.)]")
_DASHES = frozenset({"-", "–", "—", "*"})


class Block(NamedTuple):
    """A block of notes: its kind (never `BODY`), title (of a heading or label), words and nesting depth."""

    kind: int
    title: tuple[str, ...]
    words: tuple[str, ...]
    depth: int = 0


def plain(text: str) -> str:
    """Return the plain words of Markdown: `A link & more` for `A **[link](https://a.example/)** &amp; more`."""
    return " ".join(word for block in parse(text).blocks for word in block.text.split())


def read_blocks(body: str) -> list[tuple[int, str]]:
    r"""Return the kind and the plain text of each block of a Markdown body. Code blocks are left out.

    >>> read_blocks("Intro.\n\n## Parts\n\n- **Hinge:** Turns.\n- Whole")
    [(2, 'Intro.'), (0, 'Parts'), (1, 'Hinge:'), (4, 'Turns.'), (3, 'Whole')]
    """
    blocks: list[tuple[int, str]] = []
    document = parse(body)
    texts = (" ".join(block.text.split()) for block in document.blocks)
    last, before = "", ""
    for token in document.tokens:
        if token.type == "inline":
            text = next(texts)
            label, rest = split_label(text) if last == "list_item_open" else ("", text)
            if label:
                blocks += [(LABEL, label), (BODY, rest)]
            else:
                kind = HEADING if before == "heading_open" else ITEM if last == "list_item_open" else PARAGRAPH
                blocks.append((kind, text))
        last, before = before, token.type
    return [(kind, text) for kind, text in blocks if text]


def split_label(text: str) -> tuple[str, str]:
    """Split the text of an item into its label and the rest. The label ends in a colon, or is "" if there is none."""
    label, colon, rest = text.partition(": ") if not text.endswith(":") else (text[:-1], ":", "")
    if not colon or len(label.split()) > MAX_LABEL_WORDS or label.endswith((".", ",")) or ":" in label:
        return "", text
    return f"{label}:", rest


def blocks_of(segments: Sequence[tuple[int, Sequence[str]]]) -> list[Block]:
    """Convert segments (kind and words) to blocks. A label and the text after it become one block.

    If a label has no text, or its text ends in a colon, a nested list follows. The list contains the next items, and
    the next labels that share a word with the first label, such as `Precision` after `Precision and recall`."""
    blocks: list[Block] = []
    for kind, words in segments:
        if kind == BODY and blocks and blocks[-1].kind == LABEL:
            blocks[-1] = blocks[-1]._replace(words=(*blocks[-1].words, *words))
        elif kind in (HEADING, LABEL):
            blocks.append(Block(kind, tuple(words), ()))
        else:
            blocks.append(Block(ITEM if kind == ITEM else PARAGRAPH, (), tuple(words)))
    group: frozenset[str] | None = None
    for at, block in enumerate(blocks):
        if block.kind == LABEL and not (group and group & _significant_words(block.title)):
            is_open = not block.words or block.words[-1].endswith(":")
            group = _significant_words(block.title) if is_open else None
        elif block.kind in (LABEL, ITEM) and group is not None:
            blocks[at] = block._replace(depth=1)
        elif block.kind in (HEADING, PARAGRAPH):
            group = None
    return blocks


def _significant_words(words: Sequence[str]) -> frozenset[str]:
    """Return the words of a title in the singular, without punctuation and function words."""
    return frozenset(bare(word).removesuffix("s") for word in words if bare(word) not in SMALL)


def to_markdown(blocks: Sequence[Block]) -> str:
    """Convert blocks to Markdown without a final line break. As little as possible is escaped."""
    parts: list[str] = []
    before = Block(PARAGRAPH, (), ())
    last = ""  # the number of the previous block, if that block is a numbered item
    for block in blocks:
        is_tight = block.kind in (LABEL, ITEM) and before.kind in (LABEL, ITEM)
        parts.append("" if not parts else "\n" if is_tight else "\n\n")
        number = block.words[0] if block.kind == ITEM and _NUMBER.fullmatch(block.words[0]) else ""
        # renderers count up from the first number of a list
        if is_tight and before.depth == block.depth and last and number and last[-1] == number[-1]:
            number = number if int(number[:-1]) == int(last[:-1]) + 1 else ""
        # a nested list that doesn't begin with 1 would need an empty line before it
        if before.depth < block.depth and number[:-1] != "1":
            number = ""
        parts.append(_line(block, bool(number)))
        before, last = block, number
    return "".join(parts)


def _line(block: Block, is_numbered: bool) -> str:
    title, indent, words = escape(" ".join(block.title)), INDENT * block.depth, block.words
    if block.kind == HEADING:
        return f"## {escape_heading(title)}"
    if block.kind == LABEL:
        return f"{indent}- **{title}** {escape(' '.join(words))}".rstrip()
    if block.kind == PARAGRAPH:
        return escape_start(escape(" ".join(words)))
    marker = "-"
    if len(words) > 1 and (is_numbered or words[0] in _DASHES):
        marker, words = words[0] if is_numbered else "-", words[1:]
    return f"{indent}{marker} {escape_start(escape(' '.join(words)))}"
