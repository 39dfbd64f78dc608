"""What an item of a feed says in fields that can't be understood, in words: nothing is passed over in silence."""

from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

from mlguide_site.errors import Problem, Severity, Span
from mlguide_site.importers.entries import Entry, one_line, web_address, whole_number
from mlguide_site.importers.feed_elements import Found, raw
from mlguide_site.importers.fields import read_length

KINDS = frozenset({"", "full", "trailer", "bonus"})
"""What `itunes:episodeType` may say."""
MOST = 20
"""Of so many items what wasn't understood is told; of the rest how many they are."""
SHOWN = 40


class _Field(NamedTuple):
    """A field by the elements that hold it: what it is called, and whether a text of it can be understood."""

    called: str
    elements: tuple[str, ...]
    is_read: Callable[[str], bool]


_FIELDS = (
    _Field("duration", ("itunes:duration",), lambda text: read_length(text[:SHOWN]) is not None),
    _Field("season", ("itunes:season", "podcast:season"), lambda text: whole_number(text) is not None),
    _Field("episode number", ("itunes:episode", "podcast:episode"), lambda text: whole_number(text) is not None),
    _Field("kind of episode", ("itunes:episodeType",), lambda text: text.casefold() in KINDS),
)

_ADDRESSES = (
    ("a transcript", "podcast:transcript", "url"),
    ("its chapters", "podcast:chapters", "url"),
    ("its licence", "podcast:license", "url"),
    ("its picture", "itunes:image", "href"),
    ("a person", "podcast:person", "href"),
    ("a person's picture", "podcast:person", "img"),
)
"""What an address in an attribute of an element leads to."""


def unread_fields(found: Found) -> Iterator[str]:
    """What the children of an item say that can't be understood, where no other of the same meaning can.

    Source: Apple's "A Podcaster's Guide to RSS"; podcast-namespace, docs/tags/season.md and episode.md.
    """
    for field in _FIELDS:
        told = [text for name in field.elements for one in found.get(name, ()) if (text := one_line(raw(one)[:200]))]
        if told and not any(map(field.is_read, told)):
            yield f'the {field.called} "{told[0][:SHOWN]}"'


def unread_addresses(found: Found, base: str) -> Iterator[str]:
    """The addresses among the children of an item that can't be published, each once; `base` is what they are relative
    to."""
    told = set()
    for called, name, key in _ADDRESSES:
        for one in found.get(name, ()):
            value = one_line(str(one.get(key) or ""))
            if value and not web_address(one.get(key), base) and (called, value) not in told:
                told.add((called, value))
                yield f'the address "{value[:SHOWN]}" of {called}'


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
    """A problem for each of the first guids that different items have; an item that is told twice is one."""
    groups: dict[str, list[Entry]] = {}
    for entry in entries:
        if entry.guid:
            groups.setdefault(entry.guid, []).append(entry)
    shared = [
        (guid, group)
        for guid, group in groups.items()
        if len({(entry.title, entry.link, entry.date) for entry in group}) > 1
    ]
    remedy = "give each a guid of its own in the feed; they are told apart by the rest of what they say"
    for guid, group in shared[:MOST]:
        message = f'{len(group)} items have the guid "{guid[:60]}"'
        yield Problem(name, Span(group[1].line, 1), message, remedy, Severity.WARNING)
    if len(shared) > MOST:
        place = Span(shared[MOST][1][1].line, 1)
        yield Problem(name, place, f"{len(shared) - MOST} more guids are shared by items", remedy, Severity.WARNING)
