"""The page of a topic."""

from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import chain, islice, zip_longest

from mlguide_site.errors import counted
from mlguide_site.model.schema import Kind, Question
from mlguide_site.model.slugs import page_path
from mlguide_site.pages.graph import beside_topic, is_drawn, related_map, topic_graph
from mlguide_site.pages.learning_path import steps, topic_path
from mlguide_site.pages.mentions import more_mentions
from mlguide_site.pages.pagination import FIRST_MENTIONS, above
from mlguide_site.pages.site import Site
from mlguide_site.pages.view import EpisodeCard, Subject, View

KEY_ENTRIES = 8
"""How many tools, resources and terms a topic's page shows."""
QUESTIONS = 10
"""How many questions a topic's page shows."""
OFTEN = 2
"""In how many of a topic's episodes an entry that does not name the topic itself must be mentioned to be shown."""


def view(site: Site, subject: Subject) -> View:
    """One topic: `order` is its learning path, `before` what that path requires besides, `others` are the first
    episodes that name the topic and aren't on its path."""
    slug = subject.id
    topic, path = site.catalog.topics[slug], page_path("topic", slug)
    ids = site.named_by.get((Kind.TOPIC, slug), ())
    order = topic_path(site, slug)
    needed = [need for id in order for need in site.requires[id] if need not in order]
    first = ids[:FIRST_MENTIONS]
    key = {kind: _key_entries(site, slug, kind) for kind in (Kind.TOOL, Kind.RESOURCE, Kind.TERM)}
    named = f"{counted(len(ids), 'episode')} of {site.settings.site_name} on {topic.name}"
    parents = [site.chips[Kind.TOPIC, parent] for parent in above(site.catalog.topics, slug)]
    return site.view(
        "topic",
        path,
        topic.name,
        topic.summary or f"{named}, with tools, resources and terms.",
        (site.index_chip("topics"), *parents),
        found_as="Topic",
        entry=topic,
        children=site.entry_cards_of(Kind.TOPIC, site.subtopics.get(slug, ())),
        order=steps(site, order),
        before=site.episode_chips(dict.fromkeys(needed)),
        others=site.cards_of(id for id in first if id not in order),
        episodes_total=len(ids),
        episodes_more=more_mentions(site, path, len(ids)),
        tools=site.entry_cards_of(Kind.TOOL, key[Kind.TOOL]),
        resources=site.entry_cards_of(Kind.RESOURCE, key[Kind.RESOURCE]),
        terms=site.entry_cards_of(Kind.TERM, key[Kind.TERM]),
        questions=tuple(_questions(site, slug, (*order, *first))),
        near=related_map(site, (Kind.TOPIC, slug), beside_topic(site, slug), key[Kind.TOOL], (*order, *first)),
        graph=site.url(topic_graph(slug)) if is_drawn(site, slug) else "",
        source=site.entry_source("topic", slug),
    )


def _questions(site: Site, slug: str, ids: Iterable[str]) -> Iterator[tuple[EpisodeCard, Question]]:
    """Questions of the episodes that are about a topic: the first of each episode, then the second of each, and on."""
    files = [site.catalog.episodes[id] for id in dict.fromkeys(ids)]
    found = [[(site.cards[file.id], one) for one in file.meta.questions] for file in files if slug in file.meta.topics]
    return islice(filter(None, chain.from_iterable(zip_longest(*found))), QUESTIONS)


def _key_entries(site: Site, slug: str, kind: Kind) -> list[str]:
    """The slugs of what matters most: entries that name the topic, then those that its episodes name most often."""
    ids = site.named_by.get((Kind.TOPIC, slug), ())
    counts = Counter(name for id in ids for name in site.linked.episodes[id].entries.get(kind, ()))
    own = site.members.get((kind, slug), set())
    found = own | {name for name, count in counts.items() if count >= OFTEN}
    cards = site.entry_cards
    best = sorted(
        (name for name in found if (kind, name) in cards),
        key=lambda name: (name not in own, -counts[name], cards[kind, name].title.casefold(), name),
    )
    return best[:KEY_ENTRIES]
