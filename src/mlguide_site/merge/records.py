"""Records of imports: hashes of everything that was written by earlier imports, for the next three-way merge.

The folder `.mlguide/imported/` contains a record `<id>.json` for each episode. `entries.json` names the fields that
imports wrote in knowledge files. `files.json` contains the hashes of files beside notes, such as transcripts."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any, NamedTuple
from unicodedata import normalize

from pydantic import TypeAdapter

from mlguide_site.content.files import read_bytes, resolve_inside
from mlguide_site.content.yaml_edit import plain_value
from mlguide_site.errors import Problem, collected, content_error, refuse_errors
from mlguide_site.model.digests import short_digest
from mlguide_site.recovery import Recovery

FOLDER = ".mlguide/imported"
ENTRIES_PATH = f"{FOLDER}/entries.json"
FILES_PATH = f"{FOLDER}/files.json"
VERSION = 1
EntryRecord = Mapping[str, Mapping[str, tuple[str, ...]]]
"""The fields that imports have written, by the kind and slug of the entry."""
_adapter: Callable[[Any], TypeAdapter[Any]] = cache(TypeAdapter)
_TYPES: Mapping[str, Any] = {ENTRIES_PATH: dict[str, dict[str, tuple[str, ...]]], FILES_PATH: dict[str, str]}
"""Maps the paths of these two record files to the types of their data. All other record files belong to episodes."""


class FieldBase(NamedTuple):
    """The value that an import last wrote to a field: the source's format and the value's hash."""

    format: str
    hash: str


@dataclass(frozen=True, slots=True)
class BodyBase:
    """The body that an import last wrote."""

    format: str
    truncated: bool  # true if the source was incomplete
    lines: tuple[str, ...]  # a hash of each line
    recovery: Recovery | None = None  # None if no structure was recovered
    settled: frozenset[str] = frozenset()  # hashes of the lines that a person confirmed


class OpenConflict(NamedTuple):
    """A conflict: a field, or lines of the body, that a person and a source both changed."""

    format: str  # the format of the source
    name: str  # the field, or `body`
    file: tuple[str, ...]  # hashes of the value or lines in the file
    source: tuple[str, ...]  # hashes of the value or lines in the source


@dataclass(frozen=True, slots=True)
class Base:
    """The import record of an episode. `keys` has hashes of the episode's identifiers in its sources. `place` has
    hashes of the file from which a person's notes were last imported, of its folder, and of the folders above."""

    series: str = ""
    fields: Mapping[str, FieldBase] = field(default_factory=lambda: MappingProxyType({}))
    body: BodyBase | None = None
    keys: frozenset[str] = frozenset()
    conflicts: tuple[OpenConflict, ...] = ()
    place: tuple[str, ...] = ()


def value_hash(value: Any) -> str:
    """Return the hash of a front matter value. Writing the value and reading it again doesn't change the hash."""
    return short_digest(json.dumps(plain_value(value), sort_keys=True, ensure_ascii=True))


def line_hashes(body: str) -> tuple[str, ...]:
    """Return a hash of each line of a body."""
    return tuple(map(line_hash, body_lines(body)))


def line_hash(line: str) -> str:
    """Return the hash of a line without whitespace at its end."""
    return short_digest(line.rstrip())


def body_lines(body: str) -> Sequence[str]:
    """Return the lines of a body, without blank lines at its start and end."""
    lines = body.split("\n")
    full = [at for at, line in enumerate(lines) if line.strip()]
    return lines[full[0] : full[-1] + 1] if full else []


def key_hash(kind: str, value: str) -> str:
    """Return the hash of an identifier. `kind` is, for example, `guid`."""
    return short_digest(f"{kind}\n{value}")


def note_name(name: str) -> str:
    """Normalise the name of a note, because links between notes ignore case, spaces and the form of letters."""
    return normalize("NFC", " ".join(name.removesuffix(".md").split()).casefold())


def dump_record(record: Any) -> bytes:
    """Return a record as JSON, with sorted keys, one item per line, and without default values."""
    value = record
    if isinstance(record, Base):
        own = _adapter(Base).dump_python(record, exclude_defaults=True)
        value = {"version": VERSION, "series": "", "fields": {}, "keys": [], **own}
        recovery = (own.get("body") or {}).get("recovery") or {}
        if "uncertain" in recovery:
            recovery["uncertain"] = [" ".join(map(str, place)) for place in recovery["uncertain"]]
    # `default=sorted` converts sets to sorted lists
    return (json.dumps(value, sort_keys=True, indent=1, default=sorted) + "\n").encode()


def load_record(data: bytes, path: str) -> Any:
    """Parse a record file. The path determines the type. Raises ContentError for an invalid file."""
    type_, is_base = _TYPES.get(path, Base), path not in _TYPES
    try:
        value: Any = json.loads(data)
        if is_base and value["version"] != VERSION:
            raise ValueError("another version")
        recovery = ((value.get("body") or {}).get("recovery") or {}) if is_base else {}
        if texts := recovery.get("uncertain", ()):
            recovery["uncertain"] = [text.split() for text in texts]
        return _adapter(type_).validate_python(value)
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        instead = " to treat the episode as written by hand" if is_base else ""
        remedy = f"restore the file from an earlier commit, or remove the file{instead}"
        if "<<<<<<< " in str(data):
            remedy = f"the versions of two branches are mixed; keep one of them: git checkout --ours {path}"
        raise content_error(path, "not an import record", remedy) from None


class Records(NamedTuple):
    """All import records of a root."""

    bases: Mapping[str, Base]  # the records of episodes, by id
    entries: EntryRecord
    files: Mapping[str, str]  # hashes of files beside notes, by path


def read_record(root: Path, path: str) -> Any:
    """Read a record file. A missing file counts as empty. Raises ContentError for an invalid file."""
    place = resolve_inside(root, path)
    return load_record(read_bytes(place) if place.exists() else b"{}", path)


def read_records(root: Path) -> Records:
    """Read a root's import records. A missing file counts as empty. Raises ContentError for invalid files."""
    found: dict[str, Any] = {}
    problems: list[Problem] = []
    own = (f"{FOLDER}/{path.name}" for path in (root / FOLDER).glob("[!.]*.json") if not path.is_symlink())
    for path in sorted({*own, *_TYPES}):
        with collected(problems):
            found[path] = read_record(root, path)
    refuse_errors(problems)
    entries, files = (found.pop(path) for path in _TYPES)
    return Records({Path(path).stem: base for path, base in found.items()}, entries, files)
