"""Statistics of a knowledge base, such as the number of episodes and the entries that no episode mentions."""

from collections.abc import Iterator, Sequence
from typing import Any

from mlguide_site.checks.episodes import unnamed_entries
from mlguide_site.errors import shortened
from mlguide_site.linking.linked_catalog import LinkedCatalog
from mlguide_site.model.records import Kind, Status


def count(linked: LinkedCatalog) -> dict[str, Any]:
    """Return statistics as a JSON object. `series` contains the numbers of each series, and `kinds` those of each kind.
    An episode counts as one mention of each entry that its notes or its front matter name. `references` is the number
    of references to episodes. `orphans` are the episodes without entries, references or backlinks."""
    catalog = linked.catalog
    metas = {name: [catalog.episodes[id].meta for id in catalog.by_series[name]] for name in catalog.series}
    series = [
        {
            "id": name,
            "title": entry.title,
            "episodes": len(metas[name]),
            "seconds": sum(meta.duration or 0 for meta in metas[name]),
            "cancelled": sum(meta.status is Status.CANCELLED for meta in metas[name]),
            "truncated": sum(meta.truncated for meta in metas[name]),
            "missing": list(catalog.missing(name)),
        }
        for name, entry in catalog.series.items()
    ]
    episodes, unnamed = linked.episodes, unnamed_entries(linked)
    kinds = [
        {
            "kind": kind.value,
            "entries": len(catalog.entries(kind)),
            "mentions": sum(len(episode.entries[kind]) for episode in episodes.values()),
            "unmentioned": [slug for own, slug in unnamed if own is kind],
        }
        for kind in Kind
    ]
    references = sum(len({r.target for r in e.references if r.target}) for e in episodes.values())
    orphans = [id for id, e in episodes.items() if not (e.referenced_by or e.references or any(e.entries.values()))]
    return {"series": series, "kinds": kinds, "references": references, "orphans": orphans}


def as_text(stats: dict[str, Any]) -> Iterator[str]:
    """Yield the statistics as lines of text: two tables, the episodes without links, and the unmentioned entries."""
    rows: list[tuple[object, ...]] = [("Series", "Episodes", "Hours", "Truncated", "Cancelled", "Missing numbers")]
    for one in stats["series"]:
        missing = shortened([f"{number:03}" for number in one["missing"]]) or "none"
        name, hours = f"{one['id']} ({one['title']})", f"{one['seconds'] / 3600:.1f}"
        rows.append((name, one["episodes"], hours, one["truncated"], one["cancelled"], missing))
    yield from (*_table(rows), "")
    kinds = [(one["kind"], one["entries"], one["mentions"], len(one["unmentioned"])) for one in stats["kinds"]]
    yield from (*_table([("Kind", "Entries", "Mentions", "Unmentioned"), *kinds]), "")
    yield "Mentions: an episode counts once for each entry that its notes or its front matter name"
    yield f"References between episodes: {stats['references']}"
    yield f"Episodes without links: {', '.join(stats['orphans']) or 'none'}"
    for one in stats["kinds"]:
        if one["unmentioned"]:
            yield f"Unmentioned, {one['kind']}: {', '.join(one['unmentioned'])}"


def _table(rows: Sequence[Sequence[Any]]) -> Iterator[str]:
    cells = [[str(cell) for cell in row] for row in rows]
    widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
    for row in cells:
        yield "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
