"""Parses dates and durations with an ordered table of patterns. The results don't depend on the locale or the clock."""

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from functools import cache
from typing import NamedTuple

from mlguide_site.model.base import format_duration

MIN_YEAR, MAX_YEAR = 1990, 2200
MAX_SECONDS = 1000 * 3600
MAX_READ = 200
MAX_STAMP = 60
SLACK = timedelta(days=14)  # how far a date may be out of order when a missing year is filled in
MONTHS = tuple("jan feb mar apr may jun jul aug sep oct nov dec".split())
_MONTH = (
    r"(?P<month>jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?"
    r"|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\b\.?"
)
_LAST_MONTH = _MONTH.replace("?P<month>", "?P<until>")
_LAST_DAY = r"[0-3]?\d(?:st|nd|rd|th)?(?!\d)"
_DAY = r"(?P<day>[0-3]?\d)(?:st|nd|rd|th)?"
_YEAR = r"(?P<year>(?:19|2[0-2])\d{2})"
_MAYBE_YEAR = (
    r"(?:,?[\s-]+(?:\d\d?:\d\d(?::\d\d)?\s+)?"
    r"(?P<year>(?:19|2[0-2])\d\d(?!\s?(?:h|hrs|hours|utc|gmt)\b)|[0-6]\d(?=\s+\d\d?:\d\d)))?"
)
"""Matches an optional year: `2024`, `2024` after a time (`01:00 2024`), or two digits before a time (`24 01:00`)."""
_FORMS = (
    rf"{_YEAR}(?P<mark>[-/.])(?P<month>[01]?\d)(?P=mark)(?P<day>[0-3]?\d)",  # 2026-02-26
    # 26–28 Feb 2026, but not `Part 3 - 5 Feb 2026`, and not `3 - 5 Feb 2026` at the start of a line
    rf"(?<![^\W\d_] )(?<![#-])(?<!\. ){_DAY}\.?(?:(?<!^\d)(?<!^\d\d)\s)?[-–—]\s?{_LAST_DAY}\.?"
    rf"\s+(?:of\s+)?{_MONTH},?\s+{_YEAR}",
    rf"{_MONTH}\s+{_DAY}\s?[-–—]\s?(?:{_LAST_MONTH}\s+)?{_LAST_DAY},?\s+{_YEAR}",  # Feb 26 – Mar 3, 2026
    rf"{_DAY}\.?\s+{_MONTH}\s?[-–—]\s?{_LAST_DAY}\.?\s+{_LAST_MONTH},?\s+{_YEAR}",  # 26 Feb – 3 Mar 2026
    rf"{_DAY}\.?[\s-]+(?:of\s+)?{_MONTH}{_MAYBE_YEAR}",  # 26 Feb 2026
    rf"{_MONTH}\s+{_DAY}(?![\d:]){_MAYBE_YEAR}",  # Feb 26, 2026
    rf"{_YEAR}[\s-]+{_MONTH}[\s-]+{_DAY}",  # 2026 Feb 26
    rf"{_YEAR}\s?[年년]\s?(?P<month>[01]?\d)\s?[月월]\s?(?P<day>[0-3]?\d)\s?[日号號일]?"
    r"(?:\s?(?:[（(][月火水木金土日월화수목금토일](?:曜日|요일)?[)）]|(?:星期|[周週])[一二三四五六日天]"
    r"|[月火水木金土日]曜日|[월화수목금토일]요일))?",  # 2026年2月26日（木）
    r"(?P<day>[0-3]?\d)(?P<mark>[-/.])(?P<month>[0-3]?\d)(?P=mark)"  # 26.02.2026, 2/26/26
    r"(?P<year>(?:19|2[0-2])\d{2}|(?<=/)\d\d(?![\w/-])|(?<=\d\d\.\d\d\.)\d\d(?![\w-]))",
)
_DATES = tuple(re.compile(form, re.I | re.A) for form in _FORMS)
LANGUAGES = "de fr es pt it nl da nb sv fi pl cs sk uk ru bg el tr hu ro id ar".split()
"""The languages of the names of months and weekdays, besides English."""
_WORD = r"[^\W\d_]{3,12}"
_DAY_FIRST = rf"(?P<day>[0-3]?\d)\.?(?:er|º)?\s+(?:de\s+)?(?P<month>{_WORD})\.?"
_THEN_YEAR = rf",?\s+(?:del?\s+)?{_YEAR}(?:\s?[гр]\.)?"
_FOREIGN_DATES = (
    re.compile(_DAY_FIRST + _THEN_YEAR),  # 26. Februar 2026, 26 de febrero de 2026
    re.compile(rf"{_YEAR}\.?\s+(?P<month>{_WORD})\s+(?P<day>[0-3]?\d)"),  # 2026. február 26
)
_COMPACT = re.compile(rf"{_YEAR}(?P<month>[01]\d)(?P<day>[0-3]\d)(?!\d)", re.A)  # 20260226
_FOREIGN_STAMP = re.compile(rf"(?:[^\W\d_]{{2,12}}[.,]{{0,2}}\s+)?{_DAY_FIRST}(?:{_THEN_YEAR})?")
_AGO = re.compile(
    r"(?:an?|one|\d{1,3})\s?[^\W\d_]{1,8}\s+ago|(?:vor|il y a|hace)\s+(?:\d{1,3}|eine[mr])\s+[^\W\d_]{1,8}"
    r"|today|yesterday|heute|gestern|aujourd[’']hui|hier|hoy|ayer",
    re.I,
)
_NUMBERS = re.compile(r"(?<![\w:./-])([0-3]?\d)[-/.]([0-3]?\d)[-/.](?:(?:19|2[0-2])\d{2}|(?<=/)[12]\d(?![\w/-]))", re.A)
_ENGLISH_WEEKDAY = r"(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?\.?"
_WEEKDAY = re.compile(rf"\s*(?:{_ENGLISH_WEEKDAY},?\s+)?", re.I)
# the units are in English, German, French, Spanish, Portuguese, Italian, Dutch and the Nordic languages
_HOURS = r"(?:h(?:(?:ou)?rs?)?|std|stunden?|heures?|horas?|or[ae]|uur|tim(?:e|er|mar?)?)\.?"
_MINUTES = r"(?:m(?:in(?:ute)?s?)?|minut(?:en|os?|[ai]|er|t|ter))\.?"
_SECONDS = r"(?:s(?:ec(?:ond)?s?)?|sek(?:unde[nr]?)?|secondes?|segundos?|second[oi]|seconden)\.?"
_AND = r"(?:,|\s(?:and|und|et|y|e|en|och|og))?"
_LENGTHS = tuple(
    re.compile(pattern, re.I | re.A)
    for pattern in (
        r"(?P<h>)(?P<m>)(?P<s>\d{1,7})(?:\.\d{1,6})?",  # 4260
        r"(?:(?P<h>\d{1,3}):(?=[0-5]\d:))?(?P<m>\d{1,3}):(?P<s>[0-5]\d)(?:\.\d{1,6})?",  # 1:11:00, 42:10
        rf"(?:(?P<h>\d{{1,3}})\s?{_HOURS})?(?:{_AND}\s?(?P<m>\d{{1,4}})\s?{_MINUTES})?"  # 1h 11m 5s
        rf"(?:{_AND}\s?(?P<s>\d{{1,6}})\s?{_SECONDS})?",
    )
)
"""The notations of a duration: seconds, numbers with colons, and numbers with units."""
_SEPARATOR = r"\s*(?:[·•|,–—/-]\s*)?"


