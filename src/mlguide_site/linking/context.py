"""Decides about names that may be ordinary words where they occur ("stride", "Bishop"), by the catalog's own context.

Each sign has points; a name counts where the sum is above zero. A `match` rule of the entry that holds makes a name
certain, and it never gets here. There is no list of words of any field: all signs come from the entry, from the other
names in the note and from how the note is written. The few lists are of English function words; in other languages the
signs that use them say nothing.
"""

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from enum import IntEnum
from typing import NamedTuple

from mlguide_site.linking.folding import key, plain, words
from mlguide_site.linking.rules import Block
from mlguide_site.linking.spelling import SMALL
from mlguide_site.model import Kind

EntryKey = tuple[Kind, str]

AS_WRITTEN, COMMON_NOUN, BEGINS_SENTENCE, WORD_IN_SMALL_LETTERS = 3, 1, 0, -2
"""What a name starts with: a proper name with its capitals, a common noun, a proper name that has its capital at the
beginning of a sentence or consists of several words in small letters, a single word in small letters."""
LISTED = 3
"""The front matter lists the entry, or the notes link to its home page."""
RELATED_BESIDE, OTHER_BESIDE, RELATED_IN_SECTION = 2, 1, 1
"""Its block names another entry with a topic or the category of this one; or any other; or its section does."""
OWN_WORDS = 1
"""Its section has a word of the entry's own description."""
ALONE = -2
"""The section has many words, none of these signs and no other name."""
VERB = -3
"""The words around show a verb ("may spark", "harness your energy")."""
LONGER_NAME = -3
"""It is a part of a longer name ("Nova Scotia", "Elizabeth Bishop")."""
SAME_NAME = 2
"""It begins a sentence, and is a name with the same capital elsewhere in the notes."""
NAME_ELSEWHERE = -4
"""It is written small here, and with its capital as a name elsewhere in the same notes ("the Bishop", "a bishop")."""

_LONG = 25
"""From this many words on a section says something by naming no other entry."""
_STEM = 5
"""Words with the same first letters, so many, count as one ("planting", "plants")."""
_FUNCTION_WORDS = frozenset(
    """
    about after again all also and another any are around because been before being between both but could does down
    each even every few first for from good great had has have her here his how into its just kind like long made
    make makes making many may more most much must near new next none not off often one only other our out over own
    part people same set several should show shows small so some such than that the their them then there these they
    thing things this those through to too under until up use used uses using very was way well were what when where
    which while who whose will with within without work works would you your
    """.split()
)
_AUXILIARIES = frozenset(
    """
    can could will would shall should must may might cannot don't doesn't didn't won't let's i we they he she who
    """.split()
)
"""Before a verb, never before a noun."""
_BEFORE_VERB = _AUXILIARIES | frozenset("to and or then not you".split())
_OBJECTS = frozenset(
    """
    a an the this that these those my your his her its our their it them him me us you yourself everything anything
    something all each every more some out off away
    """.split()
)
"""After a verb, never after a noun."""
_NAME_VERBS = frozenset(
    """
    is was has had does did can cannot will would could should may might must and or vs versus also lets itself isn't
    doesn't wasn't won't
    """.split()
)
"""Follow the name of a thing, not an order."""
_ENDS_SENTENCE = frozenset(".!?:;*\x00\n|-")
_OPENING = frozenset(" \"'([_")
_LETTERS = re.compile(r"[A-Za-z']+")
_CLAUSE_END = re.compile(r"[.!?:;()|\x00]")
_NEXT = re.compile(r"(?:'s)?[ \n]([A-Za-z']{1,30})")
_LAST = re.compile(r"([A-Za-z']{1,30})[ \n]$")


class Written(IntEnum):
    """How a name is written where it occurs."""

    AS_NAME = AS_WRITTEN
    COMMON = COMMON_NOUN
    UNSURE = BEGINS_SENTENCE
    SMALL = WORD_IN_SMALL_LETTERS


class About(NamedTuple):
    """What is known of an entry: its topics and category, the stems of its description, its addresses on the web."""

    groups: frozenset[str] = frozenset()
    stems: frozenset[str] = frozenset()
    addresses: frozenset[str] = frozenset()


class Around(NamedTuple):
    """What is known of a note beside the text of its blocks: what its front matter lists (`topic:soil`, `tool:spade`),
    the addresses that it links to, the section of each block, and the heading of each section."""

    listed: frozenset[str] = frozenset()
    addresses: frozenset[str] = frozenset()
    sections: Sequence[int] = ()
    headings: Sequence[str] = ()

    @property
    def topics(self) -> frozenset[str]:
        """The slugs of the listed topics."""
        return frozenset(name.partition(":")[2] for name in self.listed if name.startswith("topic:"))


class Doubt(NamedTuple):
    """An occurrence that may be an ordinary word: its place, its block, the entries that it may name, and how it is
    written. `plain` is true for a single word without signs, digits and capitals inside."""

    start: int
    end: int
    block: int
    entries: tuple[EntryKey, ...]
    written: Written
    plain: bool


