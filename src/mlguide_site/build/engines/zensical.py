"""Builds a site with Zensical, which runs no plugins or hooks. Our stages run before and after Zensical.

Zensical gets its own project folder and settings. Inherited settings are merged in advance: in MkDocs, a list replaces
an inherited list, but Zensical would combine the two lists. The theme's classic variant is used, because our styles
don't fit the newer variant. Zensical resolves addresses in raw HTML relative to the source file. So each source file is
in the folder that matches the page's address."""

import re
import shutil
from collections.abc import Callable, Collection, Sequence
from dataclasses import replace
from html import escape
from pathlib import Path
from typing import Any

import yaml
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.utils.yaml import yaml_load

from mkdocs_incremental.output import exchange
from mlguide_site.build.engines import Pipeline, run_module
from mlguide_site.build.engines.configuration import (
    build_settings,
    settings_of,
    settings_warnings,
    with_style,
    without_empty,
)
from mlguide_site.build.engines.failures import EngineError, broken, translated
from mlguide_site.build.pages import Built, Job
from mlguide_site.content.files import exclusive, write_atomic
from mlguide_site.content.site_settings import OWN, PATH, plugins_of
from mlguide_site.errors import Problem, Severity, counted
from mlguide_site.markdown.blocks_from_html import clean_notice
from mlguide_site.markdown.engine_markdown import EXTENSIONS
from mlguide_site.model.slugs import file_in_own_folder
from mlguide_site.progress import stage

UNUSED = frozenset({"INHERIT", "hooks", "watch", "strict"})  # settings that Zensical's settings file omits
SEARCHES = frozenset({"search", "material/search"})
FOLDER = "build/zensical"  # Zensical's project folder, which also contains the unfinished site during a build
SETTINGS = "zensical.yml"
INDEX = "search.json"  # the index of Zensical's own search, which Zensical writes even if the search is disabled
_SLUGIFY = yaml.ScalarNode("tag:yaml.org,2002:python/name:markdown.extensions.toc.slugify_unicode", "")
"""The function with which links to headings are computed, as in our plugin."""
_COLOUR = re.compile(r"\x1b\[[0-9;]{0,20}m")
_ISSUE = re.compile(r"(?:Warning|Error): (.{1,500})")
_TEMPLATE = re.compile(r"\w{1,60}: (.{1,1000}) \(in ([\w./-]{1,200}):(\d{1,6})\)")
_PLACE = re.compile(r"\W{0,20}\[ (.{1,500}:\d{1,9}:\d{1,9}) \]")


class _Loader(yaml.SafeLoader):
    """A YAML loader that preserves values with engine-specific tags, such as `!ENV`."""


class _Dumper(yaml.SafeDumper):
    """A YAML dumper that also writes the tagged values from `_Loader`."""


_Loader.add_constructor(None, lambda _, node: node)
_Dumper.add_multi_representer(yaml.Node, lambda _, node: node)


def zensical_settings(
    root: Path, features: list[str], notice: str, own_folders: bool, empty: Collection[str], default_nav: Sequence[Any]
) -> str:
    """Return the text of Zensical's settings file. `features` are the theme's features. `notice` is the footer's text
    if the settings have no copyright. `own_folders` has the same meaning as in `Settings`. The navigation
    omits the pages in `empty`. `default_nav` is the navigation if the settings have none."""
    with (root / PATH).open("rb") as file:
        # this call merges inherited settings as MkDocs does
        settings = yaml_load(file, _Loader)  # type: ignore[arg-type]
    nav = without_empty(settings.get("nav") or [*default_nav], empty, file_in_own_folder if own_folders else str)
    theme = settings.get("theme")
    look = theme if isinstance(theme, dict) else {"name": theme} if theme else {}
    settings = {key: value for key, value in settings.items() if key not in UNUSED}
    plugins = {name: options for name, (options, _) in plugins_of(settings).items() if name != OWN}
    # Zensical's own search is on by default
    plugins |= {} if SEARCHES & plugins.keys() else {"search": {"enabled": False}}
    found = plugins_of(settings, "markdown_extensions")
    extensions = {name: options for name, (options, _) in found.items()} or dict.fromkeys(EXTENSIONS)
    extensions["toc"] = {**(extensions.get("toc") or {}), "slugify": _SLUGIFY}
    for key, items in (("plugins", plugins), ("markdown_extensions", extensions)):
        settings[key] = [name if options is None else {name: options} for name, options in items.items()]
    settings |= {"docs_dir": "pages", "site_dir": "site", "extra_css": with_style(settings.get("extra_css"))}
    settings["theme"] = {"variant": "classic", **look, "custom_dir": "theme", "features": features}
    if nav:
        settings["nav"] = nav
    own = settings.get("copyright")
    if own or notice:
        settings["copyright"] = clean_notice(own) if isinstance(own, str) else escape(notice)
    return yaml.dump(settings, Dumper=_Dumper, allow_unicode=True, sort_keys=False)


