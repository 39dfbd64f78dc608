"""Loads lists of words from `words.txt`, which explains each list."""

import re
from pathlib import Path

_LISTS = re.findall(r"^(\w.*):\n((?: .*\n)+)", Path(__file__).with_name("words.txt").read_text("utf-8"), re.M)
WORDS = {name: frozenset(words.split()) for name, words in _LISTS}
