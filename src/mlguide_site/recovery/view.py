"""The pairs of a lattice with what many features ask of them."""

import numpy as np

from mlguide_site.recovery.attributes import SUMS, Attributes, Ints, column
from mlguide_site.recovery.lattice import Lattice

LENGTHS = np.array([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 12, 13, 13, 13, 14, 14, 14, 14, 15, 15, 15, 15, 15, 16])
"""Bins of lengths."""


def few(values: Ints, most: int) -> Ints:
    """Values from 0 to the most that is told apart."""
    return np.clip(values, 0, most)


class View:
    """The pairs of a lattice with what is often asked of them."""

    def __init__(self, attributes: Attributes, lattice: Lattice) -> None:
        self.attributes = attributes
        size = attributes.size
        self.start = lattice.places[lattice.first]
        self.end = lattice.places[lattice.second]
        self.last = self.end - 1
        self.before = np.where(self.start > 0, self.start - 1, size)
        self.length = self.end - self.start
        self.bin = LENGTHS[few(self.length, len(LENGTHS) - 1)]
        self.look = {
            name: column(attributes, name)
            for name in ("word", "stem", "suffix", "shape", "kind", "end", "start", "part")
        }
        self.short = self.length <= 16
        inner = {name: self.sum(name, self.start, self.end) for name in SUMS}
        self.inner = inner
        self.plain = few(inner["plain"], 3)
        starts_small = 1 - (column(attributes, "title")[self.start] > 0)
        self.case = np.where(inner["plain"] == 0, 0, np.where(inner["plain"] == starts_small, 1, 1 + self.plain))
        self.begins = attributes.begins[self.start].astype(np.int64) + attributes.hard[self.start]
        self.ends = attributes.begins[self.end].astype(np.int64)
        self.last_end = self.look["end"][self.last]
        self.glue = self.sum("glued", self.start + 1, np.maximum(self.end, self.start + 1))

    def sum(self, name: str, start: Ints, end: Ints) -> Ints:
        """How many tokens from `start` on and before `end` are what a column of `SUMS` counts."""
        sums = self.attributes.sums[:, SUMS.index(name)]
        result: Ints = sums[end] - sums[start]
        return result