class Context:
    """The names of one note, as signs for and against its doubtful ones."""

    def __init__(self, flat: str, blocks: Sequence[Block], around: Around, about: Mapping[EntryKey, About]) -> None:
        self._flat, self._blocks, self._around, self._about = flat, blocks, around, about
        self._certain: dict[int, Counter[str]] = {}
        self._doubtful: dict[int, Counter[str]] = {}
        self._by_section: dict[int, Counter[str]] = {}
        self._stems: dict[int, frozenset[str]] = {}
        self._in_section: dict[int, list[Block]] = {}
        self._named: dict[int, set[EntryKey]] = {}
        self._as_names: set[tuple[EntryKey, str]] = set()
        self._tells = False
        for block in blocks:
            self._in_section.setdefault(block.section, []).append(block)
        self._sizes = {section: sum(len(block.words) for block in those) for section, those in self._in_section.items()}

    def add(self, found: Iterable[tuple[int, tuple[EntryKey, ...]]], doubts: Iterable[Doubt]) -> None:
        """Take in the names of the note: certain ones, each with its block, and doubtful ones."""
        for block, entries in found:
            self._count(self._certain, block, entries)
            self._named.setdefault(self._blocks[block].section, set()).update(entries)
        doubts = list(doubts)
        seen: set[int] = set()
        for doubt in doubts:
            if doubt.plain and doubt.start not in seen and in_running_text(self._flat, doubt.start, doubt.end):
                text = self._flat[doubt.start : doubt.end].lower()
                self._as_names.update((entry, text) for entry in doubt.entries)
            seen.add(doubt.start)
        supported = []
        for doubt in doubts:
            signs = self.signs(doubt, doubt.entries[0])
            if sum(signs.values()) > 0 and (len(signs) > 1 or doubt.written is Written.AS_NAME):
                supported.append(doubt)
        for doubt in supported:
            self._count(self._doubtful, doubt.block, doubt.entries)
        self._tells = bool(self._by_section)

    def counts(self, doubt: Doubt) -> tuple[EntryKey, ...]:
        """The entries that a doubtful name counts for."""
        return tuple(entry for entry in doubt.entries if sum(self.signs(doubt, entry).values()) > 0)

    def signs(self, doubt: Doubt, entry: EntryKey) -> dict[str, int]:
        """The signs for and against an entry at a place, with their points."""
        found = {"written": int(doubt.written), **self._support(doubt, entry)}
        section = self._blocks[doubt.block].section
        if (
            len(found) == 1
            and self._tells
            and self._sizes[section] >= _LONG
            and not self._named.get(section, set()) - {entry}
        ):
            found["alone"] = ALONE
        text = self._flat[doubt.start : doubt.end]
        if doubt.plain:
            if reads_as_verb(self._flat, doubt.start, doubt.end):
                found["verb"] = VERB
            elif doubt.written is Written.UNSURE and reads_as_name(self._flat, doubt.end):
                found["reads as a name"] = AS_WRITTEN
            if text[0].isupper() and in_longer_name(self._flat, doubt.start, doubt.end):
                found["longer name"] = LONGER_NAME
            if (entry, text.lower()) in self._as_names and doubt.written is Written.UNSURE:
                found["name elsewhere"] = SAME_NAME
            elif (entry, text) in self._as_names:
                found["name elsewhere"] = NAME_ELSEWHERE
        return found

    def _support(self, doubt: Doubt, entry: EntryKey) -> dict[str, int]:
        """The signs that speak for an entry."""
        about, section = self._about[entry], self._blocks[doubt.block].section
        own = f"{entry[0].value}:{entry[1]}"
        found: dict[str, int] = {}
        if own in self._around.listed or not about.addresses.isdisjoint(self._around.addresses):
            found["listed"] = LISTED
        certain, doubtful = self._certain.get(doubt.block), self._doubtful.get(doubt.block)
        if certain and _related(certain, about.groups, own):
            found["related beside"] = RELATED_BESIDE
        elif (certain and _others(certain, own)) or (doubtful and _related(doubtful, about.groups, own)):
            found["other beside"] = OTHER_BESIDE
        if _related(self._by_section.get(section, Counter()), about.groups, own):
            found["related in section"] = RELATED_IN_SECTION
        if not about.stems.isdisjoint(self._section_stems(section)):
            found["own words"] = OWN_WORDS
        return found

    def _count(self, table: dict[int, Counter[str]], block: int, entries: Iterable[EntryKey]) -> None:
        for entry in entries:
            own = f"{entry[0].value}:{entry[1]}"
            for counts in (table.setdefault(block, Counter()), self._section(self._blocks[block].section)):
                counts[own] += 1
                for group in self._about[entry].groups:
                    counts[group] += 1
                    counts[f"{own} {group}"] += 1

    def _section(self, section: int) -> Counter[str]:
        return self._by_section.setdefault(section, Counter())

    def _section_stems(self, section: int) -> frozenset[str]:
        if section not in self._stems:
            found = {word for block in self._in_section[section] for word in block.words}
            if section < len(self._around.headings):
                found.update(word[0] for word in words(key(plain(self._around.headings[section]))))
            self._stems[section] = stems(found)
        return self._stems[section]


