"""Notes kept in HackMD: one Markdown file with several sessions of a lecture series.

Sessions are set apart by pairs of `---` and by headings of the second level; what stands under such a heading says when
and where. In HackMD a line end is a line break; pictures lie on other hosts; an upload that failed leaves a stub.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from mlguide_site.errors import Problem, Severity, visible
from mlguide_site.importers.base import Context, Draft, EntryDraft, Item, SeriesDraft, Source
from mlguide_site.importers.marks import (
    Fault,
    Held,
    bare_text,
    file_label,
    hold_addresses,
    hold_code,
    mark_highlights,
    mend_bold,
    mend_links,
    remote_picture,
    take_pictures,
)
from mlguide_site.importers.plain import escape
from mlguide_site.importers.sections import (
    MAX_TITLE,
    Head,
    Line,
    break_lines,
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
from mlguide_site.importers.sessions import MAX_META, Meta, fill_years, is_cancelled, read_meta, session_fields
from mlguide_site.importers.titles import read_number
from mlguide_site.model.base import is_allowed_url
from mlguide_site.slugs import make_slug
from mlguide_site.spans import Span

SNIFFED = 200_000
FORMAT = "hackmd"
KIND_TAGS = frozenset("lecture lectures talk talks course courses notes note log podcast seminar webinar".split())
"""Tags that say what kind of notes these are rather than what they are about."""
_STUB = re.compile(r"!\[Uploading [^\[\]\n]{0,300}\]\(\)")
_TOKEN = re.compile(r"\{%\s*(youtube|vimeo)\s+([\w-]{1,40})\s*%\}")
_PLAYERS = {"youtube": "https://www.youtube.com/watch?v=", "vimeo": "https://vimeo.com/"}
_BOX = re.compile(r"\s{0,3}:::\s*(info|success|warning|danger|spoiler)\b\s*(.*)$")
_END_BOX = re.compile(r"\s{0,3}:::\s*$")
_HOSTS = re.compile(r"(?<!!)\[[^\[\]\n]{0,200}\]\(/[\w@-][^\s()]{4,200}\)|https://(?:i\.imgur\.com|hackmd\.io)/")


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
    if not any(heading(line) for line in lines):
        return False
    body = lines[read_head(lines).end :]
    twice = sum(is_rule(line) for line in lines[: len(lines) - len(body)]) >= 4
    traces = _STUB.search(text) or _TOKEN.search(text) or _HOSTS.search(text)
    boxes = any(_BOX.match(line.text) for line in body if not line.code)
    return bool(twice or traces or boxes or any(_pairs(body)))


def read(source: Source, context: Context) -> Iterator[Item]:
    """Drafts of the sessions and their series, and what is to be said about the notes."""
    lines = read_lines(source)
    if isinstance(lines, Problem):
        yield lines
        return
    head = read_head(lines)
    title, body = _title(lines[head.end :], head, source.name)
    cut = _cut(body)
    if not cut.sessions:
        yield Problem(source.name, Span(), "there is no session with a heading", "give each a heading of level 2")
        return
    if fault := too_many(source.name, len(head.tags), [session.line for session in cut.sessions], "sessions"):
        yield fault
        return
    series = series_of(title, context)
    yield from _head_problems(source.name, head)
    fields = {"title": title, "kind": "lectures", "summary": head_text(head, "description", "summary")}
    yield SeriesDraft(series, {key: value for key, value in fields.items() if value})
    topics = [tag for tag in head.tags if tag.casefold() not in KIND_TAGS]
    yield from (EntryDraft("topic", make_slug(tag), {"name": tag}) for tag in topics)
    numbers = _numbers(cut.sessions, series, title, context)
    days = fill_years([session.meta.when for session in cut.sessions])
    shared = {"topics": [make_slug(tag) for tag in topics], "language": head_text(head, "lang")}
    for at, (session, (day, given), number) in enumerate(zip(cut.sessions, days, numbers, strict=True)):
        yield from _date_problems(source.name, cut.sessions, at, given, day is not None)
        before = cut.preamble if at == 0 else []
        body_text, faults = to_body([*before, *session.lines])
        yield from (_problem(source.name, line, fault) for line, fault in faults)
        status = {"status": "cancelled"} if is_cancelled(session.lines) else {}
        values: dict[str, Any] = {"title": session.title, **session_fields(session.meta, day), **status, **shared}
        values = {key: value for key, value in values.items() if value} | {"source": {"format": FORMAT}}
        yield Draft(series, number, None, make_slug(session.title, ""), values, body_text, line=session.line)


def _title(lines: list[Line], head: Head, name: str) -> tuple[str, list[Line]]:
    """The title of the file, and its lines without the heading that says just that."""
    named = head_text(head, "title")
    first = next((at for at, line in enumerate(lines) if line.text.strip()), -1)
    found = heading(lines[first]) if first >= 0 else None
    others = any((other := heading(line)) and other.level == 1 for line in lines[first + 1 :])
    shown = bare_text(found.text) if found and found.level == 1 and not others else ""
    # a heading longer than a title may be stays where it stands
    title = named or (shown if len(shown) <= MAX_TITLE else "")
    if found and found.level == 1 and bare_text(found.text).casefold() == title.casefold():
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


def _cut(lines: Sequence[Line]) -> _Cut:
    """What stands before the first session, and the sessions. Every line but headings of sessions and pairs is kept."""
    levels = [found.level for line in lines if (found := heading(line)) and found.text]
    level = 1 if levels.count(1) > 1 else 2 if 2 in levels else min(levels, default=0)
    pairs = {at for start, end in _pairs(lines) for at in range(start, end + 1)}
    starts = [at for at, line in enumerate(lines) if (found := heading(line)) and found.level == level and found.text]
    metas = {at: read_meta(lines[at], lines[at + 1 : at + 1 + MAX_META]) for at in starts}
    dated = any(metas[at].when for at in starts)
    first_of_block = _first_of_blocks(starts, pairs)
    if pairs or dated:
        # without a date, a heading within a block is one of its session's own
        starts = [at for at in starts if metas[at].when or (at in first_of_block if pairs else at == starts[0])]
    sessions = []
    for at, end in zip(starts, [*starts[1:], len(lines)][: len(starts)], strict=True):
        found = heading(lines[at])
        own = [line for index, line in enumerate(lines[at + 1 : end], at + 1) if index not in pairs]
        title, pictures = take_pictures(found.text if found else "")
        if pictures:
            own.insert(0, Line(lines[at].number, pictures))
        sessions.append(Session(bare_text(title) or "Untitled", metas[at], tuple(own), lines[at].number))
    end = starts[0] if starts else len(lines)
    return _Cut([line for at, line in enumerate(lines[:end]) if at not in pairs], sessions)


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


def to_body(lines: Sequence[Line]) -> tuple[str, list[tuple[int, Fault]]]:
    """HackMD's lines as Markdown, and by line number what is to be reported."""
    faults: list[tuple[int, Fault]] = []
    texts, code, boxes = list[str](), list[bool](), 0
    for line in lines:
        found = None if line.code else _BOX.match(line.text)
        if found:
            name = escape(found[2].strip()).replace('"', "'")
            mark = "???" if found[1] == "spoiler" else "!!!"
            kind = {"spoiler": "note"}.get(found[1], found[1])
            opened = "    " * boxes + f"{mark} {kind}" + (f' "{name}"' if name else "")
            texts, code, boxes = [*texts, "", opened, ""], [*code, True, True, True], min(boxes + 1, 8)
            continue
        if boxes and not line.code and _END_BOX.match(line.text):
            boxes -= 1
            texts, code = [*texts, ""], [*code, True]
            continue
        text, own = (line.text, []) if line.code else _line(line.text)
        faults += [(line.number, fault) for fault in own]
        texts.append("    " * boxes + text if text.strip() else "")
        code.append(line.code or boxes > 0)
    return "\n".join(break_lines(texts, code)).strip("\n"), faults


