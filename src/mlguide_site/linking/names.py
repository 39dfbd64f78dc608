"""The table of names, and what it finds in a text.

A text is searched block by block. At each word with which names begin, those of as many words are looked up, the
longest first: time and memory are linear in the text, however many names there are. A name must have its own signs and
good edges (`edges`), keep its capitals (`spelling`) and hold the entry's `match` rules (`rules`). Words that may be no
name at all are left to `context`. Of overlapping names the leftmost counts, of those that begin together the longest.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from mlguide_site.linking.context import About, Around, EntryKey, Found, Written, decide
from mlguide_site.linking.edges import ends_word, is_mere_letter, starts_word
from mlguide_site.linking.folding import BREAK, cased, lower, plain
from mlguide_site.linking.grammar import Place, begins_sentence
from mlguide_site.linking.patterns import Form, Named, Pattern, named_in, patterns_of, signed
from mlguide_site.linking.rules import Block
from mlguide_site.linking.spelling import Case, in_capitals, keeps_capitals
from mlguide_site.model.catalog import Catalog
from mlguide_site.model.digests import digest

EDITION = "8"
"""Raise it with every change of what is found: it is part of a table's fingerprint."""
MAX_NESTED = 4
"""Of names that begin at the same word, so many are tried, the longest first."""
_NUMBERED = re.compile(r"([^\W\d_]{4,})\d{1,2}")


@dataclass(frozen=True)
class NameTable:
    """The names of a catalog's entries. Two tables with the same `fingerprint` find the same in every text."""

    named: tuple[Named, ...]

    @classmethod
    def of(cls, catalog: Catalog) -> "NameTable":
        """The table of every entry of a catalog, whatever the order of its mappings."""
        return cls(tuple(named_in(catalog)))

    def __getstate__(self) -> dict[str, object]:
        """What goes to another process: all but the patterns."""
        return {"named": self.named}

    @cached_property
    def fingerprint(self) -> str:
        """A digest of all that decides what the table finds: 32 hexadecimal digits."""
        stable = [
            (
                *(entry.kind.value, entry.slug, entry.names, entry.proper),
                [rule.model_dump(mode="json") for rule in entry.rules],
                [sorted(part) for part in entry.about],
            )
            for entry in self.named
        ]
        return digest(repr((EDITION, stable)))

    def find(self, text: str, around: Around | None = None) -> list[Found]:
        """Every place where entries are named, from first to last, none overlapping. `text` may hold several blocks,
        separated by `BREAK`; `around` is what is known of the note beside them."""
        search = _Search(self, text, around or Around())
        found = decide(search.flat, search.blocks, search.around, self.about, list(search.run()))
        result: list[Found] = []
        for one in sorted(found, key=lambda one: (one.start, -one.end)):
            if not result or one.start >= result[-1].end:
                result.append(one)
        return result

    @cached_property
    def about(self) -> Mapping[EntryKey, About]:
        """What is known of each entry."""
        return {(entry.kind, entry.slug): entry.about for entry in self.named}

    @cached_property
    def patterns(self) -> Mapping[str, tuple[Pattern, ...]]:
        """The names by their words."""
        return patterns_of(self.named)

    @cached_property
    def lengths(self) -> Mapping[str, tuple[int, ...]]:
        """For each word with which names begin, the numbers of words that they have, the greatest first."""
        found: dict[str, set[int]] = defaultdict(set)
        for path in self.patterns:
            found[path.partition(" ")[0]].add(path.count(" ") + 1)
        return {word: tuple(sorted(lengths, reverse=True)) for word, lengths in found.items()}


