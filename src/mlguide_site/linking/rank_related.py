"""Finds related episodes: those that mention the same rare entries, or refer to each other."""

from collections import defaultdict
from collections.abc import Mapping, Sequence

from mlguide_site.linking.disambiguation import EntryKey
from mlguide_site.linking.linked_catalog import Related
from mlguide_site.model.records import Kind

MAX_RELATED = 6
MAX_BECAUSE = 4
MAX_POSTINGS = 32
"""Entries in more episodes than this yield no candidates; they still count when two candidates are compared."""
FEW = 4
"""In a catalog with fewer episodes than this, no entry counts as common."""
SHORT_LIST = 3
"""How many candidates are scored with all entries, for each related episode that is shown."""
REFERENCE = 6
"""The weight of a reference between two episodes, in either direction: that of an entry named in 1 of 64 episodes."""
TOPIC = 3
"""How many times the weight of another shared entry a topic has: subjects count more than words."""


def is_common(count: int, total: int) -> bool:
    """Whether an entry in `count` of `total` episodes is too common to relate two of them.

    >>> is_common(3, 4), is_common(2, 4), is_common(3, 3)
    (True, False, False)
    """
    return total >= FEW and 2 * count > total


def related(
    entries: Mapping[str, Sequence[EntryKey]], references: Mapping[str, Sequence[str]]
) -> Mapping[str, Sequence[Related]]:
    """Up to six related episodes for each episode, the closest first, with the entries that both name.

    `entries` lists what each episode names, `references` the episodes that it refers to. A shared entry weighs the
    integer part of log2(episodes / episodes that name it), at least one, so that small edits elsewhere don't reorder
    the list; topics weigh three times that, and common entries, such as a show's host, nothing. Of equal scores the
    episode nearer in the order of `entries` wins, then the earlier one. Time is linear in the number of episodes times
    the entries of each."""
    ids = list(entries)
    rank = {id: at for at, id in enumerate(ids)}
    # numbers take less time to compare than keys, and have the same order
    keys = sorted({entry for found in entries.values() for entry in found})
    number_of = {entry: number for number, entry in enumerate(keys)}
    named = [{number_of[entry] for entry in found} for found in entries.values()]
    naming: dict[int, list[int]] = defaultdict(list)
    for at, found in enumerate(named):
        for entry in found:
            naming[entry].append(at)
    weights = {
        entry: max(1, (len(ids) // len(episodes)).bit_length() - 1) * (TOPIC if keys[entry][0] is Kind.TOPIC else 1)
        for entry, episodes in naming.items()
        if not is_common(len(episodes), len(ids))
    }
    own = [found & weights.keys() for found in named]
    frequent = frozenset(entry for entry in weights if len(naming[entry]) > MAX_POSTINGS)
    edges: dict[int, list[int]] = defaultdict(list)
    for id, names in references.items():
        for to in (rank[name] for name in names if name in rank and name != id):
            edges[rank[id]].append(to)
            edges[to].append(rank[id])
    table = {}
    for at, id in enumerate(ids):
        scores: dict[int, int] = {}
        for entry in own[at] - frequent:
            weight = weights[entry]
            for other in naming[entry]:
                scores[other] = scores.get(other, 0) + weight
        for other in edges.get(at, ()):
            scores[other] = scores.get(other, 0) + REFERENCE
        scores.pop(at, None)
        own_frequent = own[at] & frequent
        # preselected by rare entries, then ranked by all
        candidates = sorted([(-score, abs(other - at), other > at, other) for other, score in scores.items()])
        ranked = [
            (score - sum([weights[entry] for entry in own_frequent & own[other]]), distance, later, other)
            for score, distance, later, other in candidates[: MAX_RELATED * SHORT_LIST]
        ]
        best: list[Related] = []
        for *_, other in sorted(ranked)[:MAX_RELATED]:
            shared = sorted(own[at] & own[other], key=lambda entry: (-weights[entry], entry))
            best.append(Related(ids[other], tuple([keys[entry] for entry in shared[:MAX_BECAUSE]])))
        table[id] = tuple(best)
    return table
