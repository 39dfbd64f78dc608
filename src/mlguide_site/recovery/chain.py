"""Sums and best ways over lattices: a semi-Markov chain, in which whole segments are scored.

The algorithms are those of Sarawagi and Cohen, "Semi-Markov Conditional Random Fields for Information Extraction"
(2004): forward and backward sums over segments, here for several texts at once, all in logarithms.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mlguide_site.recovery.kinds import COUNT, MORE
from mlguide_site.recovery.lattice import BOUNDARIES, KIND_OF, NEVER, REACH, START, STATES, Lattice, transitions

Floats = NDArray[np.float64]
Step = tuple[int, int, int]
"""A segment: the indices of its two places and its kind."""


@dataclass(frozen=True, slots=True)
class Batch:
    """Texts side by side: `scores[text, place, steps back - 1, kind]`, boundaries, and the index of each last place."""

    scores: Floats
    boundary: NDArray[np.int64]
    last: NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Sums:
    """Of a batch: the logarithm of each text's sum, and how probable each segment, by kind, and each change of state
    is."""

    total: Floats
    segments: Floats
    changes: Floats


def stack(lattices: Sequence[Lattice], scores: Sequence[Floats]) -> Batch:
    """A batch of lattices with the scores of their pairs, one row a pair and one column a kind."""
    size = max(len(lattice.places) for lattice in lattices)
    dense = np.full((len(lattices), size, REACH, COUNT), NEVER)
    boundary = np.zeros((len(lattices), size), np.int64)
    for at, (lattice, score) in enumerate(zip(lattices, scores, strict=True)):
        values = np.where(lattice.allowed, score, NEVER)
        dense[at, lattice.second, lattice.second - lattice.first - 1] = values
        boundary[at, : len(lattice.places)] = lattice.boundary
    last = np.array([len(lattice.places) - 1 for lattice in lattices], np.int64)
    return Batch(dense, boundary, last)


def _log_sum(values: Floats, axis: int) -> Floats:
    most = values.max(axis=axis, keepdims=True)
    result: Floats = np.log(np.exp(values - most).sum(axis=axis)) + np.squeeze(most, axis)
    return result


def sums(batch: Batch, changes: Floats) -> Sums:
    """Forward and backward sums; `changes[boundary, state before, state]` scores states that follow each other."""
    count, size = batch.boundary.shape
    table = changes + transitions()
    scores = batch.scores[..., KIND_OF]
    inflow = np.full((count, size, STATES), NEVER)
    alpha = np.full((count, size, STATES + 1), NEVER)
    alpha[:, 0, START] = 0
    for at in range(size):
        if at:
            reach = min(at, REACH)
            back = inflow[:, at - reach : at][:, ::-1] + scores[:, at, :reach]
            alpha[:, at, :STATES] = _log_sum(back, 1)
        inflow[:, at] = _log_sum(alpha[:, at, :, None] + table[batch.boundary[:, at]], 1)
    beta = np.full((count, size, STATES), NEVER)
    outflow = np.full((count, size, STATES), NEVER)
    for at in range(size - 1, -1, -1):
        reach = min(size - 1 - at, REACH)
        if reach:
            steps = np.arange(1, reach + 1)
            ahead = scores[:, at + steps, steps - 1] + beta[:, at + steps]
            outflow[:, at] = _log_sum(ahead, 1)
            beta[:, at] = _log_sum(outflow[:, at, None, :] + table[batch.boundary[:, at], :STATES], 2)
        beta[batch.last == at, at] = 0
    rows = np.arange(count)
    total = _log_sum(alpha[rows, batch.last, :STATES], 1)
    segments = np.zeros_like(batch.scores)
    for step in range(1, min(REACH, size - 1) + 1):
        logs = inflow[:, :-step] + scores[:, step:, step - 1] + beta[:, step:] - total[:, None, None]
        likely = np.exp(np.minimum(logs, 0))
        segments[:, step:, step - 1] = likely[..., :COUNT]
        segments[:, step:, step - 1, MORE] += likely[..., COUNT:].sum(axis=-1)
    pairs = np.exp(
        np.minimum(alpha[..., None] + table[batch.boundary] + outflow[:, :, None, :] - total[:, None, None, None], 0)
    )
    moves = np.zeros((BOUNDARIES, STATES + 1, STATES))
    np.add.at(moves, batch.boundary.ravel(), pairs.reshape(-1, STATES + 1, STATES))
    return Sums(total, segments, moves)


def best(scores: Floats, boundary: NDArray[np.int64], changes: Floats) -> list[Step]:
    """The best way through one text: `scores[place, steps back - 1, kind]`; ties go to the first."""
    size = len(boundary)
    scores = scores[..., KIND_OF]
    table = changes + transitions()
    alpha = np.full((size, STATES + 1), NEVER)
    alpha[0, START] = 0
    inflow = np.full((size, STATES), NEVER)
    came = np.zeros((size, STATES), np.int64)
    steps = np.zeros((size, STATES), np.int64)
    states = np.arange(STATES)
    for at in range(size):
        if at:
            reach = min(at, REACH)
            back = inflow[at - reach : at][::-1] + scores[at, :reach]
            steps[at] = back.argmax(axis=0)
            alpha[at, :STATES] = back[steps[at], states]
        into = alpha[at, :, None] + table[boundary[at]]
        came[at] = into.argmax(axis=0)
        inflow[at] = into[came[at], states]
    found: list[Step] = []
    at, state = size - 1, int(alpha[size - 1, :STATES].argmax())
    while at > 0:
        start = at - int(steps[at, state]) - 1
        found.append((start, at, KIND_OF[state]))
        at, state = start, int(came[start, state])
    return found[::-1]
