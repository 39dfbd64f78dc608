"""What is about to change in several files that only make sense together, written down first: where it is cut off, it
can be taken back whole.

The file holds the bytes that stood before (base64) and a hash of those that are to stand, by path, and what moves
where; it is there only while the change is made. A file that a person has changed since stays as the person left it.
"""

import base64
import contextlib
import json
from collections.abc import Mapping
from hashlib import blake2b
from pathlib import Path
from typing import NamedTuple

from mlguide_site.content.files.atomic import read_bytes, remove_file, resolve_inside, resource_error, write_atomic
from mlguide_site.errors import ContentError, Problem, Span

PATH = ".mlguide/renaming.json"
FOLDERS = ("episodes/", "knowledge/", ".mlguide/imported/")
"""Where a change is made and taken back; what else a record names, somebody else wrote it."""


class Change(NamedTuple):
    """The bytes of a file before and after a change; None where there is no file."""

    before: bytes | None
    after: bytes | None


class _Was(NamedTuple):
    """The bytes of a file before a change, and the hash of those after it; None where there is no file."""

    before: bytes | None
    after: str | None


def begin(root: Path, changes: Mapping[str, Change], moves: Mapping[str, str]) -> None:
    """Write down the files that will change and those that will move, by path. Raises ResourceError."""
    files = {
        path: {"before": None if before is None else base64.b64encode(before).decode(), "after": _digest(after)}
        for path, (before, after) in changes.items()
    }
    write_atomic(root / PATH, (json.dumps({"files": files, "moves": dict(moves)}) + "\n").encode())


def end(root: Path) -> None:
    """The change is made. Raises ResourceError where the disk refuses: the change is then taken back by who comes
    next."""
    remove_file(root / PATH)


def is_open(root: Path) -> bool:
    """Whether a change was cut off."""
    return (root / PATH).is_file() and not (root / PATH).is_symlink()


def take_back(root: Path) -> bool:
    """Put everything back as it was before a change that was cut off; whether there was one. Raises ContentError where
    its record is none, ResourceError where the disk refuses; then it can be tried again."""
    if not is_open(root):
        return False
    files, moves = _read(root)
    try:
        for path, goal in moves.items():
            source, target = resolve_inside(root, path), resolve_inside(root, goal)
            if target.exists() and not source.exists():
                source.parent.mkdir(parents=True, exist_ok=True)
                target.rename(source)
        for path, was in files.items():
            place = resolve_inside(root, path)
            now = read_bytes(place) if place.exists() else None
            if now == was.before or _digest(now) != was.after:
                # as it was already, or as somebody has made it since
                continue
            if was.before is None:
                remove_file(place)
            else:
                write_atomic(place, was.before)
        for folder in sorted({(root / path).parent for path in [*moves.values(), *files]}, reverse=True):
            with contextlib.suppress(OSError):
                # only where nothing is left in it
                folder.rmdir()
    except OSError as error:
        raise resource_error(error.filename or PATH, error) from None
    end(root)
    return True


def _read(root: Path) -> tuple[dict[str, _Was], dict[str, str]]:
    try:
        said = json.loads(read_bytes(root / PATH))
        files = {
            str(path): _Was(
                None if one["before"] is None else base64.b64decode(one["before"], validate=True),
                None if one["after"] is None else str(one["after"]),
            )
            for path, one in said["files"].items()
        }
        moves = {str(path): str(goal) for path, goal in said["moves"].items()}
        if not all(path.startswith(FOLDERS) for path in [*files, *moves, *moves.values()]):
            raise ValueError
        return files, moves
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        remedy = "remove it, and take the files from an earlier commit"
        raise ContentError([Problem(PATH, Span(), "not a record of a change", remedy)]) from None


def _digest(data: bytes | None) -> str | None:
    return None if data is None else blake2b(data, digest_size=16).hexdigest()
