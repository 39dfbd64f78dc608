"""The flow, from the files of a root to its folder of pages, in one place; what a step does stands elsewhere."""

import gc
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import TypeVar

from mlguide_site.catalog import Catalog
from mlguide_site.checks import check_catalog, check_documents, check_links, check_unused
from mlguide_site.config import Settings
from mlguide_site.errors import ContentError, Problem, Severity
from mlguide_site.files import read_bytes
from mlguide_site.incremental import write_tree
from mlguide_site.link import link
from mlguide_site.linked import LinkedCatalog
from mlguide_site.load import load
from mlguide_site.markup.parse import parse
from mlguide_site.model import Span
from mlguide_site.names import NameTable, name_collisions
from mlguide_site.notes import notes
from mlguide_site.pages import views
from mlguide_site.publish import POLICY_PARTIAL, head, policy_partial
from mlguide_site.redirects import redirect_files
from mlguide_site.references import ReferenceTable
from mlguide_site.render import Renderer
from mlguide_site.resources import asset_files, template_folders, theme_files
from mlguide_site.root import read_root
from mlguide_site.scan import scan
from mlguide_site.slugs import file_in_own_folder
from mlguide_site.spoken import Spoken, is_spoken, read_spoken

T = TypeVar("T")
BUILD = "build"
THEME = "build/theme"


@dataclass(frozen=True)
class Stopwatch:
    """Seconds spent in each stage, in the order in which they were first entered."""

    seconds: dict[str, float] = field(default_factory=dict)

    def time(self, stage: str, step: Callable[[], T]) -> T:
        """What a step returns; its time is added to the stage's."""
        start = time.perf_counter()
        try:
            return step()
        finally:
            self.seconds[stage] = self.seconds.get(stage, 0.0) + time.perf_counter() - start


@dataclass(frozen=True)
class Examined:
    """A root, linked, with every problem found on the way, sorted; errors among them don't stop the rest."""

    linked: LinkedCatalog
    problems: tuple[Problem, ...]


def examine(root: Path, drafts: bool = False, watch: Stopwatch | None = None) -> Examined:
    """Read, load, parse, scan and link a root. Raises ResourceError where the disk refuses."""
    watch = watch or Stopwatch()
    files = watch.time("read", lambda: read_root(root))
    loaded = watch.time("load", lambda: load(files.texts, files.assets, drafts))
    spoken = watch.time("load", lambda: _spoken(root, loaded.catalog))
    catalog = replace(loaded.catalog, transcripts=spoken.transcripts, chapters=spoken.chapters)
    documents = watch.time(
        "parse", lambda: {id: parse(file.body, file.meta.title) for id, file in catalog.episodes.items()}
    )
    names = watch.time("scan", lambda: NameTable.of(catalog))
    references = watch.time("scan", lambda: ReferenceTable.of(catalog))
    scans = watch.time(
        "scan",
        lambda: {
            id: scan(documents[id], names, references, frozenset(file.meta.topics))
            for id, file in catalog.episodes.items()
        },
    )
    linked = watch.time("link", lambda: link(catalog, documents, scans))
    problems = watch.time(
        "check",
        lambda: {
            *files.problems,
            *loaded.problems,
            *spoken.problems,
            *check_catalog(catalog, loaded.broken),
            *check_documents(catalog, documents),
            *name_collisions(catalog),
            *linked.problems,
            *check_links(linked),
            *check_unused(linked),
        },
    )
    return Examined(linked, tuple(sorted(problems)))


def _spoken(root: Path, catalog: Catalog) -> Spoken:
    """What stands beside the notes of what was said when."""
    files = {path: read_bytes(root / path) for path in sorted(filter(is_spoken, catalog.assets))}
    return read_spoken(files, [(file.series, id) for id, file in catalog.episodes.items()])


def generate(root: Path, settings: Settings, watch: Stopwatch | None = None, build: str = BUILD) -> Examined:
    """Write the folder of pages and the folder of theme overrides, `pages` and `theme` in the folder `build` of the
    root. Raises ContentError where content has an error."""
    watch = watch or Stopwatch()
    with _uncollected():
        return _generate(root, settings, watch, root / build)


@contextmanager
def _uncollected() -> Iterator[None]:
    """No garbage collection meanwhile: the stages make many records and hardly any garbage, and the collector, walking
    over all records again and again, would take a third of their time. What they made is set apart at the end, so that
    the engine's collections don't walk over it either."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        if was_enabled:
            gc.enable()


def _generate(root: Path, settings: Settings, watch: Stopwatch, build: Path) -> Examined:
    examined = examine(root, settings.preview, watch)
    errors = [problem for problem in examined.problems if problem.severity is Severity.ERROR]
    if errors:
        raise ContentError(errors)
    pages = watch.time(
        "render",
        lambda: _render(examined.linked, settings, Renderer(template_folders(root))),
    )
    theme = {POLICY_PARTIAL: policy_partial(examined.linked.catalog, settings), **theme_files(root)}
    watch.time("write", lambda: _write(build, pages, _assets(root, examined.linked, settings), theme))
    return examined


def _render(linked: LinkedCatalog, settings: Settings, renderer: Renderer) -> Mapping[str, bytes]:
    pages: dict[str, bytes] = {}
    for view in views(linked, settings, partial(notes, linked, own_folders=settings.own_folders)):
        path = file_in_own_folder(view.path) if settings.own_folders else view.path
        if path in pages:
            message = f"two pages would stand at {view.path}"
            raise ContentError([Problem(view.path, Span(), message, "give one of them another slug or id")])
        pages[path] = renderer.render(view, head(view, linked.catalog, settings)).encode()
    return pages


def _assets(root: Path, linked: LinkedCatalog, settings: Settings) -> Mapping[str, bytes]:
    """Our own styles and scripts, what stands beside the notes, and what stands at former addresses."""
    own = {path: (root / path).read_bytes() for path in sorted(linked.catalog.assets)}
    return {**redirect_files(linked.catalog, settings), **own, **asset_files(root)}


def _write(build: Path, pages: Mapping[str, bytes], assets: Mapping[str, bytes], theme: Mapping[str, bytes]) -> None:
    write_tree(build / "pages", {**assets, **pages}, build / "pages.json")
    write_tree(build / "theme", theme, build / "theme.json")
