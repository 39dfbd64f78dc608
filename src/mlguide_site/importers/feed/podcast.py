"""Reads podcast elements (https://podcastindex.org/namespace/1.0) without feedparser, which drops some of their values.
Also reads Podlove's simple chapters (https://podlove.org/simple-chapters/)."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import Any, NamedTuple

from mlguide_site.importers.common.addresses import web_address
from mlguide_site.importers.common.dates_and_durations import read_length
from mlguide_site.importers.common.naming import Person, read_person
from mlguide_site.markdown.engine_escape import clean_text, unescape
from mlguide_site.model.base import format_duration
from mlguide_site.model.transcript import Chapter, read_seconds, read_time

MAX_TITLE = 500
MAX_EACH = 200  # maximum number of elements with one name in an episode
MAX_CHAPTERS = 1_000
LANGUAGE = re.compile(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8}){0,3}")
MEDIA_TYPE = re.compile(r"[a-z]{1,30}/[A-Za-z0-9.+-]{1,80}")
_SECONDS = re.compile(r"[0-9]{1,7}(?:\.[0-9]{1,9})?")
_ORDERS = {"episodic": "newest", "serial": "oldest"}
Read = Callable[[Any, str], Any]
"""A function that reads the value of an element; the second argument is the base of relative addresses."""


def one_line(value: Any) -> str:
    """Convert a value to one line of text, and decode entities that were escaped twice."""
    return " ".join(clean_text(unescape(str(value or ""))).split())


def children(element: Any, name: str) -> Iterator[Any]:
    """Yield at most `MAX_EACH` children named `name`, in any namespace, because feeds use different namespace URIs."""
    return islice(element.iterchildren(f"{{*}}{name}"), MAX_EACH)


def text_of(element: Any, _base: str = "") -> str:
    """Return the text of an element in one line."""
    return one_line("".join(element.itertext()))[:MAX_TITLE]


def texts_of(element: Any, name: str) -> list[str]:
    """Return the texts of the children named `name`."""
    return [text_of(child) for child in children(element, name)]


def _attribute(name: str) -> Read:
    return lambda element, _: one_line(element.get(name))[:MAX_TITLE]


def _address(name: str) -> Read:
    return lambda element, base: web_address(element.get(name), base)


def _transcript(element: Any, base: str) -> dict[str, str] | None:
    url = web_address(element.get("url"), base)
    kind, language, rel = (str(element.get(name) or "").strip() for name in ("type", "language", "rel"))
    found = {
        "url": url,
        "type": kind if MEDIA_TYPE.fullmatch(kind) else "",
        "language": language if LANGUAGE.fullmatch(language) else "",
        "rel": "captions" if rel.casefold() == "captions" else "",
    }
    return {name: text for name, text in found.items() if text} if url else None


def _soundbite(element: Any, _base: str) -> dict[str, str] | None:
    start, length = (read_length(str(element.get(name))) for name in ("startTime", "duration"))
    if start is None or length is None:
        return None
    title = text_of(element)
    times = {"start": format_duration(start), "duration": format_duration(max(1, length))}
    return times | ({"title": title} if title else {})


def _licence(element: Any, base: str) -> str:
    text, url = text_of(element), web_address(element.get("url"), base)
    return f"{text} ({url})" if text and url else text or url


def _funding(element: Any, base: str) -> dict[str, str] | None:
    url = web_address(element.get("url"), base)
    return {"title": text_of(element) or "Support the show", "url": url} if url else None


def _category(element: Any, _base: str) -> str:
    """Return an Apple category with its subcategory, as in "News > Tech News"."""
    names = [one_line(one.get("text"))[:100] for one in (element, *islice(children(element, "category"), 1))]
    return " > ".join(filter(None, names)) if names[0] else ""


def _owner(element: Any, _base: str) -> dict[str, str] | None:
    name, email = (next(iter(texts_of(element, key)), "") for key in ("name", "email"))
    return {"name": name or email} | ({"email": email} if "@" in email else {}) if name or email else None


def _is_yes(element: Any, _base: str) -> bool:
    return text_of(element).casefold() in {"yes", "true", "explicit"}


class Row(NamedTuple):
    """A row of `EPISODE` or `SERIES`: the name of an element, the field for it, and the function that reads its value.
    If `many` is true, the field is a list of the values of all such elements; otherwise, it is the first value."""

    element: str
    field: str
    read: Read
    many: bool = False


EPISODE = (
    Row("transcript", "transcripts", _transcript, many=True),
    Row("chapters", "chapters", _address("url")),
    Row("soundbite", "soundbites", _soundbite, many=True),
    Row("season", "season_title", _attribute("name")),
    Row("episode", "label", _attribute("display")),
    Row("license", "licence", _licence),
    Row("location", "place", text_of),
)
SERIES = (
    Row("medium", "kind", lambda element, _: "course" if text_of(element).casefold() == "course" else ""),
    Row("license", "licence", _licence),
    # news shows begin with the latest episode, unless `type` below replaces the order
    Row("category", "order", lambda element, _: "newest" if element.get("text") == "News" else ""),
    Row("category", "categories", _category, many=True),
    Row("explicit", "explicit", _is_yes),
    Row("owner", "owner", _owner),
    Row("locked", "locked", _is_yes),
    Row("type", "order", lambda element, _: _ORDERS.get(text_of(element).casefold(), "")),
    # a guid outside the podcast namespace belongs to an item
    Row("guid", "guid", lambda element, _: text_of(element)[:100] if "podcast" in str(element.tag).casefold() else ""),
    Row("funding", "funding", _funding, many=True),
    Row("image", "artwork", _address("href")),
)


def read_fields(rows: Iterable[Row], parent: Any, base: str) -> dict[str, Any]:
    """Return the fields from the children of an element, without empty values."""
    fields: dict[str, Any] = {}
    for row in rows:
        values = [value for one in children(parent, row.element) if (value := row.read(one, base))]
        if values:
            fields[row.field] = values if row.many else values[0]
    return fields


def read_people(parent: Any, base: str) -> tuple[Person, ...]:
    """Return the participants of an episode or a show."""
    return tuple(
        read_person(
            name,
            *(one_line(one.get(key))[:100] for key in ("role", "group")),
            *(web_address(one.get(key), base) for key in ("href", "img")),
        )
        for one in children(parent, "person")
        if (name := text_of(one))
    )


def read_chapters(found: Sequence[Mapping[str, Any]], base: str) -> tuple[Chapter, ...]:
    """Return Podlove's chapters, ordered by start. An invalid start becomes the previous chapter's start."""
    chapters: list[Chapter] = []
    for one in found[:MAX_CHAPTERS]:
        text, title = str(one.get("start") or "").strip(), one_line(one.get("title"))[:MAX_TITLE]
        # normal play time (RFC 2326, 3.6) consists of hours, minutes and seconds, or only of seconds
        start = read_seconds(float(text)) if _SECONDS.fullmatch(text) else read_time(text)
        if start is None:
            start = chapters[-1].start if chapters else 0.0
        if title:
            link, picture = (web_address(one.get(name), base) for name in ("href", "image"))
            chapters.append(Chapter(start, None, title, link, picture))
    return tuple(sorted(chapters, key=lambda chapter: chapter.start))
