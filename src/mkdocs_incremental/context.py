"""The build context: MkDocs' own sequence from settings to files, navigation and pages, before any page is read."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import jinja2
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files, InclusionLevel, get_files, set_exclusions
from mkdocs.structure.nav import Navigation, get_navigation
from mkdocs.structure.pages import Page

from mkdocs_incremental.signatures import digest
from mkdocs_incremental.template_cache import template_cache
from mkdocs_incremental.tracking import TrackedFiles, TrackedPage, Tracker, UnsupportedError, track_time


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
    docs: frozenset[str]
    """The files and folders in `docs_dir` when it was scanned."""
    conflict: str
    """A path in the site that two files would be written to; empty where there is none."""

    def page(self, file: File) -> TrackedPage:
        """The page of a file that is one."""
        page = file.page
        if not isinstance(page, TrackedPage):
            raise TypeError(f"{file.src_uri} has no page")
        return page


def prepare(config: MkDocsConfig, folder: str, docs: frozenset[str], drafts: bool) -> BuildContext:
    """Run MkDocs up to the `nav` event; the site is written to `folder`, `drafts` included. Raises UnsupportedError,
    and what plugins and hooks raise."""
    config.site_dir = folder
    tracker = Tracker()
    env = config.theme.get_env()
    if type(env) is jinja2.Environment:
        env.bytecode_cache = template_cache()
    track_time(env, tracker)
    files: Files = TrackedFiles(get_files(config), tracker)
    files.add_files_from_theme(env, config)
    files = config.plugins.on_files(files, config=config)
    if not isinstance(files, TrackedFiles):
        if type(files) is not Files:
            raise UnsupportedError("a plugin keeps files in its own way")
        files = TrackedFiles(files, tracker)
    set_exclusions(files, config)
    nav = _navigation(files, config, tracker)
    pages = files.documentation_pages(inclusion=_in_preview if drafts else InclusionLevel.is_included)
    for file in pages:
        if not isinstance(file.page, TrackedPage):
            raise UnsupportedError("a plugin makes pages of its own")
    tracker.navigation = frozenset(page.file.src_uri for page in nav.pages)
    return BuildContext(config, files, env, nav, pages, tracker, docs, _conflict(files, config))


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
    nav = config.plugins.on_nav(nav, config=config, files=files)
    return nav


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


def _conflict(files: Files, config: MkDocsConfig) -> str:
    outputs = set(config.theme.static_templates)
    for file in files:
        if is_included(file) and file.src_uri not in config.extra_templates:
            if file.dest_uri in outputs:
                return file.dest_uri
            outputs.add(file.dest_uri)
    return ""


def navigation_digest(nav: Navigation) -> str:
    """The digest of a navigation: its items in order, with the titles that the settings give."""
    return digest(json.dumps([_item(item) for item in nav.items]).encode("utf-8", "surrogatepass"))


def _item(item: Any) -> list[Any]:
    if isinstance(item, TrackedPage):
        return ["page", item.file.src_uri, item.url, str(item.values.get("title")) if item.is_titled else None]
    children = [_item(child) for child in item.children or ()]
    return [type(item).__name__, str(item.title), str(getattr(item, "url", "")), children]


def target_of(file: File) -> str:
    """Where a file is written and how it is addressed, as text."""
    edit = file.edit_uri if isinstance(file.edit_uri, str) else ""
    return f"{file.dest_uri}|{file.url}|{file.inclusion.name}|{edit}"
