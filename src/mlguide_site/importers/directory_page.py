"""A directory's page saved as text: cut into its entries, and what is to be reported about it."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import islice, pairwise

from mlguide_site.errors import Problem, Severity, Span, visible
from mlguide_site.importers.common.fields import day_comes_first
from mlguide_site.importers.common.titles import read_glued, read_prefix
from mlguide_site.importers.entry_stamps import EntryStamp, looks_like_stamp, read_entry_stamp, whole_dates
from mlguide_site.model.wording import Wording

MAX_TITLE = 500
LONG_LINE = 200
SHOWN = 60
MAX_DOUBTFUL = 100
"""Doubtful lines that are reported one by one."""
MAX_NAMED = 8
"""Unused lines that a report quotes."""
WORDS = Wording()
COUNT = re.compile(
    r"(?P<count>\d{1,6})\s+episodes?\b(?:.{0,20}?\bpage\s+(?P<page>\d{1,5})\s*(?:of|/)\s*(?P<pages>\d{1,5}))?.{0,40}",
    re.I | re.A,
)

Numbered = tuple[int, str]


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of the page: title, the lines of its notes, the line it begins on; its last line as it was read, with
    its number; and its date."""

    title: str
    notes: tuple[Numbered, ...]
    line: int
    stamp: EntryStamp
    end: int
    date: date | None

    @property
    def texts(self) -> list[str]:
        return [text for _, text in self.notes]


@dataclass(frozen=True, slots=True)
class Page:
    """A page taken apart: the show's title, how many episodes it says there are, its number and the number of pages,
    its entries, and the lines before and after them that nothing is made of."""

    show: str
    count: int | None
    page: int
    pages: int
    entries: tuple[Entry, ...]
    rest: tuple[Numbered, ...]
    head: tuple[Numbered, ...]


def looks_like_title(line: str) -> bool:
    """Whether a line has a number glued before it, or the prefix of a series, as titles of a listing do.

    >>> looks_like_title("S1 Ep 66Keys"), looks_like_title("ABC 001 Keys"), looks_like_title("Keys")
    (True, True, False)
    """
    return read_glued([line])[0].number is not None or bool(read_prefix(line))


def parse_page(text: str) -> Page:
    """Cut the text of a page into its entries. Every line lands in the head, in an entry or in `rest`."""
    lines = [(number, line.strip()) for number, line in enumerate(text.split("\n"), 1) if line.strip()]
    day_first = day_comes_first([line for _, line in lines if len(line) <= SHOWN])
    stamps = {at: stamp for at, (_, line) in enumerate(lines) if (stamp := read_entry_stamp(line, day_first))}
    start = _head_end(lines, stamps)
    head = [(number, line) for number, line in lines[:start] if not COUNT.fullmatch(line)]
    counted = next((found for _, line in lines[:start] if (found := COUNT.fullmatch(line))), None)
    count, page, pages = counted.group("count", "page", "pages") if counted else (None, None, None)
    show = _show([line for _, line in head], Counter(line for _, line in lines))
    entries = list[Entry]()
    for (at, stamp), day in zip(stamps.items(), whole_dates(list(stamps.values())), strict=True):
        if at > start:
            (number, title), *notes = lines[start:at]
            if len(title) > MAX_TITLE:
                title, notes = title[:80].rpartition(" ")[0] or title[:80], lines[start:at]
            entries.append(Entry(title, tuple(notes), number, stamp, lines[at][0], day))
        start = max(start, at + 1)
    named = tuple((number, line) for number, line in head if line != show)
    whole = int(count) if count else None
    return Page(show, whole, int(page or 1), int(pages or 1), tuple(entries), tuple(lines[start:]), named)


def _head_end(lines: Sequence[Numbered], stamps: Mapping[int, EntryStamp]) -> int:
    """How many lines come before the first entry: those up to the count; else what the other entries' size leaves."""
    first = min(stamps, default=len(lines))
    for at in range(first):
        if COUNT.fullmatch(lines[at][1]):
            return at + 1
    titled = next((at for at in range(first) if looks_like_title(lines[at][1])), None)
    if titled is not None:
        return titled
    sizes = Counter(after - before - 1 for before, after in pairwise(sorted(stamps)))
    return max(0, first - max(sizes, key=lambda size: (sizes[size], -size), default=2))


def _show(names: Sequence[str], counts: Mapping[str, int]) -> str:
    """The show's title among the lines of the head: the most frequent one; of equals the last that is no paragraph."""
    short = [name for name in enumerate(names) if len(name[1]) <= MAX_TITLE]
    return max(short, key=lambda one: (counts[one[1]], len(one[1]) <= LONG_LINE, one[0]), default=(0, ""))[1]


