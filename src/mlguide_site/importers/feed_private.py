"""What of a feed's addresses only its subscriber is to know: left out of the show's own, and told."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from mlguide_site.errors import Problem, Severity, Span
from mlguide_site.importers.base import Source
from mlguide_site.importers.entries import Entry, Feed, web_address
from mlguide_site.importers.fetch import has_secrets, is_web_address, public_address, without_secrets


def is_private(source: Source, feed: Feed) -> bool:
    """Whether a feed is one subscriber's: the address that it was fetched from, or that it calls its own, holds a
    key."""
    return has_secrets(feed.address) or (is_web_address(source.name) and not source.url)


def feed_addresses(source: Source, feed: Feed) -> tuple[str, str]:
    """The page of a show and the address of its feed as they may be published, "" where they hold a key."""
    home = public_address(feed.link) if is_private(source, feed) else feed.link
    return home, web_address(source.url, "") or public_address(feed.address)


def private_problems(source: Source, feed: Feed, entries: Sequence[Entry]) -> Iterator[Problem]:
    """What is to be said of keys and passwords in a feed's addresses, none of them shown."""
    if is_private(source, feed):
        remedy = 'it is left out; if everybody may read the feed elsewhere, write that as "feed" of the series'
        yield Problem(source.name, Span(), "the feed's own address holds a key", remedy, Severity.WARNING)
        keyed = [(entry, urls) for entry in entries if (urls := [*filter(has_secrets, _media(entry))])]
        if keyed:
            first, urls = keyed[0]
            message = f"addresses of sound or transcripts hold keys in {len(keyed)} of {len(entries)} items, such as"
            remedy = "they stay, for nothing plays without them: don't make the site public"
            place = Span(first.line, 1)
            yield Problem(source.name, place, f"{message} {without_secrets(urls[0])[:120]}", remedy, Severity.WARNING)
    named = [entry for entry in entries if entry.passwords or entry.notes.passwords]
    if named:
        message = f'addresses of {len(named)} items hold a name and password, first in "{named[0].title[:60]}"'
        remedy = "both are left out of the addresses; give others if nothing opens without them"
        yield Problem(source.name, Span(named[0].line, 1), message, remedy, Severity.WARNING)


def _media(entry: Entry) -> Iterator[str]:
    """The addresses that players and pages of an episode ask for."""
    found: list[Any] = [entry.audio, *entry.more.get("transcripts", ())]
    yield from (str(one["url"]) for one in found if isinstance(one, Mapping))
    yield str(entry.more.get("chapters", ""))
