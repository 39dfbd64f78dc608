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

    url: Url = Field(description="address of the audio file")
    type: MediaType = Field("audio/mpeg", description="media type, such as audio/mpeg")
    bytes: Annotated[int, Field(ge=0)] | None = Field(None, description="size of the file in bytes")


class Link(Record):
    """A labelled address."""

    title: Title = Field(description="text of the link")
    url: Url = Field(description="where it leads")


class PersonRole(Record):
    """A participant of an episode and their role."""

    person: Slug = Field(description="slug of the person, as in people.yml")
    role: Text = Field("guest", description="host, guest, co-host, author or another role")


class TranscriptUrl(Record):
    """A transcript outside the root. `rel` is `captions` if it is timed for display."""

    url: Url = Field(description="address of the transcript")
    type: MediaType | None = Field(None, description="media type, such as text/vtt")
    language: Language | None = Field(None, description="language tag, such as en-GB")
    rel: Literal["captions"] | None = Field(None, description="captions: it is timed for display")


class Soundbite(Record):
    """A passage of the audio that is worth hearing alone: its start and its length."""

    start: Duration = Field(description="where it starts, HH:MM:SS")
    duration: Duration = Field(description="how long it is, HH:MM:SS")
    title: Text = Field("", description="what it is about")


class Question(Record):
    """A question that a listener can answer after the episode, and its answer."""

    question: Title = Field(description="the question")
    answer: Title = Field(description="its answer")


class Source(Record):
    """The source of the notes: the importer's format and, if known, its address."""

    format: SourceFormat = Field(description="the format that it was imported from")
    url: Url | None = Field(None, description="address of the source")


class Episode(Record):
    """The front matter of an episode. Only `id` and `title` are required; durations are in seconds."""

    id: Slug = Field(
        description="<series>-<number>, with three digits or more, or <series>-<words>; mlguide rename changes it"
    )
    title: Title = Field(description="title of the episode")
    date: IsoDate | None = Field(None, description="day of publication, YYYY-MM-DD, or date and time")
    duration: Duration | None = Field(None, description="length of the episode, HH:MM:SS")
    summary: Text = Field("", description="one or two sentences")
    topics: tuple[Slug, ...] = Field((), description="slugs of topics that it is about")
    tools: tuple[Slug, ...] = Field((), description="slugs of tools that it covers")
    resources: tuple[Slug, ...] = Field((), description="slugs of resources that it recommends")
    people: tuple[PersonRole, ...] = Field((), description="who takes part, and their role")
    requires: tuple[Slug, ...] = Field((), description="ids of the episodes that are its prerequisites")
    audio: Audio | None = Field(None, description="the audio file")
    links: tuple[Link, ...] = Field((), description="links of the episode, such as its official page")
    guid: Text | None = Field(None, description="globally unique id from the feed")
    season: Annotated[int, Field(ge=0, le=9999)] | None = Field(None, description="number of the season")
    season_title: Text | None = Field(None, description="name of the season")
    label: Text | None = Field(None, description="what the show displays instead of the episode's number")
    language: Language | None = Field(
        None, description="language tag, such as en-GB, if it differs from that of the site"
    )
    image: Text | None = Field(
        None, description="picture: a file beside the note, or in a folder with the episode's id"
    )
    artwork: Url | None = Field(None, description="address of the episode's picture at its source")
    transcripts: tuple[TranscriptUrl, ...] = Field((), description="transcripts on other sites")
    chapters: Url | None = Field(None, description="address of the chapters file at its source")
    soundbites: tuple[Soundbite, ...] = Field((), description="passages of the audio that are worth hearing alone")
    questions: tuple[Question, ...] = Field((), description="questions to check one's understanding, and their answers")
    licence: Text | None = Field(None, description="licence of this episode, if it differs from that of the series")
    place: Text | None = Field(None, description="where it took place")
    source: Source | None = Field(None, description="where the notes come from")
    status: Status = Field(Status.PUBLISHED, description="published, draft (shown only in a preview) or cancelled")
    former: tuple[Slug, ...] = Field((), description="earlier ids; their addresses redirect")
    truncated: bool = Field(False, description="true: the notes are incomplete, because their source was cut")


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
