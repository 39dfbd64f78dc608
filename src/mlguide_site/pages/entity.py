"""The pages of knowledge entries: tools, resources, terms and people."""

from dataclasses import dataclass
from typing import Any

from mlguide_site.errors import counted
from mlguide_site.model.schema import Entry, Kind, Person, Resource, Term, Tool
from mlguide_site.model.slugs import page_path
from mlguide_site.pages.graph import RelatedMap, best, related_map
from mlguide_site.pages.mentions import mention_fields
from mlguide_site.pages.pagination import above, nested, walk
from mlguide_site.pages.site import Site
from mlguide_site.pages.timeline import NamedYear, first_named, named_years
from mlguide_site.pages.view import (
    Chip,
    EntryCard,
    EpisodeCard,
    MentionItem,
    SourceFile,
    Subject,
    TreeItem,
    View,
)

CHILDREN = 60
"""How many resources below a resource its page shows."""
ALIKE = 8
"""How many other tools of its category a tool's page shows."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EntityView(View):
    """What the pages of all kinds of entry show, besides the fields of the `entry` itself."""

    topics: tuple[Chip, ...]
    first: EpisodeCard | None
    mentions: tuple[MentionItem, ...]
    mentions_total: int
    mentions_more: str
    source: SourceFile | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ToolView(EntityView, template="tool.md.jinja", found_as="Tool"):
    """All that the page of a tool shows."""

    entry: Tool
    category: Chip
    years: tuple[NamedYear, ...]
    together: tuple[EntryCard, ...]
    alike: tuple[EntryCard, ...]
    near: RelatedMap | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ResourceView(EntityView, template="resource.md.jinja", found_as="Resource"):
    """All that the page of a resource shows."""

    entry: Resource
    children: tuple[TreeItem, ...]
    children_more: int
    parent: EntryCard | None


@dataclass(frozen=True, slots=True, kw_only=True)
class TermView(EntityView, template="term.md.jinja", found_as="Term"):
    """All that the page of a term shows."""

    entry: Term
    see: tuple[EntryCard, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonView(EntityView, template="person.md.jinja", found_as="Person"):
    """All that the page of a person shows."""

    entry: Person


def tool_view(site: Site, subject: Subject) -> ToolView:
    """One tool."""
    slug = subject.id
    tool = site.catalog.tools[slug]
    category, alike = site.categories[tool.category.casefold()]
    namings, together = site.namings.get((Kind.TOOL, slug), ()), site.together.get(slug, ())
    latest = [naming.id for naming in reversed(namings)]
    return ToolView(
        **_common(site, Kind.TOOL, slug, tool, site.index_chip("tools", "tools"), category),
        entry=tool,
        category=category,
        years=named_years(site, namings),
        together=site.entry_cards_of(Kind.TOOL, together),
        alike=site.entry_cards_of(Kind.TOOL, [other for other in alike if other != slug][:ALIKE]),
        near=related_map(site, (Kind.TOOL, slug), best(site, Kind.TOPIC, tool.topics), together, latest),
    )


def resource_view(site: Site, subject: Subject) -> ResourceView:
    """One resource."""
    slug = subject.id
    resource = site.catalog.resources[slug]
    parents = above(site.catalog.resources, slug)
    crumbs = [site.chips[Kind.RESOURCE, parent] for parent in parents[-3:]]
    below = walk(site.subresources, slug)
    return ResourceView(
        **_common(site, Kind.RESOURCE, slug, resource, site.index_chip("resources", "resources"), *crumbs),
        entry=resource,
        children=nested(
            (site.entry_cards[Kind.RESOURCE, node.slug], node.depth, site.catalog.resources[node.slug])
            for node in below[:CHILDREN]
        ),
        children_more=max(0, len(below) - CHILDREN),
        parent=site.entry_cards[Kind.RESOURCE, parents[-1]] if parents else None,
    )


def term_view(site: Site, subject: Subject) -> TermView:
    """One term."""
    slug = subject.id
    term = site.catalog.terms[slug]
    see = [other for other in term.see if other != slug and other in site.catalog.terms]
    return TermView(
        **_common(site, Kind.TERM, slug, term, site.index_chip("glossary", "glossary")),
        entry=term,
        see=site.entry_cards_of(Kind.TERM, see),
    )


def person_view(site: Site, subject: Subject) -> PersonView:
    """One person."""
    slug = subject.id
    person = site.catalog.people[slug]
    return PersonView(
        **_common(site, Kind.PERSON, slug, person, site.index_chip("people", "people")),
        entry=person,
    )


def _common(site: Site, kind: Kind, slug: str, entry: Entry, *crumbs: Chip) -> dict[str, Any]:
    """The fields that all kinds share."""
    path, title = page_path(kind.value, slug), site.chips[kind, slug].title
    namings = site.namings.get((kind, slug), ())
    named = f"{title}: named in {counted(len(namings), 'episode')} of {site.settings.site_name}."
    return {
        **site.head(path, title, site.summary(entry) or named, *crumbs),
        "topics": site.chips_of(Kind.TOPIC, getattr(entry, "topics", ())),
        "first": site.cards.get(first_named(site, namings)),
        **mention_fields(site, path, kind, slug),
        "source": site.entry_source(kind.value, slug),
    }
