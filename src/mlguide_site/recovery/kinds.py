"""Kinds of segments, and what recovery finds: plain records that need no numpy."""

from dataclasses import dataclass
from typing import NamedTuple

HEADING, LABEL, PARAGRAPH, ITEM, BODY, MORE = range(6)
KINDS = ("heading", "label", "paragraph", "item", "body", "more")
"""Kinds of segments: `body` is the text behind a label, `more` another sentence of whatever text came before."""
COUNT = len(KINDS)


@dataclass(frozen=True, slots=True)
class Found:
    """A segment: tokens `start` to `end` (exclusive), kind (see `KINDS`), how probable it is."""

    start: int
    end: int
    kind: int
    sure: float


class Unsure(NamedTuple):
    """A place of which the model isn't sure.

    `offset` counts characters of the text; `taken` and `instead` say what the place was taken for and what it may be:
    `heading`, `label`, `item`, `paragraph`, or `text` that goes on; the confidence is that of what it was taken for,
    from 0 to 1.
    """

    offset: int
    taken: str
    instead: str
    confidence: float
