"""Abbreviations that a text expands itself: `Foundation Model (FM)`, `FM (foundation model)`.

After A. Schwartz and M. Hearst, "A simple algorithm for identifying abbreviation definitions in biomedical text", 2003,
but stricter: each letter of the abbreviation begins a word, in order, or is inside one, and no other content word may
be between them.
"""

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from mlguide_site.editing.suggest.vocabulary import SMALL, TITLE_JOINERS
from mlguide_site.linking.spelling import singular

_SHORT = r"[A-Za-z][A-Za-z0-9&./-]{0,9}[A-Za-z0-9]"
_AFTER_NAME = re.compile(rf"(?<=[\w”\"']) \(({_SHORT})(?:\)|[,;] )")
_BEFORE_NAME = re.compile(rf"(?<![\w.-])({_SHORT})(?: \((?:short for |= ?)?|: (?=[a-z]))([^().;:]{{4,90}})")
_WORD = re.compile(r"[^\W_]+(?:[-'’][^\W_]+)*")
_STOP = re.compile(r"[.!?;:()\[\]|•]|,(?= )")
_REACH = 120
"""Characters before a parenthesis in which the expansion is searched."""
_MAX_WORDS = 8


class Expansion(NamedTuple):
    """An abbreviation, what it stands for, and where the latter begins and ends in the text."""

    short: str
    long: str
    start: int
    end: int


def expansions(text: str) -> list[Expansion]:
    """The expansions in a text, in order.

    >>> [one[:2] for one in expansions("A Foundation Model (FM) and RL (reinforcement learning). It (Linux) runs.")]
    [('FM', 'Foundation Model'), ('RL', 'reinforcement learning')]
    >>> [one[:2] for one in expansions("VMs: virtual machines. Networks (GANs) of generative adversarial networks")]
    [('VM', 'virtual machine')]
    """
    return sorted({*_before_parenthesis(text), *_after_abbreviation(text)}, key=lambda one: (one.start, one.short))


def _before_parenthesis(text: str) -> Iterator[Expansion]:
    for match in _AFTER_NAME.finditer(text):
        begin = max(0, match.start() - _REACH)
        begin = max((sign.end() for sign in _STOP.finditer(text, begin, match.start())), default=begin)
        words = list(_WORD.finditer(text, begin, match.start()))[-_MAX_WORDS:]
        for at in range(len(words) - 1, -1, -1):
            if expanded := expand(match[1], [word[0] for word in words[at:]]):
                yield Expansion(*expanded, words[at].start(), words[-1].end())
                break


def _after_abbreviation(text: str) -> Iterator[Expansion]:
    for match in _BEFORE_NAME.finditer(text):
        stop = _STOP.search(text, match.start(2), match.end(2))
        words = list(_WORD.finditer(text, match.start(2), stop.start() if stop else match.end(2)))
        for count in range(min(len(words), _MAX_WORDS), 0, -1):
            if expanded := expand(match[1], [word[0] for word in words[:count]]):
                yield Expansion(*expanded, words[0].start(), words[count - 1].end())
                break


def expand(short: str, words: Sequence[str]) -> tuple[str, str] | None:
    """Abbreviation and expansion, both in the singular, where the words are what the abbreviation stands for: two to
    eight letters, half of them capitals at least.

    >>> expand("GANs", ["Generative", "Adversarial", "Networks"]), expand("k-NN", ["k-nearest", "neighbours"])
    (('GAN', 'Generative Adversarial Network'), ('k-NN', 'k-nearest neighbours'))
    >>> expand("AWS", ["always"]), expand("ML", ["Machine", "for", "Learning", "of"])
    (None, None)
    """
    one = short[:-1] if short.endswith("s") and len(short) > 2 and short[-2].isupper() else short
    letters = [char for char in one if char.isalpha()]
    if not 2 <= len(letters) <= 8 or sum(map(str.isupper, letters)) * 2 < len(letters):
        return None
    parts = [part.lower() for word in words for part in re.split(r"[-'’]", word) if part]
    if len(parts) < 2 or {parts[0], parts[-1]} & SMALL or one.lower() in parts or " ".join(words).isupper():
        return None
    if not _abbreviates("".join(letters).lower(), parts):
        return None
    *head, last = words
    return one, " ".join([*head, singular(last) or last]) if one != short else " ".join(words)


def _abbreviates(letters: str, parts: Sequence[str]) -> bool:
    """Whether letters begin words in order, each with further ones of the same word (`lora`: low-rank adaptation)."""
    if not letters or not parts:
        return not letters and all(part in SMALL for part in parts)
    for count in range(1, len(letters) + 1) if parts[0][0] == letters[0] else ():
        rest = iter(parts[0])
        if all(letter in rest for letter in letters[:count]) and _abbreviates(letters[count:], parts[1:]):
            return True
    return parts[0] in SMALL | TITLE_JOINERS and _abbreviates(letters, parts[1:])
