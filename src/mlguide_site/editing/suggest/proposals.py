"""Weighs the evidence for possible names, and proposes entries. `benchmarks/suggest` measures the results."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass
from math import log2
from typing import Any

from mlguide_site.editing.suggest.candidates import Candidate, Table, gather, home_page, is_person, most_used
from mlguide_site.editing.suggest.capitalised_runs import is_marked
from mlguide_site.editing.suggest.topics import frequent_tags
from mlguide_site.editing.suggest.vocabulary import GENERIC, WORDS
from mlguide_site.errors import counted
from mlguide_site.linking.linked_catalog import LinkedCatalog
from mlguide_site.linking.lookup import text_span
from mlguide_site.linking.names import NameTable
from mlguide_site.linking.tags import entries_by_tag, name_key
from mlguide_site.markdown.sentences import sentence_at
from mlguide_site.model.catalog import Catalog
from mlguide_site.model.records import Kind

MIN_WEIGHT = 1.9
SHOWN_PLACES = 3
MOST_TOPICS = 100


@dataclass(frozen=True, slots=True)
class Place:
    path: str
    line: int
    column: int
    sentence: str


@dataclass(frozen=True, slots=True)
class Proposal:
    name: str
    kind: Kind
    weight: float  # the strength of the evidence for the name
    count: int  # the number of mentions
    episodes: tuple[str, ...]  # the episodes that mention the name
    places: tuple[Place, ...]  # the first mentions, at most 20
    abbreviations: tuple[str, ...] = ()
    aliases: tuple[str, ...] = ()
    url: str = ""  # a tool's home page, or the most frequent target of links whose text is the name
    category: str = ""  # a tool's category
    sure: bool = False  # whether the kind is certain
    variants: tuple[tuple[str, int], ...] = ()  # the spellings, each with the number of mentions


def propose(linked: LinkedCatalog, least: int | None = None) -> tuple[Proposal, ...]:
    """Return a proposal for each frequent tag and each likely name without an entry. Topics come first.

    Names and topics in fewer than `least` episodes are omitted. `least` defaults to 1 for names, and to 2 for topics
    and `sure` tools, or 3 in a root of 100 or more episodes. By default, at most `MOST_TOPICS` topics are proposed."""
    table, ordinary = gather({id: episode.document for id, episode in linked.episodes.items()})
    _join_abbreviations(table)
    fewest = least or (2 if len(linked.episodes) < 100 else 3)
    is_known = _known_name_test(linked.catalog, ordinary)
    weighed = {key: _weigh(candidate, ordinary) for key, candidate in table.items()}
    chosen = {key: found for key, found in weighed.items() if found[0] >= MIN_WEIGHT}
    people = [table[key].name.split() for key, (_, kind) in chosen.items() if kind is Kind.PERSON]
    # "Roe" is not proposed if "Jane Roe" is proposed
    name_parts = {name_key(part) for names in people for part in (names[0], names[-1])}
    proposed = [key for key in chosen if key not in name_parts and not is_known(table[key])]
    proposed.sort(key=lambda key: (-round(chosen[key][0], 6), key))
    tools = [key for key in proposed if chosen[key][1] is Kind.TOOL and len(table[key].episodes) >= fewest]
    sure = {key for key in tools if _is_sure_tool(table[key], ordinary)}
    known = {*entries_by_tag(linked.catalog), *map(name_key, linked.catalog.ignored), *sure}
    # the limit includes tags that already have an entry, so that a second `--accept-all` adds no further topics
    tags = list(frequent_tags(linked, table, ordinary, fewest).items())[: None if least else MOST_TOPICS]
    tags = [(name, tag) for name, tag in tags if known.isdisjoint(map(name_key, tag.forms))]
    rank = {id: at for at, id in enumerate(linked.episodes)}
    topics = [_proposal(float(len(tag.episodes)), Kind.TOPIC, tag, linked, rank, True, name) for name, tag in tags]
    as_topics = {name_key(form) for _, tag in tags for form in tag.forms}
    names = [key for key in proposed if key not in as_topics and len(table[key].episodes) >= (least or 1)]
    return (*topics, *(_proposal(*chosen[key], table[key], linked, rank, key in sure) for key in names))


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
    # each additional place or episode adds less weight than the previous one
    often = min(3.0, 0.45 * log2(1 + candidate.count - candidate.loud)) + min(1.5, 0.4 * log2(len(candidate.episodes)))
    kinds = candidate.kinds
    if _has_home_page(candidate):
        return MIN_WEIGHT + often, Kind.TOOL
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
    return -1.6 if _is_adjective(low[0]) else 0.7


def _is_adjective(word: str) -> bool:
    """Return whether a word may be the adjective of a place, such as `Danish`."""
    return word.endswith(("ian", "ean", "ese", "ish"))


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
    """Return a function that tests whether a candidate's name is ignored or known. A name is known if it is the name of
    a series or entry, or if it only adds ordinary words to such a name, as in `Docker container`."""
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


def _has_home_page(candidate: Candidate) -> bool:
    """Return whether the notes link to a tool's home page. Other home pages, such as a person's, don't count."""
    name, tool = candidate.name, candidate.kinds[Kind.TOOL]
    resource = candidate.kinds[Kind.RESOURCE] + candidate.kinds[None]
    is_site = "." in name and not name.endswith(".js")
    is_event = name.lower().endswith(tuple(WORDS["event-endings"]))
    is_unsure = resource or is_site or is_event or " " in name or name.isupper()
    is_tool = candidate.key not in GENERIC and (tool > resource or not is_unsure)
    return is_tool and home_page(name, candidate.addresses) != ""


