"""The pages of knowledge entries: tools, resources, terms and people."""

from collections.abc import Iterable
from typing import Any

from mlguide_site.errors import counted
from mlguide_site.model.schema import Kind
from mlguide_site.model.slugs import KIND_FOLDERS, page_path
from mlguide_site.pages.graph import best, related_map
from mlguide_site.pages.mentions import mention_fields
from mlguide_site.pages.pagination import above, walk
from mlguide_site.pages.site import Site
from mlguide_site.pages.timeline import first_named, named_years
from mlguide_site.pages.view import Chip, Subject, View

CHILDREN = 60
"""How many resources below a resource its page shows."""
ALIKE = 8
"""How many other tools of its category a tool's page shows."""


def tool_view(site: Site, subject: Subject) -> View:
    """One tool."""
    slug = subject.id
    tool = site.catalog.tools[slug]
    index = site.indexes[Kind.TOOL]
    title = index.groups[slug]
    category = Chip(title, index.jumps[title].url)
    ids, together = site.named_by.get((Kind.TOOL, slug), ()), site.together.get(slug, ())
    return _view(
        site,
        Kind.TOOL,
        slug,
        (category,),
        category=category,
        years=named_years(site, ids),
        together=site.entry_cards_of(Kind.TOOL, together),
        alike=site.entry_cards_of(Kind.TOOL, [other for other in site.alike[title] if other != slug][:ALIKE]),
        near=related_map(site, (Kind.TOOL, slug), best(site, Kind.TOPIC, tool.topics), together, reversed(ids)),
    )


def resource_view(site: Site, subject: Subject) -> View:
    """One resource; `children_more` counts those below it that its page has no room for."""
    slug = subject.id
    parents = above(site.catalog.resources, slug)
    below = walk(site.subresources, slug)
    return _view(
        site,
        Kind.RESOURCE,
        slug,
        [site.chips[Kind.RESOURCE, parent] for parent in parents[-3:]],
        children=site.tree_items(Kind.RESOURCE, below[:CHILDREN]),
        children_more=max(0, len(below) - CHILDREN),
        parent=site.entry_cards[Kind.RESOURCE, parents[-1]] if parents else None,
    )


def term_view(site: Site, subject: Subject) -> View:
    """One term."""
    terms = site.catalog.terms
    see = [other for other in terms[subject.id].see if other != subject.id and other in terms]
    return _view(site, Kind.TERM, subject.id, see=site.entry_cards_of(Kind.TERM, see))


def person_view(site: Site, subject: Subject) -> View:
    """One person."""
    return _view(site, Kind.PERSON, subject.id)


def _view(site: Site, kind: Kind, slug: str, crumbs: Iterable[Chip] = (), **values: Any) -> View:
    """The page of an entry with what the pages of all kinds of entry show."""
    entry, path, title = site.catalog.entries(kind)[slug], page_path(kind.value, slug), site.chips[kind, slug].title
    ids = site.named_by.get((kind, slug), ())
    named = f"{title}: named in {counted(len(ids), 'episode')} of {site.settings.site_name}."
    return site.view(
        kind.value,
        path,
        title,
        site.summary(entry) or named,
        (site.index_chip(KIND_FOLDERS[kind.value]), *crumbs),
        found_as=kind.value.title(),
        entry=entry,
        topics=site.chips_of(Kind.TOPIC, getattr(entry, "topics", ())),
        first=site.cards.get(first_named(site, ids)),
        source=site.entry_source(kind.value, slug),
        **mention_fields(site, path, kind, slug),
        **values,
    )
