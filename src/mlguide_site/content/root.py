"""Finds a root on disk, lists its files and reads them. This module writes no files."""

import os
import re
import stat
import unicodedata
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

from mlguide_site.content.assets import ASSET_SUFFIXES, DRAWING
from mlguide_site.content.drawings import MAX_DRAWING, is_drawing
from mlguide_site.content.files import read_bytes, resource_error
from mlguide_site.content.transcript_formats import may_be_transcript
from mlguide_site.errors import Problem, Severity, Span, UsageError

_PRIVATE_NAME = re.compile(r"\..*|readme(?:\.[a-z]{1,9})?|thumbs\.db|desktop\.ini|.*~|#.*#", re.I | re.S)
"""The names of hidden, temporary and readme files, which are skipped."""
_FOLDERS = ("episodes", "pages", "knowledge")
MAX_FILES = 50_000
MAX_ASSET = 512 * 2**20  # maximum size of a file beside notes, which the build reads into memory
MAX_DEPTH = 16
MAX_FILE = 32 * 1024 * 1024  # maximum size of a file, in bytes; parsers have lower limits
MAX_TIMED = 96 * 1024 * 1024  # maximum total size of transcripts and chapters, in bytes
MAX_TEXTS = 128 * 1024 * 1024  # maximum total size of notes, pages and knowledge files, in bytes


@dataclass(frozen=True, slots=True)
class RootFiles:
    """The files of a root: `texts` maps the paths of notes, pages and knowledge files to bytes; `assets` are paths."""

    texts: dict[str, bytes]
    assets: frozenset[str]
    problems: tuple[Problem, ...]


def find_root(start: Path) -> Path:
    """Return the absolute path of a root. Raises UsageError if the folder isn't a root."""
    if not (start / "mkdocs.yml").is_file():
        remedy = 'go to the top folder of a knowledge base, pass the folder with -C, or run "mlguide init"'
        if (start / "hub.yml").is_file():
            remedy = "for a hub, use the commands of mlguide hub, such as mlguide hub build"
        raise UsageError(f"{start}: no mkdocs.yml here; {remedy}")
    root = start.resolve()
    shown = str(root).encode("utf-8", "backslashreplace").decode()
    if shown != str(root):
        raise UsageError(f"{shown}: the path is not valid UTF-8; move the folder, or set a UTF-8 locale")
    return root


def _remedy_for(path: str, suffix: str) -> str:
    if suffix in {".md", ".markdown"}:
        return f"rename it to {path.removesuffix(path[-len(suffix) :])}.md"
    if suffix == DRAWING:
        return (
            "save it as a .png file, or without scripts, links, animations, filters, HTML and references to other files"
        )
    if suffix in {".css", ".ico", ".js", ".woff2"}:
        return "remove it, or move it to templates/assets/, and name it in mkdocs.yml"
    if os.path.basename(path) == "CNAME":
        return "remove it, and write your domain into mkdocs.yml, as `domain` of the plugin mlguide"
    return f"remove it; notes and pages are .md files, and assets may be {' '.join(sorted(ASSET_SUFFIXES))}"


def read_root(root: Path) -> RootFiles:
    """Read `episodes/`, `pages/` and `knowledge/`. Raises ResourceError if a file can't be read."""
    texts: dict[str, bytes] = {}
    assets: set[str] = set()
    problems: list[Problem] = []
    names: dict[str, list[str]] = defaultdict(list)
    notes: list[tuple[str, int]] = []
    timed = 0
    for path, info in chain(walk(root, "episodes", problems), walk(root, "pages", problems)):
        names[unicodedata.normalize("NFC", path).casefold()].append(path)
        if path.endswith(".md"):
            notes.append((path, info.st_size))
            continue
        if may_be_transcript(path) and (timed := timed + info.st_size) > MAX_TIMED:
            if timed - info.st_size <= MAX_TIMED:
                message = f"transcripts and chapters in total are larger than {MAX_TIMED // 2**20} MiB"
                problems.append(Problem(path, Span(), message, "shorten them, or split the knowledge base"))
            continue
        suffix = os.path.splitext(path)[1].lower()
        if info.st_size > MAX_ASSET:
            message = f"larger than {MAX_ASSET // 2**20} MiB"
            problems.append(Problem(path, Span(), message, "publish it on another host, and link to it"))
        elif suffix in ASSET_SUFFIXES or (suffix == DRAWING and is_drawing(read_bytes(root / path, MAX_DRAWING + 1))):
            assets.add(path)
        else:
            problems.append(Problem(path, Span(), "this kind of file is not published", _remedy_for(path, suffix)))
    for path, info in walk(root, "knowledge", problems):
        if path.endswith(".yml"):
            notes.append((path, info.st_size))
        else:
            remedy = "rename the file, or move the entries to a .yml file"
            problems.append(Problem(path, Span(), "knowledge file names must end in .yml", remedy, Severity.WARNING))
    total = 0
    for path, size in notes:
        total += size
        if size > MAX_FILE:
            message = f"larger than {MAX_FILE // 2**20} MiB"
            problems.append(Problem(path, Span(), message, "remove or split the file"))
        elif total <= MAX_TEXTS:
            texts[path] = read_bytes(root / path)
        elif total - size <= MAX_TEXTS:
            message = f"notes and knowledge files in total are larger than {MAX_TEXTS // 2**20} MiB"
            problems.append(Problem(path, Span(), message, "split the knowledge base"))
    # other code reads the templates; this walk only reports problems such as symbolic links
    list(walk(root, "templates", problems))
    for first, *others in map(sorted, names.values()):
        message = f"on some file systems, this name means the same file as {first}"
        problems += [Problem(path, Span(), message, "rename one of the two") for path in others]
    if len(names) > MAX_FILES:
        problems.append(Problem("episodes", Span(), f"more than {MAX_FILES:,} files", "split the knowledge base"))
    return RootFiles(texts, frozenset(assets), tuple(sorted(set(problems))))


