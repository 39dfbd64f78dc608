"""Collects possible names from all notes, with their places and the evidence in nearby words. Also finds abbreviations
that a note explains, as in `Foundation Model (FM)` or `FM: foundation model`."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import NamedTuple
from urllib.parse import urlsplit

from mlguide_site.editing.suggest.capitalised_runs import Run, Word, capitalises_nouns, is_marked, runs_of, words_of
from mlguide_site.editing.suggest.vocabulary import CATEGORIES, WORDS
from mlguide_site.linking.spelling import singular
from mlguide_site.linking.tags import name_key
from mlguide_site.markdown.document import Document, LinkUse
from mlguide_site.model.base import is_allowed_url
from mlguide_site.model.records import Kind

_SHORT = r"(?P<short>[A-Za-z][A-Za-z0-9&./-]{0,9}[A-Za-z0-9])"
_PART = r"[^\W_](?:[^\W_]|[-'’](?=\w)){0,30}+"
_WORDS = rf"(?P<words>{_PART}(?: {_PART}){{0,7}}+)"
_NAME_FIRST = re.compile(rf"(?<![\w'’-]){_WORDS}[”\"']? \({_SHORT}(?:\)|[,;] )")
_SHORT_FIRST = re.compile(rf"(?<![\w.-]){_SHORT}(?: \((?:short for |= ?)?|: (?=[a-z])){_WORDS}")
MAX_PLACES = 20
# None stands for a company or an event, for which there is no kind of entry
_NOUNS = {
    Kind.TOOL: WORDS["tool-nouns"],
    Kind.TERM: WORDS["term-nouns"],
    Kind.RESOURCE: WORDS["resource-nouns"],
    None: WORDS["organisation-nouns"],
}
_Kinds = set[Kind | None]
_IS_A = ({"is", "was", "are"}, {"a", "an", "the"})
_LIST_SEPARATOR = re.compile(r"\s*(?:,|;|/|&|\+|,?\s*(?:and|or|vs\.?|versus|nor|plus)|,\s*e\.g\.,?)\s*$")
_HIDDEN = "\0"
_QUANTITY = re.compile(
    r"\d[\d.,]{0,12}[A-Za-z]{0,2}-[a-z]{1,20}|\d[\d.,]{0,12}-?[A-Za-z]{0,3}s?|[QHWVv]\d{1,2}(?:\.\d{1,2}){0,3}|[A-Z]\+[A-Z]"
)


def expansions(text: str) -> Iterator[tuple[str, str, int, int]]:
    """Yield each abbreviation, its expansion, and the start and end offsets of the expansion. In `words (ABC)`, the
    shortest matching expansion is used; in `ABC (words)` or `ABC: words`, the longest."""
    for pattern in (_NAME_FIRST, _SHORT_FIRST):
        is_name_first = pattern is _NAME_FIRST
        for match in pattern.finditer(text):
            words = list(re.finditer(r"[^ ]+", match["words"]))
            for count in range(1, len(words) + 1) if is_name_first else range(len(words), 0, -1):
                chosen = words[-count:] if is_name_first else words[:count]
                if expanded := expand(match["short"], [word[0] for word in chosen]):
                    at = match.start("words")
                    yield (*expanded, at + chosen[0].start(), at + chosen[-1].end())
                    break


def expand(short: str, words: Sequence[str]) -> tuple[str, str] | None:
    """Return an abbreviation and its expansion, both in the singular, or None if they don't match."""
    base = short[:-1] if short.endswith("s") and len(short) > 2 and short[-2].isupper() else short
    letters = [char for char in base if char.isalpha()]
    if not 2 <= len(letters) <= 8 or sum(map(str.isupper, letters)) * 2 < len(letters):
        return None  # an abbreviation has two to eight letters, and at least half of the letters are capitals
    parts = [part.lower() for word in words for part in re.split(r"[-'’]", word) if part]
    if len(parts) < 2 or {parts[0], parts[-1]} & WORDS["small"] or base.lower() in parts or " ".join(words).isupper():
        return None
    if not _abbreviates("".join(letters).lower(), tuple(parts)):
        return None
    last = singular(words[-1]) if base != short else ""
    return base, " ".join([*words[:-1], last or words[-1]])


@lru_cache(maxsize=4096)
def _abbreviates(letters: str, parts: tuple[str, ...]) -> bool:
    """Return whether letters abbreviate words, as `lora` abbreviates `low rank adaptation`."""
    if not letters or not parts:
        return not letters and all(part in WORDS["small"] for part in parts)
    for count in range(1, len(letters) + 1) if parts[0][0] == letters[0] else ():
        rest = iter(parts[0])
        if all(letter in rest for letter in letters[:count]) and _abbreviates(letters[count:], parts[1:]):
            return True
    return parts[0] in WORDS["small"] | WORDS["name-joiners"] and _abbreviates(letters, parts[1:])


