"""Compiles `match` rules to sets of phrases, so that testing a rule takes the same time for any number of phrases."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from mlguide_site.linking.folding import key, plain, words
from mlguide_site.model.base import MAX_PHRASE_PARTS
from mlguide_site.model.records import MatchRule

_BETWEEN = frozenset(" -\"'([")
_MAX_BETWEEN = 3


class Phrases(NamedTuple):
    """The phrases of a rule: their first words, and the phrases, grouped by their number of words."""

    first: frozenset[str]
    table: tuple[tuple[int, frozenset[str]], ...]


class Block:
    """A block of a note, with its words. `number` is the index of the block, and `section` the index of its section."""

    def __init__(self, flat: str, small: str, start: int, end: int, number: int, section: int) -> None:
        self.flat, self.number, self.section = flat, number, section
        found = words(small, start, end)
        self.words = [word[0] for word in found]
        self.starts = [word.start() for word in found]
        self.ends = [word.end() for word in found]
        self._near: dict[Rule, bool] = {}
        self._runs: dict[int, frozenset[str]] = {}
        self._beside: tuple[tuple[int, int], frozenset[str], frozenset[str]] = ((0, -1), frozenset(), frozenset())

    def holds_near(self, rule: "Rule") -> bool:
        """Return whether the block satisfies a rule's `near` and `not_near` conditions. Results are cached."""
        if rule not in self._near:
            self._near[rule] = (not rule.near.first or self._has(rule.near)) and not self._has(rule.not_near)
        return self._near[rule]

    def forget(self) -> None:
        """Empty the caches, after the last rule is tested."""
        self._near.clear()
        self._runs.clear()

    def _has(self, phrases: Phrases) -> bool:
        if self._runs_of(1).isdisjoint(phrases.first):
            return False
        return any(not texts.isdisjoint(self._runs_of(count)) for count, texts in phrases.table)

    def _runs_of(self, count: int) -> frozenset[str]:
        if count not in self._runs:
            self._runs[count] = frozenset(map(" ".join, zip(*(self.words[at:] for at in range(count)), strict=False)))
        return self._runs[count]

    def adjoin(self, before: frozenset[str], first: int, last: int, after: frozenset[str]) -> bool:
        """Return whether a phrase of `before` precedes the word `first`, or a phrase of `after` follows the word
        `last`. Only spaces, hyphens, quotes and brackets may be between the phrase and the word."""
        if not before and not after:
            return False
        if self._beside[0] != (first, last):
            # computed once for each place, which many rules may test
            left = self.words[max(0, first - MAX_PHRASE_PARTS) : first] if self._is_close(first) else []
            right = self.words[last + 1 : last + 1 + MAX_PHRASE_PARTS] if self._is_close(last + 1) else []
            runs = frozenset(" ".join(left[at:]) for at in range(len(left)))
            self._beside = ((first, last), runs, frozenset(" ".join(right[: at + 1]) for at in range(len(right))))
        return not (before.isdisjoint(self._beside[1]) and after.isdisjoint(self._beside[2]))

    def _is_close(self, word: int) -> bool:
        if not 0 < word < len(self.words):
            return False
        between = self.flat[self.ends[word - 1] : self.starts[word]]
        return len(between) <= _MAX_BETWEEN and _BETWEEN.issuperset(between)


class Rule(NamedTuple):
    """A compiled rule. `names` contains the names that the rule applies to, each normalised with `key`. If `names` is
    empty, the rule applies to all names of the entry. A name doesn't satisfy the rule if a phrase of `before` is
    directly before the name, or a phrase of `after` directly after the name."""

    names: frozenset[str]
    case: bool
    near: Phrases
    not_near: Phrases
    before: frozenset[str]
    after: frozenset[str]
    topics: frozenset[str]

    @classmethod
    def of(cls, rule: MatchRule) -> "Rule":
        """Compile a rule. Words in `near` and `not_near` also match in the plural."""
        plurals = ("", "s", "es")
        return cls(
            frozenset(key(plain(name)).strip() for name in rule.names),
            rule.case,
            _phrases(rule.near, plurals),
            _phrases(rule.not_near, plurals),
            frozenset(" ".join(_words(text)) for text in rule.before),
            frozenset(" ".join(_words(text)) for text in rule.after),
            frozenset(rule.topics),
        )

    def holds(self, block: Block, first: int, last: int, topics: frozenset[str], as_written: bool) -> bool:
        """Return whether the words `first` to `last` of a block satisfy the rule. `topics` are the episode's topics.
        `as_written` is true if the words have the same case as the entry's name."""
        return (
            (as_written or not self.case)
            and (not self.topics or not self.topics.isdisjoint(topics))
            and block.holds_near(self)
            and not block.adjoin(self.before, first, last, self.after)
        )


def _words(text: str) -> list[str]:
    return key(plain(text)).split()


def _phrases(texts: Iterable[str], endings: Sequence[str]) -> Phrases:
    table: dict[int, set[str]] = {}
    for text in texts:
        if found := _words(text):
            table.setdefault(len(found), set()).update(" ".join(found) + end for end in endings)
    first = frozenset(phrase.partition(" ")[0] for phrases in table.values() for phrase in phrases)
    return Phrases(first, tuple((count, frozenset(those)) for count, those in sorted(table.items())))


def rules_for(rules: Sequence[Rule], names: frozenset[str]) -> tuple[tuple[Rule, ...], ...]:
    """Return the rules for a name in two groups: rules for all names of the entry, and rules for this name. A match
    must satisfy at least one rule of each group. `names` contains the name's spellings, normalised with `key`."""
    general = tuple(rule for rule in rules if not rule.names)
    own = tuple(rule for rule in rules if not rule.names.isdisjoint(names))
    return tuple(group for group in (general, own) if group)
