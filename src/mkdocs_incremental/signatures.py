"""File signatures, which show whether a file has changed: size, timestamps, inode and mode. Two writes within one tick
of the file system's clock get the same timestamp. So a recently written file's signature also contains a digest."""

import contextlib
import hashlib
import os
import stat
import time
from collections.abc import Iterable, Iterator, Mapping

TICK = 100_000_000  # maximum number of nanoseconds between two writes that get the same timestamp


def digest(data: bytes) -> str:
    """Return the 16-byte BLAKE2b digest of some bytes, in hexadecimal."""
    return hashlib.blake2b(data, digest_size=16).hexdigest()


def signature(path: str) -> str:
    """Return the signature of a file or folder, or an empty string if the path doesn't exist."""
    try:
        status = os.stat(path)
    except OSError:
        return ""
    text = of_status(status)
    is_recent = max(status.st_mtime_ns, status.st_ctime_ns) > time.time_ns() - TICK
    return f"{text} {_content_digest(path, status)}" if is_recent else text


def is_same(path: str, known: str) -> bool:
    """Return whether a file or folder still has the signature `known`."""
    try:
        status = os.stat(path)
    except OSError:
        return known == ""
    text = of_status(status)
    return known == text or (known.startswith(f"{text} ") and known == f"{text} {_content_digest(path, status)}")


def take(paths: Iterable[str]) -> dict[str, str]:
    """Return the signatures of files and folders, by path."""
    return {path: signature(path) for path in paths}


def take_tree(folder: str, known: Mapping[str, str]) -> dict[str, str]:
    """Return the signatures of a folder and everything in it. `known` contains earlier signatures. If a folder's
    signature is unchanged, no file was added to the folder, so the folder isn't listed again."""
    found = {path: text for path, text in take(known or [folder]).items() if text}
    for path in [path for path, text in found.items() if text != known.get(path) and os.path.isdir(path)]:
        with contextlib.suppress(OSError):
            inside = [os.path.join(path, name) for name in os.listdir(path)]
            found |= take(tree(*(path for path in inside if path not in found)))
    return found


def all_same(known: Mapping[str, str]) -> bool:
    """Return whether all files still have the signatures in `known`."""
    return all(is_same(path, text) for path, text in known.items())


def tree(*folders: str) -> Iterator[str]:
    """Yield the paths of folders and of everything in these folders, at any depth. If an argument is a file, yield only
    its path. The target of a symbolic link is entered only once, because links may form a cycle."""
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
            continue  # the path is a file, or a folder that can't be read


def of_status(status: os.stat_result) -> str:
    """Return the size, timestamps, inode and mode of a file or folder, as one string."""
    # a folder's size is left out, because a folder's timestamps change whenever the folder's entries change
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
