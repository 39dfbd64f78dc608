"""Finds lists in flattened text by their markers: bullets, numbers (`1) Warp 2) Weft`) and timestamps (`0:00 Opening`).

Increasing timestamps form a list if the words between them look like titles. Timestamps within a sentence (`at 12:30 we
met`) don't count. If the first timestamp is `1:00` or later, it is used only where an item can begin."""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Collection, Iterator, Sequence
from itertools import accumulate, pairwise
from typing import NamedTuple

from mlguide_site.model.words import WORDS
from mlguide_site.recovery.markdown import HEADING, ITEM, LABEL, PARAGRAPH, Block, blocks_of
from mlguide_site.recovery.tokens import FEWEST, OPENERS, Token, bare, begins_item, ends_sentence, read_tokens

FEWEST_BULLETS = 2
FIRST_MINUTE = 60
MAX_TITLE, MAX_GAP = 40, 80  # maximum numbers of words in a list item, and between two timestamps of a list
MAX_SENTENCES = 2
_CLOCK = r"(?:\d{1,2}:)?\d{1,3}:[0-5]\d"
_TIME = re.compile(
    rf"(?<!\S)[\[(]?(?P<first>{_CLOCK})(?: ?(?:[-–—]|to) ?{_CLOCK})?"
    r"(?:[\])](?=[\w\"'“‘«])|[\])]?[-–—:|]?(?!\S)(?: [-–—:|](?!\S))?)",
    re.A,
)
_WORDS_BEFORE = WORDS["before times"]
_WORDS_AFTER = WORDS["after times"]
_NUMBER = re.compile(r"\(?([1-9]\d{0,2})[.)]", re.A)


class Entry(NamedTuple):
    """A list item: the positions of its marker and of the next word, and its timestamp in seconds or its number."""

    start: int
    body: int
    value: int


class Listed(NamedTuple):
    """A list: its items, and the end of the last item (0 if uncertain)."""

    entries: list[Entry]
    end: int


def find_lists(tokens: Sequence[Token]) -> list[Listed]:
    """Return the timestamp lists and the numbered lists, in order. If two lists overlap, return only the longer one."""
    words = [token.text for token in tokens]
    lines = frozenset(at for at, token in enumerate(tokens) if token.hard or token.mark)
    chosen: list[Listed] = []
    taken: set[int] = set()
    found = [*numbered_lists(words, lines), *time_lists(words, lines)]
    for one in sorted(found, key=lambda one: (-len(one.entries), one.entries)):
        span = range(one.entries[0].start, one.entries[-1].body)
        if taken.isdisjoint(span):
            chosen.append(one)
            taken.update(span)
    return sorted(chosen)


def time_lists(words: Sequence[str], lines: Collection[int]) -> Iterator[Listed]:
    """Yield the lists of timestamps among the words. `lines` are the positions where a line begins."""
    run: list[Entry] = []
    for time in [*_times(words, lines), Entry(len(words), len(words), -1)]:
        if run and not (time.value > run[-1].value and 0 < time.start - run[-1].body <= MAX_GAP):
            yield from _as_list(words, lines, run, time.start)
            run = []
        run.append(time)


def _line_end(lines: Collection[int], start: int, stop: int) -> int:
    """Return the first position in `range(start, stop)` where a line begins, or `stop` if there is none."""
    return next((at for at in range(start, stop) if at in lines), stop)


def _times(words: Sequence[str], lines: Collection[int]) -> Iterator[Entry]:
    """Yield the timestamps that aren't within a sentence. A timestamp includes its brackets, end time and dash."""
    offsets = list(accumulate((len(word) + 1 for word in words), initial=0))
    text = " ".join(words)
    for found in _TIME.finditer(text) if ":" in text else ():
        glued = found.end() < len(text) and not text[found.end()].isspace()
        start = bisect_right(offsets, found.start()) - 1
        # a word that follows the brackets without a space is the first word of the title
        body = start if glued else bisect_right(offsets, found.end() + 1) - 1
        *hours, minutes, seconds = map(int, found["first"].split(":"))
        before = bare(words[start - 1]) if start and start not in lines else ""
        after_time = bare(words[body]) if start < body < len(words) and body not in lines else ""
        if before not in _WORDS_BEFORE and after_time not in _WORDS_AFTER and not (hours and minutes > 59):
            yield Entry(start, body, sum(hours) * 3600 + minutes * 60 + seconds)


