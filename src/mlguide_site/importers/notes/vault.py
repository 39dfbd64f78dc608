"""Notes of a vault (Obsidian and its relatives): a file with days or weeks of a course, or a folder of notes."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from os.path import basename, splitext

from mlguide_site.importers import Source
from mlguide_site.importers.assets import is_note
from mlguide_site.importers.common.dates_and_durations import MONTHS, read_stamp
from mlguide_site.importers.common.titles import MAX_NUMBER
from mlguide_site.importers.notes.inline import bare_text, links_in, take_pictures
from mlguide_site.importers.notes.log import read_opener
from mlguide_site.importers.notes.source import (
    HEADING,
    MAX_TITLE,
    Line,
    Note,
    Part,
    Start,
    cut_at,
    sniffed,
    stem_title,
    without_fences,
)

_VAULT = re.compile(r"!?\[\[[^\[\]\n]{1,300}\]\]|^\s{0,3}>\s?\[!\w+\]|(?<![=\w])==[^\s=]|^>\s?NOTE:", re.M)
_UNITS = "day week module lesson lecture session class unit chapter part meeting cohort"
_DAY = re.compile(
    rf"(?P<unit>{_UNITS.replace(' ', '|')})\s{{0,3}}[-–—#.:]?\s{{0,3}}(?P<number>\d{{1,5}})(?![\w/])"
    r"[\s:.|)–—-]*(?P<title>.*)$",
    re.I,
)
_WEEKDAY = re.compile(r"[\s,_-]+(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?$", re.I)


def sniff(source: Source) -> bool:
    """Whether a source is a folder of notes, or Markdown with embeds, wiki links, callouts, highlights or days."""
    if not source.data and any(is_note(path) for path in source.files):
        return True
    text = sniffed(source)
    if _VAULT.search(text):
        return True
    headings = [bare_text(found[2]) for line in without_fences(text.split("\n")) if (found := HEADING.match(line))]
    return any(map(_DAY.match, headings)) or bool(headings and is_note(source.name))


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


def cut(note: Note) -> Note:
    """The days of a note of a vault, or the note as one episode."""
    day = day_of(note.name)
    first = note.lines[0].number if note.lines else 1
    title, lines = _title(note, day)
    note = replace(note, lines=lines)
    starts = _days(lines)
    if starts:
        return cut_at(note, [_start(lines, *start) for start in starts], title=title or "Notes")
    # the title of a note tells its number; `Day 3 - Saws` is called Saws
    named = _DAY.match(title)
    number = int(named["number"]) if named and int(named["number"]) <= MAX_NUMBER else None
    slug = day.isoformat() if day else ""
    return note.cut(
        [Part((named["title"] if named else "") or title, tuple(lines), first, number, slug=slug)], (), title
    )


def _title(note: Note, day: date | None) -> tuple[str, Sequence[Line]]:
    """The title of a note, and its lines without a heading that says just that. A note that is named after a day has
    the title of its first heading, or else the day's date."""
    lines, named = note.lines, note.head.text("title")
    title = named or ("" if day else stem_title(note.name))
    first = next((at for at, line in enumerate(lines) if line.text.strip()), -1)
    headings = [(at, text) for at, line in enumerate(lines) if line.level and (text := bare_text(line.heading))]
    at, shown = headings[0] if headings and not _DAY.match(headings[0][1]) else (-1, "")
    rest = [*lines[:at], *lines[at + 1 :]]
    fits = bool(shown) and len(shown) <= MAX_TITLE
    if fits and at == first and lines[at].level == 1 and named.casefold() in ("", shown.casefold()):
        return shown, rest
    if title or day is None:
        return title, lines
    if not fits:
        return f"{day.day} {MONTHS[day.month - 1].capitalize()} {day.year}", lines
    # one of several sections has to keep its heading
    alone = at == first and sum(lines[other].level == lines[at].level for other, _ in headings) == 1
    return shown, rest if alone else lines


def _days(lines: Sequence[Line]) -> list[tuple[int, re.Match[str]]]:
    """The headings that begin a day: of the unit and level that most of them share; each number once."""
    found = [
        (at, line.level, day)
        for at, line in enumerate(lines)
        if line.level and (day := _DAY.match(bare_text(take_pictures(line.heading)[0])))
    ]
    kinds = Counter((day["unit"].casefold(), level) for _, level, day in found)
    best = min(kinds, key=lambda kind: (-kinds[kind], kind[1], _UNITS.split().index(kind[0])), default=("", 0))
    if not kinds or (kinds[best] < 2 and best[1] > 2):
        return []
    days: dict[int, tuple[int, re.Match[str]]] = {}
    for at, level, day in found:
        if (day["unit"].casefold(), level) == best:
            days.setdefault(int(day["number"]), (at, day))
    return list(days.values())


def _start(lines: Sequence[Line], at: int, day: re.Match[str]) -> Start:
    """A day of a note, by its heading."""
    line, number = lines[at], int(day["number"])
    text, pictures = take_pictures(line.heading)
    opener = read_opener(bare_text(text))
    when = opener.when if opener else None
    title = opener.title if opener and when else day["title"].rstrip(" :-–—")
    part = Part(
        title or f"{day['unit'].capitalize()} {number}",
        (Line(line.number, pictures),) if pictures else (),
        line.number,
        number if number <= MAX_NUMBER else None,
        heading=day[0].strip(),
        fields={"links": [{"title": label, "url": url} for label, url in links_in(line.heading)]},
    )
    return Start(at, part, when, line.number)
