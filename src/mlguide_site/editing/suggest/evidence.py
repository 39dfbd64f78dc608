"""Candidates: all possible names in all texts, each with where it is and with what the words around it say."""

import re
from bisect import bisect_left, bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from mlguide_site.editing.suggest import vocabulary
from mlguide_site.editing.suggest.abbreviations import expansions
from mlguide_site.editing.suggest.tokens import (
    Run,
    Stretch,
    Word,
    capitalises_nouns,
    is_marked,
    runs_of,
    stretches,
    words_of,
)
from mlguide_site.markdown.document import Document
from mlguide_site.model import Kind

MAX_PLACES = 50
MAX_TITLE = 12
PERSON, PLACE = "person", "place"
"""What the words around a name say of it, besides the names of kinds (`tool`, `term`, `resource`)."""
_QUOTED = re.compile(r"[\"“]([^\"“”]{4,100})[\"”]")
_NAME = r"(?:(?:[^\W\d_a-z]\.){1,3}|[^\W\d_a-z][\w'’-]{1,30})"
_PERSON = rf"{_NAME}(?: {_NAME}){{1,3}}"
_CREDITED = re.compile(rf"[ \"”*),\n]{{1,4}}by ({_PERSON}(?:(?:, and |, | and ){_PERSON}){{0,3}})")
_AND = re.compile(", and |, | and ")
_BETWEEN = re.compile(r"\s*(?:,|;|/|&|\+|,?\s*(?:and|or|vs\.?|versus|nor|plus)|,\s*e\.g\.,?)\s*$")
_QUANTITY = re.compile(
    r"\d[\d.,]{0,12}[A-Za-z]{0,2}-[a-z]{1,20}|\d[\d.,]{0,12}-?[A-Za-z]{0,3}s?|[QHWVv]\d{1,2}(?:\.\d{1,2}){0,3}|[A-Z]\+[A-Z]"
)
_INITIALS = re.compile(r"(?:[A-Z]\.){1,4}[A-Z]?")


class Spot(NamedTuple):
    """A place of a name: episode, block, first character and last character + 1 in the block's text."""

    episode: str
    block: int
    start: int
    end: int


@dataclass(slots=True)
class Candidate:
    """A possible name and the evidence for it; `key` is what its spellings share.

    `forms` counts spellings, `firm` the places where its capitals mean something and `loud` those where they don't,
    `low` how often it is written small. `company` holds the keys of names it is listed with, `short` its abbreviations,
    `addresses` where the author's links on it lead; `is_work` marks a title.
    """

    key: str
    forms: Counter[str] = field(default_factory=Counter)
    firm: int = 0
    loud: int = 0
    low: int = 0
    episodes: Counter[str] = field(default_factory=Counter)
    spots: list[Spot] = field(default_factory=list)
    cues: Counter[str] = field(default_factory=Counter)
    company: Counter[str] = field(default_factory=Counter)
    short: Counter[str] = field(default_factory=Counter)
    authors: Counter[str] = field(default_factory=Counter)
    addresses: Counter[str] = field(default_factory=Counter)
    is_work: bool = False

    @property
    def name(self) -> str:
        """The spelling used most."""
        return min(self.forms, key=lambda form: (-self.forms[form], form))

    @property
    def count(self) -> int:
        return self.firm + self.loud

    def add(self, form: str, spot: Spot, loud: bool) -> None:
        """Count a place of the name."""
        self.forms[form] += 1
        self.firm += not loud
        self.loud += loud
        self.episodes[spot.episode] += 1
        if len(self.spots) < MAX_PLACES:
            self.spots.append(spot)

    def absorb(self, other: "Candidate") -> None:
        """Add the evidence for another spelling of the same name."""
        self.firm += other.firm
        self.loud += other.loud
        self.low = max(self.low, other.low)
        for name in ("episodes", "cues", "company", "short", "authors", "addresses"):
            getattr(self, name).update(getattr(other, name))
        self.spots = sorted({*self.spots, *other.spots})[:MAX_PLACES]


