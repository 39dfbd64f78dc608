"""What changed since the last build: why all pages must be rendered, or which pages read something that changed."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from mkdocs_incremental.context import BuildContext, target_of
from mkdocs_incremental.pages import PageRecord
from mkdocs_incremental.signatures import all_same, trees
from mkdocs_incremental.tracking import ALL, FILES, NAVIGATION, PARTS

CAUSES = {
    "settings": "the settings changed",
    "environment": "the settings changed",
    "navigation": "the navigation changed",
    "interpreter": "Python changed",
}
"""Facts that every page depends on, with the reason for a full build that each gives."""


@dataclass(frozen=True)
class Build:
    """A build, as the cache or the memory has it."""

    facts: Mapping[str, Any]
    records: Mapping[str, PageRecord]

    @property
    def outputs(self) -> set[str]:
        """The files that it made, plugins aside, by path in the site."""
        pages = {record.output for record in self.records.values() if not record.is_empty}
        return pages | set(self.facts["statics"]) | set(self.facts["templates"])


def changed_outside(previous: Build, site: str) -> str:
    """Why nothing of the last build can be used, as far as files tell; empty where it can."""
    facts = previous.facts
    if facts.get("site") != site:
        return "the cache is of another site"
    if not all_same(facts["outputs"]):
        return "the site was changed since the last build"
    if not all_same(facts["programs"]):
        return "hooks or programs changed"
    return "" if all_same(facts["installed"]) else "installed packages changed"


def changed_everywhere(previous: Build, facts: Mapping[str, Any], themes: Iterable[str]) -> str:
    """Why every page must be rendered again, by facts of both builds; empty where none must."""
    for name, reason in CAUSES.items():
        if previous.facts[name] != facts[name]:
            return reason
    theme = previous.facts["theme"]
    return "" if theme.keys() == set(trees(themes)) and all_same(theme) else "the theme changed"


def moved_files(context: BuildContext, previous: Build, targets: Mapping[str, str]) -> frozenset[str]:
    """The paths of files, pages or not, that are new, gone or written to another place; `targets` are those of files
    that are no pages."""
    now = {file.src_uri: target_of(file) for file in context.pages} | dict(targets)
    before = {path: record.target for path, record in previous.records.items()} | previous.facts["targets"]
    return frozenset(path for path in now.keys() | before.keys() if now.get(path) != before.get(path))


def in_place(previous: Build, moved: frozenset[str]) -> dict[str, PageRecord]:
    """The records of pages that neither moved nor looked up a file that did."""
    return {
        path: record
        for path, record in previous.records.items()
        if path not in moved and moved.isdisjoint(record.lookups.split("\n"))
    }


def changed_parts(fresh: Iterable[PageRecord], previous: Build, moved: Iterable[str]) -> frozenset[tuple[str, str]]:
    """The parts of pages that may differ from the last build, each with the path of the page."""
    parts = set(PARTS.values())
    found = {(part, path) for path in moved for part in parts}
    if found:
        found.add((FILES, ALL))
    for record in fresh:
        before = previous.records.get(record.path)
        if before is None:
            found |= {(part, record.path) for part in parts}
            continue
        if before.title != record.title:
            found.add(("title", record.path))
        if before.meta != record.meta or not record.meta:
            found.add(("meta", record.path))
        if before.digest != record.digest or before.anchors != record.anchors or not before.reusable:
            found.add(("body", record.path))
    return frozenset(found)


class Affected:
    """Whether something that a template read has changed since."""

    def __init__(self, changed: frozenset[tuple[str, str]], navigation: frozenset[str]) -> None:
        """`navigation` are the paths of its pages."""
        in_navigation = {(part, NAVIGATION) for part, path in changed if path in navigation}
        anywhere = {(part, ALL) for part, _ in changed}
        self._changed = {f"{part} {path}" for part, path in changed | in_navigation | anywhere}
        self._known: dict[str, bool] = {"": False}

    def __call__(self, reads: str) -> bool:
        """Of what `Reads.summary` returned."""
        if reads not in self._known:
            self._known[reads] = not self._changed.isdisjoint(reads.split("\n"))
        return self._known[reads]
