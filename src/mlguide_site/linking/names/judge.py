"""Judges the doubtful names of a text, all in one go, since each tells about those near it."""

from bisect import bisect_right
from collections.abc import Sequence
from math import tanh
from typing import NamedTuple

from mlguide_site.linking.names.context import Words, take_apart
from mlguide_site.linking.names.evidence import features
from mlguide_site.linking.names.folding import BREAK, plain
from mlguide_site.linking.names.scores import Sums, Weights, first_sums, second_sum
from mlguide_site.linking.names.sites import Around, Site, Subject
from mlguide_site.linking.names.whole import in_whole_text

_REACH = 30
"""So many words of blocks near by are looked at on either side."""
_BLOCKS = 3
_SAME, _OTHER = 0.5, 0.15
"""What words of other blocks count: those of the same row or of the heading, and those above and below."""
_FEWEST = 4
"""A block counts as so many words at least, so that empty cells don't let the eye wander."""


class Line(NamedTuple):
    """Where a block of the text stands in its source: its first line, which the cells of a row share, and the heading
    above it."""

    number: int
    heading: str


class Doubt(NamedTuple):
    """A doubtful name in a text: where it is and whose it would be."""

    start: int
    end: int
    subject: Subject


class Sure(NamedTuple):
    """A name beyond doubt: where it begins and the topics of what it names."""

    start: int
    topics: frozenset[str]


class Verdict(NamedTuple):
    """The two sums of a doubtful name, as log-odds, and the features they come from."""

    first: float
    second: float
    features: dict[str, float]


class Placed(NamedTuple):
    """Where a doubtful name stands: the number of its block, and the words around it."""

    block: int
    site: Site


class Judge:
    """One text (plain) with what is known of it: the episode's topics and its lines, one for each block, if known."""

    def __init__(self, text: str, topics: frozenset[str], lines: Sequence[Line] = ()) -> None:
        self.text, self.topics, self.lines = text, topics, lines
        self.starts = [0]
        while (at := text.find(BREAK, self.starts[-1])) >= 0:
            self.starts.append(at + 1)
        self.taken: dict[int, Words] = {}
        self.headings: dict[str, Words] = {}
        self.outside: dict[int, Around] = {}

    def verdicts(self, doubts: Sequence[Doubt], sure: Sequence[Sure], known: Weights) -> list[Verdict]:
        """The verdict on each doubtful name; `doubts` in the order of the text."""
        placed = self.placed(doubts, sure)
        found = [features(doubt.subject, one.site) for doubt, one in zip(doubts, placed, strict=True)]
        first = [first_sums(known, doubt.subject, its) for doubt, its in zip(doubts, found, strict=True)]
        return self.second(doubts, placed, found, first, len(sure), known)

    def second(
        self,
        doubts: Sequence[Doubt],
        placed: Sequence[Placed],
        found: list[dict[str, float]],
        sums: Sequence[Sums],
        sure: int,
        known: Weights,
    ) -> list[Verdict]:
        """The second step, given the first and how many names there are beyond doubt."""
        result = []
        first = [one.total for one in sums]
        subjects = [doubt.subject for doubt in doubts]
        whole = in_whole_text(self.text, [doubt.start for doubt in doubts], subjects, first, sure)
        for index, its in enumerate(found):
            its.update(_neighbours(doubts, placed, first, index))
            its.update(whole[index])
            its.update(sums[index].features())
            its[f"kind {doubts[index].subject.kind}"] = 1.0
            its[f"shape {doubts[index].subject.shape}"] = 1.0
            result.append(Verdict(first[index], second_sum(known, its), its))
        return result

    def placed(self, doubts: Sequence[Doubt], sure: Sequence[Sure]) -> list[Placed]:
        """Where each doubtful name stands."""
        by_block: dict[int, list[Sure]] = {}
        for one in sure:
            by_block.setdefault(self._block_at(one.start), []).append(one)
        places: dict[int, dict[int, list[frozenset[str]]]] = {}
        result = []
        for doubt in doubts:
            block = self._block_at(doubt.start)
            words = self._words(block)
            if block not in places:
                places[block] = {}
                for one in by_block.get(block, ()):
                    places[block].setdefault(bisect_right(words.starts, one.start) - 1, []).append(one.topics)
            first = bisect_right(words.starts, doubt.start) - 1
            last = max(first + 1, bisect_right(words.starts, doubt.end - 1))
            near = {at: topics for at, topics in places[block].items() if not first <= at < last}
            result.append(Placed(block, Site(words, first, last, near, self._around(block), self.topics)))
        return result

    def _block_at(self, place: int) -> int:
        return bisect_right(self.starts, place) - 1

    def _words(self, block: int) -> Words:
        if block not in self.taken:
            last = self.starts[block + 1] - 1 if block + 1 < len(self.starts) else len(self.text)
            self.taken[block] = take_apart(self.text, self.starts[block], last)
        return self.taken[block]

    def _around(self, block: int) -> Around:
        """What stands in the blocks near by, asked once for each block."""
        if block not in self.outside:
            result = Around({}, {}, {})
            known = len(self.lines) == len(self.starts)
            for step in (-1, 1):
                at, left = block + step, _REACH
                while 0 <= at < len(self.starts) and left > 0:
                    words = self._words(at)
                    number = len(words.small)
                    part = slice(max(0, number - left), number) if step < 0 else slice(0, left)
                    same = known and self.lines[at].number == self.lines[block].number
                    result.add(words, part, _SAME if same else _OTHER)
                    left -= max(number, _FEWEST)
                    at += step
            if known and (heading := self.lines[block].heading):
                words = self._heading(heading)
                result.add(words, slice(0, len(words.small)), _SAME)
            self.outside[block] = result
        return self.outside[block]

    def _heading(self, heading: str) -> Words:
        if heading not in self.headings:
            self.headings[heading] = take_apart(plain(heading), 0, len(heading))
        return self.headings[heading]


def _neighbours(
    doubts: Sequence[Doubt], placed: Sequence[Placed], first: Sequence[float], index: int
) -> dict[str, float]:
    """What the first step says of the doubtful names near one: of the same name and of others, in the clause, the
    sentence, the block and the blocks near by; and of those that it shares characters with."""
    own, here = doubts[index], placed[index]
    words = here.site.words
    found: dict[str, float] = {}
    for step in (-1, 1):
        at = index + step
        while 0 <= at < len(doubts) and abs(placed[at].block - here.block) <= _BLOCKS:
            other, there = doubts[at], placed[at]
            score = first[at]
            label = "same" if other.subject.name == own.subject.name else "other"
            at += step
            if other.start < own.end and own.start < other.end:
                length = (other.end - other.start) - (own.end - own.start)
                key = "over equal" if not length else "over longer" if length > 0 else "over shorter"
                found[key] = max(found.get(key, 0.0), score)
                continue
            weight = tanh(score / 2)
            if there.block != here.block:
                key = f"{label} outside"
                found[key] = found.get(key, 0.0) + weight * 2 ** -abs(there.block - here.block)
                continue
            gap = abs(there.site.first - here.site.first)
            same = words.sentences[there.site.first] == words.sentences[here.site.first]
            if same:
                found[f"{label} sentence"] = found.get(f"{label} sentence", 0.0) + weight * 2 ** (-gap / 8)
                if words.clauses[there.site.first] == words.clauses[here.site.first]:
                    found[f"{label} clause"] = found.get(f"{label} clause", 0.0) + weight * 2 ** (-gap / 4)
            found[f"{label} block"] = found.get(f"{label} block", 0.0) + weight * 2 ** (-gap / 15) * (
                1 if same else 0.5
            )
    return found
