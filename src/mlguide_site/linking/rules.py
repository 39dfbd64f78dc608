"""The `match` rules of knowledge entries, compiled to sets: words nearby are tested once for each block and rule, the
words before and after a name with one look-up, however many words a rule has."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from mlguide_site.linking.folding import key, plain, words
from mlguide_site.model import MatchRule

_BETWEEN = frozenset(" -\"'([")
_MAX_BETWEEN = 3

Phrase = tuple[str, ...]


class Block:
    """A block of a text (plain), with its words."""

    def __init__(self, flat: str, small: str, start: int, end: int, section: int) -> None:
        self.flat, self.section, self.end = flat, section, end
        found = words(small, start, end)
        self.words = [word[0] for word in found]
        self.starts = [word.start() for word in found]
        self.ends = [word.end() for word in found]
        self._has: dict[Rule, bool] = {}
        self._phrases: dict[int, frozenset[Phrase]] = {}

    def phrases(self, length: int) -> frozenset[Phrase]:
        """All runs of that many words."""
        if length not in self._phrases:
            self._phrases[length] = frozenset(zip(*(self.words[at:] for at in range(length)), strict=False))
        return self._phrases[length]

    def holds_near(self, rule: "Rule") -> bool:
        """Whether what a rule says of words in the same block holds; tested once for each rule."""
        if rule not in self._has:
            self._has[rule] = (not rule.near or rule.near.in_block(self)) and not rule.not_near.in_block(self)
        return self._has[rule]

    def before(self, word: int, length: int) -> Phrase:
        """The words just before one, if nothing but a space, a hyphen, a quote or a bracket is between."""
        if word < length or not self._adjoin(self.ends[word - 1], self.starts[word]):
            return ()
        return tuple(self.words[word - length : word])

    def after(self, word: int, length: int) -> Phrase:
        """The words just after one, if nothing but a space, a hyphen, a quote or a bracket is between."""
        if word + length >= len(self.words) or not self._adjoin(self.ends[word], self.starts[word + 1]):
            return ()
        return tuple(self.words[word + 1 : word + 1 + length])

    def _adjoin(self, end: int, start: int) -> bool:
        return start - end <= _MAX_BETWEEN and _BETWEEN.issuperset(self.flat[end:start])


class Words(NamedTuple):
    """Words and phrases of a rule, by length."""

    by_length: tuple[tuple[int, frozenset[Phrase]], ...]

    @classmethod
    def of(cls, texts: Iterable[str], plurals: bool = False) -> "Words":
        """What a rule lists; with `plurals` their plurals in s and es, too."""
        found: dict[int, set[Phrase]] = {}
        for text in texts:
            phrase = tuple(key(plain(text)).split())
            if phrase:
                endings = ("", "s", "es") if plurals else ("",)
                found.setdefault(len(phrase), set()).update((*phrase[:-1], phrase[-1] + end) for end in endings)
        return cls(tuple((length, frozenset(found[length])) for length in sorted(found)))

    def __bool__(self) -> bool:
        return bool(self.by_length)

    def in_block(self, block: Block) -> bool:
        """Whether a block has one of them."""
        return any(not phrases.isdisjoint(block.phrases(length)) for length, phrases in self.by_length)

    def before(self, block: Block, word: int) -> bool:
        """Whether one of them is just before a word."""
        return any(block.before(word, length) in phrases for length, phrases in self.by_length)

    def after(self, block: Block, word: int) -> bool:
        """Whether one of them is just after a word."""
        return any(block.after(word, length) in phrases for length, phrases in self.by_length)


class Rule(NamedTuple):
    """A match rule with its words as sets. `names` are the keys of the names that it is for; all where empty."""

    names: frozenset[str]
    case: bool
    near: Words
    not_near: Words
    before: Words
    after: Words
    topics: frozenset[str]

    @classmethod
    def of(cls, rule: MatchRule) -> "Rule":
        """A rule of the knowledge file, compiled."""
        return cls(
            frozenset(key(plain(name)).strip() for name in rule.names),
            rule.case,
            Words.of(rule.near, plurals=True),
            Words.of(rule.not_near, plurals=True),
            Words.of(rule.before),
            Words.of(rule.after),
            frozenset(rule.topics),
        )

    def holds(self, block: Block, first: int, last: int, topics: frozenset[str], as_written: bool) -> bool:
        """Whether every condition holds for the words `first` to `last` of a block, in an episode with these topics;
        `as_written`: the case is the entry's own."""
        return (
            (as_written or not self.case)
            and (not self.topics or not self.topics.isdisjoint(topics))
            and block.holds_near(self)
            and not self.before.before(block, first)
            and not self.after.after(block, last)
        )


def rules_for(rules: Sequence[Rule], names: frozenset[str]) -> tuple[tuple[Rule, ...], ...]:
    """The rules that apply to a name, given its keys, in two groups: those for all names of the entry and those for
    this one. Of each group that has rules, one rule must hold."""
    general = tuple(rule for rule in rules if not rule.names)
    own = tuple(rule for rule in rules if not rule.names.isdisjoint(names))
    return tuple(group for group in (general, own) if group)
