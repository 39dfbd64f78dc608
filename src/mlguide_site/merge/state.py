"""What a root holds of what an import touches, read before anything is planned; and the faults of its records."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path, PurePosixPath
from typing import NamedTuple

from mlguide_site.content.files import decode, read_bytes
from mlguide_site.errors import ContentError, Problem, Span
from mlguide_site.merge.entries import PATHS, SERIES_FILE
from mlguide_site.merge.pending import KINDS, Pending, load_pending
from mlguide_site.merge.records import (
    ENTRIES_PATH,
    FILES_PATH,
    SERIES_PATH,
    Base,
    EntryRecord,
    SeriesRecord,
    data_hash,
    files_at,
    read_record,
    read_records,
)


class Write(NamedTuple):
    """A file to write: its path relative to the root, its bytes before (None: it is new) and after (None: it goes)."""

    path: str
    before: bytes | None
    after: bytes | None


@dataclass(frozen=True, slots=True)
class RootState:
    """What an import reads of a root: texts of note files by id, with the series of each; texts of knowledge files by
    path; records of episodes by id, of series, entries and files; hashes of transcripts and chapters (`present`) and of
    assets, by path; and what is pending."""

    notes: Mapping[str, str]
    places: Mapping[str, str]
    knowledge: Mapping[str, str]
    bases: Mapping[str, Base]
    series: Mapping[str, SeriesRecord]
    entries: EntryRecord
    files: Mapping[str, str]
    present: Mapping[str, str]
    assets: Mapping[str, str]
    pending: Pending


def note_path(series: str, id: str) -> str:
    """The path of an episode's file, relative to the root."""
    return f"episodes/{series}/{id}.md"


def read_state(root: Path) -> RootState:
    """What a root holds of what an import touches, but for assets. Raises ContentError where a file of it can't be
    read."""
    notes: dict[str, str] = {}
    places: dict[str, str] = {}
    problems: list[Problem] = []
    for path in files_at(root, "episodes", 2, ".md"):
        relative, id = path.relative_to(root).as_posix(), path.stem
        try:
            if id in places:
                message = f"{note_path(places[id], id)} is the same episode"
                raise ContentError([Problem(relative, Span(), message, "rename or remove one of the two")])
            notes[id] = _text(root, relative)
            places[id] = path.parent.name
        except ContentError as error:
            problems.extend(error.problems)
    bases = read_records(root)
    if problems:
        raise ContentError(problems)
    sidecars = (*files_at(root, "episodes", 2, ".vtt"), *files_at(root, "episodes", 2, ".json"))
    return RootState(
        notes=notes,
        places=places,
        knowledge={path: _text(root, path) for path in (SERIES_FILE, *PATHS.values()) if (root / path).exists()},
        bases=bases,
        series=read_record(root, SERIES_PATH),
        entries=read_record(root, ENTRIES_PATH),
        files=read_record(root, FILES_PATH),
        present=_hashes(root, (path for path in sidecars if path.name.endswith(tuple(KINDS)))),
        assets={},
        pending=load_pending(root),
    )


def with_assets(state: RootState, root: Path, names: Iterable[str]) -> RootState:
    """The state with the hashes of files in episodes' folders whose names begin with those of assets to import."""
    stems = tuple(sorted({PurePosixPath(name).stem for name in names}))
    folders = [path for path in sorted((root / "episodes").glob("*/*/")) if stems and not path.is_symlink()]
    found = (path for one in folders for path in sorted(one.iterdir()) if path.name.startswith(stems))
    return replace(state, assets=_hashes(root, found))


def record_problems(root: Path) -> tuple[Problem, ...]:
    """Every fault of a root's pending drafts and records of imports, without the records of episodes. Raises
    ResourceError where the disk refuses."""
    problems: set[Problem] = set()
    steps: list[Callable[[], object]] = [partial(load_pending, root)]
    steps += [partial(read_record, root, path) for path in (SERIES_PATH, ENTRIES_PATH, FILES_PATH)]
    for read in steps:
        try:
            read()
        except ContentError as error:
            problems.update(error.problems)
    return tuple(sorted(problems))


def _hashes(root: Path, paths: Iterable[Path]) -> dict[str, str]:
    plain = (path for path in paths if path.is_file() and not path.is_symlink())
    return {path.relative_to(root).as_posix(): data_hash(read_bytes(path)) for path in plain}


def _text(root: Path, path: str) -> str:
    """The text of a file with its byte order mark, so that it can be written back byte for byte."""
    data = read_bytes(root / path)
    return "\ufeff" * data.startswith(b"\xef\xbb\xbf") + decode(data, path)
