"""A root as its last build left it: where only the body of a note is edited, and nothing that others are told of it,
its page is made again without a look at anything else, so that whoever writes sees it at once.
"""

import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from types import MappingProxyType

from mlguide_site.build.incremental import write_whole
from mlguide_site.build.making import page_of, without_bodies
from mlguide_site.build.memo.notes import outward_digest, write_front
from mlguide_site.config import Settings
from mlguide_site.content.load import read_note
from mlguide_site.errors import ContentError, Problem
from mlguide_site.linking.link import relink
from mlguide_site.linking.linked import LinkedCatalog, LinkedEpisode
from mlguide_site.linking.lookup import Lookup
from mlguide_site.linking.names import NameTable
from mlguide_site.linking.references import ReferenceTable
from mlguide_site.linking.scan import listed, scan
from mlguide_site.markdown.parse import parse
from mlguide_site.pages import Notes, Site, Subject
from mlguide_site.pages.notes import notes
from mlguide_site.pages.render import Renderer


@dataclass(frozen=True)
class Kept:
    """What a build has found out that a later edit needs: the root linked, what its pages are made with, what texts are
    looked through with, and for each note a digest of what others are told of it (`outward_digest`), by id."""

    linked: LinkedCatalog
    settings: Settings
    renderer: Renderer
    names: NameTable
    references: ReferenceTable
    outward: Mapping[str, str]
    digest: str
    """Of all but the bodies of notes, and of what others are told of these."""


class Standing:
    """A root in memory. Not for several threads at once."""

    def __init__(self, root: Path, pages: Path, kept: Kept) -> None:
        """`pages` is the folder of pages."""
        self._root, self._pages, self._kept = root, pages, kept
        seen = without_bodies(kept.linked)
        # the one mapping that edits are put into: nothing else that the site knows depends on them
        self._episodes = dict(seen.episodes)
        seen = replace(seen, episodes=MappingProxyType(self._episodes))
        settings = kept.settings
        self._notes: Notes | None = None
        self._site = Site(seen, settings, self._told)
        self._lookup = Lookup(seen.catalog, tuple(seen.episodes))
        self._ids = {file.path: id for id, file in seen.catalog.episodes.items()}
        for id in self._episodes:
            # what pages have in common is worked out with the first of them
            page_of(self._site, "episode", Subject("episode", id), settings)
            break
        # until here without notes: those of earlier builds can no longer be read
        self._notes = partial(notes, seen, own_folders=settings.own_folders)

    def close(self) -> None:
        """Let go of the root: see `Site.close`."""
        self._site.close()

    def _told(self, id: str) -> str:
        return self._notes(id) if self._notes else ""

    def is_of(self, kept: Kept) -> bool:
        """Whether a later build has found the same, but for bodies of notes that nothing else hangs on."""
        return self._kept.digest == kept.digest

    def edit(self, paths: Iterable[str]) -> list[str]:
        """Write the pages of those of the edited files (absolute paths) that are notes, where the edit is seen nowhere
        else; their paths. Whatever needs more is left to the next build. Raises ResourceError, OSError."""
        written = []
        for path in sorted({os.path.relpath(path, self._root).replace(os.sep, "/") for path in paths}):
            id = self._ids.get(path)
            page = self._page(id, path) if id is not None else None
            if page is not None:
                target, text = page
                write_whole(self._pages / target, text.encode())
                written.append(target)
        return written

    def _page(self, id: str, path: str) -> tuple[str, str] | None:
        """The path of a note's page and its text; None where the edit may change more than that."""
        before = self._episodes[id]
        episode = self._edited(before, path)
        if episode is None:
            return None
        self._episodes[id] = episode
        try:
            place, view, told = page_of(self._site, "episode", Subject("episode", id), self._kept.settings)
            return place, self._kept.renderer.render(view, told)
        except BaseException:
            self._episodes[id] = before
            raise

    def _edited(self, episode: LinkedEpisode, path: str) -> LinkedEpisode | None:
        problems: list[Problem] = []
        try:
            file = read_note(path, (self._root / path).read_bytes(), problems)
        except (ContentError, FileNotFoundError, IsADirectoryError):
            # the next build tells
            return None
        if file is None or problems or write_front(file) != write_front(episode.file):
            return None
        document = parse(file.body, file.meta.title)
        if document.findings:
            return None
        found = scan(document, self._kept.names, self._kept.references, listed(file.meta))
        if outward_digest(file, document, found) != self._kept.outward.get(file.id):
            return None
        return relink(self._lookup, episode, file, document, found)
