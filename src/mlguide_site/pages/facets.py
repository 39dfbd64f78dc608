"""Filters of indexes: the options of each filter of resources, and the paths of the lists that readers can filter."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from importlib.util import find_spec

from mlguide_site.linking.disambiguation import EntryKey
from mlguide_site.linking.linked_catalog import LinkedCatalog
from mlguide_site.model.records import Difficulty, Entry, Importance, Kind, Resource
from mlguide_site.model.slugs import sort_key
from mlguide_site.pages.pagination import above

RESOURCE_LIST = "resources/index.json"
EPISODE_LIST = "episodes/index.json"
ENTRY_LISTS = {Kind.TERM: "glossary/index.json", Kind.TOOL: "tools/index.json", Kind.PERSON: "people/index.json"}
"""The paths of the lists that readers can filter."""
DECK = "glossary.apkg"
TABLE = "glossary.csv"
"""The paths of the glossary downloads."""
PRICES = ("free", "$", "$$", "$$$")
Option = tuple[str, str, int]  # the value of an option, its label, and the number of matching entries or episodes
MOST_TOPICS = 150  # maximum number of topics in the topic filter, which contains the topics with the most entries


def makes_decks() -> bool:
    """Return whether genanki, which writes Anki decks, is installed. Without genanki, a site has no deck."""
    return find_spec("genanki") is not None


def price_of(resource: Resource) -> str:
    """Return the price of a resource, or else the first price in the resource's `urls`."""
    return next((price for price in (resource.price, *(url.price for url in resource.urls)) if price), "")


@dataclass(frozen=True, eq=False)
class Filters:
    """The filters of the indexes, computed once per build, because every page of an index has the same filters. The
    options of a topic filter are those of `topic_options`. `named_by` maps entries to the ids of listed episodes."""

    linked: LinkedCatalog
    named_by: Mapping[EntryKey, Sequence[str]]

    @cached_property
    def _branches(self) -> Mapping[str, Sequence[str]]:
        topics = self.linked.catalog.topics
        return {slug: (slug, *above(topics, slug)) for slug in topics}

    def topics_of(self, entry: Entry) -> set[str]:
        """Return the topics that an entry lists, and their ancestors."""
        return {one for slug in getattr(entry, "topics", ()) for one in self._branches.get(slug, ())}

    @cached_property
    def groups(self) -> frozenset[str]:
        """The resources that only group others. They don't count as resources."""
        resources = self.linked.catalog.resources
        parents = {one.parent for one in resources.values()}
        return frozenset(slug for slug, one in resources.items() if slug in parents and not one.urls)

    @cached_property
    def by_episode(self) -> bool:
        """Whether readers can filter resources by episode: at least two episodes mention resources."""
        slugs = self.linked.catalog.resources
        return len({id for slug in slugs for id in self.named_by.get((Kind.RESOURCE, slug), ())}) > 1

    @cached_property
    def of_resources(self) -> Mapping[str, Sequence[Option]]:
        """Maps the URL parameter of each filter of resources, such as `format`, to the filter's options. Filters with
        fewer than two options are omitted."""
        resources = [one for slug, one in self.linked.catalog.resources.items() if slug not in self.groups]
        formats = Counter(name for resource in resources for name in set(resource.formats) if name != "other")
        topics = Counter(topic for resource in resources for topic in self.topics_of(resource))
        values: dict[str, tuple[Mapping[str, int], Iterable[str]]] = {
            "format": (formats, sorted(formats)),
            "importance": (Counter(resource.importance or "" for resource in resources), Importance),
            "difficulty": (Counter(resource.difficulty or "" for resource in resources), Difficulty),
            "price": (Counter(map(price_of, resources)), PRICES),
        }
        found = {
            name: tuple((str(value), str(value), counts[value]) for value in order if counts.get(value))
            for name, (counts, order) in values.items()
        }
        found["subject"] = topic_options(self.linked, topics)
        return {name: options for name, options in found.items() if len(options) > 1}

    @cached_property
    def of_entries(self) -> Mapping[Kind, Sequence[Option]]:
        """The options of the topic filters of the glossary and of tools."""
        found = {}
        for kind in (Kind.TERM, Kind.TOOL):
            entries = self.linked.catalog.entries(kind).values()
            found[kind] = topic_options(self.linked, Counter(slug for one in entries for slug in self.topics_of(one)))
        return found

    @cached_property
    def of_episodes(self) -> Sequence[Option]:
        """The options of the topic filter of episodes."""
        counts = {slug: len(self.named_by.get((Kind.TOPIC, slug), ())) for slug in self.linked.catalog.topics}
        return topic_options(self.linked, counts)


def topic_options(linked: LinkedCatalog, counts: Mapping[str, int]) -> tuple[Option, ...]:
    """Return the options of a topic filter, sorted by name. Their values are the slugs of the topics."""
    topics = linked.catalog.topics
    names = {slug: (sort_key(topics[slug].name), slug) for slug, count in counts.items() if count}
    most_used = sorted(names, key=lambda slug: (-counts[slug], names[slug]))[:MOST_TOPICS]
    return tuple((slug, topics[slug].name, counts[slug]) for slug in sorted(most_used, key=names.__getitem__))
