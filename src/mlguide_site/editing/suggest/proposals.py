"""Weighs the evidence for possible names, and proposes entries. `benchmarks/suggest` measures the results."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass
from math import log2
from typing import Any

from mlguide_site.editing.suggest.candidates import Candidate, Table, gather, is_person, most_used
from mlguide_site.editing.suggest.capitalised_runs import is_marked
from mlguide_site.editing.suggest.vocabulary import WORDS
from mlguide_site.errors import counted
from mlguide_site.linking.linked_catalog import LinkedCatalog
from mlguide_site.linking.lookup import text_span
from mlguide_site.linking.names import NameTable
from mlguide_site.linking.tags import name_key
from mlguide_site.markdown.sentences import sentence_at
from mlguide_site.model.catalog import Catalog
from mlguide_site.model.records import Kind

MIN_WEIGHT = 1.9
SHOWN_PLACES = 3


@dataclass(frozen=True, slots=True)
class Place:
    """The place of a name: file, line, column and sentence."""

    path: str
    line: int
    column: int
    sentence: str


@dataclass(frozen=True, slots=True)
class Proposal:
    """A proposed entry."""

    name: str
    kind: Kind
    weight: float  # higher for likelier names
    count: int  # the number of mentions
    episodes: tuple[str, ...]  # the episodes that mention the name
    places: tuple[Place, ...]  # the first mentions, at most 20
    abbreviations: tuple[str, ...] = ()
    aliases: tuple[str, ...] = ()
    url: str = ""  # the most frequent target of links with this name


def propose(linked: LinkedCatalog) -> tuple[Proposal, ...]:
    """Return a proposal for each likely name without an entry, the most likely name first."""
    documents = {id: episode.document for id, episode in linked.episodes.items()}
    table, ordinary = gather(documents)
    _join_abbreviations(table)
    is_known = _known_name_test(linked.catalog, ordinary)
    weighed = {key: _weigh(candidate, ordinary) for key, candidate in table.items()}
    chosen = {key: found for key, found in weighed.items() if found[0] >= MIN_WEIGHT}
    people = [table[key].name.split() for key, (_, kind) in chosen.items() if kind is Kind.PERSON]
    # "Roe" is not proposed if "Jane Roe" is proposed
    name_parts = {name_key(part) for names in people for part in (names[0], names[-1])}
    proposed = [key for key in chosen if key not in name_parts and not is_known(table[key])]
    order = {id: at for at, id in enumerate(documents)}
    proposed.sort(key=lambda key: (-round(chosen[key][0], 6), key))
    return tuple(_proposal(*chosen[key], table[key], linked, order) for key in proposed)


def _join_abbreviations(table: Table) -> None:
    """Merge each abbreviation's candidate into the candidate of its most frequent expansion."""
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


def _weigh(candidate: Candidate, ordinary: frozenset[str]) -> tuple[float, Kind]:
    """Return a candidate's weight and most likely kind."""
    # each additional place or episode adds less weight than the previous one
    often = min(3.0, 0.45 * log2(1 + candidate.count - candidate.loud)) + min(1.5, 0.4 * log2(len(candidate.episodes)))
    kinds = candidate.kinds
    if candidate.short:
        return 2.6 + often + min(1.5, 0.3 * len(kinds)), Kind.TERM
    if kinds[Kind.PERSON] > kinds[Kind.TOOL] + kinds[Kind.TERM] and is_person(candidate.name, ordinary):
        return 1.4 + 0.7 * min(3, kinds[Kind.PERSON]) + often, Kind.PERSON
    # nouns and verbs beside the name are evidence of the kind
    context = 1.1 * log2(1 + kinds[Kind.TOOL]) + 0.8 * log2(1 + kinds[Kind.TERM]) + 0.6 * log2(1 + kinds[Kind.RESOURCE])
    weight = _form_weight(candidate, ordinary) + often + min(context, 4.5)
    if candidate.loud == candidate.count:
        weight -= 4.0
    return weight, _kind(candidate, ordinary)


def _form_weight(candidate: Candidate, ordinary: frozenset[str]) -> float:
    """Return a weight for the capitals, the length and the ordinary words in a name."""
    words = candidate.name.split()
    low = [word.lower() for word in words]
    if len(words) > 1:
        is_ordinary = all(word in ordinary for word in low)
        return 1.4 if any(map(is_marked, words)) else -0.6 if is_ordinary else 0.7
    if is_marked(words[0]):
        is_acronym = words[0].isalpha() and words[0].isupper()
        weight = 2.3 if not is_acronym else 1.9 if len(words[0]) > 2 else 1.0
        return weight - (low[0] in ordinary)
    if low[0] in ordinary:
        return -3.0
    return -1.6 if low[0].endswith(("ian", "ean", "ese", "ish")) else 0.7


