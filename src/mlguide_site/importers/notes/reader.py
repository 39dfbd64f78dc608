"""Notes of every dialect to drafts: episodes with their series, topics, resources, terms and people."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from os.path import basename, splitext
from typing import Any

from mlguide_site.errors import Problem, Severity, Span, visible
from mlguide_site.importers import Context, Draft, EntryDraft, Item, SeriesDraft, Source
from mlguide_site.importers.assets import NOTES, Folder, is_note
from mlguide_site.importers.common.fields import read_date
from mlguide_site.importers.common.people import people_entries, people_field
from mlguide_site.importers.common.titles import MAX_NUMBER, read_numbers
from mlguide_site.importers.notes.body import write_body
from mlguide_site.importers.notes.dialects import Dialect, find_terms
from mlguide_site.importers.notes.episodes import day_of
from mlguide_site.importers.notes.footnotes import share_footnotes
from mlguide_site.importers.notes.head_fields import HeadFields, read_fields
from mlguide_site.importers.notes.inline import Body, find_tags, topic_tags
from mlguide_site.importers.notes.plain import plain_body
from mlguide_site.importers.notes.resources import distinct, find_resources, home_of
from mlguide_site.importers.notes.source import (
    MAX_PARTS,
    MAX_TAGS,
    Head,
    Line,
    Part,
    Parts,
    Remark,
    Text,
    parse_lines,
    read_head,
    read_lines,
    series_of,
    stem_title,
    too_rich,
)
from mlguide_site.model.slugs import make_slug

MAX_NAMED = 10
"""Empty notes that are named."""
_ISO = re.compile(r"(?<!\d)((?:19|20)\d{2})-([01]\d)-([0-3]\d)(?!\d)")


@dataclass(frozen=True, slots=True)
class Note:
    """One note: its name, front matter (read, as fields of episodes, and as lines) and its episodes."""

    name: str
    head: Head
    fields: HeadFields
    top: Sequence[Line]
    cut: Parts

    @property
    def parts(self) -> tuple[Part, ...]:
        return self.cut.parts

    def lines(self, part: Part) -> tuple[Line, ...]:
        """The lines of an episode; those before the first one open it."""
        return (*self.cut.before, *part.lines) if part is self.parts[0] else part.lines


def read(dialect: Dialect, source: Source, context: Context) -> Iterator[Item]:
    """Drafts of the episodes of a source, of their series and of what they list, and what is to be reported."""
    notes, problems = _notes(dialect, source, context)
    yield from problems
    if not notes or any(problem.severity is Severity.ERROR for problem in problems):
        return
    yield from share_footnotes(list(_items(dialect, source, notes, context)))


def _notes(dialect: Dialect, source: Source, context: Context) -> tuple[list[Note], list[Problem]]:
    """The notes of a source, those of a folder by path; a folder's note that can't be read is an error."""
    if source.data or not source.files or not dialect.vault:
        found = _note(dialect, source, context)
        return ([], [found]) if isinstance(found, Problem) else ([found], list(_head_problems(found)))
    notes, problems, empty = list[Note](), list[Problem](), list[str]()
    for path in sorted(path for path in source.files if is_note(path)):
        if not source.files[path].strip():
            empty.append(path)
            continue
        found = _note(dialect, Source(f"{source.name.rstrip('/')}/{path}", source.files[path]), context)
        problems += [found] if isinstance(found, Problem) else _head_problems(found)
        notes += [] if isinstance(found, Problem) else [found]
    lines = [line.text for note in notes for part in note.parts for line in note.lines(part) if not line.code]
    if fault := too_rich(source.name, lines):
        return [], [fault]
    if not notes and not any(problem.severity is Severity.ERROR for problem in problems):
        problems.append(Problem(source.name, Span(), "the folder's notes are empty", "name a folder with notes"))
    elif empty:
        shown = ", ".join(visible(path) for path in empty[:MAX_NAMED])
        more = f" and {len(empty) - MAX_NAMED:,} more" if len(empty) > MAX_NAMED else ""
        message = (
            f"{'1 empty note is' if len(empty) == 1 else f'{len(empty):,} empty notes are'} skipped: {shown}{more}"
        )
        problems.append(Problem(source.name, Span(), message, "write something in them first", Severity.HINT))
    return notes, problems


def _note(dialect: Dialect, source: Source, context: Context) -> Note | Problem:
    """One file, cut into its episodes."""
    lines = read_lines(source)
    if isinstance(lines, Problem):
        return lines
    head = read_head(lines)
    top, body = lines[: head.end], parse_lines(lines[head.end :], comments=dialect.wiki)
    cut = dialect.cut(Text(source.name, head, top, body, context))
    if not cut.parts:
        return Problem(source.name, Span(), "there is no session with a heading", "give each a heading of level 2")
    tags = {*head.tags, *(tag for part in cut.parts for tag in part.tags)}
    if len(tags) > MAX_TAGS:
        return Problem(source.name, Span(), f"more than {MAX_TAGS} tags in the front matter", "keep those that matter")
    if len(cut.parts) > MAX_PARTS:
        place = Span(cut.parts[MAX_PARTS].line, 1)
        return Problem(source.name, place, f"more than {MAX_PARTS:,} sessions or days", "split the file here")
    return Note(source.name, head, read_fields(head), top, cut)


def _head_problems(note: Note) -> Iterator[Problem]:
    """Hints about front matter: blocks that differ, and fields that have no place. Of several episodes none has the
    length or the date that is said of all."""
    for key in note.head.differing:
        what = "the tags are joined" if key in {"tags", "tag"} else "the first one counts"
        message = f'a later block of front matter differs in "{visible(key)}"'
        yield Problem(note.name, Span(), message, what, Severity.HINT)
    lost = {*note.fields.unread, *((*note.fields.dates, "duration") if len(note.parts) > 1 else ())}
    if keys := [key for key in note.head.fields if key in lost]:
        line = next((one.number for one in note.top if one.text.partition(":")[0].strip().casefold() in keys), 1)
        shown = ", ".join(f'"{visible(key)}"' for key in keys)
        said = (
            f"field {shown} of the front matter has" if len(keys) == 1 else f"fields {shown} of the front matter have"
        )
        remedy = "add by hand what you want of it"
        yield Problem(note.name, Span(line, 1), f"the {said} no place", remedy, Severity.HINT)


def _items(dialect: Dialect, source: Source, notes: Sequence[Note], context: Context) -> Iterator[Item]:
    episodes = [(note, part) for note in notes for part in note.parts]
    title = stem_title(source.name) or "Notes" if len(notes) > 1 else notes[0].cut.title
    series = series_of(title, context)
    known = context.series.get(series)
    listed = [list(find_resources(note.lines(part), title)) if dialect.vault else [] for note, part in episodes]
    entries = distinct(entry for own in listed for entry in own)
    tags = _tags(dialect, episodes, context.topics)
    numbers = _numbers(notes, episodes, dialect.vault)
    # the title of a log may be a guess
    shown = known.title if known and context.given and dialect.log else title
    yield _series(dialect, series, shown, notes[0] if len(notes) == 1 else None, entries)
    yield from entries
    topics = {make_slug(tag): tag for own in tags for tag in reversed(own)}
    yield from (EntryDraft("topic", slug, {"name": tag}) for slug, tag in sorted(topics.items()))
    yield from people_entries([person for note in notes for person in note.fields.people])
    slugs = {str(entry.fields["urls"][0]): entry.slug for entry in entries}
    # in a series of another name, the order of this file says nothing
    own_series = dialect.log or known is None or known.title.casefold() == title.casefold()
    folder, place = Folder(source.files, NOTES), "" if source.data else source.name.rstrip("/")
    for (note, part), resources, own_tags, number in zip(episodes, listed, tags, numbers, strict=True):
        yield from (_problem(note.name, remark) for remark in note.cut.remarks if part is note.parts[0])
        yield from find_terms(note.lines(part)) if dialect.log else ()
        body = _body(dialect, note, part, folder, place)
        yield from body.problems
        day, guessed = _date(note, part, body)
        if guessed:
            message = f'the date of "{part.title[:60]}" is taken from the names of its {guessed} files: {day}'
            yield _problem(note.name, Remark(part.line, message, "correct it if it is wrong", hint=True))
        urls = (str(entry.fields["urls"][0]) for entry in resources)
        fields = {
            **_fields(note, part, len(notes) > 1),
            "date": day,
            "topics": list(dict.fromkeys(map(make_slug, own_tags))),
            "resources": list(dict.fromkeys(slugs[url] for url in urls if url in slugs)),
        }
        filled = {name: value for name, value in fields.items() if value or value == 0}
        address = {"url": source.url} if source.url else {}
        yield Draft(
            series,
            number if own_series or part.number is not None else None,
            part.season,
            part.slug or make_slug(part.title, ""),
            filled | {"source": {"format": dialect.name, **address}},
            body.text,
            line=part.line,
            assets=tuple(body.assets[name] for name in sorted(body.assets)),
            file=note.name,
            leads=tuple(body.leads),
            names=_names(note, part) if dialect.vault else (),
        )
    if dialect.vault:
        yield from _gaps(source.name, [number for number in numbers if number is not None], len(notes) > 1)


def _series(
    dialect: Dialect, series: str, title: str, note: Note | None, resources: Sequence[EntryDraft]
) -> SeriesDraft:
    summary, home = (note.head.text("description", "summary"), home_of(resources, title)) if note else ("", "")
    fields = {"title": title, "kind": dialect.series, "summary": summary, "home": home}
    return SeriesDraft(series, {key: value for key, value in fields.items() if value})


def _tags(dialect: Dialect, episodes: Sequence[tuple[Note, Part]], known: Mapping[str, str]) -> list[list[str]]:
    """The tags of each episode that are topics: those of the front matter, then those in its text.

    Tags in passing, day by day, would be a flood of topics: of the tags in the text of notes that are named after a day
    those count that the root or another note has.
    """
    inline = [list(part.tags) for _, part in episodes]
    if dialect.vault:
        texts = [
            [part.title, *(line.text for line in note.lines(part) if line.kind in {"text", "table", "html"})]
            for note, part in episodes
        ]
        inline = [list(dict.fromkeys(tag for text in own for tag in find_tags(text))) for own in texts]
    uses = Counter(make_slug(tag) for own in inline for tag in own)
    uses.update(make_slug(tag) for note, part in episodes if part is note.parts[0] for tag in {*note.head.tags})
    found = list[list[str]]()
    for (note, _), own in zip(episodes, inline, strict=True):
        if dialect.vault and day_of(note.name):
            own = [tag for tag in own if uses[make_slug(tag)] > 1 or tag.casefold() in known]
        found.append(topic_tags([*note.head.tags, *own])[:MAX_TAGS])
    return found


def _fields(note: Note, part: Part, several: bool) -> dict[str, Any]:
    """The fields of an episode: what its note's front matter says, and what its own lines say."""
    values, alone = dict(note.fields.values), len(note.parts) == 1
    if not (several and alone):
        # it is said of the series
        values.pop("summary", None)
    if not alone:
        values.pop("duration", None)
    shared = values.pop("links", []) if part is note.parts[0] else []
    values.pop("links", None)
    links = [*part.fields.get("links", ()), *shared]
    season = {"season": part.season} if part.season is not None else {}
    own = {key: value for key, value in part.fields.items() if value}
    return {"title": part.title, **values, "people": people_field(note.fields.people), **season, **own, "links": links}


