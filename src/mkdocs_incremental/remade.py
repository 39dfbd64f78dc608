"""A few pages made again in a build that is still in memory, with all else left as it is."""

import os
import time
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

from mkdocs_incremental import clock, outputs
from mkdocs_incremental.built import Message
from mkdocs_incremental.course import Course
from mkdocs_incremental.ledger import Past
from mkdocs_incremental.making import source_of
from mkdocs_incremental.marks import digest, is_recent, is_same, mark
from mkdocs_incremental.messages import say
from mkdocs_incremental.observed import ObservedPage
from mkdocs_incremental.pages import Pages
from mkdocs_incremental.plan import Affected, Plan, changes
from mkdocs_incremental.rows import Made, Row
from mkdocs_incremental.site import FEW, gather
from mkdocs_incremental.templates import Rendered, templates

REWORKED = ("files", "nav", "env")
"""Events that may look at all pages: where a plugin has them, they must be run anew."""


class Stamp(NamedTuple):
    """What the system says of a file without reading it."""

    size: int
    written: int
    changed: int
    number: int
    is_recent: bool
    """Whether a later write could leave the same."""


def stamps(folder: str, now: int) -> dict[str, Stamp]:
    """Of all files in a folder at any depth, by path; links are followed, as MkDocs follows them."""
    found: dict[str, Stamp] = {}
    waiting = [folder]
    while waiting:
        with os.scandir(waiting.pop()) as entries:
            for entry in entries:
                if entry.is_dir():
                    waiting.append(entry.path)
                    continue
                try:
                    status = entry.stat()
                except OSError:
                    status = entry.stat(follow_symlinks=False)
                found[entry.path] = _stamp(status, now)
    return found


def stamp_of(path: str, now: int) -> Stamp | None:
    """The same of one file; None where there is none."""
    try:
        return _stamp(os.stat(path), now)
    except OSError:
        return None


def _stamp(status: os.stat_result, now: int) -> Stamp:
    return Stamp(status.st_size, status.st_mtime_ns, status.st_ctime_ns, status.st_ino, is_recent(status, now))


@dataclass
class Memory:
    """A build that stands: the objects that made it and what is known of its pages."""

    course: Course
    rows: dict[str, Row]
    facts: dict[str, Any]
    templates: Rendered
    """What templates without a page read and said."""
    said: tuple[Message, ...]
    """The warnings before any page was read, that are said of every build."""
    sources: dict[str, Stamp]
    passing: set[str] = field(init=False, default_factory=set)
    """Pages that must be made anew each time."""
    noted: set[str] = field(init=False, default_factory=set)
    """Pages of which something was logged, or whose links to anchors have to be checked."""

    def __post_init__(self) -> None:
        for row in self.rows.values():
            self._sort(row)

    def put(self, rows: Mapping[str, Row], facts: Mapping[str, Any], templates: Rendered) -> None:
        """These pages, by path, these facts and templates are otherwise now."""
        self.facts, self.templates = {**self.facts, **facts}, templates._replace(files={})
        self.rows.update(rows)
        self.passing -= rows.keys()
        self.noted -= rows.keys()
        for row in rows.values():
            self._sort(row)

    def _sort(self, row: Row) -> None:
        if not row.made.lasting:
            self.passing.add(row.path)
        if row.made.messages or row.made.links or row.drawn.messages or row.anchors:
            self.noted.add(row.path)

    def is_open_to_edits(self) -> bool:
        """Whether single pages may be made again: no plugin must see them all."""
        events = self.course.config.plugins.events
        return clock.now().strftime("%Y-%m-%d") == self.facts["day"] and not any(events[name] for name in REWORKED)

    def changed(self, now: Mapping[str, Stamp]) -> list[str] | None:
        """The paths of files that may have other bytes now; None where a file is new or gone."""
        if now.keys() != self.sources.keys():
            return None
        before = self.sources
        return [path for path, stamp in now.items() if stamp[:4] != before[path][:4] or before[path].is_recent]


