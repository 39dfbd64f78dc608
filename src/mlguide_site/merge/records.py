"""What imports remember of what they wrote: hashes, the base of the next three-way merge. No text is kept.

`.mlguide/imported/<id>.json` is the record of an episode: for each front matter field the hash of its value and the
format it came from, for the body a hash per line, and hashes of what identified the episode in its sources. Beside it
`series.json` and `entries.json` name the fields that imports wrote in knowledge files, `files.json` has the hashes of
transcripts and chapters, and `pending.txt` the names of what imports put into `.mlguide/pending/`.
"""

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from types import MappingProxyType
from typing import Any, NamedTuple, TypeVar

from mlguide_site.content.files import read_bytes, resolve_inside
from mlguide_site.content.yaml_edit import plain_value
from mlguide_site.errors import ContentError, Problem, Span
from mlguide_site.importers import Doubt, Draft, Recovery
from mlguide_site.model.digests import digest as content_digest

T = TypeVar("T")
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


class BodyBase(NamedTuple):
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


class SeriesRecord(NamedTuple):
    """The keys of one series that imports have written, and the hash of the promotion they left; "" for none."""

    keys: tuple[str, ...] = ()
    promotion: str = ""


def digest(text: str) -> str:
    """The hash of a text: 16 hexadecimal digits of BLAKE2b.

    >>> digest("one")
    '34f2ddaa8b7615c9'
    """
    return content_digest(text, 8)


def data_hash(data: bytes) -> str:
    """The hash of a file's bytes: 16 hexadecimal digits of BLAKE2b."""
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


def dump_json(value: Any) -> bytes:
    """A record as the bytes of its file: JSON, keys sorted, an item a line."""
    return (json.dumps(value, sort_keys=True, indent=1) + "\n").encode()


def load_json(data: bytes, path: str, convert: Callable[[Any], T], what: str = "an import", instead: str = "") -> T:
    """A record from the bytes of its file, with `convert` applied to its value. Raises ContentError where the bytes are
    no such record; `instead` adds what happens when the file is removed."""
    try:
        return convert(json.loads(data))
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        remedy = f"take the file from an earlier commit, or remove it{instead}"
        raise ContentError([Problem(path, Span(), f"not a record of {what}", remedy)]) from None


def dump_base(base: Base) -> bytes:
    """The record of an episode as the bytes of its file."""
    value: dict[str, Any] = {
        "version": VERSION,
        "series": base.series,
        "fields": dict(base.fields),
        "keys": sorted(base.keys),
    }
    if body := base.body:
        value["body"] = {"format": body.format, "lines": body.lines, "truncated": body.truncated}
        if found := body.recovery:
            recovery = {"text": found.text, "model": found.model, "taught": found.taught}
            value["body"]["recovery"] = {**recovery, "doubts": [" ".join(map(str, one)) for one in found.doubts]}
        if body.settled:
            value["body"]["settled"] = sorted(body.settled)
    if base.assets:
        value["assets"] = dict(base.assets)
    return dump_json(value)


def load_base(data: bytes, path: str) -> Base:
    """The record of an episode from the bytes of its file. Raises ContentError where they are none."""
    return load_json(data, path, _base, instead=" to have the episode count as written by hand")


def _base(value: Any) -> Base:
    if value["version"] != VERSION:
        raise ValueError("another version")
    body = value.get("body")
    return Base(
        str(value["series"]),
        {str(name): FieldBase(*map(str, found)) for name, found in value["fields"].items()},
        _body_base(body) if body else None,
        frozenset(map(str, value["keys"])),
        _texts(value.get("assets", {})),
    )


def _body_base(value: Mapping[str, Any]) -> BodyBase:
    lines = tuple(map(str, value["lines"]))
    recovery = None
    if "recovery" in value:
        found = value["recovery"]
        doubts = tuple(_doubt(str(text), len(lines)) for text in found["doubts"])
        recovery = Recovery(str(found["text"]), str(found["model"]), int(found["taught"]), doubts)
    settled = frozenset(map(str, value.get("settled", ())))
    return BodyBase(str(value["format"]), bool(value["truncated"]), lines, recovery, settled)


