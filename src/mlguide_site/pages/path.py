"""The learning path: all episodes in stages, prerequisites first, and the goals that readers can choose."""

from collections import Counter
from collections.abc import Mapping, Sequence
from functools import lru_cache
from heapq import nlargest
from itertools import chain, groupby
from typing import NamedTuple, get_args

from mlguide_site.linking.rank_related import is_common
from mlguide_site.model.records import Goal, Kind
from mlguide_site.pages.episode_lists import primer, steps
from mlguide_site.pages.formatting import gist
from mlguide_site.pages.pagination import index_page, paged, with_above
from mlguide_site.pages.site import STAGES, Site
from mlguide_site.pages.view import Chip, EntryCard, Subject, View

NAMES = 2  # maximum number of topics in the name of a stage
TOPICS = 3  # maximum number of topics with a goal
OTHERS = ("episodes", "on-their-own")  # labels: of a path without stages, and of episodes outside of the stages
EPISODES = 60  # maximum number of episodes on a page of the path


class Stage(NamedTuple):
    """A stage of the path, or the episodes outside of the stages. The lists are about all of its episodes and then
    about those for each goal: how many there are, their total length, and their main topics (or the stage's name, see
    `stage_names`). `page` is the first page with its episodes."""

    sizes: Sequence[int]
    lengths: Sequence[str]
    topics: Sequence[tuple[str, ...]]
    page: int


@lru_cache(maxsize=1)
def pages(site: Site) -> list[Sequence[str]]:
    """Return the ids of the episodes on the learning path, split into pages. Only long stages are on several pages."""
    parts: list[Sequence[str]] = [()]
    for _, run in groupby(site.path, site.stages.__getitem__):
        stage = tuple(run)
        for ids in paged(stage, EPISODES, EPISODES - len(parts[-1]) if len(stage) > EPISODES else 0):
            if len(parts[-1]) + len(ids) > EPISODES:
                parts.append(())
            parts[-1] = (*parts[-1], *ids)
    return parts


@lru_cache(maxsize=1)
def goal_cards(site: Site) -> dict[Goal, EntryCard]:
    """Return a card for each goal with episodes: the address of the first page of the path with one of them, whom it is
    for with the topics that most episodes treat, and its length."""
    cards, topics, separator = {}, site.catalog.topics, site.translate("list-separator")
    for goal in get_args(Goal):
        ids = [id for id in site.path if goal in site.goals[id]]
        if not ids:
            continue
        name, about = site.translate(f"goal-{goal}"), site.translate(f"goal-{goal}-for")
        own = [site.entry_cards[Kind.TOPIC, slug] for slug, topic in topics.items() if goal in topic.goals]
        main = [card.title for card in nlargest(TOPICS, own, key=lambda card: card.episodes)]
        about += site.translate("colon") + separator.join(main) if main else ""
        page = next(number for number, own in enumerate(pages(site), 1) if ids[0] in own)
        url, length = f"{site.url(index_page('path/index.md', page))}?goal={goal}", site.length(ids)
        cards[goal] = EntryCard(url, name, about, len(ids), (length,) if length else ())
    return cards


@lru_cache(maxsize=1)
def _topics(site: Site) -> Mapping[str, Sequence[Chip]]:
    """Map each episode on the path to its topics and then those of their ancestors that few other episodes have."""
    topics = site.catalog.topics
    branches = {id: with_above(topics, site.catalog.episodes[id].meta.topics) for id in site.path}
    counts = Counter(chain(*branches.values()))
    above = {
        id: site.chips_of(Kind.TOPIC, (slug for slug in slugs if not is_common(counts[slug], len(branches))))
        for id, slugs in branches.items()
    }
    return {id: [*dict.fromkeys([*site.topics_of(id), *found])] for id, found in above.items()}


@lru_cache(maxsize=1)
def stage_names(site: Site) -> Mapping[int, str]:
    """Map stages of the learning path to the names that their episodes give them. The first name of a stage wins."""
    names = ((stage, site.catalog.episodes[id].meta.stage) for id, stage in reversed([*site.stages.items()]))
    return {stage: name for stage, name in names if name and 0 < stage <= STAGES}


