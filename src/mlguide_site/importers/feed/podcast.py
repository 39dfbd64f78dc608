"""What feedparser flattens: the elements of a feed that come more than once, read from lxml's tree.

These are the podcast namespace (https://podcastindex.org/namespace/1.0), and Podlove's simple chapters
(https://podlove.org/simple-chapters/). An element that becomes a field of an episode or a series is a row of a table.
"""

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Any, NamedTuple

from mlguide_site.content.transcripts import chapters_text
from mlguide_site.importers import FileDraft
from mlguide_site.importers.common.addresses import web_address
from mlguide_site.importers.common.dates_and_durations import MAX_SECONDS
from mlguide_site.importers.common.naming import Person, read_person
from mlguide_site.importers.feed.records import MAX_TITLE, one_line
from mlguide_site.model.base import format_duration
from mlguide_site.model.slugs import episode_id
from mlguide_site.model.transcript import MAX_SECONDS as LAST_SECOND
from mlguide_site.model.transcript import Chapter, read_time

MAX_EACH = 200
"""Elements of one kind that are read in one episode."""
MAX_CHAPTERS, MAX_ALL_CHAPTERS = 1_000, 100_000
"""Chapters that are read of one episode, and of a whole feed."""
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8}){0,3}")
_TYPE = re.compile(r"[a-z]{1,30}/[A-Za-z0-9.+-]{1,80}")
_SECONDS = re.compile(r"[0-9]{1,7}(?:\.[0-9]{1,9})?")
_PREFIXES = {
    "podcastindex.org/": "podcast:",
    "github.com/podcastindex-org/": "podcast:",
    "www.itunes.com/": "itunes:",
    "www.w3.org/2005/atom": "",
    "purl.org/rss/": "",
    "purl.org/atom/": "",
}
"""How the addresses of namespaces begin, without scheme and in lower case, and the prefixes of names here."""

Children = Mapping[str, Sequence[Any]]
"""The children of an element by name, those of one name in their order."""
Read = Callable[[Any, str], Any]
"""Reads the value of one element; the second argument is what addresses in it are relative to."""


@lru_cache(maxsize=4096)
def name_of(tag: Any) -> str:
    """The name of an element as `prefix:name`, whatever prefix the feed uses; without one in RSS and Atom.

    >>> name_of("{http://www.itunes.com/dtds/podcast-1.0.dtd}author"), name_of("item"), name_of("{urn:x}y")
    ('itunes:author', 'item', '?:y')
    """
    space, is_in_space, local = str(tag).rpartition("}")
    plain = re.sub(r"^\{https?://", "", space).casefold()
    known = (prefix for start, prefix in _PREFIXES.items() if plain.startswith(start))
    return next(known, "?:" if is_in_space else "") + local


def children(element: Any) -> Children:
    """The children of an element by name."""
    found: dict[str, list[Any]] = defaultdict(list)
    for child in element:
        found[name_of(child.tag)].append(child)
    return found


def text_of(element: Any, _base: str = "") -> str:
    """The text of an element in one line."""
    return one_line("".join(element.itertext()))[:MAX_TITLE]


def _attribute(name: str) -> Read:
    return lambda element, _: one_line(element.get(name))[:MAX_TITLE]


def _address(name: str) -> Read:
    return lambda element, base: web_address(element.get(name), base)


def _transcript(element: Any, base: str) -> dict[str, str] | None:
    """A transcript as front matter has it; None without an address."""
    kind, language = (str(element.get(name) or "").strip() for name in ("type", "language"))
    found = {
        "url": web_address(element.get("url"), base),
        "type": kind if _TYPE.fullmatch(kind) else "",
        "language": language if _LANGUAGE.fullmatch(language) else "",
        "rel": "captions" if str(element.get("rel")).strip().casefold() == "captions" else "",
    }
    return {name: value for name, value in found.items() if value} if found["url"] else None


def _soundbite(element: Any, _base: str) -> dict[str, str] | None:
    """A soundbite as front matter has it, in whole seconds; None for times that can't be parsed."""
    times = [str(element.get(name)).strip() for name in ("startTime", "duration")]
    if not all(_SECONDS.fullmatch(time) and round(float(time)) <= MAX_SECONDS for time in times):
        return None
    start, length = (round(float(time)) for time in times)
    found = {"start": format_duration(start), "duration": format_duration(max(1, length)), "title": text_of(element)}
    return {name: value for name, value in found.items() if value}


