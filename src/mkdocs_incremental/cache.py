"""The cache file: two lines of JSON, the facts of the last build and its pages, each after its checksum.

Damage is detected, and no code in the file is ever run. It is written whole, in one function, and deleted before a file
of the site is changed: after an interrupted build there is none.
"""

import hashlib
import json
import os
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout

FORMAT = "mkdocs-incremental 3"
"""Increase it whenever the meaning of the content changes."""
WAIT = 10.0
"""Seconds to wait for another process."""


class CacheError(Exception):
    """The file doesn't contain what was written there; the text says why."""


class Cache:
    """A cache file. One process at a time can open it."""

    def __init__(self, path: Path) -> None:
        """Open it. Raises BlockingIOError if another process has it, OSError."""
        self._path = path
        path.parent.mkdir(parents=True, exist_ok=True)
        lock = Path(f"{path}.lock")
        if lock.is_symlink():
            lock.unlink()
        self._lock = FileLock(lock, timeout=WAIT)
        try:
            self._lock.acquire()
        except Timeout:
            message = f"{path}: another process builds with this cache; wait until it ends"
            raise BlockingIOError(message) from None

    def close(self) -> None:
        """Let other processes open it."""
        self._lock.release()

    def read(self) -> tuple[Mapping[str, Any], list[Any]] | None:
        """The facts and the pages; None if there is no file. Raises CacheError."""
        lines = _lines(self._path, 2)
        return (lines[0], lines[1]) if lines else None

    def write(self, facts: Mapping[str, Any], pages: Iterable[Sequence[Any]]) -> None:
        """Replace the content by JSON values. Raises OSError."""
        fresh = Path(f"{self._path}.tmp")
        fresh.unlink(missing_ok=True)
        try:
            with fresh.open("xb") as file:
                for value in ({**facts, "format": FORMAT}, list(pages)):
                    data = json.dumps(value, separators=(",", ":")).encode()
                    file.writelines((_checksum(data), b" ", data, b"\n"))
            os.replace(fresh, self._path)
        except OSError as error:
            fresh.unlink(missing_ok=True)
            error.filename = str(self._path)
            raise

    def delete(self) -> None:
        """Delete the content. Raises OSError."""
        self._path.unlink(missing_ok=True)


def read_facts(path: Path) -> Mapping[str, Any] | None:
    """The facts, without locking out other processes; None if the file is missing or damaged."""
    try:
        lines = _lines(path, 1)
    except (CacheError, OSError):
        return None
    return lines[0] if lines else None


def _lines(path: Path, count: int) -> list[Any] | None:
    """The values of the first lines; None without a file. Raises CacheError."""
    if path.is_symlink():
        raise CacheError("it is a symbolic link")
    values: list[Any] = []
    try:
        with path.open("rb") as file:
            for _ in range(count):
                checksum, _, data = file.readline().rstrip(b"\n").partition(b" ")
                if checksum != _checksum(data):
                    raise CacheError("it is damaged")
                values.append(json.loads(data))
    except FileNotFoundError:
        return None
    except (OSError, ValueError, RecursionError) as error:
        raise CacheError(str(error)) from None
    if not isinstance(values[0], dict) or values[0].get("format") != FORMAT:
        raise CacheError("it is of another version")
    return values


def _checksum(data: bytes) -> bytes:
    return hashlib.blake2b(data, digest_size=8).hexdigest().encode()
