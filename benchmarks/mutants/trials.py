"""Collects the tests of a module once, and tests each change in a forked process."""

import os
import resource
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest
from _pytest.doctest import DoctestItem
from _pytest.runner import runtestprotocol

from benchmarks.mutants.apply import apply

SECONDS = 120
"""The maximum processor time of the tests with a change. A slower change counts as detected."""


class Trials:
    """A pytest plugin that runs the tests repeatedly, each time with one change to the module's source.

    `tell` is called with the result of each change. It isn't called if the tests fail without a change.
    """

    def __init__(
        self, name: str, checkout: Path, source: str, changes: Sequence[str], tell: Callable[[bool], None]
    ) -> None:
        self.name, self.checkout, self.source, self.changes, self.tell = name, checkout, source, changes, tell

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        """Replace pytest's own test loop."""
        items = list(session.items)
        if self._failing(items, self.source) is not None:
            return True
        for change in self.changes:
            failing = self._failing(items, change)
            self.tell(failing is None)
            if failing is not None and failing >= 0:
                # the next change is likely to be noticed by the same
                items.insert(0, items.pop(failing))
        return True

    def _failing(self, items: Sequence[pytest.Item], source: str) -> int | None:
        """Return the index of the first test that fails, -1 if no test can run, or None if all tests pass."""
        reading, writing = os.pipe()
        if (child := os.fork()) == 0:
            os.close(reading)
            self._run(items, source, writing)
        os.close(writing)
        with os.fdopen(reading, "rb") as told:
            index = told.read()
        status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
        return None if status == 0 else int(index or b"-1")

    def _run(self, items: Sequence[pytest.Item], source: str, writing: int) -> None:
        """Run the tests in this process, and exit after the first failure."""
        status = 1
        # of the processor's, so that a busy machine notices nothing by itself
        resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
        try:
            silence = os.open(os.devnull, os.O_WRONLY)
            os.dup2(silence, 1)
            os.dup2(silence, 2)
            examples: list[dict[str, Any]] = [item.dtest.globs for item in items if isinstance(item, DoctestItem)]
            apply(sys.modules[self.name], self.source, source, self.checkout, tuple(examples))
            for at, item in enumerate(items):
                following = items[at + 1] if at + 1 < len(items) else None
                if any(report.failed for report in runtestprotocol(item, log=False, nextitem=following)):
                    os.write(writing, str(at).encode())
                    return
            status = 0
        finally:
            os._exit(status)
