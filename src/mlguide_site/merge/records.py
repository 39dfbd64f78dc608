"""The records of imports: hashes of what they wrote, the base of the next three-way merge. No text is kept.

`.mlguide/imported/<id>.json` is the record of an episode: for each front matter field the hash of its value and the
format it came from, for the body a hash per line, and hashes of what identified the episode in its sources. Beside it
`entries.json` names the fields that imports wrote in knowledge files, and `files.json` has the hashes of files
beside notes, such as transcripts, chapters and pictures.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any, NamedTuple

from pydantic import TypeAdapter

from mlguide_site.content.files import read_bytes, resolve_inside
from mlguide_site.content.yaml_edit import plain_value
from mlguide_site.errors import ContentError, Problem, content_error
from mlguide_site.importers import Draft
from mlguide_site.model.digests import short_digest
from mlguide_site.recovery import Recovery

FOLDER = ".mlguide/imported"
ENTRIES_PATH = f"{FOLDER}/entries.json"
FILES_PATH = f"{FOLDER}/files.json"
FORMER_SERIES_PATH = f"{FOLDER}/series.json"
"""The file in which earlier versions recorded the fields of series, as `keys`; it is read, but no longer written."""
VERSION = 1
FILL = "fill"
"""The format that only fills in missing fields: every other source replaces these."""
EntryRecord = Mapping[str, Mapping[str, tuple[str, ...]]]
"""By kind and slug of a knowledge entry, the fields that imports have written."""


class FieldBase(NamedTuple):
    """What an import last wrote in a field: the format it came from, and the hash of the value."""

    format: str
    hash: str


@dataclass(frozen=True, slots=True)
class BodyBase:
    """What an import last wrote as body: the format it came from, whether the source had cut it, a hash per line, how
    its structure was recovered if the source had none, and the hashes of confirmed lines."""

    format: str
    truncated: bool
    lines: tuple[str, ...]
    recovery: Recovery | None = None
    settled: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Base:
    """The record of one episode of a series. `keys` holds hashes of all that identified it in its sources."""

    series: str = ""
    fields: Mapping[str, FieldBase] = field(default_factory=lambda: MappingProxyType({}))
    body: BodyBase | None = None
    keys: frozenset[str] = frozenset()


_TYPES: Mapping[str, Any] = {
    FORMER_SERIES_PATH: dict[str, dict[str, tuple[str, ...]]],
    ENTRIES_PATH: dict[str, dict[str, tuple[str, ...]]],
    FILES_PATH: dict[str, str],
}
"""The type of each record that is not an episode's."""


def value_hash(value: Any) -> str:
    """The hash of a front matter value, the same before it is written and after it is read."""
    return short_digest(json.dumps(plain_value(value), sort_keys=True, ensure_ascii=True))


def line_hashes(body: str) -> tuple[str, ...]:
    """A hash for each line of a body; white space at a line's end makes no difference."""
    return tuple(short_digest(line.rstrip()) for line in body_lines(body))


def body_lines(body: str) -> Sequence[str]:
    """The lines of a body, without empty ones at its ends."""
    body = body.strip("\n")
    return body.split("\n") if body.strip() else []


def key_hash(kind: str, value: str) -> str:
    """The hash of what identifies an episode, such as `guid` and its value."""
    return short_digest(f"{kind}\n{value}")


def note_name(name: str) -> str:
    """A note's name as links between notes compare it.

    >>> note_name("Long  Boards.md")
    'long boards'
    """
    return " ".join(name.removesuffix(".md").split()).casefold()


def name_keys(draft: Draft) -> tuple[str, ...]:
    """Hashes of the names that other notes may link to a draft by; they don't identify an episode."""
    return tuple(key_hash("name", name) for one in draft.names if (name := note_name(one)))


def dump_record(record: Any) -> bytes:
    """A record as the bytes of its file: JSON, keys sorted, an item a line, defaults left out."""
    value = record
    if isinstance(record, Base):
        own = _adapter(Base).dump_python(record, exclude_defaults=True)
        value = {"version": VERSION, "series": "", "fields": {}, "keys": [], **own}
        recovery = (own.get("body") or {}).get("recovery") or {}
        if "uncertain" in recovery:
            recovery["uncertain"] = [" ".join(map(str, place)) for place in recovery["uncertain"]]
    # only sets need a default
    return (json.dumps(value, sort_keys=True, indent=1, default=sorted) + "\n").encode()


def load_record(data: bytes, path: str) -> Any:
    """The record in a file of the folder, of the type that belongs to its path. Raises ContentError if the bytes aren't
    such a record."""
    type_, is_base = _TYPES.get(path, Base), path not in _TYPES
    try:
        value: Any = json.loads(data)
        if is_base and value["version"] != VERSION:
            raise ValueError("another version")
        recovery = ((value.get("body") or {}).get("recovery") or {}) if is_base else {}
        # earlier versions wrote `doubts`
        if texts := recovery.pop("doubts", ()) or recovery.get("uncertain", ()):
            recovery["uncertain"] = [text.split() for text in texts]
        return _adapter(type_).validate_python(value)
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        instead = " to have the episode count as written by hand" if is_base else ""
        remedy = f"take the file from an earlier commit, or remove it{instead}"
        raise content_error(path, "not a record of an import", remedy) from None


@cache
def _adapter(type_: Any) -> TypeAdapter[Any]:
    return TypeAdapter(type_)


class Records(NamedTuple):
    """All records of a root: of episodes by id, of knowledge entries (series among them), and the hashes of files
    beside notes by path."""

    bases: Mapping[str, Base]
    entries: EntryRecord
    files: Mapping[str, str]


def read_records(root: Path) -> Records:
    """The records of a root; empty if there is no file. Raises ContentError with every file that can't be read."""
    found: dict[str, Any] = {}
    problems: list[Problem] = []
    own = (f"{FOLDER}/{path.name}" for path in (root / FOLDER).glob("[!.]*.json") if not path.is_symlink())
    for path in sorted({*own, *_TYPES}):
        try:
            place = resolve_inside(root, path)
            found[path] = load_record(read_bytes(place) if place.exists() else b"{}", path)
        except ContentError as error:
            problems += error.problems
    if problems:
        raise ContentError(sorted(problems))
    series, entries, files = (found.pop(path) for path in _TYPES)
    if series:
        entries["series"] = {id: one.get("keys", ()) for id, one in series.items()} | entries.get("series", {})
    return Records({Path(path).stem: base for path, base in found.items()}, entries, files)
