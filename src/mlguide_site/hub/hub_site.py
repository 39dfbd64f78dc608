"""Builds the site of a hub from the partial catalogs of its shows, with the same engine and templates as any site."""

import gc
import json
from collections.abc import Iterable, Mapping
from dataclasses import replace
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

from mlguide_site import pipeline
from mlguide_site.build.cache import opened
from mlguide_site.build.engines import Make, load_engine
from mlguide_site.build.note_cache import Tables, read_notes
from mlguide_site.build.outputs import output
from mlguide_site.build.pages import Built, Job, PageMaker
from mlguide_site.config import Settings
from mlguide_site.content.files import write_atomic
from mlguide_site.content.resources import ASSETS, template_folders
from mlguide_site.editing.scaffold import root_files
from mlguide_site.hub import HUB
from mlguide_site.hub.hub_catalog import hub_catalog
from mlguide_site.hub.hub_file import Hub
from mlguide_site.hub.joins import Joined
from mlguide_site.hub.partial import Partial
from mlguide_site.hub.show_search import index_of_shows
from mlguide_site.hub.store import Record, Store, packed
from mlguide_site.linking.linked_catalog import LinkedCatalog
from mlguide_site.linking.names import NameTable
from mlguide_site.linking.references import ReferenceTable
from mlguide_site.model.digests import digest
from mlguide_site.pages.render import Renderer

SEARCH_WORKER = f"{ASSETS}/search-worker.js"
LEFT_OUT = frozenset(("episode", "series", "transcript", "mentions", "page"))  # a hub has no pages of these kinds


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
