"""What a build was."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Message:
    """A line that MkDocs or a plugin logged: name of the logger, level as in `logging`, text."""

    logger: str
    level: int
    text: str


@dataclass(frozen=True)
class Built:
    """A finished build."""

    site: Path
    full: bool
    """Whether all pages were rendered, into a new folder that took the place of the old."""
    why: str
    """Why all were, in one line; empty where only what changed was."""
    rendered: frozenset[str]
    """Paths in the site, with forward slashes, of the engine's files that were written: in a full build, of all."""
    removed: frozenset[str]
    """Paths in the site of files of the last build that are no longer made."""
    messages: tuple[Message, ...]
    """Every warning and error of the build, those of unchanged pages included, in MkDocs' order."""
    seconds: Mapping[str, float]
    """Seconds on the clock, by stage."""
