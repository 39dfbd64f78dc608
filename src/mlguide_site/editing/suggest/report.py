"""Proposals as lines for people and as values for programs."""

from collections.abc import Sequence
from typing import Any

from mlguide_site.editing.suggest.proposals import Proposal

PLACES = 3


def report_lines(proposals: Sequence[Proposal]) -> list[str]:
    """Kind, name and count of each proposal, with the first places that name it."""
    lines: list[str] = []
    for one in proposals:
        more = [*one.abbreviations, *one.aliases]
        also = f" ({', '.join(more)})" if more else ""
        by = f" by {', '.join(one.authors)}" if one.authors else ""
        times = "once" if one.count == 1 else f"{one.count} times"
        where = "1 episode" if len(one.episodes) == 1 else f"{len(one.episodes)} episodes"
        lines.append(f"{one.kind.value:8}  {one.name}{also}{by}: named {times} in {where}")
        lines += [
            f"    {place.path}:{place.span.line}:{place.span.column}: {place.sentence}" for place in one.places[:PLACES]
        ]
    return lines


def report_values(proposals: Sequence[Proposal]) -> list[dict[str, Any]]:
    """Proposals as JSON-ready values, the surest first."""
    return [
        {
            "name": one.name,
            "kind": one.kind.value,
            "weight": one.weight,
            "count": one.count,
            "abbreviations": list(one.abbreviations),
            "aliases": list(one.aliases),
            "authors": list(one.authors),
            "url": one.url or None,
            "episodes": list(one.episodes),
            "places": [
                {"path": place.path, "line": place.span.line, "column": place.span.column, "sentence": place.sentence}
                for place in one.places
            ],
        }
        for one in proposals
    ]
