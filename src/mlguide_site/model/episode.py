"""An episode: the front matter of one note file, and the file itself."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType
from typing import Annotated, Any, Literal

from pydantic import Field, StringConstraints

from mlguide_site.errors import Span
from mlguide_site.model.base import Duration, Form, IsoDate, Record, Slug, Text, Title, Url

LANGUAGE_PATTERN = r"^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*$"
MediaType = Annotated[str, StringConstraints(pattern=r"^[a-z]+/[A-Za-z0-9.+-]+$"), Form("audio/mpeg")]
SourceFormat = Literal["feed", "directory", "player", "hackmd", "obsidian", "log", "opml", "transcript"]
"""The formats of importers, as their table has them."""
Language = Annotated[str, StringConstraints(pattern=LANGUAGE_PATTERN), Form("en-GB")]


class Status(StrEnum):
    """`draft` is shown in a preview only; `cancelled` has a page that says so but is in no list of episodes."""

    PUBLISHED = "published"
    DRAFT = "draft"
    CANCELLED = "cancelled"


class Audio(Record):
    """The enclosure: address, media type and size in bytes."""

    url: Url
    type: MediaType = "audio/mpeg"
    bytes: Annotated[int, Field(ge=0)] | None = None


class Link(Record):
    """A labelled address."""

    title: Title
    url: Url


class PersonRole(Record):
    """A participant of an episode and their role."""

    person: Slug
    role: Text = "guest"


class TranscriptUrl(Record):
    """A transcript outside the root. `rel` is `captions` if it is timed for display."""

    url: Url
    type: MediaType | None = None
    language: Language | None = None
    rel: Literal["captions"] | None = None


class Soundbite(Record):
    """A passage of the audio that is worth hearing alone: its start and its length."""

    start: Duration
    duration: Duration
    title: Text = ""


class Source(Record):
    """The source of the notes: the importer's format and, if known, its address."""

    format: SourceFormat
    url: Url | None = None


class Episode(Record):
    """The front matter of an episode. Only `id` and `title` are required; durations are in seconds."""

    id: Slug = Field(description="<series>-<number>, three digits or more; it never changes")
    title: Title
    date: IsoDate | None = Field(None, description="a date, or date and time")
    duration: Duration | None = Field(None, description="HH:MM:SS")
    summary: Text = Field("", description="one or two sentences of our own")
    topics: tuple[Slug, ...] = ()
    tools: tuple[Slug, ...] = ()
    resources: tuple[Slug, ...] = ()
    people: tuple[PersonRole, ...] = ()
    requires: tuple[Slug, ...] = Field((), description="ids of episodes to hear first")
    audio: Audio | None = None
    links: tuple[Link, ...] = ()
    guid: Text | None = Field(None, description="from the feed")
    season: Annotated[int, Field(ge=0, le=9999)] | None = None
    season_title: Text | None = Field(None, description="what the show calls the season")
    label: Text | None = Field(None, description="what the show shows instead of the episode's number")
    language: Language | None = None
    image: Text | None = Field(None, description="a file next to the episode or among the site's assets")
    artwork: Url | None = Field(None, description="address of the episode's picture at its source")
    transcripts: tuple[TranscriptUrl, ...] = Field((), description="transcripts on other sites")
    chapters: Url | None = Field(None, description="address of the chapters file at its source")
    soundbites: tuple[Soundbite, ...] = ()
    licence: Text | None = Field(None, description="licence of this episode, where it isn't that of the series")
    place: Text | None = None
    source: Source | None = None
    status: Status = Status.PUBLISHED
    former: tuple[Slug, ...] = Field((), description="ids that it had before; their addresses lead to its page")
    truncated: bool = Field(False, description="true where the source was cut")


@dataclass(frozen=True, slots=True)
class EpisodeFile:
    """One file of `episodes/`: its front matter, its Markdown body and their places in the file.

    `path` is relative to the root with forward slashes; `body_line` is the first line of the body; `spans` has the
    places of front matter fields; `extra` are the contributor's own `x-` keys as read.
    """

    path: str
    series: str
    number: int | None
    meta: Episode
    body: str
    body_line: int
    spans: Any = None
    extra: Mapping[str, Any] = field(default_factory=lambda: MappingProxyType({}))

    @property
    def id(self) -> str:
        return self.meta.id

    def span(self, *where: str | int) -> Span:
        """The place of a front matter field, such as `span("topics", 0)`; the first line if it is unknown."""
        return self.spans.find(where) if self.spans is not None else Span()
