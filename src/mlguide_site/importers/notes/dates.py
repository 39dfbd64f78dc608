"""Dates as headings and short lines of notes write them, and lines that begin a day: `R1D3 - March 4`, `Day 3/100`."""

import re
from collections.abc import Iterator, Sequence
from datetime import date
from typing import NamedTuple

from mlguide_site.errors import visible
from mlguide_site.importers.common.fields import MAX_YEAR, MIN_YEAR, MONTHS, read_date

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
MAX_OPENER = 300
MAX_SPAN = 31
"""Days that one entry may be about."""
_OPEN = re.compile(
    r"(?P<hashes>#{1,6}\s*)?(?P<bold>\*\*|__)?"
    r"(?:(?:day|entry|log(?: entry)?)\s{0,3}[#–-]?\s{0,3}(?P<said>\d{1,5})"
    r"|(?:round\s?|r)(?P<round>\d{1,3})[\s,:-]{0,3}(?:day\s?|d)(?P<within>\d{1,5}))(?!\w)(?P<rest>.*)$",
    re.I,
)
_UNTIL = re.compile(r"\s?(?:&|and|\+|-|–|to)\s?(?:day\s?)?(?P<until>\d{1,5})(?!\w)(?=\s*(?:$|[-–—:|!(\[*]|of\b))", re.I)
_TOTAL = re.compile(r"\s?/\s?\d{1,5}(?!\w)")
_OF = re.compile(r"\s+of\s+(?:my\s+|the\s+)?(?P<name>#\w{2,60}|\d{1,5}(?!\w))(?P<rest>.*)$", re.I)
_PART = re.compile(r"\s*[-–—:.|!]\s*|\s*(?=[(\[])")
_WEEKDAY = r"(?:(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?\.?)?"
_FRINGE = re.compile(rf"^[\s(\[,;]*{_WEEKDAY}[\s)\],;]*", re.I)
_SET_OFF = re.compile(rf"\s*[(\[,–—:|-]\s*{_WEEKDAY}[\s,]*$", re.I)
_LIKE_DATE = re.compile(r"[A-Za-z]{3,9}\.?\s+\d{1,2}(?:st|nd|rd|th)?,?\s+\d{4}|\d{4}-\d{1,2}-\d{1,2}", re.A)
_MARKS = " \t-–—:|!."
_WORDS = "one two three four five six seven eight nine ten eleven twelve".replace(" ", "|")
_UNREAD = re.compile(
    rf"(?P<hashes>#{{1,6}}\s*)?(?:day|entry|round)\s{{0,3}}[#–-]?\s{{0,3}}(?:\d{{1,9}}|{_WORDS})(?P<next>\b.{{0,2}})",
    re.I,
)


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


class Opener(NamedTuple):
    """What such a line says: the number, the last of several numbers, the round, the title, the date, and a text that
    looks like a date and is none. `heading` tells that it is a heading, `whole` that it says nothing else, and `sure`
    that it also says of how many, of which hashtag, in which round or on which date."""

    number: int
    until: int | None
    round: int | None
    title: str
    when: When | None
    impossible: str
    heading: bool
    whole: bool
    sure: bool


def read_opener(line: str, day_first: bool = True) -> Opener | None:
    """What a line says that begins a day; None where it begins none, as in `Day 5 was best`.

    >>> lines = ["Day 3/100 of #100Days", "### R1D3 - March 4, 2024", "## Day 3 & 4", "Day 2 (16 Jan 2024): Grids"]
    >>> for line in lines:
    ...     one = read_opener(line)
    ...     print(one.number, one.until, one.round, repr(one.title), one.when and one.when.text, one.whole)
    3 None None '' None False
    3 None 1 '' March 4, 2024 True
    3 4 None '' None True
    2 None None 'Grids' 16 Jan 2024 True
    >>> read_opener("Day 5 was best."), read_opener("Day 2 of the course was fun"), read_opener("Tomorrow is Day 6")
    (None, None, None)
    """
    text = line.strip()
    found = _OPEN.match(text) if len(text) <= MAX_OPENER else None
    if not found:
        return None
    number, rest, until, tagged = int(found["said"] or found["within"]), found["rest"], None, False
    if found["bold"]:
        rest = rest.replace(found["bold"], "", 1)
    if (several := _UNTIL.match(rest)) and number < int(several["until"]) <= number + MAX_SPAN:
        until, rest = int(several["until"]), rest[several.end() :]
    counted = rest
    if total := _TOTAL.match(rest):
        rest = rest[total.end() :]
    if of := _OF.match(rest):
        rest, tagged = of["rest"], of["name"].startswith("#")
    whole = rest == counted
    separator = _PART.match(rest)
    tail = rest[separator.end() :].strip() if separator else rest.strip()
    when, title = _take_date(tail, day_first)
    if rest.strip() and not separator and not tagged and when is None:
        return None
    like = _LIKE_DATE.match(title) if when is None else None
    wrong = like and read_date(like[0]) is None and read_when(like[0]) is None and not like[0][0].islower()
    title = title.strip(_MARKS) if separator or when else ""
    sure = bool(found["round"]) or not whole or when is not None
    whole = whole and (bool(title) or not rest.strip(_MARKS) or when is not None)
    season = int(found["round"]) if found["round"] else None
    impossible = like[0] if like and wrong else ""
    return Opener(number, until, season, title, when, impossible, bool(found["hashes"]), whole, sure)


def _take_date(tail: str, day_first: bool) -> tuple[When | None, str]:
    """The date at the beginning or the end of a text, in brackets or set off by a mark, and the text without it.

    >>> [_take_date(tail, True)[1] for tail in ["(16 Jan 2024): Grids", "Grids (Tue, 16 Jan 2024)", "On 16 Jan we met"]]
    ['Grids', 'Grids', 'On 16 Jan we met']
    """
    when = read_when(tail) or read_when(tail, day_first)
    if when is None:
        return None, tail
    before, _, after = tail.partition(when.text)
    bracketed = before.rstrip(" ")[-1:] in ("(", "[") and after[:1] in (")", "]")
    lead, rest = (_FRINGE.sub("", text) for text in (before, after))
    if not lead and (bracketed or not rest or rest[0] in _MARKS):
        return when, rest.strip(_MARKS)
    if bracketed or (not rest.strip(" .!") and _SET_OFF.search(before)):
        return when, f"{_SET_OFF.sub('', before)} {rest}".strip()
    return None, tail


def looks_like_opener(line: str) -> bool:
    """Whether a line that is no opener may have been meant as one: a heading about a day, or a day in words.

    >>> [looks_like_opener(text) for text in ("## Day 3 recap", "Day six: grids", "Day 5 was best.", "Day one of it")]
    [True, True, False, False]
    """
    found = _UNREAD.match(line.strip()[:MAX_OPENER])
    return bool(found and (found["hashes"] or not found["next"].strip() or found["next"].strip()[0] in ":–—-"))
