"""Dates as lectures and meetings write them in headings and short lines; which of two numbers is the day; and dates
that can't be."""

import re
from collections.abc import Iterator, Sequence
from datetime import date
from typing import NamedTuple

from mlguide_site.errors import visible
from mlguide_site.importers.fields import MAX_YEAR, MIN_YEAR
from mlguide_site.importers.marks import Fault

MAX_READ = 200
_MONTHS = "jan feb mar apr may jun jul aug sep oct nov dec".split()
_MONTH = (
    r"(?P<month>jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?"
    r"|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\b\.?"
)
_DAY = r"(?P<day>[0-3]?\d)(?:st|nd|rd|th)?"
_YEAR = r"(?:,?[\s-]+(?P<year>(?:19|2[01])\d{2})(?!\d|\s?(?:h|hrs|hours|utc|gmt)\b))?"
_WHEN: tuple[re.Pattern[str], ...] = (
    re.compile(r"\b(?P<year>(?:19|2[01])\d{2})[-/.](?P<month>[01]?\d)[-/.](?P<day>[0-3]\d)(?!\d)", re.A),
    re.compile(rf"(?<![\w:]){_DAY}\.?[\s-]+(?:of\s+)?{_MONTH}{_YEAR}", re.I | re.A),
    re.compile(rf"(?<!\w){_MONTH}\s+{_DAY}(?![\d:]){_YEAR}", re.I | re.A),
)
"""Ways to write a date in a line, tried in order: `2022-09-28`, `29 Sept 0900`, `Sept 29, 2022`."""
_NUMBERS = re.compile(
    r"(?<![\w./:-])(?P<first>[0-3]?\d)(?P<mark>[./-])(?P<second>[0-3]?\d)(?P=mark)"
    r"(?P<year>(?:19|2[01])\d{2}|\d{2})(?![\w/-]|\.\d)",
    re.A,
)
"""`28.09.2022`, `28/09/2022`, `09/28/22`"""
_SHORT = re.compile(r"\W{0,3}(?P<first>[0-3]?\d)(?P<mark>/)(?P<second>[0-3]?\d)(?P<year>)(?=\s|:\s|,\s|$)", re.A)
"""`11/30` at the beginning of a heading"""
_NO_DAY = re.compile(r"\b(?P<year>(?:19|2[01])\d{2})(?P<mark>[-/])(\d{2})(?P=mark)(\d{2})(?![\w/-])", re.A)
"""What has the form of a date and may have any month and day"""


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


def read_when(text: str, day_first: bool | None = None, short: bool = False) -> When | None:
    """The date in a short line, with or without its year; what follows may be a time. `day_first` tells which of two
    numbers is the day where both may be; `short` takes numbers without a year, too.

    >>> read_when("29 Sept 0900"), read_when("12 Oct 2022 @ 1100 UTC (late)")
    (When(year=None, month=9, day=29, text='29 Sept'), When(year=2022, month=10, day=12, text='12 Oct 2022'))
    >>> read_when("Sept 29th, 2022, 9 am").text, read_when("I may 2 times"), read_when("31 Feb 2022")
    ('Sept 29th, 2022', None, None)
    >>> read_when("Mon, 15.04.2024")[:3], read_when("03/04/2024"), read_when("03/04/2024", day_first=True)[:3]
    ((2024, 4, 15), None, (2024, 4, 3))
    """
    for when in [*_named(text), *_numbers(text, day_first, short)]:
        if when.on(when.year or 2000) and MIN_YEAR <= (when.year or 2000) <= MAX_YEAR:
            return when
    return None


def _named(text: str) -> Iterator[When]:
    for pattern in _WHEN:
        for found in pattern.finditer(text[:MAX_READ]):
            month = found["month"].casefold()[:3]
            number = _MONTHS.index(month) + 1 if month in _MONTHS else int(month)
            when = When(int(found["year"]) if found["year"] else None, number, int(found["day"]), found[0].strip())
            # "may" is a word of its own
            if not (month == "may" and found["month"].islower() and when.year is None):
                yield when


