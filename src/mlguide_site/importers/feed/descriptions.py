"""The descriptions of a feed's item as one body of Markdown, each word once."""

import re
import unicodedata
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise
from typing import NamedTuple

from mlguide_site.importers.common.promotion import Match, find_matches
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
from mlguide_site.recovery.times import FEWEST, SIGNS, time_lists

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
