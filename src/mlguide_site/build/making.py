"""The pages of a linked catalog as files. Those that would come out as they stand are neither viewed nor rendered."""

import os
from array import array
from base64 import b64decode, b64encode
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any, NamedTuple

from mkdocs_incremental.workers import SpillFiles
from mlguide_site.build.incremental import Wanted
from mlguide_site.build.memo.fork import FEW, in_shares, processes
from mlguide_site.build.memo.notes import front_only
from mlguide_site.build.memo.outlook import Outlook
from mlguide_site.build.memo.pages import Made, PageMemory, Place
from mlguide_site.build.memo.store import Change, Store
from mlguide_site.build.memo.trace import Answers, Log, Recorder, let_go
from mlguide_site.build.memo.values import text_digest
from mlguide_site.config import Settings
from mlguide_site.errors import ContentError, Problem, Span
from mlguide_site.linking.linked import LinkedCatalog
from mlguide_site.model.catalog import Catalog
from mlguide_site.model.on_demand import OnDemand
from mlguide_site.model.slugs import file_in_own_folder
from mlguide_site.pages import PAGE_KINDS, Site, Subject, View
from mlguide_site.pages.notes import notes
from mlguide_site.pages.render import Renderer, view_digest
from mlguide_site.publish.linked_data import head

_KINDS = {kind.name: kind for kind in PAGE_KINDS}


@dataclass(frozen=True)
class PageFiles:
    """The pages by path in their folder, what the store is to be told of them once they are written, and what lets go
    of all that they were made from."""

    files: dict[str, Wanted]
    changes: Callable[[], Iterator[Change]]
    close: Callable[[], None]


class _Task(NamedTuple):
    """A page to make: its place and what its template was given last time, or ""."""

    place: Place
    before: str


class _Rendered(NamedTuple):
    """A page as its template makes it: its path, a digest of all that the template was given, the numbers of the
    lookups by which that came about, and its text, "" where it would be as it was."""

    path: str
    given: str
    needs: Sequence[int]
    text: str


class _Row(NamedTuple):
    """The same as processes send it: with the numbers packed (as 32 bits each, in base 64), and the text or where it
    was put aside."""

    path: str
    given: str
    needs: str
    text: str
    at: int
    length: int


_Lookups = Sequence[tuple[str, str, Sequence[str], Sequence[int]]]
"""Lookups as processes send them: for each path and way of asking the keys, and the numbers of these lookups."""


class _Maker:
    """Makes pages, and tells what each was made from."""

    def __init__(self, linked: LinkedCatalog, settings: Settings, renderer: Renderer) -> None:
        self._settings = settings
        self._renderer = renderer
        linked = without_bodies(linked)
        self.site = Site(linked, settings, partial(notes, linked, own_folders=settings.own_folders))
        self._log = Log()
        # settings are part of every page's key; notes are made from what is looked up here as well
        own = {"settings": settings, "notes": self._notes}
        self._seen: Any = Recorder(self.site, (LinkedCatalog, Catalog), self._log, "", own)

    def _notes(self, id: str) -> str:
        return notes(self._seen.linked, id, own_folders=self._settings.own_folders)

    def make(self, task: _Task) -> _Rendered:
        """One page; its text is left out where its template would be given the same as last time."""
        kind, subject, number = task.place
        path, view, told = page_of(self._seen, kind, Subject(*_subject(subject), number), self._settings)
        given = text_digest(f"{view_digest(view)} {dict(told)!r}")
        text = "" if given == task.before else self._renderer.render(view, told)
        return _Rendered(path, given, self._log.read(), text)

    def rows(self, tasks: Sequence[_Task], put: Callable[[bytes], int] | None) -> tuple[_Lookups, list[_Row]]:
        """Some pages, and the lookups that they have the numbers of. `put` puts a text aside and says where."""
        rows = []
        for task in tasks:
            page = self.make(task)
            data = page.text.encode() if put else b""
            text, at = ("", put(data)) if put else (page.text, 0)
            needs = b64encode(array("I", page.needs).tobytes()).decode()
            rows.append(_Row(page.path, page.given, needs, text, at, len(data)))
        return self._log.all(), rows

    def close(self) -> None:
        """Let go of the site, which what it makes on demand would keep, and the recorder's methods: they refer to it,
        and it to them. No page can be made any more."""
        let_go(self._seen)
        self.site.close()

    def text(self, place: Place) -> str:
        """The text of the page at a place."""
        return self.make(_Task(place, "")).text


