"""Sources: a file with the files that it names, a folder of notes, or a feed from the network; and the format of each.

Symbolic links are never followed.
"""

import os
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple
from urllib.parse import unquote, urlsplit

from mlguide_site.content.address_hosts import audio_sources, host_source
from mlguide_site.content.files import decode, disk_errors, read_bytes
from mlguide_site.content.root import ASSET_SUFFIXES, MEDIA_SUFFIXES
from mlguide_site.errors import ContentError, Problem, ResourceError, Severity, Span, content_error, visible
from mlguide_site.importers import Importer, Source
from mlguide_site.importers.assets import NOTES, asset_suffix
from mlguide_site.importers.common.addresses import is_web_address, public_address, without_secrets
from mlguide_site.importers.feed.drafts import enclosures
from mlguide_site.importers.formats import IMPORTERS
from mlguide_site.importers.notes.source import MAX_NOTES_SOURCE_BYTES
from mlguide_site.merge.fetch import Followed, fetch, follow
from mlguide_site.progress import stage

FORMATS: Mapping[str, Importer] = {importer.name: importer for importer in IMPORTERS}
MAX_FOLLOWED = 5
"""Limit of a feed's audio addresses whose redirects are followed."""
ADDRESS_SECONDS = 5.0
MAX_MEDIA = 20
MAX_SOURCE = 64 * 1024 * 1024
MAX_ASSET = 32 * 1024 * 1024
MAX_ASSETS = 256 * 1024 * 1024
MAX_NOTES = 5_000
MAX_NOTES_BYTES = 8 * 1024 * 1024
MAX_ENTRIES = 50_000
MAX_LISTED = 10
"""How many unread files of a folder are listed."""
TEMPLATES = frozenset(("template", "templates", "_template", "_templates"))
"""Folders of note templates."""
BUILT = frozenset(("build", "site"))
"""Folders beside `mkdocs.yml` with generated content, such as Markdown copies of pages."""
_HTML = re.compile(r"<!doctype html|<html[\s>]|<body[\s>]", re.I)


class Loaded(NamedTuple):
    """A source with its format, the problems found while it was loaded, the hosts that its audio redirects to, and the
    series given for all its episodes ("" for none). `key` is the name of its folder in case it becomes pending;
    `is_pending` is true if it already is, `is_detected` if the format was not given."""

    source: Source
    importer: Importer
    problems: tuple[Problem, ...] = ()
    hosts: tuple[str, ...] = ()
    series: str = ""
    key: str = ""
    is_pending: bool = False
    is_detected: bool = False


def load_sources(
    names: Iterable[str], importer: Importer | None, follows: bool | None = None, skip_bad: bool = False
) -> tuple[list[Loaded], list[Problem]]:
    """The sources at paths and addresses, each in the format given, else in the one that is detected, and the problems
    of those that can't be loaded. `follows`: whether the redirects of a feed's audio are followed; None: only those of
    downloaded feeds. Raises ResourceError if disk or network fail, unless `skip_bad`.
    """
    loaded, problems = list[Loaded](), list[Problem]()
    for name in names:
        # an address that contains a subscriber's secret key must not be published
        shown = without_secrets(name) if is_web_address(name) else name
        try:
            with stage(f"reading {shown}"):
                loaded.append(_load(name, shown, importer, follows))
        except ContentError as error:
            problems += error.problems
        except ResourceError as error:
            if not skip_bad:
                raise
            message, _, remedy = str(error).removeprefix(f"{shown}: ").partition("; ")
            problems.append(Problem(shown, Span(), message, remedy or "try again later"))
    return loaded, problems


def _load(name: str, shown: str, importer: Importer | None, follows: bool | None) -> Loaded:
    is_web = is_web_address(name)
    if is_web:
        fetched = fetch(name)
        source, problems = Source(shown, fetched.data, public_address(fetched.url)), list[Problem]()
    else:
        source, problems = read_path(name)
    format = importer or detect(source)
    hosts: tuple[str, ...] = ()
    if (is_web if follows is None else follows) and (addresses := enclosures(source)):
        hosts, found = find_media(source.name, addresses, lambda address: follow(address, seconds=ADDRESS_SECONDS))
        problems += found
    return Loaded(source, format, tuple(problems), hosts, is_detected=importer is None)


