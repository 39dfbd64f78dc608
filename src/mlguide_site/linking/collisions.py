"""Names that two entries share: a text cannot tell which of them it means."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence

from mlguide_site.errors import Problem, Severity, Span
from mlguide_site.linking.folding import key, plain
from mlguide_site.linking.names import Named
from mlguide_site.linking.spelling import spellings
from mlguide_site.model import Kind
from mlguide_site.model.catalog import Catalog, title_of

Owner = tuple[Kind, str]
COMPARED = (Kind.TOOL, Kind.TOPIC, Kind.TERM)
"""The kinds whose entries are compared with those of the others."""


def name_collisions(catalog: Catalog) -> tuple[Problem, ...]:
    """A warning for each pair of entries of one kind that can be named alike: the same name, alias or abbreviation, or
    spellings of them that differ in case, hyphens, spaces or number alone. It is reported at the later of the two.

    Titles that are alike up to their colon may stay so: what they share is no name of either.
    """
    problems: dict[tuple[Owner, Owner], Problem] = {}
    for kind in Kind:
        for owners in _shared(catalog, [kind]):
            first = min(owners, key=lambda owner: (place(catalog, owner), owner))
            for second in owners.keys() - {first}:
                one, other = owners[first], owners[second]
                same = "" if one == other else f' is a spelling of "{one}", which'
                what = f'the name "{other}"{same} is also that of {_named(catalog, first)}'
                remedy = "rename one, drop the alias, or make the two one entry"
                problem = _problem(catalog, second, what, remedy, Severity.WARNING)
                problems.setdefault((first, second), problem)
    return tuple(sorted(problems.values()))


def shared_names(catalog: Catalog) -> Iterator[Problem]:
    """A hint for each pair of entries of different kinds that can be named alike, unless rules of one of them keep the
    two apart."""
    seen: set[tuple[Owner, Owner]] = set()
    for owners in _shared(catalog, COMPARED):
        first, *others = sorted(owners, key=lambda owner: (COMPARED.index(owner[0]), owner[1]))
        for second in others:
            has_rules = any(getattr(catalog.entries(kind)[slug], "match", ()) for kind, slug in (first, second))
            if second[0] is first[0] or has_rules or (first, second) in seen:
                continue
            seen.add((first, second))
            one, other = owners[first], owners[second]
            same = "" if one == other else f', there written "{one}"'
            what = f'"{other}" also names the {first[0].value} {_named(catalog, first)}{same}'
            yield _problem(catalog, second, what, "keep one of the two, or drop the alias from one", Severity.HINT)


def _shared(catalog: Catalog, kinds: Sequence[Kind]) -> Iterable[dict[Owner, str]]:
    """The owners of each spelling that several entries have, with the name that has it."""
    table: dict[str, dict[Owner, str]] = defaultdict(dict)
    for kind in kinds:
        for slug, entry in sorted(catalog.entries(kind).items()):
            for name in Named.of(kind, slug, entry).names:
                for spelling in spellings(name, kind):
                    if ":" not in name or ":" in spelling.text:
                        table[_signature(spelling.text)].setdefault((kind, slug), name)
    return (owners for _, owners in sorted(table.items()) if len(owners) > 1)


def _signature(text: str) -> str:
    """Letters, digits and telling signs: `C#` and `C++` are not alike, `Node.js` and `Node JS` are."""
    return key(text) + "".join(char for char in plain(text) if not char.isalnum() and char not in " -.'")


def _problem(catalog: Catalog, owner: Owner, what: str, remedy: str, severity: Severity) -> Problem:
    return Problem(*place(catalog, owner), f'{owner[0].value} "{owner[1]}": {what}', remedy, severity)


def _named(catalog: Catalog, owner: Owner) -> str:
    path, span = place(catalog, owner)
    return f'"{title(catalog, owner)}" ({path}:{span.line})'


def place(catalog: Catalog, owner: Owner) -> tuple[str, Span]:
    """The file and place of an entry."""
    return catalog.places.get((owner[0].value, owner[1]), ("", Span()))


def title(catalog: Catalog, owner: Owner) -> str:
    """The name that an entry is shown with."""
    return title_of(catalog.entries(owner[0])[owner[1]])
