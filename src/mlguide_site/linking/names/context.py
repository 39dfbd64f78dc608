"""A block of text taken apart for judging doubtful names: its words, where clauses and sentences end, and the fields of
life and work that each word belongs to. All texts are plain (see `folding`)."""

import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import NamedTuple

_WORD = re.compile(r"\w+(?:'\w{1,3})?|[^\w\s]")
_CLAUSE = frozenset(';:!?()|"[]')
_SENTENCE = frozenset(".!?|")
_FIELDS = Path(__file__).with_name("fields.txt")
_ENDINGS = ("s", "es", "ed", "ing", "d", "ly", "er", "ers")
TRADE = frozenset(
    "learning statistics language llm vision code cloud data web media hardware trading research product".split()
)
"""The fields of the trade; the others are of everyday life."""


class Words(NamedTuple):
    """The words and signs of a block: lower case, as written, first characters, the numbers of the clause and of the
    sentence that each stands in, the fields of each, and each without the s of a plural (empty for a sign)."""

    small: list[str]
    written: list[str]
    starts: list[int]
    clauses: list[int]
    sentences: list[int]
    fields: list[tuple[str, ...]]
    stems: list[str]


def take_apart(text: str, first: int, last: int) -> Words:
    """The words of a text from one place to another.

    >>> words = take_apart("We use R. It's old (very)", 0, 25)
    >>> words.small
    ['we', 'use', 'r', '.', "it's", 'old', '(', 'very', ')']
    >>> words.clauses, words.sentences
    ([0, 0, 0, 0, 1, 1, 1, 2, 2], [0, 0, 0, 0, 1, 1, 1, 1, 1])
    """
    words = Words([], [], [], [], [], [], [])
    clause = sentence = 0
    known = word_fields()
    for found in _WORD.finditer(text, first, last):
        word = found[0]
        low = word.lower()
        words.small.append(low)
        words.written.append(word)
        words.starts.append(found.start())
        words.clauses.append(clause)
        words.sentences.append(sentence)
        if low[0].isalnum():
            words.fields.append(fields_of(low, known))
            words.stems.append(stem(low))
            continue
        words.fields.append(())
        words.stems.append("")
        if word in _SENTENCE:
            if not text[found.end() : found.end() + 1].isalnum():
                clause += 1
                sentence += word != "|"
        elif word in _CLAUSE:
            clause += 1
    return words


@cache
def word_fields() -> Mapping[str, tuple[str, ...]]:
    """The fields of each word that the list has."""
    found: dict[str, list[str]] = {}
    field = ""
    for line in _FIELDS.read_text("utf-8").splitlines():
        if line.startswith("## "):
            field = line[3:]
        elif not line.startswith("#"):
            for word in line.split():
                fields = found.setdefault(word, [])
                if field not in fields:
                    fields.append(field)
    return {word: tuple(fields) for word, fields in found.items()}


def fields_of(word: str, known: Mapping[str, tuple[str, ...]]) -> tuple[str, ...]:
    """The fields of a word in lower case, or of what is left without its ending.

    >>> fields_of("guitarists", {"guitarist": ("music",)}), fields_of("the", {})
    (('music',), ())
    """
    if found := known.get(word):
        return found
    if "'" in word:
        word = word.partition("'")[0]
        if found := known.get(word):
            return found
    if len(word) < 4:
        return ()
    for ending in _ENDINGS:
        if word.endswith(ending):
            stem = word[: -len(ending)]
            if found := known.get(stem) or known.get(stem + "e"):
                return found
            if len(stem) > 3 and stem[-1] == stem[-2] and (found := known.get(stem[:-1])):
                return found
    if word.endswith("ies") and (found := known.get(word[:-3] + "y")):
        return found
    return ()


def stem(word: str) -> str:
    """A word in lower case without the s of a plural or of a possessive.

    >>> stem("models"), stem("loss"), stem("gas"), stem("model's"), stem("don't")
    ('model', 'loss', 'gas', 'model', "don't")
    """
    word = word.removesuffix("'s")
    return word[:-1] if len(word) > 3 and word.endswith("s") and not word.endswith("ss") else word
