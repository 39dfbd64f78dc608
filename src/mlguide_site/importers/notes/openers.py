"""Lines that begin a day of a log or course: `Day 3/100 of #tag`, `R1D3 - March 4`, `## Day 3 & 4: Title`."""

import re
from typing import NamedTuple

from mlguide_site.importers.fields import read_date
from mlguide_site.importers.notes.dates import When, read_when

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
_FRINGE = re.compile(
    r"[\s(\[,;]*(?:(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?\.?)?[\s)\],;]*", re.I
)
_NUMERIC = re.compile(r"(?<!\d)[0-3]?\d([-/.])[0-3]?\d\1\d{4}(?!\d)", re.A)
_LIKE_DATE = re.compile(r"[A-Za-z]{3,9}\.?\s+\d{1,2}(?:st|nd|rd|th)?,?\s+\d{4}|\d{4}-\d{1,2}-\d{1,2}", re.A)
_MARKS = " \t-–—:|!."
_WORDS = "one two three four five six seven eight nine ten eleven twelve".replace(" ", "|")
_UNREAD = re.compile(
    rf"(?P<hashes>#{{1,6}}\s*)?(?:day|entry|round)\s{{0,3}}[#–-]?\s{{0,3}}(?:\d{{1,9}}|{_WORDS})(?P<next>\b.{{0,2}})",
    re.I,
)


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
    """The date at the beginning or the end of a text, in brackets or set off by a mark, and the text without it."""
    when = read_when(tail)
    if when is None:
        numeric = _NUMERIC.search(tail)
        day = read_date(numeric[0], day_first) if numeric else None
        when = When(day.year, day.month, day.day, numeric[0]) if numeric and day else None
    if when is None:
        return None, tail
    before, _, after = tail.partition(when.text)
    if _FRINGE.fullmatch(before):
        fringe = _FRINGE.match(after)
        rest = after[fringe.end() :] if fringe else after
        return (when, rest.strip(_MARKS)) if not rest or rest[0] in _MARKS or after[0] in ")]" else (None, tail)
    mark = before.rstrip()[-1:]
    if mark in "([,-–—:|" and _FRINGE.fullmatch(after.rstrip(" .!")):
        return when, before.strip(" \t([,-–—:|")
    # `Postgres (16 Jan 2024): more` has a title on both sides
    if mark in "([" and after[:1] in ")]":
        return when, f"{before.rstrip(' ([')} {after[1:].strip()}".strip()
    return None, tail


def looks_like_opener(line: str) -> bool:
    """Whether a line that is no opener may have been meant as one: a heading about a day, or a day in words.

    >>> [looks_like_opener(text) for text in ("## Day 3 recap", "Day six: grids", "Day 5 was best.", "Day one of it")]
    [True, True, False, False]
    """
    found = _UNREAD.match(line.strip()[:MAX_OPENER])
    return bool(found and (found["hashes"] or not found["next"].strip() or found["next"].strip()[0] in ":–—-"))