def _line(text: str) -> tuple[str, list[Fault]]:
    held, faults = Held(), list[Fault]()
    text = hold_code(text.expandtabs(4) if text[:1] == "\t" else text, held)

    def stub(found: re.Match[str]) -> str:
        faults.append(Fault("an upload that never ended", "put the file beside the episode, or remove the line"))
        return held.hold(escape(found[0]))

    def picture(address: str, label: str) -> str:
        if is_allowed_url(address):
            return remote_picture(address.rstrip(), re.sub(r"\s*=\d*x\d*$", "", label))
        faults.append(Fault(f'the picture "{visible(address)[:80]}" isn\'t here', "put the file beside the episode"))
        return f"{label or escape(file_label(address))} ({escape(address)})"

    def relative(label: str, address: str) -> str:
        what = f'"{visible(label)[:60]}" leads to {visible(address)[:80]}, which is not a whole address'
        faults.append(Fault(what, "it is kept as text; give the whole address"))
        return f"{label} ({escape(address)})" if address else label

    def player(found: re.Match[str]) -> str:
        return held.hold(f"[{found[1]} {found[2]}]({_PLAYERS[found[1]]}{found[2]})")

    text = _TOKEN.sub(player, _STUB.sub(stub, text))
    for found in mend_links(text, held, picture, relative):
        if isinstance(found, Fault):
            faults.append(found)
        else:
            text = found
    text = mend_bold(mark_highlights(hold_addresses(text, held)))
    return held.free(text), [Fault(held.free(fault.message), fault.remedy) for fault in faults]


def _problem(name: str, line: int, fault: Fault) -> Problem:
    return Problem(name, Span(line, 1), visible(fault.message), fault.remedy, Severity.WARNING)


def _head_problems(name: str, head: Head) -> Iterator[Problem]:
    for key in head.differing:
        what = "the tags are joined" if key in {"tags", "tag"} else "the first one counts"
        message = f'the front matter stands twice and differs in "{visible(key)}"'
        yield Problem(name, Span(), message, what, Severity.HINT)
    known = {"title", "tags", "tag", "description", "summary", "lang"}
    for key in sorted(set(head.fields) - known):
        message = f'the field "{visible(key)}" of the front matter has no place'
        yield Problem(name, Span(), message, "add by hand what you want of it", Severity.HINT)


def _date_problems(name: str, sessions: Sequence[Session], at: int, given: int, dated: bool) -> Iterator[Problem]:
    when, line = sessions[at].meta.when, sessions[at].meta.line
    if when is None or when.year is not None:
        return
    if not dated:
        yield Problem(name, Span(line, 1), f'"{when.text}" names no year', "add the date by hand", Severity.WARNING)
    else:
        message = f'"{when.text}" names no year; it is that of "{sessions[given].title[:60]}"'
        yield Problem(name, Span(line, 1), message, "correct the date if it is wrong", Severity.HINT)
