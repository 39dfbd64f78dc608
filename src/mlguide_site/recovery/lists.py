"""Lists whose markers survived in flat text: bullets, times, and numbers or letters (`1. Warp 2. Weft 3. Reed`)."""

import re
from collections.abc import Collection, Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

from mlguide_site.recovery.markdown import HEADING, ITEM, LABEL, PARAGRAPH, Block, blocks_of
from mlguide_site.recovery.times import MAX_TITLE, Entry, Listed, time_lists
from mlguide_site.recovery.words import FEWEST, OPENERS, SMALL, Token, bare, begins_item, ends_sentence, read_tokens

FEWEST_BULLETS = 2
MAX_SHORT = 12
"""Words of an item that no sentence ends."""
MAX_SENTENCES = 3
COUNTED = frozenset("level part step phase stage chapter section season week day rule option tip lesson module".split())
"""Words behind which a number with a full stop counts."""
_NUMBER = re.compile(r"(?P<open>\(?)(?:(?P<number>[1-9]\d{0,2})|(?P<letter>[a-z]))(?P<close>[.)])", re.A)
Segments = list[tuple[int, list[str]]]
"""Kinds and words."""


class _Mark(NamedTuple):
    at: int
    value: int
    ends: bool
    """whether the text before it is at an end"""


def find_lists(tokens: Sequence[Token]) -> list[Listed]:
    """The lists of times, numbers and letters among tokens, by their beginning; of two that cross, the longer one."""
    words = [token.text for token in tokens]
    lines = frozenset(at for at, token in enumerate(tokens) if token.hard or token.mark)
    found = [*numbered_lists(words, lines), *time_lists(words, lines)]
    chosen: list[Listed] = []
    taken: set[int] = set()
    for one in sorted(found, key=lambda one: (-len(one.entries), one.kind, one.start)):
        span = range(one.title, one.entries[-1].body)
        if taken.isdisjoint(span):
            chosen.append(one)
            taken.update(span)
    chosen.sort(key=lambda one: one.start)
    ends = [*(one.title for one in chosen), len(words)][1:]
    return [one._replace(end=min(one.end, end)) for one, end in zip(chosen, ends, strict=True)]


def numbered_lists(words: Sequence[str], lines: Collection[int] = frozenset()) -> list[Listed]:
    """The numbered and lettered lists among words; `lines` are the places at which a line begins.

    Such a list begins where an item may begin, counts up from the first without a gap, and has at least three items.

    >>> [one.start for one in numbered_lists("Tools: 1. Saw 2. Plane 3. File".split())]
    [1]
    >>> numbered_lists("Version 1. 2 items and 2. 3 items in version 3. Done".split())
    []
    """
    styles: dict[str, list[_Mark]] = {}
    for at, word in enumerate(words[:-1]):
        found = _NUMBER.fullmatch(word) if word[-1] in ".)" else None
        if not found or (found["close"] == "." and (found["letter"] or found["open"])):
            continue
        style = f"{found['open']}{'a' if found['letter'] else '1'}{found['close']}"
        value = int(found["number"]) if found["number"] else ord(found["letter"]) - ord("a") + 1
        styles.setdefault(style, []).append(_Mark(at, value, begins_item(words, at, lines)))
    return [one for marks in styles.values() for one in _of_style(words, lines, marks)]


def _of_style(words: Sequence[str], lines: Collection[int], marks: Sequence[_Mark]) -> Iterator[Listed]:
    """The lists of one style, such as `1.`."""
    runs = list(_runs(words, marks))
    limits = [*(run[0].at for run in runs), len(words)][1:]
    for run, limit in zip(runs, limits, strict=False):
        if len(run) >= FEWEST and all(_is_item(words[one.at + 1 : after.at]) for one, after in pairwise(run)):
            end = next((place for place in range(run[-1].at + 1, limit) if place in lines), limit)
            entries = tuple(Entry(mark.at, mark.at + 1) for mark in run)
            yield Listed("number", entries, end, end in lines, run[0].at)


