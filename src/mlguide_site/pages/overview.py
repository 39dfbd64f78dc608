"""A series at a glance: what its pages say of all its episodes, worked out once for all of them."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from mlguide_site.model import EpisodeFile


class YearStart(NamedTuple):
    """A year, the place in the series of its first episode, counted from 0, and how many it has."""

    year: str
    at: int
    episodes: int


class Overview(NamedTuple):
    """A series' years, the later last; the id of its newest episode, or ""; its length in seconds."""

    years: tuple[YearStart, ...]
    newest: str
    seconds: int


def overview(ids: Sequence[str], files: Mapping[str, EpisodeFile]) -> Overview:
    """The overview of a series whose listed episodes are `ids`, in order."""
    starts: dict[str, YearStart] = {}
    newest, latest, seconds = "", "", 0
    for at, id in enumerate(ids):
        meta = files[id].meta
        seconds += meta.duration or 0
        if meta.date is None:
            continue
        date = meta.date.isoformat()[:10]
        found = starts.get(date[:4], YearStart(date[:4], at, 0))
        starts[date[:4]] = found._replace(episodes=found.episodes + 1)
        if date >= latest:
            newest, latest = id, date
    return Overview(tuple(sorted(starts.values())), newest, seconds)
