"""Where a build is and where its time went: stages are marked by a decorator, whoever runs a build listens.

A stage knows nothing of it: `@stage("load")` on its function is all.
"""

import functools
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from typing import ParamSpec, TypeVar

P = ParamSpec("P")
T = TypeVar("T")
STAGES = ("load", "scan", "link", "check", "render", "write", "engine", "finish", "search")
"""The stages in the order in which a build enters them."""
PATIENCE = 1.0
"""Seconds that a build may take without anything being shown."""


class Watch:
    """Seconds spent in each stage, in the order in which they were first entered; `entered` gets the name of each as it
    begins."""

    def __init__(self, entered: Callable[[str], None] = lambda _: None) -> None:
        self.entered = entered
        self.seconds: dict[str, float] = {}


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
            watch.entered(name)
            start = time.perf_counter()
            try:
                return function(*args, **kwargs)
            finally:
                watch.seconds[name] = watch.seconds.get(name, 0.0) + time.perf_counter() - start

        return timed

    return decorate


@contextmanager
def bar() -> Iterator[Callable[[str], None]]:
    """Gives what is to get the name of each stage as it begins. On a terminal a bar shows how far the build is once it
    has taken a second; nothing of it stays."""
    # where it was closed before, there is none
    if sys.stderr is None or not sys.stderr.isatty():
        yield lambda _: None
        return
    # imported only now: most builds are watched by nobody
    from rich.console import Console  # noqa: PLC0415
    from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn  # noqa: PLC0415

    console = Console(stderr=True)
    if not console.is_terminal or console.is_dumb_terminal:
        yield lambda _: None
        return
    columns = TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn()
    # no thread of its own, for the process may fork
    drawn = Progress(*columns, console=console, transient=True, auto_refresh=False)
    task = drawn.add_task("", total=len(STAGES))
    start = time.monotonic()

    def entered(name: str) -> None:
        name = name if name in STAGES else "engine"
        drawn.update(task, description=name, completed=STAGES.index(name))
        if time.monotonic() - start > PATIENCE:
            drawn.start()
            drawn.refresh()

    try:
        yield entered
    finally:
        drawn.stop()


def timing_lines(seconds: Mapping[str, float], whole: float) -> list[str]:
    """A table of stages, the seconds that each took and its share of the whole, and of the whole.

    >>> timing_lines({"load": 1.0, "engine: render": 3.0}, 4.0)
    ['stage           seconds  share', 'load              1.000    25%', 'engine: render    3.000    75%', \
'all               4.000   100%']
    """
    width = max(len("stage"), *map(len, seconds)) if seconds else len("stage")
    rows = [*seconds.items(), ("all", whole)]
    lines = [f"{name:{width}}  {value:7.3f}  {value / whole if whole else 0.0:5.0%}" for name, value in rows]
    return [f"{'stage':{width}}  seconds  share", *lines]