class When(NamedTuple):
    """A date as written. `year` is None if it is missing."""

    year: int | None
    month: int
    day: int
    text: str

    def on(self, year: int) -> date | None:
        """Return the date in a year, or None if that year has no such date, such as 29 February."""
        try:
            return date(year, self.month, self.day) if MIN_YEAR <= year <= MAX_YEAR else None
        except (ValueError, OverflowError):
            return None

    @property
    def date(self) -> date | None:
        return None if self.year is None else self.on(self.year)


class Stamp(NamedTuple):
    """A line that consists of a date, a duration or both. `when` is None if there is no date, and `duration` may be "".
    For an age such as "2 days ago", the month of `when` is 0."""

    when: When | None
    duration: str


@cache
def _foreign_names(kind: str, width: str) -> Mapping[str, int]:
    """Return the names of `months` or `days` in lower case, with their numbers."""
    from babel import Locale  # noqa: PLC0415

    tables = [getattr(Locale(language), kind)["format"][width] for language in LANGUAGES]
    return {name.casefold().rstrip("."): number for table in tables for number, name in table.items()}


def _foreign_month(name: str) -> int:
    return _foreign_names("months", "wide").get(name) or _foreign_names("months", "abbreviated").get(name, 0)


@cache
def weekday_pattern() -> str:
    """Return the pattern of a day of the week in any of the languages. A short name has a full stop or comma."""
    whole, short = ("|".join(map(re.escape, _foreign_names("days", width))) for width in ("wide", "abbreviated"))
    return rf"\b(?:{_ENGLISH_WEEKDAY}|{whole}|(?:{short})(?=[.,]))"


