"""The MkDocs plugin: thin hooks that call the stages before a build, finish it after, and set what is watched."""

import contextlib
import logging
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from mkdocs.config import config_options
from mkdocs.config.base import Config
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import PluginError
from mkdocs.livereload import LiveReloadServer
from mkdocs.plugins import BasePlugin
from pathspec.gitignore import GitIgnoreSpec

from mlguide_site.build.engines.configuration import settings_of, settings_warnings
from mlguide_site.build.engines.faults import OWN_LOGGER
from mlguide_site.build.inputs import INPUTS
from mlguide_site.build.memo.remembered import remembered
from mlguide_site.build.memo.store import kept
from mlguide_site.build.staging import Apart, Stages, here
from mlguide_site.build.stopwatch import Stopwatch
from mlguide_site.config import Settings
from mlguide_site.content.site_settings import PATH, read_named
from mlguide_site.errors import ContentError, Problem, Severity, SiteError

if TYPE_CHECKING:
    from mlguide_site.build.standing import Standing

log = logging.getLogger(OWN_LOGGER)
THEME = "build/theme"
"""The folder of generated theme overrides in a root."""
BESIDE_NAV = (
    "/episodes/*/",
    "/**/page/",
    "/search/",
    "/graph/",
    *(f"/{folder}/*.md" for folder in ("topics", "tools", "resources", "glossary", "people")),
    "mentions-*.md",
    "graph.md",
)
"""The pages that may stand beside the navigation, as patterns of MkDocs' `not_in_nav`. What it names, as it does the
indexes, stands in it all the same."""


class PluginConfig(Config):  # type: ignore[no-untyped-call]
    """What stands under `mlguide:` in `mkdocs.yml`."""

    edit_url = config_options.Type(str, default="")
    """Address at which a source file is edited, `{path}` standing for its path."""
    licence = config_options.Type(str, default="")
    """Licence of the site's texts, shown in the foot of every page."""
    domain = config_options.Type(str, default="")
    """A name of one's own that the site is reached by, for hosts that read it from a file `CNAME`."""
    redirects = config_options.Type(dict, default={})
    """Addresses of a site that stood here before, each with the id or the address of what stands for it now."""
    media = config_options.ListOfItems(config_options.Type(str), default=[])
    """Addresses whose hosts may give sound besides those that the episodes name: where these send the browser on to."""


