"""Reads and writes the files of a root. Writes are atomic, stay inside the root, and happen in one process at a time.

A change to several files is atomic too. A journal stores the old contents, to undo an interrupted change."""

import contextlib
import errno
import os
import re
import secrets
import stat
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path, PurePosixPath
from types import MappingProxyType
from typing import Any

from filelock import FileLock, Timeout
from pydantic import BaseModel, ValidationError

from mlguide_site.errors import ContentError, Problem, ResourceError, Severity, SiteError, Span, content_error
from mlguide_site.markdown.fences import fenced
from mlguide_site.model.digests import digest

LOCK = ".mlguide/lock"
LOCK_SECONDS = 10.0
JOURNAL = ".mlguide/renaming.json"
_NOTHING: Mapping[str, Any] = MappingProxyType({})
_OWN = (".mlguide", "build")  # the folders of a root that only the program writes to
_FOLDERS = (
    *("episodes/", "knowledge/", "pages/", ".mlguide/imported/", ".mlguide/pending/"),
    *(".devcontainer/", ".github/", ".gitlab/", ".vscode/", "schemas/"),
)
_FILES = frozenset(
    ".editorconfig .gitignore .gitlab-ci.yml .mlguide/hosting.json .pre-commit-config.yaml README.md mkdocs.yml "
    "requirements.txt".split()
)
"""A `Journal` may contain only these files, and files in `_FOLDERS`. A journal in a cloned root may be hostile."""
_TEMPORARY = re.compile(r"\..{1,80}\.[0-9a-f]{8}\.tmp")  # the names of temporary files in `write_atomic`
_REASONS = {errno.ENOSPC: "No space left", errno.EDQUOT: "No space left", errno.EACCES: "Permission denied"}
CONFLICT = re.compile(r"^(?:<<<<<<<|>>>>>>>|\|\|\|\|\|\|\|) ", re.M)
_CONFLICT_END = re.compile(r"^(?:<<<<<<<|>>>>>>>) ", re.M)


class Journal(BaseModel, ser_json_bytes="base64", val_json_bytes="base64"):
    """The journal of one change. `files` maps paths to (old bytes, new digest). `moves` maps old paths to new paths."""

    files: dict[str, tuple[bytes | None, str | None]]
    moves: dict[str, str]


