"""Blocks of a vault's notes: quotes, callouts and what stands in them, code, and lines whose ends are line breaks.

A quote is written anew from what it holds, as deep as quotes nest: a callout becomes an admonition, any other stays a
quote. So code, lists, tables and quotes in one stay what they are.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from mlguide_site.importers.callouts import Opening, opening, quoted, split_glued
from mlguide_site.importers.embedded import join_tags, without_media
from mlguide_site.importers.hidden import as_comment, hidden_lines
from mlguide_site.importers.sections import Line, break_lines, mark_code
from mlguide_site.importers.verbatim import html_lines

MAX_DEPTH, MAX_NESTED = 20, 20_000
"""How deep quotes are read, and how many lines of quotes within quotes, counted at each depth; what is beyond stays as
it is written."""
_INDENT = "    "
_TABS = re.compile(r"[ \t]*\t[ \t]*(?=\S)")
_ITEM = re.compile(r"\s*(?:[-+*]|\d{1,9}[.)])\s")

Inline = Callable[[int, str, bool], str]
"""What is made of a line's text, given its number and whether it is of a block of raw HTML: a line, or several."""


class Row(NamedTuple):
    """A line as it is written: `kept` where its end is no line break, `code` where no blank line of it goes."""

    text: str
    kept: bool = False
    code: bool = False


_BLANK = Row("", True)


@dataclass(slots=True)
class _Reader:
    """What makes Markdown of a line, and how many lines of quotes within quotes may still be read."""

    inline: Inline
    left: int = MAX_NESTED

    def enters(self, depth: int, lines: int) -> bool:
        """Whether a quote of so many lines is read that stands in so many others."""
        if depth:
            self.left -= lines
        return depth < MAX_DEPTH and self.left >= 0


def write_blocks(lines: Sequence[Line], inline: Inline) -> str:
    """The lines of one episode as Markdown.

    >>> lines = mark_code(["> [!tip] Look", "> one", "> two", "> ```", "> x", ">", "> ```", "on"])
    >>> print(write_blocks(lines, lambda number, text, html: text))
    !!! tip "Look"
    <BLANKLINE>
        one\\
        two
        ```
        x
    <BLANKLINE>
        ```
    <BLANKLINE>
    on
    """
    result: list[str] = []
    blanks = 0
    for row in _rows(lines, _Reader(inline), 0):
        blanks = blanks + 1 if not row.text.strip() and not row.code else 0
        if blanks <= 2:
            result.append(row.text)
    return "\n".join(result).strip("\n")


def _rows(lines: Sequence[Line], reader: _Reader, depth: int) -> list[Row]:
    """Lines of one depth as rows, line breaks marked."""
    lines = [
        line._replace(text=text)
        for line in join_tags(lines)
        for text in ([line.text] if line.code else split_glued(line.text))
    ]
    html = html_lines([without_media(line.text) for line in lines], [line.code for line in lines])
    hidden = hidden_lines(lines)
    rows: list[Row] = []
    at, refused, in_list, boxed = 0, 0, False, False
    while at < len(lines):
        line = lines[at]
        end = at if at in hidden or at < refused else _quote_end(lines, at, hidden, in_list)
        is_box, taken = False, 1
        enters = end > at and reader.enters(depth, end - at)
        refused = end if end > at and not enters else refused
        if enters:
            lead = _lead(line.text) if in_list else ""
            begins = at == 0 or at - 1 in hidden or quoted(lines[at - 1].text) is None
            new, is_box = _quote(lines[at:end], reader, depth, begins)
            new = [row._replace(text=lead + row.text if row.text else "") for row in new]
            in_list, taken = bool(lead), end - at
        elif at in hidden:
            new = [Row(as_comment(line.text.strip().strip("%")), True)]
        elif line.code:
            new = [Row(line.text, True, True)]
        else:
            made = reader.inline(line.number, _spaces(line.text), html[at]).split("\n")
            new = [Row(text, len(made) > 1) for text in made]
            in_list = bool(_ITEM.match(line.text)) or (in_list and line.text[:1] in ("", " ", "\t"))
        rows += [_BLANK] * (is_box or (boxed and bool(new[0].text.strip())))
        rows += new
        at, boxed = at + taken, is_box
    texts = break_lines([row.text for row in rows], [row.kept for row in rows])
    return [row._replace(text=text) for row, text in zip(rows, texts, strict=True)]


def _quote_end(lines: Sequence[Line], start: int, hidden: frozenset[int], in_list: bool) -> int:
    """The index behind the quote that begins in a line; that of the line where none does.

    A quote that is indented further belongs to an item of a list, or it is code.
    """
    own = len(_lead(lines[start].text))
    if quoted(lines[start].text) is None or (own > 3 and not in_list):
        return start
    if lines[start].code and start and lines[start - 1].code and quoted(lines[start - 1].text) is None:
        return start
    end = start + 1
    while end < len(lines) and end not in hidden and quoted(lines[end].text) is not None:
        width = len(_lead(lines[end].text))
        if width < own if in_list else width > 3:
            break
        end += 1
    return end


def _quote(lines: Sequence[Line], reader: _Reader, depth: int, begins: bool) -> tuple[list[Row], bool]:
    """The rows of a quote, and whether it is a callout; only what `begins` a quote can be one."""
    texts = mark_code([quoted(line.text) or "" for line in lines])
    inner = [found._replace(number=line.number) for line, found in zip(lines, texts, strict=True)]
    begun = opening(inner[0].text) if begins and not inner[0].code else None
    if begun is None:
        rows = _rows(inner, reader, depth + 1)
        return [
            Row(f"> {row.text}".rstrip() if not row.code else f"> {row.text}", True, row.code) for row in rows
        ], False
    result: list[Row] = []
    for label, own in _boxes(begun, inner):
        number = own[0].number
        if not label.text:
            label = opening(reader.inline(number, own[0].text, False)) or label
        held = [Line(number, label.text), *own[1:]] if label.text else own[1:]
        result += [_BLANK] * bool(result)
        result += [Row(label.line, True), _BLANK]
        for row in _rows(held, reader, depth + 1):
            result.append(Row(_INDENT + row.text if row.text.strip() else "", True, row.code))
    return result, True


def _boxes(begun: Opening, lines: Sequence[Line]) -> Iterator[tuple[Opening, list[Line]]]:
    """The callouts of a quote with their lines: a second label in one run of quotes begins a box of its own."""
    own = [lines[0]]
    for line in lines[1:]:
        again = None if line.code else opening(line.text)
        if again and again.text:
            yield begun, own
            begun, own = again, []
        own.append(line)
    yield begun, own


def _lead(text: str) -> str:
    """The white space that a line begins with, as spaces."""
    return " " * len(text[: len(text) - len(text.lstrip(" \t"))].expandtabs(4))


def _spaces(text: str) -> str:
    """Tabs before the first word as four spaces each, wherever they stand among spaces.

    >>> _spaces("\\t\\t- a"), _spaces("  \\t- b")
    ('        - a', '    - b')
    """
    found = _TABS.match(text)
    return text[: found.end()].expandtabs(4) + text[found.end() :] if found else text