def _names(note: Note, part: Part) -> tuple[str, ...]:
    """What other notes may call an episode: its heading, and for the first one what they may call the note."""
    stem = splitext(basename(note.name.rstrip("/\\")))[0]
    own = (stem, note.cut.title, *note.fields.aliases) if part is note.parts[0] else ()
    return (*dict.fromkeys(own), *filter(None, [part.heading]))


def _body(dialect: Dialect, note: Note, part: Part, folder: Folder, place: str) -> Body:
    lines = note.lines(part)
    if not note.cut.plain:
        return write_body(lines, note.name, folder, place, dialect.wiki)
    first = next((at for at, line in enumerate(lines) if line.text.strip()), 0)
    shown = lines[first].text.strip().lstrip("# ").rstrip(".!: ") if lines else ""
    # a line that says just the title is the title
    return Body(plain_body(lines[first + 1 :] if shown.casefold() == part.title.casefold() else lines))


def _date(note: Note, part: Part, body: Body) -> tuple[date | None, int]:
    """The day of an episode: what its text says, or its note, or that on which all its files' names agree, with their
    count."""
    if day := part.fields.get("date"):
        return day, 0
    if len(note.parts) == 1:
        dates, stem = note.fields.dates, splitext(basename(note.name))[0]
        if day := dates.get("date") or day_of(note.name) or next(iter(dates.values()), None) or read_date(stem):
            return day, 0
    dated = [found for name in body.embedded if (found := _ISO.search(name))]
    days = {read_date(found[0]) for found in dated}
    return (days.pop(), len(dated)) if len(days) == 1 and None not in days else (None, 0)


