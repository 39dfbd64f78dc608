"""Filters of indexes: the options of each filter of resources, and the paths of the lists that readers can filter."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from importlib.util import find_spec

from mlguide_site.linking.linked_catalog import LinkedCatalog
from mlguide_site.model.records import Difficulty, Importance, Kind, Resource
from mlguide_site.pages.pagination import with_above

RESOURCE_LIST = "resources/index.json"
EPISODE_LIST = "episodes/index.json"
ENTRY_LISTS = {Kind.TERM: "glossary/index.json", Kind.TOOL: "tools/index.json", Kind.PERSON: "people/index.json"}
"""The paths of the lists that readers can filter."""
DECK = "glossary.apkg"
TABLE = "glossary.csv"
"""The paths of the glossary downloads."""
PRICES = ("free", "$", "$$", "$$$")
MOST_TOPICS = 150  # maximum number of topics in the topic filter, which contains the topics with the most entries


def makes_decks() -> bool:
    """Return whether genanki, which writes Anki decks, is installed. Without genanki, a site has no deck."""
    return find_spec("genanki") is not None


def price_of(resource: Resource) -> str:
    """Return the price of a resource, or else the first price in the resource's `urls`."""
    return next((price for price in (resource.price, *(url.price for url in resource.urls)) if price), "")


def resource_topics(linked: LinkedCatalog) -> Mapping[str, tuple[str, ...]]:
    """Map each resource to the sorted slugs of its topics and of the topics' ancestors."""
    topics = linked.catalog.topics
    return {slug: with_above(topics, resource.topics) for slug, resource in linked.catalog.resources.items()}


def facets(linked: LinkedCatalog) -> Mapping[str, Sequence[tuple[str, str, int]]]:
    """Map the URL parameter of each filter, such as `format`, to the filter's options. Each option has a value, a label
    and the number of matching resources. Filters with fewer than two options are omitted."""
    resources = list(linked.catalog.resources.values())
    formats = Counter(name for resource in resources for name in set(resource.formats) if name != "other")
    topics = Counter(topic for found in resource_topics(linked).values() for topic in found)
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
    found["subject"] = topic_options(linked, topics)
    return {name: options for name, options in found.items() if len(options) > 1}


def topic_options(linked: LinkedCatalog, counts: Mapping[str, int]) -> tuple[tuple[str, str, int], ...]:
    """Return the options of a topic filter, sorted by name: the slug, the name and the count of each topic."""
    topics = linked.catalog.topics
    names = {slug: (topics[slug].name.casefold(), slug) for slug, count in counts.items() if count}
    most_used = sorted(names, key=lambda slug: (-counts[slug], names[slug]))[:MOST_TOPICS]
    return tuple((slug, topics[slug].name, counts[slug]) for slug in sorted(most_used, key=names.__getitem__))
