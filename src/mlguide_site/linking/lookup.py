"""Looks up the references that texts make: which episode of the root is meant, or where else it may be found."""

import re
from bisect import bisect_left
from collections.abc import Iterable
from functools import lru_cache
from typing import NamedTuple
from urllib.parse import unquote

from mlguide_site.errors import Problem, Severity, Span
from mlguide_site.linking.reference_forms import address_of
from mlguide_site.linking.scan import ReferenceUse
from mlguide_site.markdown.document import Document, LinkUse
from mlguide_site.markdown.policy import is_absolute
from mlguide_site.model import EpisodeFile
from mlguide_site.model.catalog import Catalog
from mlguide_site.model.slugs import parse_id

MAY_FOLLOW = 25
"""A series may have numbers up to its highest known one and so many more; what lies beyond is a mistake."""
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
    """The episodes of a catalog by series and number."""

    def __init__(self, catalog: Catalog, ids: Iterable[str]) -> None:
        self._catalog = catalog
        self._ids = set(ids)
        self._numbers: dict[tuple[str, int], list[str]] = {}
        self._seasons: dict[tuple[str, int, int], str] = {}
        self._highest: dict[str, int] = {}
        for id in ids:
            file = catalog.episodes[id]
            key = parse_id(file.series, id)
            if key is None or key.number is None:
                continue
            self._numbers.setdefault((file.series, key.number), []).append(id)
            self._highest[file.series] = max(self._highest.get(file.series, 0), key.number)
            if key.season is not None:
                self._seasons[file.series, key.season, key.number] = id
        self._former_ids: dict[str, str] = {}
        self._former: dict[tuple[str, int, int], str] = {}
        for id in ids:
            for old in catalog.episodes[id].meta.former:
                self._remember(old, id)
        self._broken: set[tuple[str, int]] = set()
        for stem in catalog.broken:
            for name in catalog.series:
                key = parse_id(name, stem)
                if key is not None and key.number is not None:
                    # its file is there, though it can't be read
                    self._broken.add((name, key.number))
                    self._highest[name] = max(self._highest.get(name, 0), key.number)
        self._seasonal = {series for series, _, _ in self._seasons}

    def _remember(self, old: str, id: str) -> None:
        """An id that an episode had before still means it, unless another has it now."""
        if old in self._ids:
            return
        self._former_ids.setdefault(old, id)
        for name in self._catalog.series:
            key = parse_id(name, old)
            if key is not None and key.number is not None:
                self._former.setdefault((name, -1 if key.season is None else key.season, key.number), id)

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
        for name in series:
            if target := self._find(name, found.season, found.number, file):
                return Answer(name, found.number, target, "")
        for name in series:
            if target := self._former.get((name, found.season, found.number), ""):
                return Answer(name, found.number, target, "")
        return self._missing(series[0], use, file, document) if series else None

    def _named(self, href: str) -> str:
        """The id that an address between notes spells out, whatever else its number may mean; "" where it does not."""
        path = href.partition("#")[0]
        if ":" in path or path.startswith("/"):
            return ""
        id = path.rsplit("/", 1)[-1].removesuffix(".md")
        return id if id in self._ids else ""

    def _find(self, series: str, season: int, number: int, file: EpisodeFile) -> str:
        if season >= 0:
            return self._seasons.get((series, season, number), "")
        found = self._numbers.get((series, number), [])
        if len(found) > 1:
            # where seasons restart, a bare number means the season that is being spoken of
            here = parse_id(file.series, file.id) if file.series == series else None
            return self._seasons.get((series, here.season, number), "") if here and here.season is not None else ""
        return found[0] if found else ""

    def _missing(self, series: str, use: ReferenceUse, file: EpisodeFile, document: Document) -> Answer | None:
        found = use.found
        number, entry = found.number, self._catalog.series[series]
        if found.season >= 0 or series in self._seasonal or not (found.shown or use.link >= 0):
            return None
        possible = 1 <= number <= self._highest.get(series, 0) + MAY_FOLLOW
        if not possible and (found.further or found.own or number in _YEARS):
            return None
        if (series, number) in self._broken:
            return Answer(series, number, "", address_of(entry, number))
        url = address_of(entry, number) if possible else ""
        if use.link >= 0 and not url and not is_absolute(document.links[use.link].href):
            # it leads nowhere, as other links between notes may, and is told with them
            return Answer(series, number, "", "")
        name = f"{entry.prefix or entry.title} {number}"
        span = _span(use, file, document)
        if not possible:
            message = f'"{name}" is named, but {entry.title} has no such episode'
            return Answer(
                series, number, "", "", Problem(file.path, span, message, "correct the number", Severity.WARNING)
            )
        message = f'"{name}" is named, which the root does not have'
        remedy = (
            f"the link leads to {url}" if url else f'give series "{series}" an "address" to link it, or add the episode'
        )
        return Answer(series, number, "", url, Problem(file.path, span, message, remedy, Severity.HINT))


def _span(use: ReferenceUse, file: EpisodeFile, document: Document) -> Span:
    """Where a reference stands in the file. The text of a block tells what to look for, not where in the Markdown."""
    if use.link >= 0:
        return link_span(document.links[use.link], file)
    block = document.blocks[use.block]
    needle, line = block.text[use.offset : use.offset + use.end - use.start], block.line
    lines = _lines(file.body)
    for at in range(line - 1, min(len(lines), line + 200)):
        column = lines[at].find(needle)
        if column >= 0:
            return Span(file.body_line + at, column + 1)
        if at >= line and not lines[at].strip():
            break
    return Span(file.body_line + line - 1, 1)


def link_span(use: LinkUse, file: EpisodeFile) -> Span:
    """Where the address of a link or image stands in the file: the first from the line on which its text begins, else
    that which defines a link by name; else that line, where the address is written otherwise than it is read."""
    inline, defined = _addresses(file.body)
    places = inline.get(unquote(use.href), [])
    at = bisect_left(places, (use.line, 0))
    found = places[at] if at < len(places) else defined.get(unquote(use.href), (use.line, 1))
    return Span(file.body_line + found[0] - 1, found[1])


@lru_cache(maxsize=1)
def _lines(body: str) -> list[str]:
    # a note is asked for reference by reference
    return body.split("\n")


@lru_cache(maxsize=1)
def _addresses(body: str) -> tuple[dict[str, list[tuple[int, int]]], dict[str, tuple[int, int]]]:
    """Line and column of every address in a text: those that stand behind their link's text, in order, and those that
    stand where a link by name is defined."""
    inline: dict[str, list[tuple[int, int]]] = {}
    defined: dict[str, tuple[int, int]] = {}
    for number, line in enumerate(_lines(body), 1):
        for found in _INLINE.finditer(line):
            inline.setdefault(unquote(found[1]), []).append((number, found.start(1) + 1))
        if definition := _DEFINED.match(line):
            defined.setdefault(unquote(definition[1]), (number, definition.start(1) + 1))
    return inline, defined
