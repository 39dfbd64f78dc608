"""Drafts of episodes and series from a feed, whatever its format.

Limits: 64 MiB (JSON Feed: 16 MiB), 10,000 items; of all descriptions, each counted once, 16 Mi characters and 300,000
tags or lines of plain text; of one 1 Mi characters and 40,000 tags or lines. An address counts as two lines. 1,000
chapters of an episode and 100,000 of all are read.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from mlguide_site.errors import Problem, Severity, Span
from mlguide_site.importers import Context, Draft, Item, SeriesDraft, Source
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
    name_titles,
    people_entries,
    people_field,
    promotion_hints,
    series_fields,
)
from mlguide_site.importers.common.recurring import find_promotion
from mlguide_site.importers.common.titles import Numbered
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
MAX_REPORTED = 20
"""Items that are reported one by one; the others are counted."""
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
            message = f'the notes of "{entry.title[:60]}" are left out with their episode: {entry.notes.fault}'
            faults.append(_warning(source, entry, message, "shorten them in the feed"))
        elif entry.is_empty:
            faults.append(_warning(source, entry, "an item is empty", "it is left out"))
        else:
            entries.append(entry)
    yield from faults
    yield from _entry_problems(source, feed, entries)
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
    guid = str(feed.fields.get("guid", ""))
    names = name_titles([_counted(entry) for entry in entries], feed.title, context, source.url or "", guid)
    recurring = find_promotion([entry.notes.lines for entry in entries])
    promotion = choose_promotion(names, recurring, context)
    cut = cut_texts([entry.notes.text for entry in entries])
    urls = [[entry.link, *find_addresses(entry.notes.text)] for entry in entries]
    patterns = {series: _address_pattern(series, names, urls, context) for series in names.series}
    counts = Counter(value for entry in entries for value in (("link", entry.link), ("guid", entry.guid)))
    found: list[Item] = []
    for named, entry, is_cut, named_urls in zip(names.entries, entries, cut, urls, strict=True):
        # an address or a guid that several items share identifies none of them
        link = entry.link if counts["link", entry.link] == 1 else ""
        guid = entry.guid if counts["guid", entry.guid] == 1 else ""
        own = own_address(patterns[named.series], named.number, named_urls) if named.number is not None else ""
        fields = _fields(named, entry, feed, link or own, guid, is_cut, source.url or "") | (
            {"truncated": True} if is_cut else {}
        )
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
    bodies: dict[str, list[str]] = defaultdict(list)
    for draft in drafts:
        bodies[draft.series].append(draft.body)
    yield from promotion_hints(source.name, bodies, recurring, context)
    yield from (item for item in found if not isinstance(item, Problem))


def _draft(
    source: Source, named: Named, entry: Entry, fields: dict[str, Any], written: Written, guid: str, address: str
) -> Iterator[Item]:
    """The draft of an item with its chapters, and its problems. Lists that no front matter holds are left out."""
    if written.fault:
        message = f'"{entry.title[:60]}" is left out, for its notes are beyond the limits: {written.fault}'
        yield _warning(source, entry, message, "shorten them in the feed")
        return
    if entry.date is None:
        called = entry.title or _opening(entry.notes.text) or entry.guid
        message = f'"{called[:60]}" has no possible date' + (f": {entry.dated[:40]}" if entry.dated else "")
        yield _warning(source, entry, message, "add it by hand")
    if removed := [*entry.notes.removed, *entry.removed]:
        message = f'removed from "{named.title[:60]}": {_few(removed)}'
        yield _warning(source, entry, message, "nothing to do: it would have run on the page")
    too_long = [name for name, value in fields.items() if isinstance(value, list) and len(str(value)) > MAX_LIST]
    for name in too_long:
        yield _warning(source, entry, f'{name} of "{named.title[:60]}" are too many for one note', "add some by hand")
    yield Draft(
        named.series,
        named.number,
        named.season,
        _slug(named, entry),
        {name: value for name, value in fields.items() if name not in too_long},
        written.body,
        guid=guid,
        address=address,
        enclosure=str(entry.audio["url"]) if entry.audio else "",
        line=entry.line,
        left_out=written.left_out,
    )
    if entry.chapters:
        yield chapters_file(entry.chapters, named.series, named.number, named.season, _slug(named, entry))


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


def _opening(text: str) -> str:
    """How notes begin, for an item without a title.

    >>> _opening("Of planes.\\nAnd rasps."), _opening("word " * 40)[-6:]
    ('Of planes.', ' word…')
    """
    line = text.partition("\n")[0].strip()
    if len(line) <= MAX_OPENING:
        return line
    return (line[:MAX_OPENING].rpartition(" ")[0].rstrip(" ,;:") or line[:MAX_OPENING]) + "…"


def _counted(entry: Entry) -> Numbered:
    """Season and number from the feed's fields; trailers and bonus items have a slug instead of a number."""
    extra = entry.kind in {"trailer", "bonus"}
    return Numbered(entry.season, None if extra else entry.number, entry.title)


