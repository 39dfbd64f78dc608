"""What imports remember of what they wrote: hashes, the base of the next three-way merge. No text is kept.

`.mlguide/imported/<id>.json` is the record of an episode: for each front matter field the hash of its value and the
format it came from, for the body a hash per line, and hashes of what identified the episode in its sources. Beside it
`series.json` and `entries.json` name the fields that imports wrote in knowledge files, `files.json` has the hashes of
transcripts and chapters, and `pending.txt` the names of what imports put into `.mlguide/pending/`.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from datetime import date
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Annotated, Any, NamedTuple

from pydantic import StringConstraints, TypeAdapter

from mlguide_site.content.files import read_bytes, resolve_inside
from mlguide_site.content.yaml_edit import plain_value
from mlguide_site.errors import ContentError, Problem, Span
from mlguide_site.importers import Doubt, Draft, Recovery
from mlguide_site.model.digests import digest as content_digest

FOLDER = ".mlguide/imported"
SERIES_PATH = f"{FOLDER}/series.json"
ENTRIES_PATH = f"{FOLDER}/entries.json"
FILES_PATH = f"{FOLDER}/files.json"
PENDING_PATH = f"{FOLDER}/pending.txt"
VERSION = 1
NEW = "new"
"""The format of what is recorded of a note that `mlguide new` made: every source replaces it."""
FILL = "fill"
"""The format of what only fills in what is missing: every other source replaces it."""

EntryRecord = Mapping[str, Mapping[str, tuple[str, ...]]]
"""By kind and slug of a knowledge entry, the fields that imports have written."""


class FieldBase(NamedTuple):
    """What an import last wrote in a field: the format it came from, and the hash of the value."""

    format: str
    hash: str


@dataclass(frozen=True, slots=True)
class BodyBase:
    """What an import last wrote as body: the format it came from, whether the source had cut it, a hash per line, how
    its structure was recovered where the source had none, and the hashes of lines that a person has confirmed."""

    format: str
    truncated: bool
    lines: tuple[str, ...]
    recovery: Recovery | None = None
    settled: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Base:
    """The record of one episode of a series. `keys` holds hashes of all that identified it in its sources, `assets` by
    file name the hash of what an import wrote beside it."""

    series: str = ""
    fields: Mapping[str, FieldBase] = field(default_factory=lambda: MappingProxyType({}))
    body: BodyBase | None = None
    keys: frozenset[str] = frozenset()
    assets: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))

    def with_keys(self, keys: Iterable[str]) -> "Base":
        return replace(self, keys=self.keys | frozenset(keys))

    @property
    def is_unfilled(self) -> bool:
        """Whether this is the record of a new note that no import has filled."""
        return self.body is None and not self.keys and {found.format for found in self.fields.values()} <= {NEW}


@dataclass(frozen=True, slots=True)
class SeriesRecord:
    """The keys of one series that imports have written, and the hash of the promotion they left; "" for none."""

    keys: tuple[str, ...] = ()
    promotion: str = ""


_PendingName = Annotated[str, StringConstraints(pattern="^[0-9a-f]{16}$")]
_TYPES: Mapping[str, Any] = {
    SERIES_PATH: dict[str, SeriesRecord],
    ENTRIES_PATH: dict[str, dict[str, tuple[str, ...]]],
    FILES_PATH: dict[str, str],
    PENDING_PATH: frozenset[_PendingName],
}
"""The type of each record that is not an episode's."""


def digest(data: bytes | str) -> str:
    """The hash of a text or of a file's bytes: 16 hexadecimal digits of BLAKE2b.

    >>> digest("one")
    '34f2ddaa8b7615c9'
    """
    return content_digest(data, 8)


def value_hash(value: Any) -> str:
    """The hash of a front matter value, the same for a value to write and for what is read where it was written."""
    return digest(json.dumps(plain_value(value), sort_keys=True, ensure_ascii=True))


def line_hashes(body: str) -> tuple[str, ...]:
    """A hash for each line of a body; white space at a line's end makes no difference."""
    return tuple(digest(line.rstrip()) for line in body_lines(body))


def body_lines(body: str) -> Sequence[str]:
    """The lines of a body, without empty ones at its ends."""
    body = body.strip("\n")
    return body.split("\n") if body.strip() else []


def key_hash(kind: str, value: str) -> str:
    """The hash of what identifies an episode, such as `guid` and its value."""
    return digest(f"{kind}\n{value}")


