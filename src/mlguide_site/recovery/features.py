"""What a page tells about where a block may begin in a flat note, and which words may be a title: numbers for `scorer`.

Only general signals: case, punctuation and length; which words are function words; how often a word begins or ends a
sentence on the page; which words are written side by side; which runs of words recur in several notes between changing
neighbours; how the page is written as a whole; and what the root's own structured notes tell (`known`).
"""

import unicodedata
from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise
from math import log

from mlguide_site.recovery.lessons import Known
from mlguide_site.recovery.scorer import UNUSED, Lexicon
from mlguide_site.recovery.words import CLASSES, CLOSERS, OPENERS, SMALL, Token, bare, ends_colon, ends_sentence, is_url

MAX_RUN = 10
"""Words of the longest run that is searched for on a page."""
MAX_LABEL = 8
NEAR, FAR = 8, 40

Key = tuple[str, ...]


@dataclass(slots=True)
class Run:
    """A run of words that several notes of a page share: where it is, in how many notes, how many different words are
    before and behind it, and how much it looks like a title that recurs."""

    places: list[tuple[int, int]]
    notes: int
    left: float
    right: float
    recurs: float


NO_RUN = Run([], 0, 0.0, 0.0, 0.0)


Word = tuple[float, ...]
"""How a word is written, how it is used on its page, and how it is used in other notes (see `scorer.USES`)."""
COLUMNS = (
    "upper lower capitals digit url end colon comma opener closer symbol length small function common lowers opens"
    " closes"
).split()
UPPER, LOWER, _, _, URL, END, COLON, _, _, CLOSER, _, LENGTH, SMALL_WORD = range(13)
NOTHING: Word = (*(float(at == END) for at in range(len(COLUMNS))), *UNUSED)


class Page:
    """The words of all notes of a page, and of the root's structured notes, counted."""

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
            opening = True
            for token, key in zip(note, own, strict=True):
                end = ends_sentence(token.text)
                self.lowers[key] += token.text.lstrip(OPENERS)[:1].islower()
                self.opens[key] += opening
                self.closes[key] += end or ends_colon(token.text)
                opening = end
        self.total = sum(self.counts.values())
        self.runs = repeated_runs(keys)
        self.notes = [Note(note, self) for note in notes]
        self.style = self._style()

    def word(self, text: str) -> Word:
        """A word with what it does on the page."""
        key, core = bare(text), text.lstrip(OPENERS)
        count = self.counts[key] or 1
        symbol = 0
        if not any(map(str.isalnum, text)):
            symbol = 2 if unicodedata.category(text[0]) == "So" else 3 if text in "-–—|" else 1
        return (
            core[:1].isupper(), core[:1].islower(), len(key) > 1 and core.isupper(), any(map(str.isdigit, text)),
            is_url(text), ends_sentence(text), ends_colon(text), text[-1] in ",;", text[0] in OPENERS,
            text[-1] in CLOSERS, symbol, min(len(key), 20), key in SMALL, CLASSES.get(key, 0),
            log(1 + 10_000 * count / (self.total + 1)), self.lowers[key] / count, self.opens[key] / count,
            self.closes[key] / count, *self.lexicon.uses(key, core[:1].isupper()),
        )  # fmt: skip

    def _style(self) -> list[float]:
        """How the page is written, by its words: labels, colons, sentences, addresses, capitals, marks, length."""
        total = sum(note.size for note in self.notes) or 1
        starts = [(note, at) for note in self.notes for at in range(note.size) if note.padded[at + 1][END]]
        labels = sum(0 < note.to_colon(at) <= MAX_LABEL and note.words[at][UPPER] > 0 for note, at in starts)
        sums = [sum(column) / total for column in zip(*(note.sums[-1] for note in self.notes), strict=True)] or NOTHING
        marks = sum(bool(token.mark) for note in self.notes for token in note.tokens)
        return [
            labels / (len(starts) + 1), labels / total, sums[COLON], sums[END], sums[URL], sums[UPPER], marks / total,
            total / (len(self.notes) or 1),
        ]  # fmt: skip


def repeated_runs(notes: Sequence[Sequence[str]]) -> dict[Key, Run]:
    """The runs of up to `MAX_RUN` words that are in two notes at least."""
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
            left = {notes[note][at - 1] if at else note for note, at in where}
            right = {notes[note][at + size] if at + size < len(notes[note]) else note for note, at in where}
            one, other = len(left) / count, len(right) / count
            found[run] = Run(where, within, one, other, within / len(notes) * one * (within / count) ** 2)
    return found


