"""What a source says more than once."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator

from mlguide_site.importers import Draft


def distinct(drafts: Iterable[Draft], content: Callable[[Draft], str]) -> Iterator[Draft]:
    """The drafts without those that say again what another one says. Where nothing but day and title tells what a draft
    is, notes that are neither another's nor their beginning are those of an episode of their own. `content` gives what
    identifies one that not even these tell of."""
    alike: dict[object, list[Draft]] = defaultdict(list)
    for draft in drafts:
        day = str(draft.fields.get("date"))
        same = (draft.series, draft.number, draft.season, draft.title, day, draft.guid, draft.enclosure)
        alike[*same, content(draft)].append(draft)
    for told in alike.values():
        first = told[0]
        if first.guid or first.address or first.enclosure or first.number is not None or len(told) == 1:
            yield first
            continue
        kept: list[Draft] = []
        for draft in sorted(told, key=lambda one: -len(one.body.split())):
            if not any(_begins(other.body, draft.body) for other in kept):
                kept.append(draft)
        yield from (draft for draft in told if any(draft is one for one in kept))


def _begins(text: str, other: str) -> bool:
    """Whether a text begins as another one does that may be cut.

    >>> _begins("Oak and elm.", "Oak and el..."), _begins("Oak and elm.", "Oak or elm.")
    (True, False)
    """
    words = other.split()
    if words and words[-1].endswith(("...", "…")):
        words.pop()
    return text.split()[: len(words)] == words
