"""The spellings under which a name may stand in a text, and how strictly the case of each must be kept.

A name counts in any case unless that would take an ordinary word for it:
- names of three letters or fewer, and single letters always, keep their capitals ("Go", "R", "AI", "GANs");
- a single word that is also an ordinary word keeps them ("Spark", "Excel", "ReAct"), unless a topic or a term is called
  so in the manner of a title ("Bias");
- tools, resources and people called by several ordinary words keep them ("Weights & Biases", "The Master Algorithm";
  small words may be small), but for titles of four words and more that aren't small ones;
- what is written small in the knowledge file counts in any case, so an alias `go` or `spark` lifts the rule;
- where capitals must be kept, all capitals will do ("SPARK").
"""

import re
import unicodedata
from functools import lru_cache
from typing import NamedTuple

from mlguide_site.linking.names.folding import cased, folded, plain
from mlguide_site.linking.names.words import is_ordinary
from mlguide_site.model import Kind

MAX_JOINED = 2
"""Names with more gaps than this have no spelling that leaves the gaps out."""

TITLE = 4
"""A title of so many words is one in small letters, too, those that titles write small not counted."""

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
_OTHER_ENGLISH = tuple(
    (re.compile(rf"\b(\w*?){a}", re.IGNORECASE), b)
    for one, two in (
        ("neighbour", "neighbor"),
        ("behaviour", "behavior"),
        ("colour", "color"),
        ("isation", "ization"),
        ("ising", "izing"),
        ("ised", "ized"),
        ("iser", "izer"),
        ("modelling", "modeling"),
        ("labelling", "labeling"),
        ("labelled", "labeled"),
        ("centre", "center"),
    )
    for a, b in ((one, rf"\g<1>{two}"), (two, rf"\g<1>{one}"))
)


class Spelling(NamedTuple):
    """One way to write a name. `text` is its plain text; `own` is true where the knowledge file spells it so; `strict`
    where capitals must be kept; `doubtful` where at the beginning of a sentence it could be an ordinary word."""

    text: str
    own: bool
    strict: bool
    doubtful: bool


def _is_short_for(short: str, name: str) -> bool:
    """Whether what stands in brackets behind a name abbreviates it: its capitals begin words or parts of it, in order.

    >>> _is_short_for("MC", "Markov Chain"), _is_short_for("k-NN", "k-nearest neighbours")
    (True, True)
    >>> _is_short_for("Stanford", "Deep Learning"), _is_short_for("2nd ed.", "Deep Learning")
    (False, False)
    """
    letters = [char.lower() for char in short.removesuffix("s") if char.isalpha()]
    rest = iter(name.lower())
    mostly_capitals = sum(char.isupper() for char in short) * 2 >= len(letters)
    return mostly_capitals and len(letters) > 1 and all(letter in rest for letter in letters)


@lru_cache(maxsize=1 << 15)
def spellings(name: str, kind: Kind) -> tuple[Spelling, ...]:
    """Every spelling of a name, its own first, no two with the same text.

    >>> [s.text for s in spellings("scikit-learn", Kind.TOOL)]
    ['scikit-learn', 'scikitlearn']
    >>> [s.text for s in spellings("Markov Chain (MC)", Kind.TERM)][:3]
    ['Markov Chain (MC)', 'Markov Chain', 'MC']
    >>> [s.text for s in spellings("Deep Learning (Stanford)", Kind.RESOURCE)]
    ['Deep Learning (Stanford)']
    """
    own = plain(unicodedata.normalize("NFC", name)).strip()
    found: dict[str, Spelling] = {}

    def add(text: str, is_own: bool, capitals: bool = False) -> None:
        if text not in found and any(char.isalnum() for char in text):
            strict = capitals or _strict(text, kind)
            found[text] = Spelling(text, is_own, strict, strict and _doubtful(text))

    abbreviated = _ABBREVIATED.match(own)
    if abbreviated and not _is_short_for(abbreviated[2], abbreviated[1]):
        abbreviated = None
    bases = [own, abbreviated[1], abbreviated[2]] if abbreviated else [own]
    for base in bases:
        add(base, True)
    if not name.isascii():
        # accents may be characters of their own in a text
        bases.append(plain(unicodedata.normalize("NFD", name)).strip())
    bases += [other for base in bases[:] if (other := _with_and(base)) != base]
    if kind is Kind.RESOURCE:
        bases += [own.rstrip("?!. "), *([short] if (short := _main_title(own)) else [])]
    for base in bases:
        add(base, False)
    if kind in _COMMON:
        bases += [other for base in bases[:] for other in _other_english(base)]
    if kind not in (Kind.RESOURCE, Kind.PERSON):
        bases += [joined for base in bases[:] if (joined := _joined(base)) and not _is_word(joined, kind)]
    for base in bases:
        add(base, False)
        for other in _counted(base, kind):
            add(other, False)
    if kind is Kind.TOOL or kind in _COMMON:
        for base in bases:
            if " " not in base and (split := _HUMP.sub(" ", base)) != base:
                add(split, False, capitals=True)
            if version := _VERSION.fullmatch(base):
                add(f"{version[1]} {version[2]}", False, capitals=True)
                add(f"{version[1]}{version[2]}", False)
    return tuple(found.values())


