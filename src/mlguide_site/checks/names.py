"""Names that look like one: shared by entries of different kinds, or a letter apart; and former slugs in use again."""

from collections import defaultdict
from collections.abc import Iterator, Mapping

from rapidfuzz.distance import OSA

from mlguide_site.errors import Problem, Severity
from mlguide_site.linking.collisions import COMPARED, Owner, place, shared_names, title
from mlguide_site.linking.folding import key, plain
from mlguide_site.linking.patterns import named
from mlguide_site.model import Kind
from mlguide_site.model.catalog import Catalog

SEARCHED = (*COMPARED, Kind.RESOURCE, Kind.PERSON)
"""The kinds whose names are searched for typos: the first three among each other, the others each for itself."""
MIN_LENGTH = 8
"""Shorter names a letter apart are mostly two names."""
MAX_LENGTH = 40


def check_names(catalog: Catalog) -> tuple[Problem, ...]:
    """Hints for names that a tool, a topic or a term shares with an entry of another of these kinds, and for names that
    are a letter apart; warnings for former slugs and ids that mean two things. Linear in the number of names."""
    return tuple(sorted({*shared_names(catalog), *_near(catalog), *_former(catalog)}))


def _near(catalog: Catalog) -> Iterator[Problem]:
    """Names of one letter more, less, other or exchanged: found by the texts that are left when any one letter goes."""
    names: dict[str, tuple[Owner, str]] = {}
    for kind in SEARCHED:
        for slug, entry in catalog.entries(kind).items():
            for name in named(kind, slug, entry).names:
                letters = "".join(char for char in key(plain(name)) if char.isalnum())
                if MIN_LENGTH <= len(letters) <= MAX_LENGTH and letters.isalpha():
                    names.setdefault(letters, ((kind, slug), name))
    rests: dict[str, list[str]] = defaultdict(list)
    for letters in names:
        for rest in {letters, *(letters[:at] + letters[at + 1 :] for at in range(len(letters)))}:
            rests[rest].append(letters)
    near = ((one, other) for same in rests.values() for at, one in enumerate(same) for other in same[at + 1 : at + 8])
    for one, other in sorted({(min(pair), max(pair)) for pair in near}):
        (first, name), (second, other_name) = names[one], names[other]
        if _may_be_one(first, second) and _is_typo(one, other) and _in_word(name, other_name):
            yield _near_names(catalog, first, second)


def _is_typo(one: str, other: str) -> bool:
    """Whether two texts differ as by a typo: not by a plural, nor in the first letter."""
    return one[0] == other[0] and one.rstrip("s") != other.rstrip("s") and OSA.distance(one, other, score_cutoff=1) == 1


def _may_be_one(one: Owner, other: Owner) -> bool:
    return one != other and (one[0] is other[0] or (one[0] in COMPARED and other[0] in COMPARED))


def _in_word(one: str, other: str) -> bool:
    """Whether two names differ in a word long enough for a typo; ECR and ECS are two things.

    >>> _in_word("Amazon ECR", "Amazon ECS"), _in_word("Amazon Lambda", "Amazon Lamdba")
    (False, True)
    """
    return all(len(word) > 4 and not word.isupper() for word in set(one.split()) ^ set(other.split()))


def _near_names(catalog: Catalog, one: Owner, other: Owner) -> Problem:
    first, second = sorted([one, other], key=lambda owner: (place(catalog, owner), owner))
    path, span = place(catalog, second)
    there = place(catalog, first)
    message = (
        f'{second[0].value} "{second[1]}": a name of "{title(catalog, second)}" is one letter from one of '
        f'"{title(catalog, first)}" ({there[0]}:{there[1].line})'
    )
    return Problem(path, span, message, "correct the typo, or leave it if both are meant", Severity.HINT)


def _former(catalog: Catalog) -> Iterator[Problem]:
    """Former slugs that another entry has, now or formerly: their address can lead to one only."""
    for kind in Kind:
        table = catalog.entries(kind)
        former = {slug: entry.former for slug, entry in table.items()}
        for slug, old, other in _claimed(former):
            path, span = place(catalog, (kind, slug))
            message = f'{kind.value} "{slug}": "{old}" in "former" is also the slug of "{other}"'
            yield Problem(path, span, message, "take it out of one of the two", Severity.WARNING)
    episodes = {id: file.meta.former for id, file in catalog.episodes.items()}
    for id, old, other in _claimed(episodes):
        file = catalog.episodes[id]
        message = f'"{old}" in "former" is also the id of "{other}"'
        yield Problem(file.path, file.span("former"), message, "take it out of one of the two", Severity.WARNING)


def _claimed(former: Mapping[str, tuple[str, ...]]) -> Iterator[tuple[str, str, str]]:
    """Who claims which former name that whom else has."""
    first: dict[str, str] = {}
    for slug in sorted(former):
        for old in former[slug]:
            if old in former:
                yield slug, old, old
            elif first.setdefault(old, slug) != slug:
                yield slug, old, first[old]
