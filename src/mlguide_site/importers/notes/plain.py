"""The lines of a plain log as Markdown: sections, lists, and a paragraph for each other line.

Sections begin with lead words, as in `Firstly, ...`.
"""

import re
from collections.abc import Collection, Iterator, Sequence

from mlguide_site.importers.notes.source import ITEM, Line, fenced

_SECTION = re.compile(
    r"(?=.{1,160}(?<![.!?:])$)(?:(?:first|second|third|fourth|fifth|final|last)ly"
    r"|(?:first|second|third|last|next)(?: of all| up)?)\s*[,:]\s*\S",
    re.I,
)


def plain_to_markdown(lines: Sequence[Line], days: Collection[int] = ()) -> Iterator[Line]:
    """The lines of a log as Markdown, in which each is a paragraph of its own unless it is of a list, quote or table;
    tags of HTML are text. `days` are the indexes of lines that become headings of the first level.

    >>> texts = ["Firstly, saws", "- blunt", "They cut."]
    >>> [line.text for line in plain_to_markdown([Line(number, text) for number, text in enumerate(texts, 1)])]
    ['', '## Firstly, saws', '', '- blunt', '', 'They cut.']
    """
    in_list, before = False, ""
    for at, (line, is_code) in enumerate(zip(lines, fenced([line.text for line in lines]), strict=True)):
        bare = re.sub(r"<(?=[A-Za-z/!?])", "&lt;", line.text.strip())
        indent = line.text[: len(line.text) - len(line.text.lstrip())]
        mark = "# " if at in days else "## " if _SECTION.match(bare) else ""
        was_list, in_list = in_list, not is_code and bool(ITEM.match(bare) or (in_list and indent))
        if not (is_code or (was_list and in_list) or (bare[:1] in {">", "|"} and bare[:1] == before)):
            yield Line(line.number, "")
        yield line if is_code else line._replace(text=indent * in_list + mark + re.sub("^[•–](?= )", "-", bare))
        before = bare[:1]