def _numbers(notes: Sequence[Note], episodes: Sequence[tuple[Note, Part]], named_so: bool) -> list[int | None]:
    """The number of each episode: what its heading says, or else what the notes' names say together, or the title of
    a single one. A number that two notes claim is neither's."""
    names = [stem_title(note.name) for note in notes] if len(notes) > 1 else [notes[0].cut.title]
    dailies = [day_of(note.name) is not None for note in notes]
    read = read_numbers(["" if daily else name for name, daily in zip(names, dailies, strict=True)])
    named = {
        note.name: one.number
        for note, one, daily in zip(notes, read, dailies, strict=True)
        if named_so and len(note.parts) == 1 and not daily
    }
    found = [named.get(note.name) if part.number is None else part.number for note, part in episodes]
    uses = Counter(found)
    several = len(notes) > 1
    return [
        None if number is None or number > MAX_NUMBER or (several and uses[number] > 1) else number for number in found
    ]


def _gaps(name: str, numbers: Sequence[int], several: bool) -> Iterator[Problem]:
    """Hints about numbers that are missing between two others."""
    for before, after in pairwise(sorted(numbers)):
        if after - before > 1:
            missing = str(before + 1) if after - before == 2 else f"{before + 1} to {after - 1}"
            message = f"number {missing} is missing among the {'notes' if several else 'headings'}"
            yield Problem(name, Span(), message, "add it if there was one", Severity.HINT)


def _problem(name: str, remark: Remark) -> Problem:
    severity = Severity.HINT if remark.hint else Severity.WARNING
    return Problem(name, Span(remark.line, 1), visible(remark.message), remark.remedy, severity)
