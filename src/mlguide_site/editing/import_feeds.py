"""Imports all feeds in `knowledge/series.yml`, one by one."""

from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from mlguide_site.content.files import decode_content, read_bytes, resolve_inside
from mlguide_site.content.knowledge import read_knowledge
from mlguide_site.content.yaml_read import read_yaml
from mlguide_site.editing.fetch_files import import_and_fetch
from mlguide_site.errors import ContentError, Problem, ResourceError, Span, UsageError, refuse_errors
from mlguide_site.merge.entries import SERIES_FILE
from mlguide_site.merge.report import ImportReport
from mlguide_site.model.slugs import is_slug


class SeriesFeed(NamedTuple):
    """A feed in `series.yml`: its address, the series that use it, the position of the address, and the kinds of files
    to fetch."""

    url: str
    series: tuple[str, ...]
    span: Span
    fetches: frozenset[str]


class FeedImports(NamedTuple):
    """The reports of successful imports, the problems of failed imports, and the exit status."""

    reports: tuple[ImportReport, ...]
    problems: tuple[Problem, ...]
    exit_status: int


def import_feeds(root: Path, choices: Mapping[str, str], fetches: Collection[str] = (), **options: Any) -> FeedImports:
    """Import the feeds of all series, or only of the series of the episodes in `choices`, if any. A failed
    import doesn't stop the other imports. Without `fetches`, each series names the files to fetch. `options` are passed
    to `import_and_fetch`. Raises ContentError if `series.yml` is invalid, and UsageError if no series has a feed."""
    reports, problems, status = list[ImportReport](), list[Problem](), 0
    for feed in series_feeds(root, choices):
        # with several series, the importer assigns the episodes to the series
        series = feed.series[0] if len(feed.series) == 1 else None
        try:
            wanted = fetches or feed.fetches
            reports.append(import_and_fetch(root, [feed.url], wanted, series=series, choices=choices, **options))
        except ContentError as error:
            problems += error.problems
            status = max(status, error.exit_status)
        except ResourceError as error:
            message, _, remedy = str(error).partition("; ")
            message = f'the feed of "{", ".join(feed.series)}" was not imported: {message}'
            problems.append(Problem(SERIES_FILE, feed.span, message, remedy or "try again later"))
            status = max(status, error.exit_status)
    return FeedImports(tuple(reports), tuple(sorted({*problems})), status)


def series_feeds(root: Path, ids: Collection[str]) -> list[SeriesFeed]:
    """Return the feeds to import, in file order, or only the feeds of the episodes `ids`. Raises as `import_feeds`."""
    path = resolve_inside(root, SERIES_FILE)
    data = read_bytes(path) if path.exists() else b""
    knowledge, _ = read_knowledge({SERIES_FILE: data})
    refuse_errors(knowledge.problems)
    located = read_yaml(decode_content(data, SERIES_FILE), SERIES_FILE)
    wanted = {note.parent.name for id in ids if is_slug(id) for note in root.glob(f"episodes/*/{id}.md")}
    owners: dict[str, list[str]] = {}
    for id, series in knowledge.tables["series"].items():
        if series.feed and (id in wanted or not ids):
            owners.setdefault(series.feed, []).append(id)
    if not owners:
        what = f"the series of {', '.join(ids)} has no feed" if ids else "no series has a feed"
        line = '"feed: https://example.org/feed.xml"'
        raise UsageError(f"{SERIES_FILE}: {what}; add a line such as {line} to the series, or give a source")
    fetches = {id: series.fetch for id, series in knowledge.tables["series"].items()}
    return [
        SeriesFeed(url, tuple(own), located.find((own[0], "feed")), frozenset().union(*(fetches[id] for id in own)))
        for url, own in owners.items()
    ]