def _when(found: re.Match[str], day_first: bool | None) -> When:
    """Return the date in a match of a date pattern, even an invalid date such as 31 February. The month is 0 if its
    name is unknown. If `day_first` is False, dates such as `3/4/2024` begin with the month."""
    name, day = found["month"].casefold(), int(found["day"])
    if name[:3] in MONTHS:
        month = MONTHS.index(name[:3]) + 1
    else:
        month = int(name) if name.isdigit() else _foreign_month(name)
    either = name.isdigit() and found.start("year") > found.start("day") and found["mark"] != "."
    if either and (month > 12 or (day <= 12 and day_first is False)):
        day, month = month, day
    year = int(found["year"]) + (2000 if len(found["year"]) == 2 else 0) if found["year"] else None
    until = found.groupdict().get("until")
    if year and until and MONTHS.index(until[:3].casefold()) + 1 < month:
        year -= 1  # 30 Dec – 3 Jan 2026
    return When(year, month, day, found[0].strip())


def read_when(text: str, day_first: bool | None = None) -> When | None:
    """Return the first date in a short line, or None. Dates that begin with the year have priority, and dates with a
    year before others in the same place, as in `Session 2 - March 5, 2024`. The year of a date in a language other than
    English is missing only if the text is the date."""
    text = text[:MAX_READ]
    matches = [found for pattern in (*_DATES, *_FOREIGN_DATES) for found in pattern.finditer(text)]
    lone = _FOREIGN_STAMP.fullmatch(text.strip())
    if lone and lone["month"].casefold() in _foreign_names("months", "wide"):
        matches += [lone] if not lone.start("day") or re.match(weekday_pattern(), text.strip(), re.I) else []
    first: tuple[re.Match[str], When] | None = None
    for found in matches:
        is_whole = not re.match(r"[\w:./]", text[max(0, found.start() - 1) : found.start()])
        # "may" is also a common word
        when = _when(found, day_first)
        if not is_whole or (found["month"] == "may" and not found["year"]) or not when.on(when.year or 2000):
            continue
        if when.year and (not first or (found.start() < first[0].end() and first[0].start() < found.end())):
            return when
        first = first or (found, when)
    return first[1] if first else None


