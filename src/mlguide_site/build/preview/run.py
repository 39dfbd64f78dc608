"""Runs the preview. After each edit, the preview builds the site, updates browsers, and rebuilds the search index."""

import contextlib
import logging
import os
import signal
import threading
import time
import webbrowser
from collections.abc import Callable, Iterable
from pathlib import Path
from urllib.parse import urlsplit

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import Abort, MkDocsException
from watchfiles import Change, DefaultFilter, watch

from mlguide_site.build.engines.configuration import site_settings
from mlguide_site.build.engines.failures import listening
from mlguide_site.build.inputs import INPUTS
from mlguide_site.build.preview.server import Server, StateChannel
from mlguide_site.build.preview.site import PreviewSite
from mlguide_site.errors import ResourceError, SiteError, counted, visible
from mlguide_site.search import pagefind as search

ADDRESS = ("127.0.0.1", 8000)
# all delays are in seconds
PAUSE_IN_EDITS = 0.01  # edits that follow each other within this time are reported together, as one burst
LONGEST_BURST = 0.4  # a burst is reported after this time, even if edits continue
PAUSE_BEFORE_BUILD = 0.3  # time without edits before a build, if pages have already been rendered by `render_early`
LONGEST_DELAY_OF_BUILD = 3.0  # the build starts after this time, even if edits continue
TOP_FILES = 0.1  # the files at the top of the root are checked at this interval, because only folders are watched


class Log:
    """A log that prints each line, and stores the lines of the latest build for browsers."""

    def __init__(self, say: Callable[[str], None]) -> None:
        self._say = say
        self.lines: list[str] = []

    def __call__(self, line: str) -> None:
        self._say(line)
        self.lines.append(line)


def serve(root: Path, say: Callable[[str], None], address: str | None, browse: bool) -> None:
    """Serve a preview until the process is stopped, and rebuild the site after every edit. If `browse` is true, open a
    browser. Raises ResourceError if the server can't listen on the address."""
    log = Log(say)
    listen, mount = _address_of(root, address)
    site = PreviewSite(root, log, site_url(listen, mount))
    if threading.current_thread() is threading.main_thread():
        # stop cleanly on SIGTERM, as on Ctrl+C
        signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        with listening("mkdocs", log, logging.WARNING, root):
            run(site, listen, mount, log, browse)
    except KeyboardInterrupt:
        log("Stopped")
    finally:
        site.close()


def _address_of(root: Path, address: str | None) -> tuple[tuple[str, int], str]:
    """Return the host and port to listen on, and the site's path. Use defaults if the settings can't be read."""
    try:
        config = site_settings(root)
        listen = (config.dev_addr.host, config.dev_addr.port)
        mount = "/" + urlsplit(config.site_url or "").path.strip("/")
    except (SiteError, MkDocsException, Abort, OSError, ValueError):
        listen, mount = ADDRESS, "/"
    if address is not None:
        host, _, port = address.rpartition(":")
        listen = (host.strip("[]"), int(port))
    return listen, mount if mount.endswith("/") else f"{mount}/"


def site_url(address: tuple[str, int], mount: str) -> str:
    """Return the address of a preview, such as `http://[::1]:8000/kb/`."""
    host = f"[{address[0]}]" if ":" in address[0] else address[0]
    return f"http://{host}:{address[1]}{mount}"


def run(site: PreviewSite, address: tuple[str, int], mount: str, log: Log, browse: bool) -> None:
    """Serve a site at the path `mount` until the user interrupts the process. Raises ResourceError as `serve` does."""
    channel = StateChannel()
    url = site_url(address, mount)
    try:
        server = Server(address, site.site, mount, channel)
    except (OSError, TypeError, ValueError, OverflowError) as error:
        # the system's message about an invalid host name isn't helpful
        why = error.strerror or error if isinstance(error, OSError) else "this is not an address"
        what = f"{visible(address[0])[:80]}:{address[1]}: {why}"
        raise ResourceError(f"{what}; choose another address: mlguide serve --address 127.0.0.1:8001") from None
    # watch before the first build, so that no edit is missed
    watcher = Watcher(site.root, lambda: watched_folders(site.root, site.config))
    preview = _Preview(site, channel, log)
    threading.Thread(target=server.serve_forever, args=(0.1,), daemon=True).start()
    try:
        log("Building the preview")
        preview.build()
        log(f"Serving on {url} (stop with Ctrl+C)")
        if browse:
            webbrowser.open(url)
        while True:
            edits = watcher.wait()
            end = time.monotonic() + LONGEST_DELAY_OF_BUILD
            while edits is not None and not channel.state.problems and preview.render_early(edits):
                # before the build, give browsers time to load the pages that were rendered early
                edits = watcher.wait(PAUSE_BEFORE_BUILD) if time.monotonic() < end else None
            preview.build()
    finally:
        channel.close()
        preview.indexer.stop()
        server.shutdown()
        server.server_close()


class Indexer:
    """A thread that rebuilds the search index, and rebuilds the index again if pages change meanwhile."""

    def __init__(self, site: Path, log: Callable[[str], None]) -> None:
        self._site, self._log = site, log
        self._requested, self._stopped = threading.Event(), threading.Event()
        threading.Thread(target=self._work, daemon=True).start()

    def request(self) -> None:
        self._requested.set()

    def stop(self) -> None:
        self._stopped.set()
        self._requested.set()

    def _work(self) -> None:
        while self._requested.wait() and not self._stopped.is_set():
            self._requested.clear()
            try:
                search.index(self._site, self._site.with_name(f"{self._site.name}.search"))
            except SiteError as error:
                # if a build has replaced the site meanwhile, that build requests a new index
                if not self._requested.is_set():
                    self._log(f"warning: the search index is out of date: {error}")


class _Preview:
    """Builds a preview, and reports each build to browsers and to the log."""

    def __init__(self, site: PreviewSite, channel: StateChannel, log: Log) -> None:
        self.indexer = Indexer(site.site, log)
        self._site, self._channel, self._log = site, channel, log

    def render_early(self, paths: Iterable[str]) -> bool:
        """Render edited notes before the build if no other page is affected. Return True if pages may have changed."""
        start = time.perf_counter()
        try:
            changed = self._site.render_early(paths)
        except SiteError:
            return True  # the build reports this error
        if changed:
            self._report(changed, start)
        return bool(changed)

    def build(self) -> None:
        start = time.perf_counter()
        self._log.lines.clear()
        try:
            changed = self._site.build()
            if changed != []:
                self._report(changed, start)
            self._site.finish()
        except SiteError as error:
            return self._fail(error)
        self.indexer.request()
        if changed == [] and self._channel.state.problems:
            self._channel.succeeded(())
            self._log("Errors fixed; the preview is up to date")

    def _report(self, changed: list[str] | None, start: float) -> None:
        self._channel.succeeded(changed)
        count = "all pages" if changed is None else counted(len(changed), "file")
        self._log(f"Built {count} in {time.perf_counter() - start:.2f} s")

    def _fail(self, error: SiteError) -> None:
        logged = self._log.lines[:]
        lines = [line for line in str(error).split("\n") if line and line not in logged]
        for line in lines:
            self._log(line)
        self._channel.failed([*logged, *lines] or ["the build failed"])
        self._log("Not built; fix the errors above. Until then, the preview shows the last successful build")


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
