"""The interface of importers, which convert sources to drafts. An importer is a pure function: it takes a name and
bytes, and yields drafts and problems. Importers don't use the disk, the network or other importers. To add a format,
write a module with `sniff` and `read`, and add a row to `formats.IMPORTERS`."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, NamedTuple

from mlguide_site.errors import ContentError, Problem, Severity, Span, visible
from mlguide_site.recovery import Recovery


@dataclass(frozen=True, slots=True)
class Source:
    """The input of an importer: its display name (a path or an address), its bytes, and its download address. `files`
    maps relative paths with forward slashes to bytes. For a text file, `files` are the assets that the text links to.
    For a folder, `data` is empty, and `files` are the folder's notes and their assets."""

    name: str
    data: bytes
    url: str | None = None
    files: Mapping[str, bytes] = field(default_factory=lambda: MappingProxyType({}))


@dataclass(frozen=True, slots=True)
class KnownSeries:
    """A series that is already defined by the knowledge base or by another source of the same import.

    `promotion` contains the known promotion patterns; if `promotion` is None, the importer looks for recurring
    sentences. `guid` is the `podcast:guid` of the feed, which stays the same when the feed moves.
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
    """The context of an import. `series` maps ids to known series, and `given` is the id passed with `--series`.
    `topics` maps the names and aliases of known topics, in lower case, to their slugs. `examples` contains bodies of
    structured notes as training examples; it is empty if there are too few such notes."""

    series: Mapping[str, KnownSeries] = field(default_factory=lambda: MappingProxyType({}))
    given: str = ""
    topics: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    examples: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class AssetDraft:
    """A file that belongs to an episode. `path` is the file's name in the episode's folder. `data` is the validated
    content. The body links to the file as `asset:NAME`. The merge replaces `asset:NAME` with an address that depends on
    the episode.
    """

    path: str
    data: bytes


class NoteLink(NamedTuple):
    """A link from a draft to another note; the merge resolves the link. `address` is unique in the source, such as
    `note:12-1`. `name` is the note's name as written. `file` is the note's file as in `Draft.file`, or "" if the source
    doesn't contain the note. `heading` is the linked heading, or "" for the whole note. `line` is the line number in
    the source."""

    address: str
    name: str
    file: str
    heading: str
    line: int


@dataclass(frozen=True, slots=True)
class Draft:
    """An episode as described by one source.

    `fields` contains the front matter fields except `id`, as the plain values that the codec writes (a duration is the
    text `HH:MM:SS`). If `number` is None, `slug` identifies the episode within its series. `season` is set if the
    source numbers episodes by season. `body` is Markdown. `guid`, `address` (the episode's own page) and `enclosure`
    identify the episode across sources; "" means unknown. `line` is the line number in the source, or in `file` if the
    source is a folder. `left_out` lists the promotion patterns that matched, once per match. `assets` are the files
    that the body shows. `recovery` is set if the body's structure was recovered. `unmatched` is `notes` or `teaser` if
    the source doesn't name the episode, and "" otherwise. An unmatched draft is pending until it is matched with an
    episode; its series may be "". A teaser only fills in missing values. `note_links` are the body's links to other
    notes, and `names` are the names that other notes may use in links to this draft.
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
    """A series as described by one source: the known fields of its `Series` record, as plain values."""

    id: str
    fields: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class EntryDraft:
    """A knowledge entry as described by one source.

    `kind` is `topic`, `tool`, `resource`, `term` or `person`. `fields` contains the fields of the entry's record as
    plain values, without `children`. `parent` is the slug of the parent resource, which is a draft of the same source
    or an existing entry; "" means no parent. `line` is the line number in the source. If `exact` is true, drafts with
    different slugs are different entries, even if they share a name or an address.
    """

    kind: str
    slug: str
    fields: Mapping[str, Any]
    parent: str = ""
    line: int = 1
    exact: bool = False


@dataclass(frozen=True, slots=True)
class FileDraft:
    """A file next to an episode's note, such as a transcript. `data` is the content, and `suffix` is the file suffix,
    such as `.vtt`. The name of the source determines the other fields, which identify the episode; "" and None mean
    unknown."""

    suffix: str
    data: bytes
    series: str = ""
    number: int | None = None
    season: int | None = None
    title: str = ""
    name: str = ""


Item = Draft | SeriesDraft | EntryDraft | FileDraft | Problem


def warning(name: str, line: int, message: str, remedy: str, severity: Severity = Severity.WARNING) -> Problem:
    """Return a problem at a line of a source. Warnings and hints don't prevent the import."""
    return Problem(name, Span(line, 1), visible(message), remedy, severity)


@dataclass(frozen=True, slots=True)
class Importer:
    """A source format. `sniff` detects the format. `read` reads the source. `signs` tells users how the format is
    detected. `learns` is true if the importer uses the structured notes of the knowledge base as training examples.

    `sniff` only looks at the content, never raises an exception, and is fast. `read` yields drafts and problems. If
    `read` yields an error or raises ContentError, nothing from the source is used.
    """

    name: str
    sniff: Callable[[Source], bool]
    read: Callable[[Source, Context], Iterator[Item]]
    signs: str = ""
    learns: bool = False

    def items(self, source: Source, context: Context) -> Iterator[Item]:
        """Yield the items that `read` yields; if `read` raises ContentError, yield the problems of the exception."""
        try:
            yield from self.read(source, context)
        except ContentError as error:
            yield from error.problems
