"""Links in the texts of an outline, in the forms that people write them in."""

import re
from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import NamedTuple

from mlguide_site.markdown.escape import unescape
from mlguide_site.markdown.from_html import looks_like_html, parse_html
from mlguide_site.markdown.rich_text import Block, Code, Group, Paragraph, Run

_MARKDOWN_LINK = re.compile(
    r"(?<!!)\[([^\[\]]{1,500})\]\(([A-Za-z][A-Za-z0-9+.-]{1,15}:[^\s()<>\"]{1,2000}(?:\([^\s()<>\"]{0,300}\)[^\s()<>\"]{0,500}){0,3})\)"
)
_BARE = re.compile(r"(?<![\w/])https?://[^\s<>\"`]{1,2000}", re.I)


class Piece(NamedTuple):
    """A run of text, or a link with its label; `url` is as written, "" for text. A bare address is its own label."""

    text: str
    url: str = ""


def read_pieces(text: str) -> list[Piece]:
    """A text as runs and links, in order. It may be HTML, with links in Markdown and bare addresses.

    >>> read_pieces('Read <a href="https://a.example/b">the book</a> or [this](https://c.example), https://d.example/e.')
    ... # doctest: +NORMALIZE_WHITESPACE
    [Piece(text='Read ', url=''), Piece(text='the book', url='https://a.example/b'), Piece(text=' or ', url=''),
     Piece(text='this', url='https://c.example'), Piece(text=', ', url=''),
     Piece(text='https://d.example/e', url='https://d.example/e'), Piece(text='. ', url='')]
    """
    text = _MARKDOWN_LINK.sub(r'<a href="\2">\1</a>', text)
    found: list[Piece] = []
    runs = _runs(parse_html(text)) if looks_like_html(text) else [Run(unescape(text))]
    for href, group in groupby(runs, key=lambda run: run.style.href):
        shown = "".join(run.text for run in group)
        at = 0
        for bare in () if href else _BARE.finditer(shown):
            url = bare[0].rstrip(".,;:!?'*_]}…")
            # a bracket that closes one before the address is no part of it
            url = url.removesuffix(")") if url.count(")") > url.count("(") else url
            found += [Piece(shown[at : bare.start()]), Piece(url, url)]
            at = bare.start() + len(url)
        found.append(Piece(shown[at:], href))
    return [piece for piece in found if piece.text]


def _runs(blocks: Sequence[Block]) -> Iterator[Run]:
    """The text of blocks in their styles, a space behind each line."""
    for block in blocks:
        if isinstance(block, Group):
            yield from _runs(block.children)
        elif isinstance(block, Code):
            yield Run(block.text)
        for line in block.lines if isinstance(block, Paragraph) else ():
            yield from (*line, Run(" "))
