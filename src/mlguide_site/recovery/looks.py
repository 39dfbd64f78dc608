"""What a word says by itself: its number, its shape, and how it begins and ends."""

import re
from functools import lru_cache
from typing import NamedTuple

from mlguide_site.recovery.lexicon import FINITE, part_of
from mlguide_site.recovery.words import (
    CLASSES,
    CLOSERS,
    OPEN_ENDED,
    OPENERS,
    SMALL,
    bare,
    ends_colon,
    ends_sentence,
    number_of,
    stem,
)

_STAMP = re.compile(r"[(\[]\d{1,2}:\d\d")
_ENDS = {
    ".": 1,
    ":": 2,
    ",": 3,
    ";": 4,
    "?": 5,
    "!": 6,
    ")": 7,
    "…": 8,
    "-": 9,
    "–": 9,
    "—": 9,
    '"': 10,
    "”": 10,
    "'": 10,
}


UNKNOWN_NAME = 22
AUXILIARIES = frozenset(
    "is are was were has have had do does did can could may might will would shall should must isn't aren't can't don't"
    " doesn't won't didn't it's that's there's you're we're".split()
)


class Look(NamedTuple):
    """What one word says by itself; numbers are stable across runs."""

    word: int
    stem: int
    suffix: int
    shape: int
    kind: int
    end: int
    start: int
    upper: bool
    small: bool
    title: bool
    content: bool
    sentence: bool
    colon: bool
    comma: bool
    digit: bool
    special: bool
    opened: int
    quotes: int
    hanging: bool
    plural: bool
    part: int
    finite: bool


@lru_cache(maxsize=65536)
def look_at(text: str) -> Look:
    """The look of a token."""
    word = bare(text)
    inner = text.lstrip(OPENERS)
    first = inner[:1] or text[:1]
    shape = _shape(text)
    small = word in SMALL or text.casefold() in SMALL
    upper = first.isupper()
    digit = first.isdigit()
    part = CLASSES.get(word, CLASSES.get(text.casefold(), 0)) or part_of(word) or (UNKNOWN_NAME if upper else 0)
    plain = word.isalpha() or "-" in word or "'" in word
    return Look(
        number_of(word),
        number_of(stem(word)),
        number_of("~" + word[-3:]) if word.isalpha() and len(word) > 4 else number_of("=" + shape),
        number_of(shape),
        CLASSES.get(word, CLASSES.get(text.casefold(), 0)),
        _ENDS.get(text[-1], 0),
        _start(text, first),
        upper,
        small,
        upper or digit or small or not any(map(str.isalnum, text)) or not first.islower(),
        plain and not small and word not in CLASSES and len(word) > 2,
        ends_sentence(text),
        ends_colon(text),
        text.endswith(","),
        any(map(str.isdigit, text)),
        any(c in text[1:-1] for c in "_/.") or any(c.isupper() for c in inner[1:]),
        text.count("(") + text.count("[") - text.count(")") - text.count("]"),
        sum(map(text.count, '"“”«»')),
        text.endswith((",", ";", "-", "–", "—", "/")) or text.casefold() in OPEN_ENDED,
        plain
        and len(word) > 3
        and text.endswith("s")
        and not text.endswith(("ss", "us", "is", "'s", "’s"))
        and not small,
        part,
        not upper and (part == FINITE or word in AUXILIARIES),
    )


def _shape(text: str) -> str:
    """Letters as X, x and 9, runs folded, at most eight signs."""
    signs: list[str] = []
    for char in text[:40]:
        sign = "X" if char.isupper() else "x" if char.isalpha() else "9" if char.isdigit() else char
        if not signs or signs[-1] != sign:
            signs.append(sign)
    return "".join(signs[:8])


def _start(text: str, first: str) -> int:
    if text[0] in "([{":
        return 4 if _STAMP.match(text) else 1
    if text[0] in OPENERS:
        return 2
    if first.isupper():
        return 3
    if first.isdigit():
        return 4
    if first.islower():
        return 5
    return 6 if text[0] in CLOSERS + ",.;:!?" else 7
