"""The table of references: every form of every series, and what it finds in a text.

A text is searched once, in time linear in its length: an automaton (`ahocorasick_rs`) finds the words that references
begin with, and only there are the patterns of `forms` tried, each bounded in length.
"""

import re
from collections import defaultdict
from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256
from itertools import groupby
from typing import NamedTuple
from urllib.parse import unquote

from ahocorasick_rs import AhoCorasick

from mlguide_site.linking.references.forms import Form, SeriesForms, forms_of, host_of
from mlguide_site.linking.references.numbers import ends_well, further_numbers
from mlguide_site.model import SeriesKind
from mlguide_site.model.catalog import Catalog
from mlguide_site.model.slugs import parse_id

EDITION = "2"
"""To be raised with every change of what is found; it is part of a table's fingerprint."""

_HOLDS_TOGETHER = frozenset("/.-@#&\\=~")


class FoundReference(NamedTuple):
    """A place in a text that names an episode, whether or not the root has it.

    `series`: whose it may be, several where they are written alike; `season`, or -1 where none is said; `number`, or -1
    where `id` says all; `start` and `end`: its place; `shown`: whether its number stands there (not so inside a range);
    `further`: it continues a range or a list; `own`: it counts only in notes of the series itself.
    """

    series: tuple[str, ...]
    season: int
    number: int
    id: str
    start: int
    end: int
    shown: bool = True
    further: bool = False
    own: bool = False


class _Candidate(NamedTuple):
    """What one form found: first character, minus the last character + 1, the series' rank, the references."""

    start: int
    end: int
    rank: int
    found: tuple[FoundReference, ...]


@dataclass(frozen=True)
class ReferenceTable:
    """The references of a catalog's series. Two tables with the same `fingerprint` find the same in every text."""

    series: tuple[SeriesForms, ...]

    @classmethod
    def of(cls, catalog: Catalog) -> "ReferenceTable":
        """The table of a catalog. Of its episodes it depends only on the ids, former ones too, that have no number, and
        on the seasons that they name."""
        slugs: dict[str, list[str]] = defaultdict(list)
        seasonal = set()
        seasons: dict[str, set[int]] = defaultdict(set)
        for id, file in catalog.episodes.items():
            key = parse_id(file.series, id)
            if key is None or key.number is None:
                slugs[file.series].append(id)
            elif key.season is not None:
                seasonal.add(file.series)
            if file.meta.season is not None:
                seasons[file.series].add(file.meta.season)
            for old in file.meta.former:
                # an id that an episode had before still names it
                for name in catalog.series:
                    before = parse_id(name, old)
                    if before is not None and before.number is None:
                        slugs[name].append(old)
        return cls(
            tuple(
                SeriesForms(
                    id,
                    series,
                    id in seasonal,
                    len(catalog.series) == 1 and series.kind is SeriesKind.PODCAST,
                    tuple(sorted(set(slugs[id]))),
                    () if id in seasonal else tuple(sorted(seasons[id])),
                )
                for id, series in catalog.series.items()
            )
        )

    def __getstate__(self) -> dict[str, object]:
        """What goes to another process: all but the automaton."""
        return {"series": self.series}

    @cached_property
    def fingerprint(self) -> str:
        """A digest of all that decides what the table finds: 32 hexadecimal digits."""
        said = [
            (
                given.id,
                series.title,
                series.prefix,
                series.references,
                series.address,
                given.seasonal,
                given.alone,
                given.slugs,
                given.seasons,
            )
            for given in self.series
            for series in (given.series,)
        ]
        return sha256(repr((EDITION, said)).encode()).hexdigest()[:32]

    @cached_property
    def _automaton(self) -> tuple[AhoCorasick, tuple[tuple[Form, ...], ...]]:
        """The automaton, and the forms that each of its words begins."""
        forms: dict[str, list[Form]] = defaultdict(list)
        for given in self.series:
            for form in forms_of(given):
                if form.trigger:
                    forms[form.trigger].append(form)
        triggers = sorted(forms)
        return AhoCorasick(triggers, store_patterns=False), tuple(tuple(forms[trigger]) for trigger in triggers)

    def find(self, text: str) -> list[FoundReference]:
        """Every reference in a text from first to last; only those that share a range overlap."""
        if not self.series:
            return []
        automaton, forms = self._automaton
        candidates: list[_Candidate] = []
        for index, start, _ in automaton.find_matches_as_indexes(_lower(text), overlapping=True):
            if not _may_begin(text, start):
                continue
            for form in forms[index]:
                match = form.pattern.match(text, start)
                found = _read(form, match, text) if match else ()
                if found:
                    candidates.append(_Candidate(start, -found[-1].end, self._ranks[form.series], found))
        return _leftmost_longest(candidates)

    def of_address(self, address: str) -> FoundReference | None:
        """The episode that the address of an author's own link names: the series' own address of it, whole or from its
        path on, or a note file (`mla-012.md`, `../mla/mla-012.md#notes`)."""
        place = address.partition("#")[0].partition("?")[0]
        if "://" in address:
            low = address.lower()
            forms = self._addresses if any(host in low for host in self._hosts) else ()
            name = ""
        else:
            name = unquote(place).rstrip("/").rpartition("/")[2]
            forms = self._addresses
        found: list[FoundReference] = []
        for form in forms:
            match = form.pattern.fullmatch(address) or form.pattern.fullmatch(place)
            found += _read(form, match) if match else ()
        for form in self._files:
            if name.startswith(form.trigger) and (match := form.pattern.fullmatch(name)):
                found += _read(form, match)
        if not found:
            return None
        same = sorted({one.series[0] for one in found if one[1:4] == found[0][1:4]}, key=self._ranks.__getitem__)
        return found[0]._replace(series=tuple(same))

    @cached_property
    def _ranks(self) -> dict[str, int]:
        return {given.id: rank for rank, given in enumerate(self.series)}

    @cached_property
    def _addresses(self) -> tuple[Form, ...]:
        """Each pattern of an address once."""
        forms = (form for given in self.series for form in forms_of(given) if form.address)
        return tuple({form.pattern.pattern: form for form in forms}.values())

    @cached_property
    def _files(self) -> tuple[Form, ...]:
        return tuple(form for given in self.series for form in forms_of(given) if form.file)

    @cached_property
    def _hosts(self) -> frozenset[str]:
        addresses = (given.series.address for given in self.series)
        return frozenset(host_of(address) for address in addresses if address)


