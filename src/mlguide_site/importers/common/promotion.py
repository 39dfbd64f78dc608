"""Promotion: what a show says in many of its notes and that is no fact of the episode. Patterns, and where they match.

A pattern is a run of words; `*` matches any words of the same sentence, none to twenty (at the end of a pattern:
the rest of the sentence, if that is no more). Letter case, the kind of dash and of quotation mark, and punctuation
after a word make no difference.
"""

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple

from mlguide_site.markdown.plain import ends_sentence

MAX_GAP = 20
_WORD = re.compile(r"\S+")
_ALIKE = str.maketrans({**dict.fromkeys("‐‑‒–—―−", "-"), **dict.fromkeys("‘’‚‛′", "'"), **dict.fromkeys("“”„‟″", '"')})
_TRAILING = ".,!?;:…"


class Word(NamedTuple):
    """A word of a text: its place, as written, and as compared."""

    start: int
    end: int
    text: str
    key: str


class Match(NamedTuple):
    """Where in a text a pattern matches, in characters."""

    start: int
    end: int
    pattern: str


@lru_cache(maxsize=65536)
def word_key(word: str) -> str:
    """A word as patterns compare it.

    >>> word_key("Learn!"), word_key("—"), word_key("…")
    ('learn', '-', '…')
    """
    plain = word.translate(_ALIKE).casefold()
    return plain.rstrip(_TRAILING) or plain


def split_words(text: str) -> list[Word]:
    """The words of a text, white space between them."""
    return [Word(found.start(), found.end(), found[0], word_key(found[0])) for found in _WORD.finditer(text)]


@lru_cache(maxsize=4096)
def _runs(pattern: str) -> tuple[tuple[str, ...], ...]:
    """The runs of words between the stars of a pattern; an empty last one where it ends in a star."""
    runs = [tuple(word_key(word) for word in part.split()) for part in pattern.strip().lstrip("* ").split("*")]
    return tuple(run for at, run in enumerate(runs) if run or at == len(runs) - 1)


def find_matches(text: str, patterns: Collection[str]) -> list[Match]:
    """Where patterns match in a text, in order and without overlap; of those that begin together the longest counts."""
    # most texts hold no word that a pattern begins with
    firsts = {runs[0][0] for pattern in patterns if (runs := _runs(pattern)) and runs[0]}
    words = [] if firsts.isdisjoint(map(word_key, text.split())) else split_words(text)
    return [
        Match(words[start].start, words[end - 1].end, pattern) for start, end, pattern in match_words(words, patterns)
    ]


def match_words(words: Sequence[Word], patterns: Iterable[str]) -> Iterator[tuple[int, int, str]]:
    """The first word of each match, the one behind its last, and its pattern."""
    openings: dict[str, list[tuple[str, tuple[tuple[str, ...], ...]]]] = {}
    for pattern in patterns:
        if (runs := _runs(pattern)) and runs[0]:
            openings.setdefault(runs[0][0], []).append((pattern, runs))
    at = 0
    while at < len(words):
        found = ((_match(words, at, runs), pattern) for pattern, runs in openings.get(words[at].key, ()))
        end, pattern = max(found, default=(0, ""))
        if end:
            yield at, end, pattern
        at = end or at + 1


def _match(words: Sequence[Word], at: int, runs: Sequence[tuple[str, ...]]) -> int:
    """The word behind a match of all runs beginning at a word; 0 where there is none."""
    end = _run_at(words, at, runs[0])
    for run in runs[1:]:
        if not end:
            return 0
        stop = _sentence_end(words, end)
        if not run:
            return stop if stop - end <= MAX_GAP else end
        starts = range(end, max(stop, end + 1))
        end = next((found for start in starts if (found := _run_at(words, start, run))), 0)
    return end


def _run_at(words: Sequence[Word], at: int, run: Sequence[str]) -> int:
    end = at + len(run)
    return end if end <= len(words) and all(words[at + k].key == key for k, key in enumerate(run)) else 0


def _sentence_end(words: Sequence[Word], at: int) -> int:
    """The index behind the sentence that the word before an index is in, as far as a gap may reach."""
    last = min(at + MAX_GAP + 1, len(words))
    return next((end for end in range(at, last) if ends_sentence(words[end - 1].text)), last)


def cut_out(text: str, matches: Sequence[Match], mark: str = " ") -> str:
    """A text without what matched, `mark` in its place; every other word stays in order.

    >>> cut_out("One. Buy now! Two.", find_matches("One. Buy now! Two.", ["Buy now"]))
    'One. Two.'
    """
    starts, ends = [0, *(match.end for match in matches)], [*(match.start for match in matches), len(text)]
    parts = (text[start:end].strip() for start, end in zip(starts, ends, strict=True))
    return mark.join(part for part in parts if part)
