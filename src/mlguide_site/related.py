"""Related episodes: those that name the same rare things, or each other."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from mlguide_site.linked import Related
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
) -> dict[str, tuple[Related, ...]]:
    """For each episode up to six others, the nearest first, and why.

    `entries` gives what each episode names, `references` the episodes that it refers to. A shared entry weighs the
    whole part of the binary logarithm of (episodes / episodes that name it), at least one, so that small edits
    elsewhere don't reorder the list; what most episodes name, such as a show's host, weighs nothing. Ties
    go to the nearer in the order of `entries`, then to the earlier. Work grows with the number of episodes times what
    each names, never with the square of either.
    """
    ids = list(entries)
    rank = {id: at for at, id in enumerate(ids)}
    counts = Counter(entry for found in entries.values() for entry in set(found))
    keys = sorted(entry for entry, count in counts.items() if not is_common(count, len(ids)))
    numbers = {entry: number for number, entry in enumerate(keys)}
    own = [frozenset(numbers[entry] for entry in entries[id] if entry in numbers) for id in ids]
    naming: list[list[int]] = [[] for _ in keys]
    for at, found in enumerate(own):
        for number in found:
            naming[number].append(at)
    weights = [max(1, (len(ids) // len(found)).bit_length() - 1) for found in naming]
    near: list[dict[int, int]] = [{} for _ in ids]
    for number, named in enumerate(naming):
        if 1 < len(named) <= MAX_POSTINGS:
            weight = weights[number]
            for at in named:
                scores = near[at]
                for other in named:
                    scores[other] = scores.get(other, 0) + weight
    for at, id in enumerate(ids):
        for name in references.get(id, ()):
            to = rank.get(name, at)
            if to != at:
                near[at][to] = near[at].get(to, 0) + REFERENCE
                near[to][at] = near[to].get(at, 0) + REFERENCE
    frequent = frozenset(number for number, named in enumerate(naming) if len(named) > MAX_POSTINGS)
    common = [found & frequent for found in own]
    result: dict[str, tuple[Related, ...]] = {}
    for at, id in enumerate(ids):
        chosen = []
        for other in _nearest(at, near[at], common, weights):
            because = sorted(own[at] & own[other], key=lambda number: (-weights[number], number))
            chosen.append(Related(ids[other], tuple([keys[number] for number in because[:MAX_BECAUSE]])))
        result[id] = tuple(chosen)
    return result


def _nearest(
    at: int, scores: dict[int, int], common: Sequence[frozenset[int]], weights: Sequence[int]
) -> Iterable[int]:
    """The best of an episode's candidates: of a short list of the best by rare entries those that are so by all. Each
    candidate is ordered as one number: minus its score, then its distance, then whether it comes later."""
    scores.pop(at, None)
    order = sorted([(abs(other - at) << 1 | (other > at)) - (score << _BITS) for other, score in scores.items()])
    ranked = []
    for key in order[: MAX_RELATED * SHORT_LIST]:
        place = key & _MASK
        other = at + (place >> 1) if place & 1 else at - (place >> 1)
        shared = common[at] & common[other]
        ranked.append((key - (sum([weights[number] for number in shared]) << _BITS) if shared else key, other))
    return [other for _, other in sorted(ranked)[:MAX_RELATED]]
