"""A feed as values, whatever format it has, and how the texts of an item become the fields of an episode."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
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
from mlguide_site.model.transcript import Chapter

MAX_TITLE = 500
KINDS = frozenset({"", "full", "trailer", "bonus"})
"""What `itunes:episodeType` may be."""
_MEDIA_TYPE = re.compile(r"[a-z]{1,30}/[A-Za-z0-9.+-]{1,80}")
_TYPE_OF_SUFFIX = {"mp3": "audio/mpeg", "m4a": "audio/mp4", "ogg": "audio/ogg", "opus": "audio/ogg", "mp4": "video/mp4"}


@dataclass(frozen=True, slots=True)
class Entry:
    """An item of a feed, its fields parsed and its addresses absolute; "" and None for what it lacks.

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
    more: Mapping[str, Any] = field(default_factory=dict)
    chapters: tuple[Chapter, ...] = ()
    unread: tuple[str, ...] = ()

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


def read_entry(
    base: str,
    line: int = 1,
    *,
    title: str,
    link: str,
    guid: str,
    summary: str,
    parts: Iterable[Part],
    dates: Iterable[Any],
    lengths: Iterable[Any],
    media: Iterable[tuple[Any, Any, Any]],
    people: tuple[Person, ...],
    more: Mapping[str, Any],
    kind: str = "",
    numbers: Iterable[Any] = (),
    seasons: Iterable[Any] = (),
    chapters: tuple[Chapter, ...] = (),
    unread: Sequence[str] = (),
) -> Entry:
    """The entry of an item, from its texts as written, several where it has several of a kind, the best first. `media`
    are addresses with type and size; addresses are relative to `base`."""
    found = list(unread)

    def first(called: str, texts: Iterable[Any], read: Callable[[str], Any]) -> Any:
        """What the first text that can be read says; zero only if no other says more."""
        written = [text for one in texts if (text := one_line(one)[:200])]
        values = [value for text in written if (value := read(text)) is not None]
        if written and not values:
            found.append(f'the {called} "{written[0][:40]}"')
        return next(filter(None, values), next(iter(values), None))

    days = [text for one in dates if (text := one_line(one)[:200])]
    dated = next((text for text in days if read_day(text)), next(iter(days), ""))
    urls = [(web_address(url, base), str(type or ""), str(size or "")) for url, type, size in media]
    return Entry(
        title=title[:MAX_TITLE],
        line=line,
        notes=read_descriptions(parts),
        summary=summary if len(summary) <= MAX_TITLE else "",
        date=read_day(dated),
        dated=dated,
        duration=duration_field(first("duration", lengths, read_length)),
        guid=without_password(guid)[:MAX_TITLE],
        link=link,
        audio=_first_audio(audio_field(*one) for one in urls),
        number=first("episode number", numbers, whole_number),
        season=first("season", seasons, whole_number),
        kind=first("kind of episode", [kind.casefold()], lambda text: text if text in KINDS else None) or "",
        people=people,
        more={name: value for name, value in more.items() if value},
        chapters=chapters,
        unread=tuple(dict.fromkeys(found)),
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


def audio_field(url: str, type: str, size: str) -> Mapping[str, Any] | None:
    """An enclosure as front matter has it; None where it is neither audio nor video, or has no address."""
    suffix = re.search(r"\.([a-z0-9]{2,4})(?:[?#].*)?$", url, re.I)
    guess = _TYPE_OF_SUFFIX.get(suffix[1].casefold() if suffix else "", "")
    type = type.strip() if _MEDIA_TYPE.fullmatch(type.strip()) else guess
    if not url or not type.startswith(("audio/", "video/")):
        return None
    is_size = re.fullmatch(r"[0-9]{1,15}", size.strip()) and int(size) > 1  # 0 and 1 mean "unknown"
    return {"url": url, "type": type} | ({"bytes": int(size)} if is_size else {})


def _first_audio(found: Iterable[Mapping[str, Any] | None]) -> Mapping[str, Any] | None:
    """The first enclosure that is audio, else the first that is video."""
    kept = [audio for audio in found if audio]
    return min(kept, key=lambda audio: str(audio["type"]).startswith("video/"), default=None)
