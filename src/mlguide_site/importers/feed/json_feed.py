"""JSON Feed 1.0 and 1.1 (https://www.jsonfeed.org/version/1.1/) as entries of a feed. Extensions are ignored."""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from mlguide_site.errors import Problem, Span
from mlguide_site.importers import Source
from mlguide_site.importers.common.addresses import web_address
from mlguide_site.importers.common.decoding import invalid_byte, size_problem
from mlguide_site.importers.common.naming import Person, read_person
from mlguide_site.importers.feed.descriptions import Part
from mlguide_site.importers.feed.records import MAX_TITLE, Entry, Feed, one_line, read_entry

MAX_BYTES = 16 * 1024 * 1024
MAX_VALUES = 500_000
MAX_EACH = 200
_VERSION = re.compile(rb'"version"\s{0,20}:\s{0,20}"https?:\\?/\\?/(?:www\.)?jsonfeed\.org\b')


def is_json_feed(data: bytes) -> bool:
    """Whether a source is a JSON object that calls itself a feed.

    >>> is_json_feed(b'{"version": "https://jsonfeed.org/version/1.1", "items": []}'), is_json_feed(b'{"items": []}')
    (True, False)
    """
    return data.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] == b"{" and bool(_VERSION.search(data))


def load_json_feed(source: Source) -> Mapping[str, Any] | Problem:
    """The feed as plain values, or its problem: size, encoding, form. Limit: 16 MiB, 500,000 values."""
    name, data = source.name, source.data
    if problem := size_problem(source, MAX_BYTES):
        return problem
    if data.count(b"{") + data.count(b"[") > MAX_VALUES or data.count(b",") > 4 * MAX_VALUES:
        return Problem(name, Span(), f"more than {MAX_VALUES:,} values", "split it")
    try:
        found = json.loads(data.decode("utf-8-sig"), parse_constant=lambda _: None)
    except UnicodeDecodeError as error:
        return invalid_byte(source, error.start, "utf-8", "save the feed as UTF-8")
    except json.JSONDecodeError as error:
        message = f"the feed is broken: {error.msg.removesuffix(' at')}"
        return Problem(name, Span(error.lineno, error.colno), message, "correct it, or download it again")
    except (ValueError, RecursionError):
        return Problem(name, Span(), "the feed can't be read", "check it with a feed validator")
    if not isinstance(found, dict) or not isinstance(found.get("items"), list):
        return Problem(name, Span(), "the feed has no list of items", "give the address of the feed itself")
    return found


def read_json_feed(value: Mapping[str, Any], address: str) -> Feed:
    """A feed from its plain values; `address` is where it was fetched from, "" where it is a file."""
    own = web_address(value.get("feed_url"), address)
    link = web_address(value.get("home_page_url"), address or own)
    base = address or own or link
    authors = _people(value, base)
    fields = {"summary": _text(value, "description"), "artwork": web_address(value.get("icon"), base)}
    return Feed(
        title=_text(value, "title")[:MAX_TITLE],
        entries=(_entry(item, base, authors) for item in value["items"] if isinstance(item, dict)),
        language=_text(value, "language"),
        link=link,
        author=", ".join(person.name for person in authors)[:MAX_TITLE],
        address=own,
        next=web_address(value.get("next_url"), base),
        fields={name: text for name, text in fields.items() if text},
    )


def _text(value: Mapping[str, Any], key: str) -> str:
    """A text, or a number, as one line of text. JSON's texts hold no entities."""
    found = value.get(key)
    is_text = isinstance(found, (str, int, float)) and not isinstance(found, bool)
    return one_line(str(found).replace("&", "&amp;")[:20_000]) if is_text else ""


def _records(value: Any) -> Sequence[Mapping[str, Any]]:
    return [one for one in value[:MAX_EACH] if isinstance(one, dict)] if isinstance(value, list) else []


def _people(value: Mapping[str, Any], base: str) -> tuple[Person, ...]:
    """Authors: a list since 1.1, one before."""
    found = _records(value.get("authors")) or _records([value.get("author")])
    addresses = ([web_address(one.get(key), base) for key in ("url", "avatar")] for one in found)
    people = (
        read_person(_text(one, "name")[:MAX_TITLE], "author", "", *urls)
        for one, urls in zip(found, addresses, strict=True)
    )
    return tuple(filter(None, people))


def _entry(item: Mapping[str, Any], base: str, authors: tuple[Person, ...]) -> Entry:
    own = web_address(item.get("url"), base)
    files = _records(item.get("attachments"))
    people = _people(item, base)
    pictures = (web_address(item.get(key), base) for key in ("image", "banner_image"))
    return read_entry(
        base,
        title=next(filter(None, (_text(one, "title") for one in (item, *files))), ""),
        link=own or web_address(item.get("external_url"), base),
        guid=_text(item, "id"),
        summary=_text(item, "summary"),
        parts=_parts(item, own or base),
        dates=[_text(item, "date_published"), _text(item, "date_modified")],
        lengths=[_text(one, "duration_in_seconds") for one in files],
        media=[(one.get("url"), _text(one, "mime_type"), _text(one, "size_in_bytes")) for one in files],
        people=people if people != authors else (),
        more={"artwork": next(filter(None, pictures), ""), "language": _text(item, "language")},
    )


def _parts(item: Mapping[str, Any], base: str) -> Iterator[Part]:
    for key, kind in (("content_html", "text/html"), ("content_text", "text/plain")):
        if isinstance(text := item.get(key), str) and text.strip():
            yield Part(text, kind, base)
    # a summary that is too long for the front matter is part of the notes
    if len(summary := _text(item, "summary")) > MAX_TITLE:
        yield Part(summary, "text/plain", base)