def _kind(candidate: Candidate, ordinary: frozenset[str]) -> Kind:
    words, kinds = candidate.name.split(), candidate.kinds
    tool, term = kinds[Kind.TOOL], kinds[Kind.TERM]
    if kinds[Kind.RESOURCE] > tool + term:
        return Kind.RESOURCE
    if term > tool or (len(words) > 1 and words[-1].lower() in WORDS["term-nouns"]):
        return Kind.TERM
    if tool:
        return Kind.TOOL
    is_short = len(words) == 1 and words[0].rstrip("s").isupper() and words[0].isalpha()
    return Kind.TERM if is_short or (len(words) > 1 and all(word.lower() in ordinary for word in words)) else Kind.TOOL


def _known_name_test(catalog: Catalog, ordinary: frozenset[str]) -> Callable[[Candidate], bool]:
    """Return a function that tests whether a candidate needs no entry: it is an ignored name, the name of a series or
    entry, or such a name with ordinary words, such as `Docker container`."""
    table = NameTable.of(catalog)
    known = [*catalog.ignored, *catalog.series]
    known += [name for series in catalog.series.values() for name in (series.title, series.prefix) if name]
    keys = {name_key(name) for name in [*known, *(name for entry in table.named for name in entry.names)]}
    titles = "\n".join(name_key(entry.title) for entry in catalog.resources.values())

    def is_known(name: str) -> bool:
        if name_key(name) in keys or (name.count(" ") > 1 and name_key(name) in titles):
            return True
        other_text = list(name)
        found = table.find(name)
        for place in found:
            other_text[place.start : place.end] = " " * (place.end - place.start)
        other_words = [word.lower() for word in "".join(other_text).split() if any(map(str.isalnum, word))]
        return bool(found) and all(word in WORDS["small"] or word in ordinary for word in other_words)

    return lambda candidate: any(map(is_known, (candidate.name, *candidate.short)))


def _proposal(
    weight: float, kind: Kind, candidate: Candidate, linked: LinkedCatalog, order: Mapping[str, int]
) -> Proposal:
    name = candidate.name
    if name.endswith("s") and (name[-2:-1].isupper() or name[:-1] in candidate.forms):
        name = name[:-1]
    short = most_used(candidate.short)
    aliases: dict[str, str] = {}
    for form in most_used(candidate.forms):
        aliases.setdefault(name_key(form), form)
    for own in (name, *short):
        aliases.pop(name_key(own), None)
    places = []
    for id, block_number, start, end in sorted(candidate.spots, key=lambda spot: (order[spot.episode], *spot[1:])):
        file, block = linked.catalog.episodes[id], linked.episodes[id].document.blocks[block_number]
        name_here = block.text[start:end]
        span = text_span(file, block.line, name_here, block.text.count(name_here, 0, start))
        places.append(Place(file.path, span.line, span.column, sentence_at(block.text, start, end)[0]))
    return Proposal(
        name,
        kind,
        round(weight, 2),
        candidate.count,
        tuple(sorted(candidate.episodes, key=order.__getitem__)),
        tuple(places),
        tuple(short),
        tuple(aliases.values()),
        next(iter(most_used(candidate.addresses)), ""),
    )


def report_lines(proposals: Iterable[Proposal]) -> list[str]:
    """Return lines with the kind, name, count and first places of each proposal."""
    lines: list[str] = []
    for one in proposals:
        more = [*one.abbreviations, *one.aliases]
        also = f" ({', '.join(more)})" if more else ""
        counts = f"{counted(one.count, 'place')} in {counted(len(one.episodes), 'episode')}"
        lines.append(f"{one.kind.value:8}  {one.name}{also}: {counts}")
        lines += [f"    {at.path}:{at.line}:{at.column}: {at.sentence}" for at in one.places[:SHOWN_PLACES]]
    return lines


def report_values(proposals: Iterable[Proposal]) -> list[dict[str, Any]]:
    """Return proposals as plain values, ready for JSON."""
    return [{**asdict(one), "kind": one.kind.value, "url": one.url or None} for one in proposals]
