"""The days of a log's text: where each begins, what its first line says of it, and on which date it is."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

from mlguide_site.errors import Problem, Severity, Span, visible
from mlguide_site.importers.fields import day_comes_first, read_date
from mlguide_site.importers.marks import bare_text
from mlguide_site.importers.openers import Opener, looks_like_opener, read_opener
from mlguide_site.importers.sections import Line, heading
from mlguide_site.importers.session_dates import When
from mlguide_site.importers.sessions import fill_years

HEAD_LINES = 6
MAX_NAME = 100
SHOWN = 60
PROSE = re.compile(
    r"(?:^|[^\w-])(?:(?:today (?:is|was|marks)|this is|it[’']?s|welcome to)\s+(?:my\s+|the\s+)?"
    r"(?:day|entry)\s*#?\s*(?P<said>\d{1,5})"
    r"|(?P<ordinal>\d{1,5})(?:st|nd|rd|th) day of)\b",
    re.I,
)
"""A sentence that says which day it is."""
_DATED = re.compile(r"[\W_]*(?:date|when|datum|fecha)[*_]{0,2}\s*:\s*[*_]{0,2}\s*", re.I)


@dataclass(frozen=True, slots=True)
class Day:
    """One day's entry: its number, round and title ("" where it has none), its date, and its lines, of which that
    which says no more than title and date is left out; `line` is the first one in the source."""

    number: int | None
    title: str
    lines: tuple[Line, ...]
    line: int = 1
    round: int | None = None
    until: int | None = None
    on: date | None = None


@dataclass(frozen=True, slots=True)
class Log:
    """A log cut into its days; the title that it gives itself, if it does; what is to be said; and whether it is
    Markdown, with headings that begin its days."""

    title: str
    days: tuple[Day, ...]
    problems: tuple[Problem, ...] = ()
    is_markdown: bool = False


@dataclass(frozen=True, slots=True)
class _Start:
    at: int
    number: int
    opener: Opener | None = None


def cut_days(name: str, lines: Sequence[Line]) -> Log:
    """The days of a source: each begins with a line that says so; what stands before the first is the first one's."""
    day_first = day_comes_first([line.text for line in lines if len(line.text) <= SHOWN])
    starts, problems = _starts(name, lines, day_first)
    if not starts:
        return Log(
            "", (Day(None, "", tuple(lines), _first_line(lines), on=_own_date(lines, day_first)),), tuple(problems)
        )
    named = _title_line(lines[: starts[0].at], len(starts))
    edges = [0, *(start.at for start in starts[1:]), len(lines)]
    days, whens = list[Day](), list[When | None]()
    for start, begin, end in zip(starts, edges, edges[1:], strict=False):
        own = lines[start.at : end]
        before = [line for at, line in enumerate(lines[begin : start.at], begin) if at != named]
        opener = start.opener
        when = opener.when if opener else None
        if when is None and (own_date := _own_date(own, day_first)):
            when = When(own_date.year, own_date.month, own_date.day, "")
        whens.append(when)
        days.append(
            Day(
                start.number,
                bare_text(opener.title) if opener else "",
                (*before, *_first(own[0], opener), *own[1:]),
                lines[begin].number,
                opener.round if opener else None,
                opener.until if opener else None,
            )
        )
        if opener and opener.impossible:
            message = f'"{visible(opener.impossible)}" is no possible date'
            problems.append(Problem(name, Span(own[0].number, 1), message, "add it by hand", Severity.WARNING))
    dated = []
    for day, start, when, (found_day, given) in zip(days, starts, whens, fill_years(whens), strict=True):
        dated.append(replace(day, on=found_day))
        if when and when.year is None:
            problems.append(_without_year(name, lines[start.at].number, when, dated, days, given))
    title = ""
    if named >= 0:
        found_title = heading(lines[named])
        title = bare_text(found_title.text if found_title else lines[named].text)
    headed = sum(bool(start.opener and start.opener.heading) for start in starts)
    return Log(title.strip(), tuple(dated), tuple(problems), headed > 1 and 2 * headed >= len(starts))


def _starts(name: str, lines: Sequence[Line], day_first: bool) -> tuple[list[_Start], list[Problem]]:
    """Where days begin; lines that look as if one began there, and none does, are reported."""
    read = [None if line.code else read_opener(line.text, day_first) for line in lines]
    prose = [
        int(found["said"] or found["ordinal"])
        if not line.code and (found := PROSE.search(line.text.strip()[:300]))
        else 0
        for line in lines
    ]
    # where days begin with lines of their own, a sentence that names a day begins none
    told = sum(number > 0 for number in prose) >= sum(opener is not None for opener in read)
    starts, problems, seen = list[_Start](), list[Problem](), dict[tuple[int | None, int], int]()
    for at, (line, opener) in enumerate(zip(lines, read, strict=True)):
        number = opener.number if opener else prose[at] if told else 0
        key = (opener.round if opener else None, number)
        if (opener or number) and key not in seen:
            seen[key] = line.number
            starts.append(_Start(at, number, opener))
        elif opener:
            message = f"day {number} began on line {seen[key]} already; this line stays within the day before"
            remedy = "give it a number of its own if it begins another day"
            problems.append(Problem(name, Span(line.number, 1), message, remedy, Severity.WARNING))
        elif not line.code and not prose[at] and looks_like_opener(line.text):
            message = f'"{visible(line.text.strip())[:SHOWN]}" may begin a day; it stays within the one before'
            remedy = "write it as `Day 3: Title` if it does"
            problems.append(Problem(name, Span(line.number, 1), message, remedy, Severity.WARNING))
    return starts, problems


def _first(line: Line, opener: Opener | None) -> Iterator[Line]:
    """The line that begins a day as it stands in the body: none where all of a heading is told by the fields."""
    if opener is None or not opener.heading:
        yield line
    elif not opener.whole or bare_text(opener.title) != opener.title:
        yield Line(line.number, line.text.strip().lstrip("#").strip())


def _title_line(before: Sequence[Line], days: int) -> int:
    """The index of the line that names the whole log before its first day; -1 where none does."""
    filled = [at for at, line in enumerate(before) if line.text.strip()]
    if not filled or before[filled[0]].code:
        return -1
    first = filled[0]
    text = before[first].text.strip()
    if (found := heading(before[first])) and found.text:
        return first if found.level == 1 and len(text) <= MAX_NAME else -1
    alone = len(filled) == 1 or filled[1] > first + 1
    plain = len(text) <= MAX_NAME and text[0].isalnum() and text[-1] not in ".!?:,;" and "://" not in text
    return first if days > 1 and alone and plain else -1


def _own_date(lines: Sequence[Line], day_first: bool) -> date | None:
    """The date with which one of a day's first short lines begins."""
    head = [line.text.strip() for line in lines if line.text.strip()][:HEAD_LINES]
    dates = (read_date(_DATED.sub("", text, count=1), day_first) for text in head if len(text) <= 60)
    return next((found for found in dates if found), None)


def _first_line(lines: Sequence[Line]) -> int:
    return lines[0].number if lines else 1


def _without_year(name: str, line: int, when: When, dated: Sequence[Day], days: Sequence[Day], given: int) -> Problem:
    if dated[-1].on is None:
        message = f'"{when.text}" names no year'
        return Problem(name, Span(line, 1), message, "add the date by hand", Severity.WARNING)
    message = f'"{when.text}" names no year; by day {days[given].number}, it is {dated[-1].on}'
    return Problem(name, Span(line, 1), message, "correct the date if it is wrong", Severity.HINT)
