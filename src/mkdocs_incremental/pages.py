"""All pages of a build: populated here, by forked processes or long ago, then rendered; always in one order."""

import json
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from pathlib import Path

from mkdocs.structure.files import File

from mkdocs_incremental.built import Message
from mkdocs_incremental.course import Course
from mkdocs_incremental.making import restore
from mkdocs_incremental.messages import decode, diverted, encode, say
from mkdocs_incremental.observed import ObservedPage
from mkdocs_incremental.rows import Drawn, Made
from mkdocs_incremental.spool import Spool
from mkdocs_incremental.workers import shared

Place = tuple[int, int, int, int]
"""Where a process put a page's HTML and Markdown: number of the file, where in it, length of each in bytes."""
Put = Callable[[File, bytes], bytes]
"""What to do with a page's bytes where they are made; returns those that are wanted back."""


class Pages:
    """The pages of a course. `jobs` processes work at a time; `folder` takes their temporary files."""

    def __init__(self, course: Course, jobs: int, folder: Path) -> None:
        self.course, self.jobs, self.folder = course, jobs, folder
        self.made: dict[str, Made] = {}
        self.drawn: dict[str, Drawn] = {}
        self.anchors: dict[str, str] = {}
        self.fresh: set[str] = set()
        """Pages populated in this build."""
        self.told: Sequence[File] = course.pages
        """Pages whose links to anchors are checked, and of which what was logged is said."""
        self._spool = Spool(folder)

    def populate(self, lasting: Mapping[str, Made]) -> None:
        """Bring all pages to where MkDocs has them before its `env` event; those in `lasting` are taken from there."""
        places = self._populate_elsewhere([file for file in self.course.pages if file.src_uri not in lasting])
        for file in self.course.pages:
            page, path = self.course.page(file), file.src_uri
            if path in lasting:
                self.take(page, lasting[path])
            elif path in places:
                self.fresh.add(path)
                self.take(page, *places[path])
            else:
                self.make(page)
        for known in self.course.known.values():
            known.settle([self.course.page(file) for file in self.course.pages])
        self.say_made()

    def say_made(self) -> None:
        """Say what populating logs."""
        self._say(self.made[file.src_uri].messages for file in self.told)

    def populate_more(self, paths: Collection[str]) -> None:
        """Populate pages that were taken from memory, and are to be rendered all the same."""
        files = [file for file in self.course.pages if file.src_uri in paths and file.src_uri not in self.fresh]
        places = self._populate_elsewhere(files)
        for file in files:
            if file.src_uri in places:
                self.fresh.add(file.src_uri)
                self.take(self.course.page(file), *places[file.src_uri])
            else:
                self.make(self.course.page(file))

    def draw(self, files: Sequence[File], given: Mapping[str, str], put: Put) -> dict[str, bytes]:
        """Render pages; returns what `put` gives back, by path of the source."""

        def share(_: int, files: Sequence[File]) -> Sequence[tuple[Drawn, bytes]]:
            return [self._draw(file, given, put) for file in files]

        found: dict[str, bytes] = {}
        results = shared(self.jobs, files, share)
        for file, result in zip(files, results, strict=True):
            self.drawn[file.src_uri], found[file.src_uri] = result or self._draw(file, given, put)
        return found

    def check_anchors(self, known: Mapping[str, str], changed: Collection[str]) -> None:
        """Check links to anchors, anew where a page or one that it links to is `changed`; else as `known`."""
        files, level = self.course.files, self.course.config.validation.links.anchors
        for file in self.told:
            path, links = file.src_uri, self.made[file.src_uri].links
            targets = {link[0] for link in json.loads(links)} if links else set()
            if path in known and path not in changed and targets.isdisjoint(changed):
                self.anchors[path] = known[path]
                continue
            heard: list[Message] = []
            page = self.course.page(file)
            page.links_to_anchors = self._links(links)
            with diverted(heard):
                page.validate_anchor_links(files=files, log_level=level)
            self.anchors[path] = encode(heard)
        self._say(self.anchors[file.src_uri] for file in self.told)

    def keep_drawn(self, known: Mapping[str, Drawn]) -> None:
        """Take pages that weren't rendered as they are known; and say what rendering logs."""
        self.drawn = {**known, **self.drawn}
        self._say(self.drawn[file.src_uri].messages for file in self.told)

    def _say(self, texts: Iterable[str]) -> None:
        """Say what was kept of what was logged; of most pages that is nothing."""
        for text in texts:
            if text:
                say(decode(text))

    def close(self) -> None:
        """Let go of temporary files."""
        self._spool.close()

    def say_so_far(self) -> None:
        """Before an error ends the build: what would have been said by then."""
        say(self.course.maker.last_words)

    def _links(self, text: str) -> dict[File, dict[str, str]]:
        found: dict[File, dict[str, str]] = {}
        for path, anchor, link in json.loads(text) if text else ():
            target = self.course.files.get_file_from_path(path)
            if target is not None:
                found.setdefault(target, {})[anchor] = link
        return found

    def make(self, page: ObservedPage) -> None:
        """Populate a page here."""
        self.made[page.file.src_uri] = self.course.maker.made(page)
        self.fresh.add(page.file.src_uri)

    def take(self, page: ObservedPage, made: Made, place: Place | None = None) -> None:
        """Give a page what populating it gave earlier, or, with its place, in another process."""
        self.made[made.path] = made
        restore(page, made, lambda page: self._text(place) if place else self._again(page))
        for known in self.course.known.values():
            known.restore(page)

    def _again(self, page: ObservedPage) -> tuple[str, str]:
        """The HTML and Markdown of a page that was taken from memory, and is asked for them after all."""
        self.course.maker.populate(page, [])
        return page.__dict__["content"], page.__dict__["markdown"]

    def _populate_elsewhere(self, files: Sequence[File]) -> dict[str, tuple[Made, Place]]:
        """What forked processes make of pages; those that must be made here are left out."""
        if self.jobs < 2:
            return {}
        self._spool.open(self.jobs)
        results = shared(self.jobs, files, self._populate_share, here=False)
        return {result[0].path: result for result in results if result is not None and result[0].lasting}

    def _populate_share(self, number: int, files: Iterable[File]) -> Sequence[tuple[Made, Place]]:
        found = []
        for file in files:
            page = self.course.page(file)
            made = self.course.maker.made(page)
            html, markdown = (
                (page.__dict__.pop(name) or "").encode("utf-8", "surrogatepass") for name in ("content", "markdown")
            )
            found.append((made, (number, self._spool.put(number, html + markdown), len(html), len(markdown))))
        return found

    def _text(self, place: Place) -> tuple[str, str]:
        number, at, html, markdown = place
        data = self._spool.get(number, at, html + markdown)
        return data[:html].decode("utf-8", "surrogatepass"), data[html:].decode("utf-8", "surrogatepass")

    def _draw(self, file: File, given: Mapping[str, str], put: Put) -> tuple[Drawn, bytes]:
        course, page = self.course, self.course.page(file)
        drawn, data = course.maker.draw(page, course.pages, course.nav, course.env, given[file.src_uri])
        if page.bring is not None:
            # it can be brought again; thousands of them needn't be held
            page.__dict__.pop("content", None)
            page.__dict__.pop("markdown", None)
        return drawn, put(file, data)
