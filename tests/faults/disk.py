"""A disk with simulated failures: all operations that change a folder are counted, and one of them can fail.

An operation opens a file for writing, writes, flushes to disk, renames, removes, creates a folder or sets a mode, as
far as Python does it. A stop (`KILL`) simulates `kill -9`: half of the current write is on disk, and no later operation
has an effect, not even in exception handlers. A refusal (an errno) happens once, and the program continues.
"""

import builtins
import errno
import io
import os
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest


class Killed(BaseException):
    """Simulates the end of the process."""


KILL = -1
SIGNAL = -2
"""Like KILL, but ends the process."""
FULL, REFUSED = errno.ENOSPC, errno.EACCES
_PATHS = ("mkdir", "rename", "replace", "unlink", "remove", "rmdir", "chmod", "link", "symlink", "truncate")
_WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC


class Disk:
    """Counts the operations in `folder` from 0. Operation number `at` fails with `code` (KILL, SIGNAL or an errno)."""

    def __init__(self, folder: Path, at: int = -1, code: int = KILL) -> None:
        self.folder, self.at, self.code = os.path.realpath(folder), at, code
        self.count = 0
        self.is_dead = False
        self.handles: set[int] = set()
        self.done: list[str] = []
        self.put: dict[str, set[bytes]] = {}

    def holds(self, path: Any, dir_fd: Any = None) -> bool:
        if isinstance(path, int) or dir_fd is not None:
            return isinstance(path, int) and path in self.handles
        place = os.path.abspath(os.fsdecode(path))
        return place == self.folder or place.startswith(self.folder + os.sep)

    def step(self, what: str) -> None:
        """Count an operation, and raise an exception if it is the failing one."""
        if self.is_dead:
            raise Killed
        number, self.count = self.count, self.count + 1
        self.done.append(what)
        if number == self.at:
            if self.code == SIGNAL:
                os.kill(os.getpid(), signal.SIGKILL)
            if self.code == KILL:
                self.is_dead = True
                raise Killed
            raise OSError(self.code, os.strerror(self.code), what.partition(" ")[2])


class _File:
    """A file that is open for writing. Its writes are counted."""

    def __init__(self, disk: Disk, inner: Any, name: str) -> None:
        self._disk, self._inner, self._name = disk, inner, name

    def write(self, data: Any) -> Any:
        try:
            self._disk.step(f"write {self._name}")
        except BaseException:
            if not self._inner.closed:
                self._inner.write(data[: len(data) // 2])
                self._inner.flush()
            raise
        return self._inner.write(data)

    def writelines(self, lines: Any) -> None:
        for line in lines:
            self.write(line)

    def __enter__(self) -> "_File":
        return self

    def __exit__(self, *_error: object) -> None:
        self._inner.close()

    def __iter__(self) -> Iterator[Any]:
        return iter(self._inner)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._inner, name)


@contextmanager
def failing(disk: Disk) -> Iterator[Disk]:
    """Replace Python's functions for the file system with those of a disk that fails."""
    with pytest.MonkeyPatch.context() as patch:
        for name in _PATHS:
            patch.setattr(os, name, _counted(disk, name, getattr(os, name)))
        patch.setattr(os, "fsync", _counted_flush(disk, os.fsync))
        patch.setattr(os, "open", _counted_open(disk, os.open))
        opened = _counted_file(disk, io.open)
        patch.setattr(io, "open", opened)
        patch.setattr(builtins, "open", opened)
        yield disk


def _counted(disk: Disk, name: str, call: Callable[..., Any]) -> Callable[..., Any]:
    def run(path: Any, *rest: Any, **options: Any) -> Any:
        paths = [path, *(rest[:1] if name in {"rename", "replace", "link"} else ())]
        if not any(disk.holds(one, options.get("dir_fd")) for one in paths):
            return call(path, *rest, **options)
        disk.step(f"{name} {os.fsdecode(paths[-1])}")
        found = call(path, *rest, **options)
        if name in {"rename", "replace"} and os.path.isfile(rest[0]):
            with open(rest[0], "rb") as file:
                disk.put.setdefault(os.path.abspath(os.fsdecode(rest[0])), set()).add(file.read())
        return found

    return run


def _counted_flush(disk: Disk, call: Callable[[int], None]) -> Callable[[int], None]:
    def run(handle: int) -> None:
        disk.step("fsync")
        call(handle)

    return run


def _counted_open(disk: Disk, call: Callable[..., int]) -> Callable[..., int]:
    def run(path: Any, flags: int, *rest: Any, **options: Any) -> int:
        if not flags & _WRITING or not disk.holds(path, options.get("dir_fd")):
            return call(path, flags, *rest, **options)
        disk.step(f"open {os.fsdecode(path)}")
        handle = call(path, flags, *rest, **options)
        disk.handles.add(handle)
        return handle

    return run


def _counted_file(disk: Disk, call: Callable[..., Any]) -> Callable[..., Any]:
    def run(file: Any, mode: str = "r", *rest: Any, **options: Any) -> Any:
        if not set(mode) & set("wxa+") or not disk.holds(file):
            return call(file, mode, *rest, **options)
        name = str(file) if isinstance(file, int) else os.fsdecode(file)
        if isinstance(file, int):
            disk.handles.discard(file)
        else:
            disk.step(f"open {name}")
        return _File(disk, call(file, mode, *rest, **options), name)

    return run
