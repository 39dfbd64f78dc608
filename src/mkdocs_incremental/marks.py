"""What tells whether a file is still the same: its size, times and number, and its bytes where that is too recent.

Two writes within one tick of the file system's clock leave the same time, so what was written shortly before it was
looked at is told by its bytes as well.
"""

import hashlib
import os
import stat
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

TICK, COARSE_TICK = 100_000_000, 2_100_000_000
"""Nanoseconds within which two writes may leave the same time: on most file systems, and on those that keep seconds."""
SECOND = 1_000_000_000


def digest(data: bytes) -> str:
    """What stands for bytes: BLAKE2b, 16 bytes, in hexadecimal."""
    return hashlib.blake2b(data, digest_size=16).hexdigest()


def is_recent(status: os.stat_result, now: int) -> bool:
    """Whether a write after `now` (nanoseconds since 1970) could leave the times that the file has."""
    coarse = status.st_mtime_ns % SECOND == 0
    return max(status.st_mtime_ns, status.st_ctime_ns) > now - (COARSE_TICK if coarse else TICK)


def is_written(path: str, since: int) -> bool:
    """Whether a file may have been written after a time (nanoseconds since 1970)."""
    try:
        return is_recent(os.stat(path), since)
    except OSError:
        return False


def mark(path: str, now: int) -> str:
    """The mark of a file or folder as it is at `now`; the empty text where there is none."""
    try:
        status = os.stat(path)
    except OSError:
        return ""
    text = _text(status)
    return f"{text} {_content(path, status)}" if is_recent(status, now) else text


def is_same(path: str, known: str) -> bool:
    """Whether a file or folder is still the one that had this mark."""
    try:
        status = os.stat(path)
    except OSError:
        return known == ""
    text = _text(status)
    return known == text or (known.startswith(f"{text} ") and known == f"{text} {_content(path, status)}")


def _text(status: os.stat_result) -> str:
    # a folder's size says nothing that its times don't
    size = -1 if stat.S_ISDIR(status.st_mode) else status.st_size
    return f"{size} {status.st_mtime_ns} {status.st_ctime_ns} {status.st_ino} {status.st_mode}"


def _content(path: str, status: os.stat_result) -> str:
    try:
        if stat.S_ISDIR(status.st_mode):
            return digest("\0".join(sorted(os.listdir(path))).encode("utf-8", "surrogateescape"))
        if not stat.S_ISREG(status.st_mode):
            return "-"
        with open(path, "rb") as file:
            return digest(file.read())
    except OSError:
        return "-"


@dataclass(frozen=True)
class Snapshot:
    """Files and folders at one time; what isn't there counts as that."""

    paths: tuple[str, ...]
    recent: tuple[int, ...]
    """The places in `paths` of those that their bytes tell."""
    sum: str
    """The digest of all their marks."""

    @classmethod
    def take(cls, paths: Iterable[str], now: int) -> "Snapshot":
        """Of these paths, as they are at `now` (nanoseconds since 1970)."""
        found = tuple(sorted(set(paths)))
        total = hashlib.blake2b(digest_size=16)
        recent = []
        for at, path in enumerate(found):
            try:
                # looked at once: with thousands of files that is what takes time
                status = os.stat(path)
            except OSError:
                total.update(_told(path, None, False))
                continue
            if is_by_content := is_recent(status, now):
                recent.append(at)
            total.update(_told(path, status, is_by_content))
        return cls(found, tuple(recent), total.hexdigest())

    def unless_written(self, since: int) -> "Snapshot":
        """The same where no file in it may have been written after a time (nanoseconds since 1970); else one that never
        holds."""
        return replace(self, sum="") if any(is_written(path, since) for path in self.paths) else self

    def holds(self) -> bool:
        """Whether all is as it was."""
        return _sum(self.paths, frozenset(self.recent)) == self.sum


def _sum(paths: Iterable[str], by_content: frozenset[int]) -> str:
    total = hashlib.blake2b(digest_size=16)
    for at, path in enumerate(paths):
        try:
            status = os.stat(path)
        except OSError:
            total.update(_told(path, None, False))
        else:
            total.update(_told(path, status, at in by_content))
    return total.hexdigest()


def _told(path: str, status: os.stat_result | None, is_by_content: bool) -> bytes:
    """The line of a file in the sum."""
    if status is None:
        return b"\n"
    text = _text(status)
    return f"{text}{_content(path, status)}\n".encode() if is_by_content else f"{text}\n".encode()


def tree(folder: str) -> Iterator[str]:
    """A folder with all that is in it, at any depth; a file is given as it is. What a link leads to is entered once,
    whatever leads there: MkDocs and Jinja follow links, and some lead in a circle."""
    yield folder
    waiting = [folder]
    linked: set[str] = set()
    while waiting:
        try:
            with os.scandir(waiting.pop()) as entries:
                for entry in entries:
                    yield entry.path
                    if entry.is_dir(follow_symlinks=False):
                        waiting.append(entry.path)
                    elif entry.is_symlink() and (target := os.path.realpath(entry.path)) not in linked:
                        linked.add(target)
                        waiting.append(entry.path)
        except OSError:
            continue  # a file, or nothing: its mark says so


def trees(folders: Iterable[str]) -> list[str]:
    """What `tree` gives for each of these folders and files."""
    return [path for folder in folders for path in tree(folder)]
