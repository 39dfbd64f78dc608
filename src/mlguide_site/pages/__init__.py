"""The kinds of page: for each its subjects, and the view that its template sees."""

from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple

from mlguide_site.config import Settings
from mlguide_site.linking.linked import LinkedCatalog
from mlguide_site.pages import (
    entity,
    episode,
    graph,
    home,
    index,
    mentions,
    path,
    search,
    series,
    timeline,
    topic,
    transcript,
)
from mlguide_site.pages.mentions import Subject
from mlguide_site.pages.site import Notes, Site
from mlguide_site.pages.view import View

__all__ = ["PAGE_KINDS", "Notes", "PageKind", "Site", "Subject", "View", "views"]


class PageKind(NamedTuple):
    """A kind of page: its name, what there are pages of, and the view of each."""

    name: str
    subjects: Callable[[Site], Iterable[Subject]]
    view: Callable[[Site, Subject], View]


PAGE_KINDS = (
    PageKind("home", home.subjects, home.view),
    PageKind("episodes", series.all_subjects, series.all_view),
    PageKind("series", series.subjects, series.view),
    PageKind("episode", episode.subjects, episode.view),
    PageKind("path", path.subjects, path.view),
    PageKind("graph", graph.subjects, graph.view),
    PageKind("timeline", timeline.subjects, timeline.view),
    PageKind("transcript", transcript.subjects, transcript.view),
    PageKind("topics", index.topics_subjects, index.topics_view),
    PageKind("topic", topic.subjects, topic.view),
    PageKind("tools", index.tools_subjects, index.tools_view),
    PageKind("tool", entity.tool_subjects, entity.tool_view),
    PageKind("resources", index.resources_subjects, index.resources_view),
    PageKind("resource", entity.resource_subjects, entity.resource_view),
    PageKind("glossary", index.glossary_subjects, index.glossary_view),
    PageKind("term", entity.term_subjects, entity.term_view),
    PageKind("people", index.people_subjects, index.people_view),
    PageKind("person", entity.person_subjects, entity.person_view),
    PageKind("search", search.subjects, search.view),
    PageKind("mentions", mentions.subjects, mentions.view),
)


def views(linked: LinkedCatalog, settings: Settings, notes: Notes) -> Iterator[View]:
    """The views of all pages, kind by kind. `notes` gives an episode's notes as Markdown for its page, by id."""
    site = Site(linked, settings, notes)
    for kind in PAGE_KINDS:
        for subject in kind.subjects(site):
            yield kind.view(site, subject)
