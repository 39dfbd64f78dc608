"""The `match` rules of knowledge entries, compiled to sets of phrases: words nearby are tested once for each block and
rule, the words before and after a name with one look-up, however many words a rule has."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from mlguide_site.linking.folding import key, plain, words
from mlguide_site.model import MatchRule

_BETWEEN = frozenset(" -\"'([")
_MAX_BETWEEN = 3


class Block:
    """A block of a text, with its words: `number` counts the blocks of the text, `section` is the block's section."""

    def __init__(self, flat: str, small: str, start: int, end: int, number: int, section: int) -> None:
        self.flat, self.number, self.section = flat, number, section
        found = words(small, start, end)
        self.words = [word[0] for word in found]
        self.starts = [word.start() for word in found]
        self.ends = [word.end() for word in found]
        self._near: dict[Rule, bool] = {}
        self._phrases: dict[int, frozenset[str]] = {}

    def phrases(self, length: int) -> frozenset[str]:
        """All runs of that many words."""
        if length not in self._phrases:
            runs = zip(*(self.words[at:] for at in range(length)), strict=False)
            self._phrases[length] = frozenset(map(" ".join, runs))
        return self._phrases[length]

    def holds_near(self, rule: "Rule") -> bool:
        """Whether what a rule says of words in the same block holds; tested once for each rule."""
        if rule not in self._near:
            self._near[rule] = (not rule.near.texts or rule.near.in_block(self)) and not rule.not_near.in_block(self)
        return self._near[rule]

    def adjoins(self, word: int) -> bool:
        """Whether nothing but a space, a hyphen, a quote or a bracket is between a word and the one before it."""
        if not 0 < word < len(self.words):
            return False
        end, start = self.ends[word - 1], self.starts[word]
        return start - end <= _MAX_BETWEEN and _BETWEEN.issuperset(self.flat[end:start])


class Phrases(NamedTuple):
    """Words and phrases of a rule, and how many words the longest has."""

    texts: frozenset[str]
    longest: int

    @classmethod
    def of(cls, texts: Iterable[str], endings: Sequence[str] = ("",)) -> "Phrases":
        """What a rule lists, with each of the endings."""
        found = [" ".join(words) + end for text in texts if (words := key(plain(text)).split()) for end in endings]
        return cls(frozenset(found), max((text.count(" ") + 1 for text in found), default=0))

    def in_block(self, block: Block) -> bool:
        """Whether a block has one of them."""
        return any(not self.texts.isdisjoint(block.phrases(length)) for length in range(1, self.longest + 1))

    def before(self, block: Block, word: int) -> bool:
        """Whether one of them is just before a word."""
        starts = range(max(0, word - self.longest), word) if self.texts and block.adjoins(word) else ()
        return any(" ".join(block.words[start:word]) in self.texts for start in starts)

    def after(self, block: Block, word: int) -> bool:
        """Whether one of them is just after a word."""
        lengths = range(1, self.longest + 1) if self.texts and block.adjoins(word + 1) else ()
        return any(" ".join(block.words[word + 1 : word + 1 + length]) in self.texts for length in lengths)


class Rule(NamedTuple):
    """A match rule with its words as sets. `names` are the keys of the names that it is for; all where empty."""

    names: frozenset[str]
    case: bool
    near: Phrases
    not_near: Phrases
    before: Phrases
    after: Phrases
    topics: frozenset[str]

    @classmethod
    def of(cls, rule: MatchRule) -> "Rule":
        """A rule of the knowledge file, compiled; words nearby may be in the plural."""
        plurals = ("", "s", "es")
        return cls(
            frozenset(key(plain(name)).strip() for name in rule.names),
            rule.case,
            Phrases.of(rule.near, plurals),
            Phrases.of(rule.not_near, plurals),
            Phrases.of(rule.before),
            Phrases.of(rule.after),
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
