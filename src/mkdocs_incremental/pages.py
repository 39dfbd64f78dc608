"""Reads and renders pages through MkDocs' own functions, here or in workers, and records what each page depends on."""

import json
import os
import pickle
import shutil
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from mkdocs.commands.build import _build_page, _populate_page
from mkdocs.structure.files import File

from mkdocs_incremental.context import BuildContext, is_included, target_of
from mkdocs_incremental.records import PageRecord, decode, diverted, encode, replay
from mkdocs_incremental.signatures import digest, signature
from mkdocs_incremental.support import take_entries
from mkdocs_incremental.tracking import ATTRIBUTES, TrackedPage
from mkdocs_incremental.workers import FEW, in_parallel

Place = tuple[str, int, int]
"""Where a process put what a page contains: name of its file, offset, length."""


class Pages:
    """The pages of one build. `records` has what is known of each; up to `jobs` workers share the work, and keep their
    temporary files in `folder`."""

    def __init__(self, context: BuildContext, jobs: int, folder: Path) -> None:
        self.context, self.jobs = context, jobs
        self.records: dict[str, PageRecord] = {}
        self.fresh: set[str] = set()
        """The pages that were read in this build."""
        self._folder = folder
        """What thousands of pages contain is kept here until they are rendered: memory doesn't hold it."""

    def populate(self, files: Sequence[File]) -> None:
        """Read pages and convert their Markdown. Raises what plugins and extensions raise; OSError."""
        many = len(files) >= FEW
        if many:
            shutil.rmtree(self._folder, ignore_errors=True)
            self._folder.mkdir(parents=True)  # not through a link that somebody put there
        results = in_parallel(self._populate_away, files, self.jobs) if many else [None] * len(files)
        for file, result in zip(files, results, strict=True):
            page = self.context.page(file)
            self.fresh.add(file.src_uri)
            if result is not None and result[0].reusable:
                self.restore(page, *result)
            else:
                self.records[file.src_uri] = self._populate(page)

    def restore(self, page: TrackedPage, record: PageRecord, place: Place | None = None) -> None:
        """Take a page from its record; what it contains is brought when somebody asks for it, from the spill file or by
        reading the page again."""

        def load(page: TrackedPage, name: str) -> None:
            if name == "title" and not page.is_titled:
                page.values["title"] = json.loads(record.title)
            elif name == "meta" and record.meta:
                page.values["meta"] = json.loads(record.meta)
            elif name == "present_anchor_ids":
                page.values[name] = set(json.loads(record.anchors))
            elif place is not None:
                name, at, length = place
                with open(self._folder / name, "rb") as kept:
                    kept.seek(at)
                    page.values |= pickle.loads(kept.read(length))  # noqa: S301 - from our own process
            else:
                with diverted():
                    self._read(page)

        self.records[record.path] = record
        page.reset(load)

    def take(self, page: TrackedPage, record: PageRecord, is_loaded: bool) -> None:
        """Take an unchanged page from its record; where it `is_loaded`, it already has what the record says."""
        if is_loaded:
            self.records[record.path] = record
        else:
            self.restore(page, record)

    def restore_from(self, records: Mapping[str, PageRecord]) -> None:
        """Bring the pages that were read in this build back to what earlier records say."""
        for file in self.context.pages:
            if file.src_uri in self.fresh:
                self.restore(self.context.page(file), records[file.src_uri])

    def _populate_away(self, file: File) -> tuple[PageRecord, Place]:
        """Read a page, and put what it contains in this process's file."""
        page = self.context.page(file)
        record = self._populate(page)
        data = pickle.dumps({name: page.values.get(name) for name in ATTRIBUTES if name != "title"})
        name = str(os.getpid())
        with open(self._folder / name, "ab") as kept:
            at = kept.tell()
            kept.write(data)
        page.reset()
        return record, (name, at, len(data))

    def _populate(self, page: TrackedPage) -> PageRecord:
        file, tracker = page.file, self.context.tracker
        before, sum = source_of(file)
        with diverted() as messages, tracker.reading(page) as reads:
            self._read(page)
        title, meta = as_json(page.title), as_json(page.meta)
        own = page.present_anchor_ids or set()
        links = [
            [to.src_uri, anchor, link]
            for to, anchors in (page.links_to_anchors or {}).items()
            for anchor, link in anchors.items()
            if to is not file or anchor not in own
        ]
        reusable = not (reads.pages or reads.flags) and title != ""
        if file.abs_src_path and before != source_of(file)[0]:
            reusable = False  # written meanwhile
        return PageRecord(
            file.src_uri,
            before,
            sum,
            target_of(file),
            "\n".join(sorted(reads.files)),
            title or "null",
            meta,
            json.dumps(sorted(own, key=str)),
            json.dumps(links) if links else "",
            reusable,
            encode(messages),
        )

    def _read(self, page: TrackedPage) -> None:
        page.reset()
        _populate_page(page, self.context.config, self.context.files)

    def render(self, files: Sequence[File]) -> None:
        """Render pages into the folder that the context writes to. Raises what plugins and templates raise."""
        for file, record in zip(files, in_parallel(self._render, files, self.jobs), strict=True):
            self.records[file.src_uri] = record

    def _render(self, file: File) -> PageRecord:
        context, page = self.context, self.context.page(file)
        load = page.load
        take_entries(context.config)
        excluded = not is_included(file)
        with diverted() as messages, context.tracker.reading(page) as reads:
            _build_page(page, context.config, context.pages, context.nav, context.env, excluded=excluded)
        if load is not None:
            # it can be brought back; thousands of them needn't be held
            page.reset(load)
        return self.records[file.src_uri]._replace(
            is_empty=not os.path.isfile(file.abs_dest_path),
            reads=reads.summary(),
            entries=take_entries(context.config),
            render_messages=encode(messages),
        )

    def check_anchors(self, changed: frozenset[str], known: Mapping[str, PageRecord]) -> None:
        """Check links to anchors, again where a page or one that it links to is `changed` or isn't `known`."""
        level = self.context.config.validation.links.anchors
        for path, record in self.records.items():
            links = json.loads(record.links) if record.links else []
            if path in known and path not in changed and changed.isdisjoint(link[0] for link in links):
                continue
            text = ""
            if links:
                page = self.context.page(self._file(path))
                page.links_to_anchors = {}
                for target, anchor, link in links:
                    file = self.context.files.get_file_from_path(target)
                    if file is not None:
                        page.links_to_anchors.setdefault(file, {})[anchor] = link
                with diverted() as messages:
                    page.validate_anchor_links(files=self.context.files, log_level=level)
                text = encode(messages)
            self.records[path] = record._replace(anchor_messages=text)

    def _file(self, path: str) -> File:
        file = self.context.files.get_file_from_path(path)
        if file is None:
            raise KeyError(path)
        return file

    def replay(self, name: str) -> None:
        """Log the messages of all pages that a field of their records has, in MkDocs' order."""
        for file in self.context.pages:
            if text := getattr(self.records[file.src_uri], name):
                replay(decode(text))

    def close(self, keeps: bool) -> None:
        """Delete temporary files, and let go of what the pages contain where the context `keeps` them."""
        for file in self.context.pages if keeps else ():
            if file.src_uri in self.fresh and file.src_uri in self.records:
                self.restore(self.context.page(file), self.records[file.src_uri])
        shutil.rmtree(self._folder, ignore_errors=True)


def source_of(file: File) -> tuple[str, str]:
    """The signature and the digest of a file's bytes; the empty signature where a plugin generated them."""
    path = file.abs_src_path
    if path is None:
        return "", digest(file.content_bytes)
    found = signature(path, time.time_ns())
    try:
        with open(path, "rb") as source:
            return found, digest(source.read())
    except OSError:
        return found, ""  # MkDocs will report it


def as_json(value: Any) -> str:
    """A value as JSON; empty where JSON can't express it."""
    try:
        text = json.dumps(value, separators=(",", ":"))
        return text if json.loads(text) == value else ""
    except (TypeError, ValueError, RecursionError):
        return ""
