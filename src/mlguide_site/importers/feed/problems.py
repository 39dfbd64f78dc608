"""What is reported of a feed as a whole: unreadable fields, shared guids, and keys in its addresses."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from mlguide_site.errors import Problem, Severity, Span
from mlguide_site.importers.common.addresses import has_secrets, is_web_address, public_address, without_secrets
from mlguide_site.importers.common.records import Source
from mlguide_site.importers.feed.records import Entry, Feed, web_address

MOST = 20
"""Items that are reported one by one; the others are counted."""


def unread_problems(name: str, entries: Sequence[Entry]) -> Iterator[Problem]:
    """A problem for each of the first items with something that wasn't understood, and one for the others."""
    odd = [entry for entry in entries if entry.unread]
    for entry in odd[:MOST]:
        what = ", ".join(entry.unread[:5]) + (f" and {len(entry.unread) - 5} more" if len(entry.unread) > 5 else "")
        message = f'not understood in "{entry.title[:60]}": {what}'
        yield Problem(name, Span(entry.line, 1), message, "correct it in the feed, or add it by hand", Severity.WARNING)
    if len(odd) > MOST:
        message = f"something wasn't understood in {len(odd) - MOST} more items, such as {odd[MOST].unread[0]}"
        yield Problem(name, Span(odd[MOST].line, 1), message, "correct them in the feed", Severity.WARNING)


def shared_guids(name: str, entries: Sequence[Entry]) -> Iterator[Problem]:
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


def is_private(source: Source, feed: Feed) -> bool:
    """Whether a feed is one subscriber's: the address that it was fetched from, or that it gives for itself, holds a
    key."""
    return has_secrets(feed.address) or (is_web_address(source.name) and not source.url)


def feed_addresses(source: Source, feed: Feed) -> tuple[str, str]:
    """The page of a show and the address of its feed as they may be published, "" for those that hold a key."""
    home = public_address(feed.link) if is_private(source, feed) else feed.link
    return home, web_address(source.url, "") or public_address(feed.address)


def private_problems(source: Source, feed: Feed, entries: Sequence[Entry]) -> Iterator[Problem]:
    """A problem for keys and one for passwords in a feed's addresses; none of them is shown."""
    if is_private(source, feed):
        remedy = 'it is left out; if everybody may read the feed elsewhere, write that as "feed" of the series'
        yield Problem(source.name, Span(), "the feed's own address holds a key", remedy, Severity.WARNING)
        keyed = [(entry, urls) for entry in entries if (urls := [*filter(has_secrets, _media(entry))])]
        if keyed:
            first, urls = keyed[0]
            message = f"addresses of audio or transcripts hold keys in {len(keyed)} of {len(entries)} items, such as"
            remedy = "they stay, for nothing plays without them: don't make the site public"
            place = Span(first.line, 1)
            yield Problem(source.name, place, f"{message} {without_secrets(urls[0])[:120]}", remedy, Severity.WARNING)
    named = [entry for entry in entries if entry.passwords or entry.notes.passwords]
    if named:
        message = f'addresses of {len(named)} items hold a name and password, first in "{named[0].title[:60]}"'
        remedy = "both are left out of the addresses; give others if nothing opens without them"
        yield Problem(source.name, Span(named[0].line, 1), message, remedy, Severity.WARNING)


def _media(entry: Entry) -> Iterator[str]:
    """The addresses that players and pages of an episode load."""
    found: list[Any] = [entry.audio, *entry.more.get("transcripts", ())]
    yield from (str(one["url"]) for one in found if isinstance(one, Mapping))
    yield str(entry.more.get("chapters", ""))
