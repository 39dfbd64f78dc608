"""Moves rendered files into the site: either single files, or a whole folder."""

import contextlib
import filecmp
import os
import shutil
from collections.abc import Callable, Collection
from pathlib import Path, PurePosixPath

Ignore = Callable[[str, list[str]], Collection[str]]  # like the parameter `ignore` of `shutil.copytree`


def move(fresh: str, site: str) -> frozenset[str]:
    """Move each file of the folder `fresh` atomically into the site, and delete `fresh`. Return the changed paths."""
    moved = set()
    for path in files_in(fresh):
        source, target = os.path.join(fresh, path), os.path.join(site, path)
        if not (os.path.isfile(target) and filecmp.cmp(source, target, shallow=False)):
            os.makedirs(os.path.dirname(target), exist_ok=True)
            os.replace(source, target)
            moved.add(path)
    shutil.rmtree(fresh, ignore_errors=True)
    return frozenset(moved)


def files_in(folder: str | Path, ignore: Ignore = lambda _above, _names: ()) -> list[str]:
    """Return the sorted paths of all files below a folder, relative to it, with forward slashes. Skip the names that
    `ignore` returns."""
    found = []
    for above, folders, names in os.walk(folder):
        ignored = ignore(above, [*folders, *names])
        folders[:] = [name for name in folders if name not in ignored]
        found += [os.path.join(above, name) for name in names if name not in ignored]
    return sorted(path[len(os.fspath(folder)) + 1 :].replace(os.sep, "/") for path in found)


def remove(site: str | Path, paths: Collection[str]) -> None:
    """Delete files from the site, and folders that become empty. Missing files are ignored. Raises OSError."""
    for path in sorted(paths, reverse=True):
        place = os.path.join(site, path)
        if os.path.isfile(place) or os.path.islink(place):
            os.unlink(place)
        with contextlib.suppress(OSError):  # `rmdir` fails if the folder isn't empty
            for folder in PurePosixPath(path).parents[:-1]:
                os.rmdir(os.path.join(site, folder))


def is_kept(name: str) -> bool:
    """Return whether a file or folder at the top of a site is hidden, such as `.git`, and no temporary file."""
    return name.startswith(".") and not name.endswith(".new")


def exchange(fresh: Path, site: Path) -> None:
    """Replace the site with the folder `fresh`, and delete the old site. If the system has `renameat2`, the folders
    swap names in one step. Otherwise, the site is missing for a moment between two renames. Like MkDocs, keep hidden
    files at the top of the site. Raises OSError."""
    site.parent.mkdir(parents=True, exist_ok=True)
    if not site.exists():
        os.rename(fresh, site)
        return
    for one in filter(is_kept, os.listdir(site)):
        # link, so that neither folder ever lacks them
        if (site / one).is_dir() and not (site / one).is_symlink():
            shutil.copytree(site / one, fresh / one, True, copy_function=_keep, dirs_exist_ok=True)
        else:
            _keep(site / one, fresh / one)
    if _swap(fresh, site):
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


def _keep(source: str | Path, target: str | Path) -> None:
    """Make a hard link to a file that the new site lacks, or copy the file if the file system has no such links."""
    if not os.path.lexists(target):
        try:
            os.link(source, target, follow_symlinks=False)
        except OSError:
            shutil.copy2(source, target, follow_symlinks=False)


def _swap(one: Path, other: Path) -> bool:
    """Swap two folders in one step with Linux's `renameat2`. Return whether the swap succeeded."""
    import ctypes  # noqa: PLC0415 - takes time, and only full builds need it

    try:
        call = ctypes.CDLL(None).renameat2
    except (AttributeError, OSError, TypeError):  # this system has no `renameat2`
        return False
    # -100 is AT_FDCWD, and 2 is RENAME_EXCHANGE
    return bool(call(-100, os.fsencode(one), -100, os.fsencode(other), 2) == 0)