Table = dict[str, Candidate]


def name_key(name: str) -> str:
    """What the spellings of a name share: letters and digits in small, and telling signs; no plural's ending.

    >>> name_key("Scikit-Learn") == name_key("scikit learns"), name_key("LSTMs"), name_key("C++"), name_key("AWS")
    (True, 'lstm', 'c++', 'aws')
    """
    text = "".join(char for char in name.casefold() if char.isalnum() or char in "+#")
    if len(text) > 2 and name.endswith("s") and name[-2].isupper():
        return text[:-1]
    is_plural = len(text) > 3 and text.endswith("s") and not text.endswith(("ss", "us", "is", "ics", "as", "os"))
    return text[:-1] if is_plural and not name.isupper() else text


class _Text(NamedTuple):
    """One block of an episode."""

    episode: str
    block: int
    text: str
    words: list[Word]
    parts: list[Stretch]
    document: Document


def gather(documents: Mapping[str, Document]) -> tuple[Table, frozenset[str]]:
    """All candidates of all texts by key, and the words that the texts write small. Linear in the length of texts."""
    texts: list[_Text] = []
    marked_only: set[str] = set()
    for episode, document in documents.items():
        blocks = [
            _Text(
                episode,
                index,
                document.blocks[index].text,
                words_of(document.blocks[index].text, parts),
                parts,
                document,
            )
            for index, parts in stretches(document).items()
        ]
        if capitalises_nouns([block.words for block in blocks]):
            marked_only.add(episode)
        texts += blocks
    ordinary = frozenset(word.text for text in texts for word in text.words if word.text.islower())
    table: Table = {}
    for text in texts:
        _add_runs(table, text, ordinary, text.episode in marked_only)
        _add_works(table, text, ordinary)
        _add_expansions(table, text)
    table = {key: candidate for key, candidate in table.items() if candidate.forms}
    _count_small(table, documents.values())
    return table, ordinary


def _candidate(table: Table, name: str) -> Candidate:
    key = name_key(name)
    return table.setdefault(key, Candidate(key))


def _add_runs(table: Table, block: _Text, ordinary: frozenset[str], marked_only: bool) -> None:
    text, words = block.text, block.words
    runs = [run for run in runs_of(text, words, ordinary) if not is_no_name(run.text)]
    if marked_only:
        # of "Programm OpenRail" only the second is a name for certain
        marked = [at for run in runs for at in range(run.first, run.last + 1) if is_marked(words[at].text)]
        runs = [Run(at, at, words[at].text, False) for at in marked]
    keys = []
    for run in runs:
        first, last = words[run.first], words[run.last]
        candidate = _candidate(table, run.text)
        candidate.add(run.text, Spot(block.episode, block.block, first.start, last.end), run.loud)
        keys.append(candidate.key)
        candidate.cues.update(_cues(words, run))
        link = block.document.links[first.link] if first.link >= 0 else None
        if link and link.text.strip(" .,*_") == run.text and link.href.startswith("http"):
            candidate.addresses[link.href] += 1
    _add_lists(table, block, runs, keys)


def _noun_kind(word: str) -> str:
    """The kind that a noun beside a name calls it; empty where it calls it nothing."""
    if word in vocabulary.TOOL_NOUNS:
        return Kind.TOOL.value
    if word in vocabulary.TERM_NOUNS:
        return Kind.TERM.value
    return Kind.RESOURCE.value if word in vocabulary.RESOURCE_NOUNS else ""


