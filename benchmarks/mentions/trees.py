"""Grows small decision trees, one after the other, each on what those before it leave (gradient boosting on the
logistic loss, with features cut into a few ranges). Same input, same trees."""

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from mlguide_site.linking.names.scores import Tree

Floats = NDArray[np.float64]
RANGES = 32


class Plan(NamedTuple):
    """How trees are grown: how many, how much each counts, leaves at most, penalty on large leaves, examples in a leaf
    at least, the share of features that each tree may ask for, and the seed by which they are drawn."""

    trees: int = 600
    rate: float = 0.06
    leaves: int = 24
    penalty: float = 5.0
    fewest: int = 20
    share: float = 0.35
    seed: int = 1


class _Leaf(NamedTuple):
    """Examples that came to one place, their sums, and the best cut there."""

    rows: NDArray[np.int64]
    sums: Floats
    gain: float
    feature: int
    cut: int


class _Unusual(NamedTuple):
    """What differs from each feature's usual range, in the order of the examples: example, feature and range. Most
    features are 0 for most examples, so that a tenth of all has to be counted and the rest is what is left."""

    usual: NDArray[np.int64]
    rows: NDArray[np.int64]
    columns: NDArray[np.int64]
    ranges: NDArray[np.int64]

    @classmethod
    def of(cls, ranges: NDArray[np.int64]) -> "_Unusual":
        usual = np.array([np.bincount(column).argmax() for column in ranges.T])
        rows, columns = np.nonzero(ranges != usual)
        return cls(usual, rows, columns, ranges[rows, columns])


class Grown(NamedTuple):
    """The log-odds that trees begin with, and the trees."""

    start: float
    trees: list[Tree]


def grow(table: Floats, wanted: NDArray[np.bool_], plan: Plan) -> Grown:
    """Trees for a table of examples by features; `wanted` says which examples are positive."""
    limits = [_limits(table[:, column]) for column in range(table.shape[1])]
    ranges = np.stack([np.searchsorted(limits[at], table[:, at]) for at in range(len(limits))], axis=1)
    unusual = _Unusual.of(ranges)
    draw = np.random.default_rng(plan.seed)
    rate = float(np.clip(wanted.mean(), 1e-3, 1 - 1e-3))
    start = float(np.log(rate / (1 - rate)))
    odds = np.full(len(wanted), start)
    trees: list[Tree] = []
    chosen = max(1, int(plan.share * len(limits)))
    for _ in range(plan.trees):
        columns = np.sort(draw.choice(len(limits), chosen, replace=False))
        chance = 1 / (1 + np.exp(-odds))
        tree = _Growing(ranges, unusual, columns, wanted - chance, chance * (1 - chance), limits, plan)
        trees.append(tree.grown(odds))
    return Grown(start, trees)


def fall(trees: Grown, table: Floats) -> Floats:
    """The log-odds of each example."""
    odds = np.full(len(table), trees.start)

    def follow(tree: Tree, rows: NDArray[np.int64]) -> None:
        if not isinstance(tree, list):
            odds[rows] += tree
            return
        number, threshold, low, high = tree
        below = table[rows, int(number)] <= threshold
        follow(low, rows[below])
        follow(high, rows[~below])

    for tree in trees.trees:
        follow(tree, np.arange(len(table)))
    return odds


def _limits(values: Floats) -> Floats:
    """Where the values of a feature are cut: between different ones, so that the ranges hold about as many each."""
    found = np.unique(values)
    if len(found) > RANGES:
        found = np.unique(np.quantile(values, np.linspace(0, 1, RANGES + 1)))
    middles = (found[:-1] + found[1:]) / 2
    return np.unique(np.round(middles, 4))


class _Growing:
    """One tree, from its root to its leaves, the best cut first."""

    def __init__(
        self,
        ranges: NDArray[np.int64],
        unusual: _Unusual,
        columns: NDArray[np.int64],
        slope: Floats,
        bend: Floats,
        limits: list[Floats],
        plan: Plan,
    ) -> None:
        self.ranges, self.columns = ranges, columns
        place = np.full(ranges.shape[1], -1)
        place[columns] = np.arange(len(columns))
        asked = place[unusual.columns]
        kept = asked >= 0
        self.rows, self.cells = unusual.rows[kept], asked[kept] * (RANGES + 1) + unusual.ranges[kept]
        self.usual = unusual.usual[columns]
        self.slope, self.bend, self.limits, self.plan = slope, bend, limits, plan

    def grown(self, odds: Floats) -> Tree:
        """The tree; its leaves are added to `odds`."""
        root: list[Any] = [0.0]
        rows = np.arange(len(odds))
        places: list[tuple[_Leaf, list[Any], int]] = [(self._best(rows, self._sums(rows)), root, 0)]
        while len(places) < self.plan.leaves:
            at = max(range(len(places)), key=lambda index: places[index][0].gain)
            leaf, parent, slot = places[at]
            if leaf.gain <= 1e-6:
                break
            below, above = self._cut(leaf)
            node: list[Any] = [leaf.feature, float(self.limits[leaf.feature][leaf.cut]), 0.0, 0.0]
            parent[slot] = node
            places[at] = (below, node, 2)
            places.append((above, node, 3))
        for leaf, parent, slot in places:
            rows = leaf.rows
            value = self.slope[rows].sum() / (self.bend[rows].sum() + self.plan.penalty)
            parent[slot] = round(float(value) * self.plan.rate, 4)
            odds[rows] += parent[slot]
        tree: Tree = root[0]
        return tree

    def _cut(self, leaf: _Leaf) -> tuple[_Leaf, _Leaf]:
        """The two leaves that the best cut makes. Only the smaller one is counted, what is left is the other's."""
        low = self.ranges[leaf.rows, leaf.feature] <= leaf.cut
        below, above = leaf.rows[low], leaf.rows[~low]
        if len(below) <= len(above):
            sums = self._sums(below)
            return self._best(below, sums), self._best(above, leaf.sums - sums)
        sums = self._sums(above)
        return self._best(below, leaf.sums - sums), self._best(above, sums)

    def _sums(self, rows: NDArray[np.int64]) -> Floats:
        """Slope, bend and number of some examples: by kind of sum, feature and range."""
        width = len(self.columns)
        here = np.zeros(len(self.slope), bool)
        here[rows] = True
        kept = here[self.rows]
        cells, whose = self.cells[kept], self.rows[kept]
        every = np.arange(width)
        result = []
        for its in (self.slope, self.bend, np.ones(len(here))):
            sums = np.bincount(cells, its[whose], width * (RANGES + 1)).reshape(width, RANGES + 1)
            sums[every, self.usual] = its[rows].sum() - sums.sum(axis=1)
            result.append(sums)
        return np.stack(result)

    def _best(self, rows: NDArray[np.int64], sums: Floats) -> _Leaf:
        if len(rows) < 2 * self.plan.fewest:
            return _Leaf(rows, sums, 0.0, 0, 0)
        slope, bend, number = sums.cumsum(axis=2)
        penalty = self.plan.penalty
        whole_slope, whole_bend = slope[:, -1:], bend[:, -1:]
        gain = (
            slope**2 / (bend + penalty)
            + (whole_slope - slope) ** 2 / (whole_bend - bend + penalty)
            - whole_slope**2 / (whole_bend + penalty)
        )
        gain[(number < self.plan.fewest) | (len(rows) - number < self.plan.fewest)] = 0.0
        at = int(gain.argmax())
        column, cut = divmod(at, RANGES + 1)
        return _Leaf(rows, sums, float(gain.flat[at]), int(self.columns[column]), cut)
