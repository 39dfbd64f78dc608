"""Finds related episodes. Two episodes are related if both name a rare entry, or if one refers to the other."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from mlguide_site.linking.disambiguation import EntryKey
from mlguide_site.model.records import Kind

MAX_RELATED = 6
MAX_BECAUSE = 4
MAX_POSTINGS = 32  # an entry is rare if at most this many episodes name it
FEW = 4  # in a catalog with fewer episodes, no entry is common (see `is_common`)
SHORT_LIST = 3  # `SHORT_LIST * MAX_RELATED` candidates are scored with all entries
REFERENCE = 6  # the weight of a reference, equal to the weight of an entry in 1 of 64 episodes
TOPIC = 3  # the factor for the weight of a topic; topics say more about an episode than other entries


class Related(NamedTuple):
    """A related episode. `because` contains the shared entries with the highest weights, if any."""

    id: str
    because: tuple[tuple[Kind, str], ...]


def is_common(count: int, total: int) -> bool:
    """Return whether an entry in `count` of `total` episodes is too common to relate two episodes."""
    return total >= FEW and 2 * count > total


class RelatedEpisodes:
    """The related episodes of each episode: up to six, the highest score first, computed on access. A score is a sum of
    weights. A shared entry has the weight log2(all episodes / episodes with the entry), but at least 1. The logarithm
    is rounded down, so that the order stays stable when other episodes are edited. A topic's weight is tripled. Common
    entries, such as a host, have no weight. If scores are equal, the nearest episode in the catalog comes first."""

    def __init__(self, entries: Mapping[str, Sequence[EntryKey]], references: Mapping[str, Sequence[str]]) -> None:
        self._ids = list(entries)
        self._rank = {id: at for at, id in enumerate(self._ids)}
        # number the entries, because numbers are faster to compare than keys
        self._entries = sorted({entry for found in entries.values() for entry in found})
        number_of = {entry: number for number, entry in enumerate(self._entries)}
        named = [{number_of[entry] for entry in found} for found in entries.values()]
        self._naming: dict[int, list[int]] = defaultdict(list)
        for at, found in enumerate(named):
            for entry in found:
                self._naming[entry].append(at)
        total = len(self._ids)
        self._weights = {
            entry: max(1, (total // len(found)).bit_length() - 1)
            * (TOPIC if self._entries[entry][0] is Kind.TOPIC else 1)
            for entry, found in self._naming.items()
            if not is_common(len(found), total)
        }
        self._own = [found & self._weights.keys() for found in named]
        self._frequent = frozenset(entry for entry in self._weights if len(self._naming[entry]) > MAX_POSTINGS)
        self._edges: dict[int, list[int]] = defaultdict(list)
        for id, names in references.items():
            for to in (self._rank[name] for name in names if name in self._rank and name != id):
                self._edges[self._rank[id]].append(to)
                self._edges[to].append(self._rank[id])

    def __getitem__(self, id: str) -> Sequence[Related]:
        if id not in self._rank:  # for example, in a hub, where no related episodes are computed
            return ()
        at, weights = self._rank[id], self._weights
        own, scores = self._own[at], dict[int, int]()
        for entry in own - self._frequent:
            weight = weights[entry]
            for other in self._naming[entry]:
                scores[other] = scores.get(other, 0) + weight
        for other in self._edges.get(at, ()):
            scores[other] = scores.get(other, 0) + REFERENCE
        scores.pop(at, None)
        own_frequent = own & self._frequent
        # preselect candidates by rare entries, then rank them by all entries
        candidates = sorted([(-score, abs(other - at), other > at, other) for other, score in scores.items()])
        ranked = [
            (score - sum([weights[entry] for entry in own_frequent & self._own[other]]), distance, later, other)
            for score, distance, later, other in candidates[: MAX_RELATED * SHORT_LIST]
        ]
        best: list[Related] = []
        for *_, other in sorted(ranked)[:MAX_RELATED]:
            shared = sorted(own & self._own[other], key=lambda entry: (-weights[entry], entry))
            best.append(Related(self._ids[other], tuple([self._entries[entry] for entry in shared[:MAX_BECAUSE]])))
        return tuple(best)
