"""What a root's settings name of its site that isn't there: checks and builds ask alike."""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import replace
from pathlib import Path, PurePosixPath
from types import MappingProxyType
from typing import Any

from mlguide_site.content.site_settings import PATH, read_named
from mlguide_site.errors import Problem, Severity, Span, suggestion, visible
from mlguide_site.model import EntryStatus, Status
from mlguide_site.model.catalog import Catalog
from mlguide_site.publish.redirects import check_moved, index_titles, page_titles


def check_site(root: Path, catalog: Catalog, found: Iterable[Problem]) -> tuple[Problem, ...]:
    """Pages of the navigation and targets of former addresses that a site of this catalog lacks, sorted. `found` are
    the problems with the content: what could not be read is not reported as missing. Raises ResourceError."""
    unread = catalog.broken if any(problem.severity is Severity.ERROR for problem in found) else frozenset()
    if any(name.startswith("knowledge/") for name in unread):
        return ()
    named = read_named(root)
    moved = [move for move in named.redirects if not _is_among(move[1], unread)]
    missing = _missing([page for page in named.pages if not _is_among(page[0], unread)], catalog)
    return tuple(sorted({*check_moved(catalog, moved), *missing}))


def published(catalog: Catalog) -> Catalog:
    """A catalog without its drafts, which no site has but the preview's."""
    episodes = {id: file for id, file in catalog.episodes.items() if file.meta.status is not Status.DRAFT}
    tables: dict[str, Any] = {}
    for name in ("topics", "tools", "resources", "terms", "people"):
        entries = getattr(catalog, name).items()
        tables[name] = MappingProxyType({slug: one for slug, one in entries if one.status is not EntryStatus.DRAFT})
    return replace(catalog, episodes=MappingProxyType(episodes), **tables)


def _is_among(address: str, names: Collection[str]) -> bool:
    return any(part.removesuffix(".md").removesuffix(".html") in names for part in address.split("/"))


def _missing(named: Iterable[tuple[str, Span]], catalog: Catalog) -> Iterator[Problem]:
    few = index_titles(catalog)
    unsure = [(path, span) for path, span in named if path not in few and path not in catalog.assets]
    # of thousands of pages a navigation names none, or hardly any
    pages = page_titles(catalog) if unsure else few
    for path, span in unsure:
        if path in pages or _is_made_besides(path):
            continue
        near = next((page for page in (f"{path}/index.md", f"{path}.md") if page in pages), "")
        otherwise = "correct the path, or remove the line"
        remedy = f'did you mean "{near}"?' if near else suggestion(path, sorted(pages), otherwise)
        message = f'the navigation names "{visible(path)[:80]}", which is not on this site'
        yield Problem(PATH, span, message, remedy, Severity.WARNING)


def _is_made_besides(path: str) -> bool:
    """Whether a path is of a form that pages besides those of entries and episodes have, or files of the site's look:
    only the engine knows which of these there are.

    >>> _is_made_besides("episodes/a/page/2.md"), _is_made_besides("pth/index.md")
    (True, False)
    """
    place = PurePosixPath(path)
    is_page = place.parent.name == "page" or place.name in ("graph.md", "transcript.md")
    return is_page or place.name.startswith("mentions-") or place.suffix == ".html" or place.parts[:1] == ("assets",)
