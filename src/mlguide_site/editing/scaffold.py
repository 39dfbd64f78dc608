"""Creates roots, notes and knowledge entries. Existing content is never overwritten."""

import codecs
import os
import re
from collections import Counter
from collections.abc import Mapping
from contextlib import suppress
from datetime import date
from functools import cache
from itertools import count
from pathlib import Path
from typing import Any
from zoneinfo import available_timezones

from jinja2 import StrictUndefined, Template
from jinja2.sandbox import SandboxedEnvironment

from mkdocs_incremental.output import remove
from mlguide_site.content.files import LOCK, change_files, decode, exclusive, read_bytes, resolve_inside, write_atomic
from mlguide_site.content.front_matter import dump_note
from mlguide_site.content.knowledge import PATHS, schema_files
from mlguide_site.content.load import load
from mlguide_site.content.resources import known_language, packaged_templates, read_wording
from mlguide_site.content.root import read_root
from mlguide_site.content.site_settings import is_site_address, read_origin
from mlguide_site.content.yaml_edit import Addition, add_all, dump_value
from mlguide_site.editing import hosting as code_hosts
from mlguide_site.editing.renaming import files_with_id
from mlguide_site.errors import SiteError, UsageError, content_error, suggestion, visible
from mlguide_site.merge.entries import name_field
from mlguide_site.merge.records import FOLDER
from mlguide_site.merge.report import ImportReport
from mlguide_site.merge.run import run_import
from mlguide_site.merge.three_way import NEW_BODY
from mlguide_site.model.catalog import Catalog, title_of
from mlguide_site.model.records import Kind
from mlguide_site.model.slugs import episode_id, name_slug, parse_id
from mlguide_site.pages.formatting import clamp
from mlguide_site.pages.page_kinds import NAVIGATION

ENTRY_FIELDS: Mapping[str, Mapping[str, Any]] = {
    "series": {"kind": "podcast"},
    "topic": {"summary": ""},
    "tool": {"category": "Other", "summary": ""},
    "resource": {"format": "other", "urls": [], "summary": ""},
    "term": {"definition": ""},
    "person": {"role": ""},
}
"""Maps each kind of entry to the fields of a new entry, with their initial values, but without the name."""
DESCRIPTION = 200  # maximum number of characters in a new site's description
_LAST = ("README.md", code_hosts.RECORD, "mkdocs.yml")  # written last, because `mkdocs.yml` makes a folder a root
BROWSER_FILES = frozenset({".gitignore", "LICENSE", "LICENSE.md", "README.md"})  # files in a new repository
_EMPTY = ["build/pages/.gitkeep", "build/theme/.gitkeep", "episodes/.gitkeep", "pages/.gitkeep"]


def _main_language(catalog: Catalog) -> str:
    """Return the tag of the language of most series, or else of most episodes, in its most frequent form, or ""."""
    tags, total, series = Counter[str](), Counter[str](), dict[str, Counter[str]]()
    for file in catalog.episodes.values():
        if tag := file.meta.language:
            tags[tag] += 1
            total[main := tag.partition("-")[0].lower()] += 1
            series.setdefault(file.series, Counter())[main] += 1
    shows = Counter(own.most_common(1)[0][0] for own in series.values())
    first = min(shows, key=lambda one: (-shows[one], -total[one], one), default="")
    own = (tag for tag in tags if tag.partition("-")[0].lower() == first)
    return min(own, key=lambda tag: (-tags[tag], tag), default="")


def root_files(
    title: str, site_url: str = "", catalog: Catalog | None = None, hosting: code_hosts.Hosting = code_hosts.NO_HOST
) -> dict[str, bytes]:
    """Return the files of a new root, by path. The settings describe the first series and its main language, if any."""
    folder = packaged_templates() / "new_root"
    series = next(iter(catalog.series.values()), None) if catalog else None
    tag = _main_language(catalog) if catalog else ""
    language = known_language(tag)
    translate = read_wording(folder, language or "en").translate
    is_foreign = language.partition("-")[0] not in {"", "en"}
    values = {
        "title": " ".join(title.split()) or "Knowledge base",
        "site_url": site_url,
        "host": hosting.host,
        "description": clamp(" ".join(series.summary.split()), DESCRIPTION) if series else "",
        "language": language or "en",
        "unknown": "" if language else tag,
        "indexes": NAVIGATION,
        # in English, tabs show names of folders, such as "Tools", because the English labels are too long
        "label": translate if is_foreign else str.capitalize,
        "translate": translate,
    }
    files = dict.fromkeys(_EMPTY, b"") | {
        path: data.render(values).encode() if isinstance(data, Template) else data
        for path, data in _packaged_files(folder).items()
    }
    files |= {f"schemas/{name}": text.encode() for name, text in schema_files().items()}
    files |= code_hosts.hosting_files(hosting)
    return files | {code_hosts.RECORD: code_hosts.dump_record(hosting, title, updatable(files))}


