"""The whole site as views see it: addresses, cards, links, who names what, orders, trees; computed once per build."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple
from urllib.parse import quote

from mlguide_site.config import Settings
from mlguide_site.linking.linked import Context, LinkedCatalog
from mlguide_site.linking.paths import learning_path
from mlguide_site.linking.related import companions, is_common
from mlguide_site.linking.spoken import said
from mlguide_site.model import Entry, EpisodeFile, Kind, Person, Status, Term
from mlguide_site.model.catalog import Catalog, title_of
from mlguide_site.model.slugs import page_path, page_url, parse_id
from mlguide_site.pages import words
from mlguide_site.pages.facets import Facet, facets, price_of
from mlguide_site.pages.lists import (
    ENTRIES_PER_PAGE,
    Group,
    Node,
    branch_pages,
    by_category,
    by_letter,
    cut_groups,
    index_page,
    pager,
    places,
    tree,
)
from mlguide_site.pages.view import Chip, EntryCard, EpisodeCard, ResourceRow, SourceFile

HUES = 6
DESCRIPTION = 160
"""Characters of the description in a page's head."""
TEASER = 220
"""Characters that lists say of an episode or an entry."""
Notes = Callable[[str], str]
"""The notes of an episode as Markdown for its page, by id."""


class Naming(NamedTuple):
    """An episode that names an entry, and where in its text it does; nowhere if only its front matter says so."""

    id: str
    contexts: tuple[Context, ...]


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


def _names(entry: Entry) -> tuple[str, ...]:
    """What stands small beside an entry's name: a term's abbreviations, a person's role."""
    if isinstance(entry, Term):
        return entry.abbreviations
    return (entry.role,) if isinstance(entry, Person) and entry.role else ()


class YearStart(NamedTuple):
    """A year, the place in the series of its first episode, counted from 0, and how many it has."""

    year: str
    at: int
    episodes: int


class Overview(NamedTuple):
    """A series' years, the later last; the id of its newest episode, or ""; its length in seconds."""

    years: tuple[YearStart, ...]
    newest: str
    seconds: int


def overview(ids: Sequence[str], files: Mapping[str, EpisodeFile]) -> Overview:
    """The overview of a series whose listed episodes are `ids`, in order."""
    starts: dict[str, YearStart] = {}
    newest, latest, seconds = "", "", 0
    for at, id in enumerate(ids):
        meta = files[id].meta
        seconds += meta.duration or 0
        if meta.date is None:
            continue
        date = meta.date.isoformat()[:10]
        found = starts.get(date[:4], YearStart(date[:4], at, 0))
        starts[date[:4]] = found._replace(episodes=found.episodes + 1)
        if date >= latest:
            newest, latest = id, date
    return Overview(tuple(sorted(starts.values())), newest, seconds)


__all__ = ["Category", "Naming", "Notes", "Site", "by_episode"]


class Category(NamedTuple):
    """A category of tools: a link to it in the index, and the slugs of its tools, those named most first."""

    chip: Chip
    best: tuple[str, ...]


