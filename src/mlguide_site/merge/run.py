"""The import as a command: read the sources and the root, plan, write. Only here is anything written."""

import contextlib
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import Any

from mlguide_site.content.files import change_files, exclusive
from mlguide_site.content.validate import validate
from mlguide_site.content.yaml_read import read_yaml
from mlguide_site.errors import ContentError, Problem, Severity, Span, UsageError, suggestion
from mlguide_site.importers import Context, KnownSeries
from mlguide_site.importers.formats import IMPORTERS
from mlguide_site.merge.entries import (
    PATHS,
    SERIES_FILE,
    add_entries,
    add_series,
    join_drafts,
    resolve_slugs,
    topic_slugs,
)
from mlguide_site.merge.episodes import RANKS, Episodes, RootState, Write, merge_all, read_state, with_assets
from mlguide_site.merge.pending import Queue, is_pending
from mlguide_site.merge.reading import Progress, Read, choose, counted, known_series, read_sources, silent
from mlguide_site.merge.records import ENTRIES_PATH, FILES_PATH, PENDING_PATH, SERIES_PATH, dump_record
from mlguide_site.merge.report import ImportReport, Names, Promotion, SourceFormat
from mlguide_site.merge.review import lessons_of
from mlguide_site.merge.sidecars import NoteChange, Sidecars, incoming, make_chapters, place_files
from mlguide_site.merge.sources import load_source, with_media
from mlguide_site.merge.unmatched import match_pending
from mlguide_site.model import Series
from mlguide_site.model.slugs import gaps, id_suggestion, is_slug, parse_id

