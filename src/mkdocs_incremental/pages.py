"""Reads and renders pages through MkDocs' own functions, here or in workers, and records what each page depends on."""

import json
import os
import pickle
import shutil
from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from pathlib import Path
from typing import Any, NamedTuple

from mkdocs.commands.build import _build_page, _populate_page
from mkdocs.structure.files import File

from mkdocs_incremental.context import BuildContext
from mkdocs_incremental.messages import Message, diverted, replay
from mkdocs_incremental.settings import take_entries
from mkdocs_incremental.signatures import digest, is_same, signature
from mkdocs_incremental.tracking import PARTS, TrackedList, TrackedPage, reading
from mkdocs_incremental.workers import FEW, in_parallel


class PageRecord(NamedTuple):
    """The record of one page in the cache, as JSON. It contains no code."""

    path: str
    """Path of the source in `docs_dir`, with forward slashes."""
    signature: str
    """Signature of the source file; empty if a plugin generated the text."""
    digest: str
    """Digest of the bytes of the source."""
    lookups: Sequence[str]
    """Paths that were looked up among the files."""
    title: str
    """The title as JSON."""
    meta: str
    """The front matter as JSON; empty if JSON can't express it."""
    anchors: Sequence[str | None]
    links: Sequence[tuple[str, str, str]]
    """Links to anchors that may be missing: path, anchor, link as written."""
    reusable: bool
    """Whether the page can be reused as long as its source and the files it looked up are unchanged."""
    messages: Sequence[Message] = ()
    """Messages logged while the page was read."""
    is_empty: bool = False
    """Whether the template rendered nothing, so that no file is written."""
    reads: str = ""
    """The parts of other pages that its template read, one a line; see `tracking`."""
    entries: str = ""
    """Its entries in search indexes, as JSON."""
    render_messages: Sequence[Message] = ()


