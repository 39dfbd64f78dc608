"""What an import will write, from what the sources say and what the root holds. Pure: values in, values out."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from itertools import starmap
from typing import Any

from mlguide_site.content.codec import read_yaml
from mlguide_site.merge.absent import FORMAT as LISTING
from mlguide_site.merge.absent import absence_problem, absent_episodes
from mlguide_site.merge.entries import PATHS, EntryChange, add_entries
from mlguide_site.merge.entry_record import PATH as ENTRIES_PATH
from mlguide_site.merge.entry_record import dump_entries
from mlguide_site.merge.named import FIELDS, settle_names
from mlguide_site.merge.pending import FOLDER as WAITING
from mlguide_site.merge.pending import Pending
from mlguide_site.merge.report import ImportReport, Kept, Promotion, Write
from mlguide_site.merge.series import PATH as SERIES_PATH
from mlguide_site.merge.series import add_series, join_drafts
from mlguide_site.merge.state import Read, RootState
from mlguide_site.merge.waiting import Waited, take_waiting
from mlguide_site.merge.work import Work
from mlguide_site.merge.written import PATH as WRITTEN_PATH
from mlguide_site.merge.written import dump_written
from mlguide_site.model.slugs import gaps, parse_id


def make_plan(reads: Sequence[Read], state: RootState, ranks: Mapping[str, int], dry_run: bool = False) -> ImportReport:
    """The report of an import with every write it takes. `reads` come in the order of their rank.

    Raises ContentError where a file of the root stands in the way; then nothing is to be written.
    """
    entries = _entries(reads, state)
    tables = {field: _table(PATHS[kind], entries, state) for field, kind in FIELDS.items()}
    named = [
        read._replace(drafts=settle_names([d for d in read.drafts if d.loose is None], read.entries, tables))
        for read in reads
    ]
    work = Work(state, ranks)
    work.take(named)
    if any(draft.leads for read in named for draft in read.drafts):
        # which episode each note is had to be known first
        work = Work(state, ranks, work.guide())
        work.take(named)
    text = (state.series_text or "").removeprefix("\ufeff")
    series = add_series(text, join_drafts(draft for read in reads for draft in read.series), state.written)
    before = state.series_text.encode() if state.series_text is not None else None
    mark = "\ufeff" if (state.series_text or "").startswith("\ufeff") else ""
    files = [(SERIES_PATH, before, (mark + series.text).encode())] if series.text != text else []
    if series.written != state.written:
        old = dump_written(state.written) if state.written else None
        files.append((WRITTEN_PATH, old, dump_written(series.written)))
    files += _entry_files(entries, state)
    loose = [(read.name, [draft for draft in read.drafts if draft.loose is not None]) for read in reads]
    waited = take_waiting(loose, state.pending, work, read_yaml(series.text, SERIES_PATH).value)
    work.promotion.update(waited.promotion)
    new, changed, unchanged = work.outcome()
    feeds = [read for read in reads if read.format == LISTING]
    listed = (draft for read in feeds for draft in read.drafts)
    absent = absent_episodes(listed, work.seen, state.places, work.fronts_before, state.bases)
    return ImportReport(
        formats=tuple((read.name, read.format) for read in reads),
        new=new,
        changed=changed,
        unchanged=unchanged,
        kept=(*_named(work.kept), *starmap(Kept, entries.kept)),
        filled=(*_named(work.filled), *starmap(Kept, entries.filled)),
        gone=tuple(sorted(work.gone)),
        new_series=series.new,
        cut=tuple(sorted(work.cut & work.seen)),
        missing=_missing(work),
        promotion=tuple(Promotion(*key, count) for key, count in sorted(work.promotion.items())),
        conflicts=tuple(sorted(work.conflicts)),
        problems=tuple(
            sorted(
                {problem for read in reads for problem in read.problems}
                | {*series.problems, *entries.problems, *waited.problems, *work.problems}
                | {*absence_problem(", ".join(read.name for read in feeds), absent)}
            )
        ),
        writes=(*(Write(*file) for file in files), *work.writes(), *_waiting_files(waited, state.pending)),
        dry_run=dry_run,
        new_entries=entries.new,
        changed_entries=entries.changed,
        assets=tuple(sorted(work.assets)),
        doubts=work.doubts(),
        matched=waited.matched,
        waiting=waited.waiting,
        absent=absent,
    )


def _named(found: Mapping[str, set[str]]) -> Iterable[Kept]:
    return (Kept(id, tuple(sorted(names))) for id, names in sorted(found.items()))


def _waiting_files(waited: Waited, pending: Pending) -> list[Write]:
    """What changes among the texts that wait. It comes after the episodes that took some: a crash loses none."""
    before = {f"{WAITING}/{name}.yml": file.text.encode() for name, file in pending.runs.items()}
    return [Write(path, before.get(path), data) for path, data in sorted(waited.files.items())]


def _entries(reads: Sequence[Read], state: RootState) -> EntryChange:
    texts = {path: text.removeprefix("\ufeff") for path, text in state.knowledge.items()}
    return add_entries(texts, [(read.name, read.entries) for read in reads], state.written_entries)


def _table(path: str, change: EntryChange, state: RootState) -> Mapping[str, Any]:
    """The entries of a knowledge file as it will be."""
    if path not in state.knowledge and path not in change.texts:
        return {}
    found: Mapping[str, Any] = read_yaml(
        change.texts.get(path, state.knowledge.get(path, "").removeprefix("\ufeff")), path
    ).value
    return found


def _entry_files(change: EntryChange, state: RootState) -> list[tuple[str, bytes | None, bytes]]:
    """Path, bytes before and after of each knowledge file that changes, and of the record behind them."""
    files: list[tuple[str, bytes | None, bytes]] = []
    for path in PATHS.values():
        if path in change.texts:
            before = state.knowledge.get(path)
            mark = "\ufeff" if (before or "").startswith("\ufeff") else ""
            files.append((path, None if before is None else before.encode(), (mark + change.texts[path]).encode()))
    if change.written != state.written_entries:
        old = dump_entries(state.written_entries) if state.written_entries else None
        files.append((ENTRIES_PATH, old, dump_entries(change.written)))
    return files


def _missing(work: Work) -> dict[str, tuple[int, ...]]:
    """Numbers lacking between the lowest and the highest of each series spoken of; none where seasons restart."""
    numbers: dict[str, set[int]] = defaultdict(set)
    restarting = set()
    for id in work.notes:
        key = parse_id(work.places[id], id)
        if key and key.number is not None:
            numbers[work.places[id]].add(key.number)
            if key.season is not None:
                restarting.add(work.places[id])
    touched = {work.places[id] for id in work.seen if id in work.places} - restarting
    found = {name: gaps(own) for name in sorted(touched) if (own := numbers.get(name))}
    return {name: lacking for name, lacking in found.items() if lacking}
