"""The series, numbers and people of one source: what its titles mean, and what it says of each series."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any
from urllib.parse import urlsplit

from mlguide_site.importers import Context, EntryDraft, KnownSeries
from mlguide_site.importers.common.addresses import own_pattern
from mlguide_site.importers.common.titles import (
    MAX_NUMBER,
    Numbered,
    acronym,
    read_number,
    read_numbers,
    read_prefix,
    series_prefixes,
    series_slug,
)
from mlguide_site.model.slugs import make_slug


@dataclass(frozen=True, slots=True)
class Named:
    """An entry's series, number, season, and its title alone."""

    series: str
    number: int | None
    season: int | None
    title: str


@dataclass(frozen=True, slots=True)
class Names:
    """What the titles of a source mean, in their order, and the prefix as written of each series that has one."""

    entries: tuple[Named, ...]
    prefixes: Mapping[str, str]

    @property
    def series(self) -> tuple[str, ...]:
        return tuple(sorted({entry.series for entry in self.entries}))


def name_titles(counted: Sequence[Numbered], show: str, context: Context, feed: str = "", guid: str = "") -> Names:
    """Series, number and title of each entry of a source.

    `counted` holds what the source says beside the title: season and number, None where it says nothing. A prefix in
    the title (`MLA 030 …`) gives series and number and wins over that, for it is the show's own; a count beside titles
    with prefixes runs over several series. Without prefixes everything belongs to the series given, or to the show's
    own: a known series with its guid, feed or title, else the slug of its title. Then numbers come from `counted`, or
    from the titles.
    """
    titles = [found.title for found in counted]
    known = {series.prefix.upper(): series.id for series in context.series.values() if series.prefix}
    accepted = series_prefixes(titles, known)
    read = [found if (found := read_prefix(title)) and found.prefix.upper() in accepted else None for title in titles]
    uses = Counter(found.prefix.upper() for found in read if found)
    written = {found.prefix.upper(): found.prefix for found in reversed(read) if found}
    ids = {prefix: known.get(prefix, make_slug(prefix)) for prefix in uses}
    if context.given and len(uses) == 1:
        ids = dict.fromkeys(uses, context.given)
    main = min(uses, key=lambda prefix: (prefix != acronym(show), -uses[prefix], prefix), default="")
    own = context.given or (ids[main] if main else _own_series(show, context, feed, guid))
    from_titles = read_numbers(titles)
    entries = []
    for count, found, numbered in zip(counted, read, from_titles, strict=True):
        if found:
            entries.append(Named(ids[found.prefix.upper()], _possible(found.number), None, found.title or count.title))
        elif uses:
            entries.append(Named(own, None, None, count.title))
        elif count.number is None:
            entries.append(Named(own, _possible(numbered.number), numbered.season or count.season, numbered.title))
        else:
            # a number that both give is no chance, however few other titles have one
            titled = read_number(count.title)
            is_same = titled.number == count.number and titled.season in (None, count.season)
            entries.append(Named(own, _possible(count.number), count.season, titled.title if is_same else count.title))
    return Names(tuple(entries), {ids[prefix]: written[prefix] for prefix in uses})


def _possible(number: int | None) -> int | None:
    return number if number is not None and 0 <= number <= MAX_NUMBER else None


def _own_series(show: str, context: Context, feed: str, guid: str) -> str:
    """The id of the known series with a guid, an address of a feed or a title, in this order; else one of its own."""
    known = context.series.values()
    same = [one.id for one in known if guid and one.guid.casefold() == guid.casefold()]
    same += [one.id for one in known if feed and one.feed == feed]
    same += [one.id for one in known if one.title.casefold() == show.casefold()]
    return next(iter(same), "") or series_slug(show)


def series_title(id: str, names: Names, show: str) -> str:
    """What a series is called: as the show, where it is the only one or its prefix is the show's initials."""
    prefix = names.prefixes.get(id, "")
    if len(names.series) < 2 or (prefix and prefix.upper() == acronym(show)):
        return show or prefix or id
    return f"{show} ({prefix or id})" if show else prefix or id


def address_patterns(names: Names, urls: Sequence[Sequence[str]], context: Context) -> dict[str, str]:
    """How the addresses of each series' own pages are formed: as the root has it, else as the notes of its entries
    show, whose addresses `urls` lists."""
    patterns = {}
    for id in names.series:
        known = context.series.get(id)
        own = [(one.number, found) for one, found in zip(names.entries, urls, strict=True) if one.series == id]
        numbered = ((number, list(filter(None, found))) for number, found in own if number is not None)
        patterns[id] = (known.address if known else "") or own_pattern(numbered)
    return patterns


def choose_promotion(names: Names, recurring: Sequence[str], context: Context) -> dict[str, tuple[str, ...]]:
    """The patterns to leave out of each series' notes: those of a known one, else what recurs."""
    return {id: _patterns(context.series.get(id), recurring) for id in names.series}


def _patterns(known: KnownSeries | None, found: Sequence[str]) -> tuple[str, ...]:
    return tuple(found) if known is None or known.promotion is None else known.promotion


def series_fields(
    id: str, names: Names, show: str, address: str, used: Sequence[str], context: Context
) -> dict[str, Any]:
    """What every source gives of a series: title, address pattern, prefix, and the promotion left out."""
    fields = {
        "title": series_title(id, names, show),
        "address": address,
        "prefix": names.prefixes.get(id, ""),
        "promotion": list(_patterns(context.series.get(id), sorted(used))),
    }
    return {key: value for key, value in fields.items() if value}


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
    links = (((urlsplit(href).hostname or "Page").removeprefix("www."), href), ("Picture", img))
    return Person(name, shown[:200], tuple((title, url) for title, url in links if url))


def people_field(people: Iterable[Person]) -> list[dict[str, str]]:
    """People as the front matter of an episode lists them, each role once."""
    return [{"person": slug, "role": role} for slug, role in dict.fromkeys((one.slug, one.role) for one in people)]


def people_entries(people: Sequence[Person]) -> list[EntryDraft]:
    """An entry for each person, however many episodes name them, with all of their addresses."""
    result = []
    for slug, group in groupby(sorted(people, key=lambda one: one.slug), key=lambda one: one.slug):
        own = list(group)
        links = {url: title for person in reversed(own) for title, url in reversed(person.links)}
        listed = {"links": [{"title": title, "url": url} for url, title in sorted(links.items())]} if links else {}
        result.append(EntryDraft("person", slug, {"name": own[0].name, **listed}))
    return result
