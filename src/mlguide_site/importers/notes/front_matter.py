"""The front matter of a note: its blocks, and what they say of its episode as far as an episode has a field for it."""

import re
from collections.abc import Iterator, Sequence
from typing import Any
from urllib.parse import urlsplit

from mlguide_site.content.yaml_read import read_yaml
from mlguide_site.errors import ContentError
from mlguide_site.importers.common.dates_and_durations import duration_field, read_date, read_length
from mlguide_site.importers.common.naming import Person
from mlguide_site.importers.notes.inline import bare_text, links_in
from mlguide_site.importers.notes.source import Head, Line, is_rule
from mlguide_site.model.base import is_allowed_url

MAX_HEAD = 200
MAX_EACH = 200
DATES = ("date", "day", "published", "created")
"""Fields with a date, the surest first."""
_KEY = re.compile(r"([A-Za-z][\w .-]{0,40}):(?:\s+(.*)|$)")
_MORE = re.compile(r"\s*-\s|\s+\S|#|\]|\}")
_IGNORED = frozenset(("title", "cssclass", "cssclasses"))
"""The title is read with the note; the others only say how a program shows it."""
_ROLES = frozenset(("author", "speaker", "guest", "host"))
_NAMES = {
    "description": "summary", "summary": "summary", "lang": "language", "language": "language", "place": "place",
    "location": "place", "licence": "licence", "license": "licence", "url": "links", "link": "links",
    "source": "links", "website": "links", "image": "artwork", "cover": "artwork", "duration": "duration",
    "status": "status", "draft": "status", "publish": "status",
}  # fmt: skip
_STATUSES = {
    "draft": "draft", "cancelled": "cancelled", "canceled": "cancelled", "draft true": "draft", "draft false": "",
    "publish true": "", "publish false": "draft",
}  # fmt: skip
"""The status that a text of `status` gives, or `draft` and `publish` with their text."""


def read_head(lines: Sequence[Line]) -> Head:
    """The front matter at the beginning of a note, however many blocks there are of it.

    >>> texts = ["---", "author: [Ada Plank]", "draft: true", "mood: good", "---"]
    >>> head = read_head([Line(number, text) for number, text in enumerate(texts)])
    >>> head.values, head.people, head.unread
    ({'status': 'draft'}, [Person(name='Ada Plank', role='author', links=())], ['mood'])
    """
    end, fields, tags, differing = 0, dict[str, Any](), dict[str, None](), set[str]()
    while (block := _block(lines, end)) is not None:
        end, found = block[0], _fields(block[1])
        differing |= {key for key, value in found.items() if fields.get(key, value) != value}
        fields = found | fields
        written = (one.strip("#[]\"' ") for key in ("tags", "tag") for one in _several(found.get(key)))
        tags |= dict.fromkeys(filter(None, written))
    head = Head(lines[:end], {key: value for key, value in fields.items() if key not in {"tags", "tag"}})
    head.tags, head.differing = tuple(tags), tuple(sorted(differing))
    for key, value in head.fields.items():
        if key not in _IGNORED and value not in (None, "", [], {}) and not _take(head, key, value):
            head.unread.append(key)
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


def _several(value: Any) -> list[str]:
    """The texts of a list as it is, or of a text with commas."""
    texts = list(_texts(value))
    if not isinstance(value, list):
        texts = [one.strip() for text in texts for one in re.split(r"[,;&]", text)]
    return list(filter(None, texts))


def _take(head: Head, key: str, value: Any) -> bool:
    """Take what a field says of the episode; False where it has no place."""
    texts, role = list(filter(None, _texts(value))), key.removesuffix("s")
    if not texts:
        return False
    if role in _ROLES:
        head.people += [Person(name, role) for one in _several(value) if (name := bare_text(one))][:MAX_EACH]
    elif key in ("alias", "aliases"):
        head.aliases += _several(value)[:MAX_EACH]
    elif key in DATES and (day := read_date(texts[0])):
        head.dates[key] = day
    elif (made := _value(key, texts)) is None:
        return False
    elif isinstance(made, list):
        head.values["links"] = [*head.values.get("links", []), *made][:MAX_EACH]
    elif made:
        head.values.setdefault(_NAMES[key], made)
    return True


def _value(key: str, texts: list[str]) -> str | list[dict[str, str]] | None:
    """The value of a field of an episode, "" where it says nothing; None where it can't be one."""
    name, text = _NAMES.get(key, ""), texts[0]
    if name == "status":
        return _STATUSES.get((text if key == "status" else f"{key} {text}").casefold())
    if name == "links":
        links = [links_in(one) or ([(_host(one), one)] if is_allowed_url(one) else []) for one in texts]
        return [{"title": label, "url": url} for own in links for label, url in own] if all(links) else None
    if name == "artwork":
        return text if text.startswith("http") and is_allowed_url(text) else None
    if name == "duration":
        return duration_field(read_length(text)) or None
    return text if name and len(texts) == 1 else None


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
