"""Finds abbreviations that a note explains, as in `Foundation Model (FM)` or `FM: foundation model`."""

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache

from mlguide_site.editing.suggest.vocabulary import WORDS
from mlguide_site.linking.spelling import singular

_SHORT = r"(?P<short>[A-Za-z][A-Za-z0-9&./-]{0,9}[A-Za-z0-9])"
_PART = r"[^\W_](?:[^\W_]|[-'’](?=\w)){0,30}+"
_WORDS = rf"(?P<words>{_PART}(?: {_PART}){{0,7}}+)"
_NAME_FIRST = re.compile(rf"(?<![\w'’-]){_WORDS}[”\"']? \({_SHORT}(?:\)|[,;] )")
_SHORT_FIRST = re.compile(rf"(?<![\w.-]){_SHORT}(?: \((?:short for |= ?)?|: (?=[a-z])){_WORDS}")


def expansions(text: str) -> Iterator[tuple[str, str, int, int]]:
    """Yield each abbreviation, its expansion, and the start and end offsets of the expansion. An expansion before a
    parenthesis is as short as possible, and any other expansion is as long as possible."""
    for pattern in (_NAME_FIRST, _SHORT_FIRST):
        is_name_first = pattern is _NAME_FIRST
        for match in pattern.finditer(text):
            words = list(re.finditer(r"[^ ]+", match["words"]))
            for count in range(1, len(words) + 1) if is_name_first else range(len(words), 0, -1):
                chosen = words[-count:] if is_name_first else words[:count]
                if expanded := expand(match["short"], [word[0] for word in chosen]):
                    at = match.start("words")
                    yield (*expanded, at + chosen[0].start(), at + chosen[-1].end())
                    break


def expand(short: str, words: Sequence[str]) -> tuple[str, str] | None:
    """Return an abbreviation and its expansion, both in the singular, or None if they don't match."""
    base = short[:-1] if short.endswith("s") and len(short) > 2 and short[-2].isupper() else short
    letters = [char for char in base if char.isalpha()]
    if not 2 <= len(letters) <= 8 or sum(map(str.isupper, letters)) * 2 < len(letters):
        return None  # an abbreviation has two to eight letters, and at least half of the letters are capitals
    parts = [part.lower() for word in words for part in re.split(r"[-'’]", word) if part]
    if len(parts) < 2 or {parts[0], parts[-1]} & WORDS["small"] or base.lower() in parts or " ".join(words).isupper():
        return None
    if not _abbreviates("".join(letters).lower(), tuple(parts)):
        return None
    last = singular(words[-1]) if base != short else ""
    return base, " ".join([*words[:-1], last or words[-1]])


@lru_cache(maxsize=4096)
def _abbreviates(letters: str, parts: tuple[str, ...]) -> bool:
    """Return whether letters abbreviate words, as `lora` abbreviates `low rank adaptation`."""
    if not letters or not parts:
        return not letters and all(part in WORDS["small"] for part in parts)
    for count in range(1, len(letters) + 1) if parts[0][0] == letters[0] else ():
        rest = iter(parts[0])
        if all(letter in rest for letter in letters[:count]) and _abbreviates(letters[count:], parts[1:]):
            return True
    return parts[0] in WORDS["small"] | WORDS["name-joiners"] and _abbreviates(letters, parts[1:])
