"""Pages, files and dates that note who reads them: so a page's dependencies are what it did read.

MkDocs' own objects are turned into these by giving them another class; what they hold and do stays the same. While a
page is made it is the `reader`; what it reads of itself needs no note, since that is made with it.
"""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import PurePath
from typing import Any, SupportsIndex

from mkdocs.structure.files import File, Files
from mkdocs.structure.pages import Page

ATTRIBUTES = ("title", "meta", "toc", "content", "markdown", "present_anchor_ids")
"""What making a page gives it, and others may ask of it; all else follows from the folders, settings and navigation."""
NAVIGATION, ALL = "", "*"
"""In place of one page's path: all in the navigation; all."""
MANY = 50
"""A page that reads more pages than that counts as one that reads all."""


class Noted:
    """What one reader has read."""

    def __init__(self, reader: object) -> None:
        self.reader = reader
        self.pages: set[tuple[str, str]] = set()
        self.files: set[str] = set()
        self.flags: set[str] = set()

    def told(self) -> str:
        """What was read of other pages and of the whole, one a line, sorted."""
        pages = self.pages
        if len(pages) > MANY * len(ATTRIBUTES):
            pages = {(ALL if path else path, name) for path, name in pages}
        return "\n".join(sorted({f"{name} {path}" for path, name in pages} | self.flags))


class Reads:
    """Who reads, and notes for them. Nobody does between two pages: nothing is noted then."""

    def __init__(self) -> None:
        self.now: Noted | None = None
        self.in_navigation: frozenset[str] = frozenset()

    @contextmanager
    def by(self, reader: object) -> Iterator[Noted]:
        """Note what a reader reads meanwhile."""
        before, self.now = self.now, Noted(reader)
        try:
            yield self.now
        finally:
            self.now = before

    def page(self, page: Page, name: str) -> None:
        """An attribute of a page is read."""
        if self.now is not None and page is not self.now.reader:
            path = page.file.src_uri
            self.now.pages.add((NAVIGATION if path in self.in_navigation else path, name))

    def flag(self, name: str) -> None:
        """Something is read that no page has: `clock`, `day`, `pages` (their list), `files` (all of them)."""
        if self.now is not None:
            self.now.flags.add(name)


class _Attribute:
    """An attribute that notes its reader, and is brought when it is first asked for."""

    def __init__(self, name: str) -> None:
        self.name = name

    def __get__(self, page: Any, owner: type | None = None) -> Any:
        if page is None:
            return self
        page.reads.page(page, self.name)
        kept = page.__dict__
        if self.name not in kept and page.bring is not None:
            page.bring(page, self.name)
        if self.name in kept:
            return kept[self.name]
        if self.name == "title":
            # worked out from other attributes: who reads it doesn't read those
            with page.reads.by(page):
                return Page.title.func(page)
        return getattr(Page, self.name, None)

    def __set__(self, page: Any, value: Any) -> None:
        page.__dict__[self.name] = value


class ObservedPage(Page):
    """A page that notes who reads it."""

    reads: Reads
    is_titled: bool
    """Whether the navigation gives its title."""
    bring: Callable[["ObservedPage", str], None] | None
    """Called with an attribute's name when that is asked for and not there yet: sets it, or leaves it."""

    @property
    def update_date(self) -> str:
        """The day of the build, or what a plugin has set."""
        self.reads.flag("day")
        return str(self.__dict__["update_date"])

    @update_date.setter
    def update_date(self, value: str) -> None:
        self.__dict__["update_date"] = value


for _name in ATTRIBUTES:
    setattr(ObservedPage, _name, _Attribute(_name))


def observe(page: Page, reads: Reads) -> ObservedPage:
    """The same page, observed."""
    page.__class__ = ObservedPage
    page.reads, page.bring, page.is_titled = reads, None, "title" in page.__dict__  # type: ignore[attr-defined]
    return page  # type: ignore[return-value]


class ObservedFiles(Files):
    """Files that note what is looked up among them."""

    reads: Reads

    def get_file_from_path(self, path: str) -> File | None:
        uri = PurePath(path).as_posix()
        if self.reads.now is not None:
            self.reads.now.files.add(uri)
        return self._src_uris.get(uri)

    def __iter__(self) -> Iterator[File]:
        self.reads.flag("files")
        return super().__iter__()

    def __len__(self) -> int:
        self.reads.flag("files")
        return super().__len__()

    @property
    def src_uris(self) -> Any:
        """All files, by path."""
        self.reads.flag("files")
        return super().src_uris


class ObservedList(list[File]):
    """The list of pages that templates are given."""

    def __init__(self, files: Iterable[File], reads: Reads) -> None:
        super().__init__(files)
        self.reads = reads

    def __iter__(self) -> Iterator[File]:
        self.reads.flag("pages")
        return super().__iter__()

    def __reversed__(self) -> Iterator[File]:
        self.reads.flag("pages")
        return super().__reversed__()

    def __len__(self) -> int:
        self.reads.flag("pages")
        return super().__len__()

    def __contains__(self, item: object) -> bool:
        self.reads.flag("pages")
        return super().__contains__(item)

    def __getitem__(self, at: SupportsIndex | slice) -> Any:
        self.reads.flag("pages")
        return super().__getitem__(at)
