"""Files and pages found ahead of the `pre_build` event, for a build whose plugins wait there for another process: while
they do, this one has nothing else to do. Where the event changed what there is to find, all is found anew."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import jinja2
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import Files, InclusionLevel, get_files
from mkdocs.structure.pages import Page

from mlguide_site.rebuild.installed import fixed_folders, is_fixed
from mlguide_site.rebuild.marks import trees

LOGGERS = ("mkdocs.structure.files", "mkdocs.structure.pages")
"""Those that are heard from where files and pages are made."""
SETTINGS = ("docs_dir", "site_dir", "site_url", "use_directory_urls", "repo_url", "edit_uri", "edit_uri_template")
PATTERNS = ("exclude_docs", "draft_docs", "not_in_nav")


@dataclass(frozen=True)
class Ahead:
    """The files of the project, those not in the navigation with their pages, and those of the theme; and what these
    hang on."""

    files: Files
    themed: Files
    hangs_on: tuple[Any, ...]


def look_ahead(config: MkDocsConfig) -> Ahead | None:
    """What is there now. None where a plugin or hook has a say in it, or MkDocs one word."""
    if config.plugins.events.get("files") or config.plugins.events.get("nav") or not config.nav:
        return None
    hangs_on = _hangs_on(config)
    with _silence() as heard:
        files, themed = get_files(config), Files([])
        themed.add_files_from_theme(config.theme.get_env(), config)
        for file in files.documentation_pages():
            if file.inclusion is InclusionLevel.NOT_IN_NAV:
                # MkDocs makes a page for each file that has none by then, and says so of those that belong in there
                Page(None, file, config)
    return None if heard else Ahead(files, themed, hangs_on)


def found(config: MkDocsConfig, env: jinja2.Environment, ahead: Ahead | None) -> Files:
    """The files of the project and the theme, as MkDocs finds them: taken from what was found ahead where that is what
    would be found now."""
    if ahead is None or ahead.hangs_on != _hangs_on(config):
        files = get_files(config)
        files.add_files_from_theme(env, config)
        return files
    for file in ahead.themed:
        # those of the project come before those of the theme
        if ahead.files.get_file_from_path(file.src_uri) is None:
            ahead.files.append(file)
    return ahead.files


def _hangs_on(config: MkDocsConfig) -> tuple[Any, ...]:
    """All that files and pages hang on: settings, and the names in the folders of sources and of themes. What is
    installed stays as it is."""
    fixed = fixed_folders()
    loose = [folder for folder in config.theme.dirs if not is_fixed(folder, fixed)]
    settings = [str(config.get(name)) for name in SETTINGS]
    patterns = [[str(pattern.pattern) for pattern in getattr(config.get(name), "patterns", ())] for name in PATTERNS]
    theme = (tuple(config.theme.dirs), sorted(config.theme.static_templates), str(config.theme.locale))
    return settings, patterns, theme, sorted(trees([config.docs_dir, *loose]))


@contextmanager
def _silence() -> Iterator[list[str]]:
    """What MkDocs would say meanwhile isn't said, but gathered."""
    heard: list[str] = []

    def gather(record: logging.LogRecord) -> bool:
        heard.append(record.getMessage())
        return False

    for name in LOGGERS:
        logging.getLogger(name).addFilter(gather)
    try:
        yield heard
    finally:
        for name in LOGGERS:
            logging.getLogger(name).removeFilter(gather)
