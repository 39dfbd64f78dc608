"""Splits prose into words, and finds runs of capitalised words that may be names."""

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from mlguide_site.editing.suggest.vocabulary import WORDS
from mlguide_site.linking.folding import HANGUL, UNSPACED
from mlguide_site.markdown.plain import is_abbreviation

MAX_WORD = 100  # maximum length of a word whose attached words are removed; the search takes quadratic time
MAX_RUN = 6  # approximate maximum number of words in a run; longer runs are usually titles
_LETTER = rf"[^\W_¹²³⁰⁴-⁹{UNSPACED}{HANGUL}]"  # no numbers of footnotes
# names in other scripts are no parts of words in scripts without spaces, and no particles of Korean follow them
_WORD = re.compile(rf"{_LETTER}+(?:['’.&+_·-]{_LETTER}+)*(?:\+\+|#(?!\w))?|[{UNSPACED}{HANGUL}]+")
_ENDING = re.compile(r"['’][sS]$|(?:(?<=[^\W\d_]{3})|(?<=[A-Z]{2}))['’](?!t$)[^\W\dA-Z_]{1,6}$")
"""Matches an ending after an apostrophe, as in English `Ada's` and Turkish `Docker'da`."""
_ENDERS = re.compile(r"[.!?:;…•|–—\n。，、！？；：]")
_NEAR = frozenset([" ", "\n", " & "])
# ordinary words that a hyphen joins to a name, as in `AI-generated`
_ATTACHED = re.compile(r"(?:-(?:[a-z]{1,20}(?:ed|ing|ble|ive|ic|ly)|like|free|aware|native|first|only|wide|side))+$")


class Word(NamedTuple):
    """A word, and its offsets in the block."""

    text: str
    start: int
    end: int
    before: str  # the text between the previous word and this word
    first: bool  # true if the word begins a sentence or a list item
    owner: bool  # true if a possessive ending, such as `'s`, was removed

    @property
    def low(self) -> str:
        return self.text.lower()

    @property
    def capital(self) -> bool:
        return "_" not in self.text and not self.text.islower() and any(map(str.isupper, self.text))


class Run(NamedTuple):
    """A possible name in a block."""

    first: int  # the index of the first word
    last: int  # the index of the last word
    text: str
    loud: bool  # true if the capital is no evidence of a name, for example at the start of a sentence


def words_of(text: str) -> list[Word]:
    """Return the words of a string, in order."""
    words: list[Word] = []
    last, previous = 0, ""
    for found in _WORD.finditer(text):
        written, start = found[0], found.start()
        before, ending = text[last:start], _ENDING.search(written)
        ending = ending if ending and (written[0].isupper() or ending[0].endswith("s")) else None
        word = written[: ending.start()] if ending else written
        is_first = _ENDERS.search(before) and not (before.startswith(".") and is_abbreviation(previous))
        words.append(Word(word, start, start + len(word), before, bool(not words or is_first), bool(ending)))
        last, previous = found.end(), word
    return words


def is_marked(word: str) -> bool:
    """Return whether a word looks like a name: it is in capitals, has an inner capital or dot, or contains digits."""
    letters = [char for char in word if char.isalpha()]
    if not any(map(str.isupper, letters)):
        return False
    if word.endswith(("+", "#")) or any(char.isdigit() for char in word):
        return True
    if len(letters) > 1 and (word.isupper() or (word[:-1].isupper() and word.endswith("s") and len(letters) > 2)):
        return True
    if any(any(map(str.isupper, part[1:])) for part in re.split(r"[-'’&+_]", word)):
        return True
    return len(word) > 4 and 0 < word.find(".") < len(word) - 2


def capitalises_nouns(blocks: Iterable[Sequence[Word]]) -> bool:
    """Return whether the words are in a language that capitalises all nouns, such as German."""
    prose = [word for words in blocks for word in words if word.text.isalpha()]
    inner = [word for word in prose if not word.first and len(word.text) > 2 and not is_marked(word.text)]
    english = sum(word.low in WORDS["small"] for word in prose)
    return len(inner) > 12 and english * 8 < len(prose) and sum(word.capital for word in inner) * 5 > len(inner)


def runs_of(text: str, words: Sequence[Word], ordinary: frozenset[str]) -> Iterator[Run]:
    """Yield a block's runs in order, without overlaps. `ordinary` contains words that occur in lower case."""
    at = 0
    while at < len(words):
        first = last = at
        if words[at].capital and words[at].low not in WORDS["no-names"]:
            while last - first < MAX_RUN and (more := _following(words[last : last + 3], last > first)):
                last += more
            while first <= last and _introduces(words[first], ordinary):
                first += 1
            if first <= last:
                name = text[words[first].start : words[last].end]
                # removing "The" from "The Docker" leaves a name; removing "Machine" from "Machine Learning" does not
                is_cut = any(word.low not in WORDS["small"] for word in words[at:first])
                is_loud = (is_cut or words[first].first) and not is_marked(words[first].text)
                is_word = first == last and len(name) <= MAX_WORD
                yield Run(first, last, _ATTACHED.sub("", name) if is_word else name, is_loud)
        at = last + 1


def _following(words: Sequence[Word], is_long: bool) -> int:
    """Return how many words to add to a run that ends with `words[0]`. `is_long`: True if the run has several words."""
    if len(words) < 2 or words[0].owner:
        return 0
    last, following = words[:2]
    is_near = following.before in _NEAR and not following.first
    if following.capital:
        is_initial = is_long and len(last.text) == 1 and following.before == ". "
        return int(is_initial or (is_near and following.low not in WORDS["no-names"]))
    is_joined = is_near and following.text in WORDS["name-joiners"] and len(words) > 2 and words[2].before == " "
    return 2 if is_joined and words[2].capital else 0


def _introduces(word: Word, ordinary: frozenset[str]) -> bool:
    is_acronym = word.text.isupper() and len(word.low) > 1 and word.low not in {"it", "us", "is"}
    if word.low in WORDS["small"] and not is_acronym:
        return True
    return word.first and not is_marked(word.text) and word.low in ordinary
