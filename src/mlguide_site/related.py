"""Related episodes: those that name the same rare things, or each other."""

from collections.abc import Mapping, Sequence

from mlguide_site.linked import Related
from mlguide_site.model import Kind

MAX_RELATED = 6
MAX_BECAUSE = 4
MAX_POSTINGS = 64
"""An entry that more episodes name than this makes none of them a candidate; it still counts once two are compared."""
SHORT_LIST = 4
"""How many times as many as are shown are compared in full."""
REFERENCE = 6
"""What a reference from one to the other weighs, either way: as much as an entry that one episode in 64 names."""

EntryKey = tuple[Kind, str]


def related(
    entries: Mapping[str, Sequence[EntryKey]], references: Mapping[str, Sequence[str]]
) -> dict[str, tuple[Related, ...]]:
    """For each episode up to six others, the nearest first, and why.

    `entries` gives what each episode names, `references` the episodes that it refers to. A shared entry weighs the
    whole part of the binary logarithm of (episodes / episodes that name it), at least one, so that small edits
    elsewhere don't reorder the list. Ties go to the nearer in the order of `entries`, then to the earlier. Work grows
    with the number of episodes times what each names, never with the square of either.
    """
    ids = list(entries)
    rank = {id: at for at, id in enumerate(ids)}
    naming: dict[EntryKey, list[int]] = {}
    for at, id in enumerate(ids):
        for entry in entries[id]:
            naming.setdefault(entry, []).append(at)
    count = len(ids)
    weights = {entry: max(1, (count // len(found)).bit_length() - 1) for entry, found in naming.items()}
    near: list[dict[int, int]] = [{} for _ in ids]
    for entry, found in naming.items():
        if 1 < len(found) <= MAX_POSTINGS:
            weight = weights[entry]
            for at in found:
                scores = near[at]
                for other in found:
                    scores[other] = scores.get(other, 0) + weight
    for at, id in enumerate(ids):
        for name in references.get(id, ()):
            to = rank.get(name, at)
            if to != at:
                near[at][to] = near[at].get(to, 0) + REFERENCE
                near[to][at] = near[to].get(at, 0) + REFERENCE
    own = [frozenset(entries[id]) for id in ids]
    return {id: _nearest(at, near[at], ids, own, naming, weights) for at, id in enumerate(ids)}


def _nearest(
    at: int,
    scores: dict[int, int],
    ids: Sequence[str],
    own: Sequence[frozenset[EntryKey]],
    naming: Mapping[EntryKey, Sequence[int]],
    weights: Mapping[EntryKey, int],
) -> tuple[Related, ...]:
    """The best of an episode's candidates: a short list by the rare entries, then by all that they share."""
    scores.pop(at, None)
    least = sorted(scores.values(), reverse=True)[: MAX_RELATED * SHORT_LIST][-1:]
    short = sorted((-score, abs(other - at), other) for other, score in scores.items() if score >= least[0])
    ranked = []
    for negative, distance, other in short[: MAX_RELATED * SHORT_LIST]:
        shared = own[at] & own[other]
        score = -negative + sum(weights[entry] for entry in shared if len(naming[entry]) > MAX_POSTINGS)
        ranked.append((-score, distance, other, shared))
    return tuple(
        Related(ids[other], tuple(sorted(shared, key=lambda entry: (-weights[entry], entry))[:MAX_BECAUSE]))
        for _, _, other, shared in sorted(ranked, key=lambda item: item[:3])[:MAX_RELATED]
    )
