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

from mlguide_site.rebuild import outputs, quick
from mlguide_site.rebuild.built import Built, Message
from mlguide_site.rebuild.course import StrangeError, set_out
from mlguide_site.rebuild.key import Key, UnclearError, key_of
from mlguide_site.rebuild.ledger import Past, general_facts, input_paths, recall
from mlguide_site.rebuild.marks import Snapshot, tree
from mlguide_site.rebuild.messages import overheard
from mlguide_site.rebuild.plan import doubled
from mlguide_site.rebuild.plugins import known_plugins
from mlguide_site.rebuild.site import Work, make_site
from mlguide_site.rebuild.store import BusyError, Store, StoreError
from mlguide_site.rebuild.understood import doubt
from mlguide_site.rebuild.watch import Watch

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
    notice: Callable[[str], None] = lambda _: None,
) -> Built:
    """Bring the site of loaded settings up to date.

    `site` is where it is to stand, whatever `config.site_dir` says; `cache` a file that this keeps, in a folder on the
    same file system. At most `jobs` processes work at a time. `inputs` are files and folders, besides those that MkDocs
    itself reads, that plugins read; `options` is anything else that the site depends on: `quick.unchanged` asks for
    the same. `whole`, where it says why, asks for a full build. `notice` is given a line for whoever looks on.

    Raises what MkDocs, its plugins and hooks raise, `mkdocs.exceptions.Abort` among them; OSError where the disk
    refuses; BlockingIOError where another process builds with this cache.
    """
    request = Request(site.absolute(), cache.absolute(), jobs, tuple(inputs), options, whole, notice=notice)
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
            for path in (request.cache, request.cache.with_name(f"{request.cache.name}-journal")):
                path.unlink(missing_ok=True)
            store = Store(request.cache)
    except BusyError:
        raise BlockingIOError(f"{request.cache}: another process is at work with this; wait for it to end") from None
    except StoreError as error:
        raise OSError(f"{request.cache}: {error}") from None
    try:
        yield store
    finally:
        store.close()


def build_once(config: MkDocsConfig, request: Request, store: Store) -> Built:
    """A build, between the `startup` event and `shutdown`. Raises as `build` does."""
    with overheard() as heard:
        try:
            return _build(config, request, store, heard)
        except Abort:
            raise
        except Exception as error:
            config.plugins.on_build_error(error=error)
            if isinstance(error, BuildError):
                log.error("%s", error)
                raise Abort("Aborted with a BuildError!") from error
            raise


def _build(config: MkDocsConfig, request: Request, store: Store, heard: list[Message]) -> Built:
    watch = Watch()
    past = Past(request.whole) if request.whole else recall(store, request.site, request.notice)
    if unclear := doubt(config):
        return _whole(config, request, store, unclear, watch, heard)
    inputs = [path for root in request.inputs for path in tree(str(root))]
    first = Snapshot.take(inputs, time.time_ns())
    watch.lap("compare")
    config.site_dir = str(request.site)
    config = config.plugins.on_config(config)
    known = known_plugins(config)
    config.plugins.on_pre_build(config=config)
    watch.lap("pre_build")
    paths = input_paths(config, ())
    second = Snapshot.take(paths, time.time_ns())
    try:
        key = key_of(config)
        course = set_out(config, known, request.drafts)
    except StrangeError as error:
        return _whole(config, request, store, str(error), watch, heard)
    except UnclearError as error:
        key, unclear = Key("", "", ""), str(error)
        course = set_out(config, known, request.drafts)
    unclear = unclear or doubt(config)
    if path := doubled(course):
        unclear = unclear or f"two files come to stand at {path}"
    if unclear or past.why:
        past = Past(unclear or past.why)
    elif changed := key.changed(past.facts.get("key")):
        past = Past(changed)
    watch.lap("set out")
    work = Work(
        course, past, request.site, request.fresh, 1 if unclear else request.jobs, store.open_journal, heard, watch
    )
    made = make_site(work)
    facts: dict[str, Any] = {
        **general_facts(config, request.site, request.options),
        **made.facts,
        "key": vars(key),
        "doubt": unclear,
        "inputs": [quick.packed(first), quick.packed(second)],
        "outputs": quick.packed(Snapshot.take(tree(str(request.site)), time.time_ns())),
        "messages": [[message.logger, message.level, message.text] for message in heard],
    }
    store.record(facts, made.rows, made.gone, whole=bool(made.why))
    watch.lap("record")
    return Built(request.site, bool(made.why), made.why, made.written, made.removed, tuple(heard), watch.seconds)


def _whole(config: MkDocsConfig, request: Request, store: Store, why: str, watch: Watch, heard: list[Message]) -> Built:
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
