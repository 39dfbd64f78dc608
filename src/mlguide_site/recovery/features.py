"""Features of the pairs of a lattice: for each possible segment a row of bucket numbers, hashed into `BUCKETS`.

What a feature says of a segment, a model weighs for each kind of segment; bucket 0 says nothing and weighs nothing.
"""

from itertools import chain

import numpy as np
from numpy.typing import NDArray

from mlguide_site.recovery.attributes import Attributes, Ints, column
from mlguide_site.recovery.lattice import Lattice
from mlguide_site.recovery.phrasing import again, habitual, parts
from mlguide_site.recovery.view import LENGTHS, View, few

BUCKETS = 1 << 16
BAG = 8
"""How many words of a short segment count one by one."""
WORDLY = 19 + 2 * BAG
"""How many of a row's last columns are about single words; the others are about shapes."""
ECHO = 16
"""How many tokens behind a segment are looked at for its words."""
_MIX = np.uint64(0x9E3779B97F4A7C15)


def _bucket(template: int, *parts: Ints) -> NDArray[np.uint16]:
    """Bucket numbers of a feature: a mixture of its template's number and its values."""
    mixed = np.full(parts[0].shape, template + 1, np.uint64) * _MIX
    for part in parts:
        mixed = (mixed ^ (part.astype(np.uint64) + np.uint64(0x632BE5AB))) * np.uint64(0xD6E8FEB86659FD93)
        mixed ^= mixed >> np.uint64(32)
    return (mixed % np.uint64(BUCKETS - 1) + np.uint64(1)).astype(np.uint16)


def features(attributes: Attributes, lattice: Lattice) -> NDArray[np.uint16]:
    """Bucket numbers, one row for each pair of the lattice."""
    view = _View(attributes, lattice)
    columns: list[NDArray[np.uint16]] = []
    groups = (view.segment(), view.around(), view.text(), parts(view), again(view), habitual(view), view.edges())
    for number, values in enumerate(chain.from_iterable(groups)):
        columns.append(_bucket(number, *values))
    number = len(columns)
    for place, (values, valid) in enumerate(view.words()):
        columns.append(np.where(valid, _bucket(number + place % 2, *values), 0).astype(np.uint16))
    return np.stack(columns, axis=1)


