"""The stages before and after an engine, in this process or, with more than a few notes, in one of their own: they work
while the engine is imported and looks at what its last build left, and what the two know of thousands of notes never
stands in the memory of one. Little is imported before the process is there."""

import contextlib
import os
import pickle
import signal
from collections.abc import Callable, Sequence
from importlib import import_module
from itertools import islice
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, Protocol

from mkdocs_incremental.workers import can_fork
from mlguide_site.build.stopwatch import Stopwatch
from mlguide_site.config import Settings
from mlguide_site.errors import Problem, SiteError

if TYPE_CHECKING:
    from mlguide_site.build.stages_here import Here
    from mlguide_site.build.standing import Kept

MANY = 24
"""With so many notes a process of their own is worth its while."""
Say = Callable[[str], None]


class Stages(Protocol):
    """Generates the pages of a root; once the engine has made a site of them, adds to that what no engine makes."""

    @property
    def kept(self) -> "Kept | None":
        """What later edits need, where that was asked for."""

    def generate(self, root: Path, settings: Settings, jobs: int, say: Say, watch: Stopwatch) -> tuple[Problem, ...]:
        """Generate the pages; the problems found on the way. Raises SiteError."""

    def finish(self, site: Path, pages: Path, place: str, watch: Stopwatch) -> None:
        """Add to the site in the folder `site`, which is to stand in `place` in the end and was made from the folder
        `pages`, after `generate`. Raises SiteError."""

    def close(self) -> None:
        """Let go of everything."""


def here(keeps: bool = False) -> "Here":
    """The stages in this process. `keeps` asks for what later edits need."""
    # imported only now: where they have a process of their own, this one needs nothing of theirs
    from mlguide_site.build.stages_here import Here  # noqa: PLC0415

    return Here(keeps)


class Apart:
    """The stages in a process that is forked from this one at once, and then works off what it is asked for. Where it
    comes to its end otherwise than it should, this process does the work again, and says why it can't be done."""

    kept = None

    def __init__(self) -> None:
        """Begin the process. Raises OSError where the system has none to give."""
        with contextlib.ExitStack() as undone:
            to_read, to_write = _pipe(undone)
            answers, replies = _pipe(undone)
            self._process = os.fork()
            if not self._process:
                _serve_and_exit(to_read, replies, (to_write, answers))
            undone.pop_all()
        os.close(to_read)
        os.close(replies)
        self._requests: IO[bytes] = os.fdopen(to_write, "wb")
        self._answers: IO[bytes] = os.fdopen(answers, "rb")
        self._here: Here | None = None
        self._begun: tuple[Path, Settings, int] | None = None
        self._told: tuple[Path, Settings, int, Say] | None = None

    def begin(self, root: Path, settings: Settings, jobs: int) -> None:
        """Have the pages generated while this process does something else, for `generate` of the same to wait for."""
        self._begun = root, settings, jobs
        self._send("generate", self._begun)

    def generate(self, root: Path, settings: Settings, jobs: int, say: Say, watch: Stopwatch) -> tuple[Problem, ...]:
        """See `Stages`."""
        self._told = root, settings, jobs, say
        if self._here is not None:
            return self._here.generate(root, settings, jobs, say, watch)
        asked = root, settings, jobs
        begun, self._begun = self._begun, None
        if begun is not None and begun != asked:
            # a hook changed the settings meanwhile
            with contextlib.suppress(SiteError):
                self._answer(lambda _: None, Stopwatch())
        if begun != asked:
            self._send("generate", asked)
        found = self._answer(say, watch)
        if found is not None:
            problems: tuple[Problem, ...] = found[0]
            return problems
        return self._instead().generate(root, settings, jobs, say, watch)

    def finish(self, site: Path, pages: Path, place: str, watch: Stopwatch) -> None:
        """See `Stages`."""
        if self._told is None:
            return
        if self._here is None:
            self._send("finish", (site, pages, place))
            # nothing more is asked: the process ends while this one goes on
            self._let_go(self._requests)
            if self._answer(self._told[-1], watch) is None:
                self._instead().generate(*self._told, Stopwatch())
        if self._here is not None:
            self._here.finish(site, pages, place, watch)

    def close(self) -> None:
        """See `Stages`."""
        self._let_go(self._requests)
        if self._process:
            with contextlib.suppress(OSError):
                os.kill(self._process, signal.SIGKILL)
            with contextlib.suppress(OSError):
                os.waitpid(self._process, 0)
            self._process = 0
            # those that it shared its work with hold the other end: they are to be done before anybody writes anew
            with contextlib.suppress(OSError, ValueError):
                while self._answers.read(1 << 16):
                    pass
        self._let_go(self._answers)
        if self._here is not None:
            self._here.close()

    def _instead(self) -> "Here":
        self.close()
        self._here = here()
        return self._here

    @staticmethod
    def _let_go(pipe: IO[bytes]) -> None:
        with contextlib.suppress(OSError):
            pipe.close()

    def _send(self, kind: str, request: object) -> None:
        """Ask the other process; where it is gone, no answer tells."""
        with contextlib.suppress(OSError, ValueError):
            pickle.dump((kind, request), self._requests)
            self._requests.flush()

    def _answer(self, say: Say, watch: Stopwatch) -> tuple[Any, ...] | None:
        """What the other process answers, alone in a tuple; None where it doesn't. Raises SiteError that is raised
        there."""
        while True:
            try:
                kind, told = pickle.load(self._answers)  # noqa: S301 - from our own process
            except (OSError, EOFError, ValueError, pickle.UnpicklingError):
                return None
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


def _pipe(undone: contextlib.ExitStack) -> tuple[int, int]:
    """The ends of a pipe, which are closed where what follows fails."""
    ends = os.pipe()
    for end in ends:
        undone.callback(os.close, end)
    return ends


def _serve_and_exit(requests: int, answers: int, others: Sequence[int]) -> None:
    """What the other process does; `others` are ends of pipes that aren't its own. It holds what it was forked with,
    the lock on the root among it, until its end."""
    status = 1
    try:
        # whoever stops the build stops the process that asks
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        for end in others:
            os.close(end)
        with os.fdopen(requests, "rb") as reading, os.fdopen(answers, "wb") as writing:
            _serve(reading, writing)
        status = 0
    except BaseException:  # noqa: S110 - the one that asks finds out by itself
        pass
    finally:
        os._exit(status)


def _serve(requests: IO[bytes], answers: IO[bytes]) -> None:
    def tell(kind: str, told: object) -> None:
        pickle.dump((kind, told), answers)
        answers.flush()

    def say(line: str) -> None:
        tell("said", line)

    stages = here()
    while True:
        try:
            kind, request = pickle.load(requests)  # noqa: S301 - from our own process
        except EOFError:
            return
        watch = Stopwatch(entered=lambda stage: tell("entered", stage))
        try:
            if kind == "generate":
                root, settings, jobs = request
                tell("done", (stages.generate(root, settings, jobs, say, watch), watch.seconds))
                # while the engine is at work
                import_module("mlguide_site.build.finish")
            else:
                site, pages, place = request
                stages.finish(site, pages, place, watch)
                tell("done", (None, watch.seconds))
        except SiteError as error:
            tell("failed", error)


def apart(root: Path) -> Apart | None:
    """The stages in a process of their own, where there are many notes and the system can fork. Begun early, it has
    little of what the engine needs."""
    if not can_fork():
        return None
    notes = (name for _, _, names in os.walk(root / "episodes") for name in names if name.endswith(".md"))
    if sum(1 for _ in islice(notes, MANY)) < MANY:
        return None
    with contextlib.suppress(OSError):
        return Apart()
    return None
