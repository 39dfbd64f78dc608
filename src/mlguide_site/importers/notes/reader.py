"""Notes of every dialect to drafts: episodes with their series, topics, resources, terms and people."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from os.path import basename, splitext
from typing import Any, NamedTuple

from mlguide_site.errors import Problem, Severity, Span, visible
from mlguide_site.importers import Context, Draft, EntryDraft, Item, SeriesDraft, Source
from mlguide_site.importers.assets import NOTES, Folder, is_note
from mlguide_site.importers.common.dates_and_durations import day_order, read_date
from mlguide_site.importers.common.naming import people_entries, people_field
from mlguide_site.importers.common.titles import MAX_NUMBER, read_number, read_numbers
from mlguide_site.importers.notes.body import write_body
from mlguide_site.importers.notes.dialects import Dialect, day_of, status_of
from mlguide_site.importers.notes.front_matter import DATES, read_head
from mlguide_site.importers.notes.inline import InlineWriter, bare_text, find_tags
from mlguide_site.importers.notes.plain import plain_body
from mlguide_site.importers.notes.resources import distinct, find_resources, find_terms, home_of
from mlguide_site.importers.notes.source import (
    MAX_PARTS,
    MAX_TAGS,
    MAX_TITLE,
    Note,
    Part,
    parse_lines,
    read_lines,
    series_of,
    stem_title,
    too_rich,
    warning,
)
from mlguide_site.model.slugs import make_slug

MAX_DATED = 100
"""The length of lines in which dates tell whether the day comes first."""
MAX_NAMED = 10
"""Empty notes that are named."""
_ISO = re.compile(r"(?<!\d)((?:19|20)\d{2})-([01]\d)-([0-3]\d)(?!\d)")
_KIND_TAGS = frozenset(
    "lecture lectures talk talks course courses notes note log podcast seminar webinar"
    " daily weekly monthly journal diary todo task tasks draft wip inbox moc template".split()
)
"""Tags that say what kind of notes these are, or what is to be done with them, rather than what they are about."""


class _Episode(NamedTuple):
    """An episode with its note, its tags in the text and its resources."""

    note: Note
    part: Part
    tags: Sequence[str]
    resources: Sequence[EntryDraft]
    is_first: bool
    is_alone: bool


def read(dialect: Dialect, source: Source, context: Context) -> Iterator[Item]:
    """Drafts of the episodes of a source, of their series and of what they list, and what is to be reported."""
    notes, problems = _notes(dialect, source, context)
    problems += [problem for note in notes for problem in _head_problems(note)]
    yield from problems
    if notes and not any(problem.severity is Severity.ERROR for problem in problems):
        yield from _items(dialect, source, notes, context)


def _notes(dialect: Dialect, source: Source, context: Context) -> tuple[list[Note], list[Problem]]:
    """The notes of a source, those of a folder by path; a folder's note that can't be read is an error."""
    files = {source.name: source.data}
    if is_folder := dialect.vault and not source.data and bool(source.files):
        folder = source.name.rstrip("/")
        files = {f"{folder}/{path}": source.files[path] for path in sorted(source.files) if is_note(path)}
    empty = [name.removeprefix(f"{folder}/") for name, data in files.items() if not data.strip()] if is_folder else []
    if is_folder and len(empty) == len(files):
        return [], [Problem(source.name, Span(), "the folder's notes are empty", "name a folder with notes")]
    found = [
        _note(dialect, Source(name, data), context) for name, data in files.items() if data.strip() or not is_folder
    ]
    notes = [one for one in found if isinstance(one, Note)]
    problems = [one for one in found if isinstance(one, Problem)]
    texts = [line.text for note in notes for line in note.lines if not line.code]
    if is_folder and (fault := too_rich(source.name, texts)):
        return [], [fault]
    if empty:
        more = f" and {len(empty) - MAX_NAMED:,} more" if len(empty) > MAX_NAMED else ""
        message = f"empty notes are skipped: {', '.join(visible(path) for path in empty[:MAX_NAMED])}{more}"
        problems.append(Problem(source.name, Span(), message, "write something in them first", Severity.HINT))
    return notes, problems


def _note(dialect: Dialect, source: Source, context: Context) -> Note | Problem:
    """One file, cut into its episodes."""
    written = read_lines(source)
    if isinstance(written, Problem):
        return written
    head = read_head(written)
    lines = parse_lines(written[len(head.lines) :], dialect.wiki)
    day_first = day_order(line.text for line in written if len(line.text) <= MAX_DATED)
    first = next((at for at, line in enumerate(lines) if line.text.strip()), 0)
    shown = bare_text(lines[first].heading) if lines else ""
    # a heading of level 1 before all else is the title, unless it is one of several sessions
    is_session = dialect.in_order and [line.level for line in lines].count(1) > 1
    is_title = bool(lines) and lines[first].level == 1 and len(shown) <= MAX_TITLE and not is_session
    title = head.text("title") or (shown if is_title and not dialect.is_day(shown) else "")
    if title and shown.casefold() == title.casefold():
        del lines[first]
    note = dialect.cut(Note(source.name, head, lines, context, title, day_first))
    if not note.parts:
        return Problem(source.name, Span(), "there is no session with a heading", "give each a heading of level 2")
    if len({*note.head.tags}) > MAX_TAGS:
        return Problem(source.name, Span(), f"more than {MAX_TAGS} tags in the front matter", "keep those that matter")
    if len(note.parts) > MAX_PARTS:
        place = Span(note.parts[MAX_PARTS].line, 1)
        return Problem(source.name, place, f"more than {MAX_PARTS:,} sessions or days", "split the file here")
    return note


def _head_problems(note: Note) -> Iterator[Problem]:
    """Hints about front matter: blocks that differ, and fields that have no place. Of several episodes none has the
    length or the date that the front matter gives all."""
    head = note.head
    for key in head.differing:
        what = "the tags are joined" if key in {"tags", "tag"} else "the first one counts"
        message = f'a later block of front matter differs in "{visible(key)}"'
        yield Problem(note.name, Span(), message, what, Severity.HINT)
    lost = {*head.unread, *((*head.dates, "duration") if len(note.parts) > 1 else ())}
    if keys := [key for key in head.fields if key in lost]:
        line = next((one.number for one in head.lines if one.text.partition(":")[0].strip().casefold() in keys), 1)
        message = f"fields of the front matter that have no place: {', '.join(map(visible, keys))}"
        yield Problem(note.name, Span(line, 1), message, "add by hand what you want of it", Severity.HINT)


def _items(dialect: Dialect, source: Source, notes: Sequence[Note], context: Context) -> Iterator[Item]:
    title = stem_title(source.name) or "Notes" if len(notes) > 1 else notes[0].title
    series = series_of(title, context)
    known = context.series.get(series)
    episodes = [
        _Episode(note, part, *_listed(dialect, part, title), part is note.parts[0], len(note.parts) == 1)
        for note in notes
        for part in note.parts
    ]
    entries = distinct(entry for one in episodes for entry in one.resources)
    # the title of a log may be a guess
    shown = known.title if known and context.given and dialect.log else title
    about = {"title": shown, "kind": dialect.series}
    if len(notes) == 1:
        about |= {"summary": notes[0].head.text("description", "summary"), "home": home_of(entries, shown)}
    yield SeriesDraft(series, {key: value for key, value in about.items() if value})
    yield from entries
    tags = _topics(episodes, context.topics)
    topics = {make_slug(tag): tag for own in tags for tag in reversed(own)}
    yield from (EntryDraft("topic", slug, {"name": tag}) for slug, tag in sorted(topics.items()))
    yield from people_entries([person for note in notes for person in note.head.people])
    slugs = {str(entry.fields["urls"][0]): entry.slug for entry in entries}
    # in a series of another name, the order of this file says nothing
    is_own = dialect.log or known is None or known.title.casefold() == title.casefold()
    folder, place = Folder(source.files, NOTES), "" if source.data else source.name.rstrip("/")
    numbers = _numbers(dialect, notes, episodes, is_own)
    for one, own_tags, number in zip(episodes, tags, numbers, strict=True):
        note, part = one.note, one.part
        yield from note.problems if one.is_first else ()
        yield from find_terms(part.lines) if dialect.log else ()
        writer = InlineWriter(note.name, folder, place, dialect.wiki)
        body = _plain_body(part) if note.plain else write_body(part.lines, writer)
        yield from writer.problems
        day, count = _date(one, writer.embedded)
        if count:
            message = f'the date of "{part.title[:60]}" is taken from the names of its {count} files: {day}'
            yield warning(note.name, part.line, message, "correct it if it is wrong", Severity.HINT)
        urls = (str(entry.fields["urls"][0]) for entry in one.resources)
        own = {
            **_fields(one, len(notes) > 1),
            **({"status": status_of(part)} if dialect.in_order and status_of(part) else {}),
            "date": day,
            "topics": list(dict.fromkeys(map(make_slug, own_tags))),
            "resources": list(dict.fromkeys(slugs[url] for url in urls if url in slugs)),
            "source": {"format": dialect.name, **({"url": source.url} if source.url else {})},
        }
        yield Draft(
            series,
            number,
            part.season,
            part.slug or make_slug(part.title, ""),
            {name: value for name, value in own.items() if value or value == 0},
            body,
            line=part.line,
            assets=tuple(writer.assets[name] for name in sorted(writer.assets)),
            file=note.name,
            note_links=tuple(writer.note_links),
            names=_names(one) if dialect.vault else (),
        )


def _listed(dialect: Dialect, part: Part, title: str) -> tuple[Sequence[str], Sequence[EntryDraft]]:
    """The hashtags of an episode and the resources that it lists, where its dialect has such."""
    if not dialect.vault:
        return (), ()
    texts = [part.title, *(line.text for line in part.lines if line.kind in {"text", "table", "html"})]
    tags = dict.fromkeys(tag for text in texts for tag in find_tags(text))
    return list(tags), list(find_resources(part.lines, title))


def _topics(episodes: Sequence[_Episode], known: Mapping[str, str]) -> list[list[str]]:
    """The tags of each episode that are topics: those of the front matter, then those in its text.

    Tags in passing, day by day, would be a flood of topics: of the tags in the text of notes that are named after a day
    those count that the root or another note has.
    """
    uses = Counter(make_slug(tag) for one in episodes for tag in one.tags)
    uses.update(make_slug(tag) for one in episodes if one.is_first for tag in {*one.note.head.tags})
    found = list[list[str]]()
    for one in episodes:
        passing = day_of(one.note.name) is not None
        own = [tag for tag in one.tags if not passing or uses[make_slug(tag)] > 1 or tag.casefold() in known]
        tags = dict.fromkeys(tag for tag in (*one.note.head.tags, *own) if tag.casefold() not in _KIND_TAGS)
        found.append(list(tags)[:MAX_TAGS])
    return found


def _fields(one: _Episode, several: bool) -> dict[str, Any]:
    """The fields of an episode: what its note's front matter says, and what its own lines say."""
    values, part = dict(one.note.head.values), one.part
    # what only fits the whole note describes the series
    for name in ([] if several and one.is_alone else ["summary"]) + ([] if one.is_alone else ["duration"]):
        values.pop(name, None)
    links = [*part.fields.get("links", ()), *(values.pop("links", []) if one.is_first else [])]
    own = {key: value for key, value in part.fields.items() if value}
    values |= {"people": people_field(one.note.head.people), "season": part.season, **own, "links": links}
    return {"title": part.title, **values}


