"""The data that views share, such as addresses, cards, links, mentions and trees, computed once per build."""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import combinations
from typing import Any
from urllib.parse import quote

from mlguide_site.config import Settings
from mlguide_site.linking.disambiguation import EntryKey
from mlguide_site.linking.learning_path import in_stages, learning_path
from mlguide_site.linking.linked_catalog import LinkedCatalog
from mlguide_site.linking.mentions import MAX_NAMED
from mlguide_site.linking.rank_related import is_common
from mlguide_site.linking.timestamps import first_spoken
from mlguide_site.model.catalog import Catalog, title_of
from mlguide_site.model.flashcards import Flashcard, flashcards
from mlguide_site.model.records import EpisodeFile, Importance, Kind, ListOrder, SeriesKind, Status, Term
from mlguide_site.model.slugs import KIND_FOLDERS, page_path, page_url, parse_id, sort_key
from mlguide_site.pages import formatting, pagination
from mlguide_site.pages.facets import Filters
from mlguide_site.pages.view import Chip, EntryCard, EpisodeCard, EpisodeCards, Jump, SourceFile, TreeItem, View

GRAPH = "graph/index.md"  # the path of the page with the whole graph
NODES = 60  # maximum number of nodes in a graph; the graph of a larger site contains only topics or only tools
EDGES = 240  # maximum number of edges in a graph
SHARED = 2  # minimum number of episodes of a topic with a graph, and of pairs that are often covered together
NAMED = 12  # maximum number of topics per episode in edges; without a limit, the running time wouldn't be linear
HUES, STAGES = 6, 5  # maximum numbers of colours, and of stages of the learning path
DESCRIPTION = 160  # maximum length of the description in a page's head
SERIES_NAME = 24  # maximum length of a series' title in the short names of its episodes
TEASER, TITLE, NAME = 220, 160, 100  # maximum lengths of a summary, a title, and a role or abbreviation in lists
HUB_CARDS = 4096  # maximum number of cards in memory of a hub, which has the episodes of many shows
ABBREVIATIONS = 3  # maximum number of a term's abbreviations in lists
MAX_BESIDE = 100  # maximum number of entries that `Site.beside` returns, so that the running time stays linear
Notes = Callable[[str], str]  # returns the Markdown of a note or page by id


