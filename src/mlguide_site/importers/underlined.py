"""Headings that a line under them makes (`Title` over `===`), as headings with signs before them."""

import re
from collections.abc import Sequence

from mlguide_site.importers.sections import Line, is_prose, is_rule

MAX_HEADING = 500
_UNDERLINE = re.compile(r" {0,3}(?:=+|-+)\s*$")
_ITEM = re.compile(r"\s*(?:[-+*]|\d{1,9}[.)])\s")


def mark_underlined(lines: Sequence[Line]) -> list[Line]:
    """Lines with underlined headings as those with `#`. A line of a longer paragraph is none, nor is one above several
    rules: these part sessions.

    >>> [line.text for line in mark_underlined([Line(1, "A"), Line(2, "==="), Line(3, "b"), Line(4, "---")])]
    ['# A', '## b']
    """
    found: list[Line] = []
    skipped = -1
    for at, line in enumerate(lines):
        if at == skipped:
            continue
        if _is_underlined(lines, at, skipped):
            level = 1 if "=" in lines[at + 1].text else 2
            found.append(Line(line.number, f"{'#' * level} {line.text.strip()}"))
            skipped = at + 1
        else:
            found.append(line)
    return found


def _is_underlined(lines: Sequence[Line], at: int, skipped: int) -> bool:
    """Whether a line is a paragraph of its own with a line of `=` or `-` under it."""
    line = lines[at]
    if at + 1 >= len(lines) or not _UNDERLINE.match(lines[at + 1].text) or lines[at + 1].code:
        return False
    if line.code or not is_prose(line.text) or _ITEM.match(line.text) or len(line.text) > MAX_HEADING:
        return False
    above = lines[at - 1] if at else None
    if above and not above.code and at - 1 != skipped and (is_prose(above.text) or _ITEM.match(above.text)):
        return False
    if not is_rule(lines[at + 1]):
        return True
    below = next((other for other in lines[at + 2 : at + 12] if other.text.strip()), None)
    return below is None or not is_rule(below)
