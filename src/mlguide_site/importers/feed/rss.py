"""RSS (0.9 to 2.0), RDF and Atom (0.3, RFC 4287) as entries of a feed.

Relative addresses are relative to `xml:base`; without one, to the channel's own page in RSS, to the feed itself in
Atom.
"""

from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import urljoin

from lxml import etree

from mlguide_site.errors import Problem
from mlguide_site.importers import Source
from mlguide_site.importers.common.addresses import has_secrets, web_address
from mlguide_site.importers.feed.elements import CHANNEL, ITEM, children, read_rows
from mlguide_site.importers.feed.records import MAX_CHAPTERS, Entry, Feed, Values, entry_of, feed_of
from mlguide_site.importers.feed.xml import local_name, read_tree

MAX_ALL_CHAPTERS = 100_000
"""Chapters that are read of a whole feed."""
_LANGUAGE = "{http://www.w3.org/XML/1998/namespace}lang"


def read_feed(source: Source) -> Feed | Problem:
    """The feed of a source, or why it can't be read."""
    tree = read_tree(source)
    if isinstance(tree, Problem):
        return tree
    root, problems = tree
    address = source.url or ""
    channel = next((child for child in root if local_name(child) == "channel"), root)
    own = children(channel)
    links = [one for one in own.get("link", ()) if one.get("rel") == "self"]
    itself = next((url for one in links if (url := web_address(one.get("href"), _joined(address, one.base)))), "")
    # a key must not get into addresses that are made absolute with it
    near = address or (itself.partition("?")[0] if has_secrets(itself) else itself)
    values = {**read_rows(CHANNEL, own, lambda element: _joined(near, element.base)), "self": [itself]}
    values.setdefault("language", [root.get(_LANGUAGE, "")])
    link = next(iter(values.get("link", ())), "")
    is_atom = local_name(root) == "feed"
    outer = near or link if is_atom else link or near

    def base_of(element: Any) -> str:
        return _joined(near or link, element.base) if element.base else outer

    items = [one for one in root.iter(etree.Element) if local_name(one) in {"item", "entry"}]
    feed = feed_of(values, (), len(items), problems)
    return feed._replace(entries=_entries(items, base_of, feed.author))


def _entries(items: list[Any], base_of: Callable[[Any], str], feed_author: str) -> Iterator[Entry]:
    """The items from the last one on; each is emptied once it was read. Where tags are missing, one item is within
    another."""
    room = MAX_ALL_CHAPTERS
    while items:
        item = items.pop()
        values = read_rows(ITEM, children(item), base_of)
        line = int(item.sourceline or 1)
        item.clear()
        page = next(iter(values.get("link", ())), "")
        entry = entry_of(_own(values, page, feed_author), line, min(room, MAX_CHAPTERS))
        room -= len(entry.chapters)
        yield entry


def _own(values: Values, page: str, feed_author: str) -> Values:
    """The values of an item: its descriptions with its page; and its people with those authors that are neither among
    them nor the feed's."""
    people = values.get("people", [])
    known = {feed_author, *(person.name for person in people)}
    authors = [person for person in values.get("authors", ()) if person.name not in known]
    return {
        **values,
        "notes": [part._replace(page=page) for part in values.get("notes", ())],
        "people": [*people, *authors],
    }


def _joined(base: str, url: str | None) -> str:
    try:
        return urljoin(base, url or "")
    except ValueError:
        return base
