"""Related episodes: those that name the same rare things, or each other."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from itertools import chain

from mlguide_site.linking.linked import Related
from mlguide_site.model import Kind

MAX_RELATED = 6
MAX_BECAUSE = 4
MAX_POSTINGS = 32
"""An entry that more episodes name than this makes none of them a candidate; it still counts once two are compared."""
FEW = 4
"""From how many episodes on what most of them name ties none of them to another."""
SHORT_LIST = 3
"""How many times as many as are shown are compared in full."""
REFERENCE = 6
"""What a reference from one to the other weighs, either way: as much as an entry that one episode in 64 names."""

_BITS = 32
_MASK = (1 << _BITS) - 1
EntryKey = tuple[Kind, str]


def is_common(count: int, total: int) -> bool:
    """Whether something that `count` of `total` episodes name is so common that it says nothing of two of them.

    >>> is_common(3, 4), is_common(2, 4), is_common(3, 3)
    (True, False, False)
    """
    return total >= FEW and 2 * count > total


def related(
    entries: Mapping[str, Sequence[EntryKey]], references: Mapping[str, Sequence[str]]
) -> Mapping[str, Sequence[Related]]:
    """For each episode up to six others, the nearest first, and why.

    `entries` gives what each episode names, `references` the episodes that it refers to. A shared entry weighs the
    whole part of the binary logarithm of (episodes / episodes that name it), at least one, so that small edits
    elsewhere don't reorder the list; what most episodes name, such as a show's host, weighs nothing. Ties
    go to the nearer in the order of `entries`, then to the earlier. Work grows with the number of episodes times what
    each names, never with the square of either.
    """
    nearness = _Nearness(entries, references)
    return {id: nearness.of(id) for id in entries}


class _Nearness:
    """What all episodes name, ready to find those that are near one of them."""

    def __init__(self, entries: Mapping[str, Sequence[EntryKey]], references: Mapping[str, Sequence[str]]) -> None:
        self._ids = ids = list(entries)
        self._rank = rank = {id: at for at, id in enumerate(ids)}
        counts = Counter(chain.from_iterable(map(set, entries.values())))
        self._keys = sorted(entry for entry, count in counts.items() if not is_common(count, len(ids)))
        numbers = {entry: number for number, entry in enumerate(self._keys)}
        self._own = [frozenset([numbers[entry] for entry in entries[id] if entry in numbers]) for id in ids]
        self._naming: list[list[int]] = [[] for _ in self._keys]
        for at, found in enumerate(self._own):
            for number in found:
                self._naming[number].append(at)
        self._weights = [max(1, (len(ids) // len(found)).bit_length() - 1) for found in self._naming]
        self._frequent = frozenset(number for number, named in enumerate(self._naming) if len(named) > MAX_POSTINGS)
        self._tied: dict[int, list[int]] = {}
        """the episodes that each refers to or is referred to by, once for each time"""
        for id, names in references.items():
            at = rank[id]
            for name in names:
                to = rank.get(name, at)
                if to != at:
                    self._tied.setdefault(at, []).append(to)
                    self._tied.setdefault(to, []).append(at)

    def of(self, id: str) -> tuple[Related, ...]:
        """The episodes nearest to one."""
        at = self._rank[id]
        chosen = []
        for other in self._nearest(at):
            because = sorted(self._own[at] & self._own[other], key=lambda number: (-self._weights[number], number))
            chosen.append(Related(self._ids[other], tuple([self._keys[number] for number in because[:MAX_BECAUSE]])))
        return tuple(chosen)

    def _scores(self, at: int) -> dict[int, int]:
        """How near others are to an episode by what few name and by references."""
        scores: dict[int, int] = {}
        for number in self._own[at] - self._frequent:
            weight = self._weights[number]
            for other in self._naming[number]:
                scores[other] = scores.get(other, 0) + weight
        for other in self._tied.get(at, ()):
            scores[other] = scores.get(other, 0) + REFERENCE
        scores.pop(at, None)
        return scores

    def _nearest(self, at: int) -> Iterable[int]:
        """The best of an episode's candidates: of a short list of the best by rare entries those that are so by all.
        Each candidate is ordered as one number: minus its score, then its distance, then whether it comes later."""
        scores, weights = self._scores(at), self._weights
        order = sorted([(abs(other - at) << 1 | (other > at)) - (score << _BITS) for other, score in scores.items()])
        frequent = self._own[at] & self._frequent
        ranked = []
        for key in order[: MAX_RELATED * SHORT_LIST]:
            place = key & _MASK
            other = at + (place >> 1) if place & 1 else at - (place >> 1)
            shared = frequent & self._own[other]
            ranked.append((key - (sum([weights[number] for number in shared]) << _BITS) if shared else key, other))
        return [other for _, other in sorted(ranked)[:MAX_RELATED]]


MAX_COMPANIONS = 6
SEARCHED_EPISODES = 32
"""In how many of a tool's latest episodes companions are searched, so that work stays linear."""
MIN_SHARED = 2
"""How many episodes two tools must share at least."""


def companions(
    named_in: Mapping[str, Sequence[str]], names_of: Mapping[str, Sequence[str]]
) -> dict[str, tuple[str, ...]]:
    """For each thing the others that are named in the same episodes, the nearest first; nothing that shares fewer than
    two.

    `named_in` gives the episodes that name a thing, `names_of` the things that an episode names. What is named
    everywhere says little: how many episodes two share is weighed by how rare the other one is.

    >>> companions({"a": "12", "b": "12", "c": "2"}, {"1": "ab", "2": "abc"})
    {'a': ('b',), 'b': ('a',), 'c': ()}
    """
    total = len(names_of)
    table = {}
    for slug, ids in named_in.items():
        counts: Counter[str] = Counter()
        for id in ids[-SEARCHED_EPISODES:]:
            counts.update(names_of.get(id, ()))
        counts.pop(slug, None)
        found = [
            (-count * max(1, (total // len(named_in[other])).bit_length()), other)
            for other, count in counts.items()
            if count >= MIN_SHARED and named_in.get(other)
        ]
        table[slug] = tuple(other for _, other in sorted(found)[:MAX_COMPANIONS])
    return table
