"""The kinds of knowledge entry: series, topics, tools, resources, terms and people."""

from enum import StrEnum
from typing import Annotated, Literal

from pydantic import BeforeValidator, Field, StringConstraints

from mlguide_site.model.base import Form, Phrase, Record, Slug, Text, Title, Url

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
        """The label in a preview: `draft`, or nothing."""
        return self.status.value if self.status is EntryStatus.DRAFT else ""


class SeriesKind(StrEnum):
    PODCAST = "podcast"
    LECTURES = "lectures"
    COURSE = "course"
    LOG = "log"


class Subscribe(Record):
    """One place where the series can be followed."""

    title: Title = Field(description="text of the link")
    url: Url = Field(description="where it leads")


Host = Annotated[
    str,
    StringConstraints(pattern=r"^https?://(\*\.)?[A-Za-z0-9_-]{1,63}(\.[A-Za-z0-9_-]{1,63}){0,10}(:\d{1,5})?/?$"),
    Form("https://cdn.example"),
]
"""A scheme and a host, such as https://cdn.example or https://*.cdn.example."""


class Series(Record):
    """An ordered run of episodes. The key of the entry is the first part of its episodes' ids."""

    title: Title = Field(description="name of the series")
    kind: SeriesKind = Field(SeriesKind.PODCAST, description="podcast, lectures, course or log")
    summary: Text = Field("", description="what it is about, in one or two sentences")
    home: Url | None = Field(None, description="the series' own site")
    address: (
        Annotated[
            str,
            StringConstraints(pattern=r"^https?://[^\s{}]+\{number(:0\d)?\}[^\s{}]*$", max_length=500),
            Form('"https://show.example/{number}"'),
        ]
        | None
    ) = Field(None, description="address of an episode's own page; {number} or {number:03} is replaced by its number")
    prefix: Text | None = Field(None, description="text before the number in titles, such as MLG")
    references: Names = Field(
        (), description="further ways in which people refer to an episode; {number} is replaced by its number"
    )
    cover: Text | None = Field(None, description="picture of the series, in the site's assets")
    licence: Text | None = Field(None, description="licence of the notes")
    author: Text | None = Field(None, description="who makes the series")
    unofficial: bool = Field(False, description="true: the notes are not the series' own")
    subscribe: tuple[Subscribe, ...] = Field((), description="where people can subscribe")
    funding: tuple[Subscribe, ...] = Field((), description="where people can support the series")
    artwork: Url | None = Field(None, description="address of the series' picture at its source")
    guid: Text | None = Field(None, description="podcast:guid of the feed, which stays the same if the feed moves")
    promotion: tuple[Annotated[str, StringConstraints(min_length=3, max_length=500)], ...] = Field(
        (), description="sentences that imports leave out; * matches any words"
    )
    feed: Url | None = Field(None, description="address of the feed")
    media: tuple[Host, ...] = Field((), description="hosts that its audio redirects to")
    order: int = Field(0, description="position among the series, smaller first")


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


class ResourceUrl(Record):
    """An address of a resource; a bare string in the file is an address without title and price."""

    url: Url = Field(description="where it is")
    title: Text = Field("", description="text of the link")
    price: Literal["free", "$", "$$", "$$$"] | None = Field(None, description="what it costs there")


def _url_entry(value: object) -> object:
    return {"url": value} if isinstance(value, str) else value


class Resource(Named):
    """A book, course, video, site …; resources nest under `children`."""

    title: Title = Field(description="title of the resource")
    urls: tuple[Annotated[ResourceUrl, BeforeValidator(_url_entry, json_schema_input_type=str | ResourceUrl)], ...] = (
        Field((), description="where it can be found")
    )
    authors: Names = Field((), description="who made it")
    aliases: Names = Field((), description="other names that link to it")
    format: Format | tuple[Format, ...] = Field("other", description="what it is")
    importance: Importance | None = Field(None, description="how much it matters")
    difficulty: Difficulty | None = Field(None, description="how hard it is")
    engagement: Literal["passive", "active"] | None = Field(
        None, description="passive (read or watch) or active (exercises)"
    )
    price: Literal["free", "$", "$$", "$$$"] | None = Field(None, description="what it costs")
    topics: tuple[Slug, ...] = Field((), description="slugs of topics that it is about")
    episodes: tuple[Slug, ...] = Field((), description="ids of episodes that recommend it")
    summary: Text = Field("", description="what it is, in one or two sentences")
    pick: Pick | None = Field(None, description="how to choose among its children: in order, all, any, one, or none")
    hide: bool = Field(False, description="true: its page exists, but the home page leaves it out")
    match: MatchRules = Field((), description="when its names link")
    children: dict[Slug, "Resource"] = Field(default_factory=dict, description="resources that it includes, by slug")
    parent: Slug | None = Field(None, exclude=True, description="set when the tree is flattened")

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
    """A person in the sources."""

    name: Title = Field(description="name of the person")
    aliases: Names = Field((), description="other names that link to them")
    role: Text = Field("", description="what they are known for")
    summary: Text = Field("", description="who they are, in one or two sentences")
    links: tuple[Subscribe, ...] = Field((), description="their pages")


class Suggestions(Record):
    """A person's decisions about suggestions."""

    ignore: Names = Field((), description="names that mlguide suggest must not propose")


Entry = Topic | Tool | Resource | Term | Person
"""Any entry that a text can name."""
