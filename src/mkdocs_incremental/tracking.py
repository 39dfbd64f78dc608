"""Pages, files and lists that record their readers: the dependencies of a page are what it has read.

These are subclasses of MkDocs' own classes and are created in their place. While a page is read or rendered it is the
reader; what it reads of itself is not recorded.
"""

from collections import UserList
from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from pathlib import PurePath
from typing import Any

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files
from mkdocs.structure.pages import Page

from mkdocs_incremental.conversion import convert

PARTS = {
    "title": "title",
    "meta": "meta",
    **dict.fromkeys(("toc", "content", "markdown", "present_anchor_ids"), "body"),
}
"""The attributes that a page gets from its source, and the part of the page that each belongs to. Everything else
follows from the settings, the files and the navigation."""
FILES = "files"
"""Instead of a part: the list of files or of pages."""
NAVIGATION, ALL = "", "*"
"""Instead of a page's path: all pages of the navigation; all pages."""
MANY = 150
"""A reader of more parts of pages than that counts as a reader of all pages."""


class Reads:
    """The reads of one reader: parts of pages, with their paths, and paths looked up among the files."""

    def __init__(self, reader: object) -> None:
        self.reader = reader
        self.parts: set[tuple[str, str]] = set()
        self.files: set[str] = set()

    def summary(self, navigation: Collection[str]) -> str:
        """The parts, one a line, sorted; `navigation` are the paths of its pages."""
        parts = {(part, NAVIGATION if path in navigation else path) for part, path in self.parts}
        if len(parts) > MANY:
            parts = {(part, ALL if path else path) for part, path in parts}
        return "\n".join(sorted(f"{part} {path}" for part, path in parts))


_current: ContextVar[Reads | None] = ContextVar("current", default=None)
"""The current reader, which records what is read; None: nothing is recorded."""


@contextmanager
def reading(reader: object) -> Iterator[Reads]:
    """Context manager: record what a reader reads."""
    reads = Reads(reader)
    token = _current.set(reads)
    try:
        yield reads
    finally:
        _current.reset(token)


def _record_list() -> None:
    """Record that the list of files or of pages is read."""
    if reads := _current.get():
        reads.parts.add((FILES, ALL))


Load = Callable[["TrackedPage", str], None]


class TrackedPage(Page):
    """A page that records its readers. An unchanged page is empty until an attribute is read."""

    def __init__(self, title: str | None, file: File, config: MkDocsConfig) -> None:
        self.values: dict[str, Any] = {}
        self.load: Load | None = None
        """Loads a missing attribute by name."""
        self.is_titled = title is not None
        """Whether its title is from the navigation."""
        super().__init__(title, file, config)

    def reset(self, load: Load | None = None) -> None:
        """Free the attributes from the source; `load` restores them on demand."""
        self.load = load
        self.values = {"title": self.values["title"]} if self.is_titled else {}
        if load is None:
            self.values |= {"markdown": None, "content": None, "toc": [], "meta": {}}
            self._title_from_render = None

    def render(self, config: MkDocsConfig, files: Files) -> None:
        """Convert the Markdown, faster than MkDocs if the result is the same."""
        convert(self, config, files)


def _tracked(name: str, part: str) -> property:
    def get(page: TrackedPage) -> Any:
        reads = _current.get()
        if reads is not None and page is not reads.reader:
            reads.parts.add((part, page.file.src_uri))
        if name not in page.values and page.load is not None:
            page.load(page, name)
        if name == "title" and name not in page.values:
            # MkDocs computes it from other attributes, which count as read by the page itself
            with reading(page):
                return super(TrackedPage, page).title
        return page.values.get(name)

    def set(page: TrackedPage, value: Any) -> None:
        page.values[name] = value

    return property(get, set)


for _name, _part in PARTS.items():
    setattr(TrackedPage, _name, _tracked(_name, _part))


class TrackedList(UserList[File]):
    """The list of pages that templates get; any use of it counts as reading the whole list."""

    def __init__(self, files: Iterable[File]) -> None:
        self._files = list(files)

    @property
    def data(self) -> list[File]:  # type: ignore[override]
        """The list, which every method of a UserList uses."""
        _record_list()
        return self._files


class TrackedFiles(Files):
    """A collection of files that records look-ups."""

    @property
    def _src_uris(self) -> dict[str, File]:
        """The files by path, which every method of MkDocs' class uses."""
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