class MlguidePlugin(BasePlugin[PluginConfig]):  # type: ignore[no-untyped-call]
    """Generates the pages of a knowledge base before MkDocs builds them."""

    def __init__(self) -> None:
        self.preview = False
        self.watch = Stopwatch()
        self.settings = Settings("")
        self.stages: Stages | None = None
        """Those of this process, where none are given."""
        self.site = ""
        self.jobs = 1
        self.notice: Callable[[str], None] = log.info
        self.is_completed_later = False
        """Whether what no engine makes is added once the pages are out, by a call of `complete`."""
        self.standing: Standing | None = None
        """Where the pages of single notes may be made again, what that needs."""
        self._not_found: int | None = None
        """How the engine is to tell of what the navigation names and isn't there, as the settings have it."""
        self.incremental_events = ("post_build",)
        """The events that do right on a site of which only the changed files were written anew."""

    def on_startup(self, *, command: Literal["build", "gh-deploy", "serve"], dirty: bool) -> None:
        self.preview = command == "serve"

    def on_config(self, config: MkDocsConfig) -> MkDocsConfig:
        self._not_found = None
        theme = str(_root(config) / THEME)
        Path(theme).mkdir(parents=True, exist_ok=True)
        if theme not in config.theme.dirs:
            config.theme.dirs.insert(1 if config.theme.custom_dir else 0, theme)
        features = config.theme.get("features")
        if not config.site_url and isinstance(features, list):
            # the theme loads pages by itself only where it knows the site's address, but asks for its map all the same
            config.theme["features"] = [name for name in features if name != "navigation.instant"]
        if config.nav:
            # pages that are never in a navigation needn't be named by every root, which may be older than they are
            own = config.not_in_nav.patterns if config.not_in_nav else ()
            config.not_in_nav = GitIgnoreSpec([*own, *GitIgnoreSpec.from_lines(BESIDE_NAV).patterns])
        if isinstance(self.stages, Apart):
            # another process makes the pages, while this one goes on
            self.stages.begin(_root(config), settings_of(config, self.config, self.preview), self.jobs)
        return config

    def on_pre_build(self, *, config: MkDocsConfig) -> None:
        self.site = config.site_dir
        self.settings = settings_of(config, self.config, self.preview)
        stood, self.standing = self.standing, None
        with contextlib.ExitStack() as dropped:
            if stood is not None:
                dropped.callback(stood.close)
            problems = self._generated(config)
            self._tell(problems)
            self._spare(config, problems)
            kept = self.stages.kept if self.stages is not None else None
            if stood is not None and kept is not None and stood.is_of(kept):
                self.standing = stood
                dropped.pop_all()

    def _spare(self, config: MkDocsConfig, problems: Iterable[Problem]) -> None:
        """The engine doesn't say again, without a place, what was told of the navigation."""
        if self._not_found is None:
            self._not_found = config.validation.nav.not_found
        named = {span for _, span in read_named(_root(config)).pages}
        is_told = any(problem.path == PATH and problem.span in named for problem in problems)
        config.validation.nav.not_found = logging.INFO if is_told else self._not_found

    def _generated(self, config: MkDocsConfig) -> tuple[Problem, ...]:
        """The problems found while the pages were generated. Raises PluginError."""
        try:
            if self.is_completed_later or self.stages is None:
                self.stages = here(keeps=self.is_completed_later)
            doubts = settings_warnings(_root(config))
            problems = self.stages.generate(_root(config), self.settings, self.jobs, self.notice, self.watch)
            return *doubts, *problems
        except ContentError as error:
            for problem in error.problems:
                log.error("%s", problem)
            count = len(error.problems)
            raise PluginError(f"{count} problem{'s' if count > 1 else ''} in content; nothing was built") from None
        except SiteError as error:
            raise PluginError(str(error)) from error

    @staticmethod
    def _tell(problems: Iterable[Problem]) -> None:
        """Warnings are said, hints counted."""
        hints = 0
        for problem in problems:
            if problem.severity is Severity.WARNING:
                log.warning("%s", problem)
            else:
                hints += 1
        if hints:
            log.info("%d hint%s; mlguide check lists them", hints, "s" if hints > 1 else "")

    def on_post_build(self, *, config: MkDocsConfig) -> None:
        if not self.is_completed_later:
            # imported only now, as in `stand`: what a build begins with is to begin soon
            from mlguide_site import search  # noqa: PLC0415

            try:
                self.complete(config)
                with remembered(_root(config), say=self.notice) as store:
                    site, work, key = (
                        Path(config.site_dir),
                        Path(config.docs_dir).with_name("search"),
                        f"search {self.site}",
                    )
                    indexed = self.watch.time("search", lambda: search.refresh(site, work, store.value(key)))
                    store.write([kept({key: indexed})])
            except SiteError as error:
                raise PluginError(str(error)) from error

    def on_shutdown(self) -> None:
        if self.stages is not None:
            self.stages.close()

    def complete(self, config: MkDocsConfig) -> None:
        """Add to the built site what no engine makes, but for the search index. Raises SiteError."""
        if self.stages is not None:
            self.stages.finish(Path(config.site_dir), Path(config.docs_dir), self.site, self.watch)

    def stand(self, config: MkDocsConfig) -> None:
        """Make ready for `soon`."""
        from mlguide_site.build.standing import Standing  # noqa: PLC0415

        kept = self.stages.kept if self.stages is not None else None
        if self.standing is None and kept is not None:
            self.standing = Standing(_root(config), Path(config.docs_dir), kept)

    def soon(self, paths: Iterable[str]) -> list[str]:
        """Write the pages of notes among edited files that can be made without a look at anything else; their paths.
        Raises ResourceError, OSError."""
        return self.standing.edit(paths) if self.standing is not None else []

    def remembers(self, config: MkDocsConfig) -> bool:
        """Whether it is known what the last build added to the site: without that, what isn't wanted any more would
        stay."""
        with remembered(_root(config)) as store:
            return not store.fresh

    def on_serve(self, server: LiveReloadServer, *, config: MkDocsConfig, builder: Any) -> LiveReloadServer:
        # the folder of pages is written by the build itself: watching it would build everything twice
        server.unwatch(config.docs_dir)
        for name in INPUTS:
            if (folder := _root(config) / name).is_dir():
                server.watch(str(folder))
        return server


def _root(config: MkDocsConfig) -> Path:
    return Path(config.config_file_path).parent
