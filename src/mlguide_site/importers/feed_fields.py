"""What a feed's elements say in fields that are taken as they are: the podcast namespace, pictures, licence."""

import re
from collections.abc import Sequence
from typing import Any

from mlguide_site.importers.descriptions import Part, read_notes
from mlguide_site.importers.entries import MAX_TITLE, one_line, web_address
from mlguide_site.importers.feed_elements import Found, Names, atom_part, attribute, description, raw, text
from mlguide_site.importers.podcast import MAX_EACH, Person, licence, read_person, read_soundbite, read_transcript

_DESCRIPTIONS = ("description", "itunes:summary", "googleplay:description")
_SUBTITLES = ("atom:subtitle", "atom:tagline")


def people(found: Found, base: str) -> tuple[Person, ...]:
    """Who takes part."""
    persons = (
        read_person(
            one_line(raw(one))[:MAX_TITLE],
            *(one_line(one.get(key))[:100] for key in ("role", "group")),
            *(web_address(one.get(key), base) for key in ("href", "img")),
        )
        for one in found.get("podcast:person", ())[:MAX_EACH]
    )
    return tuple(person for person in persons if person is not None)


def author(found: Found, names: Names) -> str:
    """Who makes the show."""
    if by := text(found, "itunes:author"):
        return by[:MAX_TITLE]
    several = [text(names.children(one), "atom:name") for one in found.get("atom:author", ())]
    editor = re.sub(r"^\S{1,200}@\S{1,200}\s{0,9}\((.{0,500})\)$", r"\1", text(found, "managingEditor"))
    by = ", ".join(dict.fromkeys(filter(None, several))) or text(found, "dc:creator", "author") or editor
    return "" if "@" in by else by[:MAX_TITLE]


def episode_fields(found: Found, base: str) -> dict[str, Any]:
    """The fields of an episode's front matter."""
    transcripts = [
        read_transcript(
            web_address(one.get("url"), base),
            *(str(one.get(key) or "").strip() for key in ("type", "language", "rel")),
        )
        for one in found.get("podcast:transcript", ())[:MAX_EACH]
    ]
    bites = [
        read_soundbite(str(one.get("startTime")).strip(), str(one.get("duration")).strip(), one_line(raw(one)))
        for one in found.get("podcast:soundbite", ())[:MAX_EACH]
    ]
    chapters = (web_address(one.get("url"), base) for one in found.get("podcast:chapters", ()))
    fields = {
        "transcripts": [one for one in transcripts if one],
        "chapters": next(filter(None, chapters), ""),
        "soundbites": [one for one in bites if one],
        "season_title": attribute(found, "podcast:season", "name"),
        "label": attribute(found, "podcast:episode", "display"),
        "licence": _licence(found, base),
        "place": text(found, "podcast:location")[:MAX_TITLE],
        "artwork": _image(found, base),
    }
    return {name: value for name, value in fields.items() if value}


def series_fields(found: Found, names: Names, base: str) -> dict[str, Any]:
    """The fields of a series."""
    media = {one_line(raw(one)).casefold() for one in found.get("podcast:medium", ())}
    funding = [
        {"title": one_line(raw(one))[:MAX_TITLE] or "Support the show", "url": url}
        for one in found.get("podcast:funding", ())[:MAX_EACH]
        if (url := web_address(one.get("url"), base))
    ]
    fields = {
        "kind": "course" if media == {"course"} else "",
        "summary": one_line(read_notes(_summaries(found, base)).text) or text(found, "itunes:subtitle"),
        "licence": _licence(found, base),
        "guid": text(found, "podcast:guid")[:100],
        "funding": funding,
        "artwork": _image(found, base) or _logo(found, names, base),
    }
    return {name: value for name, value in fields.items() if value}


def _summaries(found: Found, base: str) -> Sequence[Part]:
    return [
        *(description(one, base) for name in _DESCRIPTIONS for one in found.get(name, ())[:1]),
        *(atom_part(one, base) for name in _SUBTITLES for one in found.get(name, ())[:1]),
    ]


def _licence(found: Found, base: str) -> str:
    named = (
        licence(one_line(raw(one))[:MAX_TITLE], web_address(one.get("url"), base))
        for one in found.get("podcast:license", ())
    )
    return next(filter(None, named), "")


def _image(found: Found, base: str) -> str:
    images = (*found.get("itunes:image", ()), *found.get("googleplay:image", ()))
    return next((url for one in images if (url := web_address(one.get("href"), base))), "")


def _logo(found: Found, names: Names, base: str) -> str:
    """The picture of a feed as RSS and Atom have it."""
    urls = (web_address(text(names.children(one), "url"), base) for one in found.get("image", ()))
    return next(filter(None, urls), "") or web_address(text(found, "atom:logo", "atom:icon"), base)
