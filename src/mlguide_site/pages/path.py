"""The learning path: all episodes in stages, prerequisites first, and the goals that readers can choose."""

from collections import Counter
from collections.abc import Sequence
from itertools import groupby
from typing import get_args

from mlguide_site.markdown.formulas import plain_formulas
from mlguide_site.model.records import Goal, Kind
from mlguide_site.pages.episode_lists import steps
from mlguide_site.pages.formatting import teaser
from mlguide_site.pages.pagination import index_page, paged
from mlguide_site.pages.site import Site
from mlguide_site.pages.view import Subject, View

EPISODES = 60  # maximum number of episodes on a page of the path
TEASER = 92  # maximum length of a summary
TOPICS = 3  # maximum number of topics in the name of a stage


def pages(site: Site) -> list[Sequence[str]]:
    """Return the ids of the episodes on the learning path, sorted by stage and split into pages."""
    return paged(sorted(site.path, key=site.stages.__getitem__), EPISODES)


def goals_of(site: Site) -> dict[Goal, list[str]]:
    """Map each goal that has episodes to the ids of the episodes on the path that lead to the goal."""
    found = {goal: [id for id in site.path if goal in site.goals[id]] for goal in get_args(Goal)}
    return {goal: ids for goal, ids in found.items() if ids}


def gist(summary: str) -> str:
    """Return a summary up to the end of a sentence, or else up to a sign such as a colon, or "" if that is too long."""
    text = teaser(summary, TEASER)
    if not text.endswith("…"):
        return text
    text = plain_formulas(summary)[:TEASER]
    return text[: max(0, *(text.rfind(sign, TEASER // 4) for sign in (":", ";", " – ", "：", "；")))]


def view(site: Site, subject: Subject) -> View:
    """Return the view of one page of the learning path. `sections` contains the stages, or all episodes if the path has
    no stages. `goals` contains (goal, number of episodes, total length, topics) for each goal with episodes. In a
    section, `lengths` contains the total length, also for each goal, and `topics` the most frequent first topics."""
    number, topics, parts = subject.page, site.catalog.topics, pages(site)
    start, sections = (number - 1) * EPISODES + 1, list[dict[str, object]]()
    of_goal = goals_of(site)
    for stage, run in groupby(parts[number - 1], site.stages.__getitem__):
        ids = tuple(run)
        goals = [" ".join(sorted(site.goals[id])) for id in ids]
        found = tuple(
            (card._replace(summary=gist(card.summary), date=""), needs, goal)
            for (card, needs), goal in zip(steps(site, ids), goals, strict=True)
        )
        url = f"{site.url(index_page('path/index.md', number))}#s.{len(sections) + 1}"
        lengths = [site.length(ids), *(site.length([id for id in ids if goal in site.goals[id]]) for goal in of_goal)]
        counts = Counter(slug for id in ids for slug in site.catalog.episodes[id].meta.topics[:1])
        names = [chip.title for slug, _ in counts.most_common(TOPICS) if (chip := site.chips.get((Kind.TOPIC, slug)))]
        sections.append(
            {"stage": stage, "url": url, "start": start, "lengths": lengths, "steps": found, "topics": names}
        )
        start += len(ids)
    subjects = {goal: [slug for slug, topic in topics.items() if goal in topic.goals] for goal in of_goal}
    return site.list_view(
        "path",
        number,
        len(parts),
        total=len(site.path),
        hours=site.length(site.path) if number == 1 else "",
        goals=tuple(
            (goal, len(ids), site.length(ids), site.chips_of(Kind.TOPIC, subjects[goal]))
            for goal, ids in of_goal.items()
        ),
        sections=tuple(sections),
    )
