"""The weights that are shipped: a file of whole numbers, with the digest of what they were learnt from.

The file: the eight bytes `MLGSTRC2`, 32 bytes of digest, three 32-bit counts (buckets, kinds, boundaries; all is
little-endian), two 32-bit floats (what one step of a weight and of a change is worth), the weights as signed bytes,
bucket by bucket, and the changes as signed 16-bit numbers.
"""

import struct
from functools import cache
from importlib.resources import files
from typing import NamedTuple

import numpy as np

from mlguide_site.recovery.features import BUCKETS
from mlguide_site.recovery.kinds import COUNT
from mlguide_site.recovery.lattice import BOUNDARIES, STATES
from mlguide_site.recovery.model import Model

NAME = "weights.bin"
_MAGIC = b"MLGSTRC2"
_HEADER = struct.Struct("<8s32sIIIff")


class Shipped(NamedTuple):
    """A model and the SHA-256 digest of the material and code that it was learnt with."""

    model: Model
    digest: bytes


def pack(model: Model, digest: bytes) -> bytes:
    """The file of a model; weights are rounded to 127 steps, changes of kind to 32,767."""
    step = float(np.abs(model.weights).max()) / 127 or 1.0
    change = float(np.abs(model.changes).max()) / 32767 or 1.0
    header = _HEADER.pack(_MAGIC, digest, BUCKETS, COUNT, BOUNDARIES, step, change)
    weights = np.rint(model.weights / np.float32(step)).astype("<i1")
    changes = np.rint(model.changes / change).astype("<i2")
    return bytes(header + weights.tobytes() + changes.tobytes())


def unpack(data: bytes) -> Shipped:
    """The model in a file; ValueError where it isn't one, or was made for other features."""
    if len(data) < _HEADER.size:
        raise ValueError("not a file of weights")
    magic, digest, buckets, kinds, boundaries, step, change = _HEADER.unpack_from(data)
    size = buckets * kinds
    wanted = _HEADER.size + size + 2 * boundaries * (STATES + 1) * STATES
    if magic != _MAGIC or (buckets, kinds, boundaries) != (BUCKETS, COUNT, BOUNDARIES) or len(data) != wanted:
        raise ValueError("not a file of weights for these features")
    weights = np.frombuffer(data, "<i1", size, _HEADER.size).reshape(buckets, kinds).astype(np.float32)
    changes = np.frombuffer(data, "<i2", -1, _HEADER.size + size).reshape(boundaries, STATES + 1, STATES)
    return Shipped(Model(weights * np.float32(step), changes.astype(np.float64) * change), digest)


@cache
def shipped() -> Shipped:
    """The model that comes with the package."""
    return unpack(files("mlguide_site.recovery").joinpath("data", NAME).read_bytes())
