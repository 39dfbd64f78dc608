"""The import as a command: read what the sources and the root say, plan, write. Disk and network stand here only."""

from collections.abc import Collection, Sequence
from dataclasses import replace
from pathlib import Path, PurePosixPath
from types import MappingProxyType

from mlguide_site.content.codec import decode, read_yaml
from mlguide_site.content.files import exclusive, read_bytes, remove_file, resolve_inside, write_atomic
from mlguide_site.content.validate import validate
from mlguide_site.errors import ContentError, Problem, Span, UsageError, suggestion
from mlguide_site.importers import Context, Importer, KnownSeries
from mlguide_site.importers.table import IMPORTERS
from mlguide_site.merge.base import data_hash
from mlguide_site.merge.beside import add_files
from mlguide_site.merge.entries import PATHS
from mlguide_site.merge.entry_names import topic_slugs
from mlguide_site.merge.entry_record import PATH as ENTRIES_PATH
from mlguide_site.merge.entry_record import load_entries
from mlguide_site.merge.lessons import Lessons, lessons_of
from mlguide_site.merge.pending_files import load_pending, waits
from mlguide_site.merge.plan import make_plan
from mlguide_site.merge.reading import Progress, choose, read_sources, silent
from mlguide_site.merge.records import files_at, read_records
from mlguide_site.merge.report import ImportReport, counted
from mlguide_site.merge.sent_on import with_media
from mlguide_site.merge.series import PATH as SERIES_PATH
from mlguide_site.merge.sources import Loaded, feed_writes, load_sources
from mlguide_site.merge.state import RootState
from mlguide_site.merge.written import PATH as WRITTEN_PATH
from mlguide_site.merge.written import load_written
from mlguide_site.model import Series
from mlguide_site.model.slugs import is_slug

RANKS = MappingProxyType({importer.name: rank for rank, importer in enumerate(IMPORTERS)})


def run_import(
    root: Path,
    sources: Sequence[str],
    *,
    format: str | None = None,
    series: str | None = None,
    episode: str | None = None,
    dry_run: bool = False,
    follows: bool | None = None,
    progress: Progress = silent,
    otherwise: str = "",
) -> ImportReport:
    """Import sources (paths, or http and https addresses) into a root and say what that did; `dry_run` writes nothing.
    Without any, only what waits for an episode is tried again.

    `episode` is the id of the episode that transcripts and chapters belong to, whatever the sources are called.
    `follows` is as in `load_sources`; `otherwise` is what to do where a source is of another format than told.

    Raises ContentError where a source or a file of the root is no good, UsageError where the command is,
    ResourceError where disk or network fail. All of them come before the first write, but for a disk that fails while
    it is written to: then each file is old or new, and the same import finishes the work.
    """
    importer = _named(format)
    if series is not None and not is_slug(series):
        raise UsageError(f'"{series}" can\'t be the id of a series; use lower-case letters, digits and hyphens')
    if episode is not None and not is_slug(episode):
        raise UsageError(f'"{episode}" can\'t be the id of an episode; give one such as "mla-012"')
    if not all(sources) or not (sources or waits(root)):
        raise UsageError("no source given, and nothing waits; name a file or an address")
    options = (format or "", series or "", episode or "")
    loaded = load_sources(root, sources, options, progress, follows)
    if dry_run:
        report = _plan(root, loaded, importer, series, episode, True, progress, otherwise)
        return _remembered(report, root, loaded, options)
    with exclusive(root):
        report = _plan(root, loaded, importer, series, episode, False, progress, otherwise)
        report = _remembered(report, root, loaded, options)
        targets = [(resolve_inside(root, write.path), write.after) for write in report.writes]
        for path, data in targets:
            if data is None:
                remove_file(path)
            else:
                write_atomic(path, data)
    return report


def _named(format: str | None) -> Importer | None:
    if format is None:
        return None
    names = [importer.name for importer in IMPORTERS]
    if format not in names:
        remedy = suggestion(format, names, f"use one of {', '.join(names)}")
        raise UsageError(f'unknown format "{format}"; {remedy}')
    return IMPORTERS[names.index(format)]


def _remembered(report: ImportReport, root: Path, loaded: Loaded, options: Sequence[str]) -> ImportReport:
    """The report with the feeds that didn't change, and what is remembered of the others; nothing, where a conflict is
    to be told again until somebody settles it."""
    writes = feed_writes(root, loaded.marks if not report.conflicts else {}, options, report.writes)
    return replace(report, writes=(*report.writes, *writes), unmodified=loaded.unmodified)


