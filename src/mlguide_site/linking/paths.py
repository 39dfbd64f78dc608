"""Learning paths: episodes in an order in which each comes after those that it requires."""

from collections.abc import Mapping, Sequence


def learning_path(ids: Sequence[str], requires: Mapping[str, Sequence[str]]) -> tuple[str, ...]:
    """The episodes of `ids`, each once, in that order save where one requires another: that one moves up to
    just before it.

    `requires` gives the ids that an episode requires; those that aren't in `ids` are passed through, so that what they
    require in turn still comes before. A cycle, which the checks refuse, is cut where it closes. Work grows with the
    number of episodes and requirements.

    >>> learning_path(["a", "b", "c"], {"a": ["c"]})
    ('c', 'a', 'b')
    >>> learning_path(["a", "c"], {"a": ["b"], "b": ["c"]})
    ('c', 'a')
    """
    wanted = frozenset(ids)
    found: list[str] = []
    begun: set[str] = set()
    for start in ids:
        stack = [start]
        while stack:
            id = stack[-1]
            if id not in begun:
                begun.add(id)
                stack += [need for need in reversed(requires.get(id, ())) if need not in begun]
            else:
                stack.pop()
                if id in wanted:
                    found.append(id)
    return tuple(dict.fromkeys(found))


def needed_from_outside(ids: Sequence[str], requires: Mapping[str, Sequence[str]]) -> tuple[str, ...]:
    """What the episodes of a path require themselves that is not in it, in the order in which it is first required.

    >>> needed_from_outside(["a", "b"], {"a": ["x", "b"], "b": ["y", "x"]})
    ('x', 'y')
    """
    inside = frozenset(ids)
    return tuple(dict.fromkeys(need for id in ids for need in requires.get(id, ()) if need not in inside))
