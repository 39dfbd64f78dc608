"""Imports sources or all feeds in `knowledge/series.yml`, and fetches transcripts, chapters and covers."""

import threading
import time
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any, NamedTuple

from mlguide_site.content.assets import COVERS, asset_suffix
from mlguide_site.content.files import change_files, decode_content, exclusive, read_bytes, resolve_inside
from mlguide_site.content.knowledge import read_knowledge
from mlguide_site.content.root import excess
from mlguide_site.content.transcript_formats import CHAPTERS, TRANSCRIPTS
from mlguide_site.content.yaml_read import read_yaml
from mlguide_site.errors import ContentError, Problem, ResourceError, Severity, Span, UsageError, counted, refuse_errors
from mlguide_site.importers import Context, FileDraft, Source
from mlguide_site.importers.common.addresses import without_secrets
from mlguide_site.importers.transcript import MAX_TRANSCRIPT_BYTES
from mlguide_site.merge.entries import SERIES_FILE
from mlguide_site.merge.episodes import RootState, note_path, read_state
from mlguide_site.merge.fetch import fetch
from mlguide_site.merge.records import FILES_PATH, dump_record, read_record
from mlguide_site.merge.report import ImportReport, Write
from mlguide_site.merge.run import run_import
from mlguide_site.merge.sources import FORMATS
from mlguide_site.model.digests import short_digest
from mlguide_site.model.slugs import is_slug
from mlguide_site.progress import stage

KINDS: Mapping[str, str] = {"transcripts": "a transcript", "chapters": "chapters", "covers": "an image"}
"""Maps each kind of file that can be fetched to the name that messages use for such a file."""
FETCH_SECONDS = 20.0
MAX_SECONDS = 15 * 60.0  # maximum duration of all downloads of an import
MAX_WRITTEN = 256 * 1024 * 1024  # maximum number of bytes of all files that an import downloads
MAX_LOST_SECONDS = 60.0  # if failed requests to a host took longer in total, the host's other files are skipped
MAX_WORKERS = 4
GROUP_SIZE = 40  # files are written in groups of this size, so that an interrupted import keeps the earlier groups
MAX_FAILURES = 5  # maximum number of failures that are reported one by one
# the media types of transcripts, with the preferred type first
_TYPES = ("text/vtt", "application/srt", "application/x-subrip", "text/srt", "application/json")


class Wanted(NamedTuple):
    kind: str  # a key of `KINDS`
    url: str
    named_in: str  # the path of the note or knowledge file that contains `url`
    paths: tuple[str, ...]  # the possible paths of the fetched file

    def warning(self, message: str, remedy: str) -> Problem:
        remedy = f"{remedy}; the next import with --fetch tries again"
        return Problem(self.named_in, Span(), message, remedy, Severity.WARNING)


class Found(NamedTuple):
    path: str
    data: bytes


class Budget:
    """The time and bytes that an import may still use for fetched files. All threads and feeds share a budget."""

    def __init__(self) -> None:
        self.lost = defaultdict[str, float](float)  # seconds that failed requests took, by host
        self._end, self._bytes, self._lock = time.monotonic() + MAX_SECONDS, MAX_WRITTEN, threading.Lock()

    def take(self, size: int) -> bool:
        """Reserve `size` bytes. Return whether all downloads are within the limits of size and time."""
        with self._lock:
            self._bytes -= size
            return self._bytes >= 0 and time.monotonic() < self._end


def import_and_fetch(
    root: Path,
    sources: Sequence[str | Source],
    fetches: Collection[str] = (),
    dry_run: bool = False,
    budget: Budget | None = None,
    **options: Any,
) -> ImportReport:
    """Import sources, then fetch files of the kinds in `fetches` (see `KINDS`), within `budget` or a new one. `options`
    are passed to `run_import`. Raises UsageError for an unknown kind, and the exceptions of `run_import`."""
    if unknown := sorted({*fetches} - KINDS.keys()):
        raise UsageError(f'"{unknown[0]}" can\'t be fetched; --fetch accepts {", ".join(KINDS)}, separated by commas')
    report = run_import(root, sources, dry_run=dry_run, **options)
    if not fetches or dry_run:
        return report
    with stage("fetching files"):
        return fetch_files(root, report, fetches, budget or Budget())


