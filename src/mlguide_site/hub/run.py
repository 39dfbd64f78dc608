"""Runs the tasks of a hub on Dask: first all shows, then the hub's site. Then all sites are published in `site/`."""

import faulthandler
import gc
import json
import logging
import os
import shutil
from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import CancelledError
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import replace
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, NamedTuple

from mkdocs_incremental.output import exchange, files_in, is_kept, move, remove
from mlguide_site import pipeline
from mlguide_site.build.cache import opened
from mlguide_site.build.engines import Make, load_engine
from mlguide_site.build.inputs import program_digest
from mlguide_site.build.note_cache import Tables, read_notes
from mlguide_site.build.outputs import output
from mlguide_site.build.pages import Built, Job, PageMaker
from mlguide_site.config import Settings
from mlguide_site.content.files import disk_errors, exclusive, read_bytes, resolve_inside, write_atomic
from mlguide_site.content.knowledge import read_knowledge
from mlguide_site.content.resources import ASSETS, template_folders
from mlguide_site.content.site_settings import PATH as SETTINGS
from mlguide_site.editing.scaffold import root_files
from mlguide_site.errors import (
    ContentError,
    Problem,
    ResourceError,
    Severity,
    Span,
    UsageError,
    collected,
    counted,
    refuse_errors,
)
from mlguide_site.hub import HUB, INSTALL, SHOWS
from mlguide_site.hub.hub_catalog import hub_catalog
from mlguide_site.hub.hub_file import PATH, Hub, HubFile, read_hub
from mlguide_site.hub.joins import Joined, join, merged
from mlguide_site.hub.partial import Named, Partial, names_of
from mlguide_site.hub.show_search import index_of_shows
from mlguide_site.hub.show_task import Outcome, ShowJob, build_show
from mlguide_site.hub.store import Record, Store, packed, unpack
from mlguide_site.linking.linked_catalog import LinkedCatalog
from mlguide_site.linking.names import NameTable
from mlguide_site.linking.references import ReferenceTable
from mlguide_site.model.digests import digest
from mlguide_site.pages.render import Renderer

FAN_IN = 8  # number of intermediate results that one task merges
CONNECT_SECONDS = 15
SHOW_SECONDS = 15 * 60  # maximum duration of the task of a show, so that one show never blocks a hub
SITE = "site"
PUBLISHED = ".mlguide/published"  # the folder that records which results are in `site/`
WORK = ".mlguide/work"
STORE = "store"  # the default store
Say = Callable[[str], None]
SEARCH_WORKER = f"{ASSETS}/search-worker.js"
LEFT_OUT = frozenset(("episode", "series", "transcript", "mentions", "page"))  # a hub has no pages of these kinds


class HubReport(NamedTuple):
    """The outcomes of all shows in the order of `hub.yml`, and the record of the hub's results."""

    outcomes: tuple[Outcome, ...]
    hub: Record


def run_hub(root: Path, scheduler: str | None, workers: int, store: str | None, say: Say) -> HubReport:
    """Build the shows whose inputs have changed, then the hub's site. If a show fails, its previous site is kept.
    Raises UsageError, ContentError if `hub.yml` is invalid, and ResourceError if the cluster, disk or store fails."""
    file, place = read_hub(root), store_address(root, store)
    hub, program = file.hub, program_digest()
    stored = [] if store else [f"{STORE}/{HUB}", *(f"{STORE}/{SHOWS}/{slug}" for slug in hub.shows)]
    for own in ("knowledge", WORK, PUBLISHED, f"{SITE}/{SHOWS}", *stored):
        resolve_inside(root, own)  # refuses symbolic links
    shared = _shared(root)
    refuse_errors(read_knowledge(shared)[0].problems)
    jobs = [
        ShowJob(slug, show, hub.url(f"{SHOWS}/{slug}/"), str(root), place, program, shared, hub.title)
        for slug, show in hub.shows.items()
    ]
    if not jobs:
        raise UsageError(f"{PATH} lists no shows; add one with mlguide hub add")
    with exclusive(root), connected(root, scheduler, workers, say) as client, disk_errors(place):
        outcomes = {}
        for outcome in _build_shows(client, jobs, file, say):
            outcomes[outcome.slug] = outcome
            # publish sites while the workers build other shows
            if outcome.state != "failed":
                with suppress(ContentError, FileNotFoundError):  # `publish` reports a damaged site
                    publish_site(root, place, outcome.slug, Store(place).record(f"{SHOWS}/{outcome.slug}"))
        records = current_records(place, file, [])
        record, context = Store(place).record(HUB), hub_context(hub, program, records)
        if record.context != context:
            if not scheduler and any(one.state == "built" for one in outcomes.values()):
                # the hub's site is built in a new process, without the memory of earlier shows
                client.restart(wait_for_workers=False)
            joined = _join(client, file, place, records)
            task = client.submit(_on_worker, build_hub_site, hub, place, context, records, joined, pure=False)
            record = task.result()
        for slug in publish(root, place, hub.shows, {HUB: record, **records}):
            damaged = Problem(slug, Span(), "the stored site is damaged or missing", "run the command again")
            outcomes[slug] = Outcome(slug, "failed", 0, (*outcomes[slug].problems, damaged))
        return HubReport(tuple(outcomes[slug] for slug in hub.shows), record)


