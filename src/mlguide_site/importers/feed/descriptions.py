"""Combines the descriptions of a feed item, without repetitions."""

import re
import unicodedata
from collections.abc import Callable, Container, Iterable, Iterator, Sequence
from dataclasses import replace
from functools import lru_cache
from itertools import accumulate, chain, count, islice
from operator import ne
from typing import NamedTuple

from mlguide_site.importers.common.promotion import find_matches
from mlguide_site.markdown import block_records as records
from mlguide_site.markdown.blocks_from_html import looks_like_html, parse_html
from mlguide_site.markdown.engine_escape import drop_unprintable, unescape

MAX_NOTES = 1024 * 1024  # maximum number of characters in one description
MAX_PIECES = 40_000
"""The maximum number of tags in an HTML description or lines in plain text. An address counts as two of them."""
MAX_PARTS = 50  # maximum number of descriptions of one item
_CUT = re.compile(r"[\[(]\s?(?:…|\.\.\.)\s?[\])]|(?:…|\.\.\.)(?=\W{0,3}(?:\n|$))")
"""An ellipsis that truncates an excerpt: in brackets, or at the end of a line."""
_BLOCK_TAG = re.compile(
    r"<(?:p|br|div|[uo]l|li|dl|h[1-6]|hr|table|tr|pre|blockquote|section|article|figure)\b", re.IGNORECASE
)
"""A tag of a block. In an HTML text without one, line breaks separate paragraphs."""
_INLINE_TAG = re.compile(r"<[a-z/!][^<>]*>", re.IGNORECASE)
_BREAKS = re.compile(r"\n\s*\n")
_OUTSIDE = re.compile(rf"({_INLINE_TAG.pattern})|{_BREAKS.pattern}|\n", re.IGNORECASE)
"""A tag, or line breaks between the tags."""
_ADDRESS = re.compile(r"https?://[^\s()<>]*[^\s()<>.,;:!?]")
_SENTENCE = re.compile(r"\S.*?(?:[。！？][」』）]*|[!?…](?=\s)|(?:(?<=[^\W\d])|(?<=\d{3}))\.(?=\s)|$)\s*", re.MULTILINE)
_UNSURE = re.compile(r"(?<!\w)\w{1,4}\.[^\S\n]+\Z")
"""A full stop within a line after a few letters, which may belong to an abbreviation."""
_ITEM = re.compile(r"\A\W*\d{1,3}[.)]\s")
"""The number of an item in a list."""
_DENSE = re.compile(r"[\u2e80-\uffdc]")
"""A Chinese, Japanese or Korean character, which counts as three letters."""
MIN_REPEATED = 20  # minimum number of letters of sentences that count as repeated
MAX_TOGETHER = 24  # maximum number of short sentences that are compared together
MAX_COMPARED = 20_000_000  # maximum number of characters to search for the sentences of a description
MAX_VERSIONS = 6  # maximum number of descriptions of an item whose sentences are compared


class Part(NamedTuple):
    """A description. `type` is the declared media type or "". Relative links are resolved against the address `base`,
    and links within the page against `page`, the item's address."""

    text: str
    type: str = ""
    base: str = ""
    page: str = ""

    @property
    def is_html(self) -> bool:
        return self.type == "text/html" or (not self.type and looks_like_html(self.text))

    @property
    def blocks(self) -> records.Blocks:
        if self.is_html:
            text = self.text
            if not _BLOCK_TAG.search(text) and _BREAKS.search(_INLINE_TAG.sub("", text.strip())):
                # in `content:encoded`, a line break is a space
                text = _OUTSIDE.sub(
                    lambda found: found[1] or ("<p>" if _BREAKS.match(found[0]) else "\n" if self.type else "<br>"),
                    text.strip(),
                )
            return parse_html(text, self.base, self.page)
        return records.plain_blocks(drop_unprintable(self.text if self.type == "text/plain" else unescape(self.text)))


