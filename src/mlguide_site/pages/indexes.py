"""The index of each kind of knowledge entry, each of which exists even where it is empty; the search page."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, ClassVar, NamedTuple, TypeVar

from mlguide_site.model import Kind
from mlguide_site.model.slugs import KIND_FOLDERS
from mlguide_site.pages.facets import DECK, TABLE, Facet, makes_decks
from mlguide_site.pages.graph import GRAPH
from mlguide_site.pages.lists import Group, Node, index_page, nested, pager, places
from mlguide_site.pages.site import Site
from mlguide_site.pages.view import Chip, EntryCard, Jump, Pager, ResourceRow, SourceFile, Subject, TreeItem, View

V = TypeVar("V", bound="GroupsView")


class CardGroup(NamedTuple):
    """Entries under a title."""

    title: str
    anchor: str
    cards: tuple[EntryCard, ...]


class Branch(NamedTuple):
    """A topic or resource at the top, and what stands below it; `row` only of a resource."""

    card: EntryCard
    row: ResourceRow | None
    items: tuple[TreeItem, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class IndexView(View):
    """What every index shows; `total` counts the entries of the whole kind."""

    total: int
    file: SourceFile
    pager: Pager | None


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupsView(IndexView):
    """An index in groups: tools by category."""

    template: ClassVar[str] = "tools.md.jinja"

    jumps: tuple[Jump, ...]
    groups: tuple[CardGroup, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class GlossaryView(GroupsView):
    """The glossary, A to Z. `deck` and `table` are the addresses of what can be taken along; the deck's is empty where
    no term is defined."""

    template: ClassVar[str] = "glossary.md.jinja"

    deck: str = ""
    table: str = TABLE


@dataclass(frozen=True, slots=True, kw_only=True)
class PeopleView(GroupsView):
    """The people, A to Z."""

    template: ClassVar[str] = "people.md.jinja"


@dataclass(frozen=True, slots=True, kw_only=True)
class TopicsView(IndexView):
    """The topics as a tree; `singles` have none above or below them, `graph` is the address of the whole graph."""

    template: ClassVar[str] = "topics.md.jinja"

    graph: str
    branches: tuple[Branch, ...]
    singles: tuple[EntryCard, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ResourcesView(IndexView):
    """The resources as a tree; `singles` have none above or below them. `filters` are what they can be chosen by,
    `by_episode` whether episodes are among that."""

    template: ClassVar[str] = "resources.md.jinja"

    branches: tuple[Branch, ...]
    singles: tuple[TreeItem, ...]
    filters: tuple[Facet, ...]
    by_episode: bool


def tools_view(site: Site, subject: Subject) -> GroupsView:
    """A page of the index of tools."""
    return _groups_view(site, subject, GroupsView, Kind.TOOL, "Tools", "tools", site.tool_pages)


def glossary_view(site: Site, subject: Subject) -> GlossaryView:
    """A page of the glossary."""
    view = _groups_view(site, subject, GlossaryView, Kind.TERM, "Glossary", "glossary", site.term_pages)
    return replace(
        view, deck=DECK if makes_decks() and any(term.definition for term in site.catalog.terms.values()) else ""
    )


def people_view(site: Site, subject: Subject) -> PeopleView:
    """A page of the index of people."""
    return _groups_view(site, subject, PeopleView, Kind.PERSON, "People", "people", site.people_pages)


def _groups_view(
    site: Site, subject: Subject, view: type[V], kind: Kind, title: str, name: str, pages: Sequence[Sequence[Group]]
) -> V:
    index = f"{name}/index.md"

    def url(number: int) -> str:
        return site.url(index_page(index, number))

    total = len(site.catalog.entries(kind))
    return view(
        **_head(site, index, title, subject.page, len(pages), total),
        file=site.source(f"knowledge/{name}.yml"),
        jumps=tuple(Jump(place.title, f"{url(place.page)}#{place.anchor}", place.size) for place in places(pages)),
        groups=tuple(
            CardGroup(group.title, group.anchor, tuple(site.entry_cards[kind, slug] for slug in group.slugs))
            for group in pages[subject.page - 1]
        ),
    )


def topics_view(site: Site, subject: Subject) -> TopicsView:
    """A page of the index of topics."""
    pages = site.topic_pages
    branches, singles = _branches(site, Kind.TOPIC, pages[subject.page - 1], site.subtopics)
    return TopicsView(
        **_head(site, "topics/index.md", "Topics", subject.page, len(pages), len(site.catalog.topics)),
        file=site.source("knowledge/topics.yml"),
        graph=site.url(GRAPH) if site.has_edges else "",
        branches=branches,
        singles=tuple(item.card for item in singles),
    )


def resources_view(site: Site, subject: Subject) -> ResourcesView:
    """A page of the index of resources."""
    pages = site.resource_pages
    branches, singles = _branches(site, Kind.RESOURCE, pages[subject.page - 1], site.subresources)
    return ResourcesView(
        **_head(site, "resources/index.md", "Resources", subject.page, len(pages), len(site.catalog.resources)),
        file=site.source("knowledge/resources.yml"),
        branches=branches,
        singles=singles,
        filters=site.facets,
        by_episode=site.resources_by_episode,
    )


def _branches(
    site: Site, kind: Kind, page: Sequence[Sequence[Node]], children: Mapping[str, Sequence[str]]
) -> tuple[tuple[Branch, ...], tuple[TreeItem, ...]]:
    """The trees of a page with more than one entry, and the entries that have none above or below them."""

    def item(node: Node) -> tuple[EntryCard, int, ResourceRow | None]:
        row = site.resource_rows[node.slug] if kind is Kind.RESOURCE else None
        return site.entry_cards[kind, node.slug], node.depth, row

    trees = []
    for head, *below in page:
        card, _, row = item(head)
        if below:
            trees.append(Branch(card, row, nested(map(item, below))))
    return tuple(trees), nested(item(head) for head, *_ in page if not children.get(head.slug))


def _head(site: Site, index: str, title: str, number: int, count: int, total: int) -> dict[str, Any]:
    """The fields that all indexes share."""
    page = f", page {number} of {count}" if number > 1 else ""
    return {
        **site.head(
            index_page(index, number),
            site.say("{}, page {} of {}", site.say(title), number, count) if number > 1 else site.say(title),
            f"{title} of {site.settings.site_name}, {total} in all{page}.",
        ),
        "total": total,
        "pager": pager(number, count, lambda n: site.url(index_page(index, n))),
    }


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


def search_view(site: Site, _subject: Subject) -> SearchView:
    """The page of the search."""
    return SearchView(
        path=PATH,
        root=site.root(PATH),
        title=site.say("Search"),
        description=f"Search {site.settings.site_name}: episodes, topics, tools, resources, terms and people.",
        indexes=tuple(site.index_chip(title, folder) for title, folder in _filled(site)),
        host=site.settings.site_url.partition("://")[2].rstrip("/"),
    )


def _filled(site: Site) -> Iterator[tuple[str, str]]:
    """The indexes that have something, and their folders."""
    counts = {KIND_FOLDERS[kind.value]: len(site.catalog.entries(kind)) for kind in Kind} | {
        "timeline": len(site.latest)
    }
    return (item for item in INDEXES.items() if counts.get(item[1], len(site.shown)))
