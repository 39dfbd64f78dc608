"""Learning logs: plain text or Markdown in which each day begins with a line that says which day it is."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import NamedTuple

from mlguide_site.importers import EntryDraft, Source
from mlguide_site.importers.common.dates_and_durations import WEEKDAY, When, read_when
from mlguide_site.importers.notes.inline import bare_text
from mlguide_site.importers.notes.source import HEADING, Line, Note, Part, sniffed, stem_title, without_fences
from mlguide_site.model.slugs import make_slug

HEAD_LINES = 6
SHOWN = 60
MAX_OPENER = 300
MIN_ABBREVIATIONS = 3
_OPEN = re.compile(
    r"(?P<hashes>#{1,6}\s*)?(?P<bold>\*\*|__)?"
    r"(?:(?:day|entry|log(?: entry)?)\s{0,3}[#–-]?\s{0,3}(?P<day>\d{1,5})"
    r"|(?:round\s?|r)(?P<round>\d{1,3})[\s,:-]{0,3}(?:day\s?|d)(?P<within>\d{1,5}))(?!\w)"
    r"(?P<until>\s?(?:&|and)\s?(?:day\s?)?\d{1,5}(?!\w))?"
    r"(?P<of>(?:\s?/\s?\d{1,5}(?!\w))?(?:\s+of\s+(?:my\s+|the\s+)?(?:#\w{2,60}|\d{1,5}(?!\w)))?)(?P<rest>.*)$",
    re.I,
)
_PART = re.compile(r"\s*[-–—:.|!]\s*|\s*(?=[(\[])")
_MARKS = " \t-–—:|!."
_BEFORE = re.compile(rf"(?:^|\s*[(\[,–—:|-])\s*(?:{WEEKDAY})?[\s(\[,]*$", re.I)
_AFTER = re.compile(rf"[\s,(\[]*(?:{WEEKDAY}(?!\w))?[\s)\],;]*(?=$|[\s–—:|!.-])", re.I)
_PROSE = re.compile(
    r"(?:^|[^\w-])(?:(?:today (?:is|was|marks)|this is|it[’']?s|welcome to)\s+(?:my\s+|the\s+)?"
    r"(?:day|entry)\s*#?\s*(?P<day>\d{1,5})|(?P<ordinal>\d{1,5})(?:st|nd|rd|th) day of)\b",
    re.I,
)
"""A sentence that says which day it is."""
_DATED = re.compile(r"[\W_]*(?:(?:date|when)[*_]{0,2}\s*:\s*[*_]{0,2}\s*)?(?:" + WEEKDAY + r",?\s+)?", re.I)
_CALLOUT = re.compile(r"^\s{0,3}>\s?\[!\w", re.M)
_ABBREVIATION = re.compile(
    r"(?<![\w/])(?P<short>[A-Z][A-Za-z0-9/&-]{0,9}[A-Z0-9]s?):\s+(?P<long>[A-Za-z][^,.;:()\n]{2,60}?)(?=\s*(?:[,.;]|\band\b|$))"
)


class Opener(NamedTuple):
    """What a line says that begins a day: the number, the round, the title, and the date. `heading` tells that it is a
    heading, `whole` that it says nothing else, and `sure` that it also says of how many, of which hashtag, in which
    round or on which date."""

    number: int
    round: int | None = None
    title: str = ""
    when: When | None = None
    heading: bool = False
    whole: bool = False
    sure: bool = False


def read_opener(line: str, day_first: bool | None = None) -> Opener | None:
    """What a line says that begins a day; None where it begins none, as in `Day 5 was best`.

    >>> lines = ["Day 3/100 of #100Days", "### R1D3 - March 4, 2024", "## Day 3 & 4", "Day 2 (16 Jan 2024): Grids"]
    >>> for line in lines:
    ...     one = read_opener(line)
    ...     print(one.number, one.round, repr(one.title), one.when and one.when.text, one.whole)
    3 None '' None False
    3 1 '' March 4, 2024 True
    3 None 'Day 3 & 4' None True
    2 None 'Grids' 16 Jan 2024 True
    >>> read_opener("Day 5 was best."), read_opener("Day 2 of the course was fun"), read_opener("Tomorrow is Day 6")
    (None, None, None)
    """
    text = line.strip()
    found = _OPEN.match(text) if len(text) <= MAX_OPENER else None
    if not found:
        return None
    number, rest = int(found["day"] or found["within"]), found["rest"].replace(found["bold"] or "\0", "", 1)
    separator = _PART.match(rest)
    when, title = take_date(rest[separator.end() :].strip() if separator else rest.strip(), day_first)
    if rest.strip() and not separator and "#" not in found["of"] and when is None:
        return None
    title = title.strip(_MARKS) if separator or when else ""
    if found["until"]:
        title = f"Day {number}{found['until']}" + (f": {title}" if title else "")
    season = int(found["round"]) if found["round"] else None
    sure = bool(season is not None or found["of"] or when)
    whole = not found["of"] and bool(title or when or not rest.strip(_MARKS))
    return Opener(number, season, title, when, bool(found["hashes"]), whole, sure)


def take_date(text: str, day_first: bool | None = None) -> tuple[When | None, str]:
    """The date at the beginning or the end of a title, set off by a mark, and the title without it.

    >>> [take_date(text)[1] for text in ["(16 Jan 2024): Grids", "Grids (Tue, 16 Jan 2024)", "On 16 Jan we met"]]
    ['Grids', 'Grids', 'On 16 Jan we met']
    """
    when = read_when(text, day_first)
    before, _, after = text.partition(when.text) if when else (text, "", "")
    set_off, rest = _BEFORE.search(before), _AFTER.match(after)
    if not when or not set_off or not rest:
        return None, text
    title, tail = before[: set_off.start()].strip(), after[rest.end() :].strip(_MARKS)
    return (None, text) if title and tail else (when, title or tail)


def sniff(source: Source) -> bool:
    """Whether a source is text that says at its beginning which day it is, or that counts its sections in days."""
    text = sniffed(source)[:20_000].lstrip(" \n\t")
    if text.startswith("---") or "[[" in text:
        return False
    lines = without_fences(text.split("\n"))
    openers = [opener for line in lines if (opener := read_opener(line))]
    several = len({(opener.round, opener.number) for opener in openers}) > 1
    # days that begin in ways that only logs have: with a date, a round, a hashtag, or as plain lines
    signs = sum(opener.sure or not opener.heading for opener in openers)
    if several and 2 * signs >= len(openers) and not _CALLOUT.search(text):
        return True
    if sum((found := HEADING.match(line)) is not None and len(found[1]) == 2 for line in lines) > 1:
        return False
    texts = [line for line in text.split("\n") if line.strip()][:HEAD_LINES]
    first = [read_opener(line) for line in texts]
    return any(one and (one.sure or not at) for at, one in enumerate(first)) or any(
        _PROSE.search(line[:300]) for line in texts
    )


def cut(note: Note) -> Note:
    """The days of a log, or the log as one episode."""
    lines = note.lines
    found = _days(note)
    rounds = len({opener.round for _, opener in found if opener.round is not None}) > 1
    ends = [*(at for at, _ in found[1:]), len(lines)]
    parts = [
        Part(
            bare_text(opener.title) or f"Day {opener.number}",
            at,
            _kept(lines[at], opener),
            opener.number,
            opener.round if rounds else None,
            opener.when or _own_date(lines[at:end], note.day_first),
        )
        for (at, opener), end in zip(found, ends, strict=False)
    ]
    entry = Part(stem_title(note.name) or "Entry", 0, tuple(lines[:1]), when=_own_date(lines, note.day_first))
    plain = sum(opener.heading for _, opener in found) < max(2, len(parts) / 2)
    return replace(note, title=note.title or _guess_title(note.name)).cut(parts or [entry], plain=plain)


def _days(note: Note) -> list[tuple[int, Opener]]:
    """Index and opener of the lines that begin days, the first of each number."""
    outside = [(at, line.text) for at, line in enumerate(note.lines) if line.kind != "fence"]
    read = {at: opener for at, text in outside if (opener := read_opener(text, note.day_first))}
    prose = {
        at: Opener(int(one["day"] or one["ordinal"])) for at, text in outside if (one := _PROSE.search(text[:300]))
    }
    # where days begin with lines of their own, a sentence that names a day begins none
    counted = {**prose, **read} if len(prose) >= len(read) else read
    starts: dict[tuple[int | None, int], tuple[int, Opener]] = {}
    for at, opener in sorted(counted.items()):
        starts.setdefault((opener.round, opener.number), (at, opener))
    return list(starts.values())


def _kept(line: Line, opener: Opener) -> tuple[Line, ...]:
    """The line that begins a day as it stays in the body: none where it is a heading whose fields say all of it."""
    if not opener.heading:
        return (line,)
    if opener.whole and bare_text(opener.title) == opener.title:
        return ()
    return (line._replace(text=line.text.strip().lstrip("#").strip(), level=0),)


def _guess_title(name: str) -> str:
    """The title of a log: the words of its file's name, or `Learning Log`.

    >>> _guess_title("my_first-knots.txt"), _guess_title("day-12.md"), _guess_title("004_aa598ef4.txt")
    ('First Knots', 'Learning Log', 'Learning Log')
    """
    words = re.findall(r"(?<![^\W_])[^\W\d_]{3,30}(?![^\W_])", stem_title(name))
    named = [word for word in words if word.casefold() not in {"day", "entry", "note", "notes"}]
    return " ".join(word[0].upper() + word[1:] for word in named) or "Learning Log"


def _own_date(lines: Sequence[Line], day_first: bool | None) -> When | None:
    """The date with which one of a day's first short lines begins."""
    head = [line.text.strip() for line in lines if line.text.strip()][:HEAD_LINES]
    texts = (_DATED.sub("", text, count=1) for text in head if len(text) <= SHOWN)
    found = ((read_when(text, day_first), text) for text in texts)
    return next((when for when, text in found if when and when.date and text.startswith(when.text)), None)


def find_terms(lines: Sequence[Line]) -> Iterator[EntryDraft]:
    """Terms for the abbreviations of lines that explain several, or that call themselves so."""
    for line in lines:
        found = [] if line.kind == "fence" else list(_ABBREVIATION.finditer(line.text[:5000]))
        if len(found) < MIN_ABBREVIATIONS and not (found and "abbreviation" in line.text.casefold()):
            continue
        for one in found:
            long = " ".join(one["long"].split())
            yield EntryDraft("term", make_slug(long), {"term": long, "abbreviations": [one["short"]]}, line=line.number)