class _Search:
    """One text being searched."""

    def __init__(self, table: NameTable, text: str, around: Around) -> None:
        self.table, self.around, self.topics = table, around, around.topics
        self.flat = plain(text)
        self.letters = cased(self.flat)
        self.signed = signed(self.flat)
        self.blocks: list[Block] = []
        small, start = lower(self.letters), 0
        for number, part in enumerate(self.flat.split(BREAK)):
            section = around.sections[number] if number < len(around.sections) else 0
            self.blocks.append(Block(self.flat, small, start, start + len(part), number, section))
            start += len(part) + 1

    def run(self) -> Iterator[Found]:
        """All names, certain and doubtful ones; within a certain one no further is searched."""
        for block in self.blocks:
            at = 0
            while at < len(block.words):
                stop = at + 1
                for last, pattern in self._patterns(block, at):
                    found = self._found(block, at, last, pattern)
                    yield from found
                    if found and found[0].written is Written.CERTAIN:
                        stop = last + 1
                        break
                at = stop

    def _patterns(self, block: Block, first: int) -> Iterator[tuple[int, Pattern]]:
        """The patterns that have the words from one on, with the last word of each; the longest first."""
        patterns, found, tried = self.table.patterns, block.words, 0
        lengths = self.table.lengths
        for length in lengths.get(found[first]) or lengths.get(_unnumbered(found[first]), ()):
            name = found[first : first + length]
            if len(name) < length or tried == MAX_NESTED:
                continue
            here = patterns.get(" ".join(name), ())
            if not here and name[-1][-1].isdigit():
                # a version number that is glued to a name is none of its words
                here = patterns.get(" ".join([*name[:-1], _unnumbered(name[-1])]), ())
            tried += bool(here)
            for pattern in here:
                yield first + length - 1, pattern

    def _found(self, block: Block, first: int, last: int, pattern: Pattern) -> list[Found]:
        """What some words name for certain, or else what they may name; nothing where signs or edges are others."""
        flat = self.flat
        start, end = block.starts[first] - pattern.lead, block.starts[last] + pattern.last
        text = self.signed[start:end] if start >= 0 else ""
        if text != pattern.text and text != pattern.text.replace(".", " "):
            return []
        stop = ends_word(flat, start, end, pattern.firm) if starts_word(flat, start) else 0
        if not stop or (end - start == 1 and is_mere_letter(flat, start, end)):
            return []
        forms: dict[Written, list[Form]] = defaultdict(list)
        for form in pattern.forms:
            written = self._written(form, start, end)
            as_written = self.letters[start:end] == form.text
            if written is not None and all(
                any(rule.holds(block, first, last, self.topics, as_written) for rule in group) for group in form.rules
            ):
                forms[written].append(form)
        certain = forms.pop(Written.CERTAIN, ())
        exact = [form for form in certain if form.text == self.letters[start:end]]
        if any(form.rules for form in exact) and not exact[0].text.islower():
            # words written as an entry whose rules hold are no name that is spelt otherwise
            certain = exact
        if certain:
            return [Found(start, stop, _entries(certain), block.number)]
        return [
            Found(start, stop, _entries(some), block.number, written, any(form.word for form in some))
            for written, some in sorted(forms.items(), reverse=True)
        ]

    def _written(self, form: Form, start: int, end: int) -> Written | None:
        """How a name is written at a place; None where its case is not kept."""
        flat, written = self.flat, self.letters[start:end]
        if form.case is not Case.ANY and not keeps_capitals(written, form.text):
            several = " " in form.text
            if form.case is Case.FIXED or (several and not written.islower()):
                return None
            return Written.SMALL if written.islower() and not several else Written.UNSURE
        if form.rules:
            return Written.CERTAIN
        if form.case is not Case.ANY and in_capitals(written) and not in_capitals(form.text):
            return None if Place(flat, start, end).is_shouted else Written.CERTAIN
        if not form.word or (form.proper and form.text.islower()):
            return Written.CERTAIN
        if not form.proper:
            return Written.COMMON
        return Written.UNSURE if begins_sentence(flat, start) else Written.AS_NAME


def _unnumbered(word: str) -> str:
    """A word without a version number that is glued to it."""
    glued = _NUMBERED.fullmatch(word) if word[-1].isdigit() else None
    return glued[1] if glued else word


def _entries(forms: Iterable[Form]) -> tuple[EntryKey, ...]:
    """The entries of some spellings: those that have it themselves go before those for which it is a variant."""
    own = [form for form in forms if form.own]
    return tuple(dict.fromkeys(form.entry for form in own or forms))
