"""The lines that begin a day of a log or of a course's notes: `Day 3/100 of #tag`, `R1D3 - March 4`, `## Day 3 & 4`."""

import re
from typing import NamedTuple

from mlguide_site.importers.fields import read_date
from mlguide_site.importers.session_dates import When, read_when

MAX_OPENER = 300
MAX_SPAN = 31
"""days that one entry may be of"""
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
_WEEKDAY = r"(?:(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?\.?)"
_FRINGE = re.compile(rf"[\s(\[,;]*(?:{_WEEKDAY})?[\s)\],;]*", re.I)
_NUMERIC = re.compile(r"(?<!\d)[0-3]?\d([-/.])[0-3]?\d\1\d{4}(?!\d)", re.A)
_LIKE_DATE = re.compile(r"[A-Za-z]{3,9}\.?\s+\d{1,2}(?:st|nd|rd|th)?,?\s+\d{4}|\d{4}-\d{1,2}-\d{1,2}", re.A)
_WORDS = "one two three four five six seven eight nine ten eleven twelve".replace(" ", "|")
_UNREAD = re.compile(
    rf"(?P<hashes>#{{1,6}}\s*)?(?:day|entry|round)\s{{0,3}}[#–-]?\s{{0,3}}(?:\d{{1,9}}|{_WORDS})(?P<next>\b.{{0,2}})",
    re.I,
)


class Opener(NamedTuple):
    """What the line says: the number, the last of the numbers where there are several, the round; the title, the date,
    and a date that can't be; whether it is a heading, and whether nothing stands there beside all this."""

    number: int
    until: int | None
    round: int | None
    title: str
    when: When | None
    impossible: str
    heading: bool
    whole: bool
    sure: bool
    """whether it also says of how many, of which hashtag, in which round or on which date"""


def read_opener(line: str, day_first: bool = True) -> Opener | None:
    """What a line says that begins a day; None where it is none, as in `Day 5 was best`.

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
    number, rest, whole = int(found["said"] or found["within"]), found["rest"], True
    if found["bold"]:
        rest = rest.replace(found["bold"], "", 1)
    until = None
    if (several := _UNTIL.match(rest)) and number < int(several["until"]) <= number + MAX_SPAN:
        until, rest = int(several["until"]), rest[several.end() :]
    sure = bool(found["round"])
    if total := _TOTAL.match(rest):
        rest, whole, sure = rest[total.end() :], False, True
    tagged = False
    if of := _OF.match(rest):
        rest, whole, sure, tagged = of["rest"], False, True, of["name"].startswith("#")
    parted = _PART.match(rest)
    tail = rest[parted.end() :].strip() if parted else rest.strip()
    when, title = _take_date(tail, day_first)
    if rest.strip() and not parted and not tagged and when is None:
        return None
    impossible = ""
    if when is None and (like := _LIKE_DATE.match(title)) and read_date(like[0]) is None:
        impossible = like[0] if read_when(like[0]) is None and not like[0][0].islower() else ""
    title = title.strip(" \t-–—:|!.") if parted or when else ""
    round_ = int(found["round"]) if found["round"] else None
    whole = whole and (bool(title) or not rest.strip(" -–—:|!.") or when is not None)
    return Opener(
        number, until, round_, title, when, impossible, bool(found["hashes"]), whole, sure or when is not None
    )


def _take_date(tail: str, day_first: bool) -> tuple[When | None, str]:
    """The date at the beginning or the end of a text, in brackets or behind a mark, and the text without it."""
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
        after = after[fringe.end() :] if fringe else after
        if not after or after[0] in "-–—:|.!" or tail[len(before) + len(when.text)] in ")]":
            return when, after.strip(" \t-–—:|.!")
        return None, tail
    behind = before.rstrip()[-1:]
    if behind in "([,-–—:|" and _FRINGE.fullmatch(after.rstrip(" .!")):
        return when, before.strip(" \t([,-–—:|")
    # `Postgres (16 Jan 2024): more` has a title on both sides
    if behind in "([" and after[:1] in ")]":
        return when, f"{before.rstrip(' ([')} {after[1:].strip()}".strip()
    return None, tail


def looks_like_opener(line: str) -> bool:
    """Whether a line that is no opener may have been meant as one: a heading about a day, or a day in words.

    >>> [looks_like_opener(text) for text in ("## Day 3 recap", "Day six: grids", "Day 5 was best.", "Day one of it")]
    [True, True, False, False]
    """
    found = _UNREAD.match(line.strip()[:MAX_OPENER])
    return bool(found and (found["hashes"] or not found["next"].strip() or found["next"].strip()[0] in ":–—-"))
