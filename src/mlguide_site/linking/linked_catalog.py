"""Records of the linked catalog: resolved mentions, references, backlinks and related episodes."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple
from urllib.parse import unquote

from mlguide_site.errors import Problem
from mlguide_site.linking.mentions import Context, Mention, ReferenceUse
from mlguide_site.linking.rank_related import RelatedEpisodes
from mlguide_site.markdown.document import Document
from mlguide_site.model.catalog import Catalog
from mlguide_site.model.records import EpisodeFile, Kind

TIME = re.compile(r"t=(?:\d{1,6}|(?:\d{1,2}:[0-5]?\d|\d{1,3}):[0-5]\d)", re.A)  # the same pattern as in seconds.js


class Reference(NamedTuple):
    """A reference to another episode. `target` is the id of that episode. If the episode isn't in the root, `target` is
    "" and `url` is the official address. `linked` is true if the reference becomes a link."""

    target: str
    url: str
    use: ReferenceUse
    linked: bool


@dataclass(frozen=True, slots=True)
class LinkedEpisode:
    """An episode or page with the mentions and references in its text. `entries` maps each kind to the sorted slugs of
    the episode's entries. `referenced_by` maps the ids of referring episodes to the contexts of their references. For a
    page, `entries` and `referenced_by` are empty. `targets` maps each address in the author's links to the id of an
    episode, or to the official address of an episode that isn't in the root."""

    file: EpisodeFile
    document: Document
    mentions: Sequence[Mention]
    references: tuple[Reference, ...]
    entries: Mapping[Kind, tuple[str, ...]]
    referenced_by: Mapping[str, Sequence[Context]]
    targets: Mapping[str, str]

    def page_at(self, anchor: str) -> str:
        """Return the page's path. Add `anchor` if it is a time (`t=1:30`) or the anchor of a heading on the page."""
        if TIME.fullmatch(anchor):
            return f"{self.file.page}?{anchor}"
        found = self.document.anchors.get(unquote(anchor))
        return f"{self.file.page}#{found}" if found else self.file.page


@dataclass(frozen=True)
class LinkedCatalog:
    """The catalog with all data that the pages need. `contexts` maps each entry to its backlinks: for each episode id,
    one context per section. `episodes_of` maps each entry to the ids of the episodes that name the entry or are in its
    field `episodes`, in the catalog's order. `pages` maps paths to authors' pages and to the guides of topics."""

    catalog: Catalog
    episodes: Mapping[str, LinkedEpisode]
    contexts: Mapping[tuple[Kind, str], Mapping[str, Sequence[Context]]]
    episodes_of: Mapping[tuple[Kind, str], tuple[str, ...]]
    problems: tuple[Problem, ...]
    pages: Mapping[str, LinkedEpisode] = field(default_factory=dict)
    related: RelatedEpisodes = field(default_factory=lambda: RelatedEpisodes({}, {}))

    def first_mentions(self, kind: Kind, ids: Iterable[str]) -> Mapping[str, int]:
        """Map the slug of each entry that the episodes mention in their texts to its place among the first mentions."""
        slugs = (one.slug for id in ids for one in self.episodes[id].mentions if one.kind is kind)
        return {slug: at for at, slug in enumerate(dict.fromkeys(slugs))}

    @property
    def texts(self) -> Sequence[LinkedEpisode]:
        return (*self.episodes.values(), *self.pages.values())
