"""Recurring runs of words: what stands in many notes of one source, word for word, is promotion and not a fact of each.

The rule, in full. A run of words counts where
- it stands in at least 15 % of the entries, and in at least three; but in 80 %, where all such runs together would
  make up more than half of the source's words: notes put together from few sentences are not promotion;
- it has five words or more, or four if it is a whole sentence, or eight if it is a block that ends no sentence;
- it is whole: it begins a block or a sentence, and ends one. In flattened text, where blocks left no trace, it may also
  begin with a capital, and end before a capital, if its last word is one that can end a phrase;
- it is no navigation: what leads up to an address that changes ("Notes at show.example/12") stays;
- it is not all that its entries say; and together such runs leave no more than a fifth of the entries empty.
A sentence of six words and more that differs only in a number or code in its middle counts, `*` in its place. A run
that stands in three entries and always touches one that counts, counts too; so does a sentence that begins with the
same three words and has most of its words from it: another wording. No word is known here: only how often, and where,
words recur.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from math import ceil
from typing import NamedTuple

from mlguide_site.importers.common.promotion import Word, split_words
from mlguide_site.importers.common.runs import (
    WINDOW,
    Keys,
    is_address,
    matched_words,
    sample,
    sentences,
    windows,
    without_parts,
)
from mlguide_site.markdown.plain import SECTION_NAMES, SMALL_WORDS, ends_sentence, starts_upper

SHARES = (0.15, 0.8)
MAX_PART = 0.5
MAX_EMPTIED = 0.2
MIN_ENTRIES = 3
MIN_WORDS = 5
OPENING = 3
ALIKE = 0.6
MIN_UNENDED = 8
MIN_FIXED = 6
MAX_WORDS = 60
MAX_PATTERN = 500
MAX_WORK = 10_000_000
"""How many words of texts are held against those of runs."""
_VARIES = re.compile(r"\d")
_CLAUSE_ENDS = (".", ",", ";", ":", "!", "?", ")")


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

    `flat` is true where a block is a whole text whose structure is lost. Of a source of more than 150,000 words,
    entries picked by their digest stand for all.
    """
    blocks = [[split_words(text) for text in entry] for entry in sample(entries)]
    finder = _Finder(blocks, flat)
    for share in SHARES:
        found = finder.whole(max(MIN_ENTRIES, ceil(share * len(blocks))))
        if not found:
            return ()
        part, emptied = finder.effect(found)
        if emptied <= MAX_EMPTIED and (part <= MAX_PART or share == SHARES[-1]):
            found |= finder.touching(found)
            return tuple(sorted(found | finder.wordings(found)))
    return ()


