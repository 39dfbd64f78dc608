"""What many views share besides cards and links: orders, trees, groups of the indexes, what belongs together."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from mlguide_site.linking.paths import learning_path
from mlguide_site.linking.related import is_common
from mlguide_site.model import Kind
from mlguide_site.pages import words
from mlguide_site.pages.contents import Contents, Naming, Notes, by_episode
from mlguide_site.pages.dots import Dot, DotKey, dots
from mlguide_site.pages.groups import Group, by_category, by_letter, cut_groups, places
from mlguide_site.pages.overview import Overview, overview
from mlguide_site.pages.paging import ENTRIES_PER_PAGE, index_page
from mlguide_site.pages.said import said
from mlguide_site.pages.shelf import Facet, facets, price_of, resource_episodes
from mlguide_site.pages.together import companions
from mlguide_site.pages.view import Chip, ResourceRow

__all__ = ["Category", "Naming", "Notes", "Site", "by_episode"]


class Category(NamedTuple):
    """A category of tools: a link to it in the index, and the slugs of its tools, those named most first."""

    chip: Chip
    best: tuple[str, ...]


@dataclass(frozen=True)
class Site(Contents):
    """The contents, with what follows from all of them together, worked out when first asked for."""

    @cached_property
    def requires(self) -> Mapping[str, tuple[str, ...]]:
        """What each episode requires, as far as it stands in lists."""
        episodes = self.catalog.episodes
        return {
            id: tuple(need for need in dict.fromkeys(file.meta.requires) if need in self.shown)
            for id, file in episodes.items()
        }

    @cached_property
    def path(self) -> tuple[str, ...]:
        """The ids of all episodes that stand in lists, series by series, each behind what it requires."""
        ids = [id for listed in self.catalog.listed.values() for id in listed]
        return learning_path(ids, self.requires)

    @cached_property
    def path_seconds(self) -> int:
        """How long all of them last."""
        return sum(self.catalog.episodes[id].meta.duration or 0 for id in self.path)

    @cached_property
    def front_matter_topics(self) -> Mapping[str, tuple[str, ...]]:
        """For each topic the ids of the episodes whose front matter has it, in the catalog's order."""
        table: dict[str, list[str]] = {}
        for id in sorted(self.shown, key=self.rank.__getitem__):
            for topic in dict.fromkeys(self.catalog.episodes[id].meta.topics):
                table.setdefault(topic, []).append(id)
        return {slug: tuple(ids) for slug, ids in table.items()}

    @cached_property
    def ordered_topics(self) -> Mapping[str, tuple[str, ...]]:
        """For each episode that stands in lists the topics whose order has it though it names none of them."""
        table: dict[str, list[str]] = {}
        for slug, topic in self.catalog.topics.items():
            for id in set(topic.order) & self.shown:
                if slug not in self.linked.episodes[id].entries.get(Kind.TOPIC, ()):
                    table.setdefault(id, []).append(slug)
        return {id: tuple(slugs) for id, slugs in table.items()}

    @cached_property
    def dots(self) -> Mapping[DotKey, Dot]:
        """Every episode, topic and tool as a point of a drawing."""
        return dots(self.cards, self.chips)

    @cached_property
    def is_tied(self) -> bool:
        """Whether anything is tied to anything else: without that the graph shows nothing."""
        topics, shown = self.catalog.topics, self.shown
        if any(topic.parent != slug and topic.parent in topics for slug, topic in topics.items()):
            return True
        if any(topic in topics for tool in self.catalog.tools.values() for topic in tool.topics):
            return True
        episodes = ((id, self.linked.episodes[id]) for id in shown)
        return any(
            episode.entries.get(Kind.TOPIC)
            or episode.entries.get(Kind.TOOL)
            or self.requires[id]
            or any(one.target in shown for one in episode.references)
            for id, episode in episodes
        )

    @cached_property
    def said(self) -> Mapping[str, Mapping[tuple[Kind, str], int]]:
        """For each episode that has a transcript, the second at which it first names an entry."""
        return said(self.catalog, self.linked.episodes)

    @cached_property
    def neighbours(self) -> Mapping[str, tuple[str, str]]:
        """The ids of the episodes before and after each in its series; a cancelled one has none."""
        table: dict[str, tuple[str, str]] = {}
        for ids in self.catalog.listed.values():
            # a series may have no episodes yet
            around = ("", *ids, "")
            table |= {id: (around[at], around[at + 2]) for at, id in enumerate(ids)}
        return table

    @cached_property
    def overviews(self) -> Mapping[str, Overview]:
        """Each series at a glance."""
        return {name: overview(ids, self.catalog.episodes) for name, ids in self.catalog.listed.items()}

    @cached_property
    def latest(self) -> tuple[str, ...]:
        """The ids of the dated episodes of all series, the latest first."""
        files = [file for id in self.shown if (file := self.catalog.episodes[id]).meta.date]
        files.sort(key=lambda file: (str(file.meta.date), self.rank[file.id]), reverse=True)
        return tuple(file.id for file in files)

    @cached_property
    def members(self) -> Mapping[tuple[Kind, str], frozenset[str]]:
        """The slugs of the entries of a kind that name a topic as theirs, by kind and topic."""
        table: dict[tuple[Kind, str], set[str]] = {}
        for kind in (Kind.TOOL, Kind.RESOURCE, Kind.TERM):
            for slug, entry in self.catalog.entries(kind).items():
                for topic in getattr(entry, "topics", ()):
                    table.setdefault((kind, topic), set()).add(slug)
        return {key: frozenset(slugs) for key, slugs in table.items()}

    @cached_property
    def subtopics(self) -> Mapping[str, tuple[str, ...]]:
        """The slugs of the topics below each topic, by name; those at the top below ""."""
        return _tree({slug: topic.parent for slug, topic in self.catalog.topics.items()}, self._by_title(Kind.TOPIC))

    @cached_property
    def subresources(self) -> Mapping[str, tuple[str, ...]]:
        """The slugs of the resources below each resource, in the order of the file; those at the top below ""."""
        places, kind = self.catalog.places, Kind.RESOURCE.value
        return _tree(
            {slug: resource.parent for slug, resource in self.catalog.resources.items()},
            lambda slug: (place[1] if (place := places.get((kind, slug))) else (0, 0), slug),
        )

    @cached_property
    def resource_rows(self) -> Mapping[str, ResourceRow]:
        """What lists say of each resource besides its card."""
        return {
            slug: ResourceRow(
                formats=tuple(name for name in resource.formats if name != "other"),
                importance=resource.importance or "",
                difficulty=resource.difficulty or "",
                price=price_of(resource),
                pick=resource.pick or "",
                below=len(self.subresources.get(slug, ())),
                address=resource.urls[0].url if resource.urls else "",
                host=words.host(resource.urls[0].url) if resource.urls else "",
            )
            for slug, resource in self.catalog.resources.items()
        }

    @cached_property
    def facets(self) -> tuple[Facet, ...]:
        """What resources can be chosen by."""
        return facets(self.linked)

    @cached_property
    def resources_by_episode(self) -> bool:
        """Whether resources can be chosen by the episodes that name them: there are at least two such episodes."""
        found = resource_episodes(self.linked).values()
        return len({id for ids in found for id in ids}) > 1

    @cached_property
    def tool_pages(self) -> list[list[Group]]:
        """The index of tools, by category."""
        categories = {slug: tool.category for slug, tool in self.catalog.tools.items()}
        return cut_groups(by_category(categories, self._titles(Kind.TOOL)), ENTRIES_PER_PAGE)

    @cached_property
    def term_pages(self) -> list[list[Group]]:
        """The glossary, by letter."""
        return cut_groups(by_letter(self._titles(Kind.TERM)), ENTRIES_PER_PAGE)

    @cached_property
    def people_pages(self) -> list[list[Group]]:
        """The index of people, by letter."""
        return cut_groups(by_letter(self._titles(Kind.PERSON)), ENTRIES_PER_PAGE)

    @cached_property
    def common(self) -> frozenset[tuple[Kind, str]]:
        """What so many episodes name that it ties none of them to another, nor to what they name besides."""
        total = len(self.shown)
        return frozenset(key for key, found in self.named_by.items() if is_common(len(found), total))

    @cached_property
    def together(self) -> Mapping[str, tuple[str, ...]]:
        """For each tool the slugs of those that are named together with it."""
        shown, common, kind = self.shown, self.common, Kind.TOOL
        return companions(
            {slug: self.named_by.get((kind, slug), ()) for slug in self.catalog.tools},
            {
                id: tuple(slug for slug in episode.entries.get(kind, ()) if (kind, slug) not in common)
                for id, episode in self.linked.episodes.items()
                if id in shown
            },
        )

    @cached_property
    def categories(self) -> Mapping[str, Category]:
        """The categories of tools, by case-folded name."""
        members: dict[str, list[str]] = {}
        for page in self.tool_pages:
            for group in page:
                members.setdefault(group.title.casefold(), []).extend(group.slugs)
        cards = self.entry_cards
        table = {}
        for place in places(self.tool_pages):
            url = f"{self.url(index_page('tools/index.md', place.page))}#{place.anchor}"
            best = sorted(members[place.title.casefold()], key=lambda slug: -cards[Kind.TOOL, slug].episodes)
            table[place.title.casefold()] = Category(Chip(place.title, url), tuple(best))
        return table

    def _titles(self, kind: Kind) -> dict[str, str]:
        return {slug: self.chips[kind, slug].title for slug in self.catalog.entries(kind)}

    def _by_title(self, kind: Kind) -> Callable[[str], tuple[str, str]]:
        return lambda slug: (self.chips[kind, slug].title.casefold(), slug)


def _tree(parents: Mapping[str, str | None], key: Callable[[str], object]) -> dict[str, tuple[str, ...]]:
    """Children of each node; a node whose parent is unknown stands at the top."""
    children: dict[str, list[str]] = {}
    for slug, parent in parents.items():
        children.setdefault(parent if parent in parents and parent is not None else "", []).append(slug)
    return {slug: tuple(sorted(below, key=key)) for slug, below in children.items()}  # type: ignore[arg-type]
