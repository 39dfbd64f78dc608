"""Changes to several files as one: a lock for one process at a time, and a write-ahead journal that undoes a change
that was interrupted.

The journal holds the bytes before the change (base64) and a digest of those after it, by path, and the moves; it exists
only during the change. A file that a person has changed since is left as it is.
"""

import base64
import contextlib
import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

from filelock import FileLock, Timeout

from mlguide_site.content.files.disk import read_bytes, remove_file, resolve_inside, resource_error, write_atomic
from mlguide_site.errors import ContentError, Problem, ResourceError, Span
from mlguide_site.model.digests import digest

LOCK = ".mlguide/lock"
LOCK_SECONDS = 10.0
PATH = ".mlguide/renaming.json"
OWN = (".mlguide", "build")
"""The folders of a root into which the program writes for itself."""
FOLDERS = ("episodes/", "knowledge/", ".mlguide/imported/", ".mlguide/pending/")
"""Where a change is made and undone; a journal that names other paths is refused."""


class Change(NamedTuple):
    """The bytes of a file before and after a change; None if there is no file."""

    before: bytes | None
    after: bytes | None


@contextlib.contextmanager
def exclusive(root: Path, seconds: float | None = None) -> Iterator[None]:
    """Keep other processes from writing to the root; an interrupted change is undone first.

    Raises ResourceError if another process holds the lock for longer than `seconds` (ten), or if a folder of the
    program's own is a symbolic link.
    """
    path = root / LOCK
    for folder in OWN:
        if (root / folder).is_symlink():
            raise ResourceError(f"{root / folder}: this is a symbolic link; remove it, and run it again")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        lock = FileLock(path, timeout=LOCK_SECONDS if seconds is None else seconds)
        lock.acquire()
    except Timeout:
        raise ResourceError(f"{path}: another process is at work on this root; wait for it to end") from None
    except OSError as error:
        raise resource_error(path, error) from None
    try:
        take_back(root)
        yield
    finally:
        lock.release()


def begin(root: Path, changes: Mapping[str, Change], moves: Mapping[str, str]) -> None:
    """Record the files that will change and those that will move, by path. Raises ResourceError."""
    files = {
        path: {
            "before": None if before is None else base64.b64encode(before).decode(),
            "after": None if after is None else digest(after),
        }
        for path, (before, after) in changes.items()
    }
    write_atomic(root / PATH, (json.dumps({"files": files, "moves": dict(moves)}) + "\n").encode())


def end(root: Path) -> None:
    """The change is complete. Raises ResourceError if the disk refuses: the next process then undoes the change."""
    remove_file(root / PATH)


def is_open(root: Path) -> bool:
    """Whether a change was interrupted."""
    return (root / PATH).is_file() and not (root / PATH).is_symlink()


def take_back(root: Path) -> bool:
    """Undo an interrupted change; whether there was one. Raises ContentError if the journal is invalid, ResourceError
    if the disk refuses; then it can be tried again."""
    if not is_open(root):
        return False
    files, moves = _read(root)
    try:
        for path, goal in moves.items():
            source, target = resolve_inside(root, path), resolve_inside(root, goal)
            if target.exists() and not source.exists():
                source.parent.mkdir(parents=True, exist_ok=True)
                target.rename(source)
        for path, (before, after) in files.items():
            place = resolve_inside(root, path)
            now = read_bytes(place) if place.exists() else None
            if now == before or (None if now is None else digest(now)) != after:
                # unchanged, or changed by a person since
                continue
            if before is None:
                remove_file(place)
            else:
                write_atomic(place, before)
        for folder in sorted({(root / path).parent for path in [*moves.values(), *files]}, reverse=True):
            with contextlib.suppress(OSError):
                # fails unless the folder is empty
                folder.rmdir()
    except OSError as error:
        raise resource_error(error.filename or PATH, error) from None
    end(root)
    return True


def _read(root: Path) -> tuple[dict[str, tuple[bytes | None, str | None]], dict[str, str]]:
    """By path the bytes before the change and the digest after it, and the moves."""
    try:
        record = json.loads(read_bytes(root / PATH))
        files = {
            str(path): (
                None if one["before"] is None else base64.b64decode(one["before"], validate=True),
                None if one["after"] is None else str(one["after"]),
            )
            for path, one in record["files"].items()
        }
        moves = {str(path): str(goal) for path, goal in record["moves"].items()}
        if not all(path.startswith(FOLDERS) for path in [*files, *moves, *moves.values()]):
            raise ValueError
        return files, moves
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        remedy = "remove it, and take the files from an earlier commit"
        raise ContentError([Problem(PATH, Span(), "not a record of a change", remedy)]) from None
