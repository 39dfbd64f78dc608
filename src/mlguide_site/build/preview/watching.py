"""Watches a root for edits, and reports edits together if they follow each other quickly."""

import contextlib
import os
import time
from collections.abc import Callable, Iterable
from pathlib import Path

from mkdocs.config.defaults import MkDocsConfig
from watchfiles import Change, DefaultFilter, watch

from mlguide_site.build.inputs import INPUTS
from mlguide_site.build.preview.delays import LONGEST_BURST, PAUSE_IN_EDITS, TOP_FILES


class Watcher:
    """Watches the files at the top of a root, and everything in the folders that `folders()` returns. These folders may
    be created later. Each call of `wait` also reports the edits since the previous call."""

    def __init__(self, root: Path, folders: Callable[[], Iterable[Path]]) -> None:
        self._root, self._folders = root, folders
        self._is_watched = DefaultFilter()
        self._top = self._top_files()
        self._start()

    def wait(self, seconds: float | None = None) -> frozenset[str] | None:
        """Wait for edits. Return the edited paths (empty if unknown), or None after `seconds` without edits."""
        end = None if seconds is None else time.monotonic() + seconds
        while True:
            edited = {path for _, path in next(self._bursts)}
            top = self._top_files()
            edited |= {path for path, _ in self._top ^ top}
            self._top = top
            if self._existing() != self._watched:
                self._start()
                return frozenset()  # the next build finds edits that were made while no watch was active
            if edited:
                return frozenset(edited)
            if end is not None and time.monotonic() > end:
                return None

    def _start(self) -> None:
        self._watched = self._existing()
        step, debounce, timeout = (round(seconds * 1000) for seconds in (PAUSE_IN_EDITS, LONGEST_BURST, TOP_FILES))
        # a timeout without edits yields an empty set
        self._bursts = watch(*self._watched, step=step, debounce=debounce, rust_timeout=timeout, yield_on_timeout=True)
        next(self._bursts)  # starts to watch

    def _existing(self) -> frozenset[Path]:
        return frozenset(path for path in self._folders() if path.is_dir())

    def _top_files(self) -> set[tuple[str, int]]:
        found = set()
        # a file may be deleted before it is checked
        with contextlib.suppress(OSError), os.scandir(self._root) as entries:
            for entry in entries:
                if entry.is_file() and self._is_watched(Change.modified, entry.path):
                    found.add((entry.path, entry.stat().st_mtime_ns))
        return found


def watched_folders(root: Path, config: MkDocsConfig | None) -> Iterable[Path]:
    """Return the root's input folders, the `watch` folders in the settings, and the folders of hooks."""
    found = [root / name for name in INPUTS]
    if config is not None:
        found += [Path(path) for path in config.watch]
        hooks = config.user_configs[0].get("hooks") if config.user_configs else None
        found += [(root / str(hook)).parent for hook in hooks or ()]
    return [path for path in found if path.resolve() != root.resolve()]