def excess(root: Path, writes: Mapping[str, bytes | None]) -> list[Problem]:
    """Return a problem for each limit of a whole root that `writes` (the new bytes by path, or None to remove a file)
    would exceed, so that an import never writes a root that can't be read."""
    before = {path: info.st_size for folder in _FOLDERS for path, info in walk(root, folder, [])}
    new = {path: len(data) for path, data in writes.items() if data is not None and path.startswith(_FOLDERS)}
    after = {path: size for path, size in before.items() if path not in writes} | new
    limits = (
        (MAX_FILES, f"more than {MAX_FILES:,} files"),
        (MAX_TIMED, f"more than {MAX_TIMED // 2**20} MiB of transcripts and chapters"),
        (MAX_TEXTS, f"more than {MAX_TEXTS // 2**20} MiB of notes and knowledge files"),
    )
    return [
        Problem("episodes", Span(), f"the knowledge base would have {what}", "import less, or split the knowledge base")
        for (most, what), old, total in zip(limits, _totals(before), _totals(after), strict=True)
        if total > max(most, old)
    ]


def _totals(sizes: Mapping[str, int]) -> tuple[int, int, int]:
    """Return the number of files, the bytes of transcripts and chapters, and the bytes of notes and knowledge files."""
    files = sum(not path.startswith("knowledge/") for path in sizes)
    timed = sum(size for path, size in sizes.items() if may_be_transcript(path))
    return files, timed, sum(size for path, size in sizes.items() if path.endswith((".md", ".yml")))


def walk(root: Path, folder: str, problems: list[Problem]) -> Iterator[tuple[str, os.stat_result]]:
    """Yield a folder's regular files, sorted by name, without private files. Add problems for unusable files."""
    if folder.count("/") > MAX_DEPTH:
        problems.append(Problem(folder, Span(), f"more than {MAX_DEPTH} folders deep", "move it to a higher folder"))
        return
    if (root / folder).is_symlink():
        problems.append(Problem(folder, Span(), "this is a symbolic link", "replace it with the folder itself"))
        return
    try:
        entries = sorted(os.scandir(root / folder), key=lambda entry: entry.name)
    except FileNotFoundError:
        return
    except OSError as error:
        raise resource_error(folder, error) from None
    for entry in entries:
        path = f"{folder}/{entry.name}"
        if entry.name.startswith("."):
            continue
        if not entry.name.isprintable() or "\\" in entry.name:
            problems.append(Problem(path, Span(), "the name contains characters that some systems reject", "rename it"))
            continue
        info = entry.stat(follow_symlinks=False)
        if stat.S_ISDIR(info.st_mode):
            if entry.name.endswith((".md", ".yml")):
                problems.append(Problem(path, Span(), "this is a folder", "rename or remove it", Severity.WARNING))
            yield from walk(root, path, problems)
        elif not stat.S_ISREG(info.st_mode):
            what = "a symbolic link" if stat.S_ISLNK(info.st_mode) else "not a regular file"
            problems.append(Problem(path, Span(), f"this is {what}", "replace it with a regular file, or remove it"))
        elif not _PRIVATE_NAME.fullmatch(entry.name):
            yield path, info