def write_atomic(path: Path, data: bytes) -> None:
    """Write a file atomically, and create its folders. An existing file's mode is unchanged. Raises ResourceError."""
    temporary = path.with_name(f".{path.name[:40]}.{secrets.token_hex(4)}.tmp")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with temporary.open("xb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        with contextlib.suppress(FileNotFoundError):
            temporary.chmod(stat.S_IMODE(path.stat().st_mode))
        temporary.replace(path)
    except OSError as error:
        raise resource_error(path, error) from None
    finally:
        with contextlib.suppress(OSError):
            temporary.unlink(missing_ok=True)


def remove_file(path: Path) -> None:
    """Remove a file if it exists. Raises ResourceError if the removal fails."""
    with disk_errors(path):
        path.unlink(missing_ok=True)


def resource_error(path: Path | str, error: OSError) -> ResourceError:
    """Return the exception for a failed file operation, with a message such as `PATH: No space left; …`."""
    reason = _REASONS.get(error.errno or 0) or error.strerror or type(error).__name__
    remedy = "free some space" if reason == "No space left" else "fix this error"
    return ResourceError(f"{path}: {reason}; {remedy} and run the command again")


@contextlib.contextmanager
def disk_errors(path: Path | str) -> Iterator[None]:
    """Convert an OSError to a ResourceError. The message names `path` if the OSError names no file."""
    try:
        yield
    except OSError as error:
        raise resource_error(error.filename or path, error) from None


def read_bytes(path: Path, most: int = -1) -> bytes:
    """Return the bytes of a regular file, or only the first `most` bytes. Raises ResourceError."""
    with disk_errors(path):
        if not stat.S_ISREG(path.stat().st_mode):
            raise ResourceError(f"{path}: this is not a regular file; replace it with a regular file")
        with path.open("rb") as file:
            return file.read(most)


def resolve_inside(root: Path, relative: str) -> Path:
    """Return the path of a file, which needn't exist. `relative` is the path from the root, with slashes. Raises
    ContentError for a colon, a backslash, an unprintable character, a symbolic link or a path outside `root`."""
    pure, path = PurePosixPath(relative), root
    odd = not relative or "\\" in relative or ":" in relative or not relative.isprintable()
    outside = "the path leaves the root, or goes through a symbolic link", "use a file in the root"
    if odd or pure.is_absolute() or ".." in pure.parts or pure.parts == ():
        raise content_error(relative, *outside)
    try:
        for part in pure.parts:
            path = path / part
            if path.is_symlink():
                raise content_error(relative, *outside)
            if path != root / pure and path.exists() and not path.is_dir():
                raise ResourceError(f"{relative}: {part} is a file, but a folder is needed; move the file")
    except OSError as error:
        raise resource_error(relative, error) from None
    return path


def decode(data: bytes, path: str) -> str:
    """Decode UTF-8 without a byte-order mark. Raises ContentError for invalid bytes and NUL characters."""
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        # columns don't count the byte-order mark
        raise ContentError([invalid_byte(error.object, error.start, path, "save the file as UTF-8")]) from None
    if "\x00" in text:
        place = Span(text[: text.index("\x00")].count("\n") + 1, 1)
        raise content_error(path, "the file contains a NUL character", "remove it", place)
    return text


def has_lone_returns(text: str) -> bool:
    """Return whether a carriage return without a line feed ends a line. YAML counts such lines, but editing doesn't."""
    return text.count("\r") > text.count("\r\n")


def invalid_byte(
    data: bytes, at: int, path: str, remedy: str, codec: str = "utf-8", severity: Severity = Severity.ERROR
) -> Problem:
    """Return the problem for an invalid byte at offset `at`. `codec` is the file's encoding."""
    before = data[:at]
    column = len(before.rpartition(b"\n")[2].decode("utf-8", "replace")) + 1
    message = f"byte 0x{data[at]:02x} is not {codec.upper()}"
    return Problem(path, Span(before.count(b"\n") + 1, column), message, remedy, severity)


def decode_content(data: bytes, path: str) -> str:
    """Decode a content file. Raises ContentError if the file isn't UTF-8 or contains an unresolved merge conflict."""
    text = decode(data, path)
    if conflicts := conflict_markers(text, path):
        raise ContentError(conflicts)
    return text


def conflict_markers(text: str, path: str) -> list[Problem]:
    """Return a problem for each git conflict marker outside code blocks."""
    if not _CONFLICT_END.search(text):
        return []
    lines = text.split("\n")
    rows = enumerate(zip(lines, fenced(lines), strict=True), 1)
    places = [Span(number, 1) for number, (content, is_code) in rows if CONFLICT.match(content) and not is_code]
    remedy = "resolve the conflict and remove the markers"
    return [Problem(path, place, "a merge conflict is not resolved", remedy) for place in places]


@contextlib.contextmanager
def exclusive(root: Path) -> Iterator[None]:
    """Lock the root for writing, then undo an interrupted change and delete temporary files. Raises ResourceError if
    another process holds the lock for over `LOCK_SECONDS`, or if a folder in `_OWN` is a symbolic link."""
    path = root / LOCK
    for folder in _OWN:
        if (root / folder).is_symlink():
            raise ResourceError(f"{root / folder}: this is a symbolic link; remove it and run the command again")
    lock = FileLock(path, timeout=LOCK_SECONDS)
    with disk_errors(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            held = lock.acquire()
        except Timeout:
            raise ResourceError(f"{path}: another process is using this root; wait until that process ends") from None
    with held:
        undo_change(root)
        _remove_temporary(root)
        yield


def change_files(
    root: Path,
    writes: Mapping[str, bytes | None],
    moves: Mapping[str, str] = _NOTHING,
    known: Mapping[str, bytes | None] = _NOTHING,
) -> None:
    """Write, move and remove files of a root in one atomic change. `writes` maps paths to new bytes, or to None to
    remove the file. `moves` maps old paths to new paths. `known` maps paths to the bytes that the caller has read, or
    to None for a missing file. Empty folders are removed. The caller must hold the lock (`exclusive`). Raises
    ContentError for a path outside the root, or that a `Journal` may not contain. Undoes the whole change and raises
    ResourceError if a file operation fails, or if another program changed a file meanwhile. If the undo fails too, the
    next command completes it."""
    targets = {path: resolve_inside(root, path) for path in [*writes, *moves, *moves.values()]}
    if not targets:
        return
    if other := [path for path in targets if not _may_change(path)]:
        # the change could not be undone, because its journal would be invalid
        raise content_error(other[0], "mlguide doesn't change this file", "remove its path from .mlguide/hosting.json")
    files = {
        path: (known[path] if path in known else _bytes(targets[path]), None if data is None else digest(data))
        for path, data in writes.items()
    }
    write_atomic(root / JOURNAL, Journal(files=files, moves=dict(moves)).model_dump_json().encode())
    removed = [path for path, data in writes.items() if data is None]
    try:
        for path, data in writes.items():
            if _bytes(targets[path]) != files[path][0]:
                raise ResourceError(f"{path}: the file has just been changed by another program; run the command again")
            if data is not None:
                write_atomic(targets[path], data)
        with disk_errors(root):
            for path, goal in moves.items():
                targets[goal].parent.mkdir(parents=True, exist_ok=True)
                targets[path].rename(targets[goal])
        for path in removed:
            remove_file(targets[path])
    except BaseException:
        with contextlib.suppress(SiteError):
            # if the undo fails, the next command completes it
            undo_change(root)
        raise
    remove_file(root / JOURNAL)
    _remove_empty(targets[path].parent for path in [*moves, *removed])


def _bytes(place: Path) -> bytes | None:
    return read_bytes(place) if place.exists() else None


def is_interrupted(root: Path) -> bool:
    """Return whether an earlier change was interrupted."""
    return (root / JOURNAL).is_file() and not (root / JOURNAL).is_symlink()


def undo_change(root: Path) -> bool:
    """Undo an interrupted change, except in files that were edited later. Return False if no change was interrupted.
    Raises ContentError for an invalid journal or an edited renamed note, and ResourceError if an operation fails."""
    if not is_interrupted(root):
        return False
    journal, kept = _read_journal(root), dict[str, str]()  # paths by id
    with disk_errors(JOURNAL):
        for path, goal in journal.moves.items():
            source, target = resolve_inside(root, path), resolve_inside(root, goal)
            if target.exists() and not source.exists():
                source.parent.mkdir(parents=True, exist_ok=True)
                target.rename(source)
        # in this order, notes precede their import records; the record of an edited note must not change
        for path, (before, after) in sorted(journal.files.items(), reverse=True):
            place = resolve_inside(root, path)
            now = _bytes(place)
            if now == before or (place.stem in kept and path.startswith(".mlguide/imported/")):
                continue
            if (None if now is None else digest(now)) != after:
                kept |= {place.stem: path} if before is None and re.match(r"episodes/.*\.md$", path) else {}
            elif before is None:
                remove_file(place)
            else:
                write_atomic(place, before)
        _remove_empty((root / path).parent for path in [*journal.moves.values(), *journal.files])
    remove_file(root / JOURNAL)
    renamed = [path for path, (_, after) in journal.files.items() if after is None and path.startswith("episodes/")]
    if kept and renamed:
        message = "this note was edited after its rename was interrupted; the rename has been undone"
        remedy = f"move your edits to {renamed[0]}, remove this file, and run the command again"
        raise content_error(next(iter(kept.values())), message, remedy)
    return True


def _read_journal(root: Path) -> Journal:
    with contextlib.suppress(ValidationError):
        journal = Journal.model_validate_json(read_bytes(root / JOURNAL))
        if all(map(_may_change, [*journal.files, *journal.moves, *journal.moves.values()])):
            return journal
    raise content_error(JOURNAL, "not a valid journal", "remove it, and restore the files from an earlier commit")


def _may_change(path: str) -> bool:
    return path.startswith(_FOLDERS) or path in _FILES


def _remove_temporary(root: Path) -> None:
    """Delete the temporary files that interrupted writes left in the root. The caller must hold the lock."""
    folders = {path.partition("/")[0] for path in _FOLDERS}
    for folder in sorted(name for name in folders if not (root / name).is_symlink()):
        for above, _, names in os.walk(root / folder):
            for name in filter(_TEMPORARY.fullmatch, names):
                remove_file(Path(above, name))


def _remove_empty(folders: Iterable[Path]) -> None:
    for folder in sorted(set(folders), reverse=True):
        with contextlib.suppress(OSError):
            # `rmdir` raises OSError unless the folder is empty
            while True:
                folder.rmdir()
                folder = folder.parent
