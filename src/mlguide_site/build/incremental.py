"""Trees of generated files: only changed bytes are written, only own files deleted. It knows nothing of episodes."""

import contextlib
import json
import os
import stat
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from mkdocs_incremental.signatures import digest as bytes_digest
from mlguide_site.build.memo.fork import shared
from mlguide_site.build.memo.stamps import Stamp, stamp_of
from mlguide_site.build.memo.store import Change, Store
from mlguide_site.content.files import resource_error
from mlguide_site.errors import ResourceError
from mlguide_site.publish.records_json import list_json

PIECE = 1024 * 1024
"""Bytes of a file that are compared at a time."""


class Wanted(NamedTuple):
    """A file that is to stand in a tree. `told` tells the bytes apart from others: a digest of them or of what they are
    made from; `data` makes them, or says None where the file isn't wanted after all."""

    told: str
    data: Callable[[], bytes | None]


class Written(NamedTuple):
    """A file as it was left: its stamp, and what told its bytes."""

    stamp: Stamp
    told: str


@dataclass(frozen=True, slots=True)
class Tree:
    """A tree as it stands now: the paths written or deleted, sorted, and what is known of each file."""

    changed: tuple[str, ...]
    files: Mapping[str, Written]


def wanted(data: bytes) -> Wanted:
    """Bytes that are at hand."""
    return Wanted(bytes_digest(data), lambda: data)


def stands(folder: Path, path: str, told: str, known: Mapping[str, Written]) -> bool:
    """Whether a file is as it was left, and was left as it is wanted."""
    last = known.get(path)
    return last is not None and last.told == told and _stamp(f"{os.fspath(folder)}/{path}") == last.stamp


def write_among(folder: Path, files: Mapping[str, Wanted], known: Mapping[str, Written], jobs: int = 1) -> Tree:
    """As `write_tree`, in a folder that others write to as well: what is no longer wanted is deleted where it still is
    as it was left."""
    try:
        found, changed = _write_files(folder, files, known, jobs)
        gone = [path for path in known if path not in found and stands(folder, path, known[path].told, known)]
        for path in gone:
            (folder / path).unlink(missing_ok=True)
        _remove_empty(folder, gone)
    except OSError as error:
        raise resource_error(error.filename or folder, error) from None
    return Tree(tuple(sorted([*changed, *gone])), found)


def write_tree(
    folder: Path,
    files: Mapping[str, Wanted],
    manifest: Path,
    known: Mapping[str, Written] | None = None,
    jobs: int = 1,
) -> Tree:
    """Make a folder hold these files, by path relative to it; at most `jobs` processes make and write them.

    A file whose bytes are as they should be is left alone, its time too, so that a watcher sees only what changed; one
    that is as `known` says it was left isn't even read. Files that the manifest lists from last time, or that are
    `known`, and that are no longer wanted are deleted, others never. Each file is put in place whole. Raises
    ResourceError where the disk refuses; the manifest then lists what may have been written.
    """
    _refuse_links(folder, files)
    try:
        listed = _read_manifest(manifest)
        before = listed | (known or {}).keys()
        gone = sorted(before - files.keys())
        if not files.keys() <= listed:
            # listed before it is written: a stop in between leaves nothing that no manifest knows
            write_whole(manifest, _manifest_bytes(before | files.keys()))
        _clear_way(folder, gone, files)
        found, changed = _write_files(folder, files, known or {}, jobs)
        # what is not wanted after all may stand there from when it was
        gone += [path for path in sorted(before & files.keys() - found.keys()) if os.path.lexists(folder / path)]
        for path in gone:
            _delete(folder / path)
            changed.append(path)
        _remove_empty(folder, gone)
        if gone:
            write_whole(manifest, _manifest_bytes(files.keys()))
    except OSError as error:
        raise resource_error(error.filename or folder, error) from None
    return Tree(tuple(sorted(changed)), found)


def _clear_way(folder: Path, gone: Sequence[str], files: Iterable[str]) -> None:
    """Delete, of the files that are no longer wanted, those that stand where a wanted one needs a folder, and those in
    a folder that stands where a wanted one is to be."""
    if not gone:
        return
    wanted = set(files)
    folders = {above for path in wanted for above in _above(path)}
    blocking = [path for path in gone if path in folders or not wanted.isdisjoint(_above(path))]
    for path in blocking:
        _delete(folder / path)
    _remove_empty(folder, blocking)


def _delete(file: Path) -> None:
    """Delete a file, if one stands there: where there is a folder by now, or a file above it, none does."""
    with contextlib.suppress(FileNotFoundError, NotADirectoryError):
        if not stat.S_ISDIR(file.lstat().st_mode):
            file.unlink()


