"""Where the episodes of a note begin: sessions of lectures, days of a course in a vault, days of a learning log."""

import re
from bisect import bisect
from collections import Counter
from collections.abc import Mapping, Sequence, Set
from dataclasses import replace
from datetime import date
from itertools import pairwise
from os.path import basename, splitext
from types import MappingProxyType
from typing import Any, NamedTuple

from mlguide_site.errors import visible
from mlguide_site.importers import Context
from mlguide_site.importers.common.fields import MONTHS, day_comes_first, read_date, read_stamp
from mlguide_site.importers.common.titles import MAX_NUMBER, read_number
from mlguide_site.importers.notes.dates import (
    BadDate,
    Opener,
    When,
    bad_date,
    fill_years,
    is_day_first,
    looks_like_opener,
    read_opener,
    read_when,
)
from mlguide_site.importers.notes.inline import bare_text, links_in, take_pictures
from mlguide_site.importers.notes.source import (
    MAX_TITLE,
    Line,
    Part,
    Parts,
    Remark,
    Text,
    is_rule,
    series_of,
    stem_title,
)

MAX_META = 20
"""Lines under a heading that may say when and where."""
MAX_WORDS = 12
CANCELLED_WORDS = 80
CLOSING = frozenset(
    "resources references links literature bibliography sources footnotes acknowledgements acknowledgments credits"
    " appendix".split()
) | {"further reading", "see also", "useful links", "additional resources", "further resources", "reading list"}
"""Headings after the last session that begin none."""
_HEAD_DATE = re.compile(r"(?:date|day|when)\s*:\s*[\"']?(\S.*)", re.I)
_LABEL = re.compile(r"\**(?P<label>[A-Za-z][A-Za-z /&-]{0,30}?)\**\s*:\s*\**\s*(?P<value>\S.*)$")
_ITEM = re.compile(r"^\s*(?:[-+*]|\d{1,3}[.)])\s+")
_WHERE = frozenset("format place location where venue platform room channel".split())
_WHEN = frozenset(["date", "date/time", "time", "when", "day", "date and time", "date & time"])
_PLACES = re.compile(
    r"(?:zoom|you\s?tube(?: live)?|(?:microsoft |ms )?teams|google meet|webex|discord|twitch|linked\s?in live|online"
    r"|in person|hybrid|live\s?stream|slack|skype|jitsi|virtual|remote|on\s?site|gather(?:\.town)?)",
    re.I,
)
_OFF = re.compile(
    r"\b(?:never (?:happened|took place|occurred)|(?:did|has) ?(?:n[o'’]t|not) (?:happen|take place|taken place)"
    r"|(?:was|is|got|has been|were) (?:cancell?ed|called off)|cancell?ed|called off)\b",
    re.I,
)
_EVENT = re.compile(
    r"\b(?:event|session|talk|meeting|lecture|class|webinar|call|workshop|seminar|course|day|it|this)\b", re.I
)
HEAD_LINES = 6
MAX_NAME = 100
SHOWN = 60
PROSE = re.compile(
    r"(?:^|[^\w-])(?:(?:today (?:is|was|marks)|this is|it[’']?s|welcome to)\s+(?:my\s+|the\s+)?"
    r"(?:day|entry)\s*#?\s*(?P<said>\d{1,5})"
    r"|(?P<ordinal>\d{1,5})(?:st|nd|rd|th) day of)\b",
    re.I,
)
"""A sentence that says which day it is."""
_DATED = re.compile(r"[\W_]*(?:date|when|datum|fecha)[*_]{0,2}\s*:\s*[*_]{0,2}\s*", re.I)
_UNITS = "day week module lesson lecture session class unit chapter part meeting cohort"
_DAY = re.compile(
    rf"(?P<unit>{_UNITS.replace(' ', '|')})\s{{0,3}}[-–—#.:]?\s{{0,3}}(?P<number>\d{{1,5}})(?![\w/])"
    r"[\s:.|)–—-]*(?P<title>.*)$",
    re.I,
)
_WEEKDAY = re.compile(r"[\s,_-]+(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?$", re.I)


class _Start(NamedTuple):
    """Where an episode begins: the index of the line, its title and number, its date with the line of that, its season,
    what stays of the line, what to report, the fields that the line says, and its text as a heading."""

    at: int
    title: str
    number: int | None
    when: When | None = None
    line: int = 1
    season: int | None = None
    kept: Sequence[Line] = ()
    remarks: Sequence[Remark] = ()
    fields: Mapping[str, Any] = MappingProxyType({})
    heading: str = ""


