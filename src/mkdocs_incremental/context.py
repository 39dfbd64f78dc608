"""Runs the first steps of a MkDocs build, which collect the files, pages and navigation before any page is read."""

import os
from collections.abc import Sequence
from dataclasses import dataclass
from typing import cast

import jinja2
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure import nav
from mkdocs.structure.files import File, Files, InclusionLevel, get_files, set_exclusions

from mkdocs_incremental.settings import UnsupportedError
from mkdocs_incremental.template_cache import template_cache
from mkdocs_incremental.tracking import TrackedFiles, TrackedPage


@dataclass(frozen=True)
class BuildContext:
    """MkDocs' settings, files, templates and navigation in a build. `files` records which files each page uses."""

    config: MkDocsConfig
    files: TrackedFiles
    env: jinja2.Environment
    nav: nav.Navigation
    pages: Sequence[File]  # the source files of all pages, in the order in which MkDocs builds the pages
    navigation: frozenset[str]  # the source paths of the pages in the navigation

    def page(self, file: File) -> TrackedPage:
        return cast(TrackedPage, file.page)

    def file(self, path: str) -> File:
        """Return the file with the given source path. Raises KeyError."""
        return self.files.by_path[path]


class _Loader(jinja2.FileSystemLoader):
    """A template loader that skips hidden folders, as MkDocs does (Material has 14,000 icons in `.icons`)."""

    def list_templates(self) -> list[str]:
        found: set[str] = set()
        for top in self.searchpath:
            for folder, names, files in os.walk(top, followlinks=self.followlinks):
                names[:] = [name for name in names if not name.startswith(".")]
                found.update(os.path.relpath(os.path.join(folder, file), top).replace(os.sep, "/") for file in files)
        return sorted(found)


def prepare(config: MkDocsConfig, folder: str) -> BuildContext:
    """Run a build from the event `files` to `nav`, with `folder` as `site_dir`. Raises UnsupportedError."""
    config.site_dir = folder
    env = config.theme.get_env()
    env.bytecode_cache = template_cache()
    env.loader = _Loader(config.theme.dirs)
    files: Files = TrackedFiles(get_files(config))
    files.add_files_from_theme(env, config)
    files = config.plugins.on_files(files, config=config)
    if not isinstance(files, TrackedFiles):
        files = TrackedFiles(files)
    set_exclusions(files, config)
    if any(file.page is not None for file in files):
        raise UnsupportedError("a plugin creates its own pages")
    names = vars(nav)
    page, names["Page"] = names["Page"], TrackedPage  # make MkDocs create tracked pages
    try:
        navigation = nav.get_navigation(files, config)
    finally:
        names["Page"] = page
    navigation = config.plugins.on_nav(navigation, config=config, files=files)
    pages = files.documentation_pages()
    if not all(isinstance(file.page, TrackedPage) for file in pages):
        raise UnsupportedError("a plugin creates its own pages")
    _refuse_conflicts(files, config)
    listed = frozenset(page.file.src_uri for page in navigation.pages)
    return BuildContext(config, files, env, navigation, pages, listed)


def _refuse_conflicts(files: Files, config: MkDocsConfig) -> None:
    """Raise UnsupportedError if two files have the same output path, because MkDocs may then publish either file."""
    outputs = set(config.theme.static_templates)
    for file in files:
        if is_included(file) and file.src_uri not in config.extra_templates:
            if file.dest_uri in outputs:
                raise UnsupportedError(f"two files are written to {file.dest_uri}")
            outputs.add(file.dest_uri)


def is_included(file: File) -> bool:
    """Return whether a file is part of the finished site."""
    return bool(file.inclusion.value > InclusionLevel.DRAFT.value)


def target_of(file: File) -> str:
    """Return a file's `dest_uri`, `url`, inclusion level and `edit_uri`, as one string."""
    edit = file.edit_uri if isinstance(file.edit_uri, str) else ""
    return f"{file.dest_uri}|{file.url}|{file.inclusion.name}|{edit}"
