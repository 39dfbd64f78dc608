"""Episodes that a feed had once and has no more: they stay, and the report says so. Pure."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

from mlguide_site.errors import Problem, Severity, Span
from mlguide_site.importers import Draft
from mlguide_site.merge.base import Base

FORMAT = "feed"
"""The format whose sources are meant to name every episode; of others a part is imported as well as all."""
NAMED = 10


def absent_episodes(
    drafts: Iterable[Draft],
    seen: Collection[str],
    places: Mapping[str, str],
    fronts: Mapping[str, Mapping[str, Any]],
    bases: Mapping[str, Base],
) -> tuple[str, ...]:
    """Ids of episodes that feeds had in earlier imports and that these drafts of feeds don't have; sorted.

    `seen` are the episodes that the sources speak of. Another feed's episodes are not counted, as far as the address
    that they came from tells.
    """
    told = list(drafts)
    series = {draft.series for draft in told}
    urls = {_url(draft.fields) for draft in told}
    return tuple(
        id
        for id in sorted(fronts)
        if places[id] in series
        and id not in seen
        and id in bases
        and any(field.format == FORMAT for field in bases[id].fields.values())
        and ("" in urls or _url(fronts[id]) in {"", *urls})
    )


def _url(fields: Mapping[str, Any]) -> str:
    source = fields.get("source")
    return str(source.get("url") or "") if isinstance(source, Mapping) else ""


def absence_problem(name: str, ids: Sequence[str]) -> list[Problem]:
    """What is said of episodes that a feed has no more; `name` is the feed's."""
    if not ids:
        return []
    shown = ", ".join(ids[:NAMED]) + (f" and {len(ids) - NAMED} more" if len(ids) > NAMED else "")
    message = f"{len(ids)} gone: the feed no longer has {shown}"
    remedy = "nothing is deleted; remove their files where they should go"
    return [Problem(name, Span(), message, remedy, Severity.WARNING)]
