"""What the front matter of a note says of its episode, as far as an episode has a field for it."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from urllib.parse import urlsplit

from mlguide_site.importers.common.fields import duration_field, read_date, read_length
from mlguide_site.importers.common.people import Person
from mlguide_site.importers.notes.inline import bare_text, links_in
from mlguide_site.importers.notes.source import Head
from mlguide_site.model.base import is_allowed_url

MAX_EACH = 200
DATES = ("date", "day", "published", "created")
"""Fields with a date, the surest first."""
_IGNORED = frozenset(("title", "cssclass", "cssclasses"))
"""The title is read with the note; the others only say how a program shows it."""
_ROLES = frozenset(("author", "speaker", "guest", "host"))
_NAMES = {
    "description": "summary", "summary": "summary", "lang": "language", "language": "language", "place": "place",
    "location": "place", "licence": "licence", "license": "licence", "url": "links", "link": "links",
    "source": "links", "website": "links", "image": "artwork", "cover": "artwork", "thumbnail": "artwork",
    "duration": "duration", "status": "status", "draft": "draft", "publish": "publish",
}  # fmt: skip
_YES, _NO = ("true", "yes", "on"), ("false", "no", "off")
_STATUSES: Mapping[str, Mapping[str, str]] = {
    "status": {"draft": "draft", "cancelled": "cancelled", "canceled": "cancelled"},
    "draft": {**dict.fromkeys(_YES, "draft"), **dict.fromkeys(_NO, "")},
    "publish": {**dict.fromkeys(_NO, "draft"), **dict.fromkeys(_YES, "")},
}
"""The status that a field says by its texts."""


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
        if key in _IGNORED or value in (None, "", [], {}):
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
        elif (made := _value(_NAMES.get(name, ""), texts)) is None:
            found.unread.append(key)
        elif isinstance(made, list):
            found.values["links"] = [*found.values.get("links", []), *made][:MAX_EACH]
        elif made:
            found.values.setdefault("status" if name in _STATUSES else _NAMES[name], made)
    found.dates = {key: dates[key] for key in DATES if key in dates}
    return found


def _value(name: str, texts: list[str]) -> str | list[dict[str, str]] | None:
    """The value of a field of an episode, "" where it says nothing; None where it can't be one."""
    if name in _STATUSES:
        return _STATUSES[name].get(texts[0].casefold())
    if name == "links":
        links = [links_in(one) or ([(_host(one), one)] if is_allowed_url(one) else []) for one in texts]
        return [{"title": label, "url": url} for own in links for label, url in own] if all(links) else None
    if name == "artwork":
        return texts[0] if texts[0].startswith("http") and is_allowed_url(texts[0]) else None
    if name == "duration":
        return duration_field(read_length(texts[0])) or None
    return texts[0] if name and len(texts) == 1 else None


def _host(address: str) -> str:
    return (urlsplit(address).hostname or address).removeprefix("www.")


def _texts(value: Any) -> Iterator[str]:
    """The texts of a value, in whatever lists they are: `[[Name]]` without quotes is a list of lists."""
    pending = [value]
    while pending:
        one = pending.pop()
        if isinstance(one, list):
            pending += reversed(one)
        elif isinstance(one, str):
            yield " ".join(one.split())
