"""A model: the weights of features for each kind of segment, and of states that follow each other."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from mlguide_site.recovery.attributes import attributes_of
from mlguide_site.recovery.chain import Floats, Step, best, stack, sums
from mlguide_site.recovery.features import features
from mlguide_site.recovery.kinds import COUNT, PARAGRAPH, Found
from mlguide_site.recovery.lattice import Lattice, build
from mlguide_site.recovery.words import Token


@dataclass(frozen=True, slots=True)
class Model:
    """`weights[bucket, kind]` and `changes[boundary, state before, state]`: see `lattice.KIND_OF`."""

    weights: NDArray[np.float32]
    changes: Floats


@dataclass(frozen=True, slots=True)
class Ruled:
    """A text's lattice with the buckets of its pairs, every pair allowed as something."""

    lattice: Lattice
    buckets: NDArray[np.uint16]


def rule(tokens: Sequence[Token], phrases: Collection[tuple[str, str]] = (), extra: Sequence[int] = ()) -> Ruled:
    """The lattice and buckets of a text that has tokens. What no kind may begin is a paragraph: an item's mark before
    what can't be an item, such as a bracket, would leave no segmentation at all."""
    attributes = attributes_of(tokens, phrases)
    lattice = build(attributes, extra)
    buckets = features(attributes, lattice)
    allowed = lattice.allowed.copy()
    allowed[~allowed.any(axis=1), PARAGRAPH] = True
    return Ruled(replace(lattice, allowed=allowed), buckets)


def score(model: Model, buckets: NDArray[np.uint16]) -> Floats:
    """Scores of pairs, a column for each kind."""
    total = np.zeros((len(buckets), COUNT), np.float32)
    for column in range(buckets.shape[1]):
        total += model.weights[buckets[:, column]]
    return total.astype(np.float64)


def segment(model: Model, ruled: Ruled) -> tuple[list[Found], Floats]:
    """The most probable segmentation, and the probability of each possible segment, over all segmentations.

    The probabilities are `[place, steps back - 1, kind]`.
    """
    scores = score(model, ruled.buckets)
    batch = stack([ruled.lattice], [scores])
    likely = sums(batch, model.changes).segments[0]
    steps = best(batch.scores[0], batch.boundary[0], model.changes)
    return [_found(step, ruled.lattice, likely) for step in steps], likely


def _found(step: Step, lattice: Lattice, likely: Floats) -> Found:
    first, second, kind = step
    sure = float(likely[second, second - first - 1, kind])
    return Found(int(lattice.places[first]), int(lattice.places[second]), kind, sure)
