"""Builds one show: fetch, import, check, build. Each build uses an empty temporary folder, so equal inputs produce
equal sites. A task changes only its own show's results in the store, and can be interrupted or run again."""

import gc
import os
import shutil
import signal
import subprocess
from collections.abc import Collection, Mapping
from dataclasses import replace
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, NamedTuple

from mkdocs_incremental.settings import settings_files, settings_text
from mlguide_site.build.engines import load_engine
from mlguide_site.build.pages import Built, Job
from mlguide_site.content.files import decode, disk_errors, read_bytes, write_atomic
from mlguide_site.content.knowledge import PATHS
from mlguide_site.content.load import load
from mlguide_site.content.root import read_root
from mlguide_site.content.site_settings import PATH as SETTINGS
from mlguide_site.content.site_settings import read_origin
from mlguide_site.content.yaml_edit import CHILDREN, Addition, add_all, dump_mapping, flat_entries
from mlguide_site.content.yaml_read import MAX_KNOWLEDGE, read_yaml
from mlguide_site.editing.fetch_files import import_and_fetch
from mlguide_site.editing.scaffold import root_files
from mlguide_site.editing.suggest.drafts import add_entries
from mlguide_site.editing.suggest.proposals import propose
from mlguide_site.errors import ContentError, Problem, ResourceError, SiteError, Span, content_error
from mlguide_site.hub import SHOWS
from mlguide_site.hub.hub_file import PATH as HUB_FILE
from mlguide_site.hub.hub_file import Show
from mlguide_site.hub.partial import partial_of
from mlguide_site.hub.show_search import show_words
from mlguide_site.hub.store import Record, Store, packed, tree_digest, unpack
from mlguide_site.importers import Context, Draft, Source
from mlguide_site.importers.common.addresses import without_secrets
from mlguide_site.importers.common.naming import MIN_GUID
from mlguide_site.merge.entries import entry_names
from mlguide_site.merge.fetch import fetch
from mlguide_site.merge.keys import draft_keys
from mlguide_site.merge.records import read_records
from mlguide_site.merge.sources import BUILT, FORMATS
from mlguide_site.model.digests import digest
from mlguide_site.pipeline import build, examine

NOTES = ("episodes", "knowledge", ".mlguide/imported")  # an import writes these folders, and the next import reads them
GIT_SECONDS = 600
MAX_FILES, MAX_BYTES = 100_000, 2**30  # limits of a git repository
MAX_BLOCKS = MAX_BYTES // 512  # the limit of one file that git writes, such as a download, in blocks of `ulimit`
LIST_MEMORY, MAX_MEMORY = 2**20, 4 * 2**20  # the limit of memory of git, for a list of branches and otherwise, in KiB
MAX_MESSAGES = 20  # maximum number of reported messages of a failed build
_CACHES = frozenset(("node_modules", "__pycache__"))
_SAFE_GIT = {"GIT_TERMINAL_PROMPT": "0", "GIT_ALLOW_PROTOCOL": "https:http:ssh:git", "GIT_LFS_SKIP_SMUDGE": "1"}


class ShowJob(NamedTuple):
    """The inputs of a show's task: its site's `address` or "", the hub's folder `base`, the address of the `store`, a
    digest of the `program`, the `shared` knowledge files, and the title of the `hub`."""

    slug: str
    show: Show
    address: str
    base: str
    store: str
    program: str
    shared: Mapping[str, bytes]
    hub: str


class Outcome(NamedTuple):
    """The result of a show's task: `built`, `unchanged` or `failed`, and the reasons for a failure."""

    slug: str
    state: str
    episodes: int = 0
    problems: tuple[Problem, ...] = ()


