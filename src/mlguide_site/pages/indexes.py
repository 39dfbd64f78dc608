"""The index of each kind of knowledge entry, each of which exists even where it is empty; the search page."""

from dataclasses import dataclass
from itertools import groupby
from operator import itemgetter
from typing import Any, NamedTuple

from mlguide_site.model.schema import Kind, Resource
from mlguide_site.model.slugs import KIND_FOLDERS
from mlguide_site.pages.facets import DECK, TABLE, Facet, facets, makes_decks
from mlguide_site.pages.graph import GRAPH
from mlguide_site.pages.pagination import Node, nested
from mlguide_site.pages.site import Site
from mlguide_site.pages.view import Chip, EntryCard, Jump, Pager, Section, SourceFile, Subject, TreeItem, View

TITLES = {
    Kind.TOPIC: "topics",
    Kind.TOOL: "tools",
    Kind.RESOURCE: "resources",
    Kind.TERM: "glossary",
    Kind.PERSON: "people",
}


class Branch(NamedTuple):
    """A topic or resource at the top, and what is below it."""

    card: EntryCard
    resource: Resource | None
    items: tuple[TreeItem, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class IndexView(View):
    """What every index shows; `total` counts the entries of the whole kind."""

    total: int
    file: SourceFile
    pager: Pager | None


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupsView(IndexView, template="tools.md.jinja"):
    """An index in groups: tools by category."""

    jumps: tuple[Jump, ...]
    groups: tuple[Section[EntryCard], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class GlossaryView(GroupsView, template="glossary.md.jinja"):
    """The glossary, A to Z. `deck` and `table` are the addresses of its downloads; the deck's is empty where no term is
    defined."""

    deck: str
    table: str = TABLE


@dataclass(frozen=True, slots=True, kw_only=True)
class PeopleView(GroupsView, template="people.md.jinja"):
    """The people, A to Z."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TreeView(IndexView):
    """An index as a tree; `singles` have none above or below them."""

    branches: tuple[Branch, ...]
    singles: tuple[TreeItem, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class TopicsView(TreeView, template="topics.md.jinja"):
    """The topics as a tree; `graph` is the address of the whole graph."""

    graph: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ResourcesView(TreeView, template="resources.md.jinja"):
    """The resources as a tree. `filters` are what they can be filtered by, `by_episode` whether episodes are among
    that."""

    filters: tuple[Facet, ...]
    by_episode: bool


def tools_view(site: Site, subject: Subject) -> GroupsView:
    """A page of the index of tools."""
    return GroupsView(**_groups(site, Kind.TOOL, subject.page))


def glossary_view(site: Site, subject: Subject) -> GlossaryView:
    """A page of the glossary."""
    has_deck = makes_decks() and any(term.definition for term in site.catalog.terms.values())
    return GlossaryView(**_groups(site, Kind.TERM, subject.page), deck=DECK if has_deck else "")


def people_view(site: Site, subject: Subject) -> PeopleView:
    """A page of the index of people."""
    return PeopleView(**_groups(site, Kind.PERSON, subject.page))


def topics_view(site: Site, subject: Subject) -> TopicsView:
    """A page of the index of topics."""
    return TopicsView(**_tree(site, Kind.TOPIC, subject.page), graph=site.url(GRAPH) if site.has_edges else "")


def resources_view(site: Site, subject: Subject) -> ResourcesView:
    """A page of the index of resources."""
    ids = {id for slug in site.catalog.resources for id in site.named_by.get((Kind.RESOURCE, slug), ())}
    return ResourcesView(
        **_tree(site, Kind.RESOURCE, subject.page), filters=facets(site.linked), by_episode=len(ids) > 1
    )


def _head(site: Site, kind: Kind, number: int, count: int) -> dict[str, Any]:
    """The fields that all indexes share."""
    folder, total = KIND_FOLDERS[kind.value], len(site.catalog.entries(kind))
    title = site.translate(TITLES[kind])
    description = f"{title} of {site.settings.site_name}, {total} in all."
    return {
        **site.list_head(f"{folder}/index.md", title, description, number, count),
        "total": total,
        "file": site.source(f"knowledge/{folder}.yml"),
    }


def _groups(site: Site, kind: Kind, number: int) -> dict[str, Any]:
    """The fields of an index in groups."""
    pages = site.group_pages[kind]
    runs = groupby(pages[number - 1], key=itemgetter(0))
    return {
        **_head(site, kind, number, len(pages)),
        "jumps": tuple(site.group_jump(kind, group) for group in site.groups[kind]),
        "groups": tuple(
            Section(group.title, group.anchor, site.entry_cards_of(kind, [slug for _, slug in run]))
            for group, run in runs
        ),
    }


def _tree(site: Site, kind: Kind, number: int) -> dict[str, Any]:
    """The fields of an index as a tree: the trees of a page with more than one entry, and single entries."""
    pages = site.tree_pages[kind]
    children = site.subresources if kind is Kind.RESOURCE else site.subtopics

    def item(node: Node) -> tuple[EntryCard, int, Resource | None]:
        resource = site.catalog.resources[node.slug] if kind is Kind.RESOURCE else None
        return site.entry_cards[kind, node.slug], node.depth, resource

    trees = []
    for head, *below in pages[number - 1]:
        if below:
            card, _, resource = item(head)
            trees.append(Branch(card, resource, nested(map(item, below))))
    return {
        **_head(site, kind, number, len(pages)),
        "branches": tuple(trees),
        "singles": nested(item(head) for head, *_ in pages[number - 1] if not children.get(head.slug)),
    }


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchView(View, template="search.md.jinja"):
    """All that the page of the search shows."""

    indexes: tuple[Chip, ...]
    host: str


def search_view(site: Site, _subject: Subject) -> SearchView:
    """The page of the search, with the indexes that have something."""
    lists = [
        ("episodes", "episodes", len(site.shown)),
        ("path", "path", len(site.shown)),
        *((title, KIND_FOLDERS[kind.value], len(site.catalog.entries(kind))) for kind, title in TITLES.items()),
        ("timeline", "timeline", len(site.latest)),
    ]
    return SearchView(
        **site.head(
            "search/index.md",
            site.translate("search"),
            f"Search {site.settings.site_name}: episodes, topics, tools, resources, terms and people.",
        ),
        indexes=tuple(site.index_chip(title, folder) for title, folder, count in lists if count),
        host=site.settings.site_url.partition("://")[2].rstrip("/"),
    )
