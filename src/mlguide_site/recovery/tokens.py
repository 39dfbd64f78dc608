"""Splits plain text into words and structural markers, and detects the ends of sentences."""

import re
from collections.abc import Collection, Sequence
from functools import lru_cache
from typing import NamedTuple

from mlguide_site.markdown import plain

OPENERS = "\"'“‘«([{"
CLOSERS = "\"'”’»)]}"
SMALL = plain.SMALL_WORDS | frozenset("& + / - – — | x".split())  # words that English titles don't capitalise
FEWEST = 3  # minimum number of dashes, asterisks, timestamps or numbers in a list
MAX_ITEM, MAX_SHORT = 40, 12
"""The maximum numbers of words in any list item, and in a list item that isn't a whole sentence."""
_TOKEN = re.compile(r"\S+")
_HASHES = re.compile(r"[;:]?#{2,6}")
_BULLETS = frozenset("•◦▪‣●○∙■□►▶➤✓✔➔")
_DASHES = ("*", "-", "–")
_EDGES = "\"'“”‘’«»()[]{}.,;:!?…*"
_ROMAN = re.compile(r"[IVX]+\.")


class Token(NamedTuple):
    """A word and its offset in characters. `hard` is true if a line break precedes the word. `mark` is the kind of the
    marker before the word: `heading`, `item`, or "" if there is no marker."""

    text: str
    start: int
    hard: bool
    mark: str


def read_tokens(text: str) -> list[Token]:
    """Return the words of a text. A structural marker becomes the `mark` of the next word. A marker is a sequence of
    `#`, a bullet between spaces, or an asterisk or dash of a list (see `list_signs`)."""
    found = [(match.group(), match.start()) for match in _TOKEN.finditer(text)]
    words = [word for word, _ in found]
    ends = [0, *(start + len(word) for word, start in found)]
    breaks = frozenset(at for at, (_, start) in enumerate(found) if at and "\n" in text[ends[at] : start])
    signs = list_signs(words, breaks)
    tokens: list[Token] = []
    hard, mark = False, ""
    for at, (word, start) in enumerate(found):
        hard = hard or (bool(tokens) and at in breaks)
        sign = "heading" if _HASHES.fullmatch(word) else "item" if word in _BULLETS or at in signs else ""
        if sign and at + 1 < len(found):
            mark = "heading" if "heading" in (mark, sign) else sign
            continue
        tokens.append(Token(word, start, hard, mark))
        hard, mark = False, ""
    return tokens


def list_signs(words: Sequence[str], lines: Collection[int]) -> frozenset[int]:
    """Return the positions of asterisks and dashes used as bullets. `lines` are the positions where a line begins. The
    first bullet must be where an item may begin; later ones must follow an item that is short or ends a sentence."""
    signs: set[int] = set()
    for sign in _DASHES:
        run: list[int] = []
        for at in [at for at, word in enumerate(words[:-1]) if word == sign] + [len(words)]:
            # between two bullets there may be a short phrase, or whole sentences
            item = words[run[-1] + 1 : at] if run and at < len(words) else ()
            is_short = len(item) <= MAX_SHORT and not any(map(ends_sentence, item[:-1]))
            if 0 < len(item) <= MAX_ITEM and (is_short or ends_sentence(item[-1])):
                run.append(at)
                continue
            signs.update(run if len(run) >= FEWEST else ())
            run = [at] if at < len(words) and begins_item(words, at, lines) else []
    return frozenset(signs)


def begins_item(words: Sequence[str], at: int, lines: Collection[int] = ()) -> bool:
    """Check whether a list item may begin at a position: at the start of a line or sentence, or after a colon."""
    return at == 0 or at in lines or ends_sentence(words[at - 1]) or words[at - 1].endswith((":", "："))


@lru_cache(maxsize=65536)
def ends_sentence(word: str) -> bool:
    """Check whether a word with its punctuation ends a sentence. Numerals such as `IV.` don't end a sentence."""
    return plain.ends_sentence(word) and not _ROMAN.fullmatch(word)


def ends_colon(word: str) -> bool:
    """Check whether a word ends in a colon, and isn't only a colon. Closing quotes are ignored."""
    bare = word.rstrip("\"'”’*")
    return len(bare) > 1 and bare.endswith((":", "："))


@lru_cache(maxsize=65536)
def bare(word: str) -> str:
    """Return a word in lower case without punctuation at its edges. A word of only punctuation isn't changed."""
    return word.strip(_EDGES).casefold() or word
