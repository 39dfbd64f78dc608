"""Recovery of structure in flattened notes: notes that lost their line breaks (see `recovery.recover`)."""

from dataclasses import dataclass
from typing import NamedTuple


class UncertainPlace(NamedTuple):
    """A place in a body where the kind of block is uncertain. `line` counts from 0, `column` from 1. `taken` is the
    chosen kind (see `recovery.Unsure`), `sure` is its probability in percent, and `instead` is the second choice."""

    line: int
    column: int
    taken: str
    instead: str
    sure: int


@dataclass(frozen=True, slots=True)
class Recovery:
    """How a body was recovered from flattened notes: their digest, and the version of the model ("" if not used)."""

    text: str
    model: str
    uncertain: tuple[UncertainPlace, ...] = ()
