"""Sources from the disk: a file with the neighbours that it names, or a folder of notes. Links are never followed."""

import json
import os
import re
import stat
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from urllib.parse import unquote

from mlguide_site.content.files import read_bytes, resource_error
from mlguide_site.content.root import ASSET_SUFFIXES
from mlguide_site.errors import ContentError, Problem, Severity, Span, visible
from mlguide_site.importers import Source, sections
from mlguide_site.importers.assets import NOTES

MAX_SOURCE = 64 * 1024 * 1024
MAX_ASSET = 32 * 1024 * 1024
MAX_ASSETS = 256 * 1024 * 1024
MAX_NOTES = 5_000
MAX_NOTES_BYTES = 8 * 1024 * 1024
MAX_ENTRIES = 50_000
MAX_DEPTH = 16
MAX_UNUSED = 10
"""Files of a folder that are named where they are not read."""
MAX_SETTINGS = 256 * 1024
SETTINGS = ".obsidian"
TEMPLATES = frozenset(("template", "templates", "_template", "_templates"))
"""Folders of a vault whose notes are patterns for others."""
NOTE_SUFFIXES = frozenset(NOTES)
_MEDIA = ASSET_SUFFIXES - {".csv", ".json", ".srt", ".txt", ".vtt"}
"""What lies in a vault to be shown, whether or not a note shows it yet."""
TEXT_SUFFIXES = NOTE_SUFFIXES | {".txt", ""}
_REMEDY = "give it a plain name and place, or import it by itself"
_SITE_DIR = re.compile(r"^site_dir:[ \t]{0,9}[\"']?(?:\./)?([^\"'#\n]{1,300})", re.M)


def gather(name: str) -> tuple[Source, list[Problem]]:
    """The source at a path, and warnings about what of its folder is left out.

    Of a file of notes the assets in its folder and below that it names come along; of a folder its notes and the assets
    that these name. Raises ContentError where there is nothing, or beyond a limit, ResourceError where the disk
    refuses.
    """
    path = Path(name)
    if path.is_dir():
        return _folder(name, path)
    if not path.exists():
        remedy = "check the path; it is taken from the folder you stand in"
        raise ContentError([Problem(name, Span(), "there is no such file", remedy)])
    if path.stat().st_size > MAX_SOURCE:
        raise ContentError([Problem(name, Span(), f"larger than {MAX_SOURCE // 2**20} MiB", "split it")])
    data = read_bytes(path)
    # notes that are too large to be read need nothing of what they name
    if path.suffix.lower() not in TEXT_SUFFIXES or len(data) > sections.MAX_BYTES or not _embeds(data):
        return Source(name, data), []
    files = {place: info for place, info in _walk(path.parent, []) if _suffix(place) in ASSET_SUFFIXES}
    assets, problems = _assets(name, path.parent, files, data)
    return Source(name, data, files=assets), problems


def _folder(name: str, folder: Path) -> tuple[Source, list[Problem]]:
    passed: list[tuple[str, str]] = []
    files = dict(_walk(folder, passed))
    is_set, templates = _templates(folder, files)
    files = {place: info for place, info in files.items() if place not in templates}
    notes = {place: info for place, info in files.items() if _suffix(place) in NOTE_SUFFIXES}
    if not notes:
        raise ContentError([Problem(name, Span(), "the folder holds no notes", "name a file in it")])
    if len(notes) > MAX_NOTES or sum(info.st_size for info in notes.values()) > MAX_NOTES_BYTES:
        message = f"more than {MAX_NOTES:,} notes, or {MAX_NOTES_BYTES // 2**20} MiB of them"
        raise ContentError([Problem(name, Span(), message, "import its folders one by one")])
    texts = {place: read_bytes(folder / place) for place in notes}
    others = {place: info for place, info in files.items() if _suffix(place) in ASSET_SUFFIXES}
    assets, problems = _assets(name, folder, others, b"\n".join(texts.values()))
    left = [Problem(f"{name}: {place}", Span(), why, _REMEDY, Severity.WARNING) for place, why in passed]
    rest = [place for place in sorted(files) if place not in notes and _suffix(place) not in _MEDIA]
    unused = _unused(name, [place for place in rest if place not in assets])
    unused += _passed(name, is_set, templates)
    return Source(name, b"", files=dict(sorted({**texts, **assets}.items()))), [*left, *problems, *unused]


def _templates(folder: Path, files: Iterable[str]) -> tuple[bool, list[str]]:
    """Whether a folder is a vault with settings of its own, and which of its notes are templates for others: those of
    the folder that the settings name, and of folders that are called so."""
    settings = folder / SETTINGS
    is_set = settings.is_dir() and not settings.is_symlink()
    named = ""
    try:
        if is_set and (file := settings / "templates.json").is_file() and not file.is_symlink():
            with file.open("rb") as opened:
                said = json.loads(opened.read(MAX_SETTINGS))
            named = str(said.get("folder") or "").strip("/") if isinstance(said, dict) else ""
    except (OSError, ValueError, RecursionError):
        pass
    found = [
        place
        for place in sorted(files)
        if _suffix(place) in NOTE_SUFFIXES
        and (
            (named and place.startswith(f"{named}/"))
            or any(part.casefold() in TEMPLATES for part in place.split("/")[:-1])
        )
    ]
    return is_set, found


