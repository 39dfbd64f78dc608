"""What an import will write, from what the sources say and what the root holds. Pure: values in, values out."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import starmap
from types import MappingProxyType
from typing import Any, NamedTuple

from mlguide_site.codec import read_yaml
from mlguide_site.errors import ContentError, Problem
from mlguide_site.importers import Draft, EntryDraft, FileDraft, SeriesDraft
from mlguide_site.importing.absent import FORMAT as LISTING
from mlguide_site.importing.absent import absence_problem, absent_episodes
from mlguide_site.importing.assets import place_assets
from mlguide_site.importing.base import FILL, FOLDER, Base, data_hash, dump_base
from mlguide_site.importing.doubts import count_doubts
from mlguide_site.importing.entries import PATHS, EntryChange, add_entries
from mlguide_site.importing.entry_record import PATH as ENTRIES_PATH
from mlguide_site.importing.entry_record import Written as WrittenEntries
from mlguide_site.importing.entry_record import dump_entries
from mlguide_site.importing.match import Known, assign, known_episode
from mlguide_site.importing.merge import Conflict, create_note, merge_draft, read_note
from mlguide_site.importing.named import FIELDS, settle_names
from mlguide_site.importing.pending import FOLDER as WAITING
from mlguide_site.importing.pending import Pending
from mlguide_site.importing.report import ImportReport, Kept, Promotion, Write
from mlguide_site.importing.scaffolded import is_unfilled
from mlguide_site.importing.series import PATH as SERIES_PATH
from mlguide_site.importing.series import add_series, join_drafts
from mlguide_site.importing.waiting import Waited, take_waiting
from mlguide_site.importing.written import PATH as WRITTEN_PATH
from mlguide_site.importing.written import Written, dump_written
from mlguide_site.slugs import gaps, parse_id


class Read(NamedTuple):
    """One source as read: its name, its format, its drafts, and what is to be said about it."""

    name: str
    format: str
    drafts: tuple[Draft, ...]
    series: tuple[SeriesDraft, ...]
    problems: tuple[Problem, ...]
    entries: tuple[EntryDraft, ...] = ()
    files: tuple[FileDraft, ...] = ()


@dataclass(frozen=True, slots=True)
class RootState:
    """What the root holds of what an import touches: texts of episode files by id, with the series each lies under;
    records of earlier imports by id; the text of `knowledge/series.yml`; what imports have written there; the texts of
    the other knowledge files by path, and what imports have written in them; the hashes of files beside episodes, by
    path, of those whose names the sources' files have; and what waits for an episode."""

    notes: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    places: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    bases: Mapping[str, Base] = field(default_factory=lambda: MappingProxyType({}))
    series_text: str | None = None
    written: Mapping[str, Written] = field(default_factory=lambda: MappingProxyType({}))
    knowledge: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    written_entries: WrittenEntries = field(default_factory=lambda: MappingProxyType({}))
    assets: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    pending: Pending = field(default_factory=Pending)


def make_plan(reads: Sequence[Read], state: RootState, ranks: Mapping[str, int], dry_run: bool = False) -> ImportReport:
    """The report of an import with every write it takes. `reads` come in the order of their rank.

    Raises ContentError where a file of the root stands in the way; then nothing is to be written.
    """
    entries = _entries(reads, state)
    tables = {field: _table(PATHS[kind], entries, state) for field, kind in FIELDS.items()}
    work = _Work(state, ranks)
    for read in reads:
        named = tuple(draft for draft in read.drafts if draft.loose is None)
        work.take(read._replace(drafts=settle_names(named, read.entries, tables)))
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
                | {*series.problems, *entries.problems, *waited.problems}
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


