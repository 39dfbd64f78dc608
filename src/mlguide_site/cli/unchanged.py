"""Builds of a root in which nothing changed since the last one: file signatures tell, with little to import."""

import logging
from pathlib import Path

from mkdocs_incremental.cache import read_facts
from mkdocs_incremental.unchanged import unchanged
from mlguide_site.build import MKDOCS_CACHE
from mlguide_site.cli.output import say
from mlguide_site.errors import OWN_LOGGER


def unchanged_site(root: Path, strict: bool) -> Path | None:
    """The site of the last build where a build has nothing to do; its warnings are printed again. None where anything
    has to be built, or a warning fails the build."""
    try:
        messages = unchanged(root / MKDOCS_CACHE)
        facts = read_facts(root / MKDOCS_CACHE)
    except (OSError, ValueError):
        return None
    if messages is None or facts is None:
        return None
    warnings = [message for message in messages if message.level >= logging.WARNING]
    if strict and warnings:
        return None
    for message in warnings:
        level = "warning" if message.level == logging.WARNING else "error"
        say(message.text if message.logger == OWN_LOGGER else f"{level}: {' '.join(message.text.split())}")
    return Path(str(facts["site"]))
