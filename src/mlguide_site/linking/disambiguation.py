"""Decides whether an ambiguous word ("stride", "Bishop") is the name of an entry or an ordinary word.

Each piece of evidence adds or subtracts points. A word is a name if the sum of its points is above zero. The evidence
is in the note (front matter, other names, adjacent words) and in the entry's description; no list of technical terms is
needed. A name that satisfies a `match` rule is certain and isn't examined here."""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from enum import IntEnum
from functools import cached_property
from typing import NamedTuple

from mlguide_site.linking.folding import key, plain
from mlguide_site.linking.match_rules import Block
from mlguide_site.linking.spelling import SMALL
from mlguide_site.model.records import Kind
from mlguide_site.model.words import WORDS

EntryKey = tuple[Kind, str]
LISTED = 3  # points if the front matter lists the entry
RELATED_BESIDE, RELATED_IN_SECTION = 2, 1
"""Points for an entry if the same block (or section) names another entry with the same topic or category."""
OWN_WORDS = 1  # points if the section contains a word of the entry's description
ALONE = -2  # points if a long section contains no evidence for the entry and no other certain name
VERB = -3  # points if the adjacent words show that the word is a verb ("may spark", "harness your energy")
LONGER_NAME = -3  # points if the word is part of a longer name ("Nova Scotia", "Elizabeth Bishop")
NAME_ELSEWHERE = -4  # points for a lower-case word ("a bishop") that is a name elsewhere in the notes ("the Bishop")
_LONG = 25  # minimum number of words in a long section
_STEM = 5  # maximum number of letters in a stem; words with the same stem count as one word ("planting", "plants")
_FUNCTION_WORDS = SMALL | WORDS["function words"]
_AUXILIARIES = WORDS["before verbs"]
_BEFORE_VERB = _AUXILIARIES | frozenset("to and or then not you".split())
_OBJECTS = WORDS["after verbs"]
_ORDINARY = WORDS["words that are also names"] | WORDS["given names"] | _FUNCTION_WORDS | _BEFORE_VERB | _OBJECTS
_ENDS_SENTENCE = frozenset(".!?:;*\x00\n|-")
_OPENING = frozenset(" \"'([_")
_NEXT = re.compile(r"(?:'s)?[ \n]([A-Za-z']{1,30})")
_LAST = re.compile(r"([A-Za-z']{1,30})[ \n]$")


class Written(IntEnum):
    """How a name is written in a text. The value is the initial score of the name."""

    CERTAIN = 9
    AS_NAME = 3  # a proper name, written with its capitals
    COMMON = 1  # a common noun
    UNSURE = 0  # an ordinary word that begins a sentence or is in all capitals, or several lower-case words
    SMALL = -2  # a single word in lower case


class About(NamedTuple):
    """The evidence from an entry: `groups` (its topics and category), and the stems of the words in its description."""

    groups: frozenset[str] = frozenset()
    stems: frozenset[str] = frozenset()


class Around(NamedTuple):
    """The entries in a note's front matter, the section index of each block, and the heading of each section. The
    section index is -1 for a heading, a title and a block of links. Names in these blocks are not evidence."""

    listed: frozenset[EntryKey] = frozenset()
    sections: Sequence[int] = ()
    headings: Sequence[str] = ()


class Found(NamedTuple):
    """A place in a text that may be the name of any of `entries`. If the place becomes a link, the link leads to the
    first entry. `word` is true if the text at this place looks like an ordinary word. `inner` is true for a name in the
    title of a resource."""

    start: int
    end: int
    entries: tuple[EntryKey, ...]
    block: int = 0
    written: Written = Written.CERTAIN
    word: bool = False
    inner: bool = False

    @property
    def is_resource(self) -> bool:
        """Whether this place is the title of a resource, and not also the name of another entry."""
        return all(kind is Kind.RESOURCE for kind, _ in self.entries)


