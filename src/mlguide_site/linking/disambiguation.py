"""Decides whether a word that may be ordinary ("stride", "Bishop") is meant as an entry's name.

Each piece of evidence has points; a name is a mention if the sum is above zero. A name whose `match` rule holds is
certain and isn't examined here. There is no list of words of any field: all evidence comes from the entry, from
the other names in the note and from how the note is written.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from enum import IntEnum
from typing import NamedTuple

from mlguide_site.linking.folding import key, plain
from mlguide_site.linking.grammar import Place
from mlguide_site.linking.match_rules import Block
from mlguide_site.linking.spelling import SMALL
from mlguide_site.model.records import Kind

EntryKey = tuple[Kind, str]
LISTED = 3
"""The front matter lists the entry."""
RELATED_BESIDE, RELATED_IN_SECTION = 2, 1
"""Its block certainly names another entry with a topic or category of this one; its section names, certainly or
perhaps, such an entry."""
OWN_WORDS = 1
"""Its section has a word of the entry's own description."""
ALONE = -2
"""The section has many words, none of the evidence above and no other name."""
VERB = -3
"""The words around show a verb ("may spark", "harness your energy")."""
LONGER_NAME = -3
"""It is a part of a longer name ("Nova Scotia", "Elizabeth Bishop")."""
NAME_ELSEWHERE = -4
"""It is in lower case here, and capitalised as a name elsewhere in the notes ("the Bishop", "a bishop")."""
_LONG = 25
"""The least number of words of a section for `ALONE`."""
_STEM = 5
"""Words that share this many first letters count as one ("planting", "plants")."""
_FUNCTION_WORDS = SMALL | frozenset(
    """
    about after again also another because been before being between both could does down each even every first good
    great have here just kind like long made make makes making many more most much must near next none often only other
    part people same several should show shows small some such their them then there these they thing things this those
    through under until used uses using very well were what when where which while whose will within without work works
    would
    """.split()
)


class Written(IntEnum):
    """The form of a name in a text, and its initial points."""

    CERTAIN = 9
    AS_NAME = 3
    """a proper name with its capitals"""
    COMMON = 1
    """a common noun"""
    UNSURE = 0
    """a proper name that begins a sentence, is all capitals, or has several words in lower case"""
    SMALL = -2
    """a single word in lower case"""


class About(NamedTuple):
    """The data of an entry: its topics and category, and the stems of its description."""

    groups: frozenset[str] = frozenset()
    stems: frozenset[str] = frozenset()


class Around(NamedTuple):
    """The data of a note other than its text: the entries that its front matter lists, the section of each block, and
    the heading of each section."""

    listed: frozenset[EntryKey] = frozenset()
    sections: Sequence[int] = ()
    headings: Sequence[str] = ()


class Found(NamedTuple):
    """A place where entries are named: first character, last character + 1, the entries in order of precedence, and how
    they are written. `word`: it is a single word without signs, digits and capitals inside."""

    start: int
    end: int
    entries: tuple[EntryKey, ...]
    block: int = 0
    written: Written = Written.CERTAIN
    word: bool = False


class _Note:
    """The evidence in a note for or against an entry: the other names, its words, its front matter."""

    def __init__(self, blocks: Sequence[Block], around: Around, about: Mapping[EntryKey, About]) -> None:
        self._blocks, self._around, self._about = blocks, around, about
        self._names: dict[tuple[str, int, str], set[EntryKey]] = defaultdict(set)
        """The entries that are named (certainly in a block; in a section; certainly in a section), by each of their
        topics and categories, and all of them under ""."""
        self._words: dict[int, list[str]] = defaultdict(list)
        self._stems: dict[int, frozenset[str]] = {}
        for block in blocks:
            self._words[block.section] += block.words

    def add(self, one: Found) -> None:
        """Count a name for its block and section."""
        section = self._blocks[one.block].section
        for entry in one.entries:
            for group in ("", *self._about[entry].groups):
                self._names["section", section, group].add(entry)
                if one.written is Written.CERTAIN:
                    self._names["block", one.block, group].add(entry)
                    self._names["certain", section, group].add(entry)

    def _has_other(self, part: str, number: int, entry: EntryKey, groups: Iterable[str] = ("",)) -> bool:
        """Whether a block or section names an entry other than this one, with one of some groups."""
        found = (self._names.get((part, number, group), ()) for group in groups)
        return any(len(entries) > (entry in entries) for entries in found)

    def support(self, one: Found, entry: EntryKey) -> int:
        """The points for an entry at a place of its name."""
        about, section = self._about[entry], self._blocks[one.block].section
        points = LISTED if entry in self._around.listed else 0
        if self._has_other("block", one.block, entry, about.groups):
            points += RELATED_BESIDE
        points += RELATED_IN_SECTION * self._has_other("section", section, entry, about.groups)
        points += OWN_WORDS * (not about.stems.isdisjoint(self._section_stems(section)))
        is_long = bool(self._names) and len(self._words[section]) >= _LONG
        if not points and is_long and not self._has_other("certain", section, entry):
            return ALONE
        return points

    def _section_stems(self, section: int) -> frozenset[str]:
        if section not in self._stems:
            heading = self._around.headings[section] if section < len(self._around.headings) else ""
            self._stems[section] = stems({*self._words[section], *key(plain(heading)).split()})
        return self._stems[section]


def decide(
    flat: str, blocks: Sequence[Block], around: Around, about: Mapping[EntryKey, About], found: Sequence[Found]
) -> list[Found]:
    """The names in a note that are mentions, each with the entries that it mentions. `flat` is the note's plain text.
    Time is linear in the number of names."""
    certain = [one for one in found if one.written is Written.CERTAIN]
    places = {one: Place(flat, one.start, one.end) for one in found if one.written is not Written.CERTAIN}
    if not places:
        return certain
    grammar = {one: _grammar(one, place) for one, place in places.items()}
    names = {
        (e, place.word.lower()) for one, place in places.items() if one.word and place.is_name for e in one.entries
    }
    note = _Note(blocks, around, about)
    for one in certain:
        note.add(one)

    def points(one: Found, entry: EntryKey) -> int:
        word = places[one].word
        is_name_elsewhere = one.word and word.islower() and (entry, word) in names
        return grammar[one] + note.support(one, entry) + NAME_ELSEWHERE * is_name_elsewhere

    first = {one: points(one, one.entries[0]) for one in places}
    for one, score in first.items():
        # a common noun is evidence for others only if there is evidence for it
        if score > 0 and (score != one.written or one.written is Written.AS_NAME):
            note.add(one)
    kept = (one._replace(entries=tuple(e for e in one.entries if points(one, e) > 0)) for one in places)
    return [*certain, *(one for one in kept if one.entries)]


def _grammar(one: Found, place: Place) -> int:
    """The points for how a name is written and for the words around it."""
    points = int(one.written)
    if not one.word:
        return points
    if place.is_verb:
        points += VERB
    elif one.written is Written.UNSURE and place.is_subject:
        points += Written.AS_NAME
    return points + LONGER_NAME * (place.word[0].isupper() and place.in_longer_name)


def stems(found: Iterable[str]) -> frozenset[str]:
    """The stems of words, function words left out.

    >>> sorted(stems(["planting", "plants", "with", "soil"]))
    ['plant', 'soil']
    """
    return frozenset(word.removesuffix("s")[:_STEM] for word in found if len(word) > 3 and word not in _FUNCTION_WORDS)
