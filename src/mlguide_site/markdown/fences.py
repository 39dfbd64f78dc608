"""Finds fenced code and other blocks of lines without a Markdown parser, because a parser is slow."""

import re
from collections.abc import Sequence

_FENCE = re.compile(r"(?:\s|>|[-+*]\s|\d{1,9}[.)]\s){0,40}(`{3,}|~{3,})([^\n]*)")
_OWNER = re.compile(r"( *)(?:!!!|\?\?\?|\[\^[^\]\s]+\]:)")  # the first line of an admonition or footnote
_OPENING = re.compile(r" {0,3}(<!--|<details(?=[\s>]))")
_ENDS = {"<!--": "-->", "<details": "</details>"}
_DELIMITER = re.compile(r"[\s|:-]*-[\s|:-]*")  # the second line of a table


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


def whole_blocks(texts: Sequence[str]) -> dict[range, int]:
    """Return the lines of each block that means something else if it is cut, and how many of its first lines identify
    it: all lines of fenced code, of comments and `<details>`, and of admonitions and footnotes with their indented
    lines, but only the header and the first row of a table, whose other rows can change. Blocks don't overlap."""
    found, code, end = dict[range, int](), fenced(texts), 0
    last = {sign: max((at for at, text in enumerate(texts) if sign in text), default=0) for sign in _ENDS.values()}
    for at, text in enumerate(texts):
        if at < end:
            continue
        opening, owner = _OPENING.match(text), _OWNER.match(text)
        end = at + 1
        if code[at]:
            end = next((line for line in range(end, len(texts)) if not code[line]), len(texts))
        elif opening and _ENDS[opening[1]] not in text and last[_ENDS[opening[1]]] > at:
            end = next(line for line in range(end, len(texts)) if _ENDS[opening[1]] in texts[line]) + 1
        elif owner:
            inside = owner[1] + "  "
            for line in range(end, len(texts)):
                if texts[line].strip() and not texts[line].startswith(inside):
                    break
                end = line + 1 if texts[line].strip() else end
        elif "|" in text and _DELIMITER.fullmatch("".join(texts[end : end + 1])):
            end = next((line for line in range(end, len(texts)) if not texts[line].strip()), len(texts))
            found[range(at, end)] = min(3, end - at)
            continue
        else:
            continue
        found[range(at, end)] = end - at
    return found
