"""A podcast directory's page saved as text.

The page names the show, says how many episodes there are, and then gives for each one line with its title (season and
number glued before it), one flattened paragraph of notes, and one line of date and length glued together. How much of
this a page has varies; a line that is nothing but a date, with or without a length, is what every entry ends with.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Any

from mlguide_site.errors import Problem, Severity, Span
from mlguide_site.importers import Context, Draft, Item, SeriesDraft, Source
from mlguide_site.importers.common.addresses import find_addresses, own_address, own_pattern
from mlguide_site.importers.common.cut import cut_texts
from mlguide_site.importers.common.decoding import decode_text
from mlguide_site.importers.common.fields import Stamp, day_comes_first
from mlguide_site.importers.common.naming import (
    Named,
    Names,
    choose_promotion,
    left_standing,
    name_titles,
    series_fields,
    without,
)
from mlguide_site.importers.common.recurring import find_promotion
from mlguide_site.importers.common.titles import read_glued
from mlguide_site.importers.directory_page import LONG_LINE, Entry, Page, looks_like_title, problems_of
from mlguide_site.importers.entry_stamps import EntryStamp, read_entry_stamp, whole_dates
from mlguide_site.importers.structure import Body, fault_of, recover_bodies
from mlguide_site.model.slugs import make_slug
from mlguide_site.model.wording import Wording
from mlguide_site.recovery import is_installed

WORDS = Wording()

MAX_BYTES = 1024 * 1024
MAX_LINE = 512 * 1024
MAX_TITLE = 500
SNIFFED = 200_000
_COUNT = re.compile(
    r"(?P<count>\d{1,6})\s+episodes?\b(?:.{0,20}?\bpage\s+(?P<page>\d{1,5})\s*(?:of|/)\s*(?P<pages>\d{1,5}))?.{0,40}",
    re.I | re.A,
)

_GLUED = re.compile(r"\d{5,7}\s?[^\W\d_]|ago\d", re.I)


def sniff(source: Source) -> bool:
    """Whether a source is text in which lines are a date with a length of time; a single one may stand in any text, and
    counts where something else speaks of a listing."""
    head = source.data[:SNIFFED].decode("utf-8", "replace").lstrip("\ufeff \r\n\t")
    if head.startswith(("<", "{", "---")):
        return False
    lines = [line.strip() for line in head.split("\n") if line.strip()]
    stamps = {at: one for at, line in enumerate(lines) if (one := read_entry_stamp(line)) and one.duration}
    if len(stamps) > 1:
        return True
    # a line such as `3 Mar - 2 h` may stand in any notes, but hardly twice
    sure = [at for at, stamp in stamps.items() if stamp.date or not stamp.text or _GLUED.search(lines[at])]
    return bool(sure) and _is_listed(lines, sure[0])


def _is_listed(lines: Sequence[str], at: int) -> bool:
    """Whether the line of a date and a length is that of the one entry of a page: the two are glued together, a line
    before says how many episodes there are or is numbered as titles are, or long notes stand before and none behind."""
    if _GLUED.search(lines[at]) or any(_COUNT.fullmatch(line) or looks_like_title(line) for line in lines[:at]):
        return True
    return at == len(lines) - 1 and len(lines[at - 1]) > LONG_LINE


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
    yield from (problems := list(problems_of(source.name, page)))
    if not any(problem.severity is Severity.ERROR for problem in problems):
        yield from _items(source, page, context)


def parse_page(text: str) -> Page:
    """Cut the text of a page into its entries. Every line lands in the head, in an entry or in `rest`."""
    lines = [(number, line.strip()) for number, line in enumerate(text.split("\n"), 1) if line.strip()]
    day_first = day_comes_first([line for _, line in lines if len(line) <= 60])
    stamps = {at: stamp for at, (_, line) in enumerate(lines) if (stamp := read_entry_stamp(line, day_first))}
    head = _head_end(lines, stamps)
    count = next((found for _, line in lines[:head] if (found := _COUNT.fullmatch(line))), None)
    entries, start = list[Entry](), head
    days = whole_dates(list(stamps.values()))
    for (at, stamp), day in zip(stamps.items(), days, strict=True):
        if at < head:
            continue
        block = lines[start:at]
        if block:
            title, *notes = (line for _, line in block)
            places = [number for number, _ in block[1:]]
            if len(title) > MAX_TITLE:
                title, notes, places = _title_of(title), [title, *notes], [block[0][0], *places]
            whole = Stamp(day, stamp.duration)
            entries.append(Entry(title, tuple(notes), whole, block[0][0], tuple(places), stamp, lines[at][0]))
        start = at + 1
    names = [(number, line) for number, line in lines[:head] if not _COUNT.fullmatch(line)]
    show = _show([line for _, line in names], [line for _, line in lines])
    return Page(
        show,
        int(count["count"]) if count else None,
        int(count["page"] or 1) if count else 1,
        int(count["pages"] or 1) if count else 1,
        tuple(entries),
        tuple(lines[start:]),
        tuple((number, line) for number, line in names if line != show),
    )


def _head_end(lines: Sequence[tuple[int, str]], stamps: dict[int, EntryStamp]) -> int:
    """How many lines come before the first entry: those up to the count; else what the other entries' size leaves."""
    first = min(stamps, default=len(lines))
    for at in range(first):
        if _COUNT.fullmatch(lines[at][1]):
            return at + 1
    glued = next((at for at in range(first) if looks_like_title(lines[at][1])), None)
    if glued is not None:
        return glued
    places = sorted(stamps)
    sizes = Counter(after - before - 1 for before, after in pairwise(places))
    usual = max(sizes, key=lambda size: (sizes[size], -size), default=2)
    return max(0, first - usual)


def _show(names: Sequence[str], lines: Sequence[str]) -> str:
    """The show's title among the lines at the head: the one that stands on the page most often; of equals the
    last that is no paragraph."""
    short = [name for name in names if len(name) <= MAX_TITLE]
    counts = Counter(lines)
    return max(
        enumerate(short), key=lambda item: (counts[item[1]], len(item[1]) <= LONG_LINE, item[0]), default=(0, "")
    )[1]


def _title_of(text: str) -> str:
    return text[:80].rpartition(" ")[0] or text[:80]


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
    if not is_installed():
        remedy = 'for headings, labels and lists: pip install "mlguide[recovery]", then import the page again'
        yield Problem(source.name, Span(), "the notes keep their paragraphs only", remedy, Severity.HINT)
    elif flat := sum(not body.recovery.model for body in bodies):
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
