"""Validates feeds against the schema of the Podcasting 2.0 elements in `podcast.rng` (RELAX NG)."""

from pathlib import Path

from lxml import etree

PODCAST = "https://podcastindex.org/namespace/1.0"
SCHEMA = etree.RelaxNG(etree.parse(Path(__file__).with_name("podcast.rng")))


def faults(feed: bytes) -> list[str]:
    """Return the violations of the schema in a feed, with their lines."""
    SCHEMA.validate(etree.fromstring(feed))
    return [f"{error.line}: {error.message}" for error in SCHEMA.error_log]