def _cues(words: Sequence[Word], run: Run) -> set[str]:
    """What the words around a run say of it."""
    found: set[str] = set()
    before = words[run.first - 1] if run.first else None
    for after in words[run.last + 1 : run.last + 3]:
        if after.before not in {" ", "'s ", "’s ", "\n"} or after.first or not after.text.islower():
            break
        found.add(_noun_kind(after.low))
        if after is words[run.last + 1] and not words[run.last].owner:
            found.add(Kind.TOOL.value if after.low in vocabulary.DOES else "")
            found.add(PERSON if after.low in vocabulary.SAYS else "")
        if after.low in vocabulary.SMALL or found - {""}:
            break
    gap = words[run.first].before
    if before and gap in {" ", "\n", ' "', " “", ". "}:
        if before.low in vocabulary.ROLES or (before.low == "by" and run.last > run.first):
            found.add(PERSON)
        elif gap != ". ":
            found.add(_noun_kind(before.low) if before.text.islower() else "")
            found.add(PLACE if before.low in vocabulary.PLACED else "")
    return found - {""}


def _add_lists(table: Table, block: _Text, runs: Sequence[Run], keys: Sequence[str]) -> None:
    """Names that are listed together say something of each other; so does the noun before the list."""
    words = block.words
    groups: list[list[int]] = []
    for index, run in enumerate(runs):
        gap = (words[runs[index - 1].last].end, words[run.first].start) if index else None
        if gap and gap[1] - gap[0] < 20 and _BETWEEN.fullmatch(block.text, *gap):
            groups[-1].append(index)
        else:
            groups.append([index])
    for group in groups:
        kind = _introduction(words, runs[group[0]].first)
        for index in group:
            candidate = table[keys[index]]
            candidate.cues.update([kind] if kind else [])
            if not runs[index].loud and len(group) > 1 and len(candidate.company) < MAX_PLACES:
                candidate.company.update({keys[other] for other in group[:12]} - {keys[index]})


def _introduction(words: Sequence[Word], first: int) -> str:
    """What the words before a list call its items: `libraries such as`, `tools (e.g.`, `frameworks like`."""
    opened = "(" in words[first].before or ":" in words[first].before
    at, linking = first - 1, 0
    while at >= 0 and first - at < 4 and words[at].low in vocabulary.LIST_WORDS | {"such", "the", "are"}:
        linking += words[at].low in vocabulary.LIST_WORDS
        at -= 1
    for word in reversed(words[max(0, at - 2) : at + 1]) if opened or linking else ():
        if kind := _noun_kind(word.low):
            return kind
        if word.first:
            break
    return ""


def is_no_name(name: str) -> bool:
    """Whether a run can't be a name: letters, quantities, files, initials, abbreviations of everyday.

    >>> [name for name in ("4K", "EC2", "192K", "SOUL.md", "Node.js", "T.J", "CEOs", "CUDA", "Q3") if is_no_name(name)]
    ['4K', '192K', 'SOUL.md', 'T.J', 'CEOs', 'Q3']
    """
    low = name.lower()
    if not 2 <= len(name) <= 80 or {low, low.removesuffix("s")} & vocabulary.NO_NAMES:
        return True
    if not any(map(str.isalpha, name)) or _QUANTITY.fullmatch(name) or _INITIALS.fullmatch(name):
        return True
    stem, point, ending = low.rpartition(".")
    return bool(point and stem) and " " not in name and ending.isalpha() and ending not in vocabulary.DOMAIN_ENDINGS


