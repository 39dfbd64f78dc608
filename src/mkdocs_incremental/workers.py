"""Shares work among forked processes if the system can fork, else runs it in this process, with the same result."""

import gc
import logging
import multiprocessing
import os
import sys
import threading
from collections.abc import Callable, Sequence
from multiprocessing.connection import Connection
from typing import TypeVar

from mkdocs_incremental.messages import LOGGER

Item = TypeVar("Item")
Result = TypeVar("Result")
OBJECTS = 10_000
"""New objects between two garbage collections meanwhile: syntax trees are cyclic, and keep the texts of their pages."""
FEW = 48
"""Fewer items than this take less time than starting a process."""


def in_parallel(
    make: Callable[[Item], Result], items: Sequence[Item], jobs: int, tidy: Callable[[int], None] = lambda _: None
) -> list[Result]:
    """The results of `make` for all items, in order, from at most `jobs` processes. A result may depend only on its
    item. `tidy` removes the temporary files of a process that was stopped, by its number. Raises what `make` raises."""
    count = max(1, min(jobs, len(items) // (FEW // 2))) if len(items) >= FEW and can_fork() else 1
    shares = [items[at::count] for at in range(count)]
    threshold = gc.get_threshold()
    if len(items) >= FEW:
        gc.freeze()  # a collection in a child would copy the memory that it shares with this process
        gc.set_threshold(OBJECTS)
    children = [_start(make, share) for share in shares[1:]]
    try:
        results = [[make(item) for item in shares[0]]]
        for (process, receiver), share in zip(children, shares[1:], strict=True):
            # if a process failed or was stopped, its share is computed here, or fails here with its reason
            results.append(_received(receiver) or [make(item) for item in share])
            process.join()
    finally:
        for process, _ in children:
            process.kill()
            process.join()
            if process.exitcode:
                tidy(process.pid or 0)
        gc.unfreeze()
        gc.set_threshold(*threshold)
    return [results[at % count][at // count] for at in range(len(items))]


def can_fork() -> bool:
    """Whether this process may be forked: other threads might hold locks, and many libraries on macOS don't allow
    it."""
    return sys.platform not in ("darwin", "win32") and threading.active_count() == 1


def _start(
    make: Callable[[Item], Result], share: Sequence[Item]
) -> tuple[multiprocessing.process.BaseProcess, Connection]:
    context = multiprocessing.get_context("fork")
    receiver, sender = context.Pipe(duplex=False)
    process = context.Process(target=_work, args=(make, share, sender, os.getpid()), daemon=True)
    process.start()
    sender.close()
    return process, receiver


def _work(make: Callable[[Item], Result], share: Sequence[Item], sender: Connection, parent: int) -> None:
    # the parent repeats what fails here, and logs it
    logging.getLogger(LOGGER).handlers[:] = [logging.NullHandler()]
    results = []
    try:
        for item in share:
            # a process whose parent was killed would write into the next build's files
            if os.getppid() != parent:
                return
            results.append(make(item))
    except BaseException:
        return
    sender.send(results)


def _received(receiver: Connection) -> list[Result] | None:
    with receiver:
        try:
            results: list[Result] = receiver.recv()
        except (EOFError, OSError):
            return None
    return results
