"""The linked catalog: the catalog with mentions, references, backlinks and related episodes resolved. Records only."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from mlguide_site.errors import Problem
from mlguide_site.linking.mentions import Context, Mention, ReferenceUse
from mlguide_site.markdown.document import Document
from mlguide_site.model.catalog import Catalog
from mlguide_site.model.records import EpisodeFile, Kind


class Reference(NamedTuple):
    """A place in an episode's text where another episode is named. `target` is its id; if the root lacks the episode,
    it is "" and `url` is the series' own address of it. `linked`: it becomes a link, as the first reference to its
    episode in the text."""

    target: str
    url: str
    use: ReferenceUse
    linked: bool


class Related(NamedTuple):
    """A related episode and the rarest entries that both name, (kind, slug), the rarest first; none if the two only
    refer to each other."""

    id: str
    because: tuple[tuple[Kind, str], ...]


@dataclass(frozen=True, slots=True)
class LinkedEpisode:
    """An episode with what its text names. `entries` holds, per kind, the sorted slugs from front matter and text;
    `targets` the author's own addresses that mean an episode: its id, or its series' own address of it where the root
    lacks it; `referenced_by` by id the episodes that name it, in the catalog's order. Of a page, only its links are
    known."""

    file: EpisodeFile
    document: Document
    mentions: Sequence[Mention]
    references: tuple[Reference, ...]
    entries: Mapping[Kind, tuple[str, ...]]
    referenced_by: Mapping[str, Sequence[Context]]
    related: Sequence[Related]
    targets: Mapping[str, str]

    def page_at(self, anchor: str) -> str:
        """The path of its page, with the anchor if one of its headings has it."""
        is_known = anchor and any(section.anchor == anchor for section in self.document.sections)
        return f"{self.file.page}#{anchor}" if is_known else self.file.page


@dataclass(frozen=True)
class LinkedCatalog:
    """Everything the pages need. `contexts` gives the backlinks of an entry by the ids of the episodes whose text names
    it, in the catalog's order, one for each section; `episodes_of` the ids, in that order, of the episodes that name it
    in text or front matter, or that it names itself. `pages` are the files of `pages/` by path."""

    catalog: Catalog
    episodes: Mapping[str, LinkedEpisode]
    contexts: Mapping[tuple[Kind, str], Mapping[str, Sequence[Context]]]
    episodes_of: Mapping[tuple[Kind, str], tuple[str, ...]]
    problems: tuple[Problem, ...]
    pages: Mapping[str, LinkedEpisode] = field(default_factory=dict)

    @property
    def texts(self) -> Sequence[LinkedEpisode]:
        """All episodes and pages."""
        return (*self.episodes.values(), *self.pages.values())
