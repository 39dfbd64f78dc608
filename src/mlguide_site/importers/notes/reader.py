"""Notes of every dialect to drafts: episodes with their series, topics, resources, terms and people."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from os.path import basename, splitext
from typing import Any

from mlguide_site.errors import Problem, Severity, Span, visible
from mlguide_site.importers import Context, Draft, EntryDraft, Item, SeriesDraft, Source
from mlguide_site.importers.assets import NOTES, Folder, is_note
from mlguide_site.importers.common.dates_and_durations import read_date
from mlguide_site.importers.common.naming import people_entries, people_field
from mlguide_site.importers.common.titles import MAX_NUMBER, read_numbers
from mlguide_site.importers.notes.body import write_body
from mlguide_site.importers.notes.dialects import Dialect
from mlguide_site.importers.notes.footnotes import share_footnotes
from mlguide_site.importers.notes.front_matter import HeadFields, read_fields, read_head
from mlguide_site.importers.notes.inline import Body, find_tags, topic_tags
from mlguide_site.importers.notes.log import find_terms
from mlguide_site.importers.notes.plain import plain_body
from mlguide_site.importers.notes.resources import distinct, find_resources, home_of
from mlguide_site.importers.notes.source import (
    MAX_PARTS,
    MAX_TAGS,
    Note,
    Part,
    parse_lines,
    read_lines,
    series_of,
    stem_title,
    too_rich,
    warning,
)
from mlguide_site.importers.notes.vault import day_of
from mlguide_site.model.slugs import make_slug

MAX_NAMED = 10
"""Empty notes that are named."""
_ISO = re.compile(r"(?<!\d)((?:19|20)\d{2})-([01]\d)-([0-3]\d)(?!\d)")

Fields = Mapping[str, HeadFields]
"""What the front matter of each note says, by the note's name."""


def read(dialect: Dialect, source: Source, context: Context) -> Iterator[Item]:
    """Drafts of the episodes of a source, of their series and of what they list, and what is to be reported."""
    notes, problems = _notes(dialect, source, context)
    fields = {note.name: read_fields(note.head) for note in notes}
    problems += [problem for note in notes for problem in _head_problems(note, fields[note.name])]
    yield from problems
    if notes and not any(problem.severity is Severity.ERROR for problem in problems):
        yield from _items(dialect, source, notes, fields, context)


def _notes(dialect: Dialect, source: Source, context: Context) -> tuple[list[Note], list[Problem]]:
    """The notes of a source, those of a folder by path; a folder's note that can't be read is an error."""
    if source.data or not source.files or not dialect.vault:
        found = [_note(dialect, source, context)]
        return [one for one in found if isinstance(one, Note)], [one for one in found if isinstance(one, Problem)]
    paths = sorted(path for path in source.files if is_note(path))
    empty = [path for path in paths if not source.files[path].strip()]
    folder = source.name.rstrip("/")
    found = [
        _note(dialect, Source(f"{folder}/{path}", source.files[path]), context) for path in paths if path not in empty
    ]
    notes, problems = (
        [one for one in found if isinstance(one, Note)],
        [one for one in found if isinstance(one, Problem)],
    )
    if fault := too_rich(source.name, [line.text for note in notes for line in note.lines if not line.code]):
        return [], [fault]
    if not found:
        problems.append(Problem(source.name, Span(), "the folder's notes are empty", "name a folder with notes"))
    elif empty:
        shown = ", ".join(visible(path) for path in empty[:MAX_NAMED])
        more = f" and {len(empty) - MAX_NAMED:,} more" if len(empty) > MAX_NAMED else ""
        count = "1 empty note is" if len(empty) == 1 else f"{len(empty):,} empty notes are"
        message = f"{count} skipped: {shown}{more}"
        problems.append(Problem(source.name, Span(), message, "write something in them first", Severity.HINT))
    return notes, problems


def _note(dialect: Dialect, source: Source, context: Context) -> Note | Problem:
    """One file, cut into its episodes."""
    lines = read_lines(source)
    if isinstance(lines, Problem):
        return lines
    head = read_head(lines)
    note = dialect.cut(Note(source.name, head, parse_lines(lines[len(head.lines) :], dialect.wiki), context))
    if not note.parts:
        return Problem(source.name, Span(), "there is no session with a heading", "give each a heading of level 2")
    if len({*head.tags, *(tag for part in note.parts for tag in part.tags)}) > MAX_TAGS:
        return Problem(source.name, Span(), f"more than {MAX_TAGS} tags in the front matter", "keep those that matter")
    if len(note.parts) > MAX_PARTS:
        place = Span(note.parts[MAX_PARTS].line, 1)
        return Problem(source.name, place, f"more than {MAX_PARTS:,} sessions or days", "split the file here")
    return replace(note, parts=tuple(share_footnotes(note.parts)))


