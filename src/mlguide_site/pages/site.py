"""What many views share, worked out once per build: addresses, cards, chips, and who names what."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple
from urllib.parse import quote

from mlguide_site.catalog import Catalog, title_of
from mlguide_site.config import Settings
from mlguide_site.linked import Context, LinkedCatalog
from mlguide_site.model import Entry, EpisodeFile, Kind, Person, Status, Term
from mlguide_site.pages import words
from mlguide_site.pages.groups import Group, by_category, by_letter, cut_groups, places
from mlguide_site.pages.overview import Overview, overview
from mlguide_site.pages.paging import ENTRIES_PER_PAGE, index_page
from mlguide_site.pages.view import Chip, EntryCard, EpisodeCard, ResourceRow, SourceFile
from mlguide_site.slugs import page_path, page_url, parse_id

HUES = 6
Notes = Callable[[str], str]
"""The notes of an episode as Markdown for its page, by id."""


class Category(NamedTuple):
    """A category of tools: a link to it in the index, and the slugs of its tools, those named most first."""

    chip: Chip
    best: tuple[str, ...]


class Naming(NamedTuple):
    """An episode that names an entry, and where in its text it does; nowhere if only its front matter says so."""

    id: str
    contexts: tuple[Context, ...]


@dataclass(frozen=True)
class Site:
    """The linked catalog and the settings, with what follows from both, worked out when first asked for."""

    linked: LinkedCatalog
    settings: Settings
    notes: Notes

    @property
    def catalog(self) -> Catalog:
        return self.linked.catalog

    def url(self, path: str) -> str:
        """The address of a page, relative to the site's root."""
        return page_url(path, self.settings.directories)

    def root(self, path: str) -> str:
        """The way from a page to the site's root, ending in a slash."""
        return "../" * self.url(path).count("/") or "./"

    def source(self, path: str) -> SourceFile:
        """The file behind a page."""
        return SourceFile(path, self.settings.edit_address(path))

    def entry_source(self, kind: str, slug: str) -> SourceFile | None:
        """The knowledge file that an entry stands in."""
        place = self.catalog.places.get((kind, slug))
        return self.source(place[0]) if place else None

    @cached_property
    def rank(self) -> Mapping[str, int]:
        """The place of each episode in the catalog's order."""
        return {id: at for at, id in enumerate(self.catalog.episodes)}

    @cached_property
    def hues(self) -> Mapping[str, int]:
        """The colour of each series, from 1."""
        return {name: at % HUES + 1 for at, name in enumerate(self.catalog.series)}

    @cached_property
    def cards(self) -> Mapping[str, EpisodeCard]:
        """Every episode as it stands in lists."""
        return {id: self._card(file) for id, file in self.catalog.episodes.items()}

    def _card(self, file: EpisodeFile) -> EpisodeCard:
        meta = file.meta
        return EpisodeCard(
            url=self.url(page_path("episode", file.id, file.series)),
            label=self.label(file),
            title=meta.title,
            date=meta.date.isoformat()[:10] if meta.date else "",
            day=words.day(meta.date, self.settings.language),
            length=words.length(meta.duration),
            summary=words.clamp(meta.summary, 220),
            hue=self.hues.get(file.series, 1),
            state="" if meta.status is Status.PUBLISHED else meta.status.value,
        )

    def label(self, file: EpisodeFile) -> str:
        """What an episode is called for short."""
        series = self.catalog.series.get(file.series)
        if series is None:
            return ""
        key = parse_id(file.series, file.id)
        return words.label(series, file.number, key.season if key else None)

    @cached_property
    def chips(self) -> Mapping[tuple[Kind, str], Chip]:
        """A link to each entry."""
        return {
            (kind, slug): Chip(title_of(entry), self.url(page_path(kind.value, slug)))
            for kind in Kind
            for slug, entry in self.catalog.entries(kind).items()
        }

    def chips_of(self, kind: Kind, slugs: tuple[str, ...]) -> tuple[Chip, ...]:
        """Links to those entries that exist, by title."""
        chips = self.chips
        found = [chip for slug in slugs if (chip := chips.get((kind, slug)))]
        return tuple(sorted(found, key=lambda chip: (chip.title.casefold(), chip.url)))

    @cached_property
    def entry_cards(self) -> Mapping[tuple[Kind, str], EntryCard]:
        """Every entry as it stands in lists."""
        return {
            (kind, slug): EntryCard(
                url=chip.url,
                title=chip.title,
                summary=words.clamp(self.summary(self.catalog.entries(kind)[slug]), 220),
                episodes=len(self.namings.get((kind, slug), ())),
                names=_names(self.catalog.entries(kind)[slug]),
            )
            for (kind, slug), chip in self.chips.items()
        }

    @staticmethod
    def summary(entry: Entry) -> str:
        """What is said of an entry in a sentence or two."""
        return entry.definition if isinstance(entry, Term) else entry.summary

    @cached_property
    def namings(self) -> Mapping[tuple[Kind, str], tuple[Naming, ...]]:
        """For each entry the episodes that name it, in the catalog's order, cancelled ones left out."""
        ids: dict[tuple[Kind, str], set[str]] = {key: set(found) for key, found in self.linked.episodes_of.items()}
        for slug, resource in self.catalog.resources.items():
            if resource.episodes:
                ids.setdefault((Kind.RESOURCE, slug), set()).update(resource.episodes)
        for slug, topic in self.catalog.topics.items():
            if topic.order:
                ids.setdefault((Kind.TOPIC, slug), set()).update(topic.order)
        table = {}
        for key in sorted(ids):
            contexts = by_episode(self.linked.contexts.get(key, ()))
            shown = sorted((ids[key] | contexts.keys()) & self.shown, key=self.rank.__getitem__)
            table[key] = tuple(Naming(id, tuple(contexts.get(id, ()))) for id in shown)
        return table

    @cached_property
    def shown(self) -> frozenset[str]:
        """The ids of the episodes that stand in lists: those that were not cancelled."""
        return frozenset(id for ids in self.catalog.listed.values() for id in ids)

    @cached_property
    def neighbours(self) -> Mapping[str, tuple[str, str]]:
        """The ids of the episodes before and after each in its series; a cancelled one has none."""
        table: dict[str, tuple[str, str]] = {}
        for ids in self.catalog.listed.values():
            # a series may have no episodes yet
            around = ("", *ids, "")
            table |= {id: (around[at], around[at + 2]) for at, id in enumerate(ids)}
        return table

    def image(self, series: str, id: str, name: str | None) -> str:
        """The address of an episode's picture or, `id` being empty, a series' cover; empty where there is none."""
        for path in (f"episodes/{series}/{name}", f"episodes/{series}/{id}/{name}"):
            if name and path in self.catalog.assets:
                return quote(path)
        return ""

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
                price=next((price for price in (resource.price, *(url.price for url in resource.urls)) if price), ""),
                pick=resource.pick or "",
                below=len(self.subresources.get(slug, ())),
            )
            for slug, resource in self.catalog.resources.items()
        }

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


def by_episode(contexts: Iterable[Context]) -> dict[str, list[Context]]:
    """Backlinks under their episodes; a sentence that has a name twice is there once."""
    table: dict[str, list[Context]] = {}
    seen: set[tuple[str, str, str]] = set()
    for context in contexts:
        key = (context.episode, context.anchor, context.sentence)
        if key not in seen:
            seen.add(key)
            table.setdefault(context.episode, []).append(context)
    return table


def _tree(parents: Mapping[str, str | None], key: Callable[[str], object]) -> dict[str, tuple[str, ...]]:
    """Children of each node; a node whose parent is unknown stands at the top."""
    children: dict[str, list[str]] = {}
    for slug, parent in parents.items():
        children.setdefault(parent if parent in parents and parent is not None else "", []).append(slug)
    return {slug: tuple(sorted(below, key=key)) for slug, below in children.items()}  # type: ignore[arg-type]


def _names(entry: Entry) -> tuple[str, ...]:
    """What stands small beside an entry's name: a term's abbreviations, a person's role."""
    if isinstance(entry, Term):
        return entry.abbreviations
    return (entry.role,) if isinstance(entry, Person) and entry.role else ()
