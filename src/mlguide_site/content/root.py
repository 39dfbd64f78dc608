"""The root on disk: found, walked and read. No file is written here."""

import os
import re
import stat
import unicodedata
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from mlguide_site.content.transcripts import TRANSCRIPTS
from mlguide_site.errors import Problem, ResourceError, Span, UsageError

MEDIA_SUFFIXES = frozenset(".avif .gif .jpeg .jpg .m4a .mp3 .mp4 .ogg .opus .pdf .png .wav .webm .webp".split())
TEXT_SUFFIXES = frozenset({".csv", ".json", ".txt", *TRANSCRIPTS})
ASSET_SUFFIXES = MEDIA_SUFFIXES | TEXT_SUFFIXES
"""The files next to notes that may be published: nothing that a browser would run."""
_NOTE_SUFFIXES = frozenset([".md", ".markdown", ".mdown", ".mkd", ".mkdn"])
"""Suffixes of notes elsewhere; here only the first is one."""
_PRIVATE_NAME = re.compile(r"\..*|readme(?:\.[a-z]{1,9})?|thumbs\.db|desktop\.ini|.*~|#.*#", re.I | re.S)
"""Hidden files, and files that people, editors and systems keep for themselves."""
MAX_FILES = 50_000
MAX_DEPTH = 16
MAX_FILE = 32 * 1024 * 1024
"""bytes of a file that is read at all; its reader has limits of its own"""
MAX_TEXTS = 128 * 1024 * 1024
"""bytes of all notes and knowledge files together"""


@dataclass(frozen=True, slots=True)
class RootFiles:
    """Notes and knowledge files by path relative to the root, asset paths, and problems with files."""

    texts: dict[str, bytes]
    assets: frozenset[str]
    problems: tuple[Problem, ...]


def find_root(start: Path) -> Path:
    """The given folder, if it is a root. Raises UsageError with what to do if it isn't."""
    if start.is_file():
        folder = start.parent if start.name == "mkdocs.yml" else "FOLDER"
        raise UsageError(f"{start}: this is a file; name the folder of the knowledge base, as in -C {folder}")
    if not (start / "mkdocs.yml").is_file():
        raise _no_root(start)
    root = start.resolve()
    try:
        str(root).encode()
    except UnicodeEncodeError:
        shown = str(root).encode("utf-8", "backslashreplace").decode()
        raise UsageError(f"{shown}: the path is no text in UTF-8; move the folder, or set a UTF-8 locale") from None
    return root


def _no_root(start: Path) -> UsageError:
    old = start / "mkdocs.yaml"
    if old.is_file():
        return UsageError(f"{old}: the settings of a knowledge base end in .yml; rename it to mkdocs.yml")
    above = next((folder for folder in start.absolute().parents if (folder / "mkdocs.yml").is_file()), None)
    if above is not None and start.is_dir() and (above / "episodes").is_dir():
        remedy = f"go to its top folder, or name it with -C {os.path.relpath(above)}"
        return UsageError(f"{start}: this is within a knowledge base; {remedy}")
    remedy = 'go to a knowledge base, name one with -C, or make one with "mlguide init"'
    return UsageError(f"{start}: no mkdocs.yml here; {remedy}")


def read_root(root: Path) -> RootFiles:
    """Read `episodes/` and `knowledge/`. Raises ResourceError if the disk refuses."""
    assets: set[str] = set()
    problems: list[Problem] = []
    texts = _Texts(root, problems)
    names: dict[str, list[str]] = defaultdict(list)
    for path, info in _walk(root, "episodes", problems):
        names[unicodedata.normalize("NFC", path).casefold()].append(path)
        suffix = os.path.splitext(path)[1].lower()
        if path.endswith(".md"):
            texts.read(path, info.st_size)
        elif suffix in _NOTE_SUFFIXES:
            problems.append(Problem(path, Span(), "notes end in .md", _rename(root, path, ".md")))
        elif suffix in ASSET_SUFFIXES:
            assets.add(path)
        else:
            remedy = f"remove it; notes are .md files, and assets may be {' '.join(sorted(ASSET_SUFFIXES))}"
            problems.append(Problem(path, Span(), "this kind of file is not published", remedy))
    for path, info in _walk(root, "knowledge", problems):
        if path.endswith(".yml"):
            texts.read(path, info.st_size)
        elif path.endswith(".yaml") and path.count("/") == 1:
            problems.append(Problem(path, Span(), "knowledge files end in .yml", _rename(root, path, ".yml")))
    # templates are read elsewhere; here links among them are refused
    list(_walk(root, "templates", problems))
    for same in names.values():
        first, *others = sorted(same)
        message = f"{first} has the same name to some file systems"
        problems += [Problem(path, Span(), message, "rename one of the two") for path in others]
    if len(names) > MAX_FILES:
        problems.append(Problem("episodes", Span(), f"more than {MAX_FILES:,} files", "split the knowledge base"))
    return RootFiles(texts.found, frozenset(assets), tuple(sorted(set(problems))))


