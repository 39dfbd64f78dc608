"""Builds a site: incrementally where the last build allows it, else everything, next to the site that is there.

All is rendered into a staging folder before the first file of the site changes. A full build then takes the place of
the site; an incremental one moves its changed files there under a journal, so that an interrupted build is noticed.
"""

import logging
import os
import shutil
import sys
import time
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any, Self

from mkdocs.commands.build import build as mkdocs_build
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import Abort, BuildError

from mkdocs_incremental import output
from mkdocs_incremental.cache import FORMAT, BusyError, Cache, CacheError, remove
from mkdocs_incremental.context import (
    navigation_digest,
    prepare,
)
from mkdocs_incremental.fingerprint import (
    UnclearError,
    changed_part,
    fingerprint,
    is_installed,
    own_themes,
    programs_of,
    settings_files,
    settings_text,
)
from mkdocs_incremental.pages import Pages
from mkdocs_incremental.plan import (
    Previous,
    outputs,
)
from mkdocs_incremental.records import BuildResult, Message, PageRecord, recorded, replay
from mkdocs_incremental.rendering import Places, State, Timer, render_site
from mkdocs_incremental.signatures import all_same, is_same, take, take_settled, tree, trees
from mkdocs_incremental.support import give_entries, inputs_known, take_entries, unsupported_reason
from mkdocs_incremental.tracking import UnsupportedError
from mkdocs_incremental.unchanged import build_time, environment, interpreter, names_in

log = logging.getLogger("mkdocs.commands.build")
PREPARING = ("files", "nav", "env")
"""Events in which a plugin may look at all pages: they run again in each build."""


def build(
    config: MkDocsConfig,
    site: Path,
    cache: Path,
    jobs: int = 1,
    inputs: Mapping[str, str] | None = None,
    full: str = "",
    notice: Callable[[str], None] = lambda _: None,
) -> BuildResult:
    """Bring the site of loaded settings up to date, in the folder `site`, whatever `config.site_dir` says.

    `cache` is a file on the same file system. At most `jobs` processes work at a time. `inputs` are signatures of files
    that plugins read besides those that MkDocs knows, taken before they are read. `full` asks for a full build and says
    why. `notice` gets a line for whoever watches.

    Raises what MkDocs, its plugins and hooks raise, `mkdocs.exceptions.Abort` among them; OSError where the disk
    refuses; BlockingIOError where another process builds with this cache.
    """
    builder = Builder(lambda: config, site, cache, jobs, notice=notice, command="build", full=full)
    try:
        result = builder.build()
        builder.record(inputs or {})
        return result
    finally:
        builder.discard()