class _Work:
    """The root's episodes while drafts are merged in, and what there is to report."""

    def __init__(self, state: RootState, ranks: Mapping[str, int]) -> None:
        self.state, self.ranks = state, {**ranks, FILL: len(ranks)}
        self.notes, self.places = dict(state.notes), dict(state.places)
        # a new note that was taken away again was never imported
        self.bases = {id: base for id, base in state.bases.items() if id in state.notes or not is_unfilled(base)}
        self.fronts: dict[str, Mapping[str, Any]] = {}
        problems: list[Problem] = []
        for id, text in state.notes.items():
            try:
                self.fronts[id] = read_note(text, self.path(id))[0]
            except ContentError as error:
                problems.extend(error.problems)
        if problems:
            raise ContentError(problems)
        self.fronts_before = dict(self.fronts)
        self.kept: dict[str, set[str]] = defaultdict(set)
        self.filled: dict[str, set[str]] = defaultdict(set)
        self.gone: set[str] = set()
        self.cut: set[str] = set()
        self.seen: set[str] = set()
        self.promotion: Counter[tuple[str, str]] = Counter()
        self.conflicts: set[Conflict] = set()
        self.assets: dict[str, bytes] = {}
        self.present = dict(state.assets)

    def path(self, id: str) -> str:
        return f"episodes/{self.places[id]}/{id}.md"

    def known(self) -> list[Known]:
        """Every episode of the root, and those that imports wrote and a person deleted."""
        episodes = [
            known_episode(id, self.places[id], front, self.bases[id].keys if id in self.bases else ())
            for id, front in sorted(self.fronts.items())
        ]
        deleted = sorted(set(self.bases) - set(self.notes))
        return episodes + [known_episode(id, self.bases[id].series, {}, self.bases[id].keys) for id in deleted]

    def take(self, read: Read) -> None:
        for draft, id in assign(read.drafts, self.known()):
            self.seen.add(id)
            for pattern in set(draft.left_out):
                self.promotion[draft.series, pattern] += 1
            if id not in self.notes and id in self.bases:
                self.gone.add(id)
                continue
            if id not in self.notes:
                self.places[id] = draft.series
            self.merge(draft, id, read.format)

    def merge(self, draft: Draft, id: str, format: str) -> None:
        """Merge a draft into its episode, or make the episode."""
        self.seen.add(id)
        placed = place_assets(draft, id, f"episodes/{self.places[id]}", self.present, self.bases.get(id))
        draft = placed.draft
        self.assets.update(placed.writes)
        self.present.update({path: data_hash(data) for path, data in placed.writes.items()})
        if id not in self.notes:
            merged = create_note(draft, id, format)
        else:
            merged = merge_draft(draft, id, self.path(id), self.notes[id], self.bases.get(id), format, self.ranks)
        self.notes[id], self.bases[id] = merged.text, replace(merged.base, assets=placed.written)
        self.fronts[id] = read_note(merged.text, self.path(id))[0]
        if merged.kept:
            self.kept[id].update(merged.kept)
        before = self.state.bases.get(id)
        if id in self.state.notes and merged.changed and (before is None or is_unfilled(before)):
            self.filled[id].update(merged.changed)
        self.conflicts.update(merged.conflicts)
        (self.cut.add if self.fronts[id].get("truncated") == "true" else self.cut.discard)(id)

    def doubts(self) -> dict[str, int]:
        """How many places of the episodes that the sources speak of are in doubt, by id."""
        counts = {
            id: count_doubts(read_note(self.notes[id], self.path(id))[1], self.bases[id].body)
            for id in sorted(self.seen & self.notes.keys() & self.bases.keys())
        }
        return {id: count for id, count in counts.items() if count}

    def outcome(self) -> tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]]:
        """Ids that are new, changed and unchanged, of those that the sources speak of."""
        new = sorted(id for id in self.seen if id not in self.state.notes and id in self.notes)
        old = sorted(id for id in self.seen if id in self.state.notes)
        changed = [id for id in old if self.notes[id] != self.state.notes[id]]
        return tuple(new), tuple(changed), tuple(id for id in old if self.notes[id] == self.state.notes[id])

    def writes(self) -> Iterable[Write]:
        """Files of episodes first; then note files, each followed by its record: a crash between loses nothing."""
        for path in sorted(self.assets):
            yield Write(path, None, self.assets[path])
        for id in sorted(self.notes):
            before = self.state.notes.get(id)
            if before != self.notes[id]:
                yield Write(self.path(id), None if before is None else before.encode(), self.notes[id].encode())
            old = dump_base(self.state.bases[id]) if id in self.state.bases else None
            if id in self.bases and (new := dump_base(self.bases[id])) != old:
                yield Write(f"{FOLDER}/{id}.json", old, new)


def _missing(work: _Work) -> dict[str, tuple[int, ...]]:
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