def read_date(text: str, day_first: bool | None = None) -> date | None:
    """Return the date at the beginning of a text, or None. Time zones are ignored. Years must be from 1990 to 2200.
    Pass the result of `day_order` for dates such as `3/4/2026`."""
    text = _WEEKDAY.sub("", text[:MAX_READ], count=1)
    matches = (found for pattern in (*_DATES, *_FOREIGN_DATES, _COMPACT) if (found := pattern.match(text)))
    return next(filter(None, (_when(found, day_first).date for found in matches)), None)


def read_length(text: str) -> int | None:
    """Return a duration in seconds, or None if the text isn't a duration. A bare number means seconds."""
    text = text.strip()
    for found in filter(None, (pattern.fullmatch(text) for pattern in _LENGTHS if text)):
        seconds = int(found["h"] or 0) * 3600 + int(found["m"] or 0) * 60 + int(found["s"] or 0)
        return seconds if seconds <= MAX_SECONDS else None
    return None


def duration_field(seconds: int | None) -> str:
    """Return a duration in seconds as `HH:MM:SS` for front matter, or "" for zero and None."""
    return format_duration(seconds) if seconds else ""


def read_stamp(line: str, day_first: bool | None = None) -> Stamp | None:
    """Parse a line with only a date and an optional duration, in any order. A date without a year needs a duration."""
    line = _WEEKDAY.sub("", line, count=1).strip()
    if len(line) > MAX_STAMP:
        return None
    for pattern in (*_DATES, _FOREIGN_STAMP, _AGO):
        for found in pattern.finditer(line):
            rest = re.sub(f"^{_SEPARATOR}|{_SEPARATOR}$", "", line[: found.start()] + line[found.end() :])
            seconds = None if rest.isdigit() else read_length(rest)
            if rest and seconds is None:
                continue
            if pattern is _AGO:
                return Stamp(When(None, 0, 0, found[0]), duration_field(seconds))
            when = _when(found, day_first)
            if when.month and (when.year or rest):
                return Stamp(when, duration_field(seconds))
    return None


def day_order(lines: Iterable[str]) -> bool | None:
    """Check whether dates such as `3/4/2026` begin with the day; return None if the lines don't show the order, or if
    they show both."""
    pairs = [(int(first), int(second)) for line in lines for first, second in _NUMBERS.findall(line)]
    orders = {second <= 12 for first, second in pairs if 12 < max(first, second) <= 31 and min(first, second) <= 12}
    return orders.pop() if len(orders) == 1 else None


def is_unsure(when: When) -> bool:
    """Check whether the day and the month could be swapped, as in `3/4/2026` but not in `03.04.2026`."""
    return max(when.day, when.month) <= 12 and bool(re.match(r"\d{1,2}[-/]\d{1,2}[-/]", when.text))


def fill_years(whens: Sequence[When | None], is_rising: bool = False) -> list[date | None]:
    """Return the dates with their missing years filled in. The oldest date is the first one, unless the other order
    needs less than half of the time. It is surely the first one if `is_rising` is true."""
    rising = _fill_rising(whens)
    if is_rising:
        return rising
    falling = _fill_rising(whens[::-1])[::-1]
    spans = [max(known) - min(known) for days in (rising, falling) if (known := [day for day in days if day])]
    return falling if spans and 2 * spans[-1] < spans[0] else rising


def _fill_rising(whens: Sequence[When | None]) -> list[date | None]:
    """Fill in the missing years of dates, the oldest first. A missing year becomes the first year in which the date
    follows the previous date. If no earlier date has a year, it becomes the last year in which the date precedes the
    next date. Dates may be out of order by up to `SLACK`."""
    days = [when.date if when else None for when in whens]
    for step in (1, -1):
        last: date | None = None
        for at in range(len(whens))[::step]:
            when = whens[at]
            if when is not None and when.year is None and last is not None and days[at] is None:
                # find the nearest year that puts the date after the previous date (second pass: before the next date)
                found = (when.on(year) for year in range(last.year - step, last.year + 9 * step, step))
                days[at] = next((day for day in found if day and (day - last) * step >= -SLACK), None)
            last = days[at] or last
    return days
