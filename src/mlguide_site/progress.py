"""Shows the progress of a command's stages, and measures their times. `@stage("load")` marks a function as a stage."""

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
    """The times of a command's stages."""

    seconds: dict[str, float] = field(default_factory=dict)  # the seconds of each stage, without its nested stages
    nested: float = 0.0  # the seconds in nested stages
    current: str = ""  # the name of the current stage


_watch: ContextVar[Watch | None] = ContextVar("watch", default=None)


@contextmanager
def watched() -> Iterator[dict[str, float]]:
    """Yield the seconds of each stage in a `with` block, by name, and show the current stage on a terminal."""
    watch = Watch()
    token = _watch.set(watch)
    try:
        yield watch.seconds
    finally:
        _watch.reset(token)


@contextmanager
def stage(name: str) -> Iterator[None]:
    """Mark a stage of a command. Use this as a context manager or as a function decorator."""
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
    """Show a stage on the last line of a terminal, or erase that line if the name is empty."""
    if is_terminal():
        print(f"{visible(name)} …\x1b[K\r" if name else "\x1b[K", end="", file=sys.stderr, flush=True)


def is_terminal() -> bool:
    """Return whether standard error is a terminal that supports escape sequences."""
    # `sys.stderr` is None if the caller closed it
    return sys.stderr is not None and sys.stderr.isatty() and os.environ.get("TERM") != "dumb"


def timing_lines(seconds: Mapping[str, float], whole: float) -> list[str]:
    """Return a table with the seconds and share of each stage, and rows for the time outside stages and in total."""
    width = max(map(len, ("stage", *seconds)))
    rows = [*seconds.items(), ("other", whole - sum(seconds.values())), ("all", whole)]
    lines = [f"{name:{width}}  {value:7.3f}  {value / whole if whole else 0.0:5.0%}" for name, value in rows]
    return [f"{'stage':{width}}  seconds  share", *lines]
