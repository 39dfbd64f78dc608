"""What must be made again: the pages whose source, place or look-ups changed, and those that read what changed."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from mkdocs.structure.files import File, InclusionLevel

from mkdocs_incremental import clock
from mkdocs_incremental.course import Course
from mkdocs_incremental.ledger import Past
from mkdocs_incremental.making import facts_of, source_of
from mkdocs_incremental.marks import digest, is_same
from mkdocs_incremental.observed import ALL, ATTRIBUTES, NAVIGATION
from mkdocs_incremental.rows import Made, lines

UNTOLD = '"meta":null'
"""Stands in a page's state where its front matter has no form as text, and so can't be compared."""

PARTS = {"title": "title", "meta": "meta", "toc": "toc", "ids": "present_anchor_ids"}
"""What of a page's state an attribute of the page is."""


def other_files(course: Course) -> dict[str, str]:
    """Where files that are no pages come to stand, by path."""
    pages = {file.src_uri for file in course.pages}
    return {file.src_uri: facts_of(file) for file in course.files if file.src_uri not in pages}


def list_key(course: Course) -> str:
    """The digest of the list of pages."""
    return digest("\n".join(f"{file.src_uri} {file.url}" for file in course.pages).encode("utf-8", "surrogatepass"))


def doubled(course: Course) -> str:
    """A path in the site at which two pages, or two files that are copied, would stand; empty where there is none."""
    seen: set[tuple[bool, str]] = set()
    for file in course.files:
        place = file.is_documentation_page(), file.dest_uri
        if place in seen and file.inclusion.value > InclusionLevel.DRAFT.value:
            return file.dest_uri
        seen.add(place)
    return ""


@dataclass
class Plan:
    """Of each page: what is remembered of making it, where that still holds."""

    lasting: dict[str, Made] = field(default_factory=dict)
    touched: set[str] = field(default_factory=set)
    """Pages whose source has another mark and the same bytes."""
    moved: set[str] = field(default_factory=set)
    """Paths of files, pages or not, that are new, gone, or stand elsewhere."""


def plan(course: Course, past: Past, others: Mapping[str, str]) -> Plan:
    """Compare what is on disk with what the last build saw."""
    found = Plan()
    facts = {file.src_uri: facts_of(file) for file in course.pages}
    known = {path: row.made.facts for path, row in past.rows.items()} | past.texts("others")
    now = facts | dict(others)
    if now != known:
        found.moved = {path for path in now.keys() | known.keys() if now.get(path) != known.get(path)}
    for file in course.pages:
        row = past.rows.get(file.src_uri)
        if row is None or not row.made.lasting or row.made.facts != facts[file.src_uri]:
            continue
        if found.moved and not found.moved.isdisjoint(lines(row.made.files)):
            continue
        made = _unchanged(file, row.made)
        if made is not None:
            found.lasting[file.src_uri] = made
            if made is not row.made:
                found.touched.add(file.src_uri)
    return found


def _unchanged(file: File, made: Made) -> Made | None:
    """What is remembered of a page, with the mark that its source has now; None where its source has other bytes."""
    if file.abs_src_path is not None and made.source and is_same(file.abs_src_path, made.source):
        return made
    source, sum = source_of(file)
    return made._replace(source=source) if sum and sum == made.digest else None


def changes(made: Iterable[Made], past: Past, plan: Plan) -> set[tuple[str, str]]:
    """What there is to read of pages made anew that may be another thing than before: path, attribute."""
    found: set[tuple[str, str]] = set()
    for page in made:
        row = past.rows.get(page.path)
        before = row.made.state if row is not None else "{}"
        found |= {(page.path, "content"), (page.path, "markdown")}
        if before != page.state or UNTOLD in page.state:
            old, new = json.loads(before), json.loads(page.state)
            names = {name for part, name in PARTS.items() if old.get(part) != new.get(part) or new.get(part) is None}
            found |= {(page.path, name) for name in names}
    return found | {(path, name) for path in plan.moved for name in ATTRIBUTES}


@dataclass
class Affected:
    """Whether what a page read has changed since it was rendered."""

    changed: set[tuple[str, str]]
    in_navigation: frozenset[str]
    list_changed: bool
    day: str
    """Of the last build."""
    known: dict[str, bool] = field(default_factory=dict)

    def __call__(self, reads: str) -> bool:
        """Of what `Noted.told` said."""
        if reads not in self.known:
            self.known[reads] = any(self._is(line) for line in lines(reads))
        return self.known[reads]

    def _is(self, line: str) -> bool:
        name, _, path = line.partition(" ")
        if name in ATTRIBUTES:
            if path == NAVIGATION:
                return any(changed in self.in_navigation and what == name for changed, what in self.changed)
            if path == ALL:
                return any(what == name for _, what in self.changed)
            return (path, name) in self.changed
        if line in ("pages", "files"):
            return self.list_changed
        return clock.is_past(line, self.day, clock.now())
