"""Which of the names found in a text count, where they overlap."""

from collections.abc import Sequence
from typing import NamedTuple

from mlguide_site.linking.names.judge import Verdict
from mlguide_site.linking.names.patterns import ORDER, EntryKey, Form
from mlguide_site.linking.names.sites import Subject


class Found(NamedTuple):
    """A place where entries are named: first character, last character + 1, and the entries in order of precedence."""

    start: int
    end: int
    entries: tuple[EntryKey, ...]


class Weighed(NamedTuple):
    """A doubtful name and the verdict on it; `taken` is whether it counts."""

    start: int
    end: int
    entry: EntryKey
    subject: Subject
    verdict: Verdict
    taken: bool


def settle(sure: Sequence[Found], weighed: Sequence[Weighed], small: Sequence[Found] = ()) -> list[Found]:
    """What counts of the names beyond doubt and of those that were judged, none overlapping. A name in `small` counts
    in place of one judged that is a part of it."""
    result = list(sure)
    for one in _best(weighed):
        whole = [other for other in small if other.start <= one.start and one.end <= other.end]
        longest = max(whole, key=lambda other: (other.end - other.start, -other.start), default=None)
        result.append(longest or Found(one.start, one.end, (one.entry,)))
    return leftmost_longest(result)


def outside(doubted: Sequence[tuple[int, int, Form]], sure: Sequence[Found]) -> list[tuple[int, int, Form]]:
    """Doubtful places that do not lie within one beyond doubt, one for each entry."""
    result: list[tuple[int, int, Form]] = []
    at = 0
    for start, end, form in doubted:
        while at < len(sure) and sure[at].end <= start:
            at += 1
        if at < len(sure) and sure[at].start <= start and end <= sure[at].end:
            continue
        if not any(one[:2] == (start, end) and one[2].entry == form.entry for one in result[-4:]):
            result.append((start, end, form))
    return result


def _best(weighed: Sequence[Weighed]) -> list[Weighed]:
    """Of the names taken on the very same words the one with the best verdict."""
    best: dict[tuple[int, int], Weighed] = {}
    for one in weighed:
        if one.taken:
            other = best.get((one.start, one.end))
            if other is None or one.verdict.second > other.verdict.second:
                best[one.start, one.end] = one
    return list(best.values())


def leftmost_longest(places: Sequence[Found]) -> list[Found]:
    """Of overlapping places the leftmost, of those that begin together the longest; entries of equal places joined."""
    result: list[Found] = []
    until = 0
    for start, end, entries in sorted(places, key=lambda one: (one.start, -one.end, one.entries)):
        if start >= until:
            until = end
            result.append(Found(start, until, entries))
        elif result and result[-1].start == start and result[-1].end == end and entries != result[-1].entries:
            both = sorted({*result[-1].entries, *entries}, key=lambda entry: (ORDER[entry[0]], entry[1]))
            result[-1] = Found(start, until, tuple(both))
    return result
