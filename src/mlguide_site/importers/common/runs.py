"""Runs of words in the notes of one source: their windows, their parts, and what of them patterns match."""

import re
from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from hashlib import blake2b

from mlguide_site.importers.common.promotion import Word, find_matches
from mlguide_site.markdown.plain import ends_sentence

WINDOW = 4
MAX_SOURCE_WORDS = 150_000

Keys = tuple[str, ...]


def sample(entries: Sequence[Sequence[str]]) -> Sequence[Sequence[str]]:
    """As many entries as the budget of words allows, whatever order they came in."""
    if sum(text.count(" ") + 1 for entry in entries for text in entry) <= MAX_SOURCE_WORDS:
        return entries
    chosen, words = [], 0
    for entry in sorted(entries, key=lambda entry: blake2b("\n".join(entry).encode("utf-8", "replace")).digest()):
        words += sum(text.count(" ") + 1 for text in entry)
        if words <= MAX_SOURCE_WORDS:
            chosen.append(entry)
    return chosen


def windows(block: Sequence[Word]) -> Iterator[Keys]:
    """Every run of four neighbouring words of a block, as compared."""
    keys = [word.key for word in block]
    return (tuple(keys[at : at + WINDOW]) for at in range(len(keys) - WINDOW + 1))


def sentences(block: Sequence[Word]) -> Iterator[tuple[int, int]]:
    """First word and the one behind the last of each sentence of a block that ends as one."""
    start = 0
    for at, word in enumerate(block):
        if ends_sentence(word.text):
            yield start, at + 1
            start = at + 1


def matched_words(block: Sequence[Word], patterns: Sequence[str]) -> set[int]:
    """The numbers of a block's words that a pattern matches."""
    if not block:
        return set()
    text = " ".join(word.text for word in block)
    starts, at = [], 0
    for word in block:
        starts.append(at)
        at += len(word.text) + 1
    found: set[int] = set()
    for span in find_matches(text, patterns):
        found.update(range(bisect_left(starts, span.start), bisect_left(starts, span.end)))
    return found


def is_address(word: str) -> bool:
    """Whether a word as written is a web address, or holds one.

    >>> is_address("show.example/12"), is_address("https://a.example"), is_address("end.")
    (True, True, False)
    """
    return "://" in word or bool(re.search(r"\w\.[A-Za-z]{2,24}(?:/|$)", word))


def without_parts(runs: Mapping[Keys, str]) -> set[str]:
    """Runs of words without those that others make up: of `A` and `A B`, `A` and `B` remain.

    >>> sorted(without_parts({tuple("abcd"): "A B C D", tuple("abcdefgh"): "A B C D E F G H"}))
    ['A B C D', 'E F G H']
    """
    known: dict[Keys, str] = {}
    for keys, text in sorted(runs.items(), key=lambda item: (len(item[0]), item[0])):
        words = text.split()
        start, end = 0, len(keys)
        for part in known:
            if keys[start : start + len(part)] == part:
                start += len(part)
            elif keys[max(start, end - len(part)) : end] == part:
                end -= len(part)
        if end - start < WINDOW:
            if end > start:
                known[keys] = text
            continue
        known[keys[start:end]] = " ".join(words[start:end])
    return set(known.values())