@dataclass(frozen=True)
class Site:
    """The linked catalog and the settings, with everything views need of them, computed on first use."""

    linked: LinkedCatalog
    settings: Settings
    notes: Notes

    @property
    def catalog(self) -> Catalog:
        return self.linked.catalog

    def say(self, phrase: str, *values: object) -> str:
        """A phrase of the site's own, in its language."""
        return self.settings.wording.say(phrase, *values)

    def url(self, path: str) -> str:
        """The address of a page, relative to the site's root."""
        return page_url(path, self.settings.directories)

    def root(self, path: str) -> str:
        """The way from a page to the site's root, ending in a slash."""
        return "../" * self.url(path).count("/") or "./"

    def head(self, path: str, title: str, description: str, *crumbs: Chip) -> dict[str, Any]:
        """The fields that all views share."""
        description = words.clamp(description, DESCRIPTION)
        return {"path": path, "root": self.root(path), "title": title, "description": description, "crumbs": crumbs}

    def list_head(self, index: str, title: str, number: int, size: int, description: str) -> dict[str, Any]:
        """The fields that the pages of a paged list share: page `number` of the list of `size` items."""
        title = self.say(f"{title}, page {{}}", number) if number > 1 else self.say(title)
        head = self.head(index_page(index, number), title, description)
        return head | {"pager": pager(number, size, lambda n: self.url(index_page(index, n)))}

    def index_chip(self, title: str, folder: str) -> Chip:
        """A link to an index."""
        return Chip(self.say(title), self.url(f"{folder}/index.md"))

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
        return {id: self._card(id) for id in self.catalog.episodes}

    def _card(self, id: str) -> EpisodeCard:
        file = self.catalog.episodes[id]
        meta = file.meta
        linked = self.linked.episodes.get(file.id)
        opening = words.plain_line(linked.document.opening) if linked else ""
        return EpisodeCard(
            url=self.url(page_path("episode", file.id, file.series)),
            label=self.label(file),
            title=meta.title,
            date=meta.date.isoformat()[:10] if meta.date else "",
            day=words.day(meta.date, self.settings.language),
            length=words.length(meta.duration),
            summary=words.clamp(meta.summary or opening, TEASER),
            hue=self.hues.get(file.series, 1),
            state="" if meta.status is Status.PUBLISHED else meta.status.value,
        )

    def label(self, file: EpisodeFile) -> str:
        """What an episode is called for short."""
        series = self.catalog.series.get(file.series)
        if series is None:
            return ""
        key = parse_id(file.series, file.id)
        return words.label(series, file.number, key.season if key else None, self.say)

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
        return {key: self._entry_card(key) for key in self.chips}

    def _entry_card(self, key: tuple[Kind, str]) -> EntryCard:
        chip, entry = self.chips[key], self.catalog.entries(key[0])[key[1]]
        return EntryCard(
            url=chip.url,
            title=chip.title,
            summary=words.clamp(self.summary(entry), TEASER),
            episodes=len(self.named_by.get(key, ())),
            names=_names(entry),
        )

    @staticmethod
    def summary(entry: Entry) -> str:
        """What is said of an entry in a sentence or two."""
        return entry.definition if isinstance(entry, Term) else entry.summary

    @cached_property
    def named_by(self) -> Mapping[tuple[Kind, str], tuple[str, ...]]:
        """For each entry the ids of the episodes that name it or that it names, in the catalog's order, cancelled ones
        left out."""
        more = [((Kind.RESOURCE, slug), resource.episodes) for slug, resource in self.catalog.resources.items()]
        more += [((Kind.TOPIC, slug), topic.order) for slug, topic in self.catalog.topics.items()]
        found = self.linked.episodes_of
        joined = {key: {*found.get(key, ()), *ids} for key, ids in more if ids}
        shown, rank = self.shown, self.rank
        return {
            key: tuple(sorted(joined[key] & shown, key=rank.__getitem__))
            if key in joined
            else tuple([id for id in found[key] if id in shown])
            for key in sorted(found.keys() | joined.keys())
        }

    @cached_property
    def namings(self) -> Mapping[tuple[Kind, str], tuple[Naming, ...]]:
        """The same, and where they do."""
        return {key: self._namings(key) for key in self.named_by}

    def _namings(self, key: tuple[Kind, str]) -> tuple[Naming, ...]:
        contexts = by_episode(self.linked.contexts.get(key, ()))
        return tuple(Naming(id, tuple(contexts.get(id, ()))) for id in self.named_by[key])

    @cached_property
    def shown(self) -> frozenset[str]:
        """The ids of the episodes that stand in lists: those that were not cancelled."""
        return frozenset(id for ids in self.catalog.listed.values() for id in ids)

    @cached_property
    def missing(self) -> Mapping[str, tuple[int, ...]]:
        """The numbers that each series lacks between its lowest and its highest."""
        return {name: self.catalog.missing(name) for name in self.catalog.series}

    def image(self, series: str, id: str, name: str | None) -> str:
        """The address of an episode's picture or, `id` being empty, a series' cover; empty where there is none."""
        for path in (f"episodes/{series}/{name}", f"episodes/{series}/{id}/{name}"):
            if name and path in self.catalog.assets:
                return quote(path)
        return ""

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
    def has_edges(self) -> bool:
        """Whether the graph shows anything: whether an entry or episode is linked to another."""
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
        chips, kind = self.chips, Kind.TOPIC
        return tree(self.catalog.topics, lambda slug: (chips[kind, slug].title.casefold(), slug))

    @cached_property
    def subresources(self) -> Mapping[str, tuple[str, ...]]:
        """The slugs of the resources below each resource, in the order of the file; those at the top below ""."""
        places, kind = self.catalog.places, Kind.RESOURCE.value
        return tree(
            self.catalog.resources,
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
    def resource_episodes(self) -> Mapping[str, tuple[str, ...]]:
        """The ids of the episodes that name or recommend each resource."""
        return {slug: self.named_by.get((Kind.RESOURCE, slug), ()) for slug in self.catalog.resources}

    @cached_property
    def resources_by_episode(self) -> bool:
        """Whether resources can be chosen by the episodes that name them: there are at least two such episodes."""
        return len({id for ids in self.resource_episodes.values() for id in ids}) > 1

    @cached_property
    def topic_pages(self) -> list[list[list[Node]]]:
        """The index of topics, as trees."""
        return branch_pages(self.subtopics)

    @cached_property
    def resource_pages(self) -> list[list[list[Node]]]:
        """The index of resources, as trees."""
        return branch_pages(self.subresources)

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
