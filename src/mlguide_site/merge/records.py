"""The records of imports: hashes of everything that imports wrote. The next three-way merge needs the hashes.

`.mlguide/imported/<id>.json` is the record of an episode. The record has the source format and hash of each front
matter field. Each line of the body has a hash too. The record also has hashes of the episode's identifiers in sources.
In the same folder, `entries.json` names the fields that imports wrote in knowledge files. `files.json` has the hashes
of files beside notes, such as transcripts, chapters and images. Records contain no text of notes.
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
"""Earlier versions wrote the imported fields of series to this file. The file is read, but no longer written."""
VERSION = 1
FILL = "fill"
"""The format that is recorded for values from teasers. A source in any other format replaces values from teasers."""
EntryRecord = Mapping[str, Mapping[str, tuple[str, ...]]]
"""The fields that imports have written, by kind and slug of the knowledge entry."""


class FieldBase(NamedTuple):
    """The value that an import last wrote in a field: the format of the source, and the hash of the value."""

    format: str
    hash: str


@dataclass(frozen=True, slots=True)
class BodyBase:
    """The body that an import last wrote: the format of the source, whether the source was truncated, and a hash of
    each line. `recovery` describes recovered structure, and `settled` has the hashes of confirmed lines."""

    format: str
    truncated: bool
    lines: tuple[str, ...]
    recovery: Recovery | None = None
    settled: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Base:
    """The import record of an episode. `keys` has hashes of all identifiers that the episode has in its sources."""

    series: str = ""
    fields: Mapping[str, FieldBase] = field(default_factory=lambda: MappingProxyType({}))
    body: BodyBase | None = None
    keys: frozenset[str] = frozenset()


_TYPES: Mapping[str, Any] = {
    FORMER_SERIES_PATH: dict[str, dict[str, tuple[str, ...]]],
    ENTRIES_PATH: dict[str, dict[str, tuple[str, ...]]],
    FILES_PATH: dict[str, str],
}
"""Maps the path of each record file, except the records of episodes, to the record's type."""


def value_hash(value: Any) -> str:
    """Return the hash of a front matter value. A value has the same hash before it is written and after it is read."""
    return short_digest(json.dumps(plain_value(value), sort_keys=True, ensure_ascii=True))


def line_hashes(body: str) -> tuple[str, ...]:
    """Return a hash for each line of a body. Whitespace at the end of a line makes no difference."""
    return tuple(short_digest(line.rstrip()) for line in body_lines(body))


def body_lines(body: str) -> Sequence[str]:
    """Return the lines of a body, without blank lines at the start and at the end."""
    lines = body.split("\n")
    full = [at for at, line in enumerate(lines) if line.strip()]
    return lines[full[0] : full[-1] + 1] if full else []


def key_hash(kind: str, value: str) -> str:
    """Return the hash of an identifier, which consists of a kind, such as `guid`, and a value."""
    return short_digest(f"{kind}\n{value}")


def note_name(name: str) -> str:
    """Normalise the name of a note, to compare the names in links between notes.

    >>> note_name("Long  Boards.md")
    'long boards'
    """
    return " ".join(name.removesuffix(".md").split()).casefold()


def name_keys(draft: Draft) -> tuple[str, ...]:
    """Return hashes of the names by which links may refer to a draft. Drafts are not matched by these names."""
    return tuple(key_hash("name", name) for one in draft.names if (name := note_name(one)))


def dump_record(record: Any) -> bytes:
    """Return a record as the bytes of a JSON file, with sorted keys, one item per line, and without default values."""
    value = record
    if isinstance(record, Base):
        own = _adapter(Base).dump_python(record, exclude_defaults=True)
        value = {"version": VERSION, "series": "", "fields": {}, "keys": [], **own}
        recovery = (own.get("body") or {}).get("recovery") or {}
        if "uncertain" in recovery:
            recovery["uncertain"] = [" ".join(map(str, place)) for place in recovery["uncertain"]]
    # only sets need the function `default`
    return (json.dumps(value, sort_keys=True, indent=1, default=sorted) + "\n").encode()


def load_record(data: bytes, path: str) -> Any:
    """Parse the bytes of a record file, whose path determines the type. Raises ContentError if they are invalid."""
    type_, is_base = _TYPES.get(path, Base), path not in _TYPES
    try:
        value: Any = json.loads(data)
        if is_base and value["version"] != VERSION:
            raise ValueError("another version")
        recovery = ((value.get("body") or {}).get("recovery") or {}) if is_base else {}
        # earlier versions wrote the key `doubts`
        if texts := recovery.pop("doubts", ()) or recovery.get("uncertain", ()):
            recovery["uncertain"] = [text.split() for text in texts]
        return _adapter(type_).validate_python(value)
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        instead = " to treat the episode as written by hand" if is_base else ""
        remedy = f"restore the file from an earlier commit, or remove the file{instead}"
        raise content_error(path, "not an import record", remedy) from None


@cache
def _adapter(type_: Any) -> TypeAdapter[Any]:
    return TypeAdapter(type_)


class Records(NamedTuple):
    """All import records of a root. `bases` maps ids of episodes to records, `entries` contains the records of
    knowledge entries and series, and `files` maps the paths of files beside notes to hashes."""

    bases: Mapping[str, Base]
    entries: EntryRecord
    files: Mapping[str, str]


def read_records(root: Path) -> Records:
    """Read the import records of a root. A missing file counts as empty. Raises ContentError for unreadable files."""
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