def build_show(job: ShowJob, work: str | None = None) -> Outcome:
    """Build a show if its inputs have changed. `work` is a folder for temporary files. No exception is raised."""
    messages: list[str] = []
    try:
        with TemporaryDirectory(dir=work, ignore_cleanup_errors=True) as folder, disk_errors(folder):
            return _build(job, Path(folder).resolve() / "root", messages)
    except ContentError as error:
        return Outcome(job.slug, "failed", 0, tuple(replace(p, path=f"{job.slug}/{p.path}") for p in error.problems))
    except Exception as error:
        text = str(error) if isinstance(error, SiteError) else f"unexpected {type(error).__name__}: {error}"
        message, _, remedy = " ".join(text.split())[:500].partition("; ")
        reasons = [(one, "fix this") for one in messages[:MAX_MESSAGES]]
        reasons.append((message or "the build failed", remedy or "fix this, then build again"))
        return Outcome(job.slug, "failed", 0, tuple(Problem(job.slug, Span(), *reason) for reason in reasons))


def _build(job: ShowJob, root: Path, messages: list[str]) -> Outcome:
    store, name, show = Store(job.store), f"{SHOWS}/{job.slug}", job.show
    record, notes, feed = store.record(name), b"", None
    address = record.feed  # with the notes of a feed, which are kept while the show has another source
    if show.feed:
        feed = fetch(show.feed)
        source, address = digest(feed.data), digest(show.feed.partition("://")[2])
    elif show.git:
        source = _git("ls-remote", "--", show.git, "HEAD", memory=LIST_MEMORY).split("\t")[0]
    else:
        source = tree_digest(_knowledge_base(job), _ignored)
    settings = (job.address, job.hub, show, *map(settings_text, _inherited(job)))
    context = digest(repr((job.program, sorted(job.shared.items()), *settings)))
    if (record.source, record.context) == (source, context):
        return Outcome(job.slug, "unchanged", record.episodes)
    # a build leaves many objects that refer to each other; in a worker that builds many shows, they would add up
    gc.collect()
    if show.folder:
        # the files may have changed before they are copied
        source = tree_digest(shutil.copytree(_knowledge_base(job), root, symlinks=True, ignore=_ignored))
    else:
        for path, data in root_files(job.slug).items():
            write_atomic(root / path, data)
    if feed:
        remedy = f"choose another key in hub.yml, or delete {name} in the store, with the notes of the other feed"
        if record.notes:
            unpack(store.read(record.notes), root)
            if record.feed not in ("", address):
                _refuse_other_show(root, feed, remedy)
        given: dict[str, Any] = {"format": "feed", "series": job.slug, "follows": True}
        import_and_fetch(root, [feed], ["covers"], **given, is_sync=True, other_show=remedy)
        # add the same entries as `mlguide init`, and store them, so that no page disappears with a later episode
        own = {path: read_bytes(root / path) for path in job.shared if (root / path).is_file()}
        _add_shared(root, job.shared, wins=True)
        proposals = [one for one in propose(examine(root, texts=True).linked) if one.sure]
        for path in job.shared:
            write_atomic(root / path, own.get(path, b""))
        add_entries(root, proposals, is_draft=False)
        notes = packed(root, NOTES)
    elif show.git:
        _clone(show.git, root)
    _add_shared(root, job.shared, wins=bool(feed))
    title = _write_settings(root, job)
    # a build doesn't depend on the records of imports
    shutil.rmtree(root / ".mlguide", ignore_errors=True)
    content = tree_digest(root)
    if (record.content, record.context) == (content, context):
        store.commit(name, record._replace(source=source))
        return Outcome(job.slug, "unchanged", record.episodes)
    kept: list[Built] = []

    def built(*arguments: Any) -> Built:
        kept.append(build(*arguments))
        return kept[-1]

    site = load_engine("mkdocs")(root, built, Job(messages.append))
    partial, key = partial_of(job.slug, title, kept[-1].linked), f"{name}/{digest(context + content)}"
    catalog = store.write(f"{key}.json", partial.model_dump_json(exclude_defaults=True).encode())
    words = store.write(f"{key}.txt", show_words(site).encode())
    archive = store.write(f"{key}.site.zip", packed(site))
    saved = store.write(f"{name}/{digest(notes)}.notes.zip", notes) if notes else record.notes
    store.commit(name, Record(source, context, content, archive, catalog, words, saved, len(partial.episodes), address))
    return Outcome(job.slug, "built", len(partial.episodes))


