"""Builds as most are asked for, and those of a root in which nothing changed since the last one: that is told from
stamps alone, with little to import."""

import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from mkdocs_incremental.cache import read_facts
from mkdocs_incremental.records import Message
from mkdocs_incremental.unchanged import unchanged
from mlguide_site.errors import OWN_LOGGER, one_line, visible

CACHE = "build/mkdocs.cache"
"""What the last build left, in the root; it may be deleted at any time."""
WARNING = 30
"""The lowest level of what a build says, as in `logging`."""
MOST_JOBS = 64
"""So many processes can be asked for."""


class PlainBuild(NamedTuple):
    """A build as most are asked for: its root's folder, and what the options say."""

    folder: str = "."
    strict: bool = False
    jobs: int = 0
    timings: bool = False
    as_json: bool = False


def plain_build(arguments: Sequence[str]) -> PlainBuild | None:
    """What arguments ask for; None where it is something else, or asked for in another way, for the command line to
    read: what reads that takes long to import.

    >>> plain_build(["-C", "kb", "build", "--strict", "--jobs", "2"])
    PlainBuild(folder='kb', strict=True, jobs=2, timings=False, as_json=False)
    >>> plain_build(["serve"]), plain_build(["build", "--jobs", "many"]), plain_build(["build", "--help"])
    (None, None, None)
    """
    rest = list(arguments)
    asked = PlainBuild()
    if len(rest) > 1 and rest[0] == "-C":
        asked, rest = asked._replace(folder=rest[1]), rest[2:]
    if not rest or rest.pop(0) != "build":
        return None
    while rest:
        option, value = rest[0], rest[1] if len(rest) > 1 else ""
        if option == "--strict":
            asked = asked._replace(strict=True)
        elif option == "--timings":
            asked = asked._replace(timings=True)
        elif option == "--jobs" and _is_number(value) and int(value) <= MOST_JOBS:
            asked = asked._replace(jobs=int(value))
            rest.pop(0)
        elif option == "--format" and value in ("text", "json"):
            asked = asked._replace(as_json=value == "json")
            rest.pop(0)
        else:
            return None
        rest.pop(0)
    return asked


def _is_number(text: str) -> bool:
    # what is longer is for the command line to refuse
    return text.isascii() and text.isdigit() and len(text) < 10


def build_of_nothing(asked: PlainBuild) -> bool:
    """Whether a build has nothing to do; then what the last one said is said again, on standard error."""
    if asked.timings:
        return False
    try:
        root = Path(asked.folder).resolve()
        if not (root / "mkdocs.yml").is_file():
            return False
        messages = unchanged(root / CACHE)
        facts = read_facts(root / CACHE, ("site",))
    except (OSError, ValueError, RuntimeError):
        # a loop of links is no folder, and "resolve" calls it by another name
        return False
    if messages is None or facts is None or (asked.strict and any(message.level >= WARNING for message in messages)):
        return False
    lines = [_line(message) for message in messages if message.level >= WARNING]
    try:
        for line in [*lines, f"nothing changed; {os.path.relpath(str(facts['site']))} stands as it was built"]:
            print(visible(line), file=sys.stderr)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stderr.fileno())
    return True


def _line(message: Message) -> str:
    level = "warning" if message.level == WARNING else "error"
    return message.text if message.logger == OWN_LOGGER else f"{level}: {one_line(message.text)}"
