"""MkDocs' way from settings to files, navigation and pages: everything before the first page is read."""

import json
from dataclasses import dataclass
from typing import Any

import jinja2
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files, InclusionLevel, set_exclusions
from mkdocs.structure.nav import Navigation, get_navigation
from mkdocs.structure.pages import Page

from mkdocs_incremental.ahead import Ahead, found
from mkdocs_incremental.compiled import template_cache
from mkdocs_incremental.making import Maker
from mkdocs_incremental.marks import digest
from mkdocs_incremental.observed import ObservedFiles, ObservedList, ObservedPage, Reads, observe
from mkdocs_incremental.plugins import Known


@dataclass(frozen=True)
class Course:
    """A build set out: MkDocs' own objects, observed."""

    config: MkDocsConfig
    files: Files
    env: jinja2.Environment
    nav: Navigation
    pages: ObservedList
    """The files of pages, in MkDocs' order, as templates of pages are given them."""
    reads: Reads
    known: dict[str, Known]
    maker: Maker

    def page(self, file: File) -> ObservedPage:
        """The page of a file that is one."""
        page = file.page
        if not isinstance(page, ObservedPage):
            raise TypeError(f"{file.src_uri} has no page")
        return page


class StrangeError(Exception):
    """A plugin has put objects of its own in the place of MkDocs'."""


def set_out(config: MkDocsConfig, known: dict[str, Known], drafts: bool, ahead: Ahead | None = None) -> Course:
    """Find files, navigation and pages, by MkDocs' functions and events up to `nav`. `drafts` are in a preview only;
    `ahead` is what was found before.

    Raises StrangeError where a plugin has other kinds of files or pages than MkDocs.
    """
    env = config.theme.get_env()
    if type(env) is jinja2.Environment:
        env.bytecode_cache = template_cache()
    files = found(config, env, ahead)
    files = config.plugins.on_files(files, config=config)
    set_exclusions(files, config)
    nav = get_navigation(files, config)
    nav = config.plugins.on_nav(nav, config=config, files=files)
    reads = Reads()
    if type(files) is not Files:
        raise StrangeError("a plugin keeps files in its own way")
    files.__class__ = ObservedFiles
    files.reads = reads  # type: ignore[attr-defined]
    pages = files.documentation_pages(inclusion=_in_preview if drafts else _in_site)
    for file in pages:
        page = file.page or Page(None, file, config)
        if type(page) is not Page:
            raise StrangeError("a plugin makes pages of its own kind")
        observe(page, reads)
    reads.in_navigation = frozenset(page.file.src_uri for page in nav.pages)
    listed = ObservedList(pages, reads)
    return Course(config, files, env, nav, listed, reads, known, Maker(config, files, reads, known))


def _in_site(level: InclusionLevel) -> bool:
    return int(level.value) > int(InclusionLevel.DRAFT.value)


def _in_preview(level: InclusionLevel) -> bool:
    return int(level.value) >= int(InclusionLevel.DRAFT.value)


def navigation_key(nav: Navigation) -> str:
    """The digest of a navigation: its items in order, with the titles that the settings give."""
    return digest(json.dumps([_item(item) for item in nav.items]).encode("utf-8", "surrogatepass"))


def _item(item: Any) -> list[Any]:
    if isinstance(item, Page):
        return ["page", item.file.src_uri, item.url, str(item.__dict__.get("title"))]
    children = [_item(child) for child in item.children or ()]
    return [type(item).__name__, str(item.title), str(getattr(item, "url", "")), children]


def aim(course: Course, folder: str) -> None:
    """Let the site be written to another folder."""
    course.config.site_dir = folder
    for file in course.files:
        file.dest_dir = folder
        file.__dict__.pop("abs_dest_path", None)
