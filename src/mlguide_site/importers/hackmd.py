"""Notes kept in HackMD: one Markdown file with several sessions of a lecture series.

Sessions are set apart by pairs of `---` and by headings of the second level; what stands under such a heading says when
and where. In HackMD a line end is a line break; pictures lie on other hosts; an upload that failed leaves a stub.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from mlguide_site.errors import Problem, Severity, Span, visible
from mlguide_site.importers.base import Context, Draft, EntryDraft, Item, SeriesDraft, Source
from mlguide_site.importers.hackmd_lines import read_tags, to_body
from mlguide_site.importers.hackmd_traces import has_traces
from mlguide_site.importers.head_fields import unread_fields
from mlguide_site.importers.marks import Fault, bare_text, take_pictures
from mlguide_site.importers.sections import (
    MAX_TITLE,
    Head,
    Heading,
    Line,
    head_text,
    heading,
    is_rule,
    mark_code,
    read_head,
    read_lines,
    series_of,
    stem_title,
    too_many,
)
from mlguide_site.importers.session_dates import is_day_first, read_when, unread_when
from mlguide_site.importers.sessions import (
    MAX_META,
    Meta,
    fill_years,
    is_cancelled,
    is_off,
    read_meta,
    session_fields,
)
from mlguide_site.importers.tags import topic_tags
from mlguide_site.importers.titles import read_number
from mlguide_site.importers.underlined import mark_underlined
from mlguide_site.model.slugs import make_slug

SNIFFED = 200_000
FORMAT = "hackmd"
READ_FIELDS = frozenset(("title", "description", "summary", "lang", "language"))
CLOSING = frozenset(
    "resources references links literature bibliography sources footnotes acknowledgements acknowledgments credits"
    " appendix".split()
) | {"further reading", "see also", "useful links", "additional resources", "further resources", "reading list"}
"""Headings that close notes of several sessions and are none themselves."""
_HEAD_DATE = re.compile(r"(?:date|day|when)\s*:\s*[\"']?(\S.*)", re.I)


@dataclass(frozen=True, slots=True)
class Session:
    """One session: its title, what stands under its heading, its lines without the heading, and its first line."""

    title: str
    meta: Meta
    lines: tuple[Line, ...]
    line: int


class _Cut(NamedTuple):
    preamble: list[Line]
    sessions: list[Session]


def sniff(source: Source) -> bool:
    """Whether a source is Markdown with a trace of HackMD: front matter twice, pairs of `---`, stubs, boxes, hosts."""
    text = source.data[:SNIFFED].decode("utf-8", "replace").lstrip("\ufeff")
    if text.lstrip().startswith(("<", "{")) or "![[" in text:
        return False
    lines = mark_code(text.replace("\r\n", "\n").replace("\r", "\n").split("\n"))
    head = read_head(lines)
    body = lines[head.end :]
    if not any(heading(line) for line in mark_underlined(body)):
        return False
    twice = sum(is_rule(line) for line in lines[: head.end]) >= 4
    return twice or any(_pairs(body)) or has_traces(source.name, text, head, body)


def read(source: Source, context: Context) -> Iterator[Item]:
    """Drafts of the sessions and their series, and what is to be said about the notes."""
    lines = read_lines(source)
    if isinstance(lines, Problem):
        yield lines
        return
    head = read_head(lines)
    body = mark_underlined(lines[head.end :])
    day_first = is_day_first([line.text for line in lines if not line.code], _headings(body))
    tagged = [(line.number, tags) for line in body if (tags := read_tags(line))]
    title, body = _title([line for line in body if not read_tags(line)], head, source.name)
    cut = _cut(body, day_first)
    if not cut.sessions:
        yield Problem(source.name, Span(), "there is no session with a heading", "give each a heading of level 2")
        return
    tags = list(dict.fromkeys([*head.tags, *(tag for _, own in tagged for tag in own)]))
    if fault := too_many(source.name, len(tags), [session.line for session in cut.sessions], "sessions"):
        yield fault
        return
    series = series_of(title, context)
    yield from _head_problems(source.name, head, lines[: head.end], day_first)
    fields = {"title": title, "kind": "lectures", "summary": head_text(head, "description", "summary")}
    yield SeriesDraft(series, {key: value for key, value in fields.items() if value})
    topics = {make_slug(tag): tag for tag in topic_tags(tags)}
    yield from (EntryDraft("topic", slug, {"name": tag}) for slug, tag in topics.items())
    numbers = _numbers(cut.sessions, series, title, context)
    days = fill_years([session.meta.when for session in cut.sessions])
    shared = [*head.tags, *(tag for line, own in tagged if line < cut.sessions[0].line for tag in own)]
    for at, (session, (day, given), number) in enumerate(zip(cut.sessions, days, numbers, strict=True)):
        yield from _date_problems(source.name, cut.sessions, at, given, day is not None)
        if session.meta.unread:
            yield _problem(source.name, *session.meta.unread)
        before = cut.preamble if at == 0 else []
        body_text, faults = to_body([*before, *session.lines])
        yield from (_problem(source.name, line, fault) for line, fault in faults)
        end = cut.sessions[at + 1].line if at + 1 < len(cut.sessions) else len(lines) + 1
        own_tags = [*shared, *(tag for line, own in tagged if session.line <= line < end for tag in own)]
        off = is_cancelled(session.lines) or is_off(session.title, session.meta.when)
        values: dict[str, Any] = {
            "title": session.title,
            **session_fields(session.meta, day),
            "status": "cancelled" if off else "",
            "topics": list(dict.fromkeys(slug for tag in own_tags if (slug := make_slug(tag)) in topics)),
            "language": head_text(head, "lang", "language"),
        }
        values = {key: value for key, value in values.items() if value} | {"source": {"format": FORMAT}}
        yield Draft(series, number, None, make_slug(session.title, ""), values, body_text, line=session.line)


def _title(lines: list[Line], head: Head, name: str) -> tuple[str, list[Line]]:
    """The title of the file, and its lines without the heading that says just that."""
    named = head_text(head, "title")
    first = next((at for at, line in enumerate(lines) if line.text.strip()), -1)
    found = heading(lines[first]) if first >= 0 else None
    levels = [other.level for line in lines[first + 1 :] if (other := heading(line))]
    others = 1 in levels
    shown = bare_text(found.text) if found and found.level == 1 and not others else ""
    # a heading longer than a title may be stays where it stands
    title = named or (shown if len(shown) <= MAX_TITLE else "")
    # one of another level is the title where sessions have headings of that level
    is_title = found and (found.level == 1 or found.level in levels)
    if found and is_title and bare_text(found.text).casefold() == title.casefold():
        lines = [*lines[:first], *lines[first + 1 :]]
    return title.rstrip(". ") or stem_title(name) or "Notes", lines


def _pairs(lines: Sequence[Line]) -> Iterator[tuple[int, int]]:
    """First and last index of each run of two or more `---` lines with nothing but blank lines between."""
    start, last, count = -1, -1, 0
    for at, line in enumerate(lines):
        if is_rule(line):
            start, last, count = (start if count else at), at, count + 1
        elif line.text.strip():
            if count > 1:
                yield start, last
            count = 0
    if count > 1:
        yield start, last


def _headings(lines: Sequence[Line]) -> list[str]:
    return [found.text for line in lines if (found := heading(line)) and found.text]


def _cut(lines: Sequence[Line], day_first: bool | None) -> _Cut:
    """What stands before the first session, and the sessions. Every line but headings of sessions and pairs is kept."""
    heads = {at: found for at, line in enumerate(lines) if (found := heading(line)) and found.text}
    levels = [found.level for found in heads.values()]
    level = 1 if levels.count(1) > 1 else 2 if 2 in levels else min(levels, default=0)
    pairs = {at for start, end in _pairs(lines) for at in range(start, end + 1)}
    starts = [at for at, found in heads.items() if found.level == level]
    # beside whole dates, numbers such as 11/30 are dates too
    short = any((when := read_when(heads[at].text, day_first)) and when.year for at in starts)
    metas = {at: read_meta(lines[at], lines[at + 1 : at + 1 + MAX_META], day_first, short) for at in starts}
    dated = any(metas[at].is_dated for at in starts)
    first_of_block = _first_of_blocks(starts, pairs)
    if pairs or dated:
        # without a date, a heading within a block is one of its session's own
        starts = [at for at in starts if metas[at].is_dated or (at in first_of_block if pairs else at == starts[0])]
    while len(starts) > 1 and not metas[starts[-1]].is_dated and _closes(heads[starts[-1]]):
        starts.pop()
    sessions = []
    for at, end in zip(starts, [*starts[1:], len(lines)][: len(starts)], strict=True):
        own = [line for index, line in enumerate(lines[at + 1 : end], at + 1) if index not in pairs]
        title, pictures = take_pictures(heads[at].text)
        if pictures:
            own.insert(0, Line(lines[at].number, pictures))
        sessions.append(Session(bare_text(title) or "Untitled", metas[at], tuple(own), lines[at].number))
    end = starts[0] if starts else len(lines)
    return _Cut([line for at, line in enumerate(lines[:end]) if at not in pairs], sessions)


def _closes(found: Heading) -> bool:
    return bare_text(found.text).strip(" :.").casefold() in CLOSING


def _first_of_blocks(starts: Sequence[int], pairs: set[int]) -> set[int]:
    found, edges, passed = set[int](), sorted(pairs), 0
    for at in starts:
        before = passed
        while passed < len(edges) and edges[passed] < at:
            passed += 1
        if passed > before or not found:
            found.add(at)
    return found


def _numbers(sessions: Sequence[Session], series: str, title: str, context: Context) -> list[int | None]:
    """Numbers from the titles where each has its own; else the order, unless the series is another file's."""
    written = [read_number(session.title).number for session in sessions]
    if None not in written and len(set(written)) == len(written):
        return written
    known = context.series.get(series)
    if known is not None and known.title.casefold() != title.casefold():
        return [None] * len(sessions)
    return list(range(1, len(sessions) + 1))


