"""Dates as headings and short lines of notes write them: which of two numbers is the day, and what can't be a date."""

import re
from collections.abc import Iterator, Sequence
from datetime import date
from typing import NamedTuple

from mlguide_site.errors import visible
from mlguide_site.importers.fields import MAX_YEAR, MIN_YEAR, MONTHS

MAX_READ = 200
_MONTH = (
    r"(?P<month>jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?"
    r"|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\b\.?"
)
_DAY = r"(?P<day>[0-3]?\d)(?:st|nd|rd|th)?"
_YEAR = r"(?:,?[\s-]+(?P<year>(?:19|2[01])\d{2})(?!\d|\s?(?:h|hrs|hours|utc|gmt)\b))?"
_NAMED = (
    re.compile(r"\b(?P<year>(?:19|2[01])\d{2})[-/.](?P<month>[01]?\d)[-/.](?P<day>[0-3]\d)(?!\d)", re.A),
    re.compile(rf"(?<![\w:]){_DAY}\.?[\s-]+(?:of\s+)?{_MONTH}{_YEAR}", re.I | re.A),
    re.compile(rf"(?<!\w){_MONTH}\s+{_DAY}(?![\d:]){_YEAR}", re.I | re.A),
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
_NO_DAY = re.compile(r"\b(?P<year>(?:19|2[01])\d{2})(?P<mark>[-/])(\d{2})(?P=mark)(\d{2})(?![\w/-])", re.A)


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


class BadDate(NamedTuple):
    """A text that looks like a date and can't be read as one, with what is wrong and what to do."""

    text: str
    message: str
    remedy: str


def read_when(text: str, day_first: bool | None = None, short: bool = False) -> When | None:
    """The date in a short line, with or without its year. `day_first` tells which of two numbers is the day where
    both may be; `short` accepts two numbers without a year as well.

    >>> read_when("29 Sept 0900"), read_when("12 Oct 2022 @ 1100 UTC (late)")
    (When(year=None, month=9, day=29, text='29 Sept'), When(year=2022, month=10, day=12, text='12 Oct 2022'))
    >>> read_when("Sept 29th, 2022, 9 am").text, read_when("I may 2 times"), read_when("31 Feb 2022")
    ('Sept 29th, 2022', None, None)
    >>> read_when("Mon, 15.04.2024")[:3], read_when("03/04/2024"), read_when("03/04/2024", day_first=True)[:3]
    ((2024, 4, 15), None, (2024, 4, 3))
    """
    for when in (*_named(text), *_numbers(text, day_first, short)):
        if when.on(when.year or 2000) and MIN_YEAR <= (when.year or 2000) <= MAX_YEAR:
            return when
    return None


def _named(text: str) -> Iterator[When]:
    for pattern in _NAMED:
        for found in pattern.finditer(text[:MAX_READ]):
            name = found["month"].casefold()[:3]
            month = MONTHS.index(name) + 1 if name in MONTHS else int(name)
            # "may" is a word of its own
            if not (name == "may" and found["month"].islower() and not found["year"]):
                yield When(int(found["year"]) if found["year"] else None, month, int(found["day"]), found[0].strip())


def _written(text: str, short: bool = False) -> Iterator[re.Match[str]]:
    """Dates of numbers in a line; one with two digits for the year only where it can't be a version."""
    for found in _NUMBERS.finditer(text[:MAX_READ]):
        two_digits = found["mark"] == "." and len(found["first"]) == len(found["second"]) == 2
        if len(found["year"]) == 4 or found["mark"] == "/" or two_digits:
            yield found
    if short and (begun := _SHORT.match(text[:MAX_READ])):
        yield begun


def _numbers(text: str, day_first: bool | None, short: bool) -> Iterator[When]:
    for found in _written(text, short):
        own = _day_first(found)
        by_day = day_first if own is None else own
        if by_day is not None:
            day, month = (int(found[name]) for name in (("first", "second") if by_day else ("second", "first")))
            yield When(int(_full_year(found)) if found["year"] else None, month, day, found[0].strip())


def _full_year(found: re.Match[str]) -> str:
    return found["year"] if len(found["year"]) == 4 else f"20{found['year']}"


def _day_first(found: re.Match[str]) -> bool | None:
    """Whether the day is the first number as far as the date itself tells; before full stops it is where it can be."""
    first, second = int(found["first"]), int(found["second"])
    if second > 12 >= first:
        return False
    return True if found["mark"] == "." or first == second or first > 12 else None


def is_day_first(texts: Sequence[str], headings: Sequence[str] = ()) -> bool | None:
    """Whether dates of one file name the day first, by those that can be read one way only; else by the one way in
    which the dates of its headings are in order. None where neither tells.

    >>> is_day_first(["on 16/11/2023"]), is_day_first(["11/16/2023", "16/11/2023"])
    (True, None)
    >>> is_day_first([], ["11/05/2023", "02/06/2023"]), is_day_first([], ["01/02/2023", "05/06/2023"])
    (True, None)
    """
    dates = [found for text in texts for found in _written(text)]
    ways = {_day_first(found) for found in dates if found["mark"] != "." and found["first"] != found["second"]} - {None}
    if ways:
        return ways.pop() if len(ways) == 1 else None
    in_order = [way for way in (True, False) if _is_sorted([read_when(text, way) for text in headings])]
    return in_order[0] if len(in_order) == 1 else None


def _is_sorted(whens: Sequence[When | None]) -> bool:
    days = [day for when in whens if when and when.year and (day := when.on(when.year))]
    return len(days) > 1 and days == sorted(days)


def bad_date(text: str, day_first: bool | None = None, sure: bool = False) -> BadDate | None:
    """What looks like a date in a line without one: there is no such day, or it may be two. A date without a year
    counts where the line is `sure` to be about one.

    >>> bad_date("Sept 31 2023").message, bad_date("03/04/2024").remedy
    ('there is no day "Sept 31 2023"', 'write 2024-03-04 or 2024-04-03')
    """
    if read_when(text, day_first):
        return None
    shown = ""
    for found in _written(text):
        year, first, second = int(_full_year(found)), int(found["first"]), int(found["second"])
        days = {f"{year}-{m:02}-{d:02}" for d, m in ((first, second), (second, first)) if When(year, m, d, "").on(year)}
        if len(days) == 2 and day_first is None and found["mark"] != ".":
            message = f'"{visible(found[0])}" may be two days, and no other date here tells which'
            return BadDate(found[0], message, f"write {' or '.join(sorted(days))}")
        shown = shown or ("" if days else found[0])
    named = (when.text for when in _named(text) if not when.on(when.year or 2000) and (when.year or sure))
    others = (
        one[0] for one in _NO_DAY.finditer(text[:MAX_READ]) if not When(0, int(one[3]), int(one[4]), "").on(int(one[1]))
    )
    shown = shown or next(named, "") or next(others, "")
    return BadDate(shown, f'there is no day "{visible(shown)}"', "correct it in the source") if shown else None


def fill_years(whens: Sequence[When | None]) -> list[tuple[date | None, int]]:
    """The day of each date of one file in order, and which neighbour (its index) gave the year; -1 where none had to.

    The date before gives it, or else the one after; a date that would then be half a year off is one of the next
    year, or of the year before.

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
                days[at] = (_near(when, other, order.step), last)
            if days[at][0]:
                last = at
    return days


def _near(when: When, other: date, step: int) -> date | None:
    """The day in the year of another one, `step` 1 where that comes before and -1 where it comes after."""
    day = when.on(other.year)
    return when.on(other.year + step) if day and (other - day).days * step > 183 else day
