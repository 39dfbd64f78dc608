"""How similar a short text is to the notes of each episode: by the words that they share, rare ones above all, and by
runs of words that both have in the same order. Linear in the length of the notes."""

import math
import re
from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from typing import NamedTuple

SHINGLE = 3
"""How many neighbouring words make a run."""
CLOSEST = 6
"""So many episodes, those that share most words with a text, are compared for runs."""
MAX_PLACES = 8
COMMON_FROM, COMMON = 8, 0.25
"""Words in more than this share of at least so many episodes say nothing."""
_ADDRESS = re.compile(r"\]\([^()\s]{0,2000}\)|https?://\S{1,2000}")
_WORD = re.compile(r"[^\W_]+")

Words = Sequence[str]


class Likeness(NamedTuple):
    """How similar a text is to an episode: which share of its words the episode has, which share is in runs that the
    episode has in the same order (both from 0 to 1, rare words counting most), and how many words these runs hold."""

    words: float = 0.0
    run: float = 0.0
    evidence: int = 0


def plain_words(text: str) -> list[str]:
    """The words of a text or a body as they are compared: small letters, no marks, no addresses.

    >>> plain_words("See **Docker's** [page](https://d.example/x), or https://a.example")
    ['see', 'docker', 's', 'page', 'or']
    """
    return _WORD.findall(_ADDRESS.sub(" ", text).casefold())


def compare(texts: Sequence[Words], episodes: Mapping[str, Words]) -> list[dict[str, Likeness]]:
    """For each text the episodes that share a rare word with it, and how similar they are.

    >>> notes = {"a": "how a loom weaves cloth on a frame".split(), "b": "how a wheel spins".split()}
    >>> found = compare(["a loom weaves cloth".split()], notes)[0]
    >>> round(found["a"].words, 2), round(found["a"].run, 2), found["b"].run
    (1.0, 1.0, 0.0)
    """
    vocabulary = frozenset(word for text in texts for word in text)
    shared = {id: vocabulary.intersection(words) for id, words in sorted(episodes.items())}
    uses = Counter(word for found in shared.values() for word in found)
    count = len(episodes)
    rarity = {
        word: 0.0
        if count >= COMMON_FROM and uses[word] > COMMON * count
        else math.log((count + 1) / max(1, uses[word]))
        for word in vocabulary
    }
    holders: dict[str, list[str]] = defaultdict(list)
    for id, found in shared.items():
        for word in found:
            if rarity[word]:
                holders[word].append(id)
    return [_compare_one(text, episodes, rarity, holders) for text in texts]


def _compare_one(
    text: Words, episodes: Mapping[str, Words], rarity: Mapping[str, float], holders: Mapping[str, Sequence[str]]
) -> dict[str, Likeness]:
    own = sorted(set(text))
    whole = math.fsum(rarity[word] for word in own)
    parts: dict[str, list[float]] = defaultdict(list)
    for word in own:
        for id in holders.get(word, ()):
            parts[id].append(rarity[word])
    result = {id: Likeness(round(math.fsum(found) / whole, 6)) for id, found in parts.items()}
    floor = 0.15 * math.log(len(episodes) + 1)
    weights = [rarity[word] + floor for word in text]
    for _, id in sorted((-like.words, id) for id, like in result.items())[:CLOSEST]:
        covered = in_runs(text, episodes[id])
        run = math.fsum(weights[at] for at in covered) / math.fsum(weights)
        result[id] = Likeness(result[id].words, round(run, 6), len(covered))
    return result


def in_runs(text: Words, other: Words) -> list[int]:
    """The places of a text's words that are in runs of three or more which another text has as well, in the same order
    (of runs in another order the longest sequence counts).

    >>> in_runs("a b c x d e f".split(), "a b c d e f".split()), in_runs("d e f a b c".split(), "a b c d e f".split())
    ([0, 1, 2, 4, 5, 6], [3, 4, 5])
    """
    wanted = {tuple(text[at : at + SHINGLE]) for at in range(len(text) - SHINGLE + 1)}
    places: dict[tuple[str, ...], list[int]] = defaultdict(list)
    for at in range(len(other) - SHINGLE + 1):
        shingle = tuple(other[at : at + SHINGLE])
        if shingle in wanted and len(places[shingle]) < MAX_PLACES:
            places[shingle].append(at)
    pairs = [
        (at, place)
        for at in range(len(text) - SHINGLE + 1)
        for place in reversed(places.get(tuple(text[at : at + SHINGLE]), ()))
    ]
    starts = [pairs[number][0] for number in _longest([place for _, place in pairs])]
    return sorted({at + step for at in starts for step in range(SHINGLE)})


def _longest(values: Sequence[int]) -> list[int]:
    """The indexes of a longest strictly increasing sequence of values."""
    ends: list[int] = []
    at_end: list[int] = []
    before: list[int] = []
    for number, value in enumerate(values):
        size = bisect_left(ends, value)
        before.append(at_end[size - 1] if size else -1)
        ends[size : size + 1] = [value]
        at_end[size : size + 1] = [number]
    found: list[int] = []
    at = at_end[-1] if at_end else -1
    while at >= 0:
        found.append(at)
        at = before[at]
    return found[::-1]
