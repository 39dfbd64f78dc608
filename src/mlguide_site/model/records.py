"""The frozen records of the files of a root: knowledge entries of each kind, and episodes. No input or output happens
here."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, StringConstraints
from pydantic.json_schema import SkipJsonSchema

from mlguide_site.errors import Span
from mlguide_site.model.base import Duration, IsoDate, Phrase, Record, Slug, Text, Title, Url
from mlguide_site.model.slugs import PAGES, page_path

Names = tuple[Title, ...]


class Kind(StrEnum):
    """The kinds of knowledge entry, in the order of precedence for a name that two of them share."""

    TOOL = "tool"
    TOPIC = "topic"
    TERM = "term"
    RESOURCE = "resource"
    PERSON = "person"


class EntryStatus(StrEnum):
    """`draft` is shown in a preview only."""

    PUBLISHED = "published"
    DRAFT = "draft"


class Named(Record):
    """The fields of entries of every kind."""

    status: EntryStatus = Field(EntryStatus.PUBLISHED, description="published, or draft (shown only in a preview)")
    former: tuple[Slug, ...] = Field((), description="earlier slugs; their addresses redirect")

    @property
    def state(self) -> str:
        """The label in a preview: `draft`, or "" if published."""
        return self.status.value if self.status is EntryStatus.DRAFT else ""


class SeriesKind(StrEnum):
    PODCAST = "podcast"
    LECTURES = "lectures"
    COURSE = "course"
    LOG = "log"


class Link(Record):
    """A labelled address."""

    title: Title = Field(description="text of the link")
    url: Url = Field(description="where it leads")


_HOST = r"^https?://(\*\.)?[A-Za-z0-9_-]{1,63}(\.[A-Za-z0-9_-]{1,63}){0,10}(:\d{1,5})?/?$"
Host = Annotated[str, StringConstraints(pattern=_HOST)]
"""A scheme and a host, such as https://cdn.example or https://*.cdn.example."""
_NUMBERED = r"^https?://[^\s{}]+\{number(:0\d)?\}[^\s{}]*$"
NumberedUrl = Annotated[str, StringConstraints(pattern=_NUMBERED, max_length=500)]
Sentence = Annotated[str, StringConstraints(min_length=3, max_length=500)]
MAX_REFERENCES = 20
References = Annotated[Names, Field(max_length=MAX_REFERENCES)]
MAX_PROMOTION = 200
Promotion = Annotated[tuple[Sentence, ...], Field(max_length=MAX_PROMOTION)]


class Series(Record):
    """An ordered run of episodes. The key of the entry is the first part of its episodes' ids."""

    title: Title = Field(description="name of the series")
    kind: SeriesKind = Field(SeriesKind.PODCAST, description="podcast, lectures, course or log")
    summary: Text = Field("", description="what it is about, in one or two sentences")
    home: Url | None = Field(None, description="the series' own site")
    address: NumberedUrl | None = Field(None, description="address of an episode's page, with {number} or {number:03}")
    prefix: Text | None = Field(None, description="text before the number in titles, such as MLG")
    references: References = Field((), description="further ways in which people refer to an episode, with {number}")
    cover: Text | None = Field(None, description="picture of the series, in the site's assets")
    licence: Text | None = Field(None, description="licence of the notes")
    author: Text | None = Field(None, description="who makes the series")
    unofficial: bool = Field(False, description="true: the notes are not the series' own")
    subscribe: tuple[Link, ...] = Field((), description="where people can subscribe")
    funding: tuple[Link, ...] = Field((), description="where people can support the series")
    artwork: Url | None = Field(None, description="address of the series' picture at its source")
    guid: Text | None = Field(None, description="podcast:guid of the feed, which stays the same if the feed moves")
    promotion: Promotion = Field((), description="sentences that imports leave out; * matches any words")
    feed: Url | None = Field(None, description="address of the feed")
    media: tuple[Host, ...] = Field((), description="hosts that its audio redirects to, such as https://cdn.example")
    order: int = Field(0, description="position among the series, smaller first")
    start: tuple[Slug, ...] = Field((), description="ids of the episodes under “Start here” on the home page")


