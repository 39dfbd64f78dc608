"""Replaces MkDocs' pages, files and lists with classes that record what each page uses.

An access is recorded for the page that MkDocs currently loads or renders, unless the page accesses its own data."""

import re
from collections import UserList
from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import lru_cache
from pathlib import PurePath
from typing import Any
from urllib.parse import urljoin, urlsplit

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files
from mkdocs.structure.pages import Page

from mkdocs_incremental.conversion import convert

PARTS = {"title": "title", "meta": "meta", **dict.fromkeys("toc content markdown present_anchor_ids".split(), "body")}
"""Maps attributes of MkDocs' `Page` to the part of the page that they are computed from: title, metadata or body."""
FILES = "files"  # the part that represents the list of all files or pages of a site
NAVIGATION, ALL = "", "*"  # special paths for all pages in the navigation, and for all pages of the site
ORDINARY = re.compile(r"[\w-][\w.-]*(?:/[\w-][\w.-]*)*/?", re.ASCII)
"""Matches relative URLs without a scheme, query, fragment or dot segment, which `urljoin` appends unchanged."""
MANY = 150  # maximum number of parts in a summary; a page that reads more parts is treated as if it read all pages


class Reads:
    """The parts of pages, such as `("title", "a.md")`, that the page `reader` uses, and the files that it looks up."""

    def __init__(self, reader: object) -> None:
        self.reader = reader
        self.parts: set[tuple[str, str]] = set()
        self.files: set[str] = set()

    def repeat(self) -> None:
        """Record that the current page also uses these parts and files."""
        if reads := _current.get():
            reads.parts |= self.parts
            reads.files |= self.files

    def summary(self, navigation: Collection[str]) -> str:
        """Return the parts as sorted lines such as `title a.md`. Paths in `navigation` are replaced by `NAVIGATION`."""
        parts = {(part, NAVIGATION if path in navigation else path) for part, path in self.parts}
        if len(parts) > MANY:
            parts = {(part, ALL if path else path) for part, path in parts}
        return "\n".join(sorted(f"{part} {path}" for part, path in parts))


@lru_cache
def _start(base: str) -> tuple[str, str]:
    """Return the prefix that `urljoin` adds to relative URLs, such as `https://a.example/b/`, and its path, `/b/`."""
    start = urljoin(base if base.endswith("/") else f"{base}/", "x")[:-1]
    return start, urlsplit(start).path


_current: ContextVar[Reads | None] = ContextVar("current", default=None)  # None if no page is read


@contextmanager
def reading(reader: object) -> Iterator[Reads]:
    """Record what the page `reader` uses in the `with` block."""
    reads = Reads(reader)
    token = _current.set(reads)
    try:
        yield reads
    finally:
        _current.reset(token)


def _record_list() -> None:
    """Record that the current page uses the list of all files or pages."""
    if reads := _current.get():
        reads.parts.add((FILES, ALL))


Load = Callable[["TrackedPage", str], None]


class TrackedPage(Page):
    """A page that records which other pages use it. An unchanged page loads its attributes only on demand."""

    def __init__(self, title: str | None, file: File, config: MkDocsConfig) -> None:
        self.values: dict[str, Any] = {}
        self.load: Load | None = None  # restores an attribute by name from the last build
        self.is_titled = title is not None  # whether the navigation sets the page's title
        super().__init__(title, file, config)

    def _set_canonical_url(self, base: str | None) -> None:
        """Set the full URL as MkDocs does, but don't parse each page's URL, because parsing is slow in large sites."""
        if base and ORDINARY.fullmatch(self.url):
            start, path = _start(base)
            self.canonical_url, self.abs_url = f"{start}{self.url}", f"{path}{self.url}"
        else:
            super()._set_canonical_url(base)

    def reset(self, load: Load | None = None) -> None:
        """Delete the attributes that were read from the source; `load` restores them on demand."""
        self.load = load
        self.values = {"title": self.values["title"]} if self.is_titled else {}
        if load is None:
            self.values |= {"markdown": None, "content": None, "toc": [], "meta": {}}
            self._title_from_render = None

    def render(self, config: MkDocsConfig, files: Files) -> None:
        """Convert the page's Markdown with `convert`, which is faster than MkDocs' own method."""
        convert(self, config, files)


def _tracked(name: str, part: str) -> property:
    def get(page: TrackedPage) -> Any:
        reads = _current.get()
        if reads is not None and page is not reads.reader:
            reads.parts.add((part, page.file.src_uri))
        if name not in page.values and page.load is not None:
            page.load(page, name)
        if name == "title" and name not in page.values:
            # MkDocs computes the title from other attributes; don't record that another page uses these attributes
            with reading(page):
                return super(TrackedPage, page).title
        return page.values.get(name)

    def set(page: TrackedPage, value: Any) -> None:
        page.values[name] = value

    return property(get, set)


for _name, _part in PARTS.items():
    setattr(TrackedPage, _name, _tracked(_name, _part))


class TrackedList(UserList[File]):
    """A list of pages for templates. Any use of the list counts as reading the whole list."""

    def __init__(self, files: Iterable[File]) -> None:
        self._files = list(files)

    @property
    def data(self) -> list[File]:  # type: ignore[override]
        """The wrapped list, which every method of UserList uses."""
        _record_list()
        return self._files


class TrackedFiles(Files):
    """A collection of files that records which paths are looked up."""

    @property
    def _src_uris(self) -> dict[str, File]:
        """The files by path. Every method of MkDocs' `Files` class uses this property."""
        _record_list()
        return self.by_path

    @_src_uris.setter
    def _src_uris(self, files: dict[str, File]) -> None:
        self.by_path = files

    def get_file_from_path(self, path: str) -> File | None:
        uri = PurePath(path).as_posix()
        if reads := _current.get():
            reads.files.add(uri)
        return self.by_path.get(uri)

    def __contains__(self, path: str) -> bool:
        return self.get_file_from_path(path) is not None
