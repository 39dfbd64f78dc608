"""Engines turn the folder of pages into HTML. Engines read only these pages, not episodes or knowledge files."""

import importlib.util
import os
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import cast

from mlguide_site.build.pages import Built, Job
from mlguide_site.config import Settings
from mlguide_site.errors import ResourceError, UsageError

OPTIONAL = frozenset({"properdocs", "zensical"})  # engines that need an extra: `pip install ".[zensical]"`
LONGEST = 2000  # maximum length of a line of the engine's output; longer lines are truncated
Make = Callable[[Built, Callable[[Path], None]], None]
"""Builds a site from the generated pages, and replaces the previous site. The second argument is a function: it takes
the folder of the site, and adds the files that no engine generates."""
Pipeline = Callable[[Path, Settings, Make, Job], Built]
"""Runs all stages of a build. The `Make` function is the stage that runs the engine (see `mlguide_site.pipeline`)."""
Engine = Callable[[Path, Pipeline, Job], Path]  # builds a root's site, and returns the site's folder


def load_engine(name: str) -> Engine:
    """Import an engine on demand, to keep other commands fast. Raises UsageError if the engine isn't installed."""
    if name in OPTIONAL and importlib.util.find_spec(name) is None:
        ways = (f'{way} ".[{name}]"' for way in ("pipx install --force", "uv tool install --force", "pip install"))
        raise UsageError(f"{name} is not installed; run one of these in the repository folder: {', '.join(ways)}")
    return cast(Engine, importlib.import_module(f"mlguide_site.build.engines.{name}").build)


def run_module(module: str, arguments: Sequence[str], folder: Path, say: Callable[[str], None]) -> int:
    """Run a Python module as a command in a folder, and call `say` immediately with each printed line. Return the exit
    status, which is negative if a signal ended the command. Python modules in the folder are never imported, because
    the folder isn't trusted. Raises ResourceError if no process can be started."""
    try:
        process = subprocess.Popen(
            [sys.executable, "-P", "-m", module, *arguments],
            cwd=folder,
            env={**os.environ, "PYTHONUTF8": "1", "NO_COLOR": "1"},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            encoding="utf-8",
            errors="backslashreplace",
        )
    except OSError as error:
        raise ResourceError(f"{sys.executable}: {error.strerror or error}; fix this, then try again") from None
    with process:
        try:
            for line in process.stdout or ():
                say(line.rstrip("\n")[:LONGEST])
        except BaseException:
            process.terminate()
            raise
    return process.returncode
