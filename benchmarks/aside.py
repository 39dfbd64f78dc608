"""Moves out of the way what a measurement no longer needs, to be deleted once all is measured.

A file system without a journal (ext4 so mounted) passes over files that were deleted within the last minutes whenever
it makes a new one. Thousands of deleted files then cost half a millisecond for each file that is made after them, and
the build that makes the most files seems the slowest.
"""

import itertools
from pathlib import Path

NAME = "aside"
"""The folder that holds what was moved."""


def set_aside(path: Path, work: Path) -> None:
    """Move a file or folder, where there is one, into the folder of what is deleted at the end of the work."""
    if not path.exists():
        return
    held = work / NAME
    held.mkdir(parents=True, exist_ok=True)
    free = next(to for number in itertools.count(1) if not (to := held / str(number)).exists())
    path.rename(free)


def fresh(work: Path) -> Path:
    """The folder of a work, with nothing in it but what is set aside; so is what an earlier one has left there."""
    work.mkdir(parents=True, exist_ok=True)
    for left in sorted(work.iterdir()):
        if left.name != NAME:
            set_aside(left, work)
    return work
