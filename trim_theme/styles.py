"""Removes the rules of the theme's style sheet that our pages don't use. More than half of it is removed, so that pages
are painted sooner.

Rules are removed by the class names in their selectors (`parts_left_out`). Only selectors are read (CSS Syntax Module
Level 3, as far as a minified style sheet needs it: blocks, strings, brackets, escapes), and only style rules are
removed, including rules in `@media` and `@supports`.
"""

import re
from collections.abc import Iterator

from trim_theme.parts_left_out import CLASSES

_LEFT_OUT = re.compile(rf"\.(?:{'|'.join(map(re.escape, CLASSES))})")
_TOKENS = re.compile(r"""\\.|"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|[()\[\]{};,]""", re.S)
_NOT = re.compile(r":not\([^()]*\)")


def lean(css: str) -> str:
    """Return a style sheet without the rules that our pages don't use.

    >>> lean(".md-search{a:b}.md-grid,.md-search .x{c:d}@media print{.md-tag{e:f}}@font-face{g:h}")
    '.md-grid{c:d}@font-face{g:h}'
    >>> lean('.a:not(.md-tag){content:"}"}.b{}')
    '.a:not(.md-tag){content:"}"}.b{}'
    """
    kept = []
    for head, body in _rules(css):
        if body is None:
            kept.append(head)
        elif head.startswith(("@media", "@supports")):
            if inner := lean(body):
                kept.append(f"{head}{{{inner}}}")
        elif head.startswith("@"):
            kept.append(f"{head}{{{body}}}")
        elif selectors := [part for part in _parts(head) if not _LEFT_OUT.search(_NOT.sub("", part))]:
            kept.append(f"{','.join(selectors)}{{{body}}}")
    return "".join(kept)


def _rules(css: str) -> Iterator[tuple[str, str | None]]:
    """Return the rules of a style sheet: the text before each block, and the block, or None if there is no block."""
    start, opened, depth = 0, 0, 0
    for at, sign in _signs(css):
        if sign == "{":
            depth += 1
            opened = at if depth == 1 else opened
        elif sign == "}":
            depth -= 1
            if depth == 0:
                yield css[start:opened], css[opened + 1 : at]
                start = at + 1
        elif sign == ";" and depth == 0:
            yield css[start : at + 1], None
            start = at + 1
    if css[start:].strip():
        yield css[start:], None


def _parts(head: str) -> list[str]:
    """Return the selectors of a list."""
    found, start = [], 0
    for at, sign in _signs(head):
        if sign == ",":
            found.append(head[start:at])
            start = at + 1
    return [*found, head[start:]]


def _signs(css: str) -> Iterator[tuple[int, str]]:
    """Yield braces, semicolons and commas outside strings and brackets, with their positions."""
    brackets = 0
    for token in _TOKENS.finditer(css):
        sign = token[0]
        if sign in "([":
            brackets += 1
        elif sign in ")]":
            brackets -= 1
        elif brackets == 0 and len(sign) == 1:
            yield token.start(), sign
