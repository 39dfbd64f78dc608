"""The lines of a plain log as Markdown: sections, lists, levels and questions, and a paragraph for each other line.

Sections begin with lead words, as in `Firstly, ...`, or are numbered, as in `Lecture 27`. Levels and questions that are
numbered (`Level 0: ...`, `Q1: ...`) are items, and hold the list that follows.
"""

import re
from collections.abc import Collection, Iterator, Sequence

from mlguide_site.importers.notes.source import ITEM, Line
from mlguide_site.markdown.fences import fenced

_SECTION = re.compile(
    r"(?=.{1,160}(?<![.!?:])$)(?:(?:first|second|third|fourth|fifth|final|last)ly"
    r"|(?:first|second|third|last|next)(?: of all| up)?)\s*[,:]\s*\S",
    re.I,
)
_NUMBERED = re.compile(
    r"(?:lecture|module|week|chapter|part|unit|lesson|section|video|session|task|exercise|homework|lab|project)"
    r"\s+#?\d{1,4}(?:\s*[:.–—-]\s*.{0,120})?(?<![.!?])$",
    re.I,
)
_HOLDER = re.compile(
    r"((?P<word>level|step|stage|phase|rule|tip|q|question|problem)\s?#?\d{1,3}\s*[:.)–—])\s*(?=\S|$)", re.I
)
_COUNT = re.compile(r"#(\d{1,3})\s?[:.)-]?\s+(?=\S)")


def plain_to_markdown(lines: Sequence[Line], days: Collection[int] = ()) -> Iterator[Line]:
    """The lines of a log as Markdown, in which each is a paragraph of its own unless it is of a list, quote or table;
    tags of HTML are text. `days` are the indexes of lines that become headings of the first level.

    >>> texts = ["Firstly, saws", "Level 0: none", "- blunt", "They cut."]
    >>> [line.text for line in plain_to_markdown([Line(number, text) for number, text in enumerate(texts, 1)])]
    ['', '## Firstly, saws', '', '- **Level 0:** none', '    - blunt', '', 'They cut.']
    """
    in_list, held, before = False, "", ""
    for at, (line, is_code) in enumerate(zip(lines, fenced([line.text for line in lines]), strict=True)):
        bare = _COUNT.sub(r"\1. ", re.sub(r"<(?=[A-Za-z/!?])", "&lt;", line.text.strip()), count=1)
        indent = line.text[: len(line.text) - len(line.text.lstrip())]
        mark = "# " if at in days else "## " if _SECTION.match(bare) else "### " if _NUMBERED.match(bare) else ""
        holder = None if is_code or mark else _HOLDER.match(bare)
        word = holder["word"].casefold() if holder else held
        was_list, in_list = in_list and word == held, not is_code and bool(ITEM.match(bare) or (in_list and indent))
        if not (is_code or (was_list and (in_list or holder)) or (bare[:1] in {">", "|"} and bare[:1] == before)):
            yield Line(line.number, "")
        if holder:
            bare, indent = _HOLDER.sub(r"- **\1** ", bare, count=1), ""
        elif in_list and held:
            indent = f"    {indent}"
        in_list = in_list or holder is not None
        held = word if in_list else ""
        yield line if is_code else line._replace(text=indent * in_list + mark + re.sub("^[•–](?= )", "-", bare))
        before = bare[:1]
