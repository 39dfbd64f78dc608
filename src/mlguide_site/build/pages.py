"""Generates the page files of a linked catalog. A page is rendered only if its view has changed."""

import json
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, replace
from functools import partial
from itertools import islice
from pathlib import Path

from mkdocs_incremental.workers import in_parallel
from mlguide_site.build.cache import BUILD, Cache, Rows
from mlguide_site.build.note_cache import Tables
from mlguide_site.build.outputs import Output, clear_unknown, put_first
from mlguide_site.config import Settings
from mlguide_site.errors import Problem, content_error
from mlguide_site.linking.linked_catalog import LinkedCatalog
from mlguide_site.model.digests import digest
from mlguide_site.model.slugs import file_in_own_folder
from mlguide_site.pages.indexes import index_sizes
from mlguide_site.pages.notes import notes, notes_digest
from mlguide_site.pages.page_kinds import NAVIGATION, PAGE_KINDS
from mlguide_site.pages.render import Renderer
from mlguide_site.pages.site import Site
from mlguide_site.pages.view import Subject, View
from mlguide_site.publish.linked_data import head
from mlguide_site.search.pagefind import Prepared

SPACE = "pages"
NAV_PAGES = 50  # maximum number of own pages in a navigation that `nav` doesn't set
ALL = "all"  # the cache's namespace for `Pages.all_but_bodies`
_KINDS = {kind.name: kind for kind in PAGE_KINDS}


@dataclass(frozen=True, slots=True)
class Pages:
    """The pages of a build by path. `left` contains the rows of pages that `page_files` has written. `rows` contains
    new rows for the cache. `all_but_bodies` is a digest of all content that pages show, except the bodies of notes."""

    files: Mapping[str, Output]
    left: Rows
    all_but_bodies: str
    rows: Mapping[str, Rows]


@dataclass(frozen=True)
class Job:
    """The options of a build. `say` prints a line. If `strict` is true, a warning makes the build fail. `jobs` is the
    number of processes. `folder` is the root's folder of generated files. `place` is the final folder of a site that is
    built in a temporary folder. `prepared` returns the files of a search index that was built in advance, or None."""

    say: Callable[[str], None] = lambda _: None
    strict: bool = False
    jobs: int = 1
    folder: str = BUILD
    place: str = ""
    prepared: Prepared = lambda _: None


class PageMaker:
    """Generates pages. A page's `place` lists its kind and `Subject`, as in `["episode", "episode", "mlg-001", 1]`."""

    def __init__(
        self, linked: LinkedCatalog, settings: Settings, renderer: Renderer, left_out: Collection[str] = ()
    ) -> None:
        """`left_out` contains the names of the kinds of pages that the site omits."""
        self._linked, self._settings, self.renderer, self._left_out = linked, settings, renderer, left_out
        self.common = digest(f"{settings!r} {renderer.digest}")  # all pages depend on the settings and templates
        # a digest replaces the Markdown of each note, because only rendered pages need the Markdown itself
        self.site = site = Site(linked, settings, partial(notes_digest, linked, own_folders=settings.own_folders))

        self.empty = frozenset(f"{folder}/index.md" for folder, size in index_sizes(site).items() if not size)
        """The paths of the index pages that list nothing. The navigation omits these pages."""
        self.nav = [
            {settings.wording.translate("home"): "index.md"},
            *({settings.wording.translate(folder): f"{folder}/index.md"} for folder in NAVIGATION),
            *({file.meta.title: file.page} for file in islice(linked.catalog.pages.values(), NAV_PAGES)),
        ]
        """The navigation if `nav` isn't set: the home page, the index pages, and the first pages in `pages/`."""

    def of(self, linked: LinkedCatalog) -> "PageMaker":
        """Return a page maker for another state of the catalog, with the same settings and templates."""
        return PageMaker(linked, self._settings, self.renderer, self._left_out)

    def places(self) -> list[str]:
        return [
            json.dumps([kind.name, subject.kind, subject.id, subject.page], ensure_ascii=False)
            for kind in PAGE_KINDS
            if kind.name not in self._left_out
            for subject in kind.subjects(self.site)
        ]

    def page(self, place: str) -> tuple[str, str, Callable[[], bytes]]:
        """Return the path of a page, a digest of all the page's inputs, and a function that renders the page."""
        kind, *rest = json.loads(place)
        subject = Subject(*rest)
        view = _KINDS[kind].view(self.site, subject)
        more = head(view, self._linked.catalog, self._settings)
        path = file_in_own_folder(view.path) if self._settings.own_folders else view.path
        return path, digest(f"{self.common} {view!r} {dict(more)!r}"), partial(self._text, subject, view, more)

    def text(self, place: str) -> bytes:
        return self.page(place)[2]()

    def _text(self, subject: Subject, view: View, more: Mapping[str, str]) -> bytes:
        for name, id in (("body", subject.id), ("guide", view.path)):
            if view.values.get(name):
                text = notes(self._linked, id, own_folders=self._settings.own_folders)
                view = replace(view, values={**view.values, name: text})
        return self.renderer.render(view, more).encode()


@dataclass(frozen=True, slots=True)
class Built:
    """The results of the build stages that run before the engine."""

    linked: LinkedCatalog
    settings: Settings
    problems: tuple[Problem, ...]
    pages: Pages
    outward: Mapping[str, str]
    tables: Tables
    maker: PageMaker
    is_first: bool  # True if the cache contained no earlier build


def episode_place(id: str) -> str:
    """Return the `place` (see `PageMaker`) of an episode's page."""
    return json.dumps(["episode", "episode", id, Subject("episode", id).page], ensure_ascii=False)


def page_files(
    maker: PageMaker, cache: Cache, all_but_bodies: str, edited: frozenset[str], jobs: int, folder: Path, mark: str
) -> Pages:
    """Return every page. If the digest `all_but_bodies` is unchanged, only the pages of the `edited` notes are
    examined. If the cache has no record of `folder`, all pages are rendered and written immediately; writing them later
    would require building each view twice. Every build writes the file `mark`. Raises ContentError if two pages have
    the same path, and ResourceError if the disk fails."""

    def make(place: str) -> tuple[str, str, str]:
        path, key, text = maker.page(place)
        return path, key, put_first(folder, path, text()) if is_first else ""

    known = cache.read(SPACE)
    # if `known` has rows, the cache also has a record of `folder`, because both are saved together
    is_first = not known and clear_unknown(folder, cache, mark)
    is_alike = bool(known) and cache.value(ALL, SPACE) == all_but_bodies
    places = list(known) if is_alike else maker.places()
    stale = [place for place in places if json.loads(place)[2] in edited] if is_alike else places
    if len(stale) > 1:
        # compute the data that all pages share before the work is divided among processes
        maker.page(stale[0])
    rows = dict(known) if is_alike else {}
    left: dict[str, tuple[str, str]] = {}
    for place, (path, key, sign) in zip(stale, in_parallel(make, stale, jobs), strict=True):
        rows[place] = (key, path)
        if sign:
            left[path] = (f"{sign} {key}", key)
    files: dict[str, Output] = {}
    for place in places:
        key, path = rows[place]
        if path in files:
            raise content_error(path, f"two pages have the path {path}", "give one page another slug or id")
        files[path] = Output(key, partial(maker.text, place))
    return Pages(files, left, all_but_bodies, {SPACE: rows, ALL: {SPACE: (all_but_bodies, all_but_bodies)}})
