"""The proposals: names that the texts use and no entry covers, the surest and most wanted first."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from mlguide_site.editing.suggest.gather import Seen, Spot, gather, name_key
from mlguide_site.editing.suggest.inside import with_numbers, without_inner
from mlguide_site.editing.suggest.judge import ENOUGH, Verdict, judge
from mlguide_site.editing.suggest.merge import merged
from mlguide_site.editing.suggest.tokens import is_marked, is_plain_word
from mlguide_site.editing.suggest.vocabulary import Vocabulary, compact
from mlguide_site.errors import Span
from mlguide_site.linking.linked import LinkedCatalog
from mlguide_site.markdown.document import Document
from mlguide_site.markdown.sentences import sentence_at
from mlguide_site.model import EpisodeFile, Kind
from mlguide_site.model.catalog import Catalog

MAX_SHOWN = 20


@dataclass(frozen=True, slots=True)
class Place:
    """Where a name stands: file, line and column, and the sentence."""

    path: str
    span: Span
    sentence: str


@dataclass(frozen=True, slots=True)
class Proposal:
    """An entry that the texts seem to need. `weight` tells how surely (higher is surer), `count` how often it's named,
    `episodes` by which, `places` the first of them (20 at most); `authors` are those of a work, `url` is where the
    authors' own links on the name lead."""

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
    """Everything that the texts of a linked catalog name and its entries don't cover, the surest first."""
    documents = {id: episode.document for id, episode in linked.episodes.items()}
    table = with_numbers(merged(gather(documents)), documents)
    vocabulary = Vocabulary(linked.catalog)
    judged = {name: judge(seen, table) for name, seen in table.items()}
    enough = {name: verdict for name, verdict in judged.items() if verdict.weight >= ENOUGH}
    people = _surnames(table[name] for name, verdict in enough.items() if verdict.kind is Kind.PERSON)
    chosen = [
        (verdict, table[name])
        for name, verdict in enough.items()
        if name not in people and not _is_covered(vocabulary, table[name])
    ]
    inner = without_inner([seen for _, seen in chosen])
    chosen = [(verdict, seen) for verdict, seen in chosen if seen.key not in inner]
    chosen.sort(key=lambda pair: (-round(pair[0].weight, 6), pair[1].key))
    order = {id: at for at, id in enumerate(documents)}
    return tuple(_proposal(verdict, seen, linked.catalog, documents, order) for verdict, seen in chosen)


def _is_covered(vocabulary: Vocabulary, seen: Seen) -> bool:
    """Whether an entry covers a name, one of its spellings that is as frequent, or what is short for it."""
    return vocabulary.covers(seen.name) or any(vocabulary.covers(short) for short in seen.short)


def _surnames(people: Iterable[Seen]) -> frozenset[str]:
    """The parts of the names of people: a single word of them is no name of its own."""
    return frozenset(
        name_key(part)
        for seen in people
        for part in (seen.name.split()[0], seen.name.split()[-1])
        if not is_plain_word(part) and not is_marked(part)
    )


def _proposal(
    verdict: Verdict, seen: Seen, catalog: Catalog, documents: Mapping[str, Document], order: Mapping[str, int]
) -> Proposal:
    name = proper_name(seen, verdict.kind)
    spots = sorted(seen.spots, key=lambda spot: (order[spot.episode], *spot[1:]))[:MAX_SHOWN]
    places = tuple(_place(catalog.episodes[spot.episode], documents[spot.episode], spot) for spot in spots)
    short = tuple(sorted(seen.short, key=lambda form: (-seen.short[form], form)))
    own = {compact(name), *map(compact, short)}
    aliases = []
    for form in sorted(seen.forms, key=lambda form: (-seen.forms[form], form)):
        if compact(form) not in own:
            own.add(compact(form))
            aliases.append(form)
    urls = sorted(seen.addresses, key=lambda url: (-seen.addresses[url], url))
    return Proposal(
        name,
        verdict.kind,
        round(verdict.weight, 2),
        seen.count,
        tuple(sorted(seen.episodes, key=order.__getitem__)),
        places,
        short,
        tuple(aliases),
        tuple(sorted(seen.authors)),
        urls[0] if urls else "",
    )


def proper_name(seen: Seen, kind: Kind) -> str:
    """What an entry would be called: the spelling used most; an abbreviation or a term in the singular, where both
    forms stand in the texts or it's written in capitals."""
    name = seen.name
    words = name.split(" ")
    last = words[-1]
    singular = name[:-1]
    if last.endswith("s") and len(last) > 2 and (last[:-1].isupper() or (last[-2].isupper() and is_marked(last[:-1]))):
        return singular
    if last.endswith("s") and singular in seen.forms and kind in (Kind.TERM, Kind.TOOL):
        return singular
    return name


def _place(file: EpisodeFile, document: Document, spot: Spot) -> Place:
    """The place of a spot in the file. The text of a block has no columns of the file: which of equal words in the
    block it is tells where to look."""
    block = document.blocks[spot.block]
    needle = block.text[spot.start : spot.end]
    sentence, _, _ = sentence_at(block.text, spot.start, spot.end)
    wanted = block.text.count(needle, 0, spot.start)
    lines = file.body.split("\n")
    for at in range(block.line - 1, min(len(lines), block.line + 200)):
        column = -1
        while (column := lines[at].find(needle, column + 1)) >= 0:
            if not wanted:
                return Place(file.path, Span(file.body_line + at, column + 1), sentence)
            wanted -= 1
        if at >= block.line and not lines[at].strip():
            break
    return Place(file.path, Span(file.body_line + block.line - 1, 1), sentence)
