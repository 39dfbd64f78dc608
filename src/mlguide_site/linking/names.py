"""The table of names: every spelling of every entry's names in one tree of words, and what it finds in a text.

A text is searched block by block. At each word the tree is followed as far as the words go, at most `MAX_WORDS`; of the
names that end there, the longest are tried, at most `MAX_NESTED`: time and memory are linear in the text, however many
names there are and however they are nested. What is tried must have the name's own signs and good edges (`edges`), keep
its capitals (`spelling`) and hold the entry's `match` rules (`rules`). Words that may be no name at all are left to
`context`. Of overlapping names the leftmost counts, of those that begin together the longest.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from hashlib import blake2b
from typing import Any, NamedTuple

from mlguide_site.linking.context import About, Around, Context, Doubt, Written, begins_sentence, shouted, stems
from mlguide_site.linking.edges import SAFE, ends_word, is_mere_letter, starts_word
from mlguide_site.linking.folding import BREAK, address_keys, cased, folded, key, plain, words
from mlguide_site.linking.rules import Block, Rule, rules_for
from mlguide_site.linking.spelling import Case, in_capitals, is_plain_word, keeps_capitals, spellings
from mlguide_site.model import Entry, Kind, MatchRule, Person, Resource, Term, Tool, Topic
from mlguide_site.model.catalog import Catalog

EDITION = "7"
"""Raise it with every change of what is found: it is part of a table's fingerprint."""
MAX_WORDS = 16
"""Names of more words are not searched for."""
MAX_NESTED = 4
"""Of names that begin at the same word, so many are tried, the longest first."""

EntryKey = tuple[Kind, str]
ORDER = {kind: rank for rank, kind in enumerate(Kind)}
_NUMBERED = re.compile(r"([^\W\d_]{4,})\d{1,2}")


class Named(NamedTuple):
    """What finding an entry depends on: kind and slug, names as the knowledge file has them, rules, whether they are
    proper names, and what `context` needs to know."""

    kind: Kind
    slug: str
    names: tuple[str, ...]
    rules: tuple[MatchRule, ...] = ()
    proper: bool = True
    about: About = About()


class Found(NamedTuple):
    """A place where entries are named: first character, last character + 1, and the entries in order of precedence."""

    start: int
    end: int
    entries: tuple[EntryKey, ...]


class Form(NamedTuple):
    """One entry under one spelling. `name` is the key of the name that is spelt, `text` the cased spelling, and `rules`
    are those of the entry that apply to it."""

    entry: EntryKey
    name: str
    text: str
    own: bool
    case: Case
    proper: bool
    plain: bool
    rules: tuple[tuple[Rule, ...], ...]


class Pattern(NamedTuple):
    """Spellings that differ in case only, and whose they are. `text` is what is compared with a text (see `_signed`),
    `lead` and `last` are the lengths of the signs before its first word and of all from its last word on. `proper` and
    `ordinary` are what `edges` asks."""

    text: str
    lead: int
    last: int
    forms: tuple[Form, ...]
    proper: bool
    ordinary: bool


def named(kind: Kind, slug: str, entry: Entry) -> Named:
    """The names and rules of an entry as its knowledge file has them."""
    first = entry.title if isinstance(entry, Resource) else entry.term if isinstance(entry, Term) else entry.name
    more = entry.abbreviations if isinstance(entry, Term) else ()
    rules = () if isinstance(entry, (Topic, Person)) else entry.match
    proper = bool(entry.homepage or entry.source) if isinstance(entry, Tool) else isinstance(entry, (Resource, Person))
    return Named(kind, slug, (first, *more, *entry.aliases), rules, proper)


def _about(kind: Kind, slug: str, entry: Entry) -> About:
    own = [slug] if isinstance(entry, Topic) else getattr(entry, "topics", ())
    category = [f"category {entry.category}"] if isinstance(entry, Tool) and entry.category != "Other" else []
    text = entry.definition if isinstance(entry, Term) else entry.summary
    addresses = [entry.homepage, entry.source] if isinstance(entry, Tool) else []
    return About(
        frozenset([*(f"topic {topic}" for topic in own), *category]),
        stems(key(plain(text)).split()) - stems(key(plain(" ".join(named(kind, slug, entry).names))).split()),
        frozenset(address_keys(address)[0] for address in addresses if address),
    )