def fetch_files(root: Path, report: ImportReport, kinds: Collection[str], budget: Budget) -> ImportReport:
    """Fetch missing files for the episodes in a report and for their series. Return the report with the new files and
    with warnings about failures. Raises ContentError for an invalid root, and ResourceError if the disk fails."""
    by_url = defaultdict[str, list[Wanted]](list)
    for one in _wanted(read_state(root), [*report.new, *report.changed, *report.unchanged], kinds):
        # always use https, even for an http address
        by_url[f"https://{one.url.partition('://')[2]}"].append(one)
    written, failures, full, left = list[str](), list[Problem](), list[Problem](), list[Wanted]()
    urls = list(by_url)
    for at in range(0, len(urls), GROUP_SIZE):
        with ThreadPoolExecutor(MAX_WORKERS) as pool:
            results = pool.map(lambda url: _fetched(url, by_url[url], budget), urls[at : at + GROUP_SIZE])
            found = [one for each in results for one in each]
        failures += [one for one in found if isinstance(one, Problem)]
        left += [one for one in found if isinstance(one, Wanted)]
        paths, full = _write(root, dict(one for one in found if isinstance(one, Found)))
        written += paths
        if full:
            break
    if others := len(failures[MAX_FAILURES:]):
        message = f"{counted(others, 'other file')} can't be fetched"
        failures[MAX_FAILURES:] = [replace(failures[MAX_FAILURES], message=message)]
    if left:
        most = f"an import downloads for at most {MAX_SECONDS / 60:.0f} minutes, and at most {MAX_WRITTEN // 2**20} MiB"
        message, remedy = f"{counted(len(left), 'file')} not fetched: {most}", "the next import with --fetch continues"
        failures.append(Problem(left[0].named_in, Span(), message, remedy, Severity.WARNING))
    return replace(
        report,
        assets=tuple(sorted({*report.assets, *written})),
        problems=tuple(sorted({*report.problems, *failures, *full})),
        # the content is omitted, because the files are already written, and reports show only their paths
        writes=(*report.writes, *(Write(path, None, b"") for path in written)),
    )


def _wanted(state: RootState, ids: Sequence[str], kinds: Collection[str]) -> Iterator[Wanted]:
    """Yield the files to fetch. Leave out files that exist, and files that a person deleted after an import."""
    values = read_yaml(state.knowledge.get(SERIES_FILE, ""), SERIES_FILE).value
    found = []
    for id in sorted(ids):
        front, path = state.fronts[id], note_path(state.places[id], id)
        stem = path.removesuffix(".md")
        transcripts = tuple(stem + suffix for suffix in TRANSCRIPTS)
        found.append(Wanted("transcripts", _best_transcript(front), path, transcripts))
        found.append(Wanted("chapters", str(front.get("chapters") or ""), path, (stem + CHAPTERS,)))
    for id in sorted({state.places[id] for id in ids}):
        series = values.get(id) or {}
        if not series.get("cover"):
            covers = tuple(f"episodes/{id}/{name}" for name in COVERS)
            found.append(Wanted("covers", str(series.get("artwork") or ""), SERIES_FILE, covers))
    for one in found:
        is_known = any(path in state.records.files or (state.root / path).exists() for path in one.paths)
        if one.kind in kinds and one.url and not is_known:
            yield one


def _best_transcript(front: Mapping[str, Any]) -> str:
    """Return the address of the best transcript, or "". The episode's language is more important than the format."""
    listed, language = front.get("transcripts"), str(front.get("language") or "").casefold()
    found = [one for one in listed if isinstance(one, Mapping)] if isinstance(listed, list) else []

    def rank(one: Mapping[str, Any]) -> tuple[bool, bool, int]:
        type, tag = one.get("type"), str(one.get("language") or language).casefold()
        # `en` and `en-us` are equally good, unlike `zh-tw` and `zh-cn`
        short, long = sorted((f"{tag}-", f"{language}-"))
        is_other = tag.partition("-")[0] != language.partition("-")[0]
        return is_other, not long.startswith(short), _TYPES.index(type) if type in _TYPES else len(_TYPES)

    # transcripts on web pages are left out, because they have no timestamps
    return str(min((one for one in found if one.get("type") != "text/html"), key=rank, default={}).get("url") or "")


