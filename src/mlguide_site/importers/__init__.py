"""Sources to drafts. An importer is pure: name and bytes in, drafts and problems out; it uses no disk, network or other
importer. This module defines its inputs and outputs. A new format is one module with `sniff` and `read`, and one row of
`formats.IMPORTERS`.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, NamedTuple

from mlguide_site.errors import ContentError, Problem, Severity, Span, visible
from mlguide_site.recovery import Recovery


@dataclass(frozen=True, slots=True)
class Source:
    """The input of an importer: a name to show (a path or an address), the bytes, and the address it was fetched from.
    `files` are files of the same folder, by path relative to it with forward slashes: for a text file the assets that
    it links to; for a folder, which has no bytes itself, its notes and their assets.
    """

    name: str
    data: bytes
    url: str | None = None
    files: Mapping[str, bytes] = field(default_factory=lambda: MappingProxyType({}))


@dataclass(frozen=True, slots=True)
class KnownSeries:
    """A series that the root, or another source of the same import, already has.

    `promotion` are its patterns; None if it has none yet: then recurring sentences of the source are examined. `guid`
    is the `podcast:guid` of its feed, which stays the same if the feed moves.
    """

    id: str
    title: str
    prefix: str = ""
    address: str = ""
    feed: str = ""
    promotion: tuple[str, ...] | None = None
    guid: str = ""


@dataclass(frozen=True, slots=True)
class Context:
    """The context of an importer: the known series by id, the id given with `--series`, the slugs of the root's topics
    by name and alias, in lower case; and training examples for importers that learn: the bodies of the root's
    structured notes, if it has enough of them.
    """

    series: Mapping[str, KnownSeries] = field(default_factory=lambda: MappingProxyType({}))
    given: str = ""
    topics: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    examples: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class AssetDraft:
    """A file that belongs to an episode, by its name among the episode's files; `data` has been checked.

    The body links to it as `asset:NAME`; merging replaces that by the address, which depends on the episode's id.
    """

    path: str
    data: bytes


class NoteLink(NamedTuple):
    """A link from a draft to another note, which merging resolves: its address in the body, such as `note:12-1`, unique
    within the file; the name of the note as written; its file, as in `Draft.file`, or "" if the source doesn't hold it;
    the heading that is meant, "" for none; and the line in the source."""

    address: str
    name: str
    file: str
    heading: str
    line: int


@dataclass(frozen=True, slots=True)
class Draft:
    """An episode as far as one source describes it.

    `fields` are front matter fields in plain values as the codec writes them (a duration is the text `HH:MM:SS`),
    without `id`. If `number` is None, `slug` names the episode within its series; `season` is set if the source numbers
    by season. `body` is Markdown. `guid`, `address` (the episode's own page) and `enclosure` identify it across
    sources, "" if unknown. `line` is the place in the source. `left_out` holds the promotion patterns that matched,
    once per match. `assets` are the files that the body shows. `recovery` is set if the body's structure was not in the
    source. `unmatched` is `notes` or `teaser` if the source doesn't name the episode, else "": such a draft is pending
    until it is matched with one, its series may be "", and a teaser only fills in what an episode lacks. If the source
    is a folder, `file` is the path of the file that `line` counts in. `note_links` are the body's links to other notes,
    `names` the names by which such links may refer to this draft.
    """

    series: str
    number: int | None
    season: int | None
    slug: str
    fields: Mapping[str, Any]
    body: str
    guid: str = ""
    address: str = ""
    enclosure: str = ""
    line: int = 1
    left_out: tuple[str, ...] = ()
    assets: tuple[AssetDraft, ...] = ()
    recovery: Recovery | None = None
    unmatched: str = ""
    file: str = ""
    note_links: tuple[NoteLink, ...] = ()
    names: tuple[str, ...] = ()

    @property
    def title(self) -> str:
        return str(self.fields.get("title", ""))

    @property
    def truncated(self) -> bool:
        return bool(self.fields.get("truncated"))


@dataclass(frozen=True, slots=True)
class SeriesDraft:
    """A series as far as one source describes it: the fields of a `Series` record that it knows, in plain values."""

    id: str
    fields: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class EntryDraft:
    """A knowledge entry as far as one source describes it.

    `kind` is `topic`, `tool`, `resource`, `term` or `person`; `fields` are those of its record in plain values, without
    `children`; `parent` is the slug of the resource that a resource belongs to, itself a draft of the same source or
    an entry of the root, "" for none. `line` is the place in the source. `exact`: drafts of this source with different
    slugs are different entries, even if they share a name or an address.
    """

    kind: str
    slug: str
    fields: Mapping[str, Any]
    parent: str = ""
    line: int = 1
    exact: bool = False


@dataclass(frozen=True, slots=True)
class FileDraft:
    """A file beside an episode's note, such as its transcript: `data` as it is to be written, `suffix` such as `.vtt`.
    `series` ("" if unknown), `number`, `season` and `title` identify its episode, as far as the source's name does."""

    suffix: str
    data: bytes
    series: str = ""
    number: int | None = None
    season: int | None = None
    title: str = ""
    name: str = ""


Item = Draft | SeriesDraft | EntryDraft | FileDraft | Problem


def warning(name: str, line: int, message: str, remedy: str, severity: Severity = Severity.WARNING) -> Problem:
    """A problem of a line of a source that doesn't prevent its import."""
    return Problem(name, Span(line, 1), visible(message), remedy, severity)


@dataclass(frozen=True, slots=True)
class Importer:
    """A source format: its name, the functions that detect and read it, a description of how it is recognised (`signs`,
    for people), and whether it learns from the root's own notes.

    `sniff` looks at content, never raises, and is quick. `read` yields drafts and problems; an error among these, or a
    ContentError, means that nothing of the source is to be used.
    """

    name: str
    sniff: Callable[[Source], bool]
    read: Callable[[Source, Context], Iterator[Item]]
    signs: str = ""
    learns: bool = False

    def items(self, source: Source, context: Context) -> Iterator[Item]:
        """What `read` yields, with the problems for which it refuses a source."""
        try:
            yield from self.read(source, context)
        except ContentError as error:
            yield from error.problems
