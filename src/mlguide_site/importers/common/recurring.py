"""Promotion in the notes of one source: what many notes repeat word for word, and what advertises.

A sentence, or a block that ends no sentence, counts where
- it is in at least 15 % of the entries, and in at least three; a number or code in its middle may differ;
- it has four words or more, or eight if it ends no sentence;
- it advertises: it holds an address, or begins with a call to act ("Try", "Buy", "Join");
- it is not all that its entries hold; and together such sentences leave no more than a fifth of the entries empty.

In flattened text, where headings and blocks left no trace, any run of words counts that recurs so often and begins a
sentence, a call to act or what follows an address, and ends a sentence or before a capital, if
- no other text that recurs, and doesn't advertise, is before it or goes on behind it: what every note closes with is
  the show's own section, and stays;
- it is no navigation: what leads up to an address that changes ("Notes at show.example/12") stays.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from hashlib import blake2b
from math import ceil
from typing import NamedTuple

from mlguide_site.importers.common.promotion import Word, find_matches, split_words
from mlguide_site.markdown.plain import SECTION_NAMES, SMALL_WORDS, ends_sentence, starts_upper

SHARE = 0.15
MAX_EMPTIED = 0.2
MIN_ENTRIES = 3
MIN_SENTENCE, MIN_FLAT, MIN_UNENDED = 4, 5, 8
MIN_FIXED = 6
MAX_WORDS = 60
MAX_PATTERN = 500
MAX_SOURCE_WORDS = 150_000
MAX_WORK = 10_000_000
"""How many words of texts are held against those of runs."""
WINDOW = 4
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

Keys = tuple[str, ...]


class Run(NamedTuple):
    """Words of a block in a row: the number of its entry, the block, the first word and the one behind the last."""

    entry: int
    block: Sequence[Word]
    start: int
    end: int

    @property
    def words(self) -> Sequence[Word]:
        return self.block[self.start : self.end]

    @property
    def keys(self) -> Keys:
        return tuple(word.key for word in self.words)

    @property
    def text(self) -> str:
        return " ".join(word.text for word in self.words)

    @property
    def is_sentence(self) -> bool:
        """Whether it ends as a sentence does."""
        return ends_sentence(self.block[self.end - 1].text)


def find_promotion(entries: Sequence[Sequence[str]], flat: bool = False) -> tuple[str, ...]:
    """The patterns of promotion in the notes of one source, sorted: each entry given as the texts of its blocks.

    `flat` is true where a block is a whole text whose structure is lost. Of a source of more than 150,000 words,
    entries picked by their digest stand for all.
    """
    notes = [[split_words(text) for text in entry] for entry in sample(entries)]
    least = max(MIN_ENTRIES, ceil(SHARE * len(notes)))
    patterns = _FlatNotes(notes, least).patterns() if flat else set(_repeated_sentences(notes, least))
    emptied = sum(
        0 < sum(map(len, entry)) == sum(len(matched_words(block, patterns)) for block in entry) for entry in notes
    )
    return tuple(sorted(patterns)) if emptied <= MAX_EMPTIED * len(notes) else ()


def sample(entries: Sequence[Sequence[str]]) -> Sequence[Sequence[str]]:
    """As many entries as the budget of words allows, whatever order they came in."""
    sizes = [sum(text.count(" ") + 1 for text in entry) for entry in entries]
    if sum(sizes) <= MAX_SOURCE_WORDS:
        return entries
    chosen, words = [], 0
    digests = (blake2b("\n".join(entry).encode("utf-8", "replace")).digest() for entry in entries)
    for _, size, entry in sorted(zip(digests, sizes, entries, strict=True)):
        words += size
        chosen += [entry] if words <= MAX_SOURCE_WORDS else []
    return chosen


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


def is_address(word: str) -> bool:
    """Whether a word as written is a web address, or holds one.

    >>> is_address("show.example/12"), is_address("https://a.example"), is_address("end.")
    (True, True, False)
    """
    return "://" in word or bool(re.search(r"\w\.[A-Za-z]{2,24}(?:/|$)", word))


def matched_words(block: Sequence[Word], patterns: Iterable[str]) -> set[int]:
    """The numbers of a block's words that a pattern matches."""
    places: dict[int, int] = {}
    at = 0
    for number, word in enumerate(block):
        places |= {at: number, at + len(word.text): number + 1}
        at += len(word.text) + 1
    found = find_matches(" ".join(word.text for word in block), patterns)
    return {number for match in found for number in range(places[match.start], places[match.end])}


