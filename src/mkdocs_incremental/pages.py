"""Reads and renders pages with MkDocs' functions, in one or more processes. Records the dependencies of each page."""

import json
import os
import pickle
import re
import shutil
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from mkdocs.commands.build import _build_page, _populate_page
from mkdocs.structure.files import File

from mkdocs_incremental.context import BuildContext
from mkdocs_incremental.messages import Message, diverted, replay
from mkdocs_incremental.settings import take_entries
from mkdocs_incremental.signatures import digest, is_same, signature
from mkdocs_incremental.tracking import PARTS, Reads, TrackedList, TrackedPage, reading
from mkdocs_incremental.workers import FEW, in_parallel


class PageRecord(NamedTuple):
    """The record of one page in the cache. All values are JSON, so a record contains no code."""

    path: str  # the path of the source file in `docs_dir`, with forward slashes
    signature: str  # the signature of the source file; "" if a plugin generated the text
    digest: str  # the digest of the source file's bytes
    lookups: Sequence[str]  # the paths that the page looked up in MkDocs' `files`, such as targets of its links
    title: str  # the title as JSON
    meta: str  # the front matter as JSON; "" if JSON can't represent the front matter
    anchors: Sequence[str | None]
    links: Sequence[tuple[str, str, str]]  # links to anchors: (path of the target, anchor, link as written)
    reusable: bool  # whether the page can be reused while its source and lookups are unchanged
    messages: Sequence[Message] = ()  # the messages that were logged while the page was read
    is_empty: bool = False  # whether the template's output was empty, so that MkDocs writes no file
    reads: str = ""  # the parts of other pages that the page's template read, as in `Reads.summary`
    entries: str = ""  # the page's entries in search indexes, as JSON
    render_messages: Sequence[Message] = ()


class Pages:
    """The pages of one build. `records` contains a record of each page. At most `jobs` processes share the work. To
    save memory, the contents of pages are stored in files in `folder` until the pages are rendered."""

    def __init__(self, context: BuildContext, jobs: int, folder: Path) -> None:
        self.context, self.jobs = context, jobs
        self.records: dict[str, PageRecord] = {}
        self._folder = folder
        self._spilled: dict[str, tuple[Path, int]] = {}  # maps a page to its spill file and its offset in the file
        self._shared: dict[str, tuple[str, Reads]] = {}  # maps a pattern such as `tools/*/` to its pages' navigation
        listed = [*_urls(context.nav)]
        # the URLs in the navigation, and the URLs of all their parent folders
        self._special = {*listed, *(url[: match.end()] for url in listed for match in re.finditer("/", url))}

    def reuse(self, known: Mapping[str, PageRecord], files: Sequence[File], moved: set[str]) -> frozenset[str]:
        """Restore the unchanged pages from the records in `known`. Read the other pages, and return their paths. A page
        is unchanged if its source is unchanged, and if `moved` (the paths of added, removed and moved files) contains
        neither its path nor a path that it looked up. Raises OSError. Passes on plugins' exceptions."""
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
        """Read pages and convert their Markdown. Raises the same exceptions as `reuse`."""
        many = len(files) >= FEW
        if many:
            self._spilled.clear()
            shutil.rmtree(self._folder, ignore_errors=True)
            self._folder.mkdir(parents=True)  # `mkdir` fails if the folder's path is a symbolic link
        results = in_parallel(self._populate_in_worker, files, self.jobs) if many else [None] * len(files)
        for file, result in zip(files, results, strict=True):
            if result is not None and result[0].reusable:
                self._spilled[file.src_uri] = result[1]
                self.restore(result[0])
            else:
                self.records[file.src_uri] = self._populate(self.context.page(file))

    def restore(self, record: PageRecord) -> None:
        """Restore a page from its record. The page's content is loaded on demand from a spill file or the source."""

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
                    page.values |= pickle.load(spill)  # noqa: S301 - written by our own processes
            else:
                with diverted():
                    self._read(page)

        self.records[record.path] = record
        self.context.page(self.context.file(record.path)).reset(load)

    def _populate_in_worker(self, file: File) -> tuple[PageRecord, tuple[Path, int]]:
        """Read a page, and append the page's content to the spill file of this process."""
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
        """Render pages into the build context's output folder. Passes on exceptions of plugins and templates."""
        self.context.env.globals["shared"] = self.shared
        for record in in_parallel(self._render, paths, self.jobs):
            self.records[record.path] = record

    def _render(self, path: str) -> PageRecord:
        context, file = self.context, self.context.file(path)
        page = context.page(file)
        load = page.load
        take_entries(context.config)
        with diverted() as messages, reading(page) as reads:
            # if the page's template uses this list, the page depends on the whole list
            listed: Any = TrackedList(context.pages)
            _build_page(page, context.config, listed, context.nav, context.env)
        if load is not None:
            # to save memory, free the content, which can be loaded again
            page.reset(load)
        return self.records[path]._replace(
            is_empty=not os.path.isfile(file.abs_dest_path),
            reads=reads.summary(context.navigation),
            entries=take_entries(context.config),
            render_messages=messages,
        )

    def shared(self, page: TrackedPage, make: Callable[[], str]) -> str:
        """Return a page's navigation as HTML. `make` renders it once for all pages of a folder, because their relative
        links are the same, but separately for pages in the navigation and for index pages of their parent folders."""
        if page.url in self._special:
            return make()
        folder = re.sub("[^/]+(/?)$", r"*\1", page.url)  # as in `tools/*/` for `tools/docker/`
        if folder not in self._shared:
            with reading(page) as reads:
                self._shared[folder] = make(), reads
        text, reads = self._shared[folder]
        reads.repeat()
        return text

    def check_anchors(self) -> None:
        """In all pages, check the links to anchors, because the anchors of any page may have changed."""
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
        """Log recorded messages in the order of the pages. `name` is a field of a record, such as `render_messages`."""
        for file in self.context.pages:
            replay(getattr(self.records[file.src_uri], name))

    def close(self) -> None:
        """Delete the temporary files, and free the memory of the pages' content."""
        self._spilled.clear()
        for record in list(self.records.values()):
            self.restore(record)
        shutil.rmtree(self._folder, ignore_errors=True)


def _urls(items: Iterable[Any]) -> Iterator[str]:
    for item in items:
        yield getattr(item, "url", None) or ""
        yield from _urls(item.children or ())


def _unless_edited(file: File, record: PageRecord) -> PageRecord | None:
    """Return the record with the current signature of the source file, or None if the file's bytes have changed."""
    if file.abs_src_path is not None and record.signature and is_same(file.abs_src_path, record.signature):
        return record
    current, source_digest = source_of(file)
    return record._replace(signature=current) if source_digest and source_digest == record.digest else None


def source_of(file: File) -> tuple[str, str]:
    """Return the signature and the digest of a source file. The signature is empty if a plugin generated the text."""
    path = file.abs_src_path
    if path is None:
        return "", digest(file.content_bytes)
    found = signature(path)
    try:
        return found, digest(Path(path).read_bytes())
    except OSError:
        return found, ""  # MkDocs reports the error when it reads the page


def as_json(value: Any) -> str:
    """Return a value as JSON, or an empty string if JSON can't represent the value."""
    try:
        text = json.dumps(value, separators=(",", ":"))
        return text if json.loads(text) == value else ""
    except (TypeError, ValueError, RecursionError):
        return ""
