"""The page of the search: what to do without script; with it, the dialog opens here."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from mlguide_site.model import Kind
from mlguide_site.model.slugs import KIND_FOLDERS
from mlguide_site.pages.mentions import Subject
from mlguide_site.pages.site import Site
from mlguide_site.pages.view import Chip, View

PATH = "search/index.md"
INDEXES = {
    "Episodes": "episodes",
    "Learning path": "path",
    "Topics": "topics",
    "Tools": "tools",
    "Resources": "resources",
    "Glossary": "glossary",
    "People": "people",
    "Timeline": "timeline",
}
"""What is listed where."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchView(View):
    """All that the page of the search shows."""

    template: ClassVar[str] = "search.md.jinja"

    indexes: tuple[Chip, ...]
    host: str


def subjects(_site: Site) -> Iterator[Subject]:
    """The one page of the search."""
    return iter((Subject("search"),))


def view(site: Site, _subject: Subject) -> SearchView:
    """The page of the search."""
    return SearchView(
        path=PATH,
        root=site.root(PATH),
        title=site.say("Search"),
        description=f"Search {site.settings.site_name}: episodes, topics, tools, resources, terms and people.",
        indexes=tuple(Chip(site.say(title), site.url(f"{folder}/index.md")) for title, folder in _filled(site)),
        host=site.settings.site_url.partition("://")[2].rstrip("/"),
    )


def _filled(site: Site) -> Iterator[tuple[str, str]]:
    """The indexes that have something, and their folders."""
    counts = {KIND_FOLDERS[kind.value]: len(site.catalog.entries(kind)) for kind in Kind} | {
        "timeline": len(site.latest)
    }
    return (item for item in INDEXES.items() if counts.get(item[1], len(site.shown)))
