"""Runs an incremental build, or a full build if the results of the last build can't be reused. Each build renders into
a staging folder. Then a full build replaces the whole site, and an incremental build replaces only changed files. A
build that is interrupted while it changes the site leaves no cache, so the next build is a full build."""

import functools
import logging
import os
import shutil
import sys
import time
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any, NamedTuple

from mkdocs.commands.build import _build_extra_template, _build_theme_template
from mkdocs.commands.build import build as mkdocs_build
from mkdocs.config.config_options import Hooks
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import Abort, BuildError

from mkdocs_incremental import output, settings
from mkdocs_incremental.cache import Cache, CacheError
from mkdocs_incremental.context import BuildContext, is_included, prepare, target_of
from mkdocs_incremental.messages import Message, recorded
from mkdocs_incremental.pages import PageRecord, Pages
from mkdocs_incremental.signatures import TICK, all_same, digest, is_same, signature, take, take_tree, tree
from mkdocs_incremental.tracking import ALL, FILES, NAVIGATION, PARTS
from mkdocs_incremental.unchanged import environment, interpreter, names_in

log = logging.getLogger("mkdocs.commands.build")
CAUSES = {
    "settings": "the settings changed",
    "environment": "the settings changed",
    "navigation": "the navigation changed",
    "interpreter": "Python changed",
}
"""Metadata on which every page depends. Maps each key to the reason for a full build if its value has changed."""


class Build(NamedTuple):
    """The metadata and page records of a build, from the cache or from memory."""

    facts: Mapping[str, Any]
    records: Mapping[str, PageRecord]

    @property
    def outputs(self) -> set[str]:
        """The paths of all files that MkDocs itself wrote into the site, without the files that plugins wrote."""
        targets = self.facts["targets"]
        pages = {targets[path].partition("|")[0] for path, record in self.records.items() if not record.is_empty}
        return pages | set(self.facts["statics"]) | set(self.facts["templates"])


class BuildResult(NamedTuple):
    reason: str  # the reason for a full build, in one line; "" after an incremental build
    written: frozenset[str]  # the paths of written files, relative to the site, with forward slashes
    removed: frozenset[str]  # the paths of deleted files, relative to the site
    messages: tuple[Message, ...]  # all warnings and errors (also of unchanged pages), in the order of MkDocs' log

    @property
    def full(self) -> bool:
        return bool(self.reason)


def build(
    config: MkDocsConfig,
    site: Path,
    cache: Path,
    jobs: int = 1,
    inputs: Mapping[str, str] | None = None,
    full: str = "",
    notice: Callable[[str], None] = lambda _: None,
    variables: Collection[str] = (),
) -> BuildResult:
    """Update the site in the folder `site`, and ignore `config.site_dir`.

    `cache` is a file on the same file system as `site`. At most `jobs` processes run at the same time. `inputs` are the
    signatures of files that plugins read but MkDocs doesn't track; the caller must take them before the plugins read
    the files. `full` is a reason for a full build, or "". If the cache is damaged, `notice` is called with a message.
    `variables` are the names of environment variables that plugins read, but pages don't depend on.

    Raises BlockingIOError if another process uses this cache, and OSError if a file operation fails. Passes on
    exceptions of MkDocs, plugins and hooks, such as `mkdocs.exceptions.Abort`."""
    builder = Builder(lambda: config, site, cache, jobs, notice=notice, command="build", full=full, variables=variables)
    try:
        result = builder.build()
        builder.record(inputs or {})
        return result
    finally:
        builder.discard()


