"""Passes the last site's pages to Pagefind during a build, so that afterwards only changed pages remain to be parsed.
Pagefind writes the same index, as long as no page is new or gone."""

import multiprocessing
import os
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager, suppress
from multiprocessing.connection import Connection
from pathlib import Path

from mkdocs_incremental.workers import can_fork
from mlguide_site.errors import ResourceError
from mlguide_site.model.digests import digest
from mlguide_site.search.pagefind import FOLDER, TIMEOUT, Pagefind, Prepared, indexed_pages, indexed_part


@contextmanager
def indexing_ahead(site: Path | None, jobs: int) -> Iterator[Prepared]:
    """Start with the pages of an indexed site, if the system can fork and `jobs` allows two processes."""
    prepared: Prepared = lambda _: None  # noqa: E731
    with ExitStack() as stack:
        if site and jobs > 1 and (site / FOLDER).is_dir() and can_fork():
            # if Pagefind doesn't start, indexing reports why
            with suppress(ResourceError, OSError):
                prepared = stack.enter_context(closing(_Ahead(site))).files
        yield prepared


class _Ahead:
    """Pagefind, and a process that gives it the pages of a site: a thread would keep builds from forking. Both give way
    to the build."""

    def __init__(self, site: Path) -> None:
        self._pagefind = Pagefind("nice", "-n", "19")
        context = multiprocessing.get_context("fork")
        self._receiver, sender = context.Pipe(duplex=False)
        self._feeder = context.Process(target=_feed, args=(self._pagefind, site, sender, os.getpid()), daemon=True)
        self._feeder.start()
        sender.close()

    def files(self, site: Path) -> dict[str, bytes] | None:
        """The files of the index of a site's pages; None if other pages were given before. Raises ResourceError."""
        # read while the last site's pages are still being added
        pages = {path: digest(page) for path, page in indexed_pages(site)}
        try:
            given: dict[str, str] = self._receiver.recv() if self._receiver.poll(TIMEOUT) else {}
        except (EOFError, OSError):
            return None
        if given.keys() != pages.keys():
            return None
        changed = [path for path, known in pages.items() if known != given[path]]
        return self._pagefind.files((path, indexed_part((site / path).read_bytes())) for path in changed)

    def close(self) -> None:
        """End both processes."""
        self._feeder.kill()
        self._feeder.join()
        self._receiver.close()
        self._pagefind.close()


def _feed(pagefind: Pagefind, site: Path, sender: Connection, parent: int) -> None:
    """Add the pages of a site, and send a digest of each. If that fails, all pages are indexed after the build."""
    os.nice(19)
    given = {}
    with suppress(BaseException):
        for path, page in indexed_pages(site):
            if os.getppid() != parent:
                return
            pagefind.add(path, page)
            given[path] = digest(page)
        pagefind.wait()
        sender.send(given)
