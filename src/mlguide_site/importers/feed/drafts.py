"""Drafts of episodes and series from a feed, whatever its format.

Limits: 64 MiB (JSON Feed: 16 MiB), 10,000 items; of all descriptions, each counted once, 16 Mi characters and 300,000
tags or lines of plain text; of one 1 Mi characters and 40,000 tags or lines. An address counts as two lines. 1,000
chapters of an episode and 100,000 of all are read.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from mlguide_site.errors import Problem, Severity, Span
from mlguide_site.importers import Context, Draft, FileDraft, Item, SeriesDraft, Source
from mlguide_site.importers.common.addresses import (
    find_addresses,
    has_secrets,
    is_web_address,
    own_address,
    own_pattern,
    public_address,
    web_address,
    without_secrets,
)
from mlguide_site.importers.common.cut import cut_texts
from mlguide_site.importers.common.naming import (
    Named,
    Names,
    choose_promotion,
    left_standing,
    name_titles,
    series_fields,
)
from mlguide_site.importers.common.people import people_entries, people_field
from mlguide_site.importers.common.recurring import find_promotion
from mlguide_site.importers.common.titles import Numbered
from mlguide_site.importers.feed.json_feed import is_json_feed, load_json_feed, read_json_feed
from mlguide_site.importers.feed.podcast import chapters_file
from mlguide_site.importers.feed.records import MAX_TITLE, Entry, Feed
from mlguide_site.importers.feed.rss import read_feed
from mlguide_site.importers.feed.xml import Tree, feed_root, read_tree
from mlguide_site.model.slugs import make_slug

MAX_ITEMS = 10_000
MAX_ALL_NOTES = 16 * 1024 * 1024
MAX_ALL_PIECES = 300_000
MAX_PEOPLE = 5_000
MAX_OPENING = 80
MAX_LIST = 16_000
"""Characters of one list in the front matter."""
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
            message = f"its notes have more than {most}"
            yield Problem(source.name, Span(), message, "split it")
            return
        problem = _fault(source.name, entry)
        faults += [problem] if problem else []
        entries += [entry] if not problem else []
    yield from faults
    yield from _unread_problems(source.name, entries)
    yield from _shared_guids(source.name, entries)
    yield from _private_problems(source, feed, entries)
    if not entries:
        yield Problem(source.name, Span(), "the feed holds no episode", "give the address of a feed that does")
        return
    if feed.next and feed.next != source.url:
        remedy = "import that as well for the other episodes"
        yield Problem(source.name, Span(), f"the feed continues at {without_secrets(feed.next)}", remedy, Severity.HINT)
    yield from _items(source, feed, entries, context)


def enclosures(source: Source) -> tuple[str, ...]:
    """The addresses of the enclosures of a feed's items, in its order; none if it can't be read."""
    feed = _load(source) if sniff(source) else None
    if not isinstance(feed, Feed):
        return ()
    return tuple(str(entry.audio["url"]) for entry in feed.entries if entry.audio)


def _load(source: Source) -> Feed | Problem:
    """The feed of a source, or why it can't be read."""
    found: Mapping[str, Any] | Tree | Problem
    if is_json_feed(source.data) and not feed_root(source.data):
        found = load_json_feed(source)
        if isinstance(found, Problem):
            return found
        items = len(found["items"])
    else:
        found = read_tree(source)
        if isinstance(found, Problem):
            return found
        items = len(found.items)
    if items > MAX_ITEMS:
        return Problem(source.name, Span(), f"more than {MAX_ITEMS:,} episodes", "split it")
    address = source.url or ""
    return read_feed(found, address) if isinstance(found, Tree) else read_json_feed(found, address)


def _fault(name: str, entry: Entry) -> Problem | None:
    """Why an item is left out, if it is."""
    place = Span(entry.line, 1)
    if entry.notes.fault:
        message = f'the notes of "{entry.title[:60]}" are left out with their episode: {entry.notes.fault}'
        return Problem(name, place, message, "shorten them in the feed", Severity.WARNING)
    if entry.is_empty:
        return Problem(name, place, "an item is empty", "it is left out", Severity.WARNING)
    return None


