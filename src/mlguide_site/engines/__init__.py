"""What turns the folder of pages into HTML. An engine gets finished pages and knows nothing of episodes."""

import importlib
from collections.abc import Callable
from pathlib import Path
from typing import Protocol, cast


class Engine(Protocol):
    """A module that builds and serves the site of a root; `say` takes lines for a person."""

    def build(self, root: Path, say: Callable[[str], None], strict: bool = False) -> tuple[Path, dict[str, float]]:
        """Build the site; returns its folder and the seconds each stage took."""

    def serve(self, root: Path, say: Callable[[str], None], address: str | None, open_browser: bool) -> None:
        """Serve a preview until interrupted."""


def load_engine(name: str) -> Engine:
    """The engine of a name. It is imported only now: the commands that build nothing need not wait for it."""
    return cast(Engine, importlib.import_module(f"mlguide_site.engines.{name}"))
