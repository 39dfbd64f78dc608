"""Finds the ends of sentences, and escapes plain text as Markdown."""

import re

from mlguide_site.model.words import WORDS

SMALL_WORDS = WORDS["small"]
SECTION_NAMES = WORDS["section names"]
ABBREVIATIONS = WORDS["abbreviations"]
_CLOSERS = "\"'”’»)]}"
_OPENERS = "\"'“‘«([{—–/"
_SENTENCE_MARKS = (".", "!", "?", "…", "。", "！", "？")
_ESCAPED = re.compile(r"\\([!-/:-@\[-`{-~])")
_INLINE = re.compile(
    r"\\(?=[!-/:-@\[-`{-~]|$)"  # this matches a backslash before punctuation
    r"|(?<!\w)_+|(?<!_)_++(?!\w)"  # this matches underscores at a word's edge
    r"|(?<!\s)\*+|\*+(?!\s)"  # this matches asterisks next to a word
    r"|`+|~~+"
    r"|[\[\]]"
    r"|<(?=[A-Za-z/!?])"
    r"|&(?=\#?\w{1,32};)"
    r"|\{(?=[{%#:]|\s?[.#:])"  # this matches templates and attribute lists
    r"|(?<!\s)\$(?!\w)|\$\$"  # this matches the end of a formula
    r"|==+|\+\++|%%+|\^(?=\[)"
)
_SIGNS = re.compile(r"[\\_*`~\[\]<&{$=+%^]")  # a text without these characters needs no escape
_OPENINGS = "<&{~^"  # at the end of a text, these may begin Markdown syntax or a character reference
_NAME = re.compile(r"(?<=&)#?\w{1,32}\Z")
_LINE_START = re.compile(
    r"(?P<mark>\#{1,6}(?=\s|$)|>|[-+*](?=\s|$)|=+(?=\s*$)|(?=[-:| \t]+$)[-:|]|~{3,}|:{1,3}(?=\s|:)|!!!|\?\?\?|\|)"
    r"|(?P<list>\d{1,9})(?P<dot>[.)])(?=\s|$)"
)
_SNIPPET = re.compile(r"-{1,}8<-{1,}|;-{1,}8<-{1,}")


def ends_sentence(word: str) -> bool:
    """Return whether a word ends a sentence."""
    bare = word.rstrip(_CLOSERS)
    if bare.endswith(".") and not bare.endswith(".."):
        return not (bare.lstrip(_OPENERS)[:-1].isdigit() or is_abbreviation(bare))
    return bare.endswith(_SENTENCE_MARKS)


def is_abbreviation(word: str) -> bool:
    """Return whether a word is an abbreviation or initials, such as `(Dr.`, `J.` or `a.b.c.`."""
    stem = word.lstrip(_OPENERS).rstrip(_CLOSERS).removesuffix(".")
    letters = stem.split(".")
    is_initials = len(letters) > 1 and all(len(letter) == 1 and letter.isalpha() for letter in letters)
    return stem.casefold() in ABBREVIATIONS or is_initials or (len(stem) == 1 and stem.isalpha() and stem.isupper())


def text_ends_whole(text: str) -> bool:
    """Return whether a text ends with a complete sentence. A sentence with an ellipsis at its end is incomplete."""
    bare = text.rstrip().rstrip(_CLOSERS)
    return bare.endswith((".", "!", "?", "。", "！", "？")) and not bare.endswith("..")


def starts_upper(word: str) -> bool:
    """Return whether a word begins with a capital letter or a digit, ignoring opening punctuation."""
    first = word.lstrip(_OPENERS)[:1]
    return first.isupper() or first.isdigit()


def escape(text: str, is_end: bool = True) -> str:
    """Escape plain text for use inside a Markdown line. To keep the text readable, escape only characters that
    Markdown, templates or attribute lists interpret. `is_end` is false if more Markdown follows on the same line."""
    if not _SIGNS.search(text):
        return text
    if not is_end and (stem := _NAME.sub("", text).rstrip(_OPENINGS)) != text:
        return escape(stem) + "".join("\\" * (c in _OPENINGS) + c for c in text[len(stem) :])
    escaped = _INLINE.sub(lambda found: "".join("\\" + c for c in found[0]), text)
    return _SNIPPET.sub(lambda found: found[0].replace("<", "\\<"), escaped)


def without_escapes(text: str) -> str:
    """Remove the backslashes before punctuation from escaped text."""
    return _ESCAPED.sub(r"\1", text)


def escape_start(line: str) -> str:
    """Escape the start of an escaped line if the line would begin a list, heading or other block."""
    if found := _LINE_START.match(line):
        # in a numbered list, the backslash follows the number
        at = len(found["list"] or "")
        return f"{line[:at]}\\{line[at:]}"
    return line
