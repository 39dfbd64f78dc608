"""Searches a text for the names of knowledge entries, in linear time for any number of names.

A match must have the name's punctuation, begin and end at word boundaries, have the right capitals (`spelling`) and
satisfy the entry's `match` rules (`match_rules`). If a match may be an ordinary word, `disambiguation` decides whether
it is a name. Of overlapping names, the leftmost is chosen, and then the longest."""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import NamedTuple

from mlguide_site.linking.disambiguation import (
    About,
    Around,
    EntryKey,
    Found,
    Written,
    begins_sentence,
    decide,
    is_ordinary,
    stems,
)
from mlguide_site.linking.folding import BREAK, cased, is_boundary, key, lower, plain, words
from mlguide_site.linking.match_rules import Block, Rule, rules_for
from mlguide_site.linking.spelling import Case, is_plain_word, keeps_capitals, spellings
from mlguide_site.model.catalog import Catalog, title_of
from mlguide_site.model.digests import digest
from mlguide_site.model.records import Entry, Kind, MatchRule, Person, Resource, Term, Tool, Topic
from mlguide_site.model.words import is_part_title

MAX_WORDS = 16
MAX_NESTED = 4  # maximum number of names to test at each word, longest first
MAX_ALIKE = 20  # maximum number of patterns with the same words, and maximum number of forms in a pattern
MAX_ALIKE_RULES = 40  # maximum number of match rules of all forms in a pattern
MAX_GROUPS = 20  # number of topics of an entry that help to tell names apart
_ORDER = {kind: rank for rank, kind in enumerate(Kind)}
_SAFE = frozenset(' \n\t\x00"()[]{},;:!?|*')  # characters that never join two words
_POSSESSIVE = re.compile(r"'(?:s|S|ll|d|ve|re)?(?!\w)")
_SUFFIX = re.compile(r"'(?!t\b)[^\W\d_]{1,6}(?![\w'])")
"""Matches an ending after an apostrophe, as in Turkish `Docker'da` and Polish `Google'a`."""
_ELIDED = re.compile(
    r"(?<!\w)(?:[cdjlmnst]|qu|jusqu|lorsqu|puisqu|quelqu|un|all|dall|dell|nell|sull|quest|bell)'$", re.IGNORECASE
)
"""Matches a short word before a name in French, Italian and Catalan, as in `d'Angular`."""
_COMPOUND = re.compile(
    r"-(?:based|like|style|powered|native|driven|compatible|specific|only|first|enabled|centric|friendly|ready|related"
    r"|free|aware|type|backed|hosted|managed|oriented|heavy|generated|trained|written|side)(?![^\W_])",
    re.IGNORECASE,
)
"""Matches the second part of a compound word whose first part can be a name, as in "Docker-based"."""
_CAPITAL_COMPOUND = re.compile(r"-[A-ZÄÖÜ][^\W\d_]{2}")
"""Matches the second part of a compound noun, as in German `Docker-Container`."""
_REACH = 300
_RUN_START = re.compile(r'[ \n\t\x00|"(<\[,;]')
_RUN_END = re.compile(r'[ \n\t\x00|"<]')
_ADDRESS = re.compile(
    r".*://|www\.|[~.]{0,2}/[\w.]|[A-Za-z]:\\|[^@]*@[^@]*\.|[\w-]{1,63}(?:\.[\w-]{1,63}){0,6}\.(?!js)[a-z]{2,24}(?::\d+)?/"
)
_INITIAL = re.compile(r"\. ?[A-Z]")
_FORMULA = re.compile(r" ?[=<>^*+]|\(|:[\\/]")
_BEFORE_NAME = re.compile(r"\b(?:in|with|use|using|and|or|like|to|learn|than|from) $")


def names_of(entry: Entry) -> tuple[str, ...]:
    """Return the title of an entry, its abbreviations and its aliases."""
    short = entry.abbreviations if isinstance(entry, Term) else ()
    return (title_of(entry), *short, *entry.aliases)


