"""The index of each kind of knowledge entry; each exists even where it is empty."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, ClassVar, NamedTuple, TypeVar

from mlguide_site.model import Kind
from mlguide_site.pages import words
from mlguide_site.pages.groups import Group, places
from mlguide_site.pages.mentions import Subject
from mlguide_site.pages.nearby import GRAPH
from mlguide_site.pages.paging import ENTRIES_PER_PAGE, Node, index_page, nested, pager, walk
from mlguide_site.pages.shelf import DECK, TABLE, Facet
from mlguide_site.pages.site import Site
from mlguide_site.pages.view import EntryCard, Jump, Pager, ResourceRow, SourceFile, TreeItem, View

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


def tools_subjects(site: Site) -> Iterator[Subject]:
    """The pages of the index of tools."""
    return (Subject("tools", page=number + 1) for number in range(len(site.tool_pages)))


def tools_view(site: Site, subject: Subject) -> GroupsView:
    """A page of the index of tools."""
    return _groups_view(site, subject, GroupsView, Kind.TOOL, "Tools", "tools", site.tool_pages)


def glossary_subjects(site: Site) -> Iterator[Subject]:
    """The pages of the glossary."""
    return (Subject("glossary", page=number + 1) for number in range(len(site.term_pages)))


def glossary_view(site: Site, subject: Subject) -> GlossaryView:
    """A page of the glossary."""
    view = _groups_view(site, subject, GlossaryView, Kind.TERM, "Glossary", "glossary", site.term_pages)
    return replace(view, deck=DECK if any(term.definition for term in site.catalog.terms.values()) else "")


def people_subjects(site: Site) -> Iterator[Subject]:
    """The pages of the index of people."""
    return (Subject("people", page=number + 1) for number in range(len(site.people_pages)))


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


def topics_subjects(site: Site) -> Iterator[Subject]:
    """The pages of the index of topics."""
    return (Subject("topics", page=number + 1) for number in range(len(_branches(site.subtopics))))


def topics_view(site: Site, subject: Subject) -> TopicsView:
    """A page of the index of topics."""
    pages = _branches(site.subtopics)
    cards = site.entry_cards
    return TopicsView(
        **_head(site, "topics/index.md", "Topics", subject.page, len(pages), len(site.catalog.topics)),
        file=site.source("knowledge/topics.yml"),
        graph=site.url(GRAPH) if site.is_tied else "",
        branches=tuple(
            Branch(
                cards[Kind.TOPIC, branch[0].slug],
                None,
                nested((cards[Kind.TOPIC, node.slug], node.depth, None) for node in branch[1:]),
            )
            for branch in pages[subject.page - 1]
            if len(branch) > 1
        ),
        singles=tuple(
            cards[Kind.TOPIC, branch[0].slug]
            for branch in pages[subject.page - 1]
            if not site.subtopics.get(branch[0].slug)
        ),
    )


def resources_subjects(site: Site) -> Iterator[Subject]:
    """The pages of the index of resources."""
    return (Subject("resources", page=number + 1) for number in range(len(_branches(site.subresources))))


def resources_view(site: Site, subject: Subject) -> ResourcesView:
    """A page of the index of resources."""
    pages = _branches(site.subresources)
    cards, rows = site.entry_cards, site.resource_rows
    return ResourcesView(
        **_head(site, "resources/index.md", "Resources", subject.page, len(pages), len(site.catalog.resources)),
        file=site.source("knowledge/resources.yml"),
        branches=tuple(
            Branch(
                cards[Kind.RESOURCE, branch[0].slug],
                rows[branch[0].slug],
                nested((cards[Kind.RESOURCE, node.slug], node.depth, rows[node.slug]) for node in branch[1:]),
            )
            for branch in pages[subject.page - 1]
            if len(branch) > 1
        ),
        singles=nested(
            (cards[Kind.RESOURCE, branch[0].slug], 0, rows[branch[0].slug])
            for branch in pages[subject.page - 1]
            if not site.subresources.get(branch[0].slug)
        ),
        filters=site.facets,
        by_episode=site.resources_by_episode,
    )


def _branches(children: Mapping[str, Sequence[str]]) -> list[list[list[Node]]]:
    """The branches of a tree on pages of about as many entries as fit; the head of each comes first.

    A branch that has no end goes on under its head on the next page, cut between the nodes just below the head where
    there is one in time. The nodes below a head are one level higher than `walk` gives them: they begin at depth 0.
    """
    pages: list[list[list[Node]]] = [[]]
    room = ENTRIES_PER_PAGE
    for node in walk(children, ""):
        if room <= 0 and (node.depth < 2 or room <= -ENTRIES_PER_PAGE):
            pages.append([[pages[-1][-1][0]]] if node.depth else [])
            room = ENTRIES_PER_PAGE
        if node.depth == 0:
            pages[-1].append([node])
        else:
            pages[-1][-1].append(Node(node.slug, node.depth - 1))
        room -= 1
    return pages


def _head(site: Site, index: str, title: str, number: int, count: int, total: int) -> dict[str, Any]:
    """The fields that all indexes share."""
    path = index_page(index, number)
    page = f", page {number} of {count}" if number > 1 else ""
    return {
        "path": path,
        "root": site.root(path),
        "title": site.say("{}, page {} of {}", site.say(title), number, count) if number > 1 else site.say(title),
        "description": words.clamp(f"{title} of {site.settings.site_name}, {total} in all{page}.", 160),
        "total": total,
        "pager": pager(number, count, lambda n: site.url(index_page(index, n))),
    }
