"""What a note is cut into: its episodes, as values that every way of cutting makes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from mlguide_site.importers.base import Context
from mlguide_site.importers.notes.source import Head, Line


class Text(NamedTuple):
    """A note to be cut: its name, its front matter (read, and as lines), its other lines, and what is known."""

    name: str
    head: Head
    top: Sequence[Line]
    lines: Sequence[Line]
    context: Context


class Remark(NamedTuple):
    """Something to report about a line: what is wrong, and what to do; a warning, or a hint."""

    line: int
    message: str
    remedy: str
    hint: bool = False


@dataclass(frozen=True, slots=True)
class Part:
    """An episode within a note: its title, lines and first line in the source, and its number and season if it has
    them. `slug` is what its id is made of where that is not the title, `heading` the text of its heading, which other
    notes may link to, and `fields` and `tags` are those of its front matter that the note's text says."""

    title: str
    lines: tuple[Line, ...]
    line: int
    number: int | None = None
    season: int | None = None
    slug: str = ""
    heading: str = ""
    fields: Mapping[str, Any] = field(default_factory=dict)
    tags: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Parts:
    """A note cut into episodes: the lines before the first one, the episodes, and what is to be reported. `title` is
    that of the series where the note's text says it, `plain` true where the text isn't Markdown."""

    before: tuple[Line, ...]
    parts: tuple[Part, ...]
    remarks: tuple[Remark, ...] = ()
    title: str = ""
    plain: bool = False
