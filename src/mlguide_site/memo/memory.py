"""The notes of a root as one build takes them from the last and leaves them to the next."""

import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from mlguide_site.codec import decode
from mlguide_site.errors import ResourceError
from mlguide_site.markup.document import Document
from mlguide_site.markup.parse import parse
from mlguide_site.memo import notes
from mlguide_site.memo.fork import processes, shared
from mlguide_site.memo.forms import write_blocks, write_outline
from mlguide_site.memo.names import NamesThen
from mlguide_site.memo.notes import Fetch, NoteRow, RememberedFile, scanned_key
from mlguide_site.memo.outlook import Outlook
from mlguide_site.memo.stamps import Stamp, is_settled, stamp_of
from mlguide_site.memo.store import Change, Store
from mlguide_site.memo.values import text_digest
from mlguide_site.model import EpisodeFile
from mlguide_site.names import NameTable
from mlguide_site.rebuild.marks import digest as bytes_digest
from mlguide_site.references import ReferenceTable
from mlguide_site.scan import Scan, scan, searched

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


class _Found(NamedTuple):
    """What is kept of a note that was looked through: its document's two parts and the text that was searched, ""
    where they are known; its scan; what others are told of both."""

    outline: str
    blocks: str
    searched: str
    outward: str
    found: str
    named: str
    mentions: str


