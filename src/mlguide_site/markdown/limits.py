"""The limits of a note: of its size, and of what is parsed. They keep this parser and the engine's near linear: both
take time quadratic in the marks of a paragraph or in the number of fences and pieces of HTML, and recurse once per
level.
"""

import re

from markdown_it.rules_core import StateCore

MAX_NOTE_BYTES = 1024 * 1024
MAX_FRONT_MATTER = 64 * 1024
"""bytes of a note's front matter"""
MAX_BODY_BYTES = MAX_NOTE_BYTES - MAX_FRONT_MATTER
"""bytes of the body that an import writes"""
MAX_LINES = 40_000
"""lines that are not blank"""
MAX_LINE = 20_000
MAX_NESTING = 100
MAX_PARAGRAPH = 60_000
MAX_MARKS = 4_000
"""signs in one paragraph that may be Markdown"""
MAX_ALL_MARKS = 100_000
MAX_ALL_BRACKETS = 20_000
MAX_PIECES = 2_000
"""fences, and blocks of raw HTML"""
MAX_TOKENS = 80_000
MAX_TAGS = 2_000
"""tags in one block of raw HTML"""
_LONG_LINE = re.compile(rf"^[^\n]{{{MAX_LINE + 1}}}", re.MULTILINE)
_MARKER = r"[ \t]*+(?:>|(?:[-+*]|\d{1,9}+[.)])(?=[ \t]))"
_MANY_MARKERS = re.compile(rf"^(?:{_MARKER}){{8,}}+", re.MULTILINE)
_ONE_MARKER = re.compile(_MARKER)
_MAX_MARKER_SIGNS = 40_000
MARKS = re.compile(r"[\[\]<*_`~!\\&{|=^$:+#]")
"""a sign that may be Markdown"""
_SPLIT = "split it up"


class LimitError(Exception):
    """A body exceeds a limit; `line` is counted from 1."""

    def __init__(self, line: int, message: str, remedy: str) -> None:
        super().__init__(message)
        self.line, self.message, self.remedy = line, message, remedy


def check_source(text: str) -> None:
    """Raise LimitError for a body that is too large, has too many or too long lines or is nested too deep."""
    if len(text) > MAX_NOTE_BYTES or len(text.encode("utf-8", "replace")) > MAX_NOTE_BYTES:
        raise LimitError(1, f"the text is larger than {MAX_NOTE_BYTES // 2**20} MiB", _SPLIT)
    if text.count("\n") > MAX_LINES and sum(1 for line in text.split("\n") if line) > MAX_LINES:
        raise LimitError(1, f"the text has more than {MAX_LINES:,} lines", _SPLIT)
    if len(text) > MAX_LINE and (found := _LONG_LINE.search(text)):
        line = _line(text, found.start())
        raise LimitError(line, f"the line is longer than {MAX_LINE:,} characters", "break it into several lines")
    signs = 0
    for found in _MANY_MARKERS.finditer(text):
        signs += found.end() - found.start()
        if len(_ONE_MARKER.findall(found.group())) > MAX_NESTING or signs > _MAX_MARKER_SIGNS:
            raise _too_deep(_line(text, found.start()))


def check_inline(state: StateCore) -> None:
    """A rule of markdown-it's core chain, between blocks and their inline content, which takes most time."""
    if len(state.tokens) > MAX_TOKENS:
        raise LimitError(1, "the text has too many paragraphs, items and cells", _SPLIT)
    # no body has more marks than characters
    is_long = len(state.src) > MAX_ALL_MARKS
    pieces = marks = brackets = 0
    for token in state.tokens:
        line = token.map[0] + 1 if token.map else 1
        if token.level > MAX_NESTING:
            raise _too_deep(line)
        if token.type == "inline":
            opened = token.content.count("[")
            brackets += opened
            if is_long or opened > MAX_NESTING or len(token.content) > MAX_MARKS:
                marks += _marks(token.content, line)
            if marks > MAX_ALL_MARKS or brackets > MAX_ALL_BRACKETS:
                raise LimitError(line, "the text has too many marks", _SPLIT)
        elif token.type in {"html_block", "fence", "code_block"}:
            pieces += 1
            if pieces > MAX_PIECES:
                raise LimitError(line, f"the text has more than {MAX_PIECES:,} pieces of code and HTML", _SPLIT)
            if token.type == "html_block" and token.content.count("<") > MAX_TAGS:
                raise LimitError(line, f"the HTML has more than {MAX_TAGS:,} tags", "write Markdown instead")


def _marks(paragraph: str, line: int) -> int:
    """The number of marks of a paragraph within the limits."""
    if len(paragraph) > MAX_PARAGRAPH:
        raise LimitError(line, f"the paragraph is longer than {MAX_PARAGRAPH:,} characters", _SPLIT)
    marks = len(MARKS.findall(paragraph))
    if marks > MAX_MARKS:
        raise LimitError(line, f"the paragraph has more than {MAX_MARKS:,} marks", _SPLIT)
    depth = 0
    for bracket in re.findall(r"[\[\]]", paragraph):
        depth = depth + 1 if bracket == "[" else max(0, depth - 1)
        if depth > MAX_NESTING:
            raise _too_deep(line)
    return marks


def _too_deep(line: int) -> LimitError:
    return LimitError(line, f"the text is nested deeper than {MAX_NESTING} levels", "use fewer levels")


def _line(text: str, offset: int) -> int:
    return text.count("\n", 0, offset) + 1