def _written(text: str, short: bool) -> Iterator[re.Match[str]]:
    """Dates of numbers in a line, those with two digits for the year among them where they can't be a version."""
    for found in _NUMBERS.finditer(text[:MAX_READ]):
        whole = len(found["year"]) == 4 or found["mark"] == "/"
        if whole or (found["mark"] == "." and len(found["first"]) == len(found["second"]) == 2):
            yield found
    if short and (begun := _SHORT.match(text[:MAX_READ])):
        yield begun


def _numbers(text: str, day_first: bool | None, short: bool) -> Iterator[When]:
    for found in _written(text, short):
        first, second = int(found["first"]), int(found["second"])
        own = _day_first(found)
        by_day = day_first if own is None else own
        if by_day is not None:
            year = int(found["year"] if len(found["year"]) != 2 else f"20{found['year']}") if found["year"] else None
            day, month = (first, second) if by_day else (second, first)
            yield When(year, month, day, found[0].strip())


def _day_first(found: re.Match[str]) -> bool | None:
    """Whether the day stands first as far as the date itself tells: with full stops it does where it can."""
    first, second = int(found["first"]), int(found["second"])
    if second > 12 >= first:
        return False
    return True if found["mark"] == "." or first == second or first > 12 else None


def is_day_first(texts: Sequence[str], headings: Sequence[str]) -> bool | None:
    """Whether dates of one file name the day first, by those that can be read one way only; else by the one way in
    which the dates of its headings go forward. None where neither tells.

    >>> is_day_first(["on 16/11/2023"], []), is_day_first(["11/16/2023", "16/11/2023"], [])
    (True, None)
    >>> is_day_first([], ["11/05/2023", "02/06/2023"]), is_day_first([], ["01/02/2023", "05/06/2023"])
    (True, None)
    """
    said = {_day_first(found) for text in texts for found in _written(text, False) if _counts(found)} - {None}
    if said:
        return said.pop() if len(said) == 1 else None
    forward = [way for way in (True, False) if _goes_forward([read_when(text, way) for text in headings])]
    return forward[0] if len(forward) == 1 else None


def _counts(found: re.Match[str]) -> bool:
    return found["mark"] != "." and found["first"] != found["second"]


def _goes_forward(whens: Sequence[When | None]) -> bool:
    days = [day for when in whens if when and when.year and (day := when.on(when.year))]
    return len(days) > 1 and days == sorted(days)


def unread_when(text: str, day_first: bool | None = None, sure: bool = False) -> tuple[str, Fault] | None:
    """A date in a line that has none which can be read, and what is wrong with it: there is no such day, or it may be
    two. One without a year counts where the line is `sure` to be about a date.

    >>> unread_when("Sept 31 2023")[1].message, unread_when("03/04/2024")[1].remedy
    ('there is no day "Sept 31 2023"', 'write 2024-03-04 or 2024-04-03')
    """
    if read_when(text, day_first):
        return None
    remedy = "correct it in the source"
    for found in _written(text, False):
        year, first, second = found["year"], int(found["first"]), int(found["second"])
        year = year if len(year) == 4 else f"20{year}"
        readings = {f"{year}-{m:02}-{d:02}" for d, m in ((first, second), (second, first)) if _exists(int(year), m, d)}
        if len(readings) == 2 and day_first is None and found["mark"] != ".":
            message = f'"{visible(found[0])}" may be two days, and no other date here tells which'
            return found[0], Fault(message, f"write {' or '.join(sorted(readings))}")
        if not readings:
            return found[0], Fault(f'there is no day "{visible(found[0])}"', remedy)
    whens = [when for when in _named(text) if not _exists(when.year or 2000, when.month, when.day)]
    named = next((when.text for when in whens if when.year or sure), None)
    odd = next((one[0] for one in _NO_DAY.finditer(text[:MAX_READ]) if not _exists(*map(int, one.group(1, 3, 4)))), "")
    shown = named or odd
    return (shown, Fault(f'there is no day "{visible(shown)}"', remedy)) if shown else None


def _exists(year: int, month: int, day: int) -> bool:
    return When(year, month, day, "").on(year) is not None
