"""What a rename is about to change, written down first: one that is cut off can be taken back whole.

The file holds the bytes that stood before (base64), by path, and what moves where; it's there only while a rename runs.
"""

import base64
import contextlib
import json
from collections.abc import Mapping
from pathlib import Path

from mlguide_site.errors import ContentError, Problem
from mlguide_site.files import read_bytes, resolve_inside, resource_error, write_atomic
from mlguide_site.model import Span

PATH = ".mlguide/renaming.json"


def begin(root: Path, before: Mapping[str, bytes | None], moves: Mapping[str, str]) -> None:
    """Write down the files that will change (None: it isn't there yet) and those that will move, by path."""
    files = {path: None if data is None else base64.b64encode(data).decode() for path, data in before.items()}
    write_atomic(root / PATH, (json.dumps({"files": files, "moves": dict(moves)}) + "\n").encode())


def end(root: Path) -> None:
    """The rename is done."""
    (root / PATH).unlink(missing_ok=True)


def is_open(root: Path) -> bool:
    """Whether a rename was cut off."""
    return (root / PATH).is_file()


def take_back(root: Path) -> bool:
    """Put everything back as it was before a rename that was cut off; whether there was one. Raises ResourceError where
    the disk refuses; then it can be tried again."""
    if not is_open(root):
        return False
    try:
        said = json.loads(read_bytes(root / PATH))
        files = {str(path): None if data is None else base64.b64decode(data) for path, data in said["files"].items()}
        moves = {str(path): str(goal) for path, goal in said["moves"].items()}
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        remedy = "remove it, and take the files from an earlier commit"
        raise ContentError([Problem(PATH, Span(), "not a record of a rename", remedy)]) from None
    try:
        for path, goal in moves.items():
            source, target = resolve_inside(root, path), resolve_inside(root, goal)
            if target.exists() and not source.exists():
                source.parent.mkdir(parents=True, exist_ok=True)
                target.rename(source)
        for path, data in files.items():
            if data is None:
                resolve_inside(root, path).unlink(missing_ok=True)
            else:
                write_atomic(resolve_inside(root, path), data)
        for folder in sorted({(root / path).parent for path in [*moves.values(), *files]}, reverse=True):
            with contextlib.suppress(OSError):
                # only where nothing is left in it
                folder.rmdir()
        end(root)
    except OSError as error:
        raise resource_error(error.filename or PATH, error) from None
    return True
