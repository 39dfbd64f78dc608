"""Trees of generated files: only changed bytes are written, only own files deleted. It knows nothing of episodes."""

import contextlib
import json
import os
import stat
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from mkdocs_incremental.workers import in_parallel
from mlguide_site.build.cache import Rows
from mlguide_site.content.files import resource_error
from mlguide_site.errors import ResourceError
from mlguide_site.model.digests import digest
from mlguide_site.publish.records_json import list_json

CHUNK = 1024 * 1024
"""Bytes of a file that are compared at a time."""


class Output(NamedTuple):
    """A generated file. `digest` tells its bytes apart from others: a digest of them or of what they are made from;
    `make` makes them, or returns None where the file isn't wanted after all."""

    digest: str
    make: Callable[[], bytes | None]


@dataclass(frozen=True, slots=True)
class Tree:
    """A tree as it was left: the paths written or deleted, sorted, and for the cache the signature and the digest of
    each file."""

    changed: tuple[str, ...]
    files: Rows


def output(data: bytes) -> Output:
    """A file whose bytes are at hand."""
    return Output(digest(data), lambda: data)


def copied(path: Path) -> Output:
    """A copy of a file, told by its bytes."""
    data = path.read_bytes()
    return Output(digest(data), path.read_bytes)


def signature(path: str | Path) -> str:
    """What the file system says of a file: enough to know that nobody has written to it since; "" without one."""
    try:
        info = os.stat(path, follow_symlinks=False)
    except (FileNotFoundError, NotADirectoryError):
        return ""
    return f"{info.st_size} {info.st_mtime_ns} {info.st_ctime_ns} {info.st_ino}"


def is_left(folder: Path, path: str, digest: str, known: Rows) -> bool:
    """Whether a file is as a build left it, and has this digest."""
    row = known.get(path)
    return row is not None and row == (f"{signature(f'{folder}/{path}')} {digest}", digest)


def write_tree(folder: Path, files: Mapping[str, Output], manifest: Path, known: Rows, jobs: int = 1) -> Tree:
    """Make a folder hold these files, by path relative to it; at most `jobs` processes make and write them.

    A file that has its bytes already is left alone, its time too, so that a watcher sees only what changed; one that is
    as `known` says it was left isn't even read. Files that the manifest lists from last time, or that are `known`, and
    that are no longer wanted are deleted, others never. Each file is put in place whole. Raises ResourceError where the
    disk refuses; the manifest then lists what may have been written.
    """
    _refuse_links(folder, files)
    try:
        listed = _read_manifest(manifest)
        before = listed | known.keys()
        gone = sorted(before - files.keys())
        if not files.keys() <= listed:
            # listed before it is written: a stop in between leaves nothing that no manifest knows
            write_whole(manifest, _manifest_bytes(before | files.keys()))
        _clear_way(folder, gone, files)
        found, changed = _write_files(folder, files, known, jobs)
        # what is not wanted after all may be there from when it was
        gone += [path for path in sorted(before & files.keys() - found.keys()) if os.path.lexists(folder / path)]
        for path in gone:
            _delete(folder / path)
        _remove_empty(folder, gone)
        if gone:
            write_whole(manifest, _manifest_bytes(files.keys()))
    except OSError as error:
        raise resource_error(error.filename or folder, error) from None
    return Tree(tuple(sorted([*changed, *gone])), found)


def write_among(folder: Path, files: Mapping[str, Output], known: Rows, jobs: int = 1) -> Tree:
    """As `write_tree`, in a folder that others write to as well: what is no longer wanted is deleted where it still is
    as it was left."""
    try:
        found, changed = _write_files(folder, files, known, jobs)
        gone = [path for path in known if path not in found and is_left(folder, path, known[path][1], known)]
        for path in gone:
            (folder / path).unlink(missing_ok=True)
        _remove_empty(folder, gone)
    except OSError as error:
        raise resource_error(error.filename or folder, error) from None
    return Tree(tuple(sorted([*changed, *gone])), found)


