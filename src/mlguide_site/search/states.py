"""What the file system says of pages and indexes: enough to know that they are as they were left."""

import hashlib
import os
import stat
from collections.abc import Iterable, Mapping
from pathlib import Path

from mlguide_site.build.memo.stamps import Stamp, stamp_of


def stamps(paths: Iterable[str], base: Path | None = None) -> dict[str, Stamp]:
    """The stamp of each file, by its path relative to a folder, sorted."""
    start = len(os.fspath(base)) + 1 if base else 0
    return {path[start:].replace(os.sep, "/"): stamp_of(os.stat(path)) for path in sorted(paths)}


def state(*stamped: Mapping[str, Stamp]) -> str:
    """A digest of the stamps of files."""
    sum = hashlib.blake2b(digest_size=16)
    for files in stamped:
        for path, stamp in files.items():
            sum.update(f"{path} {stamp}\n".encode("utf-8", "surrogateescape"))
    return sum.hexdigest()


def folder_state(folder: Path) -> str:
    """A digest of the stamps of what stands in the folder of an index; "" where that is nothing, or where what is
    written into its files would show elsewhere, for they are links or have other names."""
    found = {}
    base = os.fspath(folder)
    for above, folders, names in os.walk(base):
        if any(os.path.islink(os.path.join(above, name)) for name in folders):
            return ""
        for path in (os.path.join(above, name) for name in names):
            info = os.stat(path, follow_symlinks=False)
            if not stat.S_ISREG(info.st_mode) or info.st_nlink != 1:
                return ""
            found[path.removeprefix(base)] = stamp_of(info)
    return state(dict(sorted(found.items()))) if found and not os.path.islink(base) else ""
