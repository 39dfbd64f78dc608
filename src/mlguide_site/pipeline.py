"""Runs all stages of a build, from the files of a root to the site."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from types import MappingProxyType

from mkdocs_incremental.output import files_in
from mlguide_site.build.cache import Cache, opened
from mlguide_site.build.engines import Make
from mlguide_site.build.engines.configuration import settings_of, site_settings
from mlguide_site.build.finish import finish_site, offline_files
from mlguide_site.build.note_cache import Notes, Tables, read_notes
from mlguide_site.build.outputs import NONE, Output, output, write_tree
from mlguide_site.build.pages import Built, Job, PageMaker, Pages, page_files
from mlguide_site.build.use_trimmed_theme import trimmed_theme
from mlguide_site.checks.all_checks import Checked, run_checks
from mlguide_site.checks.episodes import unmatched_files
from mlguide_site.config import Settings
from mlguide_site.content import transcript_formats as transcripts
from mlguide_site.content.files import read_bytes
from mlguide_site.content.load import load as load_catalog
from mlguide_site.content.resources import asset_files, packaged_templates, template_folders, theme_files
from mlguide_site.content.root import read_root
from mlguide_site.errors import Problem, Severity, Span, refuse_errors
from mlguide_site.linking.folding import UNSPACED
from mlguide_site.linking.linked_catalog import LinkedCatalog
from mlguide_site.linking.mentions import scan
from mlguide_site.linking.names import NameTable
from mlguide_site.linking.references import ReferenceTable
from mlguide_site.linking.resolve import link
from mlguide_site.linking.tags import completion
from mlguide_site.markdown.parse_and_sanitise import parse
from mlguide_site.model.catalog import Catalog
from mlguide_site.model.digests import digest
from mlguide_site.pages.books import book_path, whole_book
from mlguide_site.pages.formatting import WORDS_PARTIAL, WORDS_SCRIPT, script_words, theme_words
from mlguide_site.pages.render import Renderer
from mlguide_site.pages.site import Site
from mlguide_site.progress import stage
from mlguide_site.publish import content_security_policy
from mlguide_site.publish.epub import COVER_HEIGHT, BookWriter, cover_of, notes_html
from mlguide_site.publish.redirects import redirect_files
from mlguide_site.publish.social_cards import card_png
from mlguide_site.search import pagefind as search

DEFAULT = Job()
PAGES, THEME = "pages", "theme"
UNSPACED_SCRIPT = "assets/mlguide/unspaced.js"


@dataclass(frozen=True)
class Content:
    catalog: Catalog
    tables: Tables  # the names and references to find in notes
    problems: frozenset[Problem]
    digest: str  # a digest of everything except the bodies of notes


@dataclass(frozen=True)
class Examined:
    """The linked catalog of a root, and the sorted problems, including errors."""

    linked: LinkedCatalog
    problems: tuple[Problem, ...]


def build(root: Path, settings: Settings, engine: Make | None = None, job: Job = DEFAULT) -> Built:
    """Update a root's generated pages, and build the site with an engine. If `engine` is None, the caller must run an
    engine and then `finish`. Raises ContentError if the content has errors, and ResourceError if the disk fails."""
    with opened(root, job.folder, job.say) as cache:
        is_first = cache.fresh
        content = load(root, settings.preview)
        notes = stage("scan")(read_notes)(list(content.catalog.texts.values()), content.tables, cache.read, job.jobs)
        linked = stage("link")(link)(content.catalog, notes.documents, notes.scans)
        problems = check(root, content, linked)
        maker = PageMaker(linked, settings, Renderer(template_folders(root), settings.wording))
        pages = render(root / job.folder, content, notes, maker, cache, job.jobs)
        problems += write(root, job, notes, pages, root_files(root, linked, settings), cache)
    built = Built(linked, settings, problems, pages, notes.outward, content.tables, maker, is_first)
    del notes  # the cached notes are large, so free their memory for the engine
    if engine:
        engine(built, lambda site: finish(root, built, site, job))
    return built


def finish(root: Path, built: Built, site: Path, job: Job = DEFAULT, with_search: bool = True) -> None:
    """Complete a built site with the files that no engine generates. Raises ResourceError if the disk fails."""
    with opened(root, job.folder, job.say) as cache:
        stage("finish")(finish_site)(built, site, root / job.folder / "pages", cache, job.place, job.jobs)
        if with_search:
            index(site, root / job.folder / "search", cache, job)
        if not built.settings.preview:
            # this stage runs after `index`, because readers also need the search index offline
            space = f"offline {job.place}"
            cache.write({space: stage("offline")(offline_files)(site, built.settings, cache.read(space))})


@stage("examine")
def examine(root: Path, drafts: bool = False, texts: bool = False) -> Examined:
    """Read the content of a root and find its mentions, but build no site. To save memory, documents have no syntax
    trees, and they have blocks and segments only if `texts` is true. Raises ResourceError."""
    content = load(root, drafts)
    catalog, tables = content.catalog, content.tables
    documents, scans = {}, {}
    for id, file in catalog.texts.items():
        document = parse(file.body, file.meta.title)
        scans[id] = scan(document, tables.names, tables.references, file.meta)
        documents[id] = replace(document if texts else replace(document, blocks=(), segments=()), tokens=())
    linked = link(catalog, documents, scans)
    return Examined(linked, tuple(sorted(found_problems(root, content, linked))))


def inspect(root: Path) -> tuple[Problem, ...]:
    """Return the sorted problems that `mlguide check` reports, including problems in drafts. Raises ResourceError."""
    examined = examine(root, drafts=True)
    return tuple(sorted({*examined.problems, *run_checks(Checked(examined.linked, root, read_root(root).texts))}))


def book(root: Path, linked: LinkedCatalog) -> bytes:
    """Return the EPUB book of a root, whose documents have texts (see `examine`). Raises SiteError."""
    config = site_settings(root)
    settings = settings_of(config, config.plugins["mlguide"].config)
    site = Site(linked, settings, lambda _: "")
    whole, renderer = whole_book(site), Renderer(template_folders(root), settings.wording)
    bodies = {id: notes_html(linked, id) for id in whole.ids}
    return BookWriter(site, renderer, whole, bodies, root).write(card_png(cover_of(site, whole), COVER_HEIGHT))


@stage("load")
def load(root: Path, drafts: bool) -> Content:
    """Read the files of a root, and load the catalog."""
    files = read_root(root)
    loaded = load_catalog(files.texts, files.assets, drafts)
    catalog = loaded.catalog
    paths = sorted(filter(transcripts.may_be_transcript, catalog.assets))
    timed_files = {path: read_bytes(root / path, transcripts.MAX_FILE + 1) for path in paths}
    timed = transcripts.read_root_transcripts(timed_files, [(one.series, id) for id, one in catalog.episodes.items()])
    complete = completion(catalog)
    episodes = MappingProxyType({id: complete(file) for id, file in catalog.episodes.items()})
    catalog = replace(catalog, episodes=episodes, transcripts=timed.transcripts, chapters=timed.chapters)
    others = {path: data for path, data in files.texts.items() if path.startswith("knowledge/")} | timed_files
    digest_input = (
        [(path, digest(data)) for path, data in sorted(others.items())],
        [(file.path, file.spans.value) for file in (*catalog.episodes.values(), *catalog.pages.values())],
        sorted(catalog.assets),
        sorted(catalog.broken),
        drafts,
    )
    problems = frozenset((*files.problems, *loaded.problems, *timed.problems))
    tables = Tables(NameTable.of(catalog), ReferenceTable.of(catalog))
    return Content(catalog, tables, problems, digest(repr(digest_input)))


@stage("check")
def check(root: Path, content: Content, linked: LinkedCatalog) -> tuple[Problem, ...]:
    """Return the sorted problems. Raises ContentError if there are errors."""
    problems = found_problems(root, content, linked)
    refuse_errors(problems)
    return tuple(sorted(problems))


def found_problems(root: Path, content: Content, linked: LinkedCatalog) -> set[Problem]:
    """Return the problems that a build of a root reports."""
    return {*content.problems, *linked.problems, *run_checks(Checked(linked, root), in_builds=True)}


@stage("render")
def render(folder: Path, content: Content, notes: Notes, maker: PageMaker, cache: Cache, jobs: int) -> Pages:
    """Return the pages. In a first build, also write the pages. In later builds, `write` renders the changed pages."""
    # the page of a topic links to the topic's book, and whether there is a book depends on the length of the bodies
    books = [book_path(maker.site, topic) for topic in content.catalog.topics]
    all_but_bodies = digest(f"{content.digest} {maker.common} {sorted(notes.outward.items())} {books}")
    return page_files(maker, cache, all_but_bodies, notes.edited, jobs, folder / PAGES, WORDS_SCRIPT)


@stage("write")
def write(
    root: Path, job: Job, notes: Notes, pages: Pages, files: Mapping[str, Mapping[str, Output]], cache: Cache
) -> tuple[Problem, ...]:
    """Write pages and theme overrides. Return a warning for each unknown file in the folder of pages. The cache is
    written last, so that the next build repeats all work if this build is interrupted."""
    folder = root / job.folder
    files = {**files, PAGES: {**files[PAGES], **pages.files}}
    marks = {PAGES: WORDS_SCRIPT, THEME: WORDS_PARTIAL}
    written = {PAGES: pages.left, THEME: NONE}
    rows = [write_tree(folder / name, own, cache, job.jobs, marks[name], written[name]) for name, own in files.items()]
    cache.write({**notes.rows, **pages.rows, **rows[0], **rows[1]})
    message, moved = "this file is published, but was not generated", "move it to pages/"
    # ignore hidden files
    foreign = [path for path in files_in(folder / PAGES) if path not in files[PAGES] and "/." not in f"/{path}"]
    return tuple(
        Problem(f"{job.folder}/{PAGES}/{path}", Span(), message, moved + path, Severity.WARNING) for path in foreign
    )


def root_files(root: Path, linked: LinkedCatalog, settings: Settings) -> Mapping[str, Mapping[str, Output]]:
    """Return all generated files except pages, such as redirects and assets, by folder and path."""
    catalog = linked.catalog
    generated = {**redirect_files(catalog, settings), **asset_files(root)}
    generated[WORDS_SCRIPT] = script_words(settings.wording, generated[WORDS_SCRIPT])
    generated[UNSPACED_SCRIPT] = generated[UNSPACED_SCRIPT].replace(b"LETTERS", json.dumps(UNSPACED).encode())
    # the transcript of a deleted note isn't published
    published = sorted(catalog.assets - {*unmatched_files(linked)})
    assets = {path.removeprefix(f"{PAGES}/"): _asset(root, path, catalog) for path in published}
    policy = content_security_policy.policy_partial(catalog, settings)
    overrides = theme_files(root, settings.overrides)
    theme = {WORDS_PARTIAL: theme_words(settings.wording), content_security_policy.PARTIAL: policy, **overrides}
    parts = settings.plain_theme and overrides == theme_files(packaged_templates().parent) and trimmed_theme()
    return {
        PAGES: {**assets, **{path: output(data) for path, data in generated.items()}},
        THEME: {**(parts or {}), **{path: output(data) for path, data in theme.items()}},
    }


def _asset(root: Path, path: str, catalog: Catalog) -> Output:
    """Return the output for an asset: a copy of the file, or the valid parts of a transcript or chapters file."""
    id = path.rpartition("/")[2].removesuffix(".json").removesuffix(".chapters")
    if path.endswith(tuple(transcripts.TRANSCRIPTS)) and (not path.endswith(".json") or id in catalog.episodes):
        data = read_bytes(root / path)
        # without "published", the digest would equal the digest of an unchanged copy
        return Output(f"published {digest(data)}", lambda: transcripts.published(path, read_bytes(root / path)))
    return Output(digest((root / path).read_bytes()), (root / path).read_bytes)


@stage("search")
def index(site: Path, work: Path, cache: Cache, job: Job) -> None:
    """Update the search index of the site if the pages or the index have changed."""
    space = f"search {job.place}"
    state = search.refresh(site, work, cache.value(space, ""), job.prepared)
    cache.write({space: {"": (state, state)}})
