"""Progress and timings of a build: a decorator such as `@stage("load")` marks each stage, and the caller of a build
listens.
"""

import os
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field

PATIENCE = 1.0
"""Seconds before a build shows its progress."""


@dataclass
class Watch:
    """Seconds spent in each stage, without the stages within it; `entered` gets the name of each as it begins."""

    entered: Callable[[str], None]
    seconds: dict[str, float] = field(default_factory=dict)
    nested: float = 0.0


_watch: ContextVar[Watch | None] = ContextVar("watch", default=None)


@contextmanager
def watched(entered: Callable[[str], None] = lambda _: None) -> Iterator[dict[str, float]]:
    """Context: time the stages; yields the seconds by stage. `entered` gets the name of each stage."""
    watch = Watch(entered)
    token = _watch.set(watch)
    try:
        yield watch.seconds
    finally:
        _watch.reset(token)


@contextmanager
def stage(name: str) -> Iterator[None]:
    """A stage of a build, as a context or as a decorator of a function."""
    watch = _watch.get()
    if watch is None:
        yield
        return
    watch.entered(name)
    start, nested, watch.nested = time.perf_counter(), watch.nested, 0.0
    try:
        yield
    finally:
        spent = time.perf_counter() - start
        watch.seconds[name] = watch.seconds.get(name, 0.0) + spent - watch.nested
        watch.nested = nested + spent


@contextmanager
def status_line() -> Iterator[Callable[[str], None]]:
    """Context: yields a function for the name of each stage. On a terminal a status line shows it after a second, and
    is erased at the end."""
    stream, start = sys.stderr, time.monotonic()
    # None if it was closed before
    is_shown = stream is not None and stream.isatty() and os.environ.get("TERM") != "dumb"

    def entered(name: str) -> None:
        if is_shown and time.monotonic() - start > PATIENCE:
            print(f"{name} …\x1b[K\r", end="", file=stream, flush=True)

    try:
        yield entered
    finally:
        if is_shown:
            print("\x1b[K", end="", file=stream, flush=True)


def timing_lines(seconds: Mapping[str, float], whole: float) -> list[str]:
    """A table of stages with their seconds and shares, and the total.

    >>> timing_lines({"load": 1.0, "engine": 3.0}, 4.0)
    ['stage   seconds  share', 'load      1.000    25%', 'engine    3.000    75%', 'all       4.000   100%']
    """
    width = max(map(len, ("stage", *seconds)))
    rows = [*seconds.items(), ("all", whole)]
    lines = [f"{name:{width}}  {value:7.3f}  {value / whole if whole else 0.0:5.0%}" for name, value in rows]
    return [f"{'stage':{width}}  seconds  share", *lines]
