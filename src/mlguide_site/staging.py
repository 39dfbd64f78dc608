"""The stages before and after an engine, in this process or, for a large root, in one of their own: what they and the
engine know of thousands of notes never stands in the memory of one."""

import contextlib
import os
import pickle
import signal
import sys
from collections.abc import Callable
from itertools import islice
from pathlib import Path
from typing import IO, Any, Protocol

from mlguide_site.config import Settings
from mlguide_site.errors import Problem, SiteError
from mlguide_site.finish import finish
from mlguide_site.pipeline import Generated, Stopwatch, generate, remembered
from mlguide_site.rebuild.workers import can_fork

LARGE = 3000
"""A root of so many notes is large."""
Say = Callable[[str], None]


class Stages(Protocol):
    """Generates the pages of a root; once the engine has made a site of them, adds to that what no engine makes."""

    def generate(self, root: Path, settings: Settings, jobs: int, say: Say, watch: Stopwatch) -> tuple[Problem, ...]:
        """Generate the pages; the problems found on the way. Raises SiteError."""

    def finish(self, site: Path, pages: Path, place: str, watch: Stopwatch) -> None:
        """Add to the site in the folder `site`, which is to stand in `place` in the end and was made from the folder
        `pages`, after `generate`. Raises SiteError."""

    def close(self) -> None:
        """Let go of everything."""


class Here:
    """The stages in this process. `keeps` asks for what later edits need."""

    def __init__(self, keeps: bool = False) -> None:
        self._keeps = keeps
        self.generated: Generated | None = None
        self._told: tuple[Path, Settings, int, Say] | None = None

    def generate(self, root: Path, settings: Settings, jobs: int, say: Say, watch: Stopwatch) -> tuple[Problem, ...]:
        """See `Stages`."""
        self.generated = None
        self._told = root, settings, jobs, say
        self.generated = generate(root, settings, watch, jobs=jobs, say=say, keeps=self._keeps)
        return self.generated.problems

    def finish(self, site: Path, pages: Path, place: str, watch: Stopwatch) -> None:
        """See `Stages`."""
        if self.generated is None or self._told is None:
            return
        linked, outlook = self.generated.linked, self.generated.outlook
        root, settings, jobs, say = self._told
        with remembered(root, say=say) as store:
            watch.time("finish", lambda: finish(linked, settings, site, pages, store, place, jobs, outlook))

    def close(self) -> None:
        """See `Stages`."""
        self.generated = None


class Apart:
    """The stages in a process that is forked from this one at once, and then works off what it is asked for. Where it
    comes to its end otherwise than it should, this process does the work again, and says why it can't be done."""

    def __init__(self) -> None:
        to_read, to_write = os.pipe()
        answers, replies = os.pipe()
        self._process = os.fork()
        if not self._process:
            os.close(to_write)
            os.close(answers)
            _serve_and_exit(to_read, replies)
        os.close(to_read)
        os.close(replies)
        self._requests: IO[bytes] = os.fdopen(to_write, "wb")
        self._answers: IO[bytes] = os.fdopen(answers, "rb")
        self._here: Here | None = None
        self._told: tuple[Path, Settings, int, Say] | None = None

    def generate(self, root: Path, settings: Settings, jobs: int, say: Say, watch: Stopwatch) -> tuple[Problem, ...]:
        """See `Stages`."""
        self._told = root, settings, jobs, say
        found = self._ask((root, settings, jobs), say, watch)
        if found is not None:
            problems: tuple[Problem, ...] = found[0]
            return problems
        return self._instead().generate(root, settings, jobs, say, watch)

    def finish(self, site: Path, pages: Path, place: str, watch: Stopwatch) -> None:
        """See `Stages`."""
        if self._told is None:
            return
        if self._here is None and self._ask((site, pages, place), self._told[-1], watch) is None:
            self._instead().generate(*self._told, Stopwatch())
        if self._here is not None:
            self._here.finish(site, pages, place, watch)

    def close(self) -> None:
        """See `Stages`."""
        for pipe in (self._requests, self._answers):
            with contextlib.suppress(OSError):
                pipe.close()
        if self._process:
            with contextlib.suppress(OSError):
                os.kill(self._process, signal.SIGKILL)
            with contextlib.suppress(OSError):
                os.waitpid(self._process, 0)
            self._process = 0
        if self._here is not None:
            self._here.close()

    def _instead(self) -> Here:
        self.close()
        self._here = Here()
        return self._here

    def _ask(self, request: object, say: Say, watch: Stopwatch) -> tuple[Any, ...] | None:
        """What the other process answers, alone in a tuple; None where it doesn't. Raises SiteError that is raised
        there."""
        if self._here is not None:
            return None
        try:
            pickle.dump(request, self._requests)
            self._requests.flush()
            while True:
                kind, told = pickle.load(self._answers)  # noqa: S301 - from our own process
                if kind == "said":
                    say(told)
                elif kind == "entered":
                    watch.entered(told)
                elif kind == "failed":
                    raise told
                else:
                    answer, seconds = told
                    watch.seconds.update(seconds)
                    return (answer,)
        except (OSError, EOFError, pickle.UnpicklingError):
            return None


def _serve_and_exit(requests: int, answers: int) -> None:
    """What the other process does. It holds what it was forked with, the lock on the root among it, until its end."""
    status = 1
    try:
        # whoever stops the build stops the process that asks
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        with os.fdopen(requests, "rb") as reading, os.fdopen(answers, "wb") as writing:
            _serve(reading, writing)
        status = 0
    except BaseException:  # noqa: S110 - the one that asks finds out by itself
        pass
    finally:
        sys.stderr.flush()
        os._exit(status)


def _serve(requests: IO[bytes], answers: IO[bytes]) -> None:
    def tell(kind: str, told: object) -> None:
        pickle.dump((kind, told), answers)
        answers.flush()

    def say(line: str) -> None:
        tell("said", line)

    watch = Stopwatch(entered=lambda stage: tell("entered", stage))
    stages = Here()
    try:
        root, settings, jobs = pickle.load(requests)  # noqa: S301 - from our own process
        tell("done", (stages.generate(root, settings, jobs, say, watch), dict(watch.seconds)))
        site, pages, place = pickle.load(requests)  # noqa: S301
        stages.finish(site, pages, place, watch)
        tell("done", (None, dict(watch.seconds)))
    except SiteError as error:
        tell("failed", error)


def apart(root: Path) -> Apart | None:
    """The stages in a process of their own, where the root is large and the system can fork. Begun early, it has little
    of what the engine needs."""
    if not can_fork():
        return None
    notes = (name for _, _, names in os.walk(root / "episodes") for name in names if name.endswith(".md"))
    return Apart() if sum(1 for _ in islice(notes, LARGE)) == LARGE else None