class Notes(NamedTuple):
    """The distinct descriptions, as blocks and as text. `fault` says why a description can't be read. `size` is the
    number of characters in all descriptions; `pieces` is the number of tags or lines, plus two for each address."""

    blocks: records.Blocks = ()
    text: str = ""
    fault: str = ""
    size: int = 0
    pieces: int = 0

    @property
    def ends_with_link(self) -> bool:
        line = [None, *_lines(self.blocks)][-1]
        return bool(line and line[-1].style.href)


class _Sentence(NamedTuple):
    """The letters and digits of a sentence. `is_sure` is false if it may go on, and `length` is what it counts for."""

    letters: str
    is_sure: bool
    length: int


def read_descriptions(parts: Iterable[Part]) -> Notes:
    """Combine the descriptions of an item. A description is left out if a longer one contains its text and links, and
    of a description with mostly the same sentences, only the others are kept. If the longer description is plain text,
    the markup of the shorter one is added to it."""
    found: list[Notes] = []
    size = pieces = 0
    for (source, is_html), part in {(part.text, part.is_html): part for part in islice(parts, MAX_PARTS)}.items():
        # an address counts as two pieces because it takes longer to convert
        part_pieces = source.count("<" if is_html else "\n") + 2 * source.count("://")
        part_pieces += source.count("\n") if is_html and not _BLOCK_TAG.search(source) else 0
        size, pieces = size + len(source), pieces + part_pieces
        if len(source) > MAX_NOTES or part_pieces > MAX_PIECES:
            limits = f"larger than {MAX_NOTES // 2**20} MiB, or more than {MAX_PIECES:,} tags, lines and addresses"
            return Notes(fault=limits, size=size, pieces=pieces)
        blocks = part.blocks
        found.append(Notes(blocks, "\n".join(records.text_lines(blocks))))
    words = [spaced_words(one.text) for one in found]
    kept = [one.blocks for one in found]
    chosen: list[int] = []
    addresses: set[str] = set()
    for at in sorted(range(len(found)), key=lambda at: -len(words[at])):
        longer = next((other for other in chosen if holds(words[other], found[at].text)), None)
        own = {run.style.href for line in _lines(kept[at]) for run in line or () if run.style.href}
        if longer is not None and (merged := _restore_markup(kept[longer], found[at], words[longer], words[at])):
            kept[longer] = merged
        elif longer is None or own - addresses:
            compared = chosen if len(found) <= MAX_VERSIONS else []
            # a text with markup is kept whole if a plain text has only a beginning or an end more
            plain = [other for other in compared if _is_plain(kept[other]) and not _is_plain(kept[at])]
            rests = {other: _lacking(kept[other], found[at].text, own, in_one_piece=True) for other in plain}
            if any(rests[other] != kept[other] for other in plain):
                for other, rest in rests.items():
                    text = "\n".join(records.text_lines(rest)).rstrip()
                    is_start = "\n".join(records.text_lines(kept[other])).startswith(text)
                    kept[at], kept[other] = (*rest, *kept[at]) if is_start else (*kept[at], *rest), ()
            else:
                kept[at] = _lacking(kept[at], "\n".join(found[other].text for other in compared), addresses)
            chosen += [at] if kept[at] else []
        addresses |= own
    # feeds put the full notes first; in the body, the shorter descriptions precede the full notes
    chosen.sort()
    joined = tuple(chain.from_iterable(kept[at] for at in (*chosen[1:], *chosen[:1])))
    return Notes(joined, "\n".join(records.text_lines(joined)), "", size, pieces)


def _lines(blocks: records.Blocks) -> Iterator[records.Line | None]:
    """Yield each line of text, and None for each block that isn't a paragraph, such as a heading."""
    for block in blocks:
        if not isinstance(block, records.Paragraph) or block.level:
            yield None
        if isinstance(block, records.Group):
            yield from _lines(block.children)
        elif isinstance(block, records.Paragraph):
            yield from block.lines


