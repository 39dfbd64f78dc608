"""Names that two entries of one kind share: a text cannot tell which of them it means."""

from collections import defaultdict

from mlguide_site.errors import Problem, Severity, Span
from mlguide_site.linking.folding import key, plain
from mlguide_site.linking.patterns import named
from mlguide_site.linking.spelling import spellings
from mlguide_site.model import Kind
from mlguide_site.model.catalog import Catalog, title_of


def name_collisions(catalog: Catalog) -> tuple[Problem, ...]:
    """A warning for each pair of entries of one kind that can be named alike: the same name, alias or abbreviation, or
    spellings of them that differ in case, hyphens, spaces or number alone. It is reported at the later of the two.

    Titles that are alike up to their colon may stay so: what they share is no name of either.
    """
    problems = []
    for kind in Kind:
        owners: dict[str, dict[str, str]] = defaultdict(dict)
        table = catalog.entries(kind)
        for slug, entry in sorted(table.items()):
            for name in named(kind, slug, entry).names:
                for spelling in spellings(name, kind):
                    if ":" in name and ":" not in spelling.text:
                        continue
                    owners[_signature(spelling.text)].setdefault(slug, name)
        pairs: dict[tuple[str, str], tuple[str, str]] = {}
        for _, names in sorted(owners.items()):
            first = min(names, key=lambda slug: (_place(catalog, kind, slug), slug), default="")
            for slug in sorted(names):
                if slug != first:
                    pairs.setdefault((first, slug), (names[first], names[slug]))
        for (first, second), (one, other) in sorted(pairs.items()):
            path, span = _place(catalog, kind, second)
            there = _place(catalog, kind, first)
            same = "" if one == other else f' is a spelling of "{one}", which'
            message = (
                f'{kind.value} "{second}": the name "{other}"{same} is also that of "{title_of(table[first])}" '
                f"({there[0]}:{there[1].line})"
            )
            remedy = "rename one, drop the alias, or make the two one entry"
            problems.append(Problem(path, span, message, remedy, Severity.WARNING))
    return tuple(sorted(problems))


def _signature(text: str) -> str:
    """Key and signs together: `C#` and `C++` are not alike, `Node.js` and `Node JS` are."""
    return key(text) + "".join(char for char in plain(text) if not char.isalnum() and char not in " -.")


def _place(catalog: Catalog, kind: Kind, slug: str) -> tuple[str, Span]:
    return catalog.places.get((kind.value, slug), ("", Span()))
