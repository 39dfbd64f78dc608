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

    status: EntryStatus = Field(EntryStatus.PUBLISHED, description="draft: nowhere on the site but in serve")
    former: tuple[Slug, ...] = Field((), description="slugs that it had before; their addresses lead to its page")

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

    title: Title
    url: Url


Host = Annotated[
    str,
    StringConstraints(pattern=r"^https?://(\*\.)?[A-Za-z0-9_-]{1,63}(\.[A-Za-z0-9_-]{1,63}){0,10}(:\d{1,5})?/?$"),
    Form("https://cdn.example"),
]
"""A scheme and a host, such as https://cdn.example or https://*.cdn.example."""


class Series(Record):
    """An ordered run of episodes. The key of the entry is the first part of its episodes' ids."""

    title: Title
    kind: SeriesKind = SeriesKind.PODCAST
    summary: Text = ""
    home: Url | None = Field(None, description="the series' own site")
    address: (
        Annotated[
            str,
            StringConstraints(pattern=r"^https?://[^\s{}]+\{number(:0\d)?\}[^\s{}]*$", max_length=500),
            Form('"https://show.example/{number}"'),
        ]
        | None
    ) = Field(None, description="address of an episode's own page, {number} or {number:03} standing for its number")
    prefix: Text | None = Field(None, description="the text before the number in titles, such as MLG")
    references: Names = Field((), description="more ways people write a reference, {number} standing for the number")
    cover: Text | None = Field(None, description="an image in the site's assets")
    licence: Text | None = Field(None, description="licence of the notes")
    author: Text | None = None
    unofficial: bool = Field(False, description="true where the notes are not the series' own")
    subscribe: tuple[Subscribe, ...] = ()
    funding: tuple[Subscribe, ...] = Field((), description="where the series can be supported")
    artwork: Url | None = Field(None, description="address of the series' picture at its source")
    guid: Text | None = Field(None, description="podcast:guid of the feed: the same wherever the feed moves")
    promotion: tuple[Annotated[str, StringConstraints(min_length=3, max_length=500)], ...] = Field(
        (), description="sentences that imports leave out; * stands for any words"
    )
    feed: Url | None = None
    media: tuple[Host, ...] = Field((), description="hosts that those of its sound send browsers on to")
    order: int = Field(0, description="place among the series; smaller first")


class Topic(Named):
    """A subject; topics nest through `parent`."""

    name: Title
    parent: Slug | None = None
    summary: Text = ""
    aliases: Names = ()
    order: tuple[Slug, ...] = Field((), description="ids of episodes in the order to hear them")


MAX_RULES = 20
"""Match rules of one entry."""
MAX_RULE_WORDS = 200
"""Words or phrases in one list of a match rule."""
Phrases = Annotated[tuple[Phrase, ...], Field(max_length=MAX_RULE_WORDS)]


class MatchRule(Record):
    """Conditions for an ambiguous name: it counts as a mention only if all of them hold."""

    names: Names = Field((), description="the names the rule is for; all of the entry's where empty")
    case: bool = Field(False, description="true: upper and lower case must be as written")
    near: Phrases = Field((), description="at least one of these words is in the same block")
    not_near: Phrases = Field((), description="none of these words is in the same block")
    before: Phrases = Field((), description="none of these words is just before the name")
    after: Phrases = Field((), description="none of these words is just after the name")
    topics: tuple[Slug, ...] = Field((), description="the episode has at least one of these topics")


MatchRules = Annotated[tuple[MatchRule, ...], Field(max_length=MAX_RULES)]


class Tool(Named):
    """A product, library or service."""

    name: Title
    aliases: Names = ()
    homepage: Url | None = None
    source: Url | None = Field(None, description="address of the source code")
    licence: Text | None = None
    category: Text = "Other"
    topics: tuple[Slug, ...] = ()
    summary: Text = ""
    match: MatchRules = ()


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

    url: Url
    title: Text = ""
    price: Literal["free", "$", "$$", "$$$"] | None = None


def _url_entry(value: object) -> object:
    return {"url": value} if isinstance(value, str) else value


class Resource(Named):
    """A book, course, video, site …; resources nest under `children`."""

    title: Title
    urls: tuple[Annotated[ResourceUrl, BeforeValidator(_url_entry, json_schema_input_type=str | ResourceUrl)], ...] = ()
    authors: Names = ()
    aliases: Names = ()
    format: Format | tuple[Format, ...] = "other"
    importance: Importance | None = None
    difficulty: Difficulty | None = None
    engagement: Literal["passive", "active"] | None = None
    price: Literal["free", "$", "$$", "$$$"] | None = None
    topics: tuple[Slug, ...] = ()
    episodes: tuple[Slug, ...] = Field((), description="ids of episodes that recommend it")
    summary: Text = ""
    pick: Pick | None = None
    hide: bool = False
    match: MatchRules = ()
    children: dict[Slug, "Resource"] = Field(default_factory=dict)
    parent: Slug | None = Field(None, exclude=True, description="set when the tree is flattened")

    @property
    def formats(self) -> tuple[str, ...]:
        return self.format if isinstance(self.format, tuple) else (self.format,)


class Term(Named):
    """A word of the field with a definition of our own."""

    term: Title
    abbreviations: Names = ()
    aliases: Names = ()
    definition: Text = ""
    see: tuple[Slug, ...] = Field((), description="slugs of terms to see also")
    topics: tuple[Slug, ...] = ()
    match: MatchRules = ()


class Person(Named):
    """A person in the sources."""

    name: Title
    aliases: Names = ()
    role: Text = ""
    summary: Text = ""
    links: tuple[Subscribe, ...] = ()


class Suggestions(Record):
    """A person's decisions about suggestions."""

    ignore: Names = Field((), description="names that are never to be suggested as entries")


Entry = Topic | Tool | Resource | Term | Person
"""Any entry that a text can name."""
