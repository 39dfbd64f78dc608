"""Drafts of episodes and series from a feed, whatever its format.

Limits: 64 MiB (JSON Feed: 16 MiB), 10,000 items; of all descriptions, each counted once, 16 Mi characters and 300,000
tags or lines of plain text; of one 1 Mi characters and 40,000 tags or lines. An address counts as two lines. 1,000
chapters of an episode and 100,000 of all are read, and 50 descriptions of an item.
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from textwrap import shorten
from typing import Any

from mlguide_site.errors import Problem, Severity, Span
from mlguide_site.importers import Context, Draft, Item, SeriesDraft, Source
from mlguide_site.importers.common.addresses import (
    find_addresses,
    has_secrets,
    is_web_address,
    own_address,
    public_address,
    web_address,
    without_secrets,
)
from mlguide_site.importers.common.naming import (
    Named,
    address_patterns,
    choose_promotion,
    name_titles,
    people_entries,
    people_field,
    series_fields,
)
from mlguide_site.importers.common.promotion import find_promotion
from mlguide_site.importers.common.titles import Numbered
from mlguide_site.importers.common.truncation import truncated_texts
from mlguide_site.importers.feed.descriptions import Written
from mlguide_site.importers.feed.json_feed import is_json_feed, load_json_feed, read_json_feed
from mlguide_site.importers.feed.podcast import chapters_file
from mlguide_site.importers.feed.records import MAX_TITLE, Entry, Feed
from mlguide_site.importers.feed.rss import read_feed
from mlguide_site.importers.feed.xml import feed_root, read_tree
from mlguide_site.model.slugs import make_slug

MAX_ITEMS = 10_000
MAX_ALL_NOTES = 16 * 1024 * 1024
MAX_ALL_PIECES = 300_000
MAX_PEOPLE = 5_000
MAX_OPENING = 80
MAX_LIST = 16_000
"""Characters of one list in the front matter."""
EXTRAS = frozenset(["trailer", "bonus"])
"""Kinds of items that have a slug instead of a number."""
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8}){0,3}")


def sniff(source: Source) -> bool:
    """Whether the root element of a source is that of a feed, or it is a JSON object that declares to be one."""
    return bool(feed_root(source.data)) or is_json_feed(source.data)


def read(source: Source, context: Context) -> Iterator[Item]:
    """Drafts of a feed's items and series, and its problems."""
    feed = _load(source)
    if isinstance(feed, Problem):
        yield feed
        return
    yield from feed.problems
    entries: list[Entry] = []
    faults: list[Problem] = []
    size = pieces = 0
    for entry in feed.entries:
        size, pieces = size + entry.notes.size, pieces + entry.notes.pieces
        if size > MAX_ALL_NOTES or pieces > MAX_ALL_PIECES:
            most = f"{MAX_ALL_NOTES // 2**20} Mi characters or {MAX_ALL_PIECES:,} tags and addresses"
            yield Problem(source.name, Span(), f"its notes have more than {most}", "split it")
            return
        if entry.notes.fault:
            faults.append(_beyond_limits(source, entry, entry.notes.fault))
        elif entry.is_empty:
            faults.append(_warning(source, entry, "an item is empty", "it is left out"))
        else:
            entries.append(entry)
    yield from faults
    yield from _shared_problems(source, feed, entries)
    if not entries:
        yield Problem(source.name, Span(), "the feed holds no episode", "give the address of a feed that does")
        return
    if feed.next and feed.next != source.url:
        remedy = "import that as well for the other episodes"
        yield Problem(source.name, Span(), f"the feed continues at {without_secrets(feed.next)}", remedy, Severity.HINT)
    yield from _drafts(source, feed, entries, context)


def enclosures(source: Source) -> tuple[str, ...]:
    """The addresses of the enclosures of a feed's items, in its order; none if it can't be read."""
    feed = _load(source) if sniff(source) else None
    if not isinstance(feed, Feed):
        return ()
    return tuple(str(entry.audio["url"]) for entry in feed.entries if entry.audio)


