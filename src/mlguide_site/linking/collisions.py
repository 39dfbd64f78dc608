"""Names that two entries share: a text cannot tell which of them it means."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence

from mlguide_site.errors import Problem, Severity, Span
from mlguide_site.linking.folding import key, plain
from mlguide_site.linking.patterns import named
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
    problems = []
    for kind in Kind:
        pairs: dict[tuple[Owner, Owner], tuple[str, str]] = {}
        for owners in _shared(catalog, [kind]):
            first = min(owners, key=lambda owner: (place(catalog, owner), owner))
            for second in owners.keys() - {first}:
                pairs.setdefault((first, second), (owners[first], owners[second]))
        for (first, second), (one, other) in pairs.items():
            path, line = place(catalog, first)[0], place(catalog, first)[1].line
            same = "" if one == other else f' is a spelling of "{one}", which'
            message = (
                f'{kind.value} "{second[1]}": the name "{other}"{same} is also that of '
                f'"{title(catalog, first)}" ({path}:{line})'
            )
            remedy = "rename one, drop the alias, or make the two one entry"
            problems.append(Problem(*place(catalog, second), message, remedy, Severity.WARNING))
    return tuple(sorted(problems))


def shared_names(catalog: Catalog) -> Iterator[Problem]:
    """A hint for each pair of entries of different kinds that can be named alike, unless rules of one of them keep the
    two apart."""
    pairs: dict[tuple[Owner, Owner], tuple[str, str]] = {}
    for owners in _shared(catalog, COMPARED):
        first, *others = sorted(owners, key=lambda owner: (COMPARED.index(owner[0]), owner[1]))
        for second in others:
            has_rules = any(getattr(catalog.entries(kind)[slug], "match", ()) for kind, slug in (first, second))
            if second[0] is not first[0] and not has_rules:
                pairs.setdefault((first, second), (owners[first], owners[second]))
    for (first, second), (one, two) in pairs.items():
        path, line = place(catalog, first)[0], place(catalog, first)[1].line
        same = "" if one == two else f', there written "{one}"'
        message = (
            f'{second[0].value} "{second[1]}": "{two}" also names the {first[0].value} '
            f'"{title(catalog, first)}" ({path}:{line}){same}'
        )
        remedy = "keep one of the two, or drop the alias from one"
        yield Problem(*place(catalog, second), message, remedy, Severity.HINT)


def _shared(catalog: Catalog, kinds: Sequence[Kind]) -> Iterable[dict[Owner, str]]:
    """The owners of each spelling that several entries have, with the name that has it."""
    table: dict[str, dict[Owner, str]] = defaultdict(dict)
    for kind in kinds:
        for slug, entry in sorted(catalog.entries(kind).items()):
            for name in named(kind, slug, entry).names:
                for spelling in spellings(name, kind):
                    if ":" not in name or ":" in spelling.text:
                        table[_signature(spelling.text)].setdefault((kind, slug), name)
    return (owners for _, owners in sorted(table.items()) if len(owners) > 1)


def _signature(text: str) -> str:
    """Letters, digits and telling signs: `C#` and `C++` are not alike, `Node.js` and `Node JS` are."""
    return key(text) + "".join(char for char in plain(text) if not char.isalnum() and char not in " -.'")


def place(catalog: Catalog, owner: Owner) -> tuple[str, Span]:
    """The file and place of an entry."""
    return catalog.places.get((owner[0].value, owner[1]), ("", Span()))


def title(catalog: Catalog, owner: Owner) -> str:
    """The name that an entry is shown with."""
    return title_of(catalog.entries(owner[0])[owner[1]])
