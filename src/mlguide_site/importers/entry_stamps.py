"""The line of date and length that an entry of a directory's page ends with, in all the ways in which pages write it.

Beside whole dates there are dates without their year, which the entries around them tell, and ones that count back
from the day on which the page was saved, which nobody can tell later.
"""

import re
from collections.abc import Sequence
from datetime import date, timedelta
from itertools import pairwise
from typing import NamedTuple

from mlguide_site.importers.common.dates import When
from mlguide_site.importers.common.fields import (
    MAX_YEAR,
    MIN_YEAR,
    MONTHS,
    WITHOUT_YEAR,
    duration_field,
    read_length,
    read_stamp,
)

MAX_STAMP = 60
SLACK = timedelta(days=14)
"""How far a listing may be out of order before a date without its year is one of the next year."""
_MARK = r"[·•|,–—/-]"
_GAP = rf"(?:\s*{_MARK}\s*|\s+)"
_WITHOUT_YEAR = tuple(re.compile(pattern, re.I | re.A) for _, pattern in WITHOUT_YEAR)
_DIGIT = re.compile(r"\d", re.A)
_MONTH_NAME = re.compile("|".join(MONTHS), re.I)
_AGO = re.compile(
    r"(?P<sure>(?:an?|one|\d{1,3})\s?(?:[smhdwy]|mo|min(?:ute)?s?|hours?|hrs?|days?|weeks?|months?|years?)\s+ago"
    r"|vor\s+(?:\d{1,3}|einem|einer)\s+(?:Minuten?|Stunden?|Tag(?:en)?|Wochen?|Monat(?:en)?|Jahr(?:en)?)"
    r"|il\s+y\s+a\s+\d{1,3}\s+(?:minutes?|heures?|jours?|semaines?|mois|ans?)"
    r"|hace\s+\d{1,3}\s+(?:minutos?|horas?|d[ií]as?|semanas?|mes(?:es)?|años?))"
    r"|just now|today|yesterday|last (?:week|month)|heute|gestern|vorgestern|aujourd[’']hui|hier|hoy|ayer",
    re.I,
)
_FOREIGN = (
    "jän janv ene gen|févr fevr fev febbr|mär mrz maerz mrt maart març marz mars|abr avr avril|mai mei mag maj maggio"
    "|juni juin giu giugno|juli juil lug luglio|ago août aout agosto|set settembre septembre|okt ott out ottobre"
    "|novembre noviembre|dez déc dic des dezember dicembre"
)
_DAY_MONTH = re.compile(
    r"(?:[^\W\d_]{2,12}\.?,?\s+)?(?P<day>[0-3]?\d)\.?(?:er|º)?\s+(?:de\s+)?(?P<month>[^\W\d_]{3,12})\.?(?P<gap>,?\s+(?:de\s+)?(?=\d{4}))?"
)
_LENGTH = r"(?:\d{1,3}\s?[^\W\d_]{1,8}\.?(?:\s[^\W\d_]{1,3})?,?\s?){1,3}|\d{1,2}:\d{2}:\d{2}"
_TAIL = re.compile(rf"(?P<rest>.{{0,30}}?)(?P<gap>\s*[·•|]\s*|\s*)(?P<length>{_LENGTH})$")
_LEAD = re.compile(rf"(?P<length>{_LENGTH})(?P<gap>\s*[·•|]\s*)(?P<rest>.{{1,30}})$")


class EntryStamp(NamedTuple):
    """Date and length as a line tells them; `when` is a date without its year, `text` a date that is not whole as it
    stands there."""

    date: date | None
    duration: str
    when: When | None = None
    text: str = ""


