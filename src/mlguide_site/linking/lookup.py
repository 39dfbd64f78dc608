"""Finds the target of each reference: an episode of the root, or the official address of a missing episode."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from functools import lru_cache
from urllib.parse import unquote

from mlguide_site.errors import Problem, Severity, Span
from mlguide_site.linking.mentions import ReferenceUse
from mlguide_site.linking.references import FoundReference, address_of
from mlguide_site.markdown.sanitiser import is_absolute
from mlguide_site.model.catalog import Catalog
from mlguide_site.model.records import EpisodeFile
from mlguide_site.model.slugs import parse_id, series_of

# maximum difference between a missing episode's number and the highest known number of its series
MAY_FOLLOW = 25
MAX_SEARCHED = 20_000  # number of characters after which the search for a text in a block ends
_YEARS = range(1900, 2100)
Answer = tuple[str, str, Problem | None]
"""The id of an episode in the root, the official address of a missing one (both "" for no link), and a problem."""


class Lookup:
    """An index of a catalog's episodes by series, season and number."""

    def __init__(self, catalog: Catalog, ids: Iterable[str]) -> None:
        self._catalog = catalog
        self._ids = {id: id for id in ids}
        self._by_number: dict[tuple[str, int], list[str]] = defaultdict(list)
        self._by_season: dict[tuple[str, int, int], str] = {}
        for id in list(self._ids):
            for place in _places(id, [catalog.episodes[id].series]):
                self._by_number[place[0], place[2]].append(id)
                self._by_season[place] = id
        self._seasonal = {series for series, season, _ in self._by_season if season >= 0}
        for file in map(catalog.episodes.__getitem__, [*self._ids]):
            # an id of the first season contains no season
            if file.series in self._seasonal and file.meta.season is not None and file.number is not None:
                self._by_season.setdefault((file.series, file.meta.season, file.number), file.id)
        # an episode with an invalid note exists, although it isn't in the catalog
        stems = ((stem, series_of(stem, catalog.series)) for stem in catalog.broken)
        self._broken = {(name, number) for stem, names in stems for name, _, number in _places(stem, names)}
        self._highest: dict[str, int] = defaultdict(int)
        for name, number in [*self._by_number, *self._broken]:
            self._highest[name] = max(self._highest[name], number)
        # a former id still identifies its episode, unless another episode has that id now
        for id in list(self._ids):
            for former in catalog.episodes[id].meta.former:
                if self._ids.setdefault(former, id) == id:
                    for place in _places(former, series_of(former, catalog.series)):
                        self._by_season.setdefault(place, id)

    def resolve(self, use: ReferenceUse, file: EpisodeFile) -> Answer | None:
        """Find the target of a reference in a file. Return None if the text isn't a reference."""
        found = use.found
        series = _series(found, file)
        if found.id:
            target = self._ids.get(found.id, "")
            return (target, "", None) if target and series else None
        # the reference may be a link to a note file
        path = use.href.partition("#")[0]
        id = path.rsplit("/", 1)[-1].removesuffix(".md")
        if self._ids.get(id) == id and ":" not in path and not path.startswith("/"):
            return id, "", None
        if target := self.find(found, file):
            return target, "", None
        return self._missing(series[0], use, file) if series else None

    def find(self, found: FoundReference, file: EpisodeFile) -> str:
        """Return the id of the episode with the number of a reference in a file, or ""."""
        targets = (self._find(name, found.season, found.number, file) for name in _series(found, file))
        return next(filter(None, targets), "")

    def _find(self, series: str, season: int, number: int, file: EpisodeFile) -> str:
        found = self._by_number.get((series, number), ())
        if season < 0 and len(found) == 1:
            return found[0]
        if season < 0 and found and file.series == series and (here := parse_id(series, file.id)):
            # if numbers restart each season, a number without a season refers to the season of the note
            season = -1 if here.season is None else here.season
        return self._by_season.get((series, season, number), "")

    def _missing(self, series: str, use: ReferenceUse, file: EpisodeFile) -> Answer | None:
        number, entry, found = use.found.number, self._catalog.series[series], use.found
        if found.season >= 0 or series in self._seasonal:
            return None
        possible = 1 <= number <= self._highest[series] + MAY_FOLLOW
        if not possible and (found.further or found.own or number in _YEARS or not self._highest[series]):
            return None
        url = address_of(entry, number) if possible else ""
        # another check reports broken links
        if (series, number) in self._broken or (use.href and not url and not is_absolute(use.href)):
            return "", url, None
        name, severity = f"{entry.prefix or entry.title} {number}", Severity.HINT
        message = f'"{name}" has no notes in this root'
        remedy = f'add the episode, or add an "address" to the series "{series}" in knowledge/series.yml'
        if not possible:
            message, severity = f'"{name}" is mentioned, but {entry.title} has no such episode', Severity.WARNING
            remedy = "correct the number"
        elif url:
            remedy = f"the reference links to {url} until you add the episode"
        if use.href:
            span = link_span(file, use.line, use.href)
        else:
            start = use.context.start
            span = text_span(file, use.line, use.context.sentence[start : start + use.end - use.start])
        return "", url, Problem(file.path, span, message, remedy, severity)


def _series(found: FoundReference, file: EpisodeFile) -> list[str]:
    """Return the series that a reference in a file may refer to, the file's series first."""
    names = sorted(found.series, key=lambda name: name != file.series)
    return [name for name in names if name == file.series] if found.own else names


def _places(id: str, names: Iterable[str]) -> Iterator[tuple[str, int, int]]:
    """Yield (series, season or -1, number) for each series in `names` to which the id can belong."""
    for name in names:
        key = parse_id(name, id)
        if key is not None and key.number is not None:
            yield name, -1 if key.season is None else key.season, key.number


def text_span(file: EpisodeFile, line: int, needle: str, wanted: int = 0) -> Span:
    """Search for `needle` in the block that begins on `line` of the body, and skip the first `wanted` occurrences.
    Return the position of the next occurrence in the file. If there is none, return the start of `line`."""
    lines, searched = _lines(file.body), 0
    for at in range(line - 1, min(len(lines), line + 200)):
        column = -1
        while (column := lines[at].find(needle, column + 1)) >= 0:
            if not wanted:
                return Span(file.body_line + at, column + 1)
            wanted -= 1
        searched += len(lines[at])
        if searched > MAX_SEARCHED or (at >= line and not lines[at].strip()):
            break
    return Span(file.body_line + line - 1, 1)


def link_span(file: EpisodeFile, line: int, href: str) -> Span:
    """Return the position of an address in the block that begins on `line`, or the start of `line` if not found."""
    span, plain = text_span(file, line, href), unquote(href)
    return span if span.column > 1 or plain == href else text_span(file, line, plain)


@lru_cache(maxsize=1)
def _lines(body: str) -> list[str]:
    return body.split("\n")
