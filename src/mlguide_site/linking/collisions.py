"""Names that two entries of a kind share: a text cannot tell which of them it means."""

from collections import defaultdict

from mlguide_site.errors import Problem, Severity, Span
from mlguide_site.linking.folding import key, plain
from mlguide_site.linking.names import Named
from mlguide_site.linking.spelling import spellings
from mlguide_site.model.catalog import Catalog, title_of
from mlguide_site.model.schema import Kind


def shared_names(catalog: Catalog) -> tuple[Problem, ...]:
    """Entries of one kind that can be named alike: the same name, alias or abbreviation, or spellings of them that
    differ in case, hyphens, spaces or number alone. Each is reported at the later of the two. Titles that agree only up
    to their colon are not reported."""
    owners: dict[tuple[Kind, str], dict[str, str]] = defaultdict(dict)
    for kind in Kind:
        for slug, entry in sorted(catalog.entries(kind).items()):
            for name in Named.of(kind, slug, entry).names:
                for spelling in spellings(name, kind):
                    if ":" not in name or ":" in spelling.text:
                        owners[kind, _signature(spelling.text)].setdefault(slug, name)
    problems: dict[tuple[Kind, str, str], Problem] = {}
    for (kind, _), names in owners.items():
        places = {slug: catalog.places.get((kind.value, slug), ("", Span())) for slug in names}
        first, *others = sorted(names, key=lambda slug: (places[slug], slug))
        path, span = places[first]
        for second in others:
            same = "" if names[first] == names[second] else f', there written "{names[first]}"'
            title = title_of(catalog.entries(kind)[first])
            what = f'{kind.value} "{second}": "{names[second]}" also names the {kind.value} "{title}"'
            message, remedy = f"{what} ({path}:{span.line}){same}", "keep one, or drop the alias from one"
            problem = Problem(*places[second], message, remedy, Severity.WARNING)
            problems.setdefault((kind, first, second), problem)
    return tuple(sorted(problems.values()))


def _signature(text: str) -> str:
    """Letters, digits and the signs that make a difference: `C#` and `C++` differ, `Node.js` and `Node JS` don't."""
    return key(text) + "".join(char for char in plain(text) if not char.isalnum() and char not in " -.'")
