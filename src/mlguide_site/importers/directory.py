"""A podcast directory's page saved as text.

The page names the show, says how many episodes there are, and then gives for each one line with its title (season and
number glued before it), one flattened paragraph of notes, and one line of date and length glued together. How much of
this a page has varies; a line that is nothing but a date, with or without a length, is what every entry ends with.
"""

import itertools
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from mlguide_site.errors import Problem, Severity
from mlguide_site.importers.addresses import find_addresses, own_address, own_pattern
from mlguide_site.importers.base import Context, Draft, Item, KnownSeries, SeriesDraft, Source
from mlguide_site.importers.cut import cut_texts
from mlguide_site.importers.fields import Stamp, day_comes_first, read_stamp
from mlguide_site.importers.promotion import cut_out, find_matches
from mlguide_site.importers.recurring import find_promotion
from mlguide_site.importers.structure import recover, word_pairs
from mlguide_site.importers.text import decode_text
from mlguide_site.importers.titles import (
    MAX_NUMBER,
    acronym,
    read_glued,
    read_number,
    read_prefix,
    series_prefixes,
    series_slug,
)
from mlguide_site.model import Span
from mlguide_site.slugs import make_slug

MAX_BYTES = 64 * 1024 * 1024
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
    """A page taken apart: the show's title, what it says of its size, its entries, and lines behind the last of them."""

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
    page = parse_page(text)
    yield from (problems := list(_problems(source.name, page)))
    if not any(problem.severity is Severity.ERROR for problem in problems):
        yield from _items(source, page, context)


def parse_page(text: str) -> Page:
    """Cut the text of a page into its entries. Every line lands in the head, in an entry or in `rest`."""
    lines = [(number, line.strip()) for number, line in enumerate(text.split("\n"), 1) if line.strip()]
    day_first = day_comes_first(line for _, line in lines if len(line) <= 60)
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
    sizes = Counter(after - before - 1 for before, after in itertools.pairwise(places))
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
        message = f"{len(page.rest)} line(s) behind the last episode are no episode"
        yield Problem(name, Span(line, 1), message, "nothing to do if they are the page's own", Severity.HINT)
    if page.pages > 1:
        message = f"page {page.page} of {page.pages}: {len(page.entries)} of {page.count} episodes are on it"
        yield Problem(name, Span(), message, "import the other pages too", Severity.HINT)
    elif page.count is not None and page.count != len(page.entries):
        message = f"the page says {page.count} episodes and holds {len(page.entries)}"
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


@dataclass(frozen=True, slots=True)
class Named:
    """An entry with what its title says: series, number, season, and the title alone."""

    entry: Entry
    series: str
    number: int | None
    season: int | None
    title: str


def _name_entries(page: Page, context: Context) -> tuple[list[Named], dict[str, str]]:
    """Each entry's series and number, and the prefix as written of each series that has one."""
    glued = read_glued([entry.title for entry in page.entries])
    known = {series.prefix.upper(): series.id for series in context.series.values() if series.prefix}
    accepted = series_prefixes([found.title for found in glued], known)
    read = [
        found if (found := read_prefix(number.title)) and found.prefix.upper() in accepted else None for number in glued
    ]
    uses = Counter(found.prefix.upper() for found in read if found)
    written = {found.prefix.upper(): found.prefix for found in reversed(read) if found}
    ids = {prefix: known.get(prefix, make_slug(prefix)) for prefix in uses}
    if context.given and len(uses) == 1:
        ids = dict.fromkeys(uses, context.given)
    own = context.given or (
        ids[min(uses, key=lambda p: (p != acronym(page.show), -uses[p], p))] if uses else series_slug(page.show)
    )
    named = []
    for entry, number, found in zip(page.entries, glued, read, strict=True):
        if found:
            named.append(Named(entry, ids[found.prefix.upper()], found.number, None, found.title or number.title))
        elif uses:
            # among titles with a prefix, what is glued before one without counts all series together
            named.append(Named(entry, own, None, None, number.title))
        else:
            plain = number if number.number is not None else read_number(number.title)
            named.append(Named(entry, own, plain.number, plain.season, plain.title))
    return named, {ids[prefix]: written[prefix] for prefix in uses}


def _items(source: Source, page: Page, context: Context) -> Iterator[Item]:
    named, prefixes = _name_entries(page, context)
    texts = ["\n".join(one.entry.notes) for one in named]
    cut = cut_texts(texts)
    recurring = find_promotion([one.entry.notes for one in named], flat=True)
    addresses = [[address.url for address in find_addresses(text)] for text in texts]
    patterns, promotion = {}, {}
    for series in sorted({one.series for one in named}):
        known = context.series.get(series)
        notes = [
            (one.number, urls)
            for one, urls in zip(named, addresses, strict=True)
            if one.series == series and one.number is not None
        ]
        patterns[series] = (known.address if known else "") or own_pattern(notes)
        promotion[series] = recurring if known is None or known.promotion is None else known.promotion
    phrases = word_pairs(texts)
    drafts = []
    for one, text, urls, is_cut in zip(named, texts, addresses, cut, strict=True):
        found = find_matches(text, promotion[one.series])
        body = recover(cut_out(text, found, "\n"), phrases)
        address = own_address(patterns[one.series], one.number, urls) if one.number is not None else ""
        drafts.append(_draft(one, body, address, is_cut, source, tuple(match.pattern for match in found)))
    for series in sorted(patterns):
        used = {pattern for draft in drafts if draft.series == series for pattern in draft.left_out}
        yield _series_draft(series, prefixes, page, patterns[series], sorted(used), context.series.get(series))
    yield from drafts


def _draft(one: Named, body: str, address: str, is_cut: bool, source: Source, left_out: tuple[str, ...]) -> Draft:
    stamp, number = one.entry.stamp, one.number if one.number is None or one.number <= MAX_NUMBER else None
    fields: dict[str, Any] = {"title": one.title[:MAX_TITLE]}
    if stamp.date:
        fields["date"] = stamp.date
    if stamp.duration:
        fields["duration"] = stamp.duration
    if address:
        fields["links"] = [{"title": "Show notes", "url": address}]
    if one.season is not None:
        fields["season"] = one.season
    fields["source"] = {"format": "directory", **({"url": source.url} if source.url else {})}
    if is_cut:
        fields["truncated"] = True
    return Draft(
        one.series,
        number,
        one.season,
        make_slug(one.title),
        fields,
        body,
        address=address,
        line=one.entry.line,
        left_out=left_out,
    )


def _series_draft(
    series: str, prefixes: dict[str, str], page: Page, address: str, promotion: list[str], known: KnownSeries | None
) -> SeriesDraft:
    prefix = prefixes.get(series, "")
    if len(prefixes) < 2 or prefix.upper() == acronym(page.show):
        title = page.show or prefix or series
    else:
        title = f"{page.show} ({prefix})" if page.show else prefix
    fields: dict[str, Any] = {"title": title, "kind": "podcast"}
    if address:
        fields["address"] = address
    if prefix:
        fields["prefix"] = prefix
    if promotion:
        fields["promotion"] = promotion if known is None or known.promotion is None else list(known.promotion)
    return SeriesDraft(series, fields)
