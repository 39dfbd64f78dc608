"""What a directory's page saved as text holds once it is cut, and what is to be said about it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import NamedTuple

from mlguide_site.errors import Problem, Severity, Span, visible
from mlguide_site.importers.common.fields import Stamp
from mlguide_site.importers.common.titles import read_glued, read_prefix
from mlguide_site.importers.entry_stamps import EntryStamp, looks_like_stamp
from mlguide_site.model.wording import Wording

LONG_LINE = 200
SHOWN = 60
WORDS = Wording()
MAX_DOUBTFUL = 100
"""doubtful lines that are reported one by one"""
MAX_NAMED = 8
"""unused lines that a report quotes"""


class Entry(NamedTuple):
    """One entry of the page: title line, notes (a line a paragraph), date and length, the line it begins on; the
    numbers of the lines of its notes, and its last line as it was read, with its number."""

    title: str
    notes: tuple[str, ...]
    stamp: Stamp
    line: int
    places: tuple[int, ...] = ()
    said: EntryStamp | None = None
    end: int = 0


@dataclass(frozen=True, slots=True)
class Page:
    """A page taken apart: the show's title, what it says of its size, its entries, and the lines before and behind
    them that nothing is made of."""

    show: str
    count: int | None
    page: int
    pages: int
    entries: tuple[Entry, ...]
    rest: tuple[tuple[int, str], ...]
    head: tuple[tuple[int, str], ...] = ()


def looks_like_title(line: str) -> bool:
    """Whether a line has a number glued before it, or the prefix of a series, as titles of a listing do.

    >>> looks_like_title("S1 Ep 66Keys"), looks_like_title("ABC 001 Keys"), looks_like_title("Keys")
    (True, True, False)
    """
    return read_glued([line])[0].number is not None or bool(read_prefix(line))


def problems_of(name: str, page: Page) -> Iterator[Problem]:
    """What is wrong with a page, and what it does not hold."""
    if not page.entries:
        yield Problem(
            name, Span(), "no episode found", "give a directory's page saved as text, or name the format with --from"
        )
        return
    yield from _before(name, page.head)
    if page.rest:
        line, text = page.rest[0]
        if any(len(text) > LONG_LINE for _, text in page.rest) or looks_like_title(text):
            yield Problem(
                name, Span(line, 1), "the page ends in the middle of an entry", "save the whole page and import that"
            )
            return
        message = f"{WORDS.count(len(page.rest), 'line')} behind the last episode: no episode is there"
        yield Problem(name, Span(line, 1), message, "nothing to do if they are the page's own", Severity.HINT)
    if page.pages > 1:
        message = (
            f"page {page.page} of {page.pages}: {len(page.entries)} of {WORDS.count(page.count or 0, 'episode')} on it"
        )
        yield Problem(name, Span(), message, "import the other pages too", Severity.HINT)
    elif page.count is not None and page.count != len(page.entries):
        message = f"the page says {WORDS.count(page.count, 'episode')} and holds {len(page.entries)}"
        yield Problem(name, Span(), message, "see whether it was saved whole", Severity.HINT)
    for entry in page.entries:
        yield from _date_problems(name, entry)
    yield from islice(_within(name, page.entries), MAX_DOUBTFUL)


def _date_problems(name: str, entry: Entry) -> Iterator[Problem]:
    """What is to be said where a date is not the one that stands there."""
    title, said, day = f'"{visible(entry.title)[:SHOWN]}"', entry.said, entry.stamp.date
    if said is None or not said.text:
        if day is None:
            message = f"{title} has no possible date"
            yield Problem(name, Span(entry.line, 1), message, "add it by hand", Severity.WARNING)
    elif said.when is None:
        message = f'"{said.text}" is no date that can be told later: {title} has none'
        yield Problem(name, Span(entry.end, 1), message, "add it by hand", Severity.WARNING)
    elif day is None:
        message = f'"{said.text}" names no year, and no entry around {title} tells it'
        yield Problem(name, Span(entry.end, 1), message, "add the date by hand", Severity.WARNING)
    else:
        message = f'"{said.text}" names no year; by the entries around it, {title} is of {day}'
        yield Problem(name, Span(entry.end, 1), message, "correct the date if it is wrong", Severity.HINT)


def _before(name: str, head: Sequence[tuple[int, str]]) -> Iterator[Problem]:
    """Lines before the first entry of which nothing is made: those that may be an entry's, then all the others."""
    doubtful = [(line, text) for line, text in head if looks_like_stamp(text) or len(text) > LONG_LINE][:MAX_DOUBTFUL]
    for line, text in doubtful:
        what = "may be the end" if looks_like_stamp(text) else "may be the notes"
        message = f'"{visible(text)[:SHOWN]}" stands before the first episode found and {what} of another'
        yield Problem(name, Span(line, 1), message, "see whether an episode is missing", Severity.WARNING)
    told = {line for line, _ in doubtful}
    others = [(line, text) for line, text in head if line not in told]
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
        for line, text in zip(entry.places, entry.notes, strict=True):
            kind = "date and length" if looks_like_stamp(text) else ""
            if not kind and titled and len(text) <= LONG_LINE and looks_like_title(text):
                kind = "title"
            if kind:
                message = (
                    f'"{visible(text)[:SHOWN]}" in the notes of "{visible(entry.title)[:SHOWN]}" looks like the {kind}'
                    " of another episode"
                )
                remedy = "see whether the notes hold two episodes; then write its date in full, and import again"
                yield Problem(name, Span(line, 1), message, remedy, Severity.WARNING)
