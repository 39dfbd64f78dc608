"""Note files: front matter and body. Front matter begins in the first line; values stay as they are written."""

import re
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from mlguide_site.content.yaml_edit import dump_mapping, dump_value, lines_with_ends
from mlguide_site.content.yaml_read import MAX_FRONT_MATTER, Located, read_yaml
from mlguide_site.errors import ContentError, Problem, Span

_FENCE = re.compile(r"---[ \t]*$")


class FrontMatter(NamedTuple):
    """A file in two parts: the YAML between the fences with the line it begins on, and the body with its own line."""

    yaml: str
    yaml_line: int
    body: str
    body_line: int


def split_front_matter(text: str, path: str) -> FrontMatter:
    """The parts of a note file, its front matter unread. Line ends become `\\n`. Raises ContentError.

    >>> split_front_matter("---\\nid: a-001\\n---\\n\\nBody\\n", "a.md")
    FrontMatter(yaml='id: a-001', yaml_line=2, body='Body\\n', body_line=5)
    """
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    if not _FENCE.match(lines[0]):
        remedy = 'begin the file with a line "---"'
        raise ContentError([Problem(path, Span(), "no front matter in the first line", remedy)])
    end = next((at for at, line in enumerate(lines[1:], 1) if _FENCE.match(line)), 0)
    if not end:
        blank = next((at for at, line in enumerate(lines[1:], 1) if not line.strip()), 0)
        remedy = 'put a line "---" after its last key'
        raise ContentError([Problem(path, Span(blank + 1, 1), "the front matter is not closed", remedy)])
    first = next((at for at in range(end + 1, len(lines)) if lines[at].strip()), len(lines))
    body_line = first + 1 if first < len(lines) else end + 2
    return FrontMatter("\n".join(lines[1:end]), 2, "\n".join(lines[first:]), body_line)


def read_front_matter(text: str, path: str) -> tuple[FrontMatter, Located]:
    """The parts of a note file and the values of its front matter. Raises ContentError."""
    parts = split_front_matter(text, path)
    return parts, read_yaml(parts.yaml, path, parts.yaml_line, MAX_FRONT_MATTER)


def dump_note(front_matter: Mapping[str, Any], body: str) -> str:
    """The canonical text of a note file: front matter, an empty line, the body ending in one line end.

    >>> dump_note({"id": "a-001", "title": "One"}, "Text")
    '---\\nid: a-001\\ntitle: One\\n---\\n\\nText\\n'
    """
    body = body.strip("\n")
    return f"---\n{dump_mapping(front_matter)}---\n" + (f"\n{body}\n" if body else "")


def set_field(text: str, key: str, value: Any, order: Sequence[str] = ()) -> str:
    """The text of a note file with one front matter field set and every other byte kept; None removes it.

    A new field is added behind the last that precedes it in `order`. Raises ContentError if the file can't be read.
    """
    mark, source = ("\ufeff", text[1:]) if text.startswith("\ufeff") else ("", text)
    _, located = read_front_matter(source, "")
    lines = lines_with_ends(source)
    newline = "\r\n" if lines[0].endswith("\r\n") else "\n"
    new = [f"{key}: {dump_value(value)}{newline}"] if value is not None else []
    if extent := located.extent((key,)):
        lines[extent[0] + 1 : extent[1] + 1] = new
    elif new:
        before = set(order[: order.index(key)]) if key in order else set(located.value)
        ends = [found[1] for name in located.value if name in before and (found := located.extent((name,)))]
        at = max(ends, default=0) + 1
        lines[at:at] = new
    return mark + "".join(lines)
