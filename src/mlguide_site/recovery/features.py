"""The features that `scorer` uses to predict block starts and titles (headings and labels). Most features describe
words; others describe repeated sequences of words, the style of the page, and structured notes."""

import re
import unicodedata
from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Sequence
from functools import lru_cache
from importlib.resources import files
from itertools import accumulate, pairwise
from math import log
from typing import NamedTuple

from mlguide_site.model.words import WORDS
from mlguide_site.recovery.markdown import HEADING, ITEM, LABEL, PARAGRAPH, read_blocks
from mlguide_site.recovery.scorer import UNUSED, Lexicon, uses_of
from mlguide_site.recovery.tokens import CLOSERS, OPENERS, SMALL, Token, bare, ends_colon, ends_sentence, read_tokens

CLASSES = {word: number for number in range(1, 10) for word in WORDS[f"class {number}"]}
"""The class of each function word, used to detect where a sentence begins and where a title can't end."""
MAX_RUN = 10  # maximum number of words in a repeated sequence
MAX_LABEL = 8
LONGEST_HEADING = 20  # maximum number of words of a known heading
MAX_USUAL = 5  # maximum number of words in a usual section title
NEAR, FAR = 8, 40
Key = tuple[str, ...]
Word = tuple[float, ...]  # the features of a word (see `COLUMNS`), and its use in other notes (see `scorer.USES`)
COLUMNS = (
    "upper lower end colon url small length closer digit comma opener symbol class common lowers opens closes".split()
)
_URL = re.compile(r"(?:https?://|www\.)\S|(?<![\w-])[\w-]{1,63}\.[a-z]{2,6}(?:/|$)", re.I)
UPPER, LOWER, END, COLON, URL, SMALL_WORD, LENGTH, CLOSER = range(8)
NOTHING: Word = (*(float(at == END) for at in range(len(COLUMNS))), *UNUSED)


@lru_cache(maxsize=1)
def section_titles() -> frozenset[Key]:
    """Return the usual titles of sections in show notes, such as `links` and `pick of the week`, as tuples of words."""
    lines = (files(__package__) / "section_titles.txt").read_text("utf-8").splitlines()
    return frozenset(tuple(bare(word) for word in line.split()) for line in lines)


class Run(NamedTuple):
    """A sequence of words that occurs in `notes` notes of a page. `left` and `right` are the numbers of different words
    before and after it per occurrence. `recurs` is high for a title, which most notes contain once, in other places."""

    notes: int = 0
    left: float = 0.0
    right: float = 0.0
    recurs: float = 0.0


NO_RUN = Run()


class Known:
    """Statistics of structured notes: how often headings occur, and how often words begin blocks or end headings."""

    def __init__(self, bodies: Sequence[str]) -> None:
        notes = [read_blocks(body) for body in bodies]
        self.tokens = [read_tokens(" ".join(text for _, text in note)) for note in notes]
        blocks = [(kind, tuple(bare(word) for word in text.split())) for note in notes for kind, text in note]
        self.headings = Counter(keys for kind, keys in blocks if kind == HEADING and len(keys) <= LONGEST_HEADING)
        self.first = Counter((kind if kind != LABEL else ITEM, keys[0]) for kind, keys in blocks)
        self.last = Counter(keys[-1] for keys in self.headings.elements())
        self.longest = max(map(len, self.headings), default=0)
        self.anywhere = Counter[Key]()
        for tokens in self.tokens:
            keys = tuple(bare(token.text) for token in tokens)
            for at in range(len(keys)):
                runs = (keys[at : at + size] for size in range(1, min(self.longest, len(keys) - at) + 1))
                self.anywhere.update(run for run in runs if run in self.headings)

    def begins(self, before: str, word: str) -> tuple[float, ...]:
        """Return how many headings, items and paragraphs begin with `word`, and how many headings end with `before`."""
        return (*(self.first[kind, word] for kind in (HEADING, ITEM, PARAGRAPH)), self.last[before])

    def sure(self, keys: Key) -> float:
        """Return the probability that the words `keys` are a heading, or 0 if they are in fewer than two."""
        count = self.headings[keys]
        return count / (self.anywhere[keys] + 1) if count > 1 else 0.0


