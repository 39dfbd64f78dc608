"""Builds once: what changed where the last build is understood, else everything, beside the site that stands."""

import contextlib
import logging
import os
import shutil
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from mkdocs.commands.build import build as mkdocs_build
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import Abort, BuildError

from mkdocs_incremental import clock, outputs, quick
from mkdocs_incremental.ahead import look_ahead
from mkdocs_incremental.built import Built, Message
from mkdocs_incremental.course import Course, StrangeError, set_out
from mkdocs_incremental.installed import contents
from mkdocs_incremental.key import Key, UnclearError, code, key_of
from mkdocs_incremental.ledger import Past, early_inputs, general_facts, late_inputs, recall
from mkdocs_incremental.marks import Snapshot, tree
from mkdocs_incremental.messages import overheard
from mkdocs_incremental.plan import doubled
from mkdocs_incremental.plugins import known_plugins
from mkdocs_incremental.site import Site, Work, make_site
from mkdocs_incremental.store import BusyError, Store, StoreError, remove
from mkdocs_incremental.understood import doubt, is_all_known
from mkdocs_incremental.watch import Watch

log = logging.getLogger("mkdocs.commands.build")


@dataclass(frozen=True)
class Request:
    """What is to be built where; see `build`."""

    site: Path
    cache: Path
    jobs: int = 1
    inputs: tuple[Path, ...] = ()
    options: str = ""
    whole: str = ""
    drafts: bool = False
    taken: Snapshot | None = None
    begin: Callable[[MkDocsConfig], None] | None = None
    notice: Callable[[str], None] = field(default=lambda _: None)

    @property
    def fresh(self) -> Path:
        """Where a full build is made."""
        return self.cache.with_name(f"{self.cache.name}.new")


def build(
    config: MkDocsConfig,
    site: Path,
    cache: Path,
    jobs: int = 1,
    inputs: Iterable[Path] = (),
    options: str = "",
    whole: str = "",
    taken: Snapshot | None = None,
    begin: Callable[[MkDocsConfig], None] | None = None,
    notice: Callable[[str], None] = lambda _: None,
) -> Built:
    """Bring the site of loaded settings up to date.

    `site` is where it is to stand, whatever `config.site_dir` says; `cache` a file that this keeps, in a folder on the
    same file system. At most `jobs` processes work at a time. `inputs` are files and folders, besides those that MkDocs
    itself reads, that plugins read; `options` is anything else that the site depends on: `quick.unchanged` asks for the
    same. `whole`, where it says why, asks for a full build. `notice` is given a line for whoever looks on.

    Where another process does a plugin's work, for which its `pre_build` waits, `begin` is told the settings once the
    `config` event is over; then this one looks ahead. `taken` are files as they were before that process read them.

    Raises what MkDocs, its plugins and hooks raise, `mkdocs.exceptions.Abort` among them; OSError where the disk
    refuses; BlockingIOError where another process builds with this cache.
    """
    request = Request(
        site.absolute(),
        cache.absolute(),
        jobs,
        tuple(inputs),
        options,
        whole,
        taken=taken,
        begin=begin,
        notice=notice,
    )
    config.plugins.on_startup(command="build", dirty=False)
    try:
        with opened(request) as store:
            return build_once(config, request, store)
    finally:
        config.plugins.on_shutdown()
        shutil.rmtree(request.fresh, ignore_errors=True)


@contextlib.contextmanager
def opened(request: Request) -> Iterator[Store]:
    """The cache; one that is damaged or something else is told of and made anew."""
    try:
        try:
            store = Store(request.cache)
        except StoreError as error:
            request.notice(f"{request.cache.name} is left aside and made anew: {error}")
            remove(request.cache)
            store = Store(request.cache)
    except BusyError:
        raise BlockingIOError(f"{request.cache}: another process is at work with this; wait for it to end") from None
    except StoreError as error:
        raise OSError(f"{request.cache}: {error}") from None
    try:
        yield store
    finally:
        store.close()


@contextlib.contextmanager
def events_of_failure(config: MkDocsConfig) -> Iterator[None]:
    """What MkDocs does where an error ends a build: the `build_error` event, and a word for errors meant for people."""
    try:
        yield
    except Exception as error:
        config.plugins.on_build_error(error=error)
        if isinstance(error, BuildError):
            log.error("%s", error)
            raise Abort("Aborted with a BuildError!") from error
        raise


@dataclass(frozen=True)
class Prepared:
    """A build up to where its pages are known."""

    course: Course
    key: Key
    unclear: str
    """Why nothing of it can be left as it is; empty where it can."""
    inputs: tuple[Snapshot, ...]
    day: str
    """Of the build, as YYYY-MM-DD."""
    programs: tuple[str, ...]
    """Source files of hooks and programs that were loaded at its beginning."""
    said: tuple[Message, ...]
    """The warnings while files and navigation were found."""


