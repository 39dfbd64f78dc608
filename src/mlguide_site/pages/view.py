"""The data for templates: frozen values that JSON can represent, in the order in which they are shown.

Addresses named `url` are relative to the site's root; the template puts the view's `root` before them. Addresses named
`address`, and those in records of the catalog, are external and used unchanged.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Generic, NamedTuple, TypeVar

from mlguide_site.model.records import Entry

EPISODE = "episode"
"""The kind of an episode; for those of entries see `Kind`."""
Card = TypeVar("Card")


class Subject(NamedTuple):
    """The subject of a page: its kind, its slug or id, and the page's number if there are several."""

    kind: str
    id: str = ""
    page: int = 1


class Chip(NamedTuple):
    """A link to a page by its title."""

    title: str
    url: str


class EpisodeCard(NamedTuple):
    """An episode in a list. `hue` numbers the series' colour from 1 to 6; `state` is `draft`, `cancelled` or empty;
    `notes_as_of` is the month of notes that are newer than the episode, else empty."""

    url: str
    label: str
    title: str
    date: str
    day: str
    length: str
    summary: str
    hue: int
    state: str
    notes_as_of: str


class EntryCard(NamedTuple):
    """A knowledge entry in a list; `names` are a term's abbreviations or a person's role, `episodes` a count."""

    url: str
    title: str
    summary: str
    episodes: int
    names: tuple[str, ...] = ()


class Quote(NamedTuple):
    """A sentence with a mention, split around the name, with heading and address of its section."""

    before: str
    name: str
    after: str
    heading: str
    url: str


class MentionItem(NamedTuple):
    """An episode with mentions: quotes, how many more there are, a person's role, and a link to the first mention in
    the transcript."""

    card: EpisodeCard
    quotes: tuple[Quote, ...]
    more: int
    role: str
    spoken_at: Chip | None = None


class Pager(NamedTuple):
    """The pagination of a list with several pages. `steps` are pairs of page number and address: the number is 0 where
    pages are left out, the address is empty for the current page."""

    number: int
    previous: str
    next: str
    steps: tuple[tuple[int, str], ...]


class Jump(NamedTuple):
    """A link to the first entry of a group in an index, and how many entries the group has."""

    title: str
    url: str
    size: int


class Section(NamedTuple, Generic[Card]):
    """Cards under a title, which is empty for episodes without a date."""

    title: str
    anchor: str
    cards: tuple[Card, ...]


class SourceFile(NamedTuple):
    """The source file of a page, relative to the root, and the address for editing it, if the site has one."""

    path: str
    address: str


class TreeItem(NamedTuple):
    """An entry in a nested list, and its depth."""

    card: EntryCard
    entry: Entry
    depth: int


@dataclass(frozen=True, slots=True)
class View:
    """A page: its path, the data of its head, and `values`, the rest of the data for its template.

    `kind` names the template. `root` is the relative address of the site's root. `found_as` is the kind of page that
    search results show; a page without it isn't indexed.
    """

    kind: str
    path: str
    root: str
    title: str
    description: str
    crumbs: tuple[Chip, ...] = ()
    found_as: str = ""
    values: Mapping[str, Any] = field(default_factory=dict)
