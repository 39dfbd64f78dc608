"""Finds the sentence around a position in a text, for backlinks."""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from functools import lru_cache

from mlguide_site.markdown.plain import is_abbreviation

# the pattern begins with a character class, so that the search skips other characters quickly
_END = re.compile(r"[.!?…。！？](?:(?<=[。！？])|[\"'”’»)\]]{0,3}\s+(?=[^\s]))")
_WORD, _WINDOW = 40, 2_000
_OPENING = "([\"'“‘«—–/"
# these words are abbreviations only if a number follows
_BEFORE_NUMBERS = frozenset(["no", "nr", "art", "ex", "ver", "ep", "s"])


@lru_cache(maxsize=64)
def sentence_at(text: str, start: int, end: int, limit: int = 240) -> tuple[str, int, int]:
    """Return the sentence around the characters `start` to `end` of a block's text, and their position in the sentence.
    Whitespace is collapsed. If a sentence is longer than `limit` characters, it is cut between words, and `…` marks
    each cut. The text from `start` to `end` is always kept whole, even if this text is longer than the limit. Results
    are cached, because one place may mention several entries or episodes.

    >>> sentence_at("We met Dr. Lee, e.g. in Node.js 3.5. He likes  Docker. End.", 47, 53)
    ('He likes Docker.', 9, 15)
    >>> sentence_at("one two three four five", 8, 13, 15)
    ('…two three…', 5, 10)
    """
    start = max(0, min(start, len(text)))
    end = max(start, min(end, len(text)))
    # most list items and table cells are one short sentence and have no whitespace to collapse
    is_tidy = len(text) <= limit and text.isprintable() and "  " not in text and text == text.strip()
    if is_tidy and not _END.search(text):
        return text, start, end
    signs, afters = _sentence_ends(text)
    before, behind = bisect_right(afters, start), bisect_left(signs, end - 1)
    # limit the work in long blocks; the last character of the mention may itself end the sentence
    first = max(afters[before - 1] if before else 0, start - _WINDOW)
    last = min(afters[behind] if behind < len(afters) else len(text), end + _WINDOW)
    left, middle, right = (re.sub(r"\s+", " ", part) for part in (text[first:start], text[start:end], text[end:last]))
    left, right = left.lstrip(), right.rstrip()
    if not left or left.endswith(" "):
        middle = middle.lstrip()
    if (middle or left).endswith(" "):
        right = right.lstrip()
    budget = max(2, limit - len(middle))
    if len(left) + len(right) > budget:
        # each side may use the space that the other side doesn't need; the left side is reversed to shorten its start
        left_limit, right_limit = max(budget // 2, budget - len(right)), max(budget // 2, budget - len(left))
        left, right = _shorten(left[::-1], left_limit)[::-1], _shorten(right, right_limit)
    return left + middle + right, len(left), len(left) + len(middle)


@lru_cache(maxsize=64)
def _sentence_ends(text: str) -> tuple[Sequence[int], Sequence[int]]:
    """Return two lists of offsets: where each sentence ends, and where the next one begins. Results are cached."""
    found = [match.span() for match in _END.finditer(text) if _ends(text, *match.span())]
    return [sign for sign, _ in found], [after for _, after in found]


def _ends(text: str, sign: int, after: int) -> bool:
    """Return whether the character at `sign` ends a sentence if the next text begins at `after`."""
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
    """Shorten a text to at most `limit` characters by cutting between words, and add `…`."""
    if len(text) <= limit:
        return text
    kept = text[: max(0, limit - 1)]
    if not text[len(kept) : len(kept) + 1].isspace():
        kept = kept[: kept.rfind(" ") + 1]
    return kept.rstrip() + "…"
