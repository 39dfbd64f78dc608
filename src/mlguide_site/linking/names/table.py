"""The table of names: every spelling of every knowledge entry's names in one automaton, and what it finds in a text.

A text is searched once, in time linear in its length whatever the number of names: it is folded character by character
(`folding`), the automaton finds every key at the beginning of a word (`ahocorasick_rs`), and each place is then judged
by what stands around it within a fixed reach: its edges (`edges`), the rules of its entry (`rules`), and where the name
has other meanings, the words around (`judge`). Of places that overlap the leftmost counts, of those that begin together
the longest.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256
from typing import NamedTuple

from ahocorasick_rs import AhoCorasick

from mlguide_site.linking.names.changes import key_digests
from mlguide_site.linking.names.doubt import begins_sentence, is_mere_letter, reads_as_name, reads_as_order, shouted
from mlguide_site.linking.names.edges import SAFE, ends_word, starts_word
from mlguide_site.linking.names.folding import BREAK, cased, folded, plain
from mlguide_site.linking.names.judge import Doubt, Judge, Line, Sure
from mlguide_site.linking.names.patterns import (
    ORDER,
    EntryKey,
    Form,
    Named,
    Pattern,
    described,
    looked_through,
    patterns,
)
from mlguide_site.linking.names.rules import Place, allowed
from mlguide_site.linking.names.scores import Weights, digest, weights
from mlguide_site.linking.names.settling import Found, Weighed, leftmost_longest, outside, settle
from mlguide_site.linking.names.sites import Subject
from mlguide_site.linking.names.spelling import in_capitals, keeps_capitals
from mlguide_site.linking.names.subjects import bag, cues, profile, rarity
from mlguide_site.linking.names.words import is_ordinary
from mlguide_site.model import Kind
from mlguide_site.model.catalog import Catalog

EDITION = "6"
"""To be raised with every change of what is found; it is part of a table's fingerprint."""


class Matched(NamedTuple):
    """What the automaton found and the rules allow: places beyond doubt, doubtful ones with their spelling, and
    names of several words that stand in small letters where they should not: such a one counts where a doubtful name
    that is a part of it does."""

    text: str
    sure: list[Found]
    doubted: list[tuple[int, int, Form]]
    small: list[Found]


