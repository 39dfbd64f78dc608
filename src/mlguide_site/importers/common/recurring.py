"""Promotion in the notes of one source: what many notes repeat word for word, and what advertises.

A sentence, or a block that ends no sentence, counts where
- it is in at least 15 % of the entries, and in at least three; a number or code in its middle may differ;
- it has four words or more, or eight if it ends no sentence;
- it advertises: it holds an address, or begins with a call to act ("Try", "Buy", "Join");
- it is not all that its entries hold; and together such sentences leave no more than a fifth of the entries empty.

In flattened text, where headings and blocks left no trace, so does what begins with a call to act and ends before a
capital. There nothing counts that the same words are before or behind in most places: what every note closes with is
the show's own section, and stays.
"""

import re
from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from itertools import accumulate, takewhile
from math import ceil
from typing import NamedTuple

from mlguide_site.importers.common.promotion import Word, find_matches, split_words
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
    def text(self) -> str:
        return " ".join(word.text for word in self.words)

    @property
    def is_sentence(self) -> bool:
        """Whether it ends as a sentence does."""
        return ends_sentence(self.block[self.end - 1].text)


def find_promotion(entries: Sequence[Sequence[str]], flat: bool = False) -> tuple[str, ...]:
    """The patterns of promotion in the notes of one source, sorted: each entry given as the texts of its blocks.

    `flat` is true where a block is a whole text whose structure is lost. Of a source of more than 150,000 words, every
    second, third, … entry is read.
    """
    words = sum(text.count(" ") + 1 for entry in entries for text in entry)
    notes = [[split_words(text) for text in entry] for entry in entries[:: words // MAX_SOURCE_WORDS + 1]]
    least = max(MIN_ENTRIES, ceil(SHARE * len(notes)))
    found = [*_repeated_sentences(notes, least), *(_repeated_calls(notes, least) if flat else ())]
    texts = {_pattern(runs): runs for runs in found if _is_promotion(runs, notes, least, flat)}
    # two that often follow one another are two
    parts = {text for text in texts if not any(f"{one} {other}" == text for one in texts for other in texts)}
    patterns = {text for text in parts if not (flat and _has_section(texts[text], parts))}
    emptied = sum(
        0 < sum(map(len, entry)) == sum(len(matched_words(block, patterns)) for block in entry) for entry in notes
    )
    return tuple(sorted(patterns)) if emptied <= MAX_EMPTIED * len(notes) else ()


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
    starts = list(accumulate((len(word.text) + 1 for word in block), initial=0))
    found = find_matches(" ".join(word.text for word in block), patterns)
    return {at for one in found for at in range(bisect_left(starts, one.start), bisect_left(starts, one.end))}


def _repeated_sentences(notes: Notes, least: int) -> Iterator[list[Run]]:
    """The sentences in at least so many entries; the last of a block may have no end, numbers in their middle may
    differ."""
    groups: dict[Keys, list[Run]] = defaultdict(list)
    for number, entry in enumerate(notes):
        for block in entry:
            start = 0
            for at, word in enumerate(block, 1):
                if ends_sentence(word.text) or at == len(block):
                    run = Run(number, block, start, at)
                    groups[_shape(run)].append(run)
                    start = at
    return (runs for runs in groups.values() if _entries(runs) >= least)


def _shape(run: Run) -> Keys:
    """The keys of a run, `*` for each word in its middle that holds a digit and is no address."""
    first, *middle, last = run.keys if len(run.words) > 1 else (*run.keys, "")
    return (first, *("*" if _DIGIT.search(key) and not is_address(key) else key for key in middle), last)


def _repeated_calls(notes: Notes, least: int) -> Iterator[list[Run]]:
    """Runs in at least so many entries that begin with a call to act, as long as they are alike."""
    groups: dict[Keys, list[Run]] = defaultdict(list)
    for number, entry in enumerate(notes):
        for block in entry:
            for at, word in enumerate(block):
                if calls(word.text) and not word.text[0].islower() and at + WINDOW <= len(block):
                    run = Run(number, block, at, at + WINDOW)
                    groups[run.keys].append(run)
    pending = [runs for runs in groups.values() if _entries(runs) >= least]
    while pending:
        runs = pending.pop()
        longer: dict[str, list[Run]] = defaultdict(list)
        for run in runs:
            if run.end < len(run.block) and not run.is_sentence and len(run.words) < MAX_WORDS:
                longer[run.block[run.end].key].append(run._replace(end=run.end + 1))
        pending += (alike := [group for group in longer.values() if _entries(group) >= least])
        if sum(map(len, alike)) < len(runs):
            # where they part, a label or a heading may have begun
            while len(runs[0].words) > WINDOW and sum(map(_ends, runs)) < 0.9 * len(runs):
                runs = [run._replace(end=run.end - 1) for run in runs]
            yield runs


def _ends(run: Run) -> bool:
    """Whether a run of flattened text ends a sentence, or a phrase before a capital, and not within a label."""
    last = run.words[-1]
    if run.end == len(run.block) or run.is_sentence:
        return not last.text.endswith(":")
    following = run.block[run.end].text
    label = takewhile(
        lambda word: starts_upper(word.text) or word.key in SMALL_WORDS, run.block[run.end - 1 : run.end + MAX_LABEL]
    )
    is_part = any(word.text.endswith(":") for word in label)
    return not following[0].islower() and last.text[-1] not in ",-–—(" and last.key not in SMALL_WORDS and not is_part


def _entries(runs: Iterable[Run]) -> int:
    return len({run.entry for run in runs})


def _pattern(runs: Sequence[Run]) -> str:
    """The pattern that matches all runs of one shape: the words as the first of them by spelling has them."""
    first = min(runs, key=lambda run: run.text)
    varies = any(run.keys != first.keys for run in runs)
    pairs = zip(_shape(first), first.words, strict=False)
    return " ".join("*" if varies and key == "*" else word.text for key, word in pairs)


def _is_promotion(runs: Sequence[Run], notes: Notes, least: int, flat: bool) -> bool:
    """Whether runs of one shape are promotion, judged by all of their places."""
    text = _pattern(runs)
    words = sum(any(map(str.isalnum, word)) for word in text.split() if word != "*")
    is_sentence = all(run.is_sentence for run in runs)
    fewest = MIN_FIXED if "*" in text.split() else MIN_SENTENCE if is_sentence else MIN_FLAT if flat else MIN_UNENDED
    alone = sum(sum(map(len, notes[run.entry])) == len(run.words) for run in runs)
    is_whole = is_sentence or not flat or sum(map(_ends, runs)) >= 0.9 * len(runs)
    fits = fewest <= words <= MAX_WORDS and len(text) <= MAX_PATTERN and _entries(runs) >= least
    return is_whole and fits and 2 * alone < len(runs) and advertises(text)


def _has_section(runs: Sequence[Run], patterns: Iterable[str]) -> bool:
    """Whether the words before or behind most runs of flattened text are the same, and no promotion themselves. What is
    behind must be more than a heading."""
    around: Counter[tuple[bool, Keys]] = Counter()
    for run in runs:
        taken = matched_words(run.block, patterns)
        before = [run.block[at] for at in range(max(0, run.start - 2), run.start) if at not in taken]
        last = min(run.end + WINDOW, len(run.block))
        behind = [run.block[at] for at in range(run.end, last) if at not in taken]
        around[False, tuple(word.key for word in before)] += len(before) > 1
        around[True, tuple(word.key for word in behind)] += sum(word.text[0].islower() for word in behind) > 1
    return 2 * max(around.values()) > len(runs)
