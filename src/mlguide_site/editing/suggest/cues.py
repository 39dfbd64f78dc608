"""What stands around a possible name and tells what it is: words before and behind it, appositions, lists it stands
in."""

import re
from collections.abc import Sequence
from enum import StrEnum
from typing import NamedTuple

from mlguide_site.editing.suggest import lists, world
from mlguide_site.editing.suggest.runs import Run
from mlguide_site.editing.suggest.tokens import Word, is_marked
from mlguide_site.linking.names.words import is_ordinary

_BETWEEN = re.compile(r"\s*(?:,|;|/|&|\+|,?\s*(?:and|or|vs\.?|versus|nor|plus)|,\s*e\.g\.,?)\s*$")
_REACH = 6
_ITEM = re.compile(r"[a-z][a-z0-9]{2,24}(?:[-.][a-z0-9]{2,20})?$")


class Cue(StrEnum):
    """A hint that a place gives."""

    TOOL = "tool"
    TERM = "term"
    RESOURCE = "resource"
    PERSON = "person"
    PLACE = "place"
    USED = "used"
    DOES = "does"


class Group(NamedTuple):
    """Runs that are listed together, by index, and what the words before the list call them."""

    members: tuple[int, ...]
    cue: Cue | None


def cues_of(words: Sequence[Word], run: Run) -> frozenset[Cue]:
    """The hints around one run."""
    found: set[Cue] = set()
    before = words[run.first - 1] if run.first else None
    after = words[run.last + 1] if run.last + 1 < len(words) else None
    last = words[run.last]
    if after and after.before in {" ", "'s ", "’s ", "\n"} and not after.first:
        if after.text.islower():
            noun = _called(after.low)
            further = words[run.last + 2] if run.last + 2 < len(words) else None
            if (
                noun is None
                and further
                and further.before == " "
                and not further.first
                and after.low not in lists.SMALL
            ):
                noun = _called(further.low)
            found |= {noun} if noun else set()
        if after.low in lists.ANSWERS and not last.owner:
            found.add(Cue.DOES)
        if after.low in lists.SAYS and not last.owner:
            found.add(Cue.PERSON)
    if before and words[run.first].before in {" ", "\n", ' "', " “", ". "}:
        low = before.low
        if low in lists.HONORIFICS or low in lists.ROLES or (low in lists.MEETS and run.last > run.first):
            found.add(Cue.PERSON)
        elif words[run.first].before != ". ":
            noun = _called(low) if before.text.islower() else None
            found |= {noun} if noun else set()
            if noun is None and low in {"called", "named", "dubbed"} and run.first > 1:
                noun = _called(words[run.first - 2].low)
                found |= {noun} if noun else set()
            if low in lists.USES:
                found.add(Cue.USED)
            if low in {"in", "at", "near", "from", "to", "across", "around", "visit", "visited"}:
                found.add(Cue.PLACE)
    return frozenset(found | _explained(words, run.last))


def _called(word: str) -> Cue | None:
    """What a noun beside a name says of it."""
    if word in lists.TOOL_NOUNS:
        return Cue.TOOL
    if word in lists.TERM_NOUNS:
        return Cue.TERM
    return Cue.RESOURCE if word in lists.RESOURCE_NOUNS else None


def _explained(words: Sequence[Word], last: int) -> set[Cue]:
    """What an apposition (`, a library for …`) or a plain sentence (`is a library …`) calls the name before it."""
    at = last + 1
    if at < len(words) and words[at].low in {"is", "was", "are"} and words[at].before == " ":
        at += 1
    elif at >= len(words) or words[at].before not in {", ", " (", " – ", " — "}:
        return set()
    if at >= len(words) or words[at].low not in {"a", "an", "the", "one"}:
        return set()
    for word in words[at + 1 : at + 1 + _REACH]:
        if word.before not in {" ", ", ", "-"} or word.low in {"for", "that", "which", "of", "with", "to", "who", "by"}:
            break
        if noun := _called(word.low):
            return {noun}
        if word.low in lists.ROLES:
            return {Cue.PERSON}
    return set()


def with_items(text: str, words: Sequence[Word], runs: Sequence[Run]) -> list[Run]:
    """The runs, and single words written small that are listed between or beside them and are no ordinary words."""
    taken = {at for run in runs for at in range(run.first, run.last + 1)}
    more = []
    for at, word in enumerate(words):
        if at in taken or not word.bare or word.owner or not _ITEM.match(word.text) or is_ordinary(word.text):
            continue
        left = at - 1 in taken and _BETWEEN.fullmatch(text, words[at - 1].end, word.start)
        right = at + 1 in taken and _BETWEEN.fullmatch(text, word.end, words[at + 1].start)
        opened = at and words[at - 1].low in lists.LIST_WORDS and not words[at - 1].capital
        closed = at + 1 == len(words) or words[at + 1].before[:1] in ",.;)" or right
        if (left and closed) or (right and (opened or word.before[-1:] in ",(")):
            more.append(Run(at, at, word.text, False, True))
    return sorted([*runs, *more])


def groups_of(text: str, words: Sequence[Word], runs: Sequence[Run]) -> list[Group]:
    """The lists that runs stand in: runs with commas or `and` between them."""
    groups: list[Group] = []
    members: list[int] = []
    for index, run in enumerate(runs):
        joined = bool(members) and _BETWEEN.fullmatch(text, words[runs[index - 1].last].end, words[run.first].start)
        if not joined:
            _close(groups, words, runs, members)
            members = []
        members.append(index)
    _close(groups, words, runs, members)
    return groups


def _close(groups: list[Group], words: Sequence[Word], runs: Sequence[Run], members: Sequence[int]) -> None:
    if not members:
        return
    cue = _introduced(words, runs[members[0]].first)
    if cue or len(members) > 1:
        groups.append(Group(tuple(members), cue))


def _introduced(words: Sequence[Word], first: int) -> Cue | None:
    """What the words before a list call its items: `libraries such as`, `tools (e.g.`, `frameworks like`."""
    begin = words[first]
    opened = "(" in begin.before or ":" in begin.before
    at = first - 1
    linking = 0
    while at >= 0 and first - at < 4 and words[at].low in lists.LIST_WORDS | {"such", "the", "are"}:
        linking += words[at].low in lists.LIST_WORDS
        at -= 1
    if at < 0 or not (opened or linking):
        return None
    for word in reversed(words[max(0, at - 2) : at + 1]):
        if noun := _called(word.low):
            return noun
        if word.first:
            break
    return None


def is_first_name(word: str) -> bool:
    """Whether a capitalised word is a first name.

    >>> is_first_name("Anna"), is_first_name("Docker"), is_first_name("Yann")
    (True, False, True)
    """
    return word.lower() in world.FIRST_NAMES and not is_marked(word)