def _knowledge_base(job: ShowJob) -> Path:
    """Return the folder of a show. Raises ResourceError if it isn't a knowledge base."""
    folder = Path(job.base) / (job.show.folder or "")
    if not (folder / SETTINGS).is_file():
        raise ResourceError(f"{folder}: no {SETTINGS} here; correct the folder in hub.yml")
    return folder


def _inherited(job: ShowJob) -> list[str]:
    """Return the paths of the settings of a folder and of the files that they inherit from, or an empty list."""
    path = os.path.realpath(Path(job.base, job.show.folder or "", SETTINGS))
    files = settings_files(path) if job.show.folder else []
    return files if len(files) > 1 else []


def _refuse_other_show(root: Path, feed: Source, remedy: str) -> None:
    """Raise ResourceError if a feed with a new address has none of the episodes that were imported before."""
    known = {key for base in read_records(root).bases.values() for key in base.keys}
    drafts = [one for one in FORMATS["feed"].items(feed, Context()) if isinstance(one, Draft)]
    keys = []
    for one in drafts:
        # a short guid, such as `12`, may be that of another show; without a guid, date and title have to do
        kinds = ("address", "enclosure", *(["guid"] * (len(one.guid) >= MIN_GUID)), *(["titled"] * (not one.guid)))
        keys += [key for kind, key in draft_keys(one).items() if kind in kinds]
    if known and known.isdisjoint(keys):
        message = "the store has the notes of another feed for this show, and the new feed has none of its episodes"
        raise ResourceError(f"{message}; {remedy}")


def _ignored(_above: str, names: list[str]) -> set[str]:
    """Return which of the names in a folder of a knowledge base are hidden or generated, also by a hub inside."""
    generated = _CACHES | (BUILT if SETTINGS in names else {"site", "store"} if HUB_FILE in names else _CACHES)
    return {name for name in names if name.startswith(".") or name in generated}


def _clone(address: str, root: Path) -> None:
    """Copy the notes and knowledge of a git repository, but no settings, hooks or templates, which can run code."""
    checkout = root.with_name("checkout")
    _git("clone", "-q", "--depth=1", "--no-tags", "--no-checkout", "--", address, str(checkout))
    # git stores equal folders only once, so a small repository may contain millions of files, folders and submodules
    command, quiet = ["git", "-C", str(checkout), "ls-tree", "-rlt", "HEAD"], subprocess.DEVNULL
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=quiet) as listing:
        sizes = [line.split()[3].replace(b"-", b"0") for line in islice(listing.stdout or (), MAX_FILES + 1)]
        if len(sizes) > MAX_FILES:
            listing.kill()
    if listing.returncode and len(sizes) <= MAX_FILES:
        raise ResourceError(
            f"{without_secrets(address)}: git ls-tree failed; check the default branch of the repository"
        )
    if len(sizes) > MAX_FILES or sum(map(int, sizes)) > MAX_BYTES:
        what = f"more than {MAX_FILES:,} files and folders, or {MAX_BYTES // 2**20:,} MiB"
        raise ResourceError(f"{without_secrets(address)} has {what}; move the notes to a separate repository")
    _git("-C", str(checkout), "checkout", "-q", "HEAD", "--", ".")
    if not (checkout / SETTINGS).is_file():
        what = f"no {SETTINGS} at the top of the default branch"
        raise ResourceError(f"{without_secrets(address)}: {what}; correct the address in hub.yml")
    for name in ("episodes", "pages", "knowledge"):
        shutil.rmtree(root / name, ignore_errors=True)
        if (checkout / name).is_dir() and not (checkout / name).is_symlink():
            shutil.copytree(checkout / name, root / name, symlinks=True)


