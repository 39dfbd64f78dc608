"""People whom sources name: as the front matter of an episode lists them, and as knowledge entries."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from mlguide_site.importers import EntryDraft
from mlguide_site.model.slugs import make_slug


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


def people_field(people: Iterable[Person]) -> list[dict[str, str]]:
    """People as the front matter of an episode lists them, each role once."""
    found: dict[tuple[str, str], dict[str, str]] = {}
    for person in people:
        found.setdefault((person.slug, person.role), {"person": person.slug, "role": person.role})
    return list(found.values())


def people_entries(people: Sequence[Person]) -> list[EntryDraft]:
    """An entry for each person, however many episodes name them, with all of their addresses."""
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
