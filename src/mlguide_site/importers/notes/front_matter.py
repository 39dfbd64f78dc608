"""Reads the front matter of a note (YAML, TOML or JSON) and converts it to the fields of an episode."""

import json
import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any
from urllib.parse import urlsplit

from mlguide_site.content.yaml_read import read_yaml, refuse_invisible
from mlguide_site.errors import ContentError, Span, content_error, visible
from mlguide_site.importers.common.dates_and_durations import duration_field, read_date, read_length
from mlguide_site.importers.common.naming import Person
from mlguide_site.importers.notes.inline import bare_text, links_in
from mlguide_site.importers.notes.source import Line
from mlguide_site.markdown.limits import MAX_FRONT_MATTER
from mlguide_site.model.base import is_allowed_url

MAX_LINES = 200
MAX_VALUES = 200
_RULE, _TOML = re.compile(r"\s{0,3}-{3,}\s*$"), re.compile(r"\+{3}\s*$")
_JSON = re.compile(r'\{\s*(?:"|$)'), re.compile(r"(?:\{.*)?\}\s*$")
_SURROGATE = re.compile(r"\\u[dD](?=[89a-fA-F])")
_DEEP_KEY = re.compile(r"(?:[^\s.=]+[ \t]*\.[ \t]*){50}")
_FORMS = {"YAML": (_RULE, _RULE), "TOML": (_TOML, _TOML), "JSON": _JSON}
_KEY = re.compile(r"([A-Za-z][\w .-]{0,40}):(?:\s+(.*)|$)")
_LINE = re.compile(rf"{_KEY.pattern}|\s*-\s|\s+\S|#|\]|\}}|\s*$")
_KEYS = {
    "title": "title", "aliases": "alias aliases", "date": "date day published created", "language": "lang language",
    "people": "author authors speaker speakers guest guests host hosts", "summary": "description summary",
    "place": "place location", "licence": "licence license", "artwork": "image cover",
    "links": "url link source website canonical canonical_url canonicalurl permalink",
    "duration": "duration podcast_duration", "guid": "guid",
    "status": "status draft publish", "": "cssclass cssclasses",
}  # fmt: skip
"""The front matter keys for each field, the most reliable first. The keys for "" are ignored."""
NAMES = {key: name for name, keys in _KEYS.items() for key in keys.split()}
_STATUSES = {
    "status draft": "draft", "status cancelled": "cancelled", "draft true": "draft", "draft false": "",
    "publish true": "", "publish false": "draft",
}  # fmt: skip


@dataclass(slots=True)
class Head:
    """Front matter: its lines, fields and tags. `values` contains fields of an episode, and the aliases of the note.
    `day` is the episode's date. `unread` lists keys that can't be imported, or that have several values in different
    blocks; the first value is used."""

    lines: Sequence[Line] = ()
    fields: Mapping[str, Any] = field(default_factory=dict)
    tags: tuple[str, ...] = ()
    values: dict[str, Any] = field(default_factory=dict)
    day: date | None = None
    unread: list[str] = field(default_factory=list)


def read_head(lines: Sequence[Line], name: str = "") -> Head:
    """Read the front matter at the beginning of the note `name`, in one or more blocks. Raises ContentError.

    >>> texts = ["---", "author: [Ada Plank]", "draft: true", "mood: good", "---"]
    >>> head = read_head([Line(number, text) for number, text in enumerate(texts)])
    >>> head.values, head.unread
    ({'people': [Person(name='Ada Plank', role='author', links=())], 'status': 'draft'}, ['mood'])
    """
    end, fields, tags, unread = 0, dict[str, Any](), dict[str, None](), dict[str, None]()
    while (block := _block(lines, end, name)) is not None:
        end, found = block
        block_tags = [one.strip("#[]\"' ") for key in ("tags", "tag") for one in _items(found.pop(key, None))]
        tags |= dict.fromkeys(filter(None, block_tags))
        unread |= {key: None for key, value in found.items() if fields.get(key, value) != value}
        fields = found | fields
    head = Head(lines[:end], fields, tuple(tags))
    for key, value in fields.items():
        if value and not _store(head, key, value):
            unread[key] = None
    head.unread = list(unread)
    days = (read_date(text) for key in _KEYS["date"].split() for text in _texts(fields.get(key)))
    head.day = next(filter(None, days), None)
    return head


