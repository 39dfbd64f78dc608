"""Importer for the page of a podcast directory, saved as text. Each episode has a title line such as `S1 Ep 66Keys`
(without a space after the number), often a paragraph of notes, and a line with a date and sometimes a duration. A
missing year is derived from nearby episodes. Ages such as "2 days ago" are ignored: the date of the page is unknown."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from itertools import chain, islice, pairwise
from typing import Any, NamedTuple

from mlguide_site.errors import Problem, Severity, Span, content_error, counted
from mlguide_site.importers import Context, Draft, Item, Source, warning
from mlguide_site.importers.common import naming
from mlguide_site.importers.common.addresses import find_addresses, own_address
from mlguide_site.importers.common.dates_and_durations import Stamp, day_order, fill_years, read_length, read_stamp
from mlguide_site.importers.common.decoding import beginning, decode_text
from mlguide_site.importers.common.promotion import find_promotion, without
from mlguide_site.importers.common.truncation import truncated_texts
from mlguide_site.model.slugs import make_slug
from mlguide_site.recovery.recovery import recover_bodies

MAX_DIRECTORY_BYTES = 1024 * 1024
MAX_TITLE = 500
LONG_LINE = 200
SHOWN = MAX_STAMP = 60
MAX_NAMED, MAX_DOUBTFUL = 8, 20
"""The maximum number of lines that a hint quotes, and of warnings about dates in the notes of one episode."""
_COUNT = re.compile(r"(?P<count>\d{1,6})\s+episodes?\b.{0,80}", re.I | re.A)
_LIKE = re.compile(r"(?:.{0,30}?(?:\s*[·•|]\s*|(?<=\d{4})))?(?P<length>(?:\d{1,3}\s?[^\W\d_]{1,8}\.?,?\s?){1,3})")
Numbered = tuple[int, str]


class Entry(NamedTuple):
    title: str
    notes: Sequence[Numbered]
    line: int
    end: int
    stamp: Stamp
    date: date | None


class Page(NamedTuple):
    """A page. `says` is the line with the number of episodes, or "". `head` precedes and `rest` follows the entries."""

    show: str
    says: str
    entries: Sequence[Entry]
    head: Sequence[Numbered]
    rest: Sequence[Numbered]


def sniff(source: Source) -> bool:
    """Check for two lines with date and duration, or one such line after the number of episodes or a numbered title."""
    lines = [line.strip() for line in beginning(source).split("\n") if line.strip()]
    stamps = [at for at, line in enumerate(lines) if (one := read_stamp(line)) and one.duration]
    if len(stamps) != 1:
        return len(stamps) > 1
    return any(_COUNT.fullmatch(line) or is_numbered(line) for line in lines[: stamps[0]])


def read(source: Source, context: Context) -> Iterator[Item]:
    """Yield the drafts of episodes and series, and the problems of the page."""
    page = parse_page(decode_text(source, MAX_DIRECTORY_BYTES))
    yield from problems_of(source.name, page)
    names = naming.name_titles(naming.read_glued([entry.title for entry in page.entries]), page.show, context)
    notes = [[text for _, text in entry.notes] for entry in page.entries]
    texts = list(map("\n".join, notes))
    recurring = find_promotion(notes, flat=True)
    promotion = (naming.choose_promotion(named.series, recurring, context) for named in names.entries)
    shortened = [without(text, patterns, "\n") for text, patterns in zip(texts, promotion, strict=True)]
    bodies = recover_bodies(tuple(rest for rest, _ in shortened), context.examples)
    if flat := sum(not body.recovery.model for body in bodies):
        message = f"too much text on the page to recover the structure of {counted(flat, 'episode')}"
        yield warning(source.name, 1, message, "import the page in smaller parts", Severity.HINT)
    urls = [find_addresses(text) for text in texts]
    patterns = naming.address_patterns(names, urls, context)
    drafts = list[Draft]()
    rows = zip(page.entries, names.entries, shortened, bodies, urls, truncated_texts(texts), strict=True)
    for entry, named, (_, left_out), body, named_urls, is_cut in rows:
        address = own_address(patterns[named.series], named.number, named_urls)
        fields: dict[str, Any] = {
            "title": named.title[:MAX_TITLE],
            "date": entry.date,
            "duration": entry.stamp.duration,
            "links": [{"title": "Show notes", "url": address}] if address else [],
            "season": named.season,
            "source": {"format": "directory", **({"url": source.url} if source.url else {})},
            "truncated": is_cut,
        }
        own = {key: value for key, value in fields.items() if value}
        key, made = (named.series, named.number, named.season, make_slug(named.title)), body.recovery
        draft = Draft(*key, own, body.markdown, address=address, line=entry.line, left_out=left_out, recovery=made)
        drafts.append(draft)
    yield from naming.series_drafts(names, page.show, patterns, drafts, context)
    yield from drafts


def is_numbered(line: str) -> bool:
    """Check whether a line begins with a number or series prefix, such as `S1 Ep 66Keys` or `ABC 001 Keys`."""
    return naming.read_glued([line])[0].number is not None or bool(naming.read_prefix(line))


_MENU = re.compile(
    r"(?:skip|jump) to (?:the )?(?:main )?(?:content|navigation|search|player)"
    r"|home|podcasts?|shows?|browse|search|menu|log ?in|sign (?:in|up)|discover",
    re.I,
)


def parse_page(text: str) -> Page:
    """Split the text of a page into entries and unused lines."""
    # fold spaces, because long runs of spaces would slow down the search for numbers in titles
    lines = [(number, " ".join(line.split())) for number, line in enumerate(text.split("\n"), 1) if line.strip()]
    day_first = day_order(line for _, line in lines)
    stamps = {at: stamp for at, (_, line) in enumerate(lines) if (stamp := read_stamp(line, day_first))}
    start = _head_end(lines, stamps)
    says = next((line for _, line in lines[:start] if _COUNT.fullmatch(line)), "")
    head = [(number, line) for number, line in lines[:start] if line != says]
    # the show's title is the most frequent short line, and not an entry of the page's menu
    counts = Counter(line for _, line in lines)
    short = [line for _, line in head if len(line) <= LONG_LINE]
    show = max(short, key=lambda line: (not _MENU.fullmatch(line), counts[line]), default="")
    entries = list[Entry]()
    for (at, stamp), day in zip(stamps.items(), dates_of(list(stamps.values())), strict=True):
        if at > start:
            (number, title), *notes = lines[start:at]
            if len(title) > MAX_TITLE:
                title, notes = f"{title[:80]}…", lines[start:at]
            entries.append(Entry(title, notes, number, lines[at][0], stamp, day))
        start = max(start, at + 1)
    return Page(show, says, entries, [one for one in head if one[1] != show], lines[start:])


def _head_end(lines: Sequence[Numbered], stamps: Mapping[int, Stamp]) -> int:
    """Return the number of lines before the first entry. The first entry follows the line with the number of episodes,
    or begins with a numbered title. Without either, it is assumed to have the most common length."""
    first = min(stamps, default=len(lines))
    counted = (at + 1 for at in range(first) if _COUNT.fullmatch(lines[at][1]))
    titled = (at for at in range(first) if is_numbered(lines[at][1]))
    if (known := next(chain(counted, titled), None)) is not None:
        return known
    sizes = Counter(after - before - 1 for before, after in pairwise(sorted(stamps)))
    return max(0, first - max(sizes, key=lambda size: (sizes[size], -size), default=2))


def problems_of(name: str, page: Page) -> Iterator[Problem]:
    """Yield the problems of a page, such as missing dates. Raises ContentError if the last entry is incomplete."""
    if not page.entries:
        remedy = "import a directory page saved as text, or set the format with --from"
        raise content_error(name, "no episode found", remedy)
    if page.rest and (any(len(text) > LONG_LINE for _, text in page.rest) or is_numbered(page.rest[0][1])):
        remedy = "save the whole page, and import it again"
        raise content_error(name, "the page ends in the middle of an entry", remedy, Span(page.rest[0][0], 1))
    for lines, place in ((page.head, "before the first"), (page.rest, "after the last")):
        if lines:
            quoted = ", ".join(f'"{text[:SHOWN]}"' for _, text in lines[:MAX_NAMED])
            message = f"left out {counted(len(lines), 'line')} {place} episode: {quoted}"
            yield warning(name, lines[0][0], message, "ignore this if no episode is missing", Severity.HINT)
    found = _COUNT.fullmatch(page.says)
    if found and int(found["count"]) != len(page.entries):
        remedy = "import the other pages too, or check whether this page was saved completely"
        yield warning(name, 1, f'the page says "{page.says}" but contains {len(page.entries)}', remedy, Severity.HINT)
    for entry in page.entries:
        yield from _entry_problems(name, entry)


def _entry_problems(name: str, entry: Entry) -> Iterator[Problem]:
    title, when = f'"{entry.title[:SHOWN]}"', entry.stamp.when
    names = f'"{when.text}" has no {"year" if when.month else "day"}' if when and when.year is None else ""
    if not entry.date:
        message = f"{names}{': ' if names else ''}{title} has no valid date"
        yield warning(name, entry.end, message, "add the date by hand")
    elif names:
        message = f"{names}; based on the entries around it, {title} is dated {entry.date}"
        yield warning(name, entry.end, message, "correct the date if it is wrong", Severity.HINT)
    for line, text in islice((one for one in entry.notes if looks_like_stamp(one[1])), MAX_DOUBTFUL):
        message = f'"{text}" in the notes of {title} looks like the date and length of another episode'
        remedy = "if the notes contain two episodes, write this date in full and import again"
        yield warning(name, line, message, remedy)


def looks_like_stamp(line: str) -> bool:
    """Check whether a line looks like a duration, even if it begins with a date in an unsupported notation."""
    found = _LIKE.fullmatch(line.strip()) if len(line) <= MAX_STAMP else None
    return found is not None and read_length(found["length"]) is not None


def dates_of(stamps: Sequence[Stamp]) -> list[date | None]:
    """Return the dates of an episode list, with missing years added so that all dates are in the same order."""
    whens = [stamp.when for stamp in stamps]
    days = [when.date for when in whens if when and when.date]
    step = 1 if sum((after > before) - (after < before) for before, after in pairwise(days)) > 0 else -1
    return fill_years(whens[::step])[::step]
