"""File signatures: whether a file is still the one that was read, by size, times and inode, or by its bytes.

Two writes within one tick of the file system's clock leave the same time, so the signature of a file that was written
shortly before it was looked at contains a digest of its bytes as well.
"""

import contextlib
import hashlib
import os
import stat
import time
from collections.abc import Iterable, Iterator, Mapping

TICK = 100_000_000
"""Nanoseconds within which two writes may leave the same time."""


def digest(data: bytes) -> str:
    """BLAKE2b of some bytes, 16 bytes in hexadecimal."""
    return hashlib.blake2b(data, digest_size=16).hexdigest()


def signature(path: str) -> str:
    """The signature of a file or folder; empty if there is none."""
    try:
        status = os.stat(path)
    except OSError:
        return ""
    text = of_status(status)
    is_recent = max(status.st_mtime_ns, status.st_ctime_ns) > time.time_ns() - TICK
    return f"{text} {_content_digest(path, status)}" if is_recent else text


def is_same(path: str, known: str) -> bool:
    """Whether a file or folder still has this signature."""
    try:
        status = os.stat(path)
    except OSError:
        return known == ""
    text = of_status(status)
    return known == text or (known.startswith(f"{text} ") and known == f"{text} {_content_digest(path, status)}")


def take(paths: Iterable[str]) -> dict[str, str]:
    """The signatures of files and folders, by path."""
    return {path: signature(path) for path in paths}


def take_tree(folder: str, known: Mapping[str, str]) -> dict[str, str]:
    """The signatures of a folder and everything in it. `known` has earlier ones: a folder with the same signature still
    has the same entries, so it isn't listed again."""
    found = {path: text for path, text in take(known or [folder]).items() if text}
    for path in [path for path, text in found.items() if text != known.get(path) and os.path.isdir(path)]:
        with contextlib.suppress(OSError):
            inside = [os.path.join(path, name) for name in os.listdir(path)]
            found |= take(tree(*(path for path in inside if path not in found)))
    return found


def all_same(known: Mapping[str, str]) -> bool:
    """Whether all files still have the signatures that were taken."""
    return all(is_same(path, text) for path, text in known.items())


def tree(*folders: str) -> Iterator[str]:
    """Folders and everything in them, at any depth; for a file, only the file. The target of a symbolic link is entered
    once, because links may form a circle."""
    yield from folders
    pending = [*folders]
    linked: set[str] = set()
    while pending:
        try:
            with os.scandir(pending.pop()) as entries:
                for entry in entries:
                    yield entry.path
                    if entry.is_dir(follow_symlinks=False):
                        pending.append(entry.path)
                    elif entry.is_symlink() and (target := os.path.realpath(entry.path)) not in linked:
                        linked.add(target)
                        pending.append(entry.path)
        except OSError:
            continue  # not a folder: its signature shows whether it is a file


def of_status(status: os.stat_result) -> str:
    """Size, times, inode and mode of a file or folder."""
    # the size of a folder is left out: its times change when its contents do
    size = -1 if stat.S_ISDIR(status.st_mode) else status.st_size
    return f"{size} {status.st_mtime_ns} {status.st_ctime_ns} {status.st_ino} {status.st_mode}"


def _content_digest(path: str, status: os.stat_result) -> str:
    try:
        if stat.S_ISDIR(status.st_mode):
            return digest("\0".join(sorted(os.listdir(path))).encode("utf-8", "surrogateescape"))
        if not stat.S_ISREG(status.st_mode):
            return "-"
        with open(path, "rb") as file:
            return digest(file.read())
    except OSError:
        return "-"
