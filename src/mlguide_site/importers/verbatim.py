"""Lines of notes whose ends are no line breaks: mathematics between `$$`, and blocks of raw HTML."""

import re
from collections.abc import Sequence

MAX_MATHS = 200
HTML_START = (
    r"</?(?:address|article|aside|blockquote|body|center|dd|details|dialog|dir|div|dl|dt|fieldset|figcaption|figure"
    r"|footer|form|h[1-6]|header|hr|html|iframe|li|link|main|menu|nav|ol|p|search|section|summary|table|tbody|td"
    r"|tfoot|th|thead|title|tr|track|ul)(?:\s|/?>|$)"
)
"""The beginning of a line that begins a block of HTML, even behind a paragraph (CommonMark, HTML blocks, kind 6)."""
_HTML = re.compile(rf"\s{{0,3}}{HTML_START}", re.I)


def maths_lines(texts: Sequence[str], code: Sequence[bool]) -> list[bool]:
    """Which lines are of mathematics set between two `$$`, the first at the beginning of a line, the other at the end
    of one. What nothing closes is none.

    >>> maths_lines(["a", "$$", "x", "$$", "$$ y $$", "$$"], [False] * 6)
    [False, True, True, True, False, False]
    """
    odd = [not inside and text.count("$$") % 2 == 1 for text, inside in zip(texts, code, strict=True)]
    found = [False] * len(texts)
    at = 0
    while at < len(texts):
        if odd[at] and texts[at].lstrip().startswith("$$"):
            end = next((i for i in range(at + 1, min(at + MAX_MATHS, len(texts))) if odd[i] or code[i]), at)
            if not code[end] and end > at and texts[end].rstrip().endswith("$$"):
                found[at : end + 1] = [True] * (end + 1 - at)
                at = end
        at += 1
    return found


def html_lines(texts: Sequence[str], code: Sequence[bool]) -> list[bool]:
    """Which lines are of a block of raw HTML: it goes on to the next blank line.

    >>> html_lines(["a", "<div>b", "c", "", "d"], [False] * 5)
    [False, True, True, False, False]
    """
    found, inside = [], False
    for text, is_code in zip(texts, code, strict=True):
        inside = not is_code and bool(text.strip()) and (inside or bool(_HTML.match(text)))
        found.append(inside)
    return found
