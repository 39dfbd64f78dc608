"""Learning paths: episodes in an order in which each comes after those that it requires."""

from collections.abc import Mapping, Sequence


def learning_path(ids: Sequence[str], requires: Mapping[str, Sequence[str]]) -> tuple[str, ...]:
    """The episodes of `ids` in the same order, each once; a prerequisite that comes later moves to just before
    the episode that requires it.

    `requires` lists the prerequisites of an episode. Those that aren't in `ids` are left out, but their own
    prerequisites still come first. A cycle, an error for the checks, is cut where it closes. Time is linear in the
    number of episodes and prerequisites.

    >>> learning_path(["a", "b", "c"], {"a": ["c"]})
    ('c', 'a', 'b')
    >>> learning_path(["a", "c"], {"a": ["b"], "b": ["c"]})
    ('c', 'a')
    """
    wanted = frozenset(ids)
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
