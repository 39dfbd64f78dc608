"""Days of a learning log and of a course kept in a vault: where each begins, its number, title and date."""

import re
from collections import Counter
from collections.abc import Sequence
from datetime import date
from os.path import basename, splitext

from mlguide_site.errors import visible
from mlguide_site.importers.fields import MONTHS, day_comes_first, read_date, read_stamp
from mlguide_site.importers.notes.dates import When, fill_years
from mlguide_site.importers.notes.marks import bare_text, links_in, take_pictures
from mlguide_site.importers.notes.openers import Opener, looks_like_opener, read_opener
from mlguide_site.importers.notes.parts import Part, Parts, Remark, Text
from mlguide_site.importers.notes.source import MAX_TITLE, Line, stem_title
from mlguide_site.importers.titles import MAX_NUMBER

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
_DIGITS = re.compile(r"((?:19|20)\d\d)([01]\d)([0-3]\d)", re.A)


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
    if whole := _DIGITS.fullmatch(stem):
        stem = "-".join(whole.groups())
    stamp = read_stamp(stem)
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
    ends = [*(at for at, _ in starts[1:]), len(lines)]
    parts = [_course_day(lines[at], said, lines[at + 1 : end]) for (at, said), end in zip(starts, ends, strict=True)]
    return Parts(tuple(lines[: starts[0][0]]), tuple(parts), (), title or "Notes")


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


def _course_day(line: Line, said: re.Match[str], lines: Sequence[Line]) -> Part:
    """A day of a note, from the line of its heading on."""
    text, pictures = take_pictures(line.heading)
    number, title = int(said["number"]), said["title"].rstrip(" :-–—")
    opener = read_opener(bare_text(text))
    on = opener.when.on(opener.when.year) if opener and opener.when and opener.when.year else None
    title = (opener.title if opener and on else title) or f"{said['unit'].capitalize()} {number}"
    own = [Line(line.number, pictures), *lines] if pictures else lines
    links = [{"title": label, "url": url} for label, url in links_in(line.heading)]
    number_or_none = number if number <= MAX_NUMBER else None
    fields = {"date": on, "links": links}
    return Part(title, tuple(own), line.number, number_or_none, heading=said[0].strip(), fields=fields)


def cut_log(lines: Sequence[Line], name: str) -> Parts:
    """The days of a log: each begins with a line that says so; the lines before the first one belong to it."""
    day_first = day_comes_first([line.text for line in lines if len(line.text) <= SHOWN])
    starts, remarks = _log_days(lines, day_first)
    if not starts:
        title, day = stem_title(name) or "Entry", _own_date(lines, day_first)
        return Parts((), (Part(title, tuple(lines), lines[0].number, fields={"date": day}),), tuple(remarks), "", True)
    named = _log_title(lines[: starts[0][0]], len(starts))
    openers = [opener for _, _, opener in starts]
    edges = [0, *(at for at, _, _ in starts[1:]), len(lines)]
    whens = [_when(opener, lines[at:end], day_first) for (at, _, opener), end in zip(starts, edges[1:], strict=True)]
    rounds = len({opener.round for opener in openers if opener and opener.round is not None}) > 1
    parts = list[Part]()
    for (at, number, opener), begin, end, when, (day, given) in zip(
        starts, edges, edges[1:], whens, fill_years(whens), strict=False
    ):
        before = [line for index, line in enumerate(lines[begin:at], begin) if index != named]
        if opener and opener.impossible:
            message = f'"{visible(opener.impossible)}" is no possible date'
            remarks.append(Remark(lines[at].number, message, "add it by hand"))
        if when and when.year is None:
            source = f"; by day {parts[given].number if given < len(parts) else starts[given][1]}, it is {day}"
            message, remedy = f'"{when.text}" names no year', "add the date by hand"
            if day:
                message, remedy = message + source, "correct the date if it is wrong"
            remarks.append(Remark(lines[at].number, message, remedy, hint=day is not None))
        season = opener.round if opener and rounds else None
        until = f" & {opener.until}" if opener and opener.until is not None else ""
        title = bare_text(opener.title) if opener else ""
        own = (*before, *_first_line(lines[at], opener), *lines[at + 1 : end])
        fields = {"date": day, "season": season}
        parts.append(Part(title or f"Day {number}{until}", own, lines[begin].number, number, season, fields=fields))
    headed = sum(bool(opener and opener.heading) for opener in openers)
    series = bare_text(lines[named].heading or lines[named].text) if named >= 0 else ""
    return Parts((), tuple(parts), tuple(remarks), series, not (headed > 1 and 2 * headed >= len(starts)))


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