def _passed(name: str, is_set: bool, templates: Sequence[str]) -> list[Problem]:
    """One hint for what of a vault is no notes: its settings, and its templates."""
    what = [f"its settings ({SETTINGS})"] if is_set else []
    if templates:
        shown = ", ".join(visible(place) for place in templates[:MAX_UNUSED])
        more = f" and {len(templates) - MAX_UNUSED:,} more" if len(templates) > MAX_UNUSED else ""
        what.append(f"{'1 template' if len(templates) == 1 else f'{len(templates):,} templates'} ({shown}{more})")
    if not what:
        return []
    remedy = "import a template by its name if it is to be read" if templates else "nothing to do"
    return [Problem(name, Span(), f"passed over: {', and '.join(what)}", remedy, Severity.HINT)]


def _unused(name: str, places: list[str]) -> list[Problem]:
    """A hint for each of the first files that no note names, and one for how many there are beside these."""
    remedy = "import it by its name if it is to be read"
    found = [
        Problem(f"{name.rstrip('/')}/{place}", Span(), "not read with the folder's notes", remedy, Severity.HINT)
        for place in places[:MAX_UNUSED]
    ]
    if len(places) > MAX_UNUSED:
        message = f"{len(places) - MAX_UNUSED:,} more files are not read with the folder's notes"
        found.append(Problem(name, Span(), message, "import by its name what is to be read", Severity.HINT))
    return found


def _embeds(data: bytes) -> bool:
    return b"![" in data or b"[[" in data


def _suffix(path: str) -> str:
    return os.path.splitext(path)[1].lower()


def _assets(
    name: str, folder: Path, files: dict[str, os.stat_result], data: bytes
) -> tuple[dict[str, bytes], list[Problem]]:
    """The files whose names stand in a text, read; and a warning for each that is too large."""
    text = data.decode("utf-8", "replace").casefold()
    text += unquote(text) if "%" in text else ""
    found: dict[str, bytes] = {}
    problems: list[Problem] = []
    size = 0
    for place in sorted(files):
        if place.rpartition("/")[2].casefold() not in text:
            continue
        size += files[place].st_size
        if files[place].st_size > MAX_ASSET or size > MAX_ASSETS:
            size -= files[place].st_size
            message = f"larger than {MAX_ASSET // 2**20} MiB, or all such files than {MAX_ASSETS // 2**20} MiB"
            problems.append(
                Problem(f"{name}: {place}", Span(), message, "it is left out; make it smaller", Severity.WARNING)
            )
            continue
        found[place] = read_bytes(folder / place)
    return found, problems


def _walk(folder: Path, passed: list[tuple[str, str]]) -> Iterator[tuple[str, os.stat_result]]:
    """Regular files of a folder by path relative to it; dot files, links, what a site was built into, and what nests
    deeper than 16 levels are passed over, as is what comes after 50,000 entries. What of it may be notes is added to
    `passed`, each with the reason."""
    seen = 0
    waiting = [("", folder)]
    while waiting:
        prefix, place = waiting.pop()
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
                passed.append((prefix, f"what comes after {MAX_ENTRIES:,} files and folders is left out"))
                return
            if entry.name.startswith(".") or place / entry.name in built:
                continue
            info = entry.stat(follow_symlinks=False)
            why = _passed_over(entry.name, info.st_mode, prefix.count("/"))
            if why:
                shown = prefix + entry.name
                passed.append((shown if shown.isprintable() else shown.encode("unicode_escape").decode(), why))
            elif not entry.name.isprintable():
                continue
            elif stat.S_ISDIR(info.st_mode):
                waiting.append((f"{prefix}{entry.name}/", place / entry.name))
            elif stat.S_ISREG(info.st_mode):
                yield prefix + entry.name, info


def _passed_over(name: str, mode: int, depth: int) -> str:
    """Why what may be notes is passed over; empty where it isn't, or is no notes."""
    if stat.S_ISDIR(mode):
        odd = "a folder whose name holds signs that can't be printed is left out"
        deep = f"what nests deeper than {MAX_DEPTH} folders is left out" if depth >= MAX_DEPTH else ""
        return deep if name.isprintable() else odd
    # a link without a suffix may lead to a folder of notes
    if _suffix(name) not in NOTE_SUFFIXES and not (stat.S_ISLNK(mode) and not _suffix(name)):
        return ""
    if not stat.S_ISREG(mode):
        return "a link, or no plain file, is left out"
    return "" if name.isprintable() else "a note whose name holds signs that can't be printed is left out"


def _built(root: Path) -> frozenset[Path]:
    """The folders that a build of a root fills: what stands there was made from its notes."""
    try:
        with (root / "mkdocs.yml").open("rb") as file:
            settings = file.read(MAX_SETTINGS).decode("utf-8", "replace")
    except OSError:
        settings = ""
    found = _SITE_DIR.search(settings)
    return frozenset((root / "build", root / (found[1].strip() if found else "site")))
