"""A day's entry of a learning log, saved as text: one line a paragraph, list items behind hyphens, no headings.

Sections begin with lead words (`Firstly, …`) or are short lines of their own (`Lecture 27`, `The homework`); numbered
levels and questions (`Level 0: …`, `Q1: …`) hold what follows them.
"""

import re
from collections.abc import Iterator, Sequence
from datetime import date
from os.path import basename, splitext
from typing import Any, NamedTuple

from mlguide_site.errors import Problem
from mlguide_site.importers.base import Context, Draft, EntryDraft, Item, SeriesDraft, Source
from mlguide_site.importers.fields import read_date
from mlguide_site.importers.log_lines import to_markdown
from mlguide_site.importers.sections import Line, heading, mark_code, read_lines, series_of, stem_title, too_many
from mlguide_site.slugs import make_slug

FORMAT = "log"
SNIFFED = 20_000
HEAD_LINES = 6
DEFAULT_TITLE = "Learning Log"
_OPENER = re.compile(
    r"(?:^|[^\w-])(?:(?:today (?:is|was|marks)|this is|it[’']?s|welcome to)\s+(?:my\s+|the\s+)?"
    r"(?:day|entry)\s*#?\s*(?P<said>\d{1,5})"
    r"|(?P<ordinal>\d{1,5})(?:st|nd|rd|th) day of)\b",
    re.I,
)
_PLAIN_OPENER = re.compile(
    r"#{0,3}\s?(?:day|entry|log)\s*#?\s*(?P<said>\d{1,5})(?!\w)\s*(?:[-–—:.|!]\s*(?P<title>.{0,200}))?$", re.I
)
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
MIN_ABBREVIATIONS = 3


class Day(NamedTuple):
    """One day's entry: its number and title ("" where it has none), and its lines."""

    number: int | None
    title: str
    lines: tuple[Line, ...]


def sniff(source: Source) -> bool:
    """Whether a source is text that says at its beginning which day it is, or that counts its sections in words."""
    text = source.data[:SNIFFED].decode("utf-8", "replace").lstrip("\ufeff \r\n\t")
    if text.startswith(("<", "{", "---")) or "\x00" in text or "[[" in text:
        return False
    lines = [
        line for line in mark_code(text.replace("\r\n", "\n").replace("\r", "\n").split("\n")) if line.text.strip()
    ]
    if sum((found := heading(line)) is not None and found.level == 2 for line in lines) > 1:
        return False
    if any(_OPENER.search(line.text[:300]) for line in lines[:HEAD_LINES]):
        return True
    leads = {line.text.split()[0].casefold().strip(",:") for line in lines if _LEAD.match(line.text)}
    return bool(lines and _PLAIN_OPENER.match(lines[0].text.strip())) or len(leads) > 1


def read(source: Source, context: Context) -> Iterator[Item]:
    """Drafts of the days and the terms that they explain."""
    lines = read_lines(source)
    if isinstance(lines, Problem):
        yield lines
        return
    days = _days(lines)
    if fault := too_many(source.name, 0, [day.lines[0].number for day in days if day.lines], "days"):
        yield fault
        return
    title = _series_title(source.name, lines)
    series = series_of(title, context)
    known = context.series.get(series)
    yield SeriesDraft(series, {"title": known.title if known and context.given else title, "kind": "log"})
    for day in days:
        yield from _terms(day.lines)
        yield _draft(series, day, source, len(days) == 1)


def _series_title(name: str, lines: Sequence[Line]) -> str:
    """What the log is called: as its text says (`Day 3 of Reading Less`), as its file, or else `Learning Log`."""
    for line in [line for line in lines if line.text.strip()][:HEAD_LINES]:
        if found := _NAMED.search(line.text[:500]):
            return (found["name"] or found["tag"].lstrip("#")).strip()
    words = [word for word in stem_title(name).split() if re.fullmatch(r"[^\W\d_]{3,30}", word)]
    plain = [word for word in words if word.casefold() not in {"day", "entry", "notes", "note", "txt"}]
    coded = any(re.fullmatch(r"(?=[a-z]*\d)[0-9a-f]{6,64}", word) for word in stem_title(name).split())
    return DEFAULT_TITLE if coded or not plain else " ".join(plain).title() if plain[0].islower() else " ".join(plain)


def _days(lines: Sequence[Line]) -> list[Day]:
    """The days of a source: each begins with a line that says so; what stands before the first is the first one's."""
    starts: list[tuple[int, int, str]] = []
    seen: set[int] = set()
    for at, line in enumerate(lines):
        if line.code:
            continue
        text = line.text.strip()[:300]
        plain = _PLAIN_OPENER.match(text)
        found = plain or _OPENER.search(text)
        number = int(found["said"] or found.groupdict().get("ordinal") or "0") if found else 0
        if found and number and number not in seen:
            seen.add(number)
            starts.append((at, number, (plain["title"] or "").strip() if plain else ""))
    if not starts:
        return [Day(None, "", tuple(lines))]
    edges = [0, *(at for at, _, _ in starts[1:]), len(lines)]
    return [Day(number, title, tuple(lines[edges[at] : edges[at + 1]])) for at, (_, number, title) in enumerate(starts)]


def _draft(series: str, day: Day, source: Source, alone: bool) -> Draft:
    title = day.title or (f"Day {day.number}" if day.number is not None else stem_title(source.name) or "Entry")
    fields: dict[str, Any] = {"title": title}
    if written := _date(day, source.name if alone else ""):
        fields["date"] = written
    fields["source"] = {"format": FORMAT, **({"url": source.url} if source.url else {})}
    first = next((at for at, line in enumerate(day.lines) if line.text.strip()), 0)
    shown = day.lines[first].text.strip().lstrip("# ").rstrip(".!: ") if day.lines else ""
    # a line that says just the title is the title
    body = day.lines[first + 1 :] if shown.casefold() == title.casefold() else day.lines
    line = day.lines[first].number if day.lines else 1
    return Draft(series, day.number, None, make_slug(title, ""), fields, to_markdown(body), line=line)


def _date(day: Day, name: str) -> date | None:
    head = [line.text.strip() for line in day.lines if line.text.strip()][:HEAD_LINES]
    for text in (splitext(basename(name))[0], *(text for text in head if len(text) <= 60)):
        if found := read_date(text):
            return found
    return None


def _terms(lines: Sequence[Line]) -> Iterator[EntryDraft]:
    """Terms for the abbreviations of lines that explain several, or that call themselves so."""
    for line in lines:
        if line.code:
            continue
        found = list(_ABBREVIATION.finditer(line.text[:5000]))
        if len(found) < MIN_ABBREVIATIONS and not (found and "abbreviation" in line.text.casefold()):
            continue
        for one in found:
            long = " ".join(one["long"].split())
            fields = {"term": long, "abbreviations": [one["short"]]}
            yield EntryDraft("term", make_slug(long), fields, line=line.number)
