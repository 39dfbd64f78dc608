"""The frozen records in a root's files: episodes, pages and knowledge entries."""

import posixpath
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType
from typing import Annotated, Any, Literal, get_args

from pydantic import AfterValidator, BeforeValidator, Field, StringConstraints, field_validator, model_validator
from pydantic.json_schema import SkipJsonSchema

from mlguide_site.errors import Span
from mlguide_site.model.base import Duration, IsoDate, Markdown, Phrase, Record, ShortText, Slug, Text, Title, Url
from mlguide_site.model.slugs import PAGES, page_path

Names = tuple[Title, ...]
MAX_ITEMS = 1_000  # maximum number of items in a list; the limit is low, because many pages may repeat the items
MAX_AUTHORS = 100
MAX_TOPICS = 30  # maximum number of topics of an entry; lists of entries contain them with all their ancestors
MAX_SEE = 100  # maximum number of related terms of a term
MAX_LINKS = 50  # maximum number of addresses of an entry
MAX_ALIASES = 200  # maximum number of aliases, and of abbreviations, of an entry
MAX_REQUIRED = 100  # maximum number of prerequisites of an episode
Goal = Literal["practitioner", "researcher", "career"]
MAX_RULES = 20  # maximum number of match rules in an entry
MAX_RULE_WORDS = 200  # maximum number of words or phrases in a list of a match rule
Phrases = Annotated[tuple[Phrase, ...], Field(max_length=MAX_RULE_WORDS)]
Format = Literal[
    "book", "course", "video", "podcast", "audiobook", "article", "paper", "site", "degree", "tool", "tutorial", "other"
]
Engagement = Literal["passive", "active"]
Price = Literal["free", "$", "$$", "$$$"]
Pick = Literal["ordered", "all", "any", "one", "none"]
FetchKind = Literal["transcripts", "chapters", "covers"]


class Kind(StrEnum):
    """The kinds of knowledge entry. If entries of two kinds have the same name, the kind listed first is used."""

    TOOL = "tool"
    TOPIC = "topic"
    TERM = "term"
    RESOURCE = "resource"
    PERSON = "person"


class EntryStatus(StrEnum):
    PUBLISHED = "published"
    DRAFT = "draft"


class Limited(Record):
    """The base class of records whose lists have at most `MAX_ITEMS` items."""

    @field_validator("*")
    @classmethod
    def _few_items(cls, value: Any) -> Any:
        if isinstance(value, tuple) and len(value) > MAX_ITEMS:
            raise ValueError(f"has more than {MAX_ITEMS:,} items; shorten it")
        return value


class Named(Limited):
    """The fields that all kinds of entries share."""

    status: EntryStatus = Field(EntryStatus.PUBLISHED, description="published, or draft (shown only in a preview)")
    former: tuple[Slug, ...] = Field((), description="earlier slugs; their addresses redirect to this entry")

    @property
    def state(self) -> str:
        """The label of an entry in a preview: `draft`, or "" for a published entry."""
        return self.status.value if self.status is EntryStatus.DRAFT else ""


class SeriesKind(StrEnum):
    PODCAST = "podcast"
    LECTURES = "lectures"
    COURSE = "course"
    LOG = "log"


class ListOrder(StrEnum):
    NEWEST = "newest"
    OLDEST = "oldest"


class Link(Record):
    """A link with its text and its address."""

    title: Title = Field(description="text of the link")
    url: Url = Field(description="address of the link")


class Owner(Record):
    """The person or organisation that podcast directories contact about a feed."""

    name: Title = Field(description="name of the owner")
    email: Text = Field("", description="email address of the owner, which the feed publishes")


_HOST = r"^https?://(\*\.)?[A-Za-z0-9_-]{1,63}(\.[A-Za-z0-9_-]{1,63}){0,10}(:\d{1,5})?/?$"
Host = Annotated[str, StringConstraints(pattern=_HOST)]
"""A scheme and a host, such as https://cdn.example or https://*.cdn.example."""
_NUMBERED = r"^https?://[^\s{}]+\{number(:0\d)?\}[^\s{}]*$"
NumberedUrl = Annotated[str, StringConstraints(pattern=_NUMBERED, max_length=500)]
MAX_REFERENCES = 20
References = Annotated[
    tuple[Annotated[Title, StringConstraints(pattern=r"\{number\}")], ...], Field(max_length=MAX_REFERENCES)
]
MAX_FOLLOWS = 50
Follows = Annotated[tuple[Link, ...], Field(max_length=MAX_FOLLOWS)]
MAX_PROMOTION = 200
MAX_WILDCARDS = 10