def build(root: Path, pipeline: Pipeline, job: Job) -> Path:
    """Build a root's site into its `site_dir`, and return that folder. The previous site is kept until the new one is
    complete. Raises ContentError for invalid content, and EngineError or ResourceError if the engine or disk fails."""
    with translated(root, job.say), exclusive(root):
        config = build_settings(root, job.strict)
        settings = settings_of(config, config.plugins["mlguide"].config)
        # without directory URLs, each page's source file is already in the right folder
        settings = replace(settings, own_folders=settings.directories)
        site, fresh = Path(config.site_dir), root / FOLDER / "site"
        fresh.parent.mkdir(parents=True, exist_ok=True)

        if settings.left_out:
            job.say(
                'error: Zensical publishes the pages in "exclude_docs" and "draft_docs"; use MkDocs, or move the pages'
            )
            raise EngineError

        def make(built: Built, finish: Callable[[Path], None]) -> None:
            _report([*settings_warnings(root), *built.problems], config.strict, job.say)
            shutil.rmtree(fresh, ignore_errors=True)
            _run(root, config, built, job.say)
            if not SEARCHES & set(config.plugins):
                (fresh / INDEX).unlink(missing_ok=True)
            if not settings.site_url:  # the sitemap is empty
                (fresh / "sitemap.xml").unlink(missing_ok=True)
            finish(fresh)
            exchange(fresh, site)

        try:
            pipeline(root, settings, make, replace(job, folder=FOLDER, place=str(site)))
        finally:
            shutil.rmtree(fresh, ignore_errors=True)
    return site


def _report(problems: list[Problem], strict: bool, say: Callable[[str], None]) -> None:
    warnings = [problem for problem in problems if problem.severity is Severity.WARNING]
    for problem in warnings:
        say(str(problem))
    if strict and warnings:
        say(f"error: {counted(len(warnings), 'warning')} in a strict build; nothing was built")
        raise EngineError


@stage("engine")
def _run(root: Path, config: MkDocsConfig, built: Built, say: Callable[[str], None]) -> None:
    settings, maker = built.settings, built.maker
    features = [str(name) for name in config.theme.get("features") or ()]
    if not settings.site_url:
        # as in our plugin, remove instant navigation, which needs the site's address
        features = [name for name in features if name != "navigation.instant"]
    text = zensical_settings(root, features, settings.site_licence, settings.own_folders, maker.empty, maker.nav)
    write_atomic(root / FOLDER / SETTINGS, text.encode())
    lines = EngineLines(say)
    # each build starts without Zensical's cache, which doesn't detect new versions or changed templates
    arguments = ["build", "--clean", "--config-file", str(root / FOLDER / SETTINGS)]
    arguments += ["--strict"] if config.strict else []
    status = run_module("zensical", arguments, root, lines)
    if found := _TEMPLATE.fullmatch(lines.last) if status else None:
        remedy = "correct it (write x | upper, not x.upper()), or remove it to use the packaged one"
        raise broken(root, f"templates/theme/{found[2]}", int(found[3]), found[1], remedy)
    if status:
        say(f"error: Zensical failed with exit status {status}: {lines.last}")
        raise EngineError


class EngineLines:
    """Filters the engine's output: prints each issue as one line, and stores the last line of the output."""

    def __init__(self, say: Callable[[str], None]) -> None:
        self._say = say
        self._issue = self.last = ""

    def __call__(self, line: str) -> None:
        line = _COLOUR.sub("", line)
        if found := _ISSUE.match(line):
            self._issue = found[1]
        elif self._issue and (found := _PLACE.match(line)):
            self._say(f"warning: {found[1]}: {self._issue}")
            self._issue = ""
        self.last = line.strip() or self.last
