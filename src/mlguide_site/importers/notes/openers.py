"""Parses lines that begin a unit of notes, such as `Day 5`, `Week 2 (16 Jan 2024): Grids` or `Woche 2`."""

import re
from collections.abc import Sequence
from typing import NamedTuple

from mlguide_site.importers.common.dates_and_durations import When, read_when, weekday_pattern
from mlguide_site.importers.notes.inline import bare_text
from mlguide_site.markdown.fences import fenced

MAX_OPENER = 300
_DAYS = "day entry log".split()
_FOREIGN_DAYS = "tag jour día dia giorno dag päivä dzień день gün".split()
DAY_UNITS = frozenset((*_DAYS, *_FOREIGN_DAYS))
_ENGLISH = "week module lesson lecture session class unit chapter part meeting cohort episode ep".split()
_FOREIGN = (
    "woche modul lektion vorlesung sitzung einheit kapitel teil treffen"
    " semaine leçon cours séance unité chapitre partie réunion"
    " semana módulo lección clase sesión unidad capítulo parte reunión aula lição sessão unidade reunião"
    " settimana modulo lezione sessione unità capitolo riunione hoorcollege sessie eenheid hoofdstuk deel"
    " vecka föreläsning uge uke forelæsning forelesning kapittel viikko luento luku"
    " tydzień wykład lekcja rozdział część týden přednáška lekce kapitola část"
    " неделя лекция урок занятие модуль глава часть тиждень лекція заняття розділ частина hafta ders bölüm"
).split()
_UNITS = "|".join((*_DAYS, *_FOREIGN_DAYS, *_ENGLISH, *_FOREIGN))
_DIGITS = "一二三四五六七八九"
_CHINESE = rf"(?=[\d{_DIGITS}十])(?:\d{{1,5}}|[{_DIGITS}]?十?[{_DIGITS}]?)"
_COUNTED = (
    rf"[第제]\s?(?P<count>{_CHINESE})\s?(?P<counter>[周週课課讲講天章回节節주강일장]目?)"  # 第三周
    r"|(?P<korean>\d{1,4})\s?(?P<hangul>주차|회차|일차|강|장)(?!\w)"  # 3주차
    rf"|(?P<ordinal>\d{{1,4}})(?:\.|ère|ème|er|re|[eªº]|-[^\W\d_]{{1,2}})\s"  # 3. Woche
    rf"(?P<last>{'|'.join(_FOREIGN)})(?=\s*(?:$|[-–—:|(]))"
)
_OPENER = re.compile(
    r"(?:(?P<lead>.{0,200}?\b(?:today (?:is|was|marks)|this is|it[’']?s|welcome to)\s+(?:my\s+|the\s+)?)"
    r"|(?P<bold>\*\*|__))?"
    rf"(?:(?:(?P<unit>{_UNITS})\s{{0,3}}[-–—#.:]?\s{{0,3}}(?P<number>\d{{1,5}})"
    r"|r(?:ound\s?)?(?P<round>\d{1,3})[\s,:-]{0,3}d(?:ay\s?)?(?P<within>\d{1,5}))(?!\w)"
    rf"|(?P<counted>{_COUNTED}))"
    r"(?P<of>(?:\s?/\s?\d{1,5}(?!\w))?(?:\s+of\s+(?:my\s+|the\s+)?(?:#\w{2,60}|\d{1,5}(?!\w)))?)(?P<rest>.*)$",
    re.I,
)
"""Matches a unit and its number in several languages, as in `Day 3`, `R1D3` or `Woche 3`, and those of `_COUNTED`."""
_SEPARATOR = re.compile(r"\s*[-–—:：.|!)&]\s*|\s*(?=[(\[（])")
_OF = r"(?:week|woche|semaine|semana|settimana|notes|meeting)\s+(?:of|from|for|on|vom|du|del?|da)\s+(?:the\s+)?"
_UNTIL = re.compile(r"\s*(?:[-–—]|to|until|bis|au|al|a|до)\s*", re.I)
_RANGE = re.compile(r"\.\d|\s?[-–—&+/,]\s?\d{1,5}(?!\w)\s*(?:$|[:–—|-])")  # Lecture 1.2, Weeks 3 & 4
_IN_PARENTHESES = re.compile(r"[(（]([^()（）]*)[)）]")
_SYMBOLS = re.compile(r"^(?:[^\w\s\[\](){}<>*_#`\"'“«„.,:;!?/\\|~%-]\ufe0f?\s*)+")
"""Matches symbols such as an emoji before a unit."""
_MARKS = " \t-–—:|!.,"
_ROW = re.compile(r"\s*(?:[-+*•–]\s|\|)")
"""Matches the start of an item or of a row of a table, which may also be only a date."""


class Opener(NamedTuple):
    """A line that begins a day, week or other unit. `round` is 1 for `R1D3`. `lead` is true if words precede the unit
    ("Today is Day 3"). `is_whole` is true if the line contains only the unit, a title and a date. `is_sure` is true if
    the line has a hashtag, round, date or total (`Day 3 of 100`). `is_phrase` is true if the number may belong to a
    phrase (`Chapter 11 explained`); then, the title is the whole line. `total` is 100 for `Day 3/100`, or else 0."""

    unit: str
    number: int
    round: int | None
    title: str
    when: When | None
    lead: bool
    is_whole: bool
    is_sure: bool
    is_phrase: bool
    total: int


