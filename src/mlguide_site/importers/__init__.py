"""Sources to drafts. An importer is pure: name and bytes in, drafts and problems out; never disk, network or siblings.

A new format is one module with `sniff` and `read`, and one row of `IMPORTERS`.
"""

from mlguide_site.importers import directory
from mlguide_site.importers.base import Context, Draft, Importer, Item, KnownSeries, SeriesDraft, Source

IMPORTERS: tuple[Importer, ...] = (Importer("directory", directory.sniff, directory.read),)
"""The formats, the one whose word counts most first: where two sources differ about an episode, the earlier format wins."""

__all__ = ["IMPORTERS", "Context", "Draft", "Importer", "Item", "KnownSeries", "SeriesDraft", "Source"]
