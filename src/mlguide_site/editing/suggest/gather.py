"""All possible names of all texts, each with how often it stands where its capitals mean something, and with what."""

import re
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from ahocorasick_rs import AhoCorasick

from mlguide_site.editing.suggest import lists
from mlguide_site.editing.suggest.cues import Cue, cues_of, groups_of, with_items
from mlguide_site.editing.suggest.expansions import expansions
from mlguide_site.editing.suggest.runs import Run, runs_of
from mlguide_site.editing.suggest.tokens import (
    Stretch,
    Word,
    is_marked,
    is_plain_word,
    raises_nouns,
    stretches,
    words_of,
)
from mlguide_site.editing.suggest.works import Work, linked_work, works_of
from mlguide_site.linking.names.folding import cased, folded, plain
from mlguide_site.linking.names.spelling import key
from mlguide_site.markdown.document import Document, LinkUse

MAX_PLACES = 50


class Spot(NamedTuple):
    """A place of a name: episode, block, first character and last character + 1 in the block's text."""

    episode: str
    block: int
    start: int
    end: int


@dataclass(slots=True)
class Seen:
    """What was seen of one possible name; `key` is what its spellings share.

    `forms` counts spellings, `plain` the places where capitals mean nothing, `low` how often it stands written small.
    `company` holds the keys of those it was listed with, `pairs` of those behind a stroke, `short` what the texts say
    is short for it, `addresses` where the author's links on the name lead; `work` is its title, where it's a work.
    """

    key: str
    forms: Counter[str] = field(default_factory=Counter)
    firm: int = 0
    loud: int = 0
    low: int = 0
    items: int = 0
    episodes: dict[str, int] = field(default_factory=dict)
    spots: list[Spot] = field(default_factory=list)
    cues: Counter[Cue] = field(default_factory=Counter)
    company: Counter[str] = field(default_factory=Counter)
    short: Counter[str] = field(default_factory=Counter)
    pairs: Counter[str] = field(default_factory=Counter)
    authors: Counter[str] = field(default_factory=Counter)
    addresses: Counter[str] = field(default_factory=Counter)
    work: str = ""

    @property
    def name(self) -> str:
        """The spelling that is used most, the longest of equals."""
        return min(self.forms, key=lambda form: (-self.forms[form], -len(form), form))

    @property
    def count(self) -> int:
        return self.firm + self.loud

    def add(self, form: str, spot: Spot, loud: bool) -> None:
        """One more place."""
        self.forms[form] += 1 if loud else 3
        if loud:
            self.loud += 1
        else:
            self.firm += 1
        self.episodes[spot.episode] = self.episodes.get(spot.episode, 0) + 1
        if len(self.spots) < MAX_PLACES:
            self.spots.append(spot)


Table = dict[str, Seen]


def gather(documents: Mapping[str, Document]) -> Table:
    """What the texts of episodes may name, by key. Time is linear in their length."""
    table: Table = {}
    for episode, document in documents.items():
        blocks = {
            index: (parts, words_of(document.blocks[index].text, parts)) for index, parts in stretches(document).items()
        }
        raised = raises_nouns([words for _, words in blocks.values()])
        for index, (parts, words) in blocks.items():
            _block(table, episode, document, index, parts, words, raised)
    _count_small(table, documents.values())
    return {name: seen for name, seen in table.items() if seen.forms}


def seen_of(table: Table, name: str) -> Seen:
    """The record of a name, made where there is none."""
    found = name_key(name)
    return table.setdefault(found, Seen(found))


def name_key(name: str) -> str:
    """What the spellings of one name share: case, signs and a plural's ending aside.

    >>> name_key("Scikit-Learn") == name_key("scikit learns"), name_key("LSTMs") == name_key("LSTM")
    (True, True)
    """
    text = " ".join(key(plain(name)).split()) + "".join(char for char in name if char in "+#")
    if len(text) > 2 and name.endswith("s") and name[-2].isupper():
        return text[:-1]
    if len(text) > 3 and text.endswith("s") and not text.endswith(("ss", "us", "is", "ics", "as", "os")):
        text = text[:-1]
    return text


def _block(
    table: Table,
    episode: str,
    document: Document,
    index: int,
    parts: Sequence[Stretch],
    words: Sequence[Word],
    raised: bool,
) -> None:
    """Records what one block may name; `raised`: capitals alone mean nothing in this text."""
    text = document.blocks[index].text
    runs = with_items(text, words, runs_of(text, words))
    if raised:
        # of "Programm OpenRail" only the second is a name for sure
        marked = [at for run in runs for at in range(run.first, run.last + 1) if is_marked(words[at].text)]
        runs = [Run(at, at, words[at].text, False) for at in marked]
    keys = [_see(table, episode, document, index, words, run) for run in runs]
    for at in range(1, len(runs)):
        # CI/CD
        if keys[at - 1] and keys[at] and text[words[runs[at - 1].last].end : words[runs[at].first].start] == "/":
            table[keys[at - 1]].pairs[keys[at]] += 1
    for group in groups_of(text, words, runs):
        members = [keys[at] for at in group.members if keys[at]]
        for at in group.members:
            if not keys[at]:
                continue
            seen = table[keys[at]]
            if group.cue:
                seen.cues[group.cue] += 1
            if not runs[at].loud and len(members) > 1:
                # neighbours tell more than what is far off in a long list
                for other in members[:12]:
                    if other != keys[at] and len(seen.company) < MAX_PLACES:
                        seen.company[other] += 1
    works = works_of(text, words)
    if any(part.link >= 0 for part in parts):
        works = _with_linked(works, text, words, [document.links[part.link] for part in parts if part.link >= 0])
    for work in works:
        if is_nothing(work.title):
            continue
        seen = seen_of(table, work.title)
        seen.work = work.title
        seen.authors.update(work.authors)
        if work.url:
            seen.addresses[work.url] += 1
        seen.add(work.title, Spot(episode, index, work.start, work.end), False)
    for short, long, start, end in expansions(text):
        if not _within(parts, start, end):
            continue
        seen = seen_of(table, long)
        seen.short[short] += 1
        seen.add(_sentence_case(long), Spot(episode, index, start, end), False)


