"""Reads and writes the cache file. The first line contains the metadata of the last build, and the second line contains
the page records. Each line consists of a checksum and JSON. A build deletes the file before it changes the site."""

import json
import os
from collections.abc import Iterable, Mapping, Sequence
from errno import EAGAIN
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout

from mkdocs_incremental.signatures import digest

FORMAT = "mkdocs-incremental 4"  # increase the number whenever the meaning of the file's content changes
WAIT = 10.0  # maximum number of seconds to wait for another process to close the cache file


class CacheError(Exception):
    """An exception for a cache file that can't be used; the exception's message is the reason."""


class Cache:
    """A cache file, which only one process at a time can open."""

    def __init__(self, path: Path) -> None:
        """Open the file. Raises BlockingIOError if another process has opened it, and OSError if the disk fails."""
        self._path = path
        path.parent.mkdir(parents=True, exist_ok=True)
        lock = Path(f"{path}.lock")
        if lock.is_symlink():
            lock.unlink()
        self._lock = FileLock(lock, timeout=WAIT)
        try:
            self._lock.acquire()
        except Timeout:
            raise BlockingIOError(EAGAIN, "another process uses this cache", str(path)) from None

    def close(self) -> None:
        """Close the cache file, so that other processes can open it."""
        self._lock.release()

    def read(self) -> list[Any] | None:
        """Return the metadata and the page records, or None if there is no cache file. Raises CacheError."""
        return _lines(self._path, 2)

    def write(self, facts: Mapping[str, Any], pages: Iterable[Sequence[Any]]) -> None:
        """Write the metadata and the page records, which must be JSON values, to the cache file. Raises OSError."""
        fresh = Path(f"{self._path}.tmp")
        fresh.unlink(missing_ok=True)
        try:
            with fresh.open("xb") as file:
                for value in ({**facts, "format": FORMAT}, list(pages)):
                    data = json.dumps(value, separators=(",", ":")).encode()
                    file.writelines((digest(data).encode(), b" ", data, b"\n"))
            os.replace(fresh, self._path)
        except OSError as error:
            fresh.unlink(missing_ok=True)
            error.filename = str(self._path)
            raise


def read_facts(path: Path) -> Mapping[str, Any] | None:
    """Read the metadata of the last build without locking the file. Return None if the file is missing or damaged."""
    try:
        lines = _lines(path, 1)
    except (CacheError, OSError):
        return None
    return lines[0] if lines else None


def _lines(path: Path, count: int) -> list[Any] | None:
    """Return the JSON values of the first `count` lines, or None if there is no file. Raises CacheError."""
    if path.is_symlink():
        raise CacheError("the cache is a symbolic link")
    values: list[Any] = []
    try:
        with path.open("rb") as file:
            for _ in range(count):
                checksum, _, data = file.readline().rstrip(b"\n").partition(b" ")
                if checksum != digest(data).encode():
                    raise CacheError("the cache is damaged")
                values.append(json.loads(data))
    except FileNotFoundError:
        return None
    except (OSError, ValueError, RecursionError) as error:
        raise CacheError(str(error)) from None
    if not isinstance(values[0], dict) or values[0].get("format") != FORMAT:
        raise CacheError("another version wrote the cache")
    return values
