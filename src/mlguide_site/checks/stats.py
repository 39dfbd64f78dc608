"""Counts and gaps of a knowledge base: numbers, not opinions."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from mlguide_site.linking.linked import LinkedCatalog
from mlguide_site.model import Kind, Status


@dataclass(frozen=True, slots=True)
class SeriesStats:
    """One series: how many episodes, how long in seconds, and which numbers its run lacks."""

    id: str
    title: str
    episodes: int
    seconds: int
    cancelled: int
    truncated: int
    missing: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class KindStats:
    """One kind of entry: how many there are, how often they are named, and those that no episode names."""

    kind: str
    entries: int
    mentions: int
    unmentioned: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Stats:
    """All counts. `orphans` are episodes that no other names and that name no other episode and no entry."""

    series: tuple[SeriesStats, ...]
    kinds: tuple[KindStats, ...]
    references: int
    orphans: tuple[str, ...]


def count(linked: LinkedCatalog) -> Stats:
    """Count a linked catalog."""
    catalog = linked.catalog
    series = []
    for name, entry in catalog.series.items():
        files = [catalog.episodes[id] for id in catalog.by_series.get(name, ())]
        seconds = sum(file.meta.duration or 0 for file in files)
        cancelled = sum(file.meta.status is Status.CANCELLED for file in files)
        truncated = sum(file.meta.truncated for file in files)
        series.append(SeriesStats(name, entry.title, len(files), seconds, cancelled, truncated, catalog.missing(name)))
    # what only holds others together need not be named itself
    groups = {(Kind.TOPIC, topic.parent) for topic in catalog.topics.values()}
    groups |= {(Kind.RESOURCE, resource.parent) for resource in catalog.resources.values()}
    kinds = []
    for kind in Kind:
        slugs = catalog.entries(kind)
        mentions = sum(m.kind is kind for episode in linked.episodes.values() for m in episode.mentions)
        unmentioned = tuple(slug for slug in slugs if (kind, slug) not in linked.episodes_of.keys() | groups)
        kinds.append(KindStats(kind.value, len(slugs), mentions, unmentioned))
    references = sum(len({r.target for r in e.references if r.target}) for e in linked.episodes.values())
    orphans = tuple(
        id
        for id, e in linked.episodes.items()
        if not e.referenced_by and not e.references and not any(e.entries.values())
    )
    return Stats(tuple(series), tuple(kinds), references, orphans)


def as_json(stats: Stats) -> dict[str, Any]:
    """The counts as JSON-ready values."""
    return asdict(stats)


def as_text(stats: Stats) -> list[str]:
    """The counts as lines of text: two tables and the gaps."""
    rows = [["Series", "Episodes", "Hours", "Cut", "Cancelled", "Missing numbers"]]
    for one in stats.series:
        missing = ", ".join(f"{number:03}" for number in one.missing) or "none"
        counts = (str(one.episodes), f"{one.seconds / 3600:.1f}", str(one.truncated), str(one.cancelled))
        rows.append([f"{one.id} ({one.title})", *counts, missing])
    lines = [*_table(rows, (0, 5)), ""]
    rows = [["Kind", "Entries", "Mentions", "Unmentioned"]]
    rows += [[k.kind, str(k.entries), str(k.mentions), str(len(k.unmentioned))] for k in stats.kinds]
    lines += [*_table(rows), "", f"References between episodes: {stats.references}"]
    lines.append(f"Orphans (episodes tied to nothing): {', '.join(stats.orphans) or 'none'}")
    lines += [f"Unmentioned, {k.kind}: {', '.join(k.unmentioned)}" for k in stats.kinds if k.unmentioned]
    return lines


def _table(rows: Sequence[Sequence[str]], words: Sequence[int] = (0,)) -> list[str]:
    """Columns set apart by two spaces; columns of words to the left, numbers to the right.

    >>> _table([["Tool", "Uses"], ["Docker", "12"]])
    ['Tool    Uses', 'Docker    12']
    """
    widths = [max(len(row[at]) for row in rows) for at in range(len(rows[0]))]
    return [
        "  ".join(
            cell.ljust(width) if at in words else cell.rjust(width)
            for at, (cell, width) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        for row in rows
    ]