def _join(client: Any, file: HubFile, place: str, records: Mapping[str, Record]) -> Any:
    """Start the tasks that join the entries of all shows. Return the future of the last task."""
    parts = [client.submit(_names, place, record.catalog, pure=False) for record in records.values()]
    while len(parts) > 1:
        groups = [parts[at : at + FAN_IN] for at in range(0, len(parts), FAN_IN)]
        parts = [client.submit(merged, *group, pure=False) for group in groups]
    return client.submit(join, parts[0] if parts else [], file, pure=False)


def store_address(root: Path, store: str | None) -> str:
    """Return the address of a store. The default is the folder `store` in the hub."""
    return store if store and "://" in store else str((root / (store or STORE)).resolve())


def current_records(place: str, file: HubFile, problems: list[Problem]) -> dict[str, Record]:
    """Return the records of all shows that have results. Add an error to `problems` for each damaged record."""
    store, found = Store(place), dict[str, Record]()
    for slug in file.hub.shows:
        with collected(problems):
            found[slug] = store.record(f"{SHOWS}/{slug}")
    return {slug: record for slug, record in found.items() if record.catalog}


def known_joins(root: Path, store: str | None) -> Joined:
    """Join the entries of the shows in a store. No cluster is needed. Raises the same exceptions as `run_hub`."""
    file, place = read_hub(root), store_address(root, store)
    problems = [*_show_problems(root, file), *read_knowledge(_shared(root))[0].problems]
    with disk_errors(place):
        records = current_records(place, file, problems)
        joined = join(merged(*(_names(place, one.catalog) for one in records.values())), file)
        return joined._replace(problems=tuple(sorted({*joined.problems, *problems})))


def _shared(root: Path) -> dict[str, bytes]:
    """Return the knowledge files of a hub, which apply to all shows, by path."""
    paths = [path for path in sorted((root / "knowledge").glob("*.yml")) if not path.is_symlink()]
    return {f"knowledge/{path.name}": read_bytes(path) for path in paths}


def _show_problems(root: Path, file: HubFile) -> Iterator[Problem]:
    """Yield a warning for each show whose folder is missing, or that has the same source as an earlier show."""
    first = dict[str, str]()
    for slug, show in file.hub.shows.items():
        folder = root / show.folder if show.folder else None
        same = first.setdefault(str(folder.resolve()) if folder else show.source, slug)
        if folder and not (folder / SETTINGS).is_file():
            message, remedy = f"there is no {SETTINGS} in this folder", "write the folder of a knowledge base"
        elif same != slug:
            message, remedy = f'the show "{same}" has the same source', "remove one of the two shows"
        else:
            continue
        yield Problem(PATH, file.located.find(("shows", slug, "folder")), message, remedy, Severity.WARNING)


def _names(place: str, catalog: str) -> list[Named]:
    return names_of(Partial.model_validate_json(Store(place).read(catalog)))