def _sentences(entry: int, block: Sequence[Word]) -> Iterator[Run]:
    """The sentences of a block; the last may have no end."""
    start = 0
    for at, word in enumerate(block, 1):
        if ends_sentence(word.text) or at == len(block):
            yield Run(entry, block, start, at)
            start = at


def _repeated_sentences(notes: Sequence[Sequence[Sequence[Word]]], least: int) -> Iterator[str]:
    """The sentences that advertise and are in at least so many entries, `*` for words in their middle that differ."""
    groups: dict[Keys, list[Run]] = defaultdict(list)
    for number, entry in enumerate(notes):
        for run in (run for block in entry for run in _sentences(number, block)):
            varies = [
                0 < at < len(run.words) - 1 and any(map(str.isdigit, word.text)) and not is_address(word.text)
                for at, word in enumerate(run.words)
            ]
            shape = tuple("*" if star else word.key for star, word in zip(varies, run.words, strict=True))
            groups[shape].append(run)
    for shape, runs in groups.items():
        first = min(runs, key=lambda run: run.text)
        is_same = all(run.keys == first.keys for run in runs)
        text = " ".join(
            "*" if key == "*" and not is_same else word.text for key, word in zip(shape, first.words, strict=True)
        )
        is_sentence = all(run.is_sentence for run in runs)
        words = _count(first) - (0 if is_same else shape.count("*"))
        fewest = MIN_UNENDED if not is_sentence else MIN_SENTENCE if is_same else MIN_FIXED
        alone = sum(sum(map(len, notes[run.entry])) == len(run.words) for run in runs)
        in_many = len({run.entry for run in runs}) >= least and 2 * alone < len(runs)
        if in_many and fewest <= words <= MAX_WORDS and len(text) <= MAX_PATTERN and advertises(text):
            yield text


def _count(run: Run) -> int:
    return sum(any(map(str.isalnum, word.text)) for word in run.words)