class Pages:
    """The pages of one build. `records` has the state of each; up to `jobs` workers share the work. Contents are kept
    in files in `folder` until they are rendered, to save memory."""

    def __init__(self, context: BuildContext, jobs: int, folder: Path) -> None:
        self.context, self.jobs = context, jobs
        self.records: dict[str, PageRecord] = {}
        self._folder = folder
        self._spilled: dict[str, tuple[Path, int]] = {}
        """The spill file of each page that has one, and where it begins there."""

    def reuse(self, known: Mapping[str, PageRecord], files: Sequence[File], moved: AbstractSet[str]) -> frozenset[str]:
        """Restore pages from their records if possible: if they have not moved and looked up no file that has. Read the
        others; returns their paths. Raises what plugins and extensions raise; OSError."""
        fresh = []
        for file in files:
            record = known.get(file.src_uri)
            is_valid = record and record.reusable and moved.isdisjoint((file.src_uri, *record.lookups))
            current = _unless_edited(file, record) if record and is_valid else None
            if current is None:
                fresh.append(file)
            else:
                self.restore(current)
        self.populate(fresh)
        return frozenset(file.src_uri for file in fresh)

    def populate(self, files: Sequence[File]) -> None:
        """Read pages and convert their Markdown. Raises as `reuse` does."""
        many = len(files) >= FEW
        if many:
            self._spilled.clear()
            shutil.rmtree(self._folder, ignore_errors=True)
            self._folder.mkdir(parents=True)  # don't follow a symbolic link
        results = in_parallel(self._populate_in_worker, files, self.jobs) if many else [None] * len(files)
        for file, result in zip(files, results, strict=True):
            if result is not None and result[0].reusable:
                self._spilled[file.src_uri] = result[1]
                self.restore(result[0])
            else:
                self.records[file.src_uri] = self._populate(self.context.page(file))

    def restore(self, record: PageRecord) -> None:
        """Restore a page from its record; its content is loaded on demand, from its spill file or by reading the page
        again."""

        def load(page: TrackedPage, name: str) -> None:
            if name == "title" and not page.is_titled:
                page.values["title"] = json.loads(record.title)
            elif name == "meta" and record.meta:
                page.values["meta"] = json.loads(record.meta)
            elif name == "present_anchor_ids":
                page.values[name] = set(record.anchors)
            elif place := self._spilled.get(record.path):
                with open(place[0], "rb") as spill:
                    spill.seek(place[1])
                    page.values |= pickle.load(spill)  # noqa: S301 - from our own process
            else:
                with diverted():
                    self._read(page)

        self.records[record.path] = record
        self.context.page(self.context.file(record.path)).reset(load)

    def _populate_in_worker(self, file: File) -> tuple[PageRecord, tuple[Path, int]]:
        """Read a page, and append its content to the spill file of this process."""
        page = self.context.page(file)
        record = self._populate(page)
        path = self._folder / str(os.getpid())
        with open(path, "ab") as spill:
            start = spill.tell()
            pickle.dump({name: page.values.get(name) for name in PARTS if name != "title"}, spill)
        page.reset()
        return record, (path, start)

    def _populate(self, page: TrackedPage) -> PageRecord:
        file = page.file
        before, source_digest = source_of(file)
        with diverted() as messages, reading(page) as reads:
            self._read(page)
        title, meta = as_json(page.title), as_json(page.meta)
        own_anchors = page.present_anchor_ids or set()
        links = [
            (to.src_uri, anchor, link)
            for to, anchors in (page.links_to_anchors or {}).items()
            for anchor, link in anchors.items()
            if to is not file or anchor not in own_anchors
        ]
        is_unchanged = not file.abs_src_path or before == signature(file.abs_src_path)
        return PageRecord(
            file.src_uri,
            before,
            source_digest,
            sorted(reads.files),
            title or "null",
            meta,
            sorted(own_anchors, key=str),
            links,
            is_unchanged and not reads.parts and title != "",
            messages,
        )

    def _read(self, page: TrackedPage) -> None:
        page.reset()
        _populate_page(page, self.context.config, self.context.files)

    def render(self, paths: Sequence[str]) -> None:
        """Render pages into the folder that the context writes to. Raises what plugins and templates raise."""
        for record in in_parallel(self._render, paths, self.jobs):
            self.records[record.path] = record

    def _render(self, path: str) -> PageRecord:
        context, file = self.context, self.context.file(path)
        page = context.page(file)
        load = page.load
        take_entries(context.config)
        with diverted() as messages, reading(page) as reads:
            # templates get the pages as a list that records its use
            listed: Any = TrackedList(context.pages)
            _build_page(page, context.config, listed, context.nav, context.env)
        if load is not None:
            # it can be loaded again; this saves memory
            page.reset(load)
        return self.records[path]._replace(
            is_empty=not os.path.isfile(file.abs_dest_path),
            reads=reads.summary(context.navigation),
            entries=take_entries(context.config),
            render_messages=messages,
        )

    def check_anchors(self) -> None:
        """Check links to anchors, which may have changed in any page."""
        level = self.context.config.validation.links.anchors
        for file in self.context.pages:
            if links := self.records[file.src_uri].links:
                page = self.context.page(file)
                page.links_to_anchors = {}
                for target, anchor, link in links:
                    if to := self.context.files.get_file_from_path(target):
                        page.links_to_anchors.setdefault(to, {})[anchor] = link
                page.validate_anchor_links(files=self.context.files, log_level=level)

    def replay(self, name: str) -> None:
        """Log the messages in the field `name` of all records, in MkDocs' order."""
        for file in self.context.pages:
            replay(getattr(self.records[file.src_uri], name))

    def close(self) -> None:
        """Delete temporary files, and free the content of pages."""
        self._spilled.clear()
        for record in list(self.records.values()):
            self.restore(record)
        shutil.rmtree(self._folder, ignore_errors=True)


def _unless_edited(file: File, record: PageRecord) -> PageRecord | None:
    """The record with the current signature of the source; None if the source's bytes have changed."""
    if file.abs_src_path is not None and record.signature and is_same(file.abs_src_path, record.signature):
        return record
    current, source_digest = source_of(file)
    return record._replace(signature=current) if source_digest and source_digest == record.digest else None


def source_of(file: File) -> tuple[str, str]:
    """The signature and the digest of a file's bytes; the signature is empty if a plugin generated them."""
    path = file.abs_src_path
    if path is None:
        return "", digest(file.content_bytes)
    found = signature(path)
    try:
        with open(path, "rb") as source:
            return found, digest(source.read())
    except OSError:
        return found, ""  # MkDocs will report it


def as_json(value: Any) -> str:
    """A value as JSON; empty if JSON can't express it."""
    try:
        text = json.dumps(value, separators=(",", ":"))
        return text if json.loads(text) == value else ""
    except (TypeError, ValueError, RecursionError):
        return ""
