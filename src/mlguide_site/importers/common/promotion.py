"""Promotion: what a show says in many of its notes and that is no fact of the episode. Patterns, where they match, and
how they are found in the notes of one source.

A pattern is a run of words; `*` matches any words of the same sentence, none to twenty (at the end of a pattern:
the rest of the sentence, if that is no more). Letter case, the kind of dash and of quotation mark, and punctuation
after a word make no difference.

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
from collections.abc import Collection, Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import takewhile
from math import ceil
from typing import NamedTuple

from mlguide_site.markdown.plain import SMALL_WORDS, ends_sentence, starts_upper

MAX_GAP = 20
_WORD = re.compile(r"\S+")
_ALIKE = str.maketrans({**dict.fromkeys("‐‑‒–—―−", "-"), **dict.fromkeys("‘’‚‛′", "'"), **dict.fromkeys("“”„‟″", '"')})
_TRAILING = ".,!?;:…"
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


class Word(NamedTuple):
    """A word of a text: its place, as written, and as compared."""

    start: int
    end: int
    text: str
    key: str


class Match(NamedTuple):
    """Where in a text a pattern matches, in characters."""

    start: int
    end: int
    pattern: str


@lru_cache(maxsize=65536)
def word_key(word: str) -> str:
    """A word as patterns compare it.

    >>> word_key("Learn!"), word_key("—"), word_key("…")
    ('learn', '-', '…')
    """
    plain = word.translate(_ALIKE).casefold()
    return plain.rstrip(_TRAILING) or plain


def split_words(text: str) -> list[Word]:
    """The words of a text, white space between them."""
    return [Word(found.start(), found.end(), found[0], word_key(found[0])) for found in _WORD.finditer(text)]


@lru_cache(maxsize=4096)
def _runs(pattern: str) -> tuple[tuple[str, ...], ...]:
    """The runs of words between the stars of a pattern; an empty last one where it ends in a star."""
    runs = [tuple(word_key(word) for word in part.split()) for part in pattern.strip().lstrip("* ").split("*")]
    return tuple(run for at, run in enumerate(runs) if run or at == len(runs) - 1)


def find_matches(text: str, patterns: Collection[str]) -> list[Match]:
    """Where patterns match in a text, in order and without overlap; of those that begin together the longest counts."""
    # most texts hold no word that a pattern begins with
    firsts = {runs[0][0] for pattern in patterns if (runs := _runs(pattern)) and runs[0]}
    words = [] if firsts.isdisjoint(map(word_key, text.split())) else split_words(text)
    return [
        Match(words[start].start, words[end - 1].end, pattern) for start, end, pattern in match_words(words, patterns)
    ]


def match_words(words: Sequence[Word], patterns: Iterable[str]) -> Iterator[tuple[int, int, str]]:
    """The first word of each match, the one behind its last, and its pattern."""
    openings: dict[str, list[tuple[str, tuple[tuple[str, ...], ...]]]] = {}
    for pattern in patterns:
        if (runs := _runs(pattern)) and runs[0]:
            openings.setdefault(runs[0][0], []).append((pattern, runs))
    at = 0
    while at < len(words):
        found = ((_match(words, at, runs), pattern) for pattern, runs in openings.get(words[at].key, ()))
        end, pattern = max(found, default=(0, ""))
        if end:
            yield at, end, pattern
        at = end or at + 1


def _match(words: Sequence[Word], at: int, runs: Sequence[tuple[str, ...]]) -> int:
    """The word behind a match of all runs beginning at a word; 0 where there is none."""
    end = _run_at(words, at, runs[0])
    for run in runs[1:]:
        if not end:
            return 0
        stop = _sentence_end(words, end)
        if not run:
            return stop if stop - end <= MAX_GAP else end
        starts = range(end, max(stop, end + 1))
        end = next((found for start in starts if (found := _run_at(words, start, run))), 0)
    return end


def _run_at(words: Sequence[Word], at: int, run: Sequence[str]) -> int:
    end = at + len(run)
    return end if end <= len(words) and all(words[at + k].key == key for k, key in enumerate(run)) else 0


def _sentence_end(words: Sequence[Word], at: int) -> int:
    """The index behind the sentence that the word before an index is in, as far as a gap may reach."""
    last = min(at + MAX_GAP + 1, len(words))
    return next((end for end in range(at, last) if ends_sentence(words[end - 1].text)), last)


def cut_out(text: str, matches: Sequence[Match], mark: str = " ") -> str:
    """A text without what matched, `mark` in its place; every other word stays in order.

    >>> cut_out("One. Buy now! Two.", find_matches("One. Buy now! Two.", ["Buy now"]))
    'One. Two.'
    """
    starts, ends = [0, *(match.end for match in matches)], [*(match.start for match in matches), len(text)]
    parts = (text[start:end].strip() for start, end in zip(starts, ends, strict=True))
    return mark.join(part for part in parts if part)


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
    """Whether runs of one shape are promotion, by all of their places."""
    text = _pattern(runs)
    words = sum(any(map(str.isalnum, word)) for word in text.split() if word != "*")
    is_sentence = all(run.is_sentence for run in runs)
    fewest = MIN_FIXED if "*" in text.split() else MIN_SENTENCE if is_sentence else MIN_FLAT if flat else MIN_UNENDED
    alone = sum(sum(map(len, notes[run.entry])) == len(run.words) for run in runs)
    fits = fewest <= words <= MAX_WORDS and len(text) <= MAX_PATTERN and 2 * alone < len(runs)
    return fits and (is_sentence or not flat or _mostly_whole(runs)) and advertises(text)