def problems_of(name: str, page: Page) -> Iterator[Problem]:
    """What is wrong with a page, and what is missing from it."""
    if not page.entries:
        remedy = "give a directory's page saved as text, or name the format with --from"
        yield Problem(name, Span(), "no episode found", remedy)
        return
    yield from _before(name, page.head)
    if page.rest:
        line, text = page.rest[0]
        if any(len(text) > LONG_LINE for _, text in page.rest) or looks_like_title(text):
            remedy = "save the whole page and import that"
            yield Problem(name, Span(line, 1), "the page ends in the middle of an entry", remedy)
            return
        message = f"{WORDS.count(len(page.rest), 'line')} after the last episode: no episode is there"
        yield Problem(name, Span(line, 1), message, "nothing to do if they are the page's own", Severity.HINT)
    if page.pages > 1:
        of = WORDS.count(page.count or 0, "episode")
        message = f"page {page.page} of {page.pages}: {len(page.entries)} of {of} on it"
        yield Problem(name, Span(), message, "import the other pages too", Severity.HINT)
    elif page.count is not None and page.count != len(page.entries):
        message = f"the page says {WORDS.count(page.count, 'episode')} and holds {len(page.entries)}"
        yield Problem(name, Span(), message, "see whether it was saved whole", Severity.HINT)
    yield from (problem for entry in page.entries if (problem := _date_problem(name, entry)))
    yield from islice(_within(name, page.entries), MAX_DOUBTFUL)


def _date_problem(name: str, entry: Entry) -> Problem | None:
    """What is to be reported where a date is not whole."""
    title, stamp = f'"{visible(entry.title)[:SHOWN]}"', entry.stamp
    line, remedy, severity = entry.end, "add the date by hand", Severity.WARNING
    if not stamp.text:
        if entry.date:
            return None
        line, message, remedy = entry.line, f"{title} has no possible date", "add it by hand"
    elif stamp.when is None:
        message, remedy = f'"{stamp.text}" counts back from an unknown day: {title} has no date', "add it by hand"
    elif entry.date is None:
        message = f'"{stamp.text}" names no year, and no entry around {title} has one'
    else:
        message = f'"{stamp.text}" names no year; by the entries around it, {title} is of {entry.date}'
        remedy, severity = "correct the date if it is wrong", Severity.HINT
    return Problem(name, Span(line, 1), message, remedy, severity)


def _before(name: str, head: Sequence[Numbered]) -> Iterator[Problem]:
    """Lines before the first entry of which nothing is made: those that may be an entry's, then all the others."""
    others, doubtful = list[Numbered](), 0
    for line, text in head:
        is_stamp = looks_like_stamp(text)
        if (is_stamp or len(text) > LONG_LINE) and doubtful < MAX_DOUBTFUL:
            doubtful += 1
            what = "may be the end" if is_stamp else "may be the notes"
            message = f'"{visible(text)[:SHOWN]}" is before the first episode found and {what} of another'
            yield Problem(name, Span(line, 1), message, "see whether an episode is missing", Severity.WARNING)
        else:
            others.append((line, text))
    if others:
        quoted = ", ".join(f'"{visible(text)[:SHOWN]}"' for _, text in others[:MAX_NAMED])
        quoted += " and more" if len(others) > MAX_NAMED else ""
        message = f"{WORDS.count(len(others), 'line')} before the first episode left out: {quoted}"
        remedy = "nothing to do if they are the page's own"
        yield Problem(name, Span(others[0][0], 1), message, remedy, Severity.HINT)


def _within(name: str, entries: Sequence[Entry]) -> Iterator[Problem]:
    """Lines within notes that look like the end or the title of another entry, which is then part of these notes."""
    titled = 2 * sum(looks_like_title(entry.title) for entry in entries) >= len(entries)
    for entry in entries:
        for line, text in entry.notes:
            kind = "date and length" if looks_like_stamp(text) else ""
            if not kind and titled and len(text) <= LONG_LINE and looks_like_title(text):
                kind = "title"
            if kind:
                shown, title = visible(text)[:SHOWN], visible(entry.title)[:SHOWN]
                message = f'"{shown}" in the notes of "{title}" looks like the {kind} of another episode'
                remedy = "see whether the notes hold two episodes; then write its date in full, and import again"
                yield Problem(name, Span(line, 1), message, remedy, Severity.WARNING)