class _Finder:
    """The words of all entries, and the questions asked about them."""

    def __init__(self, entries: Sequence[Sequence[Sequence[Word]]], flat: bool) -> None:
        self.entries, self.flat = entries, flat
        self.index: dict[Keys, list[tuple[int, Sequence[Word], int]]] = defaultdict(list)
        counts = Counter(window for entry in entries for block in entry for window in windows(block))
        for number, entry in enumerate(entries):
            for block in entry:
                for at, window in enumerate(windows(block)):
                    if counts[window] >= MIN_ENTRIES:
                        self.index[window].append((number, block, at))
        self.support = {
            keys: len({entry for entry, _, _ in places})
            for keys, places in self.index.items()
            if len(places) >= MIN_ENTRIES
        }
        self.seen: Counter[str] = Counter()
        self.closing: Counter[str] = Counter()
        self.work = 0
        for entry in entries:
            for block in entry:
                self.seen.update(word.key for word in block)
                self.closing.update(word.key for word in block if word.text.endswith(_CLAUSE_ENDS))

    def whole(self, least: int) -> set[str]:
        """Patterns of runs that stand in at least so many entries."""
        pieces = [piece for entry in range(len(self.entries)) for piece in self.pieces(entry, least)]
        runs = {piece.keys: piece for piece in sorted(pieces, key=lambda piece: piece.text, reverse=True)}
        accepted = {keys: piece.text for keys, piece in sorted(runs.items()) if self.counts(self.places(keys), least)}
        return {*without_parts(accepted), *self.templates(least)}

    def effect(self, patterns: Iterable[str]) -> tuple[float, float]:
        """What part of all words the patterns match, and what part of the entries they leave empty."""
        patterns = tuple(patterns)
        matched = [sum(len(matched_words(block, patterns)) for block in entry) for entry in self.entries]
        sizes = [sum(map(len, entry)) for entry in self.entries]
        emptied = sum(0 < size == taken for size, taken in zip(sizes, matched, strict=True))
        return sum(matched) / max(1, sum(sizes)), emptied / max(1, len(sizes))

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
                        yield self.trimmed(Place(entry, block, start, at))
                    start = None
                elif start is None:
                    start = at
                elif ends_sentence(block[at - 1].text):
                    yield self.trimmed(Place(entry, block, start, at))
                    start = at

    def trimmed(self, place: Place) -> Place:
        """A run of flattened text without what heads sections: a section's name before it, a label behind it."""
        start, end, words = place.start, place.end, place.block
        if self.flat and end - start > 1:
            if (
                words[start].key in SECTION_NAMES
                and starts_upper(words[start].text)
                and starts_upper(words[start + 1].text)
            ):
                start += 1
            if words[end - 1].text.endswith(":"):
                while end > start and (starts_upper(words[end - 1].text) or words[end - 1].key in SMALL_WORDS):
                    end -= 1
        return Place(place.entry, words, start, end)

    def places(self, keys: Keys) -> list[Place]:
        """Wherever a run stands, at least once an entry; nowhere, where texts say so little so often that it would take
        too long to look."""
        if len(keys) < WINDOW:
            return []
        size, likely = len(keys), self.index.get(keys[:WINDOW], ())
        self.work += size * len(likely)
        if size > MAX_PATTERN or self.work > MAX_WORK:
            return []
        return [
            Place(entry, block, at, at + size)
            for entry, block, at in likely
            if tuple(word.key for word in block[at : at + size]) == keys
        ]

    def counts(
        self, places: Sequence[Place], least: int, beside: Mapping[tuple[int, int], set[int]] | None = None
    ) -> bool:
        """Whether a run is promotion, judged by everywhere it stands."""
        if len({place.entry for place in places}) < least or len(places[0].text) > MAX_PATTERN:
            return False
        words = sum(any(c.isalnum() for c in word.text) for word in places[0].block[places[0].start : places[0].end])
        sentence = all(ends_sentence(place.block[place.end - 1].text) for place in places)
        fewest = MIN_WORDS - 1 if sentence else MIN_WORDS if self.flat else MIN_UNENDED
        if not fewest <= words <= MAX_WORDS:
            return False
        begins = sum(self.begins(place) for place in places)
        ends = sum(self.ends(place, len(places)) for place in places)
        leads = sum(place.end < len(place.block) and is_address(place.block[place.end].text) for place in places)
        alone = sum(sum(map(len, self.entries[place.entry])) == place.end - place.start for place in places)
        enough = 0.9 * len(places)
        return begins >= enough and ends >= enough and 2 * leads < len(places) and 2 * alone < len(places)

    def begins(self, place: Place) -> bool:
        if not place.start:
            return True
        before = place.block[place.start - 1].text
        return ends_sentence(before) or (
            self.flat and (is_address(before) or not place.block[place.start].text[0].islower())
        )

    def ends(self, place: Place, uses: int) -> bool:
        last = place.block[place.end - 1]
        if place.end == len(place.block):
            return not last.text.endswith(":")
        if ends_sentence(last.text):
            return True
        following = place.block[place.end].text
        return (
            self.flat and not following[0].islower() and last.text[-1] not in ":,-–—(" and self.can_end(last.key, uses)
        )

    def can_end(self, key: str, uses: int) -> bool:
        """Whether a word can end a phrase: no small word, and none that the source often uses elsewhere, yet never so.

        `uses` is how often it ends the run in question.
        """
        elsewhere = self.seen[key] - uses
        return key not in SMALL_WORDS and not (elsewhere >= 12 and self.closing[key] < 0.02 * elsewhere)

    def templates(self, least: int) -> Iterator[str]:
        """Sentences alike but for words in their middle that hold a digit and are no address."""
        groups: dict[Keys, tuple[set[int], set[str]]] = defaultdict(lambda: (set(), set()))
        for entry, blocks in enumerate(self.entries):
            for block in blocks:
                for start, end in sentences(block):
                    shape = [
                        "*" if _VARIES.search(word.text) and not is_address(word.text) else word.key
                        for word in block[start:end]
                    ]
                    fixed = len(shape) - shape.count("*")
                    if "*" in shape[1:-1] and "*" not in (shape[0], shape[-1]) and MIN_FIXED <= fixed <= MAX_WORDS:
                        words = [
                            "*" if key == "*" else word.text for key, word in zip(shape, block[start:end], strict=True)
                        ]
                        groups[tuple(shape)][0].add(entry)
                        groups[tuple(shape)][1].add(" ".join(words))
        for entries, texts in groups.values():
            if len(entries) >= least and len(min(texts)) <= MAX_PATTERN:
                yield min(texts)

    def touching(self, patterns: Iterable[str]) -> set[str]:
        """Patterns of rarer runs that stand in three entries and touch a match of the patterns wherever they stand."""
        patterns = tuple(patterns)
        found: dict[Keys, list[Place]] = defaultdict(list)
        for number, entry in enumerate(self.entries):
            taken = {at: matched_words(block, patterns) for at, block in enumerate(entry)}
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

    def wordings(self, patterns: Iterable[str]) -> set[str]:
        """Whole sentences that begin as one of the patterns does and share most of their words with it."""
        patterns = tuple(patterns)
        known: dict[Keys, list[Keys]] = defaultdict(list)
        for pattern in patterns:
            keys = tuple(word.key for word in split_words(pattern))
            known[keys[:OPENING]].append(keys)
        found: dict[Keys, set[str]] = defaultdict(set)
        for entry, blocks in enumerate(self.entries):
            for block in blocks:
                taken = matched_words(block, patterns)
                for start in range(len(block) - OPENING):
                    like = known.get(tuple(word.key for word in block[start : start + OPENING]))
                    if not like or start in taken or not self.begins(Place(entry, block, start, start)):
                        continue
                    ends = range(start + OPENING, min(start + MAX_WORDS, len(block)))
                    end = next((at + 1 for at in ends if ends_sentence(block[at].text)), 0)
                    place = Place(entry, block, start, end)
                    shared = max((len(set(place.keys) & set(keys)) for keys in like), default=0)
                    if end and shared >= ALIKE * len(set(place.keys)) and not taken & set(range(start, end)):
                        found[place.keys].add(place.text)
        return {min(texts) for texts in found.values()}
