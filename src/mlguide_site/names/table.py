"""The table of names: every spelling of every knowledge entry's names in one automaton, and what it finds in a text.

A text is searched once, in time linear in its length whatever the number of names: it is folded character by character
(`folding`), the automaton finds every key at the beginning of a word (`ahocorasick_rs`), and each place is then judged
by what stands around it (`edges`, `doubt`, `rules`) within a fixed reach. Of places that overlap the leftmost counts,
of those that begin together the longest.
"""

import re
from collections import defaultdict
from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256
from typing import NamedTuple

from ahocorasick_rs import AhoCorasick

from mlguide_site.catalog import Catalog
from mlguide_site.model import Kind, MatchRule, Person, Resource, Term, Tool, Topic
from mlguide_site.names.doubt import begins_sentence, is_mere_letter, reads_as_name, reads_as_order, shouted
from mlguide_site.names.edges import SAFE, ends_word, starts_word
from mlguide_site.names.folding import BREAK, cased, folded, is_unspaced, plain, spaced
from mlguide_site.names.rules import Place, Rule, allowed
from mlguide_site.names.spelling import in_capitals, keeps_capitals, key, spellings
from mlguide_site.names.words import is_ordinary

EDITION = "2"
"""To be raised with every change of what is found; it is part of a table's fingerprint."""

EntryKey = tuple[Kind, str]
_ORDER = {kind: rank for rank, kind in enumerate(Kind)}


class Named(NamedTuple):
    """An entry as far as finding it goes: kind and slug, names as the knowledge file has them, rules."""

    kind: Kind
    slug: str
    names: tuple[str, ...]
    rules: tuple[MatchRule, ...]


class Found(NamedTuple):
    """A place where entries are named: first character, last character + 1, and the entries in order of precedence."""

    start: int
    end: int
    entries: tuple[EntryKey, ...]


class _Form(NamedTuple):
    """One entry under one spelling. `text` is the spelling in its own case, all but letters and digits a space."""

    entry: EntryKey
    text: str
    own: bool
    strict: bool
    doubtful: bool
    proper: bool
    ordinary: bool
    names: frozenset[str]
    rules: tuple[Rule, ...]


class _Pattern(NamedTuple):
    """What the automaton searches for, and whose it is. `gaps` are the signs inside that are neither letter nor digit;
    `spaced` says that they are spaces or hyphens all; `entries` is the answer where nothing but the edges needs to be
    judged."""

    lead: int
    gaps: tuple[tuple[int, str], ...]
    spaced: bool
    forms: tuple[_Form, ...]
    entries: tuple[EntryKey, ...]
    proper: bool
    ordinary: bool


@dataclass(frozen=True)
class NameTable:
    """The names of a catalog's entries. Two tables with the same `fingerprint` find the same in every text."""

    named: tuple[Named, ...]

    @classmethod
    def of(cls, catalog: Catalog) -> "NameTable":
        """The table of every entry of a catalog, whatever the order of its mappings."""
        tables = [(kind, sorted(catalog.entries(kind).items())) for kind in Kind]
        return cls(tuple(named(kind, slug, entry) for kind, table in tables for slug, entry in table))

    def __getstate__(self) -> dict[str, object]:
        """What goes to another process: all but the automaton."""
        return {"named": self.named}

    @cached_property
    def fingerprint(self) -> str:
        """A digest of all that decides what the table finds: 32 hexadecimal digits."""
        said = [
            (kind.value, slug, names, [rule.model_dump(mode="json") for rule in rules])
            for kind, slug, names, rules in self.named
        ]
        return sha256(repr((EDITION, said)).encode()).hexdigest()[:32]

    @cached_property
    def _automaton(self) -> tuple[AhoCorasick, tuple[tuple[_Pattern, ...], ...]]:
        """The automaton, and the patterns of each of its keys."""
        forms: dict[tuple[str, str], list[_Form]] = defaultdict(list)
        for entry in self.named:
            rules = tuple(map(Rule.of, entry.rules))
            for name in entry.names:
                for spelling in spellings(name, entry.kind):
                    text = cased(spelling.text)
                    form = _Form(
                        (entry.kind, entry.slug),
                        text,
                        spelling.own,
                        spelling.strict,
                        spelling.doubtful,
                        _is_proper(text, entry.kind),
                        is_ordinary(text.lower()) and not text.isupper(),
                        frozenset([key(name).strip(), folded(text).strip()]),
                        rules,
                    )
                    signs = "".join(sign for sign, char in zip(spelling.text, text, strict=True) if char == " ")
                    forms[folded(text), signs.replace("-", " ")].append(form)
        by_key: dict[str, list[_Pattern]] = defaultdict(list)
        for (text, signs), all_forms in forms.items():
            group = _clear(all_forms)
            if not group:
                continue
            lead = 0 if is_unspaced(text[0]) else 1
            by_key[" " + text if lead else text].append(_pattern(lead, text, signs, group))
        keys = sorted(by_key)
        return AhoCorasick(keys, store_patterns=False), tuple(tuple(by_key[text]) for text in keys)

    def find(self, text: str, topics: frozenset[str] = frozenset()) -> list[Found]:
        """Every place where entries are named, from first to last, none overlapping. `text` may hold several blocks,
        set apart by `BREAK`; `topics` are the episode's own."""
        if not self.named:
            return []
        search = _Search(text, topics)
        flat = search.flat
        automaton, patterns = self._automaton
        sure: list[tuple[int, int, tuple[EntryKey, ...]]] = []
        doubted: list[tuple[int, int, _Form]] = []
        places = automaton.find_matches_as_indexes(" " + search.small, overlapping=True)
        if (other := spaced(search.small)) != search.small:
            places = sorted({*places, *automaton.find_matches_as_indexes(" " + other, overlapping=True)})
        for index, first, last in places:
            for pattern in patterns[index]:
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
                    sure.append((start, -stop, pattern.entries))
                    continue
                entries, doubts = search.judge(start, end, pattern)
                if entries:
                    sure.append((start, -stop, entries))
                else:
                    doubted += [(start, stop, form) for form in doubts]
        if doubted:
            known = {entry for _, _, entries in sure for entry in entries}
            sure += [
                (start, -end, (form.entry,))
                for start, end, form in doubted
                if form.entry in known and not reads_as_order(flat, end)
            ]
        return _leftmost_longest(sure)


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

    def judge(self, start: int, end: int, pattern: _Pattern) -> tuple[tuple[EntryKey, ...], list[_Form]]:
        """The entries that a place surely names, and the spellings that may or may not stand for theirs."""
        flat, written = self.flat, self.letters[start:end]
        if end - start == 1 and is_mere_letter(flat, start, end):
            return (), []
        forms: list[_Form] = []
        doubts: list[_Form] = []
        for form in pattern.forms:
            if form.strict and not keeps_capitals(written, form.text):
                continue
            if form.rules and not allowed(form.rules, form.names, self.place(start, end), written == form.text):
                continue
            if form.strict and in_capitals(written) and not in_capitals(form.text) and shouted(flat, start, end):
                continue
            if form.doubtful and not form.rules and begins_sentence(flat, start) and not reads_as_name(flat, end):
                doubts.append(form)
            else:
                forms.append(form)
        # what an entry is really called goes before what another could be called
        own = [form for form in forms if form.own]
        return tuple(dict.fromkeys(form.entry for form in own or forms)), doubts


