"""Abbreviations that a text expands itself: `Foundation Model (FM)`, `FM (foundation model)`, `FM: foundation model`.

After A. Schwartz and M. Hearst, "A simple algorithm for identifying abbreviation definitions in biomedical text", 2003,
but stricter: each letter of the abbreviation begins a word, in order, or is inside one, and no other content word may
be between them.
"""

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from mlguide_site.editing.suggest.vocabulary import SMALL, TITLE_JOINERS

_SHORT = r"[A-Za-z][A-Za-z0-9&./-]{0,9}[A-Za-z0-9]"
_AFTER = re.compile(rf"(?<=[\w”\"']) \(({_SHORT})(?:\)|[,;] )")
_BEFORE = re.compile(
    rf"(?<![\w.-])({_SHORT})(?: \((?:or |for |short for |i\.e\.,? |= ?)?(?P<inner>[^()]{{4,90}})\)"
    r"|(?:: | (?:stands for|is short for|means) )(?P<rest>[^.;:()]{4,90}))"
)
_WORD = re.compile(r"[^\W_]+(?:[-'’][^\W_]+)*")
_STOP = re.compile(r"[.!?;:()\[\]|•]|,(?= )")
_REACH = 120
"""Characters before a parenthesis in which the expansion is searched."""


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
    for match in _AFTER.finditer(text):
        if not (letters := _letters(match[1])):
            continue
        begin = max(0, match.start() - _REACH)
        begin = max((sign.end() for sign in _STOP.finditer(text, begin, match.start())), default=begin)
        words = list(_WORD.finditer(text, begin, match.start()))[-min(len(letters) + 5, len(letters) * 2) :]
        for at in range(len(words) - 1, -1, -1):
            if expanded := expand(match[1], [word[0] for word in words[at:]]):
                yield Expansion(*expanded, words[at].start(), words[-1].end())
                break


def _after_abbreviation(text: str) -> Iterator[Expansion]:
    for match in _BEFORE.finditer(text):
        if not _letters(match[1]):
            continue
        group = "inner" if match["inner"] else "rest"
        stop = _STOP.search(text, match.start(group), match.end(group))
        words = list(_WORD.finditer(text, match.start(group), stop.start() if stop else match.end(group)))
        words = words[words[:1] != [] and words[0][0].lower() in {"a", "an", "the"} :]
        # a parenthesis is the expansion as a whole, a sentence begins with it
        counts = [len(words)] if group == "inner" else range(1, min(len(words), 8) + 1)
        for count in counts:
            if 0 < count <= 8 and (expanded := expand(match[1], [word[0] for word in words[:count]])):
                yield Expansion(*expanded, words[0].start(), words[count - 1].end())
                break


def _letters(short: str) -> list[str]:
    """The letters of an abbreviation, small; none where a text doesn't look like one: two to eight letters, half of
    them capitals at least.

    >>> _letters("GANs"), _letters("Linux")
    (['g', 'a', 'n'], [])
    """
    letters = [char for char in _singular_short(short) if char.isalpha()]
    is_short = 2 <= len(letters) <= 8 and sum(map(str.isupper, letters)) * 2 >= len(letters)
    return [char.lower() for char in letters] if is_short else []


def _singular_short(short: str) -> str:
    return short[:-1] if short.endswith("s") and len(short) > 2 and short[-2].isupper() else short


def expand(short: str, words: Sequence[str]) -> tuple[str, str] | None:
    """Abbreviation and expansion, both in the singular, where the words are what the abbreviation stands for.

    >>> expand("GANs", ["Generative", "Adversarial", "Networks"]), expand("k-NN", ["k-nearest", "neighbours"])
    (('GAN', 'Generative Adversarial Network'), ('k-NN', 'k-nearest neighbours'))
    >>> expand("AWS", ["always"]), expand("ML", ["Machine", "for", "Learning", "of"])
    (None, None)
    """
    one = _singular_short(short)
    letters = [char for char in one.lower() if char.isalpha()]
    parts = [part.lower() for word in words for part in re.split(r"[-'’]", word) if part]
    small = SMALL | TITLE_JOINERS
    if len(parts) < 2 or parts[0] in SMALL or parts[-1] in SMALL or one.lower() in parts or " ".join(words).isupper():
        return None
    at, initials = 0, 0
    for number, part in enumerate(parts):
        if at < len(letters) and part[0] == letters[at]:
            at, initials, inner = at + 1, initials + 1, 1
            # more letters of the same word, as in "PostgreSQL (PG)", while fewer words are left than letters
            while at < len(letters) and len(letters) - at > sum(word not in small for word in parts[number + 1 :]):
                found = part.find(letters[at], inner)
                if found < 0:
                    break
                at, inner = at + 1, found + 1
        elif part not in small:
            return None
    if at < len(letters) or initials < 2:
        return None
    long = " ".join(words)
    return one, _singular(long) if one != short else long


def _singular(text: str) -> str:
    if text.endswith("ies") and len(text) > 5:
        return f"{text[:-3]}y"
    if text.endswith(("ches", "shes", "xes", "sses")):
        return text[:-2]
    return text[:-1] if text.endswith("s") and not text.endswith(("ss", "us", "is", "ics")) else text
