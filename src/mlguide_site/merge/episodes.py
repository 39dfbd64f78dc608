"""The episodes of a root while an import merges drafts into them, and what is read of the root for that."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from os.path import splitext
from pathlib import Path, PurePosixPath
from typing import Any, NamedTuple

from mlguide_site.content.files import decode, read_bytes
from mlguide_site.errors import ContentError, Problem, Span
from mlguide_site.importers import Draft
from mlguide_site.importers.formats import IMPORTERS
from mlguide_site.merge.entries import PATHS
from mlguide_site.merge.matching import Known, assign, known_episode, new_key
from mlguide_site.merge.merging import Conflict, create_note, merge_draft, read_note
from mlguide_site.merge.note_links import Guide, Place, resolve_links
from mlguide_site.merge.pending import KINDS, load_pending
from mlguide_site.merge.reading import Read
from mlguide_site.merge.records import (
    FILL,
    FOLDER,
    Records,
    digest,
    dump_record,
    files_at,
    is_unfilled,
    read_records,
)
from mlguide_site.merge.review import uncertain_places
from mlguide_site.merge.sources import Loaded

_ASSET = re.compile(r"asset:([A-Za-z0-9._-]{1,200})")
RANKS: Mapping[str, int] = {name: rank for rank, name in enumerate([*(one.name for one in IMPORTERS), FILL])}
"""The formats, the most trusted first."""


class Write(NamedTuple):
    """A file to write: its path relative to the root, its bytes before (None: it is new, or not for people) and after
    (None: it goes)."""

    path: str
    before: bytes | None
    after: bytes | None


@dataclass(frozen=True, slots=True)
class RootState:
    """What an import reads of a root: texts of note files by id, with the series of each; texts of knowledge files by
    path; the records of imports; hashes of transcripts and chapters (`present`) and of assets, by path; and what is
    pending."""

    notes: Mapping[str, str]
    places: Mapping[str, str]
    knowledge: Mapping[str, str]
    records: Records
    present: Mapping[str, str]
    assets: Mapping[str, str]
    pending: Mapping[str, Loaded]


def note_path(series: str, id: str) -> str:
    """The path of an episode's file, relative to the root."""
    return f"episodes/{series}/{id}.md"


def read_state(root: Path) -> RootState:
    """What a root holds of what an import touches, but for assets. Raises ContentError where a file of it can't be
    read."""
    notes: dict[str, str] = {}
    places: dict[str, str] = {}
    problems: list[Problem] = []
    for path in files_at(root, "episodes/*/*.md"):
        relative, id = path.relative_to(root).as_posix(), path.stem
        try:
            if id in places:
                message = f"{note_path(places[id], id)} is the same episode"
                raise ContentError([Problem(relative, Span(), message, "rename or remove one of the two")])
            notes[id] = _text(root, relative)
            places[id] = path.parent.name
        except ContentError as error:
            problems.extend(error.problems)
    records = read_records(root)
    if problems:
        raise ContentError(problems)
    sidecars = [path for suffix in KINDS for path in files_at(root, f"episodes/*/*{suffix}")]
    return RootState(
        notes=notes,
        places=places,
        knowledge={path: _text(root, path) for path in PATHS.values() if (root / path).exists()},
        records=records,
        present=_hashes(root, sidecars),
        assets={},
        pending=load_pending(root),
    )


def with_assets(state: RootState, root: Path, names: Iterable[str]) -> RootState:
    """The state with the hashes of files in episodes' folders whose names begin with those of assets to import."""
    stems = tuple(sorted({PurePosixPath(name).stem for name in names}))
    folders = [path for path in sorted((root / "episodes").glob("*/*/")) if stems and not path.is_symlink()]
    found = (path for one in folders for path in sorted(one.iterdir()) if path.name.startswith(stems))
    return replace(state, assets=_hashes(root, found))


def _hashes(root: Path, paths: Iterable[Path]) -> dict[str, str]:
    plain = (path for path in paths if path.is_file() and not path.is_symlink())
    return {path.relative_to(root).as_posix(): digest(read_bytes(path)) for path in plain}


def _text(root: Path, path: str) -> str:
    """The text of a file with its byte order mark, so that it can be written back byte for byte."""
    data = read_bytes(root / path)
    return "\ufeff" * data.startswith(b"\xef\xbb\xbf") + decode(data, path)