def _plan(
    root: Path,
    loaded: Loaded,
    importer: Importer | None,
    series: str | None,
    episode: str | None,
    dry_run: bool,
    progress: Progress,
    otherwise: str,
) -> ImportReport:
    state = read_state(root)
    chosen = sorted(
        choose([source for source, _ in loaded.sources], importer, progress, otherwise),
        key=lambda pair: (RANKS[pair[1].name], pair[0].data, sorted(pair[0].files.items())),
    )
    learns = any(importer.learns for _, importer in chosen)
    lessons = lessons_of(state.notes, state.bases) if learns else Lessons()
    context = Context(
        MappingProxyType(_known_series(state)),
        series or "",
        topic_slugs(state.knowledge.get(PATHS["topic"], "")),
        lessons.bodies,
        lessons.taught,
    )
    reads = [
        read._replace(series=with_media(read.series, loaded.media.get(read.name, ())))
        for read in read_sources(chosen, context, progress)
    ]
    warnings = tuple(problem for _, problems in loaded.sources for problem in problems)
    reads = [read._replace(problems=read.problems + warnings) for read in reads[:1]] + reads[1:]
    names = {asset.path for read in reads for draft in read.drafts for asset in draft.assets}
    state = replace(state, assets=_asset_hashes(root, names))
    if count := sum(len(read.drafts) for read in reads):
        progress(f"merging {counted(count)}")
    report = replace(make_plan(reads, state, RANKS, dry_run), lessons=len(lessons.bodies))
    return add_files(report, root, reads, state, episode or "")


def read_state(root: Path) -> RootState:
    """What a root holds of what an import touches. Raises ContentError where a file of it can't be read."""
    notes: dict[str, str] = {}
    places: dict[str, str] = {}
    problems: list[Problem] = []
    for path in files_at(root, "episodes", 2, ".md"):
        relative = path.relative_to(root).as_posix()
        id = path.stem
        try:
            if id in places:
                first = f"episodes/{places[id]}/{id}.md"
                raise ContentError(
                    [Problem(relative, Span(), f"{first} is the same episode", "rename or remove one of the two")]
                )
            notes[id] = decode_exact(read_bytes(path), relative)
            places[id] = path.parent.name
        except ContentError as error:
            problems.extend(error.problems)
    bases = read_records(root)
    if problems:
        raise ContentError(problems)
    series_path, written_path = root / SERIES_PATH, root / WRITTEN_PATH
    text = decode_exact(read_bytes(series_path), SERIES_PATH) if series_path.exists() else None
    written = load_written(read_bytes(written_path)) if written_path.exists() else {}
    knowledge = {path: decode_exact(read_bytes(root / path), path) for path in PATHS.values() if (root / path).exists()}
    entries = load_entries(read_bytes(root / ENTRIES_PATH)) if (root / ENTRIES_PATH).exists() else {}
    return RootState(notes, places, bases, text, written, knowledge, entries, pending=load_pending(root))


def _asset_hashes(root: Path, names: Collection[str]) -> dict[str, str]:
    """The hashes of files beside episodes, by path, of those with one of these names, a mark behind it aside."""
    stems = tuple(sorted({PurePosixPath(name).stem for name in names}))
    if not stems:
        return {}
    found = [
        path
        for folder in sorted((root / "episodes").glob("*/*/"))
        if not folder.is_symlink()
        for path in sorted(folder.iterdir())
        if path.name.startswith(stems) and path.is_file() and not path.is_symlink()
    ]
    return {path.relative_to(root).as_posix(): data_hash(read_bytes(path)) for path in found}


def decode_exact(data: bytes, path: str) -> str:
    """The text of a file with every character it holds, so that it can be written back byte for byte."""
    text = decode(data, path)
    return "\ufeff" + text if data.startswith(b"\xef\xbb\xbf") else text


def _known_series(state: RootState) -> dict[str, KnownSeries]:
    """The series of the root. Raises ContentError where one of them is not valid."""
    located = read_yaml((state.series_text or "").removeprefix("\ufeff"), SERIES_PATH)
    known, problems = {}, []
    for id, values in located.value.items():
        record, found = validate(Series, values, located, SERIES_PATH, (id,))
        problems.extend(found)
        if record is not None:
            promotion = record.promotion if "promotion" in record.model_fields_set else None
            known[id] = KnownSeries(
                id,
                record.title,
                record.prefix or "",
                record.address or "",
                record.feed or "",
                promotion,
                guid=record.guid or "",
            )
    if problems:
        raise ContentError(problems)
    return known