def find_media(
    name: str, addresses: Sequence[str], follow: Callable[[str], Followed]
) -> tuple[tuple[str, ...], list[Problem]]:
    """The hosts that the audio of the feed `name` redirects to, without those in the addresses themselves, and a hint
    for each address that can't be followed. One address is followed for each combination of hosts."""
    first: dict[tuple[str, ...], str] = {}
    for address in addresses:
        first.setdefault(tuple(dict.fromkeys(audio_sources(address))), address)
    first.pop((), None)
    found: set[str] = set()
    problems: list[Problem] = []
    for address in list(first.values())[:MAX_FOLLOWED]:
        steps, fault = follow(address)
        found.update(filter(None, map(host_source, steps)))
        if fault:
            message = f"the audio at {urlsplit(address).hostname} can't be reached: {fault.partition('; ')[0]}"
            remedy = "play an episode on the site; add hosts that its player lacks to knowledge/series.yml"
            problems.append(Problem(name, Span(), message, remedy, Severity.HINT))
    known = {host for hosts in first for host in hosts}
    return tuple(sorted(found - known))[:MAX_MEDIA], problems


def read_path(name: str) -> tuple[Source, list[Problem]]:
    """The source at a path, and problems with left-out files of its folder. A file of notes is read with the
    assets that it links to, in its folder and below; a folder with its notes and their assets. Raises ContentError if
    there is nothing, or if a limit is exceeded, ResourceError if the disk fails.
    """
    path = Path(name)
    if path.is_dir():
        return _read_folder(name, path)
    if not path.exists():
        raise content_error(name, "there is no such file", "check the path; it is relative to the current folder")
    if path.stat().st_size > MAX_SOURCE:
        raise content_error(name, f"larger than {MAX_SOURCE // 2**20} MiB", "split it")
    data = read_bytes(path)
    is_text = path.suffix.lower() in {*NOTES, ".txt", ""}
    # no assets for notes that are too large: they can't be imported
    if not is_text or len(data) > MAX_NOTES_SOURCE_BYTES or (b"![" not in data and b"[[" not in data):
        return Source(name, data), []
    assets, problems = _assets(name, path.parent, _walk(name, path.parent)[0], data)
    return Source(name, data, files=assets), problems


def _read_folder(name: str, folder: Path) -> tuple[Source, list[Problem]]:
    sizes, problems = _walk(name, folder)
    notes = [place for place in sizes if _suffix(place) in NOTES]
    if not notes:
        raise content_error(name, "the folder contains no notes", "name a file in it")
    if len(notes) > MAX_NOTES or sum(map(sizes.__getitem__, notes)) > MAX_NOTES_BYTES:
        message = f"more than {MAX_NOTES:,} notes, or {MAX_NOTES_BYTES // 2**20} MiB of them"
        raise content_error(name, message, "import its folders one by one")
    texts = {place: read_bytes(folder / place) for place in notes}
    assets, too_large = _assets(name, folder, sizes, b"\n".join(texts.values()))
    files = {**texts, **assets}
    unused = [place for place in sizes if place not in files and _suffix(place) not in MEDIA_SUFFIXES]
    if unused:
        shown = ", ".join(map(visible, unused[:MAX_LISTED])) + (", …" if len(unused) > MAX_LISTED else "")
        message = f"not read with the folder's notes: {shown} ({len(unused):,} in all)"
        problems.append(Problem(name, Span(), message, "to import them, name the files", Severity.HINT))
    return Source(name, b"", files=dict(sorted(files.items()))), problems + too_large


def _suffix(path: str) -> str:
    return os.path.splitext(path)[1].lower()