class Spot(NamedTuple):
    """The place of a name: the episode, the block, and the start and end offsets in the block's text."""

    episode: str
    block: int
    start: int
    end: int


@dataclass(slots=True, eq=False)
class Candidate:
    """A possible name, and the evidence for it."""

    key: str  # the result of `name_key`, which is equal for all spellings of the name
    forms: Counter[str] = field(default_factory=Counter)  # spellings
    count: int = 0  # the number of places where the name occurs
    loud: int = 0  # the number of places where a capital is no evidence of a name, as in `Run.loud`
    episodes: Counter[str] = field(default_factory=Counter)
    spots: list[Spot] = field(default_factory=list)
    kinds: Counter[Kind | None] = field(default_factory=Counter)  # kinds that nearby words (see `_NOUNS`) indicate
    categories: Counter[str] = field(default_factory=Counter)  # categories of tools that nearby words indicate
    short: Counter[str] = field(default_factory=Counter)  # abbreviations
    addresses: Counter[str] = field(default_factory=Counter)  # link targets

    @property
    def name(self) -> str:
        """The most frequent spelling of the name."""
        return most_used(self.forms)[0]

    def add(self, form: str, spot: Spot, loud: bool = False) -> None:
        self.forms[form] += 1
        self.count += 1
        self.loud += loud
        self.episodes[spot.episode] += 1
        if len(self.spots) < MAX_PLACES:
            self.spots.append(spot)

    def absorb(self, other: "Candidate", with_forms: bool = False) -> None:
        """Add the evidence from another candidate for the same name, and the spellings if `with_forms` is set."""
        self.count += other.count
        self.loud += other.loud
        for name in ("episodes", "kinds", "categories", "short", "addresses", *["forms"] * with_forms):
            getattr(self, name).update(getattr(other, name))
        self.spots = sorted({*self.spots, *other.spots})[:MAX_PLACES]


Table = dict[str, Candidate]


def most_used(counts: Counter[str]) -> list[str]:
    """Return the strings in a counter, with the most frequent first."""
    return sorted(counts, key=lambda text: (-counts[text], text))


class _Text(NamedTuple):
    """The prose of one block."""

    episode: str
    block: int
    text: str
    words: list[Word]
    links: Mapping[tuple[int, int], LinkUse]  # the links of the episode, by block and offset
    marked_only: bool  # true if the language capitalises all nouns, so that a capital shows no name


def gather(documents: Mapping[str, Document]) -> tuple[Table, frozenset[str]]:
    """Return all candidates by key, and all words that occur in lower case."""
    texts: list[_Text] = []
    for episode, document in documents.items():
        prose = _prose_of(document)
        words = {block: words_of(text) for block, text in prose.items()}
        marked_only = capitalises_nouns(words.values())
        links = {(link.block, link.offset): link for link in document.links if not link.image}
        texts += [_Text(episode, at, text, words[at], links, marked_only) for at, text in sorted(prose.items())]
    ordinary = frozenset(word.text for text in texts for word in text.words if word.text.islower())
    table: Table = {}
    for text in texts:
        _add_runs(table, text, ordinary)
        for short, long, start, end in expansions(text.text):
            candidate = _candidate(table, long)
            candidate.short[short] += 1
            candidate.add(long, Spot(text.episode, text.block, start, end))
    return table, ordinary


def _prose_of(document: Document) -> dict[int, str]:
    """Return prose by block number, without headings and blocks in capitals. NUL characters replace code and HTML."""
    headings = {section.line for section in document.sections if section.heading}
    parts = [(one.block, one.offset, one.text) for one in document.segments if one.child >= 0]
    for link in document.links:
        is_address = "/" in link.text and " " not in link.text.strip()
        if not link.image and not is_address and document.blocks[link.block].line not in headings:
            parts.append((link.block, link.offset, link.text))
    found: dict[int, str] = {}
    for block, offset, text in sorted(parts):
        found[block] = f"{found.get(block, '').ljust(offset, _HIDDEN)}{text}"
    return {block: text for block, text in found.items() if not document.blocks[block].text.isupper()}


def _candidate(table: Table, name: str) -> Candidate:
    key = name_key(name)
    return table.setdefault(key, Candidate(key))


def _add_runs(table: Table, block: _Text, ordinary: frozenset[str]) -> None:
    words = block.words
    runs = [run for run in runs_of(block.text, words, ordinary) if not is_no_name(run.text)]
    if block.marked_only:
        # in "Programm OpenRail", only the second word is certainly a name
        linked = [run for run in runs if _home_link(block, run)]
        others = (at for run in runs if run not in linked for at in range(run.first, run.last + 1))
        runs = [*linked, *(Run(at, at, words[at].text, False) for at in others if is_marked(words[at].text))]
        runs.sort()
    introduced: _Kinds = set()
    end = 0
    for run in runs:
        start = words[run.first].start
        if start - end > 20 or not _LIST_SEPARATOR.fullmatch(block.text, end, start):
            introduced = _introduced_kinds(words, run.first)
        end = words[run.last].end
        candidate = _candidate(table, run.text)
        candidate.add(run.text, Spot(block.episode, block.block, start, end), run.loud)
        candidate.kinds.update(introduced | _nearby_kinds(words, run))
        beside = [*words[max(0, run.first - 1) : run.first], *words[run.last + 1 : run.last + 2]]
        candidate.categories.update(CATEGORIES[word.low] for word in beside if word.text in CATEGORIES)
        link = block.links.get((block.block, start))
        if link and link.text.strip(" .,*_") == run.text and link.href.startswith("http") and is_allowed_url(link.href):
            candidate.addresses[link.href] += 1


