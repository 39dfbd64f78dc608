"""Structure of flattened notes: see `recovery.recover`."""

from dataclasses import dataclass
from typing import NamedTuple


class UncertainPlace(NamedTuple):
    """A place in a body whose structure is uncertain: its line from 0, its column from 1, what it was read as and what
    else it may be (`heading`, `label`, `item`, `paragraph`, or `text` that goes on), and the certainty in per cent."""

    line: int
    column: int
    taken: str
    instead: str
    sure: int


@dataclass(frozen=True, slots=True)
class Recovery:
    """How a body was made from flat notes: the digest of these, the version of the model ("" if it was not used), and
    the uncertain places."""

    text: str
    model: str
    uncertain: tuple[UncertainPlace, ...] = ()