class _Meta(NamedTuple):
    """What is said of a session before its notes: its date with its line, what is wrong with a date, place, links."""

    when: When | None
    line: int
    bad: Remark | None
    place: str
    links: list[dict[str, str]]


def cut_sessions(text: Text, title: str) -> Parts:
    """The sessions of a file with this title. They are separated by pairs of `---`, by headings with dates, or by
    headings of the level that the file uses most outwardly."""
    lines = text.lines
    headings = {at: line.heading for at, line in enumerate(lines) if line.heading}
    day_first = is_day_first([line.text for line in (*text.top, *lines) if not line.code], list(headings.values()))
    levels = [lines[at].level for at in headings]
    level = 1 if levels.count(1) > 1 else 2 if 2 in levels else min(levels, default=0)
    pairs = rule_pairs([line.text if line.kind in {"text", "rule"} else "." for line in lines])
    starts = [at for at in headings if lines[at].level == level]
    # beside whole dates, numbers such as 11/30 are dates too
    short = any((when := read_when(headings[at], day_first)) and when.year for at in starts)
    metas = {at: _read_meta(lines[at], lines[at + 1 : at + 1 + MAX_META], day_first, short) for at in starts}
    dated = {at for at in starts if metas[at].when or metas[at].bad}
    if pairs or dated:
        # without a date, a heading within a block is one of its session's own
        edges = sorted(pairs)
        first = {at for last, at in pairwise([-1, *starts]) if last < 0 or bisect(edges, at) > bisect(edges, last)}
        starts = [at for at in starts if at in dated or (at in first if pairs else at == starts[0])]
    while len(starts) > 1 and starts[-1] not in dated and _title(lines[starts[-1]]).strip(" :.").casefold() in CLOSING:
        starts.pop()
    titles = [_title(lines[at]) for at in starts]
    numbers = _session_numbers(titles, title, text.context)
    found = list[_Start]()
    for at, end, shown, number in zip(starts, [*starts[1:], len(lines)], titles, numbers, strict=False):
        meta = metas[at]
        off = _is_off(shown, meta.when) or _is_cancelled(lines[at + 1 : end])
        fields = {"links": meta.links, "place": meta.place, "status": "cancelled" if off else ""}
        pictures = [Line(lines[at].number, shown) for shown in take_pictures(headings[at])[1:] if shown]
        remarks = [meta.bad] if meta.bad else []
        found.append(_Start(at, shown, number, meta.when, meta.line, kept=pictures, remarks=remarks, fields=fields))
    remarks = [
        Remark(line.number, bad.message, bad.remedy)
        for line in text.top
        if (said := _HEAD_DATE.match(line.text)) and (bad := bad_date(said[1], day_first))
    ]
    return _cut(lines, found, pairs, remarks)


def rule_pairs(texts: Sequence[str]) -> set[int]:
    """The indexes from the first to the last `---` of each run of several with nothing but blank lines between."""
    found, run = set[int](), list[int]()
    for at, text in enumerate([*texts, "."]):
        if is_rule(text):
            run.append(at)
        elif text.strip():
            found |= set(range(run[0], run[-1] + 1)) if len(run) > 1 else set()
            run = []
    return found


def _title(line: Line) -> str:
    return bare_text(take_pictures(line.heading)[0]) or "Untitled"


def _session_numbers(titles: Sequence[str], title: str, context: Context) -> list[int | None]:
    """Numbers from the titles where each has its own; else the order, unless the series is another file's."""
    written = [read_number(one).number for one in titles]
    known = context.series.get(series_of(title, context))
    if None in written or len(set(written)) < len(written):
        other = known is not None and known.title.casefold() != title.casefold()
        return [None if other else number for number in range(1, len(titles) + 1)]
    return written


