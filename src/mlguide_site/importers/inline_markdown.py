"""One line of runs as a line of Markdown that shows exactly it."""

import re
import unicodedata
from collections.abc import Sequence
from itertools import groupby
from operator import itemgetter
from typing import NamedTuple

from mlguide_site.importers.blocks import PLAIN, Line, Run, Style
from mlguide_site.importers.plain import escape, escaped_places

_MARKS = (("bold", "**"), ("italic", "*"), ("struck", "~~"))
_EDGE = "\x00"
_REFERENCE = re.compile(r"&(?=#?\w{1,32};)")


def write_line(line: Line, cell: bool = False) -> str:
    """The Markdown of a line; what only the beginning of a line gives a meaning is left to the caller. In the cell of a
    table a `|` is escaped.

    >>> write_line((Run("a "), Run("b*", Style(bold=True)), Run(" c", Style("https://a.example"))))
    'a **b\\\\*** [c](https://a.example)'
    """
    if len(line) == 1 and line[0].style == PLAIN:
        shown = escape(line[0].text)
        return shown.replace("|", "\\|") if cell else shown
    line = _code_joined(line)
    return _links([_Piece(run.style, shown) for run, shown in zip(line, _shown(line, cell), strict=True)])


class _Piece(NamedTuple):
    """A run's style, and its Markdown but for the marks that set it in bold and the like."""

    style: Style
    shown: str


def _code_joined(line: Line) -> Line:
    """The line with pieces of code that touch each other as one, for their backticks would run together."""
    joined: list[Run] = []
    for run in line:
        if joined and run.style.code and joined[-1].style.code and run.style.href == joined[-1].style.href:
            joined[-1] = Run(joined[-1].text + run.text, joined[-1].style)
        else:
            joined.append(run)
    return tuple(joined)


def _shown(line: Line, cell: bool) -> list[str]:
    """The texts of the runs, escaped as they stand beside each other, with marks between them or without."""
    parts = [_EDGE if run.style.code else run.text for run in line]
    glued, apart = escaped_places("".join(parts)), escaped_places(_EDGE.join(parts))
    result, at = [], 0
    for number, (run, text) in enumerate(zip(line, parts, strict=True)):
        if run.style.code:
            shown = _code(run.text, cell)
        else:
            places = (
                {k for k in range(len(text)) if at + k in glued or at + k + number in apart}
                if glued or apart
                else set()
            )
            # a mark may follow it
            places |= {len(text) - 1} if text.endswith("\\") else set()
            shown = "".join("\\" + c if k in places else c for k, c in enumerate(text)) if places else text
        result.append(shown.replace("|", "\\|") if cell and not run.style.code else shown)
        at += len(text)
    return result


def _code(text: str, cell: bool) -> str:
    """Inline code between as many backticks as it needs."""
    code = text.strip()
    if not code:
        return text
    if cell:
        code = code.replace("|", "\\|")
    fence = "`" * (1 + max(map(len, re.findall("`+", code)), default=0))
    space = " " if code.startswith("`") or code.endswith("`") else ""
    before, after = _ends(text)
    return f"{before}{fence}{space}{code}{space}{fence}{after}"


def _ends(text: str) -> tuple[str, str]:
    """The white space at both ends of a text that isn't blank."""
    return text[: len(text) - len(text.lstrip())], text[len(text.rstrip()) :]


def _links(pieces: Sequence[_Piece]) -> str:
    """Pieces of the same address as one link."""
    groups = [(href, list(own)) for href, own in groupby(pieces, key=lambda piece: piece.style.href)]
    firsts = ["[" if href else own[0].shown[:1] for href, own in groups]
    out: list[str] = []
    for (href, own), after in zip(groups, [*firsts[1:], ""], strict=True):
        if not href:
            text = _styled(own, 0, _last(out), after)
            # before a link it would make a picture of it
            out.append(text[:-1] + "\\!" if after == "[" and text.endswith("!") else text)
            continue
        text = _styled(own, 0, "[", "]")
        if not text.strip():
            out.append(text)
            continue
        before, behind = _ends(text)
        target = _REFERENCE.sub("&amp;", href)
        target = f"<{target}>" if re.search(r"[()]", target) else target
        out.append(f"{before}[{text.strip()}]({target}){behind}")
    return "".join(out)


def _last(out: Sequence[str]) -> str:
    return next((text[-1] for text in reversed(out) if text), "")


def _styled(pieces: Sequence[_Piece], level: int, before: str, after: str) -> str:
    """Pieces with the marks of one kind of style and those within; `before` and `after` are the signs beside them."""
    if level == len(_MARKS) or not any(
        piece.style.bold or piece.style.italic or piece.style.struck for piece in pieces
    ):
        return "".join(piece.shown for piece in pieces)
    name, mark = _MARKS[level]
    groups = [
        (is_set, [piece for _, piece in own])
        for is_set, own in groupby(((bool(getattr(piece.style, name)), piece) for piece in pieces), key=itemgetter(0))
    ]
    if len(groups) == 1 and not groups[0][0]:
        return _styled(pieces, level + 1, before, after)
    firsts = ["".join(piece.shown[:1] for piece in own)[:1] for _, own in groups]
    out: list[str] = []
    for (is_set, own), following in zip(groups, [*firsts[1:], after], strict=True):
        lead, trail = _last(out) or before, following or after
        if is_set:
            inner = _styled(own, level + 1, mark[0], mark[0])
            start, end = _ends(inner)
            bare = inner.strip()
            if bare and _reads(start or lead, bare[0]) and _reads(end or trail, bare[-1]):
                out.append(f"{start}{mark}{bare}{mark}{end}")
                continue
        out.append(_styled(own, level + 1, lead, trail))
    return "".join(out)


def _reads(outer: str, inner: str) -> bool:
    """Whether a mark between two signs is read as one (CommonMark 0.31, 6.2): within it stands a letter, or without it
    space or punctuation; and no mark touches another."""
    outer = outer[-1:]
    if outer and outer in "*~\\":
        return False
    if inner.isalnum():
        return True
    if not outer or outer.isspace():
        return True
    return not outer.isalnum() and (outer.isascii() or unicodedata.category(outer).startswith("P"))
