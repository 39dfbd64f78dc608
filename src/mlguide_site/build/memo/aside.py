"""Texts put aside until they are asked for: a few in memory, more of them on disk, so that the notes of a large root
needn't be held by every process of its build."""

import os

from mkdocs_incremental.workers import SpillFiles
from mlguide_site.errors import ResourceError

ROOM = 4 * 1024 * 1024
"""Characters that stay in memory."""
Told = str | int
"""A text itself, or where it is, in one number, for there are five of each note: that of its file, where it begins
there, and its length in bytes. JSON can carry both."""
LONGEST = 1 << 24
"""Bytes of a text that is put aside; longer ones stay in memory."""
FARTHEST = 1 << 48


class Aside:
    """Texts that were put aside. Without a spool all of them stay in memory."""

    def __init__(self, spool: SpillFiles | None = None) -> None:
        self._spool = spool if hasattr(os, "pread") else None
        self._left = ROOM

    def open(self, count: int) -> None:
        """Make ready for so many processes, before they begin. Raises OSError."""
        if self._spool:
            self._spool.open(count)

    def put(self, text: str, number: int = 0) -> Told:
        """Put a text aside, in the process of a number. Raises OSError."""
        self._left -= len(text)
        if self._spool is None or self._left >= 0:
            return text
        data = text.encode("utf-8", "surrogatepass")
        self._spool.open(number + 1)
        if len(data) >= LONGEST:
            return text
        return (number * FARTHEST + self._spool.put(number, data)) * LONGEST + len(data)

    def get(self, told: Told) -> str:
        """The text again. Raises ResourceError where the disk refuses."""
        if isinstance(told, str):
            return told
        if self._spool is None:
            raise ResourceError("what was put aside is gone; build again")
        try:
            where, length = divmod(told, LONGEST)
            number, at = divmod(where, FARTHEST)
            return self._spool.get(number, at, length).decode("utf-8", "surrogatepass")
        except (OSError, IndexError) as error:
            raise ResourceError(f"what was put aside can't be read: {error}; build again") from None
