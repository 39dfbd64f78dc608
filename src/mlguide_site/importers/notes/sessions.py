"""Sessions of a lecture series in one file: where each begins, and what the lines under its heading say of it."""

import re
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from mlguide_site.importers.base import Context
from mlguide_site.importers.notes.dates import BadDate, When, bad_date, fill_years, is_day_first, read_when
from mlguide_site.importers.notes.marks import bare_text, links_in, take_pictures
from mlguide_site.importers.notes.parts import Part, Parts, Remark, Text
from mlguide_site.importers.notes.source import Line, is_rule, series_of
from mlguide_site.importers.titles import read_number

MAX_META = 20
"""Lines under a heading that may say when and where."""
MAX_WORDS = 12
CANCELLED_WORDS = 80
CLOSING = frozenset(
    "resources references links literature bibliography sources footnotes acknowledgements acknowledgments credits"
    " appendix".split()
) | {"further reading", "see also", "useful links", "additional resources", "further resources", "reading list"}
"""Headings after the last session that begin none."""
_HEAD_DATE = re.compile(r"(?:date|day|when)\s*:\s*[\"']?(\S.*)", re.I)
_LABEL = re.compile(r"\**(?P<label>[A-Za-z][A-Za-z /&-]{0,30}?)\**\s*:\s*\**\s*(?P<value>\S.*)$")
_ITEM = re.compile(r"^\s*(?:[-+*]|\d{1,3}[.)])\s+")
_WHERE = frozenset("format place location where venue platform room channel".split())
_WHEN = frozenset(["date", "date/time", "time", "when", "day", "date and time", "date & time"])
_PLACES = re.compile(
    r"(?:zoom|you\s?tube(?: live)?|(?:microsoft |ms )?teams|google meet|webex|discord|twitch|linked\s?in live|online"
    r"|in person|hybrid|live\s?stream|slack|skype|jitsi|virtual|remote|on\s?site|gather(?:\.town)?)",
    re.I,
)
_OFF = re.compile(
    r"\b(?:never (?:happened|took place|occurred)|(?:did|has) ?(?:n[o'’]t|not) (?:happen|take place|taken place)"
    r"|(?:was|is|got|has been|were) (?:cancell?ed|called off)|cancell?ed|called off)\b",
    re.I,
)
_EVENT = re.compile(
    r"\b(?:event|session|talk|meeting|lecture|class|webinar|call|workshop|seminar|course|day|it|this)\b", re.I
)


class _Meta(NamedTuple):
    """What is said of a session before its notes: its date, what was wrong with a date, the lines of both, the place
    and links."""

    when: When | None
    line: int
    bad: BadDate | None
    bad_line: int
    place: str
    links: tuple[dict[str, str], ...]

    @property
    def is_dated(self) -> bool:
        return self.when is not None or self.bad is not None


def cut_sessions(text: Text, title: str) -> Parts:
    """The sessions of a file. They are separated by pairs of `---`, by headings with dates, or by headings of the
    level that the file uses most outwardly. `title` is that of the file."""
    lines = text.lines
    headings = [line.heading for line in lines if line.heading]
    day_first = is_day_first([line.text for line in (*text.top, *lines) if not line.code], headings)
    levels = [line.level for line in lines if line.heading]
    level = 1 if levels.count(1) > 1 else 2 if 2 in levels else min(levels, default=0)
    pairs = {
        at
        for start, end in pairs_of(
            [line.kind == "rule" and is_rule(line.text) for line in lines], [bool(line.text.strip()) for line in lines]
        )
        for at in range(start, end + 1)
    }
    starts = [at for at, line in enumerate(lines) if line.heading and line.level == level]
    # beside whole dates, numbers such as 11/30 are dates too
    short = any((when := read_when(lines[at].heading, day_first)) and when.year for at in starts)
    metas = {at: _read_meta(lines[at], lines[at + 1 : at + 1 + MAX_META], day_first, short) for at in starts}
    if pairs or any(metas[at].is_dated for at in starts):
        # without a date, a heading within a block is one of its session's own
        first = _first_of_blocks(starts, pairs) if pairs else set(starts[:1])
        starts = [at for at in starts if metas[at].is_dated or at in first]
    while len(starts) > 1 and not metas[starts[-1]].is_dated and _closes(lines[starts[-1]].heading):
        starts.pop()
    before = [line for at, line in enumerate(lines[: starts[0]] if starts else lines) if at not in pairs]
    days = fill_years([metas[at].when for at in starts])
    numbers = _numbers([_title(lines[at]) for at in starts], title, text.context)
    parts, remarks = list[Part](), list(_head_remarks(text.top, day_first))
    for place, (at, end) in enumerate(zip(starts, [*starts[1:], len(lines)], strict=False)):
        meta, (day, given) = metas[at], days[place]
        own = [line for index, line in enumerate(lines[at + 1 : end], at + 1) if index not in pairs]
        if meta.when and meta.when.year is None:
            remarks.append(_without_year(meta.line, meta.when, _title(lines[starts[given]]) if day else ""))
        if meta.bad:
            remarks.append(Remark(meta.bad_line, meta.bad.message, meta.bad.remedy))
        off = _is_off(_title(lines[at]), meta.when) or _is_cancelled(own)
        fields: dict[str, Any] = {
            "date": day, "links": list(meta.links), "place": meta.place, "status": "cancelled" if off else "",
        }  # fmt: skip
        if pictures := take_pictures(lines[at].heading)[1]:
            own.insert(0, Line(lines[at].number, pictures))
        parts.append(Part(_title(lines[at]), tuple(own), lines[at].number, numbers[place], fields=fields))
    return Parts(tuple(before), tuple(parts), tuple(remarks))


