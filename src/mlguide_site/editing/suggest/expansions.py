"""Abbreviations that a text expands itself: `Foundation Model (FM)`, `FM (foundation model)`, `FM: foundation model`.

Each letter of the abbreviation must begin a word, in order, or stand inside one; words that no letter begins must be
small. A. Schwartz and M. Hearst, "A simple algorithm for identifying abbreviation definitions in biomedical text",
2003, is the laxer model.
"""

import re
from collections.abc import Iterator
from typing import NamedTuple

from mlguide_site.editing.suggest import lists

_SHORT = r"[A-Za-z][A-Za-z0-9&./-]{0,9}[A-Za-z0-9]"
_BEHIND = re.compile(rf"(?<=[\w”\"']) \(({_SHORT})(?:\)|[,;] )")
_BEFORE = re.compile(
    rf"(?<![\w.-])({_SHORT})(?: \((?:or |for |short for |i\.e\.,? |= ?)?([^()]{{4,90}})\)"
    r"|: ([^.;:()]{4,90})| (?:stands for|is short for|means) ([^.;:()]{4,90}))"
)
_WORD = re.compile(r"[^\W_]+(?:[-'’][^\W_]+)*")
_STOP = re.compile(r"[.!?;:()\[\]|•]|,(?= )")


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
    found = [*_behind(text), *_before(text)]
    return sorted(set(found), key=lambda one: (one.start, one.short))


def _behind(text: str) -> Iterator[Expansion]:
    for match in _BEHIND.finditer(text):
        short = match[1]
        if not is_short(short):
            continue
        stop = max((sign.end() for sign in _STOP.finditer(text, max(0, match.start() - 120), match.start())), default=0)
        words = list(_WORD.finditer(text, max(stop, match.start() - 120), match.start()))
        letters = sum(char.isalpha() for char in short)
        words = words[-min(letters + 5, letters * 2) :]
        for at in range(len(words) - 1, -1, -1):
            if expanded := fits(short, [word[0] for word in words[at:]]):
                yield Expansion(*expanded, words[at].start(), words[-1].end())
                break


def _before(text: str) -> Iterator[Expansion]:
    for match in _BEFORE.finditer(text):
        group = next(number for number in (2, 3, 4) if match[number])
        short = match[1]
        if not is_short(short):
            continue
        stop = _STOP.search(text, match.start(group), match.end(group))
        words = list(_WORD.finditer(text, match.start(group), stop.start() if stop else match.end(group)))
        if words and words[0][0].lower() in {"a", "an", "the"}:
            words = words[1:]
        if group == 2 and len(words) > 8:
            continue
        for count in range(1, min(len(words), 8) + 1):
            if group == 2 and count < len(words):
                continue
            if expanded := fits(short, [word[0] for word in words[:count]]):
                yield Expansion(*expanded, words[0].start(), words[count - 1].end())
                break


def is_short(text: str) -> bool:
    """Whether a text looks like an abbreviation: two letters or more, mostly capitals.

    >>> is_short("GANs"), is_short("LoRA"), is_short("Linux"), is_short("A")
    (True, True, False, False)
    """
    letters = [char for char in _one(text) if char.isalpha()]
    if not 2 <= len(letters) <= 8:
        return False
    return sum(map(str.isupper, letters)) * 2 >= len(letters)


def _one(short: str) -> str:
    """An abbreviation without the small s of its plural."""
    return short[:-1] if short.endswith("s") and len(short) > 2 and short[-2].isupper() else short


def fits(short: str, words: list[str]) -> tuple[str, str] | None:
    """Abbreviation and expansion, both in the singular, where the words are what the abbreviation stands for.

    >>> fits("GANs", ["Generative", "Adversarial", "Networks"]), fits("k-NN", ["k-nearest", "neighbours"])
    (('GAN', 'Generative Adversarial Network'), ('k-NN', 'k-nearest neighbours'))
    >>> fits("AWS", ["always"]), fits("ML", ["Machine", "for", "Learning", "of"])
    (None, None)
    """
    one = _one(short)
    letters = [char for char in one.lower() if char.isalpha()]
    starts = [part for word in words for part in re.split(r"[-'’]", word) if part]
    if not starts or len(starts) < 2 or " ".join(words).isupper() or any(word.lower() == one.lower() for word in words):
        return None
    # letters that begin words, in order; small words may be passed over, others may not
    at, initials = 0, 0
    for part in starts:
        low = part.lower()
        if at < len(letters) and low[0] == letters[at]:
            at += 1
            initials += 1
            # more letters of the same word: "XML" of "extensible markup language" has none, "TTS" none, "DB" one
            inner = 1
            while at < len(letters) and _inside(low, letters[at], inner, letters[at:], starts, part):
                inner = low.index(letters[at], inner) + 1
                at += 1
        elif low == "extensible" and letters[0] == "x" and at == 0:
            at, initials = 1, 1
        elif low not in lists.SMALL and low not in lists.JOINERS:
            return None
    if at < len(letters) or initials < 2 or starts[-1].lower() in lists.SMALL or starts[0].lower() in lists.SMALL:
        return None
    long = " ".join(words)
    if one != short and long.endswith("s") and not long.endswith("ss"):
        long = _singular(long)
    return one, long


def _inside(low: str, letter: str, inner: int, rest: list[str], starts: list[str], part: str) -> bool:
    """Whether a letter of the abbreviation is one inside this word rather than the first of the next."""
    left = [other.lower() for other in starts[starts.index(part) + 1 :]]
    telling = [word for word in left if word not in lists.SMALL and word not in lists.JOINERS]
    return letter in low[inner:] and len(rest) > len(telling)


def _singular(text: str) -> str:
    if text.endswith("ies") and len(text) > 5:
        return f"{text[:-3]}y"
    if text.endswith(("ches", "shes", "xes", "sses")):
        return text[:-2]
    return text if text.endswith(("us", "is", "ics")) else text[:-1]
