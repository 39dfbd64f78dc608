"""The kinds of page. To add a kind, write a view and a template, and add a row to `PAGE_KINDS`."""

from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple

from mlguide_site.model.records import Kind
from mlguide_site.pages import backlinks, entity, episode, episode_lists, graph, home, indexes, path, review, transcript
from mlguide_site.pages.site import Site
from mlguide_site.pages.view import Subject, View

Subjects = Callable[[Site], Iterable[Subject]]


class PageKind(NamedTuple):
    """A kind of page. `subjects` yields the `Subject` of each page of this kind, and `view` returns the `View` of a
    subject. If `is_index` is true, the path of the first page is `<name>/index.md`."""

    name: str
    subjects: Subjects
    view: Callable[[Site, Subject], View]
    is_index: bool = False


def _list(name: str, pages: Callable[[Site], Sequence[object]], view: Callable[[Site, Subject], View]) -> PageKind:
    return PageKind(
        name, lambda site: (Subject(name, page=number) for number, _ in enumerate(pages(site), 1)), view, is_index=True
    )


def _entries(kind: Kind) -> Subjects:
    return lambda site: (Subject(kind.value, slug) for slug in site.catalog.entries(kind))


def _index(folder: str) -> PageKind:
    return _list(folder, lambda site: indexes.pages(site, folder), indexes.view)


PAGE_KINDS = (
    PageKind("home", lambda _: (Subject("home"),), home.view),
    _list("episodes", episode_lists.series_list_pages, episode_lists.series_list_view),
    PageKind(
        "series",
        lambda site: (
            Subject("series", id, at) for id in site.by_year for at in range(1, len(site.by_year[id].pages) + 1)
        ),
        episode_lists.series_view,
    ),
    PageKind("episode", lambda site: (Subject("episode", id) for id in site.catalog.episodes), episode.view),
    PageKind(
        "transcript",
        lambda site: (Subject("transcript", id) for id in site.catalog.episodes if id in site.catalog.transcripts),
        transcript.view,
    ),
    _list("path", path.pages, path.view),
    _list("review", review.pages, review.view),
    _index("topics"),
    PageKind("topic", _entries(Kind.TOPIC), entity.topic_view),
    _index("tools"),
    PageKind("tool", _entries(Kind.TOOL), entity.tool_view),
    _index("resources"),
    PageKind("resource", _entries(Kind.RESOURCE), entity.resource_view),
    _index("glossary"),
    PageKind("term", _entries(Kind.TERM), entity.term_view),
    _index("people"),
    PageKind("person", _entries(Kind.PERSON), entity.person_view),
    _list("timeline", episode_lists.timeline_pages, episode_lists.timeline_view),
    PageKind("graph", graph.subjects, graph.view, is_index=True),
    PageKind("search", lambda _: (Subject("search"),), indexes.search_view, is_index=True),
    PageKind("mentions", backlinks.subjects, backlinks.view),
    PageKind("page", lambda site: (Subject("page", path) for path in site.catalog.pages), episode.own_page_view),
)
INDEXED = tuple(kind.name for kind in PAGE_KINDS if kind.is_index)  # the folders with an index page
INDEX_PAGES = frozenset(f"{folder}/index.md" for folder in INDEXED)
NAVIGATION = tuple(folder for folder in INDEXED if folder != "search")  # all pages link to the search