class _FlatNotes:
    """Notes whose structure is lost, by their windows: runs of four words, wherever they recur."""

    def __init__(self, notes: Sequence[Sequence[Sequence[Word]]], least: int) -> None:
        self.notes, self.least = notes, least
        self.blocks = [(number, block) for number, entry in enumerate(notes) for block in entry]
        counts = Counter(window for _, block in self.blocks for window in _windows(block))
        self.index: dict[Keys, list[Run]] = defaultdict(list)
        for number, block in self.blocks:
            for at, window in enumerate(_windows(block)):
                if counts[window] >= least:
                    self.index[window].append(Run(number, block, at, at + WINDOW))
        self.recurring = {window for window, runs in self.index.items() if len({run.entry for run in runs}) >= least}
        self.work = 0

    def patterns(self) -> set[str]:
        """The runs that are promotion; one that holds another is left out for it."""
        pieces = (piece for number, block in self.blocks for piece in self.pieces(number, block))
        runs = {piece.keys: piece for piece in sorted(pieces, key=lambda piece: piece.text, reverse=True)}
        adverts = {
            keys: run.text for keys, run in runs.items() if advertises(run.text) and self.counts(self.places(keys))
        }
        found = _without_parts(adverts)
        return {pattern for pattern in found if not self.has_section(pattern, found)}

    def covered(self, block: Sequence[Word]) -> set[int]:
        """The words of a block that are in windows which recur."""
        starts = (at for at, window in enumerate(_windows(block)) if window in self.recurring)
        return {at + offset for at in starts for offset in range(WINDOW)}

    def pieces(self, number: int, block: Sequence[Word]) -> Iterator[Run]:
        """The runs of a block that recur, cut at sentence ends, without what heads sections: a section's name before
        them, a label behind them."""
        covered, start = self.covered(block), None
        for at in range(len(block) + 1):
            if start is not None and (at not in covered or ends_sentence(block[at - 1].text)):
                end = at
                if start + 1 < end and block[start].key in SECTION_NAMES and _are_upper(block[start : start + 2]):
                    start += 1
                while start < end and block[at - 1].text.endswith(":") and _is_label(block[end - 1]):
                    end -= 1
                yield Run(number, block, start, end)
                start = None
            if at in covered and start is None:
                start = at

    def places(self, keys: Keys) -> list[Run]:
        """Wherever a run is; nowhere, where texts say so little so often that it would take too long to look."""
        likely = self.index.get(keys[:WINDOW], ())
        self.work += len(keys) * len(likely)
        if len(keys) < WINDOW or len(keys) > MAX_PATTERN or self.work > MAX_WORK:
            return []
        return [found for run in likely if (found := run._replace(end=run.start + len(keys))).keys == keys]

    def counts(self, runs: Sequence[Run]) -> bool:
        """Whether a run is promotion, judged by all of its places."""
        if len({run.entry for run in runs}) < self.least or len(runs[0].text) > MAX_PATTERN:
            return False
        fewest = MIN_SENTENCE if all(run.is_sentence for run in runs) else MIN_FLAT
        whole = sum(_begins(run) and _ends(run) for run in runs)
        leads = sum(run.end < len(run.block) and is_address(run.block[run.end].text) for run in runs)
        alone = sum(sum(map(len, self.notes[run.entry])) == len(run.words) for run in runs)
        is_whole = whole >= 0.9 * len(runs) and 2 * leads < len(runs) and 2 * alone < len(runs)
        return is_whole and fewest <= _count(runs[0]) <= MAX_WORDS

    def has_section(self, pattern: str, adverts: Iterable[str]) -> bool:
        """Whether most matches of a pattern are behind text that recurs and doesn't advertise, or before a sentence of
        such text; a heading may follow."""
        beside = matches = 0
        for _, block in self.blocks:
            if own := matched_words(block, (pattern,)):
                others = self.covered(block) - matched_words(block, adverts)
                behind = {at for place in own if place + 1 in others for at in range(place + 1, place + 1 + WINDOW)}
                matches += 1
                beside += any(place - 1 in others for place in own) or (
                    sum(block[at].text[:1].islower() for at in behind & others) >= 2
                )
        return 2 * beside > matches


def _windows(block: Sequence[Word]) -> Iterator[Keys]:
    """Every run of four neighbouring words of a block, as compared."""
    keys = [word.key for word in block]
    return (tuple(keys[at : at + WINDOW]) for at in range(len(keys) - WINDOW + 1))


def _are_upper(words: Iterable[Word]) -> bool:
    return all(starts_upper(word.text) for word in words)


def _is_label(word: Word) -> bool:
    return starts_upper(word.text) or word.key in SMALL_WORDS


def _begins(run: Run) -> bool:
    """Whether a run of flattened text begins a sentence or a call; a heading may be glued before the sentence."""
    if not run.start:
        return True
    before = run.block[run.start - 1].text
    return ends_sentence(before) or is_address(before) or (calls(run.text) and not run.words[0].text[0].islower())


def _ends(run: Run) -> bool:
    """Whether a run of flattened text ends a sentence, or a phrase before a capital."""
    last = run.words[-1]
    if run.end == len(run.block) or run.is_sentence:
        return not last.text.endswith(":")
    following = run.block[run.end].text
    return not following[0].islower() and last.text[-1] not in ":,-–—(" and last.key not in SMALL_WORDS


def _without_parts(runs: dict[Keys, str]) -> set[str]:
    """Runs without those that others, and too few words for a run, make up: of `A` and `A B`, `A` and `B` remain."""
    known: dict[Keys, str] = {}
    for keys, text in sorted(runs.items(), key=lambda item: (len(item[0]), item[0])):
        start, end = 0, len(keys)
        for part in known:
            if keys[start : start + len(part)] == part:
                start += len(part)
            elif keys[max(start, end - len(part)) : end] == part:
                end -= len(part)
        if end - start >= WINDOW:
            known[keys[start:end]] = " ".join(text.split()[start:end])
        elif end > start:
            known[keys] = text
    return set(known.values())
