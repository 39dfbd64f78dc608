"""Work shared among processes, where the system can fork; in one process elsewhere, with the same result."""

import contextlib
import gc
import json
import os
import signal
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any, TypeVar

from mlguide_site.rebuild.workers import can_fork, start

Item = TypeVar("Item")
FEW = 48
"""Fewer items than this aren't worth a process."""


def processes(items: int, jobs: int) -> int:
    """How many processes work on so many items."""
    return max(1, min(jobs, items // (FEW // 2))) if items >= FEW and can_fork() else 1


def shared(make: Callable[[Item], Any], items: Sequence[Item], jobs: int) -> list[Any]:
    """What `make` gives for each item, in their order. It must depend on nothing but its item, and its result must be
    one that JSON can carry (tuples come back as lists).

    Raises what `make` raises.
    """
    count = processes(len(items), jobs)
    if count == 1:
        return [make(item) for item in items]
    shares = [items[at::count] for at in range(count)]
    children = [start(partial(_packed, make, share)) for share in shares[1:]]
    made: list[list[Any]] = []
    try:
        made.append([make(item) for item in shares[0]])
        for (pid, pipe), share in zip(tuple(children), shares[1:], strict=True):
            found = _finish(pid, pipe)
            children.pop(0)
            # one that failed, or was stopped, says why when its share is done here
            made.append(found if found is not None else [make(item) for item in share])
    finally:
        for pid, pipe in children:
            with contextlib.suppress(OSError):
                os.kill(pid, signal.SIGKILL)
            _finish(pid, pipe)
    result: list[Any] = [None] * len(items)
    for at, share_made in enumerate(made):
        result[at::count] = share_made
    return result


def _packed(make: Callable[[Item], Any], share: Sequence[Item]) -> bytes:
    gc.disable()
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    return json.dumps([make(item) for item in share], ensure_ascii=False).encode("utf-8", "surrogatepass") + b"\n"


def _finish(pid: int, pipe: int) -> list[Any] | None:
    """The result of a process that comes to its end; None where it has none."""
    with os.fdopen(pipe, "rb") as file:
        data = file.read()
    _, status = os.waitpid(pid, 0)
    if status or not data.endswith(b"\n"):
        return None
    found = json.loads(data.decode("utf-8", "surrogatepass"))
    return found if isinstance(found, list) else None
