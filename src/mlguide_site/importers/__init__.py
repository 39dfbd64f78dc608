"""The interface of importers, which convert the bytes of a source to drafts without using the disk or the network."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, NamedTuple

from mlguide_site.errors import ContentError, Problem, Severity, Span, visible
from mlguide_site.recovery import Recovery


@dataclass(frozen=True, slots=True)
class Source:
    """A source to import. `name` is its path or web address, `data` its content, and `url` its public web address, if
    any. `files` maps relative paths to bytes: the assets of a note, or the notes and assets of a folder."""

    name: str
    data: bytes
    url: str | None = None
    files: Mapping[str, bytes] = field(default_factory=lambda: MappingProxyType({}))


@dataclass(frozen=True, slots=True)
class KnownSeries:
    """A series of the knowledge base or of another source. If `promotion` (patterns of sentences to remove) is None,
    recurring sentences are removed. `guid` is the feed's `podcast:guid`; `guids` are the guids of episodes."""

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
    """What importers know about a root. `series` maps ids to known series, and `topics` contains the slugs of topics.
    `given` is the id from `--series`. `recovery` learns from the notes in `examples`."""

    series: Mapping[str, KnownSeries] = field(default_factory=lambda: MappingProxyType({}))
    given: str = ""
    topics: frozenset[str] = frozenset()
    examples: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class FileDraft:
    """A file next to a note, such as a transcript. `suffix` is its file suffix, such as `.vtt`. The fields after `data`
    identify the episode; unknown fields are "" or None. `name` is the name of the file, and `full_name` the name with a
    language at its end. Files in `Draft.files` don't need these fields."""

    suffix: str
    data: bytes
    series: str = ""
    number: int | None = None
    season: int | None = None
    title: str = ""
    name: str = ""
    full_name: str = ""


class NoteLink(NamedTuple):
    """A link from a draft to another note. The merge replaces `address`, a placeholder such as `note:12-1`, with a
    path. `name` is the name of the other note as written in the link. `file` is its path (as in `Draft.file`), or "" if
    unknown. `heading` is the linked heading, or "" for the whole note. `line` is the line number of the link."""

    address: str
    name: str
    file: str
    heading: str
    line: int


@dataclass(frozen=True, slots=True)
class Draft:
    """An episode as one source describes it. Missing strings are "".

    `fields` contains the front matter except `id`, as YAML values; a duration is `HH:MM:SS`. `slug` identifies an
    episode without a `number`. `season` is set if episode numbers restart each season. `body` is Markdown. Drafts with
    the same `guid`, `address` (of the episode's page) or `enclosure` describe the same episode. `line` is the draft's
    first line in `file`, or in the source if `file` is "". The merge sets `place` to the path of `file` relative to the
    root, whatever path a person types. `above` is the part of the body that precedes the first of several episodes in
    `file`. `left_out` contains the promotion pattern of each removed sentence. `recovery` is set if lost line breaks of
    the body were restored. If the source doesn't name the episode, `unmatched` is `notes` or `teaser`, and the draft is
    pending until its episode is found. A teaser is only used to fill in missing values. Links in other notes may refer
    to the episode by any of its `names`. `files` are written beside the note. `assets`
    maps names to the bytes of images and other files; in the body, they are `asset:NAME`. `whole_title` is the title
    with what `fields` lacks: the folder of notes whose title others have, or the number if `is_numbered` is true.
    `whole_fields` contains lists from which `fields` lacks the entries that a person removed from the root."""

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
    assets: Mapping[str, bytes] = field(default_factory=lambda: MappingProxyType({}))
    recovery: Recovery | None = None
    unmatched: str = ""
    file: str = ""
    place: str = ""
    above: str = ""
    note_links: tuple[NoteLink, ...] = ()
    names: tuple[str, ...] = ()
    files: tuple[FileDraft, ...] = ()
    whole_title: str = ""
    is_numbered: bool = False
    whole_fields: Mapping[str, Any] = field(default_factory=lambda: MappingProxyType({}))

    @property
    def title(self) -> str:
        return str(self.fields.get("title", ""))

    @property
    def truncated(self) -> bool:
        return bool(self.fields.get("truncated"))


@dataclass(frozen=True, slots=True)
class EntryDraft:
    """A series or a knowledge entry as one source describes it. `kind` is `series`, `topic`, `tool`, `resource`, `term`
    or `person`. `fields` contains fields of its record except `children`, as YAML values. `parent` is the slug of the
    parent resource, or "". If `exact` is true, the merge never combines it with another entry of its source, even one
    of the same name."""

    kind: str
    slug: str
    fields: Mapping[str, Any]
    parent: str = ""
    line: int = 1
    exact: bool = False


Item = Draft | EntryDraft | FileDraft | Problem


def warning(name: str, line: int, message: str, remedy: str, severity: Severity = Severity.WARNING) -> Problem:
    """Return a problem at a line of a source. Only errors, not warnings and hints, prevent an import."""
    return Problem(name, Span(line, 1), visible(message), remedy, severity)


@dataclass(frozen=True, slots=True)
class Importer:
    """A source format. `sniff` checks whether a source has the format; it is fast and never raises an exception. `read`
    yields drafts and problems. If it yields an error or raises ContentError, nothing is imported from the source.
    `signs` says how the format was recognised: "it is a feed". `learns` is true if `read` uses `Context.examples`."""

    name: str
    sniff: Callable[[Source], bool]
    read: Callable[[Source, Context], Iterator[Item]]
    signs: str = ""
    learns: bool = False

    def items(self, source: Source, context: Context) -> Iterator[Item]:
        """Yield the items from `read`. If `read` raises ContentError, also yield the problems in this error."""
        try:
            yield from self.read(source, context)
        except ContentError as error:
            yield from error.problems
