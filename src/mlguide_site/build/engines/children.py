"""Engines that run as processes of their own: a Python module is run with this interpreter, and its lines are passed
on."""

import os
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from mlguide_site.errors import ResourceError

LONGEST = 2000
"""Characters of a line that are passed on."""


def run_module(
    module: str,
    arguments: Sequence[str],
    folder: Path,
    hear: Callable[[str], None],
    variables: Mapping[str, str] | None = None,
) -> int:
    """Run a module as a command in a folder; each line that it prints, on either stream, is heard as it comes. Returns
    the exit status, negative where a signal ended it. Raises ResourceError where no process can be started.

    Nothing is imported from the folder itself: what lies there was written by others.
    """
    try:
        process = subprocess.Popen(
            [sys.executable, "-P", "-m", module, *arguments],
            cwd=folder,
            env={**os.environ, "PYTHONUTF8": "1", **(variables or {})},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            encoding="utf-8",
            errors="backslashreplace",
        )
    except OSError as error:
        raise ResourceError(f"{sys.executable}: {error.strerror or error}; see to it and run it again") from None
    with process:
        try:
            if process.stdout:
                for line in process.stdout:
                    hear(line.rstrip("\n")[:LONGEST])
        except BaseException:
            process.terminate()
            raise
    return process.returncode
