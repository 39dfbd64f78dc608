"""Related episodes: those that name the same rare things, or each other."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence

from mlguide_site.linking.linked import Related
from mlguide_site.model.schema import Kind

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
    ids = list(entries)
    rank = {id: at for at, id in enumerate(ids)}
    naming: dict[EntryKey, list[int]] = defaultdict(list)
    for at, found in enumerate(entries.values()):
        for entry in set(found):
            naming[entry].append(at)
    weights = {
        entry: max(1, (len(ids) // len(those)).bit_length() - 1)
        for entry, those in naming.items()
        if not is_common(len(those), len(ids))
    }
    own = [frozenset(entry for entry in found if entry in weights) for found in entries.values()]
    frequent = frozenset(entry for entry in weights if len(naming[entry]) > MAX_POSTINGS)
    ties: dict[int, list[int]] = defaultdict(list)
    for id, names in references.items():
        for to in (rank[name] for name in names if name in rank and name != id):
            ties[rank[id]].append(to)
            ties[to].append(rank[id])
    table = {}
    for at, id in enumerate(ids):
        scores: dict[int, int] = {}
        for entry in own[at] - frequent:
            weight = weights[entry]
            for other in naming[entry]:
                scores[other] = scores.get(other, 0) + weight
        for other in ties.get(at, ()):
            scores[other] = scores.get(other, 0) + REFERENCE
        scores.pop(at, None)
        often = own[at] & frequent
        # of the best by what few name those that are best by all
        short = sorted([(-score, abs(other - at), other > at, other) for other, score in scores.items()])
        full = [
            (score - sum([weights[entry] for entry in often & own[other]]), far, later, other)
            for score, far, later, other in short[: MAX_RELATED * SHORT_LIST]
        ]
        best = [other for *_, other in sorted(full)[:MAX_RELATED]]
        table[id] = tuple([Related(ids[other], _reasons(own[at] & own[other], weights)) for other in best])
    return table


def _reasons(shared: Iterable[EntryKey], weights: Mapping[EntryKey, int]) -> tuple[EntryKey, ...]:
    """The rarest of the entries that two episodes share."""
    return tuple(sorted(shared, key=lambda entry: (-weights[entry], entry))[:MAX_BECAUSE])


MAX_COMPANIONS = 6
SEARCHED_EPISODES = 32
"""In how many of a tool's latest episodes companions are searched, so that work stays linear."""
MIN_SHARED = 2
"""How many episodes two tools must share at least."""


def companions(
    named_in: Mapping[str, Sequence[str]], names_of: Mapping[str, Sequence[str]]
) -> dict[str, tuple[str, ...]]:
    """For each thing the others that are named in the same episodes, the nearest first; nothing that shares fewer than
    two. How many episodes two share is weighed by how rare the other one is.

    `named_in` gives the episodes that name a thing, `names_of` the things that an episode names.

    >>> companions({"a": "12", "b": "12", "c": "2"}, {"1": "ab", "2": "abc"})
    {'a': ('b',), 'b': ('a',), 'c': ()}
    """
    table = {}
    for slug, ids in named_in.items():
        counts = Counter(other for id in ids[-SEARCHED_EPISODES:] for other in names_of.get(id, ()))
        found = [
            (-count * max(1, (len(names_of) // len(named_in[other])).bit_length()), other)
            for other, count in counts.items()
            if count >= MIN_SHARED and other != slug and named_in.get(other)
        ]
        table[slug] = tuple(other for _, other in sorted(found)[:MAX_COMPANIONS])
    return table