def _write_files(
    folder: Path, files: Mapping[str, Output], known: Rows, jobs: int
) -> tuple[dict[str, tuple[str, str]], list[str]]:
    """What is known of each file now, and the paths of those that were written."""
    found = {path: known[path] for path, file in files.items() if is_left(folder, path, file.digest, known)}
    stale = sorted(files.keys() - found.keys())
    changed = []
    for path, (is_written, sign) in zip(
        stale, in_parallel(lambda path: _put(f"{folder}/{path}", files[path]), stale, jobs), strict=True
    ):
        if is_written:
            changed.append(path)
        if sign:
            found[path] = (f"{sign} {files[path].digest}", files[path].digest)
    return found, changed


def _put(place: str, file: Output) -> tuple[bool, str]:
    """Make a file and write it unless it has these bytes: whether it was written, and its signature."""
    data = file.make()
    if data is None:
        return False, ""
    is_written = not _holds(place, data)
    if is_written:
        write_whole(place, data)
    return is_written, signature(place)


def _holds(place: str, data: bytes) -> bool:
    try:
        with open(place, "rb") as file:
            if os.fstat(file.fileno()).st_size != len(data):
                return False
            # piece by piece: some files have tens of megabytes
            wanted = memoryview(data)
            return all(file.read(CHUNK) == wanted[at : at + CHUNK] for at in range(0, len(data), CHUNK))
    except (FileNotFoundError, IsADirectoryError, NotADirectoryError):
        return False


def write_whole(place: str | Path, data: bytes) -> None:
    """Put a generated file in place whole. It can be made again, so it is not forced to disk as an edited file is."""
    folder, _, name = os.fspath(place).replace(os.sep, "/").rpartition("/")
    beside = f"{folder}/.{name[:80]}.{os.getpid()}.new"
    os.makedirs(folder, exist_ok=True)
    with contextlib.suppress(FileNotFoundError):
        # what a process of that number left when it was stopped
        os.unlink(beside)
    try:
        handle = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), 0o644)
        with os.fdopen(handle, "wb") as file:
            file.write(data)
        os.replace(beside, place)
    except BaseException:
        Path(beside).unlink(missing_ok=True)
        raise


def _clear_way(folder: Path, gone: Iterable[str], files: Iterable[str]) -> None:
    """Delete, of the files that are no longer wanted, those that are where a wanted one needs a folder, and those in a
    folder that is where a wanted one is to be."""
    wanted = set(files)
    folders = {above for path in wanted for above in _above(path)}
    blocking = [path for path in gone if path in folders or not wanted.isdisjoint(_above(path))]
    for path in blocking:
        _delete(folder / path)
    _remove_empty(folder, blocking)


def _above(path: str) -> Iterator[str]:
    """The folders in which a file is, relative to the same folder as its path.

    >>> list(_above("a/b/c.md"))
    ['a/b', 'a']
    """
    while path := path.rpartition("/")[0]:
        yield path


def _delete(file: Path) -> None:
    """Delete a file, if there is one: where there is a folder by now, or a file above it, there is none."""
    with contextlib.suppress(FileNotFoundError, NotADirectoryError):
        if not stat.S_ISDIR(file.lstat().st_mode):
            file.unlink()


def _remove_empty(folder: Path, gone: Iterable[str]) -> None:
    for parent in sorted({above for path in gone for above in _above(path)}, key=len, reverse=True):
        if (folder / parent).is_dir() and not any((folder / parent).iterdir()):
            (folder / parent).rmdir()


def _refuse_links(folder: Path, paths: Iterable[str]) -> None:
    """Raise ResourceError where a folder that is to be written into is a symbolic link: it may lead anywhere."""
    inner = {above for path in paths for above in _above(path)}
    for place in [folder.parent, folder, *(folder / parent for parent in sorted(inner))]:
        if place.is_symlink():
            raise ResourceError(f"{place}: this is a symbolic link; remove it, and build again")


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
    return f"{list_json(sorted(paths))}\n".encode()
