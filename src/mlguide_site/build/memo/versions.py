"""What a result depends on besides its input: our own program, the libraries, and Python itself."""

import hashlib
import os
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

_INSTALLED = (".dist-info", ".egg-info", ".egg-link", ".pth")


@cache
def program_digest(*folders: str) -> str:
    """A digest of our own source with what lies beside it, of the names and versions of all that is installed, of
    Python, and of `folders`: 32 hexadecimal digits. It changes with every change of any of them."""
    sum = hashlib.blake2b(digest_size=16)
    sum.update(f"{sys.version} {sys.flags.optimize} {sys.platform}".encode())
    for folder in (os.fspath(Path(__file__).parents[2]), *folders):
        for line in _files(folder):
            sum.update(line.encode("utf-8", "surrogateescape"))
    for folder in sys.path:
        for name in _installed(folder):
            sum.update(f"{name}\n".encode("utf-8", "surrogateescape"))
    return sum.hexdigest()


def data_files() -> list[Path]:
    """What the package reads besides its source, sorted."""
    return sorted(path for suffix in ("json", "txt") for path in Path(__file__).parents[2].rglob(f"*.{suffix}"))


def _files(folder: str) -> Iterator[str]:
    """A line for each file below a folder, with its size and time; what Python makes by itself is passed over."""
    try:
        entries = sorted(os.scandir(folder), key=lambda entry: entry.name)
    except OSError:
        return
    for entry in entries:
        if entry.name.startswith(".") or entry.name == "__pycache__":
            continue
        if entry.is_dir():
            yield from _files(entry.path)
        else:
            info = entry.stat()
            yield f"{entry.path} {info.st_size} {info.st_mtime_ns}\n"


def _installed(folder: str) -> list[str]:
    try:
        return sorted(name for name in os.listdir(folder or ".") if name.endswith(_INSTALLED))
    except OSError:
        return []