def _cut(lines: Sequence[Line], starts: Sequence[_Start], dropped: Set[int], remarks: Sequence[Remark] = ()) -> Parts:
    """The lines cut where episodes begin; those whose indexes are `dropped` belong to none."""
    parts, said = list[Part](), list(remarks)
    ends = [*(start.at for start in starts[1:]), len(lines)]
    for start, end, (day, given) in zip(starts, ends, fill_years([start.when for start in starts]), strict=False):
        own = (line for at, line in enumerate(lines[start.at + 1 : end], start.at + 1) if at not in dropped)
        said += start.remarks
        if start.when and start.when.year is None:
            said.append(_without_year(start.line, start.when, day, starts[given].title))
        fields, line = {"date": day, **start.fields}, lines[start.at].number
        parts.append(
            Part(start.title, (*start.kept, *own), line, start.number, start.season, "", start.heading, fields)
        )
    before = (line for at, line in enumerate(lines[: starts[0].at if starts else 0]) if at not in dropped)
    return Parts(tuple(before), tuple(parts), tuple(said))


def _without_year(line: int, when: When, day: date | None, neighbour: str) -> Remark:
    """A remark on a date without its year, which a neighbour's date tells or none."""
    if day is None:
        return Remark(line, f'"{when.text}" names no year', "add the date by hand")
    message = f'"{when.text}" names no year; read as {day}, going by "{visible(neighbour)[:SHOWN]}"'
    return Remark(line, message, "correct the date if it is wrong", hint=True)


def _read_meta(title: Line, lines: Sequence[Line], day_first: bool | None, short: bool) -> _Meta:
    """What a session's heading says of its date and links, and the short lines under it, up to the first heading,
    picture or longer line."""
    when, at, places = read_when(title.heading, day_first, short), title.number, list[str]()
    wrong = None if when else bad_date(title.heading, day_first)
    bad = Remark(at, wrong.message, wrong.remedy) if wrong else None
    links = links_in(title.text)
    for line in lines:
        text = _ITEM.sub("", line.text).strip()
        if line.code or text.startswith("!") or line.level or len(bare_text(text).split()) > MAX_WORDS:
            break
        if found := links_in(text):
            links += found
            continue
        labelled = _LABEL.match(text)
        label = labelled["label"].strip().casefold() if labelled else ""
        value = labelled["value"].strip(" *\\") if labelled and label in _WHERE | _WHEN else text
        if label in _WHERE or _PLACES.fullmatch(bare_text(value)):
            places.append(bare_text(value))
        elif when is None:
            found_when = read_when(value, day_first)
            wrong = None if found_when or bad else bad_date(value, day_first, label in _WHEN)
            # a line is about its date where it is labelled so, or says little before it
            date_text = (found_when or wrong or BadDate("", "", "")).text
            if date_text and (label in _WHEN or len(bare_text(value).partition(date_text)[0].split()) <= 2):
                when, at = found_when, line.number
                bad = Remark(at, wrong.message, wrong.remedy) if wrong else bad
    return _Meta(when, at, bad, ", ".join(dict.fromkeys(places)), [{"title": name, "url": url} for name, url in links])


def _is_off(title: str, when: When | None) -> bool:
    """Whether the title of a session says, beside its date, only that it did not take place.

    >>> _is_off("11/30: cancelled!", When(None, 11, 30, "11/30")), _is_off("Cancelled flights", None)
    (True, False)
    """
    rest = title.replace(when.text, " ", 1) if when else title
    return bool(_OFF.fullmatch(re.sub(r"^[\W_]+|[\W_]+$", "", rest)))


def _is_cancelled(lines: Sequence[Line]) -> bool:
    """Whether a session's notes are little more than a line that says that it did not take place.

    >>> _is_cancelled([Line(1, "**EVENT NEVER HAPPENED**")]), _is_cancelled([Line(1, "We cancelled the terms, then")])
    (True, False)
    """
    if any(line.level for line in lines) or sum(len(line.text.split()) for line in lines) > CANCELLED_WORDS:
        return False
    texts = (bare_text(_ITEM.sub("", line.text)) for line in lines if not line.code)
    found = [(text, said) for text in texts if len(text.split()) <= MAX_WORDS and (said := _OFF.search(text))]
    starts = ((text, text[: said.start()]) for text, said in found)
    return any(not before.strip(" :-") or _EVENT.search(before) or text.isupper() for text, before in starts)


def is_day(text: str) -> bool:
    """Whether a heading or title begins as that of a day of a course.

    >>> is_day("Day 2: Better Data"), is_day("Days")
    (True, False)
    """
    return bool(_DAY.match(text))


