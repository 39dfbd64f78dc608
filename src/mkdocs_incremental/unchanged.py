"""The fast path: whether anything changed since the last build, without importing MkDocs."""

import os
import re
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from mkdocs_incremental.cache import read_facts
from mkdocs_incremental.messages import Message
from mkdocs_incremental.signatures import all_same

GROUPS = ("inputs", "theme", "programs", "outputs")
"""Facts that are signatures by path."""
NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,200}")


def unchanged(cache: Path) -> Mapping[str, Any] | None:
    """The facts of the last build, `messages` among them, if neither its inputs nor the site have changed; None if a
    build is needed."""
    known = read_facts(cache)
    # in a copied folder, the cache describes the original folder
    if known is None or known.get("cache") != os.path.realpath(cache) or not known.get("inputs_known"):
        return None
    try:
        if known["interpreter"] != interpreter() or known["environment"] != environment(known["environment"]):
            return None
        if not all(all_same(known[group]) for group in GROUPS):
            return None
        return {**known, "messages": tuple(Message(*row) for row in known["messages"])}
    except (OSError, TypeError, ValueError, KeyError, AttributeError):
        return None


def interpreter() -> list[str]:
    """The running Python: version, location and module path."""
    return [sys.version, sys.prefix, *sys.path]


def environment(names: Iterable[str]) -> dict[str, str | None]:
    """Environment variables by name."""
    return {name: os.environ.get(name) for name in sorted(names)}


def names_in(texts: Iterable[str]) -> frozenset[str]:
    """Every word in the text of settings that may name an environment variable, and SOURCE_DATE_EPOCH
    (reproducible-builds.org), the time that pages may show.

    >>> sorted(names_in(["site_url: !ENV [URL, x]"]))
    ['ENV', 'SOURCE_DATE_EPOCH', 'URL', 'site_url', 'x']
    """
    return frozenset({"SOURCE_DATE_EPOCH"}.union(*(NAME.findall(text) for text in texts)))
