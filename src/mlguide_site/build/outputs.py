"""Writes folders of generated files. Only changed files are written, and only generated files are deleted."""

import contextlib
import os
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path, PurePosixPath
from types import MappingProxyType
from typing import NamedTuple

from mkdocs_incremental.output import files_in, remove
from mkdocs_incremental.signatures import of_status
from mkdocs_incremental.workers import in_parallel
from mlguide_site.build.cache import Cache, Rows
from mlguide_site.content.files import disk_errors
from mlguide_site.errors import ResourceError
from mlguide_site.model.digests import digest

NONE: Rows = MappingProxyType({})


class Output(NamedTuple):
    """A generated file. `make` returns its bytes, or None to omit it. `digest` is that of the bytes or their inputs."""

    digest: str
    make: Callable[[], bytes | None]


def output(data: bytes) -> Output:
    """Return an output that writes the bytes `data`."""
    return Output(digest(data), lambda: data)


def signature(path: str | Path) -> str:
    """Return a file's signature, or "" if the file doesn't exist. The signature changes when the file changes."""
    try:
        return of_status(os.stat(path, follow_symlinks=False))
    except (FileNotFoundError, NotADirectoryError):
        return ""


def clear_unknown(folder: Path, cache: Cache, mark: str) -> bool:
    """If the cache has no record of `folder`, delete the generated files in this folder, and return True. The file
    `mark`, which every build writes, is kept. Without it, only pages and templates count as generated."""
    if cache.read(f"files {folder.name}"):
        return False
    _refuse_links(folder, ())
    with disk_errors(folder):
        is_ours = bool(mark) and (folder / mark).exists()
        # hidden files, such as `.gitkeep`, aren't generated
        pages = (".md", ".html")
        found = [path for path in files_in(folder) if path.endswith(pages) or (is_ours and "/." not in f"/{path}")]
        if mark and not is_ours:
            if found:
                message = f"{folder / found[0]}: only generated files belong in {folder}; move your files out of it"
                raise ResourceError(message)
            write_whole(folder / mark, b"")
        for path in found:
            if path != mark:
                os.unlink(folder / path)
    return True


def put_first(folder: Path, path: str, data: bytes) -> str:
    """Write a file into a folder that has no record in the cache. Return the file's signature. Raises ResourceError."""
    _refuse_links(folder, [path])
    with disk_errors(folder):
        return put(f"{folder}/{path}", data)


def write_tree(
    folder: Path, files: Mapping[str, Output], cache: Cache, jobs: int = 1, mark: str = "", left: Rows = NONE
) -> Mapping[str, Rows]:
    """Write generated files into a folder, in at most `jobs` processes. The keys of `files` are paths in the folder.
    Return the cache's new rows, with the signature and digest of each file. If the cache has no record of the folder,
    `left` contains the rows of files that this build has already written.

    Files are written atomically, and only if their bytes have changed, so that file watchers report only changes.
    Unneeded files from earlier builds are deleted. If the cache has no record of the folder, all pages and templates
    are deleted first. If the file `mark`, which every build writes, is also missing, a person may have written the
    pages. Then nothing is deleted, and ResourceError is raised. ResourceError is also raised if the disk fails."""
    space = f"files {folder.name}"
    known = cache.read(space) or left
    if not known:
        clear_unknown(folder, cache, mark)
    _refuse_links(folder, files)
    with disk_errors(folder):
        if not files.keys() <= known.keys():
            # record the files before writing them, so that the cache lists all files even if the process stops
            cache.write({space: {**dict.fromkeys(files, ("", "")), **known}})
        return {space: _write(folder, files, known.__contains__, known, jobs)}


def write_among(folder: Path, files: Mapping[str, Output], known: Rows, jobs: int = 1) -> Rows:
    """Write files as `write_tree` does, into a folder with other files. Unneeded files are kept if they were edited."""

    def is_own(path: str) -> bool:
        return path in known and _is_unchanged(folder, path, known[path][1], known)

    return _write(folder, files, is_own, known, jobs)


def _write(folder: Path, files: Mapping[str, Output], is_own: Callable[[str], bool], known: Rows, jobs: int) -> Rows:
    remove(folder, [path for path in known.keys() - files.keys() if is_own(path)])
    found = {path: known[path] for path, file in files.items() if _is_unchanged(folder, path, file.digest, known)}
    stale = sorted(files.keys() - found.keys())
    folders = {f"{folder}/{path}".rpartition("/")[0] for path in stale}

    def clean_up(process: int) -> None:
        for path in [path for above in folders for path in Path(above).glob(f".*.{process}.new")]:
            path.unlink()

    made = in_parallel(lambda path: put(f"{folder}/{path}", files[path].make()), stale, jobs, clean_up)
    for path, written in zip(stale, made, strict=True):
        if written:
            found[path] = (f"{written} {files[path].digest}", files[path].digest)
        elif is_own(path):
            remove(folder, [path])
    return found


def _is_unchanged(folder: Path, path: str, digest: str, known: Rows) -> bool:
    """Return whether a file had the digest `digest` in the previous build and hasn't changed since then."""
    row = known.get(path)
    return row is not None and row == (f"{signature(f'{folder}/{path}')} {digest}", digest)


def put(place: str, data: bytes | None) -> str:
    """Write a file unless it already contains `data`. Return the file's signature, or "" if `data` is None."""
    if data is None:
        return ""
    if not (os.path.isfile(place) and os.path.getsize(place) == len(data) and Path(place).read_bytes() == data):
        write_whole(place, data)
    return signature(place)


def write_whole(place: str | Path, data: bytes) -> None:
    """Write a generated file atomically. Don't flush the file to disk, because the file can be regenerated."""
    folder, _, name = os.fspath(place).replace(os.sep, "/").rpartition("/")
    temporary = f"{folder}/.{name[:40]}.{os.getpid()}.new"
    os.makedirs(folder, exist_ok=True)
    with contextlib.suppress(FileNotFoundError):
        # a process with the same id may have stopped before it deleted this file
        os.unlink(temporary)
    try:
        with open(temporary, "xb") as file:
            file.write(data)
        os.replace(temporary, place)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise


def _refuse_links(folder: Path, paths: Iterable[str]) -> None:
    """Raise ResourceError if a folder on a file's path is a symbolic link, because the link may leave the root."""
    inner = {PurePosixPath(name) for name in {path.rpartition("/")[0] for path in paths}}
    inner |= {above for path in inner for above in path.parents}
    for place in [folder.parent, folder, *(folder / path for path in sorted(inner))]:
        if place.is_symlink():
            raise ResourceError(f"{place}: this is a symbolic link; remove it, and build again")
