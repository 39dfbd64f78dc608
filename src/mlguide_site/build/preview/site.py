"""The site of a preview, in a separate folder. MkDocs stays in memory, and each build renders only changed pages.

If editing a note affects only the note's own page, this page is rendered early, without a build."""

import os
import shutil
from collections.abc import Callable, Iterable
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType
from typing import Any, TypeVar

from mkdocs.config.defaults import MkDocsConfig

from mkdocs_incremental.builder import Builder, BuildResult
from mlguide_site.build.cache import opened
from mlguide_site.build.engines.configuration import site_settings
from mlguide_site.build.engines.failures import translated
from mlguide_site.build.note_cache import outward_digest
from mlguide_site.build.outputs import write_whole
from mlguide_site.build.pages import Built, Job, episode_place
from mlguide_site.content.files import exclusive
from mlguide_site.content.load import read_note
from mlguide_site.errors import ContentError, SiteError
from mlguide_site.linking.linked_catalog import LinkedEpisode
from mlguide_site.linking.lookup import Lookup
from mlguide_site.linking.mentions import scan
from mlguide_site.linking.resolve import relink
from mlguide_site.linking.tags import completion
from mlguide_site.markdown.parse_and_sanitise import parse


class NoteEditor:
    """Applies edits of notes to the results of the latest build. This class isn't thread-safe."""

    def __init__(self, root: Path, pages: Path, built: Built) -> None:
        self._root, self._pages, self._built = root, pages, built
        # edits change this copy, not the episodes of the latest build
        self._episodes = dict(built.linked.episodes)
        self._maker = built.maker.of(replace(built.linked, episodes=MappingProxyType(self._episodes)))
        self._lookup = Lookup(built.linked.catalog, tuple(self._episodes))
        self._complete = completion(built.linked.catalog)
        self._ids = {episode.file.path: id for id, episode in self._episodes.items()}
        # generate a page now, because the first call computes the data that all pages share
        if first := next(iter(self._episodes), ""):
            self._maker.page(episode_place(first))

    def is_of(self, built: Built) -> bool:
        """Return whether only the bodies of notes differ between `built` and this editor's build."""
        return self._built.pages.all_but_bodies == built.pages.all_but_bodies

    def edit(self, paths: Iterable[str]) -> list[str]:
        """Write the page of each note whose edit affects no other page, and return the paths of these pages. Other
        edits require a build. `paths` are absolute paths of edited files. Raises ResourceError and OSError."""
        written = []
        for path in sorted({os.path.relpath(path, self._root).replace(os.sep, "/") for path in paths}):
            if (id := self._ids.get(path)) and (episode := self._edited(self._episodes[id], path)):
                self._episodes[id] = episode
                target, _, text = self._maker.page(episode_place(id))
                write_whole(self._pages / target, text())
                written.append(target)
        return written

    def _edited(self, episode: LinkedEpisode, path: str) -> LinkedEpisode | None:
        """Return the episode of an edited note, or None if the edit may change other pages."""
        try:
            file = self._complete(read_note(path, (self._root / path).read_bytes()))
        except (ContentError, FileNotFoundError, IsADirectoryError):
            # the next build reports the error
            return None
        known = episode.file
        if (file.meta, file.extra) != (known.meta, known.extra):
            return None
        document = parse(file.body, file.meta.title)
        if document.findings:
            return None
        tables = self._built.tables
        found = scan(document, tables.names, tables.references, file.meta)
        if outward_digest(file, document, found) != self._built.outward.get(file.id):
            return None
        return relink(self._lookup, episode, file, document, found)


SITE = "build/preview"
CACHE = "build/preview.cache"
T = TypeVar("T")


class PreviewSite:
    """The preview site of a root, which can be built repeatedly. If a build fails, methods raise SiteError."""

    def __init__(self, root: Path, say: Callable[[str], None], url: str) -> None:
        self.root, self.site = root, root / SITE
        self._say, self._url = say, url
        self.config: MkDocsConfig | None = None
        self._builder: Builder | None = None
        self._editor: NoteEditor | None = None

    def build(self) -> list[str] | None:
        """Update the pages. Return the addresses of the changed pages, or None if all pages changed."""
        result = self._guarded(self._build)
        return None if result.full else _addresses(result)

    def render_early(self, paths: Iterable[str]) -> list[str]:
        """Render the pages of edited notes if no other page is affected. Return the addresses of these pages."""
        builder, editor = self._builder, self._editor
        if builder is None or editor is None or self._is_deleted:
            return []
        result = self._guarded(lambda: builder.update(written) if (written := editor.edit(paths)) else None)
        return _addresses(result) if result is not None else []

    def finish(self) -> None:
        """Add the files that no engine generates, except the search index, and prepare for `render_early`."""
        plugin, config = self._plugin, self.config
        if plugin is None or config is None or plugin.built is None:
            return
        self._guarded(lambda: plugin.complete(config, self.site, with_search=False))
        if self._editor is None or not self._editor.is_of(plugin.built):
            self._editor = self._guarded(lambda: NoteEditor(self.root, Path(config.docs_dir), plugin.built))

    def close(self) -> None:
        """Close the cache, and reset the plugin, because later builds in this process use the same plugin."""
        if self._plugin is not None:
            self._plugin.finish = None
        if self._builder is not None:
            self._builder.close()
            self._builder = None

    def _guarded(self, work: Callable[[], T]) -> T:
        """Lock the root, and call `work`. Convert every exception to SiteError, so that the preview continues."""
        try:
            with translated(self.root, self._say), exclusive(self.root):
                return work()
        except SiteError:
            raise
        except Exception as error:
            what = " ".join(f"{type(error).__name__}: {error}".split())[:300]
            raise SiteError(f"the build failed: {what}") from None

    @property
    def _is_deleted(self) -> bool:
        """Return whether a person has deleted the folder `build`, or there was no build yet."""
        return not (self.site / "index.html").exists()

    def _build(self) -> BuildResult:
        if self._is_deleted:
            self.close()
            self._editor = None
        if self._builder is None:
            self._load()
            with opened(self.root) as cache:
                if cache.fresh or self._is_deleted:
                    # delete the site, because nothing else would delete the files that an earlier preview added
                    shutil.rmtree(self.site, ignore_errors=True)
                    (self.root / CACHE).unlink(missing_ok=True)
            self._builder = Builder(self._load, self.site, self.root / CACHE, notice=self._say)
        return self._builder.build()

    def _load(self) -> MkDocsConfig:
        config = site_settings(self.root)
        config.site_url = self._url
        config.strict = False
        self.config = config
        plugin = self._plugin
        plugin.job = Job(say=self._say)
        plugin.finish = lambda _: None  # the preview itself calls `finish`, after it has reported changes to browsers
        return config

    @property
    def _plugin(self) -> Any:
        return self.config.plugins.get("mlguide") if self.config is not None else None


def _addresses(result: BuildResult) -> list[str]:
    """Return the addresses of the changed files, relative to the site's address."""
    paths = (*result.written, *result.removed)
    return [path.removesuffix("index.html") if f"/{path}".endswith("/index.html") else path for path in paths]
