"""What the file system says of a file: enough to know that its bytes are those read before, without reading them."""

import os
import time
from typing import NamedTuple

from mkdocs_incremental.signatures import COARSE_TICK, SECOND, TICK


class Stamp(NamedTuple):
    """Size in bytes, time of the last change in nanoseconds, that of the last change of whatever kind, and number of a
    file. Programs that copy or unpack files set the first time as they like, never the second."""

    size: int
    time: int
    changed: int
    number: int


def stamp_of(info: os.stat_result) -> Stamp:
    """The stamp of a file."""
    return Stamp(info.st_size, info.st_mtime_ns, info.st_ctime_ns, info.st_ino)


def is_settled(stamp: Stamp, now: int | None = None) -> bool:
    """Whether a later write would have given the file another time; `now` is in nanoseconds. A file that was changed
    just before it was looked at may be changed again with neither times nor size telling.

    >>> now, old, new = 3_000_000_000, 500_000_007, 2_950_000_007
    >>> [is_settled(Stamp(1, *times, 1), now) for times in ((old, old), (new, new), (old, new))]
    [True, False, False]
    >>> is_settled(Stamp(1, 1_000_000_000, 1_000_000_000, 1), now)
    False
    """
    slack = TICK if stamp.time % SECOND else COARSE_TICK
    return max(stamp.time, stamp.changed) + slack < (time.time_ns() if now is None else now)
