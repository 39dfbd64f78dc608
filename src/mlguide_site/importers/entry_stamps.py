"""The line of date and length that an entry of a directory's page ends with, in all the ways in which pages write it.

Beside whole dates there are dates without their year, which the entries around them tell, and ones that count back
from the day on which the page was saved, which nobody can tell later.
"""

import re
from collections.abc import Sequence
from datetime import date
from itertools import pairwise
from typing import NamedTuple

from mlguide_site.importers.common.dates_and_durations import MONTHS, duration_field, read_length, read_stamp
from mlguide_site.importers.common.uncertain_dates import When, fill_years, find_dates

MAX_STAMP = 60
_GAP = r"(?:\s*[·•|,–—/-]\s*|\s+)"
_DIGIT = re.compile(r"\d", re.A)
_WEEKDAY = re.compile(r"(?:^|\s)(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?\.?,?\s*$", re.I)
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
_LIKE = (
    re.compile(rf"(?P<rest>.{{0,30}}?)(?P<gap>\s*[·•|]\s*|\s*)(?P<length>{_LENGTH})$"),
    re.compile(rf"(?P<length>{_LENGTH})(?P<gap>\s*[·•|]\s*)(?P<rest>.{{1,30}})$"),
)


class EntryStamp(NamedTuple):
    """Date and length as a line tells them; `when` is a date without its year, `text` a date that is not whole as the
    line has it."""

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
    ago = _AGO.match(line)
    if not _DIGIT.search(line):
        # most lines: of dates and lengths only `a week ago` does without
        return EntryStamp(None, "", None, line) if ago and ago["sure"] and ago.end() == len(line) else None
    english = _in_english(line)
    if stamp := read_stamp(line, day_first) or read_stamp(english, day_first):
        return EntryStamp(*stamp)
    for found in find_dates(english):
        before, _, after = english.partition(found.text)
        length = _length(_WEEKDAY.sub("", before), after, _GAP)
        if found.by_day and found.by_day.year is None and length:
            return EntryStamp(None, length, found.by_day, found.text)
    if ago:
        length = _length("", line[ago.end() :], rf"(?:{_GAP})?")
        if length or (ago["sure"] and ago.end() == len(line)):
            return EntryStamp(None, length, None, ago[0])
    return None


def _length(before: str, after: str, gap: str) -> str:
    """The length beside a date, before or after it; "" where there is none."""
    found = re.fullmatch(rf"{gap}(?P<length>\d.*)", after) if not before else None
    found = found or (re.fullmatch(rf"(?P<length>\d.*?){gap}", before) if not after else None)
    return duration_field(read_length(found["length"])) if found and not found["length"].strip().isdigit() else ""


def _in_english(line: str) -> str:
    """A line that begins with a day and a month of another language, with the English month."""
    found = _DAY_MONTH.match(line)
    if not found or found["month"].casefold()[:3] in MONTHS:
        return line
    for month, words in zip(MONTHS, _FOREIGN.split("|"), strict=True):
        if found["month"].casefold().startswith(tuple(words.split())):
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
    for found in [found for pattern in _LIKE if len(line) <= MAX_STAMP and (found := pattern.match(line))]:
        length, rest = found["length"].strip(), found["rest"].strip()
        if length and not length.isdigit() and read_length(length) is not None:
            glued = bool(rest) and rest[-1].isdigit() and ":" not in rest and not found["gap"]
            if not rest or found["gap"].strip() or glued:
                return True
    return False


def whole_dates(stamps: Sequence[EntryStamp]) -> list[date | None]:
    """The dates of a listing in its order, those without a year in the one that keeps the listing's order.

    Listings begin with the newest entry, unless their whole dates say otherwise.

    >>> stamps = [read_entry_stamp(text) for text in ("Mar 3 · 5 min", "Feb 24 · 4 min", "Dec 23, 2024 · 38 min")]
    >>> [str(day) for day in whole_dates(stamps)]
    ['2025-03-03', '2025-02-24', '2024-12-23']
    """
    days = [stamp.date for stamp in stamps if stamp.date]
    falls = sum(after < before for before, after in pairwise(days))
    rises = sum(after > before for before, after in pairwise(days))
    whens = [When(one.date.year, one.date.month, one.date.day, "") if one.date else one.when for one in stamps]
    step = 1 if rises > falls else -1
    return [day for day, _ in fill_years(whens[::step])][::step]
