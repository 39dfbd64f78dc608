"""Watches a root for edits and passes them on in bursts."""

import os
import queue
import threading
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import overload

from watchfiles import DefaultFilter, watch

TIMES = {"step": 10, "debounce": 400, "rust_timeout": 200}
"""In milliseconds: a burst ends after `step` without an edit, at the latest after `debounce`; a thread checks every
`rust_timeout` whether to end."""


class Watcher:
    """Watches the files at the top of a root, and some folders at any depth, also if they are created later."""

    def __init__(self, root: Path, folders: Callable[[], Iterable[Path]]) -> None:
        """`folders` returns the folders to watch; it is called again after each change."""
        self.root = root
        self.edits: queue.SimpleQueue[frozenset[str]] = queue.SimpleQueue()
        self._folders = folders
        self._stopped, self._changed = threading.Event(), threading.Event()
        self._threads = [threading.Thread(target=step, daemon=True) for step in (self._watch_root, self._watch_folders)]
        self._watched: frozenset[Path] = frozenset()

    def start(self) -> None:
        """Begin to watch."""
        self._watched = self._existing()
        for thread in self._threads:
            thread.start()

    def stop(self) -> None:
        """End the threads."""
        self._stopped.set()
        self._changed.set()
        for thread in self._threads:
            thread.join(2)

    def update_folders(self) -> None:
        """Watch other folders if there are others now."""
        if self._existing() != self._watched:
            self._changed.set()

    @overload
    def wait(self) -> frozenset[str]: ...
    @overload
    def wait(self, seconds: float) -> frozenset[str] | None: ...
    def wait(self, seconds: float | None = None) -> frozenset[str] | None:
        """Wait for edits: the paths of all edited files as far as known, or None after some seconds."""
        try:
            paths = self.edits.get(timeout=seconds)
        except queue.Empty:
            return None
        while not self.edits.empty():
            paths |= self.edits.get()
        return paths

    def _existing(self) -> frozenset[Path]:
        return frozenset(path for path in self._folders() if path.is_dir())

    def _watch_root(self) -> None:
        options = {"watch_filter": _TopLevel(self.root), "recursive": False, **TIMES}
        for edits in watch(self.root, stop_event=self._stopped, **options):  # type: ignore[arg-type]
            self.update_folders()
            self.edits.put(_paths(edits))

    def _watch_folders(self) -> None:
        while not self._stopped.is_set():
            self._changed.clear()
            self._watched = self._existing()
            if not self._watched:
                self._changed.wait(TIMES["rust_timeout"] / 1000)
                self.update_folders()
                continue
            for edits in watch(*sorted(self._watched), stop_event=self._changed, **TIMES):  # type: ignore[arg-type]
                self.edits.put(_paths(edits))
                if self._existing() != self._watched:
                    break
            if not self._stopped.is_set():
                self.edits.put(frozenset())  # a build finds edits made between two watches


def _paths(edits: Iterable[tuple[object, str]]) -> frozenset[str]:
    return frozenset(path for _, path in edits)


class _TopLevel(DefaultFilter):
    """Leaves out the folders that builds write to; other folders of the root are watched by themselves."""

    def __init__(self, root: Path) -> None:
        super().__init__()
        self._ignored = frozenset(os.fspath(root / name) for name in ("build", "site", ".mlguide", ".git"))

    def __call__(self, change: object, path: str) -> bool:
        return path not in self._ignored and super().__call__(change, path)  # type: ignore[arg-type]
