"""Looks up the references that texts make: which episode of the root is meant, or where else it may be found."""

import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable
from functools import lru_cache
from typing import NamedTuple
from urllib.parse import unquote

from mlguide_site.errors import Problem, Severity, Span
from mlguide_site.linking.reference_forms import address_of
from mlguide_site.linking.scan import ReferenceUse
from mlguide_site.markdown.document import Block, Document, LinkUse
from mlguide_site.markdown.sanitiser import is_absolute
from mlguide_site.model import EpisodeFile
from mlguide_site.model.catalog import Catalog
from mlguide_site.model.slugs import parse_id

MAY_FOLLOW = 25
"""A series may have numbers up to its highest known one and so many more; what is beyond is a mistake."""
_YEARS = range(1900, 2100)
_INLINE = re.compile(r"\]\([ \t]{0,9}<?([^\s<>()]*(?:\([^\s<>()]*\)[^\s<>()]*)*)")
_DEFINED = re.compile(r"[ >]{0,9}\[[^\]]{1,999}\]:[ \t]{0,9}<?([^\s<>]+)")


class Answer(NamedTuple):
    """What a reference means: `target` is the id of an episode of the root, or "" where the root lacks it and `url` is
    the series' own address of it, "" where there is none."""

    series: str
    number: int
    target: str
    url: str
    problem: Problem | None = None


class Lookup:
    """The episodes of a catalog by series, season and number."""

    def __init__(self, catalog: Catalog, ids: Iterable[str]) -> None:
        self._catalog = catalog
        self._ids = set(ids)
        self._numbers: dict[tuple[str, int], list[str]] = defaultdict(list)
        self._seasons: dict[tuple[str, int, int], str] = {}
        self._former_ids: dict[str, str] = {}
        self._former: dict[tuple[str, int, int], str] = {}
        # files that are there, though they can't be read
        self._broken = {
            (name, number) for stem in catalog.broken for name, _, number in _numbered(stem, catalog.series)
        }
        for id in ids:
            file = catalog.episodes[id]
            for name, season, number in _numbered(id, [file.series]):
                self._numbers[name, number].append(id)
                if season >= 0:
                    self._seasons[name, season, number] = id
            # an id that an episode had before still means it, unless another has it now
            for old in file.meta.former:
                if old not in self._ids:
                    self._former_ids.setdefault(old, id)
                    for place in _numbered(old, catalog.series):
                        self._former.setdefault(place, id)
        self._seasonal = {series for series, _, _ in self._seasons}
        self._highest: dict[str, int] = defaultdict(int)
        for name, number in [*self._numbers, *self._broken]:
            self._highest[name] = max(self._highest[name], number)

    def resolve(self, use: ReferenceUse, file: EpisodeFile, document: Document) -> Answer | None:
        """What a reference in a file means; None where it is none after all."""
        found = use.found
        series = sorted(found.series, key=lambda name: (name != file.series, found.series.index(name)))
        if found.own:
            series = [name for name in series if name == file.series]
        if found.id:
            target = found.id if found.id in self._ids else self._former_ids.get(found.id, "")
            return Answer(series[0], -1, target, "") if target and series else None
        if use.link >= 0 and (target := self._named(document.links[use.link].href)):
            return Answer(self._catalog.episodes[target].series, found.number, target, "")
        finds = [(name, self._find(name, found.season, found.number, file)) for name in series]
        finds += [(name, self._former.get((name, found.season, found.number), "")) for name in series]
        for name, target in finds:
            if target:
                return Answer(name, found.number, target, "")
        return self._missing(series[0], use, file, document) if series else None

    def _named(self, href: str) -> str:
        """The id that an address between notes spells out, whatever else its number may mean; "" where it does not."""
        path = href.partition("#")[0]
        id = path.rsplit("/", 1)[-1].removesuffix(".md")
        return id if id in self._ids and ":" not in path and not path.startswith("/") else ""

    def _find(self, series: str, season: int, number: int, file: EpisodeFile) -> str:
        found = self._numbers.get((series, number), [])
        if season < 0 and len(found) > 1:
            # where seasons restart, a bare number means the season that is being spoken of
            here = parse_id(file.series, file.id) if file.series == series else None
            season = here.season if here and here.season is not None else -1
            return self._seasons.get((series, season, number), "")
        return self._seasons.get((series, season, number), "") if season >= 0 else "".join(found)

    def _missing(self, series: str, use: ReferenceUse, file: EpisodeFile, document: Document) -> Answer | None:
        """What a reference means that the root has no episode for: an address, a problem, or nothing."""
        number, entry, found = use.found.number, self._catalog.series[series], use.found
        if found.season >= 0 or series in self._seasonal or not (found.shown or use.link >= 0):
            return None
        possible = 1 <= number <= self._highest[series] + MAY_FOLLOW
        if not possible and (found.further or found.own or number in _YEARS):
            return None
        url = address_of(entry, number) if possible else ""
        # an address that leads nowhere is reported with other links
        if (series, number) in self._broken or (
            use.link >= 0 and not url and not is_absolute(document.links[use.link].href)
        ):
            return Answer(series, number, "", url)
        name, severity = f"{entry.prefix or entry.title} {number}", Severity.HINT
        message = f'"{name}" is named, which the root does not have'
        remedy = f'give series "{series}" an "address" to link it, or add the episode'
        if not possible:
            message, severity = f'"{name}" is named, but {entry.title} has no such episode', Severity.WARNING
            remedy = "correct the number"
        elif url:
            remedy = f"the link leads to {url}"
        if use.link >= 0:
            span = link_span(document.links[use.link], file)
        else:
            span = text_span(file, document.blocks[use.block], use.offset, use.offset + use.end - use.start)
        problem = Problem(file.path, span, message, remedy, severity)
        return Answer(series, number, "", url, problem)


