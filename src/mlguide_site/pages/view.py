"""Records for templates. A `url` is relative to the site root (see `View.root`). An `address` is absolute."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, Generic, NamedTuple, TypeVar

from mlguide_site.model.records import Entry, EpisodeFile

EPISODE = "episode"  # the kind of an episode; the kinds of entries are in `Kind`
Card = TypeVar("Card")


class Subject(NamedTuple):
    """The subject of a page: its kind, its slug or id, and the page's number if the subject has several pages."""

    kind: str
    id: str = ""
    page: int = 1


class Chip(NamedTuple):
    """A link to a page, with the page's title."""

    title: str
    url: str


class EpisodeCard(NamedTuple):
    """An episode in a list. `hue` is the number of the series' colour. `state` is `draft`, `cancelled`, `trailer`,
    `bonus` or "". `notes_as_of` is the month of the notes if the notes are newer than the episode, or else "". `name`
    is the label, or the title of an episode without a number."""

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
    has_audio: bool
    name: str

    @property
    def number(self) -> str:
        """The label of an episode with a number, or "" if the label is only the name of the series."""
        return self.label if self.label == self.name else ""

    @property
    def full_name(self) -> str:
        """The label and the title, as in "MLG 022: Deep NLP 1". A label that ends the title isn't repeated."""
        return f"{self.label}: {self.title.removesuffix(f': {self.label}')}" if self.label else self.title


class EpisodeCards(Mapping[str, EpisodeCard]):
    """The card of each episode. A card is made on first use, and at most `kept` cards are kept in memory."""

    def __init__(
        self, make: Callable[[EpisodeFile], EpisodeCard], files: Mapping[str, EpisodeFile], kept: int | None = None
    ) -> None:
        self._files, self._made = files, lru_cache(maxsize=kept)(lambda one: make(files[one]))

    def __getitem__(self, id: str) -> EpisodeCard:
        return self._made(id)

    def __iter__(self) -> Iterator[str]:
        return iter(self._files)

    def __len__(self) -> int:
        return len(self._files)


class EntryCard(NamedTuple):
    """An entry or goal in a list. `names` contains a term's abbreviations, a person's role, or the hours of a goal.
    `only` contains the name, address and colour number of the episode of an entry if there is only one."""

    url: str
    title: str
    summary: str
    episodes: int
    names: tuple[str, ...] = ()
    only: tuple[tuple[str, str, int], ...] = ()


class Quote(NamedTuple):
    """A sentence with a mention, split into the text before the name, the name, and the rest; and its section."""

    before: str
    name: str
    after: str
    heading: str
    url: str

    @property
    def text(self) -> str:
        return self.before + self.name + self.after


class Figure(NamedTuple):
    """An image of notes with its description and caption, and a link to the section that contains the image. `src` is
    an address relative to the site root."""

    src: str
    alt: str
    caption: str
    section: Chip


class MentionItem(NamedTuple):
    """A mentioning episode: quotes, number of other mentions, roles of a person, first mention in the transcript, links
    to the episodes to which the quotes refer, address of the first other mention."""

    card: EpisodeCard
    quotes: tuple[Quote, ...]
    more: int
    role: str
    spoken_at: Chip | None = None
    links: tuple[Chip, ...] = ()
    more_at: str = ""


class Pager(NamedTuple):
    """The pagination of a list. `steps` contains page numbers (0 for a gap) and addresses ("" for the current page)."""

    number: int
    previous: str
    next: str
    steps: tuple[tuple[int, str], ...]


class Jump(NamedTuple):
    """A link to the start of a group in an index, and the number of entries in the group."""

    title: str
    url: str
    size: int


class Section(NamedTuple, Generic[Card]):
    """A group of cards under a title. The title of a group of episodes without a date is empty."""

    title: str
    anchor: str
    cards: tuple[Card, ...]


class SourceFile(NamedTuple):
    """The source file of a page: its path relative to the root, and an address for editing it, which may be ""."""

    path: str
    address: str


class TreeItem(NamedTuple):
    """An entry in a nested list, and its depth."""

    card: EntryCard
    entry: Entry
    depth: int


@dataclass(frozen=True, slots=True)
class View:
    """The data of a page. `kind` is the name of the template, and `values` contains its data. `root` is the relative
    address of the site root. `found_as` is the kind in search results, or "" to omit it."""

    kind: str
    path: str
    root: str
    title: str
    description: str
    crumbs: tuple[Chip, ...] = ()
    found_as: str = ""
    values: Mapping[str, Any] = field(default_factory=dict)