class Named(NamedTuple):
    """An entry, its names and `match` rules. `proper` is true if the names are proper names."""

    kind: Kind
    slug: str
    names: tuple[str, ...]
    rules: tuple[MatchRule, ...] = ()
    proper: bool = True
    about: About = About()

    @classmethod
    def of(cls, kind: Kind, slug: str, entry: Entry) -> "Named":
        topics = [slug] if isinstance(entry, Topic) else getattr(entry, "topics", ())
        groups = [f"topic {topic}" for topic in topics[:MAX_GROUPS]]
        if isinstance(entry, Tool) and entry.category != "Other":
            groups.append(f"category {entry.category}")
        # "Chapter 2" of one book would also be found where chapters of other books are mentioned
        is_part = (
            isinstance(entry, Resource)
            and not entry.match
            and is_part_title(entry.title)
            and (bool(entry.parent) or not any(map(str.isdigit, entry.title)))
        )
        names = tuple(entry.aliases) if is_part else names_of(entry)
        text = entry.definition if isinstance(entry, Term) else entry.summary
        own_words = stems(key(plain(text)).split()) - stems(key(plain(" ".join(names))).split())
        rules = () if isinstance(entry, (Topic, Person)) else entry.match
        is_proper = isinstance(entry, (Resource, Person))
        if isinstance(entry, Tool):
            is_proper = bool(entry.homepage or entry.source)
        return cls(kind, slug, names, rules, is_proper, About(frozenset(groups), own_words))

    @property
    def fingerprint(self) -> str:
        """A digest of all data that affects where the entry is found."""
        return digest(repr((*self[:-1], *map(sorted, self.about))))

    @property
    def spellings(self) -> frozenset[str]:
        """The words of each spelling, joined by spaces. Only a text with all words of a spelling can match."""
        return frozenset(words for words, _, _ in _forms_of(self))


class _Form(NamedTuple):
    """A spelling of an entry's name, with its rule for capitals (`case`) and its `match` rules. See `Spelling` for
    `own`. `proper` is true for a proper name. `word` is true if the spelling looks like an ordinary word."""

    entry: EntryKey
    text: str
    own: bool
    case: Case
    proper: bool
    word: bool
    rules: tuple[tuple[Rule, ...], ...]


class _Pattern(NamedTuple):
    """Spellings with the same lower-case `text`. `lead` is the length of the punctuation before the first word. `last`
    is the length of the last word with the punctuation after it. `joined` is true if a hyphen and a word may follow,
    `compound` if a hyphen and a capitalised word may. `is_title` is true if all spellings are of resources."""

    text: str
    lead: int
    last: int
    forms: tuple[_Form, ...]
    joined: bool
    compound: bool
    is_title: bool


@dataclass(frozen=True)
class NameTable:
    """The names of a catalog's entries. A changed entry affects only the texts with one of its old or new spellings."""

    named: tuple[Named, ...]

    @classmethod
    def of(cls, catalog: Catalog) -> "NameTable":
        return cls(tuple(Named.of(kind, *item) for kind in Kind for item in sorted(catalog.entries(kind).items())))

    def find(self, text: str, around: Around | None = None) -> list[Found]:
        """Return all names of entries in a text, in order and without overlaps, except names in titles of resources.
        `text` may contain several blocks, separated by `BREAK`. `around` contains the note's sections and the entries
        in its front matter."""
        search = _Search(self, text, around or Around())
        found = decide(search.flat, search.blocks, search.around, self.about, list(search.run()))
        result: list[Found] = []
        title, end = Found(0, 0, ()), 0
        for one in sorted(found, key=lambda one: (one.start, -one.end)):
            is_inner = title.is_resource and one.end <= title.end and not one.is_resource
            if one.start >= title.end:
                title, end = one, one.start
            elif not is_inner or one.start < end:
                continue
            else:
                end = one.end
            result.append(one._replace(inner=one is not title))
        return result

    @cached_property
    def about(self) -> Mapping[EntryKey, About]:
        return {(entry.kind, entry.slug): entry.about for entry in self.named}

    @cached_property
    def patterns(self) -> Mapping[str, tuple[_Pattern, ...]]:
        """The patterns of all names. A key contains the words of a name, joined by spaces."""
        groups: dict[tuple[str, str], list[_Form]] = defaultdict(list)
        for entry in self.named:
            for path, text, form in _forms_of(entry):
                groups[path, text].append(form)
        table: dict[str, tuple[_Pattern, ...]] = {}
        for (path, text), forms in groups.items():
            alike = table.get(path, ())
            if len(alike) < MAX_ALIKE and (pattern := _pattern(text, forms)):
                table[path] = (*alike, pattern)
        return table

    @cached_property
    def lengths(self) -> Mapping[str, tuple[int, ...]]:
        """Maps a word to the lengths (in words) of the names that begin with the word, longest first."""
        found: dict[str, set[int]] = defaultdict(set)
        for path in self.patterns:
            found[path.partition(" ")[0]].add(path.count(" ") + 1)
        return {word: tuple(sorted(lengths, reverse=True)) for word, lengths in found.items()}