def _names(one: _Episode) -> tuple[str, ...]:
    """What other notes may call an episode: its heading, and for the first one what they may call the note."""
    stem = splitext(basename(one.note.name.rstrip("/\\")))[0]
    own = (stem, one.note.title, *one.note.head.aliases) if one.is_first else ()
    return (*dict.fromkeys(own), *filter(None, [one.part.heading]))


def _plain_body(part: Part) -> str:
    """The body of an entry of plain text."""
    first = next((at for at, line in enumerate(part.lines) if line.text.strip()), 0)
    shown = part.lines[first].text.strip().lstrip("# ").rstrip(".!: ") if part.lines else ""
    # a line that says just the title is the title
    is_title = shown.casefold() == part.title.casefold()
    return plain_body(part.lines[first + 1 :] if is_title else part.lines)


def _date(one: _Episode, embedded: Sequence[str]) -> tuple[date | None, int]:
    """The day of an episode: what its text says, or its note, or that on which all its files' names agree, with their
    count."""
    days = [one.part.fields.get("date")]
    if one.is_alone:
        dates, stem = one.note.head.dates, splitext(basename(one.note.name))[0]
        own = [dates.get(key) for key in DATES]
        days += [own[0], day_of(one.note.name), *own, read_date(stem)]
    if day := next(filter(None, days), None):
        return day, 0
    dated = [found[0] for name in embedded if (found := _ISO.search(name))]
    told = {read_date(text) for text in dated}
    return (told.pop(), len(dated)) if len(told) == 1 else (None, 0)


def _numbers(dialect: Dialect, notes: Sequence[Note], episodes: Sequence[_Episode], is_own: bool) -> list[int | None]:
    """The number of each episode: what its heading says; or else, unless the series is another file's, what the notes'
    names say together, or the order of lectures. A number that two notes claim is neither's."""
    found = [one.part.number for one in episodes]
    if dialect.in_order:
        found = [read_number(one.part.title).number for one in episodes]
        is_counted = None not in found and len(set(found)) == len(found)
        return found if is_counted else [at if is_own else None for at in range(1, len(found) + 1)]
    if dialect.vault and is_own:
        titles = [stem_title(note.name) if len(notes) > 1 else note.title for note in notes]
        titles = ["" if day_of(note.name) else title for note, title in zip(notes, titles, strict=True)]
        named = {note.name: one.number for note, one in zip(notes, read_numbers(titles), strict=True)}
        found = [
            named[one.note.name] if one.is_alone and number is None else number
            for one, number in zip(episodes, found, strict=True)
        ]
    uses = Counter(found) if len(notes) > 1 else Counter()
    return [number if number is not None and number <= MAX_NUMBER and uses[number] < 2 else None for number in found]
