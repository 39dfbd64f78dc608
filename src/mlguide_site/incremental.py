"""Trees of generated files: only changed bytes are written, only own files deleted. It knows nothing of episodes."""

import json
import os
import tempfile
from collections.abc import Iterable, Mapping
from pathlib import Path

from mlguide_site.errors import ResourceError


def write_tree(folder: Path, files: Mapping[str, bytes], manifest: Path) -> list[str]:
    """Make a folder hold these files, by path relative to it; returns the paths written or deleted, sorted.

    A file whose bytes are as they should be is left alone, its time too, so that a watcher sees only what changed.
    Files that the manifest lists from last time and that are no longer wanted are deleted, others never. Each file is
    put in place whole. Raises ResourceError where the disk refuses; the manifest then lists what may have been
    written.
    """
    _refuse_links(folder, files)
    try:
        before = _read_manifest(manifest)
        gone = sorted(before - files.keys())
        changed = []
        if not files.keys() <= before:
            # listed before it is written: a stop in between leaves nothing that no manifest knows
            _write(manifest, _manifest_bytes(before | files.keys()))
        made: set[str] = set()
        for path, data in sorted(files.items()):
            target = folder / path
            if not _holds(target, data):
                parent = path.rpartition("/")[0]
                if parent not in made:
                    target.parent.mkdir(parents=True, exist_ok=True)
                    made.add(parent)
                _write(target, data)
                changed.append(path)
        for path in gone:
            (folder / path).unlink(missing_ok=True)
            changed.append(path)
        _remove_empty(folder, gone)
        if gone:
            _write(manifest, _manifest_bytes(files.keys()))
    except OSError as error:
        raise ResourceError(f"{error.filename or folder}: {error.strerror or error}") from None
    return sorted(changed)


def _refuse_links(folder: Path, paths: Iterable[str]) -> None:
    """Raise ResourceError where a folder that is to be written into is a symbolic link: it may lead anywhere."""
    inner = {folder / parent for path in paths for parent in Path(path).parents}
    for parent in sorted({folder.parent, folder, *inner}):
        if parent.is_symlink():
            raise ResourceError(f"{parent}: this is a symbolic link; remove it, and build again")


def _holds(target: Path, data: bytes) -> bool:
    try:
        with target.open("rb") as file:
            return os.fstat(file.fileno()).st_size == len(data) and file.read() == data
    except (FileNotFoundError, IsADirectoryError, NotADirectoryError):
        return False


def _write(target: Path, data: bytes) -> None:
    """Put a generated file in place whole. It can be made again, so it is not forced to disk as an edited file is."""
    target.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(prefix=".", suffix=".new", dir=target.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
        os.chmod(name, 0o644)
        os.replace(name, target)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def _read_manifest(manifest: Path) -> set[str]:
    try:
        listed = json.loads(manifest.read_bytes())
    except (FileNotFoundError, ValueError, RecursionError):
        return set()
    names = listed if isinstance(listed, list) else []
    return {
        name for name in names if isinstance(name, str) and not os.path.isabs(name) and ".." not in Path(name).parts
    }


def _manifest_bytes(paths: Iterable[str]) -> bytes:
    return json.dumps(sorted(paths), indent=0, ensure_ascii=False).encode() + b"\n"


def _remove_empty(folder: Path, gone: Iterable[str]) -> None:
    for parent in sorted({str(Path(path).parent) for path in gone}, key=len, reverse=True):
        path = folder / parent
        while path != folder and path.is_dir() and not any(path.iterdir()):
            path.rmdir()
            path = path.parent
