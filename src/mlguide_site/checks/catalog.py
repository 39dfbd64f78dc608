"""Checks of a catalog as a whole: slugs and ids that lead nowhere, cycles, numbers in ids. Pure functions."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence

from mlguide_site.errors import Problem, Severity, suggestion
from mlguide_site.model import Entry
from mlguide_site.model.catalog import Catalog
from mlguide_site.model.slugs import episode_id, id_suggestion, is_slug, parse_id

MAX_TOPIC_DEPTH = 20
_OF_ITSELF = 2
"""The length of a cycle of one."""
_SHORT_NUMBER = re.compile(r"(?:s(?P<season>[0-9]{1,4})-)?(?P<number>[0-9]{1,2})")
_FILES = {"topic": "knowledge/topics.yml", "term": "knowledge/glossary.yml"}


def check_catalog(catalog: Catalog) -> tuple[Problem, ...]:
    """Every slug and id that leads nowhere, and every cycle."""
    broken = catalog.broken
    problems = [*_episode_slugs(catalog, broken), *_entry_slugs(catalog, broken)]
    parents = {slug: [topic.parent] for slug, topic in catalog.topics.items() if topic.parent in catalog.topics}
    for cycle in _cycles(parents):
        path, span = catalog.places["topic", cycle[0]]
        message, remedy = f"topics are parents of each other: {' → '.join(cycle)}", "remove one of the parents"
        if len(cycle) == _OF_ITSELF:
            message, remedy = f'the topic "{cycle[0]}" is its own parent', "remove the parent, or name another"
        problems.append(Problem(path, catalog.uses.get(("topic", cycle[0], "parent", 0), span), message, remedy))
    for slug in _too_deep({slug: found[0] for slug, found in parents.items()}):
        path, span = catalog.places["topic", slug]
        message = f'the topic "{slug}" is under more than {MAX_TOPIC_DEPTH} others'
        problems.append(Problem(path, span, message, "give it, or one above it, a parent further up"))
    requires = {
        id: [need for need in f.meta.requires if need in catalog.episodes] for id, f in catalog.episodes.items()
    }
    for cycle in _cycles(requires):
        file = catalog.episodes[cycle[0]]
        message, remedy = f"episodes require each other: {' → '.join(cycle)}", "remove one of the requirements"
        if len(cycle) == _OF_ITSELF:
            message, remedy = f'the episode "{cycle[0]}" requires itself', "remove it here"
        place = file.span("requires", file.meta.requires.index(cycle[1]))
        problems.append(Problem(file.path, place, message, remedy))
    problems += _short_numbers(catalog)
    return tuple(sorted(set(problems)))


def _short_numbers(catalog: Catalog) -> Iterator[Problem]:
    """Ids that end in a number with too few digits, which no reference finds."""
    for id, file in catalog.episodes.items():
        rest = id.removeprefix(f"{file.series}-")
        if file.number is None and (found := _SHORT_NUMBER.fullmatch(rest)):
            new = episode_id(file.series, int(found["number"]), int(found["season"]) if found["season"] else None)
            message, remedy = f'the number of the id "{id}" needs three digits', f"run: mlguide rename {id} {new}"
            if new in catalog.episodes:
                remedy = f"{new} is another episode: correct the number, and name the file after the id"
            yield Problem(file.path, file.span("id"), message, remedy, Severity.WARNING)


def _too_deep(parents: Mapping[str, str | None]) -> list[str]:
    """The topics that are the first on their way down to have more above them than allowed."""
    depths: dict[str, int] = {}
    for start in parents:
        way: list[str] = []
        slug: str | None = start
        while slug is not None and slug not in depths:
            # a cycle ends where it comes back to itself; it is reported elsewhere
            depths[slug] = 0
            way.append(slug)
            slug = parents.get(slug)
        depth = depths.get(slug, -1) + 1 if slug is not None else 0
        for below in reversed(way):
            depths[below] = depth
            depth += 1
    return [slug for slug, depth in depths.items() if depth == MAX_TOPIC_DEPTH + 1]


def _episode_slugs(catalog: Catalog, broken: frozenset[str]) -> Iterator[Problem]:
    ids = set(catalog.episodes)
    known: Sequence[tuple[str, str, Iterable[str]]] = [
        ("topics", "topic", catalog.topics),
        ("tools", "tool", catalog.tools),
        ("resources", "resource", catalog.resources),
        ("requires", "episode", ids),
    ]
    for file in catalog.episodes.values():
        for field, word, table in known:
            if f"knowledge/{field}.yml" in broken:
                continue
            for at, slug in enumerate(getattr(file.meta, field)):
                if slug not in table and slug not in broken:
                    where = "episodes/" if field == "requires" else f"knowledge/{field}.yml"
                    suggest = id_suggestion if field == "requires" else suggestion
                    remedy = suggest(slug, sorted(table), f"add it to {where}")
                    yield Problem(file.path, file.span(field, at), f'unknown {word} "{slug}"', remedy)
        for at, role in enumerate(file.meta.people):
            if not {role.person, "knowledge/people.yml"} & {*catalog.people, *broken}:
                remedy = suggestion(role.person, sorted(catalog.people), "add it to knowledge/people.yml")
                yield Problem(file.path, file.span("people", at, "person"), f'unknown person "{role.person}"', remedy)
        image = file.meta.image
        if (
            image
            and f"episodes/{file.series}/{image}" not in catalog.assets
            and not _own_asset(catalog, file.id, image)
        ):
            remedy = f"put it beside the notes in episodes/{file.series}/"
            yield Problem(file.path, file.span("image"), f'the image "{image}" is not there', remedy)


def _own_asset(catalog: Catalog, id: str, name: str) -> bool:
    file = catalog.episodes[id]
    return f"episodes/{file.series}/{id}/{name}" in catalog.assets


def _entry_slugs(catalog: Catalog, broken: frozenset[str]) -> Iterator[Problem]:
    ids = set(catalog.episodes)
    fields: list[tuple[str, Mapping[str, Entry], list[tuple[str, str, Iterable[str]]]]] = [
        ("topic", catalog.topics, [("parent", "topic", catalog.topics), ("order", "episode", ids)]),
        ("tool", catalog.tools, [("topics", "topic", catalog.topics)]),
        ("resource", catalog.resources, [("topics", "topic", catalog.topics), ("episodes", "episode", ids)]),
        ("term", catalog.terms, [("topics", "topic", catalog.topics), ("see", "term", catalog.terms)]),
    ]
    for kind, table, uses in fields:
        for slug, entry in table.items():
            for field, word, known in uses:
                if _FILES.get(word) in broken:
                    continue
                value = getattr(entry, field)
                for at, item in enumerate((value,) if isinstance(value, str) else value or ()):
                    if item not in known and item not in broken:
                        path, entry_span = catalog.places[kind, slug]
                        span = catalog.uses.get((kind, slug, field, at), entry_span)
                        suggest = id_suggestion if word == "episode" else suggestion
                        remedy = suggest(item, sorted(known), "add it, or remove it here")
                        # an outline may recommend for episodes that have no notes yet
                        later = field == "episodes" and any(parse_id(name, item) for name in catalog.series)
                        # and one of another root, of series that this one lacks
                        strange = field == "episodes" and is_slug(item)
                        severity = Severity.HINT if later else Severity.WARNING if strange else Severity.ERROR
                        message = f'{kind} "{slug}": unknown {word} "{item}" in "{field}"'
                        yield Problem(path, span, message, remedy, severity)


def _cycles(edges: Mapping[str, Sequence[str | None]]) -> list[tuple[str, ...]]:
    """The cycles of a graph, each once, beginning and ending with its smallest node. Linear in nodes and edges."""
    found: dict[frozenset[str], tuple[str, ...]] = {}
    done: set[str] = set()
    for start in sorted(edges):
        path: list[str] = []
        on_path: set[str] = set()
        stack: list[tuple[str, int]] = [(start, 0)] if start not in done else []
        while stack:
            node, at = stack.pop()
            if at == 0:
                path.append(node)
                on_path.add(node)
            targets = [target for target in edges.get(node, ()) if target]
            if at < len(targets):
                stack.append((node, at + 1))
                target = targets[at]
                if target in on_path:
                    loop = path[path.index(target) :]
                    least = loop.index(min(loop))
                    found.setdefault(frozenset(loop), (*loop[least:], *loop[:least], loop[least]))
                elif target not in done:
                    stack.append((target, 0))
            else:
                path.pop()
                on_path.discard(node)
                done.add(node)
    return [found[key] for key in sorted(found, key=lambda key: found[key])]