class NoteMemory:
    """What is known of notes, and what this build learns of them; with `keeps` false, notes are read as they are and
    nothing is made ready to be kept."""

    def __init__(self, store: Store, keeps: bool = True) -> None:
        self._store = store
        self._keeps = keeps
        self._known = {row[0]: NoteRow._make((*row, "", "", "", "")) for row in store.rows(_GET)}
        self._scanned: dict[str, str] = dict(store.rows("select path, tables from scanned"))
        """with what the texts of notes were scanned"""
        self._names = NamesThen(store)
        self._stamps: dict[str, Stamp] = {}
        self._digests: dict[str, str] = {}
        self._fresh: dict[str, NoteRow] = {}
        """rows of notes that this build has read, whole"""
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
                    self._known[path] = row._replace(
                        size=stamp.size, time=stamp.time, number=stamp.number, settled=is_settled(stamp)
                    )
        return {path: self._file(self._known[path]) for path in paths}

    def adopt(self, file: EpisodeFile, data: Mapping[str, bytes]) -> EpisodeFile:
        """A file that this build has read, so that its pages are known by its bytes."""
        if not self._keeps or isinstance(file, RememberedFile):
            return file
        path, stamp = file.path, self._stamps[file.path]
        front, text = notes.write_front(file), decode(data[path], path)
        empty = ("", "", "")
        row = NoteRow(path, *stamp, is_settled(stamp), self._digests[path], front, *empty, "", text, *empty)
        self._fresh[path] = row
        return self._file(row)

    def read(
        self, files: Sequence[EpisodeFile], names: NameTable, references: ReferenceTable, jobs: int
    ) -> tuple[dict[str, Document], dict[str, Scan]]:
        """The documents and scans of notes by id: remembered ones, and those that had to be made, by up to `jobs`
        processes."""
        if not self._keeps:
            parsed = {file.id: parse(file.body, file.meta.title) for file in files}
            return parsed, {
                file.id: scan(parsed[file.id], names, references, frozenset(file.meta.topics)) for file in files
            }
        self._names.follow(names)
        documents: dict[str, Document] = {}
        scans: dict[str, Scan] = {}
        stale = []
        for file in files:
            row, fetch = self._row(file.path), self._fetch(file.path)
            if row.outline:
                documents[file.id] = notes.remembered_document(file, row.outline, row.digest, fetch)
            if row.outline and self._holds(file, names, references):
                scans[file.id] = notes.remembered_scan(row.found, row.named, fetch)
            else:
                stale.append(file)
        alone = processes(len(stale), jobs) == 1

        def look_through(file: EpisodeFile) -> _Found:
            known = documents.get(file.id)
            document = known or parse(file.body, file.meta.title)
            found = scan(document, names, references, frozenset(file.meta.topics))
            parts = ("", "", "") if known else (write_outline(document), write_blocks(document), searched(document))
            if not known and alone:
                # whoever makes the page has the tree at hand
                row, fetch = self._row(file.path), self._fetch(file.path)
                documents[file.id] = notes.remembered_document(file, "", row.digest, fetch, document)
            light, named, mentions = notes.write_scan(found)
            return _Found(*parts, notes.outward_digest(file, document, found), light, named, mentions)

        for file, made in zip(stale, shared(look_through, stale, jobs), strict=True):
            self._learn(file.path, _Found(*made))
            self._holding[file.path] = scanned_key(names.fingerprint, references.fingerprint, file.meta.topics)
            row, fetch = self._row(file.path), self._fetch(file.path)
            if file.id not in documents:
                documents[file.id] = notes.remembered_document(file, row.outline, row.digest, fetch)
            scans[file.id] = notes.remembered_scan(row.found, row.named, fetch)
        return documents, scans

    def _holds(self, file: EpisodeFile, names: NameTable, references: ReferenceTable) -> bool:
        """Whether what was found in a text is what would be found in it now."""
        key = scanned_key(names.fingerprint, references.fingerprint, file.meta.topics)
        before = self._scanned.get(file.path)
        if before == key:
            return True
        then = scanned_key(self._names.fingerprint, references.fingerprint, file.meta.topics)
        if before != then or self._names.touch(self._fetch(file.path)):
            return False
        self._holding[file.path] = key
        return True

    def _learn(self, path: str, made: _Found) -> None:
        row = self._row(path)._replace(found=made.found, named=made.named, outward=made.outward, mentions=made.mentions)
        if made.outline:
            row = row._replace(outline=made.outline, blocks=made.blocks, searched=made.searched)
        if path in self._fresh:
            self._fresh[path] = row
        else:
            self._known[path] = row
            self._rescanned.add(path)

    def outlook(self, files: Iterable[EpisodeFile], read: Mapping[str, bytes], more: object) -> Outlook | None:
        """What pages and published files are made from, these notes having been read; None where nothing is kept.
        `read` are the files that this build has read, `more` has a telling form (`repr`) and says the rest."""
        if not self._keeps:
            return None
        rows = [(file.id, self._row(file.path)) for file in files]
        others = [(path, bytes_digest(data)) for path, data in sorted(read.items()) if path not in self._stamps]
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

        def fetch(part: str) -> str:
            row = self._row(path)
            if said := getattr(row, part):
                return str(said)
            rows = self._store.rows(_PARTS[part], path)
            if not rows or rows[0][1] != row.digest:
                raise ResourceError(f"{path}: what was remembered of it is gone meanwhile; build again")
            return str(rows[0][0])

        return fetch

    def changes(self) -> Iterator[Change]:
        """What the store is to be told, once the catalog was looked through."""
        gone = [(path,) for path in sorted(self._known.keys() - self._stamps.keys())]
        yield "delete from note where path = ?", gone
        yield "delete from scanned where path = ?", gone
        yield _PUT, [row for _, row in sorted(self._fresh.items()) if row.outline]
        stamped = [self._known[path] for path in sorted(self._restamped - self._fresh.keys())]
        yield (
            "update note set size = ?, time = ?, number = ?, settled = ? where path = ?",
            [(row.size, row.time, row.number, row.settled, row.path) for row in stamped],
        )
        scanned = [self._known[path] for path in sorted(self._rescanned)]
        yield (
            "update note set found = ?, named = ?, outward = ?, mentions = ? where path = ?",
            [(row.found, row.named, row.outward, row.mentions, row.path) for row in scanned],
        )
        yield _SCANNED, sorted(self._holding.items())
        yield from self._names.changes()
