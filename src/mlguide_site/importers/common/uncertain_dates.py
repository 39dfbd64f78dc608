"""Dates in short lines of notes and listings, also those without their year and those that may be two days."""

import re
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from typing import NamedTuple

from mlguide_site.errors import visible
from mlguide_site.importers.common.dates_and_durations import MAX_YEAR, MIN_YEAR, MONTHS

MAX_READ = 200
SLACK = timedelta(days=14)
"""How far dates may be out of order before one without its year is one of the next year."""
MONTH = (
    r"(?P<month>jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?"
    r"|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\b\.?"
)
_DAY = r"(?P<day>[0-3]?\d)(?:st|nd|rd|th)?"
_YEAR = r"(?:,?[\s-]+(?P<year>(?:19|2[01])\d{2})(?!\d|\s?(?:h|hrs|hours|utc|gmt)\b))?"
_NAMED = (
    re.compile(r"\b(?P<year>(?:19|2[01])\d{2})[-/.](?P<month>[01]?\d)[-/.](?P<day>[0-3]\d)(?!\d)", re.A),
    re.compile(rf"(?<![\w:]){_DAY}\.?[\s-]+(?:of\s+)?{MONTH}{_YEAR}", re.I | re.A),
    re.compile(rf"(?<!\w){MONTH}\s+{_DAY}(?![\d:]){_YEAR}", re.I | re.A),
)
"""`2022-09-28`, `29 Sept`, `Sept 29, 2022`, tried in this order."""
_NUMBERS = re.compile(
    r"(?<![\w./:-])(?P<first>[0-3]?\d)(?P<mark>[./-])(?P<second>[0-3]?\d)(?P=mark)"
    r"(?P<year>(?:19|2[01])\d{2}|\d{2})(?![\w/-]|\.\d)",
    re.A,
)
"""`28.09.2022`, `28/09/2022`, `09/28/22`."""
_SHORT = re.compile(r"\W{0,3}(?P<first>[0-3]?\d)(?P<mark>/)(?P<second>[0-3]?\d)(?P<year>)(?=\s|:\s|,\s|$)", re.A)
"""`11/30` at the beginning of a heading."""


class When(NamedTuple):
    """A date as written; `year` is None where the text names none."""

    year: int | None
    month: int
    day: int
    text: str

    def on(self, year: int) -> date | None:
        """The day in a year; None where there is no such day."""
        try:
            return date(year, self.month, self.day)
        except ValueError:
            return None


class Written(NamedTuple):
    """What looks like a date: its text, and what it is where the day comes first and where the month does; None for a
    day that doesn't exist."""

    text: str
    by_day: When | None
    by_month: When | None

    @property
    def is_unsure(self) -> bool:
        return None not in (self.by_day, self.by_month) and self.by_day != self.by_month

    def read(self, day_first: bool | None) -> When | None:
        """The date; None where it may be two days and `day_first` is None."""
        if self.is_unsure and day_first is None:
            return None
        return (self.by_day or self.by_month) if day_first else (self.by_month or self.by_day)


class BadDate(NamedTuple):
    """A text that looks like a date and can't be read as one, with what is wrong and what to do."""

    text: str
    message: str
    remedy: str


def find_dates(text: str, short: bool = False) -> Iterator[Written]:
    """What looks like a date in a short line; `short` accepts two numbers without a year as well."""
    text = text[:MAX_READ]
    for pattern in _NAMED:
        for found in pattern.finditer(text):
            name = found["month"].casefold()[:3]
            # "may" is a word of its own
            if not (name == "may" and found["month"].islower() and not found["year"]):
                month = MONTHS.index(name) + 1 if name in MONTHS else int(name)
                when = _when(found, found["year"] or "", month, int(found["day"]))
                yield Written(found[0].strip(), when, when)
    begun = _SHORT.match(text) if short else None
    for found in [*_NUMBERS.finditer(text), *([begun] if begun else [])]:
        year, first, second = found["year"], int(found["first"]), int(found["second"])
        # two digits for the year only where it can't be a version
        may_be = found["mark"] == "." and len(found["first"] + found["second"]) == 4
        if len(year) == 2 and found["mark"] != "/" and not may_be:
            continue
        year = f"20{year}" if len(year) == 2 else year
        by_day, by_month = _when(found, year, second, first), _when(found, year, first, second)
        if found["mark"] == ".":
            by_day = by_month = by_day or by_month
        yield Written(found[0].strip(), by_day, by_month)


def _when(found: re.Match[str], year: str, month: int, day: int) -> When | None:
    when = When(int(year) if year else None, month, day, found[0].strip())
    return when if when.on(when.year or 2000) else None


