"""Derives the spellings of a name, and the rule for the capitals of each spelling.

Names of resources, people, and tools with a home page are proper names. All other names are common nouns. The rules for
capitals:
- Single letters ("R"), and proper names of two or three letters ("Go"), match only with their capitals.
- Abbreviations, and proper names that look like words ("Spark", "Weights & Biases"), match without their capitals only
  if other words in the notes show that the entry is meant (`disambiguation`).
- A resource's title of at least four words, not counting words such as "the" and "of", matches regardless of case.
- A name that is in lower case in the knowledge file, such as the alias `spark`, matches in any case.
- A spelling in all capitals ("SPARK") always matches."""

import re
import unicodedata
from enum import IntEnum
from functools import lru_cache
from typing import NamedTuple

from mlguide_site.linking.folding import cased, plain
from mlguide_site.model.records import Kind
from mlguide_site.model.words import WORDS

TITLE = 4  # minimum number of words in a title that matches in any case
SHORT = 3  # maximum length of a name that matches only with its capitals
LIKE_A_WORD = 5  # maximum length of a name with inner capitals ("ReAct") that may be an ordinary word ("react")
SMALL = WORDS["small in names"]
COMMON_NOUNS = (Kind.TOPIC, Kind.TERM)
_GAP = re.compile(r"[ -]|\.(?=[a-z])")
_MAX_GAPS = 2
_ABBREVIATED = re.compile(r"(\S.*\S) \(([^()]{2,12})\)$")
_UNCOUNTED = re.compile(r"(?:ss|us|is|ias|ics|news|lens|always|series|species)$", re.IGNORECASE)
_PLURALS = (("trix", "trices"), ("rtex", "rtices"), ("sis", "ses"))
_BRITISH = {"isation": "ization", "ising": "izing", "ised": "ized", "iser": "izer", "elling": "eling", "elled": "eled"}
_BRITISH |= {"aviour": "avior", "colour": "color", "labour": "labor", "neighbour": "neighbor", "centre": "center"}
_OTHER_ENGLISH = _BRITISH | {american: british for british, american in _BRITISH.items()}
_TRANSATLANTIC = re.compile("|".join(_OTHER_ENGLISH), re.IGNORECASE)


class Case(IntEnum):
    """The rule for the capitals of a spelling. `ANY`: any capitals match. `FIXED`: the text must have the same capitals
    as the spelling, or be in all capitals. `USUAL`: as `FIXED`, or other words in the notes support the entry."""

    ANY = 0
    USUAL = 1
    FIXED = 2


class Spelling(NamedTuple):
    """A spelling of a name, in plain text. `own` is true if the knowledge file contains this spelling."""

    text: str
    own: bool
    case: Case


@lru_cache(maxsize=1 << 15)
def spellings(name: str, kind: Kind, proper: bool | None = None) -> tuple[Spelling, ...]:
    """Return all spellings of a name, without duplicates. The spelling in the knowledge file comes first. `proper` is
    true for a proper name; by default, names of tools, resources and people are proper names."""
    proper = kind not in COMMON_NOUNS if proper is None else proper
    whole = plain(unicodedata.normalize("NFC", name)).strip()
    abbreviated = _ABBREVIATED.match(whole)
    own = [whole]
    if abbreviated and _is_short_for(abbreviated[2], abbreviated[1]):
        own += abbreviated.groups()
    # a text may contain accents as combining characters
    texts = [*own, plain(unicodedata.normalize("NFD", name)).strip()]
    texts += [text.replace(" & ", " and ") if " & " in text else text.replace(" and ", " & ") for text in texts]
    if kind is Kind.RESOURCE:
        texts += [whole.rstrip("?!. "), _main_title(whole)]
    if kind in COMMON_NOUNS:
        # add the American form of a British spelling ("labelling", "labeling"), or the reverse
        texts += [_TRANSATLANTIC.sub(lambda found: _OTHER_ENGLISH[found[0].lower()], text) for text in texts]
    joined: list[str] = []
    if kind not in (Kind.RESOURCE, Kind.PERSON):
        joined = [text for base in texts if (text := _joined(base))]
        texts += joined
        texts += [other for text in texts for other in _counted(text, proper)]
    needs_capitals = {text for text in joined if proper and not text.islower()}
    return tuple(
        Spelling(text, text in own, max(_case(text, kind, proper), Case(text in needs_capitals)))
        for text in dict.fromkeys(texts)
        if any(char.isalnum() for char in text)
    )


def is_plain_word(text: str) -> bool:
    """Return whether a text looks like an ordinary word: only letters, and no capital after the first letter."""
    return len(text) > 1 and text.isalpha() and text[1:].islower()


