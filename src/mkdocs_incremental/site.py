"""A set-out build is carried out: pages, templates and other files into the site, by MkDocs' events in their order."""

import json
import os
import shutil
import time
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from logging import getLevelName
from pathlib import Path
from typing import Any

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import Abort
from mkdocs.structure.files import File

from mkdocs_incremental import clock, outputs
from mkdocs_incremental.built import Message
from mkdocs_incremental.course import Course, aim, navigation_key
from mkdocs_incremental.ledger import Past
from mkdocs_incremental.marks import digest, is_same, mark
from mkdocs_incremental.pages import Pages
from mkdocs_incremental.plan import Affected, Plan, changes, list_key, other_files, plan
from mkdocs_incremental.rows import Row, lines
from mkdocs_incremental.templates import Rendered, templates
from mkdocs_incremental.watch import Watch

FEW = 100
"""So many pages are rendered where they stand, however large a share of all they are."""


@dataclass(frozen=True)
class Work:
    """What a build has to do with: the course, what the last build left, and where things go."""

    course: Course
    past: Past
    site: Path
    fresh: Path
    """Where a full build is made."""
    jobs: int
    open_journal: Callable[[], None]
    """To be called before the site is written to."""
    heard: list[Message]
    """The warnings so far."""
    watch: Watch


@dataclass(frozen=True)
class Site:
    """A site brought up to date, and what is to be remembered of it."""

    why: str
    """Why all of it was made anew; empty where only what changed was."""
    written: frozenset[str]
    removed: frozenset[str]
    rows: tuple[Row, ...]
    """Those that are new or changed."""
    gone: frozenset[str]
    facts: Mapping[str, Any]
    templates: Rendered
    """What templates without a page read and said; what they made is written by then."""


def make_site(work: Work) -> Site:
    """Make it. Raises what plugins and templates raise, Abort where `strict` has something against it, OSError."""
    run = _Run(work)
    try:
        run.populate()
        run.choose_place()
        run.complete()
        run.render()
    except Exception:
        run.pages.say_so_far()
        raise
    finally:
        run.pages.close()
    if not run.why:
        refuse_strictly(work.course.config, work.heard)
    run.write()
    run.finish()
    refuse_strictly(work.course.config, work.heard)
    if run.why:
        outputs.exchange(work.fresh, work.site)
        aim(run.course, str(work.site))
    return run.site()


def refuse_strictly(config: MkDocsConfig, heard: list[Message]) -> None:
    """Raise Abort where settings are strict and there was a warning, with MkDocs' words."""
    counts = Counter(message.level for message in heard)
    if config.strict and counts:
        told = ", ".join(f"{count} {getLevelName(level).lower()}s" for level, count in sorted(counts.items())[::-1])
        raise Abort(f"Aborted with {told} in strict mode!")


