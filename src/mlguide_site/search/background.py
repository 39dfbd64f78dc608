"""Indexes the last build's pages during a build, so that only changed pages are indexed after the build."""

import os
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager, suppress
from multiprocessing.connection import Connection
from pathlib import Path

from mkdocs_incremental.workers import can_fork, start_worker
from mlguide_site.errors import ResourceError
from mlguide_site.model.digests import digest
from mlguide_site.search.pagefind import FOLDER, TIMEOUT, Pagefind, Prepared, indexed_pages, indexed_part


@contextmanager
def indexing_ahead(site: Path | None, jobs: int) -> Iterator[Prepared]:
    """Index a site's pages during a build, if there is an index, the system supports `fork`, and `jobs` is over 1."""
    prepared: Prepared = lambda _: None  # noqa: E731
    with ExitStack() as stack:
        if site and jobs > 1 and (site / FOLDER).is_dir() and can_fork():
            # if Pagefind doesn't start, the indexing after the build reports why
            with suppress(ResourceError, OSError):
                prepared = stack.enter_context(closing(_Prefetch(site))).files
        yield prepared


class _Prefetch:
    """A Pagefind process, and a worker process that sends a site's pages to Pagefind. The worker isn't a thread,
    because the build can't fork while threads are running."""

    def __init__(self, site: Path) -> None:
        self._pagefind = Pagefind("nice")
        self._worker, self._receiver = start_worker(_send, self._pagefind, site)

    def files(self, site: Path) -> dict[str, bytes] | None:
        """Return the index files for a site's pages, or None if pages were added or removed, or if Pagefind failed."""
        # the new pages are read while the pages of the last build are still being added
        pages = {path: digest(page) for path, page in indexed_pages(site)}
        try:
            sent: dict[str, str] = self._receiver.recv() if self._receiver.poll(TIMEOUT) else {}
        except (EOFError, OSError):
            return None
        if sent.keys() != pages.keys():
            return None
        changed = [path for path, known in pages.items() if known != sent[path]]
        with suppress(ResourceError):
            return self._pagefind.files((path, indexed_part((site / path).read_bytes())) for path in changed)
        return None

    def close(self) -> None:
        self._worker.kill()
        self._worker.join()
        self._receiver.close()
        self._pagefind.close()


def _send(pagefind: Pagefind, site: Path, sender: Connection, parent: int) -> None:
    """Add a site's pages to the index, and send the pages' digests. After an error, nothing is sent."""
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