def _forms_of(entry: Named) -> Iterator[tuple[str, str, _Form]]:
    """Yield, for each spelling of an entry, its words (joined by spaces), its `_comparable` text and its form."""
    rules = tuple(map(Rule.of, entry.rules))
    for name in entry.names:
        own = key(plain(name)).strip()
        for text, is_own, case in spellings(name, entry.kind, entry.proper):
            letters = cased(text)
            small = lower(letters)
            found = [word[0] for word in words(small)]
            if 0 < len(found) <= MAX_WORDS:
                apply = rules_for(rules, frozenset([own, small.strip()]))
                form = _Form((entry.kind, entry.slug), letters, is_own, case, entry.proper, is_plain_word(text), apply)
                yield " ".join(found), _comparable(text), form


def _pattern(text: str, forms: list[_Form]) -> _Pattern | None:
    """Return the pattern for forms with the same text, or None if no form remains. If the forms belong to several
    entries of the same kind, only the forms in the knowledge file remain."""
    rivals: dict[Kind, set[EntryKey]] = defaultdict(set)
    for form in forms:
        rivals[form.entry[0]].add(form.entry)
    clear = {form for form in forms if form.own or len(rivals[form.entry[0]]) == 1}
    if not clear:
        return None
    ranked = sorted(clear, key=lambda form: (_ORDER[form.entry[0]], form.entry[1], form.text, not form.own))
    found = words(lower(cased(text)))
    looks_ordinary = any(form.word for form in ranked)
    kept, rules = list[_Form](), 0
    for form in ranked[:MAX_ALIKE]:
        rules += sum(map(len, form.rules))
        kept += [form] if rules <= MAX_ALIKE_RULES or not form.rules else []
    is_clear = not all(is_ordinary(form.entry[0], form.text) for form in ranked)
    is_title = all(form.entry[0] is Kind.RESOURCE for form in kept)
    length = len(text) - found[-1].start()
    return _Pattern(text, found[0].start(), length, tuple(kept), not looks_ordinary, is_clear, is_title)


class _Search:
    def __init__(self, table: NameTable, text: str, around: Around) -> None:
        self.table, self.around = table, around
        self.topics = frozenset(slug for kind, slug in around.listed if kind is Kind.TOPIC)
        self.flat = plain(text)
        self.letters = cased(self.flat)
        self.comparable = _comparable(self.flat)
        self.blocks: list[Block] = []
        small, start = lower(self.letters), 0
        for number, part in enumerate(self.flat.split(BREAK)):
            section = around.sections[number] if number < len(around.sections) else 0
            self.blocks.append(Block(self.flat, small, start, start + len(part), number, section))
            start += len(part) + 1

    def run(self) -> Iterator[Found]:
        """Yield all matches. After a match that is certainly a name (`Written.CERTAIN`), skip its words, but within
        the title of a resource only other resources."""
        for block in self.blocks:
            until = title = 0
            for at in range(len(block.words)):
                for last, pattern in self._patterns(block, at) if at >= until else ():
                    is_within = at < title and pattern.is_title
                    if not is_within and (found := self._found(block, at, last, pattern)):
                        yield found._replace(inner=at < title)
                        if found.written is Written.CERTAIN and pattern.is_title:
                            title = last + 1
                        elif found.written is Written.CERTAIN:
                            until = last + 1
                            break
            block.forget()

    def _patterns(self, block: Block, first: int) -> Iterator[tuple[int, _Pattern]]:
        tried = 0
        for length in self.table.lengths.get(block.words[first], ()):
            last = first + length - 1
            if last >= len(block.words):
                continue
            here = self.table.patterns.get(" ".join(block.words[first : last + 1]), ())
            for pattern in here:
                yield last, pattern
            tried += bool(here)
            if tried == MAX_NESTED:
                break

    def _found(self, block: Block, first: int, last: int, pattern: _Pattern) -> Found | None:
        start, end = block.starts[first] - pattern.lead, block.starts[last] + pattern.last
        text = self.comparable[start:end] if start >= 0 else ""
        if text != pattern.text and text != pattern.text.replace(".", " "):
            return None
        if not starts_word(self.flat, start) or not ends_word(self.flat, start, end, pattern.joined, pattern.compound):
            return None
        if end - start == 1 and is_mere_letter(self.flat, start, end):
            return None
        forms: dict[Written, list[_Form]] = defaultdict(list)
        for form in pattern.forms:
            written = self._written(form, start, end)
            as_written = self.letters[start:end] == form.text
            if written is not None and all(
                any(rule.holds(block, first, last, self.topics, as_written) for rule in group) for group in form.rules
            ):
                forms[written].append(form)
        if not forms:
            return None
        likeliest = max(forms)
        best = forms[likeliest]
        # a spelling from the knowledge file takes precedence over a variant of another name
        own = [form for form in best if form.own]
        entries = tuple(dict.fromkeys(form.entry for form in own or best))
        return Found(start, end, entries, block.number, likeliest, any(form.word for form in best))

    def _written(self, form: _Form, start: int, end: int) -> Written | None:
        written = self.letters[start:end]
        if form.case is not Case.ANY and not keeps_capitals(written, form.text):
            is_phrase = " " in form.text
            if form.case is Case.FIXED or (is_phrase and not written.islower()):
                return None
            return Written.SMALL if written.islower() and not is_phrase else Written.UNSURE
        if form.rules or not form.word or (form.proper and form.text.islower()):
            return Written.CERTAIN
        if not form.proper:
            return Written.COMMON
        may_be_word = is_ordinary(form.entry[0], form.text) and (written.isupper() or begins_sentence(self.flat, start))
        return Written.UNSURE if may_be_word else Written.AS_NAME