@dataclass(frozen=True)
class NameTable:
    """The names of a catalog's entries. Two tables with the same `fingerprint` find the same in every text."""

    named: tuple[Named, ...]
    known: Weights | None = None
    """What was learnt; what the package holds where None."""

    @classmethod
    def of(cls, catalog: Catalog) -> "NameTable":
        """The table of every entry of a catalog, whatever the order of its mappings."""
        return cls(tuple(described(catalog, kind, slug) for kind in Kind for slug in sorted(catalog.entries(kind))))

    def __getstate__(self) -> dict[str, object]:
        """What goes to another process: all but the automaton and what was looked up."""
        return {"named": self.named, "known": self.known}

    @cached_property
    def fingerprint(self) -> str:
        """A digest of all that decides what the table finds: 32 hexadecimal digits."""
        said = [
            (kind.value, slug, names, [rule.model_dump(mode="json") for rule in rules], *rest)
            for kind, slug, names, rules, *rest in self.named
        ]
        return sha256(repr((EDITION, self.known or digest(), said)).encode()).hexdigest()[:32]

    @cached_property
    def digests(self) -> Mapping[str, str]:
        """By key that is searched for a digest of all that finding it rests on, as far as the knowledge goes: in a text
        that holds no key in which two tables differ they find the same (`changes.Changes`)."""
        return key_digests(self._patterns, self._about, self._telling)

    @cached_property
    def learnt(self) -> str:
        """A digest of all that doesn't come from the knowledge: how names are found, and what was learnt."""
        return f"{EDITION} {sha256(repr(self.known).encode()).hexdigest() if self.known else digest()}"

    @cached_property
    def _patterns(self) -> Mapping[str, tuple[Pattern, ...]]:
        return patterns(self.named, (self.known or weights()).met)

    @cached_property
    def _automaton(self) -> tuple[AhoCorasick, tuple[tuple[Pattern, ...], ...]]:
        """The automaton, and the patterns of each of its keys."""
        by_key = self._patterns
        keys = sorted(by_key)
        return AhoCorasick(keys, store_patterns=False), tuple(by_key[text] for text in keys)

    @cached_property
    def _about(self) -> dict[EntryKey, Named]:
        return {(entry.kind, entry.slug): entry for entry in self.named}

    @cached_property
    def _telling(self) -> dict[str, float]:
        return dict(rarity(bag(entry.said) for entry in self.named))

    @cached_property
    def _subjects(self) -> dict[tuple[EntryKey, str, str], Subject]:
        """The subjects asked for so far."""
        return {}

    def find(self, text: str, topics: frozenset[str] = frozenset(), lines: Sequence[Line] = ()) -> list[Found]:
        """Every place where entries are named, from first to last, none overlapping. `text` may hold several blocks,
        set apart by `BREAK`; `topics` are the episode's own, `lines` say where the blocks stand, if known."""
        if not self.named:
            return []
        matched = self.match(text, topics)
        if not matched.doubted:
            return matched.sure
        return settle(matched.sure, self.weigh(matched, topics, lines), matched.small)

    def match(self, text: str, topics: frozenset[str]) -> Matched:
        """What a text holds of names, before the doubtful ones are judged."""
        search = _Search(text, topics)
        flat = search.flat
        automaton, all_patterns = self._automaton
        sure: list[Found] = []
        doubted: list[tuple[int, int, Form]] = []
        lifted: list[tuple[int, int, Form]] = []
        small: list[Found] = []
        forms = looked_through(search.small)
        places = automaton.find_matches_as_indexes(next(forms), overlapping=True)
        for form in forms:
            places = sorted({*places, *automaton.find_matches_as_indexes(form, overlapping=True)})
        for index, first, last in places:
            for pattern in all_patterns[index]:
                # positions are of the text with a space before it
                start, end = first + pattern.lead - 1, last - 1
                if (start and flat[start - 1] not in SAFE) and not starts_word(
                    flat, start, pattern.proper, pattern.ordinary
                ):
                    continue
                if pattern.gaps and not _keeps_gaps(flat, start, end, pattern):
                    continue
                after = flat[end : end + 1]
                if not after or (after in SAFE and after != "("):
                    stop = end
                elif not (stop := ends_word(flat, start, end, pattern.proper, pattern.ordinary)):
                    continue
                if pattern.entries:
                    sure.append(Found(start, stop, pattern.entries))
                    continue
                entries, judged, only_known = search.judge(start, end, pattern)
                if not entries and pattern.gaps and (others := search.written_small(start, end, pattern)):
                    small.append(Found(start, stop, others))
                if entries:
                    sure.append(Found(start, stop, entries))
                doubted += [(start, stop, form) for form in judged]
                lifted += [(start, stop, form) for form in only_known]
        known = {entry for one in sure for entry in one.entries}
        sure += [
            Found(start, stop, (form.entry,))
            for start, stop, form in lifted
            if form.entry in known and not reads_as_order(flat, stop)
        ]
        sure = leftmost_longest(sure)
        return Matched(flat, sure, outside(sorted(set(doubted), key=_place_of), sure), small)

    def weigh(self, matched: Matched, topics: frozenset[str], lines: Sequence[Line]) -> list[Weighed]:
        """The verdict on each doubtful name, in the order of the text."""
        judge = Judge(matched.text, topics, lines)
        doubts, sure = self.doubts(matched)
        verdicts = judge.verdicts(doubts, sure, self.known or weights())
        return [
            Weighed(start, end, form.entry, doubt.subject, verdict, verdict.second > 0)
            for (start, end, form), doubt, verdict in zip(matched.doubted, doubts, verdicts, strict=True)
        ]

    def doubts(self, matched: Matched) -> tuple[list[Doubt], list[Sure]]:
        """The doubtful names of a text, and those beyond doubt, with what is known of their entries."""
        sure = [
            Sure(one.start, frozenset(topic for entry in one.entries for topic in self._about[entry].topics))
            for one in matched.sure
        ]
        return [Doubt(start, end, self._subject(form)) for start, end, form in matched.doubted], sure

    def _subject(self, form: Form) -> Subject:
        asked = (form.entry, form.name, form.text)
        if asked not in self._subjects:
            kind = form.entry[0].value
            entry, text = self._about[form.entry], form.text.strip()
            capitals = text.isupper() or text[:-1].isupper()
            shape = "A" if capitals else "W" if " " in text else "Aa" if text[0].isupper() else "a"
            words = profile(entry.said, entry.names, self._telling)
            topics = frozenset(entry.topics)
            near = cues(f"{kind} {form.name}")
            self._subjects[asked] = Subject(f"{kind}:{form.name}", kind, shape, text, entry.groups, words, topics, near)
        return self._subjects[asked]


