"""How far a build has come: a bar for whoever looks on at a terminal, and a table of where the time went."""

import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from importlib import import_module

STAGES = ("read", "load", "scan", "parse", "link", "check", "render", "write", "finish", "search")
"""The stages in the order in which a build enters them; between the last two but one works the engine."""
ENGINE = "engine"
PATIENCE = 1.0
"""Seconds that a build may take without anything being shown."""


@contextmanager
def progress(wanted: bool = True) -> Iterator[Callable[[str], None]]:
    """Gives what is to be told the name of each stage as it begins. On a terminal a bar shows the way behind once the
    build has taken a second; nothing of it stays."""
    # where it was closed before, there is none
    if not wanted or sys.stderr is None or not sys.stderr.isatty():
        yield lambda _: None
        return
    # most builds are watched by nobody, and what draws takes long to import
    stages = (*STAGES[:-2], ENGINE, *STAGES[-2:])
    with import_module("mlguide_site.build.progress_bar").bar(stages, PATIENCE) as entered:
        yield lambda stage: entered(stage if stage in STAGES else ENGINE)


def timing_lines(seconds: Mapping[str, float], whole: float) -> list[str]:
    """A table of stages, the seconds that each took and its share of the whole, and of the whole. Stages that are at
    work at the same time have more than that together.

    >>> timing_lines({"read": 1.0, "engine: render": 3.0}, 4.0)
    ['stage           seconds  share', 'read              1.000    25%', 'engine: render    3.000    75%', \
'all               4.000   100%']
    """
    width = max(len("stage"), *map(len, seconds)) if seconds else len("stage")
    rows = [*seconds.items(), ("all", whole)]
    told = [f"{name:{width}}  {value:7.3f}  {value / whole if whole else 0.0:5.0%}" for name, value in rows]
    return [f"{'stage':{width}}  seconds  share", *told]
