"""The lines of a plain log as Markdown: sections, levels and questions, lists, and a paragraph for each other line.

Sections begin with lead words (`Firstly, ...`) or are numbered (`Lecture 27`); numbered levels and questions
(`Level 0: ...`, `Q1: ...`) and steps (`#1 ...`) are items.
"""

import re
from collections.abc import Collection, Iterator, Sequence

from mlguide_site.importers.notes.source import ITEM, Line, fenced

_KINDS = tuple(
    (re.compile(pattern, re.I), replacement)
    for pattern, replacement in {
        r"(?=.{1,160}(?<![.!?:])$)((?:(?:first|second|third|fourth|fifth|final|last)ly"
        r"|(?:first|second|third|last|next)(?: of all| up)?)\s*[,:]\s*\S.*)$": r"## \1",
        r"((?:lecture|module|week|chapter|part|unit|lesson|section|video|session|task|exercise|homework|lab)"
        r"\s+#?\d{1,4}(?:\s*[:.–—-]\s*.{0,120})?)(?<![.!?])$": r"### \1",
        r"((?:level|step|stage|phase|rule|tip|q|question|problem)\s?#?\d{1,3}\s*[:.)–—])(.*)$": r"- **\1**\2",
        r"#(\d{1,3})\s?[:.)-]?\s+(\S.*)$": r"\1. \2",
        r"[•–]\s+(\S.*)$": r"- \1",
    }.items()
)
"""What lines of each kind look like, and what they are in Markdown."""
_LEVEL = re.compile(r"- \*\*")
_JOINED = re.compile(r"\s*[>|]")
"""The lines of quotes and tables, which follow one another without a blank line."""


def plain_to_markdown(lines: Sequence[Line], days: Collection[int] = ()) -> Iterator[Line]:
    """The lines of a log as Markdown, in which each is a paragraph of its own unless it is of a list, quote or table;
    a level holds the list that follows, and tags of HTML are text. `days` are the indexes of lines that become headings
    of the first level.

    >>> texts = ["Firstly, saws", "Level 0: none", "- blunt", "They cut."]
    >>> [line.text for line in plain_to_markdown([Line(number, text) for number, text in enumerate(texts, 1)])]
    ['', '## Firstly, saws', '', '- **Level 0:** none', '    - blunt', '', 'They cut.']
    """
    before, level, in_list = "", "", False
    code = fenced([line.text for line in lines])
    for at, (line, is_code) in enumerate(zip(lines, code, strict=True)):
        if is_code:
            yield line
            before, level, in_list = "", "", False
            continue
        bare = re.sub(r"<(?=[A-Za-z/!?])", "&lt;", line.text.strip())
        made = (
            f"# {bare}"
            if at in days
            else next((one.sub(shown, bare) for one, shown in _KINDS if one.match(bare)), bare)
        )
        indent = line.text[: len(line.text) - len(line.text.lstrip())]
        was_list, in_list = in_list, bool(ITEM.match(made) or (in_list and indent))
        if not (was_list and in_list) and not (_JOINED.match(before) and _JOINED.match(made)):
            yield Line(line.number, "")
        level = "" if _LEVEL.match(made) or not in_list else level
        yield line._replace(text=level + indent * in_list + made)
        level = "    " if _LEVEL.match(made) else level
        before = made
