"""Sources from the disk: a file with the files that it names, or a folder of notes. Links are never followed."""

import os
import re
import stat
from collections.abc import Iterator, Mapping
from pathlib import Path
from urllib.parse import unquote

from mlguide_site.content.files import read_bytes, resource_error
from mlguide_site.content.root import ASSET_SUFFIXES
from mlguide_site.errors import ContentError, Problem, Severity, Span, visible
from mlguide_site.importers import Source
from mlguide_site.importers.assets import NOTES
from mlguide_site.importers.notes.source import MAX_BYTES

MAX_SOURCE = 64 * 1024 * 1024
MAX_ASSET = 32 * 1024 * 1024
MAX_ASSETS = 256 * 1024 * 1024
MAX_NOTES = 5_000
MAX_NOTES_BYTES = 8 * 1024 * 1024
MAX_ENTRIES = 50_000
MAX_DEPTH = 16
MAX_LISTED = 10
"""Files of a folder that are listed where they are not read."""
MAX_SETTINGS = 256 * 1024
TEMPLATES = frozenset(("template", "templates", "_template", "_templates"))
"""Folders whose notes are patterns for others."""
NOTE_SUFFIXES = frozenset(NOTES)
_MEDIA = ASSET_SUFFIXES - {".csv", ".json", ".srt", ".txt", ".vtt"}
"""Files of a folder that are not reported when no note shows them."""
_SITE_DIR = re.compile(r"^site_dir:[ \t]{0,9}[\"']?(?:\./)?([^\"'#\n]{1,300})", re.M)


def read_path(name: str) -> tuple[Source, list[Problem]]:
    """The source at a path, and warnings about what of its folder is left out.

    With a file of notes come the assets in its folder and below that it names; with a folder its notes and the assets
    that these name. Raises ContentError where there is nothing, or beyond a limit, ResourceError where the disk
    refuses.
    """
    path = Path(name)
    if path.is_dir():
        return _read_folder(name, path)
    if not path.exists():
        remedy = "check the path; it is relative to the current folder"
        raise ContentError([Problem(name, Span(), "there is no such file", remedy)])
    if path.stat().st_size > MAX_SOURCE:
        raise ContentError([Problem(name, Span(), f"larger than {MAX_SOURCE // 2**20} MiB", "split it")])
    data = read_bytes(path)
    is_text = path.suffix.lower() in NOTE_SUFFIXES | {".txt", ""}
    # notes that are too large to be read need nothing of what they name
    if not is_text or len(data) > MAX_BYTES or (b"![" not in data and b"[[" not in data):
        return Source(name, data), []
    assets, problems = _assets(name, path.parent, dict(_walk(path.parent, [])), data)
    return Source(name, data, files=assets), problems


def _read_folder(name: str, folder: Path) -> tuple[Source, list[Problem]]:
    left_out: list[tuple[str, str]] = []
    files = dict(_walk(folder, left_out))
    notes = {place: info for place, info in files.items() if _suffix(place) in NOTE_SUFFIXES}
    templates = [place for place in sorted(notes) if TEMPLATES & set(place.casefold().split("/")[:-1])]
    for place in templates:
        del files[place], notes[place]
    if not notes:
        raise ContentError([Problem(name, Span(), "the folder holds no notes", "name a file in it")])
    if len(notes) > MAX_NOTES or sum(info.st_size for info in notes.values()) > MAX_NOTES_BYTES:
        message = f"more than {MAX_NOTES:,} notes, or {MAX_NOTES_BYTES // 2**20} MiB of them"
        raise ContentError([Problem(name, Span(), message, "import its folders one by one")])
    texts = {place: read_bytes(folder / place) for place in notes}
    assets, problems = _assets(name, folder, files, b"\n".join(texts.values()))
    remedy = "give it a plain name and place, or import it by itself"
    problems = [
        Problem(f"{name}: {place}", Span(), why, remedy, Severity.WARNING) for place, why in left_out
    ] + problems
    remedy = "import it by its name if it is to be read"
    unused = [p for p in sorted(files) if p not in notes and p not in assets and _suffix(p) not in _MEDIA]
    for place in unused[:MAX_LISTED]:
        path = f"{name.rstrip('/')}/{place}"
        problems.append(Problem(path, Span(), "not read with the folder's notes", remedy, Severity.HINT))
    if more := len(unused) - MAX_LISTED if len(unused) > MAX_LISTED else 0:
        problems.append(Problem(name, Span(), f"{more:,} more files are not read with the folder's notes", remedy,
                                Severity.HINT))  # fmt: skip
    if templates:
        shown = ", ".join(visible(place) for place in templates[:MAX_LISTED])
        message = f"skipped {'1 template' if len(templates) == 1 else f'{len(templates):,} templates'} ({shown})"
        problems.append(Problem(name, Span(), message, remedy, Severity.HINT))
    return Source(name, b"", files=dict(sorted({**texts, **assets}.items()))), problems


