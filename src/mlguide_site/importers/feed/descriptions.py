"""The descriptions of a feed's item as one body of Markdown, each word once."""

import re
import unicodedata
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate, chain, groupby, pairwise
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
from mlguide_site.markdown.sanitiser import acting
from mlguide_site.markdown.write_markdown import blocks_to_markdown
from mlguide_site.recovery.times import SIGNS, time_lists
from mlguide_site.recovery.words import FEWEST

MAX_NOTES = 1024 * 1024
"""Characters of one description."""
MAX_PIECES = 40_000
"""Tags of one description, or lines of one that is plain text; an address counts as two."""
LIST_HEADING = 2
"""The level of the heading that a list's own name becomes."""
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


def read_descriptions(parts: Iterable[Part]) -> Notes:
    """The parts of an item that add something; what another part holds whole counts once.

    >>> read_descriptions([Part("<p>Long notes of the day.</p>"), Part("Long notes…"), Part("Short.")]).text
    'Short.\\nLong notes of the day.'
    """
    chosen: list[tuple[Blocks, str]] = []
    removed: list[str] = []
    size = pieces = 0
    passwords = False
    seen: set[tuple[str, bool]] = set()
    for part in parts:
        is_html = part.is_html
        if (part.text, is_html) in seen:
            continue
        seen.add((part.text, is_html))
        # an address counts as two pieces, for the work it makes
        own = part.text.count("<" if is_html else "\n") + 2 * part.text.count("://")
        size, pieces = size + len(part.text), pieces + own
        if len(part.text) > MAX_NOTES:
            return Notes(fault=f"they are larger than {MAX_NOTES // 2**20} MiB", size=size)
        if own > MAX_PIECES:
            fault = f"they have more than {MAX_PIECES:,} tags, lines and addresses"
            return Notes(fault=fault, size=size, pieces=pieces)
        blocks = part.blocks
        removed += acting(part.text) if is_html else ()
        passwords = passwords or (is_html and bool(_PASSWORD.search(part.text)))
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
    return Notes(joined, text, "", size, pieces, tuple(dict.fromkeys(removed)), passwords)


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
    pieces = [_spaced(piece) for piece in _CUT.split(part)]
    for piece in filter(str.strip, pieces):
        tries = [piece]
        if piece is not pieces[-1]:
            # the cut may go through a word
            tries += [piece.rstrip(), f"{piece.rstrip().rpartition(' ')[0]} "][: 2 if piece.count(" ") > 3 else 1]
        found = next(((place, own) for own in tries if (place := words.find(own, at)) >= 0), None)
        if found is None:
            return False
        at = found[0] + len(found[1].rstrip())
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
    """The blocks with their lists of times as lists, and the names of these as headings: the same words in order.

    >>> from mlguide_site.markdown.rich_text import plain_blocks
    >>> found = with_time_lists(plain_blocks("Timestamps:\\n0:00 Opening\\n4:30 The loom\\n9:10 Questions"))
    >>> [getattr(block, "kind", None) or block.level for block in found]
    [2, 'ul']
    """
    if sum(text.count(":") for text in text_lines(blocks, headings=False)) < FEWEST:
        return blocks
    found: list[Block] = []
    for is_plain, group in groupby(blocks, key=lambda block: isinstance(block, Paragraph) and not block.level):
        same = list(group)
        found += _with_lists([block for block in same if isinstance(block, Paragraph)]) if is_plain else same
    return tuple(found)


def _with_lists(paragraphs: Sequence[Paragraph]) -> Sequence[Block]:
    """Paragraphs that follow one another, with the lists of times in them."""
    words: list[Line] = []
    starts: list[int] = []
    paragraph_of: list[int] = []
    for at, paragraph in enumerate(paragraphs):
        for line in paragraph.lines:
            starts.append(len(words))
            paragraph_of.append(at)
            words += _words(line)
    texts = [line_text(word).strip() for word in words]
    lists = time_lists(texts, frozenset(starts))
    bounds = [*starts, len(words)]

    def between(start: int, end: int) -> list[Paragraph]:
        """The words from one place to another, in the paragraphs that they were in."""
        found: dict[int, list[Line]] = defaultdict(list)
        for at in range(bisect_right(starts, start) - 1, bisect_right(starts, end - 1)):
            low, high = max(start, bounds[at]), min(end, bounds[at + 1])
            found[paragraph_of[at]] += [fold(chain.from_iterable(words[low:high]))] if low < high else []
        return [Paragraph(tuple(lines)) for lines in found.values() if lines]

    if not lists:
        return paragraphs
    blocks: list[Block] = []
    at = 0
    limits = [*(one.title for one in lists[1:]), len(words)]
    for one, limit in zip(lists, limits, strict=True):
        blocks += between(at, one.title)
        blocks += [replace(heading, level=LIST_HEADING) for heading in between(one.title, one.start)]
        # a list without an end of its own ends with the line of its last item
        at = one.end if one.closed else min(bounds[bisect_right(starts, one.entries[-1].start)], limit)
        places = pairwise([*(entry.start for entry in one.entries), at])
        # an item has no sign before it that stood for its bullet
        signed = ((start + (texts[start] in SIGNS and start + 1 < end), end) for start, end in places)
        blocks.append(Group("ul", tuple(Group("li", tuple(between(start, end))) for start, end in signed)))
    return [*blocks, *between(at, len(words))]


def _words(line: Line) -> list[Line]:
    """The words of a line in their styles, each with the space behind it."""
    found: list[list[Run]] = []
    is_open = False
    for text, style in line:
        for piece in re.findall(r"\S+|\s+", text):
            if found and (is_open or piece.isspace()):
                found[-1].append(Run(piece, style))
            elif not piece.isspace():
                found.append([Run(piece, style)])
            is_open = not piece.isspace()
    return [tuple(word) for word in found]
