"""The trained model: gradient-boosted decision trees for two styles of pages, and word statistics. The program
`benchmarks/structure/train.py` writes `weights.json.gz`, which contains checksums of words, not the words."""

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
"""The uses of a word; "heading first" means the first word of a heading. A word has a statistic for each use:
10 log(p / q), where p is the probability of the use for this word, and q is the average for all words."""
UNUSED = (0,) * len(USES)
EARLY_TREES, MIN_EARLY_LOGIT = 50, -5.5
"""If the logit is below `MIN_EARLY_LOGIT` after `EARLY_TREES` trees, the remaining trees are skipped."""
Trees = Sequence[Any]
"""Decision trees, whose leaves (numbers) add up to a logit. Other nodes: [feature index, threshold, child, child]."""
Lexicon = Mapping[int, Sequence[int]]  # the statistics of words in structured notes, by the checksum of the word


def uses_of(lexicon: Lexicon, word: str, upper: bool) -> Sequence[int]:
    """Return the statistics (see `USES`) of a word, or of an unknown word's ending. `upper` is true for a capital."""
    exact, ending = keys_of(word, upper)
    return lexicon.get(exact) or lexicon.get(ending) or UNUSED


def keys_of(word: str, upper: bool) -> tuple[int, int]:
    """Return the checksums of a word and of its ending. The checksums depend on `upper`."""
    case = "^" if upper else ""
    exact, ending = (f"{case}{text}".encode("utf-8", "surrogatepass") for text in (word, f"~{word[-3:]}"))
    return zlib.crc32(exact) % (1 << 24), zlib.crc32(ending) % (1 << 24)


class Scorer(NamedTuple):
    """The models for one style of page. `begin` predicts whether a block begins at a position, `kinds` predicts the
    kind of the block (heading, label, item or paragraph), and `heading` predicts whether words are a heading."""

    begin: Trees
    kinds: Sequence[Trees]
    heading: Trees

    def kind(self, numbers: Sequence[float]) -> tuple[float, ...]:
        powers = [exp(logit(trees, numbers)) for trees in self.kinds]
        return tuple(power / sum(powers) for power in powers)


def logit(trees: Trees, numbers: Sequence[float]) -> float:
    """Return the sum of the leaf values, one from each tree, that the features `numbers` lead to."""
    total = 0.0
    for count, node in enumerate(trees, 1):
        while type(node) is list:
            node = node[2] if numbers[node[0]] <= node[1] else node[3]
        total += node
        if count == EARLY_TREES and total < MIN_EARLY_LOGIT:
            break
    return total


def probability(trees: Trees, numbers: Sequence[float]) -> float:
    """Return the probability that the trees predict for the features `numbers`."""
    return 1 / (1 + exp(-logit(trees, numbers)))


class Weights(NamedTuple):
    lexicon: Lexicon
    scorers: Mapping[str, Scorer]
    second: Trees  # predict again whether words are a heading (see `second_look`)


def read_weights(data: Mapping[str, Any]) -> Weights:
    """Create the weights from the parsed content of the weights file."""
    words = {int(key): row for key, row in data["words"].items()}
    return Weights(words, {style: Scorer(**own) for style, own in data["scorers"].items()}, data["second"])


@lru_cache(maxsize=1)
def shipped() -> tuple[Weights, str]:
    """Return the weights in the package, and their digest."""
    file = (files(__package__) / "weights.json.gz").read_bytes()
    return read_weights(json.loads(gzip.decompress(file))), sha256(file).hexdigest()[:16]
