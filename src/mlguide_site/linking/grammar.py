"""Checks whether a name begins a sentence, is an English verb, or is part of a longer name."""

import re
from functools import cached_property

from mlguide_site.model.words import WORDS

_AUXILIARIES = WORDS["before verbs"]
_BEFORE_VERB = _AUXILIARIES | frozenset("to and or then not you".split())
_OBJECTS = WORDS["after verbs"]
_ENDS_SENTENCE = frozenset(".!?:;*\x00\n|-")
_OPENING = frozenset(" \"'([_")
_NEXT = re.compile(r"(?:'s)?[ \n]([A-Za-z']{1,30})")
_LAST = re.compile(r"([A-Za-z']{1,30})[ \n]$")


class Place:
    """A word in a plain text, with the adjacent words."""

    def __init__(self, text: str, start: int, end: int) -> None:
        before, after = _LAST.search(text, max(0, start - 40), start), _NEXT.match(text, end)
        self._text, self._start, self._end, self.word = text, start, end, text[start:end]
        self._before, self._after = before[1] if before else "", after[1] if after else ""
        self.begins_sentence = begins_sentence(text, start)

    @property
    def is_verb(self) -> bool:
        """Whether the adjacent words show that the word is a verb, such as `spark` in "to spark your interest"."""
        word = self._before.lower()
        may_be = self.begins_sentence or word in _BEFORE_VERB
        return word in _AUXILIARIES or (may_be and self._after.lower() in _OBJECTS)

    @property
    def is_subject(self) -> bool:
        """Whether a verb or the end of the clause follows ("Spark runs on"), which shows that the word is a name."""
        word = self._after
        if not word:
            return self._text[self._end : self._end + 1] != "-"
        return word.islower() and word.endswith("s") and not word.endswith("ss") and word not in _OBJECTS

    @cached_property
    def in_longer_name(self) -> bool:
        """Whether the word is next to a capitalised word, such as `Nova` in "Nova Scotia"."""
        first = self._start - len(self._before) - 1
        before = _is_capitalised(self._before) and not begins_sentence(self._text, first)
        return before or _is_capitalised(self._after)

    @property
    def is_name(self) -> bool:
        """Whether the word is capitalised, isn't the first of its sentence, and isn't part of a longer name."""
        return self._text[self._start].isupper() and not self.begins_sentence and not self.in_longer_name


def begins_sentence(text: str, start: int) -> bool:
    """Return whether a word is the first word of its sentence, list item or block."""
    at = start - 1
    while at >= 0 and start - at < 60 and text[at] in _OPENING:
        at -= 1
    return at < 0 or (text[at] in _ENDS_SENTENCE and not (text[at] == "-" and text[at - 1 : at].isalnum()))


def _is_capitalised(word: str) -> bool:
    return word[:1].isupper() and word[1:].islower()
