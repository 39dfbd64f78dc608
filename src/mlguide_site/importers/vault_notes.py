"""A vault's notes taken apart: what each is called, its front matter, and its days where it holds several."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from os.path import basename, splitext

from mlguide_site.errors import Problem, Severity, Span, visible
from mlguide_site.importers.assets import is_note
from mlguide_site.importers.base import Source
from mlguide_site.importers.fields import MONTHS, read_stamp
from mlguide_site.importers.head_fields import HeadFields, read_fields, unread_fields
from mlguide_site.importers.marks import bare_text, links_in, take_pictures
from mlguide_site.importers.openers import read_opener
from mlguide_site.importers.sections import (
    MAX_TITLE,
    Head,
    Line,
    head_text,
    heading,
    read_head,
    read_lines,
    stem_title,
    too_many,
    too_rich,
)
from mlguide_site.importers.titles import read_numbers

MAX_NUMBER = 99_999
MAX_NAMED = 10
"""Empty notes that are named."""
_UNITS = "day week module lesson lecture session class unit chapter part meeting cohort"
_DAY = re.compile(
    rf"(?P<unit>{_UNITS.replace(' ', '|')})\s{{0,3}}[-–—#.:]?\s{{0,3}}(?P<number>\d{{1,5}})(?![\w/])"
    r"[\s:.|)–—-]*(?P<title>.*)$",
    re.I,
)
_WEEKDAY = re.compile(r"[\s,_-]+(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?$", re.I)
_DIGITS = re.compile(r"((?:19|20)\d\d)([01]\d)([0-3]\d)", re.A)


@dataclass(frozen=True, slots=True)
class Part:
    """An episode within a note: number, title, and lines; `line` is its first one, `slug` what its id is made of where
    that is not the title, `heading` the text of the heading that begins it."""

    number: int | None
    title: str
    lines: tuple[Line, ...]
    line: int
    links: tuple[tuple[str, str], ...] = ()
    on: date | None = None
    slug: str = ""
    heading: str = ""


@dataclass(frozen=True, slots=True)
class Note:
    """One note: its name, the day that it is called after, front matter and the fields of it, title, what stands before
    its first part, and its parts."""

    name: str
    day: date | None
    head: Head
    fields: HeadFields
    title: str
    preamble: tuple[Line, ...]
    parts: tuple[Part, ...]
    lines: tuple[Line, ...] = ()
    """those of the front matter"""

    @property
    def names(self) -> tuple[str, ...]:
        """What other notes may call this one."""
        stem = splitext(basename(self.name.rstrip("/\\")))[0]
        return tuple(dict.fromkeys((stem, self.title, *self.fields.aliases)))


def is_day(text: str) -> bool:
    """Whether a heading or title begins as that of a day of a course.

    >>> is_day("Day 2: Better Data"), is_day("Days")
    (True, False)
    """
    return bool(_DAY.match(text))


def read_notes(source: Source) -> tuple[list[Note], list[Problem]]:
    """The notes of a source, those of a folder by path; a folder's note that can't be read is an error."""
    if source.data or not source.files:
        found = _note(source)
        return ([], [found]) if isinstance(found, Problem) else ([found], list(_unread(found)))
    notes, problems, empty = list[Note](), list[Problem](), list[str]()
    for path in sorted(path for path in source.files if is_note(path)):
        if not source.files[path].strip():
            empty.append(path)
            continue
        found = _note(Source(f"{source.name.rstrip('/')}/{path}", source.files[path]))
        problems += [found] if isinstance(found, Problem) else _unread(found)
        notes += [] if isinstance(found, Problem) else [found]
    lines = (line for note in notes for own in (note.preamble, *(part.lines for part in note.parts)) for line in own)
    if fault := too_rich(source.name, lines):
        return [], [fault]
    if not notes and not any(problem.severity is Severity.ERROR for problem in problems):
        problems.append(Problem(source.name, Span(), "the folder's notes are empty", "name a folder with notes"))
    elif empty:
        problems.append(_empty(source.name, empty))
    return notes, problems


def _empty(name: str, paths: Sequence[str]) -> Problem:
    shown = ", ".join(visible(path) for path in paths[:MAX_NAMED])
    more = f" and {len(paths) - MAX_NAMED:,} more" if len(paths) > MAX_NAMED else ""
    count = "1 empty note is" if len(paths) == 1 else f"{len(paths):,} empty notes are"
    return Problem(name, Span(), f"{count} passed over: {shown}{more}", "write something in them first", Severity.HINT)


def _unread(note: Note) -> Iterator[Problem]:
    """A hint at the fields of the front matter that nothing is made of; of several days none has its length or date."""
    several = len(note.parts) > 1
    lost = {*note.fields.unread, *((*note.fields.dates, "duration") if several else ())}
    yield from unread_fields(note.name, note.lines, [key for key in note.head.fields if key in lost])


def _note(source: Source) -> Note | Problem:
    lines = read_lines(source)
    if isinstance(lines, Problem):
        return lines
    head = read_head(lines)
    body = lines[head.end :]
    named, day = head_text(head, "title"), day_of(source.name)
    title, body = _title(body, named or ("" if day else stem_title(source.name)), bool(named), day)
    found = _days(body)
    parts: tuple[Part, ...]
    if found:
        parts = tuple(
            _part(body, *place) for place in zip(found, [at for at, _ in found[1:]] + [len(body)], strict=True)
        )
    else:
        # the title of a note tells its number; `Day 3 - Saws` is called Saws
        told = _DAY.match(title)
        shown = (told["title"] if told else "") or title
        slug = day.isoformat() if day else ""
        parts = (Part(_number(told["number"]) if told else None, shown, tuple(body), head.end + 1, slug=slug),)
    fault = too_many(source.name, len(head.tags), [part.line for part in parts] if found else (), "days")
    before = tuple(body[: found[0][0]]) if found else ()
    own = tuple(lines[: head.end])
    return fault or Note(source.name, day, head, read_fields(head), title or "Notes", before, parts, own)


def _title(body: list[Line], title: str, is_named: bool, day: date | None) -> tuple[str, list[Line]]:
    """The title of a note, and its lines without a heading that says just that. A note that is called after a day has
    the title of its first heading, else the day's date."""
    first = next((at for at, line in enumerate(body) if line.text.strip()), -1)
    found = heading(body[first]) if first >= 0 else None
    if found and found.level == 1 and found.text and not is_day(bare_text(found.text)):
        shown = bare_text(found.text)
        if shown and len(shown) <= MAX_TITLE and (not is_named or title.casefold() == shown.casefold()):
            return shown, [*body[:first], *body[first + 1 :]]
    if title or day is None:
        return title, body
    heads = [(at, one) for at, line in enumerate(body) if (one := heading(line)) and bare_text(one.text)]
    if not heads or is_day(bare_text(heads[0][1].text)) or len(bare_text(heads[0][1].text)) > MAX_TITLE:
        return written_day(day), body
    at, one = heads[0]
    # one of several sections has to keep its heading
    alone = at == first and [other.level for _, other in heads].count(one.level) == 1
    return bare_text(one.text), [*body[:at], *body[at + 1 :]] if alone else body