def _few_wildcards(value: str) -> str:
    if value.count("*") > MAX_WILDCARDS:
        raise ValueError(f'has more than {MAX_WILDCARDS} "*"; remove some of them')
    return value


Sentence = Annotated[
    str,
    StringConstraints(min_length=3, max_length=500),
    AfterValidator(_few_wildcards),
    Field(json_schema_extra={"pattern": rf"^[^*]*(\*[^*]*){{0,{MAX_WILDCARDS}}}$"}),
]
Promotion = Annotated[tuple[Sentence, ...], Field(max_length=MAX_PROMOTION)]


class Series(Limited):
    """An ordered group of episodes. The ids of its episodes begin with the slug of the series."""

    title: Title = Field(description="name of the series")
    kind: SeriesKind = Field(SeriesKind.PODCAST, description="kind of series")
    summary: Text = Field("", description="summary of the series, in one or two sentences")
    home: Url | None = Field(None, description="address of the series' website")
    address: NumberedUrl | None = Field(None, description="address of an episode, as in https://a.example/{number:03}")
    prefix: ShortText | None = Field(None, description="text before the number in titles, such as MLG")
    references: References = Field((), description="other patterns of references to episodes, such as Show #{number}")
    cover: Text | None = Field(None, description="image file in episodes/<series>/; default: an image named cover")
    licence: Text | None = Field(None, description="licence of the notes")
    author: Text | None = Field(None, description="author of the series")
    unofficial: bool = Field(False, description="true if the notes aren't written by the authors of the series")
    subscribe: Follows = Field((), description="services where people can subscribe")
    funding: Follows = Field((), description="pages where people can support the series")
    artwork: Url | None = Field(None, description="address of the series' original image")
    guid: Text | None = Field(None, description="podcast:guid, which stays the same when the feed's address changes")
    categories: Names = Field((), description="Apple Podcasts categories of the feed, such as Education > How To")
    explicit: bool = Field(False, description="true if the series contains explicit language or content")
    owner: Owner | None = Field(None, description="owner of the feed; not shown in the feed of an unofficial series")
    locked: bool = Field(False, description="true if other podcast hosts must not import the feed")
    promotion: Promotion = Field((), description="advertising sentences that imports remove; * matches any words")
    feed: Url | None = Field(None, description="address of the feed")
    fetch: tuple[FetchKind, ...] = Field((), description="files that mlguide sync downloads if the feed links to them")
    media: tuple[Host, ...] = Field((), description="hosts that audio files redirect to, such as https://cdn.example")
    order: ListOrder = Field(ListOrder.OLDEST, description="whether lists begin with the newest or the oldest episode")
    path: bool | None = Field(
        None, description="whether the learning path contains the series; by default, news shows are left out"
    )
    position: int = Field(0, description="position among the series; lower numbers come first")
    start: tuple[Slug, ...] = Field((), description="ids of the episodes under “Start here” on the home page")

    @model_validator(mode="before")
    @classmethod
    def _number_is_position(cls, fields: Any) -> Any:
        """Read a number in `order` as `position`, because earlier versions used `order` for the position."""
        if not isinstance(fields, Mapping) or not str(fields.get("order")).lstrip("-").isdecimal():
            return fields
        return {"position": fields["order"], **{name: value for name, value in fields.items() if name != "order"}}

    def numbered(self, number: int) -> str:
        """Return the prefix and an episode's number, which has three digits after capitals: "MLG 007", but "Day 7"."""
        return f"{self.prefix} {number:03}" if self.prefix and self.prefix.isupper() else f"{self.prefix} {number}"


class Question(Record):
    """A question that readers can answer after an episode or a topic, and the answer."""

    question: Title = Field(description="the question")
    answer: Title = Field(description="the answer")


class Topic(Named):
    """A subject of episodes. The field `parent` names a broader topic."""

    name: Title = Field(description="name of the topic")
    parent: Slug | None = Field(None, description="slug of the broader topic")
    summary: Text = Field("", description="summary of the topic, in one or two sentences")
    guide: Markdown = Field("", description="introduction to the topic, in Markdown")
    aliases: Names = Field((), max_length=MAX_ALIASES, description="other names that link to the topic")
    order: tuple[Slug, ...] = Field((), description="ids of the topic's episodes in the suggested order")
    goals: tuple[Goal, ...] = Field(
        (), max_length=len(get_args(Goal)), description="goals for which readers need the topic and its subtopics"
    )
    terms: tuple[Slug, ...] = Field((), description="slugs of the key terms, the most important term first")
    questions: tuple[Question, ...] = Field((), description="questions that readers can answer after the topic")


