"""Checks whether anything changed since the last build, quickly and without importing MkDocs."""

import os
import re
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from mkdocs_incremental.cache import read_facts
from mkdocs_incremental.messages import Message
from mkdocs_incremental.signatures import all_same

GROUPS = ("inputs", "theme", "programs", "outputs")  # metadata keys whose values map paths to signatures
NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,200}")


def unchanged(cache: Path) -> Mapping[str, Any] | None:
    """Return the metadata of the last build, such as its log messages, or None if a new build is needed."""
    known = read_facts(cache)
    # in a copied folder, the cache describes the original folder
    if known is None or known.get("cache") != os.path.realpath(cache) or not known.get("inputs_known"):
        return None
    try:
        if known["interpreter"] != interpreter():
            return None
        if any(known[group] != environment(known[group]) for group in ("environment", "variables")):
            return None
        if not all(all_same(known[group]) for group in GROUPS):
            return None
        return {**known, "messages": tuple(Message(*row) for row in known["messages"])}
    except (OSError, TypeError, ValueError, KeyError, AttributeError):
        return None


def interpreter() -> list[str]:
    """Return the version, installation folder and module search path of the running Python."""
    return [sys.version, sys.prefix, *sys.path]


def environment(names: Iterable[str]) -> dict[str, str | None]:
    """Return the values of environment variables by name."""
    return {name: os.environ.get(name) for name in sorted(names)}


def names_in(texts: Iterable[str]) -> frozenset[str]:
    """Return every word in settings files that may be the name of an environment variable. Add SOURCE_DATE_EPOCH
    (reproducible-builds.org), because pages may show that timestamp."""
    return frozenset({"SOURCE_DATE_EPOCH"}.union(*(NAME.findall(text) for text in texts)))
