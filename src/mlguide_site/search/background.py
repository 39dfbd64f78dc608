"""Passes the last site's pages to Pagefind during a build, so that only changed pages remain to be parsed after it.
Pagefind writes the same index, unless a page was added or removed."""

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
    """Start indexing the pages of an indexed site, if the system can fork and `jobs` allows two processes."""
    prepared: Prepared = lambda _: None  # noqa: E731
    with ExitStack() as stack:
        if site and jobs > 1 and (site / FOLDER).is_dir() and can_fork():
            # if Pagefind doesn't start, indexing reports why
            with suppress(ResourceError, OSError):
                prepared = stack.enter_context(closing(_Prefetch(site))).files
        yield prepared


class _Prefetch:
    """Pagefind, and a process that sends it the pages of a site: with a thread, the build couldn't fork. Both run at
    the lowest priority."""

    def __init__(self, site: Path) -> None:
        self._pagefind = Pagefind("nice")
        context = multiprocessing.get_context("fork")
        self._receiver, sender = context.Pipe(duplex=False)
        self._worker = context.Process(target=_send, args=(self._pagefind, site, sender, os.getpid()), daemon=True)
        self._worker.start()
        sender.close()

    def files(self, site: Path) -> dict[str, bytes] | None:
        """The index files for a site's pages; None if other paths were sent before. Raises ResourceError."""
        # read while the last site's pages are still being added
        pages = {path: digest(page) for path, page in indexed_pages(site)}
        try:
            sent: dict[str, str] = self._receiver.recv() if self._receiver.poll(TIMEOUT) else {}
        except (EOFError, OSError):
            return None
        if sent.keys() != pages.keys():
            return None
        changed = [path for path, known in pages.items() if known != sent[path]]
        return self._pagefind.files((path, indexed_part((site / path).read_bytes())) for path in changed)

    def close(self) -> None:
        """End both processes."""
        self._worker.kill()
        self._worker.join()
        self._receiver.close()
        self._pagefind.close()


def _send(pagefind: Pagefind, site: Path, sender: Connection, parent: int) -> None:
    """Add the pages of a site, and send a digest of each. If that fails, all pages are indexed after the build."""
    os.nice(10)
    sent = {}
    with suppress(BaseException):
        for path, page in indexed_pages(site):
            if os.getppid() != parent:
                return
            pagefind.add(path, page)
            sent[path] = digest(page)
        pagefind.wait()
        sender.send(sent)
