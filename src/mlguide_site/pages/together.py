"""Which tools are named together: companions of a tool, those that share most of its episodes first."""

from collections import Counter
from collections.abc import Mapping, Sequence

MAX_COMPANIONS = 6
LOOKED_AT = 32
"""In how many of a tool's episodes companions are looked for: the latest of them, so that work stays linear."""
SHARED = 2
"""How many episodes two tools must share at least."""


def companions(
    named_in: Mapping[str, Sequence[str]], names_of: Mapping[str, Sequence[str]]
) -> dict[str, tuple[str, ...]]:
    """For each thing the others that are named in the same episodes, the nearest first; nothing that shares fewer than
    two.

    `named_in` gives the episodes that name a thing, `names_of` the things that an episode names. What is named
    everywhere says little: how many episodes two share is weighed by how rare the other one is.

    >>> companions({"a": "12", "b": "12", "c": "2"}, {"1": "ab", "2": "abc"})
    {'a': ('b',), 'b': ('a',), 'c': ()}
    """
    total = len(names_of)
    table = {}
    for slug, ids in named_in.items():
        counts: Counter[str] = Counter()
        for id in ids[-LOOKED_AT:]:
            counts.update(names_of.get(id, ()))
        counts.pop(slug, None)
        found = [
            (-count * max(1, (total // len(named_in[other])).bit_length()), other)
            for other, count in counts.items()
            if count >= SHARED and named_in.get(other)
        ]
        table[slug] = tuple(other for _, other in sorted(found)[:MAX_COMPANIONS])
    return table
