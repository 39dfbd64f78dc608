"""What the podcast namespace (Podcasting 2.0, https://podcastindex.org/namespace/1.0) says of an episode or a show."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from mlguide_site.importers.base import EntryDraft
from mlguide_site.importers.fields import MAX_SECONDS
from mlguide_site.model import format_duration
from mlguide_site.model.slugs import make_slug

MAX_EACH = 200
"""Of more than so many elements of a kind in one episode the rest is left out."""
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8}){0,3}")
_TYPE = re.compile(r"[a-z]{1,30}/[A-Za-z0-9.+-]{1,80}")
_SECONDS = re.compile(r"[0-9]{1,7}(?:\.[0-9]{1,9})?")


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who takes part: name, role in small letters, and addresses with their titles."""

    name: str
    role: str
    links: tuple[tuple[str, str], ...] = ()

    @property
    def slug(self) -> str:
        return make_slug(self.name, "person")


def read_person(name: str, role: str = "", group: str = "", href: str = "", img: str = "") -> Person | None:
    """A person from the text and the attributes of `podcast:person`; None without a name. Addresses are whole or "".

    >>> read_person("Ann Onym", "Guest", "", "https://a.example/ann", "")
    Person(name='Ann Onym', role='guest', links=(('a.example', 'https://a.example/ann'),))
    >>> read_person("Ann", "Cover Art Designer", "Visuals").role, read_person("Ann").role
    ('visuals: cover art designer', 'host')
    """
    if not name:
        return None
    what = role.casefold() or "host"
    shown = what if group.casefold() in {"", "cast"} else f"{group.casefold()}: {what}"
    links = []
    if href:
        links.append(((urlsplit(href).hostname or "Page").removeprefix("www."), href))
    if img:
        links.append(("Picture", img))
    return Person(name, shown[:200], tuple(links))


def read_transcript(url: str, type: str, language: str, rel: str) -> Mapping[str, Any] | None:
    """A transcript as front matter has it; None without an address.

    >>> read_transcript("https://a.example/t.vtt", "text/vtt", "en", "captions")
    {'url': 'https://a.example/t.vtt', 'type': 'text/vtt', 'language': 'en', 'rel': 'captions'}
    """
    if not url:
        return None
    found: dict[str, Any] = {"url": url}
    if _TYPE.fullmatch(type):
        found["type"] = type
    if _LANGUAGE.fullmatch(language):
        found["language"] = language
    if rel.casefold() == "captions":
        found["rel"] = "captions"
    return found


def read_soundbite(start: str, duration: str, title: str) -> Mapping[str, Any] | None:
    """A soundbite as front matter has it, in whole seconds; None where its times can't be read.

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


def licence(text: str, url: str) -> str:
    """A licence by its name and, where it has one, its address; "" for none.

    >>> licence("cc-by-4.0", ""), licence("Ours", "https://a.example/l")
    ('cc-by-4.0', 'Ours (https://a.example/l)')
    """
    return f"{text} ({url})" if text and url else text or url


def people_field(people: Iterable[Person]) -> list[dict[str, str]]:
    """Persons as the front matter of an episode names them, each role once."""
    found: dict[tuple[str, str], dict[str, str]] = {}
    for person in people:
        found.setdefault((person.slug, person.role), {"person": person.slug, "role": person.role})
    return list(found.values())


def people_entries(people: Sequence[Person]) -> list[EntryDraft]:
    """An entry for each person, whatever number of episodes names them, with every address told of them."""
    names: dict[str, str] = {}
    links: dict[str, dict[str, str]] = {}
    for person in people:
        names.setdefault(person.slug, person.name)
        own = links.setdefault(person.slug, {})
        for title, url in person.links:
            own.setdefault(url, title)
    result = []
    for slug in sorted(names):
        fields: dict[str, Any] = {"name": names[slug]}
        if links[slug]:
            fields["links"] = [{"title": title, "url": url} for url, title in sorted(links[slug].items())]
        result.append(EntryDraft("person", slug, fields))
    return result
