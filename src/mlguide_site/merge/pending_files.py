"""What waits in a root, read from its folder."""

from dataclasses import replace
from pathlib import Path

from mlguide_site.content.codec import decode
from mlguide_site.content.files import read_bytes, resolve_inside
from mlguide_site.errors import ContentError, Problem, Span
from mlguide_site.merge.loose import Run
from mlguide_site.merge.pending import (
    FOLDER,
    MAX_FILE,
    REMEDY,
    Pending,
    RunFile,
    SidecarFile,
    is_name,
    load_written,
    read_pending,
)
from mlguide_site.merge.records import files_at
from mlguide_site.merge.sidecars import SUFFIXES
from mlguide_site.merge.waiting import WRITTEN


def load_pending(root: Path) -> Pending:
    """All that waits in a root. Raises ContentError with every fault of every file there, ResourceError where the disk
    refuses."""
    runs: dict[str, RunFile] = {}
    files: dict[str, SidecarFile] = {}
    problems: list[Problem] = []
    for place in files_at(root, FOLDER, 1, ".yml"):
        path = place.relative_to(root).as_posix()
        try:
            text = _text(root, path)
            found = read_pending(text, path)
            if isinstance(found, Run):
                runs[place.stem] = RunFile(text, found)
            else:
                draft, given = found
                data = _data(root, path.removesuffix(".yml") + draft.suffix)
                files[place.stem] = SidecarFile(text, replace(draft, data=data), given)
        except ContentError as error:
            problems.extend(error.problems)
    if problems:
        raise ContentError(problems)
    record = root / WRITTEN
    written = load_written(read_bytes(record), WRITTEN) if record.exists() else frozenset()
    return Pending(runs, files, written, _left(root))


def _left(root: Path) -> dict[str, bytes]:
    """Data files of ours that no description names, by path."""
    found = {}
    for suffix in SUFFIXES:
        for place in files_at(root, FOLDER, 1, f".{suffix.rpartition('.')[2]}"):
            name = place.name.removesuffix(suffix)
            if place.name == name + suffix and is_name(name) and not place.with_name(f"{name}.yml").exists():
                path = place.relative_to(root).as_posix()
                found[path] = _data(root, path)
    return found


def waits(root: Path) -> bool:
    """Whether anything waits in a root."""
    return bool(files_at(root, FOLDER, 1, ".yml"))


def _text(root: Path, path: str) -> str:
    return decode(_data(root, path), path)


def _data(root: Path, path: str) -> bytes:
    place = resolve_inside(root, path)
    if not place.is_file():
        remedy = "put it back, or remove the file of this name that ends in .yml"
        raise ContentError([Problem(path, Span(), "what waits here is missing", remedy)])
    if place.stat().st_size > MAX_FILE:
        raise ContentError([Problem(path, Span(), f"larger than {MAX_FILE // 2**20} MiB", REMEDY)])
    return read_bytes(place)
