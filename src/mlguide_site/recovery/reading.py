"""What the encoder tells of the segments that a text may have."""

from collections.abc import Callable, Sequence
from functools import lru_cache

import numpy as np

from mlguide_site.recovery.chain import Floats
from mlguide_site.recovery.encoder import Matrix
from mlguide_site.recovery.encoder_data import shipped_encoder
from mlguide_site.recovery.lattice import COUNT, MORE, Lattice
from mlguide_site.recovery.pieces import pieces_of
from mlguide_site.recovery.words import Token, tokenize

STRENGTH = 0.5
"""How much the encoder's odds count beside the weights of features: both say much of the same."""

Read = Callable[[Sequence[Token]], Matrix]
"""What `Encoder.read` does."""


def read_words(tokens: Sequence[Token]) -> Matrix:
    """What the shipped encoder reads in a text."""
    return _read(tuple(tokens))


def count_pieces(text: str) -> int:
    """How many pieces the encoder reads of a text, which is what its time grows with."""
    return len(pieces_of(tokenize(text), shipped_encoder().encoder.vocabulary).numbers)


# sources given together are read twice, the second time mostly with the same notes
@lru_cache(maxsize=400)
def _read(tokens: tuple[Token, ...]) -> Matrix:
    return shipped_encoder().encoder.read(tokens)


def told_of(tokens: Sequence[Token], lattice: Lattice, read: Read) -> Floats:
    """What is added to the scores of the lattice's pairs, a column for each kind: for what begins at the first place of
    a pair, how much likelier that is there than that nothing begins."""
    found = read(tokens)[lattice.places[lattice.first]].astype(np.float64)
    told = np.zeros((len(found), COUNT))
    told[:, :MORE] = STRENGTH * (found[:, 1:] - found[:, :1])
    return told
