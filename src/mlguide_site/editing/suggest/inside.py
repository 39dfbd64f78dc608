"""Names that are part of longer ones: `Felco` where the texts say `Felco 2`. The longer one is what an entry is for,
unless the short one stands alone often enough."""

import re
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence

from mlguide_site.editing.suggest import lists, world
from mlguide_site.editing.suggest.gather import Seen, Spot, Table, name_key
from mlguide_site.editing.suggest.merge import absorb
from mlguide_site.markdown.document import Document

OFTEN = 2
"""So many places make a name of its own, where they are a quarter of all at least."""
_NUMBER = re.compile(r"[ \u00a0]([0-9]{1,3})(?![0-9%°]|[.,:/-][0-9])\b")


def with_numbers(table: Table, documents: Mapping[str, Document]) -> Table:
    """The table with the number in a name that hardly ever stands without it, always the same one."""
    result: Table = {}
    for key, seen in table.items():
        number = _number_of(seen, documents)
        name = f"{seen.name} {number}"
        if not number:
            result[key] = seen
            continue
        seen.key = name_key(name)
        seen.forms = Counter({f"{form} {number}": count for form, count in seen.forms.items()})
        if known := result.get(seen.key, table.get(seen.key)):
            absorb(known, seen)
        else:
            result[seen.key] = seen
    return result


def _number_of(seen: Seen, documents: Mapping[str, Document]) -> str:
    """The number that belongs to a name; empty where it has none."""
    words = name_key(seen.name).split()
    if not words or words[-1] in lists.COUNTED | lists.MARKUP_WORDS | world.CALENDAR or len(seen.spots) < OFTEN:
        return ""
    behind = [_NUMBER.match(documents[spot.episode].blocks[spot.block].text, spot.end) for spot in seen.spots]
    counts = Counter(found[1] for found in behind if found)
    number, count = max(counts.items(), key=lambda item: (item[1], item[0]), default=("", 0))
    return number if count > 1 and not is_own(len(behind) - count, len(behind)) else ""


def without_inner(names: Sequence[Seen]) -> frozenset[str]:
    """The keys of those names that stand in no place of their own, but for a few: the others lie in longer ones."""
    groups: dict[tuple[str, int], list[tuple[Spot, str]]] = defaultdict(list)
    for seen in names:
        for spot in seen.spots:
            groups[spot.episode, spot.block].append((spot, seen.key))
    within: Counter[str] = Counter()
    for group in groups.values():
        # a place lies in another where one that begins no later, and isn't the same, ends no earlier
        end, before, last = -1, -1, None
        for spot, key in sorted(group, key=lambda item: (item[0].start, -item[0].end, item[1])):
            if spot != last:
                before, last = end, spot
            within[key] += spot.end <= before
            end = max(end, spot.end)
    return frozenset(
        seen.key
        for seen in names
        if within[seen.key] and not is_own(len(seen.spots) - within[seen.key], len(seen.spots))
    )


def is_own(alone: int, count: int) -> bool:
    """Whether a name that stands alone in some of its places is one of its own.

    >>> is_own(2, 8), is_own(2, 14), is_own(1, 2), is_own(0, 1)
    (True, False, False, False)
    """
    return alone >= OFTEN and alone * 4 >= count