class MatchRule(Limited):
    """A rule for an ambiguous name. The name counts as a mention only if all conditions of the rule are met."""

    names: Names = Field((), description="names that the rule applies to; by default, all names of the entry")
    case: bool = Field(False, description="true if matching is case-sensitive")
    near: Phrases = Field((), description="words; at least one must be in the same paragraph or list item")
    not_near: Phrases = Field((), description="words that must not be in the same paragraph or list item")
    before: Phrases = Field((), description="words that must not be directly before the name")
    after: Phrases = Field((), description="words that must not be directly after the name")
    topics: tuple[Slug, ...] = Field((), description="slugs of topics; the episode must have at least one of them")


MatchRules = Annotated[tuple[MatchRule, ...], Field(max_length=MAX_RULES)]


class Tool(Named):
    """A product, library or service."""

    name: Title = Field(description="name of the tool")
    aliases: Names = Field((), max_length=MAX_ALIASES, description="other names that link to the tool")
    homepage: Url | None = Field(None, description="address of the tool's home page")
    source: Url | None = Field(None, description="address of the tool's source code")
    licence: Text | None = Field(None, description="licence of the tool")
    category: ShortText = Field("Other", description="group of the tool in the index of tools")
    topics: tuple[Slug, ...] = Field((), max_length=MAX_TOPICS, description="slugs of the tool's topics")
    summary: Text = Field("", description="summary of the tool, in one or two sentences")
    match: MatchRules = Field((), description="rules that decide when a name of the entry becomes a link")


class Importance(StrEnum):
    ESSENTIAL = "essential"
    VALUABLE = "valuable"
    SUPPLEMENTARY = "supplementary"


class Difficulty(StrEnum):
    EASY = "easy"
    MEDIUM = "medium"
    HARD = "hard"


class ResourceUrl(Record):
    """An address of a resource. In a knowledge file, a plain string is an address without a title or price."""

    url: Url = Field(description="address of the resource")
    title: Text = Field("", description="text of the link")
    price: Price | None = Field(None, description="price at this address")


_url_entry = BeforeValidator(
    lambda value: {"url": value} if isinstance(value, str) else value, json_schema_input_type=str | ResourceUrl
)
UrlEntry = Annotated[ResourceUrl, _url_entry]


class Resource(Named):
    """A book, course, video, site or other resource. The field `children` contains the parts of a resource."""

    title: Title = Field(description="title of the resource")
    urls: tuple[UrlEntry, ...] = Field((), max_length=MAX_LINKS, description="addresses of the resource")
    authors: Names = Field((), max_length=MAX_AUTHORS, description="authors of the resource")
    aliases: Names = Field((), max_length=MAX_ALIASES, description="other names that link to the resource")
    format: Format | tuple[Format, ...] = Field("other", description="format of the resource")
    importance: Importance | None = Field(None, description="importance of the resource")
    difficulty: Difficulty | None = Field(None, description="difficulty of the resource")
    engagement: Engagement | None = Field(None, description="passive (read or watch) or active (exercises)")
    price: Price | None = Field(None, description="price of the resource")
    topics: tuple[Slug, ...] = Field((), max_length=MAX_TOPICS, description="slugs of the resource's topics")
    episodes: tuple[Slug, ...] = Field((), description="ids of episodes that recommend the resource")
    summary: Text = Field("", description="summary of the resource, in one or two sentences")
    advice: Text = Field("", description="which parts to use, how, and how long this takes")
    pick: Pick | None = Field(None, description="which children to use; `none`: the children are only for reference")
    hide: bool = Field(False, description="true if the home page doesn't list the resource")
    match: MatchRules = Field((), description="rules that decide when a name of the entry becomes a link")
    children: dict[Slug, "Resource"] = Field(default_factory=dict, description="child resources, by slug")
    parent: SkipJsonSchema[Slug | None] = Field(None, exclude=True, description="slug of the parent resource")

    @property
    def formats(self) -> tuple[str, ...]:
        found = self.format if isinstance(self.format, tuple) else (self.format,)
        return tuple(dict.fromkeys(found)) or ("other",)