def read_opener(line: str, day_first: bool | None = None, is_heading: bool = False) -> Opener | None:
    """Parse a line that begins a day or another unit, or return None. `Day 5 was best` begins a day only in a heading.

    >>> read_opener("R1D3 - March 4, 2024")[:3], read_opener("Week 2 (16 Jan 2024): Grids")[:4]
    (('day', 3, 1), ('week', 2, None, 'Grids'))
    """
    text = _SYMBOLS.sub("", line.strip()) if is_heading else line.strip()
    found = _OPENER.match(text) if len(text) <= MAX_OPENER else None
    counted = text[found.start("number") :] if found and found["number"] else ""
    if not found or _is_dated(counted, day_first) or re.match(r"\d+(?:\.\d{1,2}\.|-\d\d-\d|-W\d\d)", counted):
        return None
    rest, lead, of = found["rest"].replace(found["bold"] or "\0", "", 1), bool(found["lead"]), found["of"]
    separator = _SEPARATOR.match(rest)
    # the space says that the rest doesn't begin the line, so `5 - 9 Feb 2024` is a span
    when, title = _take_outer_date(f" {rest[separator.end() if separator else 0 :]}", day_first)
    if rest.strip() and not (is_heading or lead or separator or "#" in of or when):
        return None
    title = re.sub(r"^/\s+", "", title.strip(_MARKS))
    title = bare_text(title) if (separator or when or (is_heading and not of)) and not lead else ""
    is_phrase = bool(title) and not (separator or when) and rest.lstrip()[:1].islower()
    is_range = bool(title) and not when and _RANGE.match(rest)
    if inside := _IN_PARENTHESES.fullmatch(title):
        title = inside[1]
    if is_phrase or is_range or (title and not any(char.isalpha() for char in title)):
        title = bare_text(text)
    is_whole = not (lead or of or re.search(r"[\[<]", rest))
    season = int(found["round"]) if found["round"] else None
    number = _number(next(filter(None, found.group("number", "within", "count", "korean", "ordinal"))))
    unit = next(filter(None, found.group("unit", "counter", "hangul", "last")), "day").casefold()
    is_sure = season is not None or bool(of or when)
    title, total = title or found["counted"] or "", int((re.match(r"\s?/\s?(\d+)", of) or [0, 0])[1])
    return Opener(unit, number, season, title, when, lead, is_whole, is_sure, is_phrase, total)


def _is_dated(text: str, day_first: bool | None) -> bool:
    """Check whether a text begins with a date such as `12 March 2024`, but not with a number, as `1 - March 2024`."""
    when = read_when(text, day_first)
    return bool(when and when.year and text.startswith(when.text) and not re.match(r"\d+\s*[-–—,:]\s", text))


def _number(text: str) -> int:
    """Return the value of digits, or of a Chinese number up to 99."""
    if text.isdecimal():
        return int(text)
    tens, ten, ones = text.rpartition("十")
    return 10 * bool(ten) * (_DIGITS.index(tens) + 1 if tens else 1) + (_DIGITS.index(ones) + 1 if ones else 0)


def take_date(text: str, day_first: bool | None = None) -> tuple[When | None, str]:
    """Return the date of a title, and the title without it. The date is at the start or end of the title, or follows a
    unit, as in `Lecture 12 March 2024`; then, the unit isn't part of the title."""
    found = _OPENER.match(text.strip()) if len(text) <= MAX_OPENER else None
    counted = found[0][found.start("number") :] if found and found["number"] and not found["lead"] else ""
    return _take_outer_date(counted if _is_dated(counted, day_first) else text, day_first)


def _take_outer_date(text: str, day_first: bool | None) -> tuple[When | None, str]:
    """Return the date at the start or end of a title such as `Grids (16 Jan 2024)`, and the title without the date. Of
    a span such as `16 Jan 2024 – 22 Jan 2024`, it is the first date."""
    if when := read_when(text, day_first):
        weekday = weekday_pattern()
        until = _UNTIL.match(text, text.index(when.text) + len(when.text))
        last = read_when(text[until.end() :], day_first) if until else None
        span = text[text.index(when.text) : until.end()] + last.text if until and last else when.text
        date = rf"\W{{0,4}}(?:{weekday}\W{{0,4}})?{re.escape(span if span in text else when.text)}"
        text = re.sub(rf"^\s*{_OF}(?={re.escape(when.text)})", "", text, flags=re.I)
        title = re.sub(rf"^{date}[^\w\[]+(?:{weekday}\W*$)?|(?:^|[ ]?[(\[,–—:|-]){date}\W*$", "", text, flags=re.I)
        return (when, title) if title != text else (None, text)
    return None, text


def log_openers(texts: Sequence[str]) -> list[tuple[int, Opener]]:
    """Return the lines that begin a day in a log, each with its index."""
    found = [
        (at, one)
        for at, (text, is_code) in enumerate(zip(texts, fenced(texts), strict=True))
        if not is_code and (one := read_opener(text.lstrip("# "))) and one.unit in DAY_UNITS
    ]
    # a word such as "tag" is a day only in a log of that language
    return [(at, one) for at, one in found if one.unit in (*_DAYS, found[0][1].unit)]


def date_lines(texts: Sequence[str]) -> dict[int, str]:
    """Return the dates of a log without headings, except a title: at least two lines that are only a date and begin a
    paragraph. The first one begins the log. Map their indexes to the dates."""
    found, is_start, is_open = dict[int, str](), True, True
    for at, (text, is_code) in enumerate(zip(texts, fenced(texts), strict=True)):
        bare = text.strip("*_ \t:")
        when, rest = take_date(bare) if is_start and not is_code and not _ROW.match(text) else (None, "")
        if text.startswith("#") and not is_code:
            is_open &= not found
        elif when and (when.year or found) and not rest:
            found[at] = bare
        elif bare and not found:
            return {}
        is_start = not bare or text.startswith("#")
    return found if is_open and len(found) > 1 else {}