@contextmanager
def connected(root: Path, scheduler: str | None, workers: int, say: Say) -> Iterator[Any]:
    """Connect to a scheduler, or start a cluster of processes that listens only on this machine. Raises UsageError if
    Dask isn't installed, and ResourceError if the connection fails."""
    try:
        import dask  # noqa: PLC0415 - part of the extra
        import distributed  # noqa: PLC0415
    except ImportError:
        raise UsageError(f"Dask is not installed; {INSTALL}") from None
    work = root / WORK
    options = {"n_workers": workers or min(8, os.cpu_count() or 1), "threads_per_worker": 1, "host": "127.0.0.1"}
    options |= {"dashboard_address": "127.0.0.1:0", "silence_logs": logging.CRITICAL}
    options |= {"local_directory": os.environ.get("TMPDIR") or str(work)}  # Dask deletes the folders of killed workers
    shutil.rmtree(work, ignore_errors=True)
    with ExitStack() as stack:
        # the exceptions below replace Dask's own messages, which contain tracebacks
        logging.disable(logging.CRITICAL)
        stack.callback(logging.disable, logging.NOTSET)
        stack.callback(shutil.rmtree, work, ignore_errors=True)
        settings: dict[str, Any] = {
            # Dask's profiler would interrupt each worker a hundred times a second
            "distributed.worker.profile.enabled": False,
            # a show that takes too long ends its worker: try it only twice, and queue no other show at this worker
            "distributed.scheduler.allowed-failures": 1,
            "distributed.scheduler.worker-saturation": 1.0,
        }
        stack.enter_context(dask.config.set(settings))
        try:
            cluster = scheduler or stack.enter_context(distributed.LocalCluster(**options))
            client = stack.enter_context(distributed.Client(cluster, timeout=CONNECT_SECONDS))
            if scheduler and not client.nthreads():
                say(f"waiting for a worker; start one with dask worker {scheduler} --nthreads 1")
        except (OSError, TimeoutError, ValueError, RuntimeError) as error:
            what = f"{scheduler or 'Dask'}: {' '.join(str(error).split())[:300] or type(error).__name__}"
            remedy = "check that the scheduler runs at this address" if scheduler else "free some space and memory"
            raise ResourceError(f"{what}; {remedy}") from None
        say(f"dashboard: {client.dashboard_link} (needs the package bokeh)")
        try:
            yield client
        except CancelledError:
            raise ResourceError("the connection to the scheduler was lost; run the command again") from None
        except distributed.KilledWorker:
            raise ResourceError("the worker was killed again and again; give it more memory") from None


def _on_worker(run: Callable[..., Any], *arguments: Any) -> Any:
    """Run a task with temporary files in the worker's folder, which Dask deletes even if the worker is killed."""
    import distributed  # noqa: PLC0415

    return run(*arguments, work=distributed.get_worker().local_directory)


def _build_in_time(job: ShowJob, work: str) -> Outcome:
    """Build a show. If this takes too long, end the process of the worker; Dask starts another worker."""
    with Path(os.devnull).open("w") as nowhere:
        # unlike a thread in Python, this timer also ends a regular expression that takes for ever
        faulthandler.dump_traceback_later(SHOW_SECONDS, exit=True, file=nowhere)
        try:
            return build_show(job, work)
        finally:
            faulthandler.cancel_dump_traceback_later()


def _build_shows(client: Any, jobs: Sequence[ShowJob], file: HubFile, say: Say) -> Iterator[Outcome]:
    """Yield the outcome of each show as soon as its task is finished."""
    import distributed  # noqa: PLC0415

    futures = {client.submit(_on_worker, _build_in_time, job, pure=False): job for job in jobs}
    for number, future in enumerate(distributed.as_completed(futures), 1):
        slug, error = futures[future].slug, future.exception()
        reason = " ".join(str(error).split())[:300]
        what = f"the worker failed, or needed more than {SHOW_SECONDS // 60} minutes: {reason}"
        failed = Outcome(slug, "failed", 0, (Problem(slug, Span(), what, "run the command again"),))
        outcome = failed if error else future.result()
        if outcome.problems:
            place, remedy = file.located.find_key(("shows", slug)), "fix the problems of the show below"
            own = Problem(PATH, place, f'the show "{slug}" failed, and its previous site, if any, is kept', remedy)
            outcome = outcome._replace(problems=(own, *outcome.problems))
        size = f", {counted(outcome.episodes, 'episode')}" if outcome.episodes else ""
        say(f"{number}/{len(jobs)} {slug}: {outcome.state}{size}")
        yield outcome


def publish(root: Path, place: str, shows: Container[str], records: Mapping[str, Record]) -> list[str]:
    """Put the changed sites of the hub and its shows into `site/`. The site of a show is replaced as a whole. The sites
    of all but these `shows` are deleted. Return the shows whose stored sites are damaged or missing; the
    next run builds these shows again. Raises ContentError if the hub's site is damaged, OSError and ResourceError."""
    damaged = []
    for name, record in records.items():
        try:
            publish_site(root, place, name, record)
        except (ContentError, FileNotFoundError):
            folder = HUB if name == HUB else f"{SHOWS}/{name}"
            Store(place).commit(folder, record._replace(context=""))
            if name == HUB:
                raise
            damaged.append(name)
    for path in [*(root / SITE / SHOWS).glob("*"), *(root / PUBLISHED).glob("*")]:
        if path.name != HUB and path.name not in shows:
            shutil.rmtree(path) if path.is_dir() else path.unlink()
    return damaged