def _licence(element: Any, base: str) -> str:
    """A licence by its name and, where it has one, its address."""
    text, url = text_of(element), web_address(element.get("url"), base)
    return f"{text} ({url})" if text and url else text or url


def _funding(element: Any, base: str) -> dict[str, str] | None:
    url = web_address(element.get("url"), base)
    return {"title": text_of(element) or "Support the show", "url": url} if url else None


class Row(NamedTuple):
    """An element, the field that it becomes, how it is read, and whether the field is a list of all of them. Otherwise
    the first that says something counts."""

    element: str
    field: str
    read: Read
    many: bool = False


EPISODE = (
    Row("podcast:transcript", "transcripts", _transcript, many=True),
    Row("podcast:chapters", "chapters", _address("url")),
    Row("podcast:soundbite", "soundbites", _soundbite, many=True),
    Row("podcast:season", "season_title", _attribute("name")),
    Row("podcast:episode", "label", _attribute("display")),
    Row("podcast:license", "licence", _licence),
    Row("podcast:location", "place", text_of),
    Row("itunes:image", "artwork", _address("href")),
)
SERIES = (
    Row("podcast:medium", "kind", lambda element, _: "course" if text_of(element).casefold() == "course" else ""),
    Row("podcast:license", "licence", _licence),
    Row("podcast:guid", "guid", lambda element, _: text_of(element)[:100]),
    Row("podcast:funding", "funding", _funding, many=True),
    Row("itunes:image", "artwork", _address("href")),
)


def read_fields(rows: Iterable[Row], found: Children, base: str) -> dict[str, Any]:
    """The fields that elements say something for."""
    values = {
        row: [value for one in found.get(row.element, ())[:MAX_EACH] if (value := row.read(one, base))] for row in rows
    }
    return {row.field: value if row.many else value[0] for row, value in values.items() if value}


def read_people(found: Children, base: str) -> tuple[Person, ...]:
    """Who takes part."""
    people = (
        read_person(
            text_of(one),
            *(one_line(one.get(key))[:100] for key in ("role", "group")),
            *(web_address(one.get(key), base) for key in ("href", "img")),
        )
        for one in found.get("podcast:person", ())[:MAX_EACH]
    )
    return tuple(filter(None, people))


def read_start(text: str) -> float | None:
    """Where a chapter begins, in seconds, from a normal play time (RFC 2326, 3.6): hours, minutes and seconds, or
    seconds alone; None for anything else.

    >>> read_start("00:01:02.500"), read_start("1:02"), read_start("62.5"), read_start("soon")
    (62.5, 62.0, 62.5, None)
    """
    text = text.strip()[:40]
    is_number = _SECONDS.fullmatch(text) and float(text) <= LAST_SECOND
    return round(float(text), 3) if is_number else read_time(text)


def read_chapters(found: Sequence[Mapping[str, Any]], base: str) -> tuple[tuple[Chapter, ...], list[str]]:
    """Podlove's chapters by their start, and descriptions of those that could not be read."""
    chapters: list[Chapter] = []
    unread: list[str] = []
    for one in found[:MAX_CHAPTERS]:
        start, title = read_start(str(one.get("start") or "")), one_line(one.get("title"))[:MAX_TITLE]
        if start is None or not title:
            unread.append(f'the chapter "{title[:40]}"')
        else:
            link, picture = (web_address(one.get(name), base) for name in ("href", "image"))
            chapters.append(Chapter(start, None, title, link, picture))
    return tuple(sorted(chapters, key=lambda chapter: chapter.start)), unread


def chapters_file(
    chapters: Sequence[Chapter], series: str, number: int | None, season: int | None, slug: str
) -> FileDraft:
    """The file of chapters beside an episode's note. Its name says which episode it belongs to."""
    if number is None:
        name = title = episode_id(series, None, None, slug)
    else:
        name, title = f"{series} s{season} {number:03}" if season is not None else f"{series} {number:03}", ""
    data = chapters_text(chapters).encode()
    return FileDraft(".chapters.json", data, series, number, season, title, name, series)
