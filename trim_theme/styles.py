"""Removes the rules of the theme's style sheet that our pages don't use. More than half of it is removed, so that pages
are painted sooner.

Rules are removed by the class names in their selectors, and variables by their names (`parts_left_out`). Selectors and
declarations are read as CSS Syntax Module Level 3 defines them, as far as a minified style sheet needs it: blocks,
strings, brackets, escapes. Only style rules are changed, including rules in `@media` and `@supports`.
"""

import re
from collections.abc import Iterator

from trim_theme.parts_left_out import CLASSES, VARIABLES

_LEFT_OUT = re.compile(rf"\.(?:{'|'.join(map(re.escape, CLASSES))})")
_TOKENS = re.compile(r"""\\.|"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|[()\[\]{};,]""", re.S)
_NOT = re.compile(r":not\([^()]*\)")


def lean(css: str) -> str:
    """Return a style sheet without the rules that our pages don't use.

    >>> lean(".md-search{a:b}.md-grid,.md-search .x{c:d}@media print{.md-tag{e:f}}@font-face{g:h}")
    '.md-grid{c:d}@font-face{g:h}'
    >>> lean(':root{--md-tag-icon:url("a;b");--md-hue:2deg}:root>*{--md-mermaid:a}')
    ':root{--md-hue:2deg}'
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
            declarations = [part for part in _parts(body, ";") if not part.startswith(VARIABLES)]
            if declarations or not body:
                kept.append(f"{','.join(selectors)}{{{';'.join(declarations)}}}")
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


def _parts(text: str, separator: str = ",") -> list[str]:
    """Return the selectors of a list, or the declarations of a block if the separator is a semicolon."""
    found, start = [], 0
    for at, sign in _signs(text):
        if sign == separator:
            found.append(text[start:at])
            start = at + 1
    return [*found, text[start:]]


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