def names_beside(root: Path, is_wanted: Callable[[str], bool]) -> tuple[str, ...]:
    """The paths of files of a root, relative to it and sorted, in places where content may be by mistake: at its top,
    in `knowledge/`, and in those folders at its top whose name `is_wanted`. Raises ResourceError."""
    try:
        entries = sorted(os.scandir(root), key=lambda entry: entry.name)
    except OSError as error:
        raise ResourceError(f"{root}: {error.strerror}") from None
    found = [entry.name for entry in entries if entry.is_file(follow_symlinks=False)]
    folders = [entry.name for entry in entries if entry.is_dir(follow_symlinks=False) and is_wanted(entry.name)]
    for folder in sorted({"knowledge", *folders}):
        found += [path for path, _ in islice(_walk(root, folder, []), MAX_FILES)]
    return tuple(sorted(path for path in found if not _PRIVATE_NAME.fullmatch(path.rpartition("/")[2])))


def _rename(root: Path, path: str, suffix: str) -> str:
    """The remedy for a file with a wrong suffix."""
    target, old = root / f"{os.path.splitext(path)[0]}{suffix}", root / path
    # some file systems take both names for one file
    if target.exists() and not target.samefile(old):
        return f"{target.name} exists already: remove one of the two"
    return f"rename it to {target.name}"


class _Texts:
    """The texts of a root while they are read; those beyond a limit are reported and not read."""

    def __init__(self, root: Path, problems: list[Problem]) -> None:
        self.root, self.problems = root, problems
        self.found: dict[str, bytes] = {}
        self.size = 0

    def read(self, path: str, size: int) -> None:
        """Read one file of a size."""
        before = self.size
        self.size += size
        if size > MAX_FILE:
            message, remedy = f"larger than {MAX_FILE // 2**20} MiB", "this is no text; remove it"
            self.problems.append(Problem(path, Span(), message, remedy))
        elif self.size <= MAX_TEXTS:
            try:
                self.found[path] = (self.root / path).read_bytes()
            except OSError as error:
                raise ResourceError(f"{path}: {error.strerror}") from None
        elif before <= MAX_TEXTS:
            message = f"with this file, notes and knowledge are larger than {MAX_TEXTS // 2**20} MiB"
            self.problems.append(Problem(path, Span(), message, "split the knowledge base"))


def _walk(root: Path, folder: str, problems: list[Problem]) -> Iterator[tuple[str, os.stat_result]]:
    """Regular files below a folder of the root, in order; private names are skipped, anything else is a problem."""
    if folder.count("/") > MAX_DEPTH:
        problems.append(Problem(folder, Span(), f"more than {MAX_DEPTH} folders deep", "move it up"))
        return
    if (root / folder).is_symlink():
        problems.append(Problem(folder, Span(), "this is a symbolic link", "put the folder itself there"))
        return
    try:
        entries = sorted(os.scandir(root / folder), key=lambda entry: entry.name)
    except FileNotFoundError:
        return
    except OSError as error:
        raise ResourceError(f"{folder}: {error.strerror}") from None
    for entry in entries:
        path = f"{folder}/{entry.name}"
        if entry.name.startswith("."):
            continue
        if not entry.name.isprintable() or "\\" in entry.name:
            problems.append(Problem(path, Span(), "the name holds characters that some systems refuse", "rename it"))
            continue
        info = entry.stat(follow_symlinks=False)
        if stat.S_ISDIR(info.st_mode):
            yield from _walk(root, path, problems)
        elif not stat.S_ISREG(info.st_mode):
            what = "a symbolic link" if stat.S_ISLNK(info.st_mode) else "not a regular file"
            problems.append(Problem(path, Span(), f"this is {what}", "put the file itself there, or remove it"))
        elif not _PRIVATE_NAME.fullmatch(entry.name):
            yield path, info
