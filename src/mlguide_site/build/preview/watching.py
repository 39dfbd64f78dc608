"""Watches a root for edits and passes them on in bursts."""

import os
import queue
import threading
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

from watchfiles import Change, DefaultFilter, watch

TIMEOUT = 200
"""Milliseconds after which a thread checks whether to end."""
TIMES: Any = {"step": 10, "debounce": 400, "rust_timeout": TIMEOUT}
"""In milliseconds: a burst ends after `step` without an edit, at the latest after `debounce`."""


class Watcher:
    """Watches the files at the top of a root, and some folders at any depth, also if they are created later."""

    def __init__(self, root: Path, folders: Callable[[], Iterable[Path]]) -> None:
        """`folders` returns the folders to watch; it is called again after each change."""
        self._root, self._folders = root, folders
        self._edits: queue.SimpleQueue[frozenset[str]] = queue.SimpleQueue()
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

    def wait(self, seconds: float | None = None) -> frozenset[str] | None:
        """Wait for edits: the paths of all edited files as far as known, or None after some seconds."""
        try:
            paths = self._edits.get(timeout=seconds)
        except queue.Empty:
            return None
        while not self._edits.empty():
            paths |= self._edits.get()
        return paths

    def _existing(self) -> frozenset[Path]:
        return frozenset(path for path in self._folders() if path.is_dir())

    def _watch_root(self) -> None:
        for edits in _bursts([self._root], self._stopped, _Ignored(self._root)):
            self.update_folders()
            self._edits.put(edits)

    def _watch_folders(self) -> None:
        while not self._stopped.is_set():
            self._changed.clear()
            self._watched = self._existing()
            if not self._watched:
                self._changed.wait(TIMEOUT / 1000)
                self.update_folders()
                continue
            for edits in _bursts(self._watched, self._changed):
                self._edits.put(edits)
                if self._existing() != self._watched:
                    break
            self._edits.put(frozenset())  # a build finds edits made between two watches


def _bursts(
    folders: Iterable[Path], stop: threading.Event, top: DefaultFilter | None = None
) -> Iterator[frozenset[str]]:
    """The paths of edited files in folders, burst after burst; with a filter only of those directly in them."""
    edits = watch(*folders, watch_filter=top or DefaultFilter(), recursive=top is None, stop_event=stop, **TIMES)
    return (frozenset(path for _, path in burst) for burst in edits)


class _Ignored(DefaultFilter):
    """Leaves out the folders that builds write to; other folders of the root are watched by themselves."""

    def __init__(self, root: Path) -> None:
        super().__init__()
        self._ignored = frozenset(os.fspath(root / name) for name in ("build", "site", ".mlguide", ".git"))

    def __call__(self, change: Change, path: str) -> bool:
        return path not in self._ignored and super().__call__(change, path)
