"""Sources to drafts. An importer is pure: name and bytes in, drafts and problems out; never disk, network or siblings.

A new format is one module with `sniff` and `read`, and one row of `IMPORTERS`.
"""

from mlguide_site.importers import directory, feed, hackmd, log, obsidian, opml, player, transcript
from mlguide_site.importers.base import (
    AssetDraft,
    Context,
    Doubt,
    Draft,
    EntryDraft,
    FileDraft,
    Importer,
    Item,
    KnownSeries,
    Loose,
    Recovery,
    SeriesDraft,
    Source,
)

IMPORTERS: tuple[Importer, ...] = (
    Importer("feed", feed.sniff, feed.read),
    Importer("player", player.sniff, player.read),
    Importer("directory", directory.sniff, directory.read, learns=True),
    Importer("transcript", transcript.sniff, transcript.read),
    Importer("hackmd", hackmd.sniff, hackmd.read),
    Importer("log", log.sniff, log.read),
    Importer("obsidian", obsidian.sniff, obsidian.read),
    Importer("opml", opml.sniff, opml.read),
)
"""The formats. Where two sources differ about an episode, the format that stands first wins."""

__all__ = [
    "IMPORTERS",
    "AssetDraft",
    "Context",
    "Doubt",
    "Draft",
    "EntryDraft",
    "FileDraft",
    "Importer",
    "Item",
    "KnownSeries",
    "Loose",
    "Recovery",
    "SeriesDraft",
    "Source",
]
