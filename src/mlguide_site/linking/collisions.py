"""Names that two entries share: a text cannot tell which of them it means."""

from collections import defaultdict

from mlguide_site.errors import Problem, Severity, Span
from mlguide_site.linking.folding import key, plain
from mlguide_site.linking.names import Named
from mlguide_site.linking.spelling import spellings
from mlguide_site.model.catalog import Catalog, title_of
from mlguide_site.model.schema import Kind

Owner = tuple[Kind, str]
COMPARED = (Kind.TOOL, Kind.TOPIC, Kind.TERM)
"""The kinds whose entries are compared with those of the others."""


def shared_names(catalog: Catalog) -> tuple[Problem, ...]:
    """Entries that can be named alike: the same name, alias or abbreviation, or spellings of them that differ in case,
    hyphens, spaces or number alone. Each is reported at the later of the two.

    Two entries of one kind give a warning; two of different kinds (tool, topic, term) a hint, unless one of them has
    `match` rules. Titles that agree only up to their colon are not reported.
    """
    owners: dict[str, dict[Owner, str]] = defaultdict(dict)
    for kind in Kind:
        for slug, entry in sorted(catalog.entries(kind).items()):
            for name in Named.of(kind, slug, entry).names:
                for spelling in spellings(name, kind):
                    if ":" not in name or ":" in spelling.text:
                        owners[_signature(spelling.text)].setdefault((kind, slug), name)
    problems: dict[tuple[Owner, Owner], Problem] = {}
    for names in owners.values():
        ordered = sorted(names, key=lambda one: (list(Kind).index(one[0]), _place(catalog, one), one[1]))
        for second in ordered[1:]:
            first, severity = next(one for one in ordered if one[0] is second[0]), Severity.WARNING
            if first == second:
                first, severity = ordered[0], Severity.HINT
                entries = [catalog.entries(kind)[slug] for kind, slug in (first, second)]
                if second[0] not in COMPARED or any(getattr(entry, "match", ()) for entry in entries):
                    continue
            path, span = _place(catalog, first)
            same = "" if names[first] == names[second] else f', there written "{names[first]}"'
            title = title_of(catalog.entries(first[0])[first[1]])
            what = f'{second[0].value} "{second[1]}": "{names[second]}" also names the {first[0].value} "{title}"'
            message, remedy = f"{what} ({path}:{span.line}){same}", "keep one, or drop the alias from one"
            problem = Problem(*_place(catalog, second), message, remedy, severity)
            problems.setdefault((first, second), problem)
    return tuple(sorted(problems.values()))


def _place(catalog: Catalog, owner: Owner) -> tuple[str, Span]:
    """The file and place of an entry."""
    return catalog.places.get((owner[0].value, owner[1]), ("", Span()))


def _signature(text: str) -> str:
    """Letters, digits and the signs that make a difference: `C#` and `C++` differ, `Node.js` and `Node JS` don't."""
    return key(text) + "".join(char for char in plain(text) if not char.isalnum() and char not in " -.'")