def keeps_capitals(found: str, written: str) -> bool:
    """Return whether `found` has the capitals of `written`, except in words such as "the", or is in all capitals."""
    if found in (written, written.upper()):
        return True
    return " " in written.strip() and _lower_small(found) == _lower_small(written)


def _lower_small(text: str) -> str:
    return " ".join(word.lower() if word.lower() in SMALL or len(word) < 3 else word for word in text.split(" "))


def _case(text: str, kind: Kind, proper: bool) -> Case:
    words = cased(text).split()
    if text.islower():
        return Case.FIXED if len("".join(words)) == 1 else Case.ANY
    if "." in text:
        return Case.ANY
    if len(words) > 1:
        if kind is Kind.RESOURCE and sum(word.lower() not in SMALL for word in words) >= TITLE:
            return Case.ANY
        is_title = proper and not words[-1].islower() and all(_may_be_ordinary(word) for word in words)
        return Case.USUAL if is_title else Case.ANY
    word = words[0].removesuffix("s") if words[0][:-1].isupper() else words[0]
    if not word.isalpha():
        return Case.FIXED if sum(map(str.isalpha, word)) == 1 else Case.ANY
    if len(word) == 1 or (word.isupper() and len(word) < SHORT):
        return Case.FIXED
    if word.isupper():
        return Case.USUAL
    is_mixed = not word[1:].islower()
    if len(word) <= SHORT and (proper or is_mixed):
        return Case.FIXED
    return Case.USUAL if (len(word) <= LIKE_A_WORD if is_mixed else proper) else Case.ANY


def _may_be_ordinary(word: str) -> bool:
    """Return whether a word of a name would look like an ordinary word if it were in lower case."""
    return len(word) <= 2 or word.isdigit() or is_plain_word(word)


def _is_short_for(short: str, name: str) -> bool:
    """Return whether `short` may abbreviate `name`: `name` contains the letters of `short` in the same order."""
    letters = [char.lower() for char in short.removesuffix("s") if char.isalpha()]
    rest = iter(name.lower())
    mostly_capitals = sum(char.isupper() for char in short) * 2 >= len(letters)
    return mostly_capitals and len(letters) > 1 and all(letter in rest for letter in letters)


def _main_title(title: str) -> str:
    """Return a title's part before the colon, or "" if this part is missing, a single word or two ordinary words."""
    main = title.partition(": ")[0].strip()
    words = cased(main).split()
    says_enough = len(words) > 2 or (len(words) == 2 and not all(map(_may_be_ordinary, words)))
    return main if main != title and says_enough else ""


def _joined(text: str) -> str:
    """Return a name as one word (`Nodejs` for `Node.js`), or "" if the name has too many parts or other punctuation."""
    parts = _GAP.split(text)
    is_joinable = 1 < len(parts) <= _MAX_GAPS + 1 and all(part.isalnum() for part in parts)
    return "".join(parts) if is_joinable else ""


def _counted(text: str, proper: bool) -> list[str]:
    """Return the plural and singular forms of a name. A proper name has a plural only if its last word is an
    abbreviation ("ALBs"), or an ordinary word after other words ("Jupyter Notebooks")."""
    last = re.split(r"[ -]", text)[-1]
    if len(last) < 2 or not last.isalnum():
        return []
    stem = text[: len(text) - len(last)]
    if proper and not (stem.endswith(" ") and is_plain_word(last)):
        return [f"{text}s"] if last.isupper() and len(last) > 2 else []
    return [stem + form for form in (_plural(last), singular(last)) if form]


def _plural(word: str) -> str:
    low = word.lower()
    for one, many in _PLURALS:
        if low.endswith(one):
            return word[: -len(one)] + many
    if word.isupper() or low[-1].isdigit():
        return f"{word}s"
    if low.endswith("y") and low[-2] not in "aeiou":
        return f"{word[:-1]}ies"
    if low.endswith(("ch", "sh", "x", "z", "ss", "us", "ias")):
        return f"{word}es"
    return "" if low.endswith("s") else f"{word}s"


def singular(word: str) -> str:
    """Return the singular of a plural, or "" if the word isn't a plural."""
    low = word.lower()
    for one, many in _PLURALS:
        if low.endswith(many):
            return word[: -len(many)] + one
    if not word.endswith("s") or len(word) < 4 or _UNCOUNTED.search(low):
        return ""
    if low.endswith("ies") and len(low) > 4:
        return f"{word[:-3]}y"
    if low.endswith(("ches", "shes", "xes", "sses", "zes", "uses", "iases")):
        return word[:-2]
    return word[:-1]