@dataclass(frozen=True)
class NameTable:
    """The names of a catalog's entries. Two tables with the same `fingerprint` find the same in every text."""

    named: tuple[Named, ...]

    @classmethod
    def of(cls, catalog: Catalog) -> "NameTable":
        """The table of every entry of a catalog, whatever the order of its mappings."""
        return cls(
            tuple(
                named(kind, slug, entry)._replace(about=_about(kind, slug, entry))
                for kind in Kind
                for slug, entry in sorted(catalog.entries(kind).items())
            )
        )

    def __getstate__(self) -> dict[str, object]:
        """What goes to another process: all but the tree."""
        return {"named": self.named}

    @cached_property
    def fingerprint(self) -> str:
        """A digest of all that decides what the table finds: 32 hexadecimal digits."""
        return _digest(EDITION, [_stable(entry) for entry in self.named])

    @cached_property
    def digests(self) -> Mapping[str, str]:
        """For each key that is searched for, a digest of what finding it depends on: in a text without a key in which
        two tables differ, both find the same (`Changes`)."""
        entries = {(entry.kind, entry.slug): _digest(_stable(entry._replace(names=()))) for entry in self.named}
        found: dict[str, set[str]] = defaultdict(set)
        for path, text, form in self._spelled:
            found[" ".join(path)].add(repr((text, form._replace(rules=()), entries[form.entry])))
        return {text: _digest(EDITION, sorted(found[text])) for text in sorted(found)}

    @cached_property
    def first_words(self) -> Mapping[str, Sequence[int]]:
        """By first word the entries, as places in `named`, that have a spelling with it (see `narrowed`)."""
        places = {(entry.kind, entry.slug): at for at, entry in enumerate(self.named)}
        found: dict[str, set[int]] = defaultdict(set)
        for path, _, form in self._spelled:
            found[path[0]].add(places[form.entry])
        return {word: sorted(found[word]) for word in sorted(found)}

    def narrowed(self, first_words: Mapping[str, Sequence[int]], searched: str) -> "NameTable":
        """A smaller table that finds the same in one text, given the first words of this table and the text
        `as_searched`: for one text, not all names need be spelt out."""
        places = {place for word in set(searched.split(" ")) for place in first_words.get(word, ())}
        return NameTable(tuple(self.named[place] for place in sorted(places)))

    def find(self, text: str, around: Around | None = None) -> list[Found]:
        """Every place where entries are named, from first to last, none overlapping. `text` may hold several blocks,
        separated by `BREAK`; `around` is what is known of the note beside them."""
        return _Search(self, text, around or Around()).run() if self.named else []

    @cached_property
    def about(self) -> Mapping[EntryKey, About]:
        """What is known of each entry."""
        return {(entry.kind, entry.slug): entry.about for entry in self.named}

    @cached_property
    def tree(self) -> dict[str, Any]:
        """The names word by word: a mapping for each word that may follow, under "" the patterns that end."""
        groups: dict[tuple[tuple[str, ...], str], list[Form]] = defaultdict(list)
        for path, text, form in self._spelled:
            groups[path, text].append(form)
        root: dict[str, Any] = {}
        for (path, text), forms in groups.items():
            pattern = _pattern(text, forms)
            if pattern is None:
                continue
            node = root
            for word in path:
                node = node.setdefault(word, {})
            node.setdefault("", []).append(pattern)
        return root

    @cached_property
    def after_signs(self) -> frozenset[str]:
        """The first words of names that begin with a sign (".NET")."""
        return frozenset(path[0] for path, text, _ in self._spelled if not text.startswith(path[0]))

    @cached_property
    def _spelled(self) -> list[tuple[tuple[str, ...], str, Form]]:
        """All spellings, each with its words and as it is compared."""
        result = []
        for entry in self.named:
            rules = tuple(map(Rule.of, entry.rules))
            for name in entry.names:
                own = key(plain(name)).strip()
                for spelling in spellings(name, entry.kind, entry.proper):
                    text = cased(spelling.text)
                    small = folded(text)
                    found = words(small)
                    if not 0 < len(found) <= MAX_WORDS:
                        continue
                    form = Form(
                        (entry.kind, entry.slug),
                        own,
                        text,
                        spelling.own,
                        spelling.case,
                        entry.proper,
                        is_plain_word(spelling.text),
                        rules_for(rules, frozenset([own, small.strip()])),
                    )
                    result.append((tuple(word[0] for word in found), _signed(spelling.text), form))
        return result


def _signed(plain_text: str) -> str:
    """A plain text in lower case with its signs; a space and a hyphen are the same."""
    return folded(plain_text).replace("-", " ")


