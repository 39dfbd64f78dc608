"""Finds lines of fenced code without a Markdown parser, because a parser is slow."""

import re
from collections.abc import Sequence

_FENCE = re.compile(r"(?:\s|>|[-+*]\s|\d{1,9}[.)]\s){0,40}(`{3,}|~{3,})([^\n]*)")


def fenced(texts: Sequence[str]) -> list[bool]:
    """Return, for each line, whether it is part of fenced code. The fences are part of the code."""
    found, fence, in_quote = list[bool](), "", False
    for text in texts:
        mark = _FENCE.match(text) if "```" in text or "~~~" in text else None
        if fence and in_quote and not text.lstrip().startswith(">"):
            fence = ""
        if fence:
            found.append(True)
            fence = "" if mark and mark[1].startswith(fence) and not mark[2].strip() else fence
            continue
        opens = mark is not None and not (mark[1][0] == "`" and "`" in mark[2])
        fence, in_quote = (mark[1], ">" in mark[0][: mark.start(1)]) if mark and opens else ("", False)
        found.append(opens)
    return found


def without_fences(texts: Sequence[str]) -> list[str]:
    """Return the lines outside fenced code."""
    return [text for text, code in zip(texts, fenced(texts), strict=True) if not code]