@cache
def _packaged_files(folder: Path) -> Mapping[str, bytes | Template]:
    """Return the files of new roots in a folder, by path. Files that differ between roots are templates."""
    env = SandboxedEnvironment(
        undefined=StrictUndefined, keep_trailing_newline=True, autoescape=False, trim_blocks=True, lstrip_blocks=True
    )
    env.filters["yaml"] = dump_value
    files: dict[str, bytes | Template] = {}
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        name = path.relative_to(folder).as_posix().removesuffix(".jinja")
        data = path.read_bytes()
        name = ".gitignore" if name == "gitignore" else name
        files[name] = env.from_string(data.decode()) if path.suffix == ".jinja" else data
    return files


def updatable(files: Mapping[str, bytes]) -> dict[str, bytes]:
    """Return those files of a new root that `update_root` updates: files for editors and code hosts, and the readme."""
    own = ("knowledge/", "schemas/", "mkdocs.yml", code_hosts.RECORD)
    return {path: data for path, data in files.items() if data and not path.startswith(own)}


def update_root(root: Path, host: str | None, action: str) -> code_hosts.Updates:
    """Update workflows, editor settings and readme. Raises the exceptions of `update_files` and `choose_hosting`."""
    record = code_hosts.read_record(root)
    hosting = code_hosts.choose_hosting(root, host, action, record)
    title = record.title if record else read_origin(root).name
    return code_hosts.update_files(root, hosting, title, updatable(root_files(title, hosting=hosting)))


def init_root(
    folder: Path, title: str | None, site_url: str, feed: str | None, hosting: code_hosts.Hosting = code_hosts.NO_HOST
) -> tuple[list[str], ImportReport | None]:
    """Create a root, and import a feed if `feed` is set. Return the created paths and the import report.

    The default title is the feed's title or the folder's name. Raises UsageError if the folder is in use. If the feed
    can't be read, removes the new root, and raises ContentError or ResourceError. A second run resumes the first."""
    if site_url and not is_site_address(site_url):
        remedy = "write a full address, as in https://example.org/notes/"
        raise UsageError(f'"{site_url}" is not the address of a site; {remedy}')
    is_new = _refuse_used(folder)
    kept = {name for name in BROWSER_FILES if (folder / name).exists()}
    name = visible(title or folder.resolve().name)
    files = root_files(name, site_url, hosting=hosting)
    report = None
    try:
        with exclusive(folder):
            for path, data in files.items():
                if path not in _LAST and not resolve_inside(folder, path).exists():
                    write_atomic(folder / path, data)
        if feed:
            report = run_import(folder, [feed], format="feed")
            catalog = load(read_root(folder).texts).catalog
            feed_title = next((series.title for series in catalog.series.values()), "")
            files = root_files(name if title else feed_title or name, site_url, catalog, hosting)
        for path in _LAST:
            if not resolve_inside(folder, path).exists():
                write_atomic(folder / path, files[path])
    except SiteError:
        # keep the files that an import has written, so that the same command can continue
        if is_new and not (folder / FOLDER).exists():
            remove(folder, [*(files.keys() - kept), LOCK])
            with suppress(OSError):  # `rmdir` fails if another program has put a file into the folder
                folder.rmdir()
        raise
    return sorted(files.keys() - kept), report


def _refuse_used(folder: Path) -> bool:
    """Return True for a new or empty folder. Return False for a new repository (with only `BROWSER_FILES`), and after
    an interrupted `init`, which leaves a lock but no settings. Otherwise, raises UsageError."""
    if folder.exists() and not folder.is_dir():
        raise UsageError(f"{folder}: this is a file; choose a new or empty folder")
    if not folder.is_dir():
        return True
    if (folder / LOCK).parent.is_dir() and not (folder / _LAST[-1]).exists():
        return False
    names = {path.name for path in folder.iterdir()}
    remedy = "add --update to update a knowledge base, or choose" if "mkdocs.yml" in names else "choose"
    if used := sorted(names - BROWSER_FILES - {".git"}):
        raise UsageError(f"{folder}: the folder contains {', '.join(used[:3])}; {remedy} a new or empty folder")
    return not names


def today() -> date:
    """Return the user's local date. Raises UsageError for an unknown zone in TZ, because Python would use UTC."""
    zone = os.environ.get("TZ", "").removeprefix(":")
    if zone and not re.match(r"/|<|[A-Za-z]{3,}[-+]?\d", zone) and zone not in available_timezones():
        remedy = "set a valid time zone, as in TZ=Europe/Berlin, or give the date with --date"
        raise UsageError(f'the variable TZ is "{visible(zone)}", which is not a time zone; {remedy}')
    return date.today()