def _doubt(text: str, lines: int) -> Doubt:
    line, column, taken, instead, sure = text.split()
    doubt = Doubt(int(line), int(column), taken, instead, int(sure))
    if not 0 <= doubt.line < lines or doubt.column < 1:
        raise ValueError("beyond the lines")
    return doubt


def _texts(value: Any) -> dict[str, str]:
    return {str(name): str(found) for name, found in value.items()}


def _series(value: Any) -> dict[str, SeriesRecord]:
    return {id: SeriesRecord(tuple(map(str, one["keys"])), str(one["promotion"])) for id, one in value.items()}


def _entries(value: Any) -> dict[str, dict[str, tuple[str, ...]]]:
    return {kind: {slug: tuple(map(str, keys)) for slug, keys in slugs.items()} for kind, slugs in value.items()}


def load_series(data: bytes) -> dict[str, SeriesRecord]:
    """The record of series from the bytes of its file. Raises ContentError."""
    return load_json(data, SERIES_PATH, _series)


def load_entries(data: bytes) -> dict[str, dict[str, tuple[str, ...]]]:
    """The record of entries from the bytes of its file. Raises ContentError."""
    return load_json(data, ENTRIES_PATH, _entries)


def load_files(data: bytes) -> dict[str, str]:
    """The record of transcripts and chapters, hashes by path, from the bytes of its file. Raises ContentError."""
    return load_json(data, FILES_PATH, _texts)


def dump_series(records: Mapping[str, SeriesRecord]) -> bytes:
    """The record of series as the bytes of its file."""
    return dump_json({id: found._asdict() for id, found in records.items()})


def dump_pending(names: Iterable[str]) -> bytes | None:
    """The names of what imports put into the folder of pending drafts, one a line; None for nothing."""
    return "".join(f"{name}\n" for name in sorted(names)).encode() or None


def load_pending_names(data: bytes) -> frozenset[str]:
    """The names from the bytes of their file. Raises ContentError."""
    names = data.decode("utf-8", "replace").split()
    if not all(is_pending_name(name) for name in names):
        remedy = "take the file from an earlier commit, or remove it"
        raise ContentError([Problem(PENDING_PATH, Span(), "not a record of an import", remedy)])
    return frozenset(names)


def is_pending_name(name: str) -> bool:
    """Whether imports name pending drafts so."""
    return len(name) == 16 and set(name) <= set("0123456789abcdef")


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
    found = {}
    for path in files_at(root, FOLDER, 1, ".json"):
        relative = path.relative_to(root).as_posix()
        if relative not in {SERIES_PATH, ENTRIES_PATH, FILES_PATH}:
            found[path.stem] = load_base(read_bytes(path), relative)
    return found


def read_record(root: Path, path: str, load: Callable[[bytes], T]) -> T | None:
    """One of the other records of a root; None where there is no such file. Raises ContentError."""
    place = resolve_inside(root, path)
    return load(read_bytes(place)) if place.exists() else None


def new_record(series: str, day: date) -> bytes:
    """The record of a new note with a date that no person gave."""
    return dump_base(Base(series, {"date": FieldBase(NEW, value_hash(day))}))


def is_unfilled(base: Base) -> bool:
    """Whether a record is that of a new note that no import has filled."""
    return base.body is None and not base.keys and {found.format for found in base.fields.values()} <= {NEW}


def is_open(base: Base | None, front: Mapping[str, Any]) -> bool:
    """Whether a new note still has the date that no person gave, so that an import may decide which episode it is."""
    if base is None or not base.fields or not is_unfilled(base):
        return False
    return "date" in base.fields and base.fields["date"].hash == value_hash(front.get("date"))
