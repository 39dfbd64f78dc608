"""Notes of a vault (Obsidian and its relatives): a file with days or weeks of a course, or a folder of notes."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from os.path import basename, splitext

from mlguide_site.importers import Source
from mlguide_site.importers.assets import is_note
from mlguide_site.importers.common.dates_and_durations import MONTHS, read_date
from mlguide_site.importers.common.titles import MAX_NUMBER
from mlguide_site.importers.notes.inline import bare_text, links_in
from mlguide_site.importers.notes.log import take_date
from mlguide_site.importers.notes.source import HEADING, Note, Part, sniffed, stem_title, without_fences

_VAULT = re.compile(r"!?\[\[[^\[\]\n]{1,300}\]\]|^\s{0,3}>\s?\[!\w+\]|(?<![=\w])==[^\s=]|^>\s?NOTE:", re.M)
_UNITS = "day week module lesson lecture session class unit chapter part meeting cohort"
DAY = re.compile(
    rf"(?P<unit>{_UNITS.replace(' ', '|')})\s{{0,3}}[-–—#.:]?\s{{0,3}}(?P<number>\d{{1,5}})(?![\w/])"
    r"[\s:.|)–—-]*(?P<title>.*)$",
    re.I,
)
_DAILY = re.compile(
    r"((?:19|20)\d\d)([-_]?)([01]\d)\2([0-3]\d)(?:[\s,_-]+(?:mon|tue|wed|thu|fri|sat|sun)[a-z]{0,6})?", re.I
)


def sniff(source: Source) -> bool:
    """Whether a source is a folder of notes, or Markdown with embeds, wiki links, callouts, highlights or days."""
    if not source.data and any(is_note(path) for path in source.files):
        return True
    text = sniffed(source)
    headings = [bare_text(found[2]) for line in without_fences(text.split("\n")) if (found := HEADING.match(line))]
    return bool(_VAULT.search(text)) or any(map(DAY.match, headings)) or bool(headings and is_note(source.name))


def day_of(name: str) -> date | None:
    """The day that a note is named after, as daily notes are.

    >>> [str(day_of(name)) for name in ("j/2024_05_01.md", "20240501.md", "2024-05-01 Wednesday.md", "2024-05-01 Saws")]
    ['2024-05-01', '2024-05-01', '2024-05-01', 'None']
    """
    found = _DAILY.fullmatch(splitext(basename(name.rstrip("/\\")))[0].strip())
    return read_date(f"{found[1]}-{found[3]}-{found[4]}") if found else None


def cut(note: Note) -> Note:
    """The days of a note of a vault, or the note as one episode. A note that is named after a day and has no title of
    its own has the day's date."""
    day = day_of(note.name)
    dated = f"{day.day} {MONTHS[day.month - 1].capitalize()} {day.year}" if day else ""
    note = replace(note, title=note.title or dated or stem_title(note.name))
    if parts := _days(note):
        return replace(note, title=note.title or "Notes").cut(parts)
    # the title of a note tells its number; `Day 3 - Saws` is called Saws
    named = DAY.match(note.title)
    number = int(named["number"]) if named and int(named["number"]) <= MAX_NUMBER else None
    title, slug = (named["title"] if named else "") or note.title, day.isoformat() if day else ""
    return note.cut([Part(title, 0, tuple(note.lines[:1]), number, slug=slug)])


def _days(note: Note) -> Sequence[Part]:
    """The headings that begin a day: of the unit and level that most of them share; each number once."""
    found = [
        (at, line.level, day)
        for at, line in enumerate(note.lines)
        if line.level and (day := DAY.match(bare_text(line.heading)))
    ]
    kinds = Counter((day["unit"].casefold(), level) for _, level, day in found)
    best = min(kinds, key=lambda kind: (-kinds[kind], kind[1], _UNITS.split().index(kind[0])), default=("", 0))
    if not kinds or (kinds[best] < 2 and best[1] > 2):
        return []
    days: dict[int, Part] = {}
    for at, level, day in found:
        if (day["unit"].casefold(), level) == best:
            days.setdefault(int(day["number"]), _part(note, at, day))
    return list(days.values())


def _part(note: Note, at: int, day: re.Match[str]) -> Part:
    """A day of a note, by its heading."""
    line, number = note.lines[at], int(day["number"])
    when, title = take_date(day["title"].rstrip(" :-–—"), note.day_first)
    return Part(
        title or f"{day['unit'].capitalize()} {number}",
        at,
        line.pictures(),
        number if number <= MAX_NUMBER else None,
        when=when,
        heading=day[0].strip(),
        fields={"links": [{"title": label, "url": url} for label, url in links_in(line.heading)]},
    )
