"""Leaf parsers of what sources write in fields: dates, lengths. Independent of locale, clock and time zone.

Each kind is a table of patterns, tried in order.
"""

import re
from collections.abc import Sequence
from datetime import date, datetime
from email.utils import parsedate
from typing import NamedTuple

from dateutil import parser as dates

from mlguide_site.model import format_duration

MIN_YEAR, MAX_YEAR = 1990, 2200
MAX_SECONDS = 1000 * 3600
MONTHS = tuple("jan feb mar apr may jun jul aug sep oct nov dec".split())
"""The English months by their first three letters."""
_MONTH = (
    r"(?P<month>jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?"
    r"|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\.?"
)
_DAY = r"(?P<day>[0-3]?\d)(?:st|nd|rd|th)?"
_YEAR = r"(?P<year>\d{4})"
_WEEKDAY = r"(?:(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?\.?,?\s+)?"

_DATES = (
    rf"{_WEEKDAY}{_MONTH}\s+{_DAY},?\s+{_YEAR}",  # Feb 26, 2026
    rf"{_WEEKDAY}{_DAY}\.?[\s-]+{_MONTH},?[\s-]+{_YEAR}",  # 26 Feb 2026
    rf"{_YEAR}(?P<mark>[-/.])(?P<month>[01]?\d)(?P=mark)(?P<day>[0-3]\d)",  # 2026-02-26
    rf"{_YEAR}[\s-]+{_MONTH}[\s-]+{_DAY}",  # 2026 Feb 26
)
"""Ways to write a date whose parts can't be mistaken for one another."""
_DAY_FIRST = rf"(?P<day>[0-3]?\d)(?P<mark>[-/.])(?P<month>[01]?\d)(?P=mark){_YEAR}"
_MONTH_FIRST = rf"(?P<month>[01]?\d)(?P<mark>[-/.])(?P<day>[0-3]?\d)(?P=mark){_YEAR}"
_ORDERS = {
    day_first: tuple(re.compile(pattern, re.I | re.A) for pattern in (*_DATES, last))
    for day_first, last in ((True, _DAY_FIRST), (False, _MONTH_FIRST))
}
# English; then German, French, Spanish, Portuguese, Italian, Dutch and the Nordic languages
_HOURS = r"(?:h(?:(?:ou)?rs?)?|std|stunden?|heures?|horas?|or[ae]|uur|tim(?:e|er|mar?)?)\.?"
_MINUTES = r"(?:m(?:in(?:ute)?s?)?|minut(?:en|os?|[ai]|er|t|ter))\.?"
_SECONDS = r"(?:s(?:ec(?:ond)?s?)?|sek(?:unde[nr]?)?|secondes?|segundos?|second[oi]|seconden)\.?"
_AND = r"(?:,|\s(?:and|und|et|y|e|en|och|og))?"
_LENGTHS = tuple(
    re.compile(pattern, re.I | re.A)
    for pattern in (
        r"(?P<h>\d{1,3}):(?P<m>[0-5]\d):(?P<s>[0-5]\d)(?:\.\d{1,6})?",  # 1:11:00
        r"(?P<h>)(?P<m>\d{1,3}):(?P<s>[0-5]\d)(?:\.\d{1,6})?",  # 42:10
        rf"(?P<h>\d{{1,3}})\s?{_HOURS}(?:{_AND}\s?(?P<m>\d{{1,3}})\s?{_MINUTES})?"  # 1h 11m 5s
        rf"(?:{_AND}\s?(?P<s>\d{{1,2}})\s?{_SECONDS})?",
        rf"(?P<h>)(?P<m>\d{{1,4}})\s?{_MINUTES}(?:{_AND}\s?(?P<s>\d{{1,2}})\s?{_SECONDS})?",  # 42 min 5 s
        rf"(?P<h>)(?P<m>)(?P<s>\d{{1,6}})\s?{_SECONDS}",  # 58 sec
    )
)
"""Ways to write a length that name their unit, or have a colon."""
_SEPARATOR = r"\s*(?:[·•|,–—/-]\s*)?"


class Stamp(NamedTuple):
    """The date and the length (text `HH:MM:SS`, "" where none is given) that a line tells."""

    date: date | None
    duration: str


def _date_of(found: re.Match[str]) -> date | None:
    month = found["month"].casefold()[:3]
    try:
        day = date(int(found["year"]), MONTHS.index(month) + 1 if month in MONTHS else int(month), int(found["day"]))
    except ValueError:
        return None
    return day if MIN_YEAR <= day.year <= MAX_YEAR else None


def read_date(text: str, day_first: bool = True) -> date | None:
    """The date that a text begins with; None where there is none, or none that can be (years 1990 to 2200).

    >>> {str(read_date(text)) for text in ["Feb 26, 2026", "Thu, 26 Feb 2026 10:00:00 GMT", "2026-02-26T10:00Z"]}
    {'2026-02-26'}
    >>> str(read_date("3/4/2026")), str(read_date("3/4/2026", day_first=False)), read_date("Feb 30, 2026")
    ('2026-04-03', '2026-03-04', None)
    """
    for pattern in _ORDERS[day_first]:
        if found := pattern.match(text.strip()):
            return _date_of(found)
    return None


