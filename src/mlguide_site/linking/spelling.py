"""The spellings under which a name may occur in a text, and how strictly the case of each must be kept.

Which names keep their capitals:
- single letters and proper names of two or three letters always ("R", "Go"), abbreviations and proper names that look
  like a word ("Spark", "Weights & Biases") unless the notes give evidence that the small form is meant (`context`);
- resources, people and tools with a home page have proper names; topics, terms and other tools are common nouns;
- a title of four words and more counts in any case, small words not counted;
- a name that the knowledge file writes small counts in any case, so an alias `go` or `spark` lifts the rule;
- where capitals must be kept, all capitals will do ("SPARK").
"""

import re
import unicodedata
from enum import IntEnum
from functools import lru_cache
from typing import NamedTuple

from mlguide_site.linking.folding import cased, plain
from mlguide_site.model import Kind

MAX_JOINED = 2
"""Names with more gaps than this have no spelling without the gaps."""
TITLE = 4
"""A title of this many words counts in small letters, too."""
SHORT = 3
"""Proper names and mixed-case abbreviations of at most this many letters always keep their capitals."""
LIKE_A_WORD = 5
"""Names with capitals inside ("ReAct") and at most this many letters may be a word in small letters."""
SMALL = frozenset(
    "a an and are as at be but by can do does for from if in into is it its my nor not of on or over so than that the"
    " to up via vs with you your".split()
)
"""Words that titles write small."""

_COMMON = (Kind.TOPIC, Kind.TERM)
_GAP = re.compile(r"[ -]|\.(?=[a-z])")
_HUMP = re.compile(r"(?<=[a-z])(?=[A-Z][A-Za-z])")
_VERSION = re.compile(r"([A-Za-z]{2,})[ -]?(\d{1,3})$")
_ABBREVIATED = re.compile(r"(\S.*\S) \(([^()]{2,12})\)$")
_UNCOUNTED = re.compile(r"(?:ss|us|is|ias|ics|news|lens|always|series|species)$", re.IGNORECASE)
_NOT_ICS = re.compile(r"(?:metr|top|graph)ics$", re.IGNORECASE)
_HEAD = re.compile(r"([A-Za-z]{3,})[ -](?:of|in)[ -]\w")
_PLURALS = (("trix", "trices"), ("rtex", "rtices"), ("sis", "ses"))
_BRITISH = {
    "neighbour": "neighbor",
    "behaviour": "behavior",
    "colour": "color",
    "isation": "ization",
    "ising": "izing",
    "ised": "ized",
    "iser": "izer",
    "modelling": "modeling",
    "labelling": "labeling",
    "labelled": "labeled",
    "centre": "center",
}
_OTHER_ENGLISH = _BRITISH | {american: british for british, american in _BRITISH.items()}


class Case(IntEnum):
    """How strictly the case of a spelling must be kept."""

    ANY = 0
    """Any case will do."""
    USUAL = 1
    """Capitals are kept, unless there is evidence for the small form."""
    FIXED = 2
    """Capitals are always kept."""


class Spelling(NamedTuple):
    """One way to write a name. `text` is plain; `own` is true where the knowledge file writes it so."""

    text: str
    own: bool
    case: Case


@lru_cache(maxsize=1 << 15)
def spellings(name: str, kind: Kind, proper: bool | None = None) -> tuple[Spelling, ...]:
    """Every spelling of a name, its own first, no two with the same text. `proper`: it is a proper name, as those of
    tools, resources and people are by default.

    >>> [s.text for s in spellings("scikit-learn", Kind.TOOL)]
    ['scikit-learn', 'scikitlearn']
    >>> [s.text for s in spellings("Markov Chain (MC)", Kind.TERM)][:3]
    ['Markov Chain (MC)', 'Markov Chain', 'MC']
    >>> [s.text for s in spellings("Deep Learning (Stanford)", Kind.RESOURCE)]
    ['Deep Learning (Stanford)']
    """
    proper = kind not in _COMMON if proper is None else proper
    own = plain(unicodedata.normalize("NFC", name)).strip()
    found: dict[str, Spelling] = {}

    def add(text: str, is_own: bool = False, capitals: bool = False) -> None:
        if text not in found and any(char.isalnum() for char in text):
            found[text] = Spelling(text, is_own, max(_case(text, kind, proper), Case.USUAL if capitals else Case.ANY))

    abbreviated = _ABBREVIATED.match(own)
    is_short = abbreviated is not None and _is_short_for(abbreviated[2], abbreviated[1])
    bases = [own, *abbreviated.groups()] if abbreviated and is_short else [own]
    for base in bases:
        add(base, is_own=True)
    # a text may write accents as characters of their own
    bases.append(plain(unicodedata.normalize("NFD", name)).strip())
    bases += [_with_and(base) for base in bases]
    if kind is Kind.RESOURCE:
        bases += [own.rstrip("?!. "), _main_title(own)]
    if kind in _COMMON:
        bases += [other for base in bases[:] for other in _other_english(base)]
    for base in bases:
        add(base)
    if kind not in (Kind.RESOURCE, Kind.PERSON):
        joined = [text for base in bases if (text := _joined(base))]
        for text in joined:
            add(text, capitals=proper and not text.islower())
        bases += joined
        for base in bases:
            for other in _counted(base, kind, proper):
                add(other)
            if " " not in base:
                add(_HUMP.sub(" ", base), capitals=True)
            if version := _VERSION.fullmatch(base):
                add(f"{version[1]} {version[2]}", capitals=True)
                add(f"{version[1]}{version[2]}")
    return tuple(found.values())


