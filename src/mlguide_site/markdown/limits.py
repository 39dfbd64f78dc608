"""Limits on a note's size and structure. Within the limits, our parser and the engine's parser take nearly linear time.

Without limits, both parsers would take quadratic time for a paragraph with many syntax characters, and for many code
fences and HTML blocks. Nesting is limited too, because both parsers recurse once per level."""

import re

from markdown_it.rules_core import StateCore

MAX_NOTE_BYTES = 1024 * 1024
MAX_FRONT_MATTER = 64 * 1024
MAX_BODY_BYTES = MAX_NOTE_BYTES - MAX_FRONT_MATTER  # maximum size of a body that an import writes
MAX_LINES = 40_000  # maximum number of lines, not counting empty lines
MAX_LINE = 20_000
MAX_COLOURED, MAX_COLOURED_LINE = 1_500, 120  # longer code, or code with a longer line, has no syntax highlighting
MAX_ALL_COLOURED = 20_000  # maximum number of highlighted characters in a text
MAX_HEADING = 500  # longer headings are shown as paragraphs
MAX_NESTING = 100
MAX_PARAGRAPH = 60_000
MAX_MARKS = 4_000  # maximum number of Markdown syntax characters in a paragraph
MAX_ALL_MARKS = 100_000
MAX_ALL_BRACKETS = 20_000
MAX_PIECES = 2_000  # maximum number of code blocks and blocks of raw HTML
MAX_TOKENS = 80_000
MAX_FORMULA = 1_000  # maximum number of characters in a formula
MAX_ALL_FORMULAS = 100_000
MAX_FILE_FORMULAS = 500_000  # maximum number of characters in the formulas of a file's definitions and answers
MAX_TAGS = 2_000  # maximum number of tags in a block of raw HTML
_LONG_LINE = re.compile(rf"^[^\n]{{{MAX_LINE + 1}}}", re.MULTILINE)
_MARKER = r"[ \t]*+(?:>|(?:[-+*]|\d{1,9}+[.)])(?=[ \t]))"
_MANY_MARKERS = re.compile(rf"^(?:{_MARKER}){{8,}}+", re.MULTILINE)
_ONE_MARKER = re.compile(_MARKER)
_MAX_MARKER_SIGNS = 40_000
MARKS = re.compile(r"[\[\]<*_`~!\\&{|=^$:+#]")  # matches a character that may be part of Markdown syntax
_SPLIT = "split it up"


class LimitError(Exception):
    """A body exceeds a limit. `line` is the line number in the body, counted from 1."""

    def __init__(self, line: int, message: str, remedy: str) -> None:
        super().__init__(message)
        self.line, self.message, self.remedy = line, message, remedy


def check_source(text: str) -> None:
    """Check the size, lines and nesting of a body before it is parsed. Raises LimitError."""
    if len(text) > MAX_NOTE_BYTES or len(text.encode("utf-8", "replace")) > MAX_NOTE_BYTES:
        raise LimitError(1, f"the text is larger than {MAX_NOTE_BYTES // 2**20} MiB", _SPLIT)
    if text.count("\n") > MAX_LINES and sum(1 for line in text.split("\n") if line) > MAX_LINES:
        raise LimitError(1, f"the text has more than {MAX_LINES:,} lines", _SPLIT)
    if len(text) > MAX_LINE and (found := _LONG_LINE.search(text)):
        line = text.count("\n", 0, found.start()) + 1
        raise LimitError(line, f"the line is longer than {MAX_LINE:,} characters", "break it into several lines")
    signs = 0
    for found in _MANY_MARKERS.finditer(text):
        signs += found.end() - found.start()
        if len(_ONE_MARKER.findall(found.group())) > MAX_NESTING or signs > _MAX_MARKER_SIGNS:
            raise _too_deep(text.count("\n", 0, found.start()) + 1)


def check_inline(state: StateCore) -> None:
    """Check the blocks of a body before their inline content is parsed (a markdown-it rule). Raises LimitError."""
    if len(state.tokens) > MAX_TOKENS:
        raise LimitError(1, "the text has too many paragraphs, list items and table cells", _SPLIT)
    # a body of at most `MAX_ALL_MARKS` characters can't contain more than `MAX_ALL_MARKS` syntax characters
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
                raise LimitError(line, "the text has too many Markdown syntax characters", _SPLIT)
        elif token.type in {"html_block", "fence", "code_block"}:
            pieces += 1
            if pieces > MAX_PIECES:
                raise LimitError(line, f"the text has more than {MAX_PIECES:,} code blocks and raw HTML blocks", _SPLIT)
            if token.type == "html_block" and token.content.count("<") > MAX_TAGS:
                raise LimitError(line, f"the HTML has more than {MAX_TAGS:,} tags", "write Markdown instead")


def _marks(paragraph: str, line: int) -> int:
    if len(paragraph) > MAX_PARAGRAPH:
        raise LimitError(line, f"the paragraph is longer than {MAX_PARAGRAPH:,} characters", _SPLIT)
    marks = len(MARKS.findall(paragraph))
    if marks > MAX_MARKS:
        raise LimitError(line, f"the paragraph has more than {MAX_MARKS:,} Markdown syntax characters", _SPLIT)
    depth = 0
    for bracket in re.findall(r"[\[\]]", paragraph):
        depth = depth + 1 if bracket == "[" else max(0, depth - 1)
        if depth > MAX_NESTING:
            raise _too_deep(line)
    return marks


def _too_deep(line: int) -> LimitError:
    return LimitError(line, f"the text is nested deeper than {MAX_NESTING} levels", "use fewer levels")
