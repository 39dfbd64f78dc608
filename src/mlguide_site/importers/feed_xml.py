"""RSS (0.9 to 2.0) and Atom (0.3, RFC 4287) with the extensions that podcasts use, as entries of a feed.

Relative addresses are relative to `xml:base`; without one, to the channel's own page in RSS, to the feed itself in
Atom.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from mlguide_site.importers import feed_fields
from mlguide_site.importers.descriptions import Part, read_notes
from mlguide_site.importers.entries import (
    MAX_TITLE,
    Entry,
    Feed,
    acting_addresses,
    day_of,
    first_sound,
    one_line,
    password_addresses,
    sound,
    web_address,
    whole_number,
)
from mlguide_site.importers.feed_chapters import MAX_ALL, read_chapters
from mlguide_site.importers.feed_elements import (
    XML,
    Found,
    Names,
    atom_part,
    base_of,
    description,
    raw,
    text,
)
from mlguide_site.importers.feed_unread import unread_addresses, unread_fields
from mlguide_site.importers.fetch import has_secrets, without_password
from mlguide_site.importers.fields import duration_field, read_length
from mlguide_site.importers.html import strip_tags

_BODIES = ("content:encoded", "description", "itunes:summary", "googleplay:description", "dc:description")
_ATOM_BODIES = ("atom:content", "atom:summary")
_DATES = ("pubDate", "atom:published", "atom:issued", "dc:date", "atom:updated", "atom:modified", "atom:created")
_ITEMS = frozenset(["item", "atom:entry"])


def read_feed(root: Any, address: str) -> Feed:
    """A feed from its root element (of lxml); `address` is where it was fetched from, "" where it is a file."""
    names = _names(root)
    is_atom = names.of(root) == "atom:feed"
    channel = root if is_atom else next((child for child in root if names.of(child) == "channel"), root)
    own = names.children(channel)
    outer = base_of(channel, base_of(root, address))
    self_link = _rel(own, outer, "self")
    link = _link(own, outer or self_link, is_atom)
    # what stands in notes is made whole with it: no key may come along
    near = self_link.partition("?")[0] if has_secrets(self_link) else self_link
    if outer == address and not is_atom:
        base = link or address or near
    else:
        base = base_of(channel, base_of(root, address or near or link))
    reader = _Reader(names, base, is_atom)
    return Feed(
        title=reader.title(own)[:MAX_TITLE],
        entries=(reader.entry(item) for item in items_of(root)),
        language=text(own, "language", "dc:language") or str(channel.get(f"{XML}lang") or ""),
        link=link,
        author=feed_fields.author(own, names),
        address=self_link,
        next=_rel(own, outer, "next"),
        people=feed_fields.people(own, base),
        fields=feed_fields.series_fields(own, names, base),
    )


def items_of(root: Any) -> list[Any]:
    """The items of a feed: in its channel, or beside it (RSS 1.0)."""
    names = _names(root)
    places = [root, *(child for child in root if names.of(child) == "channel")]
    return [child for place in places for child in place if names.of(child) in _ITEMS]


def _names(root: Any) -> Names:
    return Names("atom" if root.tag == "feed" else "")


def _rel(found: Found, base: str, rel: str) -> str:
    """The address of the first Atom link of a relation."""
    links = (web_address(one.get("href"), base) for one in found.get("atom:link", ()) if one.get("rel") == rel)
    return next(filter(None, links), "")


def _link(found: Found, base: str, is_atom: bool) -> str:
    """The page of a feed or an item: of several Atom links one of HTML."""
    for element in () if is_atom else found.get("link", ()):
        if url := web_address(raw(element), base_of(element, base)):
            return url
    links = [one for one in found.get("atom:link", ()) if one.get("rel", "alternate") == "alternate"]
    links.sort(key=lambda one: "html" not in str(one.get("type", "html")))
    return next((url for one in links if (url := web_address(one.get("href"), base_of(one, base)))), "")


def _number(found: Found, name: str) -> int | None:
    elements = (*found.get(f"itunes:{name}", ()), *found.get(f"podcast:{name}", ()))
    return next((number for one in elements if (number := whole_number(raw(one))) is not None), None)


class _Reader:
    """Reads items; `base` is what addresses are relative to where nothing nearer says so."""

    def __init__(self, names: Names, base: str, is_atom: bool) -> None:
        self.names, self.base, self.is_atom = names, base, is_atom
        self.room = MAX_ALL

    def entry(self, item: Any) -> Entry:
        """One item."""
        found = self.names.children(item)
        base = base_of(item, self.base)
        guid = text(found, "guid", "atom:id")
        link = _link(found, base, self.is_atom)
        is_permalink = any(str(one.get("isPermaLink", "true")).casefold() == "true" for one in found.get("guid", ()))
        if not link and is_permalink and re.match(r"https?://", guid):
            link = web_address(guid, "")
        written = [value for name in _DATES for one in found.get(name, ()) if (value := one_line(raw(one)[:200]))]
        dated = next((value for value in written if day_of(value)), written[0] if written else "")
        summary = text(found, "itunes:subtitle")
        chapters, unread = read_chapters(found, self.names, base, self.room)
        self.room -= len(chapters)
        entry = Entry(
            title=self.title(found)[:MAX_TITLE],
            notes=read_notes(part._replace(page=link) for part in self.parts(found, base)),
            summary=summary if len(summary) <= MAX_TITLE else "",
            date=day_of(dated),
            dated=dated,
            duration=duration_field(_seconds(found)),
            guid=without_password(guid)[:MAX_TITLE],
            link=link,
            audio=first_sound(list(_sounds(found, base))),
            number=_number(found, "episode"),
            season=_number(found, "season"),
            kind=text(found, "itunes:episodeType").casefold(),
            line=int(item.sourceline or 1),
            people=feed_fields.people(found, base),
            more=feed_fields.episode_fields(found, base),
            refused=acting_addresses(_addresses(found)),
            chapters=chapters,
            unread=(*unread_fields(found), *unread_addresses(found, base), *unread),
            passwords=password_addresses([*_addresses(found), *_other_addresses(found)]),
        )
        # what was read of it isn't needed any more, and a feed may be large
        item.clear(keep_tail=True)
        return entry

    def title(self, found: Found) -> str:
        """The title as text. Only Atom says whether it is HTML; an RSS title is text, whatever it looks like."""
        for element in found.get("atom:title", ()) if self.is_atom else ():
            part = atom_part(element, "")
            # markup that isn't escaped is read as the text that it holds
            shown = strip_tags(part.text) if part.type == "text/html" else part.text
            if one_line(shown):
                return one_line(shown)
        return text(found, "title", "itunes:title", "atom:title")

    def parts(self, found: Found, base: str) -> Iterator[Part]:
        """The descriptions of an item, the one that is likely the fullest first."""
        for name in _ATOM_BODIES:
            for element in found.get(name, ()):
                yield atom_part(element, base)
        for name in _BODIES:
            for element in found.get(name, ()):
                yield description(element, base)


def _seconds(found: Found) -> int | None:
    """How long the sound is."""
    values = [raw(one) for one in found.get("itunes:duration", ())]
    values += [str(one.get("duration") or "") for one in found.get("media:content", ())]
    return next((seconds for value in values if (seconds := read_length(value.strip()[:40]))), None)


def _addresses(found: Found) -> Iterator[str | None]:
    """The addresses of an item, as they are written."""
    for name in ("link", "atom:link", "enclosure", "media:content"):
        for one in found.get(name, ()):
            yield from (raw(one), one.get("href"), one.get("url"))


def _other_addresses(found: Found) -> Iterator[str | None]:
    """The addresses of what an item only names beside its sound, as they are written."""
    for name in ("podcast:transcript", "podcast:chapters", "podcast:person", "itunes:image"):
        for one in found.get(name, ()):
            yield from (one.get("url"), one.get("href"), one.get("img"))


def _sounds(found: Found, base: str) -> Iterator[Mapping[str, Any] | None]:
    """The enclosures that are sound or film."""
    links = (one for one in found.get("atom:link", ()) if one.get("rel") == "enclosure")
    for elements, address, size in (
        (found.get("enclosure", ()), "url", "length"),
        (links, "href", "length"),
        (found.get("media:content", ()), "url", "fileSize"),
    ):
        for one in elements:
            url = web_address(one.get(address), base_of(one, base))
            yield sound(url, str(one.get("type") or ""), str(one.get(size) or ""))