def main_topics(site: Site, ids: Sequence[str], named: set[Chip]) -> tuple[str, ...]:
    """Return the names of a stage's most frequent topic, that of its other episodes and so on, in the order of the
    episodes. The episodes of subtopics count too. A topic of at most a sixth of the episodes isn't named, and neither
    is a topic of one episode after one of several. Topics that are already `named` are used only if no others describe
    a third of the episodes. If the first episode has none of these and none of the `named` topics, its first topic is
    named too. Return nothing if the topics describe less than a third. Add the topics to `named`."""
    before = frozenset(named)
    for old in (before, frozenset[Chip]()):
        topics, names = [[one for one in _topics(site)[id] if one not in old] for id in ids], list[Chip]()
        rest = topics
        while len(names) < NAMES and (most := Counter(chain(*rest)).most_common(1)):
            topic, count = most[0]
            if 6 * count <= len(ids) or count == 1 < len(ids) - len(rest):
                break
            names.append(topic)
            rest = [one for one in rest if topic not in one]
        if 3 * (len(ids) - len(rest)) >= len(ids):
            named.update(names)
            names = [one for one in names if one not in before] or names
            names = [one for one in dict.fromkeys(chain(*topics)) if one in names]
            own = [one for id in ids[:1] for one in _topics(site)[id]]
            first = own[:1] if {*names, *before}.isdisjoint(own) else []
            return tuple(chip.title for chip in [*first, *names][:NAMES])
    return ()


@lru_cache(maxsize=1)
def _stages(site: Site) -> Mapping[int, Stage]:
    """Map the number of each stage of the path to the stage."""
    cards, found = goal_cards(site), dict[int, Stage]()
    named = [set[Chip]() for _ in range(len(cards) + 1)]
    first = {stage: page for page, ids in reversed([*enumerate(pages(site), 1)]) for stage in map(site.stages.get, ids)}
    for stage, run in groupby(site.path, site.stages.__getitem__):
        ids = tuple(run)
        groups = [ids, *([id for id in ids if goal in site.goals[id]] for goal in cards)]
        given, topics = stage_names(site).get(stage), [tuple[str, ...]()] * len(groups)
        if 0 < stage <= STAGES:
            topics = [(given,) if given else main_topics(site, *pair) for pair in zip(groups, named, strict=True)]
        found[stage] = Stage([*map(len, groups)], [*map(site.length, groups)], topics, first[stage])
    return found


def view(site: Site, subject: Subject) -> View:
    """Return the view of one page of the learning path. `stages` lists all stages, or one of all episodes if there are
    none, and `sections` has the episodes of those on this page. `start` of a section is its first number, or 0 if its
    order is free. `hint` explains a section outside of the stages."""
    number, parts, stages = subject.page, pages(site), _stages(site)
    start, here = sum(map(len, parts[: number - 1])) + 1, dict[int, dict[str, object]]()
    for stage, run in groupby(parts[number - 1], site.stages.__getitem__):
        ids = tuple(run)
        found = tuple(
            (card._replace(summary=gist(card.summary), date=""), needs, " ".join(sorted(site.goals[id])))
            for id, (card, needs) in zip(ids, steps(site, ids, ids), strict=True)
        )
        free = stage > STAGES and start > 1
        here[stage] = {"start": 0 if free else start, "steps": found}
        start += len(ids)
    about = {
        stage: {
            "anchor": f"s.{at}",
            "title": site.translate("stage", stage) if 0 < stage <= STAGES else site.translate(OTHERS[stage > 0]),
            "hint": site.translate("on-their-own-hint") if stage > STAGES else "",
            "url": site.url(index_page("path/index.md", found.page)),
            **found._asdict(),
        }
        for at, (stage, found) in enumerate(stages.items(), 1)
    }
    return site.list_view(
        "path",
        number,
        len(parts),
        total=len(site.path),
        first=site.cards[site.path[0]] if site.path else None,
        hours=site.length(site.path) if number == 1 else "",
        goals=goal_cards(site),
        stages=tuple(about.values()),
        sections=tuple(about[stage] | part for stage, part in here.items()),
        **primer(site, site.catalog.episodes[site.path[0]].series if site.path else ""),
    )
