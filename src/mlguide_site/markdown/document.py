"""A parsed Markdown body: its blocks, its sections and the runs of text in which names may become links."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from markdown_it.token import Token

from mlguide_site.errors import Severity

OPENING = 400
"""Characters of a body's beginning that are kept at hand: more than any list shows."""


class Section(NamedTuple):
    """A stretch of a body under one heading; the first one, before any heading, has neither heading nor anchor."""

    heading: str
    anchor: str
    level: int
    line: int


class Block(NamedTuple):
    """A paragraph, list item, table cell, heading or piece of raw HTML: plain text, section and first line."""

    text: str
    section: int
    line: int


class Segment(NamedTuple):
    """A run of plain text in which names may be linked: never code, link text, heading, HTML or image.

    `token` and `child` say where it stands in the tree, `block` in which block, `offset` where in the block's text.
    """

    text: str
    token: int
    child: int
    block: int
    offset: int


class LinkUse(NamedTuple):
    """A link or image that the author wrote: address, text and place."""

    href: str
    text: str
    block: int
    offset: int
    line: int
    image: bool = False


class Finding(NamedTuple):
    """Something about the text that its author should know; `line` is counted from 1 in the body."""

    line: int
    column: int
    message: str
    remedy: str
    severity: Severity


class Insertion(NamedTuple):
    """A link to set on the characters `start` to `end` of a segment, to an address or what `relative_path` gives."""

    start: int
    end: int
    target: str
    title: str = ""


@dataclass(frozen=True, slots=True)
class Document:
    """A parsed body. The tokens are shared between builds and must not be changed. `opening` is how it begins, as
    `opening_of` says."""

    tokens: Sequence[Token]
    blocks: tuple[Block, ...]
    sections: tuple[Section, ...]
    segments: tuple[Segment, ...]
    links: tuple[LinkUse, ...]
    findings: tuple[Finding, ...]
    opening: str = ""


def opening_of(blocks: Sequence[Block], sections: Sequence[Section]) -> str:
    """How a body begins: the first block with text that is no heading, on one line, at most its first 400 characters;
    "" where there is none. What lists say of an episode that has no summary is cut from it.

    >>> opening_of([Block("Part", 1, 0), Block(" ", 1, 1), Block("Of\\nlooms.", 1, 2)], [Section("Part", "part", 2, 0)])
    'Of looms.'
    """
    headings = {section.line for section in sections if section.heading}
    texts = (block.text for block in blocks if block.line not in headings and block.text.strip())
    return " ".join(next(texts, "").split())[:OPENING]