def _suffix(path: str) -> str:
    return os.path.splitext(path)[1].lower()


def _assets(
    name: str, folder: Path, files: Mapping[str, os.stat_result], data: bytes
) -> tuple[dict[str, bytes], list[Problem]]:
    """The assets whose names are in a text, read; and a warning for each that is too large."""
    text = data.decode("utf-8", "replace").casefold()
    text += unquote(text) if "%" in text else ""
    found: dict[str, bytes] = {}
    problems: list[Problem] = []
    size = 0
    for place in sorted(files):
        if _suffix(place) not in ASSET_SUFFIXES or place.rpartition("/")[2].casefold() not in text:
            continue
        own = files[place].st_size
        if own > MAX_ASSET or size + own > MAX_ASSETS:
            message = f"larger than {MAX_ASSET // 2**20} MiB, or all such files than {MAX_ASSETS // 2**20} MiB"
            remedy = "it is left out; make it smaller"
            problems.append(Problem(f"{name}: {place}", Span(), message, remedy, Severity.WARNING))
            continue
        size += own
        found[place] = read_bytes(folder / place)
    return found, problems


def _walk(folder: Path, left_out: list[tuple[str, str]]) -> Iterator[tuple[str, os.stat_result]]:
    """Regular files of a folder by path relative to it, without dot files, links, built sites, what nests deeper than
    16 folders, and what comes after 50,000 entries. What of that may be notes is added to `left_out` with the reason.
    """
    seen = 0
    pending = [("", folder)]
    while pending:
        prefix, place = pending.pop()
        try:
            entries = sorted(os.scandir(place), key=lambda entry: entry.name)
        except OSError as error:
            if prefix:
                continue
            raise resource_error(folder, error) from None
        built = _built(place) if any(entry.name == "mkdocs.yml" for entry in entries) else frozenset()
        for entry in entries:
            seen += 1
            if seen > MAX_ENTRIES:
                left_out.append((prefix, f"what comes after {MAX_ENTRIES:,} files and folders is left out"))
                return
            if entry.name.startswith(".") or place / entry.name in built:
                continue
            info = entry.stat(follow_symlinks=False)
            if why := _reason(entry.name, info.st_mode, prefix.count("/")):
                shown = prefix + entry.name
                left_out.append((shown if shown.isprintable() else shown.encode("unicode_escape").decode(), why))
            elif not entry.name.isprintable():
                continue
            elif stat.S_ISDIR(info.st_mode):
                pending.append((f"{prefix}{entry.name}/", place / entry.name))
            elif stat.S_ISREG(info.st_mode):
                yield prefix + entry.name, info


def _reason(name: str, mode: int, depth: int) -> str:
    """Why something that may be notes is left out; empty where it isn't, or is no notes."""
    if stat.S_ISDIR(mode):
        if not name.isprintable():
            return "a folder with unprintable characters in its name is left out"
        return f"what nests deeper than {MAX_DEPTH} folders is left out" if depth >= MAX_DEPTH else ""
    # a link without a suffix may lead to a folder of notes
    if _suffix(name) not in NOTE_SUFFIXES and not (stat.S_ISLNK(mode) and not _suffix(name)):
        return ""
    if not stat.S_ISREG(mode):
        return "a link, or no plain file, is left out"
    return "" if name.isprintable() else "a note with unprintable characters in its name is left out"


def _built(root: Path) -> frozenset[Path]:
    """The folders that a build of a root fills: their content was made from its notes."""
    try:
        with (root / "mkdocs.yml").open("rb") as file:
            settings = file.read(MAX_SETTINGS).decode("utf-8", "replace")
    except OSError:
        settings = ""
    found = _SITE_DIR.search(settings)
    return frozenset((root / "build", root / (found[1].strip() if found else "site")))
