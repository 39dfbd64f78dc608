"""The episodes of a root while an import gives drafts to them. Texts in, texts out; never disk."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from mlguide_site.errors import ContentError, Problem
from mlguide_site.importers import Draft
from mlguide_site.merge.assets import place_assets
from mlguide_site.merge.base import FILL, FOLDER, data_hash, dump_base
from mlguide_site.merge.doubts import count_doubts
from mlguide_site.merge.match import Known, assign, known_episode
from mlguide_site.merge.merge import Conflict, create_note, merge_draft, read_note
from mlguide_site.merge.note_links import Guide, Place, lead_on, make_guide
from mlguide_site.merge.report import Write
from mlguide_site.merge.scaffolded import is_open, is_unfilled
from mlguide_site.merge.state import Read, RootState


class Work:
    """The root's episodes while drafts are merged in, and what there is to report."""

    def __init__(self, state: RootState, ranks: Mapping[str, int], links: Guide | None = None) -> None:
        self.state, self.ranks, self.links = state, {**ranks, FILL: len(ranks)}, links
        self.assigned: list[tuple[Draft, str, str]] = []
        self.problems: set[Problem] = set()
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
            replace(known_episode(id, self.places[id], front, base.keys if base else ()), is_open=is_open(base, front))
            for id, front in sorted(self.fronts.items())
            for base in (self.bases.get(id),)
        ]
        deleted = sorted(set(self.bases) - set(self.notes))
        return episodes + [known_episode(id, self.bases[id].series, {}, self.bases[id].keys) for id in deleted]

    def take(self, reads: Iterable[Read]) -> None:
        """Give each draft its episode, and merge it in."""
        for read in reads:
            for draft, id in assign(read.drafts, self.known()):
                self._take(draft, id, read)

    def _take(self, draft: Draft, id: str, read: Read) -> None:
        self.seen.add(id)
        for pattern in set(draft.left_out):
            self.promotion[draft.series, pattern] += 1
        if id not in self.notes and id in self.bases:
            self.gone.add(id)
            return
        if id not in self.notes:
            self.places[id] = draft.series
        self.assigned.append((draft, id, read.name))
        if self.links is not None:
            draft, problems = lead_on(draft, id, read.name, self.links)
            self.problems.update(problems)
        self.merge(draft, id, read.format)

    def guide(self) -> Guide:
        """Where links between notes can lead, once all drafts are in."""
        titles = {id: " ".join(str(front.get("title") or "").split()) for id, front in self.fronts.items()}
        places = {id: Place(self.places[id], titles[id], text) for id, text in self.notes.items()}
        return make_guide(places, self.bases, self.assigned)

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
