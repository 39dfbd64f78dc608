"""The MkDocs plugin: thin hooks that call the stages before a build and finish the site after it."""

import logging
from collections.abc import Callable, Iterable
from dataclasses import replace
from pathlib import Path
from typing import Any, Literal

from mkdocs.config import config_options
from mkdocs.config.base import Config
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import PluginError
from mkdocs.livereload import LiveReloadServer
from mkdocs.plugins import BasePlugin
from pathspec.gitignore import GitIgnoreSpec

from mlguide_site import pipeline
from mlguide_site.build.built import Built
from mlguide_site.build.edits import NoteEditor
from mlguide_site.build.engines.configuration import settings_of, settings_warnings
from mlguide_site.build.engines.faults import OWN_LOGGER
from mlguide_site.build.inputs import INPUTS
from mlguide_site.content.site_settings import PATH, read_named
from mlguide_site.errors import ContentError, Problem, Severity, SiteError

log = logging.getLogger(OWN_LOGGER)
THEME = "build/theme"
"""The folder of generated theme overrides in a root."""
NOT_IN_NAV = (
    "/episodes/*/",
    "/**/page/",
    "/search/",
    "/graph/",
    *(f"/{folder}/*.md" for folder in ("topics", "tools", "resources", "glossary", "people")),
    "mentions-*.md",
    "graph.md",
)
"""The pages that may be missing from the navigation, as patterns of MkDocs' `not_in_nav`. What it names, as it does the
indexes, is in it all the same."""


class PluginConfig(Config):  # type: ignore[no-untyped-call]
    """The settings under `mlguide:` in `mkdocs.yml`."""

    edit_url = config_options.Type(str, default="")
    """Address at which a source file is edited, `{path}` standing for its path."""
    licence = config_options.Type(str, default="")
    """Licence of the site's texts, shown in the foot of every page."""
    domain = config_options.Type(str, default="")
    """The site's own domain name, for hosts that read it from a file `CNAME`."""
    redirects = config_options.Type(dict, default={})
    """Addresses of a site that was here before, each with the id or the address of what replaces it."""
    media = config_options.ListOfItems(config_options.Type(str), default=[])
    """Addresses whose hosts may serve audio besides those that the episodes name: where these redirect the browser."""


class MlguidePlugin(BasePlugin[PluginConfig]):  # type: ignore[no-untyped-call]
    """Generates the pages of a knowledge base before MkDocs builds them."""

    incremental_events = ("post_build",)
    """The events that do right on a site of which only the changed files were written again."""

    def __init__(self) -> None:
        self.preview = False
        self.job = pipeline.DEFAULT
        self.prepared: Built | None = None
        """The pages, where who runs the engine has had them made already."""
        self.finish: Callable[[Path], None] | None = None
        """Finishes a site, where who runs the engine does that."""
        self.built: Built | None = None
        self.editor: NoteEditor | None = None
        """In a preview, what edits of single notes need."""
        self._not_found: int | None = None
        """How MkDocs is to report what the navigation names and isn't there, as the settings have it."""

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
            config.not_in_nav = GitIgnoreSpec([*own, *GitIgnoreSpec.from_lines(NOT_IN_NAV).patterns])
        return config

    def on_pre_build(self, *, config: MkDocsConfig) -> None:
        """Have the pages up to date, and report the problems found meanwhile. Raises PluginError."""
        built, self.prepared, self.built = self.prepared, None, None
        self.job = replace(self.job, place=config.site_dir)
        try:
            settings = settings_of(config, self.config, self.preview)
            warnings = settings_warnings(_root(config))
            if built is None or built.settings != settings:
                built = pipeline.build(_root(config), settings, job=self.job)
        except ContentError as error:
            for problem in error.problems:
                log.error("%s", problem)
            count = len(error.problems)
            raise PluginError(f"{count} problem{'s' if count > 1 else ''} in content; nothing was built") from None
        except SiteError as error:
            raise PluginError(str(error)) from error
        self.built = built
        if self.editor and not self.editor.is_of(built):
            self.editor = None
        problems = [*warnings, *built.problems]
        _report(problems)
        self._silence(config, problems)

    def on_post_build(self, *, config: MkDocsConfig) -> None:
        """Add what MkDocs doesn't make. Raises PluginError."""
        finish = self.finish or (lambda site: self.complete(config, site))
        try:
            finish(Path(config.site_dir))
        except SiteError as error:
            raise PluginError(str(error)) from error

    def complete(self, config: MkDocsConfig, site: Path, with_search: bool = True) -> None:
        """Finish a site in a folder. Raises SiteError."""
        if self.built is not None:
            pipeline.finish(_root(config), self.built, site, self.job, with_search)

    def on_serve(self, server: LiveReloadServer, *, config: MkDocsConfig, builder: Any) -> LiveReloadServer:
        # the folder of pages is written by the build itself: watching it would build everything twice
        server.unwatch(config.docs_dir)
        for name in INPUTS:
            if (folder := _root(config) / name).is_dir():
                server.watch(str(folder))
        return server

    def edit(self, paths: Iterable[str]) -> list[str]:
        """Write the pages of those of the edited files that are notes and are shown by no other page; the paths of
        these pages. Raises ResourceError, OSError."""
        if self.editor is None:
            return []
        return self.editor.edit(paths)

    def prepare_edits(self, config: MkDocsConfig) -> None:
        """Make ready for `edit`."""
        if self.editor is None and self.built is not None:
            self.editor = NoteEditor(_root(config), Path(config.docs_dir), self.built)

    def _silence(self, config: MkDocsConfig, problems: Iterable[Problem]) -> None:
        """MkDocs doesn't report again, without a place, what was reported of the navigation."""
        if self._not_found is None:
            self._not_found = config.validation.nav.not_found
        named = {span for _, span in read_named(_root(config)).pages}
        is_reported = any(problem.path == PATH and problem.span in named for problem in problems)
        config.validation.nav.not_found = logging.INFO if is_reported else self._not_found


def _report(problems: Iterable[Problem]) -> None:
    """Print warnings, count hints."""
    hints = 0
    for problem in problems:
        if problem.severity is Severity.WARNING:
            log.warning("%s", problem)
        else:
            hints += 1
    if hints:
        log.info("%d hint%s; mlguide check lists them", hints, "s" if hints > 1 else "")


def _root(config: MkDocsConfig) -> Path:
    return Path(config.config_file_path).parent