def _block(lines: Sequence[Line], at: int, name: str) -> tuple[int, dict[str, Any]] | None:
    """Return the end index and the fields of a front matter block, or None if there is no block at `at`. TOML, JSON and
    invalid YAML are only front matter at the beginning of a note."""
    start = next((index for index in range(at, len(lines)) if lines[index].text.strip()), len(lines))
    texts = [line.text for line in lines[start : start + MAX_LINES]]
    form = next((form for form, (opening, _) in _FORMS.items() if texts and opening.match(texts[0])), "")
    if not form or (at and form != "YAML"):
        return None
    outer = form != "JSON"  # the first and last lines of JSON are part of the JSON
    end = next((index for index, text in enumerate(texts) if index >= outer and _FORMS[form][1].match(text)), 0)
    block = texts[outer : end + (not outer)]
    is_sure = form != "YAML" or (not at and _KEY.match("".join(texts[1:2])))
    if not is_sure and not ("".join(block).strip() and all(map(_LINE.match, block))):
        return None
    number = lines[start].number
    if outer and not end:
        remedy = f"write {texts[0].strip()} on the line after it"
        raise content_error(name, "the front matter has no end", remedy, Span(number, 1))
    return start + end + 1, _fields(name, form, "\n".join(block), number + outer)


def _fields(name: str, form: str, text: str, line: int) -> dict[str, Any]:
    """Return the fields, with lower-case keys, in front matter that begins at line `line`. Raises ContentError."""
    is_yaml = form == "YAML"
    values = read_yaml(text, name, line, MAX_FRONT_MATTER).value if is_yaml else _converted(name, form, text, line)
    return {key.casefold(): value for key, value in values.items()}


def _converted(name: str, form: str, text: str, line: int) -> Any:
    """Convert TOML or JSON to the values that YAML gives. Raises ContentError with positions in the original text."""
    try:
        if form == "TOML" and (len(text) > MAX_FRONT_MATTER or _DEEP_KEY.search(text)):
            raise ValueError("it is too long, or a key has too many parts")  # tomllib takes quadratic time
        values = tomllib.loads(text) if form == "TOML" else json.loads(text)
        as_yaml = json.dumps(values, default=str, ensure_ascii=False)
        as_yaml.encode()  # fails for a surrogate without its other half
    except (ValueError, RecursionError) as error:
        found = re.search(r"line (\d+),? column (\d+)", str(error)) or ("", "1", "1")
        if "(at end of document)" in str(error):
            found = ("", str(text.count("\n") + 1), str(len(text.rpartition("\n")[2]) + 1))
        place = Span(line + int(found[1]) - 1, int(found[2]))
        what = visible(re.split(r" \(at |: line ", str(error))[0])
        raise content_error(name, f"the front matter is not valid {form}: {what}", "correct it", place) from None
    refuse_invisible(text, name, line)
    if form == "JSON":
        # JSON is also YAML, except for surrogates; the `json` module accepts duplicate keys and gives no places
        read_yaml(_SURROGATE.sub(r"\\ue", text), name, line, MAX_FRONT_MATTER)
    try:
        return read_yaml(as_yaml, name, line, MAX_FRONT_MATTER).value
    except ContentError as error:
        raise ContentError(replace(one, span=Span(line, 1)) for one in error.problems) from None


def _store(head: Head, key: str, value: Any) -> bool:
    """Store a field in `head.values`. Return False if an episode has no such field, or if the value is invalid."""
    name, texts = NAMES.get(key), list(filter(None, _texts(value)))
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
    """Return the items of a list; a string is split at `,`, `;` and `&`."""
    texts = _texts(value)
    if not isinstance(value, list):
        texts = [one.strip() for text in texts for one in re.split(r"[,;&]", text)]
    return list(filter(None, texts))


def _texts(value: Any) -> list[str]:
    """Return the strings in a value and in its nested lists, because YAML reads `[[Name]]` as a list of lists."""
    if isinstance(value, list):
        return [text for one in value for text in _texts(one)]
    return [" ".join(value.split())] if isinstance(value, str) else []