def _assets(name: str, folder: Path, sizes: Mapping[str, int], data: bytes) -> tuple[dict[str, bytes], list[Problem]]:
    """The contents of the assets whose names are in a text, and a warning for each that is too large."""
    text = data.decode("utf-8", "replace").casefold()
    text += unquote(text) if "%" in text else ""
    found: dict[str, bytes] = {}
    problems: list[Problem] = []
    total = 0
    for place, size in sizes.items():
        if _suffix(place) not in ASSET_SUFFIXES or place.rpartition("/")[2].casefold() not in text:
            continue
        if size > MAX_ASSET or total + size > MAX_ASSETS:
            message = f"larger than {MAX_ASSET // 2**20} MiB, or all such files than {MAX_ASSETS // 2**20} MiB"
            remedy = "it is left out; make it smaller"
            problems.append(Problem(f"{name}: {place}", Span(), message, remedy, Severity.WARNING))
            continue
        total += size
        found[place] = read_bytes(folder / place)
    return found, problems


def _walk(name: str, folder: Path) -> tuple[dict[str, int], list[Problem]]:
    """The sizes of a folder's regular files by path relative to it, without dot files, links, templates and built
    sites; and a warning for each link or odd name that may be notes. Raises ContentError beyond `MAX_ENTRIES`."""
    sizes: dict[str, int] = {}
    problems: list[Problem] = []
    seen, folders = 0, [""]
    while folders:
        within = folders.pop()
        with disk_errors(folder):
            entries = list(os.scandir(folder / within))
            seen += len(entries)
            if seen > MAX_ENTRIES:
                message = f"the folder contains more than {MAX_ENTRIES:,} files"
                raise content_error(name, message, "import its folders one by one")
            built = BUILT if any(one.name == "mkdocs.yml" for one in entries) else frozenset()
            for one in entries:
                path, is_plain = within + one.name, one.is_file(follow_symlinks=False)
                is_folder = one.is_dir(follow_symlinks=False)
                if one.name.startswith(".") or (is_folder and (one.name in built or one.name.casefold() in TEMPLATES)):
                    continue
                if one.name.isprintable() and is_folder:
                    folders.append(f"{path}/")
                elif one.name.isprintable() and is_plain:
                    sizes[path] = one.stat(follow_symlinks=False).st_size
                # a link without a suffix may lead to a folder of notes
                elif is_folder or _suffix(one.name) in NOTES or (not is_plain and not _suffix(one.name)):
                    message = "left out: a symbolic link, not a regular file, or an unprintable name"
                    remedy = "rename or move it, or import it alone"
                    problems.append(Problem(f"{name}: {visible(path)}", Span(), message, remedy, Severity.WARNING))
    return dict(sorted(sizes.items())), sorted(problems)


def detect(source: Source) -> Importer:
    """The first format that a source looks like. Raises ContentError with a remedy if there is none."""
    plain = source
    if source.data.startswith((b"\xff\xfe", b"\xfe\xff")):
        plain = replace(source, data=source.data.decode("utf-16", "replace").encode())
    for candidate in (source, plain):
        for importer in IMPORTERS:
            if importer.sniff(candidate):
                return importer
    raise content_error(source.name, *_fault(plain))


def _fault(source: Source) -> tuple[str, str]:
    """The message and remedy for a source of unknown format. Raises ContentError if there is a place to name."""
    data = source.data
    if source.files and not data:
        return "the folder's notes are not recognised", "name the files in it"
    if not data.strip().removeprefix(b"\xef\xbb\xbf"):
        return "the source is empty", "check whether it was saved or downloaded completely"
    if asset_suffix("", data) or b"\0" in data:
        return "this is not text", "save its text as a Markdown or text file in UTF-8; of an archive, unpack it first"
    if _HTML.search(decode(data, source.name)[:4096]):
        return "this is an HTML page", "give the address of the feed, or the page saved as text"
    if b"jsonfeed.org" in data[:4096]:
        return "JSON Feed is not read", "give the address of the show's RSS or Atom feed"
    names = ", ".join(importer.name for importer in IMPORTERS)
    remedy = f"name it with --from ({names}); notes of any kind are read with --from obsidian"
    return "the format is not recognised", remedy
