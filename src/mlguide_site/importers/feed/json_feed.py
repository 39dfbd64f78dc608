"""JSON Feed 1.0 and 1.1 (https://www.jsonfeed.org/version/1.1/) as entries of a feed. Extensions are ignored."""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from mlguide_site.errors import Problem, Span
from mlguide_site.importers import Source
from mlguide_site.importers.common.decoding import place_of
from mlguide_site.importers.common.fields import duration_field, read_length
from mlguide_site.importers.common.people import Person, read_person
from mlguide_site.importers.feed.descriptions import Part, read_descriptions
from mlguide_site.importers.feed.records import (
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
)
from mlguide_site.markdown.from_html import without_password

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
    if len(data) > MAX_BYTES:
        return Problem(name, Span(), f"larger than {MAX_BYTES // 2**20} MiB", "split it")
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
    return found


def read_json_feed(value: Mapping[str, Any], address: str) -> Feed:
    """A feed from its plain values; `address` is where it was fetched from, "" where it is a file."""
    own = web_address(value.get("feed_url"), address)
    link = web_address(value.get("home_page_url"), address or own)
    base = address or own or link
    authors = _people(value, base)
    fields = {
        "summary": _line(value.get("description")),
        "artwork": web_address(value.get("icon"), base) or web_address(value.get("favicon"), base),
    }
    return Feed(
        title=_line(value.get("title"))[:MAX_TITLE],
        entries=(_entry(item, base, authors) for item in value["items"] if isinstance(item, dict)),
        language=_line(value.get("language")),
        link=link,
        author=", ".join(person.name for person in authors)[:MAX_TITLE],
        address=own,
        next=web_address(value.get("next_url"), base),
        fields={name: text for name, text in fields.items() if text},
    )


def _line(value: Any) -> str:
    """A text, or a number, as one line of text; "" for anything else. No entities stand in JSON's texts."""
    if isinstance(value, bool) or not isinstance(value, (str, int, float)):
        return ""
    return one_line(str(value).replace("&", "&amp;")[:20_000])


def _listed(value: Any) -> Sequence[Mapping[str, Any]]:
    return [one for one in value[:MAX_EACH] if isinstance(one, dict)] if isinstance(value, list) else []


def _people(value: Mapping[str, Any], base: str) -> tuple[Person, ...]:
    """Authors: a list since 1.1, one before."""
    found = _listed(value.get("authors")) or _listed([value.get("author")])
    people = (
        read_person(
            _line(one.get("name"))[:MAX_TITLE],
            "author",
            "",
            web_address(one.get("url"), base),
            web_address(one.get("avatar"), base),
        )
        for one in found
    )
    return tuple(person for person in people if person is not None)


def _entry(item: Mapping[str, Any], base: str, authors: tuple[Person, ...]) -> Entry:
    own = web_address(item.get("url"), base)
    attachments = _listed(item.get("attachments"))
    dates = [text for key in ("date_published", "date_modified") if (text := _line(item.get(key))[:200])]
    dated = next((text for text in dates if day_of(text)), dates[0] if dates else "")
    given = [text for one in attachments if (text := _line(one.get("duration_in_seconds"))[:40])]
    lengths = [read_length(text) for text in given]
    summary = _line(item.get("summary"))
    people = _people(item, base)
    image = web_address(item.get("image"), base) or web_address(item.get("banner_image"), base)
    title = _line(item.get("title")) or next(filter(None, (_line(one.get("title")) for one in attachments)), "")
    language = _line(item.get("language"))
    written = [item.get("url"), item.get("external_url"), *(one.get("url") for one in attachments)]
    return Entry(
        title=title[:MAX_TITLE],
        notes=read_descriptions(_parts(item, own or base, summary)),
        summary=summary if len(summary) <= MAX_TITLE else "",
        date=day_of(dated),
        dated=dated,
        duration=duration_field(next(filter(None, lengths), None)),
        unread=(f'the duration "{given[0]}"',) if given and all(length is None for length in lengths) else (),
        guid=without_password(_line(item.get("id")))[:MAX_TITLE],
        link=own or web_address(item.get("external_url"), base),
        audio=first_sound(
            [
                sound(web_address(one.get("url"), base), _line(one.get("mime_type")), _line(one.get("size_in_bytes")))
                for one in attachments
            ]
        ),
        people=people if people != authors else (),
        more={key: text for key, text in (("artwork", image), ("language", language)) if text},
        refused=acting_addresses(written),
        passwords=password_addresses([*written, item.get("image"), item.get("banner_image")]),
    )


def _parts(item: Mapping[str, Any], base: str, summary: str) -> Iterator[Part]:
    for key, kind in (("content_html", "text/html"), ("content_text", "text/plain")):
        text = item.get(key)
        if isinstance(text, str) and text.strip():
            yield Part(text, kind, base)
    if len(summary) > MAX_TITLE:
        yield Part(summary, "text/plain", base)
