"""Promotion in the notes of one source: what many notes repeat word for word, and what advertises.

A run of words counts where
- it is in at least 15 % of the entries, and in at least three;
- it has five words or more, or four if it is a whole sentence, or eight if it is a block that ends no sentence;
- it is whole: it begins a block or a sentence, and ends one. In flattened text, where blocks left no trace, it may also
  begin with a capital, and end before a capital, if its last word can end a phrase;
- it advertises: it holds an address, or begins with a call to act ("Try", "Buy", "Join");
- it has no section of its own: in flattened text no other text that recurs, and doesn't advertise, is before it or
  goes on behind it. What every note closes with is the show's own section, and stays;
- it is no navigation: what leads up to an address that changes ("Notes at show.example/12") stays;
- it is not all that its entries hold; and together such runs leave no more than a fifth of the entries empty.
A sentence of six words and more that differs only in a number or code in its middle counts, `*` in its place.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
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

SHARE = 0.15
MAX_EMPTIED = 0.2
MIN_ENTRIES = 3
MIN_WORDS = 5
MIN_UNENDED = 8
MIN_FIXED = 6
MAX_WORDS = 60
MAX_PATTERN = 500
MAX_WORK = 10_000_000
"""How many words of texts are held against those of runs."""
_VARIES = re.compile(r"\d")
CALLS = frozenset(
    "become book build buy check claim consider discover donate download enjoy explore follow"
    " generate get give go grab help invest join leave order pick please pre-order put read"
    " rate register save send share shop sign start stay stop subscribe support switch take test try tune"
    " upgrade use visit vote wear win hol holt hole jetzt kauf kaufe kauft teste testet abonniere abonniert"
    " folge unterstütze unterstützt besuche besucht achetez essayez abonnez-vous soutenez visitez suivez rejoignez"
    " découvrez profitez compra prueba suscríbete síguenos visita apoya únete descubre compre experimente assine siga"
    " apoie conheça prova iscriviti seguici sostieni koop probeer volg steun".split()
)
"""Verbs that a call to act begins with."""
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
    found = finder.whole(max(MIN_ENTRIES, ceil(SHARE * len(blocks))))
    return tuple(sorted(found)) if finder.emptied(found) <= MAX_EMPTIED else ()


def advertises(text: str) -> bool:
    """Whether a text holds an address, or begins with a call to act.

    >>> advertises("Buy a chair today."), advertises("More at chairs.example/now."), advertises("This is a chair.")
    (True, True, False)
    """
    return calls(text) or any(is_address(word.rstrip(".,;:!?)")) for word in text.split())


def calls(text: str) -> bool:
    """Whether a text begins with a call to act."""
    first = text.lstrip("\"'“‘«([-–—*•> ").partition(" ")[0]
    return first.rstrip(".,!:").casefold() in CALLS


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
        """Patterns of runs that are in at least so many entries."""
        pieces = [piece for entry in range(len(self.entries)) for piece in self.pieces(entry, least)]
        runs = {piece.keys: piece for piece in sorted(pieces, key=lambda piece: piece.text, reverse=True)}
        accepted = {
            keys: piece.text
            for keys, piece in sorted(runs.items())
            if advertises(piece.text) and self.counts(self.places(keys), least)
        }
        # sentences of flattened text may have a heading before them, which is not theirs
        varying = () if self.flat else self.templates(least)
        found = {*without_parts(accepted), *filter(advertises, varying)}
        return {pattern for pattern in found if not (self.flat and self.has_section(pattern, found, least))}

    def has_section(self, pattern: str, adverts: Iterable[str], least: int) -> bool:
        """Whether most matches of a pattern are behind text that recurs and doesn't advertise, or before a sentence of
        such text; a heading may follow."""
        adverts = tuple(adverts)
        beside = matches = 0
        for blocks in self.entries:
            for block in blocks:
                own = matched_words(block, (pattern,))
                if not own:
                    continue
                taken, recurring = matched_words(block, adverts), self.covered(block, least)
                others = recurring - taken
                behind = {at for place in own if place + 1 in others for at in range(place + 1, place + 1 + WINDOW)}
                lowers = sum(block[at].text[:1].islower() for at in behind & others)
                matches += 1
                beside += any(place - 1 in others for place in own) or lowers >= 2
        return 2 * beside > matches

    def covered(self, block: Sequence[Word], least: int) -> set[int]:
        """The words of a block that are in windows which recur."""
        found: set[int] = set()
        for at, window in enumerate(windows(block)):
            if self.support.get(window, 0) >= least:
                found.update(range(at, at + WINDOW))
        return found

    def emptied(self, patterns: Iterable[str]) -> float:
        """What part of the entries the patterns leave empty."""
        patterns = tuple(patterns)
        matched = [sum(len(matched_words(block, patterns)) for block in entry) for entry in self.entries]
        sizes = [sum(map(len, entry)) for entry in self.entries]
        return sum(0 < size == taken for size, taken in zip(sizes, matched, strict=True)) / max(1, len(sizes))

    def pieces(self, entry: int, least: int) -> Iterator[Place]:
        """The runs of an entry covered by recurring windows, cut at sentence ends."""
        for block in self.entries[entry]:
            covered, start = self.covered(block, least), None
            for at in range(len(block) + 1):
                if start is not None and (at not in covered or ends_sentence(block[at - 1].text)):
                    yield self.trimmed(Place(entry, block, start, at))
                    start = None
                if at in covered and start is None:
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

    def counts(self, places: Sequence[Place], least: int) -> bool:
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
        if ends_sentence(before) or not self.flat:
            return ends_sentence(before)
        # a heading may be glued before the sentence, but not before a call
        return is_address(before) or (calls(place.text) and not place.block[place.start].text[0].islower())

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
