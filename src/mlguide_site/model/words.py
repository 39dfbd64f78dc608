"""Loads lists of words from `words.txt`, which explains each list."""

import re
from pathlib import Path

_LISTS = re.findall(r"^(\w.*):\n((?: .*\n)+)", Path(__file__).with_name("words.txt").read_text("utf-8"), re.M)
WORDS = {name: frozenset(words.split()) for name, words in _LISTS}
_WORD, _NUMERAL = re.compile(r"[^\W\d_]+"), re.compile(r"[ivxlc]+|[a-z]")


def is_part_title(title: str) -> bool:
    """Return whether a title such as `Chapter 2` or `Summary` only says which part of a work something is."""
    words = [word for word in _WORD.findall(title.casefold()) if not _NUMERAL.fullmatch(word)]
    return bool(words) and WORDS["parts of works"].issuperset(words)
