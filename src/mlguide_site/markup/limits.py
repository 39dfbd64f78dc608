"""The limits within which a body is parsed, and what stands for one that goes beyond them.

They keep every stage linear, this one and the engine's parser after it: both have constructs that take time quadratic
in the length of a paragraph, or recurse once per level.
"""

import re
from html import escape

from markdown_it.rules_core import StateCore
from markdown_it.token import Token

MAX_BODY = 1024 * 1024
MAX_LINE = 20_000
MAX_PARAGRAPH = 60_000
MAX_NESTING = 100
MAX_MARKS = 4_000
MAX_TAGS = 3_000

_LONG_LINE = re.compile(rf"[^\n]{{{MAX_LINE + 1}}}")
_DEEP_MARKERS = re.compile(
    rf"^(?:[ \t]{{0,3}}(?:>|[-+*]|\d{{1,9}}[.)])[ \t]{{0,4}}){{{MAX_NESTING + 1}}}", re.MULTILINE
)
_BRACKETS = re.compile(r"[\[\]]")
_MARKS = re.compile(r"[\[\]<*_`~!\\&]")


class LimitError(Exception):
    """A body goes beyond a limit; `line` is counted from 1."""

    def __init__(self, line: int, message: str, remedy: str) -> None:
        super().__init__(message)
        self.line = line
        self.message = message
        self.remedy = remedy


def check_source(text: str) -> None:
    """Refuses a body that is too large, has too long a line or too deep a nest of markers in one line."""
    if len(text) > MAX_BODY or len(text.encode("utf-8", "replace")) > MAX_BODY:
        raise LimitError(1, "the text is larger than 1 MiB", "split it over several episodes")
    if found := _LONG_LINE.search(text):
        raise LimitError(
            _line(text, found.start()),
            f"the line is longer than {MAX_LINE:,} characters",
            "break it into several lines",
        )
    if found := _DEEP_MARKERS.search(text):
        raise _too_deep(_line(text, found.start()))


def check_inline(state: StateCore) -> None:
    """A rule of markdown-it's core chain, between blocks and their inline content, where the traps are."""
    for token in state.tokens:
        line = token.map[0] + 1 if token.map else 1
        if token.level > MAX_NESTING:
            raise _too_deep(line)
        content = token.content
        if token.type == "inline":
            if len(content) > 1000:
                _check_paragraph(content, line)
        elif token.type == "html_block" and content.count("<") > MAX_TAGS:
            raise LimitError(line, f"the HTML has more than {MAX_TAGS:,} tags", "write Markdown instead")


def _check_paragraph(content: str, line: int) -> None:
    if len(content) > MAX_PARAGRAPH:
        raise LimitError(line, f"the paragraph is longer than {MAX_PARAGRAPH:,} characters", "break it into several")
    if len(_MARKS.findall(content)) > MAX_MARKS:
        raise LimitError(line, f"the paragraph has more than {MAX_MARKS:,} marks", "break it into several paragraphs")
    depth = 0
    for bracket in _BRACKETS.findall(content):
        depth = depth + 1 if bracket == "[" else max(0, depth - 1)
        if depth > MAX_NESTING:
            raise _too_deep(line)


def _too_deep(line: int) -> LimitError:
    return LimitError(line, f"the text is nested deeper than {MAX_NESTING} levels", "use fewer levels")


def _line(text: str, offset: int) -> int:
    return text.count("\n", 0, offset) + 1


def fallback_tokens(text: str) -> list[Token]:
    """The whole text as plain paragraphs of raw HTML, which no parser looks into."""
    tokens = []
    line = 0
    for part in re.split(r"(\n\s*\n)", text):
        if part.strip():
            content = f"<div><p>{escape(' '.join(part.split())).replace('{', '&#123;')}</p></div>"
            tokens.append(
                Token("html_block", "", 0, content=content, map=[line, line + part.count("\n") + 1], block=True)
            )
        line += part.count("\n")
    return tokens
