"""The rules that knowledge entries give for their ambiguous names (`MatchRule`), made ready to be asked."""

import re
from collections.abc import Iterable
from typing import NamedTuple

from mlguide_site.linking.names.folding import cased, folded, plain
from mlguide_site.model import MatchRule

_BETWEEN = " -\"'(["
_MAX_BETWEEN = 3


class Place(NamedTuple):
    """Where a name was found: the whole text (plain, and folded), the name's extent, the block's extent, the topics of
    the episode, and what is known already of words in blocks (asked once for each block, however often it is named)."""

    text: str
    folded: str
    start: int
    end: int
    first: int
    last: int
    topics: frozenset[str]
    known: dict[tuple[re.Pattern[str], int], bool]

    def has(self, words: re.Pattern[str]) -> bool:
        """Whether the block holds one of some words."""
        asked = (words, self.first)
        if asked not in self.known:
            self.known[asked] = words.search(self.folded, self.first, self.last) is not None
        return self.known[asked]


class Rule(NamedTuple):
    """A match rule whose words are patterns over folded text. `names` holds the keys of the names that it is for."""

    names: frozenset[str]
    case: bool
    near: re.Pattern[str] | None
    not_near: re.Pattern[str] | None
    before: tuple[str, ...]
    after: tuple[str, ...]
    topics: frozenset[str]

    @classmethod
    def of(cls, rule: MatchRule) -> "Rule":
        """A rule from the knowledge file, ready."""
        return cls(
            frozenset(map(_key, rule.names)),
            rule.case,
            _any_word(rule.near),
            _any_word(rule.not_near),
            tuple(map(_key, rule.before)),
            tuple(map(_key, rule.after)),
            frozenset(rule.topics),
        )

    def holds(self, place: Place, as_written: bool) -> bool:
        """Whether every condition given holds at a place; `as_written`: upper and lower case are the entry's own."""
        if self.case and not as_written:
            return False
        if self.topics and not self.topics & place.topics:
            return False
        if (self.near and not place.has(self.near)) or (self.not_near and place.has(self.not_near)):
            return False
        return not (self.before and _stands_before(place, self.before)) and not (
            self.after and _stands_after(place, self.after)
        )


def allowed(rules: Iterable[Rule], names: frozenset[str], place: Place, as_written: bool) -> bool:
    """Whether an entry's rules let a name count at a place. `names` are the keys of the name as the entry has it
    and as spelt here. Of the rules for that name one must hold, if any are; of those for all names one as well."""
    for_all, for_this = [], []
    for rule in rules:
        if not rule.names:
            for_all.append(rule)
        elif rule.names & names:
            for_this.append(rule)
    return all(
        not group or any(rule.holds(place, as_written) for rule in group) for group in (for_all, for_this)
    )  # fmt: skip


def _key(text: str) -> str:
    return folded(cased(plain(text))).strip()


def _any_word(words: Iterable[str]) -> re.Pattern[str] | None:
    """One pattern for any of some words or phrases, as whole words, in the singular or the plural."""
    keys = sorted({key for word in words if (key := _key(word))})
    if not keys:
        return None
    return re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, keys))})(?:s|es)?(?!\w)")


def _stands_before(place: Place, words: tuple[str, ...]) -> bool:
    end = place.start
    while end > place.first and place.start - end < _MAX_BETWEEN and place.text[end - 1] in _BETWEEN:
        end -= 1
    for word in words:
        first = end - len(word)
        if first < place.first or not place.folded.startswith(word, first):
            continue
        if first == place.first or not place.text[first - 1].isalnum():
            return True
    return False


def _stands_after(place: Place, words: tuple[str, ...]) -> bool:
    start = place.end
    while start < place.last and start - place.end < _MAX_BETWEEN and place.text[start] in _BETWEEN:
        start += 1
    for word in words:
        last = start + len(word)
        if last > place.last or not place.folded.startswith(word, start):
            continue
        if last == place.last or not place.text[last].isalnum():
            return True
    return False
