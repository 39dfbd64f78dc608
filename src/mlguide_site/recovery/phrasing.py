"""Features about phrases: what parts of a sentence words can be, and whether the same words stand elsewhere."""

import numpy as np
from numpy.typing import NDArray

from mlguide_site.recovery.attributes import SPAN_BASE, STOPPED, Ints
from mlguide_site.recovery.view import LENGTHS, View, few


def parts(view: View) -> list[tuple[Ints, ...]]:
    """What parts of a sentence its words can be, and where the verb stands behind it."""
    known, size = view.attributes, view.attributes.size
    part = view.look["part"]
    first, last, end = view.start, view.last, view.end
    second = np.minimum(first + 1, size)
    ahead = np.minimum(end + 1, size)
    inner_last = np.where(view.length > 1, last - 1, size)
    lower = np.minimum(known.lower[end], size)
    near = np.minimum(lower + 1, size)
    run = few(known.run[end], 5)
    verb = few(known.verb[end], 9)
    mine = few(known.verb[first], 12)
    inner = few(view.inner["finite"], 2)
    rest = LENGTHS[few(known.rest[end], len(LENGTHS) - 1)]
    return [
        (inner, view.bin, view.ends),
        (inner, view.case, view.last_end),
        (mine, view.begins, view.bin),
        (verb, view.ends, run),
        (verb, view.ends, rest),
        (part[first], view.begins, view.ends),
        (part[first], part[second], view.begins),
        (part[last], part[end], view.ends),
        (part[end], part[ahead], view.ends),
        (part[last], view.last_end, view.ends),
        (part[inner_last], part[last], part[end], view.ends),
        (part[lower], run, view.ends),
        (part[lower], part[near], run, view.ends),
        (part[first], part[last], view.bin),
    ]


def habitual(view: View) -> list[tuple[Ints, ...]]:
    """Whether its words, and those at its borders, belong together, and are at home where they stand."""
    known, size = view.attributes, view.attributes.size
    first, last, end, ends = view.start, view.last, view.end, view.ends
    ahead = np.minimum(end + 1, size)
    inside = np.minimum(first + 1, end)
    is_one = view.length == 1
    across = known.bound[end] * (1 - ends)
    entering = known.bound[first] * (view.begins == 0)
    following = known.bound[ahead]
    at_end = np.where(is_one, STOPPED + 1, known.bound[last])
    at_start = np.where(is_one, STOPPED + 1, known.bound[np.minimum(first + 1, size)])
    weak, strong = few(view.sum("weak", inside, end), 3), few(view.sum("strong", inside, end), 3)
    heads, tails, alone, openings, closings = known.places.T
    by_itself = alone[first] * is_one + 6 * ~is_one
    run = few(known.run[end], 5)
    return [
        (across, ends, view.case),
        (across, following, ends),
        (across, at_end, ends),
        (across, at_end, following, ends),
        (across, run, ends),
        (entering, view.begins, view.case),
        (entering, at_start, view.begins),
        (entering, across, view.begins, ends),
        (weak, view.bin, ends),
        (weak, strong, view.case, view.last_end),
        (weak, strong, view.bin),
        (heads[first], view.begins, view.bin),
        (tails[last], view.last_end, ends, view.bin),
        (heads[first], tails[last], view.case),
        (by_itself, view.begins, ends),
        (by_itself, view.look["kind"][end], ends),
        (openings[end], across, ends),
        (openings[first], entering, view.begins),
        (openings[end], openings[ahead], run, ends),
        (closings[last], across, ends, view.case),
        (closings[last], openings[end], ends),
        (tails[last], openings[end], across, ends),
        (heads[end], ends, view.case),
    ]


def again(view: View) -> list[tuple[Ints, ...]]:
    """Whether the same words stand elsewhere in the text, also behind other words or before others."""
    known = view.attributes
    sums = known.spans
    powers = np.full(33, SPAN_BASE, np.uint64)
    powers[0] = 1
    np.multiply.accumulate(powers, out=powers)
    length = np.minimum(view.length, 32)
    number = sums[view.end] - sums[view.start] * powers[length]
    number = np.where(view.short, number, np.uint64(0))
    stem = view.look["stem"].astype(np.uint64)
    mixed = number * np.uint64(0xD6E8FEB86659FD93)
    same = _counts(number) * view.short
    begun = _counts(np.where(view.begins > 0, mixed, np.arange(len(mixed), dtype=np.uint64))) * view.short
    before = _counts(mixed ^ stem[view.before] * np.uint64(3)) * view.short
    after = _counts(mixed ^ stem[view.end] * np.uint64(5)) * view.short
    alike, apart = few(same - 1, 3), few(same - after, 2)
    return [
        (alike, few(begun - 1, 2), view.begins, view.last_end),
        (alike, apart, few(same - before, 2), view.case),
        (few(begun - 1, 2), apart, view.begins, view.bin),
    ]


def _counts(numbers: NDArray[np.uint64]) -> Ints:
    """How often each number is among them."""
    _, inverse, counts = np.unique(numbers, return_inverse=True, return_counts=True)
    result: Ints = counts[inverse]
    return result
