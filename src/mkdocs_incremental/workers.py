"""Divides work among forked processes. If the system can't fork, one process does all the work."""

import contextlib
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
OBJECTS = 10_000  # a garbage collection, which frees cyclic syntax trees, starts after this number of new objects
FEW = 48  # minimum number of items for which starting another process saves time


def in_parallel(
    make: Callable[[Item], Result], items: Sequence[Item], jobs: int, tidy: Callable[[int], None] = lambda _: None
) -> list[Result]:
    """Call `make` with each item, use at most `jobs` processes, and return the results in the order of the items. Each
    result must depend only on its item. If a process fails or is stopped, `tidy` is called with the process's id, to
    remove temporary files. Passes on exceptions of `make`."""
    count = max(1, min(jobs, len(items) // (FEW // 2))) if len(items) >= FEW and can_fork() else 1
    shares = [items[at::count] for at in range(count)]
    threshold = gc.get_threshold()
    if len(items) >= FEW:
        gc.freeze()  # freeze all objects, because a collection in a child process would copy shared memory
        gc.set_threshold(OBJECTS)
    children = [start_worker(_work, make, share) for share in shares[1:]]
    try:
        results = [[make(item) for item in shares[0]]]
        for (process, receiver), share in zip(children, shares[1:], strict=True):
            received: list[Result] = []
            with contextlib.suppress(EOFError, OSError), receiver:
                received = receiver.recv()
            # if a process failed or was stopped, repeat the process's share here, so that the same exception is raised
            results.append(received or [make(item) for item in share])
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
    """Return whether a fork is safe. Other threads may hold locks, and many macOS libraries don't support forks."""
    return sys.platform not in ("darwin", "win32") and threading.active_count() == 1


def start_worker(work: Callable[..., None], *inputs: object) -> tuple[multiprocessing.process.BaseProcess, Connection]:
    """Start a forked process, and return the process and the receiving end of a pipe. The process calls `work` with the
    inputs, the sending end of the pipe, and the id of the parent process."""
    context = multiprocessing.get_context("fork")
    receiver, sender = context.Pipe(duplex=False)
    process = context.Process(target=work, args=(*inputs, sender, os.getpid()), daemon=True)
    process.start()
    sender.close()
    return process, receiver


def _work(make: Callable[[Item], Result], share: Sequence[Item], sender: Connection, parent: int) -> None:
    # the parent process repeats failed work, and logs all messages
    logging.getLogger(LOGGER).handlers[:] = [logging.NullHandler()]
    results = []
    try:
        for item in share:
            # if the parent process was killed, stop before this process writes into the next build's files
            if os.getppid() != parent:
                return
            results.append(make(item))
    except BaseException:
        return
    sender.send(results)
