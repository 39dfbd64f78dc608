"""Work shared among forked processes, where the system has them; elsewhere it is done here, with the same results."""

import contextlib
import gc
import os
import pickle
import sys
import threading
from collections.abc import Callable, Sequence
from functools import partial
from typing import TypeVar

T = TypeVar("T")
R = TypeVar("R")
WORTH = 48
"""Fewer pieces of work are done faster than processes are made."""


def can_fork() -> bool:
    """Whether this process may be forked: other threads might hold locks, and macOS forbids it to many libraries."""
    return hasattr(os, "fork") and sys.platform != "darwin" and threading.active_count() == 1


def shared(
    jobs: int, items: Sequence[T], work: Callable[[int, Sequence[T]], Sequence[R]], here: bool = True
) -> list[R | None]:
    """What `work` returns for each item, in their order. It is called with the number of the process and a share of the
    items, at the same time in as many processes as `jobs` says; None stands for what a process that failed should have
    returned. Where other processes aren't worth their while it is called in this one, or, without `here`, not at all.
    Results are sent through a pipe between these processes and are never kept.
    """
    count = min(jobs, len(items) // (WORTH // 2)) if can_fork() else 1
    if count < 2:
        return list(work(0, items)) if here else [None] * len(items)
    gc.collect()
    gc.freeze()
    children = [start(partial(_packed, number, items[number::count], work)) for number in range(count)]
    found: list[R | None] = [None] * len(items)
    for number, (process, pipe) in enumerate(children):
        with os.fdopen(pipe, "rb") as stream:
            data = stream.read()
        os.waitpid(process, 0)
        with contextlib.suppress(EOFError, pickle.UnpicklingError):
            share = pickle.loads(data)  # noqa: S301 - from our own process
            if len(share) == len(items[number::count]):
                found[number::count] = share
    gc.unfreeze()
    return found


def _packed(number: int, items: Sequence[T], work: Callable[[int, Sequence[T]], Sequence[R]]) -> bytes:
    # where a converter can't serve again, each page leaves one that refers to itself; to collect these in larger heaps
    # takes less time
    gc.set_threshold(20_000, 10, 10)
    return pickle.dumps(work(number, items), protocol=pickle.HIGHEST_PROTOCOL)


def start(work: Callable[[], bytes]) -> tuple[int, int]:
    """A process at work: its number and the pipe that what it makes comes by. It ends with status 0 where it made all
    of that, and with 1 otherwise, saying nothing."""
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
        # nothing of what the parent has open is to be closed or flushed a second time, no error said twice
        os._exit(status)
