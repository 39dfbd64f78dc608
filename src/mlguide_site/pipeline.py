"""The flow, from the files of a root to its folder of pages, in one place; what a step does stands elsewhere."""

import gc
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from functools import partial
from itertools import count
from pathlib import Path

from mkdocs_incremental.signatures import digest as bytes_digest
from mkdocs_incremental.workers import SpillFiles
from mlguide_site.build.incremental import Wanted, known_files, wanted, write_tree, written_changes
from mlguide_site.build.making import page_files
from mlguide_site.build.memo.memory import NoteMemory
from mlguide_site.build.memo.notes import forget_recent
from mlguide_site.build.memo.outlook import Outlook
from mlguide_site.build.memo.remembered import BUILD, remembered
from mlguide_site.build.memo.room import give_back
from mlguide_site.build.memo.stamps import is_settled, stamp_of
from mlguide_site.build.memo.store import Store
from mlguide_site.build.standing import Kept
from mlguide_site.build.stopwatch import Stopwatch
from mlguide_site.build.theme import trimmed_theme
from mlguide_site.checks import Checked, run_checks
from mlguide_site.checks.site import check_site
from mlguide_site.config import Settings
from mlguide_site.content.files import read_bytes, resource_error
from mlguide_site.content.load import Loaded, load
from mlguide_site.content.resources import asset_files, has_own_theme, template_folders, theme_files
from mlguide_site.content.root import read_root
from mlguide_site.content.transcripts import RootTranscripts, may_be_transcript, read_root_transcripts
from mlguide_site.errors import ContentError, Problem, Severity
from mlguide_site.linking.link import link
from mlguide_site.linking.linked import LinkedCatalog
from mlguide_site.linking.names import NameTable
from mlguide_site.linking.references import ReferenceTable
from mlguide_site.model.catalog import Catalog
from mlguide_site.model.wording import WORDS_PARTIAL, WORDS_SCRIPT, script_words, theme_words
from mlguide_site.pages.render import Renderer
from mlguide_site.publish import content_policy
from mlguide_site.publish.redirects import redirect_files

BUILDS_BETWEEN = 8
"""After so many builds of a process garbage is looked for everywhere."""
_builds = count(1)


@dataclass(frozen=True)
class Examined:
    """A root, linked, with every problem found on the way, sorted; errors among them don't stop the rest. `outlook`
    tells it in brief, where notes are remembered; `tables` are what texts were looked through with."""

    linked: LinkedCatalog
    problems: tuple[Problem, ...]
    outlook: Outlook | None
    tables: tuple[NameTable, ReferenceTable] | None = None


@dataclass(frozen=True)
class Generated(Examined):
    """A root whose folder of pages is as it should be. `changed` are the paths in it that were written or deleted;
    `kept` is for later edits, where that was asked for."""

    changed: tuple[str, ...] = ()
    kept: Kept | None = None


def examine(
    root: Path,
    drafts: bool = False,
    watch: Stopwatch | None = None,
    memory: NoteMemory | None = None,
    jobs: int = 1,
) -> Examined:
    """Read, load, parse, scan and link a root, with what is remembered of its notes. Raises ResourceError where the
    disk refuses."""
    watch = watch or Stopwatch()
    memory = memory or NoteMemory(Store(None), keeps=False)
    loaded, read_problems, others = _loaded(root, drafts, watch, memory)
    spoken_files = watch.time("load", lambda: _spoken_files(root, loaded.catalog))
    spoken = watch.time("load", lambda: _spoken(spoken_files, loaded.catalog))
    catalog = replace(loaded.catalog, transcripts=spoken.transcripts, chapters=spoken.chapters)
    episodes = catalog.episodes
    names = watch.time("scan", lambda: NameTable.of(catalog))
    references = watch.time("scan", lambda: ReferenceTable.of(catalog))
    documents, scans = watch.time("parse", lambda: memory.read(list(episodes.values()), names, references, jobs))
    linked = watch.time("link", lambda: link(catalog, documents, scans))
    problems = watch.time(
        "check",
        lambda: {
            *read_problems,
            *loaded.problems,
            *spoken.problems,
            *linked.problems,
            *run_checks(Checked(linked, root), in_builds=True),
        },
    )
    heard = sorted((path, bytes_digest(data)) for path, data in spoken_files.items())
    more = (drafts, sorted(catalog.assets), heard)
    outlook = watch.time("link", lambda: memory.outlook(episodes.values(), others, more))
    return Examined(linked, tuple(sorted(problems)), outlook, (names, references))


def _loaded(
    root: Path, drafts: bool, watch: Stopwatch, memory: NoteMemory
) -> tuple[Loaded, tuple[Problem, ...], list[tuple[str, str]]]:
    """What stands in a root, the problems with its files, and what tells those that aren't notes. The bytes of its
    thousands of notes aren't needed any longer."""
    files = watch.time("read", lambda: read_root(root, memory.is_known))
    kept = watch.time("load", lambda: memory.kept(files.kept, files.texts))
    adopt = partial(memory.adopt, data=files.texts)
    loaded = watch.time("load", lambda: load(files.texts, files.assets, drafts, kept, adopt))
    return loaded, files.problems, memory.others(files.texts)


