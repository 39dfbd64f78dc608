"""What a whole text says about each of its doubtful names: what the first step thinks of the same name and of others
elsewhere in it, how many words of the name's meanings it has, how thick with names it is, and how much of it is about
the trade.

All features begin with `text`. Everything is counted once for the text, so that long texts take linear time.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from math import log2, tanh
from typing import NamedTuple

from mlguide_site.linking.names.context import TRADE, fields_of, stem, word_fields
from mlguide_site.linking.names.folding import BREAK
from mlguide_site.linking.names.sites import CUES, LETTERS, Subject

_FEWEST = 50
"""A text counts as so many words more than it has, so that a short one isn't thick with names for having one."""
_NOTHING_NEAR = 12.0
"""The distance of a name that isn't there, as a logarithm."""
_SIGNS = ".,:;\"'()[]!?|"


class _Sum(NamedTuple):
    """How many doubtful names there are of some sort, and the sum of what the first step thinks of them (-1 to 1)."""

    number: int
    total: float

    def mean(self, without: "_Sum") -> float:
        """The mean of those that are left without some, drawn towards 0."""
        return (self.total - without.total) / (self.number - without.number + 1)


def in_whole_text(
    text: str, starts: Sequence[int], subjects: Sequence[Subject], first: Sequence[float], sure: int
) -> list[dict[str, float]]:
    """The features of each doubtful name of a text (plain). `starts` are their places, `first` the sums of the first
    step, `sure` is how many names there are beyond doubt."""
    if not subjects:
        return []
    scores = [tanh(score / 2) for score in first]
    by_name: dict[str, list[int]] = {}
    for index, subject in enumerate(subjects):
        by_name.setdefault(subject.name, []).append(index)
    own = {name: _sum(scores, places) for name, places in by_name.items()}
    kinds = _sums((subjects[places[0]].kind, own[name]) for name, places in by_name.items())
    groups = _sums((group, own[name]) for name, places in by_name.items() for group in subjects[places[0]].groups)
    every = _sum(scores, range(len(scores)))
    words = _words(text)
    stems: Counter[str] = Counter()
    for word, number in words.items():
        stems[stem(word)] += number
    general = _general(text, words, len(subjects), len(by_name), sure)
    result: list[dict[str, float]] = [{} for _ in subjects]
    for name, places in by_name.items():
        subject, same = subjects[places[0]], own[name]
        others = (
            general
            | _told(subject.cues, stems)
            | {
                "text same": float(len(places) - 1),
                "text other": every.mean(same),
                "text kind": kinds[subject.kind].mean(same),
                "text group": max((groups[group].mean(same) for group in subject.groups), default=0.0, key=abs),
            }
        )
        ordered = sorted(scores[at] for at in places)
        for number, at in enumerate(places):
            found = result[at]
            found.update(others)
            if len(places) == 1:
                found["text gap <"] = found["text gap >"] = _NOTHING_NEAR
                continue
            score = scores[at]
            found["text same mean"] = (same.total - score) / (same.number - 0.5)
            found["text same most"] = ordered[-1] if score != ordered[-1] else ordered[-2]
            found["text same least"] = ordered[0] if score != ordered[0] else ordered[1]
            found["text before"] = float(number)
            for mark, other in (("<", number - 1), (">", number + 1)):
                if 0 <= other < len(places):
                    found[f"text same {mark}"] = scores[places[other]]
                    found[f"text gap {mark}"] = log2(1 + abs(starts[places[other]] - starts[at])) / 2
                else:
                    found[f"text gap {mark}"] = _NOTHING_NEAR
    return result


def _sum(scores: Sequence[float], places: Sequence[int]) -> _Sum:
    return _Sum(len(places), sum(scores[at] for at in places))


def _sums(parts: Iterable[tuple[str, _Sum]]) -> dict[str, _Sum]:
    found: dict[str, _Sum] = {}
    for label, part in parts:
        before = found.get(label, _Sum(0, 0.0))
        found[label] = _Sum(before.number + part.number, before.total + part.total)
    return found


def _words(text: str) -> Counter[str]:
    """How often each word stands in a text."""
    counts: Counter[str] = Counter()
    for word, number in Counter(text.lower().replace(BREAK, " ").split()).items():
        if bare := word.strip(_SIGNS):
            counts[bare] += number
    return counts


def _told(cues: Mapping[str, str], stems: Mapping[str, int]) -> dict[str, float]:
    """How many words of a name's own meaning and of others a text has."""
    sums = dict.fromkeys(LETTERS, 0.0)
    for word in sorted(cues.keys() & stems.keys()):
        for label in cues[word]:
            sums[label] += log2(1 + stems[word])
    found = {f"text {label}": log2(1 + value) for label, value in sums.items()}
    for ours, others in CUES:
        found[f"text {ours}:{others}"] = (sums[ours] - sums[others]) / (1 + sums[ours] + sums[others])
    return found


def _general(text: str, words: Mapping[str, int], doubted: int, names: int, sure: int) -> dict[str, float]:
    """What is the same for every name of a text."""
    known = word_fields()
    trade = everyday = 0.0
    number_of_words = sum(words.values())
    for word, number in words.items():
        if fields := fields_of(word, known):
            share = sum(field in TRADE for field in fields) / len(fields)
            trade += number * share
            everyday += number * (1 - share)
    size = number_of_words + _FEWEST
    return {
        "text sure": 100 * sure / size,
        "text doubted": 100 * doubted / size,
        "text names": 100 * names / size,
        "text trade": trade / (1 + trade + everyday),
        "text blocks": number_of_words / (text.count(BREAK) + 1),
    }