def note_name(name: str) -> str:
    """A note's name as links between notes compare it.

    >>> note_name("Long  Boards.md")
    'long boards'
    """
    return " ".join(name.removesuffix(".md").split()).casefold()


def name_keys(draft: Draft) -> tuple[str, ...]:
    """Hashes of what other notes may call a draft; they identify no episode."""
    return tuple(key_hash("name", name) for one in draft.names if (name := note_name(one)))


def dump_record(record: Any, path: str = "") -> bytes:
    """A record as the bytes of its file: JSON, keys sorted, an item a line; names of pending drafts one a line."""
    if path == PENDING_PATH:
        return "".join(f"{name}\n" for name in sorted(record)).encode()
    value = _plain(record)
    if isinstance(record, Base):
        value = {"version": VERSION, "series": "", "fields": {}, "keys": [], **value}
    return (json.dumps(value, sort_keys=True, indent=1) + "\n").encode()


def _plain(value: Any) -> Any:
    """A record in plain values: of a dataclass the fields that differ from their defaults, of a set a sorted list."""
    if isinstance(value, Doubt):
        return " ".join(map(str, value))
    if isinstance(value, (Base, BodyBase, SeriesRecord, Recovery)):
        found = {one.name: getattr(value, one.name) for one in fields(value) if getattr(value, one.name) != one.default}
        return {name: _plain(own) for name, own in found.items() if own != {}}
    if isinstance(value, Mapping):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, (tuple, list)):
        return list(map(_plain, value))
    return sorted(value) if isinstance(value, frozenset) else value


def load_record(data: bytes, path: str) -> Any:
    """The record in a file of the folder, of the type that belongs to its path. Raises ContentError where the bytes are
    no such record."""
    type_, is_base = _TYPES.get(path, Base), path not in _TYPES
    try:
        value: Any = data.decode().split() if path == PENDING_PATH else json.loads(data)
        if is_base and value["version"] != VERSION:
            raise ValueError("another version")
        recovery = ((value.get("body") or {}).get("recovery") or {}) if is_base else {}
        if "doubts" in recovery:
            recovery["doubts"] = [text.split() for text in recovery["doubts"]]
        record = _adapter(type_).validate_python(value)
        if is_base and record.body and record.body.recovery:
            size = len(record.body.lines)
            if not all(0 <= doubt.line < size and doubt.column > 0 for doubt in record.body.recovery.doubts):
                raise ValueError("beyond the lines")
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        instead = " to have the episode count as written by hand" if is_base else ""
        remedy = f"take the file from an earlier commit, or remove it{instead}"
        raise ContentError([Problem(path, Span(), "not a record of an import", remedy)]) from None
    return record


@cache
def _adapter(type_: Any) -> TypeAdapter[Any]:
    return TypeAdapter(type_)


def files_at(root: Path, folder: str, depth: int, suffix: str) -> list[Path]:
    """Files of a kind at a depth below a folder, sorted, without links and dot files."""
    found = [root / folder]
    for _ in range(depth):
        found = [
            path
            for base in found
            if base.is_dir() and not base.is_symlink()
            for path in sorted(base.iterdir())
            if not path.name.startswith(".")
        ]
    return [path for path in found if path.suffix == suffix and path.is_file() and not path.is_symlink()]


def read_records(root: Path) -> dict[str, Base]:
    """The records of a root's episodes by id. Raises ContentError where one of them can't be read."""
    found = ((path, path.relative_to(root).as_posix()) for path in files_at(root, FOLDER, 1, ".json"))
    return {path.stem: load_record(read_bytes(path), name) for path, name in found if name not in _TYPES}


def read_record(root: Path, path: str) -> Any:
    """One of the other records of a root; an empty one where there is no such file. Raises ContentError."""
    place = resolve_inside(root, path)
    return load_record(read_bytes(place) if place.exists() else b"" if path == PENDING_PATH else b"{}", path)


def new_record(series: str, day: date) -> bytes:
    """The record of a new note with a date that no person gave."""
    return dump_record(Base(series, {"date": FieldBase(NEW, value_hash(day))}))


def is_open(base: Base | None, front: Mapping[str, Any]) -> bool:
    """Whether a new note still has the date that no person gave, so that an import may decide which episode it is."""
    if base is None or not base.is_unfilled or "date" not in base.fields:
        return False
    return base.fields["date"].hash == value_hash(front.get("date"))