class Page:
    """Statistics of the words in all notes of a page, and in structured notes."""

    def __init__(self, notes: Sequence[Sequence[Token]], known: Known | None, lexicon: Lexicon) -> None:
        self.known, self.lexicon = known, lexicon
        self.counts, self.lowers, self.opens, self.closes = (Counter[str]() for _ in range(4))
        self.pairs: Counter[tuple[str, str]] = Counter()
        keys: list[list[str]] = []
        for note in (*notes, *(known.tokens if known else ())):
            own = [bare(token.text) for token in note]
            keys.append(own)
            self.counts.update(own)
            self.pairs.update(set(pairwise(own)))
            is_first = True
            for token, key in zip(note, own, strict=True):
                end = ends_sentence(token.text)
                self.lowers[key] += token.text.lstrip(OPENERS)[:1].islower()
                self.opens[key] += is_first
                self.closes[key] += end or ends_colon(token.text)
                is_first = end
        self.total = sum(self.counts.values())
        self.runs = repeated_runs(keys)
        self.notes = [Note(note, self) for note in notes]
        self.style = self._style()

    def word(self, text: str) -> Word:
        key, core = bare(text), text.lstrip(OPENERS)
        count, has_url, symbol = self.counts[key], bool(_URL.search(text)), 0
        if not any(map(str.isalnum, text)):
            symbol = 2 if unicodedata.category(text[0]) == "So" else 3 if text in "-–—|" else 1
        return (
            core[:1].isupper(), core[:1].islower(), ends_sentence(text), ends_colon(text), has_url, key in SMALL,
            min(len(key), 20), text[-1] in CLOSERS, any(map(str.isdigit, text)), text[-1] in ",;", text[0] in OPENERS,
            symbol, CLASSES.get(key, 0), log(1 + 10_000 * count / (self.total + 1)), self.lowers[key] / count,
            self.opens[key] / count, self.closes[key] / count, *uses_of(self.lexicon, key, core[:1].isupper()),
        )  # fmt: skip

    def _style(self) -> list[float]:
        total = sum(note.size for note in self.notes) or 1
        starts = [(note, at) for note in self.notes for at in range(note.size) if note.padded[at][END]]
        labels = sum(0 < note.to_colon(at) <= MAX_LABEL and note.words[at][UPPER] > 0 for note, at in starts)
        sums = [sum(column) / total for column in zip(*(note.sums[-1] for note in self.notes), strict=True)] or NOTHING
        marks = sum(bool(token.mark) for note in self.notes for token in note.tokens)
        return [
            labels / (len(starts) + 1), labels / total, sums[COLON], sums[END], sums[URL], sums[UPPER], marks / total,
            total / (len(self.notes) or 1),
        ]  # fmt: skip


def repeated_runs(notes: Sequence[Sequence[str]]) -> dict[Key, Run]:
    """Return the sequences of up to `MAX_RUN` words that occur in at least two notes."""
    found: dict[Key, Run] = {}
    places = [(note, at) for note, keys in enumerate(notes) for at in range(len(keys))]
    for size in range(1, MAX_RUN + 1):
        groups: dict[Key, list[tuple[int, int]]] = defaultdict(list)
        for note, at in places:
            if at + size <= len(notes[note]):
                groups[tuple(notes[note][at : at + size])].append((note, at))
        places = []
        for run, where in groups.items():
            if len(where) < 2 or where[0][0] == where[-1][0]:
                continue
            places += where
            count, within = len(where), len({note for note, _ in where})
            left = len({notes[note][at - 1] if at else note for note, at in where}) / count
            ends = ((note, at + size) for note, at in where)
            right = len({notes[note][end] if end < len(notes[note]) else note for note, end in ends}) / count
            found[run] = Run(within, left, right, within / len(notes) * left * (within / count) ** 2)
    return found


