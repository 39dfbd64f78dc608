"""Notes kept in Obsidian: one file with several days of a course, or a folder of notes.

A heading such as `## Day 2: Better Data` begins a day. What stands before the first one belongs to the series: its text
opens the first episode, and what it links to becomes the series' home and resources.
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from os.path import basename, splitext
from typing import Any

from mlguide_site.errors import Problem, Severity, visible
from mlguide_site.importers.assets import Folder
from mlguide_site.importers.base import Context, Draft, EntryDraft, Item, SeriesDraft, Source
from mlguide_site.importers.fields import read_date
from mlguide_site.importers.marks import bare_text, links_in, take_pictures
from mlguide_site.importers.openers import read_opener
from mlguide_site.importers.reading_list import Listed, entries_of, find_listed, home_of
from mlguide_site.importers.sections import (
    MAX_TITLE,
    Head,
    Line,
    head_text,
    heading,
    mark_code,
    read_head,
    read_lines,
    series_of,
    stem_title,
    too_many,
    too_rich,
)
from mlguide_site.importers.titles import read_numbers
from mlguide_site.importers.vault import Body, to_body
from mlguide_site.slugs import make_slug
from mlguide_site.spans import Span

FORMAT = "obsidian"
SNIFFED = 400_000
NOTES = (".md", ".markdown")
MAX_NUMBER = 99_999
_UNITS = "day week module lesson lecture session class unit chapter part meeting cohort"
_DAY = re.compile(
    rf"(?P<unit>{_UNITS.replace(' ', '|')})\s{{0,3}}[-–—#.:]?\s{{0,3}}(?P<number>\d{{1,5}})(?![\w/])"
    r"[\s:.|)–—-]*(?P<title>.*)$",
    re.I,
)
_TRACES = re.compile(
    r"!\[\[[^\[\]\n]{1,300}\]\]|\[\[[^\[\]\n]{1,300}\]\]|^\s{0,3}>\s?\[!\w+\]|(?<![=\w])==[^\s=]|^>\s?NOTE:", re.M
)
_ISO = re.compile(r"(?<!\d)((?:19|20)\d{2})-([01]\d)-([0-3]\d)(?!\d)")


@dataclass(frozen=True, slots=True)
class Part:
    """An episode within a note: number, title, and lines; `line` is its first one."""

    number: int | None
    title: str
    lines: tuple[Line, ...]
    line: int
    links: tuple[tuple[str, str], ...] = ()
    on: date | None = None


@dataclass(frozen=True, slots=True)
class Note:
    """One note: its name, front matter, title, what stands before its first part, and its parts."""

    name: str
    head: Head
    title: str
    preamble: tuple[Line, ...]
    parts: tuple[Part, ...]


def sniff(source: Source) -> bool:
    """Whether a source is a folder of notes, or Markdown with embeds, wiki links, callouts, highlights or days."""
    if not source.data and any(path.casefold().endswith(NOTES) for path in source.files):
        return True
    text = source.data[:SNIFFED].decode("utf-8", "replace").lstrip("\ufeff \r\n\t")
    if text.startswith(("<", "{")) or "\x00" in text:
        return False
    if _TRACES.search(text):
        return True
    lines = mark_code(text.replace("\r\n", "\n").replace("\r", "\n").split("\n"))
    headings = [found for line in lines if (found := heading(line))]
    return any(_DAY.match(bare_text(found.text)) for found in headings) or bool(
        headings and source.name.casefold().endswith(NOTES)
    )


def read(source: Source, context: Context) -> Iterator[Item]:
    """Drafts of days or notes, their series and the resources that they list, and what is to be said."""
    notes, problems = _notes(source)
    yield from problems
    if not notes or any(problem.severity is Severity.ERROR for problem in problems):
        return
    title = notes[0].title if len(notes) == 1 else stem_title(source.name) or "Notes"
    series = series_of(title, context)
    several = len(notes) > 1
    listed = [
        (note, list(find_listed([*note.preamble, *(x for part in note.parts for x in part.lines)]))) for note in notes
    ]
    yield _series(series, title, notes[0] if not several else None, listed[0][1])
    entries = list(entries_of([one for _, own in listed for one in own], title))
    yield from entries
    slugs = {str(entry.fields["urls"][0]): entry.slug for entry in entries}
    tags = {make_slug(tag): tag for note in notes for tag in reversed(note.head.tags)}
    yield from (EntryDraft("topic", slug, {"name": tag}) for slug, tag in sorted(tags.items()))
    folder = Folder(source.files, NOTES)
    numbers = _numbers(notes)
    # what the source itself brings is no link at its first import, and so at none
    titles = [note.title for note in notes] + [part.title for note in notes for part in note.parts]
    episodes = {**context.episodes, **{" ".join(title.split()).casefold(): "" for title in titles}}
    known = context.series.get(series)
    # in a series of another name, the order of this file says nothing
    own = known is None or known.title.casefold() == title.casefold()
    for note, own_listed in listed:
        for at, part in enumerate(note.parts):
            before = note.preamble if at == 0 else ()
            body = to_body([*before, *part.lines], note.name, folder, episodes)
            numbered = {line.number for line in (*before, *part.lines)}
            named = [slugs[one.url] for one in own_listed if one.line in numbered and one.url in slugs]
            yield from body.problems
            number = numbers.get((note.name, at)) if own or part.number is not None else None
            yield from _draft(series, number, note, part, body, named)
    yield from _gaps(source.name, [number for number in numbers.values() if number is not None], several)


def _notes(source: Source) -> tuple[list[Note], list[Problem]]:
    """The notes of a source, those of a folder by path; a folder's note that can't be read is an error."""
    if source.data or not source.files:
        found = _note(source)
        return ([], [found]) if isinstance(found, Problem) else ([found], [])
    notes, problems = [], []
    for path in sorted(path for path in source.files if path.casefold().endswith(NOTES)):
        if not source.files[path].strip():
            continue
        found = _note(Source(f"{source.name.rstrip('/')}/{path}", source.files[path]))
        problems += [found] if isinstance(found, Problem) else []
        notes += [] if isinstance(found, Problem) else [found]
    lines = (line for note in notes for own in (note.preamble, *(part.lines for part in note.parts)) for line in own)
    if fault := too_rich(source.name, lines):
        return [], [fault]
    if not notes and not problems:
        problems.append(Problem(source.name, Span(), "the folder's notes are empty", "name a folder with notes"))
    return notes, problems


def _note(source: Source) -> Note | Problem:
    lines = read_lines(source)
    if isinstance(lines, Problem):
        return lines
    head = read_head(lines)
    body = lines[head.end :]
    first = next((at for at, line in enumerate(body) if line.text.strip()), -1)
    found = heading(body[first]) if first >= 0 else None
    named = head_text(head, "title")
    title = named or stem_title(source.name)
    if found and found.level == 1 and found.text and not _DAY.match(bare_text(found.text)):
        shown = bare_text(found.text)
        if len(shown) <= MAX_TITLE and (not named or named.casefold() == shown.casefold()):
            title, body = shown, [*body[:first], *body[first + 1 :]]
    days = _days(body)
    if not days:
        # the title of a note tells its number; `Day 3 - Saws` is called Saws
        day = _DAY.match(title)
        part = Part(
            _number(day["number"]) if day else None, (day["title"] if day else "") or title, tuple(body), head.end + 1
        )
        fault = too_many(source.name, len(head.tags), (), "days")
        return fault or Note(source.name, head, title or "Notes", (), (part,))
    parts = []
    for (at, day), end in zip(days, [at for at, _ in days[1:]] + [len(body)], strict=True):
        rest = bare_text(day["title"]).rstrip(" :-–—")
        opener = read_opener(bare_text(take_pictures(body[at].text.lstrip("# "))[0]))
        on = opener.when.on(opener.when.year) if opener and opener.when and opener.when.year else None
        rest = opener.title if opener and on else rest
        shown = rest or f"{day['unit'].capitalize()} {int(day['number'])}"
        pictures = take_pictures(body[at].text)[1]
        own = [*([Line(body[at].number, pictures)] if pictures else []), *body[at + 1 : end]]
        parts.append(
            Part(
                _number(day["number"]),
                shown,
                tuple(own),
                body[at].number,
                tuple(links_in(body[at].text)),
                on,
            )
        )
    fault = too_many(source.name, len(head.tags), [part.line for part in parts], "days")
    return fault or Note(source.name, head, title or "Notes", tuple(body[: days[0][0]]), tuple(parts))


def _number(digits: str) -> int | None:
    return int(digits) if int(digits) <= MAX_NUMBER else None


def _days(body: Sequence[Line]) -> list[tuple[int, re.Match[str]]]:
    """The headings that begin a day: of the unit and level that most of them share; each number once."""
    found = [
        (at, one.level, day)
        for at, line in enumerate(body)
        if (one := heading(line)) and (day := _DAY.match(bare_text(take_pictures(one.text)[0])))
    ]
    kinds = Counter((day["unit"].casefold(), level) for _, level, day in found)
    if not kinds:
        return []
    best = min(kinds, key=lambda kind: (-kinds[kind], kind[1], _UNITS.split().index(kind[0])))
    if kinds[best] < 2 and best[1] > 2:
        return []
    seen: set[int] = set()
    days = []
    for at, level, day in found:
        if (day["unit"].casefold(), level) == best and int(day["number"]) not in seen:
            seen.add(int(day["number"]))
            days.append((at, day))
    return days


def _numbers(notes: Sequence[Note]) -> dict[tuple[str, int], int | None]:
    """The number of each part, by note and place: what its heading says, else what the notes' names say together."""
    stems = [stem_title(note.name) for note in notes]
    named = dict(zip((note.name for note in notes), read_numbers(stems), strict=True))
    found: dict[tuple[str, int], int | None] = {}
    for note in notes:
        for at, part in enumerate(note.parts):
            own = part.number
            if own is None and len(note.parts) == 1:
                own = named[note.name].number if len(notes) > 1 else read_numbers([note.title])[0].number
            found[note.name, at] = own if own is not None and own <= MAX_NUMBER else None
    uses = Counter(number for number in found.values() if number is not None)
    # a number that two notes claim is neither's
    return {key: number if number is None or uses[number] == 1 else None for key, number in found.items()}


