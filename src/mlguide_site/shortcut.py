"""A build of a root in which nothing changed since the last one: told from stamps alone, with little to import."""

import os
import sys
from collections.abc import Sequence
from pathlib import Path

from mlguide_site.rebuild.built import Message
from mlguide_site.rebuild.quick import unchanged
from mlguide_site.rebuild.store import read_facts
from mlguide_site.terminal import OWN_LOGGER, visible

CACHE = "build/mkdocs.cache"
"""What the last build left, in the root; it may be deleted at any time."""
WARNING = 30
"""The lowest level of what a build says, as in `logging`."""


def build_of_nothing(arguments: Sequence[str]) -> bool:
    """Whether the arguments ask for a build, and that has nothing to do; then what the last one said is said again, on
    standard error."""
    asked = _asked(arguments)
    if asked is None:
        return False
    folder, strict = asked
    try:
        root = Path(folder).resolve()
        if not (root / "mkdocs.yml").is_file():
            return False
        messages = unchanged(root / CACHE)
        facts = read_facts(root / CACHE, ("site",))
    except (OSError, ValueError):
        return False
    if messages is None or facts is None or (strict and any(message.level >= WARNING for message in messages)):
        return False
    lines = [_line(message) for message in messages if message.level >= WARNING]
    try:
        for line in [*lines, f"nothing changed; {os.path.relpath(str(facts['site']))} stands as it was built"]:
            print(visible(line), file=sys.stderr)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stderr.fileno())
    return True


def _asked(arguments: Sequence[str]) -> tuple[str, bool] | None:
    """The folder of a build and whether it is strict; None where something else is asked for, or more than that.

    >>> _asked(["-C", "kb", "build", "--strict"]), _asked(["build", "--jobs", "2"]), _asked(["build", "--timings"])
    (('kb', True), ('.', False), None)
    """
    rest = list(arguments)
    folder = "."
    if len(rest) > 1 and rest[0] == "-C":
        folder, rest = rest[1], rest[2:]
    if not rest or rest.pop(0) != "build":
        return None
    strict = False
    while rest:
        option = rest.pop(0)
        if option == "--strict":
            strict = True
        elif option == "--jobs" and rest and rest[0].isascii() and rest[0].isdigit() and int(rest[0][:9]) > 0:
            rest.pop(0)
        else:
            return None
    return folder, strict


def _line(message: Message) -> str:
    level = "warning" if message.level == WARNING else "error"
    return message.text if message.logger == OWN_LOGGER else f"{level}: {message.text}"
