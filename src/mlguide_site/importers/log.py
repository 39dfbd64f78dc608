"""A day's entry of a learning log, saved as text: one line a paragraph, list items behind hyphens, no headings.

Sections begin with lead words (`Firstly, …`) or are short lines of their own (`Lecture 27`, `The homework`); numbered
levels and questions (`Level 0: …`, `Q1: …`) hold what follows them.
"""

import re
from collections.abc import Iterator, Sequence
from os.path import basename, splitext
from typing import Any

from mlguide_site.errors import Problem
from mlguide_site.importers.assets import NOTES, Folder
from mlguide_site.importers.base import Context, Draft, EntryDraft, Item, SeriesDraft, Source
from mlguide_site.importers.fields import read_date
from mlguide_site.importers.log_days import HEAD_LINES, PROSE, Day, cut_days
from mlguide_site.importers.log_lines import to_markdown
from mlguide_site.importers.openers import Opener, read_opener
from mlguide_site.importers.sections import Line, heading, mark_code, read_lines, series_of, stem_title, too_many
from mlguide_site.importers.vault import Body, to_body
from mlguide_site.model.slugs import make_slug

FORMAT = "log"
SNIFFED = 20_000
DEFAULT_TITLE = "Learning Log"
_LEAD = re.compile(r"(?:firstly|secondly|thirdly)\b", re.I)
_NAMED = re.compile(
    r"(?:\bday\s+\d{1,5}|\d(?:st|nd|rd|th) day)\s+of\s+(?:my\s+|the\s+)?"
    r"(?P<name>[A-Za-z0-9][^.!?,;:()\n]{2,60}?)\s*(?:[.!?,;:()]|$)"
    r"|(?P<tag>#\d{2,4}days\w{2,30})",
    re.I,
)
_CALLOUT = re.compile(r"^\s{0,3}>\s?\[!\w", re.M)
_ABBREVIATION = re.compile(
    r"(?<![\w/])(?P<short>[A-Z][A-Za-z0-9/&-]{0,9}[A-Z0-9]s?):\s+(?P<long>[A-Za-z][^,.;:()\n]{2,60}?)(?=\s*(?:[,.;]|\band\b|$))"
)
MIN_ABBREVIATIONS = 3


def sniff(source: Source) -> bool:
    """Whether a source is text that says at its beginning which day it is, or that counts its sections in words."""
    text = source.data[:SNIFFED].decode("utf-8", "replace").lstrip("\ufeff \r\n\t")
    if text.startswith(("<", "{", "---")) or "\x00" in text or "[[" in text:
        return False
    lines = [
        line for line in mark_code(text.replace("\r\n", "\n").replace("\r", "\n").split("\n")) if line.text.strip()
    ]
    openers = [(line, opener) for line in lines if not line.code and (opener := read_opener(line.text))]
    if _is_log([opener for _, opener in openers]) and not _CALLOUT.search(text):
        return True
    if sum((found := heading(line)) is not None and found.level == 2 for line in lines) > 1:
        return False
    if any(PROSE.search(line.text[:300]) for line in lines[:HEAD_LINES]):
        return True
    if any(line in lines[:HEAD_LINES] and opener.sure for line, opener in openers):
        return True
    leads = {line.text.split()[0].casefold().strip(",:") for line in lines if _LEAD.match(line.text)}
    return bool(lines and read_opener(lines[0].text)) or len(leads) > 1


def _is_log(openers: Sequence[Opener]) -> bool:
    """Whether several days begin in ways that only logs have: with a date, a round, a hashtag, or as plain lines."""
    numbers = {(opener.round, opener.number) for opener in openers}
    signs = sum(opener.sure or not opener.heading for opener in openers)
    return len(numbers) > 1 and 2 * signs >= len(openers)


def read(source: Source, context: Context) -> Iterator[Item]:
    """Drafts of the days and the terms that they explain."""
    lines = read_lines(source)
    if isinstance(lines, Problem):
        yield lines
        return
    log = cut_days(source.name, lines)
    if fault := too_many(source.name, 0, [day.line for day in log.days], "days"):
        yield fault
        return
    yield from log.problems
    title = log.title or _series_title(source.name, lines)
    series = series_of(title, context)
    known = context.series.get(series)
    yield SeriesDraft(series, {"title": known.title if known and context.given else title, "kind": "log"})
    folder = Folder(source.files, NOTES)
    rounds = len({day.round for day in log.days if day.round is not None}) > 1
    for day in log.days:
        yield from _terms(day.lines)
        body = to_body(day.lines, source.name, folder) if log.is_markdown else None
        yield from body.problems if body else ()
        yield _draft(series, day, source, len(log.days) == 1, rounds, body)


def _series_title(name: str, lines: Sequence[Line]) -> str:
    """What the log is called: as its text says (`Day 3 of Reading Less`), as its file, or else `Learning Log`."""
    for line in [line for line in lines if line.text.strip()][:HEAD_LINES]:
        if found := _NAMED.search(line.text[:500]):
            return (found["name"] or found["tag"].lstrip("#")).strip()
    words = [word for word in stem_title(name).split() if re.fullmatch(r"[^\W\d_]{3,30}", word)]
    plain = [word for word in words if word.casefold() not in {"day", "entry", "notes", "note", "txt"}]
    coded = any(re.fullmatch(r"(?=[a-z]*\d)[0-9a-f]{6,64}", word) for word in stem_title(name).split())
    return DEFAULT_TITLE if coded or not plain else " ".join(plain).title() if plain[0].islower() else " ".join(plain)


def _draft(series: str, day: Day, source: Source, alone: bool, rounds: bool, whole: Body | None) -> Draft:
    """A day as a draft; where the log goes through several rounds, these are its seasons."""
    numbered = f"Day {day.number}" + (f" & {day.until}" if day.until is not None else "")
    title = day.title or (numbered if day.number is not None else stem_title(source.name) or "Entry")
    season = day.round if rounds else None
    fields: dict[str, Any] = {"title": title}
    if written := (read_date(splitext(basename(source.name))[0]) if alone else None) or day.on:
        fields["date"] = written
    if season is not None:
        fields["season"] = season
    fields["source"] = {"format": FORMAT, **({"url": source.url} if source.url else {})}
    first = next((at for at, line in enumerate(day.lines) if line.text.strip()), 0)
    shown = day.lines[first].text.strip().lstrip("# ").rstrip(".!: ") if day.lines else ""
    # a line that says just the title is the title
    body = day.lines[first + 1 :] if shown.casefold() == title.casefold() else day.lines
    text = whole.text if whole else to_markdown(body)
    assets = tuple(whole.assets[name] for name in sorted(whole.assets)) if whole else ()
    leads = tuple(whole.leads) if whole else ()
    slug = make_slug(title, "")
    return Draft(series, day.number, season, slug, fields, text, line=day.line, assets=assets, leads=leads)


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