def read_entry_stamp(line: str, day_first: bool = True) -> EntryStamp | None:
    """The date and length that make up a whole line; a date without its year needs a length beside it.

    >>> stamp = read_entry_stamp("12. März 2025 · 1 Std. 2 Min.")
    >>> str(stamp.date), stamp.duration
    ('2025-03-12', '01:02:00')
    >>> stamp = read_entry_stamp("Mar 3 · 1 hr 5 min")
    >>> stamp.date, stamp.when.month, stamp.when.day, stamp.duration
    (None, 3, 3, '01:05:00')
    >>> stamp = read_entry_stamp("3 days ago41 min")
    >>> stamp.text, stamp.duration
    ('3 days ago', '00:41:00')
    >>> [read_entry_stamp(text) for text in ("Mar 3", "Yesterday", "Mar 341 min", "In March 3 · 4 min")]
    [None, None, None, None]
    """
    line = line.strip()
    if len(line) > MAX_STAMP:
        return None
    if not _DIGIT.search(line):
        # most lines: of dates and lengths only `a week ago` does without
        ago = _AGO.fullmatch(line)
        return EntryStamp(None, "", None, line) if ago and ago["sure"] else None
    english = _in_english(line)
    stamp = read_stamp(line, day_first) or (read_stamp(english, day_first) if english != line else None)
    if stamp:
        return EntryStamp(*stamp)
    for pattern in _WITHOUT_YEAR if _MONTH_NAME.search(english) else ():
        found = re.fullmatch(rf"(?P<before>.*?)(?P<when>{pattern.pattern})(?P<after>.*)", english, re.I | re.A)
        if found and (length := _length(found["before"], found["after"], glued=False)):
            when = When(None, MONTHS.index(found["month"].casefold()[:3]) + 1, int(found["day"]), found["when"])
            # 2000 has a 29 February
            return EntryStamp(None, length, when if when.on(2000) else None, found["when"])
    if found := _AGO.match(line):
        length = _length("", line[found.end() :], glued=True)
        if length or (found["sure"] and found.end() == len(line)):
            return EntryStamp(None, length, None, found[0])
    return None


def _length(before: str, after: str, glued: bool) -> str:
    """The length beside a date, before or behind it; "" where what stands there is none."""
    gap = _GAP if not glued else rf"(?:{_GAP})?"
    found = re.fullmatch(rf"{gap}(?P<length>\d.*)", after) if not before else None
    found = found or (re.fullmatch(rf"(?P<length>\d.*?){gap}", before) if not after else None)
    if not found or found["length"].strip().isdigit():
        return ""
    return duration_field(read_length(found["length"]))


def _in_english(line: str) -> str:
    """A line that begins with a day and a month of another language, with the English month."""
    found = _DAY_MONTH.match(line)
    if not found:
        return line
    name = found["month"].casefold()
    for month, words in zip(MONTHS, _FOREIGN.split("|"), strict=True):
        if name[:3] == month:
            break
        if any(name.startswith(word) for word in words.split()):
            return f"{found['day']} {month.capitalize()}{' ' if found['gap'] else ''}{line[found.end() :]}"
    return line


def looks_like_stamp(line: str) -> bool:
    """Whether a line that is no stamp may be one that can't be read: hardly more than a length, and what may be a date.

    >>> [looks_like_stamp(text) for text in ("Mercredi · 41 min", "41 min", "3 Tishri 578541 min", "00:52:31 • Adar 3")]
    [True, True, True, True]
    >>> [looks_like_stamp(text) for text in ("Bake for 20 min", "Time: 20 min", "12", "Oven 14:05", "1. two")]
    [False, False, False, False, False]
    """
    line = line.strip()
    if len(line) > MAX_STAMP:
        return False
    for pattern in (_TAIL, _LEAD):
        found = pattern.match(line)
        length = found["length"].strip() if found else ""
        if not found or not length or length.isdigit() or read_length(length) is None:
            continue
        rest = found["rest"].strip()
        if not rest or found["gap"].strip() or (rest[-1].isdigit() and ":" not in rest and not found["gap"]):
            return True
    return False


def whole_dates(stamps: Sequence[EntryStamp]) -> list[date | None]:
    """The dates of a listing in its order, those without a year in the one that keeps the listing's order.

    Listings begin with the newest entry, unless their whole dates say otherwise.

    >>> stamps = [read_entry_stamp(text) for text in ("Mar 3 · 5 min", "Feb 24 · 4 min", "Dec 23, 2024 · 38 min")]
    >>> [str(day) for day in whole_dates(stamps)]
    ['2025-03-03', '2025-02-24', '2024-12-23']
    """
    days = [stamp.date for stamp in stamps]
    given = [day for day in days if day]
    falls = sum(after < before for before, after in pairwise(given))
    rises = sum(after > before for before, after in pairwise(given))
    order = range(len(days)) if rises > falls else range(len(days) - 1, -1, -1)
    for steps, forward in ((order, True), (order[::-1], False)):
        last: date | None = None
        for at in steps:
            when = stamps[at].when
            if days[at] is None and when and last:
                days[at] = _beside(when, last, forward)
            last = days[at] or last
    return days


def _beside(when: When, last: date, forward: bool) -> date | None:
    """The first day from another on (or the last up to it) that a date without its year may be."""
    years = range(last.year - 1, last.year + 9) if forward else range(last.year + 1, last.year - 9, -1)
    for year in years:
        day = when.on(year) if MIN_YEAR <= year <= MAX_YEAR else None
        if day and (day >= last - SLACK if forward else day <= last + SLACK):
            return day
    return None
