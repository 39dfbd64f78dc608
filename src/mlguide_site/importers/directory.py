"""A podcast directory's page saved as text.

The page names the show, says how many episodes there are, and then gives for each one line with its title (season and
number glued before it), one flattened paragraph of notes, and one line of date and length glued together. How much of
this a page has varies; a line that is nothing but a date, with or without a length, is what every entry ends with.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, NamedTuple

from mlguide_site.errors import Problem, Severity
from mlguide_site.importers.addresses import find_addresses, own_address, own_pattern
from mlguide_site.importers.base import Context, Draft, Item, SeriesDraft, Source
from mlguide_site.importers.cut import cut_texts
from mlguide_site.importers.fields import Stamp, day_comes_first, read_stamp
from mlguide_site.importers.naming import (
    Named,
    Names,
    choose_promotion,
    left_standing,
    name_titles,
    series_fields,
    without,
)
from mlguide_site.importers.recurring import find_promotion
from mlguide_site.importers.structure import Body, fault_of, recover_bodies
from mlguide_site.importers.text import decode_text
from mlguide_site.importers.titles import read_glued, read_prefix
from mlguide_site.slugs import make_slug
from mlguide_site.spans import Span
from mlguide_site.wording import Wording

WORDS = Wording()

MAX_BYTES = 1024 * 1024
MAX_LINE = 512 * 1024
MAX_TITLE = 500
SNIFFED = 200_000
LONG_LINE = 200
_COUNT = re.compile(
    r"(?P<count>\d{1,6})\s+episodes?\b(?:.{0,20}?\bpage\s+(?P<page>\d{1,5})\s*(?:of|/)\s*(?P<pages>\d{1,5}))?.{0,40}",
    re.I | re.A,
)


class Entry(NamedTuple):
    """One entry of the page: title line, notes (a line a paragraph), date and length, and the line it begins on."""

    title: str
    notes: tuple[str, ...]
    stamp: Stamp
    line: int


@dataclass(frozen=True, slots=True)
class Page:
    """A page taken apart: the show's title, what it says of its size, its entries, and the lines behind them."""

    show: str
    count: int | None
    page: int
    pages: int
    entries: tuple[Entry, ...]
    rest: tuple[tuple[int, str], ...]


def sniff(source: Source) -> bool:
    """Whether a source is text in which a line is a date with a length of time."""
    head = source.data[:SNIFFED].decode("utf-8", "replace").lstrip("\ufeff \r\n\t")
    if head.startswith(("<", "{", "---")):
        return False
    stamps = (read_stamp(line) for line in head.split("\n") if len(line) <= 60)
    return any(stamp and stamp.duration for stamp in stamps)


def read(source: Source, context: Context) -> Iterator[Item]:
    """Drafts of the page's episodes and series, and what is to be said about the page."""
    text = decode_text(source, MAX_BYTES)
    if isinstance(text, Problem):
        yield text
        return
    if large := next((at for at, line in enumerate(text.split("\n"), 1) if len(line) > MAX_LINE), 0):
        yield Problem(source.name, Span(large, 1), f"a line larger than {MAX_LINE // 2**10} KiB", "shorten it")
        return
    page = parse_page(text)
    yield from (problems := list(_problems(source.name, page)))
    if not any(problem.severity is Severity.ERROR for problem in problems):
        yield from _items(source, page, context)


def parse_page(text: str) -> Page:
    """Cut the text of a page into its entries. Every line lands in the head, in an entry or in `rest`."""
    lines = [(number, line.strip()) for number, line in enumerate(text.split("\n"), 1) if line.strip()]
    day_first = day_comes_first([line for _, line in lines if len(line) <= 60])
    stamps = {at: stamp for at, (_, line) in enumerate(lines) if (stamp := read_stamp(line, day_first))}
    head = _head_end(lines, stamps)
    count = next((found for _, line in lines[:head] if (found := _COUNT.fullmatch(line))), None)
    entries, start = [], head
    for at, stamp in stamps.items():
        if at < head:
            continue
        block = lines[start:at]
        if block:
            title, *notes = (line for _, line in block)
            if len(title) > MAX_TITLE:
                title, notes = _title_of(title), [title, *notes]
            entries.append(Entry(title, tuple(notes), stamp, block[0][0]))
        start = at + 1
    names = [line for _, line in lines[:head] if not _COUNT.fullmatch(line)]
    return Page(
        _show(names),
        int(count["count"]) if count else None,
        int(count["page"] or 1) if count else 1,
        int(count["pages"] or 1) if count else 1,
        tuple(entries),
        tuple(lines[start:]),
    )


