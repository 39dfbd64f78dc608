"""Counts what words do in documentation: run as `python -m benchmarks.structure.habits ARCHIVES`, a folder of packages.

Archives are those that package indexes hand out (`pip download --no-deps`); `packages.txt` lists the ones whose
documentation the shipped statistics were counted in. Only numbers are written: see `mlguide_site.recovery.habits`.
"""

import argparse
import re
from collections import Counter
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path

import numpy as np

from benchmarks.structure.reading import Passage, passages
from mlguide_site.recovery.habits import BOUNDS, FAINT, FIRST_BOUND, NAME, PLACES, Habits, pack
from mlguide_site.recovery.words import bare, ends_sentence, number_of

TARGET = Path(__file__).parents[2] / "src" / "mlguide_site" / "structure" / "data" / NAME
_WORD = re.compile(r"[a-z][a-z'+#-]*\d{0,2}")
MAX_WORDS = 400
LONGEST_HEADING = 10
LEAST_WORD = 12
LEAST_TOLD = 20
"""How often a word must have been read to be listed, and to have places; in headings a few times will do."""
IN_HEADING = 2
"""How much a pair counts that stands in a heading."""
MOST_PAIRS = 8_000_000
STEPS = ((-3, -1, 1, 3), (-3, -1, 1, 3), (-2, 0, 2, 4), (-3, -1, 1, 3), (-3, -1, 1, 2))
"""Where each place goes from one number to the next, in binary logarithms of odds."""


@dataclass
class Counts:
    """How often words and pairs were read, and where."""

    words: Counter[str] = field(default_factory=Counter)
    pairs: Counter[tuple[str, str]] = field(default_factory=Counter)
    first: Counter[str] = field(default_factory=Counter)
    last: Counter[str] = field(default_factory=Counter)
    titled: Counter[str] = field(default_factory=Counter)
    heads: Counter[str] = field(default_factory=Counter)
    tails: Counter[str] = field(default_factory=Counter)
    alone: Counter[str] = field(default_factory=Counter)

    def add(self, passage: Passage) -> None:
        """Counts one passage."""
        tokens = passage.text.replace("’", "'").split()[:MAX_WORDS]
        if passage.is_heading:
            words = [word for word in map(bare, tokens) if _WORD.fullmatch(word)]
            if words and len(tokens) <= LONGEST_HEADING:
                self._add_heading(words)
            return
        before, begins = "", True
        for token in tokens:
            word = bare(token)
            known = _WORD.fullmatch(word) is not None
            if known:
                self.words[word] += 1
                self.first[word] += begins
                if before and token[0] not in "([":
                    self.pairs[before, word] += 1
            begins = ends_sentence(token)
            if begins and known:
                self.last[word] += 1
            before = word if known and token[-1] not in ".!?,;:)]" else ""

    def _add_heading(self, words: list[str]) -> None:
        self.titled.update(words)
        self.heads[words[0]] += 1
        self.tails[words[-1]] += 1
        self.alone[words[0]] += len(words) == 1
        for pair in pairwise(words):
            self.pairs[pair] += IN_HEADING

    def thin(self) -> None:
        """Forgets pairs read once, where there are too many to be kept."""
        if len(self.pairs) > MOST_PAIRS:
            self.pairs = Counter({pair: count for pair, count in self.pairs.items() if count > 1})


def habits_of(counts: Counts, least: int) -> Habits:
    """The habits of counted words; pairs read fewer than `least` times are left out."""
    words = sorted(word for word, count in counts.words.items() if count >= LEAST_WORD)
    read = sum(counts.words.values())
    logs = np.log2(np.array([counts.words[word] for word in words], np.float64))
    tables = [
        (counts.heads, counts.first),
        (counts.tails, counts.words),
        (counts.alone, counts.words),
        (counts.first, counts.words),
        (counts.last, counts.words),
    ]
    places = np.zeros((len(words), PLACES), np.uint8)
    told = np.array([counts.words[word] >= LEAST_TOLD or counts.titled[word] > 2 for word in words])
    for at, ((here, elsewhere), steps) in enumerate(zip(tables, STEPS, strict=True)):
        ours = np.array([here[word] + 1 for word in words]) / max(1, sum(here.values()))
        theirs = np.array([elsewhere[word] + 1 for word in words]) / max(1, sum(elsewhere.values()))
        places[:, at] = np.where(told, 1 + np.searchsorted(steps, np.log2(ours / theirs), side="right"), 0)
    listed = set(words)
    levels: dict[int, int] = {}
    for (one, other), count in sorted(counts.pairs.items()):
        if count >= least and one in listed and other in listed:
            more = (count + FAINT) / (counts.words[one] * counts.words[other] / read + FAINT)
            if more >= 1:
                levels[number_of(f"{one} {other}")] = FIRST_BOUND + int(np.searchsorted(BOUNDS, more, side="right"))
    numbers = np.array(sorted(levels), np.uint32)
    rows = {word: row for row, word in enumerate(words)}
    bound = np.array([levels[int(number)] for number in numbers], np.uint8)
    return Habits(rows, logs.astype(np.float32), places, numbers, bound, read)


def main() -> None:
    """Count and write."""
    parser = argparse.ArgumentParser(description="Count what words do in documentation.")
    parser.add_argument("archives", type=Path, help="folder of packages as an index hands them out")
    parser.add_argument("--out", type=Path, default=TARGET)
    parser.add_argument("--least", type=int, default=3, help="how often a pair must have been read")
    options = parser.parse_args()
    counts = Counts()
    for number, passage in enumerate(passages(options.archives), 1):
        counts.add(passage)
        if number % 200_000 == 0:
            counts.thin()
            print(f"{number:,} passages, {len(counts.words):,} words, {len(counts.pairs):,} pairs", flush=True)
    habits = habits_of(counts, options.least)
    options.out.write_bytes(pack(habits))
    print(
        f"{habits.read:,} words read, {len(habits.rows):,} listed, {len(habits.pairs):,} pairs;"
        f" {options.out.name}: {options.out.stat().st_size:,} bytes"
    )


if __name__ == "__main__":
    main()