def _add_works(table: Table, block: _Text, ordinary: frozenset[str]) -> None:
    """Books, courses and other works by title: `Title by Author`, `the book “Title”`, a link on a title."""
    text, words = block.text, block.words
    starts = [word.start for word in words]
    titles = [(match.start(1), match.end(1), "") for match in _QUOTED.finditer(text)]
    for at, word in enumerate(words):
        if word.low == "by" and (begin := _title_before(words, at)) < at:
            titles.append((words[begin].start, words[at - 1].end, ""))
    hrefs = [(part, block.document.links[part.link].href) for part in block.parts if part.link >= 0]
    titles += [(part.start, part.end, href) for part, href in hrefs if href.startswith(("http://", "https://"))]
    done = 0
    for start, end, href in sorted(titles, key=lambda title: (title[0], -title[1], title[2])):
        first, last = bisect_left(starts, start), bisect_left(starts, end)
        if start < done or not _is_title(words[first:last]):
            continue
        credited = _CREDITED.match(text, end)
        authors = _AND.split(credited[1]) if credited else []
        authors = [name for name in authors if is_person(name.split(), ordinary)]
        around = [*words[max(0, first - 3) : first], *words[last : last + 2]]
        if authors or any(word.low in vocabulary.RESOURCE_NOUNS for word in around):
            title = " ".join(text[start:end].strip(" .,;:").split())
            candidate = _candidate(table, title)
            candidate.is_work = True
            candidate.authors.update(authors)
            candidate.addresses.update([href] if href else [])
            candidate.add(title, Spot(block.episode, block.block, start, end), False)
            done = end


def _title_before(words: Sequence[Word], at: int) -> int:
    """The first word of the title that may end before a word."""
    first = at
    while first and at - first < MAX_TITLE:
        word = words[first - 1]
        if not word.bare or not (word.capital or word.low in vocabulary.TITLE_JOINERS | vocabulary.SMALL):
            break
        first -= 1
        if (word.first and word.before != ": ") or word.before not in {" ", ": ", ", ", " & ", "\n"}:
            break
    while first < at and (not words[first].capital or words[first].low in vocabulary.RESOURCE_NOUNS | {"read", "see"}):
        first += 1
    return first


def _is_title(inside: Sequence[Word]) -> bool:
    """Whether words are written as a title: two content words or more, each with a capital."""
    content = [word for word in inside if word.low not in vocabulary.TITLE_JOINERS | vocabulary.SMALL]
    raised = all(word.bare and (word.capital or word.text.isdigit()) for word in content)
    is_page = any(word.low in vocabulary.PAGE_WORDS for word in content)
    return 1 < len(content) <= len(inside) <= MAX_TITLE and raised and not is_page


def is_person(names: Sequence[str], ordinary: frozenset[str]) -> bool:
    """Whether words may be a person's first and last names.

    >>> [is_person(names.split(), frozenset(["open"])) for names in ("Jane Roe", "J. Q. Roe", "Open Source", "NASA")]
    [True, True, False, False]
    """
    if not 2 <= len(names) <= 4 or not all(name[:1].isupper() for name in names):
        return False
    return not any((is_marked(name) and "." not in name) or name.lower() in ordinary for name in names)


def _add_expansions(table: Table, block: _Text) -> None:
    for short, long, start, end in expansions(block.text):
        at = bisect_right(block.parts, start, key=lambda part: part.start) - 1
        if at < 0 or start >= block.parts[at].end or not any(part.start < end <= part.end for part in block.parts[at:]):
            continue
        words = long.split(" ")
        if words[0].istitle() and all(word.islower() for word in words[1:]):
            # only the beginning of a sentence raises it
            long = f"{words[0].lower()}{long[len(words[0]) :]}"
        candidate = _candidate(table, long)
        candidate.short[short] += 1
        candidate.add(long, Spot(block.episode, block.block, start, end), False)


def _count_small(table: Table, documents: Iterable[Document]) -> None:
    """Count how often each candidate is written small, as ordinary words are and names aren't."""
    names = {form.lower(): key for key, found in table.items() for form in found.forms if len(form) > 1}
    lengths: dict[str, set[int]] = defaultdict(set)
    for name in names:
        lengths[name.split(" ")[0]].add(name.count(" ") + 1)
    sign = re.compile(r"[^\w+#'-]")
    for document in documents:
        for block in document.blocks:
            # names with signs inside are never ordinary words
            words = sign.sub(" ", block.text).split(" ")
            for at, word in enumerate(words):
                for length in lengths.get(word, ()):
                    found = " ".join(words[at : at + length])
                    if found.islower() and found in names:
                        table[names[found]].low += 1
