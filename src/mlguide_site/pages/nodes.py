"""Episodes, topics and tools as nodes of a drawing."""

from collections.abc import Mapping
from functools import lru_cache
from typing import NamedTuple

from mlguide_site.model import Kind
from mlguide_site.pages import words
from mlguide_site.pages.layout import room_for
from mlguide_site.pages.view import Chip, EpisodeCard

NAME = 18
"""How long a name in a drawing may be, in characters; the whole stands in its title."""
EPISODE = "episode"
DotKey = tuple[str, str]
"""The kind of a point, `episode`, `topic`, `tool` or `series`, and its id or slug."""


class Dot(NamedTuple):
    """A point: its kind, the number of its colour (0 for none), its page's address, its name cut to fit, and whole."""

    kind: str
    hue: int
    url: str
    name: str
    title: str


def dots(cards: Mapping[str, EpisodeCard], chips: Mapping[tuple[Kind, str], Chip]) -> Mapping[DotKey, Dot]:
    """The points of all episodes, topics and tools. An episode is called by its number, where it has one."""
    drawn = {kind.value: kind for kind in (Kind.TOPIC, Kind.TOOL)}

    def dot(key: DotKey) -> Dot:
        kind, name = key
        if kind in drawn:
            title, url = chips[drawn[kind], name]
            return Dot(kind, 0, url, words.clamp(title, NAME), title)
        card = cards[name]
        whole = f"{card.label}: {card.title}" if card.label else card.title
        return Dot(EPISODE, card.hue, card.url, words.clamp(card.label or card.title, NAME), whole)

    entries = [(kind.value, slug) for kind, slug in chips if kind.value in drawn]
    return {key: dot(key) for key in [*((EPISODE, id) for id in cards), *entries]}


@lru_cache(maxsize=4096)
def cut(name: str, room: int, bold: bool = False) -> str:
    """A name, cut until it fits into a room of so many units, whatever the font.

    >>> cut("Machine learning operations", 109), cut("WWWWWWWWWWWWWW", 109), cut("Docker", 109)
    ('Machine learning…', 'WWWWWWWW…', 'Docker')
    """
    limit = min(len(name), NAME)
    found = words.clamp(name, limit)
    while limit > 2 and room_for(found, bold) > room:
        limit -= 1
        found = words.clamp(name, limit)
    return found