class Place:
    """A word in a plain text, with the adjacent words."""

    def __init__(self, text: str, start: int, end: int) -> None:
        before, after = _LAST.search(text, max(0, start - 40), start), _NEXT.match(text, end)
        self._text, self._start, self._end, self.word = text, start, end, text[start:end]
        self._before, self._after = before[1] if before else "", after[1] if after else ""
        self.begins_sentence = begins_sentence(text, start)

    @property
    def is_verb(self) -> bool:
        """Whether the adjacent words show that the word is a verb, such as `spark` in "to spark your interest"."""
        word = self._before.lower()
        may_be = self.begins_sentence or word in _BEFORE_VERB
        return word in _AUXILIARIES or (may_be and self._after.lower() in _OBJECTS)

    @property
    def is_subject(self) -> bool:
        """Whether a verb or the end of the clause follows ("Spark runs on"), which shows that the word is a name."""
        word = self._after
        if not word:
            return self._text[self._end : self._end + 1] != "-"
        return word.islower() and word.endswith("s") and not word.endswith("ss") and word not in _OBJECTS

    @cached_property
    def in_longer_name(self) -> bool:
        """Whether the word is next to a capitalised word, such as `Nova` in "Nova Scotia"."""
        return self.follows_name or _is_capitalised(self._after)

    @cached_property
    def follows_name(self) -> bool:
        """Whether the word follows a capitalised word that doesn't begin a sentence."""
        first = self._start - len(self._before) - 1
        return _is_capitalised(self._before) and not begins_sentence(self._text, first)

    @property
    def is_name(self) -> bool:
        """Whether the word is capitalised, isn't the first of its sentence, and isn't part of a longer name."""
        return self._text[self._start].isupper() and not self.begins_sentence and not self.in_longer_name


class _Note:
    def __init__(self, blocks: Sequence[Block], around: Around, about: Mapping[EntryKey, About]) -> None:
        self._blocks, self._around, self._about = blocks, around, about
        self._names: dict[tuple[str, int, str], set[EntryKey]] = defaultdict(set)
        """Maps (part, index, group) to the entries whose names occur in a part of the note. The part is "section" (all
        names of a section), "certain" (the certain names of a section) or "block" (the certain names of a block). A
        group contains the entries with the same topic or category; the group "" contains all entries."""
        self._words: dict[int, list[str]] = defaultdict(list)
        self._stems: dict[int, frozenset[str]] = {}
        self._own_words: dict[tuple[int, EntryKey], bool] = {}
        self._support: dict[tuple[int, EntryKey], int] = {}
        for block in blocks:
            self._words[block.section] += block.words if block.section >= 0 else []

    def add(self, one: Found) -> None:
        self._support = {}
        section = self._blocks[one.block].section
        part = ("block", one.block) if one.written is Written.CERTAIN else ("section", section)
        # each entry only once, because a note may repeat a name many thousand times
        for entry in {*one.entries} - self._names[*part, ""] if section >= 0 else ():
            for group in ("", *self._about[entry].groups):
                self._names["section", section, group].add(entry)
                if one.written is Written.CERTAIN:
                    self._names["block", one.block, group].add(entry)
                    self._names["certain", section, group].add(entry)

    def _has_other(self, part: str, number: int, entry: EntryKey, groups: Iterable[str] = ("",)) -> bool:
        found = (self._names.get((part, number, group), ()) for group in groups)
        return any(len(entries) > (entry in entries) for entries in found)

    def support(self, block: int, entry: EntryKey) -> int:
        """Return the points for an entry in a block. Results are cached, because a note may repeat a name."""
        if (block, entry) not in self._support:
            self._support[block, entry] = self._points(block, entry)
        return self._support[block, entry]

    def _points(self, block: int, entry: EntryKey) -> int:
        about, section = self._about[entry], self._blocks[block].section
        points = LISTED if entry in self._around.listed else 0
        if self._has_other("block", block, entry, about.groups):
            points += RELATED_BESIDE
        points += RELATED_IN_SECTION * self._has_other("section", section, entry, about.groups)
        if (section, entry) not in self._own_words:
            self._own_words[section, entry] = not about.stems.isdisjoint(self._section_stems(section))
        points += OWN_WORDS * self._own_words[section, entry]
        is_long = bool(self._names) and len(self._words[section]) >= _LONG
        if not points and is_long and not self._has_other("certain", section, entry):
            return ALONE
        return points

    def _section_stems(self, section: int) -> frozenset[str]:
        if section not in self._stems:
            heading = self._around.headings[section] if 0 <= section < len(self._around.headings) else ""
            self._stems[section] = stems({*self._words[section], *key(plain(heading)).split()})
        return self._stems[section]


