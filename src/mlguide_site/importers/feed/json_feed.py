"""JSON Feed 1.0 and 1.1 (https://www.jsonfeed.org/version/1.1/) as entries of a feed. Extensions are ignored."""

import json
import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from mlguide_site.errors import Problem, Span
from mlguide_site.importers import Source
from mlguide_site.importers.common.addresses import web_address
from mlguide_site.importers.common.decoding import place_of, size_problem
from mlguide_site.importers.common.naming import Person, read_person
from mlguide_site.importers.feed.descriptions import Part
from mlguide_site.importers.feed.records import MAX_TITLE, Feed, Medium, Values, entry_of, feed_of, one_line

MAX_BYTES = 16 * 1024 * 1024
MAX_VALUES = 500_000
MAX_EACH = 200
_VERSION = re.compile(rb'"version"\s{0,20}:\s{0,20}"https?:\\?/\\?/(?:www\.)?jsonfeed\.org\b')
_TEXTS = {
    "title": "title",
    "id": "guid",
    "summary": "summary",
    "description": "summary",
    "date_published": "date",
    "date_modified": "date",
    "language": "language",
}
_ADDRESSES = {
    "url": "link",
    "external_url": "link",
    "home_page_url": "link",
    "feed_url": "self",
    "next_url": "next",
    "image": "artwork",
    "banner_image": "artwork",
    "icon": "artwork",
}
"""The keys of a feed and its items by kind, the preferred first, and their fields."""


def is_json_feed(data: bytes) -> bool:
    """Whether a source is a JSON object that calls itself a feed.

    >>> is_json_feed(b'{"version": "https://jsonfeed.org/version/1.1", "items": []}'), is_json_feed(b'{"items": []}')
    (True, False)
    """
    return data.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] == b"{" and bool(_VERSION.search(data))


def read_json_feed(source: Source) -> Feed | Problem:
    """The feed, or its problem: size, encoding, form. Limit: 16 MiB, 500,000 values."""
    name, data = source.name, source.data
    if problem := size_problem(source, MAX_BYTES):
        return problem
    if data.count(b"{") + data.count(b"[") > MAX_VALUES or data.count(b",") > 4 * MAX_VALUES:
        return Problem(name, Span(), f"more than {MAX_VALUES:,} values", "split it")
    try:
        found = json.loads(data.decode("utf-8-sig"), parse_constant=lambda _: None)
    except UnicodeDecodeError as error:
        message = f"byte 0x{data[error.start]:02x} is not UTF-8"
        return Problem(name, place_of(data, error.start), message, "save the feed as UTF-8")
    except json.JSONDecodeError as error:
        message = f"the feed is broken: {error.msg.removesuffix(' at')}"
        return Problem(name, Span(error.lineno, error.colno), message, "correct it, or download it again")
    except (ValueError, RecursionError):
        return Problem(name, Span(), "the feed can't be read", "check it with a feed validator")
    if not isinstance(found, dict) or not isinstance(found.get("items"), list):
        return Problem(name, Span(), "the feed has no list of items", "give the address of the feed itself")
    own = [web_address(found.get(key), source.url or "") for key in ("feed_url", "home_page_url")]
    base = source.url or own[0] or own[1]
    values = _values(found, base)
    authors = values["people"]
    items = [one for one in reversed(found["items"]) if isinstance(one, dict)]
    entries = (entry_of(_without(_values(one, base), authors)) for one in items)
    return feed_of({**values, "authors": authors, "people": ()}, entries, len(items))


def _without(values: Values, authors: Sequence[Person]) -> Values:
    """The values of an item, whose authors are left out where they are those of the feed."""
    return {**values, "people": ()} if values["people"] == authors else values


def _text(value: Mapping[str, Any], key: str) -> str:
    """A text, or a number, as one line of text. JSON's texts hold no entities."""
    found = value.get(key)
    is_text = isinstance(found, (str, int, float)) and not isinstance(found, bool)
    return one_line(str(found).replace("&", "&amp;")[:20_000]) if is_text else ""


def _records(value: Any) -> Sequence[Mapping[str, Any]]:
    return [one for one in value[:MAX_EACH] if isinstance(one, dict)] if isinstance(value, list) else []


def _values(item: Mapping[str, Any], base: str) -> Mapping[str, list[Any]]:
    """The values of the feed, or of an item."""
    values: dict[str, list[Any]] = defaultdict(list, people=[])
    for key, field in _TEXTS.items():
        values[field].append(_text(item, key))
    for key, field in _ADDRESSES.items():
        values[field].append(web_address(item.get(key), base))
    for one in _records(item.get("attachments")):
        url = web_address(one.get("url"), base)
        values["audio"].append(Medium(url, _text(one, "mime_type"), _text(one, "size_in_bytes")))
        values["title"].append(_text(one, "title"))
        values["duration"].append(_text(one, "duration_in_seconds"))
    # a list of authors since 1.1, one before
    for one in _records(item.get("authors")) or _records([item.get("author")]):
        urls = [web_address(one.get(key), base) for key in ("url", "avatar")]
        person = read_person(_text(one, "name")[:MAX_TITLE], "author", "", *urls)
        values["people"] += [person] if person else []
    own = values["link"][0] or base
    for key, kind in (("content_html", "text/html"), ("content_text", "text/plain")):
        if isinstance(text := item.get(key), str) and text.strip():
            values["notes"].append(Part(text, kind, own))
    return values