def _runs(words: Sequence[str], marks: Sequence[_Mark]) -> Iterator[list[_Mark]]:
    """Numbers that count up. Where the second stands behind the end of a sentence, the others have to as well."""
    run: list[_Mark] = []
    for mark in marks:
        if run and mark.value == run[-1].value + 1 and mark.at > run[-1].at + 1:
            whole = len(run) < 2 or not run[1].ends or mark.ends
            if whole and (mark.ends or not _belongs(words[mark.at - 1])):
                run.append(mark)
                continue
        if mark.value == 1 and mark.ends:
            if run:
                yield run
            run = [mark]
    if run:
        yield run


def _belongs(before: str) -> bool:
    """Whether a number belongs to the word before it, as in `step 2.`"""
    return bare(before) in SMALL or bare(before) in COUNTED


def _is_item(words: Sequence[str]) -> bool:
    """Whether the words between two numbers may be an item: a short phrase, or a few sentences."""
    if not words or len(words) > MAX_TITLE or not any(word.lstrip(OPENERS)[:1].isalnum() for word in words):
        return False
    inner = sum(map(ends_sentence, words[:-1]))
    return inner < MAX_SENTENCES and (len(words) <= MAX_SHORT or ends_sentence(words[-1]) or words[-1][-1] in ",;")


def mark_lists(starts: dict[int, int], tokens: Sequence[Token], lists: Sequence[Listed]) -> None:
    """Put into `starts` (kinds by place) what the markers of lists say: it wins over what is there. Behind the last
    marker of a list that isn't closed, and on a further line, other blocks may begin."""
    for one in lists:
        last = one.end if one.closed else one.entries[-1].body + 1
        for at in range(one.title, min(last, len(tokens))):
            if not tokens[at].hard:
                starts.pop(at, None)
        if one.title < one.start:
            starts[one.title] = HEADING
        starts |= {entry.start: ITEM for entry in one.entries}
        if one.closed and one.end < len(tokens):
            starts.setdefault(one.end, PARAGRAPH)


def segments_of(text: str, tokens: Sequence[Token], starts: dict[int, int]) -> Segments:
    """The words of a text by what begins where. A mark that marks nothing is a word again."""
    segments: Segments = []
    end = 0
    for at, token in enumerate(tokens):
        if at in starts or not segments:
            segments.append((starts.get(at, PARAGRAPH), []))
        kind, words = segments[-1]
        if token.mark and (words or kind not in (HEADING, LABEL, ITEM)):
            words += text[end : token.start].split()
        words.append(token.text)
        end = token.start + len(token.text)
    return segments


def marked_blocks(line: str) -> list[Block]:
    """The blocks of a line of plain text that holds a list by its own markers; none where it holds none.

    >>> [" ".join(block.words) for block in marked_blocks("We need: 1) rope 2) tape 3) glue")]
    ['We need:', '1) rope', '2) tape', '3) glue']
    >>> marked_blocks("At 9:00 we met, and 2 * 3 * 4 * 5 is 120.")
    []
    """
    tokens = read_tokens(line)
    lists = find_lists(tokens)
    if not lists and sum(token.mark == "item" for token in tokens) < FEWEST_BULLETS:
        return []
    starts = {at: ITEM for at, token in enumerate(tokens) if token.mark == "item"}
    mark_lists(starts, tokens, lists)
    last = max(starts)
    items = [at for at, kind in starts.items() if kind == ITEM]
    ends = [at + 1 for at in range(last, len(tokens)) if ends_sentence(tokens[at].text)]
    inside = (ends_sentence(tokens[at].text) and at + 1 not in starts for at in range(min(items) + 1, last))
    # the last item ends with its sentence where the others are of one
    if starts[last] == ITEM and ends and ends[0] < len(tokens) and not any(inside):
        starts[ends[0]] = PARAGRAPH
    return blocks_of(segments_of(line, tokens, starts))