def _above(path: str) -> Iterator[str]:
    """The folders in which a file stands, relative to the same folder as its path.

    >>> list(_above("a/b/c.md"))
    ['a/b', 'a']
    """
    while path := path.rpartition("/")[0]:
        yield path


def _write_files(
    folder: Path, files: Mapping[str, Wanted], known: Mapping[str, Written], jobs: int
) -> tuple[dict[str, Written], list[str]]:
    """What is known of each file now, and the paths of those that were written."""
    base = os.fspath(folder)
    found = {path: known[path] for path, file in sorted(files.items()) if stands(folder, path, file.told, known)}
    stale = sorted(files.keys() - found.keys())
    changed = []
    put = shared(lambda path: _put(f"{base}/{path}", files[path]), stale, jobs)
    for path, (is_written, stamp) in zip(stale, put, strict=True):
        if is_written:
            changed.append(path)
        if stamp:
            found[path] = Written(Stamp(*stamp), files[path].told)
    return found, changed


def _put(place: str, file: Wanted) -> tuple[bool, Stamp | None]:
    """Make a file and write it where it doesn't stand so already: whether that was done, and the stamp it has now."""
    data = file.data()
    if data is None:
        return False, None
    is_written = not _holds(place, data)
    if is_written:
        write_whole(place, data)
    return is_written, _stamp(place)


def known_files(store: Store, name: str) -> dict[str, Written]:
    """What a store tells of the files of the tree of a name."""
    rows = store.rows("select path, size, time, changed, number, told from written where place = ?", name)
    return {path: Written(Stamp(*stamp), told) for path, *stamp, told in rows}


def written_changes(name: str, known: Mapping[str, Written] | None, tree: Tree) -> Iterator[Change]:
    """What a store is to be told of a tree of a name, of which it had told what is `known`."""
    known = known or {}
    gone = sorted(known.keys() - tree.files.keys())
    yield "delete from written where place = ? and path = ?", [(name, path) for path in gone]
    fresh = [(name, path, *file.stamp, file.told) for path, file in tree.files.items() if known.get(path) != file]
    yield "insert or replace into written values (?, ?, ?, ?, ?, ?, ?)", fresh


def _refuse_links(folder: Path, paths: Iterable[str]) -> None:
    """Raise ResourceError where a folder that is to be written into is a symbolic link: it may lead anywhere."""
    inner: set[str] = set()
    for path in paths:
        parent = path.rpartition("/")[0]
        while parent and parent not in inner:
            inner.add(parent)
            parent = parent.rpartition("/")[0]
    for place in [folder.parent, folder, *(folder / parent for parent in sorted(inner))]:
        if place.is_symlink():
            raise ResourceError(f"{place}: this is a symbolic link; remove it, and build again")


def _stamp(place: str) -> Stamp | None:
    try:
        return stamp_of(os.stat(place, follow_symlinks=False))
    except (FileNotFoundError, NotADirectoryError):
        return None


def _holds(place: str, data: bytes) -> bool:
    try:
        with open(place, "rb") as file:
            if os.fstat(file.fileno()).st_size != len(data):
                return False
            # piece by piece: some files have tens of megabytes
            there = memoryview(data)
            return all(file.read(PIECE) == there[at : at + PIECE] for at in range(0, len(data), PIECE))
    except (FileNotFoundError, IsADirectoryError, NotADirectoryError):
        return False


def write_whole(place: str | Path, data: bytes) -> None:
    """Put a generated file in place whole. It can be made again, so it is not forced to disk as an edited file is."""
    folder, _, name = os.fspath(place).replace(os.sep, "/").rpartition("/")
    beside = f"{folder}/.{name[:80]}.{os.getpid()}.new"
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
    try:
        handle = os.open(beside, flags, 0o644)
    except FileNotFoundError:
        os.makedirs(folder, exist_ok=True)
        handle = os.open(beside, flags, 0o644)
    except FileExistsError:
        # what a process of that number left when it was stopped
        os.unlink(beside)
        handle = os.open(beside, flags, 0o644)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
        os.replace(beside, place)
    except BaseException:
        Path(beside).unlink(missing_ok=True)
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
    return f"{list_json(sorted(paths))}\n".encode()


def _remove_empty(folder: Path, gone: Iterable[str]) -> None:
    for parent in sorted({str(Path(path).parent) for path in gone}, key=len, reverse=True):
        path = folder / parent
        while path != folder and path.is_dir() and not any(path.iterdir()):
            path.rmdir()
            path = path.parent
