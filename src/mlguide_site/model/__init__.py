"""The frozen records of the files of a root. No input or output happens here."""

from mlguide_site.model.base import Record, format_duration
from mlguide_site.model.episode import (
    Episode,
    EpisodeFile,
    Status,
)
from mlguide_site.model.knowledge import (
    Difficulty,
    Entry,
    EntryStatus,
    Importance,
    Kind,
    MatchRule,
    Person,
    Pick,
    Resource,
    Series,
    SeriesKind,
    Suggestions,
    Term,
    Tool,
    Topic,
)

__all__ = [
    "Difficulty",
    "Entry",
    "EntryStatus",
    "Episode",
    "EpisodeFile",
    "Importance",
    "Kind",
    "MatchRule",
    "Person",
    "Pick",
    "Record",
    "Resource",
    "Series",
    "SeriesKind",
    "Status",
    "Suggestions",
    "Term",
    "Tool",
    "Topic",
    "format_duration",
]
