"""Texts made comparable without moving a character: every function here keeps the length of what it is given."""

import re
import unicodedata

BREAK = "\x00"
"""Stands between texts that are searched in one go; no name holds it."""

_NON_ASCII = re.compile(r"[^\x00-\x7f]")
_USUAL = tuple(zip("’‘“”–—…•\xa0‑", "''\"\"|||| -", strict=True))
_MANY = 50
"""Replacing so many characters one after the other takes longer than looking at each character of the text."""
_APOSTROPHES = frozenset("’‘‛ʼ′ʹ＇")
_HYPHENS = frozenset("‐‑−﹣－")
_ASCII = {code: chr(code) if chr(code).isalnum() or chr(code) == "_" else " " for code in range(128)}

_UNSPACED = re.compile(
    "[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]"
)


def plain(text: str) -> str:
    """A text with typography taken back: straight apostrophes and hyphens, plain spaces, letters without accents; other
    signs become `|`. Letters and digits of other scripts stay.

    >>> plain("Poincaré’s\\xa0naïve “k‑means” – a\\u2009start…")
    'Poincare\\'s naive "k-means" | a start|'
    """
    if text.isascii():
        return text
    for old, new in _USUAL:
        if old in text:
            text = text.replace(old, new)
    if text.isascii():
        return text
    changed = {char: new for char in set(_NON_ASCII.findall(text)) if (new := _plain_char(char)) != char}
    if len(changed) > _MANY:
        return text.translate({ord(char): new for char, new in changed.items()})
    for char, new in changed.items():
        text = text.replace(char, new)
    return text


def _plain_char(char: str) -> str:
    if char in _APOSTROPHES:
        return "'"
    if char in _HYPHENS:
        return "-"
    category = unicodedata.category(char)
    if category == "Zs" or category in {"Zl", "Zp"}:
        return " "
    if category[0] == "M":
        # an accent of its own belongs to the word before it: a word with it is another word
        return "_"
    whole = unicodedata.normalize("NFD", char)
    if len(whole) > 1 and whole[0].isascii() and whole[0].isalnum():
        return whole[0]
    if category[0] in "LN":
        # a superscript is part of what it stands on (R²)
        return "_" if category == "No" else char
    return "|"


def cased(plain_text: str) -> str:
    """A plain text with everything that is neither letter nor digit made a space; case is kept.

    >>> cased("Node.js, C++ and scikit-learn")
    'Node js  C   and scikit learn'
    """
    return plain_text.translate(_ASCII)


def folded(cased_text: str) -> str:
    """A cased text in lower case.

    >>> folded("Node js")
    'node js'
    """
    return cased_text.lower()


def is_unspaced(char: str) -> bool:
    """Whether a letter is of a script that sets no spaces between words (Chinese, Japanese, Thai, Lao, Khmer, Burmese).

    >>> is_unspaced("学"), is_unspaced("カ"), is_unspaced("a"), is_unspaced("я")
    (True, True, False, False)
    """
    return _UNSPACED.match(char) is not None


def spaced(text: str) -> str:
    """A text in which letters of such scripts are spaces, as far as words of other scripts go.

    >>> spaced("用Docker做")
    ' Docker '
    """
    return text if text.isascii() else _UNSPACED.sub(" ", text)