class Topic(Named):
    """A subject; topics nest through `parent`."""

    name: Title = Field(description="name of the topic")
    parent: Slug | None = Field(None, description="slug of the broader topic")
    summary: Text = Field("", description="what it is about, in one or two sentences")
    aliases: Names = Field((), description="other names that link to it")
    order: tuple[Slug, ...] = Field((), description="ids of its episodes in the suggested order")


MAX_RULES = 20
"""Match rules of one entry."""
MAX_RULE_WORDS = 200
"""Words or phrases in one list of a match rule."""
Phrases = Annotated[tuple[Phrase, ...], Field(max_length=MAX_RULE_WORDS)]


class MatchRule(Record):
    """Conditions for an ambiguous name: it counts as a mention only if all of them hold."""

    names: Names = Field((), description="names that the rule applies to; all names of the entry if it is left out")
    case: bool = Field(False, description="true: upper and lower case must be as written")
    near: Phrases = Field((), description="at least one of these words is in the same block")
    not_near: Phrases = Field((), description="none of these words is in the same block")
    before: Phrases = Field((), description="none of these words is directly before the name")
    after: Phrases = Field((), description="none of these words is directly after the name")
    topics: tuple[Slug, ...] = Field((), description="the episode has at least one of these topics")


MatchRules = Annotated[tuple[MatchRule, ...], Field(max_length=MAX_RULES)]


class Tool(Named):
    """A product, library or service."""

    name: Title = Field(description="name of the tool")
    aliases: Names = Field((), description="other names that link to it")
    homepage: Url | None = Field(None, description="address of its home page")
    source: Url | None = Field(None, description="address of its source code")
    licence: Text | None = Field(None, description="licence of the tool")
    category: Text = Field("Other", description="group in the index of tools")
    topics: tuple[Slug, ...] = Field((), description="slugs of topics that it belongs to")
    summary: Text = Field("", description="what it is, in one or two sentences")
    match: MatchRules = Field((), description="when its names link")


class Importance(StrEnum):
    ESSENTIAL = "essential"
    VALUABLE = "valuable"
    SUPPLEMENTARY = "supplementary"


class Difficulty(StrEnum):
    EASY = "easy"
    MEDIUM = "medium"
    HARD = "hard"


class Pick(StrEnum):
    """How to choose among the children of a resource."""

    ORDERED = "ordered"
    ALL = "all"
    ANY = "any"
    ONE = "one"
    NONE = "none"


Format = Literal[
    "book", "course", "video", "podcast", "audiobook", "article", "paper", "site", "degree", "tool", "tutorial", "other"
]
Engagement = Literal["passive", "active"]
Price = Literal["free", "$", "$$", "$$$"]


class ResourceUrl(Record):
    """An address of a resource; a bare string in the file is an address without title and price."""

    url: Url = Field(description="where it is")
    title: Text = Field("", description="text of the link")
    price: Price | None = Field(None, description="what it costs there")


_url_entry = BeforeValidator(
    lambda value: {"url": value} if isinstance(value, str) else value, json_schema_input_type=str | ResourceUrl
)
UrlEntry = Annotated[ResourceUrl, _url_entry]


class Resource(Named):
    """A book, course, video, site …; resources nest under `children`."""

    title: Title = Field(description="title of the resource")
    urls: tuple[UrlEntry, ...] = Field((), description="where it can be found")
    authors: Names = Field((), description="who made it")
    aliases: Names = Field((), description="other names that link to it")
    format: Format | tuple[Format, ...] = Field("other", description="what it is")
    importance: Importance | None = Field(None, description="how much it matters")
    difficulty: Difficulty | None = Field(None, description="how hard it is")
    engagement: Engagement | None = Field(None, description="passive (read or watch) or active (exercises)")
    price: Price | None = Field(None, description="what it costs")
    topics: tuple[Slug, ...] = Field((), description="slugs of topics that it is about")
    episodes: tuple[Slug, ...] = Field((), description="ids of episodes that recommend it")
    summary: Text = Field("", description="what it is, in one or two sentences")
    pick: Pick | None = Field(None, description="how to choose among its children: in order, all, any, one, or none")
    hide: bool = Field(False, description="true: its page exists, but the home page leaves it out")
    match: MatchRules = Field((), description="when its names link")
    children: dict[Slug, "Resource"] = Field(default_factory=dict, description="resources that it includes, by slug")
    parent: SkipJsonSchema[Slug | None] = Field(None, exclude=True, description="set when the tree is flattened")

    @property
    def formats(self) -> tuple[str, ...]:
        return self.format if isinstance(self.format, tuple) else (self.format,)


