"""Files and pages found ahead of the `pre_build` event, for a build whose plugins wait there for another process: while
they do, this one has nothing else to do. Where the event changed what there is to find, all is found anew."""

import os
import posixpath
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import PurePath
from typing import Any

import jinja2
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import Files, InclusionLevel, get_files
from mkdocs.structure.pages import Page

from mkdocs_incremental.built import Message
from mkdocs_incremental.ledger import loose_themes
from mkdocs_incremental.messages import diverted

SETTINGS = (
    "docs_dir",
    "site_dir",
    "site_url",
    "use_directory_urls",
    "repo_url",
    "edit_uri",
    "edit_uri_template",
    "nav",
)
PATTERNS = ("exclude_docs", "draft_docs", "not_in_nav")


@dataclass(frozen=True)
class Ahead:
    """The files of the project, those beside the navigation with their pages, and those of the theme; and what these
    hang on."""

    files: Files
    themed: Files
    hangs_on: tuple[Any, ...]


def look_ahead(config: MkDocsConfig) -> Ahead | None:
    """What is there now. None where a plugin or hook has a say in it, where no navigation is set, where MkDocs has
    something to say, and where files come and go meanwhile."""
    if config.plugins.events.get("files") or config.plugins.events.get("nav") or not config.nav:
        return None
    hangs_on = _hangs_on(config)
    heard: list[Message] = []
    with diverted(heard):
        files, themed = get_files(config), Files([])
        themed.add_files_from_theme(config.theme.get_env(), config)
    if heard or not {file.abs_src_path for file in files} <= set(hangs_on[-1]):
        return None
    in_nav = {posixpath.normpath(PurePath(path).as_posix()).lstrip("/") for path in _paths(config.nav)}
    for file in files.documentation_pages():
        # MkDocs makes the pages of the navigation itself, with the titles that they have there; then a page for each
        # file that has none, and says so of those that belong in there
        if file.inclusion is InclusionLevel.NOT_IN_NAV and file.src_uri not in in_nav:
            Page(None, file, config)
    return Ahead(files, themed, hangs_on)


def found(config: MkDocsConfig, env: jinja2.Environment, ahead: Ahead | None) -> Files:
    """The files of the project and the theme, as MkDocs finds them: those found ahead, where they are what would be
    found now. What was found ahead can be used once."""
    if ahead is None or ahead.hangs_on != _hangs_on(config):
        files = get_files(config)
        files.add_files_from_theme(env, config)
        return files
    for file in ahead.themed:
        # those of the project come before those of the theme
        if ahead.files.get_file_from_path(file.src_uri) is None:
            ahead.files.append(file)
    return ahead.files


def _paths(nav: Any) -> Iterator[str]:
    """All texts in a navigation as the settings have it: paths of pages, and addresses."""
    if isinstance(nav, str):
        yield nav
    elif isinstance(nav, dict):
        for value in nav.values():
            yield from _paths(value)
    elif isinstance(nav, list):
        for item in nav:
            yield from _paths(item)


def _hangs_on(config: MkDocsConfig) -> tuple[Any, ...]:
    """All that files and pages hang on: settings, and last the names in the folders of sources and of themes. What is
    installed stays as it is."""
    settings = [str(config.get(name)) for name in SETTINGS]
    patterns = [[str(pattern.pattern) for pattern in getattr(config.get(name), "patterns", ())] for name in PATTERNS]
    theme = (tuple(config.theme.dirs), sorted(config.theme.static_templates), str(config.theme.locale))
    names = sorted(name for folder in (config.docs_dir, *loose_themes(config)) for name in _names(folder))
    # a page has the day of the build
    return settings, patterns, theme, os.environ.get("SOURCE_DATE_EPOCH"), names


def _names(folder: str) -> Iterator[str]:
    """What is in a folder, linked folders entered, as MkDocs enters them."""
    for above, folders, names in os.walk(folder, followlinks=True):
        yield above
        yield from (os.path.join(above, name) for name in (*folders, *names))