def configured(config: MkDocsConfig, request: Request) -> MkDocsConfig:
    """The settings after the `config` event; who waits for them has been told. Raises what plugins and hooks raise."""
    config.site_dir = str(request.site)
    config = config.plugins.on_config(config)
    if request.begin:
        request.begin(config)
    return config


def prepare(config: MkDocsConfig, request: Request, watch: Watch, is_configured: bool = False) -> Prepared:
    """The events up to `nav`, without `config` where settings have had that already. Raises StrangeError, and what
    plugins and hooks raise."""
    day = clock.now().strftime("%Y-%m-%d")
    if not is_configured:
        config = configured(config, request)
    known = known_plugins(config)
    for plugin in known.values():
        plugin.begin()
    # what is read by the stages before MkDocs is looked at before they read it, what they leave for it thereafter
    programs = code(config)
    first = Snapshot.take(early_inputs(config, request.inputs, programs), time.time_ns())
    ahead = look_ahead(config) if request.begin else None
    watch.lap("set out")
    config.plugins.on_pre_build(config=config)
    watch.lap("pre_build")
    second = Snapshot.take(late_inputs(config), time.time_ns())
    unclear = doubt(config)
    try:
        key = key_of(config, programs)
    except UnclearError as error:
        key, unclear = Key("", "", ""), unclear or str(error)
    with overheard() as said:
        course = set_out(config, known, request.drafts, ahead)
    if path := doubled(course):
        unclear = unclear or f"two files come to stand at {path}"
    watch.lap("set out")
    taken = (request.taken,) if request.taken else ()
    return Prepared(course, key, unclear, (*taken, first, second), day, programs, tuple(said))


def build_once(config: MkDocsConfig, request: Request, store: Store) -> Built:
    """A build, between the `startup` event and `shutdown`. Raises as `build` does."""
    watch = Watch()
    with overheard() as heard:
        unclear = doubt(config)
        if not unclear:
            try:
                with events_of_failure(config):
                    return _build(config, request, store, watch, heard)
            except StrangeError as error:
                unclear = str(error)
        return whole(config, request, store, unclear, watch, heard)


def _build(config: MkDocsConfig, request: Request, store: Store, watch: Watch, heard: list[Message]) -> Built:
    # whoever works meanwhile begins before this looks at thousands of files
    config = configured(config, request)
    watch.lap("set out")
    past = Past(request.whole) if request.whole else recall(store, request.site, request.notice)
    watch.lap("compare")
    ready = prepare(config, request, watch, is_configured=True)
    past = still_true(past, ready)
    jobs = 1 if ready.unclear else request.jobs
    made = make_site(Work(ready.course, past, request.site, request.fresh, jobs, store.open_journal, heard, watch))
    keep(store, ready, request, made, heard)
    watch.lap("record")
    return Built(request.site, bool(made.why), made.why, made.written, made.removed, tuple(heard), watch.seconds)


def still_true(past: Past, ready: Prepared) -> Past:
    """The last build, where pages may be taken from it."""
    why = ready.unclear or past.why or ready.key.changed(past.facts.get("key"))
    if not why and contents(past.facts["loaded later"]) != past.facts["loaded later sum"]:
        why = "hooks or programs changed"
    return Past(why) if why else past


def keep(store: Store, ready: Prepared, request: Request, made: Site, heard: list[Message]) -> None:
    """Write down what a build left. Raises OSError."""
    later = sorted(set(code(ready.course.config)) - set(ready.programs))
    inputs = (*ready.inputs, Snapshot.take(later, time.time_ns()))
    facts: dict[str, Any] = {
        **general_facts(ready.course.config, request.site, request.options),
        "cache": quick.place_of(request.cache),
        "day": ready.day,
        **made.facts,
        "key": vars(ready.key),
        "doubt": ready.unclear,
        "all known": is_all_known(ready.course.config),
        "inputs": [quick.packed(taken) for taken in inputs],
        "loaded later": later,
        "loaded later sum": contents(later),
        "outputs": quick.packed(Snapshot.take(tree(str(request.site)), time.time_ns())),
        "messages": [[message.logger, message.level, message.text] for message in heard],
    }
    store.record(facts, made.rows, made.gone, whole=bool(made.why))


def whole(config: MkDocsConfig, request: Request, store: Store, why: str, watch: Watch, heard: list[Message]) -> Built:
    """A build by MkDocs alone, of which nothing is remembered."""
    shutil.rmtree(request.fresh, ignore_errors=True)
    config.site_dir = str(request.fresh)
    mkdocs_build(config)
    watch.lap("mkdocs")
    outputs.exchange(request.fresh, request.site)
    site = str(request.site)
    written = frozenset(path[len(site) + 1 :] for path in tree(site) if not os.path.isdir(path))
    store.record({"site": site, "doubt": why}, (), (), whole=True)
    return Built(request.site, True, why, written, frozenset(), tuple(heard), watch.seconds)
