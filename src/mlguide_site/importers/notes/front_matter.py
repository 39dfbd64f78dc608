"""Reads the front matter of a note (one or more blocks) and converts it to the fields of an episode."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from urllib.parse import urlsplit

from mlguide_site.content.yaml_read import read_yaml
from mlguide_site.errors import ContentError
from mlguide_site.importers.common.dates_and_durations import duration_field, read_date, read_length
from mlguide_site.importers.common.naming import Person
from mlguide_site.importers.notes.inline import bare_text, links_in
from mlguide_site.importers.notes.source import Line
from mlguide_site.model.base import is_allowed_url

MAX_LINES = 200
MAX_VALUES = 200
_RULE = re.compile(r"\s{0,3}-{3,}\s*$")
_KEY = re.compile(r"([A-Za-z][\w .-]{0,40}):(?:\s+(.*)|$)")
_CONTINUATION = re.compile(r"\s*-\s|\s+\S|#|\]|\}")
_KEYS = {
    "title": "title", "aliases": "alias aliases", "date": "date day published created", "language": "lang language",
    "people": "author authors speaker speakers guest guests host hosts", "summary": "description summary",
    "place": "place location", "licence": "licence license", "links": "url link source website",
    "artwork": "image cover", "duration": "duration", "status": "status draft publish", "": "cssclass cssclasses",
}  # fmt: skip
"""The front matter keys for each episode field. The most reliable key comes first. The keys for "" are ignored."""
_NAMES = {key: name for name, keys in _KEYS.items() for key in keys.split()}
DATES = tuple(_KEYS["date"].split())
_STATUSES = {
    "status draft": "draft", "status cancelled": "cancelled", "draft true": "draft", "draft false": "",
    "publish true": "", "publish false": "draft",
}  # fmt: skip


@dataclass(slots=True)
class Head:
    """Front matter: its lines, and the fields and tags of all blocks. If several blocks have the same key, the first
    value is used. `values` contains fields of an episode, and the aliases of the note. `day` is the episode's date.
    `unread` lists keys that can't be imported, and keys that have different values in several blocks."""

    lines: Sequence[Line] = ()
    fields: Mapping[str, Any] = field(default_factory=dict)
    tags: tuple[str, ...] = ()
    values: dict[str, Any] = field(default_factory=dict)
    day: date | None = None
    unread: list[str] = field(default_factory=list)


def read_head(lines: Sequence[Line]) -> Head:
    """Read the front matter at the beginning of a note, in one or more blocks.

    >>> texts = ["---", "author: [Ada Plank]", "draft: true", "mood: good", "---"]
    >>> head = read_head([Line(number, text) for number, text in enumerate(texts)])
    >>> head.values, head.unread
    ({'people': [Person(name='Ada Plank', role='author', links=())], 'status': 'draft'}, ['mood'])
    """
    end, fields, tags, unread = 0, dict[str, Any](), dict[str, None](), dict[str, None]()
    while (block := _block(lines, end)) is not None:
        end, found = block[0], _fields(block[1])
        block_tags = [one.strip("#[]\"' ") for key in ("tags", "tag") for one in _items(found.pop(key, None))]
        tags |= dict.fromkeys(filter(None, block_tags))
        unread |= {key: None for key, value in found.items() if fields.get(key, value) != value}
        fields = found | fields
    head = Head(lines[:end], fields, tuple(tags))
    for key, value in fields.items():
        if value and not _store(head, key, value):
            unread[key] = None
    head.unread = list(unread)
    days = (read_date(text) for key in DATES for text in _texts(fields.get(key)))
    head.day = next(filter(None, days), None)
    return head


def _block(lines: Sequence[Line], at: int) -> tuple[int, list[str]] | None:
    """Return the end index and the lines of a front matter block; return None if there is no block at `at`."""
    start = next((index for index in range(at, len(lines)) if lines[index].text.strip()), len(lines))
    if start == len(lines) or not _RULE.match(lines[start].text):
        return None
    end = next((i for i in range(start + 1, min(start + MAX_LINES, len(lines))) if _RULE.match(lines[i].text)), start)
    block = [line.text for line in lines[start + 1 : end] if line.text.strip()]
    return (end + 1, block) if block and all(_KEY.match(text) or _CONTINUATION.match(text) for text in block) else None


def _fields(block: Sequence[str]) -> dict[str, Any]:
    try:
        return {str(key).casefold(): value for key, value in read_yaml("\n".join(block), "").value.items()}
    except ContentError:
        # if the YAML is invalid, only read lines of the form `key: value`
        found = [match for text in block if (match := _KEY.match(text))]
        return {match[1].casefold(): (match[2] or "").strip().strip("[]\"'") for match in found}


def _store(head: Head, key: str, value: Any) -> bool:
    """Store a field in `head.values`. Return False if an episode has no such field, or if the value is invalid."""
    name, texts = _NAMES.get(key), list(filter(None, _texts(value)))
    text = texts[0] if texts else ""
    stored: Any = text if len(texts) == 1 else ""
    match name:
        case "people":
            stored = [Person(one, key.removesuffix("s")) for one in map(bare_text, _items(value)) if one]
        case "aliases":
            stored = _items(value)
        case "links":
            links = [
                links_in(one) or ([(urlsplit(one).netloc.removeprefix("www."), one)] if is_allowed_url(one) else [])
                for one in texts
            ]
            stored = [{"title": label, "url": url} for own in links for label, url in own] if all(links) else []
        case "status":
            stored = _STATUSES.get(f"{key} {text}".casefold())
            if stored == "":
                return True
        case "artwork":
            stored = text if text.startswith("http") and is_allowed_url(text) else ""
        case "duration":
            stored = duration_field(read_length(text))
        case "date":
            return bool(read_date(text))
        case "" | None:
            return name == ""
    if isinstance(stored, list):
        head.values[name] = [*head.values.get(name, []), *stored][:MAX_VALUES]
    elif stored:
        head.values.setdefault(name, stored)
    return bool(stored)


def _items(value: Any) -> list[str]:
    """Return the items of a list; a text is split at `,`, `;` and `&`."""
    texts = _texts(value)
    if not isinstance(value, list):
        texts = [one.strip() for text in texts for one in re.split(r"[,;&]", text)]
    return list(filter(None, texts))


def _texts(value: Any) -> list[str]:
    """Return the texts in a value and in its nested lists, because YAML reads `[[Name]]` as a list of lists."""
    if isinstance(value, list):
        return [text for one in value for text in _texts(one)]
    return [" ".join(value.split())] if isinstance(value, str) else []
