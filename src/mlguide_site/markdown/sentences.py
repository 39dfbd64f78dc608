"""The sentence around a place in a text, for backlinks."""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from functools import lru_cache

from mlguide_site.markdown.plain import is_abbreviation

# begins with a set of signs, so that the engine skips other characters quickly
_END = re.compile(r"[.!?…。！？](?:(?<=[。！？])|[\"'”’»)\]]{0,3}\s+(?=[^\s]))")
_WORD, _WINDOW = 40, 2_000
_OPENING = "([\"'“‘«—–/"
# abbreviations before a number, words elsewhere
_BEFORE_NUMBERS = frozenset(["no", "nr", "art", "ex", "ver", "ep", "s"])


@lru_cache(maxsize=64)
def sentence_at(text: str, start: int, end: int, limit: int = 240) -> tuple[str, int, int]:
    """The sentence of a block's text around the characters `start` to `end`, and their place in it.

    White space is folded. A sentence longer than `limit` characters is cut between words on either side and marked with
    `…`; the text from `start` to `end` is kept whole, so it alone may be longer than the limit. Cached, since several
    entries or episodes may be named at one place.

    >>> sentence_at("We met Dr. Lee, e.g. in Node.js 3.5. He likes  Docker. End.", 47, 53)
    ('He likes Docker.', 9, 15)
    >>> sentence_at("one two three four five", 8, 13, 15)
    ('…two three…', 5, 10)
    """
    start = max(0, min(start, len(text)))
    end = max(start, min(end, len(text)))
    # a short text without a second sentence, and with nothing to fold: most list items and cells
    is_tidy = len(text) <= limit and text.isprintable() and "  " not in text and text == text.strip()
    if is_tidy and not _END.search(text):
        return text, start, end
    signs, afters = _sentence_ends(text)
    before, behind = bisect_right(afters, start), bisect_left(signs, end - 1)
    # far from the place nothing is shown; the last character of the place itself may end its sentence
    first = max(afters[before - 1] if before else 0, start - _WINDOW)
    last = min(afters[behind] if behind < len(afters) else len(text), end + _WINDOW)
    left, middle, right = (re.sub(r"\s+", " ", part) for part in (text[first:start], text[start:end], text[end:last]))
    left, right = left.lstrip(), right.rstrip()
    if not left or left.endswith(" "):
        middle = middle.lstrip()
    if (middle or left).endswith(" "):
        right = right.lstrip()
    room = max(2, limit - len(middle))
    if len(left) + len(right) > room:
        # space that one side leaves is the other's; the end of a text is the start of its reverse
        own, other = max(room // 2, room - len(right)), max(room // 2, room - len(left))
        left, right = _head(left[::-1], own)[::-1], _head(right, other)
    return left + middle + right, len(left), len(left) + len(middle)


@lru_cache(maxsize=64)
def _sentence_ends(text: str) -> tuple[Sequence[int], Sequence[int]]:
    """The offsets of the signs that end sentences and of what follows; cached, since names often share a block."""
    found = [match.span() for match in _END.finditer(text) if _ends(text, *match.span())]
    return [sign for sign, _ in found], [after for _, after in found]


def _ends(text: str, sign: int, after: int) -> bool:
    """Whether a sign ends a sentence, what follows beginning at `after`."""
    if text[sign] in "。！？":
        return True
    following = text[after : after + 1]
    if following.islower():
        return False
    if text[sign] != ".":
        return True
    words = text[max(0, sign - _WORD) : sign].split()
    word = words[-1] if words and not text[sign - 1].isspace() else ""
    if word.lower().lstrip(_OPENING) in _BEFORE_NUMBERS:
        return not following.isdigit()
    return not is_abbreviation(word)


def _head(text: str, room: int) -> str:
    """The words at the beginning of a text that fit, and `…`."""
    if len(text) <= room:
        return text
    kept = text[: max(0, room - 1)]
    if not text[len(kept) : len(kept) + 1].isspace():
        kept = kept[: kept.rfind(" ") + 1]
    return kept.rstrip() + "…"