def _stable(entry: Named) -> object:
    """An entry as a value whose `repr` is always the same."""
    rules = [rule.model_dump(mode="json") for rule in entry.rules]
    about = (sorted(entry.about.groups), sorted(entry.about.stems), sorted(entry.about.addresses))
    return (entry.kind.value, entry.slug, entry.names, rules, entry.proper, about)


def _digest(*values: object) -> str:
    return blake2b(repr(values).encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()


def _pattern(text: str, forms: list[Form]) -> Pattern | None:
    """What spellings that differ in case only are searched as. One that several entries of a kind could have and none
    has is left out: a text can mean any of them."""
    rivals: dict[Kind, set[EntryKey]] = defaultdict(set)
    for form in forms:
        rivals[form.entry[0]].add(form.entry)
    clear = {form for form in forms if form.own or len(rivals[form.entry[0]]) == 1}
    if not clear:
        return None
    ranked = sorted(clear, key=lambda form: (ORDER[form.entry[0]], form.entry[1], form.text, not form.own))
    found = words(folded(cased(text)))
    return Pattern(
        text,
        found[0].start(),
        len(text) - found[-1].start(),
        tuple(ranked),
        all(form.proper or sum(map(str.isupper, form.text.rsplit(maxsplit=1)[-1])) > 1 for form in ranked),
        any(
            form.case is not Case.ANY and not in_capitals(form.text.removesuffix("s")) for form in ranked if form.plain
        ),
    )


class _Search:
    """One text being searched."""

    def __init__(self, table: NameTable, text: str, around: Around) -> None:
        self.table, self.around, self.topics = table, around, around.topics
        self.flat = plain(text)
        self.letters = cased(self.flat)
        self.small = folded(self.letters)
        self.signed = _signed(self.flat)
        self.found: list[tuple[int, Found]] = []
        self.doubts: list[Doubt] = []

    def run(self) -> list[Found]:
        """What counts in the text."""
        blocks = []
        start = 0
        for number, part in enumerate(self.flat.split(BREAK)):
            end = start + len(part)
            sections = self.around.sections
            blocks.append(Block(self.flat, self.small, start, end, sections[number] if number < len(sections) else 0))
            self._search(number, blocks[-1])
            start = end + 1
        found = [one for _, one in self.found]
        if self.doubts:
            context = Context(self.flat, blocks, self.around, self.table.about)
            context.add(((number, one.entries) for number, one in self.found), self.doubts)
            for doubt in self.doubts:
                if entries := context.counts(doubt):
                    found.append(Found(doubt.start, doubt.end, entries))
        return _leftmost_longest(found)

    def _search(self, number: int, block: Block) -> None:
        """Find the names of one block."""
        root, at = self.table.tree, 0
        while at < len(block.words):
            stop = at + 1
            if (block.words[at] in root or block.words[at][-1].isdigit()) and self._may_begin(block, at):
                for last, patterns in self._ends(block, at, root):
                    if self._try(number, block, at, last, patterns):
                        stop = last + 1
                        break
            at = stop

    def _may_begin(self, block: Block, at: int) -> bool:
        """Whether a name may begin with a word, as far as what is before it goes."""
        start = block.starts[at]
        return (
            start == 0
            or self.flat[start - 1] in SAFE
            or (block.words[at] in self.table.after_signs or starts_word(self.flat, start, True, False))
        )

    def _ends(self, block: Block, first: int, root: dict[str, Any]) -> Iterator[tuple[int, list[Pattern]]]:
        """The last words of names that begin at a word, with their patterns; the longest names first."""
        found: list[tuple[int, list[Pattern]]] = []
        node, at = root, first
        while at < len(block.words):
            word = block.words[at]
            following = node.get(word)
            if following is None:
                # a version number that is glued to a name is none of its words
                glued = _NUMBERED.fullmatch(word)
                if glued and (following := node.get(glued[1])) and "" in following:
                    found.append((at, following[""]))
                break
            if "" in following:
                found.append((at, following[""]))
            node, at = following, at + 1
        return iter(found[: -MAX_NESTED - 1 : -1])

    def _try(self, number: int, block: Block, first: int, last: int, patterns: Iterable[Pattern]) -> bool:
        """Take in what names some words are; whether they are surely one."""
        best: Found | None = None
        for pattern in patterns:
            place = self._place(block, first, last, pattern)
            if place is None:
                continue
            start, end, stop = place
            sure, doubts = self._judge(block, first, last, start, end, pattern)
            if sure and (best is None or (start, -stop) < (best.start, -best.end)):
                best = Found(start, stop, sure)
            elif not sure:
                self.doubts += [doubt._replace(end=stop, block=number) for doubt in doubts]
        if best:
            self.found.append((number, best))
        return best is not None

    def _place(self, block: Block, first: int, last: int, pattern: Pattern) -> tuple[int, int, int] | None:
        """Where a pattern begins and ends at some words, and where it ends with a version number; None where its signs
        or edges are others."""
        flat = self.flat
        start, end = block.starts[first] - pattern.lead, block.starts[last] + pattern.last
        text = self.signed[start:end] if start >= 0 else ""
        if text != pattern.text and text != pattern.text.replace(".", " "):
            return None
        if not starts_word(flat, start, pattern.proper, pattern.ordinary):
            return None
        stop = ends_word(flat, start, end, pattern.proper, pattern.ordinary)
        return (start, end, stop) if stop else None

    def _judge(
        self, block: Block, first: int, last: int, start: int, end: int, pattern: Pattern
    ) -> tuple[tuple[EntryKey, ...], list[Doubt]]:
        """The entries that a place surely names, or else the doubtful ones."""
        flat, written = self.flat, self.letters[start:end]
        if end - start == 1 and is_mere_letter(flat, start, end):
            return (), []
        sure: list[Form] = []
        doubtful: dict[Written, list[Form]] = defaultdict(list)
        ruled = False
        for form in pattern.forms:
            keeps = form.case is Case.ANY or keeps_capitals(written, form.text)
            if not keeps and (form.case is Case.FIXED or not (written.islower() or " " not in form.text)):
                continue
            as_written = written == form.text
            if not all(
                any(rule.holds(block, first, last, self.topics, as_written) for rule in group) for group in form.rules
            ):
                continue
            if not keeps:
                single = written.islower() and " " not in form.text
                doubtful[Written.SMALL if single else Written.UNSURE].append(form)
            elif form.rules:
                ruled = ruled or as_written
                sure.append(form)
            elif form.case is not Case.ANY and in_capitals(written) and not in_capitals(form.text):
                if not shouted(flat, start, end):
                    sure.append(form)
            elif not form.plain or (form.proper and form.text.islower()):
                sure.append(form)
            elif not form.proper:
                doubtful[Written.COMMON].append(form)
            elif begins_sentence(flat, start):
                doubtful[Written.UNSURE].append(form)
            else:
                doubtful[Written.AS_NAME].append(form)
        if ruled and not written.islower():
            # words written as an entry whose rules hold are no name that is spelt otherwise
            sure = [form for form in sure if form.text == written]
        if sure:
            return _entries(sure), []
        return (), [
            Doubt(start, end, 0, _entries(forms), how, any(form.plain for form in forms))
            for how, forms in sorted(doubtful.items(), reverse=True)
        ]


def _entries(forms: Sequence[Form]) -> tuple[EntryKey, ...]:
    """The entries of some spellings: those that have it themselves go before those for which it is a variant."""
    own = [form for form in forms if form.own]
    return tuple(dict.fromkeys(form.entry for form in own or forms))


def _leftmost_longest(places: Iterable[Found]) -> list[Found]:
    """Of overlapping places the leftmost, of those that begin together the longest, of equal ones the first."""
    result: list[Found] = []
    for one in sorted(places, key=lambda one: (one.start, -one.end)):
        if not result or one.start >= result[-1].end:
            result.append(one)
    return result


class Changes:
    """The keys in which two tables differ."""

    def __init__(self, before: Mapping[str, str], after: Mapping[str, str]) -> None:
        self.keys = sorted({text for text, _ in before.items() ^ after.items()})
        self._tree: dict[str, Any] = {}
        for text in self.keys:
            node = self._tree
            for word in text.split(" "):
                node = node.setdefault(word, {})
            node[""] = {}

    def touch(self, searched: str) -> bool:
        """Whether a text, `as_searched`, has one of them. If not, both tables find the same in it."""
        found = searched.split(" ") if self._tree else []
        for first, word in enumerate(found):
            node, at = self._tree.get(word), first
            while node is not None:
                if "" in node:
                    return True
                at += 1
                node = node.get(found[at]) if at < len(found) else None
        return False


def as_searched(text: str) -> str:
    r"""The words of a text as a table searches them; once more where version numbers are glued to words.

    >>> as_searched("Node.js, Python3")
    'node js python3 \x00 node js python'
    """
    found = [word[0] for word in words(key(plain(text)))]
    bare = [glued[1] if (glued := _NUMBERED.fullmatch(word)) else word for word in found]
    return " ".join(found if bare == found else [*found, BREAK, *bare])
