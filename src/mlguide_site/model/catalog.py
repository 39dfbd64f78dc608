"""The catalog: an immutable collection of a root's valid records."""

import sys
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from types import MappingProxyType
from unicodedata import normalize

from mlguide_site.errors import Span
from mlguide_site.model.records import Entry, EpisodeFile, Kind, Person, Resource, Series, Status, Term, Tool, Topic
from mlguide_site.model.slugs import KIND_FOLDERS, gaps, page_path, parse_id
from mlguide_site.model.transcript import Chapter, Transcript

TABLES = {Kind(name): folder for name, folder in KIND_FOLDERS.items() if name in {*Kind}} | {Kind.TERM: "terms"}
"""Maps each kind to the field of `Catalog` that contains its entries. `catalog.json` uses the same names."""


@dataclass(frozen=True)
class Catalog:
    """All records by slug or id: series sorted by position, episodes by series and number, entries by slug."""

    series: Mapping[str, Series]
    episodes: Mapping[str, EpisodeFile]
    topics: Mapping[str, Topic]
    tools: Mapping[str, Tool]
    resources: Mapping[str, Resource]  # not nested: `parent` contains the slug of the parent
    terms: Mapping[str, Term]
    people: Mapping[str, Person]
    # the file and position of each entry, by kind and slug, also of invalid and hidden entries
    places: Mapping[tuple[str, str], tuple[str, Span]]
    # the position of each reference to another entry or episode, by (kind, slug, field, index in the field)
    uses: Mapping[tuple[str, str, str, int], Span] = field(default_factory=lambda: MappingProxyType({}))
    assets: frozenset[str] = frozenset()  # the paths of files beside notes, relative to the root
    ignored: tuple[str, ...] = ()  # names that `mlguide suggest` must not propose
    transcripts: Mapping[str, Transcript] = field(default_factory=lambda: MappingProxyType({}))  # by episode id
    chapters: Mapping[str, tuple[Chapter, ...]] = field(default_factory=lambda: MappingProxyType({}))  # by episode id
    # paths of invalid knowledge files, and ids and slugs of invalid or hidden records; references to them are ignored
    broken: frozenset[str] = frozenset()
    pages: Mapping[str, EpisodeFile] = field(default_factory=lambda: MappingProxyType({}))  # the files in `pages/`
    # maps paths of topic pages to the topics' guides, which are read like files in `pages/`
    guides: Mapping[str, EpisodeFile] = field(default_factory=lambda: MappingProxyType({}))
    # in a hub: maps each series to the folder of its show's site, such as `shows/mla`
    sites: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    # in a hub: maps each entry, by kind and slug, to its slugs in the shows that mention it, by series
    show_slugs: Mapping[tuple[Kind, str], Mapping[str, str]] = field(default_factory=lambda: MappingProxyType({}))

    def series_page(self, series: str) -> str:
        """Return the path of a series' page. In a hub, this is the home page of the show's site."""
        return f"{self.sites.get(series, f'episodes/{series}')}/index.md"

    def show_pages(self, kind: Kind, slug: str) -> Mapping[str, str]:
        """In a hub, return the paths of an entry's pages in the sites of the shows, by series."""
        slugs = self.show_slugs.get((kind, slug), {})
        return {series: f"{self.sites[series]}/{page_path(kind.value, own)}" for series, own in slugs.items()}

    @property
    def texts(self) -> Mapping[str, EpisodeFile]:
        return {**self.episodes, **self.pages, **self.guides}

    def entries(self, kind: Kind) -> Mapping[str, Entry]:
        table: Mapping[str, Entry] = getattr(self, TABLES[kind])
        return table

    @cached_property
    def composed_assets(self) -> dict[str, str]:
        """The paths of assets, by paths with composed letters (Unicode's form NFC), as people type them. macOS may
        decompose the letters of file names."""
        return {normalize("NFC", path): path for path in sorted(self.assets) if not path.isascii()}

    @cached_property
    def roles(self) -> Mapping[str, Mapping[str, Sequence[str]]]:
        """For each episode id, the people who take part, with their roles."""
        nobody: dict[str, list[str]] = {}
        found = dict.fromkeys(self.episodes, nobody)
        for id, file in self.episodes.items():
            if people := file.meta.people:
                found[id] = {one.person: [] for one in people}
            for one in people:
                found[id][one.person].append(one.role)
        return found

    @cached_property
    def days(self) -> Mapping[str, str]:
        """The date of each episode, such as `2024-05-31`, or ""."""
        # equal dates are stored only once, because a hub has many episodes
        dates = {id: file.meta.date for id, file in self.episodes.items()}
        return {id: sys.intern(date.isoformat()[:10]) if date else "" for id, date in dates.items()}

    @cached_property
    def codes(self) -> Mapping[str, str]:
        """The prefix of each series, or the beginning of its id if another series has the same prefix, or its title."""
        uses = Counter(one.prefix for one in self.series.values())
        return {
            id: one.title if not one.prefix else one.prefix if uses[one.prefix] == 1 else id[:3].upper()
            for id, one in self.series.items()
        }

    @cached_property
    def by_series(self) -> Mapping[str, tuple[str, ...]]:
        """The episode ids of each series, in order."""
        table: dict[str, list[str]] = {name: [] for name in self.series}
        for id, file in self.episodes.items():
            table.setdefault(file.series, []).append(id)
        return {name: tuple(ids) for name, ids in table.items()}

    @cached_property
    def listed(self) -> Mapping[str, tuple[str, ...]]:
        """The ids of all episodes shown in lists and in the navigation, by series. Cancelled episodes are omitted."""
        cancelled = {id for id, file in self.episodes.items() if file.meta.status is Status.CANCELLED}
        return {name: tuple(id for id in ids if id not in cancelled) for name, ids in self.by_series.items()}

    @cached_property
    def page_paths(self) -> frozenset[str]:
        """The paths of the home page, the pages in `pages/`, and the pages of entries, series and episodes."""
        entries = (page_path(kind.value, slug) for kind in Kind for slug in self.entries(kind))
        series = (f"episodes/{name}/index.md" for name in self.series)
        return frozenset({"index.md", *series, *entries, *(file.page for file in self.texts.values())})

    def missing(self, series: str, lowest: int | None = None) -> tuple[int, ...]:
        """Return a series' missing numbers from `lowest` (default: the first), or () if numbers restart each season."""
        ids = self.by_series.get(series, ())
        numbers = {file.number for id in ids if (file := self.episodes[id]).number is not None}
        if not numbers or any((key := parse_id(series, id)) and key.season is not None for id in ids):
            return ()
        return (() if lowest is None else gaps({lowest - 1, *numbers})) or gaps(numbers)


def title_of(entry: Entry) -> str:
    """Return the name, term or title of an entry."""
    if isinstance(entry, Resource):
        return entry.title
    return entry.term if isinstance(entry, Term) else entry.name
