"""The files of a site: put in place one by one, or as a whole tree."""

import contextlib
import os
import shutil
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path


@dataclass
class Outputs:
    """What the system says of files of a site that were left there, by path in it."""

    site: Path
    files: dict[str, tuple[int, ...] | None]

    @classmethod
    def of(cls, site: Path, paths: Iterable[str]) -> "Outputs":
        """Of these files as they are now."""
        return cls(site, {path: _stamp(site, path) for path in paths})

    def left(self, written: Iterable[str], removed: Iterable[str] = ()) -> None:
        """Some files were written anew or removed."""
        for path in removed:
            self.files.pop(path, None)
        for path in written:
            self.files[path] = _stamp(self.site, path)

    def holds(self) -> bool:
        """Whether all of them stand as they were left."""
        return all(_stamp(self.site, path) == stamp for path, stamp in self.files.items())


def _stamp(site: Path, path: str) -> tuple[int, ...] | None:
    try:
        status = os.stat(f"{os.fspath(site)}/{path}")
    except OSError:
        return None
    return status.st_size, status.st_mtime_ns, status.st_ctime_ns, status.st_ino


def write(site: str, path: str, data: bytes) -> None:
    """Put one file of the site in its place, whole. Raises OSError."""
    target = os.path.join(site, path)
    folder = os.path.dirname(target)
    os.makedirs(folder, exist_ok=True)
    name = os.path.join(folder, f".new-{os.getpid()}")
    try:
        with open(name, "wb") as file:
            file.write(data)
        os.replace(name, target)
    except BaseException:
        with contextlib.suppress(OSError):
            os.unlink(name)
        raise


def write_new(site: str, path: str, data: bytes) -> None:
    """Write one file of a site that nobody sees yet. Raises OSError."""
    target = os.path.join(site, path)
    os.makedirs(os.path.dirname(target), exist_ok=True)
    with open(target, "wb") as file:
        file.write(data)


def remove(site: str, paths: Iterable[str]) -> None:
    """Remove files of the site. Raises OSError."""
    for path in paths:
        with contextlib.suppress(FileNotFoundError, NotADirectoryError):
            os.unlink(os.path.join(site, path))


def remove_empty(site: str, paths: Iterable[str]) -> None:
    """Remove the folders in which these files stood, and those above them, as far as nothing is left there."""
    for path in sorted(paths, reverse=True):
        folder = os.path.dirname(path)
        while folder:
            try:
                os.rmdir(os.path.join(site, folder))
            except FileNotFoundError:
                pass
            except OSError:
                break  # something is left
            folder = os.path.dirname(folder)


def exchange(fresh: Path, site: Path, old: Path | None = None) -> None:
    """Put a finished tree where the site stands; the old one goes only when the new one is in place. Meanwhile it is
    `old`, or beside the fresh one. Raises OSError."""
    old = old or fresh.with_name(f"{fresh.name}.old")
    shutil.rmtree(old, ignore_errors=True)
    if site.exists():
        os.rename(site, old)
    else:
        site.parent.mkdir(parents=True, exist_ok=True)
    try:
        os.rename(fresh, site)
    except OSError:
        if old.exists():
            os.rename(old, site)
        raise
    shutil.rmtree(old, ignore_errors=True)
