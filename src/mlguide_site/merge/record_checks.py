"""Whether the files in which imports remember something can be read. Nothing else is said of them here."""

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from mlguide_site.content.files import read_bytes, resolve_inside
from mlguide_site.errors import ContentError, Problem
from mlguide_site.merge import entry_record, sidecars, sources, written
from mlguide_site.merge.pending_files import load_pending

_RECORDS: tuple[tuple[str, Callable[[bytes], Any]], ...] = (
    (written.PATH, written.load_written),
    (entry_record.PATH, entry_record.load_entries),
    (sidecars.PATH, sidecars.load_files),
    (sources.PATH, sources.load_feeds),
)


def record_problems(root: Path) -> tuple[Problem, ...]:
    """Every fault of what imports remember in a root, and of what waits there; the records of episodes aside. Raises
    ResourceError where the disk refuses."""
    steps: list[Callable[[], Any]] = [partial(load_pending, root)]
    steps += [partial(_loaded, root, path, load) for path, load in _RECORDS]
    problems: list[Problem] = []
    for step in steps:
        try:
            step()
        except ContentError as error:
            problems.extend(error.problems)
    return tuple(sorted(set(problems)))


def _loaded(root: Path, path: str, load: Callable[[bytes], Any]) -> None:
    place = resolve_inside(root, path)
    if place.exists():
        load(read_bytes(place))
