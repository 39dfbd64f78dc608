"""Finds related episodes, which mention the same rare entries or refer to each other."""

from collections import defaultdict
from collections.abc import Mapping, Sequence

from mlguide_site.linking.disambiguation import EntryKey
from mlguide_site.linking.linked_catalog import Related
from mlguide_site.model.records import Kind

MAX_RELATED = 6
MAX_BECAUSE = 4
MAX_POSTINGS = 32
"""The maximum number of episodes of an entry that adds candidates. More frequent entries only count in the scores."""
FEW = 4
"""The minimum number of episodes in a catalog for an entry to count as common."""
SHORT_LIST = 3
"""The number of candidates to score with all entries, for each related episode on a page."""
REFERENCE = 6
"""The weight of a reference between two episodes, equal to the weight of an entry named in 1 of 64 episodes."""
TOPIC = 3
"""The factor for the weight of a shared topic. Topics say more about an episode than other entries."""


def is_common(count: int, total: int) -> bool:
    """Return whether an entry in `count` of `total` episodes is too common to relate two episodes.

    >>> is_common(3, 4), is_common(2, 4), is_common(3, 3)
    (True, False, False)
    """
    return total >= FEW and 2 * count > total


def related(
    entries: Mapping[str, Sequence[EntryKey]], references: Mapping[str, Sequence[str]]
) -> Mapping[str, Sequence[Related]]:
    """Return up to six related episodes for each episode, the closest first, with the entries that both episodes name.
    `entries` maps each episode to the entries that it names, and `references` to the episodes that it refers to. The
    weight of a shared entry is the integer part of log2(episodes / episodes that name it), but at least one. Because
    weights are rounded, small edits of other episodes don't change the order. A topic has three times the weight of
    another entry. Common entries, such as a show's host, have no weight. If scores are equal, the episode nearer in the
    order of `entries` wins, then the earlier one. The time is linear in the number of episodes times the entries per
    episode."""
    ids = list(entries)
    rank = {id: at for at, id in enumerate(ids)}
    # numbers are faster to compare than keys, and have the same order
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
        # preselect candidates by rare entries, then rank them by all entries
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