def _head_problems(note: Note, fields: HeadFields) -> Iterator[Problem]:
    """Hints about front matter: blocks that differ, and fields that have no place. Of several episodes none has the
    length or the date that the front matter gives all."""
    for key in note.head.differing:
        what = "the tags are joined" if key in {"tags", "tag"} else "the first one counts"
        message = f'a later block of front matter differs in "{visible(key)}"'
        yield Problem(note.name, Span(), message, what, Severity.HINT)
    lost = {*fields.unread, *((*fields.dates, "duration") if len(note.parts) > 1 else ())}
    if keys := [key for key in note.head.fields if key in lost]:
        line = next((one.number for one in note.head.lines if one.text.partition(":")[0].strip().casefold() in keys), 1)
        shown = ", ".join(f'"{visible(key)}"' for key in keys)
        is_one = len(keys) == 1
        message = f"the field{'' if is_one else 's'} {shown} of the front matter {'has' if is_one else 'have'} no place"
        yield Problem(note.name, Span(line, 1), message, "add by hand what you want of it", Severity.HINT)


def _items(dialect: Dialect, source: Source, notes: Sequence[Note], fields: Fields, context: Context) -> Iterator[Item]:
    episodes = [(note, part) for note in notes for part in note.parts]
    title = stem_title(source.name) or "Notes" if len(notes) > 1 else notes[0].title
    series = series_of(title, context)
    known = context.series.get(series)
    listed = [list(find_resources(part.lines, title)) if dialect.vault else [] for _, part in episodes]
    entries = distinct(entry for own in listed for entry in own)
    tags = _tags(dialect, episodes, context.topics)
    # the title of a log may be a guess
    shown = known.title if known and context.given and dialect.log else title
    summary, home = "", ""
    if len(notes) == 1:
        summary, home = notes[0].head.text("description", "summary"), home_of(entries, shown)
    about = {"title": shown, "kind": dialect.series, "summary": summary, "home": home}
    yield SeriesDraft(series, {key: value for key, value in about.items() if value})
    yield from entries
    topics = {make_slug(tag): tag for own in tags for tag in reversed(own)}
    yield from (EntryDraft("topic", slug, {"name": tag}) for slug, tag in sorted(topics.items()))
    yield from people_entries([person for note in notes for person in fields[note.name].people])
    slugs = {str(entry.fields["urls"][0]): entry.slug for entry in entries}
    # in a series of another name, the order of this file says nothing
    own_series = dialect.log or known is None or known.title.casefold() == title.casefold()
    folder, place = Folder(source.files, NOTES), "" if source.data else source.name.rstrip("/")
    numbers = _numbers(notes, episodes, dialect.vault)
    for (note, part), resources, own_tags, number in zip(episodes, listed, tags, numbers, strict=True):
        yield from note.problems if part is note.parts[0] else ()
        yield from find_terms(part.lines) if dialect.log else ()
        body = _body(dialect, note, part, folder, place)
        yield from body.problems
        own = _fields(note, part, fields[note.name], len(notes) > 1)
        own["date"], count = _date(note, part, fields[note.name].dates, body)
        if count:
            message = f'the date of "{part.title[:60]}" is taken from the names of its {count} files: {own["date"]}'
            yield warning(note.name, part.line, message, "correct it if it is wrong", Severity.HINT)
        urls = (str(entry.fields["urls"][0]) for entry in resources)
        own["topics"] = list(dict.fromkeys(map(make_slug, own_tags)))
        own["resources"] = list(dict.fromkeys(slugs[url] for url in urls if url in slugs))
        own["source"] = {"format": dialect.name, **({"url": source.url} if source.url else {})}
        yield Draft(
            series,
            number if own_series or part.number is not None else None,
            part.season,
            part.slug or make_slug(part.title, ""),
            {name: value for name, value in own.items() if value or value == 0},
            body.text,
            line=part.line,
            assets=tuple(body.assets[name] for name in sorted(body.assets)),
            file=note.name,
            leads=tuple(body.leads),
            names=_names(note, part, fields[note.name].aliases) if dialect.vault else (),
        )


