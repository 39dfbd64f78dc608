"""Puts files of a site in their place: single files, or a whole finished tree."""

import contextlib
import filecmp
import os
import shutil
from collections.abc import Collection
from pathlib import Path, PurePosixPath


def move(fresh: str, site: str) -> frozenset[str]:
    """Move the files of a tree into the site, each atomically, and delete the tree; returns the paths of those whose
    bytes differ from what was there. Raises OSError."""
    moved = set()
    for path in files_in(fresh):
        source, target = os.path.join(fresh, path), os.path.join(site, path)
        if not (os.path.isfile(target) and filecmp.cmp(source, target, shallow=False)):
            os.makedirs(os.path.dirname(target), exist_ok=True)
            os.replace(source, target)
            moved.add(path)
    shutil.rmtree(fresh, ignore_errors=True)
    return frozenset(moved)


def files_in(folder: str | Path) -> list[str]:
    """The files below a folder, by path relative to it with forward slashes, sorted."""
    found = [os.path.join(above, name) for above, _, names in os.walk(folder) for name in names]
    return sorted(path[len(os.fspath(folder)) + 1 :].replace(os.sep, "/") for path in found)


def remove(site: str | Path, paths: Collection[str]) -> None:
    """Delete files of the site if they exist, and folders left empty. Raises OSError."""
    for path in sorted(paths, reverse=True):
        place = os.path.join(site, path)
        if os.path.isfile(place) or os.path.islink(place):
            os.unlink(place)
        with contextlib.suppress(OSError):  # if it isn't empty
            for folder in PurePosixPath(path).parents[:-1]:
                os.rmdir(os.path.join(site, folder))


def exchange(fresh: Path, site: Path) -> None:
    """Replace the site by a finished tree, and delete the old one. Both trees swap their names in one step where the
    system can do that; elsewhere, the site is missing for a moment, between two renames. Raises OSError."""
    site.parent.mkdir(parents=True, exist_ok=True)
    if not site.exists():
        os.rename(fresh, site)
    elif _swap(fresh, site):
        shutil.rmtree(fresh, ignore_errors=True)
    else:
        old = fresh.with_name(f"{fresh.name}.old")
        shutil.rmtree(old, ignore_errors=True)
        os.rename(site, old)
        try:
            os.rename(fresh, site)
        except OSError:
            os.rename(old, site)
            raise
        shutil.rmtree(old, ignore_errors=True)


def _swap(one: Path, other: Path) -> bool:
    """Exchange two folders in one step with Linux' `renameat2`; whether that was possible."""
    import ctypes  # noqa: PLC0415 - takes time, and only full builds need it

    try:
        call = ctypes.CDLL(None).renameat2
    except (AttributeError, OSError, TypeError):  # another system, or an old one
        return False
    # AT_FDCWD for both, and RENAME_EXCHANGE
    return bool(call(-100, os.fsencode(one), -100, os.fsencode(other), 2) == 0)
