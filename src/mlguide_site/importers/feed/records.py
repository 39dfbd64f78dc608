"""A feed as values, whatever format it has: its items, its own fields, and the parsers of single fields."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from email.utils import parsedate
from types import MappingProxyType
from typing import Any
from urllib.parse import urljoin

from dateutil import parser as dates

from mlguide_site.errors import Problem
from mlguide_site.importers.common.addresses import without_secrets
from mlguide_site.importers.common.fields import MAX_YEAR, MIN_YEAR, read_date
from mlguide_site.importers.common.people import Person
from mlguide_site.importers.feed.descriptions import Notes
from mlguide_site.markdown.escape import clean_text, unescape
from mlguide_site.markdown.from_html import without_password
from mlguide_site.markdown.policy import acts
from mlguide_site.model.base import is_allowed_url
from mlguide_site.model.transcript import Chapter

MAX_TITLE = 500
MAX_URL = 2000
_MEDIA_TYPE = re.compile(r"[a-z]{1,30}/[A-Za-z0-9.+-]{1,80}")
_SOUND = {
    "mp3": "audio/mpeg",
    "m4a": "audio/mp4",
    "ogg": "audio/ogg",
    "opus": "audio/ogg",
    "wav": "audio/wav",
    "mp4": "video/mp4",
}


@dataclass(frozen=True, slots=True)
class Entry:
    """An item of a feed, its fields parsed and its addresses absolute; "" and None for what it lacks.

    `more` holds front matter fields that are copied as they are; `refused` are addresses that would run a script,
    `unread` describes what could not be parsed, `passwords` are addresses with a password, without it.
    """

    title: str = ""
    notes: Notes = field(default_factory=Notes)
    summary: str = ""
    date: "date | None" = None
    dated: str = ""
    duration: str = ""
    guid: str = ""
    link: str = ""
    audio: Mapping[str, Any] | None = None
    number: int | None = None
    season: int | None = None
    kind: str = ""
    line: int = 1
    people: tuple[Person, ...] = ()
    more: Mapping[str, Any] = field(default_factory=lambda: MappingProxyType({}))
    refused: tuple[str, ...] = ()
    chapters: tuple[Chapter, ...] = ()
    unread: tuple[str, ...] = ()
    passwords: tuple[str, ...] = ()

    @property
    def is_empty(self) -> bool:
        """Whether it holds nothing that an episode could be made of."""
        return not (self.title or self.notes.text or self.notes.fault or self.summary or self.link or self.audio)


@dataclass(frozen=True, slots=True)
class Feed:
    """A feed: its own fields, and its items, which are read lazily. `address` is the one it gives for itself, `next`
    that of its next page. `fields` are those of a series that are copied as they are; `problems` are what was repaired.
    """

    title: str
    entries: Iterable[Entry]
    language: str = ""
    link: str = ""
    author: str = ""
    address: str = ""
    next: str = ""
    people: tuple[Person, ...] = ()
    fields: Mapping[str, Any] = field(default_factory=lambda: MappingProxyType({}))
    problems: tuple[Problem, ...] = ()


def one_line(value: Any) -> str:
    """A field as one line of text; entities that were escaped twice are read."""
    text = str(value or "")
    if "&" in text:
        text = unescape(text)
    return " ".join(clean_text(text).split())


def web_address(url: Any, base: str) -> str:
    """An http or https address made whole, without a name and password; "" where it is none that may be published.

    >>> web_address("a b", "https://s.example/x/"), web_address("mailto:a@b.example", "")
    ('https://s.example/x/a%20b', '')
    """
    if not isinstance(url, str) or not url.strip() or len(url) > 2 * MAX_URL:
        return ""
    try:
        whole = urljoin(base, re.sub(r"[\t\r\n]", "", url.strip()))
    except ValueError:
        return ""
    whole = whole if whole.isprintable() and " " not in whole else "".join(map(_encoded, whole))
    if len(whole) > MAX_URL or whole[:4].casefold() != "http" or not is_allowed_url(whole):
        return ""
    return without_password(whole)


def acting_addresses(values: Iterable[Any]) -> tuple[str, ...]:
    """Those of an item's addresses that would do something on a page, each once, as text.

    >>> acting_addresses(["https://a.example", "javascript:x", None, " javascript:x"])
    ('javascript:x',)
    """
    found = (" ".join(clean_text(value).split()) for value in values if isinstance(value, str) and acts(value))
    return tuple(dict.fromkeys(found))


def password_addresses(values: Iterable[Any]) -> tuple[str, ...]:
    """Those of an item's addresses that hold a name and password, each once, as they may be shown.

    >>> password_addresses(["https://me:pw@a.example/1.mp3?key=x", "https://a.example", None])
    ('https://a.example/1.mp3?key=…',)
    """
    found = (value.strip() for value in values if isinstance(value, str))
    return tuple(dict.fromkeys(without_secrets(value) for value in found if without_password(value) != value))


def _encoded(c: str) -> str:
    if c.isprintable() and c != " ":
        return c
    return "".join(f"%{byte:02X}" for byte in c.encode("utf-8", "replace"))


def whole_number(value: Any) -> int | None:
    """A number as feeds count with it; None where it is none.

    >>> whole_number(" 12 "), whole_number("3.5"), whole_number("1e9")
    (12, None, None)
    """
    text = str(value if value is not None else "").strip()
    return int(text) if re.fullmatch(r"[0-9]{1,5}", text) else None


def day_of(text: str) -> date | None:
    """The day that a date names, in its own time zone; None where it names none from 1990 to 2200.

    >>> [str(day_of(t)) for t in ["Tue, 09 Jan 2024 23:30:00 -0800", "Tue, 9 Jan 24 01:00 GMT", "10/25/2023", "noon"]]
    ['2024-01-09', '2024-01-09', '2023-10-25', 'None']
    >>> day_of("Mon, 1 Jan 0001 00:00:00 GMT")
    """
    text = text.strip()
    if not text or len(text) > 100:
        return None
    found = read_date(text)
    if found is not None:
        return found
    parsed = parsedate(text)
    try:
        day = date(*parsed[:3]) if parsed else _other_date(text)
    except (ValueError, TypeError, OverflowError):
        return None
    if day is None or not MIN_YEAR <= day.year <= MAX_YEAR:
        return None
    # the libraries take a year of the first century for one written with two digits
    return None if re.search(rf"(?<![\d:+-])00{day.year % 100:02}(?![\d:])", text) else day


def _other_date(text: str) -> date | None:
    """A date in any form that names day, month and year; what it leaves out would be taken from the default."""
    try:
        one, other = (dates.parse(text, default=datetime(*day), ignoretz=True) for day in ((1996, 1, 1), (2004, 2, 2)))
    except (ValueError, OverflowError, TypeError, AttributeError, LookupError, ArithmeticError):
        return None
    return one.date() if one.date() == other.date() else None


def sound(url: str, type: str, size: str) -> Mapping[str, Any] | None:
    """An enclosure as front matter has it; None where it is neither sound nor film, or has no address."""
    type = type.strip()
    type = type if _MEDIA_TYPE.fullmatch(type) else ""
    ending = re.search(r"\.([a-z0-9]{2,4})(?:[?#].*)?$", url, re.I)
    type = type or _SOUND.get(ending[1].casefold() if ending else "", "")
    if not url or not type.startswith(("audio/", "video/")):
        return None
    audio: dict[str, Any] = {"url": url, "type": type}
    number = re.fullmatch(r"[0-9]{1,15}", size.strip())
    if number and int(number[0]) > 1:  # 0 and 1 stand for "unknown"
        audio["bytes"] = int(number[0])
    return audio


def first_sound(found: Sequence[Mapping[str, Any] | None]) -> Mapping[str, Any] | None:
    """The first enclosure that is sound, else the first that is a film."""
    kept = [audio for audio in found if audio]
    return min(kept, key=lambda audio: str(audio["type"]).startswith("video/"), default=None)
