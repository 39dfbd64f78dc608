"""What the front matter of a note says of its episode, as far as an episode has a field for it."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from urllib.parse import urlsplit

from mlguide_site.importers.fields import duration_field, read_date, read_length
from mlguide_site.importers.notes.marks import bare_text, links_in
from mlguide_site.importers.notes.source import Head
from mlguide_site.importers.people import Person
from mlguide_site.model.base import is_allowed_url

MAX_EACH = 200
DATES = ("date", "day", "published", "created")
"""Fields with a date, the surest first."""
IGNORED = frozenset(("title", "cssclass", "cssclasses"))
"""The title is read with the note; the others only say how a program shows it."""
_ROLES = frozenset(("author", "speaker", "guest", "host"))
_TEXTS = {
    "description": "summary", "summary": "summary", "lang": "language", "language": "language", "place": "place",
    "location": "place", "licence": "licence", "license": "licence",
}  # fmt: skip
_LINKS = frozenset(("url", "link", "source", "website"))
_STATUSES = {
    "status": {"draft": "draft", "cancelled": "cancelled", "canceled": "cancelled"},
    "draft": {"true": "draft", "yes": "draft", "on": "draft", "false": "", "no": "", "off": ""},
    "publish": {"true": "", "yes": "", "on": "", "false": "draft", "no": "draft", "off": "draft"},
}


@dataclass(slots=True)
class HeadFields:
    """Fields of an episode, people who take part, other names of the note, its dates by the fields that say them, and
    the names of the fields that have no place."""

    values: dict[str, Any] = field(default_factory=dict)
    people: list[Person] = field(default_factory=list)
    aliases: list[str] = field(default_factory=list)
    dates: Mapping[str, date] = field(default_factory=dict)
    unread: list[str] = field(default_factory=list)


def read_fields(head: Head) -> HeadFields:
    """The fields of a note's front matter; tags are read with the note.

    >>> head = Head({"author": ["Ada Plank"], "url": "https://a.example/x", "draft": "true", "mood": "good"}, (), (), 4)
    >>> found = read_fields(head)
    >>> found.values
    {'links': [{'title': 'a.example', 'url': 'https://a.example/x'}], 'status': 'draft'}
    >>> found.people, found.unread
    ([Person(name='Ada Plank', role='author', links=())], ['mood'])
    """
    found, dates = HeadFields(), dict[str, date]()
    for key, value in head.fields.items():
        texts, name = list(filter(None, _texts(value))), re.sub("[- ]", "_", key)
        if key in IGNORED or value in (None, "", [], {}):
            continue
        # a list as it is, a text as one with commas
        several = texts if isinstance(value, list) else re.split(r"[,;&]", texts[0]) if texts else []
        if not texts:
            found.unread.append(key)
        elif name.removesuffix("s") in _ROLES:
            people = (bare_text(one).strip() for one in several)
            found.people += [Person(one, name.removesuffix("s")) for one in people if one][:MAX_EACH]
        elif name in ("alias", "aliases"):
            aliases = texts if isinstance(value, list) else texts[0].split(",")
            found.aliases += [one.strip() for one in aliases if one.strip()][:MAX_EACH]
        elif key in DATES and (day := read_date(texts[0])):
            dates[key] = day
        elif made := next((made for read in _READERS if (made := read(name, texts))), None):
            if made[0] == "links":
                found.values["links"] = [*found.values.get("links", []), *made[1]][:MAX_EACH]
            elif made[1]:
                found.values.setdefault(*made)
        else:
            found.unread.append(key)
    found.dates = {key: dates[key] for key in DATES if key in dates}
    return found


_Made = tuple[str, Any] | None
"""A field of an episode with its value; None where the reader makes nothing of the texts."""


def _text(name: str, texts: list[str]) -> _Made:
    return (_TEXTS[name], texts[0]) if name in _TEXTS and len(texts) == 1 else None


def _link(name: str, texts: list[str]) -> _Made:
    found = list[dict[str, str]]()
    for text in texts if name in _LINKS else ():
        links = links_in(text) or ([(_host(text), text)] if is_allowed_url(text) else [])
        if not links:
            return None
        found += [{"title": label, "url": url} for label, url in links]
    return ("links", found) if found else None


def _host(address: str) -> str:
    return (urlsplit(address).hostname or address).removeprefix("www.")


def _picture(name: str, texts: list[str]) -> _Made:
    is_one = name in {"image", "cover", "thumbnail"} and texts[0].startswith("http") and is_allowed_url(texts[0])
    return ("artwork", texts[0]) if is_one else None


def _length(name: str, texts: list[str]) -> _Made:
    made = duration_field(read_length(texts[0])) if name == "duration" else ""
    return ("duration", made) if made else None


def _status(name: str, texts: list[str]) -> _Made:
    said = _STATUSES.get(name, {}).get(texts[0].casefold())
    return ("status", said) if said is not None else None


_READERS: tuple[Callable[[str, list[str]], _Made], ...] = (_text, _link, _picture, _length, _status)


def _texts(value: Any) -> Iterator[str]:
    """The texts of a value, in whatever lists they are: `[[Name]]` without quotes is a list of lists."""
    pending = [value]
    while pending:
        one = pending.pop()
        if isinstance(one, list):
            pending += reversed(one)
        elif isinstance(one, str):
            yield " ".join(one.split())
