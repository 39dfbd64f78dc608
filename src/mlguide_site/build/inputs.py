"""What a build depends on: the files of a root, the program itself, the libraries it uses, and Python."""

import os
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from mlguide_site.content.resources import packaged_templates
from mlguide_site.model.digests import digest

INPUTS = ("episodes", "knowledge", "templates")
"""The folders of a root that the stages read."""
PACKAGE = Path(__file__).parents[1]
_INSTALLED = (".dist-info", ".egg-info", ".egg-link", ".pth")


def inputs(root: Path) -> list[Path]:
    """All that the stages read of a root and of the package, which may be edited where it runs from a checkout."""
    data = sorted(path for suffix in ("json", "txt") for path in PACKAGE.rglob(f"*.{suffix}"))
    return [*(root / name for name in INPUTS), packaged_templates(), *data]


@cache
def program_digest() -> str:
    """A digest of our own source, of the names and versions of all that is installed, and of Python. It changes with
    any of them."""
    lines = [f"{sys.version} {sys.flags.optimize} {sys.platform}", *_files(os.fspath(PACKAGE))]
    for folder in sys.path:
        try:
            lines += sorted(name for name in os.listdir(folder or ".") if name.endswith(_INSTALLED))
        except OSError:
            continue
    return digest("\n".join(lines).encode("utf-8", "surrogateescape"))


def _files(folder: str) -> Iterator[str]:
    """A line for each file below a folder, with its size and time; what Python makes by itself is skipped."""
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
            yield f"{entry.path} {info.st_size} {info.st_mtime_ns}"
