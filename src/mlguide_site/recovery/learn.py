"""Learning of weights: conditional likelihood of examples, by gradient steps whose size each weight sets for itself.

The step rule is Adam (Kingma and Ba, 2015); the order of the examples comes from a seed, so the result is repeatable.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mlguide_site.recovery.chain import Floats, stack, sums
from mlguide_site.recovery.features import BUCKETS, WORDLY
from mlguide_site.recovery.kinds import COUNT, MORE
from mlguide_site.recovery.lattice import BOUNDARIES, START, STATES, states_of
from mlguide_site.recovery.model import Model, Ruled, rule, score
from mlguide_site.recovery.words import Token

SEED = 20


@dataclass(frozen=True, slots=True)
class Example:
    """A ruled text and the segments it has: index of the first place, of the second, and kind."""

    ruled: Ruled
    steps: NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Course:
    """How to learn: passes over the examples, examples a step, size of steps at the beginning, pull to zero, and the
    share of examples in which some words can't be read."""

    passes: int
    batch: int = 24
    rate: float = 0.02
    decay: float = 2e-3
    blur: float = 0.8


def example(
    tokens: Sequence[Token], segments: Sequence[tuple[int, int, int]], phrases: Collection[tuple[str, str]] = ()
) -> Example | None:
    """An example from segments (first token, token behind the last, kind), in order and without gaps.

    Text is one segment of `PARAGRAPH`, `ITEM` or `BODY` however many sentences it has; `phrases` are as in `rule`. None
    where the lattice doesn't hold the segments, as where a heading goes on behind the end of a sentence.
    """
    ruled = rule(tokens, phrases, [start for start, _, _ in segments])
    lattice = ruled.lattice
    index = {int(place): at for at, place in enumerate(lattice.places)}
    allowed = {
        (a, b): row for a, b, row in zip(lattice.first.tolist(), lattice.second.tolist(), lattice.allowed, strict=True)
    }
    reach: dict[int, int] = {}
    for a, b in allowed:
        reach[a] = max(reach.get(a, 0), b)
    steps: list[tuple[int, int, int]] = []
    for start, end, kind in segments:
        at, last = index[start], index[end]
        if kind < 2:
            steps.append((at, last, kind))
            continue
        while at < last:
            stop = min(reach.get(at, at + 1), last)
            steps.append((at, stop, kind))
            at, kind = stop, MORE
    if not all((a, b) in allowed and allowed[a, b][kind] for a, b, kind in steps):
        return None
    return Example(ruled, np.array(steps, np.int64).reshape(-1, 3))


class _Adam:
    def __init__(self, values: NDArray[np.float32]) -> None:
        self.values = values
        self.mean = np.zeros_like(values)
        self.square = np.zeros_like(values)
        self.count = 0

    def step(self, gradient: NDArray[np.float32], rate: float) -> None:
        self.count += 1
        self.mean += np.float32(0.1) * (gradient - self.mean)
        self.square += np.float32(0.005) * (gradient * gradient - self.square)
        mean = self.mean / np.float32(1 - 0.9**self.count)
        square = self.square / np.float32(1 - 0.995**self.count)
        self.values -= np.float32(rate) * mean / (np.sqrt(square) + np.float32(1e-6))


def empty() -> Model:
    """A model that knows nothing."""
    return Model(np.zeros((BUCKETS, COUNT), np.float32), np.zeros((BOUNDARIES, STATES + 1, STATES)))


def learn(examples: Sequence[Example], course: Course, start: Model | None = None) -> Model:
    """A model learnt from the examples, beginning with `start`, which stays as it is."""
    begin = start or empty()
    weights = _Adam(begin.weights.copy())
    changes = _Adam(begin.changes.astype(np.float32))
    order = np.random.default_rng(SEED)
    mean = np.zeros_like(weights.values, np.float64)
    mean_changes = np.zeros_like(begin.changes)
    batches = max(1, -(-len(examples) // course.batch))
    total, done, summed = course.passes * batches, 0, 0
    sizes = np.array([len(one.ruled.lattice.places) for one in examples])
    for _ in range(course.passes):
        # texts of like length share a batch, so that little of it is empty
        mixed = order.permutation(len(examples))
        ranked = mixed[np.argsort(sizes[mixed] + order.uniform(0, 40, len(mixed)), kind="stable")]
        for batch in order.permutation(batches):
            chosen = [examples[at] for at in ranked[batch * course.batch : (batch + 1) * course.batch]]
            model = Model(weights.values, changes.values.astype(np.float64))
            slope, change = _gradient(model, [_blurred(one, order, course.blur) for one in chosen])
            done += 1
            rate = course.rate * (1 - done / (total + 1))
            slope += np.float32(course.decay) * weights.values
            slope[0] = 0
            weights.step(slope, rate)
            changes.step(change, rate)
            if 2 * done > total:
                summed += 1
                mean += weights.values
                mean_changes += changes.values
    return Model((mean / max(1, summed)).astype(np.float32), mean_changes / max(1, summed))


def _blurred(one: Example, order: np.random.Generator, blur: float) -> Example:
    """An example some of whose words can't be read, so that shapes must tell as much as they can."""
    if order.random() >= blur:
        return one
    buckets = one.ruled.buckets.copy()
    columns = buckets.shape[1] - 1 - np.flatnonzero(order.random(WORDLY) < order.uniform(0.3, 1))
    buckets[:, columns] = 0
    return Example(Ruled(one.ruled.lattice, buckets), one.steps)


def _gradient(model: Model, chosen: Sequence[Example]) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Slope of the negative logarithm of the likelihood, for each weight; averaged over the examples."""
    lattices = [one.ruled.lattice for one in chosen]
    batch = stack(lattices, [score(model, one.ruled.buckets) for one in chosen])
    summed = sums(batch, model.changes)
    slope = np.zeros((COUNT, BUCKETS))
    change = summed.changes
    rows: list[NDArray[np.uint16]] = []
    values: list[Floats] = []
    for at, one in enumerate(chosen):
        lattice = one.ruled.lattice
        residual = summed.segments[at]
        kinds = one.steps[:, 2]
        residual[one.steps[:, 1], one.steps[:, 1] - one.steps[:, 0] - 1, kinds] -= 1
        states = np.array(states_of(kinds.tolist()), np.int64)
        before = np.concatenate([[START], states[:-1]])
        np.subtract.at(change, (lattice.boundary[one.steps[:, 0]], before, states), 1)
        left = residual[lattice.second, lattice.second - lattice.first - 1]
        matters = np.flatnonzero(np.abs(left).max(axis=1) > 2e-3)
        rows.append(one.ruled.buckets[matters])
        values.append(left[matters])
    buckets, left = np.concatenate(rows), np.concatenate(values)
    for kind in range(COUNT):
        telling = np.flatnonzero(np.abs(left[:, kind]) > 1e-3)
        if len(telling):
            repeated = np.repeat(left[telling, kind], buckets.shape[1])
            slope[kind] = np.bincount(buckets[telling].ravel(), repeated, BUCKETS)
    scale = 1.0 / len(chosen)
    return np.ascontiguousarray(slope.T * scale, np.float32), (change * scale).astype(np.float32)
