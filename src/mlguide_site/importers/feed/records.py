"""A feed as values, whatever format it has, and how the texts of an item become the fields of an episode."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from mlguide_site.errors import Problem
from mlguide_site.importers.common.addresses import web_address
from mlguide_site.importers.common.dates_and_durations import duration_field, read_day, read_length
from mlguide_site.importers.common.naming import Person
from mlguide_site.importers.feed.descriptions import Notes, Part, read_descriptions
from mlguide_site.markdown.escape import clean_text, unescape
from mlguide_site.markdown.from_html import without_password
from mlguide_site.markdown.sanitiser import acts
from mlguide_site.model.transcript import Chapter

MAX_TITLE = 500
KINDS = frozenset({"", "full", "trailer", "bonus"})
"""What `itunes:episodeType` may be."""
_MEDIA_TYPE = re.compile(r"[a-z]{1,30}/[A-Za-z0-9.+-]{1,80}")
_TYPE_OF_SUFFIX = {
    "mp3": "audio/mpeg",
    "m4a": "audio/mp4",
    "ogg": "audio/ogg",
    "opus": "audio/ogg",
    "wav": "audio/wav",
    "mp4": "video/mp4",
}


@dataclass(frozen=True, slots=True)
class Entry:
    """An item of a feed, its fields parsed and its addresses absolute; "" and None for what it lacks.

    `more` holds front matter fields that are copied as they are. `removed` describes what would run on a page, `unread`
    what could not be parsed; `has_password` is true where an address held a name and password.
    """

    title: str
    notes: Notes
    summary: str
    date: "date | None"
    dated: str
    duration: str
    guid: str
    link: str
    audio: Mapping[str, Any] | None
    number: int | None
    season: int | None
    kind: str
    line: int
    people: tuple[Person, ...]
    more: Mapping[str, Any]
    chapters: tuple[Chapter, ...]
    removed: tuple[str, ...]
    unread: tuple[str, ...]
    has_password: bool

    @property
    def is_empty(self) -> bool:
        """Whether it holds nothing that an episode could be made of."""
        return not (self.title or self.notes.text or self.notes.fault or self.summary or self.link or self.audio)


@dataclass(frozen=True, slots=True)
class Feed:
    """A feed: its own fields, and its items, which are read lazily. `address` is the one it gives for itself, `next`
    that of its next page. `fields` are those of a series that are copied as they are; `problems` are what was repaired.
    """

    title: str
    entries: Iterable[Entry]
    language: str = ""
    link: str = ""
    author: str = ""
    address: str = ""
    next: str = ""
    people: tuple[Person, ...] = ()
    fields: Mapping[str, Any] = field(default_factory=dict)
    problems: tuple[Problem, ...] = ()


@dataclass
class RawItem:
    """An item as a format has it: texts as written, several where it has several of a kind, the best first. `addresses`
    are those of links and enclosures by "", and others by what they lead to, such as `a transcript`."""

    base: str
    line: int = 1
    title: str = ""
    link: str = ""
    guid: str = ""
    summary: str = ""
    kind: str = ""
    parts: Iterable[Part] = ()
    dates: Sequence[str] = ()
    lengths: Sequence[str] = ()
    numbers: Sequence[str] = ()
    seasons: Sequence[str] = ()
    media: Sequence[tuple[Any, str, str]] = ()
    people: tuple[Person, ...] = ()
    more: Mapping[str, Any] = field(default_factory=dict)
    chapters: tuple[Chapter, ...] = ()
    addresses: Sequence[tuple[str, Any]] = ()
    unread: list[str] = field(default_factory=list)

    def entry(self) -> Entry:
        """The item with its fields parsed."""
        unread: list[str] = []

        def first(called: str, texts: Sequence[str], read: Any) -> Any:
            """What the first text that can be read says; nought only if no other says more."""
            found = [value for text in texts if text and (value := read(text)) is not None]
            unread.extend(f'the {called} "{texts[0][:40]}"' for _ in texts[:1] if texts[0] and not found)
            return next(filter(None, found), next(iter(found), None))

        dates = [one_line(text)[:200] for text in self.dates if text]
        dated = next((text for text in dates if read_day(text)), dates[0] if dates else "")
        seconds = first("duration", self.lengths, lambda text: read_length(text.strip()[:40]))
        season, number = (
            first("season", self.seasons, whole_number),
            first("episode number", self.numbers, whole_number),
        )
        kind = first("kind of episode", [self.kind], lambda text: text if text in KINDS else None)
        written = [
            (called, one_line(url), url) for called, url in self.addresses if isinstance(url, str) and url.strip()
        ]
        unread += [
            f'the address "{shown[:40]}" of {called}'
            for called, shown, url in written
            if called and not acts(url) and not web_address(url, self.base)
        ]
        return Entry(
            title=self.title[:MAX_TITLE],
            notes=read_descriptions(self.parts),
            summary=self.summary if len(self.summary) <= MAX_TITLE else "",
            date=read_day(dated),
            dated=dated,
            duration=duration_field(seconds),
            guid=without_password(self.guid)[:MAX_TITLE],
            link=self.link,
            audio=_first_sound([sound(web_address(url, self.base), type, size) for url, type, size in self.media]),
            number=number,
            season=season,
            kind=kind or "",
            line=self.line,
            people=self.people,
            more={name: value for name, value in self.more.items() if value},
            chapters=self.chapters,
            removed=tuple(dict.fromkeys(f'the address "{shown[:40]}"' for _, shown, url in written if acts(url))),
            unread=tuple(dict.fromkeys([*unread, *self.unread])),
            has_password=any(without_password(url.strip()) != url.strip() for _, _, url in written),
        )


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


def sound(url: str, type: str, size: str) -> Mapping[str, Any] | None:
    """An enclosure as front matter has it; None where it is neither audio nor video, or has no address."""
    suffix = re.search(r"\.([a-z0-9]{2,4})(?:[?#].*)?$", url, re.I)
    guess = _TYPE_OF_SUFFIX.get(suffix[1].casefold() if suffix else "", "")
    type = type.strip() if _MEDIA_TYPE.fullmatch(type.strip()) else guess
    if not url or not type.startswith(("audio/", "video/")):
        return None
    is_size = re.fullmatch(r"[0-9]{1,15}", size.strip()) and int(size) > 1  # 0 and 1 mean "unknown"
    return {"url": url, "type": type} | ({"bytes": int(size)} if is_size else {})


def _first_sound(found: Iterable[Mapping[str, Any] | None]) -> Mapping[str, Any] | None:
    """The first enclosure that is audio, else the first that is video."""
    kept = [audio for audio in found if audio]
    return min(kept, key=lambda audio: str(audio["type"]).startswith("video/"), default=None)
