"""Words as the pieces that the encoder knows: whole words, or the longest known parts of them from left to right.

This is WordPiece as BERT reads text: letters made small and bare of accents, punctuation apart (Devlin et al., "BERT:
Pre-training of Deep Bidirectional Transformers", 2018, appendix A; its `BasicTokenizer` and `WordpieceTokenizer`).
"""

import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from mlguide_site.recovery.words import Token

BEGIN, END, UNKNOWN = "[CLS]", "[SEP]", "[UNK]"
"""The pieces that begin and end what is read, and the one for what has no pieces; the first ones of a vocabulary."""
MAX_PIECES = 12
"""Further pieces of a word are left out."""
_MAX_LETTERS = 60
_FORMS = 8
_MARKS = {"": 0, "heading": 1, "item": 2, "label": 2}
_FIRSTS = _FORMS * 2 * 3
LOOKS = _FIRSTS + _FORMS
"""How many looks there are: form, line before and mark of a word's first piece; the form alone of further ones."""
_EDGES = "\"'“”‘’()[].,;:!?…*"


class Pieces(NamedTuple):
    """A text as pieces: their numbers, how each looks, and the place of the first piece of every word."""

    numbers: list[int]
    looks: list[int]
    firsts: list[int]


def pieces_of(tokens: Sequence[Token], vocabulary: Mapping[str, int]) -> Pieces:
    """The pieces of tokens, one at least for each."""
    found = Pieces([], [], [])
    for token in tokens:
        form = _form(token.text)
        own = split(token.text, vocabulary)
        found.firsts.append(len(found.numbers))
        found.numbers.extend(own)
        found.looks.append(form + _FORMS * (token.hard + 2 * _MARKS.get(token.mark, 0)))
        found.looks.extend([_FIRSTS + form] * (len(own) - 1))
    return found


def split(word: str, vocabulary: Mapping[str, int]) -> list[int]:
    """The numbers of a word's pieces.

    >>> known = {name: at for at, name in enumerate(("[CLS]", "[SEP]", "[UNK]", "loom", "##s", ":"))}
    >>> split("Looms:", known), split("Ⱡ", known)
    ([3, 4, 5], [2])
    """
    found: list[int] = []
    for part in _parts(word):
        found.extend(_longest(part, vocabulary))
        if len(found) >= MAX_PIECES:
            return found[:MAX_PIECES]
    return found or [vocabulary[UNKNOWN]]


def _parts(word: str) -> Iterator[str]:
    """A word's runs of letters and digits, and its signs one by one."""
    run = ""
    for sign in unicodedata.normalize("NFD", word[:_MAX_LETTERS].lower()):
        category = unicodedata.category(sign)
        if category in {"Mn", "Cc", "Cf"}:
            continue
        if category[0] == "P" or sign in "$+<=>^`|~" or "\u3400" <= sign <= "\u9fff":
            if run:
                yield run
            yield sign
            run = ""
        else:
            run += sign
    if run:
        yield run


def _longest(part: str, vocabulary: Mapping[str, int]) -> list[int]:
    found: list[int] = []
    start = 0
    while start < len(part):
        lead = "##" if start else ""
        ends = (end for end in range(len(part), start, -1) if lead + part[start:end] in vocabulary)
        end = next(ends, 0)
        if not end:
            return [vocabulary[UNKNOWN]]
        found.append(vocabulary[lead + part[start:end]])
        start = end
    return found


def _form(word: str) -> int:
    """How a word is written: signs, a number, capitals, a capital first, mixed, small, or something else."""
    bare = word.strip(_EDGES)
    if not bare:
        return 1
    if bare[0].isdigit():
        return 2
    if bare.isupper() and len(bare) > 1:
        return 3
    if bare[0].isupper():
        return 4 if len(bare) == 1 or bare[1:].islower() else 5
    return 6 if bare.islower() else 7
