"""The preview's course: build, tell browsers, add what no engine makes, index for the search; again on each edit."""

import contextlib
import shutil
import threading
import time
import webbrowser
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Protocol

from mlguide_site import search
from mlguide_site.build.preview.news import Board
from mlguide_site.build.preview.server import Server
from mlguide_site.build.preview.watching import Watcher
from mlguide_site.errors import ContentError, ResourceError, SiteError, visible

Say = Callable[[str], None]
REST = 0.3
"""Seconds after an edit was shown until the rest follows, unless there is another."""
LONGEST = 3.0
"""Seconds of one edit after the other after which the rest follows all the same."""


class Maker(Protocol):
    """What makes a site in a folder, again and again."""

    site: Path

    def make(self) -> Iterable[str] | None:
        """Bring the pages up to date; the addresses of those that changed, None for all. Raises SiteError."""

    def soon(self, paths: Iterable[str]) -> Iterable[str]:
        """Bring up to date ahead of `make`, which follows, what of the pages can be told from these edited files alone;
        the addresses of the pages that changed. Raises SiteError."""

    def complete(self) -> None:
        """Add what no engine makes, but for the search index. Raises SiteError."""

    def settle(self) -> None:
        """Make ready for the next edit. Raises SiteError."""

    def folders(self) -> Iterable[Path]:
        """What is to be watched, at any depth."""


class Indexer:
    """Makes the search index beside everything else; what changes meanwhile is indexed thereafter."""

    def __init__(self, site: Path, say: Say) -> None:
        self._site, self._say = site, say
        self._wanted, self._ended = threading.Event(), threading.Event()
        self._thread = threading.Thread(target=self._work, daemon=True)
        self._thread.start()

    def want(self) -> None:
        """The pages have changed."""
        self._wanted.set()

    def stop(self) -> None:
        """Index no more."""
        self._ended.set()
        self._wanted.set()

    def _work(self) -> None:
        while True:
            self._wanted.wait()
            if self._ended.is_set():
                return
            self._wanted.clear()
            try:
                search.index(self._site, self._site.with_name(f"{self._site.name}.search"))
            except SiteError as error:
                # where another build took the site's place meanwhile, the next round tells
                if not self._wanted.is_set() and not self._ended.is_set():
                    self._say(f"warning: the search isn't up to date: {error}")


class Heard:
    """What is said during a build, for browsers to show; `say` passes it on at once."""

    def __init__(self, say: Say) -> None:
        self._say = say
        self._lines: list[str] | None = None

    def __call__(self, line: str) -> None:
        """Say a line."""
        self._say(line)
        if self._lines is not None:
            self._lines.append(line)

    @contextlib.contextmanager
    def listening(self) -> Iterator[list[str]]:
        """The lines said meanwhile."""
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
    root: Path, maker: Maker, address: tuple[str, int], mount: str, heard: Heard, say: Say, open_browser: bool
) -> None:
    """Serve the preview of a root below the address `mount` until interrupted. Raises ResourceError where the address
    can't be had."""
    board = Board()
    url = site_url(address, mount)
    try:
        server = Server(address, maker.site, mount, board)
    except (OSError, TypeError, ValueError, OverflowError) as error:
        # what can't be the name of a host is refused without a word that a reader could use
        why = error.strerror or error if isinstance(error, OSError) else "this is no address"
        what = f"{visible(address[0])[:80]}:{address[1]}: {why}"
        raise ResourceError(f"{what}; name another address: mlguide serve --address 127.0.0.1:8001") from None
    watcher = Watcher(root, maker.folders)
    indexer = Indexer(maker.site, say)
    threading.Thread(target=server.serve_forever, args=(0.1,), daemon=True).start()
    try:
        # before the first build: an edit made meanwhile is not to be missed
        watcher.start()
        say("Building the preview")
        # whatever an earlier preview was stopped at is made up for
        is_whole = _build(maker, board, indexer, heard, say, is_whole=False)
        say(f"Serving on {url} (stop with Ctrl+C)")
        if open_browser:
            webbrowser.open(url)
        while True:
            edits: frozenset[str] | None = watcher.wait()
            is_ahead = False
            end = time.monotonic() + LONGEST
            while edits is not None and not board.news.problems and _show_soon(maker, board, say, edits):
                is_ahead = True
                indexer.want()
                # browsers load what they are shown before anything else is done, and who writes may go on
                edits = watcher.wait(REST) if time.monotonic() < end else None
            is_whole = _build(maker, board, indexer, heard, say, is_whole, is_ahead)
            watcher.look_again()
    finally:
        board.close()
        watcher.stop()
        indexer.stop()
        server.shutdown()
        server.server_close()


def _show_soon(maker: Maker, board: Board, say: Say, paths: Iterable[str]) -> bool:
    """Show what can be shown before a build; whether anything may have changed. The build tells what is in the way."""
    start = time.perf_counter()
    try:
        changed = frozenset(maker.soon(paths))
    except SiteError:
        return True
    if changed:
        _tell_built(board, say, changed, start)
    return bool(changed)


def _tell_built(board: Board, say: Say, changed: frozenset[str] | None, start: float) -> None:
    board.built(changed)
    count = "all pages" if changed is None else f"{len(changed)} file{'' if len(changed) == 1 else 's'}"
    say(f"Built {count} in {time.perf_counter() - start:.2f} s")


def _build(
    maker: Maker, board: Board, indexer: Indexer, heard: Heard, say: Say, is_whole: bool, is_ahead: bool = False
) -> bool:
    """Build once; whether the site then has all that belongs to its pages. `is_whole` tells whether it had before, and
    `is_ahead` that pages were made, shown and indexed since."""
    start = time.perf_counter()
    with heard.listening() as lines:
        try:
            changed = maker.make()
            if changed is not None:
                changed = frozenset(changed)
        except SiteError as error:
            _fail(error, lines, board, say)
            return False
    is_same = changed is not None and not changed
    if not is_same:
        _tell_built(board, say, changed, start)
    if not is_same or not is_whole or is_ahead:
        try:
            maker.complete()
        except SiteError as error:
            _fail(error, [], board, say)
            return False
    if not is_same or not is_whole:
        indexer.want()
    try:
        maker.settle()
    except SiteError as error:
        _fail(error, [], board, say)
        return False
    if is_same and board.news.problems:
        # what stood in the way is gone, and the site is as it was
        board.built(())
        say("Nothing stands in the way any more; the preview is up to date")
    return True


def _fail(error: SiteError, lines: list[str], board: Board, say: Say) -> None:
    told = [str(problem) for problem in error.problems] if isinstance(error, ContentError) else [str(error)]
    told = [line for line in told if line and line not in lines]
    for line in told:
        say(line)
    board.failed([*lines, *told] or ["the build failed"])
    say("Not built; the last good state stays up")


def clear(folder: Path, *files: Path) -> None:
    """Forget an earlier preview."""
    shutil.rmtree(folder, ignore_errors=True)
    for file in files:
        file.unlink(missing_ok=True)