def _comparable(plain_text: str) -> str:
    return lower(plain_text).replace("-", " ")


def starts_word(text: str, start: int) -> bool:
    """Return whether a name may begin at `start`. Here and below, `text` is a result of `plain`."""
    if start == 0 or text[start - 1] in _SAFE:
        return True
    before, further = text[start - 1], text[start - 2] if start > 1 else " "
    if before.isalnum() or before == "_":
        return is_boundary(before, text[start])
    if before == "'" and _ELIDED.search(text, max(0, start - 9), start):
        return True
    if before in "-'.&#<`~":
        # a hyphen before a lower-case letter may begin a command-line option
        is_option = before == "-" and text[start].islower()
        return not is_option and not further.isalnum() and further not in "&_"
    return before not in "@\\$%^" and not in_address(text, start)


def ends_word(text: str, start: int, end: int, joined: bool, compound: bool = False) -> bool:
    """Return whether a name may end at `end`. If `joined` is true, a hyphen and any word may follow, and if `compound`
    is true, a hyphen and a capitalised word."""
    after, following = text[end : end + 1], text[end + 1 : end + 2] or " "
    if not after:
        return True
    if after in _SAFE:
        return after != "(" or following != ")"
    if after.isalnum() or after == "_":
        return is_boundary(text[end - 1], after)
    good = after not in "#@\\$^="
    if after == "'":
        good = _POSSESSIVE.match(text, end) is not None or _is_inflected(text, start, end)
    elif after == "-":
        good = joined or not following.isalnum() or _COMPOUND.match(text, end) is not None
        good |= compound and text[start].isupper() and _CAPITAL_COMPOUND.match(text, end) is not None
    elif after in ".&":
        good = not following.isalnum() and following != "_"
    elif after == "+":
        good = following.isalnum()
    if end - start < 2 and after not in "'.":
        # a single letter before punctuation is a name only in alternatives ("R/Python")
        good = after == "/" and not following.isdigit()
    return good and not (after in "/+=%~:-" and in_address(text, start))


def _is_inflected(text: str, start: int, end: int) -> bool:
    suffix = _SUFFIX.match(text, end) if end - start > 1 and text[start].isupper() else None
    return suffix is not None and suffix[0].islower() and not _ELIDED.search(text, start, end + 1)


@lru_cache(maxsize=1)
def in_address(text: str, at: int) -> bool:
    """Return whether the characters around a position, up to whitespace, are a web address, path or email address."""
    before, after = text[max(0, at - _REACH) : at], text[at : at + _REACH]
    stop = _RUN_END.search(after)
    run = _RUN_START.split(before)[-1] + (after[: stop.start()] if stop else after)
    # a very long run of characters isn't prose
    return len(run) >= 2 * _REACH or _ADDRESS.match(run) is not None


def is_mere_letter(text: str, start: int, end: int) -> bool:
    """Return whether a single letter is an initial or part of a formula, and therefore not a name."""
    if _INITIAL.match(text, end):
        return _BEFORE_NAME.search(text, max(0, start - 10), start) is None
    return _FORMULA.match(text, end) is not None
