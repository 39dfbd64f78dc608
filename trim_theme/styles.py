"""The theme's style sheet without the parts that no page of ours uses: less than half of it is left, and every page is
painted sooner.

Rules go by the names of classes in their selectors (`parts_left_out`). Only selectors are looked at (CSS Syntax Module
Level 3, as far as a minified style sheet needs it: blocks, strings, brackets, escapes), and only rules with style,
inside `@media` and `@supports` too, are left out.
"""

import re
from collections.abc import Iterator

from trim_theme.parts_left_out import CLASSES

_LEFT_OUT = re.compile(rf"\.(?:{'|'.join(map(re.escape, CLASSES))})")
_TOKENS = re.compile(r"""\\.|"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|[()\[\]{};,]""", re.S)
_NOT = re.compile(r":not\([^()]*\)")


def lean(css: str) -> str:
    """A style sheet without the rules that no page uses.

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
    """The rules of a style sheet: what stands before each block, and in it; None for what has no block."""
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
    """The selectors of a list."""
    found, start = [], 0
    for at, sign in _signs(head):
        if sign == ",":
            found.append(head[start:at])
            start = at + 1
    return [*found, head[start:]]


def _signs(css: str) -> Iterator[tuple[int, str]]:
    """Braces, semicolons and commas that stand in no string and no bracket, with their places."""
    brackets = 0
    for token in _TOKENS.finditer(css):
        sign = token[0]
        if sign in "([":
            brackets += 1
        elif sign in ")]":
            brackets -= 1
        elif brackets == 0 and len(sign) == 1:
            yield token.start(), sign
