"""Learning paths: episodes in an order that puts prerequisites first."""

from bisect import bisect_left
from collections import Counter
from collections.abc import Mapping, Sequence
from math import inf

SHORT = 16  # a run is short if it has at most one of so many episodes of the path


def learning_path(ids: Sequence[str], requires: Mapping[str, Sequence[str]], most: float = inf) -> tuple[str, ...]:
    """Return the episodes of `ids` in the same order, but with prerequisites first. `requires` maps an episode to its
    prerequisites. Each prerequisite is placed before the first episode that requires it. If a prerequisite isn't in
    `ids`, only its prerequisites in `ids` are placed before the episode. In a cycle, one requirement is ignored. Once
    at least `most` prerequisites were followed, all others are ignored."""
    wanted = frozenset(ids)
    found: list[str] = []
    visited: set[str] = set()
    for start in ids:
        stack = [start]
        while stack:
            id = stack[-1]
            if id not in visited:
                visited.add(id)
                needs = requires.get(id, ()) if most > 0 else ()
                most -= len(needs)
                stack += [needed for needed in reversed(needs) if needed not in visited]
            else:
                stack.pop()
                if id in wanted:
                    found.append(id)
    return tuple(dict.fromkeys(found))


def in_stages(ids: Sequence[str], requires: Mapping[str, Sequence[str]], most: int) -> dict[str, int]:
    """Map the episodes of a learning path, in the order of the path, to their stages (1 to `most`). The longer the
    chain of an episode's prerequisites, the later its stage. Longer chains than `most` are divided into stages of about
    the same size. In each stage, a run of episodes that build on the same episode stays together; the runs on which
    most other episodes build come first. A short run on which no other run builds is in the stage `most + 1`, as is an
    episode that neither has nor is a prerequisite. If most episodes would be there, they are in the other stages, in
    the order of `ids`. If no episode has prerequisites, all stages are 0.

    >>> in_stages(["a", "b", "c", "d", "e"], {"c": ["b"], "d": ["c"]}, 2)
    {'b': 1, 'c': 1, 'd': 2, 'a': 3, 'e': 3}
    """
    ids = learning_path(ids, requires)
    depths: dict[str, int] = {}
    runs: dict[str, tuple[int, int]] = {}
    later: Counter[str] = Counter()
    joined: set[tuple[int, int]] = set()
    for id in reversed(ids):
        for need in requires.get(id, ()):
            later[need] = min(len(ids), later[need] + later[id] + 1)
    for at, id in enumerate(ids):
        needs = [need for need in requires.get(id, ()) if need in depths]
        depths[id] = 1 + max(map(depths.__getitem__, needs), default=0)
        runs[id] = min(map(runs.__getitem__, needs), default=(-later[id], at))
        joined.update(runs[need] for need in needs if runs[need] != runs[id])
    alone = {id for id in ids if -SHORT * runs[id][0] <= len(ids) and runs[id] not in joined}
    if 2 * len(alone) <= len(ids):
        ids = learning_path(sorted(ids, key=runs.__getitem__), requires)
    else:
        alone = set()
    own = sorted(depths[id] for id in ids if id not in alone)
    steps = {depth: depth if own[-1] <= most else most * bisect_left(own, depth) // len(own) for depth in own}
    numbers = {step: number if own[-1] > 1 else 0 for number, step in enumerate(sorted({*steps.values()}), 1)}
    stages = {id: most + 1 if id in alone else numbers[steps[depths[id]]] for id in ids}
    return {id: stages[id] for id in sorted(ids, key=stages.__getitem__)}
