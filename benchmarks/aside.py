"""Moves files that a measurement no longer needs into a folder that is deleted at the end.

An ext4 file system without a journal doesn't reuse the inodes of recently deleted files. After thousands of deletions,
creating a file takes half a millisecond longer, so the build that creates the most files would seem the slowest.
"""

import itertools
from pathlib import Path

NAME = "aside"
"""The name of the folder for moved files."""


def set_aside(path: Path, work: Path) -> None:
    """Move a file or folder, if it exists, into the folder that is deleted at the end."""
    if not path.exists():
        return
    held = work / NAME
    held.mkdir(parents=True, exist_ok=True)
    free = next(to for number in itertools.count(1) if not (to := held / str(number)).exists())
    path.rename(free)


def fresh(work: Path) -> Path:
    """Return the working folder, empty except for moved files. Files of an earlier run are moved too."""
    work.mkdir(parents=True, exist_ok=True)
    for left in sorted(work.iterdir()):
        if left.name != NAME:
            set_aside(left, work)
    return work
