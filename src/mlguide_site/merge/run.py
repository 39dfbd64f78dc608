"""The import as a command: read the sources and the root, plan, write. Only here are disk and network used."""

import contextlib
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import replace
from pathlib import Path, PurePosixPath
from types import MappingProxyType

from mlguide_site.content.files import decode, exclusive, journal, read_bytes, remove_file, resolve_inside, write_atomic
from mlguide_site.content.validate import validate
from mlguide_site.content.yaml_read import read_yaml
from mlguide_site.errors import ContentError, Problem, ResourceError, Span, UsageError, suggestion
from mlguide_site.importers import Context, Importer, KnownSeries
from mlguide_site.importers.table import IMPORTERS
from mlguide_site.merge.entries import PATHS, SERIES_FILE, topic_slugs
from mlguide_site.merge.episodes import RootState, note_path
from mlguide_site.merge.pending import is_pending, load_pending
from mlguide_site.merge.plan import make_plan
from mlguide_site.merge.reading import Progress, choose, counted, known_series, read_sources, silent
from mlguide_site.merge.records import (
    ENTRIES_PATH,
    FILES_PATH,
    SERIES_PATH,
    data_hash,
    files_at,
    read_record,
    read_records,
)
from mlguide_site.merge.report import ImportReport
from mlguide_site.merge.review import Lessons, lessons_of
from mlguide_site.merge.sidecars import KINDS
from mlguide_site.merge.sources import Loaded, load_sources, with_media
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
    """Import sources (paths, or http and https addresses) into a root and report the result; `dry_run` writes nothing.
    Without sources, only pending drafts are tried again.

    `episode` is the id of the episode that transcripts and chapters belong to, whatever the sources are called.
    `follows` is as in `load_sources`; `otherwise` is the remedy where a source is of another format than `format`.

    Raises ContentError where a source or a file of the root is invalid, UsageError where the arguments are,
    ResourceError where disk or network fail. Nothing is written then: an import that is interrupted while it writes is
    taken back by the next command.
    """
    if format is not None and format not in RANKS:
        remedy = suggestion(format, list(RANKS), f"use one of {', '.join(RANKS)}")
        raise UsageError(f'unknown format "{format}"; {remedy}')
    importer = IMPORTERS[RANKS[format]] if format else None
    if series is not None and not is_slug(series):
        raise UsageError(f'"{series}" can\'t be the id of a series; use lower-case letters, digits and hyphens')
    if episode is not None and not is_slug(episode):
        raise UsageError(f'"{episode}" can\'t be the id of an episode; give one such as "mla-012"')
    if not all(sources) or not (sources or is_pending(root)):
        raise UsageError("no source given, and nothing is pending; name a file or an address")
    loaded = load_sources(sources, progress, follows)
    if dry_run:
        return _plan(root, loaded, importer, series, episode, True, progress, otherwise)
    with exclusive(root):
        report = _plan(root, loaded, importer, series, episode, False, progress, otherwise)
        _write(root, report)
    return report


def _write(root: Path, report: ImportReport) -> None:
    """Write all files of an import, or none: what the disk refuses is taken back now, what a kill cuts off by the next
    command."""
    targets = {write.path: resolve_inside(root, write.path) for write in report.writes}
    if not targets:
        return
    before = {path: read_bytes(target) if target.exists() else None for path, target in targets.items()}
    changes = {write.path: journal.Change(before[write.path], write.after) for write in report.writes}
    journal.begin(root, changes, {})
    try:
        for write in report.writes:
            if write.after is None:
                remove_file(targets[write.path])
            else:
                write_atomic(targets[write.path], write.after)
    except BaseException:
        with contextlib.suppress(ResourceError):
            # what can't be taken back now is taken back by the next command
            journal.take_back(root)
        raise
    journal.end(root)


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
    state = replace(state, assets=_asset_hashes(root, names), present=_sidecar_hashes(root))
    if count := sum(len(read.drafts) for read in reads):
        progress(f"merging {counted(count)}")
    return replace(make_plan(reads, state, RANKS, episode or "", dry_run), lessons=len(lessons.bodies))


def read_state(root: Path) -> RootState:
    """What a root holds of what an import touches. Raises ContentError where a file of it can't be read."""
    notes: dict[str, str] = {}
    places: dict[str, str] = {}
    problems: list[Problem] = []
    for path in files_at(root, "episodes", 2, ".md"):
        relative, id = path.relative_to(root).as_posix(), path.stem
        try:
            if id in places:
                message = f"{note_path(places[id], id)} is the same episode"
                raise ContentError([Problem(relative, Span(), message, "rename or remove one of the two")])
            notes[id] = decode_exact(read_bytes(path), relative)
            places[id] = path.parent.name
        except ContentError as error:
            problems.extend(error.problems)
    bases = read_records(root)
    if problems:
        raise ContentError(problems)
    paths = [path for path in (SERIES_FILE, *PATHS.values()) if (root / path).exists()]
    return RootState(
        notes,
        places,
        bases,
        {path: decode_exact(read_bytes(root / path), path) for path in paths},
        read_record(root, SERIES_PATH),
        read_record(root, ENTRIES_PATH),
        read_record(root, FILES_PATH),
        pending=load_pending(root),
    )


def record_problems(root: Path) -> tuple[Problem, ...]:
    """Every fault of a root's pending drafts and records of imports, without the records of episodes. Raises
    ResourceError where the disk refuses."""
    problems: set[Problem] = set()
    steps: tuple[Callable[[], object], ...] = (
        lambda: load_pending(root),
        lambda: read_record(root, SERIES_PATH),
        lambda: read_record(root, ENTRIES_PATH),
        lambda: read_record(root, FILES_PATH),
    )
    for read in steps:
        try:
            read()
        except ContentError as error:
            problems.update(error.problems)
    return tuple(sorted(problems))


def _asset_hashes(root: Path, names: Collection[str]) -> dict[str, str]:
    """The hashes of files in episodes' folders, by path, whose names begin with those of assets to import."""
    stems = tuple(sorted({PurePosixPath(name).stem for name in names}))
    folders = [path for path in sorted((root / "episodes").glob("*/*/")) if stems and not path.is_symlink()]
    return _hashes(root, (path for one in folders for path in sorted(one.iterdir()) if path.name.startswith(stems)))


def _sidecar_hashes(root: Path) -> dict[str, str]:
    """The hashes of transcripts and chapters beside notes, by path."""
    found = (*files_at(root, "episodes", 2, ".vtt"), *files_at(root, "episodes", 2, ".json"))
    return _hashes(root, (path for path in found if path.name.endswith(tuple(KINDS))))


def _hashes(root: Path, paths: Iterable[Path]) -> dict[str, str]:
    plain = (path for path in paths if path.is_file() and not path.is_symlink())
    return {path.relative_to(root).as_posix(): data_hash(read_bytes(path)) for path in plain}


def decode_exact(data: bytes, path: str) -> str:
    """The text of a file with its byte order mark, so that it can be written back byte for byte."""
    text = decode(data, path)
    return "\ufeff" + text if data.startswith(b"\xef\xbb\xbf") else text


def _known_series(state: RootState) -> dict[str, KnownSeries]:
    """The series of the root. Raises ContentError where one of them is not valid."""
    located = read_yaml(state.knowledge.get(SERIES_FILE, "").removeprefix("\ufeff"), SERIES_FILE)
    known, problems = {}, list[Problem]()
    for id, values in located.value.items():
        record, found = validate(Series, values, located, SERIES_FILE, (id,))
        problems.extend(found)
        if record is not None:
            known[id] = known_series(id, values or {})
    if problems:
        raise ContentError(problems)
    return known
