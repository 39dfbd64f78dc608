"""Work shared among processes, where the system can fork; in one process elsewhere, with the same result."""

import contextlib
import gc
import json
import os
import signal
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any, TypeVar

from mkdocs_incremental.workers import can_fork, start

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
    shares = in_shares(lambda _, share: [make(item) for item in share], items, jobs)
    result: list[Any] = [None] * len(items)
    for at, (_, made) in enumerate(shares):
        result[at :: len(shares)] = made
    return result


def in_shares(
    work: Callable[[int, Sequence[Item]], Any], items: Sequence[Item], jobs: int
) -> list[tuple[Sequence[Item], Any]]:
    """As `shared`, but `work` is given a whole share of the items, and which one it is; returns the shares, each with
    what came of it. There is one for each of the `processes`."""
    count = processes(len(items), jobs)
    shares = [items[at::count] for at in range(count)]
    children = [start(partial(_packed, work, at, shares[at])) for at in range(1, count)]
    made: list[Any] = []
    try:
        made.append(work(0, shares[0]))
        for at, (pid, pipe) in enumerate(tuple(children), 1):
            found = _finish(pid, pipe)
            children.pop(0)
            # one that failed, or was stopped, says why when its share is done here
            made.append(work(at, shares[at]) if found is None else found[0])
    finally:
        for pid, pipe in children:
            with contextlib.suppress(OSError):
                os.kill(pid, signal.SIGKILL)
            _finish(pid, pipe)
    return list(zip(shares, made, strict=True))


def _packed(work: Callable[[int, Sequence[Item]], Any], at: int, share: Sequence[Item]) -> bytes:
    gc.disable()
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    return json.dumps([work(at, share)], ensure_ascii=False).encode("utf-8", "surrogatepass") + b"\n"


def _finish(pid: int, pipe: int) -> list[Any] | None:
    """The result of a process that comes to its end, alone in a list; None where it has none."""
    with os.fdopen(pipe, "rb") as file:
        data = file.read()
    _, status = os.waitpid(pid, 0)
    if status or not data.endswith(b"\n"):
        return None
    found = json.loads(data.decode("utf-8", "surrogatepass"))
    return found if isinstance(found, list) else None
