"""Notes kept in Obsidian: one file with several days of a course, or a folder of notes.

A heading such as `## Day 2: Better Data` begins a day. What stands before the first one belongs to the series: its text
opens the first episode, and what it links to becomes the series' home and resources.
"""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from itertools import pairwise
from os.path import basename, splitext
from typing import Any

from mlguide_site.errors import Problem, Severity, Span, visible
from mlguide_site.importers.assets import NOTES, Folder, is_note
from mlguide_site.importers.base import Context, Draft, EntryDraft, Item, SeriesDraft, Source
from mlguide_site.importers.fields import read_date
from mlguide_site.importers.marks import bare_text
from mlguide_site.importers.people import people_entries, people_field
from mlguide_site.importers.reading_list import Listed, entries_of, find_listed, home_of
from mlguide_site.importers.sections import MAX_TAGS, Line, head_text, heading, mark_code, series_of, stem_title
from mlguide_site.importers.tags import find_tags, topic_tags
from mlguide_site.importers.vault import Body, to_body
from mlguide_site.importers.vault_notes import Note, Part, is_day, numbers_of, read_notes
from mlguide_site.model.slugs import make_slug

FORMAT = "obsidian"
SNIFFED = 400_000
_TRACES = re.compile(
    r"!\[\[[^\[\]\n]{1,300}\]\]|\[\[[^\[\]\n]{1,300}\]\]|^\s{0,3}>\s?\[!\w+\]|(?<![=\w])==[^\s=]|^>\s?NOTE:", re.M
)
_ISO = re.compile(r"(?<!\d)((?:19|20)\d{2})-([01]\d)-([0-3]\d)(?!\d)")
_Place = tuple[str, int]
"""A note's name, and the place of one of its parts."""


def sniff(source: Source) -> bool:
    """Whether a source is a folder of notes, or Markdown with embeds, wiki links, callouts, highlights or days."""
    if not source.data and any(is_note(path) for path in source.files):
        return True
    text = source.data[:SNIFFED].decode("utf-8", "replace").lstrip("\ufeff \r\n\t")
    if text.startswith(("<", "{")) or "\x00" in text:
        return False
    if _TRACES.search(text):
        return True
    lines = mark_code(text.replace("\r\n", "\n").replace("\r", "\n").split("\n"))
    headings = [found for line in lines if (found := heading(line))]
    return any(is_day(bare_text(found.text)) for found in headings) or bool(headings and is_note(source.name))


def read(source: Source, context: Context) -> Iterator[Item]:
    """Drafts of days or notes, their series and the resources that they list, and what is to be said."""
    notes, problems = read_notes(source)
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
    tags = _tags(notes, context.topics)
    topics = {make_slug(tag): tag for own in tags.values() for tag in reversed(own)}
    yield from (EntryDraft("topic", slug, {"name": tag}) for slug, tag in sorted(topics.items()))
    yield from people_entries([person for note in notes for person in note.fields.people])
    folder = Folder(source.files, NOTES)
    place = "" if source.data else source.name.rstrip("/")
    numbers = numbers_of(notes)
    known = context.series.get(series)
    # in a series of another name, the order of this file says nothing
    own = known is None or known.title.casefold() == title.casefold()
    for note, own_listed in listed:
        for at, part in enumerate(note.parts):
            before = note.preamble if at == 0 else ()
            body = to_body([*before, *part.lines], note.name, folder, place)
            numbered = {line.number for line in (*before, *part.lines)}
            named = [slugs[one.url] for one in own_listed if one.line in numbered and one.url in slugs]
            yield from body.problems
            number = numbers.get((note.name, at)) if own or part.number is not None else None
            fields = _fields(note, at, several) | {
                "topics": list(dict.fromkeys(make_slug(tag) for tag in tags[note.name, at])),
                "resources": list(dict.fromkeys(named)),
            }
            yield from _draft(series, number, note, part, body, fields)
    yield from _gaps(source.name, [number for number in numbers.values() if number is not None], several)


def _tags(notes: Sequence[Note], known: Mapping[str, str]) -> dict[_Place, list[str]]:
    """The tags of each part that are topics: those of the front matter, then those in its text.

    What is tagged in passing, day by day, would be a flood of topics: of the tags in the text of notes that are called
    after a day those count that the root or another note has.
    """
    inline = {
        (note.name, at): find_tags([Line(0, part.title), *(note.preamble if at == 0 else ()), *part.lines])
        for note in notes
        for at, part in enumerate(note.parts)
    }
    uses = Counter(make_slug(tag) for own in inline.values() for tag in own)
    uses.update(make_slug(tag) for note in notes for tag in {*note.head.tags})
    found = {}
    for note in notes:
        for at in range(len(note.parts)):
            own = inline[note.name, at]
            if note.day:
                own = [tag for tag in own if uses[make_slug(tag)] > 1 or tag.casefold() in known]
            found[note.name, at] = topic_tags([*note.head.tags, *own])[:MAX_TAGS]
    return found


def _fields(note: Note, at: int, several: bool) -> dict[str, Any]:
    """What the front matter of a note says of one of its parts."""
    values, alone = dict(note.fields.values), len(note.parts) == 1
    if not (several and alone):
        # it is said of the series
        values.pop("summary", None)
    if not alone:
        values.pop("duration", None)
    if at:
        values.pop("links", None)
    return values | {"people": people_field(note.fields.people)}


def _series(series: str, title: str, note: Note | None, listed: Sequence[Listed]) -> SeriesDraft:
    summary = head_text(note.head, "description", "summary") if note else ""
    home = home_of(listed) if note else ""
    fields = {"title": title, "kind": "course", "summary": summary, "home": home}
    return SeriesDraft(series, {key: value for key, value in fields.items() if value})


def _draft(
    series: str, number: int | None, note: Note, part: Part, body: Body, told: Mapping[str, Any]
) -> Iterator[Item]:
    """A part as a draft; `told` is what the front matter says of it, with its topics and resources."""
    day, guessed = (part.on, 0) if part.on else _date(note, body, len(note.parts) == 1)
    if day and guessed:
        message = f'the date of "{visible(part.title)[:60]}" is taken from the names of its {guessed} files: {day}'
        yield Problem(note.name, Span(part.line, 1), message, "correct it if it is wrong", Severity.HINT)
    links = [{"title": label, "url": url} for label, url in part.links]
    fields = {"title": part.title, "date": day, **told, "links": [*links, *told.get("links", ())]}
    fields = {key: value for key, value in fields.items() if value} | {"source": {"format": FORMAT}}
    yield Draft(
        series,
        number,
        None,
        part.slug or make_slug(part.title, ""),
        fields,
        body.text,
        line=part.line,
        assets=tuple(body.assets[name] for name in sorted(body.assets)),
        file=note.name,
        leads=tuple(body.leads),
        names=(*(note.names if part is note.parts[0] else ()), *filter(None, [part.heading])),
    )


def _date(note: Note, body: Body, alone: bool) -> tuple[date | None, int]:
    """The day of a part: what its note says or is called, else what all its files' names agree on, with their count."""
    if alone:
        told = note.fields.dates
        named = note.day or read_date(splitext(basename(note.name))[0])
        if day := told.get("date") or note.day or next(iter(told.values()), None) or named:
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
