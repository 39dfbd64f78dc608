"""Explain a YAML syntax error to the person who wrote the file, and say what to write instead.

The parser reports where it gave up, often a line or more below the mistake. So common mistakes are looked for in the
lines it names, and each is fixed in a copy: the fix that gets the parser further is the one reported.
"""

import re
from collections.abc import Callable, Iterator
from typing import NamedTuple

import yaml

from mlguide_site.errors import ContentError

MAX_LINES = 200
"""At most this many lines of an entry are tried; for longer ones the parser's own message is reported."""
MAX_SHOWN = 120
"""Characters of a value that a remedy repeats."""
_KEY = re.compile(r"(?P<before>[ ]*(?:- +)?)(?P<key>[^\s:#'\"\[{-][^:#\[{\"]{0,80}?): +(?P<value>\S.*)")
_ITEM = re.compile(r"(?P<before>[ ]*)(?P<key>-) +(?P<value>\S.*)")
_NO_SPACE = re.compile(r"(?P<before>[ ]*(?:- +)?)(?P<key>[A-Za-z][A-Za-z0-9_-]{0,80}):(?P<value>[^\s:/].*)")
_NO_COLON = re.compile(r"(?P<before>[ ]*(?:- +)?)(?P<key>[A-Za-z][A-Za-z0-9_-]{0,80}) +(?P<value>[^\s:].*)")
_ENDS_EARLY = {"'": "quotation", '"': "quotation", "[": "list", "{": "mapping"}
_CLOSING = {"[": "]", "{": "}", '"': '"', "'": "'"}
_TAB = re.compile(r" *\t[ \t]*")


class Mistake(NamedTuple):
    """A mistake and its place (line and column counted from 0), and the line without it."""

    line: int
    column: int
    message: str
    remedy: str
    fixed: str = ""


def explain(text: str, error: yaml.MarkedYAMLError, parse: Callable[[str], object]) -> Mistake | None:
    """The mistake that made a parser give up on a text; None if no known one is found. `parse` raises as the parser
    did, or ContentError."""
    marks = [mark for mark in (error.problem_mark, error.context_mark) if mark is not None]
    lines = re.split(r"\r\n|\r|\n", text)
    if "another document" in str(error.problem) and marks:
        return Mistake(marks[0].line, 0, 'a line "---" ends what is read', "remove that line")
    named = [mark.line for mark in marks]
    for at in dict.fromkeys(min(at, len(lines) - 1) for at in [*named, *(at - 1 for at in named if at)]):
        first, last = _entry(lines, at)
        failed = _failing_line(lines[first:last], parse)
        if failed is None:
            continue
        for mistake in _candidates(lines, at):
            now = _failing_line([*lines[first:at], mistake.fixed, *lines[at + 1 : last]], parse)
            if now is None or now > max(failed, at - first):
                return mistake
    return None


def quoted(value: str) -> str:
    """A value in quotes that YAML reads as written.

    >>> print(quoted("Leeks: how"), quoted('the "best" leek'), quoted("'Leek's end'"), quoted('"Leek" soup'))
    "Leeks: how" 'the "best" leek' "Leek's end" '"Leek" soup'
    """
    if len(value) > 1 and value[0] == value[-1] and value[0] in "'\"" and value[0] in value[1:-1]:
        value = value[1:-1]
    if '"' in value or "\\" in value:
        return "'" + value.replace("'", "''") + "'"
    return f'"{value}"'


def _candidates(lines: list[str], at: int) -> Iterator[Mistake]:
    """The mistakes that a line may contain, the likeliest first."""
    line = lines[at].rstrip()
    if tab := _TAB.match(line):
        fixed = tab[0].expandtabs(2) + line[tab.end() :]
        yield Mistake(at, tab[0].index("\t"), "the line is indented with a tab", "indent it with spaces", fixed)
    matches = [found for pattern in (_KEY, _ITEM) if (found := pattern.fullmatch(line))]
    for found in matches[:1]:
        value = found["value"]
        if value[0] in _CLOSING:
            yield _with_value(found, at, value + _CLOSING[value[0]], f"{value[0]} is not closed")
    for found in matches:
        yield _unquoted(found, at)
    for pattern in (_NO_SPACE, _NO_COLON):
        if found := pattern.fullmatch(line):
            new = f"{found['key']}: {found['value']}"
            column, message = found.start("value"), "a colon needs a space after it"
            if pattern is _NO_COLON:
                column, message = found.end("key"), f'no colon after "{found["key"]}"'
            yield Mistake(at, column, message, f"write {_short(new)}", found["before"] + new)
    yield from _misindented(lines, at)


def _unquoted(found: re.Match[str], at: int) -> Mistake:
    """The value of a line needs quotes."""
    value = found["value"]
    if what := _ENDS_EARLY.get(value[0]):
        message = f"the {what} ends before the line does"
    elif value[0] in "@`%*&!|>-?,]}":
        message = f"a value that begins with {value[0]} needs quotes"
    else:
        message = "a value that holds a colon needs quotes"
    return _with_value(found, at, quoted(value), message)


def _with_value(found: re.Match[str], at: int, value: str, message: str) -> Mistake:
    """The mistake that another value fixes."""
    new = (f"{found['key']}: " if found["key"] != "-" else "- ") + value
    return Mistake(at, found.start("value"), message, f"write {_short(new)}", found["before"] + new)


def _misindented(lines: list[str], at: int) -> Iterator[Mistake]:
    """A line that should have the indentation of a line above it, the nearest first."""
    line = lines[at]
    own = _indent(line)
    below = next((_indent(one) for one in lines[at + 1 : at + MAX_LINES] if one.strip()), 0)
    tried = {own}
    for other in range(at - 1, max(-1, at - MAX_LINES), -1):
        depth = _indent(lines[other])
        if not lines[other].strip() or depth in tried or (line.rstrip().endswith(":") and depth >= below):
            continue
        tried.add(depth)
        message = f"the line is indented by {_spaces(own)}, which fits none above it"
        remedy = f"indent it by {_spaces(depth)}" if depth else "remove the spaces before it"
        yield Mistake(at, own, message, remedy, " " * depth + line.strip())


def _spaces(number: int) -> str:
    return f"{number} space{'' if number == 1 else 's'}"


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip(" "))


def _entry(lines: list[str], at: int) -> tuple[int, int]:
    """The first line, and the last + 1, of the top-level key that a line belongs to."""
    first, last = at, at + 1
    while first and at - first < MAX_LINES and not _is_top(lines[first]):
        first -= 1
    while last < len(lines) and last - at < MAX_LINES and not _is_top(lines[last]):
        last += 1
    return first, last


def _failing_line(lines: list[str], parse: Callable[[str], object]) -> int | None:
    """The line at which a parser gives up; None if it reads them all."""
    try:
        parse("\n".join(lines))
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        return mark.line if mark is not None else 0
    except (yaml.YAMLError, ContentError, ValueError, RecursionError):
        return 0
    return None


def _is_top(line: str) -> bool:
    return bool(line) and line[0] not in " \t-#\r"


def _short(text: str) -> str:
    return text if len(text) <= MAX_SHOWN else f"{text[:MAX_SHOWN]}…"
