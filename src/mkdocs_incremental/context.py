"""The build context: MkDocs' own sequence from settings to files, navigation and pages, before any page is read."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import jinja2
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files, InclusionLevel, get_files, set_exclusions
from mkdocs.structure.nav import Navigation, get_navigation
from mkdocs.structure.pages import Page

from mkdocs_incremental.settings import UnsupportedError
from mkdocs_incremental.template_cache import template_cache
from mkdocs_incremental.tracking import TrackedFiles, TrackedPage, Tracker


@dataclass(frozen=True)
class BuildContext:
    """MkDocs' objects of one build, tracked."""

    config: MkDocsConfig
    files: TrackedFiles
    env: jinja2.Environment
    nav: Navigation
    pages: Sequence[File]
    """The files of pages, in MkDocs' order."""
    tracker: Tracker

    def page(self, file: File) -> TrackedPage:
        """The page of a file that is one."""
        page = file.page
        if not isinstance(page, TrackedPage):
            raise TypeError(f"{file.src_uri} has no page")
        return page

    def file(self, path: str) -> File:
        """The file of a path. Raises KeyError."""
        file = self.files.get_file_from_path(path)
        if file is None:
            raise KeyError(path)
        return file


def prepare(config: MkDocsConfig, folder: str, drafts: bool) -> BuildContext:
    """Run MkDocs from the `files` event to the `env` event; the site is written to `folder`, `drafts` included. Raises
    UnsupportedError, and what plugins and hooks raise."""
    config.site_dir = folder
    tracker = Tracker()
    env = config.theme.get_env()
    if type(env) is jinja2.Environment:
        env.bytecode_cache = template_cache()
    files: Files = TrackedFiles(get_files(config), tracker)
    files.add_files_from_theme(env, config)
    files = config.plugins.on_files(files, config=config)
    if not isinstance(files, TrackedFiles):
        files = TrackedFiles(files, tracker)
    set_exclusions(files, config)
    nav = _navigation(files, config, tracker)
    pages = files.documentation_pages(inclusion=_in_preview if drafts else InclusionLevel.is_included)
    for file in pages:
        if not isinstance(file.page, TrackedPage):
            raise UnsupportedError("a plugin makes pages of its own")
    tracker.navigation = frozenset(page.file.src_uri for page in nav.pages)
    _refuse_conflicts(files, config)
    return BuildContext(config, files, env, nav, pages, tracker)


def _in_preview(level: InclusionLevel) -> bool:
    return bool(level.value >= InclusionLevel.DRAFT.value)


def is_included(file: File) -> bool:
    """Whether a file is part of the finished site."""
    return bool(file.inclusion.value > InclusionLevel.DRAFT.value)


def _navigation(files: TrackedFiles, config: MkDocsConfig, tracker: Tracker) -> Navigation:
    """MkDocs' navigation, of tracked pages: where a file has a page already, MkDocs takes that."""
    for title, path in _nav_entries(config.nav):
        file = files.get_file_from_path(path)
        if file is not None and file.page is None:
            TrackedPage(title, file, config, tracker)
    for file in files.documentation_pages(inclusion=InclusionLevel.all):
        # of others MkDocs logs that the navigation leaves them out
        if file.page is None and (file.inclusion.value <= InclusionLevel.NOT_IN_NAV.value or config.nav is None):
            TrackedPage(None, file, config, tracker)
    nav = get_navigation(files, config)
    if not all(isinstance(page, TrackedPage) for page in nav.pages):
        raise UnsupportedError("the navigation names pages by absolute paths")
    for file in files.documentation_pages(inclusion=InclusionLevel.all):
        if type(file.page) is Page:
            # nothing but its file refers to it
            TrackedPage(None, file, config, tracker)
    return config.plugins.on_nav(nav, config=config, files=files)


def _nav_entries(nav: Any, title: str | None = None) -> Iterator[tuple[str | None, str]]:
    """The titles and paths of a navigation as the settings have it, in MkDocs' order."""
    if isinstance(nav, str):
        yield title, nav
    elif isinstance(nav, dict):
        for key, value in nav.items():
            yield from _nav_entries(value, key)
    elif isinstance(nav, list):
        for item in nav:
            yield from _nav_entries(item)


def _refuse_conflicts(files: Files, config: MkDocsConfig) -> None:
    """Raise UnsupportedError where two files are written to one path: which one wins is MkDocs' secret."""
    outputs = set(config.theme.static_templates)
    for file in files:
        if is_included(file) and file.src_uri not in config.extra_templates:
            if file.dest_uri in outputs:
                raise UnsupportedError(f"two files are written to {file.dest_uri}")
            outputs.add(file.dest_uri)


def target_of(file: File) -> str:
    """Where a file is written and how it is addressed, as text."""
    edit = file.edit_uri if isinstance(file.edit_uri, str) else ""
    return f"{file.dest_uri}|{file.url}|{file.inclusion.name}|{edit}"
