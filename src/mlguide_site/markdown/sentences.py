"""Finds the sentence around a position in a text, for backlinks."""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from functools import lru_cache

from mlguide_site.markdown.plain import is_abbreviation

_END = re.compile(r"[.!?…。！？](?:(?<=[。！？])|[\"'”’»)\]]{0,3}\s+(?=[^\s]))")
# words that refer to the sentence before, in the languages of the UI strings
_REFERENCE = re.compile(
    r"(?:Its?|This|That|These|Those|They|Their|He|She|His|Her|Such|Both|The (?:first|second|former|latter)"
    r"|And|But|Or|So|Yet|Also|Then|Er|Es|Sie|Dies(?:e[rs]?)?|Und|Aber|Oder|Dann|Da(?:her|mit|durch)"
    r"|Deshalb|Ils?|Elles?|Cela|Ces?|Cette|C['’]est|Et|Mais|Donc|Ainsi|Alors|Est[aeo]s?|Es[ao]s?|Ell[ao]s?|Y|Pero|Así"
    r"|Entonces|هذا|هذه|هو|هي|و?لكن|لذلك|ثم)\b"
)
_WORD, _WINDOW = 40, 2_000
_OPENING = "([\"'“‘«—–/"
# these words are abbreviations only if a number follows
_BEFORE_NUMBERS = frozenset(["no", "nr", "art", "ex", "ver", "ep", "s"])


def refers_back(text: str) -> bool:
    """Return whether a text begins with a word that refers to the sentence before, such as "It" or "But"."""
    return bool(_REFERENCE.match(text))


@lru_cache(maxsize=64)
def sentence_at(text: str, start: int, end: int, limit: int = 240, shortest: int = 0) -> tuple[str, int, int]:
    """Return the sentence around a range of a text, and the position of the range in the sentence. Whitespace is
    collapsed. If the sentence has more than `limit` characters, `…` replaces words before and after the range. Before a
    sentence of fewer than `shortest` characters, or, if `shortest` is set, before one that `refers_back`, return
    the previous one if both have at most `limit` characters. If there is none, and the sentence is much shorter, also
    return the next one. They are cached for ranges with several entries."""
    start = max(0, min(start, len(text)))
    end = max(start, min(end, len(text)))
    # a fast path for most list items and table cells
    is_tidy = len(text) <= limit and text.isprintable() and "  " not in text and text == text.strip()
    if is_tidy and not _END.search(text):
        return text, start, end
    signs, afters = sentence_ends(text)
    # `end - 1`, because the last character of the range may itself end the sentence
    before, behind = bisect_right(afters, start), bisect_left(signs, end - 1)
    first = max(afters[before - 1] if before else 0, start - _WINDOW)
    last = min(afters[behind] if behind < len(afters) else len(text), end + _WINDOW)
    is_short = last - first < shortest or (shortest and _REFERENCE.match(text, first))
    if before and is_short and last - (earlier := [0, *afters][before - 1]) <= limit:
        first = earlier
    elif 3 * (last - first) < 2 * shortest and behind < len(afters):
        next_one = [*afters, len(text)][behind + 1]
        last = next_one if next_one - first <= limit else last
    left, middle, right = map(_collapsed, (text[first:start], text[start:end], text[end:last]))
    left, right = left.lstrip(), right.rstrip()
    if not left or left.endswith(" "):
        middle = middle.lstrip()
    if (middle or left).endswith(" "):
        right = right.lstrip()
    budget = max(2, limit - len(middle))
    if len(left) + len(right) > budget:
        # if one side is short, the other may be longer; `left` is reversed, because its start must be cut off
        left_limit, right_limit = max(budget // 2, budget - len(right)), max(budget // 2, budget - len(left))
        left, right = _shorten(left[::-1], left_limit)[::-1], _shorten(right, right_limit)
    return left + middle + right, len(left), len(left) + len(middle)


def _collapsed(text: str) -> str:
    """Replace each run of whitespace with a space, faster than with a regular expression."""
    return " ".join(f"|{text}|".split())[1:-1]


@lru_cache(maxsize=64)
def sentence_ends(text: str) -> tuple[Sequence[int], Sequence[int]]:
    """Return the offsets of the last characters of sentences, and the offsets where the next sentences begin."""
    found = [match.span() for match in _END.finditer(text) if _ends(text, *match.span())]
    return [sign for sign, _ in found], [after for _, after in found]


def _ends(text: str, sign: int, after: int) -> bool:
    """Return whether the character at `sign` ends a sentence. `after` is the offset of the next sentence."""
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


def _shorten(text: str, limit: int) -> str:
    if len(text) <= limit:
        return text
    kept = text[: max(0, limit - 1)]
    if not text[len(kept) : len(kept) + 1].isspace():
        kept = kept[: kept.rfind(" ") + 1]
    return kept.rstrip() + "…"
