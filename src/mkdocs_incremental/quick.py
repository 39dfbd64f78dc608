"""Whether anything changed since the last build, without importing MkDocs."""

import os
import re
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from mkdocs_incremental import clock
from mkdocs_incremental.built import Message
from mkdocs_incremental.marks import Snapshot
from mkdocs_incremental.store import FORMAT, read_facts

FACTS = (
    "cache",
    "journal",
    "doubt",
    "all known",
    "format",
    "options",
    "interpreter",
    "environment",
    "clock",
    "day",
    "inputs",
    "outputs",
    "messages",
)
NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,200}")


def unchanged(cache: Path, options: str = "") -> tuple[Message, ...] | None:
    """The warnings of the last build, where neither its inputs nor the site it left have changed since and it was made
    with the same `options`; None where a build is needed."""
    known = read_facts(cache, FACTS)
    if (
        known is None
        # all else that is known is of the folder that a copied one was copied from
        or known["cache"] != place_of(cache)
        or known["doubt"]
        or not known["all known"]
        or known["journal"] != "closed"
        or known["format"] != FORMAT
        or known["options"] != options
    ):
        return None
    try:
        if known["interpreter"] != interpreter() or known["environment"] != environment(known["environment"]):
            return None
        now = clock.now()
        if any(clock.is_past(flag, known["day"], now) for flag in known["clock"]):
            return None
        if not all(snapshot(taken).holds() for taken in (*known["inputs"], known["outputs"])):
            return None
        return tuple(Message(*row) for row in known["messages"])
    except (TypeError, ValueError, KeyError, AttributeError, OverflowError):
        return None


def place_of(cache: Path) -> str:
    """Where a cache stands, whatever links lead there."""
    return os.path.realpath(cache)


def interpreter() -> list[str]:
    """What runs this: version, place and where modules are looked for."""
    return [sys.version, sys.prefix, *sys.path]


def environment(names: Iterable[str]) -> dict[str, str | None]:
    """Variables of the environment, by name."""
    return {name: os.environ.get(name) for name in sorted(names)}


def names_in(texts: Iterable[str]) -> frozenset[str]:
    """Every word in texts of settings that may name a variable of the environment.

    >>> sorted(names_in(["site_url: !ENV [URL, x]"]))
    ['ENV', 'SOURCE_DATE_EPOCH', 'URL', 'site_url', 'x']
    """
    return frozenset({"SOURCE_DATE_EPOCH"}.union(*(NAME.findall(text) for text in texts)))


def packed(taken: Snapshot) -> Mapping[str, Any]:
    """A snapshot as JSON can hold it."""
    return {"paths": list(taken.paths), "recent": list(taken.recent), "sum": taken.sum}


def snapshot(known: Mapping[str, Any]) -> Snapshot:
    """The snapshot that `packed` made."""
    return Snapshot(tuple(known["paths"]), tuple(known["recent"]), known["sum"])
