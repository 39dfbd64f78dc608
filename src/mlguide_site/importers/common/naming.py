"""The series, numbers and people of one source."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import NamedTuple
from urllib.parse import urlsplit

from mlguide_site.importers import Context, Draft, EntryDraft, KnownSeries, SeriesDraft
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


class Names(NamedTuple):
    """The meaning of a source's titles, in order, and the prefix of each series that has one, as written."""

    entries: tuple[Numbered, ...]
    prefixes: Mapping[str, str]

    @property
    def series(self) -> tuple[str, ...]:
        return tuple(sorted({entry.series for entry in self.entries}))


def name_titles(counted: Sequence[Numbered], show: str, context: Context, feed: str = "", guid: str = "") -> Names:
    """Series, number and title of each entry of a source.

    `counted` has season and number from outside the title, or None. A prefix in the title (`MLA 030 …`) gives series
    and number and takes precedence: beside such titles, a count often covers several series. Without prefixes
    everything belongs to the series given, or to the show's own: a known series with its guid, feed or title, else the
    slug of its title. Then numbers come from `counted`, or from the titles.
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
    own = context.given or ids.get(main) or known_series(show, context, feed, guid) or series_slug(show)
    from_titles = read_numbers(titles)
    entries = []
    for count, found, numbered in zip(counted, read, from_titles, strict=True):
        season, number, title, series = count.season, count.number, count.title, own
        if found:
            season, number, title, series = None, found.number, found.title or title, ids[found.prefix.upper()]
        elif uses:
            season = number = None
        elif number is None:
            season, number, title = numbered.season or season, numbered.number, numbered.title
        elif (titled := read_number(title)).number == number and titled.season in (None, season):
            # if both give the same number, it is no coincidence
            title = titled.title
        entries.append(Numbered(season, number if 0 <= (number or 0) <= MAX_NUMBER else None, title, series))
    return Names(tuple(entries), {ids[prefix]: written[prefix] for prefix in uses})


def known_series(title: str, context: Context, feed: str = "", guid: str = "") -> str:
    """The id of the known series with this guid, feed address or title, in this order; "" if there is none."""
    known = context.series.values()
    same = [one.id for one in known if guid and one.guid.casefold() == guid.casefold()]
    same += [one.id for one in known if feed and one.feed == feed]
    same += [one.id for one in known if one.title.casefold().split() == title.casefold().split()]
    return next(iter(same), "")


def address_patterns(names: Names, urls: Sequence[Sequence[str]], context: Context) -> dict[str, str]:
    """The address pattern of each series' own pages: the root's, else one found in the addresses of its notes,
    `urls`."""
    patterns = {}
    for id in names.series:
        known = context.series.get(id)
        own = [(one.number, found) for one, found in zip(names.entries, urls, strict=True) if one.series == id]
        numbered = ((number, list(filter(None, found))) for number, found in own if number is not None)
        patterns[id] = (known.address if known else "") or own_pattern(numbered)
    return patterns


def choose_promotion(names: Names, recurring: Sequence[str], context: Context) -> dict[str, tuple[str, ...]]:
    """The promotion patterns of each series: the known ones, else recurring sentences."""
    return {id: _patterns(context.series.get(id), recurring) for id in names.series}


def _patterns(known: KnownSeries | None, found: Sequence[str]) -> tuple[str, ...]:
    return tuple(found) if known is None or known.promotion is None else known.promotion


def series_drafts(
    names: Names, show: str, patterns: Mapping[str, str], drafts: Iterable[Draft], context: Context
) -> Iterator[SeriesDraft]:
    """The fields of each series in any source: title, address pattern, prefix and promotion. It has the show's title if
    it is the only series, or if its prefix is the show's initials."""
    used = {(draft.series, pattern) for draft in drafts for pattern in draft.left_out}
    for id in names.series:
        prefix = names.prefixes.get(id, "")
        is_show = len(names.series) < 2 or (prefix and prefix.upper() == acronym(show))
        left_out = sorted(pattern for series, pattern in used if series == id)
        fields = {
            "title": f"{show} ({prefix or id})" if show and not is_show else show or prefix or id,
            "address": patterns[id],
            "prefix": prefix,
            "promotion": list(_patterns(context.series.get(id), left_out)),
        }
        yield SeriesDraft(id, {key: value for key, value in fields.items() if value})


@dataclass(frozen=True, slots=True)
class Person:
    """A participant: name, role in lower case, and addresses with their titles."""

    name: str
    role: str
    links: tuple[tuple[str, str], ...] = ()

    @property
    def slug(self) -> str:
        return make_slug(self.name, "person")


def read_person(name: str, role: str = "", group: str = "", href: str = "", img: str = "") -> Person | None:
    """A person from the text and the attributes of `podcast:person`; None without a name. Addresses are absolute or "".

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
