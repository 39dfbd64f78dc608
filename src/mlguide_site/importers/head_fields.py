"""What the front matter of a note says of its episode, as far as an episode has a field for it; the rest is told."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from urllib.parse import urlsplit

from mlguide_site.errors import Problem, Severity, Span, visible
from mlguide_site.importers.fields import duration_field, read_date, read_length
from mlguide_site.importers.marks import bare_text, links_in
from mlguide_site.importers.people import Person
from mlguide_site.importers.sections import Head, Line
from mlguide_site.model.base import is_allowed_url

MAX_EACH = 200
DATES = ("date", "day", "published", "created")
IGNORED = frozenset(("cssclass", "cssclasses"))
"""What only says how a program shows the note."""
_ROLES = {"author": "author", "speaker": "speaker", "guest": "guest", "host": "host"}
_LINKS = ("url", "link", "source", "website")
_PICTURES = ("image", "cover", "thumbnail")
_STATUSES = {"draft": "draft", "cancelled": "cancelled", "canceled": "cancelled"}
_YES = frozenset(("true", "yes", "on"))
_NO = frozenset(("false", "no", "off"))


@dataclass(slots=True)
class HeadFields:
    """What front matter says: fields of an episode, who takes part, other names of the note, its dates by the fields
    that tell them, the surest first; and the names of the fields that nothing was made of."""

    values: dict[str, Any] = field(default_factory=dict)
    people: tuple[Person, ...] = ()
    aliases: tuple[str, ...] = ()
    dates: Mapping[str, date] = field(default_factory=dict)
    unread: tuple[str, ...] = ()


def read_fields(head: Head) -> HeadFields:
    """The fields of a note's front matter; title and tags are read with the notes.

    >>> head = Head({"author": ["Ada Plank"], "url": "https://a.example/x", "draft": "true", "mood": "good"}, (), (), 4)
    >>> found = read_fields(head)
    >>> found.values
    {'links': [{'title': 'a.example', 'url': 'https://a.example/x'}], 'status': 'draft'}
    >>> found.people, found.unread
    ((Person(name='Ada Plank', role='author', links=()),), ('mood',))
    """
    found = HeadFields()
    unread, people, aliases, dates = list[str](), list[Person](), list[str](), dict[str, date]()
    for key, value in head.fields.items():
        texts = [text for text in _texts(value) if text]
        plain = key.replace("-", "_").replace(" ", "_")
        if key in IGNORED or key == "title" or value in (None, "", [], {}):
            continue
        if not texts:
            unread.append(key)
        elif plain.removesuffix("s") in _ROLES:
            role = _ROLES[plain.removesuffix("s")]
            people += [Person(name, role) for name in _names(value, texts)]
        elif plain in ("alias", "aliases"):
            aliases += texts if isinstance(value, list) else [part.strip() for part in texts[0].split(",")]
        elif key in DATES and (day := read_date(texts[0])):
            dates[key] = day
        elif plain in _READERS and (made := _READERS[plain](texts)) is not None:
            name, known = made
            if name == "links":
                found.values["links"] = [*found.values.get("links", []), *known][:MAX_EACH]
            else:
                found.values.setdefault(name, known)
        else:
            unread.append(key)
    found.values = {name: value for name, value in found.values.items() if value}
    found.people, found.aliases = tuple(people[:MAX_EACH]), tuple(filter(None, aliases[:MAX_EACH]))
    found.dates, found.unread = {key: dates[key] for key in DATES if key in dates}, tuple(unread)
    return found


Made = tuple[str, Any] | None
"""A field of an episode with its value ("" where it says nothing); None where nothing can be made of the texts."""


def _text(name: str) -> Callable[[list[str]], Made]:
    return lambda texts: (name, texts[0]) if len(texts) == 1 else None


def _link(texts: list[str]) -> Made:
    found = []
    for text in texts:
        named = links_in(text) or ([(_host(text), text)] if is_allowed_url(text) else [])
        if not named:
            return None
        found += [{"title": label, "url": url} for label, url in named]
    return "links", found


def _host(address: str) -> str:
    return (urlsplit(address).hostname or address).removeprefix("www.")


def _picture(texts: list[str]) -> Made:
    return ("artwork", texts[0]) if texts[0].startswith("http") and is_allowed_url(texts[0]) else None


def _length(texts: list[str]) -> Made:
    return ("duration", made) if (made := duration_field(read_length(texts[0]))) else None


def _status(texts: list[str]) -> Made:
    return ("status", found) if (found := _STATUSES.get(texts[0].casefold(), "")) else None


def _flag(draft: frozenset[str], other: frozenset[str]) -> Callable[[list[str]], Made]:
    def read(texts: list[str]) -> Made:
        said = texts[0].casefold()
        return ("status", "draft" if said in draft else "") if said in draft | other else None

    return read


_READERS: Mapping[str, Callable[[list[str]], Made]] = {
    **dict.fromkeys(("description", "summary"), _text("summary")),
    **dict.fromkeys(("lang", "language"), _text("language")),
    **dict.fromkeys(("place", "location"), _text("place")),
    **dict.fromkeys(("licence", "license"), _text("licence")),
    **dict.fromkeys(_LINKS, _link),
    **dict.fromkeys(_PICTURES, _picture),
    "duration": _length,
    "status": _status,
    "draft": _flag(_YES, _NO),
    "publish": _flag(_NO, _YES),
}


def _texts(value: Any) -> Iterator[str]:
    """The texts of a value, in whatever lists they stand: `[[Name]]` without quotes is a list of lists."""
    waiting = [value]
    while waiting:
        one = waiting.pop()
        if isinstance(one, list):
            waiting += reversed(one)
        elif isinstance(one, str):
            yield " ".join(one.split())


def _names(value: Any, texts: Iterable[str]) -> list[str]:
    parts = texts if isinstance(value, list) else [part for text in texts for part in re.split(r"[,;&]", text)]
    return [name for part in parts if (name := bare_text(part).strip())]


def unread_fields(name: str, lines: Sequence[Line], keys: Sequence[str]) -> Iterator[Problem]:
    """A hint that names the fields that nothing is made of, at the line of the first. `lines` are those of the front
    matter."""
    if not keys:
        return
    wanted = set(keys)
    line = next((one.number for one in lines if one.text.partition(":")[0].strip().casefold() in wanted), 1)
    shown = ", ".join(f'"{visible(key)}"' for key in keys)
    said = f"field {shown} of the front matter has" if len(keys) == 1 else f"fields {shown} of the front matter have"
    yield Problem(name, Span(line, 1), f"the {said} no place", "add by hand what you want of it", Severity.HINT)