def _fetched(url: str, wanted: Sequence[Wanted], budget: Budget) -> Sequence[Found | Problem | Wanted]:
    """Download `url` once. Return a file or a warning for each wanted file, or `wanted` if the budget is used up."""
    shown, host, started = without_secrets(url), url.split("/")[2], time.monotonic()
    if not budget.take(0):
        return wanted
    if budget.lost[host] > MAX_LOST_SECONDS:
        message = f"{shown}: not fetched, because earlier requests to the host failed"
        return [one.warning(message, "check the address") for one in wanted]
    try:
        source = fetch(url, limit=MAX_TRANSCRIPT_BYTES, seconds=FETCH_SECONDS, schemes=["https"])
    except ResourceError as error:
        budget.lost[host] += time.monotonic() - started
        message, _, remedy = str(error).partition("; ")
        return [one.warning(message, remedy or "check the address") for one in wanted]
    files = {kind: _converted(kind, source) for kind in {one.kind for one in wanted}}
    results = list[Found | Problem | Wanted]()
    for one in wanted:
        named = (Found(path, content) for end, content in files[one.kind] for path in one.paths if path.endswith(end))
        if file := next(named, None):
            results.append(file if budget.take(len(file.data)) else one)
        else:
            message = f"{shown}: the file is not {KINDS[one.kind]} in a supported format"
            results.append(one.warning(message, "check the address"))
    return results


def _converted(kind: str, source: Source) -> list[tuple[str, bytes]]:
    """Convert a fetched file. Return (path suffix such as `.vtt`, content) for each resulting file."""
    if kind == "covers":
        return [("cover" + asset_suffix("", source.data), source.data)]
    items = FORMATS["transcript"].items(source, Context())
    return [(item.suffix, item.data) for item in items if isinstance(item, FileDraft)]


def _write(root: Path, files: Mapping[str, bytes]) -> tuple[list[str], list[Problem]]:
    """Write and record new files. Skip files that another program wrote meanwhile. Return the paths of the new files;
    or if they would exceed a limit of the root, write nothing, and return warnings."""
    with exclusive(root):
        recorded = read_record(root, FILES_PATH)
        new = {path: data for path, data in files.items() if path not in recorded and not (root / path).exists()}
        if full := excess(root, new):
            return [], [replace(one, severity=Severity.WARNING) for one in full]
        record = dump_record(recorded | {path: short_digest(data) for path, data in new.items()})
        change_files(root, {**new, FILES_PATH: record} if new else {}, known=dict.fromkeys(new))
    return sorted(new), []


def import_feeds(
    root: Path, choices: Mapping[str, str], fetches: Collection[str] = (), **options: Any
) -> tuple[list[ImportReport], list[Problem], int]:
    """Import the feeds of all series. If `choices` (see `run_import`) contains episodes, import only the feeds of their
    series. If one feed fails, the others are still imported. `fetches` defaults to the series' field `fetch`. `options`
    are passed to `import_and_fetch`. Return the reports of successful imports, the problems of failed imports, and the
    exit status. Raises ContentError if `series.yml` is invalid, and UsageError if no series has a feed."""
    path = resolve_inside(root, SERIES_FILE)
    data = read_bytes(path) if path.exists() else b""
    knowledge, _ = read_knowledge({SERIES_FILE: data})
    refuse_errors(knowledge.problems)
    located, table = read_yaml(decode_content(data, SERIES_FILE), SERIES_FILE), knowledge.tables["series"]
    chosen = {note.parent.name for id in choices if is_slug(id) for note in root.glob(f"episodes/*/{id}.md")}
    owners = defaultdict[str, list[str]](list)
    for id, series in table.items():
        if series.feed and (id in chosen or not choices):
            owners[series.feed].append(id)
    if not owners:
        what = f"the series of {', '.join(choices)} has no feed" if choices else "no series has a feed"
        line = '"feed: https://example.org/feed.xml"'
        raise UsageError(f"{SERIES_FILE}: {what}; add a line such as {line} to the series, or give a source")
    reports, problems, status, budget = list[ImportReport](), list[Problem](), 0, Budget()
    for url, ids in owners.items():
        # with several series, the importer assigns the episodes to the series
        own = ids[0] if len(ids) == 1 else None
        wanted = fetches or {kind for id in ids for kind in table[id].fetch}
        given: dict[str, Any] = {"series": own, "choices": choices, "is_sync": True}
        try:
            reports.append(import_and_fetch(root, [url], wanted, budget=budget, **given, **options))
        except ContentError as error:
            problems += error.problems
            status = max(status, error.exit_status)
        except ResourceError as error:
            message, _, remedy = str(error).partition("; ")
            message = f'the feed of "{", ".join(ids)}" was not imported: {message}'
            problems.append(Problem(SERIES_FILE, located.find((ids[0], "feed")), message, remedy or "try again later"))
            status = max(status, error.exit_status)
    return reports, sorted({*problems}), status
