"""Proposals: names that the texts use and no entry covers, the most certain and most wanted first.

Each candidate gets a weight, a sum of what speaks for and against it; the numbers were set by hand and
`benchmarks/suggest` measures them.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from math import log2
from typing import Any

from mlguide_site.editing.suggest import vocabulary
from mlguide_site.editing.suggest.evidence import (
    PERSON,
    PLACE,
    Candidate,
    Spot,
    Table,
    gather,
    is_person,
    name_key,
)
from mlguide_site.editing.suggest.tokens import is_marked
from mlguide_site.errors import Span
from mlguide_site.linking.linked import LinkedCatalog
from mlguide_site.linking.lookup import text_span
from mlguide_site.linking.names import NameTable
from mlguide_site.markdown.document import Document
from mlguide_site.markdown.sentences import sentence_at
from mlguide_site.model import EpisodeFile, Kind
from mlguide_site.model.catalog import Catalog, title_of

ENOUGH = 2.0
"""The least weight of a proposal."""
MAX_PLACES = 20


@dataclass(frozen=True, slots=True)
class Place:
    """Where a name is: file, line and column, and the sentence."""

    path: str
    span: Span
    sentence: str


@dataclass(frozen=True, slots=True)
class Proposal:
    """An entry that the texts seem to need. `weight` says how certain it is (higher is more certain), `count` how often
    it is named, `episodes` by which, `places` are the first of them (20 at most); `authors` are those of a work, `url`
    is where the authors' own links on the name lead."""

    name: str
    kind: Kind
    weight: float
    count: int
    episodes: tuple[str, ...]
    places: tuple[Place, ...]
    abbreviations: tuple[str, ...] = ()
    aliases: tuple[str, ...] = ()
    authors: tuple[str, ...] = ()
    url: str = ""


def propose(linked: LinkedCatalog) -> tuple[Proposal, ...]:
    """Everything that the texts of a linked catalog name and its entries don't cover, the most certain first."""
    documents = {id: episode.document for id, episode in linked.episodes.items()}
    table, ordinary = gather(documents)
    _join(table, ordinary)
    known = _Known(linked.catalog, ordinary)
    weighed = {key: _weigh(candidate, table, ordinary) for key, candidate in table.items()}
    chosen = {key: found for key, found in weighed.items() if found[0] >= ENOUGH}
    people = {
        name_key(part)
        for key, (_, kind) in chosen.items()
        if kind is Kind.PERSON
        for part in (table[key].name.split()[0], table[key].name.split()[-1])
    }
    left = [key for key in chosen if key not in people and not known.covers(table[key])]
    order = {id: at for at, id in enumerate(documents)}
    left.sort(key=lambda key: (-round(chosen[key][0], 6), key))
    return tuple(_proposal(*chosen[key], table[key], linked.catalog, documents, order) for key in left)


def _join(table: Table, ordinary: frozenset[str]) -> None:
    """Join candidates that are one name: an abbreviation and what it stands for, and a name with an ordinary word or a
    maker's name beside it."""
    owners: dict[str, list[Candidate]] = defaultdict(list)
    for _, candidate in sorted(table.items()):
        for short in candidate.short:
            owners[name_key(short)].append(candidate)
    for short, candidates in sorted(owners.items()):
        best, *others = sorted(candidates, key=lambda one: (-one.short.total(), -one.count, one.key))
        for other in others:
            other.short = Counter({form: n for form, n in other.short.items() if name_key(form) != short})
        if short in table and short != best.key:
            best.absorb(table.pop(short))
    for key, candidate in sorted(table.items(), key=lambda item: (-item[1].name.count(" "), item[0])):
        words = candidate.name.split()
        if not 1 < len(words) < 7 or candidate.short or candidate.is_work:
            continue
        rare = candidate.count < 3 and not candidate.cues[Kind.TOOL.value] and not candidate.company
        for cut in range(1, len(words)):
            head, tail = words[:cut], words[cut:]
            first, last = (table.get(name_key(" ".join(part))) for part in (head, tail))
            is_maker = first is not None and first.firm > 1
            is_last = last is not None and last.firm >= candidate.firm and any(map(is_marked, tail))
            is_first = first is not None and first.count >= candidate.count and any(map(is_marked, head))
            if last and is_last and (is_maker or (rare and _are_ordinary(head, ordinary))):
                if is_maker:
                    last.forms[candidate.name] += 0
                last.absorb(table.pop(key))
                break
            if first and is_first and rare and _are_ordinary(tail, ordinary):
                first.absorb(table.pop(key))
                break


def _are_ordinary(words: Iterable[str], ordinary: frozenset[str]) -> bool:
    return all(word.lower() in ordinary for word in words)