def _lacking(
    blocks: records.Blocks, other: str, addresses: Container[str], *, in_one_piece: bool = False
) -> records.Blocks:
    """Return the blocks without the sentences that the text `other` has too, but with links to addresses that aren't
    among `addresses`. Return all blocks if more than half of their text would be left, because this is another text. If
    `in_one_piece`, also return all blocks unless only their beginning or their end is left."""
    own, written = "\n".join(records.text_lines(blocks)), {*_ADDRESS.findall(other)}
    # the items of a list may have numbers in only one of the texts; other numbers belong to the text
    has_numbers = all(any(map(_ITEM.match, text.split("\n"))) for text in (own, other))
    texts = [found[0] for line in _lines(blocks) for found in _SENTENCE.finditer(records.line_text(line or ()))]
    known = [all(one in addresses or one in written for one in _ADDRESS.findall(text)) for text in texts]
    sentences = [_sentence(text, has_numbers, not is_known) for text, is_known in zip(texts, known, strict=True)]
    repeated = _repeated(sentences, [_sentence(found[0], has_numbers) for found in _SENTENCE.finditer(other)])
    if in_one_piece and sum(map(ne, repeated, repeated[1:])) > 1:
        return blocks
    flags = iter(repeated)

    def hidden(line: records.Line) -> set[int]:
        ends = accumulate(len(run.text) for run in line)
        fresh = {
            end - 1 for run, end in zip(line, ends, strict=True) if run.style.href and run.style.href not in addresses
        }
        spans = [range(*found.span()) for found in _SENTENCE.finditer(records.line_text(line)) if next(flags)]
        return {place for span in spans if fresh.isdisjoint(span) for place in span}

    left = _without(blocks, hidden)
    return blocks if 2 * len("\n".join(records.text_lines(left))) > len(own) else left


def _sentence(text: str, keeps_number: bool, keeps_addresses: bool = False) -> _Sentence:
    plain = text if keeps_addresses else _ADDRESS.sub("", text)
    # where tags were removed from a text, words may stand together
    letters = spaced_words(plain if keeps_number else _ITEM.sub("", plain)).replace(" ", "")
    length = len(letters) + 2 * len(_DENSE.findall(letters)) + len(text) - len(plain)
    return _Sentence(letters, not _UNSURE.search(text), length)


def _repeated(sentences: Sequence[_Sentence], others: Sequence[_Sentence]) -> list[bool]:
    """Return for each sentence whether it is also among the sentences `others`. A short sentence counts only together
    with others, and a part of another sentence doesn't count. A sentence without words belongs to the one before
    it."""
    ends = list(accumulate(len(one.letters) for one in others))
    bounds, sure = {0, *ends}, {end for end, one in zip(ends, others, strict=True) if one.is_sure}
    text, own = "".join(one.letters for one in others), [one for one in sentences if one.letters]
    if len(text) * len(own) > MAX_COMPARED:
        return [False] * len(sentences)
    known, end = [False] * len(own), -1  # `end` is the end of the sentence before, or -1 if it isn't known
    for first in range(len(own)):
        run, length, before, end = "", 0, end, -1
        for last, one in enumerate(own[first : first + MAX_TOGETHER], first):
            run, length = run + one.letters, length + one.length
            follows = before >= 0 and text.startswith(run, before) and before + len(run) in sure
            if length < MIN_REPEATED and not follows:
                continue
            at = before if before >= 0 and text.startswith(run, before) else text.find(run)
            if at < 0 or (at not in bounds and at != before):
                break
            if at + len(run) in (bounds if one.is_sure else sure):
                known[first : last + 1] = [True] * (last + 1 - first)
                end = at + len(own[first].letters)
                break
    flags, is_known = iter(known), False
    return [is_known := next(flags) if one.letters else is_known for one in sentences]


def _is_plain(blocks: records.Blocks) -> bool:
    return all(line and all(run.style == records.PLAIN for run in line) for line in _lines(blocks))


