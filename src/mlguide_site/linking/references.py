"""References: which episodes a text or an address names, and where, whether or not the root has them.

A text is searched once, in time linear in its length: where a word begins as a form of some series does, that form's
pattern (`reference_forms`) is tried. Each pattern is bounded in length. Behind a number a range or a list may follow.
"""

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby, product
from typing import NamedTuple
from urllib.parse import unquote

from mlguide_site.linking.folding import lower
from mlguide_site.linking.reference_forms import SPACE, WORD, Form, SeriesForms, forms_of, host_of
from mlguide_site.model import SeriesKind
from mlguide_site.model.catalog import Catalog
from mlguide_site.model.digests import digest
from mlguide_site.model.slugs import parse_id

EDITION = "3"
"""Raise it with every change of what is found: it is part of a table's fingerprint."""
MAX_RANGE = 25
"""A range of more episodes than this is none."""
MAX_LIST = 40
_HOLDS_TOGETHER = frozenset("/.-@#&\\=~")
_RANGE = re.compile(rf"(?:[-–—‑]|{SPACE}(?:to|through|thru|till|until){SPACE})(?P<shown>#?(?P<number>\d{{1,5}}))")
_LIST = re.compile(
    rf"(?:{SPACE}?[,;]{SPACE}?(?:(?:and|or|&){SPACE})?|{SPACE}(?:and|or|&|\+){SPACE}|/)"
    rf"(?P<shown>(?:{WORD}{SPACE}?)?#?(?P<number>\d{{1,5}}))",
    re.IGNORECASE,
)
_UNFINISHED = re.compile(
    rf"[\w%°]|[.:]\d|,\d{{3}}(?!\d)|-[^\W\d]|{SPACE}(?:edition|format|formatting|style|citations?|guidelines?)\b",
    re.IGNORECASE,
)
_QUANTITY = re.compile(
    rf"""(?:{SPACE}|-)(?:
    percent|per{SPACE}cent|pct|x|times|seconds?|secs?|minutes?|mins?|hours?|hrs?|days?|weeks?|months?|years?|decades?|
    am|pm|a\.m\.|p\.m\.|others?|more|people|books?|courses?|videos?|articles?|papers?|links?|pages?|chapters?|parts?|steps?|
    tools?|models?|layers?|tokens?|parameters?|features?|examples?|samples?|rows?|gb|mb|kb|tb|k|m|b|million|billion|thousand|
    hundred|dollars?|euros?|points?|of{SPACE}(?:these|those|them|my|our|its)|
    jan\w*|feb\w*|mar(?:ch)?|apr\w*|may|june?|july?|aug\w*|sep\w*|oct\w*|nov\w*|dec\w*
    )\b""",
    re.IGNORECASE | re.VERBOSE,
)
_OF = re.compile(rf"{SPACE}(?:of|from){SPACE}", re.IGNORECASE)