def remake(
    memory: Memory, paths: Collection[str], site: Path, begin_writing: Callable[[], None], lap: Callable[[str], None]
) -> frozenset[str] | None:
    """Make again what depends on these source files, and keep that in memory: the paths in the site that were written.
    What is neither edited nor depends on it costs next to nothing, however much there is. None, before anything is
    written or kept, where that is not enough or too much. Raises what plugins and templates raise, OSError."""
    course = memory.course
    found = _sort_out(memory, paths)
    if found is None:
        return None
    edited, copies = found
    say(memory.said)
    rows = {path: memory.rows[path] for path in memory.noted}
    pages = Pages(course, 1, site.parent)
    pages.made = {path: row.made for path, row in rows.items()}
    try:
        for page in edited:
            pages.make(page)
        affected = _affected(memory, [pages.made[path] for path in pages.fresh])
        wanted = pages.fresh | {path for path, row in memory.rows.items() if affected(row.drawn.reads)}
        if len(wanted) > FEW:
            _take_back(memory, pages)
            return None
        pages.populate_more(wanted)
        told = memory.noted | wanted
        pages.told = [file for file in course.pages if file.src_uri in told]
        pages.say_made()
        lap("populate")
        rendered = templates(course) if affected(memory.templates.reads) else _said_again(memory.templates)
        lap("templates")
        files = [file for file in pages.told if file.src_uri in wanted]
        given = {path: memory.rows[path].drawn.given for path in wanted}
        data = pages.draw(files, given, lambda _, data: data)
        pages.keep_drawn({path: row.drawn for path, row in rows.items()})
        lap("render")
        pages.check_anchors({path: row.anchors for path, row in rows.items()}, pages.fresh)
        lap("anchors")
    except Exception:
        pages.say_so_far()
        raise
    finally:
        pages.close()
    rows = {path: Row(pages.made[path], pages.drawn[path], pages.anchors[path]) for path in pages.made}
    sums = {path: digest(text) for path, text in rendered.files.items()} or memory.facts["templates"]
    changed = [file for file in files if rows[file.src_uri].drawn.output != memory.rows[file.src_uri].drawn.output]
    ready = _changed_templates(memory, rendered, sums) | {file.dest_uri: data[file.src_uri] for file in changed}
    if sums.keys() != memory.facts["templates"].keys() or not all(data[file.src_uri] for file in changed):
        _take_back(memory, pages)  # a file must go
        return None
    marks = {file.dest_uri: mark(str(file.abs_src_path), time.time_ns()) for file in copies}
    begin_writing()
    for path, text in sorted(ready.items()):
        outputs.write(str(site), path, text)
    for file in copies:
        file.copy_file()
    lap("write")
    memory.put(rows, {"templates": sums, "statics": memory.facts["statics"] | marks}, rendered)
    gather(course, memory.rows)
    course.config.plugins.on_post_build(config=course.config)
    lap("post_build")
    return frozenset(ready) | {file.dest_uri for file in copies}


def _changed_templates(memory: Memory, rendered: Rendered, sums: Mapping[str, str]) -> dict[str, bytes]:
    """What templates make otherwise than before, but for what stands where a page has its place."""
    before = memory.facts["templates"]
    found = {path: text for path, text in rendered.files.items() if sums[path] != before.get(path)}
    return {path: found[path] for path in found.keys() - {file.dest_uri for file in memory.course.pages}}


def _said_again(rendered: Rendered) -> Rendered:
    """Templates that needn't be rendered again, their warnings said."""
    say(rendered.said)
    return rendered


def _take_back(memory: Memory, pages: Pages) -> None:
    """The pages in memory are again what they were before an attempt that was given up."""
    for file in memory.course.pages:
        if file.src_uri in pages.fresh:
            pages.take(memory.course.page(file), memory.rows[file.src_uri].made)


def _affected(memory: Memory, made: Iterable[Made]) -> Affected:
    """What tells whether a page read what isn't the same in pages made anew."""
    changed = changes(made, Past("", memory.facts, memory.rows), Plan())
    return Affected(changed, memory.course.reads.in_navigation, False, memory.facts["day"])


def _sort_out(memory: Memory, paths: Collection[str]) -> tuple[list[ObservedPage], list[Any]] | None:
    """The pages whose sources have other bytes, and those that must be made anew each time; files to be copied."""
    course = memory.course
    edited: list[ObservedPage] = []
    copies = []
    for path in paths:
        file = course.files.get_file_from_path(os.path.relpath(path, course.config.docs_dir))
        if file is None or file.src_uri in course.config.extra_templates:
            return None
        if isinstance(file.page, ObservedPage):
            row = memory.rows.get(file.src_uri)
            if row is None:
                continue  # not part of the site
            if row.made.lasting and source_of(file)[1] != row.made.digest:
                edited.append(file.page)
        elif file.dest_uri in memory.facts["statics"]:
            place = file.dest_uri
            if place in memory.facts["templates"] or any(page.dest_uri == place for page in course.pages):
                continue  # another file stands there
            if file.abs_src_path and is_same(file.abs_src_path, memory.facts["statics"][place]):
                continue
            copies.append(file)
    edited += [course.page(file) for file in course.pages if file.src_uri in memory.passing] if memory.passing else []
    return edited, copies