def _tags(dialect: Dialect, episodes: Sequence[tuple[Note, Part]], known: Mapping[str, str]) -> list[list[str]]:
    """The tags of each episode that are topics: those of the front matter, then those in its text.

    Tags in passing, day by day, would be a flood of topics: of the tags in the text of notes that are named after a day
    those count that the root or another note has.
    """
    inline = [list(part.tags) for _, part in episodes]
    if dialect.vault:
        kinds = {"text", "table", "html"}
        texts = ([part.title, *(line.text for line in part.lines if line.kind in kinds)] for _, part in episodes)
        inline = [list(dict.fromkeys(tag for text in own for tag in find_tags(text))) for own in texts]
    uses = Counter(make_slug(tag) for own in inline for tag in own)
    uses.update(make_slug(tag) for note, part in episodes if part is note.parts[0] for tag in {*note.head.tags})
    found = list[list[str]]()
    for (note, _), own in zip(episodes, inline, strict=True):
        if dialect.vault and day_of(note.name):
            own = [tag for tag in own if uses[make_slug(tag)] > 1 or tag.casefold() in known]
        found.append(topic_tags([*note.head.tags, *own])[:MAX_TAGS])
    return found


def _fields(note: Note, part: Part, head: HeadFields, several: bool) -> dict[str, Any]:
    """The fields of an episode: what its note's front matter says, and what its own lines say."""
    values, alone = dict(head.values), len(note.parts) == 1
    if not (several and alone):
        # it describes the series
        values.pop("summary", None)
    if not alone:
        values.pop("duration", None)
    links = [*part.fields.get("links", ()), *(values.pop("links", []) if part is note.parts[0] else [])]
    own = {key: value for key, value in part.fields.items() if value}
    season = {"season": part.season} if part.season is not None else {}
    return {"title": part.title, **values, "people": people_field(head.people), **season, **own, "links": links}


def _names(note: Note, part: Part, aliases: Sequence[str]) -> tuple[str, ...]:
    """What other notes may call an episode: its heading, and for the first one what they may call the note."""
    stem = splitext(basename(note.name.rstrip("/\\")))[0]
    own = (stem, note.title, *aliases) if part is note.parts[0] else ()
    return (*dict.fromkeys(own), *filter(None, [part.heading]))


def _body(dialect: Dialect, note: Note, part: Part, folder: Folder, place: str) -> Body:
    if not note.plain:
        return write_body(part.lines, note.name, folder, place, dialect.wiki)
    first = next((at for at, line in enumerate(part.lines) if line.text.strip()), 0)
    shown = part.lines[first].text.strip().lstrip("# ").rstrip(".!: ") if part.lines else ""
    # a line that says just the title is the title
    is_title = shown.casefold() == part.title.casefold()
    return Body(plain_body(part.lines[first + 1 :] if is_title else part.lines))


def _date(note: Note, part: Part, dates: Mapping[str, date], body: Body) -> tuple[date | None, int]:
    """The day of an episode: what its text says, or its note, or that on which all its files' names agree, with their
    count."""
    if day := part.fields.get("date"):
        return day, 0
    if len(note.parts) == 1:
        stem = splitext(basename(note.name))[0]
        if day := dates.get("date") or day_of(note.name) or next(iter(dates.values()), None) or read_date(stem):
            return day, 0
    dated = [found for name in body.embedded if (found := _ISO.search(name))]
    days = {read_date(found[0]) for found in dated}
    return (days.pop(), len(dated)) if len(days) == 1 and None not in days else (None, 0)


def _numbers(notes: Sequence[Note], episodes: Sequence[tuple[Note, Part]], named_so: bool) -> list[int | None]:
    """The number of each episode: what its heading says, or else what the notes' names say together, or the title of
    a single one. A number that two notes claim is neither's."""
    several = len(notes) > 1
    daily = {note.name for note in notes if day_of(note.name)}
    names = [stem_title(note.name) if several else note.title for note in notes]
    read = read_numbers(["" if note.name in daily else name for note, name in zip(notes, names, strict=True)])
    named = {note.name: one.number for note, one in zip(notes, read, strict=True) if named_so and len(note.parts) == 1}
    named = {name: number for name, number in named.items() if name not in daily}
    found = [named.get(note.name) if part.number is None else part.number for note, part in episodes]
    uses = Counter(found)
    return [
        None if number is None or number > MAX_NUMBER or (several and uses[number] > 1) else number for number in found
    ]