def _head_end(lines: Sequence[tuple[int, str]], stamps: dict[int, Stamp]) -> int:
    """How many lines come before the first entry: those up to the count; else what the other entries' size leaves."""
    first = min(stamps, default=len(lines))
    for at in range(first):
        if _COUNT.fullmatch(lines[at][1]):
            return at + 1
    glued = next(
        (at for at in range(first) if read_glued([lines[at][1]])[0].number is not None or read_prefix(lines[at][1])),
        None,
    )
    if glued is not None:
        return glued
    places = sorted(stamps)
    sizes = Counter(after - before - 1 for before, after in pairwise(places))
    usual = max(sizes, key=lambda size: (sizes[size], -size), default=2)
    return max(0, first - usual)


def _show(names: Sequence[str]) -> str:
    """The show's title among the lines at the head: the one that stands there most often, of equals the last."""
    short = [name for name in names if len(name) <= MAX_TITLE]
    counts = Counter(short)
    return max(enumerate(short), key=lambda item: (counts[item[1]], item[0]), default=(0, ""))[1]


def _title_of(text: str) -> str:
    return text[:80].rpartition(" ")[0] or text[:80]


def _problems(name: str, page: Page) -> Iterator[Problem]:
    """What is wrong with a page, and what it does not hold."""
    if not page.entries:
        yield Problem(
            name, Span(), "no episode found", "give a directory's page saved as text, or name the format with --from"
        )
        return
    if page.rest:
        line, text = page.rest[0]
        looks_cut = (
            any(len(text) > LONG_LINE for _, text in page.rest)
            or read_glued([text])[0].number is not None
            or bool(read_prefix(text))
        )
        if looks_cut:
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
        if entry.stamp.date is None:
            yield Problem(
                name,
                Span(entry.line, 1),
                f'"{entry.title[:60]}" has no possible date',
                "add it by hand",
                Severity.WARNING,
            )


def _items(source: Source, page: Page, context: Context) -> Iterator[Item]:
    names = name_titles(read_glued([entry.title for entry in page.entries]), page.show, context)
    texts = ["\n".join(entry.notes) for entry in page.entries]
    cut = cut_texts(texts)
    recurring = find_promotion([entry.notes for entry in page.entries], flat=True)
    promotion = choose_promotion(names, recurring, context)
    urls = [[address.url for address in find_addresses(text)] for text in texts]
    patterns = {series: _address(series, names, urls, context) for series in names.series}
    shortened = [without(text, promotion[named.series], "\n") for named, text in zip(names.entries, texts, strict=True)]
    bodies = recover_bodies(texts, [rest for rest, _ in shortened], context.lessons, context.taught)
    for entry, body in zip(page.entries, bodies, strict=True):
        if fault := fault_of(body.markdown):
            message = f'the notes of "{entry.title[:60]}" can\'t be taken: {fault[0]}'
            yield Problem(source.name, Span(entry.line, 1), message, f"{fault[1]}, or leave them out")
    if flat := sum(not body.recovery.model for body in bodies):
        notes = f"the notes of {WORDS.count(flat, 'episode')}, the longest, keep their paragraphs"
        message = f"too much text for one page: {notes}"
        yield Problem(source.name, Span(), message, "import the page in parts for their structure", Severity.HINT)
    drafts, plain = [], defaultdict(list)
    for at, (named, entry) in enumerate(zip(names.entries, page.entries, strict=True)):
        rest, left_out = shortened[at]
        plain[named.series].append(rest)
        address = own_address(patterns[named.series], named.number, urls[at]) if named.number is not None else ""
        drafts.append(_draft(named, entry, bodies[at], address, cut[at], source, left_out))
    for series in names.series:
        used = {pattern for draft in drafts if draft.series == series for pattern in draft.left_out}
        yield SeriesDraft(series, series_fields(series, names, page.show, patterns[series], sorted(used), context))
    yield from left_standing(source.name, plain, recurring, context)
    yield from drafts


def _address(series: str, names: Names, urls: Sequence[Sequence[str]], context: Context) -> str:
    known = context.series.get(series)
    if known is not None and known.address:
        return known.address
    pairs = zip(names.entries, urls, strict=True)
    return own_pattern((one.number, named) for one, named in pairs if one.series == series and one.number is not None)


def _draft(
    named: Named, entry: Entry, body: Body, address: str, is_cut: bool, source: Source, left_out: tuple[str, ...]
) -> Draft:
    fields: dict[str, Any] = {"title": named.title[:MAX_TITLE]}
    if entry.stamp.date:
        fields["date"] = entry.stamp.date
    if entry.stamp.duration:
        fields["duration"] = entry.stamp.duration
    if address:
        fields["links"] = [{"title": "Show notes", "url": address}]
    if named.season is not None:
        fields["season"] = named.season
    fields["source"] = {"format": "directory", **({"url": source.url} if source.url else {})}
    if is_cut:
        fields["truncated"] = True
    slug = make_slug(named.title)
    return Draft(
        named.series,
        named.number,
        named.season,
        slug,
        fields,
        body.markdown,
        address=address,
        line=entry.line,
        left_out=left_out,
        recovery=body.recovery,
    )