def _load(source: Source) -> Feed | Problem:
    """The feed of a source, or why it can't be read."""
    address = source.url or ""
    too_many = Problem(source.name, Span(), f"more than {MAX_ITEMS:,} episodes", "split it")
    if is_json_feed(source.data) and not feed_root(source.data):
        value = load_json_feed(source)
        if isinstance(value, Problem):
            return value
        return too_many if len(value["items"]) > MAX_ITEMS else read_json_feed(value, address)
    tree = read_tree(source)
    if isinstance(tree, Problem):
        return tree
    return too_many if len(tree.items) > MAX_ITEMS else read_feed(tree, address)


def _drafts(source: Source, feed: Feed, entries: Sequence[Entry], context: Context) -> Iterator[Item]:
    """The series, people, problems and episodes of a feed."""
    numbers = [Numbered(one.season, None if one.kind in EXTRAS else one.number, one.title) for one in entries]
    names = name_titles(numbers, feed.title, context, source.url or "", str(feed.fields.get("guid", "")))
    recurring = find_promotion([entry.notes.lines for entry in entries])
    promotion = choose_promotion(names, recurring, context)
    cut = truncated_texts([entry.notes.text for entry in entries])
    urls = [[entry.link, *find_addresses(entry.notes.text)] for entry in entries]
    patterns = address_patterns(names, urls, context)
    counts = Counter(value for entry in entries for value in (("link", entry.link), ("guid", entry.guid)))
    found: list[Item] = []
    for named, entry, is_cut, named_urls in zip(names.entries, entries, cut, urls, strict=True):
        # an address or a guid that several items share identifies none of them
        link = entry.link if counts["link", entry.link] == 1 else ""
        guid = entry.guid if counts["guid", entry.guid] == 1 else ""
        own = own_address(patterns[named.series], named.number, named_urls) if named.number is not None else ""
        fields = _fields(named, entry, feed, link or own, guid, is_cut, source.url or "")
        written = entry.notes.markdown(promotion[named.series])
        found += _draft(source, named, entry, fields, written, guid, own or link)
    drafts = [item for item in found if isinstance(item, Draft)]
    for series in names.series:
        used = {pattern for draft in drafts if draft.series == series for pattern in draft.left_out}
        own_fields = series_fields(series, names, feed.title, patterns[series], sorted(used), context)
        yield SeriesDraft(series, {**own_fields, **_feed_fields(source, feed)})
    yield from people_entries([*feed.people, *(person for entry in entries for person in entry.people)])[:MAX_PEOPLE]
    # a repeated item is one episode, and its problems are reported once
    problems = sorted((item for item in found if isinstance(item, Problem)), reverse=True)
    yield from {problem.message: problem for problem in problems}.values()
    yield from (item for item in found if not isinstance(item, Problem))


def _draft(
    source: Source, named: Named, entry: Entry, fields: dict[str, Any], written: Written, guid: str, address: str
) -> Iterator[Item]:
    """The draft of an item with its chapters, and its problems. Lists that no front matter holds are left out."""
    if written.fault:
        yield _beyond_limits(source, entry, written.fault)
        return
    if entry.date is None:
        called = _called(entry.title, entry) or entry.guid
        message = f'"{called[:60]}" has no possible date' + (f": {entry.dated[:40]}" if entry.dated else "")
        yield _warning(source, entry, message, "add it by hand")
    too_long = [name for name, value in fields.items() if isinstance(value, list) and len(str(value)) > MAX_LIST]
    for name in too_long:
        yield _warning(source, entry, f'{name} of "{named.title[:60]}" are too many for one note', "add some by hand")
        del fields[name]
    slug = make_slug(_called(named.title, entry), "episode")
    if entry.kind in EXTRAS and entry.kind not in slug.split("-"):
        slug = f"{entry.kind}-{slug}"
    yield Draft(
        named.series,
        named.number,
        named.season,
        slug,
        fields,
        written.body,
        guid=guid,
        address=address,
        enclosure=str(entry.audio["url"]) if entry.audio else "",
        line=entry.line,
        left_out=written.left_out,
    )
    if entry.chapters:
        yield chapters_file(entry.chapters, named.series, named.number, named.season, slug)


