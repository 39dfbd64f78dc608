"""Where an episode stands among the others, and whether the order of a run of texts speaks for it. Pure.

Texts of a run are of episodes that followed one another, so that those beside a text that is known tell about it.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import NamedTuple

NEAR = 4
"""How many places away a known text may stand to tell anything."""
AGREEING = 0.8
"""Which share of the known texts must stand in order for the order to count."""
NEWEST_FIRST, OLDEST_FIRST, NO_ORDER = 1, -1, 0


class Spot(NamedTuple):
    """What tells when an episode came: its series, season and number there, and its day, as far as they are known."""

    series: str
    season: int | None
    number: int | None
    day: date | None


class Side(NamedTuple):
    """What the nearest known text on one side says of an episode: whether the count of texts between the two is
    possible; whether an episode that the root lacks, and whether one of the same day, may stand between them."""

    fits: bool
    missing: bool
    tied: bool

    @property
    def exact(self) -> bool:
        return self.fits and not self.missing and not self.tied


def read_day(text: str) -> date | None:
    """The day of a date as front matter writes it.

    >>> read_day("2024-05-02T10:00:00Z"), read_day("soon")
    (datetime.date(2024, 5, 2), None)
    """
    try:
        return date.fromisoformat(text[:10])
    except ValueError:
        return None


def later(one: Spot, other: Spot) -> int:
    """1 where an episode came after another, -1 where it came before, 0 where nothing tells.

    >>> spots = [Spot("a", None, 3, None), Spot("a", None, 2, None), Spot("b", None, 2, None)]
    >>> later(spots[0], spots[1]), later(spots[0], spots[2])
    (1, 0)
    """
    if one.series == other.series and one.season == other.season and None not in (one.number, other.number):
        return _sign(one.number or 0, other.number or 0)
    if one.day is None or other.day is None:
        return 0
    return _sign(one.day.toordinal(), other.day.toordinal())


def _sign(one: int, other: int) -> int:
    return (one > other) - (one < other)


def ordered(anchors: Mapping[int, str], spots: Mapping[str, Spot]) -> tuple[int, frozenset[int]]:
    """In which order a run stands, by the texts of it whose episodes are known, and the places that contradict it.

    >>> spots = {str(n): Spot("a", None, n, None) for n in range(9)}
    >>> ordered({1: "8", 2: "7", 3: "2", 4: "5", 5: "4", 6: "3"}, spots)
    (1, frozenset({3}))
    """
    places = sorted(anchors)
    if len(places) < 2:
        return NEWEST_FIRST, frozenset()
    chains = {way: _chain(places, anchors, spots, way) for way in (NEWEST_FIRST, OLDEST_FIRST)}
    way = NEWEST_FIRST if len(chains[NEWEST_FIRST]) >= len(chains[OLDEST_FIRST]) else OLDEST_FIRST
    if len(chains[way]) < AGREEING * len(places):
        return NO_ORDER, frozenset()
    return way, frozenset(places) - chains[way]


def _chain(places: Sequence[int], anchors: Mapping[int, str], spots: Mapping[str, Spot], way: int) -> frozenset[int]:
    """The most places whose episodes stand in order."""
    sizes: list[tuple[int, int]] = []
    for at, place in enumerate(places):
        best = max(
            (
                (sizes[earlier][0] + 1, -earlier)
                for earlier in range(at)
                if later(spots[anchors[places[earlier]]], spots[anchors[place]]) in (way, 0)
                and anchors[places[earlier]] != anchors[place]
            ),
            default=(1, 1),
        )
        sizes.append(best)
    found: set[int] = set()
    at = max(range(len(places)), key=lambda number: (sizes[number][0], -number))
    while at >= 0:
        found.add(places[at])
        at = -sizes[at][1]
    return frozenset(found)


@dataclass(frozen=True, slots=True)
class Order:
    """The order of a run: its way, the episodes of its known texts by place, and the spots of all episodes."""

    way: int
    anchors: Mapping[int, str]
    spots: Mapping[str, Spot]

    def sides(self, place: int, id: str) -> tuple[Side, ...] | None:
        """What the nearest known texts before and behind a place say of an episode; None where one contradicts it."""
        if self.way == NO_ORDER:
            return ()
        found = []
        for anchor in self._nearest(place):
            known, way = self.anchors[anchor], self.way if anchor < place else -self.way
            if known == id or later(self.spots[known], self.spots[id]) == -way:
                return None
            side = self._side(abs(place - anchor) - 1, known, id)
            if side is None:
                return None
            if abs(place - anchor) <= NEAR:
                found.append(side)
        return tuple(found)

    def _nearest(self, place: int) -> Iterator[int]:
        before = [anchor for anchor in self.anchors if anchor < place]
        behind = [anchor for anchor in self.anchors if anchor > place]
        yield from [max(before)] if before else []
        yield from [min(behind)] if behind else []

    def _side(self, count: int, one: str, other: str) -> Side | None:
        """What a count of texts between two episodes says; None where the root has more that came between them."""
        first, last = self.spots[one], self.spots[other]
        if later(first, last) > 0:
            first, last = last, first
        series = {first.series, last.series, *(self.spots[id].series for id in self.anchors.values())}
        fewest = tied = 0
        numbered: dict[tuple[str, int | None], list[Spot]] = {}
        for id, spot in self.spots.items():
            if spot.series not in series:
                continue
            if spot.number is not None:
                numbered.setdefault((spot.series, spot.season), []).append(spot)
            if id in (one, other):
                continue
            after, before = later(spot, first), later(spot, last)
            fewest += after > 0 and before < 0
            tied += after >= 0 and before <= 0 and not (after and before)
        if fewest > count:
            return None
        missing = sum(_lacking(spots, first, last) for spots in numbered.values())
        return Side(count <= fewest + tied + missing, bool(missing), bool(tied))


def _lacking(spots: Sequence[Spot], first: Spot, last: Spot) -> int:
    """How many numbers of a series the root lacks that may have come between two episodes."""
    lacking = 0
    for one, other in pairwise(sorted(spots, key=lambda spot: spot.number or 0)):
        gap = (other.number or 0) - (one.number or 0) - 1
        outside = later(other, first) < 0 or later(one, last) > 0 or other == first or one == last
        lacking += gap if gap > 0 and not outside else 0
    return lacking


_ORDINALS = "one two three four five six seven eight nine ten".split()
_ROMAN = "i ii iii iv v vi vii viii ix x".split()
_PART = re.compile(r"\b(?:part|pt|teil|chapter|volume|vol)\.?\s{1,3}#?([0-9]{1,2}|[a-z]{1,5})\b", re.I)
_LAST = re.compile(r"(?:\s|#|\()([0-9]{1,2}|[IVX]{1,4})\)?\s*$")
MAX_PART = 20


def part_of(title: str, text: str = "") -> int | None:
    """Which part of several a title says that it is, else how its text begins; None where neither says so.

    >>> part_of("Looms II"), part_of("Looms (Part 2)"), part_of("Looms", "Part two of looms"), part_of("Looms in 2024")
    (2, 2, 2, None)
    """
    for found in (_PART.search(title), _LAST.search(title), _PART.search(text)):
        if found and (number := _number(found[1])):
            return number
    return None


def _number(text: str) -> int | None:
    word = text.casefold()
    for names in (_ORDINALS, _ROMAN):
        if word in names:
            return names.index(word) + 1
    return int(word) if word.isascii() and word.isdigit() and 0 < int(word) <= MAX_PART else None
