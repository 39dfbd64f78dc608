"""Pages, files and lists that record who reads them: the dependencies of a page are what it did read.

These are subclasses of MkDocs' own classes and are created in their place. While a page is read or rendered it is the
reader; what it reads of itself is not recorded.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import PurePath
from typing import Any

import jinja2
from jinja2.runtime import Context
from jinja2.utils import missing
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files, InclusionLevel
from mkdocs.structure.pages import Page

from mkdocs_incremental.conversion import convert

ATTRIBUTES = ("title", "meta", "toc", "content", "markdown", "present_anchor_ids")
"""What reading its source gives a page. Everything else follows from the settings, the files and the navigation."""
NAVIGATION, ALL = "", "*"
"""In place of the path of one page: all pages of the navigation; all pages."""
MANY = 50
"""A reader of more pages than that counts as a reader of all pages."""


class UnsupportedError(Exception):
    """A plugin puts objects of its own in place of MkDocs'; the text is the reason for a full build."""


class Reads:
    """What one reader has read: attributes of pages, files that were looked up, and `flags`: `pages` (the list of
    pages), `files` (the list of files), `day` and `time` (of the build)."""

    def __init__(self, reader: object) -> None:
        self.reader = reader
        self.pages: set[tuple[str, str]] = set()
        self.files: set[str] = set()
        self.flags: set[str] = set()

    def summary(self) -> str:
        """The attributes and flags, one a line, sorted."""
        pages = self.pages
        if len(pages) > MANY * len(ATTRIBUTES):
            pages = {(ALL if path else path, name) for path, name in pages}
        return "\n".join(sorted({f"{name} {path}" for path, name in pages} | self.flags))


class Tracker:
    """Passes what is read on to the current reader; without one nothing is recorded."""

    def __init__(self) -> None:
        self.current: Reads | None = None
        self.navigation: frozenset[str] = frozenset()
        """The paths of the pages in the navigation."""

    @contextmanager
    def reading(self, reader: object) -> Iterator[Reads]:
        """Record what a reader reads meanwhile."""
        before, self.current = self.current, Reads(reader)
        try:
            yield self.current
        finally:
            self.current = before

    def page(self, page: Page, name: str) -> None:
        """An attribute of a page is read."""
        if self.current is not None and page is not self.current.reader:
            path = page.file.src_uri
            self.current.pages.add((NAVIGATION if path in self.navigation else path, name))

    def flag(self, name: str) -> None:
        """Something is read that belongs to no page."""
        if self.current is not None:
            self.current.flags.add(name)


Load = Callable[["TrackedPage", str], None]


class TrackedPage(Page):
    """A page that records its readers. An unchanged page is empty until somebody asks for an attribute."""

    def __init__(self, title: str | None, file: File, config: MkDocsConfig, tracker: Tracker) -> None:
        self.tracker = tracker
        self.values: dict[str, Any] = {}
        self.load: Load | None = None
        """Sets the value of an attribute, by name, that is asked for and missing."""
        self.is_titled = title is not None
        """Whether the navigation gives its title."""
        super().__init__(title, file, config)

    def reset(self, load: Load | None = None) -> None:
        """Forget what reading the source gave; `load` brings it back when it is asked for."""
        self.load = load
        self.values = {"title": self.values["title"]} if self.is_titled else {}
        if load is None:
            self.values |= {"markdown": None, "content": None, "toc": [], "meta": {}}
            self._title_from_render = None

    def render(self, config: MkDocsConfig, files: Files) -> None:
        """Convert the Markdown, faster than MkDocs where that makes no difference."""
        convert(self, config, files)

    @property
    def update_date(self) -> str:
        """The day of the build, or what a plugin has set."""
        self.tracker.flag("day")
        return str(self.__dict__["update_date"])

    @update_date.setter
    def update_date(self, value: str) -> None:
        self.__dict__["update_date"] = value


def _tracked(name: str) -> property:
    def get(page: TrackedPage) -> Any:
        page.tracker.page(page, name)
        if name not in page.values and page.load is not None:
            page.load(page, name)
        if name == "title" and name not in page.values:
            # MkDocs works it out from other attributes, which count as read by the page itself
            with page.tracker.reading(page):
                return super(TrackedPage, page).title
        return page.values.get(name)

    def set(page: TrackedPage, value: Any) -> None:
        page.values[name] = value

    return property(get, set)


for _name in ATTRIBUTES:
    setattr(TrackedPage, _name, _tracked(_name))


class TrackedList(list[File]):
    """The list of pages that templates get; any use of it counts as reading the whole list."""

    def __init__(self, files: Iterable[File], tracker: Tracker) -> None:
        super().__init__(files)
        self.tracker = tracker


def _flagging(name: str) -> Callable[..., Any]:
    original = getattr(list, name)

    def method(self: TrackedList, *arguments: Any) -> Any:
        self.tracker.flag("pages")
        return original(self, *arguments)

    return method


_USES = ("iter", "reversed", "len", "contains", "getitem", "add", "mul", "rmul", "eq", "ne")
for _name in (*(f"__{use}__" for use in _USES), "copy", "count", "index"):
    setattr(TrackedList, _name, _flagging(_name))


class TrackedFiles(Files):
    """Files that record what is looked up among them."""

    def __init__(self, files: Iterable[File], tracker: Tracker) -> None:
        self.tracker = tracker
        super().__init__(files)

    def get_file_from_path(self, path: str) -> File | None:
        uri = PurePath(path).as_posix()
        if self.tracker.current is not None:
            self.tracker.current.files.add(uri)
        return self._src_uris.get(uri)

    def __contains__(self, path: str) -> bool:
        return self.get_file_from_path(path) is not None

    def __iter__(self) -> Iterator[File]:
        self.tracker.flag("files")
        return super().__iter__()

    def __len__(self) -> int:
        self.tracker.flag("files")
        return super().__len__()

    @property
    def src_uris(self) -> Any:
        """All files by path."""
        self.tracker.flag("files")
        return super().src_uris

    def documentation_pages(
        self, *, inclusion: Callable[[InclusionLevel], bool] = InclusionLevel.is_included
    ) -> Sequence[File]:
        return TrackedList(super().documentation_pages(inclusion=inclusion), self.tracker)


def track_time(env: jinja2.Environment, tracker: Tracker) -> None:
    """Have templates that read the time of the build record that."""
    if env.context_class is not Context:
        raise UnsupportedError("a plugin changes how templates find their variables")

    class TrackedContext(Context):
        def resolve_or_missing(self, key: str) -> Any:
            # as Jinja's own, without a second call: this runs hundreds of times for each page
            if key in self.vars:
                return self.vars[key]
            if key not in self.parent:
                return missing
            if key == "build_date_utc":
                tracker.flag("time")
            return self.parent[key]

    env.context_class = TrackedContext
