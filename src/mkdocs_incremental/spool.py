"""Texts put aside on disk between the processes of a build, so that thousands of them needn't be held or sent."""

import os
import tempfile
from pathlib import Path
from typing import IO


class Spool:
    """Temporary files without a name in a folder, one for each process that puts something aside; any may read."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._files: list[IO[bytes]] = []

    def open(self, count: int) -> None:
        """Make so many files ready, before processes begin. Raises OSError."""
        while len(self._files) < count:
            self._folder.mkdir(parents=True, exist_ok=True)
            self._files.append(tempfile.TemporaryFile(dir=self._folder, buffering=0))  # noqa: SIM115 - until `close`

    def put(self, number: int, data: bytes) -> int:
        """Put bytes into the file of a number, which no other process may do meanwhile; where they begin in it. Raises
        OSError."""
        file = self._files[number].fileno()
        at = os.lseek(file, 0, os.SEEK_END)
        view = memoryview(data)
        while view:
            view = view[os.write(file, view) :]
        return at

    def get(self, number: int, at: int, length: int) -> bytes:
        """So many bytes from there. Raises OSError."""
        file = self._files[number].fileno()
        parts = []
        while length:
            part = os.pread(file, length, at)
            if not part:
                raise OSError("a temporary file ends too early")
            parts.append(part)
            at, length = at + len(part), length - len(part)
        return b"".join(parts)

    def close(self) -> None:
        """Let go of the files."""
        for file in self._files:
            file.close()
        self._files.clear()