def _git(*arguments: str, memory: int = MAX_MEMORY) -> str:
    """Run git without prompts, redirects and huge files, and return its output. Each of its processes may need at most
    `memory` KiB. Raises ResourceError if git is missing or fails."""
    # all downloaded objects are written to one file
    limits = f"ulimit -f {MAX_BLOCKS} && {{ ulimit -v {memory} 2>/dev/null || :; }}"  # macOS has no `ulimit -v`
    limited = ["sh", "-c", f'{limits} && exec git "$@"', "git", "-c", "fetch.unpackLimit=1"]
    command = [*limited, "-c", "http.followRedirects=false", *arguments]
    options: Any = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
    try:
        with subprocess.Popen(command, env={**os.environ, **_SAFE_GIT}, start_new_session=True, **options) as process:
            try:
                output, reason = process.communicate(timeout=GIT_SECONDS)
            except BaseException:
                os.killpg(process.pid, signal.SIGKILL)  # with the processes that git has started
                raise
    except (OSError, subprocess.TimeoutExpired) as error:
        reason = getattr(error, "strerror", None) or type(error).__name__
    else:
        if not process.returncode:
            return str(output)
    # the text of the errors above contains the address, which may contain a password
    reason = " ".join(str(reason).split())[-200:]
    raise ResourceError(f"git {arguments[0]} failed: {reason}; check the address, and that git is installed")


def _add_shared(root: Path, files: Mapping[str, bytes], wins: bool) -> None:
    """Add the shared entries to the files of a show. If both have a slug, the shared entry is used if it `wins`, and
    otherwise the show's. If it `wins`, it also replaces a tool whose names it has. Skip symbolic links, which
    `read_root` reports."""
    for path, data in files.items():
        if (root / path).resolve() != root / path:
            continue
        own = decode(read_bytes(root / path, MAX_KNOWLEDGE + 1), path) if (root / path).is_file() else ""
        text, other = (decode(data, path), own) if wins else (own, decode(data, path))
        known, more = (read_yaml(one, path).value or {} for one in (text, other))
        used = {slug for slug, _, _ in flat_entries(known)}
        if wins and path == PATHS["tool"]:
            # notes name topics by slug, but tools only by name
            names = {name for _, fields, _ in flat_entries(known) for name in entry_names("tool", fields)}
            used |= {slug for slug, own, _ in flat_entries(more) if names.issuperset(entry_names("tool", own))}
        more = _without(more, used)
        text, failed = add_all(text, [Addition((), {slug: fields}) for slug, fields in more.items()], path)
        if failed and wins:
            # the shared file may be in flow style; here only its entries matter
            text, failed = add_all("", [Addition((), {slug: fields}) for slug, fields in (known | more).items()], path)
        if failed:
            raise content_error(path, "the shared entries can't be added", "write the file in YAML block style")
        write_atomic(root / path, text.encode())


def _without(table: Mapping[str, Any], used: Collection[str]) -> dict[str, Any]:
    """Return a table of entries without those with a slug in `used`, at all levels."""
    return {
        slug: {**fields, CHILDREN: _without(fields[CHILDREN], used)}
        if isinstance(fields, dict) and isinstance(fields.get(CHILDREN), dict)
        else fields
        for slug, fields in table.items()
        if slug not in used
    }


def _write_settings(root: Path, job: ShowJob) -> str:
    """Write the settings of the show's site, and return its title. Other settings of a show's folder still apply."""
    if not job.show.folder:
        catalog = load(read_root(root).texts).catalog
        title = job.show.title or next((one.title for one in catalog.series.values()), job.slug)
        write_atomic(root / SETTINGS, root_files(title, job.address, catalog)[SETTINGS])
    (root / SETTINGS).rename(root / "own-settings.yml")
    inherited = next(iter(_inherited(job)), "own-settings.yml")
    fields: dict[str, Any] = {"INHERIT": inherited, "site_url": job.address, "site_dir": "site"}
    fields |= {"use_directory_urls": True, "extra": {"hub": job.hub}}
    fields |= {"site_name": job.show.title} if job.show.title else {}
    write_atomic(root / SETTINGS, dump_mapping(fields).encode())
    return read_origin(root).name
