"""The MkDocs plugin, which generates the pages before a MkDocs build, and completes the site after the build."""

import logging
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from markdown.extensions.toc import slugify_unicode
from mkdocs.config import config_options
from mkdocs.config.base import Config
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import PluginError
from mkdocs.plugins import BasePlugin, event_priority
from pathspec.gitignore import GitIgnoreSpec

from mlguide_site import pipeline
from mlguide_site.build.engines.configuration import settings_of, settings_warnings, with_style, without_empty
from mlguide_site.build.inputs import INPUTS
from mlguide_site.build.pages import Built
from mlguide_site.errors import OWN_LOGGER, ContentError, Severity, SiteError, counted
from mlguide_site.markdown.blocks_from_html import clean_notice

if TYPE_CHECKING:
    from mkdocs.livereload import LiveReloadServer

log = logging.getLogger(OWN_LOGGER)
THEME = "build/theme"  # generated theme overrides


class PluginConfig(Config):  # type: ignore[no-untyped-call]
    """The settings under `mlguide:` in `mkdocs.yml`."""

    edit_url = config_options.Type(str, default="")
    """The address where readers can edit the source file of a page; `{path}` is replaced with the file's path."""
    licence = config_options.Type(str, default="")
    """Licence of the site's texts, shown in the footer."""
    domain = config_options.Type(str, default="")
    """Your own domain, which the build writes into the file `CNAME`."""
    # this setting is called `items`; the underscore is needed, because MkDocs' class already has a method `items`
    items_ = config_options.Type(int, default=300)
    """Number of episodes in a feed; archive feeds contain older episodes. With 0, the feed contains all episodes."""
    redirects = config_options.Type(dict, default={})
    """Old addresses, each mapped to the id of an episode or to another address on this site."""
    media = config_options.ListOfItems(config_options.Type(str), default=[])
    """Additional hosts of audio files, such as hosts that audio addresses redirect to."""
    allow = config_options.ListOfItems(config_options.Type(str), default=[])
    """Hosts from which pages may load scripts, styles, fonts and images; `'unsafe-inline'` allows inline scripts."""


class MlguidePlugin(BasePlugin[PluginConfig]):  # type: ignore[no-untyped-call]
    """The MkDocs plugin `mlguide`. For `incremental_events`, see the README of the plugin `mkdocs_incremental`."""

    incremental_events = ("config", "pre_build", "post_template", "post_build")

    def __init__(self) -> None:
        self.preview = False
        self.job = pipeline.DEFAULT
        self.prepared: Built | None = None  # set if the caller has already run `pipeline.build`
        self.finish: Callable[[Path], None] | None = None  # a function of the caller that replaces `complete`
        self.built: Built | None = None

    def on_startup(self, *, command: Literal["build", "gh-deploy", "serve"], dirty: bool) -> None:
        self.preview = command == "serve"

    def on_config(self, config: MkDocsConfig) -> MkDocsConfig:
        theme = str(_root(config) / THEME)
        Path(theme).mkdir(parents=True, exist_ok=True)
        # our folder comes first, because it also contains the files from the user's `custom_dir`
        config.theme.dirs[:] = [theme, *(folder for folder in config.theme.dirs if folder != theme)]
        features = config.theme.get("features")
        if not config.site_url and isinstance(features, list):
            # instant navigation needs `site_url`; without it, the theme would only request a missing sitemap
            config.theme["features"] = [name for name in features if name != "navigation.instant"]
        # MkDocs must not report pages that `nav` omits, because `check_features` reports those that a person wrote
        config.not_in_nav = GitIgnoreSpec.from_lines(["*"])
        config.extra_css[:] = with_style(config.extra_css)
        # MkDocs would link to files that are generated; `edit_url` of the plugin is the address of what a person wrote
        config.edit_uri = config.edit_uri_template = None
        config.copyright = clean_notice(config.copyright or "") or None
        # links to headings are computed with this function
        config.mdx_configs.setdefault("toc", {})["slugify"] = slugify_unicode
        return config

    def on_pre_build(self, *, config: MkDocsConfig) -> None:
        """Update the pages, and log the problems of the content. Raises PluginError."""
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
            raise PluginError(f"{counted(len(error.problems), 'problem')} in content; nothing was built") from None
        except SiteError as error:
            raise PluginError(str(error)) from error
        self.built = built
        config.nav = without_empty(config.nav or built.maker.nav, built.maker.empty)
        for problem in [*warnings, *built.problems]:
            if problem.severity is Severity.WARNING:
                log.warning("%s", problem)

    def on_post_template(self, output: str, *, template_name: str, config: MkDocsConfig) -> str:
        """Omit the sitemap if the site has no address. MkDocs writes no file for an empty output."""
        return output if config.site_url or template_name != "sitemap.xml" else ""

    # other plugins and hooks may change pages, and offline reading needs the digests of the final pages
    @event_priority(-100)
    def on_post_build(self, *, config: MkDocsConfig) -> None:
        """Add the files that MkDocs doesn't generate. Raises PluginError."""
        finish = self.finish or (lambda site: self.complete(config, site))
        try:
            finish(Path(config.site_dir))
        except SiteError as error:
            raise PluginError(str(error)) from error

    def complete(self, config: MkDocsConfig, site: Path, with_search: bool = True) -> None:
        """Finish the site in a folder, with or without the search index. Raises SiteError."""
        if self.built is not None:
            pipeline.finish(_root(config), self.built, site, self.job, with_search)

    def on_serve(self, server: "LiveReloadServer", *, config: MkDocsConfig, builder: Any) -> "LiveReloadServer":
        # a build writes to this folder, so changes in it must not start another build
        server.unwatch(config.docs_dir)
        for name in INPUTS:
            if (folder := _root(config) / name).is_dir():
                server.watch(str(folder))
        return server


def _root(config: MkDocsConfig) -> Path:
    return Path(config.config_file_path).parent