def _restore_markup(plain: records.Blocks, rich: Notes, plain_words: str, rich_words: str) -> records.Blocks:
    """Return the blocks of `plain`. In the part that `rich` repeats, add the markup of `rich`, such as links and lists.
    Return () if `rich` repeats at most half of `plain`. Also return () if `plain` has markup, or `rich` has none.
    `plain_words` and `rich_words` are the `spaced_words` of `plain` and `rich`."""
    first = plain_words.find(rich_words)
    last = first + len(rich_words) - 1
    is_part = first >= 0 and 2 * len(rich_words) > len(plain_words) and not _CUT.search(rich.text)
    if not is_part or not _is_plain(plain) or _is_plain(rich.blocks):
        return ()
    text = "\n\n".join("\n".join(records.text_lines([block])) for block in plain)
    starts, ends, place = {}, {}, 0
    for chunk in re.finditer(r"\S+", text):
        if size := len(spaced_words(chunk[0])) - 1:
            starts[place] = chunk.start()
            place += size
            ends[place] = chunk.end()
    if first not in starts or last not in ends:
        return ()
    before, after = records.plain_blocks(text[: starts[first]]), records.plain_blocks(text[ends[last] :])
    return (*before, *rich.blocks, *after)


def spaced_words(text: str) -> str:
    """Return the words of a text in lower case, each between two spaces. Superscripts become normal characters, unless
    the text would grow too much: NFKC replaces some characters by a whole sentence."""
    plain = unicodedata.normalize("NFKC", text)
    return " ".join(["", *re.findall(r"\w+", (plain if len(plain) <= 2 * len(text) else text).casefold()), ""])


@lru_cache(maxsize=64)  # an item may have many descriptions, each of which is compared with all longer ones
def _pieces(part: str) -> list[str]:
    """Return the words between the ellipses of a text."""
    *cut, last = (spaced_words(piece) for piece in _CUT.split(part))
    # the ellipsis may truncate a word, so the word before it is ignored unless the excerpt is short
    cut = [piece.rstrip().rpartition(" ")[0] if piece.count(" ") > 3 else piece.rstrip() for piece in cut]
    return list(filter(str.strip, [*cut, last]))


def holds(words: str, part: str) -> bool:
    """Check whether `words`, a result of `spaced_words`, contains the words of `part` in sequence. An ellipsis in
    `part` matches any words, and the word before it may be incomplete."""
    at = 0
    for piece in _pieces(part):
        at = words.find(piece, at)
        if at < 0:
            return False
        at += len(piece.rstrip())
    return True


def cut_promotion(blocks: records.Blocks, patterns: Sequence[str]) -> tuple[records.Blocks, tuple[str, ...]]:
    """Remove promotion, and blocks that become empty. Also return the promotion pattern of each removed text."""
    used: list[str] = []

    def promotion(line: records.Line) -> set[int]:
        matches = find_matches(records.line_text(line), patterns)
        used.extend(match.pattern for match in matches)
        return {place for match in matches for place in range(match.start, match.end)}

    return (_without(blocks, promotion) if patterns else blocks), tuple(used)


def _without(blocks: records.Blocks, hidden: Callable[[records.Line], Container[int]]) -> records.Blocks:
    """Remove the characters at the places that `hidden` returns for each line, and blocks that become empty."""

    def cut_line(line: records.Line) -> records.Line:
        left_out, places = hidden(line), count()
        kept = ["".join(char for char in run.text if next(places) not in left_out) for run in line]
        return records.fold(records.Run(text, run.style) for text, run in zip(kept, line, strict=True))

    def cut(block: records.Block) -> records.Block | None:
        if isinstance(block, records.Group):
            children = tuple(child for one in block.children if (child := cut(one)))
            # an empty cell keeps the other cells of its row in their columns
            return replace(block, children=children) if children or block.kind in {"td", "th"} else None
        if isinstance(block, records.Paragraph):
            lines = tuple(filter(None, map(cut_line, block.lines)))
            return replace(block, lines=lines) if lines else None
        return block

    return tuple(filter(None, map(cut, blocks)))
