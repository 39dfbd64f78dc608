"""The sentence around a place in a text, for backlinks."""

import re
from functools import lru_cache

_WINDOW = 2_000
# begins with a set of signs, for which the engine skips all other characters at once
_END = re.compile(r"[.!?…。！？](?:(?<=[。！？])|[\"'”’»)\]]{0,3}\s+(?=[^\s]))")
_WORD = 40
_OPENING = "([\"'“‘«—–/"
_ABBREVIATIONS = frozenset(
    "al approx bros ca cf ch co corp dept dr ed eds eg eq est fig figs gen gov hon ie inc jr lt ltd messrs mr mrs ms mt"
    " nos op p pp pres prof ref refs rep rev sec sen sr st vol vols vs viz".split()
)
_LONGEST = max(map(len, _ABBREVIATIONS))
_BEFORE_NUMBERS = frozenset(["no", "nr", "art", "ex", "ver", "ep", "s"])
_CLOSING = "\"'”’»)]"


def sentence_at(text: str, start: int, end: int, limit: int = 240) -> tuple[str, int, int]:
    """The sentence of a block's text around the characters `start` to `end`, and where these stand in it.

    White space is folded. A sentence longer than `limit` characters is cut at word borders on either side and marked
    with `…`; what stands between `start` and `end` is kept whole, so it alone may be longer than the limit.

    >>> sentence_at("We met Dr. Lee, e.g. in Node.js 3.5. He likes  Docker. End.", 47, 53)
    ('He likes Docker.', 9, 15)
    >>> sentence_at("one two three four five", 8, 13, 15)
    ('…two three…', 5, 10)
    """
    if not 0 <= start <= end <= len(text):
        start = max(0, min(start, len(text)))
        end = max(start, min(end, len(text)))
    if len(text) <= limit and _is_one_sentence(text):
        return text, start, end
    first, last = _bounds(text, start, end)
    left, middle, right = text[first:start], text[start:end], text[end:last]
    whole = text[first:last]
    if "  " in whole or not whole.isprintable():
        left, middle, right = (re.sub(r"\s+", " ", part) for part in (left, middle, right))
    left, right = left.lstrip(), right.rstrip()
    if not left or left.endswith(" "):
        middle = middle.lstrip()
    if (middle or left).endswith(" "):
        right = right.lstrip()
    if len(left) + len(middle) + len(right) > limit:
        left, right = _cut(left, right, max(2, limit - len(middle)))
    return left + middle + right, len(left), len(left) + len(middle)


def _bounds(text: str, start: int, end: int) -> tuple[int, int]:
    """Where the sentence begins and ends; at most `_WINDOW` characters on either side are looked at."""
    begin = 0
    if len(text) <= _WINDOW:
        for sign, after in _all_ends(text):
            if after <= start:
                begin = after
            elif sign >= end - 1:
                return begin, after
        return begin, len(text)
    first = start - _WINDOW if start > _WINDOW else 0
    last = end + _WINDOW
    begin = first
    for found in _END.finditer(text, first, start + 1):
        if found.end() <= start and _ends(text, found.start() + 1, found.end(), first):
            begin = found.end()
    # the last character of the place itself may be the sign that ends its sentence
    for found in _END.finditer(text, end - 1 if end > first else first, last):
        if _ends(text, found.start() + 1, found.end(), first):
            return begin, found.end()
    return begin, min(last, len(text))


def _is_one_sentence(text: str) -> bool:
    """Whether a text is a single sentence in which there is nothing to fold; most items and cells are."""
    is_tidy = text.isprintable() and "  " not in text and text == text.strip()
    return is_tidy and not _END.search(text)


@lru_cache(maxsize=64)
def _all_ends(text: str) -> tuple[tuple[int, int], ...]:
    """Where sentences of a text end: the sign, and where what follows begins. Names often share a block."""
    found = [(match.start(), match.end()) for match in _END.finditer(text)]
    return tuple((sign, after) for sign, after in found if _ends(text, sign + 1, after, 0))


def _ends(text: str, at: int, after: int, first: int) -> bool:
    """Whether the sign before `at` ends a sentence, what follows beginning at `after`."""
    if text[at - 1] in "。！？":
        return True
    following = text[after : after + 1]
    if following.islower():
        return False
    if text[at - 1] != ".":
        return True
    if at - first > _LONGEST + 2 and text[at - _LONGEST - 2 : at - 1].isalpha():
        # longer than any abbreviation: no need to look for the beginning of the word
        return True
    written = _last_word(text[max(first, at - _WORD) : at]).rstrip("." + _CLOSING)
    bare = written.lower()
    if bare in _BEFORE_NUMBERS:
        return not following.isdigit()
    return not (bare in _ABBREVIATIONS or (len(written) == 1 and written.isupper()) or _is_initials(bare))


def _last_word(text: str) -> str:
    """What stands behind the last space or opening sign."""
    words = text.split()
    if not words or text[-1].isspace():
        return ""
    word = words[-1]
    return word[max(map(word.rfind, _OPENING)) + 1 :]


def _is_initials(word: str) -> bool:
    """Whether a word is single letters with points between them: `e.g`, `u.s.a`."""
    letters = word.split(".")
    return len(letters) > 1 and all(len(letter) == 1 and letter.isalpha() for letter in letters)


def _cut(left: str, right: str, room: int) -> tuple[str, str]:
    """Both sides, cut so that together they have at most `room` characters, marks included."""
    half = room // 2
    if len(left) <= half:
        return left, _head(right, room - len(left))
    if len(right) <= half:
        return _tail(left, room - len(right)), right
    return _tail(left, half), _head(right, room - half)


def _head(text: str, room: int) -> str:
    if len(text) <= room:
        return text
    kept = text[: max(0, room - 1)]
    # a word may end where the room does
    if not text[len(kept) : len(kept) + 1].isspace():
        kept = kept[: kept.rfind(" ") + 1]
    return kept.rstrip() + "…"


def _tail(text: str, room: int) -> str:
    if len(text) <= room:
        return text
    kept = text[len(text) - max(0, room - 1) :] if room > 1 else ""
    if not text[: len(text) - len(kept)][-1:].isspace():
        space = kept.find(" ")
        kept = kept[space + 1 :] if space >= 0 else ""
    return "…" + kept.lstrip()
