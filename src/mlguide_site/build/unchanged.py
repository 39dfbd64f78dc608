"""Builds of a root in which nothing changed since the last one: file signatures tell, with little to import."""

from pathlib import Path

from mkdocs_incremental.cache import read_facts
from mkdocs_incremental.unchanged import unchanged
from mlguide_site.build.output import say
from mlguide_site.errors import OWN_LOGGER, one_line

CACHE = "build/mkdocs.cache"
"""What the last build by MkDocs left, in the root; it may be deleted at any time."""
WARNING = 30
"""The lowest level of what a build reports, as in `logging`."""


def unchanged_site(root: Path, strict: bool) -> Path | None:
    """The site of the last build where a build has nothing to do; its warnings are printed again. None where anything
    has to be built, or a warning fails the build."""
    try:
        messages = unchanged(root / CACHE)
        facts = read_facts(root / CACHE, ("site",))
    except (OSError, ValueError):
        return None
    if messages is None or facts is None:
        return None
    warnings = [message for message in messages if message.level >= WARNING]
    if strict and warnings:
        return None
    for message in warnings:
        level = "warning" if message.level == WARNING else "error"
        say(message.text if message.logger == OWN_LOGGER else f"{level}: {one_line(message.text)}")
    return Path(str(facts["site"]))