def _items(source: Source, feed: Feed, entries: Sequence[Entry], context: Context) -> Iterator[Item]:
    guid = str(feed.fields.get("guid", ""))
    names = name_titles([_counted(entry) for entry in entries], feed.title, context, source.url or "", guid)
    recurring = find_promotion([entry.notes.lines for entry in entries])
    promotion = choose_promotion(names, recurring, context)
    cut = cut_texts([entry.notes.text for entry in entries])
    common = {link for link, count in Counter(entry.link for entry in entries).items() if count > 1}
    # a guid that several items share identifies none of them
    shared = {guid for guid, count in Counter(entry.guid for entry in entries).items() if count > 1}
    urls = [[entry.link, *(a.url for a in find_addresses(entry.notes.text))] for entry in entries]
    patterns = {series: _address(series, names, urls, context) for series in names.series}
    drafts: list[Draft | FileDraft] = []
    problems: list[Problem] = []
    plain: dict[str, list[str]] = defaultdict(list)
    for named, entry, is_cut, named_urls in zip(names.entries, entries, cut, urls, strict=True):
        written = entry.notes.markdown(promotion[named.series])
        if written.fault:
            message = f'"{entry.title[:60]}" is left out, for its notes are beyond the limits: {written.fault}'
            remedy = "shorten them in the feed"
            problems.append(Problem(source.name, Span(entry.line, 1), message, remedy, Severity.WARNING))
            continue
        if entry.date is None:
            called = entry.title or _opening(entry.notes.text) or entry.guid
            message = f'"{called[:60]}" has no possible date' + (f": {entry.dated[:40]}" if entry.dated else "")
            problems.append(Problem(source.name, Span(entry.line, 1), message, "add it by hand", Severity.WARNING))
        if removed := [*entry.notes.removed, *entry.removed]:
            message = f'removed from "{named.title[:60]}": {_few(removed)}'
            remedy = "nothing to do: it would have run on the page"
            problems.append(Problem(source.name, Span(entry.line, 1), message, remedy, Severity.WARNING))
        plain[named.series].append(written.body)
        own = own_address(patterns[named.series], named.number, named_urls) if named.number is not None else ""
        link = entry.link if entry.link not in common else ""
        guid = entry.guid if entry.guid not in shared else ""
        fields = _fields(named, entry, feed, link or own, guid, is_cut, source.url or "")
        for field in _too_long(fields):
            message = f'{field} of "{named.title[:60]}" are too many for one note'
            problems.append(Problem(source.name, Span(entry.line, 1), message, "add some by hand", Severity.WARNING))
            del fields[field]
        drafts.append(
            Draft(
                named.series,
                named.number,
                named.season,
                _slug(named, entry),
                fields,
                written.body,
                guid=guid,
                address=own or link,
                enclosure=str(entry.audio["url"]) if entry.audio else "",
                line=entry.line,
                left_out=written.left_out,
            )
        )
        if entry.chapters:
            slug = _slug(named, entry)
            drafts.append(chapters_file(entry.chapters, named.series, named.number, named.season, slug))
    for series in names.series:
        used = {
            pattern
            for draft in drafts
            if isinstance(draft, Draft) and draft.series == series
            for pattern in draft.left_out
        }
        own_fields = series_fields(series, names, feed.title, patterns[series], sorted(used), context)
        yield SeriesDraft(series, {**own_fields, **_feed_fields(source, feed)})
    yield from people_entries([*feed.people, *(person for entry in entries for person in entry.people)])[:MAX_PEOPLE]
    # a repeated item is one episode, and its problems are reported once
    yield from {problem.message: problem for problem in sorted(problems, reverse=True)}.values()
    yield from left_standing(source.name, plain, recurring, context)
    yield from drafts