LISTING = "feed"
"""The format whose sources list every episode; of others a part may be imported as well as all."""
SHOWN = 10


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
    `follows` is as in `load_source`; `otherwise` is the remedy where a source is of another format than `format`.

    Raises ContentError where a source or a file of the root is invalid, UsageError where the arguments are,
    ResourceError where disk or network fail. Nothing is written then: an import that is interrupted while it writes is
    taken back by the next command.
    """
    names = [importer.name for importer in IMPORTERS]
    if format is not None and format not in names:
        remedy = suggestion(format, names, f"use one of {', '.join(names)}")
        raise UsageError(f'unknown format "{format}"; {remedy}')
    importer = IMPORTERS[names.index(format)] if format else None
    if series is not None and not is_slug(series):
        raise UsageError(f'"{series}" can\'t be the id of a series; use lower-case letters, digits and hyphens')
    if episode is not None and not is_slug(episode):
        raise UsageError(f'"{episode}" can\'t be the id of an episode; give one such as "mla-012"')
    if not all(sources) or not (sources or is_pending(root)):
        raise UsageError("no source given, and nothing is pending; name a file or an address")
    loaded = [load_source(name, progress, follows) for name in sources]
    with contextlib.nullcontext() if dry_run else exclusive(root):
        state = read_state(root)
        importers = choose([one.source for one in loaded], importer, progress, otherwise)
        chosen = sorted(
            zip(loaded, importers, strict=True),
            key=lambda pair: (RANKS[pair[1].name], pair[0].source.data, sorted(pair[0].source.files.items())),
        )
        lessons = lessons_of(state.notes, state.bases) if any(one.learns for one in importers) else ()
        context = Context(
            MappingProxyType(_known_series(state)),
            series or "",
            topic_slugs(state.knowledge.get(PATHS["topic"], "")),
            lessons,
        )
        reads = [
            read._replace(series=with_media(read.series, one.hosts), problems=read.problems + one.problems)
            for read, (one, _) in zip(
                read_sources([(one.source, own) for one, own in chosen], context, progress), chosen, strict=True
            )
        ]
        state = with_assets(state, root, (one.path for read in reads for draft in read.drafts for one in draft.assets))
        if count := sum(len(read.drafts) for read in reads):
            progress(f"merging {counted(count)}")
        report = make_plan(reads, state, episode or "", dry_run, len(lessons))
        if not dry_run:
            change_files(root, {write.path: write.after for write in report.writes})
    return report


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


def make_plan(
    reads: Sequence[Read], state: RootState, chosen: str = "", dry_run: bool = False, lessons: int = 0
) -> ImportReport:
    """The report of an import with all its writes: values in, values out. `reads` come in the order of their rank;
    `chosen` is the id of the episode that transcripts and chapters belong to.

    Raises ContentError where a file of the root prevents it, UsageError where there is no episode of the chosen id;
    then nothing is to be written.
    """
    texts = {path: text.removeprefix("\ufeff") for path, text in state.knowledge.items()}
    entries = add_entries(texts, [(read.name, read.entries) for read in reads], state.entries)
    named = [
        read._replace(drafts=resolve_slugs([draft for draft in read.drafts if draft.loose is None], slugs))
        for read, slugs in zip(reads, entries.slugs, strict=True)
    ]
    episodes = merge_all(named, state)
    drafts = join_drafts(draft for read in reads for draft in read.series)
    series = add_series(texts.get(SERIES_FILE, ""), drafts, state.series)
    all_series = read_yaml(series.text, SERIES_FILE).value
    queue = Queue(state.pending)
    unnamed = [(read.name, [draft for draft in read.drafts if draft.loose is not None]) for read in reads]
    match_pending(unnamed, state.pending.runs, queue, episodes, all_series)
    new, changed, unchanged = episodes.outcome()
    sidecars = _sidecars(reads, state, chosen, episodes, queue, all_series)

    absent = _absent(reads, episodes)
    problems = {problem for read in reads for problem in read.problems}
    problems |= {*series.problems, *entries.problems, *queue.problems, *sidecars.problems, *episodes.problems}
    problems |= {_absence(reads, absent)} if absent else set()
    changes = {SERIES_FILE: series.text, **entries.texts}
    writes = (
        *(_knowledge_write(state, path, text) for path, text in changes.items() if text != texts.get(path, "")),
        *_record_write(SERIES_PATH, state.series, series.written),
        *_record_write(ENTRIES_PATH, state.entries, entries.written),
        *episodes.writes(),
        *(Write(path, None, data) for path, data in sorted(sidecars.writes.items())),
        *_record_write(FILES_PATH, state.files, sidecars.written),
        *(Write(path, None, data) for path, data in sorted(queue.files.items())),
        *_record_write(PENDING_PATH, state.pending.written, frozenset(queue.names)),
    )
    return ImportReport(
        formats=tuple(SourceFormat(read.name, read.format) for read in reads),
        new=new,
        changed=changed,
        unchanged=unchanged,
        kept=_names(episodes.kept),
        filled=_names(episodes.filled),
        gone=tuple(sorted(episodes.gone)),
        absent=absent,
        new_series=series.new,
        cut=episodes.cut,
        missing=_missing(episodes),
        promotion=tuple(Promotion(*key, count) for key, count in sorted(episodes.promotion.items())),
        conflicts=tuple(sorted(episodes.conflicts)),
        problems=tuple(sorted(problems)),
        new_entries=entries.new,
        changed_entries=entries.changed,
        assets=tuple(sorted({*episodes.assets, *sidecars.writes})),
        doubts=episodes.uncertain(),
        matched=tuple(queue.matched),
        pending=tuple(queue.held),
        writes=writes,
        dry_run=dry_run,
        lessons=lessons,
    )


def _sidecars(
    reads: Sequence[Read], state: RootState, chosen: str, episodes: Episodes, queue: Queue, series: Mapping[str, Any]
) -> Sidecars:
    """The transcripts and chapters of an import, with the chapters that its notes list."""
    files = incoming(
        # what comes with episodes of its own belongs to these
        ((read.name, draft, "" if read.drafts else chosen) for read in reads for draft in read.files),
        state.pending,
        {id: known_series(id, fields) for id, fields in series.items() if isinstance(fields, Mapping)},
    )
    ids = sorted(episodes.fronts)
    if files and chosen and chosen not in episodes.fronts:
        remedy = suggestion(chosen, ids, "write the id of an existing one")
        raise UsageError(f'there is no episode "{chosen}"; {id_suggestion(chosen, ids, remedy)}')
    sidecars = Sidecars(state.present, dict(state.files))
    place_files(files, [episodes.known_one(id) for id in sorted(ids, key=episodes.path)], sidecars, queue)
    notes = (
        NoteChange(episodes.path(id), state.notes.get(id), episodes.notes[id])
        for id in sorted(episodes.seen & episodes.notes.keys(), key=episodes.path)
    )
    for path, data in make_chapters(notes, state.present, state.files, sidecars.given).items():
        sidecars.write(path, data)
        message, remedy = "these chapters are made from the times in the notes", "nothing to do; a file of your own in"
        sidecars.problems.append(Problem(path, Span(), message, f"{remedy} its place stays", Severity.HINT))
    return sidecars


def _names(found: Mapping[str, set[str]]) -> tuple[Names, ...]:
    return tuple(Names(id, tuple(sorted(names))) for id, names in sorted(found.items()))


def _knowledge_write(state: RootState, path: str, text: str) -> Write:
    before = state.knowledge.get(path)
    mark = "\ufeff" if (before or "").startswith("\ufeff") else ""
    return Write(path, None if before is None else before.encode(), (mark + text).encode())


def _record_write(path: str, before: Any, after: Any) -> Iterator[Write]:
    if before != after:
        yield Write(path, None, dump_record(after, path) if after else None)


def _missing(episodes: Episodes) -> dict[str, tuple[int, ...]]:
    """Numbers lacking between the lowest and the highest of each series of the sources; none where seasons restart."""
    numbers: dict[str, set[int]] = defaultdict(set)
    restarting = set()
    for id in episodes.notes:
        key = parse_id(episodes.places[id], id)
        if key and key.number is not None:
            numbers[episodes.places[id]].add(key.number)
            if key.season is not None:
                restarting.add(episodes.places[id])
    touched = {episodes.places[id] for id in episodes.seen if id in episodes.places} - restarting
    found = {name: gaps(own) for name in sorted(touched) if (own := numbers.get(name))}
    return {name: lacking for name, lacking in found.items() if lacking}


def _absent(reads: Sequence[Read], episodes: Episodes) -> tuple[str, ...]:
    """Episodes of earlier imports that the feeds no longer have. Another feed's episodes are not counted, as far as the
    address that they came from tells."""
    drafts = [draft for read in reads if read.format == LISTING for draft in read.drafts]
    series = {draft.series for draft in drafts}
    urls = {_source_url(draft.fields) for draft in drafts}
    bases = episodes.state.bases
    return tuple(
        id
        for id, front in sorted(episodes.fronts_before.items())
        if episodes.places[id] in series
        and id not in episodes.seen
        and id in bases
        and any(field.format == LISTING for field in bases[id].fields.values())
        and ("" in urls or _source_url(front) in {"", *urls})
    )


def _source_url(fields: Mapping[str, Any]) -> str:
    source = fields.get("source")
    return str(source.get("url") or "") if isinstance(source, Mapping) else ""


def _absence(reads: Sequence[Read], ids: Sequence[str]) -> Problem:
    """The warning about episodes that disappeared from a feed."""
    name = ", ".join(read.name for read in reads if read.format == LISTING)
    shown = ", ".join(ids[:SHOWN]) + (f" and {len(ids) - SHOWN} more" if len(ids) > SHOWN else "")
    message = f"{len(ids)} gone: the feed no longer has {shown}"
    remedy = "nothing is deleted; remove their files if you want them to go"
    return Problem(name, Span(), message, remedy, Severity.WARNING)
