"""What feedparser flattens: the elements of a feed that come more than once, read from lxml's tree.

These are the podcast namespace (https://podcastindex.org/namespace/1.0), Podlove's simple chapters
(https://podlove.org/simple-chapters/), and descriptions, of which feedparser keeps two.
"""

import re
from base64 import b64decode
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from html import escape
from typing import Any
from urllib.parse import urljoin

from lxml import etree

from mlguide_site.content.transcripts.json_files import chapters_text
from mlguide_site.importers import FileDraft
from mlguide_site.importers.common.fields import MAX_SECONDS
from mlguide_site.importers.common.people import Person, read_person
from mlguide_site.importers.feed.descriptions import Part
from mlguide_site.importers.feed.records import MAX_TITLE, one_line, web_address
from mlguide_site.model import format_duration
from mlguide_site.model.slugs import episode_id
from mlguide_site.model.transcript import MAX_SECONDS as LAST_SECOND
from mlguide_site.model.transcript import Chapter, read_time

XML = "{http://www.w3.org/XML/1998/namespace}"
MAX_EACH = 200
"""Elements of one kind that are read in one episode."""
MAX_CHAPTERS, MAX_ALL_CHAPTERS = 1_000, 100_000
"""Chapters that are read of one episode, and of a whole feed."""
CHAPTERS_SUFFIX = ".chapters.json"
_NAMESPACES: tuple[tuple[str, str], ...] = (
    ("www.w3.org/2005/atom", ""),
    ("purl.org/atom/", ""),
    ("purl.org/rss/1.0/modules/content", "content"),
    ("purl.org/dc/terms", "dcterms"),
    ("purl.org/dc/", "dc"),
    ("www.itunes.com/dtd", "itunes"),
    ("search.yahoo.com/mrss", "media"),
    ("podcastindex.org/namespace", "podcast"),
    ("github.com/podcastindex-org/", "podcast"),
    ("www.google.com/schemas/play-podcasts", "googleplay"),
    ("podlove.org/simple-chapters", "psc"),
    ("purl.org/rss/1.0", ""),
    ("my.netscape.com/", ""),
    ("backend.userland.com/", ""),
)
"""How the addresses of namespaces begin, without scheme and in small letters, and their prefixes here."""
_BODIES = ("content", "summary", "content:encoded", "description", "itunes:summary", "googleplay:description",
           "dc:description", "media:description")  # fmt: skip
"""The descriptions of an item, the one that is likely the fullest first."""
DESCRIPTIONS = frozenset(_BODIES)
_SUMMARIES = ("description", "itunes:summary", "googleplay:description", "subtitle", "tagline")
_ADDRESSES = (
    ("a transcript", "podcast:transcript", "url"),
    ("its chapters", "podcast:chapters", "url"),
    ("its licence", "podcast:license", "url"),
    ("its picture", "itunes:image", "href"),
    ("a person", "podcast:person", "href"),
    ("a person's picture", "podcast:person", "img"),
)
"""What the address in an attribute of an element leads to."""
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8}){0,3}")
_TYPE = re.compile(r"[a-z]{1,30}/[A-Za-z0-9.+-]{1,80}")
_SECONDS = re.compile(r"[0-9]{1,7}(?:\.[0-9]{1,9})?")

Found = Mapping[str, Sequence[Any]]
"""The children of an element by name, those of one name in their order."""


@lru_cache(maxsize=4096)
def name_of(tag: Any) -> str:
    """The name of an element as `prefix:name`, whatever prefix the feed uses; without one in RSS and Atom.

    >>> name_of("{http://www.itunes.com/dtds/podcast-1.0.dtd}author"), name_of("item"), name_of("{urn:x}y")
    ('itunes:author', 'item', '?:y')
    """
    if not isinstance(tag, str):
        return ""
    space, _, local = tag.rpartition("}")
    plain = re.sub(r"^\{https?://", "", space).casefold()
    prefix = next((prefix for start, prefix in _NAMESPACES if plain.startswith(start)), "?") if space else ""
    return f"{prefix}:{local}" if prefix else local


def children(element: Any) -> Found:
    """The children of an element by name; those of a `media:group` are its own."""
    found: dict[str, list[Any]] = defaultdict(list)
    for child in element:
        name = name_of(child.tag)
        for one in child if name == "media:group" else (child,):
            found[name_of(one.tag)].append(one)
    return found


def base_of(element: Any, outer: str) -> str:
    """What addresses in an element are relative to: its own `xml:base` (relative to the one around it), if any."""
    own = element.get(f"{XML}base")
    try:
        return urljoin(outer, str(own).strip()) if own else outer
    except ValueError:
        return outer