def named(kind: Kind, slug: str, entry: Topic | Tool | Resource | Term | Person) -> Named:
    """The names of an entry as its knowledge file has them."""
    first = entry.title if isinstance(entry, Resource) else entry.term if isinstance(entry, Term) else entry.name
    more = entry.abbreviations if isinstance(entry, Term) else ()
    rules = () if isinstance(entry, (Topic, Person)) else entry.match
    return Named(kind, slug, (first, *more, *entry.aliases), rules)


def _is_proper(text: str, kind: Kind) -> bool:
    """Whether a spelling is a proper name or an abbreviation, rather than a word of the language."""
    return kind not in (Kind.TOPIC, Kind.TERM) or sum(char.isupper() for char in text.rsplit(maxsplit=1)[-1]) > 1


def _clear(forms: list[_Form]) -> list[_Form]:
    """Spellings without those that several entries of a kind could have and none has: a text can mean any of them."""
    rivals: dict[Kind, set[EntryKey]] = defaultdict(set)
    for form in forms:
        rivals[form.entry[0]].add(form.entry)
    return [form for form in forms if form.own or len(rivals[form.entry[0]]) == 1]


def _pattern(lead: int, text: str, signs: str, forms: list[_Form]) -> _Pattern:
    forms = sorted(set(forms), key=lambda form: (_ORDER[form.entry[0]], form.entry[1], form.text, not form.own))
    places = [at for at, char in enumerate(text) if char == " "]
    own = {form.entry for form in forms if form.own}
    judged = any(form.strict or form.rules for form in forms)
    entries = tuple(dict.fromkeys(form.entry for form in forms if not own or form.entry in own))
    return _Pattern(
        lead,
        tuple(zip(places, signs, strict=True)),
        signs.strip() == "",
        tuple(forms),
        () if judged else entries,
        all(form.proper for form in forms),
        any(form.ordinary for form in forms),
    )


def _keeps_gaps(flat: str, start: int, end: int, pattern: _Pattern) -> bool:
    """Whether the signs inside a name are the name's own; space and hyphen stand for one another, and for a point."""
    if pattern.spaced:
        spaces = flat.count(" ", start, end)
        return spaces == len(pattern.gaps) or spaces + flat.count("-", start, end) == len(pattern.gaps)
    for at, sign in pattern.gaps:
        char = flat[start + at]
        if char != sign and not (char in " -" and sign in " ."):
            return False
    return True


def _leftmost_longest(places: list[tuple[int, int, tuple[EntryKey, ...]]]) -> list[Found]:
    """Of overlapping places the leftmost, of those that begin together the longest; entries of equal places joined."""
    places.sort()
    result: list[Found] = []
    until = 0
    for start, negative, entries in places:
        if start >= until:
            until = -negative
            result.append(Found(start, until, entries))
        elif result and result[-1][0] == start and result[-1][1] == -negative and entries != result[-1][2]:
            both = sorted({*result[-1][2], *entries}, key=lambda entry: (_ORDER[entry[0]], entry[1]))
            result[-1] = Found(start, until, tuple(both))
    return result
