"""What a root's own structured notes tell: which words are a heading there, and with which words blocks begin."""

from collections import Counter
from collections.abc import Sequence
from typing import ClassVar

from mlguide_site.recovery.markdown import HEADING, ITEM, LABEL, PARAGRAPH
from mlguide_site.recovery.notes import read_blocks
from mlguide_site.recovery.words import bare, read_tokens


class Known:
    """The headings of structured notes, how often their words are one, and the words with which blocks begin."""

    NOTHING: ClassVar = (-1.0,) * 4

    def __init__(self, bodies: Sequence[str]) -> None:
        notes = [read_blocks(body) for body in bodies]
        self.tokens = [read_tokens(" ".join(text for _, text in note)) for note in notes]
        blocks = [(kind, [bare(word) for word in text.split()]) for note in notes for kind, text in note]
        self.headings = Counter(tuple(keys) for kind, keys in blocks if kind == HEADING)
        self.first = {
            kind: Counter(keys[0] for one, keys in blocks if one == kind) for kind in (HEADING, LABEL, ITEM, PARAGRAPH)
        }
        self.last = Counter(keys[-1] for keys in self.headings.elements())
        self.longest = max(map(len, self.headings), default=0)
        self.anywhere: Counter[tuple[str, ...]] = Counter()
        for tokens in self.tokens:
            keys = [bare(token.text) for token in tokens]
            for at in range(len(keys)):
                runs = (tuple(keys[at : at + size]) for size in range(1, min(self.longest, len(keys) - at) + 1))
                self.anywhere.update(run for run in runs if run in self.headings)

    def begins(self, before: str, word: str) -> tuple[float, ...]:
        """How often blocks begin with a word, and headings end with the one before it."""
        items = self.first[ITEM][word] + self.first[LABEL][word]
        return (self.first[HEADING][word], items, self.first[PARAGRAPH][word], self.last[before])

    def title(self, keys: tuple[str, ...]) -> tuple[float, ...]:
        """How often words are a heading, and what part of their uses that is."""
        count = self.headings[keys]
        return (count, count / (self.anywhere[keys] or 1), self.first[HEADING][keys[0]], self.last[keys[-1]])

    def sure(self, keys: tuple[str, ...]) -> float:
        """How probable it is that words which two notes have as a heading are one here."""
        count = self.headings[keys]
        return count / (self.anywhere[keys] + 1) if count > 1 else 0.0