class Term(Named):
    """A glossary term, with your own definition."""

    term: Title = Field(description="the term")
    abbreviations: Names = Field((), max_length=MAX_ALIASES, description="abbreviations that link to the term")
    aliases: Names = Field((), max_length=MAX_ALIASES, description="other names that link to the term")
    definition: Text = Field("", description="definition of the term, in your own words; plain text with formulas")
    links: tuple[Link, ...] = Field((), max_length=MAX_LINKS, description="pages that explain the term")
    see: tuple[Slug, ...] = Field((), max_length=MAX_SEE, description="slugs of related terms")
    topics: tuple[Slug, ...] = Field((), max_length=MAX_TOPICS, description="slugs of the term's topics")
    match: MatchRules = Field((), description="rules that decide when a name of the entry becomes a link")


class Person(Named):
    """A host, guest, author or other person."""

    name: Title = Field(description="name of the person")
    aliases: Names = Field((), max_length=MAX_ALIASES, description="other names that link to the person")
    role: Text = Field("", description="role of the person, such as author or researcher")
    summary: Text = Field("", description="description of the person, in one or two sentences")
    links: tuple[Link, ...] = Field((), max_length=MAX_LINKS, description="web pages about the person")


class Suggestions(Record):
    """The proposals of `mlguide suggest` that the user has rejected."""

    ignore: Names = Field((), description="names that the command `mlguide suggest` must not propose")


Entry = Topic | Tool | Resource | Term | Person  # a knowledge entry that a text can mention
LANGUAGE_PATTERN = r"^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*$"
MediaType = Annotated[str, StringConstraints(pattern=r"^[a-z]+/[A-Za-z0-9.+-]+$")]
# at the top level, the only allowed suffix is `.html`, because builds generate files such as `feed.xml` there
OLD_ADDRESS = r"^/[A-Za-z0-9~%-][A-Za-z0-9_~%-]{0,200}(\.html|(/[A-Za-z0-9._~%-]{1,200}){1,20}/?|/)?$"
OldAddress = Annotated[str, StringConstraints(pattern=OLD_ADDRESS, max_length=300)]
SourceFormat = Literal[
    "feed", "directory", "player", "hackmd", "hugo", "jekyll", "obsidian", "log", "opml", "transcript"
]
Language = Annotated[str, StringConstraints(pattern=LANGUAGE_PATTERN)]


class Status(StrEnum):
    """An episode's status. Only previews show a `draft`. A `cancelled` episode is listed only on its series' page."""

    PUBLISHED = "published"
    DRAFT = "draft"
    CANCELLED = "cancelled"


class Audio(Record):
    """The audio file of an episode: address, media type and size in bytes."""

    url: Url = Field(description="address of the audio file")
    type: MediaType = Field("audio/mpeg", description="media type, such as audio/mpeg")
    bytes: Annotated[int, Field(ge=0)] | None = Field(None, description="size of the file in bytes")


class PersonRole(Record):
    """A participant of an episode and the participant's role."""

    person: Slug = Field(description="slug of the person, as in people.yml")
    role: Text = Field(
        "guest",
        description="such as guest; by default guest, or host, co-host or (in logs and courses) author of people.yml",
    )


class TranscriptUrl(Record):
    """A transcript on another site. `rel` is `captions` if the transcript is in a caption format."""

    url: Url = Field(description="address of the transcript")
    type: MediaType | None = Field(None, description="media type, such as text/vtt")
    language: Language | None = Field(None, description="language tag, such as en-GB")
    rel: Literal["captions"] | None = Field(None, description="captions, if the transcript is in a caption format")


class Soundbite(Record):
    """A short excerpt of the audio, with its start and length."""

    start: Duration = Field(description="start of the excerpt, HH:MM:SS")
    duration: Duration = Field(description="length of the excerpt, HH:MM:SS")
    title: Text = Field("", description="title of the excerpt")


class Source(Record):
    """The source of the notes: the format and, if known, the address."""

    format: SourceFormat = Field(description="format of the source")
    url: Url | None = Field(None, description="address of the feed or page that was imported")


