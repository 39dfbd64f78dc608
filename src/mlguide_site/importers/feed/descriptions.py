"""The descriptions of a feed's item as one body of Markdown, each word once."""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate, chain, groupby, islice, pairwise
from typing import NamedTuple

from mlguide_site.importers.common.promotion import Match, find_matches
from mlguide_site.markdown.escape import drop_unprintable, unescape
from mlguide_site.markdown.from_html import looks_like_html, parse_html
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
MAX_PARTS = 50
"""Descriptions of one item."""
LIST_HEADING = 2
"""The level of the heading that a list's own name becomes."""
_CUT = re.compile(r"[\[(]\s?(?:…|\.\.\.)\s?[\])]|(?:…|\.\.\.)(?=\W{0,3}(?:\n|$))")
"""Where an excerpt is cut: a mark in brackets, or one that ends a line."""
_TIME = re.compile(r"(?:[-–—•·*]\s{1,9})?[\[(]?(?:(\d{1,2}):)?(\d{1,3}):([0-5]\d)\b[\])]?", re.A)
FEWEST = 3
"""Times that are a list."""


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
        looks = "<" in self.text if self.type == "text/html" else looks_like_html(self.text)
        return looks and self.type != "text/plain"

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
    they could. `size` and `pieces` count characters and tags or lines of all that was read."""

    blocks: Blocks = ()
    text: str = ""
    fault: str = ""
    size: int = 0
    pieces: int = 0

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


def read_descriptions(parts: Iterable[Part]) -> Notes:
    """The parts of an item that add something; what another part holds whole counts once.

    >>> read_descriptions([Part("<p>Long notes of the day.</p>"), Part("Long notes…"), Part("Short.")]).text
    'Short.\\nLong notes of the day.'
    """
    chosen: list[tuple[Blocks, str]] = []
    size = pieces = 0
    seen: set[tuple[str, bool]] = set()
    for part in islice(parts, MAX_PARTS):
        is_html = part.is_html
        if (part.text, is_html) in seen:
            continue
        seen.add((part.text, is_html))
        # an address counts as two pieces, for the work it makes
        own = part.text.count("<" if is_html else "\n") + 2 * part.text.count("://")
        size, pieces = size + len(part.text), pieces + own
        if len(part.text) > MAX_NOTES or own > MAX_PIECES:
            limits = f"larger than {MAX_NOTES // 2**20} MiB, or more than {MAX_PIECES:,} tags, lines and addresses"
            return Notes(fault=limits, size=size, pieces=pieces)
        blocks = part.blocks
        text = "\n".join(text_lines(blocks))
        if blocks and not any(_holds(_spaced(other), text) for _, other in chosen):
            words = _spaced(text)
            held = [other for other in chosen if _holds(words, other[1])]
            at = chosen.index(held[0]) if held else len(chosen)
            chosen = [*chosen[:at], (blocks, text), *(other for other in chosen[at:] if other not in held)]
    # the first part is the fullest; others introduce it
    ordered = (*chosen[1:], *chosen[:1])
    joined = tuple(chain.from_iterable(blocks for blocks, _ in ordered))
    text = "\n".join(text for _, text in ordered)
    return Notes(joined, text, "", size, pieces)


def _spaced(text: str) -> str:
    """The words of a text between spaces. Raised and lowered signs count as the plain ones."""
    return " ".join(["", *re.findall(r"\w+", unicodedata.normalize("NFKC", text).casefold()), ""])


def _holds(words: str, part: str) -> bool:
    """Whether words between spaces have those of a text in a row, the last one aside where it is cut.

    An excerpt may continue after its cut with the end of the whole text: then its pieces are in order.

    >>> full = _spaced("Three scripts, one decree. The post appeared first on Stones.")
    >>> _holds(full, "Three scripts […]\\nThe post appeared first on Stones."), _holds(full, "Three seals […]")
    (True, False)
    """
    at = 0
    *cut, last = (_spaced(piece) for piece in _CUT.split(part))
    # the cut may go through a word: it doesn't count, unless there are few
    cut = [piece.rstrip().rpartition(" ")[0] if piece.count(" ") > 3 else piece.rstrip() for piece in cut]
    for piece in filter(str.strip, [*cut, last]):
        at = words.find(piece, at)
        if at < 0:
            return False
        at += len(piece.rstrip())
    return True


def cut_promotion(blocks: Blocks, patterns: Sequence[str]) -> tuple[Blocks, tuple[str, ...]]:
    """The blocks without promotion and without what is empty then; and the patterns that matched, once per match."""
    used: list[str] = []

    def cut_line(line: Line) -> Line:
        matches = find_matches(line_text(line), patterns)
        if not matches:
            return line
        used.extend(match.pattern for match in matches)
        ends = list(accumulate((len(run.text) for run in line), initial=0))
        return fold(Run(_outside(run.text, at, matches), run.style) for run, at in zip(line, ends, strict=False))

    def cut(block: Block) -> Block | None:
        if isinstance(block, Group):
            children = tuple(child for one in block.children if (child := cut(one)))
            return replace(block, children=children) if children else None
        if isinstance(block, Paragraph):
            lines = tuple(filter(None, map(cut_line, block.lines)))
            return replace(block, lines=lines) if lines else None
        if isinstance(block, Code):
            texts = [(text, line_text(cut_line((Run(text),)))) for text in block.text.split("\n")]
            kept = [text for before, text in texts if text.strip() or not before.strip()]
            return Code("\n".join(kept)) if "".join(kept).strip() else None
        return block

    return (tuple(filter(None, map(cut, blocks))) if patterns else blocks), tuple(used)


def _outside(text: str, offset: int, matches: Sequence[Match]) -> str:
    """What of a piece of text no match covers; `offset` is its place in the text that was searched."""
    kept, at = [], 0
    for match in matches:
        start, end = max(0, match.start - offset), min(len(text), match.end - offset)
        if start < end:
            kept.append(text[at:start])
            at = end
    return "".join([*kept, text[at:]])


def with_time_lists(blocks: Blocks) -> Blocks:
    """The blocks with lines that follow one another and begin with rising times as lists, and the line before, if it
    ends in a colon, as a heading: the same words in order.

    >>> from mlguide_site.markdown.rich_text import plain_blocks
    >>> found = with_time_lists(plain_blocks("Timestamps:\\n0:00 Opening\\n4:30 The loom\\n9:10 Questions"))
    >>> [getattr(block, "kind", None) or block.level for block in found]
    [2, 'ul']
    """
    lines = [
        (at, line)
        for at, block in enumerate(blocks)
        for line in (block.lines if isinstance(block, Paragraph) and not block.level else [()])
    ]
    # a line belongs to its block, or to a list: the number of that is beyond those of the blocks
    owners = [at for at, _ in lines]
    for is_time, group in groupby(range(len(lines)), key=lambda place: _seconds(lines[place][1]) >= 0):
        places = list(group)
        times = [_seconds(lines[place][1]) for place in places]
        if is_time and len(places) >= FEWEST and all(first < second for first, second in pairwise(times)):
            owners[places[0] : places[-1] + 1] = [len(blocks) + places[0]] * len(places)
    found: list[Block] = []
    for owner, group in groupby(range(len(lines)), key=owners.__getitem__):
        own = [lines[place][1] for place in group]
        if owner < len(blocks):
            block = blocks[owner]
            found.append(
                replace(block, lines=tuple(own)) if isinstance(block, Paragraph) and not block.level else block
            )
            continue
        name = found[-1] if found else None
        if isinstance(name, Paragraph) and not name.level and line_text(name.lines[-1]).endswith(":"):
            found[-1:] = [replace(name, lines=name.lines[:-1])] if name.lines[1:] else []
            found.append(Paragraph(name.lines[-1:], LIST_HEADING))
        found.append(Group("ul", tuple(Group("li", (Paragraph((_without_bullet(line),)),)) for line in own)))
    return tuple(found)


def _seconds(line: Line) -> int:
    """The seconds of the time that a line begins with; -1 for none."""
    found = _TIME.match(line_text(line))
    return int(found[1] or 0) * 3600 + int(found[2]) * 60 + int(found[3]) if found else -1


def _without_bullet(line: Line) -> Line:
    return fold((Run(re.sub(r"^[-–—•·*]\s+", "", line[0].text), line[0].style), *line[1:]))
