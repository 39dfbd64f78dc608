"""Recurring runs of words: what stands in many notes of one source, word for word, is promotion and not a fact of each.

The rule, in full. A run of words counts where
- it stands in at least 15 % of the entries, and in at least three;
- it has five words or more, or four if it is a whole sentence, or eight if it is a block that ends no sentence;
- it is whole: it begins a block or a sentence, and ends one. In flattened text, where blocks left no trace, it may also
  begin with a capital, and end before a capital, if its last word is one that can end a phrase;
- it is no navigation: what leads up to an address that changes ("Notes at show.example/12") stays;
- it is not all that its entries say. A sentence of which only a code, number or address changes counts with `*` in
its place. A run that stands in three entries and always touches one that counts, counts too. No word is known here:
only how often, and where, words recur.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from hashlib import blake2b
from math import ceil
from typing import NamedTuple

from mlguide_site.importers.plain import SMALL_WORDS, ends_sentence
from mlguide_site.importers.promotion import Word, find_matches, split_words

WINDOW = 4
MIN_SHARE = 0.15
MIN_ENTRIES = 3
MIN_WORDS = 5
MIN_UNENDED = 8
MAX_WORDS = 60
MAX_SOURCE_WORDS = 300_000
_VARIES = re.compile(r".*(?:\d|://|\.[A-Za-z]{2,}/).*")
_CLAUSE_ENDS = (".", ",", ";", ":", "!", "?", ")")

Keys = tuple[str, ...]


class Place(NamedTuple):
    """Where a run stands: its block (words of it) and the first word and the one behind the last."""

    entry: int
    block: Sequence[Word]
    start: int
    end: int

    @property
    def keys(self) -> Keys:
        return tuple(word.key for word in self.block[self.start : self.end])

    @property
    def text(self) -> str:
        return " ".join(word.text for word in self.block[self.start : self.end])


def find_promotion(entries: Sequence[Sequence[str]], flat: bool = False) -> tuple[str, ...]:
    """The patterns of promotion in the notes of one source, sorted: each entry given as the texts of its blocks.

    `flat` is true where a block is a whole text whose structure is lost. Of a source of more than 300,000 words,
    entries picked by their digest stand for all.
    """
    blocks = [[split_words(text) for text in entry] for entry in _sample(entries)]
    finder = _Finder(blocks, flat)
    found = finder.whole(max(MIN_ENTRIES, ceil(MIN_SHARE * len(blocks))))
    return tuple(sorted({*found, *finder.touching(found)})) if found else ()


def _sample(entries: Sequence[Sequence[str]]) -> Sequence[Sequence[str]]:
    """As many entries as the budget of words allows, whatever order they came in."""
    if sum(len(text) for entry in entries for text in entry) < 5 * MAX_SOURCE_WORDS:
        return entries
    chosen, words = [], 0
    for entry in sorted(entries, key=lambda entry: blake2b("\n".join(entry).encode("utf-8", "replace")).digest()):
        words += sum(text.count(" ") + 1 for text in entry)
        if words > MAX_SOURCE_WORDS:
            break
        chosen.append(entry)
    return chosen


class _Finder:
    """The words of all entries, and the questions asked about them."""

    def __init__(self, entries: Sequence[Sequence[Sequence[Word]]], flat: bool) -> None:
        self.entries, self.flat = entries, flat
        self.index: dict[Keys, list[tuple[int, Sequence[Word], int]]] = defaultdict(list)
        counts = Counter(window for entry in entries for block in entry for window in _windows(block))
        for number, entry in enumerate(entries):
            for block in entry:
                for at, window in enumerate(_windows(block)):
                    if counts[window] >= MIN_ENTRIES:
                        self.index[window].append((number, block, at))
        self.support = {
            keys: len({entry for entry, _, _ in places})
            for keys, places in self.index.items()
            if len(places) >= MIN_ENTRIES
        }
        self.seen: Counter[str] = Counter()
        self.closing: Counter[str] = Counter()
        for entry in entries:
            for block in entry:
                self.seen.update(word.key for word in block)
                self.closing.update(word.key for word in block if word.text.endswith(_CLAUSE_ENDS))

    def whole(self, least: int) -> set[str]:
        """Patterns of runs that stand in at least so many entries."""
        pieces = [piece for entry in range(len(self.entries)) for piece in self.pieces(entry, least)]
        runs = {piece.keys: piece for piece in sorted(pieces, key=lambda piece: piece.text, reverse=True)}
        accepted = {keys: piece.text for keys, piece in runs.items() if self.counts(self.places(keys), least)}
        return {*without_parts(accepted), *self.templates(pieces, least)}

    def pieces(self, entry: int, least: int, taken: Mapping[int, set[int]] | None = None) -> Iterator[Place]:
        """The runs of an entry covered by recurring windows, cut at sentence ends; words taken (by block) left out."""
        for number, block in enumerate(self.entries[entry]):
            free = (
                [at not in taken.get(number, ()) for at in range(len(block))]
                if taken is not None
                else [True] * len(block)
            )
            covered = [False] * len(block)
            for at in range(len(block) - WINDOW + 1):
                window = tuple(word.key for word in block[at : at + WINDOW])
                if self.support.get(window, 0) >= least and all(free[at : at + WINDOW]):
                    covered[at : at + WINDOW] = [True] * WINDOW
            start = None
            for at in range(len(block) + 1):
                if at == len(block) or not covered[at]:
                    if start is not None:
                        yield Place(entry, block, start, at)
                    start = None
                elif start is None:
                    start = at
                elif ends_sentence(block[at - 1].text):
                    yield Place(entry, block, start, at)
                    start = at

    def places(self, keys: Keys) -> list[Place]:
        """Wherever a run stands, at least once an entry."""
        if len(keys) < WINDOW:
            return []
        size = len(keys)
        return [
            Place(entry, block, at, at + size)
            for entry, block, at in self.index.get(keys[:WINDOW], ())
            if tuple(word.key for word in block[at : at + size]) == keys
        ]

    def counts(
        self, places: Sequence[Place], least: int, beside: Mapping[tuple[int, int], set[int]] | None = None
    ) -> bool:
        """Whether a run is promotion, judged by everywhere it stands."""
        if len({place.entry for place in places}) < least:
            return False
        words = sum(any(c.isalnum() for c in word.text) for word in places[0].block[places[0].start : places[0].end])
        sentence = all(ends_sentence(place.block[place.end - 1].text) for place in places)
        fewest = MIN_WORDS - 1 if sentence else MIN_WORDS if self.flat else MIN_UNENDED
        if not fewest <= words <= MAX_WORDS:
            return False
        begins = sum(self.begins(place) for place in places)
        ends = sum(self.ends(place) for place in places)
        leads = sum(place.end < len(place.block) and _is_address(place.block[place.end].text) for place in places)
        alone = sum(sum(map(len, self.entries[place.entry])) == place.end - place.start for place in places)
        enough = 0.9 * len(places)
        return begins >= enough and ends >= enough and 2 * leads < len(places) and 2 * alone < len(places)

    def begins(self, place: Place) -> bool:
        if not place.start:
            return True
        before = place.block[place.start - 1].text
        return ends_sentence(before) or (
            self.flat and (_is_address(before) or not place.block[place.start].text[0].islower())
        )

    def ends(self, place: Place) -> bool:
        last = place.block[place.end - 1]
        if place.end == len(place.block):
            return not last.text.endswith(":")
        if ends_sentence(last.text):
            return True
        following = place.block[place.end].text
        return self.flat and not following[0].islower() and last.text[-1] not in ":,-–—(" and self.can_end(last.key)

    def can_end(self, key: str) -> bool:
        """Whether a word can end a phrase: no small word, and none that the source often uses, yet never so."""
        return key not in SMALL_WORDS and not (self.seen[key] >= 12 and self.closing[key] < 0.02 * self.seen[key])

    def templates(self, pieces: Iterable[Place], least: int) -> Iterator[str]:
        """Sentences that begin and end alike, with one word between that holds a digit or is an address."""
        groups: dict[tuple[Keys, Keys], list[tuple[int, str]]] = defaultdict(list)
        for piece in pieces:
            block, at = piece.block, piece.end
            if (
                not self.begins(piece)
                or at >= len(block)
                or ends_sentence(block[at - 1].text)
                or not _VARIES.fullmatch(block[at].text)
            ):
                continue
            end = next((k + 1 for k in range(at + 1, min(at + 25, len(block))) if ends_sentence(block[k].text)), 0)
            if end - at > 2 and end - piece.start > 7:
                tail = block[at + 1 : end]
                pattern = f"{piece.text} * {' '.join(word.text for word in tail)}"
                groups[piece.keys, tuple(word.key for word in tail)].append((piece.entry, pattern))
        for found in groups.values():
            if len({entry for entry, _ in found}) >= least:
                yield min(pattern for _, pattern in found)

    def touching(self, patterns: Iterable[str]) -> set[str]:
        """Patterns of rarer runs that stand in three entries and touch a match of the patterns wherever they stand."""
        patterns = tuple(patterns)
        found: dict[Keys, list[Place]] = defaultdict(list)
        for number, entry in enumerate(self.entries):
            taken = {at: _matched(block, patterns) for at, block in enumerate(entry)}
            blocks = {id(block): at for at, block in enumerate(entry)}
            for piece in self.pieces(number, MIN_ENTRIES, taken):
                words = taken[blocks[id(piece.block)]]
                if piece.start - 1 in words or piece.end in words:
                    found[piece.keys].append(piece)
        return {
            min(piece.text for piece in pieces)
            for keys, pieces in found.items()
            if len(pieces) == len(self.places(keys)) and self.counts(pieces, MIN_ENTRIES)
        }


def _windows(block: Sequence[Word]) -> Iterator[Keys]:
    keys = [word.key for word in block]
    return (tuple(keys[at : at + WINDOW]) for at in range(len(keys) - WINDOW + 1))


def _matched(block: Sequence[Word], patterns: Sequence[str]) -> set[int]:
    """The numbers of a block's words that a pattern matches."""
    if not block:
        return set()
    text = " ".join(word.text for word in block)
    starts, at = [], 0
    for word in block:
        starts.append(at)
        at += len(word.text) + 1
    spans = find_matches(text, patterns)
    return {number for number, start in enumerate(starts) if any(span.start <= start < span.end for span in spans)}


def _is_address(word: str) -> bool:
    return "://" in word or bool(re.search(r"\w\.[A-Za-z]{2,24}(?:/|$)", word))


def without_parts(runs: Mapping[Keys, str]) -> set[str]:
    """Runs of words without those that others make up: of `A` and `A B`, `A` and `B` remain.

    >>> sorted(without_parts({tuple("abcd"): "A B C D", tuple("abcdefgh"): "A B C D E F G H"}))
    ['A B C D', 'E F G H']
    """
    known: dict[Keys, str] = {}
    for keys, text in sorted(runs.items(), key=lambda item: (len(item[0]), item[0])):
        words = text.split()
        start, end = 0, len(keys)
        for part in known:
            if keys[start : start + len(part)] == part:
                start += len(part)
            elif keys[max(start, end - len(part)) : end] == part:
                end -= len(part)
        if end - start < WINDOW:
            if end > start:
                known[keys] = text
            continue
        known[keys[start:end]] = " ".join(words[start:end])
    return set(known.values())