def _series(series: str, title: str, note: Note | None, listed: Sequence[Listed]) -> SeriesDraft:
    summary = head_text(note.head, "description", "summary") if note else ""
    home = home_of(listed) if note else ""
    fields = {"title": title, "kind": "course", "summary": summary, "home": home}
    return SeriesDraft(series, {key: value for key, value in fields.items() if value})


def _draft(
    series: str, number: int | None, note: Note, part: Part, body: Body, resources: Sequence[str]
) -> Iterator[Item]:
    day, guessed = (part.on, 0) if part.on else _date(note, body, len(note.parts) == 1)
    if day and guessed:
        message = f'the date of "{visible(part.title)[:60]}" is taken from the names of its {guessed} files: {day}'
        yield Problem(note.name, Span(part.line, 1), message, "correct it if it is wrong", Severity.HINT)
    fields: dict[str, Any] = {
        "title": part.title,
        "date": day,
        "links": [{"title": label, "url": url} for label, url in part.links],
        "language": head_text(note.head, "lang", "language"),
        "topics": [make_slug(tag) for tag in note.head.tags],
        "resources": list(dict.fromkeys(resources)),
    }
    fields = {key: value for key, value in fields.items() if value} | {"source": {"format": FORMAT}}
    assets = tuple(body.assets[name] for name in sorted(body.assets))
    slug = make_slug(part.title, "")
    yield Draft(
        series,
        number,
        None,
        slug,
        fields,
        body.text,
        line=part.line,
        assets=assets,
        file=note.name,
        leads=tuple(body.leads),
    )


def _date(note: Note, body: Body, alone: bool) -> tuple[date | None, int]:
    """The day of a part: what its note says or is called, else what all its files' names agree on, with their count."""
    if alone:
        for text in (head_text(note.head, "date", "created"), splitext(basename(note.name))[0]):
            if text and (day := read_date(text)):
                return day, 0
    dated = [found for name in body.embedded if (found := _ISO.search(name))]
    days = {read_date(found[0]) for found in dated}
    return (days.pop(), len(dated)) if len(days) == 1 else (None, 0)


def _gaps(name: str, numbers: Sequence[int], several: bool) -> Iterator[Problem]:
    """Hints about numbers that lack between two that are there."""
    for before, after in pairwise(sorted(numbers)):
        if after - before > 1:
            missing = str(before + 1) if after - before == 2 else f"{before + 1} to {after - 1}"
            where = "notes" if several else "headings"
            message = f"number {missing} is missing among the {where}"
            yield Problem(name, Span(), message, "add it if there was one", Severity.HINT)
