"""What an incremental build must do again: pages whose source or place changed, and pages that read what changed."""

import json
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from mkdocs.structure.files import File

from mkdocs_incremental.context import BuildContext, target_of
from mkdocs_incremental.pages import source_of
from mkdocs_incremental.records import PageRecord
from mkdocs_incremental.signatures import is_same
from mkdocs_incremental.tracking import ALL, ATTRIBUTES, NAVIGATION
from mkdocs_incremental.unchanged import is_later


@dataclass(frozen=True)
class Previous:
    """The last build: what the cache or the memory has of it, and the reason why nothing of it can be used."""

    reason: str = ""
    facts: Mapping[str, Any] = field(default_factory=dict)
    records: Mapping[str, PageRecord] = field(default_factory=dict)

    @property
    def outputs(self) -> set[str]:
        """The files that it made, by path in the site."""
        return outputs(self.records, self.facts) if self.facts else set()


def outputs(records: Mapping[str, PageRecord], facts: Mapping[str, Any]) -> set[str]:
    """The files that a build makes, plugins aside, by path in the site."""
    pages = {record.output for record in records.values() if not record.is_empty}
    return pages | set(facts["statics"]) | set(facts["templates"])


def moved_files(context: BuildContext, previous: Previous, targets: Mapping[str, str]) -> set[str]:
    """The paths of files, pages or not, that are new, gone or written to another place; `targets` are those of files
    that are no pages."""
    now = {file.src_uri: target_of(file) for file in context.pages} | dict(targets)
    before = {path: record.target for path, record in previous.records.items()} | previous.facts["targets"]
    if now == before:
        return set()
    return {path for path in now.keys() | before.keys() if now.get(path) != before.get(path)}


def reusable_records(
    context: BuildContext, previous: Previous, moved: Collection[str], edited: Collection[str] | None
) -> dict[str, PageRecord]:
    """The records of pages that need not be read again. Where `edited` is given, no other source was edited."""
    moved = frozenset(moved)
    found = {}
    for file in context.pages:
        record = previous.records.get(file.src_uri)
        if record is None or not record.reusable or file.src_uri in moved:
            continue
        if moved and not moved.isdisjoint(record.lookups.split("\n")):
            continue
        if edited is not None and file.src_uri not in edited:
            found[file.src_uri] = record
        elif same := _unless_edited(file, record):
            found[file.src_uri] = same
    return found


def _unless_edited(file: File, record: PageRecord) -> PageRecord | None:
    """The record, with the signature that the source has now; None where the source has other bytes."""
    if file.abs_src_path is not None and record.signature and is_same(file.abs_src_path, record.signature):
        return record
    signature, digest = source_of(file)
    return record._replace(signature=signature) if digest and digest == record.digest else None


def changed_attributes(
    fresh: Iterable[PageRecord], previous: Previous, moved: Iterable[str]
) -> frozenset[tuple[str, str]]:
    """What of pages may differ from the last build: path, attribute."""
    found = {(path, name) for path in moved for name in ATTRIBUTES}
    for record in fresh:
        before = previous.records.get(record.path)
        same = set()
        if before is not None:
            same |= {"title"} if before.title == record.title else set()
            same |= {"meta"} if before.meta == record.meta and record.meta else set()
            same |= {"present_anchor_ids"} if before.anchors == record.anchors else set()
            same |= {"markdown", "content", "toc"} if before.digest == record.digest and before.reusable else set()
        found |= {(record.path, name) for name in ATTRIBUTES if name not in same}
    return frozenset(found)


class Affected:
    """Whether something that a template read has changed since."""

    def __init__(
        self,
        changed: frozenset[tuple[str, str]],
        navigation: frozenset[str],
        list_changed: bool,
        times: tuple[str, str],
    ) -> None:
        """`times` are those of the last build and of this one."""
        self._changed, self._list_changed, self._times = changed, list_changed, times
        self._anywhere = {name for _, name in changed}
        self._in_navigation = {name for path, name in changed if path in navigation}
        self._known: dict[str, bool] = {"": False}

    def __call__(self, reads: str) -> bool:
        """Of what `Reads.summary` returned."""
        if reads not in self._known:
            self._known[reads] = any(map(self._is, reads.split("\n")))
        return self._known[reads]

    def _is(self, line: str) -> bool:
        name, _, path = line.partition(" ")
        if name in ATTRIBUTES:
            if path == NAVIGATION:
                return name in self._in_navigation
            return name in self._anywhere if path == ALL else (path, name) in self._changed
        if line in ("pages", "files"):
            return self._list_changed
        return is_later([line], *self._times)


def clock_of(reads: Iterable[str]) -> list[str]:
    """What was read of the clock: `day`, `time`."""
    lines = {line for text in set(reads) for line in text.split("\n")}
    return sorted(lines & {"day", "time"})


def list_text(context: BuildContext) -> str:
    """The list of pages as text."""
    return json.dumps([[file.src_uri, file.url] for file in context.pages])