def _spoken_files(root: Path, catalog: Catalog) -> Mapping[str, bytes]:
    """The files beside the notes that say what was said when."""
    return {path: read_bytes(root / path) for path in sorted(filter(may_be_transcript, catalog.assets))}


def _spoken(files: Mapping[str, bytes], catalog: Catalog) -> RootTranscripts:
    """What they say."""
    return read_root_transcripts(files, [(file.series, id) for id, file in catalog.episodes.items()])


def generate(
    root: Path,
    settings: Settings,
    watch: Stopwatch | None = None,
    build: str = BUILD,
    jobs: int = 1,
    say: Callable[[str], None] = lambda _: None,
    keeps: bool = False,
) -> Generated:
    """Write the folder of pages and the folder of theme overrides, `pages` and `theme` in the folder `build` of the
    root, as far as they aren't as they should be, with at most `jobs` processes. `say` is told what can't be remembered
    and why. `keeps` asks for what later edits need. Raises ContentError where content has an error."""
    watch = watch or Stopwatch()
    spool = SpillFiles(root / build)
    forget_recent()
    with _uncollected(), remembered(root, build, say) as store, closing(spool):
        try:
            return _generate(root, settings, watch, root / build, store, jobs, keeps, spool)
        except (ValueError, TypeError, LookupError, AttributeError) as error:
            if store.fresh:
                raise
            # rows that are no such rows: whatever made them so, the root itself is there
            store.forget(error)
            return _generate(root, settings, watch, root / build, store, jobs, keeps, spool)


@contextmanager
def _uncollected() -> Iterator[None]:
    """No garbage collection meanwhile: the stages make many records and hardly any garbage, and the collector, walking
    over all records again and again, would take a third of their time. What they made is set apart at the end, so that
    the engine's collections don't walk over it either."""
    if next(_builds) % BUILDS_BETWEEN == 0:
        # in a preview, what was set apart by earlier builds is mostly of no use any more
        gc.unfreeze()
        gc.collect()
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        if was_enabled:
            gc.enable()


def _generate(
    root: Path,
    settings: Settings,
    watch: Stopwatch,
    build: Path,
    store: Store,
    jobs: int,
    keeps: bool,
    spool: SpillFiles,
) -> Generated:
    memory = watch.time("read", lambda: NoteMemory(store, spool=spool))
    examined = examine(root, settings.preview, watch, memory, jobs)
    found = {*examined.problems, *check_site(root, examined.linked.catalog, examined.problems)}
    errors = [problem for problem in found if problem.severity is Severity.ERROR]
    if errors:
        # what was read needn't be read again while the errors are mended
        store.write(memory.changes())
        raise ContentError(errors)
    give_back()
    renderer = Renderer(template_folders(root), settings.wording)
    outlook = examined.outlook
    try:
        pages = watch.time(
            "render", lambda: page_files(examined.linked, settings, renderer, store, jobs, outlook, spool)
        )
    except OSError as error:
        raise resource_error(error.filename or build, error) from None
    give_back()
    policy = content_policy.policy_partial(examined.linked.catalog, settings)
    theme = {WORDS_PARTIAL: theme_words(settings.wording), content_policy.PARTIAL: policy, **theme_files(root)}
    parts = trimmed_theme() if settings.plain_theme and not has_own_theme(root) else {}
    known, known_theme = known_files(store, "pages"), known_files(store, "theme")
    tree = watch.time(
        "write",
        lambda: write_tree(
            build / "pages",
            {**_assets(root, examined.linked, settings), **pages.files},
            build / "pages.json",
            known,
            jobs,
        ),
    )
    pages.files.clear()
    themed = {**parts, **{path: wanted(data) for path, data in theme.items()}}
    themes = write_tree(build / "theme", themed, build / "theme.json", known_theme)
    watch.time(
        "write",
        lambda: store.write(
            [
                *memory.changes(),
                *pages.changes(),
                *written_changes("pages", known, tree),
                *written_changes("theme", known_theme, themes),
            ]
        ),
    )
    pages.close()
    linked, kept = examined.linked, None
    if keeps and examined.tables and examined.outlook:
        outward = memory.outward(linked.catalog.episodes.values())
        digest = f"{examined.outlook.digest} {settings!r} {renderer.digest}"
        kept = Kept(linked, settings, renderer, *examined.tables, outward, digest)
    else:
        memory.forget()
    return Generated(linked, tuple(sorted(found)), examined.outlook, changed=tree.changed, kept=kept)


def _assets(root: Path, linked: LinkedCatalog, settings: Settings) -> Mapping[str, Wanted]:
    """Our own styles and scripts, what stands beside the notes, and what stands at former addresses."""
    redirects = {path: wanted(data) for path, data in redirect_files(linked.catalog, settings).items()}
    own = {path: _copied(root / path) for path in sorted(linked.catalog.assets)}
    looks = {WORDS_SCRIPT: script_words(settings.wording), **asset_files(root)}
    return {**redirects, **own, **{path: wanted(data) for path, data in looks.items()}}


def _copied(path: Path) -> Wanted:
    """A file as it stands in the root; it is known by its stamp once that can be trusted."""
    stamp = stamp_of(path.stat())
    return Wanted(f"copy {stamp}", path.read_bytes) if is_settled(stamp) else wanted(path.read_bytes())
