"""Builds again and again in one process, as a preview does: what one build has found out serves the next."""

import os
import shutil
import time
from collections.abc import Callable, Collection, Iterable
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType
from typing import Self

from mkdocs.config.defaults import MkDocsConfig

from mkdocs_incremental.built import Built, Message
from mkdocs_incremental.course import StrangeError
from mkdocs_incremental.driver import Prepared, Request, events_of_failure, keep, opened, prepare, still_true, whole
from mkdocs_incremental.hooks import forget_hooks
from mkdocs_incremental.installed import contents
from mkdocs_incremental.key import code
from mkdocs_incremental.ledger import Past, frame, loose_themes, recall
from mkdocs_incremental.marks import Snapshot, trees
from mkdocs_incremental.messages import overheard
from mkdocs_incremental.outputs import Outputs
from mkdocs_incremental.remade import Memory, Stamp, remake, stamp_of, stamps
from mkdocs_incremental.site import Site, Work, engine_files, make_site, refuse_strictly
from mkdocs_incremental.understood import doubt, is_all_known
from mkdocs_incremental.watch import Watch


class Rebuilder:
    """Keeps settings, files, navigation and pages in memory, and on each call of `build` makes what changed on disk.

    `load` gives MkDocs' settings; it is called again when they, hooks or programs have changed. The other arguments are
    those of `driver.build`. A build that fails leaves the site that stands, or, where it fails while files are written,
    has all made anew by the next; either way `build` may simply be called again.

    To be closed, or used in `with`: what it knows is then written to the cache.
    """

    def __init__(
        self,
        load: Callable[[], MkDocsConfig],
        site: Path,
        cache: Path,
        jobs: int = 1,
        inputs: Iterable[Path] = (),
        drafts: bool = False,
        notice: Callable[[str], None] = lambda _: None,
    ) -> None:
        """Open the cache. Raises BlockingIOError where another process builds with it, OSError."""
        # what is on disk is looked at by each build; the cache can't tell that nothing changed since
        request = Request(
            site.absolute(), cache.absolute(), jobs, tuple(inputs), "resident", drafts=drafts, notice=notice
        )
        self._load, self._request = load, request
        self._stack = ExitStack()
        self._store = self._stack.enter_context(opened(request))
        self._past: Past | None = None
        self._ready: Prepared | None = None
        self._memory: Memory | None = None
        self._frame = self._themes = Snapshot.take((), 0)
        self._outputs = Outputs.of(request.site, ())
        """The pages and what is copied; other programs may add to what templates make, as to a map of the site."""
        self._started: MkDocsConfig | None = None
        self._heard: tuple[Message, ...] = ()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def build(self) -> Built:
        """Bring the site up to date. Raises as `driver.build` does."""
        watch = Watch()
        # where this build fails, the pages in memory are of neither state
        memory, self._memory = self._memory, None
        with overheard() as heard:
            return self._again(memory, watch, heard) or self._anew(memory, watch, heard)

    def rebuild(self, sources: Iterable[str]) -> Built | None:
        """Make again the pages of these files of `docs_dir`, by path in it, on the word of the caller that no plugin
        must run before and that nothing else has changed, or that `build` follows at once. None where that isn't
        enough: nothing was written then. Raises as `driver.build` does."""
        watch = Watch()
        memory, self._memory = self._memory, None
        if memory is None or not memory.is_open_to_edits():
            self._memory = memory
            return None
        paths = [os.path.join(memory.course.config.docs_dir, *path.split("/")) for path in sources]
        with overheard() as heard:
            for plugin in memory.course.known.values():
                plugin.begin()
            known = {path: stamp for path in paths if (stamp := stamp_of(path, time.time_ns()))}
            built = self._remade(memory, paths, {**memory.sources, **known}, watch, heard)
        if built is None:
            self._memory = memory
        return built

    def close(self) -> None:
        """Write down what is known, let go of the cache, and let plugins know that this is the end."""
        with self._stack:
            # what somebody else did to the site isn't vouched for: the next build makes all of it
            if self._memory is not None and self._ready is not None and self._outputs.holds():
                rows = tuple(self._memory.rows.values())
                memory = self._memory
                site = Site("all", frozenset(), frozenset(), rows, frozenset(), memory.facts, memory.templates)
                keep(self._store, self._ready, self._request, site, list(self._heard))
            self._memory = None
            self._shut_down()
            shutil.rmtree(self._request.fresh, ignore_errors=True)

    def _again(self, memory: Memory | None, watch: Watch, heard: list[Message]) -> Built | None:
        """The short way: single pages, in the build that is in memory. None where that isn't enough."""
        if memory is None or not self._may_stay(memory.course.config) or not memory.is_open_to_edits():
            return None
        if not self._outputs.holds():
            return None
        config = memory.course.config
        with events_of_failure(config):
            for known in memory.course.known.values():
                known.begin()
            config.plugins.on_pre_build(config=config)
            watch.lap("pre_build")
            now = stamps(config.docs_dir, time.time_ns())
            paths = memory.changed(now)
            watch.lap("compare")
            if paths is None or not self._themes.holds():
                return None
        return self._remade(memory, paths, now, watch, heard)

    def _remade(
        self, memory: Memory, paths: Collection[str], now: dict[str, Stamp], watch: Watch, heard: list[Message]
    ) -> Built | None:
        """Single pages made again; `now` are the stamps of all sources."""
        config = memory.course.config
        with events_of_failure(config):
            made = remake(memory, paths, self._request.site, self._begin_writing, watch.lap)
            if made is None:
                return None
            refuse_strictly(config, heard)
        self._outputs.left(made - memory.facts["templates"].keys())
        memory.sources = now
        self._memory = memory
        self._past = Past("", memory.facts, memory.rows)
        self._heard = tuple(heard)
        return Built(self._request.site, False, "", made, frozenset(), self._heard, watch.seconds)

    def _anew(self, memory: Memory | None, watch: Watch, heard: list[Message]) -> Built:
        """The long way: MkDocs' whole course, with pages that didn't change taken from memory."""
        request = self._request
        heard.clear()  # the short way may have said some of it
        is_configured = memory is not None and self._may_stay(memory.course.config)
        config = memory.course.config if memory is not None and is_configured else self._settings()
        if self._past is None:
            self._past = recall(self._store, request.site, request.notice)
            self._store.open_journal()
        elif not self._past.why and not self._outputs.holds():
            self._past = Past("the site is not as the last build left it")
        unclear = doubt(config)
        if not unclear:
            try:
                with events_of_failure(config):
                    return self._make(config, is_configured, watch, heard)
            except StrangeError as error:
                unclear = str(error)
        self._past = Past(unclear)
        return whole(config, request, self._store, unclear, watch, heard)

    def _may_stay(self, config: MkDocsConfig) -> bool:
        """Whether settings would be the same if they were loaded anew: neither they nor what they are made from was
        edited, and no plugin or hook reads what isn't known."""
        return self._frame.holds() and self._themes.holds() and is_all_known(config)

    def _settings(self) -> MkDocsConfig:
        """Settings loaded anew, with plugins and hooks at their beginning, as another process would have them. Raises
        what loading them raises."""
        self._shut_down()
        before = Snapshot.take(self._frame.paths, begun := time.time_ns())
        config = self._load()
        config.plugins.on_startup(command="serve", dirty=False)
        self._started = config
        framed = Snapshot.take(frame(config, code(config)), time.time_ns())
        if framed.paths == before.paths and before.holds():
            self._frame = framed
        else:
            # what was edited while it was read may have been read before or after that
            self._frame = framed.unless_written(begun)
        return config

    def _shut_down(self) -> None:
        if self._started is not None:
            config, self._started = self._started, None
            config.plugins.on_shutdown()
            forget_hooks(config)

    def _make(self, config: MkDocsConfig, is_configured: bool, watch: Watch, heard: list[Message]) -> Built:
        request = self._request
        ready = prepare(config, request, watch, is_configured)
        config = ready.course.config
        now = stamps(config.docs_dir, time.time_ns())
        themes = Snapshot.take(trees(loose_themes(config)), time.time_ns())
        past = still_true(self._past or Past("nothing is remembered yet"), ready)
        jobs = 1 if ready.unclear else request.jobs
        made = make_site(Work(ready.course, past, request.site, request.fresh, jobs, self._begin_writing, heard, watch))
        rows = {path: row for path, row in past.rows.items() if not made.why and path not in made.gone}
        rows.update((row.path, row) for row in made.rows)
        facts = {**made.facts, "day": ready.day, "site": str(request.site), "key": vars(ready.key)}
        facts |= {"loaded later": [], "loaded later sum": contents(())}
        self._past = Past(ready.unclear, facts, rows)
        self._ready, self._themes, self._heard = ready, themes, tuple(heard)
        if made.why or not self._outputs.files:
            self._outputs = Outputs.of(request.site, engine_files(rows, facts).keys() - facts["templates"].keys())
        self._outputs.left(made.written - facts["templates"].keys(), made.removed)
        if not ready.unclear:
            self._memory = Memory(ready.course, rows, facts, made.templates, ready.said, now)
        return Built(request.site, bool(made.why), made.why, made.written, made.removed, tuple(heard), watch.seconds)

    def _begin_writing(self) -> None:
        """Until the build is over, nothing is known of the site."""
        self._past = Past("the last build was broken off")