class _Search:
    """One text being searched: its folded forms, and what has been asked about its blocks."""

    def __init__(self, text: str, topics: frozenset[str]) -> None:
        self.flat = plain(text)
        self.letters = cased(self.flat)
        self.small = folded(self.letters)
        self.topics = topics
        self.known: dict[tuple[re.Pattern[str], int], bool] = {}
        self.block = (0, 0)

    def place(self, start: int, end: int) -> Place:
        """The place of a name, in its block."""
        if not self.block[0] <= start < self.block[1]:
            last = self.flat.find(BREAK, end)
            self.block = (self.flat.rfind(BREAK, 0, start) + 1, len(self.flat) if last < 0 else last)
        return Place(self.flat, self.small, start, end, *self.block, self.topics, self.known)

    def judge(self, start: int, end: int, pattern: Pattern) -> tuple[tuple[EntryKey, ...], list[Form], list[Form]]:
        """The entries that a place surely names, the spellings that what stands around has to speak for, and those
        that only count where their entry is named elsewhere."""
        flat, written = self.flat, self.letters[start:end]
        if end - start == 1 and is_mere_letter(flat, start, end):
            return (), [], []
        forms: list[Form] = []
        judged: list[Form] = []
        lifted: list[Form] = []
        for form in pattern.forms:
            # small letters may stand for a name that was met in learning, for no other; a single one never
            lenient = form.judged and end - start > 1
            if form.strict and not lenient and not keeps_capitals(written, form.text):
                if not _abbreviated_small(written, form.text):
                    continue
                form = form._replace(judged=True)
            if form.rules and not allowed(form.rules, form.names, self.place(start, end), written == form.text):
                continue
            if form.judged:
                judged.append(form)
                continue
            if form.strict and in_capitals(written) and not in_capitals(form.text) and shouted(flat, start, end):
                continue
            if form.doubtful and not form.rules and begins_sentence(flat, start) and not reads_as_name(flat, end):
                lifted.append(form)
            else:
                forms.append(form)
        # where the words are written as an entry has them and its rules hold, they are none that is spelt otherwise;
        # what an entry is really called goes before what another could be called
        if any(form.rules and written == form.text != written.lower() for form in forms):
            forms = [form for form in forms if written == form.text]
        own = [form for form in forms if form.own]
        return tuple(dict.fromkeys(form.entry for form in own or forms)), judged, lifted

    def written_small(self, start: int, end: int, pattern: Pattern) -> tuple[EntryKey, ...]:
        """The tools whose names of several words stand at a place in small letters, though they should not."""
        if not self.letters[start:end].islower():
            return ()
        forms = [form for form in pattern.forms if form.strict and not form.rules and not form.judged]
        return tuple(dict.fromkeys(form.entry for form in forms if form.entry[0] is Kind.TOOL))[:1]


def _place_of(place: tuple[int, int, Form]) -> tuple[int, int, int, str, str, bool, str]:
    start, end, form = place
    return start, -end, ORDER[form.entry[0]], form.entry[1], form.text, not form.own, form.name


def _abbreviated_small(written: str, text: str) -> bool:
    """Whether an abbreviation is written small, as in hasty notes, that is no ordinary word so.

    >>> _abbreviated_small("sqs", "SQS"), _abbreviated_small("Sqs", "SQS"), _abbreviated_small("add", "ADD")
    (True, False, False)
    """
    capitals = text.removesuffix("s")
    return len(capitals) > 2 and capitals.isupper() and written == text.lower() and not is_ordinary(written)


def _keeps_gaps(flat: str, start: int, end: int, pattern: Pattern) -> bool:
    """Whether the signs inside a name are the name's own; space and hyphen stand for one another, and for a point."""
    if pattern.spaced:
        spaces = flat.count(" ", start, end)
        return spaces == len(pattern.gaps) or spaces + flat.count("-", start, end) == len(pattern.gaps)
    for at, sign in pattern.gaps:
        char = flat[start + at]
        if char != sign and not (char in " -" and sign in " ."):
            return False
    return True