class FoundReference(NamedTuple):
    """A place in a text that names an episode.

    `series`: whose it may be, several where they are written alike; `season`, or -1 where there is none; `number`, or
    -1 where `id` says all; `start` and `end`: its place; `shown`: whether its number is in the text (not so inside a
    range); `further`: it continues a range or a list; `own`: it counts only in notes of the series itself.
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


@dataclass(frozen=True)
class ReferenceTable:
    """The references of a catalog's series. Two tables with the same `fingerprint` find the same in every text."""

    series: tuple[SeriesForms, ...]

    @classmethod
    def of(cls, catalog: Catalog) -> "ReferenceTable":
        """The table of a catalog. Of its episodes it depends only on the ids, former ones too, that have no number, and
        on their seasons."""
        slugs: dict[str, set[str]] = defaultdict(set)
        seasons: dict[str, set[int]] = defaultdict(set)
        seasonal = set()
        for id, file in catalog.episodes.items():
            key = parse_id(file.series, id)
            if key is None or key.number is None:
                slugs[file.series].add(id)
            elif key.season is not None:
                seasonal.add(file.series)
            if file.meta.season is not None:
                seasons[file.series].add(file.meta.season)
            for name, old in product(catalog.series, file.meta.former):
                before = parse_id(name, old)
                if before is not None and before.number is None:
                    slugs[name].add(old)
        found = []
        for id, series in catalog.series.items():
            alone = len(catalog.series) == 1 and series.kind is SeriesKind.PODCAST
            named = () if id in seasonal else tuple(sorted(seasons[id]))
            found.append(SeriesForms(id, series, id in seasonal, alone, tuple(sorted(slugs[id])), named))
        return cls(tuple(found))

    def __getstate__(self) -> dict[str, object]:
        """What goes to another process: all but the compiled forms."""
        return {"series": self.series}

    @cached_property
    def fingerprint(self) -> str:
        """A digest of all that decides what the table finds."""
        given = [
            (series.title, series.prefix, series.references, series.address, id, *rest)
            for id, series, *rest in self.series
        ]
        return digest(repr((EDITION, given)))

    @cached_property
    def _forms(self) -> tuple[Form, ...]:
        return tuple(form for given in self.series for form in forms_of(given))

    @cached_property
    def _by_head(self) -> dict[str, list[Form]]:
        """The forms by the first character of their triggers."""
        table: dict[str, list[Form]] = defaultdict(list)
        for form in self._forms:
            if form.trigger:
                table[form.trigger[0]].append(form)
        return dict(table)

    @cached_property
    def _heads(self) -> re.Pattern[str]:
        """The first characters of triggers where no word goes on."""
        return re.compile(rf"[{re.escape(''.join(sorted(self._by_head)))}](?<!\w.)", re.DOTALL)

    @cached_property
    def _ranks(self) -> dict[str, int]:
        return {given.id: rank for rank, given in enumerate(self.series)}

    def find(self, text: str) -> list[FoundReference]:
        """Every reference in a text from first to last; only those that share a range overlap. Of those that overlap
        the leftmost counts, of those that begin together the longest; what several series share is one."""
        found = sorted(self._every(text), key=lambda one: (one[0].start, -one[-1].end, self._ranks[one[0].series[0]]))
        result: list[FoundReference] = []
        until = 0
        for (start, end), group in groupby(found, key=lambda one: (one[0].start, one[-1].end)):
            if start < until:
                continue
            until = end
            finds = list(group)
            own = all(one[0].own for one in finds)
            same = [one for one in finds if one[0].own == own]
            series = tuple(dict.fromkeys(one[0].series[0] for one in same if one[0][1:4] == same[0][0][1:4]))
            result += [one._replace(series=series) for one in same[0]]
        return result

    def _every(self, text: str) -> Iterator[tuple[FoundReference, ...]]:
        """What each form finds, with its range or list."""
        low = lower(text)
        for head in self._heads.finditer(low) if self._by_head else ():
            start = head.start()
            if not _may_begin(text, start):
                continue
            for form in self._by_head[head[0]]:
                match = form.pattern.match(text, start) if low.startswith(form.trigger, start) else None
                if match and (found := _read(form, match, text)):
                    yield found

    def of_address(self, address: str) -> FoundReference | None:
        """The episode that the address of an author's own link names: the series' own address of it, whole or from its
        path on, or a note file (`mla-012.md`, `../mla/mla-012.md#notes`)."""
        place = address.partition("#")[0].partition("?")[0]
        if "://" in address and not any(host in address.lower() for host in self._hosts):
            return None
        name = "" if "://" in address else unquote(place).rstrip("/").rpartition("/")[2]
        found: list[FoundReference] = []
        for form in self._of_addresses:
            texts = (address, place) if form.address else (name,) if name.startswith(form.trigger) else ()
            match = next((match for text in texts if (match := form.pattern.fullmatch(text))), None)
            found += _read(form, match) if match else ()
        same = sorted({one.series[0] for one in found if one[1:4] == found[0][1:4]}, key=self._ranks.__getitem__)
        return found[0]._replace(series=tuple(same)) if found else None

    @cached_property
    def _of_addresses(self) -> tuple[Form, ...]:
        """The forms of addresses, each pattern once, then those of files."""
        addresses = {form.pattern.pattern: form for form in self._forms if form.address}
        return (*addresses.values(), *(form for form in self._forms if form.file))

    @cached_property
    def _hosts(self) -> frozenset[str]:
        return frozenset(host_of(given.series.address) for given in self.series if given.series.address)


def _may_begin(text: str, start: int) -> bool:
    """Whether a reference may begin at a word: not inside an address or a path."""
    if start == 0:
        return True
    before = text[start - 1]
    return before not in _HOLDS_TOGETHER or (before == "-" and start > 1 and text[start - 2].isdigit())


def _read(form: Form, match: re.Match[str], text: str = "") -> tuple[FoundReference, ...]:
    """What a pattern found, with the range or list that follows in `text`; nothing where the number isn't whole."""
    given = match.groupdict()
    number = int(given.get("number") or given.get("long_number") or -1)
    season = int(given.get("season") or given.get("long_season") or -1)
    first = FoundReference((form.series,), season, number, form.id, match.start(), match.end(), own=form.own)
    if form.address or not text:
        return (first,)
    if not ends_well(text, match.end()):
        return ()
    more = _further(first, text) if form.listed else []
    end = more[-1].end if more else match.end()
    if text[end : end + 1] == "/" and text[end + 1 : end + 2].isdigit():
        return ()
    if form.then:
        then = form.then.match(text, end)
        if not then:
            return ()
        if not more:
            first = first._replace(end=then.end())
    return (first, *more)


def ends_well(text: str, end: int) -> bool:
    """Whether a number that ends here is a whole one: no version, time, share, amount, edition or compound.

    >>> [ends_well(text, 5) for text in ("MLG 9", "MLG 9.", "MLG 9.5", "MLA 9th", "MLA 9 format", "MLG 9-part")]
    [True, True, False, False, False, False]
    """
    return _UNFINISHED.match(text, end) is None


def _further(first: FoundReference, text: str) -> list[FoundReference]:
    """The references that follow a first one in a range or a list, each number greater than the one before.

    >>> first = FoundReference(("mlg",), -1, 18, "", 0, 6)
    >>> [one.number for one in _further(first, "MLG 18-20, 22 and 30 minutes")]
    [19, 20, 22]
    """
    result: list[FoundReference] = []
    last, end, ranged = first.number, first.end, False
    while len(result) < MAX_LIST:
        found = None if ranged else _RANGE.match(text, end)
        ranged = found is not None
        found = found or _LIST.match(text, end)
        if not found or not ends_well(text, found.end()) or _QUANTITY.match(text, found.end()):
            break
        if found["shown"][0].isalpha() and _OF.match(text, found.end()):
            # "MLG 3 and episode 12 of another show"
            break
        number = int(found["number"])
        if number <= last or (ranged and number - last > MAX_RANGE):
            break
        here = first._replace(start=found.start("shown"), end=found.end(), further=True)
        between = range(last + 1, number) if ranged else ()
        result += [here._replace(number=one, shown=False) for one in between]
        result.append(here._replace(number=number))
        last, end = number, found.end()
    return result
