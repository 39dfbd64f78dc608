"""The weights by which doubtful names are judged, learnt from texts marked by hand (`benchmarks/mentions/train.py`).

Two steps. A sum of weights: each feature counts for names in general, for names of that kind and shape, and for the
name itself as far as it was met. Then a row of small decision trees, which also know that sum and those of other
doubtful names near by and in the whole text. Both give log-odds; above 0 a name counts.
"""

import json
from collections.abc import Mapping, Sequence
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any, NamedTuple

from mlguide_site.linking.names.sites import Subject

WEIGHTS = Path(__file__).with_name("weights.json")
SUM = "sum"
"""The feature under which the trees know the sum of the first step; its parts have theirs behind it (`Sums`)."""

Tree = Any
"""A leaf, or number of a feature, threshold, and the trees for values up to it and above it."""


class Weights(NamedTuple):
    """What was learnt. `linear` has by context (`""`, kind and shape, group, name) the weight of each feature, `trees`
    ask for the features of `asked` by number; `start` is what they begin with; `met` are the names that were met."""

    linear: Mapping[str, Mapping[str, float]]
    asked: Sequence[str]
    trees: Sequence[Tree]
    start: float
    met: frozenset[str]


NOTHING = Weights({}, (), (), 0.0, frozenset())
"""What one knows who has learnt nothing: names count as far as their spelling and their rules go."""


@cache
def weights() -> Weights:
    """The weights of the package; none, where it holds none."""
    if not WEIGHTS.exists():
        return NOTHING
    read = json.loads(WEIGHTS.read_text("utf-8"))
    return Weights(read["linear"], read["asked"], read["trees"], read["start"], frozenset(read["met"]))


@cache
def digest() -> str:
    """A digest of all that judging rests on: the weights, and the lists of words."""
    files = [WEIGHTS, *(WEIGHTS.with_name(name) for name in ("fields.txt", "senses.txt"))]
    return sha256(b"".join(path.read_bytes() for path in files if path.exists())).hexdigest()


def contexts(subject: Subject) -> tuple[str, ...]:
    """The contexts in which the features of a name count: in general, for its kind and shape, for itself."""
    return ("", subject.kind + subject.shape, subject.name)


def in_group(feature: str) -> bool:
    """Whether a feature also counts by the groups that an entry belongs to: only what the words around are about."""
    return feature[:2] in ("f0", "f1")


class Sums(NamedTuple):
    """What the first step says of a name: of names in general, of its kind and shape, of itself, of its groups."""

    general: float
    shape: float
    name: float
    groups: float

    @property
    def total(self) -> float:
        """All together, as log-odds."""
        return self.general + self.shape + self.name + self.groups

    def features(self) -> dict[str, float]:
        """The features by which the second step knows the sums."""
        parts = {f"{SUM} {part}": value for part, value in self._asdict().items()}
        return {SUM: self.total} | parts


def first_sums(known: Weights, subject: Subject, found: Mapping[str, float]) -> Sums:
    """The first step: the sums of weights of the features found."""

    def summed(context: str) -> float:
        return _product(known.linear[context], found) if context in known.linear else 0.0

    general, shape, name = map(summed, contexts(subject))
    return Sums(general, shape, name, sum(map(summed, subject.groups)))


def _product(table: Mapping[str, float], found: Mapping[str, float]) -> float:
    # asking the longer one for what the shorter one has takes fewer steps
    short, long = (table, found) if len(table) < len(found) else (found, table)
    value_of = long.get
    total = 0.0
    for feature, value in short.items():
        if other := value_of(feature):
            total += value * other
    return total


def parts(known: Weights, subject: Subject, found: Mapping[str, float]) -> list[tuple[float, str, str]]:
    """What the first step adds up, the largest first: amount, context and feature."""
    names = (*contexts(subject), *subject.groups)
    all_parts = [
        (weight * value, context, feature)
        for context in names
        for feature, value in found.items()
        if (weight := known.linear.get(context, {}).get(feature))
    ]
    return sorted(all_parts, key=lambda part: (-abs(part[0]), part[1:]))


def second_sum(known: Weights, found: Mapping[str, float]) -> float:
    """The second step: what the trees say of the features, `SUM` and those of names near by among them."""
    total = known.start
    values = [found.get(feature, 0.0) for feature in known.asked]
    for tree in known.trees:
        while tree.__class__ is list:
            number, threshold, low, high = tree
            tree = low if values[number] <= threshold else high
        total += tree
    return total