def day_of(name: str) -> date | None:
    """The day that a note is named after, as daily notes are.

    >>> [str(day_of(name)) for name in ("2024-05-01.md", "j/2024_05_01.md", "20240501.md", "2024-05-01 Wednesday.md")]
    ['2024-05-01', '2024-05-01', '2024-05-01', '2024-05-01']
    >>> day_of("2024-05-01 Saws.md"), day_of("2024.md")
    (None, None)
    """
    stem = _WEEKDAY.sub("", splitext(basename(name.rstrip("/\\")))[0].strip()).replace("_", "-")
    stamp = read_stamp(re.sub(r"^((?:19|20)\d\d)([01]\d)([0-3]\d)$", r"\1-\2-\3", stem))
    return stamp.date if stamp and not stamp.duration else None


def cut_course(text: Text) -> Parts:
    """The days of a note of a vault, or the note as one episode."""
    day, named, lines = day_of(text.name), text.head.text("title"), text.lines
    first = lines[0].number if lines else 1
    title, lines = _note_title(lines, named, named or ("" if day else stem_title(text.name)), day)
    starts = _course_days(lines)
    if not starts:
        # the title of a note tells its number; `Day 3 - Saws` is called Saws
        said = _DAY.match(title)
        shown, slug = (said["title"] if said else "") or title, day.isoformat() if day else ""
        number = int(said["number"]) if said and int(said["number"]) <= MAX_NUMBER else None
        return Parts((), (Part(shown, tuple(lines), first, number, slug=slug),), (), title)
    return replace(_cut(lines, [_course_day(lines, *start) for start in starts], frozenset()), title=title or "Notes")


def _note_title(lines: Sequence[Line], named: str, title: str, day: date | None) -> tuple[str, Sequence[Line]]:
    """The title of a note, and its lines without a heading that says just that. A note that is named after a day has
    the title of its first heading, or else the day's date."""
    first = next((at for at, line in enumerate(lines) if line.text.strip()), -1)
    headings = [(at, text) for at, line in enumerate(lines) if line.level and (text := bare_text(line.heading))]
    at, shown = headings[0] if headings and not is_day(headings[0][1]) else (-1, "")
    fits = bool(shown) and len(shown) <= MAX_TITLE
    if fits and at == first and lines[at].level == 1 and named.casefold() in ("", shown.casefold()):
        return shown, [*lines[:at], *lines[at + 1 :]]
    if title or day is None:
        return title, lines
    if not fits:
        return f"{day.day} {MONTHS[day.month - 1].capitalize()} {day.year}", lines
    # one of several sections has to keep its heading
    alone = at == first and sum(lines[other].level == lines[at].level for other, _ in headings) == 1
    return shown, [*lines[:at], *lines[at + 1 :]] if alone else lines


def _course_days(lines: Sequence[Line]) -> list[tuple[int, re.Match[str]]]:
    """The headings that begin a day: of the unit and level that most of them share; each number once."""
    found = [
        (at, line.level, said)
        for at, line in enumerate(lines)
        if line.level and (said := _DAY.match(bare_text(take_pictures(line.heading)[0])))
    ]
    kinds = Counter((said["unit"].casefold(), level) for _, level, said in found)
    best = min(kinds, key=lambda kind: (-kinds[kind], kind[1], _UNITS.split().index(kind[0])), default=("", 0))
    if not kinds or (kinds[best] < 2 and best[1] > 2):
        return []
    days: dict[int, tuple[int, re.Match[str]]] = {}
    for at, level, said in found:
        if (said["unit"].casefold(), level) == best:
            days.setdefault(int(said["number"]), (at, said))
    return list(days.values())


def _course_day(lines: Sequence[Line], at: int, said: re.Match[str]) -> _Start:
    """A day of a note, by its heading."""
    line, number = lines[at], int(said["number"])
    text, pictures = take_pictures(line.heading)
    opener = read_opener(bare_text(text))
    when = opener.when if opener else None
    title = opener.title if opener and when else said["title"].rstrip(" :-–—")
    return _Start(
        at,
        title or f"{said['unit'].capitalize()} {number}",
        number if number <= MAX_NUMBER else None,
        when,
        line.number,
        kept=[Line(line.number, pictures)] if pictures else [],
        fields={"links": [{"title": label, "url": url} for label, url in links_in(line.heading)]},
        heading=said[0].strip(),
    )


