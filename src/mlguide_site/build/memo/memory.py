"""The notes of a root as one build takes them from the last and leaves them to the next."""

import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from mkdocs_incremental.signatures import digest as bytes_digest
from mkdocs_incremental.workers import SpillFiles
from mlguide_site.build.memo import notes
from mlguide_site.build.memo.aside import Aside, Told
from mlguide_site.build.memo.fork import in_shares, processes
from mlguide_site.build.memo.forms import write_blocks, write_outline
from mlguide_site.build.memo.names import NamesThen
from mlguide_site.build.memo.notes import Fetch, NoteRow, RememberedFile, scanned_key
from mlguide_site.build.memo.outlook import Outlook
from mlguide_site.build.memo.stamps import Stamp, is_settled, stamp_of
from mlguide_site.build.memo.store import Change, Store
from mlguide_site.build.memo.values import text_digest
from mlguide_site.content.files import decode, resource_error
from mlguide_site.errors import ResourceError
from mlguide_site.linking.names import NameTable
from mlguide_site.linking.references import ReferenceTable
from mlguide_site.linking.scan import Scan, listed, scan, searched
from mlguide_site.markdown.document import Document
from mlguide_site.markdown.parse import parse
from mlguide_site.model import EpisodeFile

_FIELDS = NoteRow._fields
_PUT = f"insert or replace into note ({', '.join(_FIELDS)}) values ({', '.join('?' * len(_FIELDS))})"  # noqa: S608
_GET = f"select {', '.join(notes.LIGHT)} from note"  # noqa: S608
_SCANNED = "insert or replace into scanned values (?, ?)"
_PARTS = {
    "text": "select text, digest from note where path = ?",
    "blocks": "select blocks, digest from note where path = ?",
    "mentions": "select mentions, digest from note where path = ?",
    "searched": "select searched, digest from note where path = ?",
}


FEW_TEXTS = 4
"""With no more texts to look through than these, not all of the table of names is worked out."""
HELD_TREES = 256
"""Where no more notes than these are read, whoever makes their pages has their trees at hand."""


class _Found(NamedTuple):
    """What is kept of a note that was looked through: a digest of all of its scan, one of what others are told of it,
    and, put aside, the parts of its document and of its scan."""

    named: str
    outward: str
    parts: Mapping[str, Told]


