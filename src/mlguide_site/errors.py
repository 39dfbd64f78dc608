"""Defines problems and exceptions."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from enum import StrEnum
from typing import NamedTuple

_JOINERS = str.maketrans("", "", "\u200c\u200d")
SHOWN = 10  # maximum number of names in a list of a message
OWN_LOGGER = "mkdocs.plugins.mlguide"  # messages of this logger are printed without a prefix such as `warning:`
PACKAGED = "this file is part of mlguide, so report this bug, unless your own templates cause it"  # a remedy


class Span(NamedTuple):
    """A position in a text file. Lines and columns are counted from 1, and each character is one column."""

    line: int = 1
    column: int = 1


def is_printable(text: str) -> bool:
    """Return whether all characters of a string are printable, or join or separate letters, as in Persian and emoji."""
    return text.isprintable() or text.translate(_JOINERS).isprintable()


def visible(text: str) -> str:
    """Escape all unprintable characters, so that a string is safe to print on a terminal."""
    if is_printable(text):
        return text
    return "".join(c if is_printable(c) else c.encode("unicode_escape", "backslashreplace").decode() for c in text)


def counted(number: int, what: str) -> str:
    """Return a number with its noun, in the singular or plural."""
    return f"{number} {what}" if number == 1 else f"{number} {what}s"


def shortened(names: Sequence[str]) -> str:
    """Join the first `SHOWN` names with commas, and append the number of the other names."""
    more = f", and {len(names) - SHOWN:,} more" if len(names) > SHOWN else ""
    return ", ".join(names[:SHOWN]) + more


class Severity(StrEnum):
    """A problem's severity. Errors fail all commands, warnings fail only strict commands, and hints fail none."""

    ERROR = "error"
    WARNING = "warning"
    HINT = "hint"


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """A problem in a file, with its position and remedy. `path` is a path in the root, or the name of a source."""

    path: str
    span: Span
    message: str
    remedy: str
    severity: Severity = Severity.ERROR
    is_conflict: bool = field(default=False, kw_only=True)  # true for an open conflict of an import

    def __str__(self) -> str:
        """Return `path:line:col: what is wrong; what to do`, with control characters escaped.

        >>> str(Problem("a.md", Span(7, 3), 'unknown topic "mlop"', 'did you mean "mlops"?'))
        'a.md:7:3: unknown topic "mlop"; did you mean "mlops"?'
        """
        mark = "hint: " if self.severity is Severity.HINT else ""
        return visible(f"{self.path}:{self.span.line}:{self.span.column}: {mark}{self.message}; {self.remedy}")

    def values(self) -> dict[str, str | int | bool]:
        """Return the problem as a JSON object."""
        rest = {"severity": self.severity.value, "message": self.message, "remedy": self.remedy}
        return {"path": self.path, **self.span._asdict(), **rest, **({"conflict": True} if self.is_conflict else {})}


class SiteError(Exception):
    """The base class of all expected errors. `exit_status` is the status of the command."""

    exit_status = 1


class ContentError(SiteError):
    """An exception with all problems that a command found in content or sources."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems: tuple[Problem, ...] = tuple(sorted(set(problems)))
        super().__init__("\n".join(map(str, self.problems)))

    def __reduce__(self) -> tuple[type["ContentError"], tuple[tuple[Problem, ...]]]:
        # pickling between processes must preserve the problems, not only the message
        return type(self), (self.problems,)


def content_error(path: str, message: str, remedy: str, span: Span = Span()) -> ContentError:  # noqa: B008
    """Return a ContentError that contains only one problem."""
    return ContentError([Problem(path, span, message, remedy)])


def refuse_errors(problems: Iterable[Problem]) -> None:
    """Raise ContentError if any of the problems is an error."""
    if errors := [one for one in problems if one.severity is Severity.ERROR]:
        raise ContentError(errors)


@contextmanager
def collected(problems: list[Problem]) -> Iterator[None]:
    """Add the problems of a ContentError to a list, instead of passing the exception on."""
    try:
        yield
    except ContentError as error:
        problems += error.problems


class UsageError(SiteError):
    """An exception for invalid command-line arguments."""

    exit_status = 2


class ResourceError(SiteError):
    """An exception for a failure of the disk, the network or another process."""

    exit_status = 3


def suggestion(word: str, known: Sequence[str], otherwise: str = "") -> str:
    """Return a remedy that suggests the most similar known word, or else `otherwise`, or else all known words."""
    near = nearest(word, known)
    return f'did you mean "{near}"?' if near else otherwise or f"use one of {', '.join(known)}"


def nearest(word: str, known: Sequence[str]) -> str:
    """Return the most similar known word, or "" if more than a third of the letters of `word` differ."""
    # import on demand, because most commands have nothing to suggest
    from rapidfuzz import process  # noqa: PLC0415
    from rapidfuzz.distance import OSA  # noqa: PLC0415

    found = process.extractOne(word, known, scorer=OSA.distance, score_cutoff=len(word) // 3)
    return found[0] if found else ""
