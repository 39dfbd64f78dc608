"""Finds fenced code and other blocks of lines without a Markdown parser, because a parser is slow."""

import re
from collections.abc import Sequence

_FENCE = re.compile(r"(?:\s|>|[-+*]\s|\d{1,9}[.)]\s){0,40}(`{3,}|~{3,})([^\n]*)")
_OWNER = re.compile(r"( *)(?:!!!|\?\?\?|\[\^[^\]\s]+\]:)")  # the first line of an admonition or footnote


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


def whole_blocks(texts: Sequence[str]) -> list[range]:
    """Return the lines of each block that means something else if it is cut: fenced code, and admonitions and footnotes
    with their indented lines. Blocks don't overlap."""
    found, code, end = list[range](), fenced(texts), 0
    for at, text in enumerate(texts):
        owner = _OWNER.match(text)
        if at < end or not (code[at] or owner):
            continue
        inside = "" if code[at] or not owner else owner[1] + "  "
        end = at + 1
        for line in range(end, len(texts)):
            is_blank = not texts[line].strip()
            if not (is_blank or texts[line].startswith(inside) if inside else code[line]):
                break
            end = end if inside and is_blank else line + 1
        found.append(range(at, end))
    return found