def read_when(text: str, day_first: bool | None = None, short: bool = False) -> When | None:
    """The date in a short line, with or without its year. `day_first` says which of two numbers is the day where both
    may be.

    >>> read_when("29 Sept 0900"), read_when("12 Oct 2022 @ 1100 UTC (late)")
    (When(year=None, month=9, day=29, text='29 Sept'), When(year=2022, month=10, day=12, text='12 Oct 2022'))
    >>> read_when("Sept 29th, 2022, 9 am").text, read_when("I may 2 times"), read_when("31 Feb 2022")
    ('Sept 29th, 2022', None, None)
    >>> read_when("Mon, 15.04.2024")[:3], read_when("03/04/2024"), read_when("03/04/2024", day_first=True)[:3]
    ((2024, 4, 15), None, (2024, 4, 3))
    """
    read = (found.read(day_first) for found in find_dates(text, short))
    return next((when for when in read if when and MIN_YEAR <= (when.year or 2000) <= MAX_YEAR), None)


def bad_date(text: str, day_first: bool | None = None, sure: bool = False) -> BadDate | None:
    """What looks like a date in a line without one: there is no such day, or it may be two. A date without a year
    counts where the line is `sure` to be about one.

    >>> bad_date("Sept 31 2023").message, bad_date("03/04/2024").remedy
    ('there is no day "Sept 31 2023"', 'write 2024-03-04 or 2024-04-03')
    """
    found = list(find_dates(text)) if read_when(text, day_first) is None else []
    for one in found:
        if one.by_day and one.by_month and one.is_unsure:
            days = sorted(f"{when.year}-{when.month:02}-{when.day:02}" for when in (one.by_day, one.by_month))
            message = f'"{visible(one.text)}" may be two days, and no other date here tells which'
            return BadDate(one.text, message, f"write {' or '.join(days)}")
    for one in found:
        if not one.by_day and not one.by_month and (sure or re.search(r"\d{4}|/\d\d$", one.text)):
            return BadDate(one.text, f'there is no day "{visible(one.text)}"', "correct it in the source")
    return None


def is_day_first(texts: Sequence[str], headings: Sequence[str] = ()) -> bool | None:
    """Whether dates of one file name the day first, by those that can be read one way only; else by the one way in
    which the dates of its headings are in order. None where neither tells.

    >>> is_day_first(["on 16/11/2023"]), is_day_first(["11/16/2023", "16/11/2023"])
    (True, None)
    >>> is_day_first([], ["11/05/2023", "02/06/2023"]), is_day_first([], ["01/02/2023", "05/06/2023"])
    (True, None)
    """
    dates = [found for text in texts for found in find_dates(text)]
    ways = {found.by_day is not None for found in dates if (found.by_day is None) != (found.by_month is None)}
    ways = ways or {way for way in (True, False) if _is_sorted([read_when(text, way) for text in headings])}
    return ways.pop() if len(ways) == 1 else None


def _is_sorted(whens: Sequence[When | None]) -> bool:
    days = [(when.year, when.month, when.day) for when in whens if when and when.year]
    return len(days) > 1 and days == sorted(days)


def fill_years(whens: Sequence[When | None]) -> list[tuple[date | None, int]]:
    """The day of each date of one file in order, and which neighbour (its index) gave the year; -1 where none had to.

    The date before gives it, or else the one after, so that the dates stay in order, two weeks aside.

    >>> days = fill_years([When(2022, 12, 30, ""), None, When(None, 1, 5, ""), When(None, 1, 9, "")])
    >>> [(str(day), given) for day, given in days]
    [('2022-12-30', -1), ('None', -1), ('2023-01-05', 0), ('2023-01-09', 2)]
    """
    days = [(when.on(when.year) if when and when.year is not None else None, -1) for when in whens]
    for order in (range(len(whens)), range(len(whens) - 1, -1, -1)):
        last = -1
        for at in order:
            when, other = whens[at], days[last][0] if last >= 0 else None
            if days[at][0] is None and when is not None and other is not None:
                days[at] = (_beside(when, other, order.step), last)
            if days[at][0]:
                last = at
    return days


def _beside(when: When, other: date, step: int) -> date | None:
    """The first day from another one on (or the last up to it, with `step` -1) that a date without its year may be."""
    for year in range(other.year - step, other.year + 9 * step, step):
        day = when.on(year) if MIN_YEAR <= year <= MAX_YEAR else None
        if day and (day - other) * step >= -SLACK:
            return day
    return None
