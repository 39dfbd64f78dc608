"""Where a build is and where its time went: stages are marked by a decorator, whoever runs a build listens.

A stage knows nothing of it: `@stage("load")` on its function is all.
"""

import functools
import os
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from typing import ParamSpec, TypeVar

P = ParamSpec("P")
T = TypeVar("T")
PATIENCE = 1.0
"""Seconds that a build may take without anything being shown."""


class Watch:
    """Seconds spent in each stage, without the stages within it; `entered` gets the name of each as it begins."""

    def __init__(self, entered: Callable[[str], None]) -> None:
        self.entered = entered
        self.seconds: dict[str, float] = {}
        self._nested = 0.0

    @contextmanager
    def timed(self, name: str) -> Iterator[None]:
        """Time a stage."""
        self.entered(name)
        start, nested, self._nested = time.perf_counter(), self._nested, 0.0
        try:
            yield
        finally:
            spent = time.perf_counter() - start
            self.seconds[name] = self.seconds.get(name, 0.0) + spent - self._nested
            self._nested = nested + spent


_watch: ContextVar[Watch | None] = ContextVar("watch", default=None)


@contextmanager
def watched(entered: Callable[[str], None] = lambda _: None) -> Iterator[dict[str, float]]:
    """Time the stages that are run meanwhile; gives the seconds by stage. `entered` gets the name of each stage."""
    watch = Watch(entered)
    token = _watch.set(watch)
    try:
        yield watch.seconds
    finally:
        _watch.reset(token)


def stage(name: str) -> Callable[[Callable[P, T]], Callable[P, T]]:
    """A function that is a stage of a build."""

    def decorate(function: Callable[P, T]) -> Callable[P, T]:
        @functools.wraps(function)
        def timed(*args: P.args, **kwargs: P.kwargs) -> T:
            watch = _watch.get()
            if watch is None:
                return function(*args, **kwargs)
            with watch.timed(name):
                return function(*args, **kwargs)

        return timed

    return decorate


@contextmanager
def status_line() -> Iterator[Callable[[str], None]]:
    """Gives what is to get the name of each stage as it begins. On a terminal, a line shows it once the build has taken
    a second; nothing of it stays."""
    stream, start = sys.stderr, time.monotonic()
    # where it was closed before, there is none
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
    """A table of stages, the seconds that each took and its share of the whole, and of the whole.

    >>> timing_lines({"load": 1.0, "engine": 3.0}, 4.0)
    ['stage   seconds  share', 'load      1.000    25%', 'engine    3.000    75%', 'all       4.000   100%']
    """
    width = max(map(len, ("stage", *seconds)))
    rows = [*seconds.items(), ("all", whole)]
    lines = [f"{name:{width}}  {value:7.3f}  {value / whole if whole else 0.0:5.0%}" for name, value in rows]
    return [f"{'stage':{width}}  seconds  share", *lines]