def day_of(name: str) -> date | None:
    """The day that a note is called after, as daily notes are.

    >>> [str(day_of(name)) for name in ("2024-05-01.md", "j/2024_05_01.md", "20240501.md", "2024-05-01 Wednesday.md")]
    ['2024-05-01', '2024-05-01', '2024-05-01', '2024-05-01']
    >>> day_of("2024-05-01 Saws.md"), day_of("2024.md")
    (None, None)
    """
    stem = _WEEKDAY.sub("", splitext(basename(name.rstrip("/\\")))[0].strip()).replace("_", "-")
    if whole := _DIGITS.fullmatch(stem):
        stem = "-".join(whole.groups())
    stamp = read_stamp(stem)
    return stamp.date if stamp and not stamp.duration else None


def written_day(day: date) -> str:
    """A day as the site writes it.

    >>> written_day(date(2024, 5, 1))
    '1 May 2024'
    """
    return f"{day.day} {MONTHS[day.month - 1].capitalize()} {day.year}"


def _part(body: Sequence[Line], begun: tuple[int, re.Match[str]], end: int) -> Part:
    """A day of a note, from its heading to the next one's."""
    at, day = begun
    rest = bare_text(day["title"]).rstrip(" :-–—")
    opener = read_opener(bare_text(take_pictures(body[at].text.lstrip("# "))[0]))
    on = opener.when.on(opener.when.year) if opener and opener.when and opener.when.year else None
    rest = opener.title if opener and on else rest
    shown = rest or f"{day['unit'].capitalize()} {int(day['number'])}"
    pictures = take_pictures(body[at].text)[1]
    own = [*([Line(body[at].number, pictures)] if pictures else []), *body[at + 1 : end]]
    links = tuple(links_in(body[at].text))
    return Part(_number(day["number"]), shown, tuple(own), body[at].number, links, on, heading=day[0].strip())


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


def numbers_of(notes: Sequence[Note]) -> Mapping[tuple[str, int], int | None]:
    """The number of each part, by note and place: what its heading says, else what the notes' names say together."""
    stems = ["" if note.day else stem_title(note.name) for note in notes]
    named = dict(zip((note.name for note in notes), read_numbers(stems), strict=True))
    found: dict[tuple[str, int], int | None] = {}
    for note in notes:
        for at, part in enumerate(note.parts):
            own = part.number
            if own is None and len(note.parts) == 1 and note.day is None:
                own = named[note.name].number if len(notes) > 1 else read_numbers([note.title])[0].number
            found[note.name, at] = own if own is not None and own <= MAX_NUMBER else None
    uses = Counter(number for number in found.values() if number is not None)
    # a number that two notes claim is neither's
    return {key: number if number is None or uses[number] == 1 else None for key, number in found.items()}