class Episodes:
    """The root's episodes while drafts are merged in, and what there is to report."""

    def __init__(self, state: RootState, guide: Guide | None = None) -> None:
        self.state, self.guide = state, guide
        self.assigned: list[tuple[Draft, str, str]] = []
        self.problems: set[Problem] = set()
        self.notes, self.places = dict(state.notes), dict(state.places)
        # a new note that was removed again was never imported
        self.bases = {id: base for id, base in state.records.bases.items() if id in state.notes or base.keys}
        self.fronts: dict[str, Mapping[str, Any]] = {}
        problems: list[Problem] = []
        for id, text in state.notes.items():
            try:
                self.fronts[id] = read_note(text, self.path(id))[0]
            except ContentError as error:
                problems.extend(error.problems)
        if problems:
            raise ContentError(problems)
        self.kept: dict[str, set[str]] = defaultdict(set)
        self.gone: set[str] = set()
        self.seen: set[str] = set()
        self.promotion: Counter[tuple[str, str]] = Counter()
        self.conflicts: set[Conflict] = set()
        self.assets: dict[str, bytes] = {}
        self.present = dict(state.assets)

    def path(self, id: str) -> str:
        return note_path(self.places[id], id)

    def body(self, id: str) -> str:
        return read_note(self.notes[id], self.path(id))[1]

    def known(self) -> list[Known]:
        """Every episode of the root, and those that imports wrote and a person deleted."""
        found = [self.known_one(id) for id in sorted(self.fronts)]
        deleted = sorted(set(self.bases) - set(self.notes))
        return found + [known_episode(id, self.bases[id].series, {}, self.bases[id].keys) for id in deleted]

    def known_one(self, id: str) -> Known:
        base, front = self.bases.get(id), self.fronts[id]
        series, keys = self.places[id], base.keys if base else ()
        if base and is_unfilled(base, front):
            keys = (*keys, new_key(series, str(front.get("title") or "")))
        return known_episode(id, series, front, keys)

    def assign(self, reads: Iterable[Read]) -> None:
        """Find the episode of each draft and merge it in."""
        for read in reads:
            for draft, id in assign(read.drafts, self.known()):
                self.seen.add(id)
                self.promotion.update((draft.series, pattern) for pattern in set(draft.left_out))
                if id not in self.notes and id in self.bases:
                    self.gone.add(id)
                    continue
                self.places.setdefault(id, draft.series)
                self.assigned.append((draft, id, read.name))
                if self.guide is not None:
                    draft, problems = resolve_links(draft, id, read.name, self.guide)
                    self.problems.update(problems)
                self.merge(draft, id, read.format)

    def make_guide(self) -> Guide:
        """Where links between notes can lead, once all drafts are in."""
        titles = {id: " ".join(str(front.get("title") or "").split()) for id, front in self.fronts.items()}
        places = {id: Place(self.places[id], titles[id], text) for id, text in self.notes.items()}
        return Guide(places, self.bases, self.assigned)

    def merge(self, draft: Draft, id: str, format: str) -> None:
        """Merge a draft into its episode, or create the episode."""
        self.seen.add(id)
        draft, written = self._place_assets(draft, id)
        if id not in self.notes:
            merged = create_note(draft, id, format)
        else:
            merged = merge_draft(draft, id, self.path(id), self.notes[id], self.bases.get(id), format, RANKS)
        self.notes[id], self.bases[id] = merged.text, replace(merged.base, assets=written)
        self.fronts[id] = read_note(merged.text, self.path(id))[0]
        if merged.kept:
            self.kept[id].update(merged.kept)
        self.conflicts.update(merged.conflicts)

    def _place_assets(self, draft: Draft, id: str) -> tuple[Draft, dict[str, str]]:
        """A draft whose body names its files by address, and the hashes of what imports wrote beside the episode.

        A file that an import wrote and nobody changed follows its source; one that a person changed or removed stays
        so; one that is something else keeps its name, and the new one gets another.
        """
        base = self.bases.get(id)
        written = dict(base.assets) if base else {}
        names: dict[str, str] = {}
        for asset in draft.assets:
            own = digest(asset.data)
            stem, suffix = splitext(asset.path)
            for name in (asset.path, f"{stem}-{own}{suffix}"):
                path = f"episodes/{self.places[id]}/{id}/{name}"
                now, then = self.present.get(path), written.get(name)
                if then is None and now is not None and now != own:
                    continue
                names[asset.path] = name
                if then is None or now in (own, then):
                    written[name] = own
                if now != own and written[name] == own:
                    self.assets[path], self.present[path] = asset.data, own
                break
        if names:
            body = _ASSET.sub(lambda use: f"{id}/{names[use[1]]}" if use[1] in names else use[0], draft.body)
            draft = replace(draft, body=body)
        return draft, written

    @property
    def cut(self) -> tuple[str, ...]:
        """The episodes of the sources whose notes are incomplete."""
        return tuple(id for id in sorted(self.seen & set(self.fronts)) if self.fronts[id].get("truncated") == "true")

    def uncertain(self) -> dict[str, int]:
        """How many places of the sources' episodes have an uncertain structure, by id."""
        ids = sorted(self.seen & self.notes.keys() & self.bases.keys())
        counts = {id: len(uncertain_places(self.body(id), self.bases[id].body)) for id in ids}
        return {id: count for id, count in counts.items() if count}

    def outcome(self) -> tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]]:
        """Ids that are new, changed and unchanged, of the sources' episodes."""
        before = self.state.notes
        new = sorted(id for id in self.seen if id not in before and id in self.notes)
        old = sorted(id for id in self.seen if id in before)
        changed = [id for id in old if self.notes[id] != before[id]]
        return tuple(new), tuple(changed), tuple(id for id in old if self.notes[id] == before[id])

    def writes(self) -> Iterator[Write]:
        for path in sorted(self.assets):
            yield Write(path, None, self.assets[path])
        for id in sorted(self.notes):
            before = self.state.notes.get(id)
            if before != self.notes[id]:
                yield Write(self.path(id), None if before is None else before.encode(), self.notes[id].encode())
            if id in self.bases and self.bases[id] != self.state.records.bases.get(id):
                yield Write(f"{FOLDER}/{id}.json", None, dump_record(self.bases[id]))


def merge_all(reads: Sequence[Read], state: RootState) -> Episodes:
    """The episodes of a root with all drafts merged in that name theirs."""
    episodes = Episodes(state)
    episodes.assign(reads)
    if any(draft.leads for read in reads for draft in read.drafts):
        # where links between notes lead is known only now
        guide = episodes.make_guide()
        episodes = Episodes(state, guide)
        episodes.assign(reads)
    return episodes