def _related(counts: Counter[str], groups: Iterable[str], own: str) -> bool:
    """Whether an entry other than `own` with one of some topics or categories is among those counted."""
    return any(counts[group] > counts[f"{own} {group}"] for group in groups)


def _others(counts: Counter[str], own: str) -> bool:
    return any(" " not in name and name != own and name.split(":")[0] in _KINDS for name in counts)


_KINDS = frozenset(kind.value for kind in Kind)


def stems(found: Iterable[str]) -> frozenset[str]:
    """The beginnings of words that say something.

    >>> sorted(stems(["planting", "plants", "with", "soil"]))
    ['plant', 'soil']
    """
    return frozenset(word.removesuffix("s")[:_STEM] for word in found if len(word) > 3 and word not in _FUNCTION_WORDS)


def begins_sentence(text: str, start: int) -> bool:
    """Whether a word is the first of its sentence, item or block.

    >>> begins_sentence("So. Go on", 4), begins_sentence("we Go", 3), begins_sentence("Go", 0)
    (True, False, True)
    """
    at = start - 1
    while at >= 0 and start - at < 60 and text[at] in _OPENING:
        at -= 1
    return at < 0 or (text[at] in _ENDS_SENTENCE and not (text[at] == "-" and text[at - 1 : at].isalnum()))


def reads_as_name(text: str, end: int) -> bool:
    """Whether what follows the first word of a sentence shows that it's a name: a verb in the third person, a sign, the
    end.

    >>> [reads_as_name(text, 5) for text in ("Spark runs on", "Spark your", "Spark: fast", "Spark")]
    [True, False, True, True]
    """
    found = _NEXT.match(text, end)
    if not found:
        return text[end : end + 1] != "-"
    word = found[1]
    return word in _NAME_VERBS or (
        word.islower() and word.endswith("s") and not word.endswith("ss") and word not in _OBJECTS
    )


def reads_as_verb(text: str, start: int, end: int) -> bool:
    """Whether the words around a word show that it's a verb.

    >>> [reads_as_verb(text, text.index("spark"), text.index("spark") + 5)
    ...  for text in ("it may spark joy", "to spark your interest", "a spark of joy", "use spark to sort")]
    [True, True, False, False]
    """
    before = _LAST.search(text, max(0, start - 40), start)
    after = _NEXT.match(text, end)
    word = before[1].lower() if before else ""
    if word in _AUXILIARIES:
        return True
    first = begins_sentence(text, start) or word in _BEFORE_VERB
    return first and after is not None and after[1].lower() in _OBJECTS


def in_longer_name(text: str, start: int, end: int) -> bool:
    """Whether a word with a capital has another one beside it, in a clause that isn't all capitals.

    >>> [in_longer_name(text, text.index("Nova"), text.index("Nova") + 4)
    ...  for text in ("off to Nova Scotia", "a Nova for me", "In Nova we trust", "New Nova And Old Nova")]
    [True, False, False, False]
    """
    if _in_title(text, start, end):
        return False
    after = _NEXT.match(text, end)
    if after and _is_capitalised(after[1]):
        return True
    before = _LAST.search(text, max(0, start - 40), start)
    return bool(before and _is_capitalised(before[1]) and not begins_sentence(text, before.start(1)))


def in_running_text(text: str, start: int, end: int) -> bool:
    """Whether a word has a capital as a name in a sentence has, between words without one.

    >>> [in_running_text(text, text.index("Nova"), text.index("Nova") + 4)
    ...  for text in ("buy the Nova", "Nova is fast", "a Bossa Nova is", "The New Nova: fast")]
    [True, False, False, False]
    """
    return (
        text[start].isupper()
        and not begins_sentence(text, start)
        and not _in_title(text, start, end)
        and not in_longer_name(text, start, end)
    )


def _in_title(text: str, start: int, end: int) -> bool:
    """Whether all words of the clause around a word have capitals, but for the small ones."""
    first = max(
        (found.end() for found in _CLAUSE_END.finditer(text, max(0, start - 200), start)), default=max(0, start - 200)
    )
    last = _CLAUSE_END.search(text, end, end + 200)
    clause = [*_LETTERS.findall(text, first, start), *_LETTERS.findall(text, end, last.start() if last else end + 200)]
    return all(word[0].isupper() or word in SMALL for word in clause)


def _is_capitalised(word: str) -> bool:
    return word[0].isupper() and word[1:].islower()


def shouted(text: str, start: int, end: int) -> bool:
    """Whether a word in capitals is among words in capitals, where its own say nothing.

    >>> shouted("WE GO HOME", 3, 5), shouted("written in GO and C", 11, 13)
    (True, False)
    """
    before = _LAST.search(text, max(0, start - 31), start)
    after = _NEXT.match(text, end)
    return any(word and len(word[1]) > 1 and word[1].isupper() for word in (before, after))