def read_day(text: str) -> date | None:
    """The day that a date in any form names, in its own time zone; None where it names none from 1990 to 2200.

    >>> [str(read_day(t)) for t in ["Tue, 09 Jan 2024 23:30:00 -0800", "Tue, 9 Jan 24 01:00 GMT", "10/25/2023", "noon"]]
    ['2024-01-09', '2024-01-09', '2023-10-25', 'None']
    >>> read_day("Mon, 1 Jan 0001 00:00:00 GMT")
    """
    text = text.strip()
    if not text or len(text) > 100:
        return None
    if found := read_date(text):
        return found
    try:
        if parsed := parsedate(text):
            day = date(*parsed[:3])
        else:
            # what a text leaves out comes from the default; then it names no day
            defaults = (datetime(1996, 1, 1), datetime(2004, 2, 2))
            day, other = (dates.parse(text, default=default, ignoretz=True).date() for default in defaults)
            if day != other:
                return None
    except (ValueError, OverflowError, TypeError, AttributeError, LookupError, ArithmeticError):
        return None
    # the libraries take a year of the first century for one written with two digits
    is_first_century = re.search(rf"(?<![\d:+-])00{day.year % 100:02}(?![\d:])", text)
    return day if MIN_YEAR <= day.year <= MAX_YEAR and not is_first_century else None


def read_length(text: str) -> int | None:
    """Seconds of a length of time; None where the text is none. A bare number is a number of seconds.

    >>> [read_length(t) for t in ["42 min", "1h 11m", "1:11:00", "42:10", "1 hour 5 minutes", "2520", "58 sec", "soon"]]
    [2520, 4260, 4260, 2530, 3900, 2520, 58, None]
    """
    text = text.strip()
    if re.fullmatch(r"\d{1,7}(?:\.\d{1,6})?", text, re.A):
        seconds = int(text.partition(".")[0])
        return seconds if seconds <= MAX_SECONDS else None
    for pattern in _LENGTHS:
        if found := pattern.fullmatch(text):
            seconds = int(found["h"] or 0) * 3600 + int(found["m"] or 0) * 60 + int(found["s"] or 0)
            return seconds if seconds <= MAX_SECONDS else None
    return None


def duration_field(seconds: int | None) -> str:
    """A length as front matter writes it, "" where there is none (nought counts as none).

    >>> duration_field(2520), duration_field(0), duration_field(None)
    ('00:42:00', '', '')
    """
    return format_duration(seconds) if seconds else ""


def read_stamp(line: str, day_first: bool = True) -> Stamp | None:
    """Date and length that make up a whole line, in either order, glued together or parted by a mark; else None.

    >>> read_stamp("Feb 26, 202642 min")
    Stamp(date=datetime.date(2026, 2, 26), duration='00:42:00')
    >>> read_stamp("1h 11m · Jul 14, 2025"), read_stamp("2025-07-14").duration
    (Stamp(date=datetime.date(2025, 7, 14), duration='01:11:00'), '')
    >>> read_stamp("Feb 26, 2026 was a day"), read_stamp("42 min")
    (None, None)
    """
    line = line.strip()
    if len(line) > 60:
        return None
    for pattern in _ORDERS[day_first]:
        found = pattern.match(line)
        if not found:
            found, length = _trailing_date(pattern, line)
        else:
            length = re.sub(f"^{_SEPARATOR}", "", line[found.end() :])
        if found is None:
            continue
        seconds = read_length(length) if length and not length.isdigit() else None
        if length and seconds is None:
            continue
        return Stamp(_date_of(found), duration_field(seconds))
    return None


def _trailing_date(pattern: re.Pattern[str], line: str) -> tuple[re.Match[str] | None, str]:
    for found in pattern.finditer(line):
        if found.end() == len(line) and found.start():
            return found, re.sub(f"{_SEPARATOR}$", "", line[: found.start()])
    return None, ""


def day_comes_first(lines: Sequence[str]) -> bool:
    """Whether dates such as `3/4/2026` begin with the day: they do unless one of the lines can only be read otherwise.

    >>> day_comes_first(["3/4/2026", "3/25/2026"]), day_comes_first(["3/4/2026"]), day_comes_first(["25/3/2026"])
    (False, True, True)
    """
    pattern = re.compile(_DAY_FIRST, re.A)
    sure = [int(found["month"]) <= 12 < int(found["day"]) for line in lines if (found := pattern.match(line.strip()))]
    second = re.compile(r"[01]?\d[-/.](?:1[3-9]|2\d|3[01])[-/.]\d{4}", re.A)
    return any(sure) or not any(second.match(line.strip()) for line in lines)
