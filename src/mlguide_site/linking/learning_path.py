"""Learning paths: episodes in an order that puts prerequisites first."""

from collections.abc import Mapping, Sequence


def learning_path(
    ids: Sequence[str], requires: Mapping[str, Sequence[str]], optional: Sequence[str] = ()
) -> tuple[str, ...]:
    """Return the episodes of `ids` in the same order, but with prerequisites first. `requires` maps an episode to its
    prerequisites. Each prerequisite is placed before the first episode that requires it. If a prerequisite isn't in
    `ids`, only its prerequisites in `ids` are placed before the episode. Episodes in `optional` are included only if
    they are prerequisites. In a cycle, one requirement is ignored."""
    wanted = frozenset([*ids, *optional])
    found: list[str] = []
    visited: set[str] = set()
    for start in ids:
        stack = [start]
        while stack:
            id = stack[-1]
            if id not in visited:
                visited.add(id)
                stack += [needed for needed in reversed(requires.get(id, ())) if needed not in visited]
            else:
                stack.pop()
                if id in wanted:
                    found.append(id)
    return tuple(dict.fromkeys(found))
