"""What a doubtful name is judged by: whose it would be, and where it stands."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from mlguide_site.linking.names.context import Words
from mlguide_site.linking.names.grammar import CLASSES

CUES = (("L", "U"), ("M", "V"), ("N", "W"))
"""What a word near a name may tell, a letter for its own meaning and one for another: likely, almost surely, maybe."""
LETTERS = tuple(letter for pair in CUES for letter in pair)


class Subject(NamedTuple):
    """Whose name it is. `name` says kind and name, `kind` the kind in short, `shape` how the name is written, `text`
    the name, `groups` what the entry belongs to, `profile` the words of its own description with their weights,
    `topics` its own and those above, `cues` the words near by that tell its meanings apart with the letters of what
    they tell (`CUES`)."""

    name: str
    kind: str
    shape: str
    text: str
    groups: tuple[str, ...]
    profile: Mapping[str, float]
    topics: frozenset[str]
    cues: Mapping[str, str]


class Around(NamedTuple):
    """What stands in other blocks near by: how much of each field, how much of each word that says something, and of
    each word all that there is of it."""

    fields: dict[str, float]
    bag: dict[str, float]
    stems: dict[str, float]

    def add(self, words: Words, part: slice, amount: float) -> None:
        """Count some words of a block, each as the amount given."""
        for word, base, fields in zip(words.small[part], words.stems[part], words.fields[part], strict=True):
            if not base:
                continue
            self.stems[base] = self.stems.get(base, 0.0) + amount
            if word not in CLASSES and amount > self.bag.get(base, 0.0):
                self.bag[base] = amount
            for field in fields:
                self.fields[field] = self.fields.get(field, 0.0) + amount / len(fields)


class Site(NamedTuple):
    """Where a name stands: the words of its block, the first of its own and the one behind its last, for the first word
    of each name beyond doubt the topics of its entries, what stands in blocks near by, and the episode's topics."""

    words: Words
    first: int
    last: int
    sure: Mapping[int, Sequence[frozenset[str]]]
    around: Around
    topics: frozenset[str]
