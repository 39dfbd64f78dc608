"""The front matter of a note: its blocks, and what they say of its episode as far as an episode has a field for it."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from urllib.parse import urlsplit

from mlguide_site.content.yaml_read import read_yaml
from mlguide_site.errors import ContentError
from mlguide_site.importers.common.dates_and_durations import duration_field, read_date, read_length
from mlguide_site.importers.common.naming import Person
from mlguide_site.importers.notes.inline import bare_text, links_in
from mlguide_site.importers.notes.source import Line, is_rule
from mlguide_site.model.base import is_allowed_url

MAX_HEAD = 200
MAX_EACH = 200
_KEY = re.compile(r"([A-Za-z][\w .-]{0,40}):(?:\s+(.*)|$)")
_MORE = re.compile(r"\s*-\s|\s+\S|#|\]|\}")
_IGNORED = frozenset(("title", "cssclass", "cssclasses"))
"""The title is read with the note; the others only say how a program shows it."""
_ROLES = frozenset(("author", "speaker", "guest", "host"))
_NAMES = {
    "alias": "aliases", "aliases": "aliases", "date": "date", "day": "date", "published": "date", "created": "date",
    "description": "summary", "summary": "summary", "lang": "language", "language": "language", "place": "place",
    "location": "place", "licence": "licence", "license": "licence", "url": "links", "link": "links",
    "source": "links", "website": "links", "image": "artwork", "cover": "artwork", "duration": "duration",
    "status": "status", "draft": "status",
}  # fmt: skip
"""What each field gives, the surest date first."""
DATES = tuple(key for key, name in _NAMES.items() if name == "date")
_STATUSES = {"status draft": "draft", "status cancelled": "cancelled", "draft true": "draft", "draft false": ""}


@dataclass(slots=True)
class Head:
    """Front matter: its lines, the fields of all its blocks (the first of each name counts), and their tags. Read from
    it are `values` (an episode's fields by name), people who take part, other names of the note, and dates by field;
    `unread` are the names of fields that an episode doesn't have, or in which blocks differ."""

    lines: Sequence[Line] = ()
    fields: Mapping[str, Any] = field(default_factory=dict)
    tags: tuple[str, ...] = ()
    values: dict[str, Any] = field(default_factory=dict)
    people: list[Person] = field(default_factory=list)
    aliases: list[str] = field(default_factory=list)
    dates: dict[str, date] = field(default_factory=dict)
    unread: list[str] = field(default_factory=list)

    def text(self, *keys: str) -> str:
        """The text of the first of these fields that has one, on one line."""
        values = (self.fields.get(key) for key in keys)
        return next((" ".join(value.split()) for value in values if isinstance(value, str) and value.strip()), "")


def read_head(lines: Sequence[Line]) -> Head:
    """The front matter at the beginning of a note, however many blocks there are of it.

    >>> texts = ["---", "author: [Ada Plank]", "draft: true", "mood: good", "---"]
    >>> head = read_head([Line(number, text) for number, text in enumerate(texts)])
    >>> head.values, head.people, head.unread
    ({'status': 'draft'}, [Person(name='Ada Plank', role='author', links=())], ['mood'])
    """
    end, fields, tags, unread = 0, dict[str, Any](), dict[str, None](), dict[str, None]()
    while (block := _block(lines, end)) is not None:
        end, found = block[0], _fields(block[1])
        written = [one.strip("#[]\"' ") for key in ("tags", "tag") for one in _several(found.pop(key, None))]
        tags |= dict.fromkeys(filter(None, written))
        unread |= {key: None for key, value in found.items() if fields.get(key, value) != value}
        fields = found | fields
    head = Head(lines[:end], fields, tuple(tags))
    for key, value in fields.items():
        if key not in _IGNORED and value not in (None, "", [], {}) and not _take(head, key, value):
            unread[key] = None
    head.unread = list(unread)
    return head


def _block(lines: Sequence[Line], at: int) -> tuple[int, list[str]] | None:
    """The index after a block of front matter, and the lines in it; None where none begins."""
    start = next((index for index in range(at, len(lines)) if lines[index].text.strip()), len(lines))
    if start == len(lines) or not is_rule(lines[start].text):
        return None
    end = next((at for at in range(start + 1, min(start + MAX_HEAD, len(lines))) if is_rule(lines[at].text)), start)
    block = [line.text for line in lines[start + 1 : end] if line.text.strip()]
    return (end + 1, block) if block and all(_KEY.match(text) or _MORE.match(text) for text in block) else None


def _fields(block: Sequence[str]) -> dict[str, Any]:
    try:
        return {str(key).casefold(): value for key, value in read_yaml("\n".join(block), "").value.items()}
    except ContentError:
        # what is no YAML still has its lines
        found = [match for text in block if (match := _KEY.match(text))]
        return {match[1].casefold(): (match[2] or "").strip().strip("[]\"'") for match in found}


def _take(head: Head, key: str, value: Any) -> bool:
    """Take what a field says of the episode; False where it has no place."""
    texts, role = list(filter(None, _texts(value))), key.removesuffix("s")
    name, text = "people" if role in _ROLES else _NAMES.get(key, ""), texts[0] if texts else ""
    made: Any = text if len(texts) == 1 else ""
    if name == "people":
        head.people += [Person(name, role) for one in _several(value) if (name := bare_text(one))][:MAX_EACH]
        return bool(texts)
    if name == "aliases":
        head.aliases += _several(value)[:MAX_EACH]
        return bool(texts)
    if name == "date":
        head.dates |= {key: day} if (day := read_date(text)) else {}
        return key in head.dates
    if name == "links":
        links = [links_in(one) or ([(_host(one), one)] if is_allowed_url(one) else []) for one in texts]
        own = [{"title": label, "url": url} for link in links for label, url in link] if all(links) else []
        made = [*head.values.pop("links", []), *own][:MAX_EACH] if own else ""
    elif name == "status":
        made = _STATUSES.get(f"{key} {text}".casefold())
    elif name == "artwork":
        made = text if text.startswith("http") and is_allowed_url(text) else ""
    elif name == "duration":
        made = duration_field(read_length(text))
    if name and made:
        head.values.setdefault(name, made)
    return bool(name and made) or (name == "status" and made == "")


def _host(address: str) -> str:
    return (urlsplit(address).hostname or address).removeprefix("www.")


def _several(value: Any) -> list[str]:
    """The texts of a list as it is, or of a text with commas."""
    texts = list(_texts(value))
    if not isinstance(value, list):
        texts = [one.strip() for text in texts for one in re.split(r"[,;&]", text)]
    return list(filter(None, texts))


def _texts(value: Any) -> Iterator[str]:
    """The texts of a value, in whatever lists they are: `[[Name]]` without quotes is a list of lists."""
    pending = [value]
    while pending:
        one = pending.pop()
        if isinstance(one, list):
            pending += reversed(one)
        elif isinstance(one, str):
            yield " ".join(one.split())