def decide(
    flat: str, blocks: Sequence[Block], around: Around, about: Mapping[EntryKey, About], found: Sequence[Found]
) -> list[Found]:
    """Return the items of `found` that are names, not ordinary words. Only the entries with more than 0 points remain
    in each item. `flat` is the note's plain text. The time is linear in the number of items."""
    certain = [one for one in found if one.written is Written.CERTAIN]
    places = {one: Place(flat, one.start, one.end) for one in found if one.written is not Written.CERTAIN}
    if not places:
        return certain
    grammar = {one: _grammar(one, place) for one, place in places.items()}
    # a title says nothing about other mentions: its words have capitals
    free = {one: place for one, place in places.items() if not one.inner}
    prose = {one: place for one, place in free.items() if one.word and blocks[one.block].section >= 0}
    names = {(entry, place.word.lower()) for one, place in prose.items() if place.is_name for entry in one.entries}
    note = _Note(blocks, around, about)
    for one in certain:
        if not one.inner:
            note.add(one)

    def points(one: Found, entry: EntryKey) -> int:
        word = places[one].word
        is_name_elsewhere = one.word and word.islower() and (entry, word) in names
        support = note.support(one.block, entry)
        # other names can't support an entry without topics and category
        if support == ALONE and not about[entry].groups and word.lower() not in _ORDINARY:
            support = 0
        return grammar[one] + support + NAME_ELSEWHERE * is_name_elsewhere

    first = {one: points(one, one.entries[0]) for one in places}
    for one, score in first.items():
        # a name is evidence for other names; a common noun is evidence only if other evidence supports it
        if one in free and score > 0 and (score != one.written or one.written is Written.AS_NAME):
            note.add(one)
    kept = (one._replace(entries=tuple(e for e in one.entries if points(one, e) > 0)) for one in places)
    return [*certain, *(one for one in kept if one.entries)]


def _grammar(one: Found, place: Place) -> int:
    points = int(one.written)
    if not one.word:
        return points
    if place.is_verb:
        points += VERB
    elif one.written is Written.UNSURE and place.is_subject:
        points += Written.AS_NAME
    # `Docker` in "Docker Hub" isn't part of another name, because it has no other meaning
    has_others = any(is_ordinary(kind, place.word) for kind, _ in one.entries)
    is_part = place.in_longer_name if has_others else place.follows_name
    return points + LONGER_NAME * (place.word[0].isupper() and is_part)


def stems(found: Iterable[str]) -> frozenset[str]:
    """Return the stems of words, without function words."""
    return frozenset(word.removesuffix("s")[:_STEM] for word in found if len(word) > 3 and word not in _FUNCTION_WORDS)


def is_ordinary(kind: Kind, word: str) -> bool:
    """Return whether a name often means something else. People share their names with others, titles consist of common
    words, and of other names, only common words and given names do."""
    return kind in (Kind.PERSON, Kind.RESOURCE) or not _ORDINARY.isdisjoint(
        {word.lower(), word.lower().removesuffix("s")}
    )


def begins_sentence(text: str, start: int) -> bool:
    """Return whether a word is the first word of its sentence, list item or block."""
    at = start - 1
    while at >= 0 and start - at < 60 and text[at] in _OPENING:
        at -= 1
    return at < 0 or (text[at] in _ENDS_SENTENCE and not (text[at] == "-" and text[at - 1 : at].isalnum()))


def _is_capitalised(word: str) -> bool:
    return word[:1].isupper() and word[1:].islower()
