"""The kinds of page. To add a kind, write a view and a template, and add a row to `PAGE_KINDS`."""

from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple

from mlguide_site.model.records import Kind
from mlguide_site.pages import backlinks, entity, episode, episode_lists, graph, home, indexes, transcript
from mlguide_site.pages.site import Site
from mlguide_site.pages.view import Subject, View

Subjects = Callable[[Site], Iterable[Subject]]


class PageKind(NamedTuple):
    """A kind of page: its name, a function that yields its subjects, and a function that returns a subject's view."""

    name: str
    subjects: Subjects
    view: Callable[[Site, Subject], View]


def _numbered(name: str, pages: Callable[[Site], Sequence[object]]) -> Subjects:
    """Return a function that yields a subject for each page of a list."""
    return lambda site: (Subject(name, page=number) for number, _ in enumerate(pages(site), 1))


def _entries(kind: Kind) -> Subjects:
    """Return a function that yields a subject for each entry of a kind."""
    return lambda site: (Subject(kind.value, slug) for slug in site.catalog.entries(kind))


def _index(folder: str) -> PageKind:
    """Return the page kind of an index of knowledge entries."""
    return PageKind(folder, _numbered(folder, lambda site: indexes.pages(site, folder)), indexes.view)


PAGE_KINDS = (
    PageKind("home", lambda _: (Subject("home"),), home.view),
    PageKind("episodes", _numbered("episodes", episode_lists.series_list_pages), episode_lists.series_list_view),
    PageKind(
        "series",
        lambda site: (
            Subject("series", id, at) for id in site.by_year for at in range(1, len(site.by_year[id].pages) + 1)
        ),
        episode_lists.series_view,
    ),
    PageKind("episode", lambda site: (Subject("episode", id) for id in site.catalog.episodes), episode.view),
    PageKind("path", _numbered("path", episode_lists.path_pages), episode_lists.path_view),
    PageKind("graph", graph.subjects, graph.view),
    PageKind("timeline", _numbered("timeline", episode_lists.timeline_pages), episode_lists.timeline_view),
    PageKind(
        "transcript",
        lambda site: (Subject("transcript", id) for id in site.catalog.episodes if id in site.catalog.transcripts),
        transcript.view,
    ),
    _index("topics"),
    PageKind("topic", _entries(Kind.TOPIC), entity.topic_view),
    _index("tools"),
    PageKind("tool", _entries(Kind.TOOL), entity.tool_view),
    _index("resources"),
    PageKind("resource", _entries(Kind.RESOURCE), entity.resource_view),
    _index("glossary"),
    PageKind("term", _entries(Kind.TERM), entity.term_view),
    _index("people"),
    PageKind("person", _entries(Kind.PERSON), lambda site, one: entity.entry_view(site, Kind.PERSON, one.id)),
    PageKind("search", lambda _: (Subject("search"),), indexes.search_view),
    PageKind("mentions", backlinks.subjects, backlinks.view),
    PageKind("page", lambda site: (Subject("page", path) for path in site.catalog.pages), episode.own_page_view),
)
