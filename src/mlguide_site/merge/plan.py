"""What an import will write, from what the sources and the root contain. Values in, values out."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from mlguide_site.content.yaml_read import read_yaml
from mlguide_site.errors import Problem, Severity, Span, UsageError, suggestion
from mlguide_site.merge.entries import FIELDS, PATHS, SERIES_FILE, add_entries, add_series, join_drafts, resolve_slugs
from mlguide_site.merge.episodes import Episodes, RootState, Write, merge_all
from mlguide_site.merge.pending import FOLDER
from mlguide_site.merge.reading import Read, known_series
from mlguide_site.merge.records import (
    ENTRIES_PATH,
    FILES_PATH,
    PENDING_PATH,
    SERIES_PATH,
    data_hash,
    dump_record,
)
from mlguide_site.merge.report import ImportReport, Names, Promotion
from mlguide_site.merge.sidecars import (
    CHAPTERS,
    NoteChange,
    hold_files,
    incoming,
    make_chapters,
    matched_files,
    place_files,
)
from mlguide_site.merge.unmatched import match_pending
from mlguide_site.model.slugs import gaps, id_suggestion, parse_id

LISTING = "feed"
"""The format whose sources list every episode; of others a part may be imported as well as all."""
SHOWN = 10


def make_plan(
    reads: Sequence[Read], state: RootState, ranks: Mapping[str, int], chosen: str = "", dry_run: bool = False
) -> ImportReport:
    """The report of an import with all its writes. `reads` come in the order of their rank; `chosen` is the id of the
    episode that transcripts and chapters belong to.

    Raises ContentError where a file of the root prevents it, UsageError where there is no episode of the chosen id;
    then nothing is to be written.
    """
    texts = {path: text.removeprefix("\ufeff") for path, text in state.knowledge.items()}
    entries = add_entries(texts, [(read.name, read.entries) for read in reads], state.entries)
    tables = {
        name: read_yaml(entries.texts.get(PATHS[kind], texts.get(PATHS[kind], "")), PATHS[kind]).value
        for name, kind in FIELDS.items()
    }
    named = [
        read._replace(drafts=resolve_slugs([d for d in read.drafts if d.loose is None], read.entries, tables))
        for read in reads
    ]
    episodes = merge_all(named, state, ranks)
    series_drafts = join_drafts(draft for read in reads for draft in read.series)
    series = add_series(texts.get(SERIES_FILE, ""), series_drafts, state.series)
    all_series = read_yaml(series.text, SERIES_FILE).value
    unnamed = [(read.name, [draft for draft in read.drafts if draft.loose is not None]) for read in reads]
    matched = match_pending(unnamed, state.pending, episodes, all_series)
    new, changed, unchanged = episodes.outcome()

    files = incoming(
        # what comes with episodes of its own belongs to these
        ((read.name, draft, "" if read.drafts else chosen) for read in reads for draft in read.files),
        state.pending,
        {id: known_series(id, fields) for id, fields in all_series.items() if isinstance(fields, Mapping)},
    )
    known = [episodes.known_one(id) for id in sorted(episodes.fronts, key=episodes.path)]
    if files and chosen and chosen not in episodes.fronts:
        remedy = suggestion(chosen, sorted(episodes.fronts), "write the id of an existing one")
        raise UsageError(f'there is no episode "{chosen}"; {id_suggestion(chosen, sorted(episodes.fronts), remedy)}')
    placed = place_files(files, known, state.present, state.files)
    given = {id for at, id in placed.taken.items() if files[at].draft.suffix == CHAPTERS}
    notes = (
        NoteChange(episodes.path(id), state.notes.get(id), episodes.notes[id])
        for id in sorted(episodes.seen & episodes.notes.keys(), key=episodes.path)
    )
    made = make_chapters(notes, state.present, state.files, given)
    sidecars = {**placed.writes, **made}
    written = {**placed.written, **{path: data_hash(data) for path, data in made.items()}}
    pending_files, held, hints = hold_files(files, placed.taken, state.pending)

    absent = _absent(reads, episodes)
    problems = {problem for read in reads for problem in read.problems}
    problems |= {*series.problems, *entries.problems, *matched.problems, *placed.problems, *hints, *episodes.problems}
    problems |= {*_absence(reads, absent), *map(_made_problem, made)}
    changes = {SERIES_FILE: series.text, **entries.texts}
    writes = [
        *(_knowledge_write(state, path, text) for path, text in changes.items() if text != texts.get(path, "")),
        *_record_write(SERIES_PATH, state.series, series.written),
        *_record_write(ENTRIES_PATH, state.entries, entries.written),
        *episodes.writes(),
        *(Write(path, None, data) for path, data in sorted(sidecars.items())),
        *_record_write(FILES_PATH, state.files, dict(sorted(written.items()))),
        *_pending_writes(matched.files, pending_files, state),
    ]
    return ImportReport(
        formats=tuple((read.name, read.format) for read in reads),
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
        assets=tuple(sorted({*episodes.assets, *sidecars})),
        doubts=episodes.uncertain(),
        matched=(*matched.matched, *matched_files(files, placed.taken)),
        pending=(*matched.held, *held),
        writes=tuple(writes),
        dry_run=dry_run,
    )


def _names(found: Mapping[str, set[str]]) -> tuple[Names, ...]:
    return tuple(Names(id, tuple(sorted(names))) for id, names in sorted(found.items()))


def _knowledge_write(state: RootState, path: str, text: str) -> Write:
    before = state.knowledge.get(path)
    mark = "\ufeff" if (before or "").startswith("\ufeff") else ""
    return Write(path, None if before is None else before.encode(), (mark + text).encode())


def _record_write(path: str, before: Any, after: Any) -> list[Write]:
    old, new = (dump_record(value, path) if value else None for value in (before, after))
    return [Write(path, old, new)] if old != new else []


def _pending_writes(runs: Mapping[str, bytes | None], files: Sequence[Write], state: RootState) -> list[Write]:
    """What changes among pending drafts, and the record of their names."""
    before = {f"{FOLDER}/{name}.yml": file.text.encode() for name, file in state.pending.runs.items()}
    writes = [Write(path, before.get(path), data) for path, data in sorted(runs.items())] + list(files)
    names = {*state.pending.written, *state.pending.runs, *state.pending.files}
    for write in writes:
        name = write.path.removeprefix(f"{FOLDER}/").removesuffix(".yml")
        if write.path.endswith(".yml"):
            (names.discard if write.after is None else names.add)(name)
    if names != state.pending.written:
        writes += _record_write(PENDING_PATH, state.pending.written, frozenset(names))
    return [write for write in writes if write.before != write.after]


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
    return tuple(
        id
        for id, front in sorted(episodes.fronts_before.items())
        if episodes.places[id] in series
        and id not in episodes.seen
        and id in episodes.state.bases
        and any(field.format == LISTING for field in episodes.state.bases[id].fields.values())
        and ("" in urls or _source_url(front) in {"", *urls})
    )


def _source_url(fields: Mapping[str, Any]) -> str:
    source = fields.get("source")
    return str(source.get("url") or "") if isinstance(source, Mapping) else ""


def _absence(reads: Sequence[Read], ids: Sequence[str]) -> list[Problem]:
    """The warning about episodes that disappeared from a feed."""
    if not ids:
        return []
    name = ", ".join(read.name for read in reads if read.format == LISTING)
    shown = ", ".join(ids[:SHOWN]) + (f" and {len(ids) - SHOWN} more" if len(ids) > SHOWN else "")
    message = f"{len(ids)} gone: the feed no longer has {shown}"
    remedy = "nothing is deleted; remove their files if you want them to go"
    return [Problem(name, Span(), message, remedy, Severity.WARNING)]


def _made_problem(path: str) -> Problem:
    message = "these chapters are made from the times in the notes"
    return Problem(path, Span(), message, "nothing to do; a file of your own in its place stays", Severity.HINT)
