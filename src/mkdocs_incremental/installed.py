"""What is installed, by its folders alone, and what of the running code isn't: that may be edited at any time."""

import hashlib
import os
import sys
import sysconfig
from collections.abc import Iterable, Iterator
from pathlib import Path

_PLACES = ("stdlib", "platstdlib", "purelib", "platlib")


def fixed_folders() -> tuple[str, ...]:
    """The folders of Python itself and of installed distributions, where nobody edits files in place."""
    named = {sysconfig.get_path(place) for place in _PLACES}
    found = {path for path in sys.path if os.path.basename(path) in ("site-packages", "dist-packages")}
    found |= {path for path in named if path}
    # a standard library holds the folders of distributions of its own; a virtual environment stands apart
    found |= {os.path.join(sys.base_prefix, "lib", f"python{sys.version_info.major}.{sys.version_info.minor}")}
    return tuple(sorted({os.path.realpath(path) for path in found} | found))


def is_fixed(path: str, folders: Iterable[str]) -> bool:
    """Whether a file or folder stands in one of them."""
    full = os.path.realpath(path)
    return any(full == folder or full.startswith(folder + os.sep) for folder in folders)


def distributions() -> tuple[str, ...]:
    """The installed distributions: name, version, and when the folder that says so was made."""
    found = set()
    for place in sys.path:
        try:
            with os.scandir(place or ".") as entries:
                for entry in entries:
                    if entry.name.endswith((".dist-info", ".egg-info", ".egg-link", ".pth")):
                        found.add(f"{entry.name} {entry.stat().st_mtime_ns}")
        except OSError:
            continue  # a folder that isn't there, or an archive
    return tuple(sorted(found))


def own_code(modules: Iterable[str]) -> tuple[str, ...]:
    """The source files, sorted, of those of the named modules, and of all packages that they belong to, which are not
    installed but lie where they are edited."""
    folders = fixed_folders()
    found: set[str] = set()
    for name in {name.partition(".")[0] for name in modules} - {"__main__"}:
        module = sys.modules.get(name)
        file = getattr(module, "__file__", None)
        if module is None or not file or not file.endswith(".py") or is_fixed(file, folders):
            continue
        if hasattr(module, "__path__"):
            found.update(str(path) for path in Path(file).parent.rglob("*.py"))
        else:
            found.add(file)
    return tuple(sorted(found))


def contents(paths: Iterable[str], beside: str = "") -> str:
    """The digest of files, by path and bytes, and of a text; one that can't be read counts as that."""
    total = hashlib.blake2b(beside.encode("utf-8", "surrogateescape"), digest_size=16)
    for path, data in _read(paths):
        total.update(f"{len(path)} {path} {len(data)}\n".encode("utf-8", "surrogateescape"))
        total.update(data)
    return total.hexdigest()


def _read(paths: Iterable[str]) -> Iterator[tuple[str, bytes]]:
    for path in sorted(paths):
        try:
            if os.path.isfile(path):
                with open(path, "rb") as file:
                    yield path, file.read()
        except OSError:
            yield path, b"\0unreadable"
