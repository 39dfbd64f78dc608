"""A bar at a terminal, of stages that are entered one after the other."""

import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn


@contextmanager
def bar(stages: Sequence[str], patience: float) -> Iterator[Callable[[str], None]]:
    """Gives what is to be told the name of each stage as it begins. The bar is shown once `patience` seconds have
    passed. It has no thread of its own, for its process may fork. On a dumb terminal there is none."""
    console = Console(stderr=True)
    if not console.is_terminal or console.is_dumb_terminal:
        yield lambda _: None
        return
    columns = TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn()
    drawn = Progress(*columns, console=console, transient=True, auto_refresh=False)
    task = drawn.add_task("", total=len(stages))
    start = time.monotonic()

    def entered(stage: str) -> None:
        drawn.update(task, description=stage, completed=stages.index(stage))
        if time.monotonic() - start > patience:
            drawn.start()
            drawn.refresh()

    try:
        yield entered
    finally:
        drawn.stop()
        sys.stderr.flush()