def is_plain_word(text: str) -> bool:
    """Whether a spelling looks like a word of the language: one word of letters, capitals at most at its beginning.

    >>> [is_plain_word(text) for text in ("Spark", "bed", "PyTorch", "SQL", "R", "scikit-learn", "GPT4")]
    [True, True, False, False, False, False, False]
    """
    return len(text) > 1 and text.isalpha() and text[1:].islower()


def in_capitals(text: str) -> bool:
    """Whether the letters of a text are all capitals, and more than one.

    >>> in_capitals("SQL"), in_capitals("R"), in_capitals("GANs")
    (True, False, False)
    """
    return len(text) > 1 and text.isupper()


def keeps_capitals(found: str, written: str) -> bool:
    """Whether a text found has the capitals of a spelling; both as `cased` returns them. Small words in a name of
    several words may be small or large.

    >>> keeps_capitals("the Master Algorithm", "The Master Algorithm"), keeps_capitals("spark", "Spark")
    (True, False)
    """
    if found in (written, written.upper()):
        return True
    if " " not in written.strip():
        return False
    return _lower_small(found) == _lower_small(written)


def _lower_small(text: str) -> str:
    return " ".join(word.lower() if word.lower() in SMALL or len(word) < 3 else word for word in text.split(" "))


def _case(text: str, kind: Kind, proper: bool) -> Case:
    """How strictly the case of a spelling must be kept; see the rules above."""
    words = cased(text).split()
    if text.islower():
        return Case.FIXED if len("".join(words)) == 1 else Case.ANY
    if "." in text:
        return Case.ANY
    if len(words) > 1:
        if kind is Kind.RESOURCE and sum(word.lower() not in SMALL for word in words) >= TITLE:
            return Case.ANY
        title = proper and not words[-1].islower()
        return Case.USUAL if title and all(_tells_nothing(word) for word in words) else Case.ANY
    word = words[0].removesuffix("s") if words[0][:-1].isupper() else words[0]
    letters = sum(char.isalpha() for char in word)
    if letters == 1 or (word.isupper() and word.isalpha() and letters < SHORT):
        return Case.FIXED
    if word.isupper() and word.isalpha():
        return Case.USUAL
    if not word.isalpha() or not word[1:].islower():
        mixed = Case.FIXED if letters <= SHORT else Case.USUAL if letters <= LIKE_A_WORD else Case.ANY
        return mixed if word.isalpha() else Case.ANY
    if not proper:
        return Case.ANY
    return Case.FIXED if letters <= SHORT else Case.USUAL


def _tells_nothing(word: str) -> bool:
    """Whether a word of a name doesn't show that it belongs to a name once its capitals are gone."""
    return len(word) <= 2 or word.isdigit() or is_plain_word(word)


def _is_short_for(short: str, name: str) -> bool:
    """Whether what is in brackets behind a name abbreviates it: its letters occur in the name in the same order.

    >>> _is_short_for("MC", "Markov Chain"), _is_short_for("k-NN", "k-nearest neighbours")
    (True, True)
    >>> _is_short_for("Stanford", "Deep Learning"), _is_short_for("2nd ed.", "Deep Learning")
    (False, False)
    """
    letters = [char.lower() for char in short.removesuffix("s") if char.isalpha()]
    rest = iter(name.lower())
    mostly_capitals = sum(char.isupper() for char in short) * 2 >= len(letters)
    return mostly_capitals and len(letters) > 1 and all(letter in rest for letter in letters)


def _with_and(text: str) -> str:
    return text.replace(" & ", " and ") if " & " in text else text.replace(" and ", " & ")


def _main_title(title: str) -> str:
    """A title up to its colon, if that still says enough: two words of which one isn't a plain word, or three words."""
    main = title.partition(": ")[0].strip()
    words = cased(main).split()
    telling = len(words) > 2 or (len(words) == 2 and not all(_tells_nothing(word) for word in words))
    return main if main != title and telling else ""


def _other_english(text: str) -> list[str]:
    """The British spelling of an American one, and the other way round."""
    low = text.lower()
    return [re.sub(old, new, text, flags=re.IGNORECASE) for old, new in _OTHER_ENGLISH.items() if old in low]


def _joined(text: str) -> str:
    """A name without its gaps; empty where it has none, too many, or one that isn't between letters and digits."""
    parts = _GAP.split(text)
    if not 1 < len(parts) <= MAX_JOINED + 1 or not all(part.isalnum() for part in parts):
        return ""
    return "".join(parts)


def _counted(text: str, kind: Kind, proper: bool) -> list[str]:
    """The plural of a name, or the singular of a plural. Resources and people have none; proper names have one only
    where the last of several words is a plain one ("Jupyter Notebooks") or an abbreviation ("ALBs"). A name with "of"
    or "in" has two plurals ("chain of thoughts", "chains of thought")."""
    last = re.split(r"[ -]", text)[-1]
    if kind in (Kind.RESOURCE, Kind.PERSON) or len(last) < 2 or not last.isalnum():
        return []
    stem = text[: len(text) - len(last)]
    if proper and not (stem.endswith(" ") and is_plain_word(last)):
        return [f"{text}s"] if last.isupper() and len(last) > 2 else []
    counted = [stem + form for form in (_plural(last), singular(last)) if form]
    if kind in _COMMON and (head := _HEAD.match(text)) and (many := _plural(head[1])):
        counted.append(many + text[head.end(1) :])
    return counted


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
    """The singular of a plural; empty where a word is none."""
    low = word.lower()
    for one, many in _PLURALS:
        if low.endswith(many):
            return word[: -len(many)] + one
    if not word.endswith("s") or len(word) < 4 or (_UNCOUNTED.search(low) and not _NOT_ICS.search(low)):
        return ""
    if low.endswith("ies") and len(low) > 4:
        return f"{word[:-3]}y"
    if low.endswith(("ches", "shes", "xes", "sses", "zes", "uses", "iases")):
        return word[:-2]
    return word[:-1]
