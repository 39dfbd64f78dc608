"""The fast path: whether anything changed since the last build, without importing MkDocs."""

import os
import re
import sys
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path

from mkdocs_incremental.cache import FORMAT, read_facts
from mkdocs_incremental.records import Message
from mkdocs_incremental.signatures import all_same

FACTS = (
    *("cache", "journal", "reason", "inputs_known", "format", "interpreter", "environment"),
    *("clock", "time", "inputs", "outputs", "messages"),
)
NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,200}")


def unchanged(cache: Path) -> tuple[Message, ...] | None:
    """The messages of the last build, where neither its inputs nor the site changed since; None where a build is
    needed."""
    known = read_facts(cache, FACTS)
    if (
        known is None
        # a copied folder: everything else in the cache is about the folder that it was copied from
        or known["cache"] != os.path.realpath(cache)
        or known["reason"]
        or not known["inputs_known"]
        or known["journal"] != "closed"
        or known["format"] != FORMAT
    ):
        return None
    try:
        if known["interpreter"] != interpreter() or known["environment"] != environment(known["environment"]):
            return None
        if is_later(known["clock"], known["time"], build_time()):
            return None
        if not (all_same(known["inputs"]) and all_same(known["outputs"])):
            return None
        return tuple(Message(*row) for row in known["messages"])
    except (TypeError, ValueError, KeyError, AttributeError, OverflowError):
        return None


def build_time() -> str:
    """The time of the build in ISO format: that of SOURCE_DATE_EPOCH (reproducible-builds.org) where set."""
    fixed = os.environ.get("SOURCE_DATE_EPOCH")
    return (datetime.now(UTC) if fixed is None else datetime.fromtimestamp(int(fixed), UTC)).isoformat()


def is_later(clock: Iterable[str], before: str, now: str) -> bool:
    """Whether what was read of the clock, `day` or `time`, differs between two times in ISO format.

    >>> [is_later(clock, "2020-01-02T03", "2020-01-02T04") for clock in ([], ["day"], ["day", "time"])]
    [False, False, True]
    """
    return any((before[:10] != now[:10]) if part == "day" else (before != now) for part in clock)


def interpreter() -> list[str]:
    """The running Python: version, place and where it finds modules."""
    return [sys.version, sys.prefix, *sys.path]


def environment(names: Iterable[str]) -> dict[str, str | None]:
    """Environment variables by name."""
    return {name: os.environ.get(name) for name in sorted(names)}


def names_in(texts: Iterable[str]) -> frozenset[str]:
    """Every word in the text of settings that may name an environment variable.

    >>> sorted(names_in(["site_url: !ENV [URL, x]"]))
    ['ENV', 'SOURCE_DATE_EPOCH', 'URL', 'site_url', 'x']
    """
    return frozenset({"SOURCE_DATE_EPOCH"}.union(*(NAME.findall(text) for text in texts)))