def _weigh(candidate: Candidate, table: Table, ordinary: frozenset[str]) -> tuple[float, Kind]:
    """How certain a candidate is a name, and of what kind."""
    # more places and more episodes make a name more wanted, each less than the one before
    often = min(3.0, 0.45 * log2(1 + candidate.firm)) + min(1.5, 0.4 * log2(len(candidate.episodes)))
    if candidate.short:
        return 2.6 + often + min(1.5, 0.3 * len(candidate.cues)), Kind.TERM
    if candidate.is_work:
        return 3.0 + 2 * bool(candidate.authors) + often, Kind.RESOURCE
    words = candidate.name.split()
    cues = candidate.cues
    if cues[PERSON] > cues[Kind.TOOL.value] + cues[Kind.TERM.value] and is_person(words, ordinary):
        return 1.4 + 0.7 * min(3, cues[PERSON]) + often, Kind.PERSON
    weight = _shape(candidate, words, ordinary) + often + _surroundings(candidate, table) + _capitals(candidate)
    return weight, _kind(candidate, words, ordinary)


def _shape(candidate: Candidate, words: Sequence[str], ordinary: frozenset[str]) -> float:
    """What the form of the words says."""
    low = [word.lower() for word in words]
    if len(words) == 1:
        if is_marked(words[0]):
            short = words[0].isalpha() and words[0].isupper()
            return 1.9 if not short else 1.5 if len(words[0]) > 2 else 0.6
        if low[0] in vocabulary.PAGE_WORDS:
            return -4.0
        if low[0] in ordinary:
            return -1.2 if candidate.cues[Kind.TOOL.value] or candidate.company else -3.0
        return -2.0 if low[0].endswith(("ian", "ean", "ese", "ish")) else 0.3
    if len(words) > 5 or any(word[:1].isupper() and word.lower() in vocabulary.SMALL for word in words[1:]):
        return -3.0
    if low[-1] in vocabulary.PAGE_WORDS or low[0] in vocabulary.PAGE_WORDS:
        return -2.5
    if any(map(is_marked, words)):
        return 1.0 if candidate.count > 1 or len(words) < 3 else 0.2
    plain = sum(word in ordinary for word in low)
    return -1.0 if plain == len(words) else 0.4 if plain else 0.1


def _surroundings(candidate: Candidate, table: Table) -> float:
    """What the words around say: what the name is called, what it does, what it is listed with."""
    cues = candidate.cues
    weight = 1.1 * log2(1 + cues[Kind.TOOL.value]) + 0.8 * log2(1 + cues[Kind.TERM.value])
    weight += 0.6 * log2(1 + cues[Kind.RESOURCE.value])
    companions = sum(n for key, n in candidate.company.items() if key in table and is_marked(table[key].name))
    weight += min(2.0, 0.6 * log2(1 + companions)) + 2.0 * any(_is_home(candidate, url) for url in candidate.addresses)
    if not any(map(is_marked, candidate.name.split())):
        weight -= 1.5 * log2(1 + max(0, cues[PLACE] - cues[Kind.TOOL.value]))
    return min(weight - 2.0 * (cues[PERSON] > cues[Kind.TOOL.value]), 4.5)


def _capitals(candidate: Candidate) -> float:
    """How far its capitals are its own: not where it is written small elsewhere, nor where everything is raised."""
    if not candidate.firm:
        return -4.0
    share = candidate.firm / (candidate.firm + candidate.low)
    loud = 0.0 if any(map(is_marked, candidate.name.split())) else candidate.loud / candidate.count
    return (0.4 if share > 0.95 else (share - 0.9) * 4) - 1.2 * loud


def _kind(candidate: Candidate, words: Sequence[str], ordinary: frozenset[str]) -> Kind:
    cues, last = candidate.cues, words[-1].lower()
    tool, term = cues[Kind.TOOL.value], cues[Kind.TERM.value]
    if (len(words) > 1 and last in vocabulary.TITLE_ENDINGS) or cues[Kind.RESOURCE.value] > tool + term:
        return Kind.RESOURCE
    if term > tool or (len(words) > 1 and last in vocabulary.TERM_NOUNS):
        return Kind.TERM
    if tool or any(_is_home(candidate, url) for url in candidate.addresses):
        return Kind.TOOL
    is_short = len(words) == 1 and words[0].rstrip("s").isupper() and words[0].isalpha()
    return Kind.TERM if is_short or (len(words) > 1 and all(word.lower() in ordinary for word in words)) else Kind.TOOL


def _is_home(candidate: Candidate, url: str) -> bool:
    """Whether an address is the name's own: its host or the end of its path holds the name."""
    host, _, path = url.partition("://")[2].lower().partition("/")
    last = name_key(path.rstrip("/").rpartition("/")[2])
    shared = any(part in vocabulary.SHARED_HOSTS for part in host.split("."))
    bare = candidate.key
    return len(bare) > 2 and (last == bare or (not shared and bare in name_key(host.removeprefix("www."))))