def raw(element: Any) -> str:
    """The text of an element, white space as it is."""
    return "".join(element.itertext()) if len(element) else str(element.text or "")


def inner_html(element: Any) -> str:
    """What an element holds as HTML, without the prefixes of namespaces."""
    for inner in element.iterdescendants("*"):
        inner.tag = etree.QName(inner).localname
    parts = (etree.tostring(child, encoding="unicode", method="html") for child in element)
    return escape(str(element.text or ""), quote=False) + "".join(parts)


def text_part(element: Any, base: str) -> Part:
    """A text construct or the content of Atom (RFC 4287, 3.1 and 4.1.3); 0.3 has media types, and a mode."""
    kind = str(element.get("type") or "text").strip().casefold()
    mode = str(element.get("mode") or "").casefold()
    base = base_of(element, base)
    if kind in {"xhtml", "application/xhtml+xml"} or (len(element) and mode in {"", "xml"}):
        return Part(inner_html(element), "text/html", base)
    if mode == "base64" or ("/" in kind and not kind.startswith("text/") and not kind.endswith(("+xml", "/xml"))):
        return Part(_decoded(raw(element)), "text/html" if "html" in kind else "", base)
    if kind in {"html", "text/html"} or mode == "escaped":
        return Part(raw(element), "text/html", base)
    return Part(raw(element), "text/plain", base)


def _decoded(text: str) -> str:
    """Text from base64; as it is where it isn't that."""
    try:
        return b64decode("".join(text.split()), validate=True).decode()
    except ValueError:
        return text


def _part(element: Any, base: str) -> Part:
    """One description, with the type that its kind of element has."""
    name = name_of(element.tag)
    if name in {"content", "summary", "subtitle", "tagline"}:
        return text_part(element, base)
    kind = "text/html" if name == "content:encoded" or element.get("type") == "html" else ""
    return Part(inner_html(element) if len(element) else raw(element), kind, base_of(element, base))


def item_parts(found: Found, base: str) -> Iterator[Part]:
    """All descriptions of an item."""
    return (_part(element, base) for name in _BODIES for element in found.get(name, ()))


def feed_parts(found: Found, base: str) -> Iterator[Part]:
    """The descriptions of a feed, the first of each kind."""
    return (_part(element, base) for name in _SUMMARIES for element in found.get(name, ())[:1])


def read_people(found: Found, base: str) -> tuple[Person, ...]:
    """Who takes part."""
    people = (
        read_person(
            one_line(raw(one))[:MAX_TITLE],
            *(one_line(one.get(key))[:100] for key in ("role", "group")),
            *(web_address(one.get(key), base) for key in ("href", "img")),
        )
        for one in found.get("podcast:person", ())[:MAX_EACH]
    )
    return tuple(person for person in people if person is not None)


def episode_fields(found: Found, base: str) -> dict[str, Any]:
    """The fields of an episode's front matter."""

    def attribute(name: str, key: str) -> str:
        return next((value for one in found.get(name, ()) if (value := one_line(one.get(key)))), "")[:MAX_TITLE]

    transcripts = (read_transcript(one, base) for one in found.get("podcast:transcript", ())[:MAX_EACH])
    bites = (
        read_soundbite(str(one.get("startTime")).strip(), str(one.get("duration")).strip(), one_line(raw(one)))
        for one in found.get("podcast:soundbite", ())[:MAX_EACH]
    )
    chapters = (web_address(one.get("url"), base) for one in found.get("podcast:chapters", ()))
    places = (one_line(raw(one)) for one in found.get("podcast:location", ()))
    return {
        "transcripts": [one for one in transcripts if one],
        "chapters": next(filter(None, chapters), ""),
        "soundbites": [one for one in bites if one],
        "season_title": attribute("podcast:season", "name"),
        "label": attribute("podcast:episode", "display"),
        "licence": read_licence(found, base),
        "place": next(filter(None, places), "")[:MAX_TITLE],
    }


def series_fields(found: Found, base: str) -> dict[str, Any]:
    """The fields of a series."""
    media = {one_line(raw(one)).casefold() for one in found.get("podcast:medium", ())}
    funding = [
        {"title": one_line(raw(one))[:MAX_TITLE] or "Support the show", "url": url}
        for one in found.get("podcast:funding", ())[:MAX_EACH]
        if (url := web_address(one.get("url"), base))
    ]
    guids = (one_line(raw(one)) for one in found.get("podcast:guid", ()))
    return {
        "kind": "course" if media == {"course"} else "",
        "licence": read_licence(found, base),
        "guid": next(filter(None, guids), "")[:100],
        "funding": funding,
    }