class Term(Named):
    """A word of the field with a definition of our own."""

    term: Title = Field(description="the term")
    abbreviations: Names = Field((), description="abbreviations that link to it")
    aliases: Names = Field((), description="other names that link to it")
    definition: Text = Field("", description="what it means, in our own words")
    see: tuple[Slug, ...] = Field((), description="slugs of related terms")
    topics: tuple[Slug, ...] = Field((), description="slugs of topics that it belongs to")
    match: MatchRules = Field((), description="when its names link")


class Person(Named):
    """A host, guest, author or other person."""

    name: Title = Field(description="name of the person")
    aliases: Names = Field((), description="other names that link to them")
    role: Text = Field("", description="what they are known for")
    summary: Text = Field("", description="who they are, in one or two sentences")
    links: tuple[Link, ...] = Field((), description="their pages")


class Suggestions(Record):
    """Decisions about suggestions."""

    ignore: Names = Field((), description="names that mlguide suggest must not propose")


Entry = Topic | Tool | Resource | Term | Person
"""Any knowledge entry that a text can mention."""
LANGUAGE_PATTERN = r"^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*$"
MediaType = Annotated[str, StringConstraints(pattern=r"^[a-z]+/[A-Za-z0-9.+-]+$")]
SourceFormat = Literal["feed", "directory", "player", "hackmd", "obsidian", "log", "opml", "transcript"]
"""The formats of importers."""
Language = Annotated[str, StringConstraints(pattern=LANGUAGE_PATTERN)]


class Status(StrEnum):
    """`draft` is shown in a preview only; `cancelled` has a page that says so, but isn't listed."""

    PUBLISHED = "published"
    DRAFT = "draft"
    CANCELLED = "cancelled"


class Audio(Record):
    """The enclosure: address, media type and size in bytes."""

    url: Url = Field(description="address of the audio file")
    type: MediaType = Field("audio/mpeg", description="media type, such as audio/mpeg")
    bytes: Annotated[int, Field(ge=0)] | None = Field(None, description="size of the file in bytes")


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

    id: Slug = Field(description="<series>-<number>, of three digits or more, or <series>-<words>; rename changes it")
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
    language: Language | None = Field(None, description="language tag, such as en-GB, if it isn't the site's")
    image: Text | None = Field(None, description="picture: a file beside the note, or in the episode's own folder")
    artwork: Url | None = Field(None, description="address of the episode's picture at its source")
    transcripts: tuple[TranscriptUrl, ...] = Field((), description="transcripts on other sites")
    chapters: Url | None = Field(None, description="address of the chapters file at its source")
    soundbites: tuple[Soundbite, ...] = Field((), description="passages of the audio that are worth hearing alone")
    questions: tuple[Question, ...] = Field((), description="questions to check one's understanding, and their answers")
    licence: Text | None = Field(None, description="licence of this episode, if it differs from that of the series")
    place: Text | None = Field(None, description="where it took place")
    source: Source | None = Field(None, description="where the notes come from")
    notes_as_of: IsoDate | None = Field(None, description="date of the notes, if they name what came after the episode")
    status: Status = Field(Status.PUBLISHED, description="published, draft (shown only in a preview) or cancelled")
    former: tuple[Slug, ...] = Field((), description="earlier ids; their addresses redirect")
    truncated: bool = Field(False, description="true: the notes are incomplete, because their source was cut")


class Page(Record):
    """The front matter of a file in `pages/`."""

    title: Title = Field(description="title of the page")
    description: Text = Field("", description="one sentence for search engines; the page itself doesn't show it")


@dataclass(frozen=True, slots=True)
class EpisodeFile:
    """One file of `episodes/`: its front matter, its Markdown body and their places in the file. A file of `pages/` is
    an episode without series; its id is its path, its summary its description.

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

    @property
    def page(self) -> str:
        """The path of its page in the folder of generated pages."""
        return page_path("episode", self.id, self.series) if self.series else self.path.removeprefix(PAGES)

    def span(self, *where: str | int) -> Span:
        """The place of a front matter field, such as `span("topics", 0)`; the first line if it is unknown."""
        return self.spans.find(where) if self.spans is not None else Span()