class _Known:
    """The names of all entries of a catalog, drafts included, of its series, and those that are to be ignored."""

    def __init__(self, catalog: Catalog, ordinary: frozenset[str]) -> None:
        self._table = NameTable.of(catalog)
        self._ordinary = ordinary
        names: list[str] = list(catalog.ignored)
        for slug, series in catalog.series.items():
            names += filter(None, (slug, series.title, series.prefix))
        for kind in Kind:
            for entry in catalog.entries(kind).values():
                names += [title_of(entry), *getattr(entry, "aliases", ()), *getattr(entry, "abbreviations", ())]
        self._keys = frozenset(map(name_key, names))
        self._titles = "\n".join(name_key(entry.title) for entry in catalog.resources.values())

    def covers(self, candidate: Candidate) -> bool:
        """Whether an entry has a name, what it is short for, or all of it but ordinary words."""
        return any(map(self._has, (candidate.name, *candidate.short)))

    def _has(self, name: str) -> bool:
        words = name.split()
        if name_key(name) in self._keys or (len(words) > 2 and name_key(name) in self._titles):
            return True
        rest = list(name)
        found = self._table.find(name)
        for place in found:
            rest[place.start : place.end] = " " * (place.end - place.start)
        left = [word.lower() for word in "".join(rest).split() if any(map(str.isalnum, word))]
        return bool(found) and all(word in vocabulary.SMALL or word in self._ordinary for word in left)


def _proposal(
    weight: float,
    kind: Kind,
    candidate: Candidate,
    catalog: Catalog,
    documents: Mapping[str, Document],
    order: Mapping[str, int],
) -> Proposal:
    name = _proper_name(candidate, kind)
    spots = sorted(candidate.spots, key=lambda spot: (order[spot.episode], *spot[1:]))[:MAX_PLACES]
    short = tuple(sorted(candidate.short, key=lambda form: (-candidate.short[form], form)))
    aliases: dict[str, str] = {}
    for form in sorted(candidate.forms, key=lambda form: (-candidate.forms[form], form)):
        aliases.setdefault(name_key(form), form)
    for own in (name, *short):
        aliases.pop(name_key(own), None)
    urls = sorted(candidate.addresses, key=lambda url: (-candidate.addresses[url], url))
    return Proposal(
        name,
        kind,
        round(weight, 2),
        candidate.count,
        tuple(sorted(candidate.episodes, key=order.__getitem__)),
        tuple(_place(catalog.episodes[spot.episode], documents[spot.episode], spot) for spot in spots),
        short,
        tuple(aliases.values()),
        tuple(sorted(candidate.authors)),
        urls[0] if urls else "",
    )


def _proper_name(candidate: Candidate, kind: Kind) -> str:
    """The name of the entry: the spelling used most, in the singular where the texts have that too."""
    name = candidate.name
    singular, last = name[:-1], name.split(" ")[-1]
    if last.endswith("s") and len(last) > 2 and last[-2].isupper() and is_marked(last[:-1]):
        return singular
    both = name.endswith("s") and singular in candidate.forms and kind in (Kind.TERM, Kind.TOOL)
    return singular if both else name


def _place(file: EpisodeFile, document: Document, spot: Spot) -> Place:
    """The place of a spot in the file."""
    block = document.blocks[spot.block]
    sentence, _, _ = sentence_at(block.text, spot.start, spot.end)
    return Place(file.path, text_span(file, block, spot.start, spot.end), sentence)


def report_lines(proposals: Iterable[Proposal], places: int = 3) -> list[str]:
    """Kind, name and count of each proposal, with the first places that name it."""
    lines: list[str] = []
    for one in proposals:
        more = [*one.abbreviations, *one.aliases]
        also = f" ({', '.join(more)})" if more else ""
        by = f" by {', '.join(one.authors)}" if one.authors else ""
        times = "once" if one.count == 1 else f"{one.count} times"
        where = "1 episode" if len(one.episodes) == 1 else f"{len(one.episodes)} episodes"
        lines.append(f"{one.kind.value:8}  {one.name}{also}{by}: named {times} in {where}")
        for place in one.places[:places]:
            lines.append(f"    {place.path}:{place.span.line}:{place.span.column}: {place.sentence}")
    return lines


def report_values(proposals: Iterable[Proposal]) -> list[dict[str, Any]]:
    """Proposals as JSON-ready values."""
    return [
        {
            **asdict(one),
            "kind": one.kind.value,
            "url": one.url or None,
            "places": [
                {"path": place.path, "line": place.span.line, "column": place.span.column, "sentence": place.sentence}
                for place in one.places
            ],
        }
        for one in proposals
    ]