class Episode(Limited):
    """The front matter of an episode. Only `id` and `title` are required; durations are in seconds."""

    id: Slug = Field(description="id of the episode, such as show-001; change it with mlguide rename")
    title: Title = Field(description="title of the episode")
    date: IsoDate | None = Field(None, description="date of publication, as in 2026-05-31 or 2026-05-31T08:00:00Z")
    duration: Duration | None = Field(None, description="length of the episode, HH:MM:SS")
    summary: Text = Field("", description="summary of the episode, in one or two sentences")
    topics: tuple[Slug, ...] = Field((), description="slugs of the episode's topics")
    tools: tuple[Slug, ...] = Field((), description="slugs of tools that the episode covers")
    resources: tuple[Slug, ...] = Field((), description="slugs of resources that the episode recommends")
    tags: Names = Field((), description="feed keywords; names of topics count like `topics`, others as mentions")
    people: tuple[PersonRole, ...] = Field((), description="participants of the episode, with their roles")
    requires: tuple[Slug, ...] = Field((), max_length=MAX_REQUIRED, description="ids of prerequisite episodes")
    stage: Title | None = Field(None, description="name of the episode's stage of the learning path")
    audio: Audio | None = Field(None, description="the audio file")
    alternates: tuple[Audio, ...] = Field((), description="other versions of the recording, such as a video")
    links: tuple[Link, ...] = Field((), description="links of the episode, such as its official page")
    guid: Text | None = Field(None, description="globally unique id from the feed")
    season: Annotated[int, Field(ge=0, le=9999)] | None = Field(None, description="number of the season")
    type: Literal["trailer", "bonus"] | None = Field(None, description="trailer or bonus; empty for other episodes")
    season_title: Text | None = Field(None, description="name of the season")
    label: Text | None = Field(None, description="text that replaces the episode's number on the site")
    language: Language | None = Field(None, description="language tag, such as en-GB (default: the site's language)")
    image: Text | None = Field(None, description="image file beside the note, or in the episode's own folder")
    artwork: Url | None = Field(None, description="address of the episode's original image")
    transcripts: tuple[TranscriptUrl, ...] = Field((), description="transcripts on other sites")
    chapters: Url | None = Field(None, description="address of the original chapters file")
    soundbites: tuple[Soundbite, ...] = Field((), description="short excerpts of the audio")
    questions: tuple[Question, ...] = Field((), description="questions about the episode, and their answers")
    licence: Text | None = Field(None, description="licence of the episode, if the licence of the series doesn't apply")
    place: Text | None = Field(None, description="place of the recording or event")
    source: Source | None = Field(None, description="source of the notes")
    notes_as_of: IsoDate | None = Field(None, description="date of the notes, if they are newer than the episode")
    status: Status = Field(Status.PUBLISHED, description="status of the episode; a draft is shown only in a preview")
    former: tuple[Slug, ...] = Field((), description="earlier ids; their addresses redirect to this episode")
    redirects: tuple[OldAddress, ...] = Field(
        (), max_length=100, description="old paths, such as /12/, that redirect to the episode"
    )
    truncated: bool = Field(False, description="true if the notes are incomplete because the source is truncated")


class Page(Limited):
    """The front matter of a file in `pages/`."""

    title: Title = Field(description="title of the page")
    description: Text = Field("", description="one sentence for search engines; the page doesn't show the sentence")


@dataclass(frozen=True, slots=True)
class EpisodeFile:
    """A file in `episodes/`, or in `pages/` (then `series` is "", the id is the path, the summary the description)."""

    path: str  # relative to the root, with forward slashes
    series: str
    number: int | None
    meta: Episode  # the front matter
    body: str  # Markdown
    body_line: int  # the number of the body's first line
    spans: Any = None  # the positions of front matter fields
    extra: Mapping[str, Any] = field(default_factory=lambda: MappingProxyType({}))  # the user's `x-` keys
    place: str = ""  # in a hub: the path of the episode's page in the site of its show

    @property
    def id(self) -> str:
        return self.meta.id

    @property
    def page(self) -> str:
        """The path of the page in the folder of generated pages."""
        own = page_path("episode", self.id, self.series) if self.series else self.path.removeprefix(PAGES)
        return self.place or own

    @property
    def folder(self) -> str:
        """The folder where relative links begin. The guide of a topic has the same links as a file in `pages/`."""
        return posixpath.dirname(PAGES if self.path.startswith("knowledge/") else self.path)

    def span(self, *where: str | int) -> Span:
        """Return the position of a field or list item, as in `span("topics", 0)`, or the first line if unknown."""
        return self.spans.find(where) if self.spans is not None else Span()
