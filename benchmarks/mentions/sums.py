"""Weights for sparse features: logistic regression with a penalty on large weights, by a quasi-Newton method (L-BFGS).
Same input, same weights."""

from collections import Counter
from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Example = Sequence[tuple[str, float]]
_KEPT = 8
_STEPS = 80


class Sparse:
    """Examples as rows of features; those met in fewer than `fewest` examples are left out."""

    def __init__(self, examples: Sequence[Example], fewest: int) -> None:
        counts = Counter(feature for example in examples for feature, _ in example)
        self.features = sorted(feature for feature, count in counts.items() if count >= fewest)
        numbers = {feature: at for at, feature in enumerate(self.features)}
        rows, columns, values = [], [], []
        for row, example in enumerate(examples):
            for feature, value in example:
                if (column := numbers.get(feature)) is not None:
                    rows.append(row)
                    columns.append(column)
                    values.append(value)
        self.rows, self.columns = np.array(rows, np.int64), np.array(columns, np.int64)
        self.values, self.number = np.array(values), len(examples)

    def times(self, weights: Floats) -> Floats:
        """The sum of each example."""
        sums: Floats = np.bincount(self.rows, self.values * weights[self.columns], self.number).astype(np.float64)
        return sums

    def learn(self, wanted: NDArray[np.bool_], used: NDArray[np.bool_], penalty: float) -> Floats:
        """The weights that tell the wanted among the examples used from the others."""
        keep = used[self.rows]
        rows, columns, values = self.rows[keep], self.columns[keep], self.values[keep]
        sign = np.where(wanted, 1.0, -1.0) * used
        number, width = self.number, len(self.features)

        def loss(weights: Floats) -> tuple[float, Floats]:
            margin = sign * np.bincount(rows, values * weights[columns], number)
            pull = -sign / (1 + np.exp(margin))
            slope = np.bincount(columns, values * pull[rows], width) + penalty * weights
            return float(np.logaddexp(0, -margin)[used].sum() + penalty / 2 * weights @ weights), slope

        return _least(loss, np.zeros(width))


def _least(loss: Callable[[Floats], tuple[float, Floats]], at: Floats) -> Floats:
    """Where a smooth convex function is least."""
    value, slope = loss(at)
    steps: list[Floats] = []
    turns: list[Floats] = []
    for _ in range(_STEPS):
        way = slope.copy()
        amounts = []
        for step, turn in zip(reversed(steps), reversed(turns), strict=True):
            amounts.append(step @ way / (turn @ step))
            way -= amounts[-1] * turn
        way *= steps[-1] @ turns[-1] / (turns[-1] @ turns[-1]) if steps else 1 / max(1.0, float(np.linalg.norm(way)))
        for step, turn, amount in zip(steps, turns, reversed(amounts), strict=True):
            way += (amount - turn @ way / (turn @ step)) * step
        length, fall = 1.0, float(slope @ way)
        for _ in range(20):
            new_value, new_slope = loss(at - length * way)
            if new_value <= value - 1e-4 * length * fall:
                break
            length /= 2
        step, turn = -length * way, new_slope - slope
        if step @ turn > 1e-10:
            steps, turns = [*steps, step][-_KEPT:], [*turns, turn][-_KEPT:]
        done = abs(value - new_value) < 1e-6 * abs(value)
        at, value, slope = at + step, new_value, new_slope
        if done:
            break
    return at
