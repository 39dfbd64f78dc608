"""The trained model: gradient-boosted decision trees for two styles of pages, and word statistics.

`benchmarks/structure/train.py` writes the file `weights.json.gz`. It holds words only as checksums, and only those of
notes that were written for training.
"""

import gzip
import json
import zlib
from collections.abc import Mapping, Sequence
from functools import lru_cache
from hashlib import sha256
from importlib.resources import files
from math import exp
from typing import Any, NamedTuple

USES = ("heading first", "heading last", "in heading", "label first", "in label", "sentence first")
"""The statistics of a word: for each use, ten times the log of how likely it is, relative to other words."""
UNUSED = (0,) * len(USES)
EARLY_TREES, MIN_EARLY_LOGIT = 50, -5.5
"""If the logit is below the minimum after this many trees, the others are skipped."""
Node = Any
"""A leaf's value, or a list: a feature's index, a threshold, the node for values up to it, and the node for others."""
Trees = Sequence[Node]
"""Trees whose leaves add up to a logit."""
Lexicon = Mapping[int, Sequence[int]]
"""The statistics of words in structured notes, by checksum."""


def uses_of(lexicon: Lexicon, word: str, upper: bool) -> Sequence[int]:
    """The statistics of a bare word in its case; those of its ending if the word is unknown."""
    exact, ending = keys_of(word, upper)
    return lexicon.get(exact) or lexicon.get(ending) or UNUSED


def keys_of(word: str, upper: bool) -> tuple[int, int]:
    """The checksums of a bare word and of its ending; they differ between upper and lower case."""
    case = "^" if upper else ""
    exact, ending = (f"{case}{text}".encode("utf-8", "surrogatepass") for text in (word, f"~{word[-3:]}"))
    return zlib.crc32(exact) % (1 << 24), zlib.crc32(ending) % (1 << 24)


class Scorer(NamedTuple):
    """The models that predict whether a block begins at a place, its kind (heading, label, item or paragraph), and
    whether a span of words is a heading."""

    begin: Trees
    kinds: Sequence[Trees]
    heading: Trees

    def kind(self, numbers: Sequence[float]) -> tuple[float, ...]:
        """The probability of each kind."""
        powers = [exp(logit(trees, numbers)) for trees in self.kinds]
        return tuple(power / sum(powers) for power in powers)


def logit(trees: Trees, numbers: Sequence[float]) -> float:
    """The sum of the leaves for some features."""
    total = 0.0
    for count, node in enumerate(trees, 1):
        while type(node) is list:
            node = node[2] if numbers[node[0]] <= node[1] else node[3]
        total += node
        if count == EARLY_TREES and total < MIN_EARLY_LOGIT:
            break
    return total


def probability(trees: Trees, numbers: Sequence[float]) -> float:
    """The probability that trees predict for some features."""
    return 1 / (1 + exp(-logit(trees, numbers)))


class Weights(NamedTuple):
    """The trained data: word statistics, and a scorer for each style of page."""

    lexicon: Lexicon
    scorers: Mapping[str, Scorer]


def read_weights(data: Mapping[str, Any]) -> Weights:
    """The weights from the values of their file."""
    words = {int(key): row for key, row in data["words"].items()}
    return Weights(words, {style: Scorer(**own) for style, own in data["scorers"].items()})


@lru_cache(maxsize=1)
def shipped() -> tuple[Weights, str]:
    """The weights that the package ships, and a digest of them."""
    file = (files(__package__) / "weights.json.gz").read_bytes()
    return read_weights(json.loads(gzip.decompress(file))), sha256(file).hexdigest()[:16]