def key(text: str) -> str:
    """What spellings that differ in case and separators alone have in common: what a text is searched for.

    >>> key("Scikit-Learn") == key("scikit learn")
    True
    """
    return folded(cased(text))


def in_capitals(text: str) -> bool:
    """Whether the letters of a text are all capitals, and more than one.

    >>> in_capitals("SQL"), in_capitals("R"), in_capitals("GANs")
    (True, False, False)
    """
    return len(text) > 1 and text.isupper()


def keeps_capitals(found: str, written: str) -> bool:
    """Whether a text found has the capitals of a spelling; both as `cased` gives them. Small words in a name of several
    words may be small or large.

    >>> keeps_capitals("the Master Algorithm", "The Master Algorithm"), keeps_capitals("spark", "Spark")
    (True, False)
    """
    if found in (written, written.upper()):
        return True
    if " " not in written.strip():
        return False
    return _small(found) == _small(written)


def _small(text: str) -> str:
    return " ".join(word.lower() if word.lower() in SMALL else word for word in text.split(" "))


def _strict(text: str, kind: Kind) -> bool:
    """Whether the case of a spelling must be kept; see the rules above."""
    words = cased(text).split()
    # the small s of a plural doesn't make an abbreviation longer
    letters = sum(char.isalpha() for char in text) - (text.endswith("s") and text[:-1].isupper())
    if text.islower():
        return len("".join(words)) == 1
    if "." in text:
        return False
    if len(words) == 1:
        word = words[0]
        if letters == 1 or (letters <= 3 and word.isalpha()):
            return True
        return is_ordinary(word.lower()) and not (kind in _COMMON and word == word.capitalize())
    if kind is Kind.RESOURCE and sum(word.lower() not in SMALL for word in words) >= TITLE:
        return False
    return kind not in _COMMON and all(_tells_nothing(word.lower()) for word in words)


def _tells_nothing(word: str) -> bool:
    return len(word) <= 2 or word.isdigit() or is_ordinary(word)


def _doubtful(text: str) -> bool:
    words = cased(text).split()
    return len(words) == 1 and words[0] == words[0].capitalize() and is_ordinary(words[0].lower())


def _with_and(text: str) -> str:
    return text.replace(" & ", " and ") if " & " in text else text.replace(" and ", " & ")


def _main_title(title: str) -> str:
    """A title without what follows its colon, where that still says enough."""
    main = title.partition(": ")[0].strip()
    words = cased(main).split()
    telling = len(words) > 2 or (len(words) == 2 and not all(_tells_nothing(word.lower()) for word in words))
    return main if main != title and telling else ""


def _other_english(text: str) -> list[str]:
    """The British spelling of an American one, and the other way round."""
    others = [pattern.sub(new, text) for pattern, new in _OTHER_ENGLISH]
    return [other for other in others if other != text]


def _joined(text: str) -> str:
    """A name with its gaps closed; empty where it has none, too many, or one that is not between letters and digits."""
    parts = _GAP.split(text)
    if not 1 < len(parts) <= MAX_JOINED + 1 or not all(part.isalnum() for part in parts):
        return ""
    return "".join(parts)


def _is_word(joined: str, kind: Kind) -> bool:
    """Whether a tool's name with its gaps closed is an ordinary word; a term's ("data set") means the same."""
    return kind is Kind.TOOL and is_ordinary(joined.lower())


def _counted(text: str, kind: Kind) -> list[str]:
    """The plural of a name, or the singular of one that stands in the plural. Tools have a plural only where their last
    word is an ordinary one ("Jupyter Notebooks") or an abbreviation ("ALBs"); resources and people have none. What is
    of or in something has two ("chain of thoughts", "chains of thought")."""
    last = re.split(r"[ -]", text)[-1]
    if kind in (Kind.RESOURCE, Kind.PERSON) or len(last) < 2 or not last.isalnum():
        return []
    stem = text[: len(text) - len(last)]
    if kind is Kind.TOOL and not (stem.endswith(" ") and last[0].isupper() and is_ordinary(last.lower())):
        return [f"{text}s"] if last.isupper() and len(last) > 2 else []
    forms = [_plural(last)]
    if singular := _singular(last):
        forms.append(singular)
    counted = [stem + form for form in forms if form]
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


def _singular(word: str) -> str:
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
