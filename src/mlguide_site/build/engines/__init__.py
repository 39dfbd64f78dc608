"""What turns the folder of pages into HTML. An engine gets finished pages and knows nothing of episodes."""

import importlib
import importlib.util
from collections.abc import Callable
from pathlib import Path
from typing import Protocol, cast

from mlguide_site.errors import UsageError

OPTIONAL = frozenset({"properdocs", "zensical"})
"""Engines that come with an extra of their name: `pip install ".[zensical]"`."""


class Engine(Protocol):
    """A module that builds the site of a root; `say` takes lines for a person."""

    def build(
        self,
        root: Path,
        say: Callable[[str], None],
        strict: bool = False,
        jobs: int = 1,
        entered: Callable[[str], None] = lambda _: None,
    ) -> tuple[Path, dict[str, float]]:
        """Build the site with at most `jobs` processes of ours; returns its folder and the seconds each stage took.
        `entered` is told the name of each stage as it begins."""


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
