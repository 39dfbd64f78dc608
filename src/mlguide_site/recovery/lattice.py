"""The ways in which a text may be cut: places where a segment may begin, and pairs of places that may bound one."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mlguide_site.recovery.attributes import SUMS, Attributes, Ints, column
from mlguide_site.recovery.kinds import BODY, COUNT, HEADING, ITEM, LABEL, MORE, PARAGRAPH

KIND_OF = (HEADING, LABEL, PARAGRAPH, ITEM, BODY, MORE, MORE, MORE)
"""The kind of each state of the chain: of another sentence it knows what text came before, for a list goes on behind
it as a list, and a paragraph doesn't."""
STATES = len(KIND_OF)
GOES_ON = {PARAGRAPH: 5, ITEM: 6, BODY: 7}
"""The states of sentences that go on with a paragraph, an item, the text behind a label."""
REACH = 12
"""How many places a segment may pass over."""
MAX_HEADING = 16
MAX_LABEL = 16
BOUNDARIES = 24
NEVER = -1e9
START = STATES
"""The state that stands before the first segment."""


@dataclass(frozen=True, slots=True)
class Lattice:
    """Places (token indices, the last one behind the text) and pairs of them, sorted by their second place.

    `first`, `second`: for each pair the index of its places; `allowed`: whether a pair may be a segment of each kind;
    `boundary`: for each place, a number below `BOUNDARIES` for the punctuation before it and the letter behind it.
    """

    places: Ints
    first: Ints
    second: Ints
    allowed: NDArray[np.bool_]
    boundary: Ints


def build(attributes: Attributes, extra: Sequence[int] = ()) -> Lattice:
    """The lattice of a text; `extra` places are added, such as those where an example's segments begin."""
    size = attributes.size
    places = _places(attributes, extra)
    count = len(places)
    begins = attributes.begins[places]
    # a segment holds no beginning of a sentence but its own
    first_of = np.zeros(count, np.int64)
    last = 0
    for at in range(1, count):
        first_of[at] = max(last, at - REACH)
        if begins[at]:
            last = at
    lengths = np.arange(count) - first_of
    lengths[0] = 0
    second = np.repeat(np.arange(count), lengths)
    offset = np.arange(len(second)) - np.repeat(np.cumsum(lengths) - lengths, lengths)
    first = first_of[second] + offset
    allowed = _allowed(attributes, places, first, second)
    return Lattice(places, first, second, allowed, _boundary(attributes, places, size))


def _places(attributes: Attributes, extra: Sequence[int]) -> Ints:
    size = attributes.size
    start = column(attributes, "start")[:size]
    before = np.concatenate([[0], column(attributes, "end")[: max(size - 1, 0)]])[:size]
    colon = attributes.colon[:size]
    special = column(attributes, "special")[:size] > 0
    ok = attributes.begins[:size] | (start == 3) | (start == 4) | (start == 2) | special
    ok |= np.concatenate([[False], column(attributes, "colon")[: max(size - 1, 0)] > 0])[:size]
    # a label may be written small, and so may the first word of one behind a heading
    ok |= (start == 5) & (colon > 0) & (colon <= 2)
    # nothing begins with a closing sign, in brackets, or behind a comma in small letters
    ok &= ((start != 1) & (start != 6)) | attributes.begins[:size]
    ok &= (attributes.depth[:size] <= 0) | attributes.begins[:size] | (attributes.depth[:size] > 3)
    ok &= ~((before == 3) & (start == 5)) | attributes.begins[:size]
    if len(extra):
        ok[[at for at in extra if at < size]] = True
    if size:
        ok[0] = True
    places = np.flatnonzero(ok)
    return np.concatenate([places, [size]]).astype(np.int64)


def _allowed(attributes: Attributes, places: Ints, first: Ints, second: Ints) -> NDArray[np.bool_]:
    start, end = places[first], places[second]
    length = end - start
    allowed = np.ones((len(first), COUNT), np.bool_)
    ends_colon = column(attributes, "colon")[end - 1] > 0
    opener = column(attributes, "start")[start] == 1
    allowed[:, LABEL] &= ends_colon & (length <= MAX_LABEL) & ~opener
    allowed[:, HEADING] &= (length <= MAX_HEADING) & ~opener
    allowed[:, ITEM] &= ~opener
    # titles close what they open, and end with a word that can end one
    sums = attributes.sums
    opened, quotes = SUMS.index("open"), SUMS.index("quotes")
    whole = (sums[end, opened] == sums[start, opened]) & ((sums[end, quotes] - sums[start, quotes]) % 2 == 0)
    whole &= column(attributes, "hanging")[end - 1] == 0
    allowed[:, HEADING] &= whole
    allowed[:, LABEL] &= whole
    mark = attributes.mark[start]
    hard = attributes.hard[start] | (start == 0)
    allowed[:, MORE] &= ~hard & (mark == 0)
    allowed[:, BODY] &= mark == 0
    for kind in (PARAGRAPH, ITEM):
        allowed[:, kind] &= mark != 1
    allowed[:, PARAGRAPH] &= mark != 2
    allowed[:, HEADING] &= mark != 2
    # a heading mark before words that can't be a heading marks nothing
    impossible = (mark == 1) & ~allowed[:, HEADING] & ~allowed[:, LABEL]
    allowed[impossible, PARAGRAPH] = True
    return allowed


def _boundary(attributes: Attributes, places: Ints, size: int) -> Ints:
    before = np.maximum(places - 1, 0)
    colon = column(attributes, "colon")[before] > 0
    ends = np.select(
        [places == 0, attributes.hard[places] | (attributes.mark[places] > 0), colon, attributes.begins[places]],
        [3, 4, 2, 1],
        0,
    )
    starts = column(attributes, "start")[places]
    shown = np.select([starts == 3, starts == 5, places == size], [0, 1, 3], 2)
    numbers: Ints = np.minimum(ends * 4 + shown, BOUNDARIES - 1).astype(np.int64)
    return numbers


def transitions() -> NDArray[np.float64]:
    """Zero where a state (column) may follow another (row, the last one is the beginning of the text), else `NEVER`."""
    table = np.full((STATES + 1, STATES), NEVER)
    table[HEADING, [HEADING, LABEL, PARAGRAPH, ITEM]] = 0
    table[LABEL, [LABEL, ITEM, BODY]] = 0
    for kind, more in GOES_ON.items():
        for state in (kind, more):
            table[state, [HEADING, LABEL, PARAGRAPH, ITEM, more]] = 0
    table[START, [HEADING, LABEL, PARAGRAPH, ITEM]] = 0
    return table


def states_of(kinds: Sequence[int]) -> list[int]:
    """The states that segments of these kinds, which stand behind each other, go through.

    >>> states_of([HEADING, ITEM, MORE, MORE, PARAGRAPH, MORE])
    [0, 3, 6, 6, 2, 5]
    """
    states: list[int] = []
    more = GOES_ON[PARAGRAPH]
    for kind in kinds:
        more = GOES_ON.get(kind, more)
        states.append(more if kind == MORE else kind)
    return states