def read_transcript(element: Any, base: str) -> Mapping[str, Any] | None:
    """A transcript as front matter has it; None without an address."""
    url, kind, language = (
        web_address(element.get("url"), base),
        element.get("type") or "",
        element.get("language") or "",
    )
    found = {
        "url": url,
        "type": kind.strip() if _TYPE.fullmatch(kind.strip()) else "",
        "language": language.strip() if _LANGUAGE.fullmatch(language.strip()) else "",
        "rel": "captions" if str(element.get("rel")).strip().casefold() == "captions" else "",
    }
    return {name: value for name, value in found.items() if value} if url else None


def read_soundbite(start: str, duration: str, title: str) -> Mapping[str, Any] | None:
    """A soundbite as front matter has it, in whole seconds; None for times that can't be parsed.

    >>> read_soundbite("73.0", "60", "The knack")
    {'start': '00:01:13', 'duration': '00:01:00', 'title': 'The knack'}
    """
    if not (_SECONDS.fullmatch(start) and _SECONDS.fullmatch(duration)):
        return None
    begin, length = round(float(start)), max(1, round(float(duration)))
    if begin > MAX_SECONDS or length > MAX_SECONDS:
        return None
    found = {"start": format_duration(begin), "duration": format_duration(length)}
    return {**found, "title": title} if title else found


def read_licence(found: Found, base: str) -> str:
    """A licence by its name and, where it has one, its address; "" for none."""
    for one in found.get("podcast:license", ()):
        text, url = one_line(raw(one))[:MAX_TITLE], web_address(one.get("url"), base)
        if text or url:
            return f"{text} ({url})" if text and url else text or url
    return ""


def unread_addresses(found: Found, base: str) -> list[str]:
    """Descriptions of the addresses in an item that can't be published, each once."""
    unread = (
        f'the address "{value[:40]}" of {called}'
        for called, name, key in _ADDRESSES
        for one in found.get(name, ())
        if (value := one_line(str(one.get(key) or ""))) and not web_address(one.get(key), base)
    )
    return list(dict.fromkeys(unread))


def written_addresses(found: Found) -> Iterator[str | None]:
    """The addresses in an item's podcast elements, as they are written."""
    for name in ("podcast:transcript", "podcast:chapters", "podcast:person", "itunes:image"):
        for one in found.get(name, ()):
            yield from (one.get("url"), one.get("href"), one.get("img"))


def read_start(text: str) -> float | None:
    """Where a chapter begins, in seconds, from a normal play time (RFC 2326, 3.6): hours, minutes and seconds, or
    seconds alone; None for anything else.

    >>> read_start("00:01:02.500"), read_start("1:02"), read_start("62.5"), read_start("soon")
    (62.5, 62.0, 62.5, None)
    """
    text = text.strip()[:40]
    if _SECONDS.fullmatch(text):
        seconds = round(float(text), 3)
        return seconds if seconds <= LAST_SECOND else None
    return read_time(text)


def read_chapters(found: Found, base: str, room: int = MAX_ALL_CHAPTERS) -> tuple[tuple[Chapter, ...], list[str]]:
    """The chapters in an item, by their start, and descriptions of what could not be read; at most `room`."""
    elements = [child for one in found.get("psc:chapters", ()) for child in one if name_of(child.tag) == "psc:chapter"]
    if len(elements) > MAX_CHAPTERS:
        return (), [f"{len(elements):,} chapters, which are more than {MAX_CHAPTERS:,}"]
    if len(elements) > room:
        return (), [f"its chapters, for the feed has more than {MAX_ALL_CHAPTERS:,}"]
    chapters: list[Chapter] = []
    unread: list[str] = []
    for element in elements:
        start, title = read_start(str(element.get("start") or "")), one_line(element.get("title"))[:MAX_TITLE]
        if start is None or not title:
            what = f' "{title[:40]}" without a time' if title else " without a title"
            unread.append(f"a chapter{what}")
            continue
        link, picture = (web_address(element.get(name), base) for name in ("href", "image"))
        if (element.get("href") and not link) or (element.get("image") and not picture):
            unread.append(f'an address of the chapter "{title[:40]}"')
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
    return FileDraft(CHAPTERS_SUFFIX, chapters_text(chapters).encode(), series, number, season, title, name, series)