def _home_link(block: _Text, run: Run) -> bool:
    """Return whether a run is one word, and the text of a link to the home page of the tool with this name. In the
    domains of countries where nouns begin with a capital, newspapers and shops have common nouns as names."""
    link = block.links.get((block.block, block.words[run.first].start)) if run.first == run.last else None
    home = home_page(run.text, [link.href]) if link and link.text.strip(" .,*_") == run.text else ""
    return home != "" and not home.endswith((".de/", ".at/", ".ch/"))


def home_page(name: str, addresses: Iterable[str]) -> str:
    """Return the address of a tool's home page or code repository, or "" if no address contains its name."""
    words = [_letters(word) for word in name.split()]
    for address in addresses:
        parts = urlsplit(address)
        labels = parts.netloc.casefold().removeprefix("www.").split(".")
        project = [part for part in parts.path.split("/") if part][:2]
        if ".".join(labels) in WORDS["code-hosts"]:
            if len(project) == 2 and _letters(project[1]) == "".join(words):
                return f"{parts.scheme}://{parts.netloc}/{'/'.join(project)}"
        elif "".join(words) in {*map(_letters, labels), "".join(labels)} or {*words} < {*labels}:
            return f"{parts.scheme}://{parts.netloc}/"
    return ""


def _letters(text: str) -> str:
    return "".join(filter(str.isalnum, text.casefold()))


def _noun_kind(word: str) -> _Kinds:
    return {kind for kind, nouns in _NOUNS.items() if word in nouns}


def _nearby_kinds(words: Sequence[Word], run: Run) -> _Kinds:
    """Return the kinds of entry that words beside a possible name indicate, such as a tool for `framework`."""
    found: _Kinds = set()
    following = words[run.last + 1 : run.last + 8]
    if [word.low in group for word, group in zip(following, _IS_A, strict=False)] == [True, True]:
        ending = next((at for at, word in enumerate(following) if word.first or "," in word.before), len(following))
        return next(filter(None, (_noun_kind(word.low) for word in following[2:ending])), found)
    for at, after in enumerate(following[:2]):
        if after.first or not after.text.islower() or not after.before.endswith((" ", "\n")):
            break
        # in "NoSQL databases", the plural shows that "NoSQL" isn't the name of a database
        found |= _noun_kind(after.low) - ({Kind.TOOL} if after.low.endswith("s") else set())
        if not at and after.low in WORDS["does"] and not words[run.last].owner:
            found.add(Kind.TOOL)
        if found or after.low in WORDS["small"]:
            break
    if run.first and (gap := words[run.first].before) in {" ", "\n", ' "', " “", ". "}:
        before = words[run.first - 1]
        if before.low in WORDS["roles"] or (before.low == "by" and run.last > run.first):
            found.add(Kind.PERSON)
        elif gap != ". " and before.text.islower():
            found |= {None} if before.low == "at" else _noun_kind(before.low)
    return found


def _introduced_kinds(words: Sequence[Word], first: int) -> _Kinds:
    """Return the kinds of entry that words before a list of names, such as `libraries like`, indicate."""
    introduces = "(" in words[first].before or ":" in words[first].before
    for word in reversed(words[max(0, first - 4) : first]):
        if introduces and (kinds := _noun_kind(word.low)):
            return kinds
        introduces |= word.low in WORDS["list-words"]
        if word.first or not (introduces or word.low in WORDS["small"]):
            break
    return set()


def is_no_name(name: str) -> bool:
    """Return whether a string can't be a name, for example because it is a letter, a quantity, a file name or `FAQ`."""
    low = name.lower()
    if not 2 <= len(name) <= 80 or {low, low.removesuffix("s")} & WORDS["no-names"]:
        return True
    if not any(map(str.isalpha, name)) or _QUANTITY.fullmatch(name):
        return True
    stem, point, ending = low.rpartition(".")
    return bool(point and stem) and " " not in name and ending.isalpha() and ending not in WORDS["domain-endings"]


def is_person(name: str, ordinary: frozenset[str]) -> bool:
    """Return whether a string may be a person's first and last name."""
    words = name.split()
    if not 2 <= len(words) <= 4 or not all(word[:1].isupper() for word in words):
        return False
    return not any((is_marked(word) and "." not in word) or word.lower() in ordinary for word in words)