class _View(View):
    """The features of the pairs, by what they are about."""

    def segment(self) -> list[tuple[Ints, ...]]:
        """What the segment is like as a whole."""
        inner, look = self.inner, self.look
        colons = inner["colon"] - (column(self.attributes, "colon")[self.last] > 0)
        closed = np.clip(inner["open"], -1, 1) + 1
        inner_plurals = few(self.sum("plurals", self.start, np.maximum(self.last, self.start)), 2)
        doubled, soon = self._doubled()
        joined = few(inner["repeated"] - (self.attributes.repeated[self.start] > 0), 3)
        return [
            (self.bin,),
            (self.case, self.begins, self.ends),
            (self.case, self.bin, self.ends),
            (self.last_end, self.bin, self.begins),
            (few(colons, 2), self.last_end, few(inner["comma"], 3)),
            (closed, self.last_end),
            (few(inner["digit"], 2), look["start"][self.start], self.bin),
            (few(inner["special"], 2), self.bin),
            (joined, self.bin),
            (few(self.glue, 2), self.ends),
            (few(inner["upper"], 6), self.bin),
            (look["shape"][self.start], self.bin),
            (inner_plurals, self.bin, self.case),
            (doubled, self.bin, self.case),
            (doubled, inner_plurals, self.begins, self.ends),
            (soon, self.begins, look["kind"][self.start]),
            (self.attributes.mark[self.start], self.attributes.hard[self.start].astype(np.int64)),
        ]

    def edges(self) -> list[tuple[Ints, ...]]:
        """Its first and last words, and those before and behind it."""
        look, end = self.look, self.end
        first, last, before = self.start, self.last, self.before
        second = np.minimum(first + 1, self.attributes.size)
        ahead = np.minimum(end + 1, self.attributes.size)
        inner_last = np.where(self.length > 1, last - 1, self.attributes.size)
        small = column(self.attributes, "small")
        return [
            (look["word"][first], self.begins),
            (look["word"][first], look["word"][second]),
            (look["word"][last], self.last_end),
            (look["word"][last], look["word"][inner_last]),
            (look["suffix"][last], self.last_end, self.ends),
            (look["suffix"][first], self.begins),
            (look["suffix"][last], look["suffix"][inner_last]),
            (look["word"][before],),
            (look["word"][end], self.ends),
            (look["word"][end], look["word"][ahead], self.ends),
            (look["word"][last], look["word"][end], self.ends),
            (look["word"][before], look["word"][first], self.begins),
            (look["suffix"][last], look["suffix"][end], self.ends),
            (look["kind"][first], self.begins, look["end"][before]),
            (look["kind"][first], look["kind"][second], self.begins),
            (look["kind"][last], self.ends, small[last]),
            (look["kind"][end], self.ends, small[end], look["start"][end]),
            (look["shape"][last], look["shape"][end], self.ends),
            (look["shape"][before], look["shape"][first], self.begins),
        ]

    def around(self) -> list[tuple[Ints, ...]]:
        """What follows and comes before, and whether it belongs to it."""
        known, look, have = self.attributes, self.look, self.attributes
        start, end, size = self.start, self.end, have.size
        run = few(known.run[end], 5)
        lower = known.lower[end]
        ahead = np.minimum(end + 1, size)
        label = few(known.colon[end], 9)
        mine = few(known.colon[start], 12)
        rest = LENGTHS[few(known.rest[end], len(LENGTHS) - 1)]
        usual = np.clip(label - known.usual, -4, 6) + 4
        length_usual = np.clip(self.length - known.usual, -4, 6) + 4
        sibling = np.clip(self.length - known.next_label[start], -5, 7) + 5
        after = np.clip(known.colon[end] - known.next_label[end], -5, 7) + 5
        no_next = (known.next_label[start] == 0).astype(np.int64)
        across = known.repeated[end] * (1 - self.ends)
        entering = known.repeated[start] * (self.begins == 0)
        echo, first_echo = self._echo()
        many = np.full(len(start), int(known.labels * 8))
        heads_next = (known.last_same[end] >= start).astype(np.int64)
        second_next = (known.last_same[ahead] >= start).astype(np.int64)
        ends_glued = known.glued[end] * (1 - self.ends)
        seams = np.full(len(start), known.seams)
        small_before = (look["start"][self.last] == 5).astype(np.int64)
        capital_ahead = (look["start"][end] == 3).astype(np.int64)
        return [
            (seams, self.case, self.begins, self.ends),
            (seams, self.case, self.bin, look["kind"][end], capital_ahead),
            (seams, small_before, look["kind"][end], look["kind"][ahead], capital_ahead * (1 - self.ends)),
            (run, self.ends, self.case),
            (run, look["word"][np.minimum(lower, size)], self.ends),
            (run, look["kind"][np.minimum(lower, size)], look["kind"][end], self.ends),
            (run, look["suffix"][np.minimum(lower, size)], self.ends),
            (label, self.ends, self.case),
            (label, self.bin, self.ends),
            (rest, self.ends, self.case),
            (usual, (label > 0).astype(np.int64), self.ends),
            (length_usual, mine, (self.last_end == 2).astype(np.int64)),
            (sibling, no_next, self.begins, (self.last_end == 2).astype(np.int64)),
            (after, (label > 0).astype(np.int64), self.ends, (known.next_label[end] == 0).astype(np.int64)),
            (across, entering, self.case),
            (across, look["kind"][end]),
            (echo, self.bin),
            (echo, first_echo, self.ends),
            (heads_next, second_next, self.ends, self.case),
            (known.known[end], known.known[ahead], self.ends, run),
            (known.known[self.last], known.known[end], self.ends),
            (ends_glued, known.glued[start] * (self.begins == 0)),
            (many, self.begins, self.ends),
            (many, self.case, self.bin),
            (many, look["kind"][start]),
        ]

    def _doubled(self) -> tuple[Ints, Ints]:
        """How many of its first words a segment says twice near its beginning; how soon the very first comes again."""
        following, content = self.attributes.next_same, column(self.attributes, "content")
        stop = np.minimum(self.end, self.start + 11)
        doubled = np.zeros(len(self.start), np.int64)
        for place in range(7):
            at = np.minimum(self.start + place, self.attributes.size)
            doubled += (at < self.end) & (following[at] < stop) & (content[at] > 0)
        soon = np.where(content[self.start] > 0, few(following[self.start] - self.start, 9), 10)
        return few(doubled, 3), soon

    def _echo(self) -> tuple[Ints, Ints]:
        """How many content words of a short segment come again right behind it; whether the first word does."""
        following, content = self.attributes.next_same, column(self.attributes, "content")
        echo, first = np.zeros(len(self.start), np.int64), np.zeros(len(self.start), np.int64)
        for place in range(10):
            at = np.minimum(self.start + place, self.attributes.size)
            again = (at < self.end) & (following[at] >= self.end) & (following[at] < self.end + ECHO)
            again &= content[at] > 0
            echo += again
            if place == 0:
                first = again.astype(np.int64)
        return np.where(self.short, few(echo, 3), 4), first

    def text(self) -> list[tuple[Ints, ...]]:
        """What tells items, paragraphs and sentences that go on from each other."""
        look, known = self.look, self.attributes
        before_kind = look["kind"][self.before]
        place = few(self.start * 8 // max(1, known.size), 7)
        early = few(self.start, 40) // 8
        return [
            (look["kind"][self.start], self.case, self.bin),
            (look["suffix"][self.start], self.last_end),
            (early, self.begins, self.case),
            (place, self.bin),
            (before_kind, look["end"][self.before], self.case),
            (self.last_end, self.case, few(known.rest[self.end], 30) // 6),
            ((known.next_same[self.start] - self.start < 30).astype(np.int64), look["kind"][self.start], self.begins),
        ]

    def words(self) -> list[tuple[tuple[Ints, ...], NDArray[np.bool_]]]:
        """The words of a short segment, and the pairs in it, one by one."""
        look, size = self.look, self.attributes.size
        result: list[tuple[tuple[Ints, ...], NDArray[np.bool_]]] = []
        for place in range(BAG):
            at = np.minimum(self.start + place, size)
            following = np.minimum(at + 1, size)
            upper = column(self.attributes, "upper")[at]
            result.append(((look["stem"][at], upper), self.short & (place < self.length)))
            result.append(((look["stem"][at], look["stem"][following]), self.short & (place + 1 < self.length)))
        return result