def _slug(named: Named, entry: Entry) -> str:
    slug = make_slug(named.title or _opening(entry.notes.text), "episode")
    if entry.kind in {"trailer", "bonus"} and entry.kind not in slug.split("-"):
        return f"{entry.kind}-{slug}"
    return slug


def _address_pattern(series: str, names: Names, urls: Sequence[Sequence[str]], context: Context) -> str:
    """How the addresses of a series' own pages are formed: as the root has it, else as its items show."""
    known = context.series.get(series)
    pairs = zip(names.entries, urls, strict=True)
    own = ((one.number, list(filter(None, found))) for one, found in pairs if one.series == series)
    return known.address if known and known.address else own_pattern((n, found) for n, found in own if n is not None)


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


def _few(words: Sequence[str]) -> str:
    """The first of a list, and how many more there are.

    >>> _few(list("abcdefg")), _few(["a", "b"])
    ('a, b, c, d, e and 2 more', 'a, b')
    """
    return ", ".join(words[:5]) + (f" and {len(words) - 5} more" if len(words) > 5 else "")


def _entry_problems(source: Source, feed: Feed, entries: Sequence[Entry]) -> Iterator[Problem]:
    """What several items may have: fields that can't be parsed, shared guids, keys and passwords in addresses. Of each
    the first items are reported one by one."""
    odd = [
        (entry, f'not understood in "{entry.title[:60]}": {_few(entry.unread)}') for entry in entries if entry.unread
    ]
    yield from _reported(source, odd, "correct it in the feed, or add it by hand", "are not understood either")
    groups: dict[str, list[Entry]] = defaultdict(list)
    for entry in entries:
        groups[entry.guid].append(entry)
    remedy = "give each a guid of its own in the feed; they are told apart by their other fields"
    shared = [
        (group[1], f'{len(group)} items have the guid "{guid[:60]}"')
        for guid, group in groups.items()
        # a repeated item is one
        if guid and len({(entry.title, entry.link, entry.date) for entry in group}) > 1
    ]
    yield from _reported(source, shared, remedy, "share a guid as well")
    if _is_private(source, feed):
        remedy = 'it is left out; if everybody may read the feed elsewhere, write that as "feed" of the series'
        yield Problem(source.name, Span(), "the feed's own address holds a key", remedy, Severity.WARNING)
        keyed = [(entry, url) for entry in entries if (url := next(filter(has_secrets, _media(entry)), ""))]
        message = f"addresses of audio or transcripts hold keys in {len(keyed)} of {len(entries)} items, such as"
        remedy = "they stay, for nothing plays without them: don't make the site public"
        for entry, url in keyed[:1]:
            yield _warning(source, entry, f"{message} {without_secrets(url)[:120]}", remedy)
    named = [entry for entry in entries if entry.has_password or entry.notes.passwords]
    for entry in named[:1]:
        message = f'addresses of {len(named)} items hold a name and password, first in "{entry.title[:60]}"'
        remedy = "both are left out of the addresses; give others if nothing opens without them"
        yield _warning(source, entry, message, remedy)


def _reported(source: Source, found: Sequence[tuple[Entry, str]], remedy: str, others: str) -> Iterator[Problem]:
    """A problem for each of the first items, and one that counts the others."""
    yield from (_warning(source, entry, message, remedy) for entry, message in found[:MAX_REPORTED])
    for entry, _ in found[MAX_REPORTED : MAX_REPORTED + 1]:
        yield _warning(source, entry, f"{len(found) - MAX_REPORTED} more items {others}", remedy)


def _media(entry: Entry) -> Iterable[str]:
    """The addresses that players and pages of an episode load."""
    found: list[Any] = [entry.audio, *entry.more.get("transcripts", ())]
    return [*(str(one["url"]) for one in found if isinstance(one, Mapping)), str(entry.more.get("chapters", ""))]
