"""Folds case, accents and punctuation, to compare texts. Folding never changes the length of a text."""

import re
import unicodedata
from functools import lru_cache

BREAK = "\x00"  # the separator of blocks that are searched together; no name contains this character
LONGEST_PHRASE = 8  # maximum number of words of the names that questions and titles are searched for
_NON_ASCII = re.compile(r"[^\x00-\x7f]")
_SIGNS = {**dict.fromkeys("’‘‛ʼ′ʹ＇", "'"), **dict.fromkeys("‐‑−﹣－", "-"), **dict.fromkeys("“”", '"')}
_ASCII = {code: chr(code) if chr(code).isalnum() or chr(code) == "_" else " " for code in range(128)}
UNSPACED = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
"""Ranges of letters of scripts without spaces (Chinese, Japanese, Thai, Lao, Khmer, Burmese), as in `[…]`."""
_UNSPACED = re.compile(f"[{UNSPACED}]")
HANGUL = "\uac00-\ud7a3"
"""The range of Korean syllables. Particles follow a name in another script without a space, as in `PyTorch를`."""
_HANGUL = re.compile(f"[{HANGUL}]")
_WORD = re.compile(rf"[{UNSPACED}]|[{HANGUL}]+|[^\s{UNSPACED}{HANGUL}]+")
_SPACED_WORD = re.compile(r"\S+")


def plain(text: str) -> str:
    """Convert accented letters, quotes, hyphens and spaces to ASCII, and symbols to `|`. Change no other letters."""
    if text.isascii():
        return text
    return text.translate({ord(char): _plain_char(char) for char in set(_NON_ASCII.findall(text))})


@lru_cache(maxsize=1 << 12)
def _plain_char(char: str) -> str:
    if char in _SIGNS:
        return _SIGNS[char]
    category = unicodedata.category(char)
    if category in {"Zs", "Zl", "Zp"}:
        return " "
    if "₀" <= char <= "₉":
        return str(unicodedata.digit(char))  # CO₂ is the name CO2
    if category[0] == "M" or category == "No":
        # a combining accent or a superscript is part of the preceding word: R² isn't the name R
        return "_"
    whole = unicodedata.normalize("NFD", char)
    if len(whole) > 1 and whole[0].isascii() and whole[0].isalnum():
        return whole[0]
    return char if category[0] in "LN" else "|"


def is_word_part(char: str) -> bool:
    """Return whether a character is a letter, a digit, or a combining mark such as a vowel sign of Hindi."""
    return char.isalnum() or unicodedata.category(char)[0] == "M"


def cased(plain_text: str) -> str:
    """Replace all punctuation and symbols except `_` with spaces. The argument is a result of `plain`."""
    return plain_text.translate(_ASCII)


def lower(text: str) -> str:
    """Return a text in lower case. A character stays the same if its lower-case form has several characters."""
    low = text.lower()
    if len(low) == len(text):
        return low
    return "".join(char.lower() if len(char.lower()) == 1 else char for char in text)


def key(text: str) -> str:
    """Return the same key for spellings that differ only in case and separators (`Scikit-Learn`, `scikit learn`)."""
    return lower(cased(text))


def words(folded_text: str, start: int = 0, end: int | None = None) -> list[re.Match[str]]:
    """Return a regex match for each word of a folded text. In scripts without spaces, each character is a word."""
    pattern = _SPACED_WORD if folded_text.isascii() else _WORD
    return list(pattern.finditer(folded_text, start, len(folded_text) if end is None else end))


def folded_words(text: str) -> list[str]:
    """Return the words of a text in folded form, such as `node` and `js` for `Node.js`."""
    folded_text = key(plain(text))
    return folded_text.split() if folded_text.isascii() else _WORD.findall(folded_text)


@lru_cache(maxsize=128)  # topics share the texts of episodes
def phrases(text: str) -> frozenset[str]:
    """Return each phrase of up to `LONGEST_PHRASE` words in a text, in folded form."""
    words = folded_words(text)
    sizes = range(1, LONGEST_PHRASE + 1)
    return frozenset(" ".join(words[at : at + size]) for size in sizes for at in range(len(words) - size + 1))


def is_boundary(before: str, after: str) -> bool:
    """Return whether a word may end between two letters: one belongs to a script without spaces, or only one is
    Korean."""
    is_unspaced = _UNSPACED.match(before) or _UNSPACED.match(after)
    return is_unspaced is not None or bool(_HANGUL.match(before)) != bool(_HANGUL.match(after))