@dataclass(frozen=True, eq=False)
class Site:
    """The linked catalog, the settings, and the data that views derive from both. The data is computed on first use."""

    linked: LinkedCatalog
    settings: Settings
    notes: Notes

    @property
    def catalog(self) -> Catalog:
        return self.linked.catalog

    def translate(self, key: str, *values: object) -> str:
        return self.settings.wording.translate(key, *values)

    def url(self, path: str) -> str:
        """Return the address of a page, relative to the site root."""
        return page_url(path, self.settings.directories)

    def view(
        self,
        kind: str,
        path: str,
        title: str,
        description: str,
        crumbs: Iterable[Chip] = (),
        found_as: str = "",
        **values: Any,
    ) -> View:
        """Return the view of a page; `values` contains the data for the page's template."""
        root, summary = "../" * self.url(path).count("/") or "./", formatting.clamp(description, DESCRIPTION)
        return View(kind, path, root, title, summary, tuple(crumbs), found_as, values)

    def list_view(
        self, kind: str, number: int, count: int, title: str = "", about: str = "", index: str = "", **values: Any
    ) -> View:
        """Return the view of page `number` of a list with `count` pages. `index` is the path of the first page. The
        default title and description are the labels `<kind>` and `about-<kind>`."""
        title = title or self.translate(kind)
        about = about or self.translate(f"about-{kind}", self.settings.site_name)
        if number > 1:
            title = self.translate("title-page-of", title, number, count)
        index = index or f"{kind}/index.md"
        links = pagination.pager(number, count, lambda n: self.url(pagination.index_page(index, n)))
        return self.view(kind, pagination.index_page(index, number), title, about, pager=links, **values)

    def index_chip(self, folder: str) -> Chip:
        """Return a link to the index in a folder; the folder's name is also the key of the link's label."""
        return Chip(self.translate(folder), self.url(f"{folder}/index.md"))

    def source(self, path: str) -> SourceFile:
        """Return the source file of a page, and the address for editing the file ("" if editing is not set up)."""
        return SourceFile(path, self.settings.edit_url.replace("{path}", path))

    def entry_source(self, kind: str, slug: str) -> SourceFile:
        return self.source(self.catalog.places[kind, slug][0])

    def image(self, series: str, id: str, name: str | None) -> str:
        """Return the address of an episode's image (if `id` is "", of the series' cover), or "" without an image."""
        for path in (
            f"episodes/{series}/{name}",
            f"episodes/{series}/{id}/{name}",
            f"{self.catalog.sites.get(series)}/{name}",
        ):
            if name and path in self.catalog.assets:
                return quote(path)
        return ""

    @cached_property
    def rank(self) -> Mapping[str, int]:
        """The position of each episode in the catalog's order."""
        return {id: at for at, id in enumerate(self.catalog.episodes)}

    @cached_property
    def hues(self) -> Mapping[str, int]:
        """The colour number of each series, counted from 1."""
        return {name: at % HUES + 1 for at, name in enumerate(self.catalog.series)}

    @cached_property
    def cards(self) -> Mapping[str, EpisodeCard]:
        return EpisodeCards(self._card, self.catalog.episodes, HUB_CARDS if self.catalog.sites else None)

    def _card(self, file: EpisodeFile) -> EpisodeCard:
        meta, linked = file.meta, self.linked.episodes.get(file.id)
        opening = formatting.plain_line(linked.document.opening) if linked else ""
        title, label = self.full_title(file), self.label(file)
        return EpisodeCard(
            url=self.url(file.page),
            label="" if label.replace(" · ", ": ") == title else label,
            title=formatting.clamp(title, TITLE),
            date=self.catalog.days[file.id],
            day=formatting.day(meta.date, self.settings.language),
            length=formatting.length(meta.duration, self.translate),
            summary=formatting.teaser(meta.summary or opening, TEASER),
            hue=self.hues.get(file.series, 1),
            state=(meta.type or "") if meta.status is Status.PUBLISHED else meta.status.value,
            notes_as_of=formatting.day(meta.notes_as_of, self.settings.language, "My"),
            has_audio=meta.audio is not None,
            name=label if self.number_label(file) else formatting.clamp(title, TITLE),
        )

    def full_title(self, file: EpisodeFile) -> str:
        """Return an episode's title. With several series, a title that only repeats the number begins with the series,
        as in "Garden School: Day 1"."""
        title, series = file.meta.title, self.catalog.series.get(file.series)
        pattern = rf"[^\W\d]{{0,30}}\W{{0,9}}0*{file.number}[.\s]{{0,9}}[^\W\d]{{0,30}}\W{{0,9}}"
        is_bare = file.number is not None and re.fullmatch(pattern, title)
        return f"{series.title}: {title}" if series and is_bare and len(self.catalog.series) > 1 else title

    def label(self, file: EpisodeFile) -> str:
        """Return an episode's short name, such as "MLG 022", or "" if it has no number. With several series, the name
        begins with the series, as in "Harbour Wire · Episode 600". Without a number, it is the series."""
        label, series = self.number_label(file), self.catalog.series.get(file.series)
        if series is None or len(self.catalog.series) == 1:
            return label
        code, own = self.catalog.codes[file.series], label.removeprefix(series.prefix or "")
        return code + own if own != label else " · ".join(filter(None, (formatting.clamp(code, SERIES_NAME), label)))

    def number_label(self, file: EpisodeFile) -> str:
        """Return an episode's short name without the title of the series, for pages about the series."""
        series, key = self.catalog.series.get(file.series), parse_id(file.series, file.id)
        if series is None or key is None or key.number is None:
            return ""
        if key.season is not None:
            return self.translate(f"season-{series.kind.value}", key.season, key.number)
        if series.prefix:
            return series.numbered(key.number)
        return self.translate(f"number-{series.kind.value}", key.number)

    def cards_of(self, ids: Iterable[str]) -> tuple[EpisodeCard, ...]:
        return tuple(self.cards[id] for id in ids)

    def episode_chips(self, ids: Iterable[str]) -> tuple[Chip, ...]:
        """Return links to episodes, labelled with their short names."""
        return tuple(Chip(card.name, card.url) for card in self.cards_of(ids))

    @cached_property
    def chips(self) -> Mapping[EntryKey, Chip]:
        return {
            (kind, slug): Chip(formatting.clamp(title_of(entry), TITLE), self.url(page_path(kind.value, slug)))
            for kind in Kind
            for slug, entry in self.catalog.entries(kind).items()
        }

    def topics_of(self, id: str) -> list[Chip]:
        """Return links to the topics that an episode lists, in the episode's order."""
        return [chip for slug in self.catalog.episodes[id].meta.topics if (chip := self.chips.get((Kind.TOPIC, slug)))]

    def chips_of(self, kind: Kind, slugs: Iterable[str]) -> tuple[Chip, ...]:
        """Return links to the entries that exist, sorted by title."""
        found = {chip for slug in slugs if (chip := self.chips.get((kind, slug)))}
        return tuple(sorted(found, key=lambda chip: (sort_key(chip.title), chip.url)))

    @cached_property
    def entry_cards(self) -> Mapping[EntryKey, EntryCard]:
        cards = {}
        for (kind, slug), chip in self.chips.items():
            entry, episodes = self.catalog.entries(kind)[slug], self.named_by.get((kind, slug), ())
            given = [*getattr(entry, "abbreviations", ()), formatting.role(getattr(entry, "role", ""), self.translate)]
            names = tuple(formatting.clamp(name, NAME) for name in given[:ABBREVIATIONS] if name)
            summary = formatting.teaser(entry.definition if isinstance(entry, Term) else entry.summary, TEASER)
            only = ((one.name, one.url, one.hue) for one in self.cards_of(episodes if len(episodes) == 1 else ()))
            cards[kind, slug] = EntryCard(chip.url, chip.title, summary, len(episodes), names, tuple(only))
        return cards

    def entry_cards_of(self, kind: Kind, slugs: Iterable[str]) -> tuple[EntryCard, ...]:
        return tuple(self.entry_cards[kind, slug] for slug in slugs)

    def tree_items(self, kind: Kind, nodes: Iterable[pagination.Node]) -> tuple[TreeItem, ...]:
        """Return a nested list of the entries in `nodes`, which are in depth-first order."""
        cards, entries = self.entry_cards, self.catalog.entries(kind)
        return pagination.nested(TreeItem(cards[kind, one.slug], entries[one.slug], one.depth) for one in nodes)

    def most_named(self, kind: Kind, slugs: Iterable[str]) -> list[str]:
        """Return the slugs sorted by number of episodes, highest first."""
        cards = {slug: self.entry_cards[kind, slug] for slug in slugs}
        return sorted(cards, key=lambda slug: (-cards[slug].episodes, sort_key(cards[slug].title), slug))

    @cached_property
    def named_by(self) -> Mapping[EntryKey, tuple[str, ...]]:
        """The ids of the listed episodes that mention each entry, oldest first. A topic's ids include the episodes in
        its `order`. A person's ids include the episodes that mention a resource by this person."""
        shown, dates = self.shown, {id: (self.catalog.days[id] or "undated", at) for id, at in self.rank.items()}
        own, more = self.linked.episodes_of, dict[EntryKey, set[str]]()
        more |= {(Kind.TOPIC, slug): {*topic.order} for slug, topic in self.catalog.topics.items()}
        for id in shown:
            for slug in self.recommended_authors[id]:
                more.setdefault((Kind.PERSON, slug), set()).add(id)
        found = ((key, shown.intersection((*own.get(key, ()), *more.get(key, ())))) for key in {**own, **more})
        return {key: tuple(sorted(ids, key=dates.__getitem__)) for key, ids in found}

    @cached_property
    def shown(self) -> frozenset[str]:
        """The ids of the listed episodes, which are all episodes except cancelled ones."""
        return frozenset(id for ids in self.catalog.listed.values() for id in ids)

    @cached_property
    def newer(self) -> frozenset[str]:
        """The ids of the listed episodes whose notes are newer than the episode."""
        return frozenset(id for id in self.shown if self.catalog.episodes[id].meta.notes_as_of)

    @cached_property
    def requires(self) -> Mapping[str, tuple[str, ...]]:
        """The prerequisites of each episode, without cancelled episodes."""
        return {
            id: tuple(need for need in dict.fromkeys(file.meta.requires) if need in self.shown)
            for id, file in self.catalog.episodes.items()
        }

    @cached_property
    def on_path(self) -> frozenset[str]:
        """The series on the learning path. A podcast or log in the order `newest` is excluded, unless one of its
        episodes has or is a prerequisite. The field `path` of a series overrides this rule."""
        needed = {one for id in self.shown if self.requires[id] for one in (id, *self.requires[id])}
        taught = {self.catalog.episodes[id].series for id in needed}

        def is_on_path(name: str) -> bool:
            series = self.catalog.series.get(name)
            if series is not None and series.path is not None:
                return series.path
            is_course = series is not None and series.kind in (SeriesKind.COURSE, SeriesKind.LECTURES)
            return is_course or name in taught or not self.is_newest_first(name)

        return frozenset(filter(is_on_path, self.catalog.listed))

    @cached_property
    def flashcards(self) -> tuple[Flashcard, ...]:
        """The flashcards in the order of the learning path, each term where it is mentioned first, and other cards
        last. The questions of an episode belong to the topics whose steps include the episode."""
        place, found, steps = self.place, [], {slug: {"", *ids} for slug, ids in self.topic_paths.items()}
        at = self.linked.first_mentions(Kind.TERM, [*place][:-1])
        for card in flashcards(self.catalog):
            topics = [slug for slug in card.topics if card.episode in steps.get(slug, ())]
            ids = self.named_by.get((Kind.TERM, card.slug), ()) if card.is_term else (card.episode,)
            found.append(card._replace(episode=min(ids, key=place.__getitem__, default=""), topics=tuple(topics)))
        return tuple(sorted(found, key=lambda card: (place[card.episode], card.is_term, at.get(card.slug, len(at)))))

    @cached_property
    def scopes(self) -> Mapping[str, int]:
        """The number of flashcards in each scope of a review."""
        return Counter(scope for card in self.flashcards for scope in card.scopes)

    def review_url(self, scope: str) -> str:
        """Return the address for reviewing a set in `scopes`, or "" if the set has no cards."""
        return f"{self.url('review/index.md')}?of={scope}" if scope in self.scopes else ""

    def is_newest_first(self, series: str) -> bool:
        """Return whether the lists of a series start with the latest episode."""
        return (found := self.catalog.series.get(series)) is not None and found.order is ListOrder.NEWEST

    @cached_property
    def stages(self) -> Mapping[str, int]:
        """The stage of each episode on the learning path, in the order of the path (see `in_stages`)."""
        listed = [id for name, ids in self.catalog.listed.items() if name in self.on_path for id in ids]
        return in_stages(listed, self.requires, STAGES)

    @cached_property
    def path(self) -> tuple[str, ...]:
        """The ids of the episodes on the learning path, by stage, each episode after its prerequisites."""
        return tuple(self.stages)

    @cached_property
    def place(self) -> Mapping[str, int]:
        """The position of each episode: those on the learning path, then the others, and last "" for no episode."""
        return {id: at for at, id in enumerate(dict.fromkeys([*self.path, *self.catalog.episodes, ""]))}

    @cached_property
    def topic_paths(self) -> Mapping[str, tuple[str, ...]]:
        """The ids of each topic's steps: its `order` and the episodes that list it, each after its prerequisites. Those
        outside of the path's stages are left out unless `order` lists them, or they are half of a topic without it."""
        found, topics = {}, {id: frozenset(self.catalog.episodes[id].meta.topics) for id in self.shown}
        for slug, topic in self.catalog.topics.items():
            named = self.named_by.get((Kind.TOPIC, slug), ())
            given = [id for id in topic.order if id in self.shown]
            own = sorted((id for id in named if slug in topics[id]), key=self.place.__getitem__)
            taught = [id for id in own if self.stages.get(id, 0) <= STAGES]
            most = min(pagination.ORDERED, max(len(given), pagination.TOPIC_STEPS))
            own = taught if given or 2 * len(taught) > len(own) else own
            ids = [*dict.fromkeys([*given, *own])][:most]
            found[slug] = learning_path(ids, self.requires, pagination.FOLLOWED)[: pagination.ORDERED]
        return found

    def length(self, ids: Iterable[str]) -> str:
        return formatting.total_length([self.catalog.episodes[id].meta.duration or 0 for id in ids], self.translate)

    @cached_property
    def goals(self) -> Mapping[str, set[str]]:
        """The goals of each episode: of its topics (outside of stages: the first), their ancestors, and dependents."""
        topics, files, above = self.catalog.topics, self.catalog.episodes, pagination.with_above
        own = {id: files[id].meta.topics[: 1 if at > STAGES else None] for id, at in self.stages.items()}
        found = {id: {str(goal) for slug in above(topics, own[id]) for goal in topics[slug].goals} for id in self.path}
        for id in reversed(self.path):
            for need in self.requires[id]:
                found.get(need, set()).update(found[id])
        return found

    @cached_property
    def graph_url(self) -> str:
        """The address of the graph, or "" if the graph has no edges."""
        is_linked = any(topic.parent for topic in self.catalog.topics.values())
        if self.is_small:
            episodes = [self.linked.episodes[id] for id in self.shown]
            is_linked = (
                is_linked
                or any(tool.topics for tool in self.catalog.tools.values())
                or any(episode.entries.get(kind) for episode in episodes for kind in (Kind.TOPIC, Kind.TOOL))
                or any(self.requires[one.file.id] or self.shown & one.referenced_by.keys() for one in episodes)
            )
        else:
            is_linked = is_linked or bool(self.folded[2])
        return self.url(GRAPH) if is_linked else ""

    @cached_property
    def is_small(self) -> bool:
        """Whether all episodes, topics and tools of the site fit into one graph."""
        return len(self.shown) + len(self.catalog.topics) + len(self.catalog.tools) <= NODES

    @cached_property
    def folded(self) -> tuple[Kind, frozenset[str], Mapping[tuple[str, str], int]]:
        """The kind and slugs of the most frequent topics (or else tools), and how many episodes each pair shares.
        Pairs that share fewer episodes are omitted if there would be more than `EDGES` pairs."""
        kind = Kind.TOPIC if self.catalog.topics else Kind.TOOL
        best = frozenset(self.most_named(kind, self.catalog.entries(kind))[:NODES])
        ids = {slug: {*self.named_by.get((kind, slug), ())} for slug in sorted(best)}
        shared = {pair: len(ids[pair[0]] & ids[pair[1]]) for pair in combinations(ids, 2)}
        counts = sorted(filter(None, shared.values()), reverse=True)
        least = 1 + counts[EDGES] if len(counts) > EDGES else 1
        return kind, best, {pair: count for pair, count in shared.items() if count >= least}

    @cached_property
    def spoken_at(self) -> Mapping[str, Mapping[EntryKey, int]]:
        """Maps episodes with a transcript to {entry: time of its first mention in the transcript, in seconds}."""
        table = {}
        for id, transcript in self.catalog.transcripts.items():
            if id in self.linked.episodes:
                named = [(kind, slug) for kind, slugs in self.linked.episodes[id].entries.items() for slug in slugs]
                table[id] = first_spoken(transcript, {key: self.catalog.entries(key[0])[key[1]] for key in named})
        return table

    @cached_property
    def neighbours(self) -> Mapping[str, tuple[str, str]]:
        """For each listed episode, the ids of the previous and the next episode in the same series, or ""."""
        return {
            id: (before, after)
            for ids in self.catalog.listed.values()
            for id, before, after in zip(ids, ("", *ids), (*ids[1:], ""), strict=False)
        }

    @cached_property
    def by_year(self) -> Mapping[str, pagination.Grouped]:
        days, size = self.catalog.days, pagination.EPISODES_PER_PAGE
        listed = {name: ids[::-1] if self.is_newest_first(name) else ids for name, ids in self.catalog.listed.items()}
        return {
            name: self._grouped(((id, days[id][:4]) for id in ids), size, "y", f"episodes/{name}")
            for name, ids in listed.items()
        }

    def _grouped(self, items: Iterable[tuple[str, str]], size: int, sign: str, folder: str) -> pagination.Grouped:
        index = f"{folder}/index.md"
        return pagination.grouped([*items], size, sign, lambda at: self.url(pagination.index_page(index, at)))

    def years(self, series: str) -> tuple[Jump, ...]:
        """Return links to the years in a series (at most the last 100), with the numbers of episodes, oldest first."""
        return tuple(sorted(jump for year, jump in self.by_year[series].jumps.items() if year))[-100:]

    @cached_property
    def latest(self) -> tuple[str, ...]:
        """The ids of all dated episodes, latest first."""
        days = self.catalog.days
        return tuple(sorted(filter(days.get, self.shown), key=lambda one: (days[one], self.rank[one]), reverse=True))

    @cached_property
    def newest(self) -> Mapping[str, str]:
        """The id of the latest dated episode of each series, latest first."""
        newest = dict[str, str]()
        for id in self.latest:
            newest.setdefault(self.catalog.episodes[id].series, id)
        return newest

    @cached_property
    def members(self) -> Mapping[EntryKey, Mapping[str, None]]:
        """Maps (kind, topic) to the slugs of the entries that list the topic, by importance and then by mentions."""
        table: dict[EntryKey, dict[str, None]] = {}
        for kind in (Kind.TOOL, Kind.RESOURCE, Kind.TERM):
            entries = self.catalog.entries(kind)
            ranks = {slug: [*Importance, None].index(getattr(one, "importance", None)) for slug, one in entries.items()}
            for slug in sorted(self.most_named(kind, entries), key=ranks.__getitem__):
                for topic in getattr(entries[slug], "topics", ()):
                    table.setdefault((kind, topic), {})[slug] = None
        return table

    @cached_property
    def authors(self) -> Mapping[str, frozenset[str]]:
        """The slugs of the people who are authors of each resource. A resource names its authors by name or alias."""
        slugs = {name.casefold(): by for by, one in self.catalog.people.items() for name in (one.name, *one.aliases)}
        return {
            slug: frozenset(slugs[name.casefold()] for name in resource.authors if name.casefold() in slugs)
            for slug, resource in self.catalog.resources.items()
        }

    @cached_property
    def works(self) -> Mapping[str, dict[str, int]]:
        """For each author, the slugs of the author's resources, and how many of them each resource is part of."""
        found: dict[str, dict[str, int]] = {}
        for slug, _ in pagination.walk(self.below[Kind.RESOURCE], ""):
            for person in self.authors[slug]:
                own = found.setdefault(person, {})
                own[slug] = sum(map(own.__contains__, pagination.above(self.catalog.resources, slug)))
        return found

    @cached_property
    def recommended_authors(self) -> Mapping[str, Sequence[str]]:
        """For each episode, the authors of the resources that it mentions, except participants (see `MAX_NAMED`)."""
        found, roles = dict[str, Sequence[str]](), self.catalog.roles
        for id, one in self.linked.episodes.items():
            slugs = {by for slug in one.entries.get(Kind.RESOURCE, ()) for by in self.authors[slug]} - roles[id].keys()
            found[id] = tuple(sorted(slugs)[: max(0, MAX_NAMED - sum(map(len, one.entries.values())))])
        return found

    @cached_property
    def below(self) -> Mapping[Kind, Mapping[str, tuple[str, ...]]]:
        """The children of topics (most frequent first) and of resources (in file order). "" maps to the top level."""
        ranks = {slug: at for at, slug in enumerate(self.most_named(Kind.TOPIC, self.catalog.topics))}
        resources = pagination.resource_tree(self.catalog.resources, self.named_by, self.catalog.places)
        return {Kind.TOPIC: pagination.tree(self.catalog.topics, ranks.__getitem__), Kind.RESOURCE: resources}

    @cached_property
    def indexes(self) -> Mapping[Kind, pagination.Grouped]:
        """Indexes of tools by category, terms by letter, people by role, topics and resources by top-level entry."""
        named = self.most_named(Kind.PERSON, self.catalog.people)
        named.sort(key=lambda slug: (-self.entry_cards[Kind.PERSON, slug].episodes, -len(self.works.get(slug, ()))))
        parts = [one for id in self.shown for one in self.catalog.episodes[id].meta.people]
        people = pagination.by_part(named, parts, self.works)
        tools = {slug: self.catalog.tools[slug].category for slug in self.most_named(Kind.TOOL, self.catalog.tools)}
        terms, below = {slug: one.term for slug, one in self.catalog.terms.items()}, self.below
        groups: dict[Kind, tuple[str, Iterable[tuple[str, str]]]] = {
            Kind.TERM: ("l", pagination.by_letter(terms).items()),
            Kind.TOOL: ("c", pagination.by_category(tools, self.translate("other")).items()),
            Kind.PERSON: ("p", ((slug, self.translate(part)) for slug, part in people.items())),
            Kind.TOPIC: ("t", pagination.by_branch(below[Kind.TOPIC], self.catalog.topics, "more-topics")),
            Kind.RESOURCE: ("r", pagination.by_branch(below[Kind.RESOURCE], self.catalog.resources, "more-resources")),
        }
        return {
            kind: self._grouped(one, pagination.PER_PAGE[kind], sign, KIND_FOLDERS[kind.value])
            for kind, (sign, one) in groups.items()
        }

    @cached_property
    def filters(self) -> Filters:
        return Filters(self.linked, self.named_by)

    @cached_property
    def common(self) -> frozenset[EntryKey]:
        """The entries that are too frequent to indicate that episodes are related."""
        return frozenset(key for key, found in self.named_by.items() if is_common(len(found), len(self.shown)))

    def beside(self, id: str, kind: Kind) -> Sequence[str]:
        """Return the slugs of an episode's entries of one kind, at most `MAX_BESIDE`."""
        return self.linked.episodes[id].entries.get(kind, ())[:MAX_BESIDE]
