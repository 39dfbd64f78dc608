"""One process at a time: whoever writes to a root holds its lock, and begins with a root that is whole."""

import contextlib
from collections.abc import Iterator
from pathlib import Path

from filelock import FileLock, Timeout

from mlguide_site.content.files import journal
from mlguide_site.content.files.atomic import resource_error
from mlguide_site.errors import ResourceError

LOCK = ".mlguide/lock"
OWN = (".mlguide", "build")
"""The folders of a root into which the program writes for itself."""
LOCK_SECONDS = 10.0


@contextlib.contextmanager
def exclusive(root: Path, seconds: float | None = None) -> Iterator[None]:
    """Keep other processes from writing to the root meanwhile; what one that was ended left half done is taken back
    before. Raises ResourceError where another is at work for longer than `seconds` (ten), and where a folder of
    the program's own leads out of the root."""
    path = root / LOCK
    for folder in OWN:
        if (root / folder).is_symlink():
            raise ResourceError(f"{root / folder}: this is a symbolic link; remove it, and run it again")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        lock = FileLock(path, timeout=LOCK_SECONDS if seconds is None else seconds)
        lock.acquire()
    except Timeout:
        raise ResourceError(f"{path}: another process is at work on this root; wait for it to end") from None
    except OSError as error:
        raise resource_error(path, error) from None
    try:
        journal.take_back(root)
        yield
    finally:
        lock.release()