def _is_sure_tool(candidate: Candidate, ordinary: frozenset[str]) -> bool:
    """Return whether a name is certainly a tool: the notes link to its home page, or nearby words often indicate it."""
    name, tool, kinds = candidate.name, candidate.kinds[Kind.TOOL], candidate.kinds.total()
    is_mixed = any(is_marked(word) and not word.isupper() for word in name.split())
    is_proper = is_mixed or not (" " in name or name.isupper() or name.lower() in ordinary or _is_adjective(name))
    has_context = is_proper and tool > 2 - is_mixed and tool * 4 >= candidate.count and tool * 2 > kinds
    is_other = name.lower().endswith(tuple(WORDS["no-tool-endings"]))
    return not is_other and (_has_home_page(candidate) or (has_context and candidate.key not in GENERIC))


def _proposal(
    weight: float,
    kind: Kind,
    candidate: Candidate,
    linked: LinkedCatalog,
    rank: Mapping[str, int],
    is_sure: bool,
    topic: str = "",
) -> Proposal:
    episodes = tuple(sorted(filter(rank.__contains__, candidate.episodes), key=rank.__getitem__))
    name, forms = candidate.name, candidate.forms
    if name.endswith("s") and (name[-2:-1].isupper() or forms[name[:-1]] * 2 > forms[name]):
        name = name[:-1]
    name = topic or name
    short = most_used(candidate.short)
    aliases: dict[str, str] = {}
    for form in most_used(candidate.forms):
        aliases.setdefault(name_key(form), form)
    for own in (name, *short):
        aliases.pop(name_key(own), None)
    places = []
    for id, block_number, start, end in sorted(candidate.spots, key=lambda spot: (rank[spot.episode], *spot[1:])):
        file, block = linked.catalog.episodes[id], linked.episodes[id].document.blocks[block_number]
        name_here = block.text[start:end]
        span = text_span(file, block.line, name_here, block.text.count(name_here, 0, start))
        places.append(Place(file.path, span.line, span.column, sentence_at(block.text, start, end)[0]))
    addresses = most_used(candidate.addresses)
    url = home_page(name, addresses) if kind is Kind.TOOL else next(iter(addresses), "")
    category = next(iter(most_used(candidate.categories)), "") if kind is Kind.TOOL else ""
    variants = tuple((form, forms[form]) for form in most_used(forms))
    found = candidate.count, episodes, tuple(places), tuple(short), tuple(aliases.values())
    return Proposal(name, kind, round(weight, 2), *found, url, category, is_sure, variants)


def report_lines(proposals: Iterable[Proposal]) -> list[str]:
    """Return lines about each proposal: number, kind, name, count, and either the first places or a topic's tags."""
    lines: list[str] = []
    for number, one in enumerate(proposals, 1):
        is_topic = one.kind is Kind.TOPIC
        more = [f"{form}: {count}" for form, count in one.variants] if is_topic else [*one.abbreviations, *one.aliases]
        also = f" ({', '.join(more)})" if len(more) > is_topic else ""
        counts = ("" if is_topic else f"{counted(one.count, 'place')} in ") + counted(len(one.episodes), "episode")
        lines.append(f"{number:3}  {one.kind.value:8}  {one.name}{also}: {counts}")
        lines += [f"    {at.path}:{at.line}:{at.column}: {at.sentence}" for at in one.places[:SHOWN_PLACES]]
    return lines


def report_values(proposals: Iterable[Proposal]) -> list[dict[str, Any]]:
    """Return proposals as a list of JSON objects."""
    return [{**asdict(one), "kind": one.kind.value, "url": one.url or None} for one in proposals]
