"""Compares a site with the last build: finds reasons for a full build, and changed titles, metadata and bodies."""

import functools
from collections.abc import Callable, Collection, Iterable, Mapping
from typing import Any, NamedTuple

from mkdocs_incremental.pages import PageRecord
from mkdocs_incremental.signatures import all_same, tree
from mkdocs_incremental.tracking import ALL, FILES, NAVIGATION, PARTS

CAUSES = {
    "settings": "the settings changed",
    "environment": "the settings changed",
    "navigation": "the navigation changed",
    "interpreter": "Python changed",
}
"""Metadata on which every page depends. Maps each key to the reason for a full build if its value has changed."""


class Build(NamedTuple):
    """The metadata and page records of a build, from the cache or from memory."""

    facts: Mapping[str, Any]
    records: Mapping[str, PageRecord]

    @property
    def outputs(self) -> set[str]:
        """The paths of all files that MkDocs itself wrote into the site, without the files that plugins wrote."""
        targets = self.facts["targets"]
        pages = {targets[path].partition("|")[0] for path, record in self.records.items() if not record.is_empty}
        return pages | set(self.facts["statics"]) | set(self.facts["templates"])


def changed_outside(previous: Build, site: str) -> str:
    """If changes on disk require a full build, return the reason; otherwise, return an empty string."""
    facts = previous.facts
    if facts.get("site") != site:
        return "the cache was written for another site"
    if not all_same(facts["outputs"]):
        return "the site was changed since the last build"
    return "" if all_same(facts["programs"]) else "hooks, programs or installed packages changed"


def changed_everywhere(previous: Build, facts: Mapping[str, Any], themes: Iterable[str]) -> str:
    """If changed metadata or themes require a full build, return the reason; otherwise, return an empty string."""
    for name, reason in CAUSES.items():
        if previous.facts[name] != facts[name]:
            return reason
    theme = previous.facts["theme"]
    return "" if theme.keys() == set(tree(*themes)) and all_same(theme) else "the theme changed"


def changed_parts(fresh: Iterable[PageRecord], previous: Build, moved: Iterable[str]) -> frozenset[tuple[str, str]]:
    """Return the parts that may have changed, such as `("title", "a.md")`, or `(FILES, ALL)` for the list of files."""
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


def affected(changed: Collection[tuple[str, str]], navigation: Collection[str]) -> Callable[[str], bool]:
    """Return a function that tests whether a page uses any of the parts in `changed`. The function's argument is the
    page's `Reads.summary`. `navigation` contains the paths of the pages in the navigation."""
    in_navigation = {(part, NAVIGATION) for part, path in changed if path in navigation}
    anywhere = {(part, ALL) for part, _ in changed}
    lines = {f"{part} {path}" for part, path in {*changed, *in_navigation, *anywhere}}
    return functools.cache(lambda reads: not lines.isdisjoint(reads.split("\n")))
