"""The index of each kind of knowledge entry, each of which exists even where it is empty; the search page."""

from typing import Any

from mlguide_site.model.schema import Kind
from mlguide_site.model.slugs import KIND_FOLDERS
from mlguide_site.pages.facets import DECK, TABLE, facets, makes_decks
from mlguide_site.pages.graph import GRAPH
from mlguide_site.pages.site import Site
from mlguide_site.pages.view import EPISODE, Section, Subject, View


def tools_view(site: Site, subject: Subject) -> View:
    """A page of the index of tools, by category."""
    return _groups(site, Kind.TOOL, subject.page)


def glossary_view(site: Site, subject: Subject) -> View:
    """A page of the glossary, A to Z. `deck` and `table` are the addresses of its downloads; the deck's is empty where
    no term is defined."""
    has_deck = makes_decks() and any(term.definition for term in site.catalog.terms.values())
    return _groups(site, Kind.TERM, subject.page, deck=DECK if has_deck else "", table=TABLE)


def people_view(site: Site, subject: Subject) -> View:
    """A page of the index of people, A to Z."""
    return _groups(site, Kind.PERSON, subject.page)


def topics_view(site: Site, subject: Subject) -> View:
    """A page of the topics as a tree; `graph` is the address of the whole graph."""
    return _tree(site, Kind.TOPIC, subject.page, graph=site.url(GRAPH) if site.has_edges else "")


def resources_view(site: Site, subject: Subject) -> View:
    """A page of the resources as a tree. `filters` are what they can be filtered by, `by_episode` whether episodes are
    among that."""
    ids = {id for slug in site.catalog.resources for id in site.named_by.get((Kind.RESOURCE, slug), ())}
    return _tree(site, Kind.RESOURCE, subject.page, filters=facets(site.linked), by_episode=len(ids) > 1)


def _index(site: Site, kind: Kind, number: int, count: int, **values: Any) -> View:
    """Page `number` of `count` of an index; `total` counts the entries of the whole kind."""
    folder, total = KIND_FOLDERS[kind.value], len(site.catalog.entries(kind))
    title = site.translate(folder)
    return site.list_view(
        folder,
        title,
        f"{title} of {site.settings.site_name}, {total} in all.",
        number,
        count,
        total=total,
        file=site.source(f"knowledge/{folder}.yml"),
        **values,
    )


def _groups(site: Site, kind: Kind, number: int, **values: Any) -> View:
    """A page of an index in groups."""
    index = site.indexes[kind]
    return _index(
        site,
        kind,
        number,
        len(index.pages),
        jumps=tuple(index.jumps.values()),
        groups=tuple(
            Section(title, anchor, site.entry_cards_of(kind, slugs)) for title, anchor, slugs in index.pages[number - 1]
        ),
        **values,
    )


def _tree(site: Site, kind: Kind, number: int, **values: Any) -> View:
    """A page of an index as a tree: the topmost entries with what is below each, and single entries, which have none
    above or below them."""
    pages = site.tree_pages[kind]
    children = site.subresources if kind is Kind.RESOURCE else site.subtopics
    branches = [
        (*site.tree_items(kind, [head]), site.tree_items(kind, below)) for head, *below in pages[number - 1] if below
    ]
    singles = site.tree_items(kind, [head for head, *_ in pages[number - 1] if not children.get(head.slug)])
    return _index(site, kind, number, len(pages), branches=tuple(branches), singles=singles, **values)


def search_view(site: Site, _subject: Subject) -> View:
    """The page of the search, with the indexes that have something."""
    shown = len(site.shown)
    kinds = [
        (folder, len(site.catalog.entries(Kind(kind)))) for kind, folder in KIND_FOLDERS.items() if kind != EPISODE
    ]
    lists = [("episodes", shown), ("path", shown), *kinds, ("timeline", len(site.latest))]
    return site.view(
        "search",
        "search/index.md",
        site.translate("search"),
        f"Search {site.settings.site_name}: episodes, topics, tools, resources, terms and people.",
        indexes=tuple(site.index_chip(folder) for folder, count in lists if count),
        host=site.settings.site_url.partition("://")[2].rstrip("/"),
    )
