"""Sources to drafts. An importer is pure: name and bytes in, drafts and problems out; never disk, network or siblings.

A new format is one module with `sniff` and `read`, and one row of `table.IMPORTERS`.
"""

from mlguide_site.importers.common.records import (
    AssetDraft,
    Context,
    Doubt,
    Draft,
    EntryDraft,
    FileDraft,
    Importer,
    Item,
    KnownSeries,
    Lead,
    Loose,
    Recovery,
    SeriesDraft,
    Source,
)

__all__ = [
    "AssetDraft",
    "Context",
    "Doubt",
    "Draft",
    "EntryDraft",
    "FileDraft",
    "Importer",
    "Item",
    "KnownSeries",
    "Lead",
    "Loose",
    "Recovery",
    "SeriesDraft",
    "Source",
]
