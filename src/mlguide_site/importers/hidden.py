"""What a vault hides, `%%comments%%` within a line or over several, as HTML comments: kept, and never published."""

import re
from collections.abc import Sequence

from mlguide_site.importers.marks import Held
from mlguide_site.importers.sections import Line

_INLINE = re.compile(r"%%(?!%)([^\n]{0,4000}?)%%")
_FIRST = re.compile(
    r"((?:[ \t>]|[-+*][ \t]|\d{1,9}[.)][ \t]|#{1,6}[ \t]){0,40})"
    r"((?:%%(?!%)[^\n%]{0,4000}%%[ \t]{0,9}){1,20})(\S[^\n]*)$"
)


def as_comment(text: str) -> str:
    """A text as an HTML comment; two hyphens in it would end it, and are parted.

    >>> as_comment("a --> b"), as_comment(" ")
    ('<!-- a - -> b -->', '')
    """
    return f"<!-- {re.sub('-(?=-)', '- ', text.strip())} -->" if text.strip() else ""


def hold_comments(text: str, held: Held) -> str:
    """Comments within a line, held; what stands in them is as it was written. One at the line's start goes to its end:
    there it would hide the whole line."""
    if found := _FIRST.match(text):
        text = f"{found[1]}{found[3]} {found[2]}"
    return _INLINE.sub(lambda found: held.hold(as_comment(held.free(found[1]))), text) if "%%" in text else text


def hidden_lines(lines: Sequence[Line]) -> frozenset[int]:
    """The indexes of lines of comments over several lines, those with the marks included; one that nothing closes is
    none.

    >>> sorted(hidden_lines([Line(n, text) for n, text in enumerate(["a", "%%", "b", "", "c %%", "d", "%%"])]))
    [1, 2, 3, 4]
    """
    marks = [at for at, line in enumerate(lines) if not line.code and line.text.count("%%") == 1]
    found: set[int] = set()
    start = -1
    for at in marks:
        text = lines[at].text.strip()
        if start < 0 and text.startswith("%%"):
            start = at
        elif start >= 0 and text.endswith("%%"):
            found.update(range(start, at + 1))
            start = -1
    return frozenset(found)
