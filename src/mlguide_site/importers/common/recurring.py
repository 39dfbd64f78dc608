"""Promotion in the notes of one source: what many notes repeat word for word, and what advertises.

A sentence, or a block that ends no sentence, counts where
- it is in at least 15 % of the entries, and in at least three; a number or code in its middle may differ;
- it has four words or more, or eight if it ends no sentence;
- it advertises: it holds an address, or begins with a call to act ("Try", "Buy", "Join");
- it is not all that its entries hold; and together such sentences leave no more than a fifth of the entries empty.

In flattened text, where headings and blocks left no trace, so does what begins with a call to act and ends before a
capital.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from itertools import takewhile
from math import ceil
from typing import NamedTuple

from mlguide_site.importers.common.promotion import Word, match_words, split_words
from mlguide_site.markdown.plain import SMALL_WORDS, ends_sentence, starts_upper

SHARE = 0.15
MAX_EMPTIED = 0.2
MIN_ENTRIES = 3
MIN_SENTENCE, MIN_FLAT, MIN_UNENDED = 4, 5, 8
MIN_FIXED = 6
MAX_WORDS = 60
MAX_LABEL = 8
MAX_PATTERN = 500
MAX_SOURCE_WORDS = 150_000
WINDOW = 4
"""Words that runs must share to be compared."""
_DIGIT = re.compile(r"\d")
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
Notes = Sequence[Sequence[Sequence[Word]]]
"""Entries of blocks of words."""


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
    def is_sentence(self) -> bool:
        """Whether it ends as a sentence does."""
        return ends_sentence(self.block[self.end - 1].text)

    @property
    def is_whole(self) -> bool:
        """Whether it ends a sentence of flattened text, or a phrase before a capital, and not within a label."""
        last = self.words[-1]
        if self.end == len(self.block) or self.is_sentence:
            return not last.text.endswith(":")
        following = self.block[self.end - 1 : self.end + MAX_LABEL]
        label = takewhile(lambda word: starts_upper(word.text) or word.key in SMALL_WORDS, following)
        is_part = any(word.text.endswith(":") for word in label)
        may_end = last.text[-1] not in ",-–—(" and last.key not in SMALL_WORDS
        return may_end and not following[1].text[0].islower() and not is_part


def find_promotion(entries: Sequence[Sequence[str]], flat: bool = False) -> tuple[str, ...]:
    """The patterns of promotion in the notes of one source, sorted: each entry given as the texts of its blocks.

    `flat` is true where a block is a whole text whose structure is lost. Of a source of more than 150,000 words, every
    second, third, … entry is read.
    """
    words = sum(text.count(" ") + 1 for entry in entries for text in entry)
    notes = [[split_words(text) for text in entry] for entry in entries[:: words // MAX_SOURCE_WORDS + 1]]
    least = max(MIN_ENTRIES, ceil(SHARE * len(notes)))
    found = {_pattern(runs) for runs in _repeated(notes, least, flat) if _is_promotion(runs, notes, flat)}
    # two that often follow one another are two
    patterns = {text for text in found if not any(f"{one} {other}" == text for one in found for other in found)}
    matched = (sum(end - start for block in entry for start, end, _ in match_words(block, patterns)) for entry in notes)
    emptied = sum(0 < sum(map(len, entry)) == words for entry, words in zip(notes, matched, strict=True))
    return tuple(sorted(patterns)) if emptied <= MAX_EMPTIED * len(notes) else ()


def advertises(text: str) -> bool:
    """Whether a text holds an address, or begins with a call to act.

    >>> advertises("Buy a chair today."), advertises("More at chairs.example/now."), advertises("This is a chair.")
    (True, True, False)
    """
    return _calls(text) or any(_is_address(word.rstrip(".,;:!?)")) for word in text.split())


def _calls(text: str) -> bool:
    """Whether a text begins with a call to act."""
    first = text.lstrip("\"'“‘«([-–—*•> ").partition(" ")[0]
    return first.rstrip(".,!:").casefold() in CALLS


def _is_address(word: str) -> bool:
    """Whether a word as written is a web address, or holds one."""
    return "://" in word or bool(re.search(r"\w\.[A-Za-z]{2,24}(?:/|$)", word))


def _repeated(notes: Notes, least: int, flat: bool) -> Iterator[list[Run]]:
    """The sentences in at least so many entries; the last of a block may have no end, numbers in their middle may
    differ. Of flattened text also runs that begin with a call to act, as long as they are alike."""
    sentences, calls = defaultdict[Keys, list[Run]](list), defaultdict[Keys, list[Run]](list)
    for number, entry in enumerate(notes):
        for block in entry:
            start = 0
            for at, word in enumerate(block):
                if flat and _calls(word.text) and not word.text[0].islower() and at + WINDOW <= len(block):
                    run = Run(number, block, at, at + WINDOW)
                    calls[run.keys].append(run)
                if ends_sentence(word.text) or at + 1 == len(block):
                    run = Run(number, block, start, at + 1)
                    sentences[_shape(run)].append(run)
                    start = at + 1
    yield from (runs for runs in sentences.values() if _entries(runs) >= least)
    pending = [runs for runs in calls.values() if _entries(runs) >= least]
    while pending:
        runs = pending.pop()
        longer: dict[str, list[Run]] = defaultdict(list)
        for run in runs:
            if run.end < len(run.block) and not run.is_sentence and len(run.words) < MAX_WORDS:
                longer[run.block[run.end].key].append(run._replace(end=run.end + 1))
        pending += (alike := [group for group in longer.values() if _entries(group) >= least])
        if sum(map(len, alike)) < len(runs):
            # where they part, a label or a heading may have begun
            while len(runs[0].words) > WINDOW and not _mostly_whole(runs):
                runs = [run._replace(end=run.end - 1) for run in runs]
            yield runs


def _shape(run: Run) -> Keys:
    """The keys of a run, `*` for each word in its middle that holds a digit and is no address."""
    first, *middle, last = run.keys if len(run.words) > 1 else (*run.keys, "")
    return (first, *("*" if _DIGIT.search(key) and not _is_address(key) else key for key in middle), last)


def _mostly_whole(runs: Sequence[Run]) -> bool:
    return sum(run.is_whole for run in runs) >= 0.9 * len(runs)


def _entries(runs: Iterable[Run]) -> int:
    return len({run.entry for run in runs})


def _pattern(runs: Sequence[Run]) -> str:
    """The pattern that matches all runs of one shape: the words as the first of them by spelling has them."""
    first = min(runs, key=lambda run: [word.text for word in run.words])
    varies = any(run.keys != first.keys for run in runs)
    pairs = zip(_shape(first), first.words, strict=False)
    return " ".join("*" if varies and key == "*" else word.text for key, word in pairs)


def _is_promotion(runs: Sequence[Run], notes: Notes, flat: bool) -> bool:
    """Whether runs of one shape are promotion, judged by all of their places."""
    text = _pattern(runs)
    words = sum(any(map(str.isalnum, word)) for word in text.split() if word != "*")
    is_sentence = all(run.is_sentence for run in runs)
    fewest = MIN_FIXED if "*" in text.split() else MIN_SENTENCE if is_sentence else MIN_FLAT if flat else MIN_UNENDED
    alone = sum(sum(map(len, notes[run.entry])) == len(run.words) for run in runs)
    fits = fewest <= words <= MAX_WORDS and len(text) <= MAX_PATTERN and 2 * alone < len(runs)
    return fits and (is_sentence or not flat or _mostly_whole(runs)) and advertises(text)
