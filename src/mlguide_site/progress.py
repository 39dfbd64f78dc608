"""How far a build has come: a bar for whoever looks on at a terminal, and a table of where the time went."""

import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

STAGES = ("read", "load", "scan", "parse", "link", "check", "render", "write", "finish", "search")
"""The stages in the order in which a build enters them; between the last two but one works the engine."""
PATIENCE = 1.0
"""Seconds that a build may take without anything being shown."""


@contextmanager
def progress(wanted: bool = True) -> Iterator[Callable[[str], None]]:
    """Gives what is to be told the name of each stage as it begins. On a terminal a bar shows the way behind once the
    build has taken a second; nothing of it stays. It has no thread of its own, for the build forks."""
    console = Console(stderr=True)
    if not wanted or not console.is_terminal or console.is_dumb_terminal:
        yield lambda _: None
        return
    columns = TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn()
    bar = Progress(*columns, console=console, transient=True, auto_refresh=False)
    task = bar.add_task("", total=len(STAGES) + 1)
    start = time.monotonic()

    def entered(stage: str) -> None:
        known = stage in STAGES
        # the engine stands between writing and finishing
        done = STAGES.index(stage) + (stage in STAGES[-2:]) if known else STAGES.index("finish")
        bar.update(task, description=stage if known else "engine", completed=done)
        if time.monotonic() - start > PATIENCE:
            bar.start()
            bar.refresh()

    try:
        yield entered
    finally:
        bar.stop()
        sys.stderr.flush()


def timing_lines(seconds: Mapping[str, float]) -> list[str]:
    """A table of stages, the seconds that each took and its share, and of all together.

    >>> timing_lines({"read": 1.0, "engine: render": 3.0})
    ['stage           seconds  share', 'read              1.000    25%', 'engine: render    3.000    75%', \
'all               4.000   100%']
    """
    whole = sum(seconds.values())
    width = max(len("stage"), *map(len, seconds)) if seconds else len("stage")
    rows = [*seconds.items(), ("all", whole)]
    told = [f"{name:{width}}  {value:7.3f}  {value / whole if whole else 0.0:5.0%}" for name, value in rows]
    return [f"{'stage':{width}}  seconds  share", *told]
