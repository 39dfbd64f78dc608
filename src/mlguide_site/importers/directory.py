"""A podcast directory's page saved as text.

The page names the show, says how many episodes there are, and then gives for each one line with its title (season and
number glued before it), one flattened paragraph of notes, and one line of date and length glued together. How much of
this a page has varies; a line that is nothing but a date, with or without a length, is what every entry ends with.
"""

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import Any

from mlguide_site.errors import Problem, Severity, Span
from mlguide_site.importers import Context, Draft, Item, SeriesDraft, Source
from mlguide_site.importers.common.addresses import find_addresses, own_address, own_pattern
from mlguide_site.importers.common.cut import cut_texts
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
from mlguide_site.importers.common.titles import read_glued
from mlguide_site.importers.directory_page import (
    COUNT,
    LONG_LINE,
    MAX_TITLE,
    WORDS,
    Page,
    looks_like_title,
    parse_page,
    problems_of,
)
from mlguide_site.importers.entry_stamps import read_entry_stamp
from mlguide_site.importers.structure import Body, fault_of, recover_bodies
from mlguide_site.model.slugs import make_slug

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
    bodies = recover_bodies([rest for rest, _ in shortened], context.lessons, context.taught)
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