class Builder:
    """A builder that can build a site repeatedly in one process, even after a failed build. Call `close` at the end.
    Each build gets MkDocs' settings from `load()`. `command` is `build` or `serve`. See `build` for other arguments."""

    def __init__(
        self,
        load: Callable[[], MkDocsConfig],
        site: Path,
        cache: Path,
        jobs: int = 1,
        notice: Callable[[str], None] = lambda _: None,
        command: str = "serve",
        full: str = "",
        variables: Collection[str] = (),
    ) -> None:
        """Lock the cache. Raises BlockingIOError if another process uses the cache, and OSError if the disk fails."""
        self._load, self._jobs, self._notice, self._command, self._full = load, jobs, notice, command, full
        self._variables = variables
        self._site, self._cache_path = site.absolute(), cache.absolute()
        self._staging = self._cache_path.with_name(f"{self._cache_path.name}.new")
        self._cache = Cache(self._cache_path)
        self._previous: Build | None = None
        self._is_interrupted = False  # whether the last build was interrupted while it changed the site
        self._context: BuildContext | None = None
        self._config: MkDocsConfig | None = None
        self._began = time.time_ns()

    def close(self) -> None:
        """Save the state to the cache, unlock the cache, and run the plugins' `shutdown` event."""
        try:
            self.record(None)
        finally:
            self.discard()

    def discard(self) -> None:
        """Unlock the cache without saving the state to it, and run the plugins' `shutdown` event."""
        self._cache.close()
        self._context = None
        self._shut_down()
        shutil.rmtree(self._staging, ignore_errors=True)

    def build(self) -> BuildResult:
        """Update the site. Raises the same exceptions as the function `build`."""
        self._context = None
        self._shut_down()
        # MkDocs keeps the modules of hooks, whose files may have changed
        Hooks._load_hook.cache_clear()
        self._config = config = self._load()
        config.plugins.on_startup(command=self._command, dirty=False)  # type: ignore[arg-type]
        with recorded() as messages:
            try:
                settings.check_support(config)
                with error_events(config):
                    return self._build(config, messages)
            except settings.UnsupportedError as error:
                messages.clear()
                return self._build_plainly(config, str(error), messages)

    def update(self, sources: Collection[str]) -> BuildResult | None:
        """Render only the pages of `sources` (paths in `docs_dir`). The caller must call `build` afterwards. Return
        None if a source had no page in the last build. Raises the same exceptions as `build`."""
        context = self._context
        if context is None or not all(path in context.files and context.file(path).page for path in sources):
            return None
        pages = Pages(context, 1, self._staging.with_suffix(".pages"))
        try:
            with recorded() as messages, error_events(context.config):
                self._stage(context)
                pages.populate([context.file(path) for path in sources])
                pages.render(list(sources))
                self._begin_writing()
                written = output.move(str(self._staging), str(self._site))
        finally:
            context.config.site_dir = str(self._site)
        if self._previous is not None:
            # the next build reads these pages again, even if their sources change back before it
            records = self._previous.records
            early = {path: records[path]._replace(reusable=False) for path in sources}
            self._previous = self._previous._replace(records={**records, **early})
        self._is_interrupted = False
        return BuildResult("", written, frozenset(), tuple(messages))

    def record(self, inputs: Mapping[str, str] | None) -> None:
        """Save the state to the cache. If `inputs` (see `build`) is None, later calls of `unchanged` return None."""
        previous = self._previous
        if previous is None or self._is_interrupted:
            return
        outputs = take_tree(str(self._site), previous.facts["outputs"])
        cut = len(str(self._site)) + 1
        if not previous.outputs <= {path[cut:].replace(os.sep, "/") for path in outputs}:
            return  # a file of the site was deleted during the build
        facts = {
            **previous.facts,
            "cache": os.path.realpath(self._cache_path),
            "inputs": {**previous.facts["inputs"], **(inputs or {})},
            "inputs_known": inputs is not None,
            "programs": {**previous.facts["programs"], **settings.programs(self._began - TICK // 5)},
            "outputs": outputs,
        }
        self._cache.write(facts, previous.records.values())

    def _shut_down(self) -> None:
        if self._config is not None:
            config, self._config = self._config, None
            config.plugins.on_shutdown()

    def _recalled(self) -> tuple[Build | None, str]:
        """Return the last build (None if it can't be used), and the reason for a full build ("" if none is known)."""
        if self._full or self._is_interrupted:
            return None, self._full or "the last build was interrupted"
        if self._previous is not None:
            return self._previous, ""
        try:
            found = self._cache.read()
            if found is None:
                return None, "there is no earlier build"
            previous = Build(found[0], {row[0]: PageRecord._make(row) for row in found[1]})
            return previous, changed_outside(previous, str(self._site))
        except (CacheError, KeyError, TypeError, ValueError, AttributeError) as error:
            self._notice(f"{self._cache_path.name}: cache ignored; rebuilding it ({error})")
            return None, "the cache is damaged"

    def _build(self, config: MkDocsConfig, messages: list[Message]) -> BuildResult:
        config.site_dir = str(self._site)
        config = config.plugins.on_config(config)
        setting_paths = settings.settings_files(config.config_file_path) if config.config_file_path else []
        inputs = take((*tree(*config.watch), *setting_paths))
        previous, reason = self._recalled()
        config.plugins.on_pre_build(config=config)
        settings.take_entries(config)
        inputs |= take(tree(config.docs_dir))
        themes = [folder for folder in config.theme.dirs if not settings.is_installed(folder)]
        last = previous.facts if previous and not reason else {}
        facts: dict[str, Any] = {
            "site": str(self._site),
            "outputs": last.get("outputs", {}),
            "theme": take(tree(*themes)),
            "interpreter": interpreter(),
            "environment": environment(names_in(map(settings.settings_text, setting_paths))),
            "variables": environment(self._variables),
            "messages": messages,
            # installing, updating or removing a package changes the folder that contains the package
            "programs": last.get("programs", {}) | take(filter(settings.is_installed, filter(None, sys.path))),
        }
        context = prepare(config, str(self._staging))
        facts |= {"navigation": str(context.nav), "settings": settings.fingerprint(config), "inputs": inputs}
        reason = reason or (changed_everywhere(previous, facts, themes) if previous else "")
        return self._render(context, None if reason else previous, reason, facts)

    def _render(self, context: BuildContext, previous: Build | None, reason: str, facts: dict[str, Any]) -> BuildResult:
        """Read, render and write the changed pages and files, or the whole site if `previous` is None."""
        config = context.config
        targets = facts["targets"] = {file.src_uri: target_of(file) for file in context.files}
        # files that were added or removed, or whose `target_of` result has changed
        moved = {path for path, _ in targets.items() ^ previous.facts["targets"].items()} if previous else set()
        self._stage(context)
        pages = Pages(context, self._jobs, self._staging.with_suffix(".pages"))
        try:
            fresh = pages.reuse(previous.records if previous else {}, context.pages, moved)
            pages.replay("messages")
            env = config.plugins.on_env(context.env, config=config, files=context.files)
            pages.context = context = replace(context, env=env)
            facts["statics"] = _copy_statics(context, previous.facts["statics"] if previous else {})
            facts["templates"] = _render_templates(context, self._staging)
            wanted = [file.src_uri for file in context.pages]
            if previous:
                changed = changed_parts((pages.records[path] for path in fresh), previous, moved)
                is_affected = affected(changed, context.navigation)
                wanted = [path for path in wanted if path in fresh or is_affected(pages.records[path].reads)]
            pages.render(wanted)
            pages.replay("render_messages")
            pages.check_anchors()
            settings.give_entries(config, [pages.records[file.src_uri].entries for file in context.pages])
            now = Build(facts, pages.records)
            written, removed = self._write(config, now, previous)
        finally:
            config.site_dir = str(self._site)
            pages.close()
        self._previous, self._context, self._is_interrupted = now, context, False
        return BuildResult(reason, written, removed, tuple(facts["messages"]))

    def _stage(self, context: BuildContext) -> None:
        """Empty the staging folder, and make it MkDocs' output folder."""
        shutil.rmtree(self._staging, ignore_errors=True)
        self._staging.mkdir(parents=True)
        context.config.site_dir = str(self._staging)

    def _write(self, config: MkDocsConfig, now: Build, previous: Build | None) -> tuple[frozenset[str], frozenset[str]]:
        """Move the rendered files into the site, and run `post_build`. Return the written and the deleted paths."""
        site, messages = str(self._site), now.facts["messages"]
        _refuse_strictly(config, messages)
        self._begin_writing()
        if previous is None:
            config.plugins.on_post_build(config=config)
            _refuse_strictly(config, messages)
            output.exchange(self._staging, self._site)
            return frozenset(now.outputs), frozenset()
        config.site_dir = site
        removed = frozenset(previous.outputs - now.outputs)
        output.remove(site, removed)
        # don't replace unchanged templates, such as the sitemap, because plugins may have edited them in the site
        same = now.facts["templates"].items() & previous.facts["templates"].items()
        output.remove(str(self._staging), [path for path, _ in same])
        written = output.move(str(self._staging), site)
        config.plugins.on_post_build(config=config)
        _refuse_strictly(config, messages)
        return written, removed

    def _begin_writing(self) -> None:
        """Delete the cache before the site changes. `record` writes the cache again."""
        self._cache_path.unlink(missing_ok=True)
        self._is_interrupted = True

    def _build_plainly(self, config: MkDocsConfig, reason: str, messages: list[Message]) -> BuildResult:
        """Build the site with MkDocs alone, without a cache."""
        shutil.rmtree(self._staging, ignore_errors=True)
        config.site_dir = str(self._staging)
        self._begin_writing()
        mkdocs_build(config)
        output.exchange(self._staging, self._site)
        config.site_dir = str(self._site)
        self._previous, self._is_interrupted = None, False
        return BuildResult(reason, frozenset(output.files_in(self._site)), frozenset(), tuple(messages))


def _copy_statics(context: BuildContext, before: Mapping[str, str]) -> dict[str, str]:
    """Copy the changed files that aren't pages. Return the signatures of all files that aren't pages, by `dest_uri`."""
    found: dict[str, str] = {}
    for file in context.files:
        if file.is_documentation_page() or not is_included(file):
            continue
        path, known = file.abs_src_path, before.get(file.dest_uri)
        if path is not None and known is not None and is_same(path, known):
            found[file.dest_uri] = known
        else:
            found[file.dest_uri] = signature(path) if path else digest(file.content_bytes)
        # like MkDocs, also copy an extra template's source; the template's output, unless empty, overwrites it
        if found[file.dest_uri] != known or file.src_uri in context.config.extra_templates:
            file.copy_file()
    return found


def _render_templates(context: BuildContext, staging: Path) -> dict[str, str]:
    """Render the theme's static templates and the extra templates. Return the digest of each written file, by path."""
    names = sorted(context.config.theme.static_templates)
    for name in names:
        _build_theme_template(name, context.env, context.files, context.config, context.nav)
    for name in context.config.extra_templates:
        _build_extra_template(name, context.files, context.config, context.nav)
    paths = [staging / name for name in (*names, "sitemap.xml.gz")]
    return {str(path.relative_to(staging)): digest(path.read_bytes()) for path in paths if path.is_file()}


@contextmanager
def error_events(config: MkDocsConfig) -> Iterator[None]:
    """If a build fails, trigger the `build_error` event. If the error is a BuildError, log it and raise Abort."""
    try:
        yield
    except settings.UnsupportedError:
        raise
    except Exception as error:
        config.plugins.on_build_error(error=error)
        if isinstance(error, BuildError):
            log.error("%s", error)
            raise Abort("Aborted with a BuildError!") from error
        raise


def _refuse_strictly(config: MkDocsConfig, messages: Sequence[Message]) -> None:
    """Raise Abort, as MkDocs does, if strict mode is enabled and warnings were logged."""
    counts = Counter(message.level for message in messages)
    if config.strict and counts:
        listed = sorted(counts.items(), reverse=True)
        text = ", ".join(f"{count} {logging.getLevelName(level).lower()}s" for level, count in listed)
        raise Abort(f"Aborted with {text} in strict mode!")


def changed_outside(previous: Build, site: str) -> str:
    """If changes on disk require a full build, return the reason; otherwise, return an empty string."""
    facts = previous.facts
    if facts.get("site") != site:
        return "the cache was written for another site"
    if not all_same(facts["outputs"]):
        return "the site was changed since the last build"
    return "" if all_same(facts["programs"]) else "hooks, programs or installed packages changed"


def changed_everywhere(previous: Build, facts: Mapping[str, Any], themes: Iterable[str]) -> str:
    """If changed metadata or themes require a full build, return the reason; otherwise, return an empty string."""
    for name, reason in CAUSES.items():
        if previous.facts[name] != facts[name]:
            return reason
    theme = previous.facts["theme"]
    return "" if theme.keys() == set(tree(*themes)) and all_same(theme) else "the theme changed"


def changed_parts(fresh: Iterable[PageRecord], previous: Build, moved: Iterable[str]) -> frozenset[tuple[str, str]]:
    """Return the parts that may have changed, such as `("title", "a.md")`, or `(FILES, ALL)` for the list of files."""
    parts = set(PARTS.values())
    found = {(part, path) for path in moved for part in parts}
    if found:
        found.add((FILES, ALL))
    for record in fresh:
        before = previous.records.get(record.path)
        if before is None:
            found |= {(part, record.path) for part in parts}
            continue
        if before.title != record.title:
            found.add(("title", record.path))
        if before.meta != record.meta or not record.meta:
            found.add(("meta", record.path))
        if before.digest != record.digest or before.anchors != record.anchors or not before.reusable:
            found.add(("body", record.path))
    return frozenset(found)


def affected(changed: Collection[tuple[str, str]], navigation: Collection[str]) -> Callable[[str], bool]:
    """Return a function that tests whether a page uses any of the parts in `changed`. The function's argument is the
    page's `Reads.summary`. `navigation` contains the paths of the pages in the navigation."""
    in_navigation = {(part, NAVIGATION) for part, path in changed if path in navigation}
    anywhere = {(part, ALL) for part, _ in changed}
    lines = {f"{part} {path}" for part, path in {*changed, *in_navigation, *anywhere}}
    return functools.cache(lambda reads: not lines.isdisjoint(reads.split("\n")))