def _numbered(id: str, names: Iterable[str]) -> list[tuple[str, int, int]]:
    """Series, season (-1 where there is none) and number of an id, for each series whose it may be."""
    keys = ((name, parse_id(name, id)) for name in names)
    return [
        (name, -1 if key.season is None else key.season, key.number)
        for name, key in keys
        if key is not None and key.number is not None
    ]


def text_span(file: EpisodeFile, block: Block, start: int, end: int) -> Span:
    """Where a part of a block's text is in the file. The block says on which line it begins and what to look for; how
    often that comes before in the block says which one it is."""
    needle = block.text[start:end]
    wanted = block.text.count(needle, 0, start)
    lines = _lines(file.body)
    for at in range(block.line - 1, min(len(lines), block.line + 200)):
        column = -1
        while (column := lines[at].find(needle, column + 1)) >= 0:
            if not wanted:
                return Span(file.body_line + at, column + 1)
            wanted -= 1
        if at >= block.line and not lines[at].strip():
            break
    return Span(file.body_line + block.line - 1, 1)


def link_span(use: LinkUse, file: EpisodeFile) -> Span:
    """Where the address of a link or image is in the file: the first from the line on which its text begins, else
    that which defines a link by name; else that line, where the address is written otherwise than it is read."""
    inline, defined = _addresses(file.body)
    places = inline.get(unquote(use.href), [])
    at = bisect_left(places, (use.line, 0))
    found = places[at] if at < len(places) else defined.get(unquote(use.href), (use.line, 1))
    return Span(file.body_line + found[0] - 1, found[1])


@lru_cache(maxsize=1)
def _lines(body: str) -> list[str]:
    # a note is looked at once for each of its references
    return body.split("\n")


@lru_cache(maxsize=1)
def _addresses(body: str) -> tuple[dict[str, list[tuple[int, int]]], dict[str, tuple[int, int]]]:
    """Line and column of every address in a text: those behind the text of their link, in order, and those where a link
    by name is defined."""
    inline: dict[str, list[tuple[int, int]]] = {}
    defined: dict[str, tuple[int, int]] = {}
    for number, line in enumerate(_lines(body), 1):
        for found in _INLINE.finditer(line):
            inline.setdefault(unquote(found[1]), []).append((number, found.start(1) + 1))
        if definition := _DEFINED.match(line):
            defined.setdefault(unquote(definition[1]), (number, definition.start(1) + 1))
    return inline, defined
