"""A feed as values, whatever format it has, and how the values of an item become an entry."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple

from mlguide_site.errors import Problem
from mlguide_site.importers.common.dates_and_durations import duration_field, read_day, read_length
from mlguide_site.importers.common.naming import Person
from mlguide_site.importers.feed.descriptions import Notes, Part, read_descriptions
from mlguide_site.markdown.escape import clean_text, unescape
from mlguide_site.markdown.from_html import without_password
from mlguide_site.model.transcript import MAX_SECONDS as LAST_SECOND
from mlguide_site.model.transcript import Chapter, read_time

MAX_TITLE = 500
MAX_CHAPTERS = 1_000
"""Chapters that are read of one episode."""
KINDS = frozenset({"", "full", "trailer", "bonus"})
"""What `itunes:episodeType` may be."""
LANGUAGE = re.compile(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8}){0,3}")
MEDIA_TYPE = re.compile(r"[a-z]{1,30}/[A-Za-z0-9.+-]{1,80}")
_TYPE_OF_SUFFIX = {"mp3": "audio/mpeg", "m4a": "audio/mp4", "ogg": "audio/ogg", "opus": "audio/ogg", "mp4": "video/mp4"}
_LISTS = ("transcripts", "soundbites", "funding")
_OF_EPISODES = (
    "artwork",
    "language",
    "chapters",
    "season_title",
    "label",
    "licence",
    "place",
    "transcripts",
    "soundbites",
)
_OF_SERIES = ("artwork", "licence", "kind", "guid", "funding")
"""Fields that are copied as they are."""
_NUMBER = re.compile(r"[0-9]{1,7}(?:\.[0-9]{1,9})?")

Values = Mapping[str, Sequence[Any]]
"""What an item or a feed says for each field, the preferred value first; addresses are absolute."""


class Medium(NamedTuple):
    """An enclosure as written: address, media type and size in bytes, "" for what is unknown."""

    url: str
    type: str
    size: str


class Entry(NamedTuple):
    """An item of a feed; "" and None for what it lacks.

    `dated` is its date as written. `more` holds front matter fields that are copied as they are. `unread` describes
    what could not be parsed.
    """

    title: str
    line: int
    notes: Notes
    summary: str = ""
    date: "date | None" = None
    dated: str = ""
    duration: str = ""
    guid: str = ""
    link: str = ""
    audio: Mapping[str, Any] | None = None
    number: int | None = None
    season: int | None = None
    kind: str = ""
    people: tuple[Person, ...] = ()
    more: Mapping[str, Any] = {}
    chapters: tuple[Chapter, ...] = ()
    unread: tuple[str, ...] = ()

    @property
    def is_empty(self) -> bool:
        """Whether it holds nothing that an episode could be made of."""
        return not (self.title or self.notes.text or self.notes.fault or self.summary or self.link or self.audio)


class Feed(NamedTuple):
    """A feed: its own fields, and its items, which are read lazily, from the last one on. `address` is the one it gives
    for itself, `next` that of its next page. `fields` are those of a series that are copied as they are; `problems` are
    what was repaired."""

    title: str
    entries: Iterable[Entry]
    size: int
    language: str
    link: str
    author: str
    address: str
    next: str
    people: tuple[Person, ...]
    fields: Mapping[str, Any]
    problems: tuple[Problem, ...]


def feed_of(values: Values, entries: Iterable[Entry], size: int, problems: Sequence[Problem] = ()) -> Feed:
    """The feed that the values of a channel make, with its entries."""
    authors = values.get("author") or [person.name for person in values.get("authors", ())]
    summary = max(values.get("summary", ()), key=len, default="")
    return Feed(
        title=_one(values, "title")[:MAX_TITLE],
        entries=entries,
        size=size,
        language=_one(values, "language"),
        link=_one(values, "link"),
        author=", ".join(dict.fromkeys(authors))[:MAX_TITLE],
        address=_one(values, "self"),
        next=_one(values, "next"),
        people=tuple(values.get("people", ())),
        fields=({"summary": summary} if summary else {}) | _copied(values, _OF_SERIES),
        problems=tuple(problems),
    )


def entry_of(values: Values, line: int = 1, room: int = MAX_CHAPTERS) -> Entry:
    """The entry that the values of an item make, with at most `room` chapters."""
    unread: list[str] = []

    def first(field: str, called: str, read: Callable[[str], Any]) -> Any:
        """What the first text that can be read says; zero only if no other says more."""
        written = [text for one in values.get(field, ()) if (text := one_line(one)[:200])]
        found = [value for text in written if (value := read(text)) is not None]
        if written and not found:
            unread.append(f'the {called} "{written[0][:40]}"')
        return next(filter(None, found), next(iter(found), None))

    days = [text for one in values.get("date", ()) if (text := one_line(one)[:200])]
    dated = next((text for text in days if read_day(text)), next(iter(days), ""))
    summary = _one(values, "summary")
    # a summary that is too long for the front matter is part of the notes
    long = [Part(summary, "text/plain")] if len(summary) > MAX_TITLE else []
    audio = [found for medium in values.get("audio", ()) if (found := audio_field(medium))]
    return Entry(
        title=_one(values, "title")[:MAX_TITLE],
        line=line,
        notes=read_descriptions([*values.get("notes", ()), *long]),
        summary="" if long else summary,
        date=read_day(dated),
        dated=dated,
        duration=duration_field(first("duration", "duration", read_length)),
        guid=without_password(_one(values, "guid"))[:MAX_TITLE],
        link=_one(values, "link"),
        # the first enclosure that is audio, else the first that is video
        audio=min(audio, key=lambda one: str(one["type"]).startswith("video/"), default=None),
        number=first("number", "episode number", whole_number),
        season=first("season", "season", whole_number),
        kind=first("kind", "kind of episode", lambda text: kind if (kind := text.casefold()) in KINDS else None) or "",
        people=tuple(values.get("people", ())),
        more=_copied(values, _OF_EPISODES),
        chapters=_chapters(values.get("psc", ()), room, unread),
        unread=tuple(dict.fromkeys(unread)),
    )


def _one(values: Values, field: str) -> Any:
    return next(filter(None, values.get(field, ())), "")


def _copied(values: Values, names: Iterable[str]) -> dict[str, Any]:
    """The fields that are copied as they are."""
    found = {name: list(values.get(name, ())) if name in _LISTS else _one(values, name) for name in names}
    return {name: value for name, value in found.items() if value}


def one_line(value: Any) -> str:
    """A field as one line of text; entities that were escaped twice are read."""
    return " ".join(clean_text(unescape(str(value or ""))).split())


def whole_number(value: Any) -> int | None:
    """A number as feeds count with it; None where it is none.

    >>> whole_number(" 12 "), whole_number("3.5"), whole_number("1e9")
    (12, None, None)
    """
    text = str(value if value is not None else "").strip()
    return int(text) if re.fullmatch(r"[0-9]{1,5}", text) else None


def audio_field(medium: Medium) -> Mapping[str, Any] | None:
    """An enclosure as front matter has it; None where it is neither audio nor video, or has no address."""
    url, type, size = (one.strip() for one in medium)
    suffix = re.search(r"\.([a-z0-9]{2,4})(?:[?#].*)?$", url, re.I)
    type = type if MEDIA_TYPE.fullmatch(type) else _TYPE_OF_SUFFIX.get(suffix[1].casefold() if suffix else "", "")
    if not url or not type.startswith(("audio/", "video/")):
        return None
    is_size = re.fullmatch(r"[0-9]{1,15}", size) and int(size) > 1  # 0 and 1 mean "unknown"
    return {"url": url, "type": type} | ({"bytes": int(size)} if is_size else {})


def read_start(text: str) -> float | None:
    """Where a chapter begins, in seconds, from a normal play time (RFC 2326, 3.6): hours, minutes and seconds, or
    seconds alone; None for anything else.

    >>> read_start("00:01:02.500"), read_start("1:02"), read_start("62.5"), read_start("soon")
    (62.5, 62.0, 62.5, None)
    """
    text = text.strip()[:40]
    is_number = _NUMBER.fullmatch(text) and float(text) <= LAST_SECOND
    return round(float(text), 3) if is_number else read_time(text)


def _chapters(found: Iterable[Mapping[str, str]], room: int, unread: list[str]) -> tuple[Chapter, ...]:
    """The chapters of an item by their start; those that can't be parsed are added to `unread`."""
    chapters: list[Chapter] = []
    for one in list(found)[:room]:
        start = read_start(one["start"])
        if start is None or not one["title"]:
            unread.append(f'the chapter "{one["title"][:40]}"')
        else:
            chapters.append(Chapter(start, None, one["title"], one["link"], one["picture"]))
    return tuple(sorted(chapters, key=lambda chapter: chapter.start))
