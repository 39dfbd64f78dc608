"""The descriptions of a feed's item as one body of Markdown, each word once."""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from mlguide_site.importers.common.promotion import Match, find_matches
from mlguide_site.importers.feed.time_lists import with_time_lists
from mlguide_site.markdown.escape import drop_unprintable, unescape
from mlguide_site.markdown.from_html import looks_like_html, parse_html
from mlguide_site.markdown.policy import acting
from mlguide_site.markdown.rich_text import (
    Block,
    Blocks,
    Code,
    Group,
    Line,
    Paragraph,
    Run,
    fold,
    line_text,
    plain_blocks,
    text_lines,
)
from mlguide_site.markdown.write_markdown import blocks_to_markdown

MAX_NOTES = 1024 * 1024
"""Characters of one description."""
MAX_PIECES = 40_000
"""Tags of one description, or lines of one that is plain text; an address counts as two."""
_CUT = re.compile(r"[\[(]\s?(?:…|\.\.\.)\s?[\])]|(?:…|\.\.\.)(?=\W{0,3}(?:\n|$))")
"""Where an excerpt is cut: a mark in brackets, or one that ends a line."""
_PASSWORD = re.compile(r"""\b(?:href|src)\s{0,9}=\s{0,9}["']?\s{0,9}https?://[^\s/?#"'<>@]{1,200}@""", re.I)


class Part(NamedTuple):
    """One description of an item: its text, its declared media type or "", and what its addresses are relative to.
    `page` is the item's own page, for addresses within it ("" for none)."""

    text: str
    type: str = ""
    base: str = ""
    page: str = ""

    @property
    def is_html(self) -> bool:
        """Whether it is HTML: declared as such, or without a declaration by its tags."""
        return self.type != "text/plain" and (
            "<" in self.text if self.type == "text/html" else looks_like_html(self.text)
        )

    @property
    def pieces(self) -> int:
        """How many tags it has, or as plain text how many lines; an address counts as two, for the work it makes."""
        return self.text.count("<" if self.is_html else "\n") + 2 * self.text.count("://")

    @property
    def blocks(self) -> Blocks:
        """Its blocks, lists of times as such. Entities are read in what isn't declared as plain text."""
        if self.is_html:
            return with_time_lists(parse_html(self.text, self.base, self.page))
        text = self.text if self.type == "text/plain" else unescape(self.text)
        return with_time_lists(plain_blocks(drop_unprintable(text)))


class Written(NamedTuple):
    """Notes as Markdown, the patterns of promotion that matched, and which limit they pass ("" for none)."""

    body: str
    left_out: tuple[str, ...]
    fault: str


@dataclass(frozen=True, slots=True)
class Notes:
    """The descriptions that add something, in order; their text, a line a line; and why they could not be read, "" if
    they could. `size` and `pieces` count characters and tags or lines of all that was read; `removed` lists
    what would run on a page, and is left out. `passwords` is true if an address of theirs held one."""

    blocks: Blocks = ()
    text: str = ""
    fault: str = ""
    size: int = 0
    pieces: int = 0
    removed: tuple[str, ...] = ()
    passwords: bool = False

    @property
    def lines(self) -> list[str]:
        """The text of each line, headings aside."""
        return list(text_lines(self.blocks, headings=False))

    def holds(self, text: str) -> bool:
        """Whether the notes hold a text already, word for word, a cut at its end aside."""
        return _holds(_spaced(self.text), text)

    def markdown(self, patterns: Sequence[str]) -> Written:
        """The notes as Markdown without promotion."""
        blocks, used = cut_promotion(self.blocks, patterns)
        body, fault = blocks_to_markdown(blocks)
        return Written(body, used, fault)


class _Read(NamedTuple):
    """A part that has been read: its text, and its words between spaces."""

    blocks: Blocks
    text: str
    words: str


def read_descriptions(parts: Iterable[Part]) -> Notes:
    """The parts of an item that add something; what another part holds whole counts once.

    >>> read_descriptions([Part("<p>Long notes of the day.</p>"), Part("Long notes…"), Part("Short.")]).text
    'Short.\\nLong notes of the day.'
    """
    chosen: list[_Read] = []
    seen: set[tuple[str, bool]] = set()
    removed: dict[str, None] = {}
    size = pieces = 0
    passwords = False
    for part in parts:
        is_html = part.is_html
        if (part.text, is_html) in seen:
            continue
        seen.add((part.text, is_html))
        size += len(part.text)
        if len(part.text) > MAX_NOTES:
            return Notes(fault=f"they are larger than {MAX_NOTES // 2**20} MiB", size=size)
        pieces += (own := part.pieces)
        if own > MAX_PIECES:
            return Notes(
                fault=f"they have more than {MAX_PIECES:,} tags, lines and addresses", size=size, pieces=pieces
            )
        blocks = part.blocks
        removed.update(dict.fromkeys(acting(part.text) if is_html else ()))
        passwords = passwords or (is_html and bool(_PASSWORD.search(part.text)))
        text = "\n".join(text_lines(blocks))
        words = _spaced(text)
        if not blocks or any(_holds(other.words, text) for other in chosen):
            continue
        held = [other for other in chosen if _holds(words, other.text)]
        one = _Read(blocks, text, words)
        if held:
            chosen[chosen.index(held[0])] = one
            chosen = [other for other in chosen if other not in held]
        else:
            chosen.append(one)
    # the first part is the fullest; others introduce it
    ordered = (*chosen[1:], *chosen[:1])
    blocks = tuple(block for one in ordered for block in one.blocks)
    return Notes(blocks, "\n".join(one.text for one in ordered), "", size, pieces, tuple(removed), passwords)


def _spaced(text: str) -> str:
    # raised and lowered signs count as the plain ones: not every description sets them
    return " ".join(["", *re.findall(r"\w+", unicodedata.normalize("NFKC", text).casefold()), ""])


def _holds(words: str, part: str) -> bool:
    """Whether words between spaces have those of a text in a row, the last one aside where it is cut.

    An excerpt may continue after its cut with the end of the whole text: then its pieces are in order.

    >>> full = _spaced("Three scripts, one decree. The post appeared first on Stones.")
    >>> _holds(full, "Three scripts […]\\nThe post appeared first on Stones."), _holds(full, "Three seals […]")
    (True, False)
    """
    at = 0
    pieces = _CUT.split(part)
    for number, piece in enumerate(pieces):
        own = _spaced(piece)
        is_cut = number < len(pieces) - 1
        if not own.strip():
            continue
        found = words.find(own, at)
        if found < 0 and is_cut:
            # the cut may go through a word
            own = own.rstrip()
            found = words.find(own, at)
            if found < 0 and own.count(" ") > 3:
                own = own.rpartition(" ")[0] + " "
                found = words.find(own, at)
        if found < 0:
            return False
        at = found + len(own) - own.endswith(" ")
    return True


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
    """What of a piece of text no match covers; `offset` is its place in the text that was searched."""
    kept, at = [], 0
    for match in matches:
        start, end = max(0, match.start - offset), min(len(text), match.end - offset)
        if start < end:
            kept.append(text[at:start])
            at = end
    return "".join([*kept, text[at:]])
