"""What is wrong with text that is no YAML, in words of those who write it, and what to write instead.

The parser says where it gave up, which is often a line or more behind the slip. So the slips that people make are
looked for in the lines it names, and each is mended in a copy: what gets the parser further is what is told.
"""

import re
from collections.abc import Callable, Iterator
from typing import NamedTuple

import yaml

from mlguide_site.errors import ContentError

MAX_LINES = 200
"""So many lines of an entry are tried at most; beyond, the parser's own words are told."""
MAX_SHOWN = 120
"""Characters of a value that a remedy repeats."""
_KEY = re.compile(r"(?P<before>[ ]*(?:- +)?)(?P<key>[^\s:#'\"\[{-][^:#\[{\"]{0,80}?): +(?P<value>\S.*)")
_ITEM = re.compile(r"(?P<before>[ ]*)(?P<key>-) +(?P<value>\S.*)")
_TIGHT = re.compile(r"(?P<before>[ ]*(?:- +)?)(?P<key>[A-Za-z][A-Za-z0-9_-]{0,80}):(?P<value>[^\s:/].*)")
_BARE = re.compile(r"(?P<before>[ ]*(?:- +)?)(?P<key>[A-Za-z][A-Za-z0-9_-]{0,80}) +(?P<value>[^\s:].*)")
_ENDING = {"'": "quotation", '"': "quotation", "[": "list", "{": "mapping"}
_TAB = re.compile(r" *\t[ \t]*")


class Fault(NamedTuple):
    """A slip and its place, lines and columns counted from 0."""

    line: int
    column: int
    message: str
    remedy: str


class _Mended(NamedTuple):
    """One line as it should be, and the slip that is gone then."""

    line: str
    fault: Fault


def explain(text: str, error: yaml.MarkedYAMLError, parse: Callable[[str], object]) -> Fault | None:
    """The slip for which a parser gave up on a text; None where none is found. `parse` raises as the parser did, or
    ContentError."""
    marks = [mark for mark in (error.problem_mark, error.context_mark) if mark is not None]
    lines = re.split(r"\r\n|\r|\n", text)
    if "another document" in str(error.problem) and marks:
        return Fault(marks[0].line, 0, 'a line "---" ends what is read', "remove that line")
    above = [at - 1 for at in (mark.line for mark in marks) if at]
    for at in dict.fromkeys(min(at, len(lines) - 1) for at in [*(mark.line for mark in marks), *above]):
        first, last = _entry(lines, at)
        failed = _failure(lines[first:last], parse)
        if failed is None:
            # what is wrong stands elsewhere
            continue
        for mended in _ways(lines, at):
            now = _failure([*lines[first:at], mended.line, *lines[at + 1 : last]], parse)
            if now is None or now > max(failed, at - first):
                return mended.fault
    return None


def quoted(value: str) -> str:
    """A value in quotes that YAML takes as it is, whatever it holds.

    >>> print(quoted("Leeks: how"), quoted('the "best" leek'), quoted("'Leek's end'"), quoted('"Leek" soup'))
    "Leeks: how" 'the "best" leek' "Leek's end" '"Leek" soup'
    """
    if len(value) > 1 and value[0] == value[-1] and value[0] in "'\"" and value[0] in value[1:-1]:
        value = value[1:-1]
    if '"' in value or "\\" in value:
        return "'" + value.replace("'", "''") + "'"
    return f'"{value}"'


def _ways(lines: list[str], at: int) -> Iterator[_Mended]:
    """The ways in which a line may be meant, the likeliest first."""
    line = lines[at].rstrip()
    if tab := _TAB.match(line):
        spaces = tab[0].expandtabs(2)
        fault = Fault(at, tab[0].index("\t"), "the line is indented with a tab", "indent it with spaces")
        yield _Mended(spaces + line[tab.end() :], fault)
    yield from _closed(line, at)
    for pattern in (_KEY, _ITEM):
        if found := pattern.fullmatch(line):
            yield _in_quotes(found, at)
    if found := _TIGHT.fullmatch(line):
        new = f"{found['key']}: {found['value']}"
        fault = Fault(at, found.start("value"), "a colon needs a space behind it", f"write {_short(new)}")
        yield _Mended(found["before"] + new, fault)
    if found := _BARE.fullmatch(line):
        new = f"{found['key']}: {found['value']}"
        fault = Fault(at, found.end("key"), f'no colon stands behind "{found["key"]}"', f"write {_short(new)}")
        yield _Mended(found["before"] + new, fault)
    yield from _indented(lines, at)


def _closed(line: str, at: int) -> Iterator[_Mended]:
    """A line with what its value opens closed at its end."""
    found = _KEY.fullmatch(line) or _ITEM.fullmatch(line)
    if not found:
        return
    value = found["value"]
    pairs = {"[": "]", "{": "}", '"': '"', "'": "'"}
    if end := pairs.get(value[0]):
        yield _rewritten(found, at, value + end, f"{value[0]} is not closed")


def _in_quotes(found: re.Match[str], at: int) -> _Mended:
    """A line with its value in quotes."""
    value = found["value"]
    if what := _ENDING.get(value[0]):
        message = f"the {what} ends before the line does"
    elif value[0] in "@`%*&!|>-?,]}":
        message = f"a value that begins with {value[0]} needs quotes"
    else:
        message = "a value that holds a colon needs quotes"
    return _rewritten(found, at, quoted(value), message)


def _rewritten(found: re.Match[str], at: int, value: str, message: str) -> _Mended:
    """A line with another value."""
    new = (f"{found['key']}: " if found["key"] != "-" else "- ") + value
    return _Mended(found["before"] + new, Fault(at, found.start("value"), message, f"write {_short(new)}"))


def _indented(lines: list[str], at: int) -> Iterator[_Mended]:
    """A line with the indentation of a line above it, the nearest first."""
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
        yield _Mended(" " * depth + line.strip(), Fault(at, own, message, remedy))


def _spaces(number: int) -> str:
    return f"{number} space{'' if number == 1 else 's'}"


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip(" "))


def _entry(lines: list[str], at: int) -> tuple[int, int]:
    """The first line, and the last + 1, of what stands below one key of the whole text."""
    first, last = at, at + 1
    while first and at - first < MAX_LINES and not _is_top(lines[first]):
        first -= 1
    while last < len(lines) and last - at < MAX_LINES and not _is_top(lines[last]):
        last += 1
    return first, last


def _failure(lines: list[str], parse: Callable[[str], object]) -> int | None:
    """The line at which a parser gives up; None where it reads them all."""
    try:
        parse("\n".join(lines))
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        return mark.line if mark is not None else 0
    except (yaml.YAMLError, ContentError, ValueError, RecursionError):
        return 0
    return None


def _is_top(line: str) -> bool:
    """Whether a line begins a key of the whole text."""
    return bool(line) and line[0] not in " \t-#\r"


def _short(text: str) -> str:
    return text if len(text) <= MAX_SHOWN else f"{text[:MAX_SHOWN]}…"