def _fields(named: Named, entry: Entry, feed: Feed, link: str, guid: str, is_cut: bool, address: str) -> dict[str, Any]:
    """The front matter of an episode."""
    language = str(entry.more.get("language") or feed.language).strip().replace("_", "-")
    fields: dict[str, Any] = {
        **entry.more,
        "title": _called(named.title, entry) or guid or "Untitled",
        "date": entry.date,
        "duration": entry.duration,
        "summary": "" if entry.notes.holds(entry.summary) else entry.summary,
        "people": people_field(entry.people or feed.people),
        "audio": entry.audio,
        "links": [{"title": "Show notes", "url": link}] if link else None,
        "guid": guid,
        "season": named.season,
        "language": language if _LANGUAGE.fullmatch(language) else "",
        "source": {"format": "feed", **({"url": address} if address else {})},
        "truncated": is_cut,
    }
    return {name: value for name, value in fields.items() if value not in (None, "", False, [])}


def _called(title: str, entry: Entry) -> str:
    """A title, or how the notes begin where there is none."""
    return title or shorten(entry.notes.text.partition("\n")[0], MAX_OPENING, placeholder="…")


def _feed_fields(source: Source, feed: Feed) -> dict[str, Any]:
    """The fields of a series from those of the feed; addresses that hold a key are left out."""
    address = web_address(source.url, "") or public_address(feed.address)
    fields: dict[str, Any] = {
        **feed.fields,
        "home": public_address(feed.link) if _is_private(source, feed) else feed.link,
        "author": feed.author[:MAX_TITLE],
        "feed": address,
        "subscribe": [{"title": "RSS", "url": address}] if address else None,
    }
    return {name: value for name, value in fields.items() if value}


def _is_private(source: Source, feed: Feed) -> bool:
    """Whether a feed is one subscriber's: the address that it was fetched from, or that it gives for itself, holds a
    key."""
    return has_secrets(feed.address) or (is_web_address(source.name) and not source.url)


def _warning(source: Source, entry: Entry, message: str, remedy: str) -> Problem:
    return Problem(source.name, Span(entry.line, 1), message, remedy, Severity.WARNING)


def _beyond_limits(source: Source, entry: Entry, fault: str) -> Problem:
    message = f'"{entry.title[:60]}" is left out, for its notes are beyond the limits: {fault}'
    return _warning(source, entry, message, "shorten them in the feed")


def _few(words: Sequence[str]) -> str:
    """The first of a list, and how many more there are.

    >>> _few(list("abcdefg")), _few(["a", "b"])
    ('a, b, c, d, e and 2 more', 'a, b')
    """
    return ", ".join(words[:5]) + (f" and {len(words) - 5} more" if len(words) > 5 else "")


def _shared_problems(source: Source, feed: Feed, entries: Sequence[Entry]) -> Iterator[Problem]:
    """What several items may have: fields that can't be parsed, reported with the first of them, and keys."""
    odd = [entry for entry in entries if entry.unread]
    for entry in odd[:1]:
        also = f", and in {len(odd) - 1} more items" if len(odd) > 1 else ""
        message = f'not understood in "{entry.title[:60]}": {_few(entry.unread)}{also}'
        yield _warning(source, entry, message, "correct it in the feed, or add it by hand")
    if _is_private(source, feed):
        message = "the feed's own address holds a key, and those of its audio may"
        remedy = 'the feed\'s is left out; write "feed" of the series if there is one for everybody'
        remedy += "; the others stay, for nothing plays without them: don't make the site public"
        yield Problem(source.name, Span(), message, remedy, Severity.WARNING)