class Note:
    """The words of one note, their features, and prefix sums of the features."""

    def __init__(self, tokens: Sequence[Token], page: Page) -> None:
        self.tokens, self.page, self.size = tokens, page, len(tokens)
        seen = {text: page.word(text) for text in {token.text for token in tokens}}
        self.words = [seen[token.text] for token in tokens]
        self.keys = [bare(token.text) for token in tokens]
        self.padded = [NOTHING, *self.words, NOTHING, NOTHING]
        """the features of all words, shifted by one: `padded[at]` describes the word before position `at`"""
        add = lambda sums, word: tuple(map(float.__add__, sums, map(float, word)))  # noqa: E731
        self.sums: list[tuple[float, ...]] = list(accumulate(self.words, add, initial=(0.0,) * len(NOTHING)))
        self.ends = [at for at, word in enumerate(self.words) if word[END]]
        self.colons = [at for at, word in enumerate(self.words) if word[COLON]]
        self.usual_from, self.usual_to = [0] * (self.size + 1), [0] * (self.size + 1)
        """for each position, the number of words in the longest of the `section_titles` that begins (or ends) there"""
        for at in range(self.size):
            for size in range(1, min(MAX_USUAL, self.size - at) + 1):
                if tuple(self.keys[at : at + size]) in section_titles():
                    self.usual_from[at] = size
                    self.usual_to[at + size] = max(size, self.usual_to[at + size])
        self.opening, self.closing = [NO_RUN] * (self.size + 1), [NO_RUN] * (self.size + 1)
        """for each position, the most probable recurring title that begins (or ends) there"""
        for at in range(self.size):
            for size in range(1, min(MAX_RUN, self.size - at) + 1):
                run = page.runs.get(tuple(self.keys[at : at + size]))
                if run is None:
                    break
                if run.recurs > self.opening[at].recurs:
                    self.opening[at] = run
                if run.recurs * run.right > self.closing[at + size].recurs * self.closing[at + size].right:
                    self.closing[at + size] = run

    def mean(self, start: int, end: int) -> Sequence[float]:
        """Return the mean of each feature over the words from `start` to `end`."""
        start, end = max(0, start), min(self.size, end)
        if start >= end:
            return NOTHING
        size = end - start
        return [(last - first) / size for first, last in zip(self.sums[start], self.sums[end], strict=True)]

    def to_colon(self, at: int) -> int:
        """Return the number of words before the next colon, or 0 if it is far away or the sentence ends before it."""
        near = bisect_left(self.colons, at)
        if near == len(self.colons) or self.colons[near] - at >= 2 * MAX_LABEL:
            return 0
        return self.colons[near] + 1 - at if not any(word[END] for word in self.words[at : self.colons[near]]) else 0

    def may_begin(self, at: int) -> bool:
        """Check whether a block may begin at a word."""
        token, word, before = self.tokens[at], self.words[at], self.padded[at]
        return bool(
            not (word[LOWER] and before[LOWER])
            or token.mark
            or token.hard
            or before[END]
            or before[COLON]
            or before[CLOSER]
            or max(self.opening[at].recurs, self.closing[at].recurs) > 0.08
        )

    def around(self, at: int) -> list[float]:
        """Return the features of a position that are used to predict both block starts and titles."""
        page = self.page
        before, key = (self.keys[at - 1] if at else "", self.keys[at] if at < self.size else "")
        pair = page.pairs[before, key]
        end, colon = bisect_left(self.ends, at), bisect_left(self.colons, at)
        opening, closing = self.opening[at], self.closing[at]
        return [
            at - self.ends[end - 1] if end else at, (self.ends[end] if end < len(self.ends) else self.size) - at,
            at - self.colons[colon - 1] if colon else 99, self.to_colon(at), pair,
            pair / (min(page.counts[before], page.counts[key]) or 1), opening.recurs, opening.notes, opening.right,
            closing.recurs, closing.notes, closing.left, closing.right, at / (self.size or 1),
            self.usual_from[at], self.usual_to[at],
            *(page.known.begins(before, key) if page.known else (-1.0,) * 4),
        ]  # fmt: skip


def place_numbers(note: Note, at: int) -> list[float]:
    """Return the features that predict whether a block begins at a word."""
    token = note.tokens[at]
    before, word, after = note.padded[at : at + 3]
    return [
        token.mark == "item", token.mark == "heading", token.hard, *note.around(at), *before, *word, *after,
        *note.mean(at, at + note.to_colon(at)), *note.mean(at, at + NEAR), *note.mean(at - FAR, at),
        *note.mean(at, at + FAR), *note.page.style,
    ]  # fmt: skip


def span_numbers(note: Note, start: int, end: int, begins: Sequence[float]) -> list[float]:
    """Return the features that predict whether words are a title. `begins` are the probabilities of block starts."""
    page, keys = note.page, tuple(note.keys[start:end])
    run = page.runs.get(keys, NO_RUN)
    before, first = note.padded[start : start + 2]
    last, after = note.padded[end : end + 2]
    pairs = [page.pairs[pair] for pair in pairwise(keys)]
    significant = {key for key in keys if key not in SMALL and len(key) > 2}
    repeated = len(significant.intersection(note.keys[end : end + 25])) / (len(significant) or 1)
    return [
        keys in section_titles(),
        end - start, note.tokens[start].hard, begins[start], begins[end], max(begins[start + 1 : end], default=0),
        sum(begins[start + 1 : end]), begins[end + 1] if end < note.size else 0, begins[start - 1] if start else 0,
        *run, run.notes / len(page.notes), min(pairs, default=-1), max(pairs, default=-1), repeated,
        page.counts[keys[-1]], note.tokens[end - 1].text.endswith("?"), *note.around(start), *note.around(end),
        *before, *first, *last, *after, *note.mean(start, end), *note.mean(end, end + note.to_colon(end)),
        *note.mean(start - NEAR, start), *note.mean(end, end + NEAR), *page.style,
    ]  # fmt: skip
