"""What the site is made of, worked out once per build: addresses, cards, chips, and who names what."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple
from urllib.parse import quote

from mlguide_site.config import Settings
from mlguide_site.linking.linked import Context, LinkedCatalog
from mlguide_site.model import Entry, EpisodeFile, Kind, Person, Status, Term
from mlguide_site.model.catalog import Catalog, title_of
from mlguide_site.model.on_demand import OnDemand
from mlguide_site.model.slugs import page_path, page_url, parse_id
from mlguide_site.pages import words
from mlguide_site.pages.view import Chip, EntryCard, EpisodeCard, SourceFile

HUES = 6
TEASER = 220
"""Characters that lists say of an episode or an entry."""
MOST_NAMINGS = 64
"""Of so many entries it is remembered where episodes name them: more than one page in a row asks for it."""
Notes = Callable[[str], str]
"""The notes of an episode as Markdown for its page, by id."""


class Naming(NamedTuple):
    """An episode that names an entry, and where in its text it does; nowhere if only its front matter says so."""

    id: str
    contexts: tuple[Context, ...]


@dataclass(frozen=True)
class Contents:
    """The linked catalog and the settings, with cards and links of all that is in it."""

    linked: LinkedCatalog
    settings: Settings
    notes: Notes

    @property
    def catalog(self) -> Catalog:
        return self.linked.catalog

    def close(self) -> None:
        """Let go of all that it knows: what is made on demand refers to it, and it to that, so that nothing else would
        free either as long as garbage isn't looked for. Of no use any more after that."""
        self.__dict__.clear()

    def say(self, phrase: str, *values: object) -> str:
        """A phrase of the site's own, in its language."""
        return self.settings.wording.say(phrase, *values)

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
        return OnDemand(self.catalog.episodes, self._card)

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
        return OnDemand(self.chips, self._entry_card)

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
        return OnDemand(self.named_by, self._namings, MOST_NAMINGS)

    def _namings(self, key: tuple[Kind, str]) -> tuple[Naming, ...]:
        contexts = by_episode(self.linked.contexts.get(key, ()))
        return tuple(Naming(id, tuple(contexts.get(id, ()))) for id in self.named_by[key])

    @cached_property
    def shown(self) -> frozenset[str]:
        """The ids of the episodes that stand in lists: those that were not cancelled."""
        return frozenset(id for ids in self.catalog.listed.values() for id in ids)

    @cached_property
    def cancelled(self) -> Mapping[str, tuple[str, ...]]:
        """The ids of each series' episodes that stand in no list."""
        return {name: tuple(id for id in ids if id not in self.shown) for name, ids in self.catalog.by_series.items()}

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