def _fields(named: Named, entry: Entry, feed: Feed, link: str, guid: str, is_cut: bool, address: str) -> dict[str, Any]:
    """The front matter of an episode."""
    language = str(entry.more.get("language") or feed.language).strip().replace("_", "-")
    fields: dict[str, Any] = {
        **entry.more,
        "title": named.title or _opening(entry.notes.text) or guid or "Untitled",
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


def _few(words: Sequence[str]) -> str:
    """The first of a list, and how many more there are.

    >>> _few(list("abcdefg")), _few(["a", "b"])
    ('a, b, c, d, e and 2 more', 'a, b')
    """
    return ", ".join(words[:5]) + (f" and {len(words) - 5} more" if len(words) > 5 else "")


def _too_long(fields: Mapping[str, Any]) -> list[str]:
    """The lists that are too long for the front matter of one note."""
    return [name for name, value in fields.items() if isinstance(value, list) and len(str(value)) > MAX_LIST]


def _opening(text: str) -> str:
    """How notes begin, for an item without a title.

    >>> _opening("Of planes.\\nAnd rasps."), _opening("word " * 40)[-6:]
    ('Of planes.', ' word…')
    """
    line = text.partition("\n")[0].strip()
    return (
        line
        if len(line) <= MAX_OPENING
        else (line[:MAX_OPENING].rpartition(" ")[0].rstrip(" ,;:") or line[:MAX_OPENING]) + "…"
    )


def _counted(entry: Entry) -> Numbered:
    """Season and number from the feed's fields; trailers and bonus items have a slug instead of a number."""
    extra = entry.kind in {"trailer", "bonus"}
    return Numbered(entry.season, None if extra else entry.number, entry.title)


def _slug(named: Named, entry: Entry) -> str:
    slug = make_slug(named.title or _opening(entry.notes.text), "episode")
    if entry.kind in {"trailer", "bonus"} and entry.kind not in slug.split("-"):
        return f"{entry.kind}-{slug}"
    return slug


def _address(series: str, names: Names, urls: Sequence[Sequence[str]], context: Context) -> str:
    known = context.series.get(series)
    if known is not None and known.address:
        return known.address
    pairs = zip(names.entries, urls, strict=True)
    return own_pattern(
        (one.number, [url for url in own if url])
        for one, own in pairs
        if one.series == series and one.number is not None
    )


def _feed_fields(source: Source, feed: Feed) -> dict[str, Any]:
    """The fields of a series from those of the feed."""
    home, address = _feed_addresses(source, feed)
    fields: dict[str, Any] = {
        **feed.fields,
        "home": home,
        "author": feed.author[:MAX_TITLE],
        "feed": address,
    }
    if address:
        fields["subscribe"] = [{"title": "RSS", "url": address}]
    return {name: value for name, value in fields.items() if value}


MOST = 20
"""Items that are reported one by one; the others are counted."""


def _unread_problems(name: str, entries: Sequence[Entry]) -> Iterator[Problem]:
    """A problem for each of the first items with something that wasn't understood, and one for the others."""
    odd = [entry for entry in entries if entry.unread]
    for entry in odd[:MOST]:
        message = f'not understood in "{entry.title[:60]}": {_few(entry.unread)}'
        yield Problem(name, Span(entry.line, 1), message, "correct it in the feed, or add it by hand", Severity.WARNING)
    if len(odd) > MOST:
        message = f"something wasn't understood in {len(odd) - MOST} more items, such as {odd[MOST].unread[0]}"
        yield Problem(name, Span(odd[MOST].line, 1), message, "correct them in the feed", Severity.WARNING)


def _shared_guids(name: str, entries: Sequence[Entry]) -> Iterator[Problem]:
    """A problem for each of the first guids that different items share; a repeated item is one."""
    groups: dict[str, list[Entry]] = {}
    for entry in entries:
        if entry.guid:
            groups.setdefault(entry.guid, []).append(entry)
    shared = [
        (guid, group)
        for guid, group in groups.items()
        if len({(entry.title, entry.link, entry.date) for entry in group}) > 1
    ]
    remedy = "give each a guid of its own in the feed; they are told apart by their other fields"
    for guid, group in shared[:MOST]:
        message = f'{len(group)} items have the guid "{guid[:60]}"'
        yield Problem(name, Span(group[1].line, 1), message, remedy, Severity.WARNING)
    if len(shared) > MOST:
        place = Span(shared[MOST][1][1].line, 1)
        yield Problem(name, place, f"{len(shared) - MOST} more guids are shared by items", remedy, Severity.WARNING)


def _is_private(source: Source, feed: Feed) -> bool:
    """Whether a feed is one subscriber's: the address that it was fetched from, or that it gives for itself, holds a
    key."""
    return has_secrets(feed.address) or (is_web_address(source.name) and not source.url)


def _feed_addresses(source: Source, feed: Feed) -> tuple[str, str]:
    """The page of a show and the address of its feed as they may be published, "" for those that hold a key."""
    home = public_address(feed.link) if _is_private(source, feed) else feed.link
    return home, web_address(source.url, "") or public_address(feed.address)


def _private_problems(source: Source, feed: Feed, entries: Sequence[Entry]) -> Iterator[Problem]:
    """A problem for keys and one for passwords in a feed's addresses; none of them is shown."""
    if _is_private(source, feed):
        remedy = 'it is left out; if everybody may read the feed elsewhere, write that as "feed" of the series'
        yield Problem(source.name, Span(), "the feed's own address holds a key", remedy, Severity.WARNING)
        keyed = [(entry, urls) for entry in entries if (urls := [*filter(has_secrets, _media(entry))])]
        if keyed:
            first, urls = keyed[0]
            message = f"addresses of audio or transcripts hold keys in {len(keyed)} of {len(entries)} items, such as"
            remedy = "they stay, for nothing plays without them: don't make the site public"
            place = Span(first.line, 1)
            yield Problem(source.name, place, f"{message} {without_secrets(urls[0])[:120]}", remedy, Severity.WARNING)
    named = [entry for entry in entries if entry.has_password or entry.notes.passwords]
    if named:
        message = f'addresses of {len(named)} items hold a name and password, first in "{named[0].title[:60]}"'
        remedy = "both are left out of the addresses; give others if nothing opens without them"
        yield Problem(source.name, Span(named[0].line, 1), message, remedy, Severity.WARNING)


def _media(entry: Entry) -> Iterator[str]:
    """The addresses that players and pages of an episode load."""
    found: list[Any] = [entry.audio, *entry.more.get("transcripts", ())]
    yield from (str(one["url"]) for one in found if isinstance(one, Mapping))
    yield str(entry.more.get("chapters", ""))