def _problem(name: str, line: int, fault: Fault) -> Problem:
    return Problem(name, Span(line, 1), visible(fault.message), fault.remedy, Severity.WARNING)


def _head_problems(name: str, head: Head, lines: Sequence[Line], day_first: bool | None) -> Iterator[Problem]:
    for key in head.differing:
        what = "the tags are joined" if key in {"tags", "tag"} else "the first one counts"
        message = f'the front matter stands twice and differs in "{visible(key)}"'
        yield Problem(name, Span(), message, what, Severity.HINT)
    said = (key for key, value in head.fields.items() if value not in (None, "", [], {}))
    yield from unread_fields(name, lines, [key for key in said if key not in READ_FIELDS])
    for line in lines:
        found = _HEAD_DATE.match(line.text)
        if found and (unread := unread_when(found[1], day_first)):
            yield _problem(name, line.number, unread[1])


def _date_problems(name: str, sessions: Sequence[Session], at: int, given: int, dated: bool) -> Iterator[Problem]:
    when, line = sessions[at].meta.when, sessions[at].meta.line
    if when is None or when.year is not None:
        return
    if not dated:
        yield Problem(name, Span(line, 1), f'"{when.text}" names no year', "add the date by hand", Severity.WARNING)
    else:
        message = f'"{when.text}" names no year; it is that of "{sessions[given].title[:60]}"'
        yield Problem(name, Span(line, 1), message, "correct the date if it is wrong", Severity.HINT)
