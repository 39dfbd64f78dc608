"""Learning paths: one through the whole show, and one through each topic, prerequisites first."""

from collections.abc import Iterable, Sequence
from itertools import groupby
from typing import NamedTuple

from mlguide_site.linking.learning_path import learning_path
from mlguide_site.model.schema import Kind
from mlguide_site.pages import formatting
from mlguide_site.pages.pagination import EPISODES_PER_PAGE, paged
from mlguide_site.pages.site import Site
from mlguide_site.pages.view import Chip, EpisodeCard, Subject, View

INDEX = "path/index.md"
TOPIC_STEPS = 12
"""How many episodes of a topic its page puts in order where the topic's own order has fewer."""
ORDERED = 60
"""How many episodes of a topic's own order its page shows."""


class Step(NamedTuple):
    """An episode of a path, and links to those that it requires."""

    card: EpisodeCard
    needs: tuple[Chip, ...]


class Stage(NamedTuple):
    """Steps of one series that follow each other, and the number of the first, counted from 1 over the whole path."""

    title: str
    url: str
    start: int
    steps: tuple[Step, ...]


def pages(site: Site) -> list[Sequence[str]]:
    """The ids of the learning path on pages."""
    return paged(site.path, EPISODES_PER_PAGE)


def view(site: Site, subject: Subject) -> View:
    """A page of the learning path."""
    number = subject.page
    seconds = sum(site.catalog.episodes[id].meta.duration or 0 for id in site.path) if number == 1 else 0
    stages = []
    start = (number - 1) * EPISODES_PER_PAGE + 1
    for name, run in groupby(pages(site)[number - 1], lambda episode: site.catalog.episodes[episode].series):
        found, series = steps(site, run), site.catalog.series.get(name)
        stages.append(Stage(series.title if series else name, site.url(f"episodes/{name}/index.md"), start, found))
        start += len(found)
    return site.list_view(
        "path",
        INDEX,
        site.translate("path"),
        f"An order in which to hear {site.settings.site_name}: every episode behind those that it builds on.",
        number,
        len(pages(site)),
        total=len(site.path),
        hours=formatting.length(seconds),
        stages=tuple(stages),
    )


def steps(site: Site, ids: Iterable[str]) -> tuple[Step, ...]:
    """Episodes as steps of a path."""
    return tuple(Step(site.cards[id], site.episode_chips(site.requires[id])) for id in ids)


def topic_path(site: Site, slug: str) -> tuple[str, ...]:
    """The ids of a topic's episodes in the suggested order: the order that the topic gives first, then those whose
    front matter has the topic, as many as its page shows."""
    given = [id for id in site.catalog.topics[slug].order if id in site.shown]
    own = [id for id in site.named_by.get((Kind.TOPIC, slug), ()) if slug in site.catalog.episodes[id].meta.topics]
    found = learning_path(list(dict.fromkeys([*given, *own])), site.requires)
    return tuple(found[: min(ORDERED, max(len(given), TOPIC_STEPS))])
