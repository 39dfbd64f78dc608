"""Lists whose items kept their numbers or letters in flat text: `1. Warp 2. Weft 3. Reed`, `(a) oak (b) ash (c) elm`.

Such a list begins where an item may begin, counts up from the first without a gap, and has at least three items.
"""

import re
from collections.abc import Collection, Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

from mlguide_site.recovery.times import FEWEST, MAX_TITLE, Entry, Listed, begins_item
from mlguide_site.recovery.words import COUNTED, OPENERS, SMALL, bare, ends_sentence

MAX_SHORT = 12
"""Words of an item that no sentence ends."""
MAX_SENTENCES = 3
_NUMBER = re.compile(r"(?P<open>\(?)(?:(?P<number>[1-9]\d{0,2})|(?P<letter>[a-z]))(?P<close>[.)])", re.A)


class _Mark(NamedTuple):
    at: int
    value: int
    ends: bool
    """whether what stands before it is at an end"""


def numbered_lists(words: Sequence[str], lines: Collection[int] = frozenset()) -> list[Listed]:
    """The numbered and lettered lists among words; `lines` are the places at which a line begins.

    >>> [one.start for one in numbered_lists("Tools: 1. Saw 2. Plane 3. File".split())]
    [1]
    >>> numbered_lists("Version 1. 2 items and 2. 3 items in version 3. Done".split())
    []
    """
    styles: dict[str, list[_Mark]] = {}
    for at, word in enumerate(words[:-1]):
        found = _NUMBER.fullmatch(word) if word[-1] in ".)" else None
        if not found or (found["letter"] and found["close"] == ".") or (found["open"] and found["close"] == "."):
            continue
        style = f"{found['open']}{'a' if found['letter'] else '1'}{found['close']}"
        value = int(found["number"]) if found["number"] else ord(found["letter"]) - ord("a") + 1
        styles.setdefault(style, []).append(_Mark(at, value, begins_item(words, at, lines)))
    found_lists = [one for marks in styles.values() for one in _of_style(words, lines, marks)]
    return sorted(found_lists, key=lambda one: one.start)


def _of_style(words: Sequence[str], lines: Collection[int], marks: Sequence[_Mark]) -> Iterator[Listed]:
    """The lists of one style, such as `1.`."""
    for at, run in enumerate(runs := list(_runs(words, marks))):
        if len(run) < FEWEST:
            continue
        limit = runs[at + 1][0].at if at + 1 < len(runs) else len(words)
        items = [words[one.at + 1 : after.at] for one, after in pairwise(run)]
        if not all(map(_is_item, items)):
            continue
        end = next((place for place in range(run[-1].at + 1, limit) if place in lines), limit)
        entries = tuple(Entry(mark.at, mark.at + ("(" in words[mark.at])) for mark in run)
        yield Listed("number", entries, end, end in lines, run[0].at)


def _runs(words: Sequence[str], marks: Sequence[_Mark]) -> Iterator[list[_Mark]]:
    """Numbers that count up. Where the second stands behind the end of a sentence, the others have to as well."""
    run: list[_Mark] = []
    for mark in marks:
        if run and mark.value == run[-1].value + 1 and mark.at > run[-1].at + 1:
            whole = len(run) < 2 or not run[1].ends or mark.ends
            if whole and (mark.ends or not _belongs(words, mark.at)):
                run.append(mark)
                continue
        if mark.value == 1 and mark.ends:
            if run:
                yield run
            run = [mark]
    if run:
        yield run


def _belongs(words: Sequence[str], at: int) -> bool:
    """Whether a number belongs to the word before it, as in `step 2.`"""
    before = bare(words[at - 1])
    return before in SMALL or before in COUNTED


def _is_item(words: Sequence[str]) -> bool:
    """Whether the words between two numbers may be an item: a short phrase, or a few sentences."""
    if not words or len(words) > MAX_TITLE or not any(word.lstrip(OPENERS)[:1].isalnum() for word in words):
        return False
    inner = sum(map(ends_sentence, words[:-1]))
    return inner < MAX_SENTENCES and (len(words) <= MAX_SHORT or ends_sentence(words[-1]) or words[-1][-1] in ",;")
