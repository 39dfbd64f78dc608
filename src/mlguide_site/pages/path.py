"""Learning paths: a way through the whole show, and one through each topic, every episode behind what it requires."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import ClassVar, NamedTuple

from mlguide_site.linking.paths import learning_path
from mlguide_site.pages import words
from mlguide_site.pages.lists import EPISODES_PER_PAGE, cut, page_count
from mlguide_site.pages.site import Site
from mlguide_site.pages.view import Chip, EpisodeCard, Pager, Subject, View

INDEX = "path/index.md"
TOPIC_STEPS = 12
"""How many episodes of a topic its page puts in order where the topic gives no order itself."""
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


@dataclass(frozen=True, slots=True, kw_only=True)
class PathView(View):
    """A page of the learning path."""

    template: ClassVar[str] = "path.md.jinja"

    total: int
    hours: str
    stages: tuple[Stage, ...]
    pager: Pager | None


def subjects(site: Site) -> Iterator[Subject]:
    """The pages of the learning path."""
    for number in range(1, page_count(len(site.path), EPISODES_PER_PAGE) + 1):
        yield Subject("path", page=number)


def view(site: Site, subject: Subject) -> PathView:
    """A page of the learning path."""
    ids = site.path
    count = page_count(len(ids), EPISODES_PER_PAGE)
    description = f"An order in which to hear {site.settings.site_name}: every episode behind those that it builds on."
    return PathView(
        **site.list_head(INDEX, "Learning path", subject.page, count, description),
        total=len(ids),
        hours=words.length(site.path_seconds),
        stages=_stages(site, cut(ids, subject.page, EPISODES_PER_PAGE), (subject.page - 1) * EPISODES_PER_PAGE + 1),
    )


def _stages(site: Site, ids: Sequence[str], start: int) -> tuple[Stage, ...]:
    """The runs of one series each."""
    stages = []
    for name, run in groupby(ids, lambda episode: site.catalog.episodes[episode].series):
        found = steps(site, tuple(run))
        series = site.catalog.series.get(name)
        stages.append(Stage(series.title if series else name, site.url(f"episodes/{name}/index.md"), start, found))
        start += len(found)
    return tuple(stages)


def steps(site: Site, ids: Sequence[str]) -> tuple[Step, ...]:
    """Episodes as steps of a path."""
    return tuple(Step(site.cards[id], episode_chips(site, site.requires[id])) for id in ids)


def episode_chips(site: Site, ids: Sequence[str]) -> tuple[Chip, ...]:
    """Links to episodes by their short names."""
    return tuple(Chip(site.cards[id].label or site.cards[id].title, site.cards[id].url) for id in ids)


def topic_path(site: Site, slug: str) -> tuple[str, ...]:
    """The ids of a topic's episodes in the order to hear them: the order that the topic gives first, then those whose
    front matter has the topic, as many as its page shows."""
    given = [id for id in site.catalog.topics[slug].order if id in site.shown]
    said = site.front_matter_topics.get(slug, ())
    found = learning_path(list(dict.fromkeys([*given, *said])), site.requires)
    if not given:
        return found[:TOPIC_STEPS]
    # a long order that somebody wrote is shown whole; what follows from front matter only fills a short one
    known = set(given)
    kept = [id for id in found if id in known][:ORDERED]
    if len(kept) < TOPIC_STEPS:
        wanted = {*kept, *[id for id in found if id not in known][: TOPIC_STEPS - len(kept)]}
        kept = [id for id in found if id in wanted]
    return tuple(kept)