def cut_log(lines: Sequence[Line], name: str) -> Parts:
    """The days of a log: each begins with a line that says so."""
    day_first = day_comes_first([line.text for line in lines if len(line.text) <= SHOWN])
    found, remarks = _log_days(lines, day_first)
    if not found:
        title, day = stem_title(name) or "Entry", _own_date(lines, day_first)
        return Parts((), (Part(title, tuple(lines), lines[0].number, fields={"date": day}),), tuple(remarks), "", True)
    openers = [opener for _, _, opener in found if opener]
    rounds = len({opener.round for opener in openers if opener.round is not None}) > 1
    starts = list[_Start]()
    for (at, number, opener), end in zip(found, [*(at for at, _, _ in found[1:]), len(lines)], strict=True):
        line = lines[at]
        until = f" & {opener.until}" if opener and opener.until is not None else ""
        title = (bare_text(opener.title) if opener else "") or f"Day {number}{until}"
        season, when = opener.round if opener and rounds else None, _when(opener, lines[at:end], day_first)
        message = f'"{visible(opener.impossible)}" is no possible date' if opener and opener.impossible else ""
        bad = [Remark(line.number, message, "add it by hand")] if message else []
        starts.append(_Start(at, title, number, when, line.number, season, _first_line(line, opener), bad))
    named = _log_title(lines[: starts[0].at], len(starts))
    title = bare_text(lines[named].heading or lines[named].text) if named >= 0 else ""
    plain = sum(opener.heading for opener in openers) < max(2, len(starts) / 2)
    return replace(_cut(lines, starts, {named}, remarks), title=title, plain=plain)


def _when(opener: Opener | None, lines: Sequence[Line], day_first: bool) -> When | None:
    """The date of a day of a log: that of its opener, or the one that begins one of its first lines."""
    if opener and opener.when:
        return opener.when
    day = _own_date(lines, day_first)
    return When(day.year, day.month, day.day, "") if day else None


def _log_days(lines: Sequence[Line], day_first: bool) -> tuple[list[tuple[int, int, Opener | None]], list[Remark]]:
    """Index, number and opener of the lines that begin days, and remarks on lines that only look so."""
    read = [None if line.kind == "fence" else read_opener(line.text, day_first) for line in lines]
    prose = [0 if line.kind == "fence" else _prose_day(line.text) for line in lines]
    # where days begin with lines of their own, a sentence that names a day begins none
    counts = sum(number > 0 for number in prose) >= sum(opener is not None for opener in read)
    starts, remarks = list[tuple[int, int, Opener | None]](), list[Remark]()
    seen: dict[tuple[int | None, int], int] = {}
    for at, (line, opener) in enumerate(zip(lines, read, strict=True)):
        number = opener.number if opener else prose[at] if counts else 0
        key = (opener.round if opener else None, number)
        if (opener or number) and key not in seen:
            seen[key] = line.number
            starts.append((at, number, opener))
        elif opener:
            message = f"day {number} began on line {seen[key]} already; this line stays within the day before"
            remarks.append(Remark(line.number, message, "give it a number of its own if it begins another day"))
        elif line.kind != "fence" and not prose[at] and looks_like_opener(line.text):
            message = f'"{visible(line.text.strip())[:SHOWN]}" may begin a day; it stays within the one before'
            remarks.append(Remark(line.number, message, "write it as `Day 3: Title` if it does"))
    return starts, remarks


def _prose_day(text: str) -> int:
    found = PROSE.search(text.strip()[:300])
    return int(found["said"] or found["ordinal"]) if found else 0


def _first_line(line: Line, opener: Opener | None) -> list[Line]:
    """The line that begins a day as it stays in the body: none where it is a heading whose fields say all of it."""
    if opener is None or not opener.heading:
        return [line]
    if opener.whole and bare_text(opener.title) == opener.title:
        return []
    return [line._replace(text=line.text.strip().lstrip("#").strip(), level=0)]


def _log_title(before: Sequence[Line], days: int) -> int:
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


def _own_date(lines: Sequence[Line], day_first: bool) -> date | None:
    """The date with which one of a day's first short lines begins."""
    head = [line.text.strip() for line in lines if line.text.strip()][:HEAD_LINES]
    dates = (read_date(_DATED.sub("", text, count=1), day_first) for text in head if len(text) <= SHOWN)
    return next((found for found in dates if found), None)
