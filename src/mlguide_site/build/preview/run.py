"""The main loop of a preview: build, update browsers, finish the site and index it; again after each edit."""

import contextlib
import shutil
import threading
import time
import webbrowser
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Protocol

from mlguide_site import search
from mlguide_site.build.preview.server import Server
from mlguide_site.build.preview.state import StateChannel
from mlguide_site.build.preview.watching import Watcher
from mlguide_site.errors import ContentError, ResourceError, SiteError, visible

Log = Callable[[str], None]
"""Gets lines for a person."""
PAUSE = 0.3
"""Seconds without an edit after which the full build follows the pages that were rendered early."""
LONGEST_DELAY = 3.0
"""Seconds of continuous editing after which it follows all the same."""


class PreviewSite(Protocol):
    """A site in a folder that can be rebuilt again and again. All methods raise SiteError."""

    site: Path

    def build(self) -> Iterable[str] | None:
        """Bring the pages up to date; the addresses of those that changed, None for all."""

    def render_early(self, paths: Iterable[str]) -> Iterable[str]:
        """Render the pages of edited files that no other page depends on, before `build`; their addresses."""

    def finish(self) -> None:
        """Add the files that no engine makes, without the search index."""

    def prepare_edits(self) -> None:
        """Get ready for `render_early`."""

    def watched_folders(self) -> Iterable[Path]:
        """The folders that are watched at any depth."""


class Indexer:
    """Rebuilds the search index in a thread, once more if pages change meanwhile."""

    def __init__(self, site: Path, log: Log) -> None:
        self._site, self._log = site, log
        self._requested, self._stopped = threading.Event(), threading.Event()
        threading.Thread(target=self._work, daemon=True).start()

    def request(self) -> None:
        """Index the pages, which have changed."""
        self._requested.set()

    def stop(self) -> None:
        """End the thread."""
        self._stopped.set()
        self._requested.set()

    def _work(self) -> None:
        while self._requested.wait() and not self._stopped.is_set():
            self._requested.clear()
            try:
                search.index(self._site, self._site.with_name(f"{self._site.name}.search"))
            except SiteError as error:
                # a build that replaced the site meanwhile requests the index again
                if not self._requested.is_set():
                    self._log(f"warning: the search index is out of date: {error}")


class LogRecorder:
    """Passes lines to a log and records those of a build, which browsers show."""

    def __init__(self, log: Log) -> None:
        self._log = log
        self._lines: list[str] | None = None

    def __call__(self, line: str) -> None:
        """Log a line."""
        self._log(line)
        if self._lines is not None:
            self._lines.append(line)

    @contextlib.contextmanager
    def recording(self) -> Iterator[list[str]]:
        """Record the lines logged in a `with` block."""
        lines: list[str] = []
        self._lines = lines
        try:
            yield lines
        finally:
            self._lines = None


def site_url(address: tuple[str, int], mount: str) -> str:
    """The address of a preview.

    >>> site_url(("::1", 8000), "/kb/")
    'http://[::1]:8000/kb/'
    """
    host = f"[{address[0]}]" if ":" in address[0] else address[0]
    return f"http://{host}:{address[1]}{mount}"


def run(
    root: Path, site: PreviewSite, address: tuple[str, int], mount: str, recorder: LogRecorder, log: Log, browse: bool
) -> None:
    """Serve the preview of a root below the path `mount` until interrupted; `browse` opens a browser. Raises
    ResourceError if the server can't listen at the address."""
    channel = StateChannel()
    url = site_url(address, mount)
    try:
        server = Server(address, site.site, mount, channel)
    except (OSError, TypeError, ValueError, OverflowError) as error:
        # the message for a host name that can't exist would not help a reader
        why = error.strerror or error if isinstance(error, OSError) else "this is not an address"
        what = f"{visible(address[0])[:80]}:{address[1]}: {why}"
        raise ResourceError(f"{what}; choose another address: mlguide serve --address 127.0.0.1:8001") from None
    watcher = Watcher(root, site.watched_folders)
    preview = _Preview(site, channel, Indexer(site.site, log), recorder, log)
    threading.Thread(target=server.serve_forever, args=(0.1,), daemon=True).start()
    try:
        # before the first build, so that no edit is missed
        watcher.start()
        log("Building the preview")
        preview.build()
        log(f"Serving on {url} (stop with Ctrl+C)")
        if browse:
            webbrowser.open(url)
        while True:
            edits: frozenset[str] | None = watcher.wait()
            is_early = False
            end = time.monotonic() + LONGEST_DELAY
            while edits is not None and not channel.state.problems and preview.render_early(edits):
                is_early = True
                # give browsers time to load these pages first
                edits = watcher.wait(PAUSE) if time.monotonic() < end else None
            preview.build(is_early)
            watcher.update_folders()
    finally:
        channel.close()
        watcher.stop()
        preview.indexer.stop()
        server.shutdown()
        server.server_close()


class _Preview:
    """Builds the site, and reports each build to browsers and in the log."""

    def __init__(
        self, site: PreviewSite, channel: StateChannel, indexer: Indexer, recorder: LogRecorder, log: Log
    ) -> None:
        self.indexer = indexer
        self._site, self._channel, self._recorder, self._log = site, channel, recorder, log
        self._is_finished = False
        """Whether the site has all files that belong to its pages; what an earlier preview left is not known."""

    def render_early(self, paths: Iterable[str]) -> bool:
        """Render what can be rendered before a build; whether any page may have changed."""
        start = time.perf_counter()
        try:
            changed = frozenset(self._site.render_early(paths))
        except SiteError:
            return True  # the build reports it
        if changed:
            self._report(changed, start)
            self.indexer.request()
        return bool(changed)

    def build(self, is_early: bool = False) -> None:
        """Build and finish the site; `is_early` tells that pages were rendered early since the last build."""
        start, was_finished = time.perf_counter(), self._is_finished
        self._is_finished = False
        with self._recorder.recording() as lines:
            try:
                addresses = self._site.build()
                changed = None if addresses is None else frozenset(addresses)
            except SiteError as error:
                return self._fail(error, lines)
        is_same = changed is not None and not changed
        if not is_same:
            self._report(changed, start)
        try:
            if not is_same or not was_finished or is_early:
                self._site.finish()
            if not is_same or not was_finished:
                self.indexer.request()
            self._site.prepare_edits()
        except SiteError as error:
            return self._fail(error, [])
        self._is_finished = True
        if is_same and self._channel.state.problems:
            self._channel.succeeded(())
            self._log("Errors fixed; the preview is up to date")

    def _report(self, changed: frozenset[str] | None, start: float) -> None:
        self._channel.succeeded(changed)
        count = "all pages" if changed is None else f"{len(changed)} file{'' if len(changed) == 1 else 's'}"
        self._log(f"Built {count} in {time.perf_counter() - start:.2f} s")

    def _fail(self, error: SiteError, logged: list[str]) -> None:
        lines = [str(problem) for problem in error.problems] if isinstance(error, ContentError) else [str(error)]
        lines = [line for line in lines if line and line not in logged]
        for line in lines:
            self._log(line)
        self._channel.failed([*logged, *lines] or ["the build failed"])
        self._log("Not built; the preview still shows the last good state")


def clear(folder: Path, *files: Path) -> None:
    """Delete what an earlier preview left."""
    shutil.rmtree(folder, ignore_errors=True)
    for file in files:
        file.unlink(missing_ok=True)
