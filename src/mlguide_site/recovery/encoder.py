"""An encoder that reads words in their surroundings: for every word, how probable each kind of segment begins there.

A small transformer (Vaswani et al., "Attention Is All You Need", 2017; encoder layers as in BERT), computed with numpy.
Its weights began as the lower layers of all-MiniLM-L6-v2 and learnt from the notes that the segment weights learnt from
(`benchmarks/structure/train_encoder.py`).
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mlguide_site.recovery.pieces import BEGIN, END, Pieces, pieces_of
from mlguide_site.recovery.words import Token

Matrix = NDArray[np.float32]
Pair = tuple[Matrix, Matrix]
WINDOW = 254
"""So many pieces are read at once."""
MARGIN = 16
"""So many pieces at the edge of a window are read for the sake of the others, where the text goes on."""
HEADS = 12
CLASSES = 6
"""Nothing begins, or a segment of one of the kinds from `lattice.HEADING` to `lattice.BODY`."""
_TOGETHER = 2
"""So many windows are computed at once, which bounds the memory."""
_TINY = np.float32(1e-12)
_BELOW = np.float32(-1e9)


@dataclass(frozen=True, slots=True)
class Layer:
    """One layer: matrices as (in, out) with what is added behind them, and scale and shift of its two norms."""

    attend: Pair
    gather: Pair
    norm: Pair
    widen: Pair
    narrow: Pair
    last_norm: Pair


@dataclass(frozen=True, slots=True)
class Encoder:
    """Vocabulary and weights: rows of `pieces`, `places` and `looks` are vectors, `classes` is (in, `CLASSES`)."""

    vocabulary: dict[str, int]
    pieces: Matrix
    places: Matrix
    looks: Matrix
    norm: Pair
    layers: tuple[Layer, ...]
    classes: Pair

    def read(self, tokens: Sequence[Token]) -> Matrix:
        """Logarithms of probabilities, a row for each token and a column for each class."""
        pieces = pieces_of(tokens, self.vocabulary)
        size = len(pieces.numbers)
        found = np.zeros((size, CLASSES), np.float32)
        windows = list(_windows(size))
        for at in range(0, len(windows), _TOGETHER):
            chosen = windows[at : at + _TOGETHER]
            for (start, end), rows in zip(chosen, self._read(pieces, chosen), strict=True):
                first = start and start + MARGIN
                found[first:end] = rows[first - start : end - start]
        return found[pieces.firsts]

    def _read(self, pieces: Pieces, windows: Sequence[tuple[int, int]]) -> Matrix:
        longest = max(end - start for start, end in windows) + 2
        numbers = np.zeros((len(windows), longest), np.int64)
        looks = np.zeros_like(numbers)
        hidden = np.full((len(windows), 1, 1, longest), _BELOW, np.float32)
        for row, (start, end) in enumerate(windows):
            size = end - start
            numbers[row, 0], numbers[row, size + 1] = self.vocabulary[BEGIN], self.vocabulary[END]
            numbers[row, 1 : size + 1] = pieces.numbers[start:end]
            looks[row, 1 : size + 1] = pieces.looks[start:end]
            hidden[row, :, :, : size + 2] = 0
        values = self.pieces[numbers] + self.places[:longest] + self.looks[looks]
        values = _normed(values.reshape(-1, values.shape[-1]), self.norm)
        for layer in self.layers:
            values = _through(values, hidden, layer)
        scores = _linear(values, self.classes)
        scores -= scores.max(axis=1, keepdims=True)
        scores -= np.log(np.exp(scores).sum(axis=1, keepdims=True))
        result: Matrix = scores.reshape(len(windows), longest, CLASSES)[:, 1:]
        return result


def _windows(size: int) -> Iterator[tuple[int, int]]:
    """Windows that overlap by two margins."""
    start = 0
    while True:
        end = min(size, start + WINDOW)
        yield start, end
        if end == size:
            return
        start = end - 2 * MARGIN


def _linear(values: Matrix, pair: Pair) -> Matrix:
    result: Matrix = values @ pair[0]
    result += pair[1]
    return result


def _normed(values: Matrix, norm: Pair) -> Matrix:
    values = values - values.mean(axis=1, keepdims=True)
    spread = np.einsum("ij,ij->i", values, values) / np.float32(values.shape[1])
    values *= (1 / np.sqrt(spread + _TINY))[:, None]
    result: Matrix = values * norm[0] + norm[1]
    return result


def _through(values: Matrix, hidden: Matrix, layer: Layer) -> Matrix:
    """What a layer makes of the rows of some windows; `hidden` keeps the padding of windows from being looked at."""
    count, size = hidden.shape[0], hidden.shape[3]
    width = values.shape[1]
    heads = _linear(values, layer.attend).reshape(count, size, 3, HEADS, width // HEADS)
    asked, told, given = heads.transpose(2, 0, 3, 1, 4)
    weights = (asked * np.float32((width // HEADS) ** -0.5)) @ told.transpose(0, 1, 3, 2)
    if hidden.any():
        weights += hidden
    weights -= weights.max(axis=-1, keepdims=True)
    np.exp(weights, out=weights)
    gathered: Matrix = weights @ given
    # there is less to divide once they are summed up
    gathered /= weights.sum(axis=-1, keepdims=True)
    values = _normed(values + _linear(gathered.transpose(0, 2, 1, 3).reshape(-1, width), layer.gather), layer.norm)
    bent = _bent(_linear(values, layer.widen))
    return _normed(values + _linear(bent, layer.narrow), layer.last_norm)


def _bent(values: Matrix) -> Matrix:
    """Gaussian error linear units by way of the hyperbolic tangent, as they were learnt with (Hendrycks and Gimpel,
    "Gaussian Error Linear Units", 2016, section 2): half of 1 and a tangent is one through 1 and a power."""
    powers = values * values
    powers *= np.float32(-2 * 0.7978845608 * 0.044715)
    powers += np.float32(-2 * 0.7978845608)
    powers *= values
    # beyond what a number holds, the unit is closed all the same
    with np.errstate(over="ignore"):
        np.exp(powers, out=powers)
    powers += 1
    result: Matrix = np.divide(values, powers, out=values)
    return result