def _as_list(words: Sequence[str], lines: Collection[int], run: list[Entry], limit: int) -> list[Listed]:
    """Return the list that the timestamps in `run` form before position `limit`, or [] if they form no list."""
    first, last = run[0], run[-1]
    end = _line_end(lines, last.body + 1, limit)
    stops = [*(one.start for one in run[1:]), end]
    titles = [words[one.body : _line_end(lines, one.body or 1, stop)] for one, stop in zip(run, stops, strict=True)]
    if len(run) < FEWEST or not all(titles) or max(map(len, titles[:-1])) > MAX_TITLE:
        return []
    is_item = begins_item(words, first.start, lines)
    small = sum(one[0].lstrip(OPENERS)[:1].islower() for one in titles)
    inner = max(sum(map(ends_sentence, one[:-1])) for one in titles[:-1])
    if first.value >= FIRST_MINUTE and (inner or small or not is_item):
        return []
    if inner > MAX_SENTENCES or (not is_item and 2 * small >= len(titles)):
        return []
    whole = next((at + 1 for at in range(last.body, end) if ends_sentence(words[at])), end)
    is_short = not inner and whole - last.body <= max(map(len, titles[:-1])) + FEWEST
    return [Listed(run, whole if is_short else end if end in lines else 0)]


def numbered_lists(words: Sequence[str], lines: Collection[int]) -> Iterator[Listed]:
    """Yield the numbered lists among the words. `lines` are the positions where a line begins. A numbered list begins
    where an item may begin, counts up from 1 without a gap, and has at least three items."""
    runs: list[list[Entry]] = []
    for at, word in enumerate(words[:-1]):
        if found := _NUMBER.fullmatch(word):
            mark = Entry(at, at + 1, int(found[1]))
            if runs and mark.value == runs[-1][-1].value + 1:
                runs[-1].append(mark)
            elif mark.value == 1 and begins_item(words, at, lines):
                runs.append([mark])
    for run, limit in zip(runs, [*(run[0].start for run in runs[1:]), len(words)], strict=False):
        sizes = [after.start - one.body for one, after in pairwise(run)]
        if len(run) >= FEWEST and min(sizes) > 0 and max(sizes) <= MAX_TITLE:
            end = _line_end(lines, run[-1].body, limit)
            yield Listed(run, end if end < limit else 0)


def mark_lists(starts: dict[int, int], tokens: Sequence[Token], lists: Sequence[Listed]) -> None:
    """Add the items of the lists to `starts`, which maps positions to kinds of blocks. Inside lists, remove blocks of
    other kinds, except those on a new line, and those after the last marker of a list whose end is uncertain."""
    for one in lists:
        for at in range(one.entries[0].start, min(one.end or one.entries[-1].body + 1, len(tokens))):
            if not tokens[at].hard:
                starts.pop(at, None)
        starts |= {entry.start: ITEM for entry in one.entries}
        if 0 < one.end < len(tokens):
            starts.setdefault(one.end, PARAGRAPH)


def segments_of(text: str, tokens: Sequence[Token], starts: dict[int, int]) -> list[tuple[int, list[str]]]:
    """Split a text at `starts` into pairs of kind and words. Markers without a heading, label or item become words."""
    segments: list[tuple[int, list[str]]] = []
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


def line_blocks(lines: Sequence[str], heads: Collection[int] = ()) -> list[Block]:
    """Return the blocks of plain text, with lists found by their markers; `heads` are the line numbers of headings."""
    text = "\n".join(lines)
    tokens = read_tokens(text)
    offsets = accumulate((len(line) + 1 for line in lines), initial=0)
    places = [bisect_left(tokens, offset, key=lambda token: token.start) for offset in offsets]
    starts: dict[int, int] = {}
    for number, (start, end) in enumerate(pairwise(places)):
        starts[start] = HEADING if number in heads else PARAGRAPH
        items = [at for at in range(start, end) if tokens[at].mark == "item"]
        starts |= dict.fromkeys(items if len(items) >= FEWEST_BULLETS else (), ITEM)
    mark_lists(starts, tokens, find_lists(tokens))
    return blocks_of(segments_of(text, tokens, starts))
