"""Plain text: its words, its sentence ends, and how to escape it so that Markdown shows it unchanged."""

import re

SMALL_WORDS = frozenset(
    "a an the and or nor but as at by for from in into of off on onto out over per to up via vs vs. versus with without"
    " is are be was were your our my its their this that than then when where how what why who".split()
)
"""Words that are in lower case within English titles, and don't end a phrase."""
SECTION_NAMES = frozenset(
    "links link resources resource references notes transcript timestamps chapters credits overview introduction"
    " summary conclusion topics contents sources".split()
)
"""Words that, alone and with a capital, head a section of notes."""
ABBREVIATIONS = frozenset(
    "al approx apr aug bros ca cf ch co corp dec dept dr e.g ed eds eg ep eps eq est etc feb fig figs gen gov hon i.e"
    " ie inc jan jr jul jun lt ltd mar messrs mr mrs ms mt no nos nov nr oct op p pp pres prof ref refs rep rev sec sen"
    " sep sept sr st vol vols vs viz".split()
)
"""Abbreviations with a full stop, which is left out here."""
_CLOSERS = "\"'”’»)]}"
_OPENERS = "\"'“‘«([{—–/"
_SENTENCE_MARKS = (".", "!", "?", "…", "。", "！", "？")
_ESCAPED = re.compile(r"\\([!-/:-@\[-`{-~])")
_INLINE = re.compile(
    r"\\(?=[!-/:-@\[-`{-~]|$)"  # a backslash before punctuation
    r"|(?<!\w)_+|_+(?!\w)"  # underscores at a word's edge
    r"|(?<!\s)\*+|\*+(?!\s)"  # stars that touch a word
    r"|`+|~~+"
    r"|[\[\]]"
    r"|<(?=[A-Za-z/!?])"
    r"|&(?=\#?\w{1,32};)"
    r"|\{(?=[{%#:]|\s?[.#:])"  # templates and attribute lists
    r"|\$\$|==+|\+\++|\^(?=\[)"
)
# every sign with which one of these begins: most texts have none, and looking for them is quick
_SIGNS = re.compile(r"[\\_*`~\[\]<&{$=+^]")
# signs that may open something together with what follows; a name may go on as a character reference
_OPENINGS = "<&{~^"
_NAME = re.compile(r"(?<=&)#?\w{1,32}\Z")
_LINE_START = re.compile(
    r"(?P<mark>\#{1,6}(?=\s|$)|>|[-+*](?=\s|$)|=+(?=\s*$)|(?=[-:| \t]+$)[-:|]|~{3,}|:{1,3}(?=\s|:)|!!!|\?\?\?|\|)"
    r"|(?P<list>\d{1,9})(?P<dot>[.)])(?=\s|$)"
)
_SNIPPET = re.compile(r"-{1,}8<-{1,}|;-{1,}8<-{1,}")


def ends_sentence(word: str) -> bool:
    """Whether a word, as written with its punctuation, ends a sentence.

    >>> [ends_sentence(w) for w in ["done.", "done.)", "e.g.", "Ep.", "why?", "J.", "done", "1."]]
    [True, True, False, False, True, False, False, False]
    """
    bare = word.rstrip(_CLOSERS)
    if bare.endswith(".") and not bare.endswith(".."):
        return not (bare.lstrip(_OPENERS)[:-1].isdigit() or is_abbreviation(bare))
    return bare.endswith(_SENTENCE_MARKS)


def is_abbreviation(word: str) -> bool:
    """Whether a word with its full stop is an abbreviation or initials, as in `(Dr.`, `J.` and `a.b.c.`."""
    stem = word.lstrip(_OPENERS).rstrip(_CLOSERS).removesuffix(".")
    letters = stem.split(".")
    is_initials = len(letters) > 1 and all(len(letter) == 1 and letter.isalpha() for letter in letters)
    return stem.casefold() in ABBREVIATIONS or is_initials or (len(stem) == 1 and stem.isalpha() and stem.isupper())


def text_ends_whole(text: str) -> bool:
    """Whether a text ends as a finished sentence does; an ellipsis does not finish one."""
    bare = text.rstrip().rstrip(_CLOSERS)
    return bare.endswith((".", "!", "?", "。", "！", "？")) and not bare.endswith("..")


def starts_upper(word: str) -> bool:
    """Whether a word, opening punctuation aside, begins with a capital or a digit."""
    first = word.lstrip(_OPENERS)[:1]
    return first.isupper() or first.isdigit()


def escape(text: str, is_end: bool = True) -> str:
    """One line of plain text as Markdown that shows exactly it, anywhere on a line but at its start. Other Markdown
    follows unless `is_end`.

    Only syntax of Markdown, templates and attribute lists is escaped, so that words stay readable.

    >>> escape("expand_dims and 2 * 3 stay, *this* and [x](y) do not; {{ a }} <b> &amp;")
    'expand_dims and 2 * 3 stay, \\\\*this\\\\* and \\\\[x\\\\](y) do not; \\\\{{ a }} \\\\<b> \\\\&amp;'
    >>> escape("a <"), escape("a <", is_end=False)
    ('a <', 'a \\\\<')
    """
    if not _SIGNS.search(text):
        return text
    if not is_end and (stem := _NAME.sub("", text).rstrip(_OPENINGS)) != text:
        return escape(stem) + "".join("\\" * (c in _OPENINGS) + c for c in text[len(stem) :])
    escaped = _INLINE.sub(lambda found: "".join("\\" + c for c in found[0]), text)
    return _SNIPPET.sub(lambda found: found[0].replace("<", "\\<"), escaped)


def without_escapes(text: str) -> str:
    """Escaped text as it is shown: without the backslashes before punctuation."""
    return _ESCAPED.sub(r"\1", text)


def escape_line(text: str) -> str:
    """One line of plain text as its own Markdown line, without leading white space."""
    return escape_start(escape(text.strip()))


def escape_start(line: str) -> str:
    """An escaped line in which markers at the beginning are escaped too."""
    found = _LINE_START.match(line)
    if not found:
        return line
    if found["list"]:
        return f"{found['list']}\\{line[found.end('list') :]}"
    return "\\" + line
