"""The shipped weights: their size and their file."""

import numpy as np
import pytest

from mlguide_site.recovery.data import pack, shipped, unpack


def test_packing_twice_changes_nothing() -> None:
    packed = pack(shipped().model, shipped().digest)
    assert len(packed) <= 400_000
    again = unpack(packed)
    assert np.allclose(again.model.weights, shipped().model.weights, atol=1e-6)
    assert again.digest == shipped().digest
    assert pack(again.model, again.digest) == packed


@pytest.mark.parametrize("data", [b"", b"MLGSTRC1", b"x" * 200_000, pack(shipped().model, bytes(32))[:-1]])
def test_other_files_are_refused(data: bytes) -> None:
    with pytest.raises(ValueError, match="not a file of weights"):
        unpack(data)
