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
    """A source. `name` is a path or an address, `data` is the content, and `url` is the download address. `files` maps
    relative paths with forward slashes to bytes. For a text file, `files` are the assets that the text links to. For a
    folder, `data` is empty, and `files` are the folder's notes and their assets."""

    name: str
    data: bytes
    url: str | None = None
    files: Mapping[str, bytes] = field(default_factory=lambda: MappingProxyType({}))


@dataclass(frozen=True, slots=True)
class KnownSeries:
    """A series that is already defined in the knowledge base or in another source of the same import.

    `promotion` contains the promotion patterns of the series. If `promotion` is None, the importer looks for recurring
    sentences. `guid` is the feed's `podcast:guid`, and `guids` are the guids of the episodes.
    """

    id: str
    title: str
    prefix: str = ""
    address: str = ""
    feed: str = ""
    promotion: tuple[str, ...] | None = None
    guid: str = ""
    guids: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Context:
    """The context of an import. `series` maps ids to known series. `given` is the id passed with `--series`, or "".
    `topics` maps the lower-case names and aliases of topics to slugs. `examples` contains bodies of structured notes as
    training examples. If there are too few structured notes, `examples` is empty."""

    series: Mapping[str, KnownSeries] = field(default_factory=lambda: MappingProxyType({}))
    given: str = ""
    topics: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    examples: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class AssetDraft:
    """A file that belongs to an episode. `path` is the file's name in the episode's folder. `data` is the validated
    content. The body links to the file as `asset:NAME`. The merge replaces this with an address for the episode."""

    path: str
    data: bytes


class NoteLink(NamedTuple):
    """A link from a draft to another note; the merge resolves the link. `address` is unique in the source, such as
    `note:12-1`. `name` is the note's name as written. `file` is the note's file as in `Draft.file`, or "" if the source
    doesn't contain the note. `heading` is the linked heading, or "" for the whole note. `line` is its line number."""

    address: str
    name: str
    file: str
    heading: str
    line: int


@dataclass(frozen=True, slots=True)
class Draft:
    """An episode as described by one source.

    `fields` contains the front matter fields except `id`. The values are YAML values. A duration is the text
    `HH:MM:SS`. If `number` is None, `slug` identifies the episode within its series. `season` is set if the source
    numbers episodes by season. `body` is Markdown. `guid`, `address` and `enclosure` identify the episode across
    sources; "" means unknown. `address` is the address of the episode's own page. `line` is the line number in the
    source, or in `file` if the source is a folder. `left_out` lists the promotion patterns that matched, once per
    match. `assets` are the files that the body shows. `recovery` is set if the body's structure was recovered.
    `unmatched` is `notes` or `teaser` if the source doesn't name the episode, and "" otherwise. An unmatched draft is
    pending, and its series may be "". A teaser only fills in missing values. `note_links` are the body's links to other
    notes. `names` are the names that other notes can use to link to this draft.
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
    """A series as described by one source. `fields` contains some fields of the `Series` record, as YAML values."""

    id: str
    fields: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class EntryDraft:
    """A knowledge entry as described by one source.

    `kind` is `topic`, `tool`, `resource`, `term` or `person`. `fields` contains the fields of the entry's record as
    YAML values, without `children`. `parent` is the slug of the parent resource, or "". The parent is in the same
    source or in the knowledge base. `line` is the line number in the source. If `exact` is true, drafts with different
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
    """A file next to an episode's note, such as a transcript. `data` is the content, and `suffix` is the file suffix,
    such as `.vtt`. The other fields identify the episode; "" and None mean unknown."""

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
    """A source format. `sniff` detects the format. `read` reads the source. `signs` is a message about how the format
    is detected. `learns` is true if the importer uses the structured notes of the knowledge base as training examples.

    `sniff` only looks at the content, never raises an exception, and is fast. `read` yields drafts and problems. If
    `read` yields an error or raises ContentError, nothing from the source is used.
    """

    name: str
    sniff: Callable[[Source], bool]
    read: Callable[[Source, Context], Iterator[Item]]
    signs: str = ""
    learns: bool = False

    def items(self, source: Source, context: Context) -> Iterator[Item]:
        """Yield the items that `read` yields. If `read` raises ContentError, also yield the exception's problems."""
        try:
            yield from self.read(source, context)
        except ContentError as error:
            yield from error.problems