class Builder:
    """Builds again and again in one process, and keeps MkDocs' objects in memory meanwhile.

    `load` returns MkDocs' settings; it is called again when they have changed. The other arguments are those of
    `build`; `drafts` includes drafts, as a preview does. After a build that failed, `build` can simply be called again.
    Use it in `with`: at the end it writes what it knows to the cache.
    """

    def __init__(
        self,
        load: Callable[[], MkDocsConfig],
        site: Path,
        cache: Path,
        jobs: int = 1,
        drafts: bool = False,
        notice: Callable[[str], None] = lambda _: None,
        command: str = "serve",
        full: str = "",
    ) -> None:
        """Open the cache. Raises BlockingIOError, OSError."""
        self._load, self._jobs, self._drafts, self._command, self._full = load, jobs, drafts, command, full
        self._notice = notice
        self._site, self._cache_path = site.absolute(), cache.absolute()
        self._staging = self._cache_path.with_name(f"{self._cache_path.name}.new")
        self._cache = self._opened()
        self._cached: Mapping[str, PageRecord] = {}
        """The pages that the cache has."""
        self._last: Previous | None = None
        self._is_journal_open = False
        self._state: State | None = None
        self._config: MkDocsConfig | None = None
        self._frame: dict[str, str] = {}
        """Signatures of what the settings in memory were loaded from."""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Write what is known to the cache and close it."""
        state = self._state
        try:
            if state is not None and _is_complete(state.previous, self._site):
                self.record(None)
        finally:
            self.discard()

    def _opened(self) -> Cache:
        try:
            try:
                return Cache(self._cache_path)
            except CacheError as error:
                self._notice(f"{self._cache_path.name}: cache ignored, it will be rebuilt: {error}")
                remove(self._cache_path)
                return Cache(self._cache_path)
        except BusyError:
            message = f"{self._cache_path}: another process builds with this cache; wait until it ends"
            raise BlockingIOError(message) from None
        except CacheError as error:
            raise OSError(f"{self._cache_path}: {error}") from None

    def discard(self) -> None:
        """Close the cache and let plugins know that this is the end."""
        self._cache.close()
        self._state = None
        self._shut_down()
        shutil.rmtree(self._staging, ignore_errors=True)

    def build(self) -> BuildResult:
        """Bring the site up to date. Raises as the function `build` does."""
        state, timer = self._state, Timer()
        with recorded() as messages:
            kept = state is not None and all_same(self._frame) and inputs_known(state.context.config)
            config = state.context.config if state is not None and kept else self._loaded()
            reason = unsupported_reason(config)
            if not reason:
                try:
                    with error_events(config):
                        if not kept:
                            config.site_dir = str(self._site)
                            config = config.plugins.on_config(config)
                        return self._build(config, state if kept else None, messages, timer)
                except UnsupportedError as error:
                    reason = str(error)
                    messages.clear()
            return self._build_plainly(config, reason, messages, timer)

    def update(self, sources: Collection[str]) -> BuildResult | None:
        """Render the pages of these files of `docs_dir`, by path in it, where nothing else has changed and no plugin
        has to run before; the caller follows with `build`. None where that isn't enough: nothing was written then.
        Raises as `build` does."""
        state = self._state
        if state is None or not _is_current(state):
            return None
        files = [state.context.files.get_file_from_path(path) for path in sources]
        if not all(file is not None and file.is_documentation_page() for file in files):
            return None
        with recorded() as messages, error_events(state.context.config):
            result = self._finish(state, messages, Timer(), frozenset(sources))
        if result is None:
            self._state = state
        return result

    def record(self, inputs: Mapping[str, str] | None) -> None:
        """Write what is known to the cache; `inputs` as for the function `build`, None where they aren't known. Raises
        OSError."""
        state = self._state
        if state is None:
            return
        config, previous = state.context.config, state.previous
        programs = take_settled(programs_of(config), previous.facts["began"])
        facts = {
            **previous.facts,
            "site": str(self._site),
            "cache": os.path.realpath(self._cache_path),
            "interpreter": interpreter(),
            "environment": environment(names_in(map(settings_text, _settings_files(config)))),
            "reason": previous.reason,
            "inputs_known": inputs is not None and inputs_known(config),
            "programs": programs,
            "inputs": {**state.inputs, **(inputs or {}), **programs},
            "outputs": take(tree(str(self._site)), time.time_ns()),
            "messages": state.messages,
        }
        new = [record for path, record in previous.records.items() if self._cached.get(path) is not record]
        gone = self._cached.keys() - previous.records.keys()
        self._cache.record(facts, new, gone, replace=not self._cached)
        self._is_journal_open = False

    def _loaded(self) -> MkDocsConfig:
        """Settings loaded again, with new plugins. Raises what loading them raises."""
        self._state = None
        self._shut_down()
        began = time.time_ns()
        config = self._load()
        self._config = config
        config.plugins.on_startup(command=self._command, dirty=False)  # type: ignore[arg-type]
        programs = programs_of(config)
        if self._command == "build":
            return config
        if edited := [path for path in programs if self._frame.get(path) and not is_same(path, self._frame[path])]:
            self._notice(f"{edited[0]} was edited; start again to use it")
        self._frame = take_settled([*_settings_files(config), *programs, *_installed()], began)
        return config

    def _shut_down(self) -> None:
        if self._config is not None:
            config, self._config = self._config, None
            config.plugins.on_shutdown()

    def _recalled(self) -> Previous:
        """The last build as the cache has it."""
        try:
            facts = self._cache.facts()
            if not facts:
                return Previous("there is no earlier build")
            if facts.get("format") != FORMAT or facts.get("site") != str(self._site):
                return Previous("the cache is of another version or site")
            if facts.get("journal") != "closed":
                return Previous("the last build was interrupted")
            if facts.get("reason"):
                return Previous(str(facts["reason"]))
            if not all_same(facts["outputs"]):
                return Previous("the site was changed since the last build")
            if not all_same(facts["programs"]):
                return Previous("hooks or programs changed")
            self._cached = self._cache.records()
            return Previous("", facts, self._cached)
        except (CacheError, KeyError, TypeError, ValueError, AttributeError) as error:
            self._notice(f"cache ignored, it is damaged: {error}")
            return Previous("the cache is damaged")

    def _build(self, config: MkDocsConfig, state: State | None, messages: list[Message], timer: Timer) -> BuildResult:
        began = time.time_ns()
        inputs = take((*trees(config.watch), *_settings_files(config), *_installed()), began)
        previous = Previous(self._full) if self._full else self._last or self._recalled()
        if state is not None and not _is_complete(previous, self._site):
            previous = Previous("the site was changed since the last build")
        timer.lap("compare")
        config.plugins.on_pre_build(config=config)
        timer.lap("pre_build")
        take_entries(config)
        docs = frozenset(tree(config.docs_dir))
        if state is not None and not previous.reason and _is_current(state) and docs == state.context.docs:
            replay(state.prepared)
            timer.lap("compare")
        else:
            inputs |= take(docs, time.time_ns())
            state = self._new_state(config, previous, docs, inputs, began)
            timer.lap("context")
        result = self._finish(state, messages, timer)
        if result is None:
            raise RuntimeError("only an update is given up")
        return result

    def _new_state(
        self, config: MkDocsConfig, previous: Previous, docs: frozenset[str], inputs: Mapping[str, str], began: int
    ) -> State:
        """A new build context, compared with the last build. Raises UnsupportedError."""
        themes = take(trees(own_themes(config)), time.time_ns())
        with recorded() as prepared:
            context = prepare(config, str(self._staging), docs, self._drafts)
        facts: dict[str, Any] = {"began": began, "nav": navigation_digest(context.nav), "fingerprint": {}}
        unsupported = f"two files are written to {context.conflict}" if context.conflict else ""
        try:
            facts["fingerprint"] = fingerprint(config)
        except UnclearError as error:
            unsupported = unsupported or str(error)
        reason = unsupported or previous.reason
        reason = reason or changed_part(facts["fingerprint"], previous.facts.get("fingerprint"))
        if not reason and previous.facts["nav"] != facts["nav"]:
            reason = "the navigation changed"
        previous = replace(previous, reason=reason)
        return State(context, previous, facts, unsupported, {**inputs, **themes}, themes, tuple(prepared))

    def _finish(
        self, state: State, messages: list[Message], timer: Timer, edited: frozenset[str] | None = None
    ) -> BuildResult | None:
        """Read, render and write what a build needs. Where `edited` is given, no other source was edited; None where
        more than single pages must be rendered then, and nothing was written."""
        context, config = state.context, state.context.config
        # where this fails, the pages in memory are of neither state
        self._state = None
        shutil.rmtree(self._staging, ignore_errors=True)
        self._staging.mkdir(parents=True)
        pages = Pages(context, 1 if state.unsupported else self._jobs, self._staging.with_suffix(".pages"))
        try:
            config.site_dir = str(self._staging)
            rendered = render_site(state, pages, Places(self._site, self._staging), timer, edited)
            if rendered is None:
                return None
            reason, facts, template_messages = rendered
            config.site_dir = str(self._staging if reason else self._site)
            if not reason:
                refuse_strictly(config, messages)
            written, removed = self._written(state, pages, facts, messages, reason)
        finally:
            config.site_dir = str(self._site)
            pages.close(keeps=self._command == "serve")
        timer.lap("post_build")
        self._last = previous = Previous(state.unsupported, facts, pages.records)
        self._state = replace(state, previous=previous, template_messages=template_messages, messages=tuple(messages))
        return BuildResult(self._site, bool(reason), reason, written, removed, tuple(messages), timer.seconds)

    def _written(
        self, state: State, pages: Pages, facts: Mapping[str, Any], messages: list[Message], reason: str
    ) -> tuple[frozenset[str], frozenset[str]]:
        """Put the rendered files in place, with the `post_build` event: what was written, what was removed."""
        config, site = state.context.config, str(self._site)
        present = outputs(pages.records, facts)
        written, removed = frozenset(present), frozenset[str]()
        if not reason:
            self._begin_writing()
            removed = frozenset(state.previous.outputs - present)
            output.remove(site, removed)
            # plugins may have changed what templates rendered, such as the sitemap: that stays
            same = facts["templates"].items() & state.previous.facts["templates"].items()
            output.remove(str(self._staging), (path for path, _ in same))
            written = output.move(str(self._staging), site)
        give_entries(config, [pages.records[file.src_uri].entries for file in state.context.pages])
        config.plugins.on_post_build(config=config)
        refuse_strictly(config, messages)
        if reason:
            self._begin_writing()
            output.exchange(self._staging, self._site)
        else:
            output.remove_empty(site, removed)
        return written, removed

    def _begin_writing(self) -> None:
        """Until the build has ended, nothing is known of the site; the cache knows nothing until the next `record`."""
        if not self._is_journal_open:
            self._cache.open_journal()
            self._is_journal_open = True
        self._last = Previous("the last build was interrupted")

    def _build_plainly(self, config: MkDocsConfig, reason: str, messages: list[Message], timer: Timer) -> BuildResult:
        """A build by MkDocs alone, of which nothing is kept."""
        shutil.rmtree(self._staging, ignore_errors=True)
        config.site_dir = str(self._staging)
        mkdocs_build(config)
        timer.lap("mkdocs")
        output.exchange(self._staging, self._site)
        config.site_dir, site = str(self._site), str(self._site)
        written = frozenset(path[len(site) + 1 :] for path in tree(site) if not os.path.isdir(path))
        self._cache.record({"site": site, "reason": reason}, (), (), replace=True)
        self._is_journal_open = False
        self._last = Previous(reason)
        return BuildResult(self._site, True, reason, written, frozenset(), tuple(messages), timer.seconds)


def _is_current(state: State) -> bool:
    """Whether the context in memory is what a new one would be, if no file was added or deleted."""
    events, facts = state.context.config.plugins.events, state.previous.facts
    return (
        not state.unsupported
        and facts["time"][:10] == build_time()[:10]
        and not any(events[name] for name in PREPARING)
        and all_same(state.themes)
    )


def _is_complete(previous: Previous, site: Path) -> bool:
    """Whether all files of the last build are there."""
    return all(os.path.isfile(os.path.join(site, path)) for path in previous.outputs)


def _settings_files(config: MkDocsConfig) -> list[str]:
    return settings_files(config.config_file_path) if config.config_file_path else []


def _installed() -> list[str]:
    return [path for path in sys.path if path and is_installed(path)]


@contextmanager
def error_events(config: MkDocsConfig) -> Iterator[None]:
    """What MkDocs does where an error ends a build: the `build_error` event, and a message for errors for people."""
    try:
        yield
    except UnsupportedError:
        raise
    except Exception as error:
        config.plugins.on_build_error(error=error)
        if isinstance(error, BuildError):
            log.error("%s", error)
            raise Abort("Aborted with a BuildError!") from error
        raise


def refuse_strictly(config: MkDocsConfig, messages: Sequence[Message]) -> None:
    """Raise Abort, as MkDocs does, where settings are strict and there was a warning."""
    counts = Counter(message.level for message in messages)
    if config.strict and counts:
        listed = sorted(counts.items(), reverse=True)
        text = ", ".join(f"{count} {logging.getLevelName(level).lower()}s" for level, count in listed)
        raise Abort(f"Aborted with {text} in strict mode!")
