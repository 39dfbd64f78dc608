"""Problems as values, and the exceptions that carry them. Nothing here prints."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple


class Span(NamedTuple):
    """A place in a text file: line and column, both counted from 1, columns in characters."""

    line: int = 1
    column: int = 1


OWN_LOGGER = "mkdocs.plugins.mlguide"
"""The name of the plugin's logger; its lines need no prefix."""


def visible(text: str) -> str:
    """Text safe to print on a terminal: control, bidirectional and separator characters are shown escaped.

    >>> visible("a\\x1b[31mb")
    'a\\\\x1b[31mb'
    """
    if text.isprintable():
        return text
    return "".join(c if c.isprintable() else c.encode("unicode_escape", "backslashreplace").decode() for c in text)


def counted(number: int, what: str) -> str:
    """A number with a noun in singular or plural.

    >>> counted(1, "episode"), counted(2, "text")
    ('1 episode', '2 texts')
    """
    return f"{number} {what}" if number == 1 else f"{number} {what}s"


class Severity(StrEnum):
    """An error fails every command; a warning fails strict ones; a hint fails none."""

    ERROR = "error"
    WARNING = "warning"
    HINT = "hint"


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """A problem of a file, with its place and remedy. `path` is relative to the root, as a user would type it."""

    path: str
    span: Span
    message: str
    remedy: str
    severity: Severity = Severity.ERROR

    def __str__(self) -> str:
        """`path:line:col: what is wrong; what to do`, control characters shown escaped.

        >>> str(Problem("a.md", Span(7, 3), 'unknown topic "mlop"', 'did you mean "mlops"?'))
        'a.md:7:3: unknown topic "mlop"; did you mean "mlops"?'
        """
        mark = "hint: " if self.severity is Severity.HINT else ""
        text = f"{self.path}:{self.span.line}:{self.span.column}: {mark}{self.message}; {self.remedy}"
        return visible(text)

    def values(self) -> dict[str, str | int]:
        """The problem in plain values, ready for JSON."""
        rest = {"severity": self.severity.value, "message": self.message, "remedy": self.remedy}
        return {"path": self.path, **self.span._asdict(), **rest}


class SiteError(Exception):
    """The base of every exception the project raises on purpose. `exit_status` is the command's exit status."""

    exit_status = 1


class ContentError(SiteError):
    """Problems in content or input: all that the run found."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems: tuple[Problem, ...] = tuple(sorted(set(problems)))
        super().__init__("\n".join(map(str, self.problems)))

    def __reduce__(self) -> tuple[type["ContentError"], tuple[tuple[Problem, ...]]]:
        # pickled to send it between processes
        return type(self), (self.problems,)


def content_error(path: str, message: str, remedy: str, span: Span = Span()) -> ContentError:  # noqa: B008
    """The exception for one problem."""
    return ContentError([Problem(path, span, message, remedy)])


class UsageError(SiteError):
    """The command was given invalid arguments."""

    exit_status = 2


class ResourceError(SiteError):
    """The disk, the network or another process failed."""

    exit_status = 3


def suggestion(word: str, known: Sequence[str], otherwise: str) -> str:
    """A remedy: the nearest known word, or `otherwise` if none is near (at most a third of the letters differ).

    >>> suggestion("mlop", ["gans", "mlops"], "add it")
    'did you mean "mlops"?'
    """
    near = nearest(word, known)
    return f'did you mean "{near}"?' if near else otherwise


def nearest(word: str, known: Sequence[str]) -> str:
    """The nearest known word, of which at most a third of the letters differ; empty if none is near.

    >>> nearest("mlop", ["gans", "mlops"]), nearest("mlop", ["gans"])
    ('mlops', '')
    """
    # imported on demand: most runs have nothing to suggest
    from rapidfuzz import process  # noqa: PLC0415
    from rapidfuzz.distance import OSA  # noqa: PLC0415

    found = process.extractOne(word, known, scorer=OSA.distance, score_cutoff=len(word) // 3)
    return found[0] if found else ""
