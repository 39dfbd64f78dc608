"""What an import goes by: each source as read, and what the root holds. Frozen values."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import NamedTuple

from mlguide_site.errors import Problem
from mlguide_site.importers import Draft, EntryDraft, FileDraft, SeriesDraft
from mlguide_site.merge.base import Base
from mlguide_site.merge.entry_record import Written as WrittenEntries
from mlguide_site.merge.pending import Pending
from mlguide_site.merge.written import Written


class Read(NamedTuple):
    """One source as read: its name, its format, its drafts, and what is to be said about it."""

    name: str
    format: str
    drafts: tuple[Draft, ...]
    series: tuple[SeriesDraft, ...]
    problems: tuple[Problem, ...]
    entries: tuple[EntryDraft, ...] = ()
    files: tuple[FileDraft, ...] = ()


@dataclass(frozen=True, slots=True)
class RootState:
    """What the root holds of what an import touches: texts of episode files by id, with the series each lies under;
    records of earlier imports by id; the text of `knowledge/series.yml`; what imports have written there; the texts of
    the other knowledge files by path, and what imports have written in them; the hashes of files beside episodes, by
    path, of those whose names the sources' files have; and what waits for an episode."""

    notes: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    places: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    bases: Mapping[str, Base] = field(default_factory=lambda: MappingProxyType({}))
    series_text: str | None = None
    written: Mapping[str, Written] = field(default_factory=lambda: MappingProxyType({}))
    knowledge: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    written_entries: WrittenEntries = field(default_factory=lambda: MappingProxyType({}))
    assets: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    pending: Pending = field(default_factory=Pending)