class NoteMemory:
    """What is known of notes, and what this build learns of them; with `keeps` false, notes are read as they are and
    nothing is made ready to be kept."""

    def __init__(self, store: Store, keeps: bool = True, spool: SpillFiles | None = None) -> None:
        """Where many notes are read, what is seldom asked for goes by the `spool`, which must stay open meanwhile."""
        self._store = store
        self._keeps = keeps
        self._aside = Aside(spool)
        self._known = {row[0]: NoteRow._make((*row, "", "", "", "")) for row in store.rows(_GET)}
        self._scanned: dict[str, str] = dict(store.rows("select path, tables from scanned"))
        """with what the texts of notes were scanned"""
        self._names = NamesThen(store)
        self._stamps: dict[str, Stamp] = {}
        self._digests: dict[str, str] = {}
        self._fresh: dict[str, NoteRow] = {}
        """rows of notes that this build has read, without what is among their parts"""
        self._parts: dict[str, dict[str, Told]] = {}
        """parts of rows that this build has made"""
        self._restamped: set[str] = set()
        self._rescanned: set[str] = set()
        self._holding: dict[str, str] = {}
        """as `_scanned`, of notes of which this build has found that out"""

    def is_known(self, path: str, info: os.stat_result) -> bool:
        """Whether the bytes of a note are those of its row, by its stamp."""
        self._stamps[path] = stamp = stamp_of(info)
        row = self._known.get(path)
        return row is not None and bool(row.settled) and row.stamp == stamp

    def kept(self, unread: Iterable[str], read: Mapping[str, bytes]) -> Mapping[str, EpisodeFile]:
        """The files of notes that were not read, and of those read whose bytes are known after all."""
        paths = list(unread)
        for path, data in read.items():
            if path in self._stamps:
                stamp = self._stamps[path]
                self._digests[path] = digest = bytes_digest(data)
                row = self._known.get(path)
                if row is not None and row.digest == digest:
                    paths.append(path)
                    self._restamped.add(path)
                    self._known[path] = row._replace(**stamp._asdict(), settled=is_settled(stamp))
        return {path: self._file(self._known[path]) for path in paths}

    def adopt(self, file: EpisodeFile, data: Mapping[str, bytes]) -> EpisodeFile:
        """A file that this build has read, so that its pages are known by its bytes."""
        if not self._keeps or isinstance(file, RememberedFile):
            return file
        path, stamp = file.path, self._stamps[file.path]
        front, text = notes.write_front(file), decode(data[path], path)
        row = NoteRow(path, *stamp, is_settled(stamp), self._digests[path], front, *[""] * 8)
        self._fresh[path] = row
        self._parts[path] = {"text": self._put(text)}
        return self._file(row)

    def _put(self, text: str, number: int = 0) -> Told:
        try:
            return self._aside.put(text, number)
        except OSError as error:
            raise resource_error(error.filename or self._store.path.parent, error) from None

    def read(
        self, files: Sequence[EpisodeFile], names: NameTable, references: ReferenceTable, jobs: int
    ) -> tuple[dict[str, Document], dict[str, Scan]]:
        """The documents and scans of notes by id: remembered ones, and those that had to be made, by up to `jobs`
        processes."""
        if not self._keeps:
            parsed = {file.id: parse(file.body, file.meta.title) for file in files}
            return parsed, {file.id: scan(parsed[file.id], names, references, listed(file.meta)) for file in files}
        self._names.follow(names)
        documents: dict[str, Document] = {}
        scans: dict[str, Scan] = {}
        stale = []
        for file in files:
            row, fetch = self._row(file.path), self._fetch(file.path)
            if row.outline:
                documents[file.id] = notes.remembered_document(file, row.outline, row.digest, fetch)
                # what was read from a row is told by records from now on
                self._known[file.path] = row._replace(outline="", found="")
            if row.outline and self._holds(file, names, references):
                scans[file.id] = notes.remembered_scan(row.found, row.named, fetch)
            else:
                stale.append(file)
        count = processes(len(stale), jobs)
        if count > 1:
            self._aside.open(count)
        holds_trees = count == 1 and len(stale) <= HELD_TREES
        few = len(stale) <= FEW_TEXTS

        def look_through(number: int, file: EpisodeFile) -> _Found:
            known = documents.get(file.id)
            document = known or parse(file.body, file.meta.title)
            as_searched = searched(document) if few or not known else ""
            table = self._names.table(as_searched) if few else names
            found = scan(document, table, references, listed(file.meta))
            if not known and holds_trees:
                row, fetch = self._row(file.path), self._fetch(file.path)
                documents[file.id] = notes.remembered_document(file, "", row.digest, fetch, document)
            light, named, mentions = notes.write_scan(found)
            parts = {"found": light, "mentions": mentions}
            if not known:
                parts |= {
                    "outline": write_outline(document),
                    "blocks": write_blocks(document),
                    "searched": as_searched,
                }
            aside = {part: self._put(text, number) for part, text in parts.items()}
            return _Found(named, notes.outward_digest(file, document, found), aside)

        def look_through_all(number: int, share: Sequence[EpisodeFile]) -> list[_Found]:
            return [look_through(number, file) for file in share]

        for share, made in in_shares(look_through_all, stale, jobs):
            for file, found in zip(share, made, strict=True):
                row, fetch = self._learn(file.path, _Found(*found)), self._fetch(file.path)
                self._holding[file.path] = scanned_key(names.fingerprint, references.fingerprint, listed(file.meta))
                if file.id not in documents:
                    documents[file.id] = notes.remembered_document(file, fetch("outline"), row.digest, fetch)
                scans[file.id] = notes.remembered_scan(fetch("found"), row.named, fetch)
        return documents, scans

    def _holds(self, file: EpisodeFile, names: NameTable, references: ReferenceTable) -> bool:
        """Whether what was found in a text is what would be found in it now."""
        key = scanned_key(names.fingerprint, references.fingerprint, listed(file.meta))
        before = self._scanned.get(file.path)
        if before == key:
            return True
        then = scanned_key(self._names.fingerprint, references.fingerprint, listed(file.meta))
        if before != then or self._names.touch(self._fetch(file.path)):
            return False
        self._holding[file.path] = key
        return True

    def _learn(self, path: str, made: _Found) -> NoteRow:
        row = self._row(path)._replace(named=made.named, outward=made.outward)
        self._parts.setdefault(path, {}).update(made.parts)
        if path in self._fresh:
            self._fresh[path] = row
        else:
            self._known[path] = row
            self._rescanned.add(path)
        return row

    def others(self, read: Mapping[str, bytes]) -> list[tuple[str, str]]:
        """Of the files that this build has read those that aren't notes, each with a digest."""
        return [(path, bytes_digest(data)) for path, data in sorted(read.items()) if path not in self._stamps]

    def outlook(self, files: Iterable[EpisodeFile], others: Sequence[tuple[str, str]], more: object) -> Outlook | None:
        """What pages and published files are made from, these notes having been read; None where nothing is kept.
        `others` tells the other files, `more` has a telling form (`repr`) and says the rest."""
        if not self._keeps:
            return None
        rows = [(file.id, self._row(file.path)) for file in files]
        told = [(row.path, row.front, row.outward) for _, row in rows]
        return Outlook(text_digest(repr((others, more, told))), {id: row.digest for id, row in rows})

    def outward(self, files: Iterable[EpisodeFile]) -> dict[str, str]:
        """For each note a digest of what others are told of it (`notes.outward_digest`), by id."""
        return {file.id: self._row(file.path).outward for file in files}

    def _row(self, path: str) -> NoteRow:
        return self._fresh.get(path) or self._known[path]

    def _file(self, row: NoteRow) -> RememberedFile:
        return notes.remembered_file(row.path, row.front, row.digest, self._fetch(row.path))

    def _fetch(self, path: str) -> Fetch:
        """What gives the heavy parts of a note's row."""
        return _Fetch(self, path)

    def part(self, path: str, part: str) -> str:
        """A heavy part of a note's row. Raises ResourceError where it is gone."""
        told = self._parts.get(path, {}).get(part)
        if told is not None:
            return self._aside.get(told)
        rows = self._store.rows(_PARTS[part], path)
        if not rows or path not in self._known or rows[0][1] != self._known[path].digest:
            raise ResourceError(f"{path}: what was remembered of it is gone meanwhile; build again")
        return str(rows[0][0])

    def forget(self) -> None:
        """Let go of what was remembered and learnt, the store having been told: the heavy parts of notes that weren't
        asked for can't be had from now on."""
        for table in (self._known, self._scanned, self._stamps, self._digests, self._fresh, self._parts, self._holding):
            table.clear()

    def _said(self, path: str) -> dict[str, Any]:
        """The parts of a row that this build has made."""
        return {part: self._aside.get(told) for part, told in self._parts[path].items()}

    def changes(self) -> Iterator[Change]:
        """What the store is to be told, once the catalog was looked through."""
        gone = [(path,) for path in sorted(self._known.keys() - self._stamps.keys())]
        yield "delete from note where path = ?", gone
        yield "delete from scanned where path = ?", gone
        fresh = [path for path in sorted(self._fresh) if "outline" in self._parts[path]]
        yield _PUT, (self._fresh[path]._replace(**self._said(path)) for path in fresh)
        stamped = [self._known[path] for path in sorted(self._restamped - self._fresh.keys())]
        yield (
            "update note set size = ?, time = ?, changed = ?, number = ?, settled = ? where path = ?",
            [(*row.stamp, row.settled, row.path) for row in stamped],
        )
        scanned = (self._known[path]._replace(**self._said(path)) for path in sorted(self._rescanned))
        yield (
            "update note set found = ?, named = ?, outward = ?, mentions = ? where path = ?",
            ((row.found, row.named, row.outward, row.mentions, row.path) for row in scanned),
        )
        yield _SCANNED, sorted(self._holding.items())
        yield from self._names.changes()


class _Fetch:
    """Gives the heavy parts of one note; a class, for there are three for each of thousands of notes."""

    __slots__ = ("_memory", "_path")

    def __init__(self, memory: NoteMemory, path: str) -> None:
        self._memory, self._path = memory, path

    def __call__(self, part: str) -> str:
        return self._memory.part(self._path, part)
