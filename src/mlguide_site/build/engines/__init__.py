"""What turns the folder of pages into HTML. An engine gets finished pages and knows nothing of episodes."""

import importlib
import importlib.util
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol, cast

from mlguide_site.build.built import Built, Job
from mlguide_site.build.cache import BUILD
from mlguide_site.config import Settings
from mlguide_site.errors import UsageError

OPTIONAL = frozenset({"properdocs", "zensical"})
"""Engines that come with an extra of their name: `pip install ".[zensical]"`."""


Make = Callable[[Built, Callable[[Path], None]], None]
"""Makes a site of the folder of pages, and calls what it is given with the site's folder before that takes the place
of the last one."""


class Pipeline(Protocol):
    """The stages before an engine and the steps after it, as `mlguide_site.pipeline.build` has them."""

    def __call__(self, root: Path, settings: Settings, engine: Make, job: Job) -> Built:
        """Bring the folder of pages up to date, and have the engine make the site."""


@dataclass(frozen=True)
class Run:
    """How an engine is run: who gets lines for a person, whether warnings fail the build, and with how many processes
    of ours."""

    say: Callable[[str], None]
    strict: bool = False
    jobs: int = 1

    def job(self, site: Path, folder: str = BUILD) -> Job:
        """How the stages are run for a site in a folder."""
        return Job(folder, self.jobs, str(site), self.say)


class Engine(Protocol):
    """A module that builds the site of a root."""

    def build(self, root: Path, pipeline: Pipeline, run: Run) -> tuple[Path, dict[str, float]]:
        """Build the site; returns its folder and the seconds that the engine's stages took."""


class Preview(Protocol):
    """An engine that can serve what it builds."""

    def serve(self, root: Path, say: Callable[[str], None], address: str | None, open_browser: bool) -> None:
        """Serve a preview until interrupted."""


def load_engine(name: str) -> Engine:
    """The engine of a name. It is imported only now: the commands that build nothing need not wait for it.

    Raises UsageError where it isn't installed.
    """
    if name in OPTIONAL and importlib.util.find_spec(name) is None:
        remedy = f'run, in the folder of the program: python3 -m pip install ".[{name}]"'
        raise UsageError(f"{name} is not installed; {remedy}")
    return cast(Engine, importlib.import_module(f"mlguide_site.build.engines.{name}"))


def load_preview() -> Preview:
    """The engine of the preview."""
    return cast(Preview, importlib.import_module("mlguide_site.build.engines.mkdocs_preview"))
