"""Reads and writes the front matter and body of note files.

Unlike python-frontmatter's handler, ours rejects unclosed blocks and duplicate keys, and reads `12:31:00` as text."""

import re
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import frontmatter
from frontmatter.default_handlers import BaseHandler

from mlguide_site.content.yaml_edit import dump_mapping, dump_value
from mlguide_site.content.yaml_read import Located, comments, read_yaml
from mlguide_site.errors import Span, content_error
from mlguide_site.markdown.limits import MAX_FRONT_MATTER

_FENCE = re.compile(r"---[ \t]*$")


class FrontMatter(NamedTuple):
    """The two parts of a note file: the front matter and the body, each with the number of its first line."""

    yaml: str
    yaml_line: int
    body: str
    body_line: int


def split_front_matter(text: str, path: str) -> FrontMatter:
    """Split a note file into front matter (not parsed yet) and body. Line breaks become `\\n`. Raises ContentError."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    if not _FENCE.match(lines[0]):
        raise content_error(path, "no front matter in the first line", 'begin the file with a line "---"')
    end = next((at for at, line in enumerate(lines[1:], 1) if _FENCE.match(line)), 0)
    if not end:
        blank = next((at for at, line in enumerate(lines[1:], 1) if not line.strip()), 0)
        place = Span(blank + 1, 1)
        raise content_error(path, "the front matter is not closed", 'put a line "---" after the last key', place)
    first = next((at for at in range(end + 1, len(lines)) if lines[at].strip()), len(lines))
    body_line = first + 1 if first < len(lines) else end + 2
    return FrontMatter("\n".join(lines[1:end]), 2, "\n".join(lines[first:]), body_line)


class NoteHandler(BaseHandler):
    """A python-frontmatter handler for one note. The handler splits the original text, because the library strips the
    text first, which changes line numbers. `located` contains the front matter's values with their places."""

    def __init__(self, text: str, path: str) -> None:
        self.text, self.path = text, path

    def split(self, _text: str) -> tuple[str, str]:
        self.parts = split_front_matter(self.text, self.path)
        return self.parts.yaml, self.parts.body

    def load(self, fm: str) -> Any:
        self.located = read_yaml(fm, self.path, self.parts.yaml_line, MAX_FRONT_MATTER)
        return self.located.value


def read_front_matter(text: str, path: str) -> tuple[FrontMatter, Located]:
    """Return the parts of a note file and the values of its front matter. Raises ContentError."""
    handler = NoteHandler(text, path)
    frontmatter.parse(text, handler=handler)
    return handler.parts, handler.located


def dump_note(front_matter: Mapping[str, Any], body: str) -> str:
    """Return the text of a note file: front matter, a blank line, and the body with a line break at its end."""
    body = body.strip("\n")
    return f"---\n{dump_mapping(front_matter)}---\n" + (f"\n{body}\n" if body else "")


def set_field(text: str, key: str, value: Any, order: Sequence[str] = ()) -> str:
    """Set a front matter field in a note's text, or remove it if the value is None. All other bytes stay the same.
    The field's comments stay after the value, or move above the field if the old value had several lines. `order` lists
    field names, and determines the place of a new field. Raises ContentError for invalid front matter."""
    bom, source = ("\ufeff", text[1:]) if text.startswith("\ufeff") else ("", text)
    _, located = read_front_matter(source, "")
    lines = source.splitlines(keepends=True)
    newline = "\r\n" if lines[0].endswith("\r\n") else "\n"
    new_lines = [f"{key}: {dump_value(value)}{newline}"] if value is not None else []
    if extent := located.extent((key,)):
        old_lines = lines[extent[0] + 1 : extent[1] + 1]
        kept = comments("".join(old_lines))
        if new_lines and len(old_lines) == 1 and kept:
            new_lines = [f"{key}: {dump_value(value)} {kept[0]}{newline}"]
        else:
            new_lines = [*(comment + newline for comment in kept), *new_lines]
        lines[extent[0] + 1 : extent[1] + 1] = new_lines
    elif new_lines:
        earlier = set(order[: order.index(key)]) if key in order else set(located.value)
        ends = [found[1] for name in located.value if name in earlier and (found := located.extent((name,)))]
        at = max(ends, default=0) + 1
        lines[at:at] = new_lines
    return bom + "".join(lines)
