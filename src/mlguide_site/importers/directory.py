"""A podcast directory's page saved as text.

The page names the show, says how many episodes there are, and then gives for each one line with its title (season and
number glued before it), one flattened paragraph of notes, and one line of date and length glued together. How much of
this a page has varies; each entry ends with a line that is nothing but a date, with or without a length.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import islice, pairwise
from typing import Any

from mlguide_site.errors import Problem, Severity, Span, visible
from mlguide_site.importers import Context, Draft, Item, SeriesDraft, Source
from mlguide_site.importers.common.addresses import find_addresses, own_address, own_pattern
from mlguide_site.importers.common.cut import cut_texts
from mlguide_site.importers.common.dates_and_durations import day_comes_first
from mlguide_site.importers.common.decoding import decode_text
from mlguide_site.importers.common.naming import (
    Names,
    choose_promotion,
    name_titles,
    promotion_hints,
    series_fields,
    without,
)
from mlguide_site.importers.common.recurring import find_promotion
from mlguide_site.importers.common.titles import read_glued, read_prefix
from mlguide_site.importers.entry_stamps import EntryStamp, looks_like_stamp, read_entry_stamp, whole_dates
from mlguide_site.importers.structure import Body, fault_of, recover_bodies
from mlguide_site.model.slugs import make_slug
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


MAX_BYTES = 1024 * 1024
MAX_LINE = 512 * 1024
SNIFFED = 200_000
_GLUED = re.compile(r"\d{5,7}\s?[^\W\d_]|ago\d", re.I)


def sniff(source: Source) -> bool:
    """Whether a source is text in which lines are a date with a length of time; a single one may be in any text, and
    counts where something else speaks of a listing."""
    head = source.data[:SNIFFED].decode("utf-8", "replace").lstrip("\ufeff \r\n\t")
    if head.startswith(("<", "{", "---")):
        return False
    lines = [line.strip() for line in head.split("\n") if line.strip()]
    stamps = {at: one for at, line in enumerate(lines) if (one := read_entry_stamp(line)) and one.duration}
    if len(stamps) > 1:
        return True
    # a line such as `3 Mar - 2 h` may be in any notes, but hardly twice
    certain = [at for at, stamp in stamps.items() if stamp.date or not stamp.text or _GLUED.search(lines[at])]
    return bool(certain) and _is_listed(lines, certain[0])


def _is_listed(lines: Sequence[str], at: int) -> bool:
    """Whether the line of a date and a length is that of the one entry of a page: the two are glued together, a line
    before says how many episodes there are or is numbered as titles are, or it ends the page after long notes."""
    if _GLUED.search(lines[at]) or any(COUNT.fullmatch(line) or looks_like_title(line) for line in lines[:at]):
        return True
    return at == len(lines) - 1 and len(lines[at - 1]) > LONG_LINE


def read(source: Source, context: Context) -> Iterator[Item]:
    """Drafts of the page's episodes and series, and what is to be reported about the page."""
    text = decode_text(source, MAX_BYTES)
    if isinstance(text, Problem):
        yield text
        return
    if large := next((at for at, line in enumerate(text.split("\n"), 1) if len(line) > MAX_LINE), 0):
        yield Problem(source.name, Span(large, 1), f"a line larger than {MAX_LINE // 2**10} KiB", "shorten it")
        return
    page = parse_page(text)
    yield from (problems := list(problems_of(source.name, page)))
    if not any(problem.severity is Severity.ERROR for problem in problems):
        yield from _items(source, page, context)


def _items(source: Source, page: Page, context: Context) -> Iterator[Item]:
    names = name_titles(read_glued([entry.title for entry in page.entries]), page.show, context)
    texts = ["\n".join(entry.texts) for entry in page.entries]
    recurring = find_promotion([entry.texts for entry in page.entries], flat=True)
    promotion = choose_promotion(names, recurring, context)
    shortened = [without(text, promotion[named.series], "\n") for named, text in zip(names.entries, texts, strict=True)]
    bodies = recover_bodies([rest for rest, _ in shortened], context.lessons)
    yield from _body_problems(source.name, page, bodies)
    urls = [find_addresses(text) for text in texts]
    patterns = {series: _address(series, names, urls, context) for series in names.series}
    drafts, plain = list[Draft](), defaultdict[str, list[str]](list)
    for at, (is_cut, entry) in enumerate(zip(cut_texts(texts), page.entries, strict=True)):
        named, (rest, left_out), body = names.entries[at], shortened[at], bodies[at]
        plain[named.series].append(rest)
        address = own_address(patterns[named.series], named.number, urls[at]) if named.number is not None else ""
        fields: dict[str, Any] = {
            "title": named.title[:MAX_TITLE],
            "date": entry.date,
            "duration": entry.stamp.duration,
            "links": [{"title": "Show notes", "url": address}] if address else [],
            "season": named.season,
            "source": {"format": "directory", **({"url": source.url} if source.url else {})},
            "truncated": is_cut,
        }
        draft = Draft(
            named.series,
            named.number,
            named.season,
            make_slug(named.title),
            {key: value for key, value in fields.items() if value or (key == "season" and value == 0)},
            body.markdown,
            address=address,
            line=entry.line,
            left_out=left_out,
            recovery=body.recovery,
        )
        drafts.append(draft)
    for series in names.series:
        used = {pattern for draft in drafts if draft.series == series for pattern in draft.left_out}
        yield SeriesDraft(series, series_fields(series, names, page.show, patterns[series], sorted(used), context))
    yield from promotion_hints(source.name, plain, recurring, context)
    yield from drafts


def _body_problems(name: str, page: Page, bodies: Sequence[Body]) -> Iterator[Problem]:
    """Notes that can't be taken, and notes whose structure could not be recovered."""
    for entry, body in zip(page.entries, bodies, strict=True):
        if fault := fault_of(body.markdown):
            message = f'the notes of "{entry.title[:60]}" can\'t be taken: {fault[0]}'
            yield Problem(name, Span(entry.line, 1), message, f"{fault[1]}, or leave them out")
    if flat := sum(not body.recovery.model for body in bodies):
        notes = f"the notes of {WORDS.count(flat, 'episode')}, the longest, keep their paragraphs"
        message = f"too much text for one page: {notes}"
        yield Problem(name, Span(), message, "import the page in parts for their structure", Severity.HINT)


def _address(series: str, names: Names, urls: Sequence[Sequence[str]], context: Context) -> str:
    """The pattern of the addresses of a series' episodes, "" where there is none."""
    known = context.series.get(series)
    if known is not None and known.address:
        return known.address
    pairs = zip(names.entries, urls, strict=True)
    return own_pattern((one.number, named) for one, named in pairs if one.series == series and one.number is not None)
