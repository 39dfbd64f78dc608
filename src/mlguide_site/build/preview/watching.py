"""What is watched for edits, and the edits as they come, a burst of them at once."""

import os
import queue
import threading
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import overload

from watchfiles import DefaultFilter, watch

STEP = 10
"""Milliseconds without another edit after which a burst is over."""
LONGEST = 400
"""Milliseconds after which it is passed on all the same."""
WAIT = 200
"""Milliseconds after which a thread looks whether it is to end."""


class Watcher:
    """Puts a word into a queue whenever anything changed in a root: the files that stand in it, and all that stands
    below some of its folders, also where these are made only later."""

    def __init__(self, root: Path, folders: Callable[[], Iterable[Path]]) -> None:
        """`folders` tells the folders that are watched at any depth; it is asked again after each change."""
        self.root = root
        self.edits: queue.SimpleQueue[frozenset[str]] = queue.SimpleQueue()
        self._folders = folders
        self._ended, self._others = threading.Event(), threading.Event()
        self._threads = [threading.Thread(target=step, daemon=True) for step in (self._watch_root, self._watch_folders)]
        self._watched: frozenset[Path] = frozenset()

    def start(self) -> None:
        """Begin to watch."""
        self._watched = self._wanted()
        for thread in self._threads:
            thread.start()

    def stop(self) -> None:
        """Watch no more."""
        self._ended.set()
        self._others.set()
        for thread in self._threads:
            thread.join(2)

    def look_again(self) -> None:
        """What is to be watched may be other folders now."""
        if self._wanted() != self._watched:
            self._others.set()

    @overload
    def wait(self) -> frozenset[str]: ...
    @overload
    def wait(self, seconds: float) -> frozenset[str] | None: ...
    def wait(self, seconds: float | None = None) -> frozenset[str] | None:
        """Wait for an edit; all that have come until then count as one. The paths of what was edited, as far as that is
        known; None where nothing was within some seconds."""
        try:
            paths = self.edits.get(timeout=seconds)
        except queue.Empty:
            return None
        while not self.edits.empty():
            paths |= self.edits.get()
        return paths

    def _wanted(self) -> frozenset[Path]:
        return frozenset(path for path in self._folders() if path.is_dir())

    def _watch_root(self) -> None:
        options = {"debounce": LONGEST, "step": STEP, "rust_timeout": WAIT, "recursive": False}
        filter = _Files(self.root)
        for edits in watch(self.root, stop_event=self._ended, watch_filter=filter, **options):  # type: ignore[arg-type]
            self.look_again()
            self.edits.put(_paths(edits))

    def _watch_folders(self) -> None:
        options = {"debounce": LONGEST, "step": STEP, "rust_timeout": WAIT}
        while not self._ended.is_set():
            self._others.clear()
            self._watched = self._wanted()
            if not self._watched:
                self._others.wait(WAIT / 1000)
                self.look_again()
                continue
            for edits in watch(*sorted(self._watched), stop_event=self._others, **options):  # type: ignore[arg-type]
                self.edits.put(_paths(edits))
                if self._wanted() != self._watched:
                    break
            if not self._ended.is_set():
                # what came between two watches is nobody's loss: a build finds it
                self.edits.put(frozenset())


def _paths(edits: Iterable[tuple[object, str]]) -> frozenset[str]:
    return frozenset(path for _, path in edits)


class _Files(DefaultFilter):
    """What counts of a root's own files: not what builds leave there, nor the folders, which are watched themselves."""

    def __init__(self, root: Path) -> None:
        super().__init__()
        self._left_out = frozenset(os.fspath(root / name) for name in ("build", "site", ".mlguide", ".git"))

    def __call__(self, change: object, path: str) -> bool:
        return path not in self._left_out and super().__call__(change, path)  # type: ignore[arg-type]