def page_of(site: Site, kind: str, subject: Subject, settings: Settings) -> tuple[str, View, Mapping[str, str]]:
    """Of one page its path in the folder of pages, its view, and what stands in its head."""
    view = _KINDS[kind].view(site, subject)
    path = file_in_own_folder(view.path) if settings.own_folders else view.path
    return path, view, head(view, site.catalog, settings)


def without_bodies(linked: LinkedCatalog) -> LinkedCatalog:
    """A linked catalog as pages see it: of note files only the front matter, so that an edited body changes no page but
    by its document and what it names."""
    files, episodes = linked.catalog.episodes, linked.episodes
    fronts = OnDemand(files, lambda name: front_only(files[name]))
    seen = OnDemand(episodes, lambda name: replace(episodes[name], file=fronts[name]))
    catalog = replace(linked.catalog, episodes=fronts)
    # what they work out from front matters is the same
    catalog.__dict__.update(by_series=linked.catalog.by_series, listed=linked.catalog.listed)
    return replace(linked, catalog=catalog, episodes=seen)


def page_files(
    linked: LinkedCatalog,
    settings: Settings,
    renderer: Renderer,
    store: Store,
    jobs: int = 1,
    outlook: Outlook | None = None,
    spool: SpillFiles | None = None,
) -> PageFiles:
    """Every page; `outlook` is that of the root, where it is known. Where there are many to make, their texts go by
    the `spool`, which must stay open until they are written. Raises ContentError where a template is wrong or two
    pages would stand in one place."""
    maker = _Maker(linked, settings, renderer)
    key = text_digest(f"{settings!r} {renderer.digest}")
    try:
        return _page_files(maker, key, PageMemory(store, key, outlook), jobs, spool)
    except BaseException:
        maker.close()
        raise


def _page_files(maker: _Maker, key: str, memory: PageMemory, jobs: int, spool: SpillFiles | None) -> PageFiles:
    answers = Answers(maker.site)
    places = memory.places() or [
        (kind.name, f"{subject.kind} {subject.id}", subject.page)
        for kind in PAGE_KINDS
        for subject in kind.subjects(maker.site)
    ]
    standing = memory.standing(places, answers)
    tasks = [_Task(place, memory.given(place)) for place in places if place not in standing]
    many = spool if len(tasks) >= FEW and hasattr(os, "pread") else None
    if many:
        many.open(processes(len(tasks), jobs))
    if len(tasks) >= FEW:
        # every process would work it out for itself
        dict(maker.site.cards)
        for episode in maker.site.linked.episodes.values():
            len(episode.related)

    def work(number: int, share: Sequence[_Task]) -> tuple[_Lookups, list[_Row]]:
        return maker.rows(share, partial(many.put, number) if many else None)

    made: dict[Place, Made] = {}
    data: dict[Place, Callable[[], bytes]] = {}
    for number, (share, (looked, rows)) in enumerate(in_shares(work, tasks, jobs)):
        own = array("I", bytes(4 * sum(len(keys) for *_, keys, _ in looked)))
        for path, how, keys, numbers in looked:
            for at, known in zip(numbers, memory.numbers(path, how, keys), strict=True):
                own[at] = known
        for task, found in zip(share, rows, strict=True):
            row = _Row(*found)
            made[task.place] = Made(row.path, row.given, array("I", [own[need] for need in _numbers(row.needs)]))
            if many and row.length:
                data[task.place] = partial(many.get, number, row.at, row.length)
            elif row.text:
                data[task.place] = row.text.encode
    files: dict[str, Wanted] = {}
    for place in places:
        page = made.get(place)
        path, given = (page.path, page.given) if page else (standing[place], memory.given(place))
        if path in files:
            message = f"two pages would stand at {path}"
            raise ContentError([Problem(path, Span(), message, "give one of them another slug or id")])
        files[path] = Wanted(f"{key} {given}", data.get(place) or partial(_again, maker, place))
    return PageFiles(files, lambda: memory.changes(places, made, answers), maker.close)


def _numbers(packed: str) -> "array[int]":
    return array("I", b64decode(packed))


def _again(maker: _Maker, place: Place) -> bytes:
    return maker.text(place).encode()


def _subject(told: str) -> tuple[str, str]:
    kind, _, id = told.partition(" ")
    return kind, id
