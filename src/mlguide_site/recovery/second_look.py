"""A second look at possible headings, which compares each with the others on the page: with the same words in other
notes, with repeated words that have the same order in all notes, and with the form of probable headings."""

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from heapq import nlargest
from itertools import chain
from math import log
from statistics import fmean

from mlguide_site.recovery.features import COLON, END, Key, Note
from mlguide_site.recovery.tokens import OPENERS

FEWEST_NOTES = 6  # minimum number of notes on a page
PROBABLE = 0.3
FEWEST_USES, MAX_ANCHORS = 3, 20
"""The minimum number of notes that contain an anchor, and the maximum number of anchors, whose order is compared."""
Words = tuple[int, int]  # the start and end of a possible heading
Form = tuple[str, int]  # a property of a possible heading
ANY = ("any", 0)
NONE = -1.0
Scores = Sequence[Mapping[Words, float]]


class _Uses:
    """The notes in which a page uses some words: the number of uses and the position of the first one by note, and the
    scores of possible headings with these words by note."""

    def __init__(self) -> None:
        self.counts, self.first, self.scores = Counter[int](), dict[int, int](), defaultdict[int, list[float]](list)

    @property
    def once(self) -> float:
        """The share of the notes that contain the words only once."""
        return sum(count == 1 for count in self.counts.values()) / len(self.counts)

    @property
    def sure(self) -> float:
        return fmean(chain(*self.scores.values()))


def compare(notes: Sequence[Note], scores: Scores) -> list[list[list[float]]]:
    """Return the features of the possible headings of each note, in the order of `scores`, their probabilities."""
    uses = _uses(notes, scores)
    anchors = _anchors(uses, len(notes))
    facts = {key: (len(one.counts) / len(notes), one.once, _order(key, uses, anchors)) for key, one in uses.items()}
    others = {key: _others(found) for key, found in uses.items()}
    rivals = [_rivals(note, own) for note, own in zip(notes, scores, strict=True)]
    # the sums of the scores of probable headings by form: of all, and of those with the same words
    forms, own_forms = Counter[Form](), defaultdict[Key, Counter[Form]](Counter)
    for note, own, rival in zip(notes, scores, rivals, strict=True):
        for words, sure in own.items():
            if sure > PROBABLE and sure >= rival[words]:
                found = dict.fromkeys((ANY, *_form(note, *words)), sure)
                forms.update(found)
                own_forms[_key(note, words)].update(found)

    def row(at: int, words: Words, sure: float) -> list[float]:
        note, key = notes[at], _key(notes[at], words)
        same, own, rival = own_forms.get(key, Counter[Form]()), _logit(sure), _logit(rivals[at][words])
        alike = ((forms[one] - same[one]) / (forms[ANY] - same[ANY] + 1) for one in _form(note, *words))
        return [own, rival, own - rival, *others[key][at], *facts[key], *alike]

    return [[row(at, words, sure) for words, sure in own.items()] for at, own in enumerate(scores)]


def _key(note: Note, words: Words) -> Key:
    return tuple(note.keys[slice(*words)])


def _uses(notes: Sequence[Note], scores: Scores) -> dict[Key, _Uses]:
    uses = defaultdict[Key, _Uses](_Uses)
    for at, (note, own) in enumerate(zip(notes, scores, strict=True)):
        for words, sure in own.items():
            uses[_key(note, words)].scores[at].append(sure)
    for size in {len(key) for key in uses}:
        for at, note in enumerate(notes):
            for start in range(note.size - size + 1):
                if found := uses.get(_key(note, (start, start + size))):
                    found.counts[at] += 1
                    found.first.setdefault(at, start)
    return dict(uses)


def _anchors(uses: Mapping[Key, _Uses], size: int) -> list[Key]:
    """Return words that many notes contain once, those that are most probably headings first."""
    often = {key: len(found.counts) * found.once for key, found in uses.items() if len(found.counts) >= FEWEST_USES}
    found = [key for key in often if uses[key].once >= 0.8 and len(uses[key].counts) >= size / 5]
    return sorted(found, key=lambda key: (-often[key] * (uses[key].sure + 0.02), key))[:MAX_ANCHORS]


def _order(key: Key, uses: Mapping[Key, _Uses], anchors: Collection[Key]) -> float:
    """Return how constantly words come before or after the anchors that share no word with them, from about 0 to 1."""
    first, total, weight = uses[key].first, 0.0, 0
    for anchor in anchors if len(first) >= FEWEST_USES else ():
        if set(anchor).isdisjoint(key):
            places = uses[anchor].first
            signs = [1 if places[at] > start else -1 for at, start in first.items() if at in places]
            if (count := len(signs)) >= FEWEST_USES:
                # without bias: in random order, the square of the sum is the number of the signs
                total += (sum(signs) ** 2 - count) / (count - 1)
                weight += count
    return total / weight if weight else NONE


def _others(found: _Uses) -> Mapping[int, Sequence[float]]:
    """Return statistics of the possible headings with the same words in other notes, by note: their number, the mean
    and the maximum of their scores, and their number for each other note with the words."""
    sums = {at: (len(own), sum(own)) for at, own in found.scores.items()}
    number, total = sum(count for count, _ in sums.values()), sum(own for _, own in sums.values())
    best = nlargest(2, ((max(own), at) for at, own in found.scores.items()))
    rows = {}
    for at, (count, own) in sums.items():
        left, notes = number - count, len(found.counts) - 1
        most = next((sure for sure, other in best if other != at), NONE)
        rows[at] = (left, (total - own) / left if left else NONE, most, left / notes if notes else NONE)
    return rows


def _rivals(note: Note, scores: Mapping[Words, float]) -> dict[Words, float]:
    """Return the highest score of the other possible headings that overlap each possible heading."""
    best: list[list[tuple[float, Words]]] = [[] for _ in range(note.size)]
    for words, sure in scores.items():
        for at in range(*words):
            best[at].append((sure, words))
    tops = [nlargest(2, found) for found in best]
    return {
        words: max((sure for at in range(*words) for sure, other in tops[at] if other != words), default=0.0)
        for words in scores
    }


def _form(note: Note, start: int, end: int) -> tuple[Form, ...]:
    """Return the capitals, the length, the sign before, and the last sign of words."""
    texts = [token.text.lstrip(OPENERS) for token in note.tokens[start:end]]
    names = [text for text in texts if text[:1].isalpha()]
    upper = [text[:1].isupper() for text in names]
    capitals = 2 + upper[0] + 2 * (sum(upper) > 1) + 4 * all(upper) if names else 0
    if sum(map(len, names)) > 3 and all(map(str.isupper, names)):
        capitals = 1  # words in capitals, not an abbreviation
    before = note.padded[start]
    sign = 2 * bool(before[END]) + bool(before[COLON])
    return ("capitals", capitals), ("length", min(4, end - start)), ("before", sign), ("last", texts[-1][-1:].isalnum())


def _logit(probability: float) -> float:
    limited = min(max(probability, 1e-4), 1 - 1e-4)
    return log(limited / (1 - limited))
