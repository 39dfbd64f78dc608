"""Blocks within a log's text that have to stay whole: indented code, tables, quotations."""

import re
from collections.abc import Sequence
from itertools import takewhile

from mlguide_site.importers.sections import Line

CODE, TABLE, QUOTE = "code", "table", "quote"
_ITEM = re.compile(r"\s*(?:[-*•+–]|\d{1,3}[.)])\s+\S")
_HEAD = re.compile(r"(?:async |def |class |for |while |if |elif |else|with |try|except|function |fn |func ).*[:{]\s*$")
_LIKE_CODE = re.compile(
    r"[=;{}]|\w\(|\)\s*$|[:\\]\s*$|\w\[|->|^\s*(?:return|import|from|pass|break|raise|yield|else|print)\b|^\s*(?:#|//|\$\s)"
)
_ROW = re.compile(r"\s*\|.*\|\s*$")
_RULED = re.compile(r"\s*\|(?:\s*:?-+:?\s*\|)+\s*$")
_QUOTE = re.compile(r"\s{0,3}>\s?\S")


def mark_blocks(lines: Sequence[Line]) -> list[str]:
    """For each line the block that it is part of, "" for none.

    >>> texts = ["So:", "def f(x):", "    return x + 1", "| a |", "|---|", "| 1 |", "> said", "    A poem", "- b"]
    >>> mark_blocks([Line(number, text) for number, text in enumerate(texts, 1)])
    ['', 'code', 'code', 'table', 'table', 'table', 'quote', '', '']
    """
    kinds = ["" if line.code or not _QUOTE.match(line.text) else QUOTE for line in lines]
    at = 0
    while at < len(lines):
        if rows := _table(lines, at):
            kinds[at : at + rows] = [TABLE] * rows
            at += rows
            continue
        count, is_code = _code(lines, at)
        if is_code and not kinds[at]:
            before = at - 1
            if before >= 0 and not kinds[before] and not lines[before].code and _HEAD.match(lines[before].text):
                kinds[before] = CODE
            kinds[at : at + count] = [CODE] * count
        # what was looked through as one block isn't looked through again: the time stays linear
        at += max(1, count)
    return kinds


def _table(lines: Sequence[Line], at: int) -> int:
    """How many lines a table has that begins here: its second line rules its columns off."""
    if at + 1 >= len(lines) or lines[at].code or not _ROW.match(lines[at].text) or not _RULED.match(lines[at + 1].text):
        return 0
    rest = (lines[index] for index in range(at, len(lines)))
    return sum(1 for _ in takewhile(lambda line: not line.code and _ROW.match(line.text), rest))


def _code(lines: Sequence[Line], at: int) -> tuple[int, bool]:
    """How many indented lines begin here, with blank lines between two of them, and whether they are code."""
    end, last, like = at, 0, 0
    while end < len(lines) and not lines[end].code:
        text = lines[end].text.expandtabs(4)
        if text.strip() and (not text.startswith("    ") or _ITEM.match(text)):
            break
        if text.strip():
            last, like = end - at + 1, like + bool(_LIKE_CODE.search(text))
        elif end == at:
            break
        end += 1
    filled = sum(bool(line.text.strip()) for line in lines[at : at + last])
    return last, filled > 0 and 2 * like >= filled


def fenced(texts: Sequence[str], indent: str = "") -> list[str]:
    """Lines of indented code between fences, without the indent that they share.

    >>> fenced(["    a = 1", "", "        b"], "    ")
    ['    ```', '    a = 1', '', '        b', '    ```']
    """
    spread = [text.expandtabs(4).rstrip() for text in texts]
    shared = min((len(text) - len(text.lstrip()) for text in spread if text), default=0)
    longest = max((len(run) for text in spread for run in re.findall(r"`+", text)), default=0)
    fence = indent + "`" * max(3, longest + 1)
    return [fence, *(indent + text[shared:] if text else "" for text in spread), fence]
