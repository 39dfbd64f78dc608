"""Forked workers, where the system has them; elsewhere this process does their work, with the same results."""

import contextlib
import gc
import logging
import os
import pickle
import sys
import tempfile
import threading
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import IO, TypeVar

from mkdocs_incremental.records import LOGGER

T = TypeVar("T")
R = TypeVar("R")
FEW = 48
"""Fewer items than this are done sooner than workers start."""


def can_fork() -> bool:
    """Whether this process may be forked: other threads might hold locks, and macOS forbids it to many libraries."""
    return hasattr(os, "fork") and sys.platform != "darwin" and threading.active_count() == 1


def share(jobs: int, items: Sequence[T], work: Callable[[int, Sequence[T]], Sequence[R]]) -> list[R | None]:
    """What `work` returns for each item, in their order, from up to `jobs` workers. It is called with the number of the
    worker and its share of the items. None stands for what no worker returned: their process failed, or there are too
    few items, or processes can't be forked."""
    count = min(jobs, len(items) // (FEW // 2)) if can_fork() else 1
    found: list[R | None] = [None] * len(items)
    if count < 2:
        return found
    gc.collect()
    gc.freeze()
    workers = [start(partial(_pickled, number, items[number::count], work)) for number in range(count)]
    for number, (process, pipe) in enumerate(workers):
        with os.fdopen(pipe, "rb") as stream:
            data = stream.read()
        os.waitpid(process, 0)
        with contextlib.suppress(EOFError, pickle.UnpicklingError):
            results = pickle.loads(data)  # noqa: S301 - from our own process
            if len(results) == len(items[number::count]):
                found[number::count] = results
    gc.unfreeze()
    return found


def _pickled(number: int, items: Sequence[T], work: Callable[[int, Sequence[T]], Sequence[R]]) -> bytes:
    # each Markdown converter refers to itself: to collect them in larger heaps takes less time
    gc.set_threshold(20_000, 10, 10)
    # what fails here is done again by the parent, which logs it then
    logging.getLogger(LOGGER).handlers[:] = [logging.NullHandler()]
    return pickle.dumps(work(number, items), protocol=pickle.HIGHEST_PROTOCOL)


def start(work: Callable[[], bytes]) -> tuple[int, int]:
    """Fork a worker: its process number and the pipe to read its result from. It exits with status 0 once it has
    written all of that, otherwise with 1 and without a message."""
    reading, writing = os.pipe()
    process = os.fork()
    if process:
        os.close(writing)
        return process, reading
    status = 1
    try:
        os.close(reading)
        data = work()
        with os.fdopen(writing, "wb") as stream:
            stream.write(data)
        status = 0
    finally:
        # nothing that the parent has open may be closed or flushed a second time
        os._exit(status)


class SpillFiles:
    """Nameless temporary files in a folder, one for each worker, readable by all processes: they keep what thousands of
    pages contain out of memory."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._files: list[IO[bytes]] = []

    def open(self, count: int) -> None:
        """Create so many files, before workers start. Raises OSError."""
        while len(self._files) < count:
            self._folder.mkdir(parents=True, exist_ok=True)
            self._files.append(tempfile.TemporaryFile(dir=self._folder, buffering=0))  # noqa: SIM115 - until `close`

    def put(self, number: int, data: bytes) -> int:
        """Append to the file of a worker, which nobody else may do meanwhile; returns the offset. Raises OSError."""
        file = self._files[number].fileno()
        at = os.lseek(file, 0, os.SEEK_END)
        view = memoryview(data)
        while view:
            view = view[os.write(file, view) :]
        return at

    def get(self, number: int, at: int, length: int) -> bytes:
        """Read bytes at an offset. Raises OSError."""
        file = self._files[number].fileno()
        parts = []
        while length:
            part = os.pread(file, length, at)
            if not part:
                raise OSError("a temporary file ends too early")
            parts.append(part)
            at, length = at + len(part), length - len(part)
        return b"".join(parts)

    def close(self) -> None:
        """Delete the files."""
        for file in self._files:
            file.close()
        self._files.clear()