def publish_site(root: Path, place: str, name: str, record: Record) -> None:
    """Put the site of the hub (if `name` is `HUB`) or of a show into `site/`, unless it is already there."""
    site = root / SITE
    noted, target = root / PUBLISHED / name, site if name == HUB else site / SHOWS / name
    if (target / "index.html").is_file() and noted.is_file() and noted.read_text("utf-8") == record.site:
        return
    with TemporaryDirectory(dir=root / ".mlguide", ignore_cleanup_errors=True) as folder:
        fresh = Path(folder) / SITE
        unpack(Store(place).read(record.site), fresh)
        noted.unlink(missing_ok=True)
        if name == HUB:
            files = {*files_in(fresh)}
            for path in files:
                resolve_inside(root, f"{SITE}/{path}")
            move(str(fresh), str(site))
            # the sites of shows aren't listed, because together they have very many files
            kept = {one for one in os.listdir(site) if one == SHOWS or is_kept(one)}
            others = files_in(site, lambda above, _names: kept if above == str(site) else ())
            remove(site, [one for one in others if one not in files])
        else:
            target.parent.mkdir(parents=True, exist_ok=True)
            exchange(fresh, target)
    write_atomic(noted, record.site.encode())


def hub_context(hub: Hub, program: str, records: Mapping[str, Record]) -> str:
    """Return a digest of all inputs of the hub's site. `records` contains the records of all shows with results."""
    results = [(slug, one.catalog, one.words) for slug, one in records.items()]
    return digest(repr((program, hub.title, hub.address, hub.same, hub.different, results)))


def build_hub_site(
    hub: Hub, place: str, context: str, records: Mapping[str, Record], joined: Joined, work: str | None = None
) -> Record:
    """Build the hub's site, and return the record of its results. `place` is the address of the store, and `context` is
    the digest of the inputs. Raises SiteError."""
    store = Store(place)
    gc.collect()  # frees what is left of the shows that this process has built
    with TemporaryDirectory(dir=work, ignore_cleanup_errors=True) as folder:
        root = Path(folder).resolve() / "root"
        # read one partial catalog at a time, because together they may be large
        partials = (Partial.model_validate_json(store.read(one.catalog)) for one in records.values())
        linked = hub_catalog(partials, joined)
        for path, data in root_files(hub.title, hub.url(), replace(linked.catalog, series={})).items():
            write_atomic(root / path, data)
        words = ((slug, store.read(one.words).decode()) for slug, one in records.items() if one.words)
        site = load_engine("mkdocs")(root, partial(_built, linked, words), Job())
        written = store.write(f"{HUB}/{context}.site.zip", packed(site))
    pages, warnings = len(joined.groups), len(joined.problems)
    return store.commit(HUB, Record(context=context, site=written, pages=pages, warnings=warnings))


def _built(
    linked: LinkedCatalog, words: Iterable[tuple[str, str]], root: Path, settings: Settings, engine: Make, job: Job
) -> Built:
    """Run all stages of `pipeline.build` for a catalog that is only in memory. `words` contains each show's words."""
    catalog = linked.catalog
    # a hub has no texts in which names or references are found
    tables = Tables(NameTable(()), ReferenceTable(()))
    with opened(root, job.folder, job.say) as cache:
        notes = read_notes([], tables, cache.read, job.jobs)
        maker = PageMaker(linked, settings, Renderer(template_folders(root), settings.wording), LEFT_OUT)
        content = pipeline.Content(catalog, tables, frozenset(), "")
        pages = pipeline.render(root / job.folder, content, notes, maker, cache, job.jobs)
        # the covers are in the sites of the shows
        files = pipeline.root_files(root, replace(linked, catalog=replace(catalog, assets=frozenset())), settings)
        worker = files[pipeline.PAGES][SEARCH_WORKER].make() or b""
        index, ids = index_of_shows(words, settings.language)
        shows = json.dumps([[catalog.sites[id], series.title, ids.get(id)] for id, series in catalog.series.items()])
        index[SEARCH_WORKER] = worker.replace(b"const SHOWS = []", b"const SHOWS = " + shows.encode())
        searched = {path: output(data) for path, data in index.items()}
        files = {**files, pipeline.PAGES: {**files[pipeline.PAGES], **searched}}
        problems = pipeline.write(root, job, notes, pages, files, cache)
    built = Built(linked, settings, problems, pages, notes.outward, tables, maker, is_first=True)
    engine(built, lambda site: pipeline.finish(root, built, site, job))
    return built