def pairs_of(rules: Sequence[bool], filled: Sequence[bool]) -> Iterator[tuple[int, int]]:
    """First and last index of each run of two or more `---` lines with nothing but blank lines between."""
    start, last, count = -1, -1, 0
    for at, is_one in enumerate([*rules, False]):
        if is_one:
            start, last, count = (start if count else at), at, count + 1
        elif at == len(rules) or filled[at]:
            if count > 1:
                yield start, last
            count = 0


def _first_of_blocks(starts: Sequence[int], pairs: set[int]) -> set[int]:
    """The first heading of all, and the first one after each pair of rules."""
    found, edges, passed = set[int](), sorted(pairs), 0
    for at in starts:
        before = passed
        while passed < len(edges) and edges[passed] < at:
            passed += 1
        if passed > before or not found:
            found.add(at)
    return found


def _title(line: Line) -> str:
    return bare_text(take_pictures(line.heading)[0]) or "Untitled"


def _closes(heading: str) -> bool:
    return bare_text(heading).strip(" :.").casefold() in CLOSING


def _numbers(titles: Sequence[str], title: str, context: Context) -> list[int | None]:
    """Numbers from the titles where each has its own; else the order, unless the series is another file's."""
    written = [read_number(one).number for one in titles]
    if None not in written and len(set(written)) == len(written):
        return written
    known = context.series.get(series_of(title, context))
    if known is not None and known.title.casefold() != title.casefold():
        return [None] * len(titles)
    return list(range(1, len(titles) + 1))


def _head_remarks(head: Sequence[Line], day_first: bool | None) -> Iterator[Remark]:
    for line in head:
        if (found := _HEAD_DATE.match(line.text)) and (bad := bad_date(found[1], day_first)):
            yield Remark(line.number, bad.message, bad.remedy)


def _without_year(line: int, when: When, neighbour: str) -> Remark:
    if not neighbour:
        return Remark(line, f'"{when.text}" names no year', "add the date by hand")
    message = f'"{when.text}" names no year; it is that of "{neighbour[:60]}"'
    return Remark(line, message, "correct the date if it is wrong", hint=True)


def _read_meta(title: Line, lines: Sequence[Line], day_first: bool | None, short: bool) -> _Meta:
    """What a session's heading says of its date and links, and the short lines under it, up to the first heading,
    picture or longer line."""
    when, at, places = read_when(title.heading, day_first, short), title.number, list[str]()
    bad, bad_at = None if when else bad_date(title.heading, day_first), title.number
    links = links_in(title.text)
    for line in lines:
        text = _ITEM.sub("", line.text).strip()
        if line.code or text.startswith("!") or line.level or len(bare_text(text).split()) > MAX_WORDS:
            break
        if not text or re.fullmatch(r"<br\s*/?>\\?", text):
            continue
        if found := links_in(text):
            links += found
            continue
        labelled = _LABEL.match(text)
        label = labelled["label"].strip().casefold() if labelled else ""
        value = labelled["value"].strip(" *\\") if labelled and label in _WHERE | _WHEN else text
        if label in _WHERE or _PLACES.fullmatch(bare_text(value)):
            places.append(bare_text(value))
        elif when is None and (dated := read_when(value, day_first)):
            if _begins(value, dated.text, label):
                when, at = dated, line.number
        elif when is None and bad is None:
            wrong = bad_date(value, day_first, label in _WHEN)
            if wrong and _begins(value, wrong.text, label):
                bad, bad_at = wrong, line.number
    shown = tuple({"title": label, "url": url} for label, url in links)
    return _Meta(when, at, bad, bad_at, ", ".join(dict.fromkeys(places)), shown)


def _begins(value: str, shown: str, label: str) -> bool:
    """Whether a line is about its date, which is `shown`: labelled so, or with little before it."""
    return label in _WHEN or len(bare_text(value).partition(shown)[0].split()) <= 2


def _is_off(title: str, when: When | None) -> bool:
    """Whether the title of a session says, beside its date, only that it did not take place.

    >>> _is_off("11/30: cancelled!", When(None, 11, 30, "11/30")), _is_off("Cancelled flights", None)
    (True, False)
    """
    rest = title.replace(when.text, " ", 1) if when else title
    return bool(_OFF.fullmatch(re.sub(r"^[\W_]+|[\W_]+$", "", rest)))


def _is_cancelled(lines: Sequence[Line]) -> bool:
    """Whether a session's notes are little more than a line that says that it did not take place.

    >>> _is_cancelled([Line(1, "**EVENT NEVER HAPPENED**")]), _is_cancelled([Line(1, "We cancelled the terms, then")])
    (True, False)
    """
    if any(line.level for line in lines) or sum(len(line.text.split()) for line in lines) > CANCELLED_WORDS:
        return False
    for text in (bare_text(_ITEM.sub("", line.text)) for line in lines if not line.code):
        found = _OFF.search(text) if len(text.split()) <= MAX_WORDS else None
        before = text[: found.start()] if found else ""
        if found and (not before.strip(" :-") or _EVENT.search(before) or text.isupper()):
            return True
    return False