def new_episode(root: Path, catalog: Catalog, series: str, title: str, day: date | None) -> tuple[str, str]:
    """Create a note for the next episode of a series, in the latest season. Return the note's path and the new id.
    Raises UsageError for an unknown series, and ContentError if an episode of the series has the same title."""
    if series not in catalog.series:
        raise UsageError(f'unknown series or kind "{series}"; {suggestion(series, [*catalog.series, *PATHS])}')
    refuse_same_title(catalog, series, title)
    with exclusive(root):
        path, id = next_episode(root, series)
        dated = {"date": day} if day else {}
        fields = {"id": id, "title": title, **dated, "summary": "", "topics": [], "links": []}
        write_atomic(root / path, dump_note(fields, NEW_BODY).encode())
    return path, id


def next_episode(root: Path, series: str, number: int | None = None) -> tuple[str, str]:
    """Return the path and the id of a new episode in the latest season of a series. The default number is the next one
    after the last number in this season that no files have. Raises ContentError if an episode has the number, or if a
    deleted episode has left files with it, because these files would belong to the new episode."""
    # take the numbers from file names, so that invalid notes count too
    paths = (root / "episodes" / series).glob("*.md")
    ids = (re.sub(r"-(\d{1,2})$", lambda found: f"-{found[1]:0>3}", path.stem) for path in paths)
    keys = [key for id in ids if (key := parse_id(series, id)) and key.number is not None]
    season, last = max(((key.season or 0, key.number or 0) for key in keys), default=(0, 0))
    for at in count(last + 1) if number is None else [number]:
        id = episode_id(series, at, season or None)
        left = files_with_id(root, series, id)
        if not left:
            break
    path = f"episodes/{series}/{id}.md"
    if path in left:
        raise content_error(path, "this episode already exists", "edit its note, or choose another number")
    if left:
        remedy = "move or remove it, or choose another number"
        raise content_error(left[0], f'this file belongs to a deleted episode with the id "{id}"', remedy)
    return path, id


def refuse_same_title(catalog: Catalog, series: str, title: str) -> None:
    """Raise ContentError if another episode of the series has the same title."""
    for other in catalog.episodes.values():
        if other.series == series and other.meta.title.casefold().split() == title.casefold().split():
            message = f'the episode "{other.id}" already has this title'
            raise content_error(other.path, message, "edit that note, or choose another title", other.span("title"))


def new_entry(root: Path, catalog: Catalog, kind: str, name: str) -> tuple[str, str]:
    """Add an entry to a knowledge file. Return the path and the slug. Raises ContentError if name or slug is in use."""
    path = PATHS[kind]
    name = " ".join(name.split())
    slug = name_slug(name)
    if kind == "series" and slug in PATHS:
        raise UsageError(
            f'a series can\'t have the slug "{slug}", because mlguide new {slug} adds a {slug}; add a word'
        )
    refuse_known(catalog, kind, name, slug)
    target = resolve_inside(root, path)
    with exclusive(root):
        data = read_bytes(target) if target.exists() else None
        added, failed = with_entries(data, kind, {slug: {name_field(kind): name, **ENTRY_FIELDS[kind]}})
        if failed:
            raise content_error(path, "an entry can't be added to this file", "write the file in YAML block style")
        change_files(root, {path: added}, known={path: data})
    return path, slug


def with_entries(data: bytes | None, kind: str, entries: Mapping[str, Mapping[str, Any]]) -> tuple[bytes, set[str]]:
    """Return the bytes of a knowledge file (None: a new file) with added entries, and the slugs that can't be added."""
    path = PATHS[kind]
    if data is None:
        data = f"# yaml-language-server: $schema=../schemas/{Path(path).stem}.schema.json\n".encode()
    added, failed = add_all(decode(data, path), [Addition((), {slug: new}) for slug, new in entries.items()], path)
    bom = codecs.BOM_UTF8 if data.startswith(codecs.BOM_UTF8) else b""
    return bom + added.encode(), {slug for addition in failed for slug in addition.fields}


def refuse_known(catalog: Catalog, kind: str, name: str, slug: str) -> None:
    """Raise ContentError if an entry of the same kind already has the name or the slug. The entry may have an error."""
    entries: Mapping[str, Any] = catalog.series if kind == "series" else catalog.entries(Kind(kind))
    if slug not in entries and (kind, slug) in catalog.places:
        path, span = catalog.places[kind, slug]
        message = f'the {kind} "{slug}" is already in this file, but has an error'
        raise content_error(path, message, "run mlguide check, and correct it", span)
    for known, entry in entries.items():
        names = [entry.title if kind == "series" else title_of(entry), *getattr(entry, "aliases", ())]
        is_same = name.casefold() in {other.casefold() for other in names}
        if known == slug or is_same:
            path, span = catalog.places[kind, known]
            message = f'the {kind} "{names[0]}" already has this {"name" if is_same else "slug"} ("{known}")'
            remedy = f"add yours to {path} with another slug if it isn't the same"
            remedy = "choose another name" if is_same else remedy
            raise content_error(path, message, f"use that entry, or {remedy}", span)