class Note:
    """The words of one note, with sums over them."""

    def __init__(self, tokens: Sequence[Token], page: Page) -> None:
        self.tokens, self.page, self.size = tokens, page, len(tokens)
        seen = {text: page.word(text) for text in {token.text for token in tokens}}
        self.words = [seen[token.text] for token in tokens]
        self.keys = [bare(token.text) for token in tokens]
        self.padded = [NOTHING, NOTHING, *self.words, NOTHING, NOTHING, NOTHING]
        start = (0.0,) * len(NOTHING)
        add = lambda sums, word: tuple(map(float.__add__, sums, map(float, word)))  # noqa: E731
        self.sums: list[tuple[float, ...]] = list(accumulate(self.words, add, initial=start))
        self.ends = [at for at, word in enumerate(self.words) if word[END]]
        self.colons = [at for at, word in enumerate(self.words) if word[COLON]]
        self.opening, self.closing = [NO_RUN] * (self.size + 1), [NO_RUN] * (self.size + 1)
        """by place the run that looks most like a recurring title and begins there, or ends before it"""
        for at in range(self.size):
            for size in range(1, min(MAX_RUN, self.size - at) + 1):
                run = page.runs.get(tuple(self.keys[at : at + size]))
                if run is None:
                    break
                if run.recurs > self.opening[at].recurs:
                    self.opening[at] = run
                if run.recurs * run.right > self.closing[at + size].recurs * self.closing[at + size].right:
                    self.closing[at + size] = run

    def mean(self, start: int, end: int) -> list[float]:
        """The mean of the numbers of some words."""
        start, end = max(0, start), min(self.size, end)
        if start >= end:
            return list(NOTHING)
        return [(last - first) / (end - start) for first, last in zip(self.sums[start], self.sums[end], strict=True)]

    def to_colon(self, at: int) -> int:
        """How many words a label that begins at a place would have; 0 where no colon comes before a sentence ends."""
        near = bisect_left(self.colons, at)
        if near == len(self.colons) or self.colons[near] - at >= 2 * MAX_LABEL:
            return 0
        return self.colons[near] + 1 - at if not any(word[END] for word in self.words[at : self.colons[near]]) else 0

    def heads(self, at: int) -> bool:
        """Whether a mark says that a heading begins at a word."""
        token = self.tokens[at]
        return token.mark == "heading" and not self.words[at][LOWER] and token.text[0] not in OPENERS

    def may_begin(self, at: int) -> bool:
        """Whether a block may begin at a word at all: hardly one in small letters behind another such."""
        if at in {0, self.size}:
            return True
        token, word, before = self.tokens[at], self.words[at], self.words[at - 1]
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
        """The numbers of a place that both questions need."""
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
            *(page.known.begins(before, key) if page.known else Known.NOTHING),
        ]  # fmt: skip


def place_numbers(note: Note, at: int) -> list[float]:
    """The numbers that tell whether a block begins at a word."""
    token = note.tokens[at]
    back, before, word, after, third = note.padded[at : at + 5]
    return [
        token.mark == "item", token.mark == "heading", token.hard, *note.around(at), *back, *before, *word, *after,
        *third, *note.mean(at, at + note.to_colon(at)), *note.mean(at - NEAR, at), *note.mean(at, at + NEAR),
        *note.mean(at - FAR, at), *note.mean(at, at + FAR), *note.page.style,
    ]  # fmt: skip


def span_numbers(note: Note, start: int, end: int, begins: Sequence[float]) -> list[float]:
    """The numbers that tell whether some words are a title; `begins` are the probabilities that a block begins."""
    page, count = note.page, end - start
    keys = tuple(note.keys[start:end])
    run = page.runs.get(keys, NO_RUN)
    before, first = note.padded[start + 1 : start + 3]
    last, after, second = note.padded[end + 1 : end + 4]
    pairs = [page.pairs[pair] for pair in pairwise(keys)]
    telling = {
        key for key, word in zip(keys, note.words[start:end], strict=True) if not word[SMALL_WORD] and word[LENGTH] > 2
    }
    echo = len(telling.intersection(note.keys[end : end + 25])) / (len(telling) or 1)
    marks = [note.tokens[at].mark if at < note.size else "heading" for at in (start, end)]
    inner = note.words[start : end - 1]
    return [
        count, marks[0] == "heading", marks[0] == "item", marks[1] == "item", marks[1] == "heading",
        note.tokens[start].hard, begins[start], begins[end], max(begins[start + 1 : end], default=0),
        sum(begins[start + 1 : end]), begins[end + 1] if end < note.size else 0, begins[start - 1] if start else 0,
        run.notes, run.notes / len(page.notes), run.left, run.right, run.recurs, min(pairs, default=-1),
        max(pairs, default=-1), echo, page.counts[keys[-1]], sum(word[END] for word in inner),
        sum(word[COLON] for word in inner), note.tokens[end - 1].text.endswith("?"), *note.around(start),
        *note.around(end), *before, *first, *last, *after, *second, *note.mean(start, end),
        *note.mean(end, end + note.to_colon(end)), *note.mean(start - NEAR, start), *note.mean(end, end + NEAR),
        *(page.known.title(keys) if page.known else Known.NOTHING), *page.style,
    ]  # fmt: skip
