"""The encoder that is shipped: a file of whole numbers, with the digest of what it learnt from.

The file (little-endian): the eight bytes `MLGENCO1`, 32 bytes of digest, six 32-bit counts (bytes of the vocabulary,
its pieces, places, width, inner width, layers), the vocabulary (UTF-8, a piece a line), and the arrays in the order of
`_shapes`. A vector is 32-bit floats. A matrix is a 32-bit float for each of its columns (of its rows where it is looked
up by row), what one step there is worth, and then signed bytes, row by row.
"""

import struct
from collections.abc import Iterator, Sequence
from functools import cache
from importlib.resources import files
from typing import NamedTuple

import numpy as np

from mlguide_site.recovery.encoder import CLASSES, Encoder, Layer, Matrix
from mlguide_site.recovery.pieces import LOOKS

NAME = "encoder.bin"
_MAGIC = b"MLGENCO1"
_HEADER = struct.Struct("<8s32s6I")
_STEPS = np.float32(127)


class Sizes(NamedTuple):
    """Counts of pieces and places, the width of vectors, the inner width of layers, and how many layers there are."""

    pieces: int
    places: int
    width: int
    inner: int
    layers: int


class ShippedEncoder(NamedTuple):
    """An encoder and the SHA-256 digest of the material and code that it was learnt with."""

    encoder: Encoder
    digest: bytes


def _shapes(sizes: Sizes) -> Iterator[tuple[tuple[int, ...], bool]]:
    """The shape of each array, and whether it is a matrix that is looked up by row."""
    width, inner = sizes.width, sizes.inner
    yield from (((sizes.pieces, width), True), ((sizes.places, width), True), ((LOOKS, width), True))
    norm = [((width,), False)] * 2
    yield from norm
    for _ in range(sizes.layers):
        yield from (((width, 3 * width), False), ((3 * width,), False), ((width, width), False), ((width,), False))
        yield from norm
        yield from (((width, inner), False), ((inner,), False), ((inner, width), False), ((width,), False))
        yield from norm
    yield from (((width, CLASSES), False), ((CLASSES,), False))


def arrays_of(encoder: Encoder) -> list[Matrix]:
    """The arrays of an encoder in the order of the file."""
    arrays = [encoder.pieces, encoder.places, encoder.looks, *encoder.norm]
    for one in encoder.layers:
        arrays += [*one.attend, *one.gather, *one.norm, *one.widen, *one.narrow, *one.last_norm]
    return [*arrays, *encoder.classes]


def encoder_of(vocabulary: Sequence[str], arrays: Sequence[Matrix], layers: int) -> Encoder:
    """The encoder that has these arrays, in the order of the file."""
    left = iter(arrays)

    def take(count: int) -> list[Matrix]:
        return [next(left) for _ in range(count)]

    pieces, places, looks, scale, shift = take(5)
    made = []
    for _ in range(layers):
        one = take(12)
        made.append(Layer(*zip(one[::2], one[1::2], strict=True)))
    classes, bias = take(2)
    known = {piece: at for at, piece in enumerate(vocabulary)}
    return Encoder(known, pieces, places, looks, (scale, shift), tuple(made), (classes, bias))


def pack(encoder: Encoder, digest: bytes) -> bytes:
    """The file of an encoder; numbers of matrices are rounded to 127 steps."""
    vocabulary = "\n".join(encoder.vocabulary).encode()
    (places, width), inner = encoder.places.shape, encoder.layers[0].widen[0].shape[1]
    sizes = Sizes(len(encoder.vocabulary), places, width, inner, len(encoder.layers))
    parts = [_HEADER.pack(_MAGIC, digest, len(vocabulary), *sizes), vocabulary]
    for array, (shape, by_row) in zip(arrays_of(encoder), _shapes(sizes), strict=True):
        if array.shape != shape:
            raise ValueError(f"an array of shape {array.shape} where {shape} belongs")
        if array.ndim == 1:
            parts.append(array.astype("<f4").tobytes())
            continue
        step = np.abs(array).max(axis=1 if by_row else 0).astype(np.float32) / _STEPS
        step[step == 0] = 1
        parts += [step.astype("<f4").tobytes(), np.rint(array / _spread(step, by_row)).astype("<i1").tobytes()]
    return b"".join(parts)


def unpack(data: bytes) -> ShippedEncoder:
    """The encoder in a file; ValueError where it isn't one."""
    if len(data) < _HEADER.size:
        raise ValueError("not a file of an encoder")
    magic, digest, length, *counts = _HEADER.unpack_from(data)
    if magic != _MAGIC:
        raise ValueError("not a file of an encoder")
    sizes = Sizes(*counts)
    shapes = list(_shapes(sizes))
    if len(data) != _HEADER.size + length + sum(_bytes(shape, by_row) for shape, by_row in shapes):
        raise ValueError("not a whole file of an encoder")
    at = _HEADER.size + length
    vocabulary = data[_HEADER.size : at].decode().split("\n")
    arrays: list[Matrix] = []
    for shape, by_row in shapes:
        count = shape[not by_row] if len(shape) > 1 else shape[0]
        numbers = np.frombuffer(data, "<f4", count, at).astype(np.float32)
        at += 4 * count
        if len(shape) > 1:
            steps = np.frombuffer(data, "<i1", shape[0] * shape[1], at).reshape(shape).astype(np.float32)
            at += shape[0] * shape[1]
            numbers = steps * _spread(numbers, by_row)
        arrays.append(numbers)
    return ShippedEncoder(encoder_of(vocabulary, arrays, sizes.layers), digest)


def _bytes(shape: tuple[int, ...], by_row: bool) -> int:
    """How many bytes an array of this shape has in the file."""
    return 4 * shape[0] if len(shape) == 1 else shape[0] * shape[1] + 4 * shape[not by_row]


def _spread(step: Matrix, by_row: bool) -> Matrix:
    return step[:, None] if by_row else step[None, :]


@cache
def shipped_encoder() -> ShippedEncoder:
    """The encoder that comes with the package."""
    return unpack(files("mlguide_site.recovery").joinpath("data", NAME).read_bytes())