def _lower(text: str) -> str:
    lower = text.lower()
    if len(lower) == len(text):
        return lower
    return "".join(char.lower() if len(char.lower()) == 1 else char for char in text)


def _may_begin(text: str, start: int) -> bool:
    """Whether a reference may begin here: not inside a word, an address or a path."""
    if start == 0:
        return True
    before = text[start - 1]
    if before.isalnum() or before == "_":
        return False
    return before not in _HOLDS_TOGETHER or (before == "-" and start > 1 and text[start - 2].isdigit())


def _read(form: Form, match: re.Match[str], text: str = "") -> tuple[FoundReference, ...]:
    """What a pattern found, with the range or list that follows in `text`; nothing where the number isn't whole."""
    said = match.groupdict()
    number = int(said.get("number") or said.get("long_number") or -1)
    season = int(said.get("season") or said.get("long_season") or -1)
    first = FoundReference((form.series,), season, number, form.id, match.start(), match.end(), own=form.own)
    if form.address or not text:
        return (first,)
    if not ends_well(text, match.end()):
        return ()
    more = further_numbers(text, match.end(), number) if form.listed else []
    end = more[-1].end if more else match.end()
    if text[end : end + 1] == "/" and text[end + 1 : end + 2].isdigit():
        return ()
    if form.then:
        then = form.then.match(text, end)
        if not then:
            return ()
        if not more:
            first = first._replace(end=then.end())
    others = (
        first._replace(number=one.number, start=one.start, end=one.end, shown=one.shown, further=True) for one in more
    )
    return (first, *others)


def _leftmost_longest(candidates: list[_Candidate]) -> list[FoundReference]:
    """Of overlapping finds the leftmost, of those that begin together the longest; what several series share is one."""
    candidates.sort(key=lambda candidate: candidate[:3])
    result: list[FoundReference] = []
    until = 0
    for extent, group in groupby(candidates, key=lambda candidate: candidate[:2]):
        if extent[0] < until:
            continue
        until = -extent[1]
        finds = [candidate.found for candidate in group]
        own = all(found[0].own for found in finds)
        same = [found for found in finds if found[0].own == own]
        series = tuple(dict.fromkeys(found[0].series[0] for found in same if found[0][1:4] == same[0][0][1:4]))
        result += [one._replace(series=series) for one in same[0]]
    return result