def _with_linked(works: Sequence[Work], text: str, words: Sequence[Word], links: Sequence[LinkUse]) -> list[Work]:
    """The works of a block, and those that links name; a link's whole text goes before a part of it."""
    starts = [word.start for word in words]
    linked = [
        work for link in links if (work := linked_work(text, words, starts, link.text.strip(), link.href, link.offset))
    ]
    ends = [work.end for work in linked]
    apart = [
        work for work in works if (at := bisect_left(ends, work.end)) == len(linked) or linked[at].start > work.start
    ]
    return [*apart, *linked]


def _see(table: Table, episode: str, document: Document, index: int, words: Sequence[Word], run: Run) -> str:
    """Records a run; returns its key, or "" where nothing can be named so."""
    name, last = run.text, run.last
    if is_nothing(name):
        return ""
    word = words[run.first]
    if run.first == last and not run.low and not is_plain_word(name) and not is_marked(name) and not word.owner:
        # "Euclidean distance" is a term, "Euclidean" none
        following = words[last + 1] if last + 1 < len(words) else None
        if following and following.before == " " and following.bare and following.text in lists.KINDS_OF_TERM:
            last += 1
            name = f"{name} {following.text}"
    seen = seen_of(table, name)
    seen.add(name, Spot(episode, index, word.start, words[last].end), run.loud)
    if last > run.last:
        seen.cues[Cue.TERM] += 1
        return ""
    seen.items += run.low
    for cue in cues_of(words, run):
        seen.cues[cue] += 1
    if word.link >= 0:
        link = document.links[word.link]
        if link.text.strip(" .,*_") == name and link.href.startswith("http"):
            seen.addresses[link.href] += 1
    return seen.key


def is_nothing(name: str) -> bool:
    """Whether a run can't be a name: letters, quantities, files, initials, abbreviations of everyday.

    >>> [name for name in ("4K", "EC2", "192K", "SOUL.md", "Node.js", "T.J", "CEOs", "CUDA", "Q3") if is_nothing(name)]
    ['4K', '192K', 'SOUL.md', 'T.J', 'CEOs', 'Q3']
    """
    low = name.lower()
    if len(name) < 2 or low in lists.NO_NAMES or low.removesuffix("s") in lists.NO_NAMES or len(name) > 80:
        return True
    if not any(char.isalpha() for char in name) or _QUANTITY.fullmatch(name) or _INITIALS.fullmatch(name):
        return True
    stem, point, ending = low.rpartition(".")
    return bool(point) and " " not in name and ending.isalpha() and stem != "" and ending not in lists.ENDINGS


_QUANTITY = re.compile(
    r"\d[\d.,]{0,12}[A-Za-z]{0,2}-[a-z]{1,20}|\d[\d.,]{0,12}-?[A-Za-z]{0,3}s?|[QHWVv]\d{1,2}(?:\.\d{1,2}){0,3}|[A-Z]\+[A-Z]"
)
_INITIALS = re.compile(r"(?:[A-Z]\.){1,4}[A-Z]?")


def _within(parts: Sequence[Stretch], start: int, end: int) -> bool:
    at = bisect_right(parts, start, key=lambda part: part.start) - 1
    last = bisect_right(parts, end - 1, key=lambda part: part.start) - 1
    return at >= 0 and start < parts[at].end and end <= parts[last].end


def _sentence_case(long: str) -> str:
    """An expansion as terms are written: words that only a title raises are small."""
    words = long.split(" ")
    if all(word[:1].isupper() for word in words if word.lower() not in lists.JOINERS):
        return long
    if words[0][:1].isupper() and words[0][1:].islower() and all(word.islower() for word in words[1:]):
        return f"{words[0].lower()} {' '.join(words[1:])}"
    return long


def _count_small(table: Table, documents: Iterable[Document]) -> None:
    """How often each possible name is written small: as ordinary words are, and names aren't."""
    names = {folded(cased(plain(form))): found for found, seen in table.items() for form in seen.forms}
    keys = sorted(text for text in names if text.strip() and len(text) > 1)
    if not keys:
        return
    automaton = AhoCorasick([f" {text} " for text in keys], store_patterns=False)
    for document in documents:
        for block in document.blocks:
            letters = cased(plain(block.text))
            # single spaces: words that stand side by side share the one between them
            text = f" {letters} "
            for index, start, end in automaton.find_matches_as_indexes(text.lower(), overlapping=True):
                if text[start:end].islower():
                    table[names[keys[index]]].low += 1


def marked_name(name: str) -> bool:
    """Whether any word of a name shows by its shape that it is one."""
    return any(is_marked(word) for word in name.split())
