"""The import as a command: read the sources and the root, plan, write. Only here is anything written."""

import contextlib
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType
from typing import Any

from mlguide_site.content.files import change_files, exclusive
from mlguide_site.content.validate import validate
from mlguide_site.content.yaml_read import read_yaml
from mlguide_site.errors import ContentError, Problem, Severity, Span, UsageError, suggestion
from mlguide_site.importers import Context, EntryDraft, Importer, KnownSeries
from mlguide_site.importers.formats import IMPORTERS
from mlguide_site.merge.entries import PATHS, SERIES, SERIES_FILE, add_entries, join_drafts, resolve_slugs, topic_slugs
from mlguide_site.merge.episodes import RANKS, Episodes, RootState, Write, merge_all, read_state, with_assets
from mlguide_site.merge.pending import Queue, load_pending, pending_key
from mlguide_site.merge.reading import Progress, Read, choose, counted, known_series, read_sources, silent
from mlguide_site.merge.records import ENTRIES_PATH, FILES_PATH, SERIES_PATH, SeriesRecord, dump_record
from mlguide_site.merge.report import ImportReport, Names, Promotion, SourceFormat
from mlguide_site.merge.review import lessons_of
from mlguide_site.merge.sidecars import Sidecars, make_chapters, place_files
from mlguide_site.merge.sources import Loaded, load_source
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
) -> ImportReport:
    """Import sources (paths, or http and https addresses) into a root and report the result; `dry_run` writes nothing.
    Without sources, only pending drafts are tried again.

    `episode` is the id of the episode that transcripts and chapters belong to, whatever the sources are called.
    `follows` is as in `load_source`.

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
    if not all(sources) or not (sources or load_pending(root)):
        raise UsageError("no source given, and nothing is pending; name a file or an address")
    loaded = [load_source(name, progress, follows) for name in sources]
    with contextlib.nullcontext() if dry_run else exclusive(root):
        state = read_state(root)
        importers = choose([one.source for one in loaded], importer, progress)
        lessons = lessons_of(state.notes, state.records.bases) if any(one.learns for one in importers) else ()
        context = Context(
            series=MappingProxyType(_known_series(state)),
            topics=topic_slugs(state.knowledge.get(PATHS["topic"], "")),
            lessons=lessons,
        )
        given = list(zip(loaded, importers, strict=True))
        jobs = _jobs(given, series or "", state.pending, episode is not None)
        reads = read_sources(jobs, context, progress)
        state = with_assets(state, root, (one.path for read in reads for draft in read.drafts for one in draft.assets))
        if count := sum(len(read.drafts) for read in reads):
            progress(f"merging {counted(count)}")
        report = make_plan(reads, state, episode or "", dry_run, len(lessons))
        if not dry_run:
            change_files(root, {write.path: write.after for write in report.writes})
    return report


def _jobs(
    sources: Sequence[tuple[Loaded, Importer]], series: str, pending: Mapping[str, Loaded], is_chosen: bool
) -> list[tuple[Loaded, Importer]]:
    """What to read, the most trusted format first: the sources, and pending ones. Of a source that is pending already
    its copy is read, unless a person has chosen an episode for it."""
    importers = {importer.name: importer for importer in IMPORTERS}
    copies = {key: (one, importers[key.partition("-")[0]]) for key, one in pending.items()}
    found = {}
    for at, (one, importer) in enumerate(sources):
        key = pending_key(importer.name, series, one.source)
        found[key or str(at)] = one._replace(series=series, key=key), importer
    jobs = {**copies, **found} if is_chosen else {**found, **copies}

    def rank(job: tuple[Loaded, Importer]) -> tuple[int, bytes, list[tuple[str, bytes]]]:
        return RANKS[job[1].name], job[0].source.data, sorted(job[0].source.files.items())

    return sorted(jobs.values(), key=rank)


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
    drafts = join_drafts(draft for read in reads for draft in read.series)
    series = [EntryDraft(SERIES, id, fields) for id, fields in drafts.items()]
    entries = add_entries(
        texts,
        [(SERIES_FILE, series), *((read.name, read.entries) for read in reads)],
        {SERIES: {id: record.keys for id, record in state.records.series.items()}, **state.records.entries},
    )
    texts_after = {**texts, **entries.texts}
    all_series = read_yaml(texts_after.get(SERIES_FILE, ""), SERIES_FILE).value
    named = [
        replace(read, drafts=tuple(resolve_slugs(draft, slugs) for draft in read.drafts if draft.loose is None))
        for read, slugs in zip(reads, entries.slugs[1:], strict=True)
    ]
    episodes = merge_all(named, state)
    queue = Queue(state.pending)
    match_pending(reads, queue, episodes, all_series)
    sidecars = _sidecars(reads, state, chosen, episodes, queue)

    absent = _absent(reads, episodes)
    problems = {problem for read in reads for problem in read.problems}
    problems |= {*entries.problems, *sidecars.problems, *episodes.problems}
    problems |= {_absence(reads, absent)} if absent else set()
    written = dict(entries.written)
    series_records = {id: SeriesRecord(keys) for id, keys in written.pop(SERIES, {}).items()}
    writes = (
        *(
            Write(path, state.knowledge[path].encode() if path in state.knowledge else None, text.encode())
            for path, text in entries.texts.items()
        ),
        *_record_write(SERIES_PATH, state.records.series, series_records),
        *_record_write(ENTRIES_PATH, state.records.entries, written),
        *episodes.writes(),
        *(Write(path, None, data) for path, data in sorted(sidecars.writes.items())),
        *_record_write(FILES_PATH, state.records.files, sidecars.written),
        *(Write(path, None, data) for path, data in sorted(queue.files.items())),
    )
    new, changed, unchanged = episodes.outcome()
    return ImportReport(
        formats=tuple(SourceFormat(read.name, read.format) for read in reads if not read.is_pending),
        new=new,
        changed=changed,
        unchanged=unchanged,
        kept=tuple(Names(id, tuple(sorted(names))) for id, names in sorted(episodes.kept.items())),
        gone=tuple(sorted(episodes.gone)),
        absent=absent,
        new_series=tuple(name for name in drafts if f"{SERIES} {name}" in entries.new),
        cut=episodes.cut,
        missing=_missing(episodes),
        promotion=tuple(Promotion(*key, count) for key, count in sorted(episodes.promotion.items())),
        conflicts=tuple(sorted(episodes.conflicts)),
        problems=tuple(sorted(problems)),
        new_entries=_other_kinds(entries.new),
        changed_entries=_other_kinds(entries.changed),
        assets=tuple(sorted({*episodes.assets, *sidecars.writes})),
        doubts=episodes.uncertain(),
        matched=tuple(queue.matched),
        pending=tuple(queue.held),
        writes=writes,
        dry_run=dry_run,
        lessons=lessons,
    )


def _sidecars(reads: Sequence[Read], state: RootState, chosen: str, episodes: Episodes, queue: Queue) -> Sidecars:
    """The transcripts and chapters of an import, with the chapters that its notes list."""
    ids = sorted(episodes.fronts)
    if chosen and chosen not in episodes.fronts and any(read.files for read in reads):
        remedy = suggestion(chosen, ids, "write the id of an existing one")
        raise UsageError(f'there is no episode "{chosen}"; {id_suggestion(chosen, ids, remedy)}')
    sidecars = Sidecars(state.present, dict(state.records.files))
    place_files(reads, chosen, [episodes.known_one(id) for id in ids], sidecars, queue)
    for id in sorted(episodes.seen & episodes.notes.keys(), key=episodes.path):
        make_chapters(episodes.path(id), state.notes.get(id), episodes.notes[id], sidecars)
    return sidecars


def _other_kinds(names: Sequence[str]) -> tuple[str, ...]:
    return tuple(name for name in names if not name.startswith(f"{SERIES} "))


def _record_write(path: str, before: Any, after: Any) -> Iterator[Write]:
    if before != after:
        yield Write(path, None, dump_record(after) if after else None)


def _missing(episodes: Episodes) -> dict[str, tuple[int, ...]]:
    """Numbers lacking between the lowest and the highest of each series of the sources; none where seasons restart."""
    numbers: dict[str, set[int]] = defaultdict(set)
    restarting = set()
    for id, series in episodes.places.items():
        key = parse_id(series, id)
        if key and key.number is not None:
            numbers[series].add(key.number)
            restarting |= {series} if key.season is not None else set()
    touched = {episodes.places[id] for id in episodes.seen if id in episodes.places} - restarting
    return {name: found for name in sorted(touched) if numbers[name] and (found := gaps(numbers[name]))}


def _absent(reads: Sequence[Read], episodes: Episodes) -> tuple[str, ...]:
    """Episodes of earlier imports that the feeds no longer have."""
    series = {draft.series for read in reads if read.format == LISTING for draft in read.drafts}
    bases = episodes.state.records.bases
    return tuple(
        id
        for id in sorted(episodes.state.notes)
        if episodes.places[id] in series
        and id not in episodes.seen
        and id in bases
        and any(field.format == LISTING for field in bases[id].fields.values())
    )


def _absence(reads: Sequence[Read], ids: Sequence[str]) -> Problem:
    """The warning about episodes that disappeared from a feed."""
    name = ", ".join(read.name for read in reads if read.format == LISTING)
    shown = ", ".join(ids[:SHOWN]) + (f" and {len(ids) - SHOWN} more" if len(ids) > SHOWN else "")
    message = f"{len(ids)} gone: the feed no longer has {shown}"
    remedy = "nothing is deleted; remove their files if you want them to go"
    return Problem(name, Span(), message, remedy, Severity.WARNING)
