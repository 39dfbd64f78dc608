"""Progress and timings of commands: a decorator such as `@stage("load")` marks each stage, and the command listens."""

import os
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field

from mlguide_site.errors import visible


@dataclass
class Watch:
    """Seconds spent in each stage, without the stages within it; and the name of the current stage."""

    seconds: dict[str, float] = field(default_factory=dict)
    nested: float = 0.0
    current: str = ""


_watch: ContextVar[Watch | None] = ContextVar("watch", default=None)


@contextmanager
def watched() -> Iterator[dict[str, float]]:
    """Context manager: time the stages, and show the current one on a terminal; yields the seconds by stage."""
    watch = Watch()
    token = _watch.set(watch)
    try:
        yield watch.seconds
    finally:
        _watch.reset(token)


@contextmanager
def stage(name: str) -> Iterator[None]:
    """A stage of a command, as a context or as a decorator of a function."""
    watch = _watch.get()
    if watch is None:
        yield
        return
    outer, watch.current = watch.current, name
    _show(name)
    start, nested, watch.nested = time.perf_counter(), watch.nested, 0.0
    try:
        yield
    finally:
        spent = time.perf_counter() - start
        watch.seconds[name] = watch.seconds.get(name, 0.0) + spent - watch.nested
        watch.nested, watch.current = nested + spent, outer
        _show(outer)


def _show(name: str) -> None:
    """Show the name of a stage in the status line of a terminal; "" erases the line."""
    if is_terminal():
        print(f"{visible(name)} …\x1b[K\r" if name else "\x1b[K", end="", file=sys.stderr, flush=True)


def is_terminal() -> bool:
    """Whether standard error is a terminal that understands escape sequences."""
    # None if it was closed before
    return sys.stderr is not None and sys.stderr.isatty() and os.environ.get("TERM") != "dumb"


def timing_lines(seconds: Mapping[str, float], whole: float) -> list[str]:
    """A table of stages with their seconds and shares, what was spent outside of stages, and the total.

    >>> timing_lines({"load": 1.0, "engine": 2.0}, 4.0)[1:]
    ['load      1.000    25%', 'engine    2.000    50%', 'other     1.000    25%', 'all       4.000   100%']
    """
    width = max(map(len, ("stage", *seconds)))
    rows = [*seconds.items(), ("other", whole - sum(seconds.values())), ("all", whole)]
    lines = [f"{name:{width}}  {value:7.3f}  {value / whole if whole else 0.0:5.0%}" for name, value in rows]
    return [f"{'stage':{width}}  seconds  share", *lines]
