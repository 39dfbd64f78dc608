"""Learning logs: plain text or Markdown in which each day begins with a line that says which day it is."""

import re
from collections.abc import Iterator, Sequence
from datetime import date
from typing import NamedTuple

from mlguide_site.errors import Problem
from mlguide_site.importers import EntryDraft, Source
from mlguide_site.importers.common.dates_and_durations import day_comes_first, read_date
from mlguide_site.importers.common.uncertain_dates import BadDate, When, bad_date, read_when
from mlguide_site.importers.notes.inline import bare_text
from mlguide_site.importers.notes.source import (
    HEADING,
    SHOWN,
    Line,
    Note,
    Part,
    Start,
    cut_at,
    sniffed,
    stem_title,
    warning,
    without_fences,
)
from mlguide_site.model.slugs import make_slug

HEAD_LINES = 6
MAX_NAME = 100
MAX_OPENER = 300
MAX_SPAN = 31
"""Days that one entry may be about."""
MIN_ABBREVIATIONS = 3
_OPEN = re.compile(
    r"(?P<hashes>#{1,6}\s*)?(?P<bold>\*\*|__)?"
    r"(?:(?:day|entry|log(?: entry)?)\s{0,3}[#–-]?\s{0,3}(?P<day>\d{1,5})"
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
_MARKS = " \t-–—:|!."
_PROSE = re.compile(
    r"(?:^|[^\w-])(?:(?:today (?:is|was|marks)|this is|it[’']?s|welcome to)\s+(?:my\s+|the\s+)?"
    r"(?:day|entry)\s*#?\s*(?P<day>\d{1,5})"
    r"|(?P<ordinal>\d{1,5})(?:st|nd|rd|th) day of)\b",
    re.I,
)
"""A sentence that says which day it is."""
_DATED = re.compile(r"[\W_]*(?:date|when|datum|fecha)[*_]{0,2}\s*:\s*[*_]{0,2}\s*", re.I)
_CALLOUT = re.compile(r"^\s{0,3}>\s?\[!\w", re.M)
_LEAD = re.compile(r"(?:firstly|secondly|thirdly)\b", re.I)
_NAMED = re.compile(
    r"(?:\bday\s+\d{1,5}|\d(?:st|nd|rd|th) day)\s+of\s+(?:my\s+|the\s+)?"
    r"(?P<name>[A-Za-z0-9][^.!?,;:()\n]{2,60}?)\s*(?:[.!?,;:()]|$)"
    r"|(?P<tag>#\d{2,4}days\w{2,30})",
    re.I,
)
_ABBREVIATION = re.compile(
    r"(?<![\w/])(?P<short>[A-Z][A-Za-z0-9/&-]{0,9}[A-Z0-9]s?):\s+(?P<long>[A-Za-z][^,.;:()\n]{2,60}?)(?=\s*(?:[,.;]|\band\b|$))"
)


class Opener(NamedTuple):
    """What a line says that begins a day: the number, the last of several numbers, the round, the title, the date, and
    what is wrong with a date. `heading` tells that it is a heading, `whole` that it says nothing else, and `sure` that
    it also says of how many, of which hashtag, in which round or on which date."""

    number: int
    until: int | None = None
    round: int | None = None
    title: str = ""
    when: When | None = None
    bad: BadDate | None = None
    heading: bool = False
    whole: bool = False
    sure: bool = False


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
    number, rest, until, tagged = int(found["day"] or found["within"]), found["rest"], None, False
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
    bad = bad_date(title, day_first) if when is None else None
    bad = bad if bad and title.startswith(bad.text) else None
    title = title.strip(_MARKS) if separator or when else ""
    season = int(found["round"]) if found["round"] else None
    sure = bool(found["round"]) or not whole or when is not None
    whole = whole and (bool(title) or not rest.strip(_MARKS) or when is not None)
    return Opener(number, until, season, title, when, bad, bool(found["hashes"]), whole, sure)


def _take_date(tail: str, day_first: bool) -> tuple[When | None, str]:
    """The date at the beginning or the end of a text, in brackets or set off by a mark, and the text without it.

    >>> [_take_date(tail, True)[1] for tail in ["(16 Jan 2024): Grids", "Grids (Tue, 16 Jan 2024)", "On 16 Jan we met"]]
    ['Grids', 'Grids', 'On 16 Jan we met']
    """
    when = read_when(tail, day_first)
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


def sniff(source: Source) -> bool:
    """Whether a source is text that says at its beginning which day it is, or that counts its sections in words."""
    text = sniffed(source)[:20_000].lstrip(" \n\t")
    if text.startswith("---") or "[[" in text:
        return False
    texts, words = [line for line in text.split("\n") if line.strip()], without_fences(text.split("\n"))
    openers = [opener for line in words if (opener := read_opener(line))]
    several = len({(opener.round, opener.number) for opener in openers}) > 1
    # days that begin in ways that only logs have: with a date, a round, a hashtag, or as plain lines
    signs = sum(opener.sure or not opener.heading for opener in openers)
    if several and 2 * signs >= len(openers) and not _CALLOUT.search(text):
        return True
    if sum((found := HEADING.match(line)) is not None and len(found[1]) == 2 for line in words) > 1:
        return False
    first = [opener for line in texts[:HEAD_LINES] if (opener := read_opener(line))]
    if any(opener.sure for opener in first) or any(_PROSE.search(line[:300]) for line in texts[:HEAD_LINES]):
        return True
    leads = {line.split()[0].casefold().strip(",:") for line in texts if _LEAD.match(line)}
    return bool(texts and read_opener(texts[0])) or len(leads) > 1


def cut(note: Note) -> Note:
    """The days of a log, or the log as one episode."""
    lines = note.lines
    day_first = day_comes_first([line.text for line in lines if len(line.text) <= SHOWN])
    found, problems = _days(note, day_first)
    guessed = note.head.text("title") or _guess_title(note.name, lines)
    if not found:
        day = _own_date(lines, day_first)
        part = Part(stem_title(note.name) or "Entry", tuple(lines), lines[0].number, fields={"date": day})
        return note.cut([part], problems, guessed, plain=True)
    openers = [opener for _, opener in found]
    rounds = len({opener.round for opener in openers if opener.round is not None}) > 1
    starts = list[Start]()
    for (at, opener), end in zip(found, [*(at for at, _ in found[1:]), len(lines)], strict=True):
        number = lines[at].number
        until = f" & {opener.until}" if opener.until is not None else ""
        title = bare_text(opener.title) or f"Day {opener.number}{until}"
        day = None if opener.when else _own_date(lines[at:end], day_first)
        when = When(day.year, day.month, day.day, "") if day else opener.when
        kept, season = _first_line(lines[at], opener), opener.round if rounds else None
        bad = [warning(note.name, number, *opener.bad[1:])] if opener.bad else []
        starts.append(Start(at, Part(title, kept, number, opener.number, season), when, number, bad))
    named = _title_line(lines[: starts[0].at], len(starts))
    title = bare_text(lines[named].heading or lines[named].text) if named >= 0 else guessed
    plain = sum(opener.heading for opener in openers) < max(2, len(starts) / 2)
    made = cut_at(note, starts, {named}, title, plain)
    return made.cut(made.parts, (*problems, *made.problems), title, plain)


def _days(note: Note, day_first: bool) -> tuple[list[tuple[int, Opener]], list[Problem]]:
    """Index and opener of the lines that begin days, and what is to be reported of lines that only look so."""
    outside = [(at, line) for at, line in enumerate(note.lines) if line.kind != "fence"]
    read = {at: opener for at, line in outside if (opener := read_opener(line.text, day_first))}
    prose = {at: Opener(number) for at, line in outside if (number := _prose_day(line.text))}
    # where days begin with lines of their own, a sentence that names a day begins none
    counted = {**prose, **read} if len(prose) >= len(read) else read
    starts, problems = list[tuple[int, Opener]](), list[Problem]()
    seen: dict[tuple[int | None, int], int] = {}
    for at, line in outside:
        opener = counted.get(at)
        key = (opener.round, opener.number) if opener else (None, -1)
        if opener and key not in seen:
            seen[key] = line.number
            starts.append((at, opener))
        elif at in read:
            message = f"day {key[1]} began on line {seen[key]} already; this line stays within the day before"
            remedy = "give it a number of its own if it begins another day"
            problems.append(warning(note.name, line.number, message, remedy))
    return starts, problems


def _prose_day(text: str) -> int:
    found = _PROSE.search(text.strip()[:300])
    return int(found["day"] or found["ordinal"]) if found else 0


def _first_line(line: Line, opener: Opener) -> tuple[Line, ...]:
    """The line that begins a day as it stays in the body: none where it is a heading whose fields say all of it."""
    if not opener.heading:
        return (line,)
    if opener.whole and bare_text(opener.title) == opener.title:
        return ()
    return (line._replace(text=line.text.strip().lstrip("#").strip(), level=0),)


def _title_line(before: Sequence[Line], days: int) -> int:
    """The index of the line that names the whole log before its first day; -1 where none does."""
    filled = [at for at, line in enumerate(before) if line.text.strip()]
    if not filled or before[filled[0]].kind == "fence":
        return -1
    first, text = filled[0], before[filled[0]].text.strip()
    if before[first].heading:
        return first if before[first].level == 1 and len(text) <= MAX_NAME else -1
    alone = len(filled) == 1 or filled[1] > first + 1
    plain = len(text) <= MAX_NAME and text[0].isalnum() and text[-1] not in ".!?:,;" and "://" not in text
    return first if days > 1 and alone and plain else -1


def _guess_title(name: str, lines: Sequence[Line]) -> str:
    """The title of a log: as its text says (`Day 3 of Reading Less`), as its file, or else `Learning Log`."""
    for line in [line for line in lines if line.text.strip()][:HEAD_LINES]:
        if found := _NAMED.search(line.text[:500]):
            return (found["name"] or found["tag"].lstrip("#")).strip()
    stem = stem_title(name).split()
    words = [word for word in stem if re.fullmatch(r"[^\W\d_]{3,30}", word)]
    words = [word for word in words if word.casefold() not in {"day", "entry", "notes", "note", "txt"}]
    if not words or any(re.fullmatch(r"(?=[a-z]*\d)[0-9a-f]{6,64}", word) for word in stem):
        return "Learning Log"
    return " ".join(words).title() if words[0].islower() else " ".join(words)


def _own_date(lines: Sequence[Line], day_first: bool) -> date | None:
    """The date with which one of a day's first short lines begins."""
    head = [line.text.strip() for line in lines if line.text.strip()][:HEAD_LINES]
    dates = (read_date(_DATED.sub("", text, count=1), day_first) for text in head if len(text) <= SHOWN)
    return next((found for found in dates if found), None)


def find_terms(lines: Sequence[Line]) -> Iterator[EntryDraft]:
    """Terms for the abbreviations of lines that explain several, or that call themselves so."""
    for line in lines:
        found = [] if line.kind == "fence" else list(_ABBREVIATION.finditer(line.text[:5000]))
        if len(found) < MIN_ABBREVIATIONS and not (found and "abbreviation" in line.text.casefold()):
            continue
        for one in found:
            long = " ".join(one["long"].split())
            fields = {"term": long, "abbreviations": [one["short"]]}
            yield EntryDraft("term", make_slug(long), fields, line=line.number)