class _Run:
    """The steps, and what one leaves for the next."""

    def __init__(self, work: Work) -> None:
        self.work, self.course, self.past = work, work.course, work.past
        self.pages = Pages(work.course, work.jobs, work.fresh.parent)
        others = other_files(self.course)
        nav, listed = navigation_key(self.course.nav), list_key(self.course)
        self.facts: dict[str, Any] = {"others": others, "nav": nav, "list": listed}
        self.why = work.past.why or ("" if work.past.text("nav") == nav else "the navigation changed")
        self.todo = Plan() if self.why else plan(self.course, work.past, others)
        self.wanted: set[str] = set()
        """The pages that are rendered."""
        self.data: dict[str, bytes] = {}
        """What is to be written once all is rendered, by path in the site."""
        self.written: set[str] = set()
        self.removed: set[str] = set()
        work.watch.lap("compare")

    def populate(self) -> None:
        """Bring all pages to where the `env` event is; and find those that read what changed."""
        self.pages.populate(self.todo.lasting)
        if not self.why:
            self.changed = changes((self.pages.made[path] for path in self.pages.fresh), self.past, self.todo)
            list_changed = bool(self.todo.moved) or self.facts["list"] != self.past.text("list")
            nav = self.course.reads.in_navigation
            affected = Affected(self.changed, nav, list_changed, self.past.text("day"))
            rows = self.past.rows
            self.wanted = {
                file.src_uri
                for file in self.course.pages
                if file.src_uri in self.pages.fresh or affected(rows[file.src_uri].drawn.reads)
            }
        self.work.watch.lap("populate")

    def choose_place(self) -> None:
        """Where most must be made, all is, beside the site that stands."""
        if not self.why and len(self.wanted) > max(FEW, len(self.course.pages) // 2):
            self.why = "most pages changed"
        if not self.why and self._is_blocked():
            self.why = "a page takes the place of a folder"
        if self.why:
            shutil.rmtree(self.work.fresh, ignore_errors=True)
            self.work.fresh.mkdir(parents=True)
            aim(self.course, str(self.work.fresh))
        elif any("env" in known.events for known in self.course.known.values()):
            self.work.open_journal()

    def _is_blocked(self) -> bool:
        for file in self.course.files:
            if file.src_uri in self.todo.moved:
                target = os.path.join(self.work.site, file.dest_uri)
                above = (os.path.join(self.work.site, str(folder)) for folder in Path(file.dest_uri).parents)
                if os.path.isdir(target) or any(map(os.path.isfile, above)):
                    return True
        return False

    def complete(self) -> None:
        """The `env` event, and what plugins give templates of other pages."""
        config = self.course.config
        env = config.plugins.on_env(self.course.env, config=config, files=self.course.files)
        self.course = self.pages.course = replace(self.course, env=env)
        self.given = {file.src_uri: self._given(file) for file in self.course.pages}
        rows = self.past.rows
        for path, text in self.given.items():
            if self.why or path not in rows or rows[path].drawn.given != text:
                self.wanted.add(path)
        self.pages.populate_more(self.wanted)
        self.work.watch.lap("populate")

    def _given(self, file: File) -> str:
        page = self.course.page(file)
        return "\n".join(filter(None, (known.given(page) for known in self.course.known.values())))

    def render(self) -> None:
        """Templates and pages. In a full build they are written at once, to a place that nobody sees yet."""
        self.rendered = templates(self.course)
        made = self.rendered.files
        self.facts["templates"] = {path: digest(data) for path, data in made.items()}
        self._find_statics()
        fresh = str(self.work.fresh)
        if self.why:
            # the file of a page takes the place of a template's, and that of one that is copied
            for file in self.statics.values():
                file.copy_file()
            for path, data in made.items():
                outputs.write_new(fresh, path, data)
            made = {}
        self.work.watch.lap("templates")

        def put(file: File, data: bytes) -> bytes:
            if not self.why or not data:
                return data
            outputs.write_new(fresh, file.dest_uri, data)
            return b""

        files = [file for file in self.course.pages if file.src_uri in self.wanted]
        data_of = self.pages.draw(files, self.given, put)
        self.data = made | {file.dest_uri: data_of[file.src_uri] for file in files if data_of[file.src_uri]}
        rows = self.past.rows
        self.pages.keep_drawn({} if self.why else {path: row.drawn for path, row in rows.items()})
        self.work.watch.lap("render")
        known = {} if self.why else {path: row.anchors for path, row in rows.items()}
        self.pages.check_anchors(known, self.pages.fresh | self.todo.moved)
        self.work.watch.lap("anchors")

    def _find_statics(self) -> None:
        """Files that are copied as they are, with their marks."""
        before = {} if self.why else self.past.texts("statics")
        now: dict[str, str] = {}
        self.statics: dict[str, File] = {}
        for file in self.course.files:
            if file.is_documentation_page() or file.inclusion.value <= -2:
                continue
            path, known = file.abs_src_path, before.get(file.dest_uri)
            if path is None:
                now[file.dest_uri] = digest(file.content_bytes)
            elif known is not None and is_same(path, known):
                now[file.dest_uri] = known
            else:
                now[file.dest_uri] = mark(path, time.time_ns())
            self.statics[file.dest_uri] = file
        self.facts["statics"] = now

    def write(self) -> None:
        """Where only what changed is made: file by file, where it is to stand."""
        self.rows = {
            path: Row(made, self.pages.drawn[path], self.pages.anchors[path]) for path, made in self.pages.made.items()
        }
        present = engine_files(self.rows, self.facts)
        if self.why:
            self.written |= present.keys()
        else:
            self.work.open_journal()
            before = engine_files(self.past.rows, self.past.facts)
            self.removed = before.keys() - present.keys()
            outputs.remove(str(self.work.site), self.removed)
            self.written = {path for path, sum in present.items() if before.get(path) != sum}
            for path in sorted(self.written):
                if path in self.data:
                    outputs.write(str(self.work.site), path, self.data[path])
                else:
                    self.statics[path].copy_file()
        self.work.watch.lap("write")

    def finish(self) -> None:
        """The `post_build` event, with all that known plugins gathered given back to them."""
        gather(self.course, self.rows)
        self.course.config.plugins.on_post_build(config=self.course.config)
        if not self.why:
            outputs.remove_empty(str(self.work.site), self.removed)
        self.work.watch.lap("post_build")

    def site(self) -> Site:
        """What came of it."""
        texts = {row.drawn.reads for row in self.rows.values()} | {self.rendered.reads}
        self.facts["clock"] = sorted({line for text in texts for line in lines(text) if clock.is_of_time(line)})
        changed = tuple(row for path, row in self.rows.items() if self.why or self.past.rows.get(path) != row)
        gone = frozenset(self.past.rows.keys() - self.rows.keys())
        written, removed = frozenset(self.written), frozenset(self.removed)
        return Site(self.why, written, removed, changed, gone, self.facts, self.rendered._replace(files={}))


def gather(course: Course, rows: Mapping[str, Row]) -> None:
    """Give known plugins what they gathered from pages, in this build or before."""
    if course.known:
        taken = [json.loads(rows[file.src_uri].drawn.taken or "{}") for file in course.pages]
        for name, known in course.known.items():
            known.gather([page.get(name) for page in taken])


def engine_files(rows: Mapping[str, Row], facts: Mapping[str, Any]) -> dict[str, str]:
    """What the engine makes, by path in the site, with what tells whether it is the same."""
    found = {**facts["statics"], **facts["templates"]}
    found.update((row.made.facts.split("|", 1)[0], row.drawn.output) for row in rows.values() if row.drawn.output)
    return found
