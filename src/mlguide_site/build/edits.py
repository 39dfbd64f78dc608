"""Handles edits of notes in a preview. An edit that affects only the note's own page doesn't need a build."""

import os
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType

from mlguide_site.build.note_cache import outward_digest
from mlguide_site.build.outputs import write_whole
from mlguide_site.build.pages import Built, episode_place
from mlguide_site.content.load import read_note
from mlguide_site.errors import ContentError, Problem
from mlguide_site.linking.linked_catalog import LinkedEpisode
from mlguide_site.linking.lookup import Lookup
from mlguide_site.linking.mentions import scan
from mlguide_site.linking.resolve import relink
from mlguide_site.markdown.parse_and_sanitise import parse


class NoteEditor:
    """Handles edits of notes with the state of a built root in memory. This class isn't thread-safe."""

    def __init__(self, root: Path, pages: Path, built: Built) -> None:
        self._root, self._pages, self._built = root, pages, built
        # only this mapping is updated: an edit that affects other pages is left to the next build
        self._episodes = dict(built.linked.episodes)
        self._maker = built.maker.of(replace(built.linked, episodes=MappingProxyType(self._episodes)))
        self._lookup = Lookup(built.linked.catalog, tuple(self._episodes))
        self._ids = {episode.file.path: id for id, episode in self._episodes.items()}
        # generate a page now, because the first call computes the data that all pages share
        if first := next(iter(self._episodes), ""):
            self._maker.page(episode_place(first))

    def is_of(self, built: Built) -> bool:
        """Return whether a later build and this state are equal, except for the bodies of notes."""
        return self._built.pages.all_but_bodies == built.pages.all_but_bodies

    def edit(self, paths: Iterable[str]) -> list[str]:
        """Write the page of each note whose edit affects no other page, and return the paths of these pages. `paths`
        are absolute. Other notes are left to the next build. Raises ResourceError or OSError if the disk fails."""
        written = []
        for path in sorted({os.path.relpath(path, self._root).replace(os.sep, "/") for path in paths}):
            id = self._ids.get(path)
            episode = self._edited(self._episodes[id], path) if id is not None else None
            if id is None or episode is None:
                continue
            self._episodes[id] = episode
            target, _, text = self._maker.page(episode_place(id))
            write_whole(self._pages / target, text())
            written.append(target)
        return written

    def _edited(self, episode: LinkedEpisode, path: str) -> LinkedEpisode | None:
        """Return the episode of an edited note, or None if the edit may change other pages."""
        problems: list[Problem] = []
        try:
            file = read_note(path, (self._root / path).read_bytes(), problems)
        except (ContentError, FileNotFoundError, IsADirectoryError):
            # the next build reports the error
            return None
        known = episode.file
        if file is None or problems or (file.meta, file.extra) != (known.meta, known.extra):
            return None
        document = parse(file.body, file.meta.title)
        if document.findings:
            return None
        tables = self._built.tables
        found = scan(document, tables.names, tables.references, file.meta)
        if outward_digest(file, document, found) != self._built.outward.get(file.id):
            return None
        return relink(self._lookup, episode, file, document, found)
