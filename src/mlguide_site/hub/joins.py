"""Joins the entries of shows: which entries are the same, and which might be.

Entries of one kind are joined by a shared address or name. A shared name is doubtful if entries with this name have
different addresses, if it is only an alias, or if it is a person's single name. Entries are not joined if this is
doubtful: `hub.yml` decides, with `same` and `different`."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from itertools import combinations
from typing import NamedTuple

from mlguide_site.errors import Problem, Severity, Span, suggestion
from mlguide_site.hub.hub_file import PATH, HubFile
from mlguide_site.hub.partial import Named
from mlguide_site.linking.tags import name_key
from mlguide_site.model.slugs import make_slug


class Joined(NamedTuple):
    """The groups of equal entries from at least two shows, by kind and the slug of their page, and the warnings: doubts
    and unknown entries in `hub.yml`."""

    groups: Mapping[tuple[str, str], tuple[Named, ...]]
    problems: tuple[Problem, ...]


def merged(*parts: Sequence[Named]) -> list[Named]:
    """Return the names of several shows, sorted. The result doesn't depend on how the shows are grouped."""
    return sorted({one for part in parts for one in part})


class _Groups:
    """Disjoint groups of entries. The first entry of a group represents it."""

    def __init__(self, names: Sequence[Named]) -> None:
        self.first = {one: one for one in names}

    def of(self, one: Named) -> Named:
        while self.first[one] != one:
            one = self.first[one]
        return one

    def join(self, members: Sequence[Named]) -> None:
        found = sorted(map(self.of, members))
        self.first |= dict.fromkeys(found, found[0]) if found else {}

    def parts(self, names: Sequence[Named]) -> list[list[Named]]:
        """Divide names by their group."""
        found = defaultdict[Named, list[Named]](list)
        for one in names:
            found[self.of(one)].append(one)
        return list(found.values())


def join(names: Sequence[Named], file: HubFile) -> Joined:
    """Return which entries are the same."""
    rank = {show: at for at, show in enumerate(file.hub.shows)}
    names = sorted((one for one in names if one.show in rank), key=lambda one: (one.kind, rank[one.show], one.slug))
    known, groups, problems = {one.member: one for one in names}, _Groups(names), []
    for field in ("same", "different"):
        for at, members in enumerate(getattr(file.hub, field)):
            for index, member in enumerate(members):
                if member not in known:
                    remedy = suggestion(member, list(known), "correct it, or run mlguide hub build first")
                    place = file.located.find((field, at, index))
                    problems.append(Problem(PATH, place, f'no episode mentions "{member}"', remedy, Severity.WARNING))
    for members in file.hub.same:
        groups.join([known[one] for one in members if one in known])
    settled = {frozenset(pair) for members in file.hub.different for pair in combinations(members, 2)}
    keys = defaultdict[tuple[bool, str, str], list[Named]](list)
    for one in names:
        for url in {_plain(url) for url in one.urls}:
            keys[False, one.kind, url].append(one)
        for name in {name_key(name) for name in (one.title, one.slug.replace("-", " "), *one.names)} - {""}:
            keys[True, one.kind, name].append(one)
    doubts = dict[tuple[Named, Named], str]()
    # addresses come first, because they are certain
    for (is_name, _, shared), sharing in sorted(keys.items()):
        parts = groups.parts(sharing)
        pairs = [*combinations(parts, 2)]
        is_open = [
            (one[0], two[0])
            for one, two in pairs
            if not settled & {frozenset((a.member, b.member)) for a in one for b in two if settled}
        ]
        reason = _doubt(shared, parts) if is_name else ""
        if len(is_open) == len(pairs) and not reason:
            groups.join(sharing)
        else:
            reason = reason or "entries with this name are different"
            doubts |= {pair: f'they share the name "{shared}", but {reason}' for pair in is_open if pair not in doubts}
    for (first, second), why in doubts.items():
        # another name or address may have joined the two
        if groups.of(first) != groups.of(second):
            remedy = f'add "- [{first.member}, {second.member}]" under "same" or "different"'
            message = f"{first.member} and {second.member} might be the same: {why}"
            problems.append(Problem(PATH, Span(), message, remedy, Severity.WARNING))
    pages: dict[tuple[str, str], tuple[Named, ...]] = {}
    for part in groups.parts(names):
        if len({one.show for one in part}) > 1:
            kind, slug = part[0].kind, part[0].slug
            slug = make_slug(f"{slug} {part[0].show}") if (kind, slug) in pages else slug
            pages[kind, slug] = tuple(part)
    return Joined(pages, tuple(sorted(problems)))


def _doubt(name: str, parts: Sequence[Sequence[Named]]) -> str:
    """Return why groups that share a name may be different, or ""."""
    if sum(any(one.urls for one in part) for part in parts) > 1:
        return "their addresses differ"
    titles = [one.title for part in parts for one in part if name_key(one.title) == name]
    if not titles:
        return "only as an alias"
    is_single = parts[0][0].kind == "person" and not any(" " in title for title in titles)
    return "several people may have this name" if is_single else ""


def _plain(url: str) -> str:
    """Return an address without its scheme, `www.` and a slash at the end, because these don't distinguish pages.

    >>> _plain("https://www.Weave.example/Docs/"), _plain("http://weave.example")
    ('weave.example/Docs', 'weave.example')
    """
    host, slash, path = url.partition("://")[2].partition("/")
    return f"{host.casefold().removeprefix('www.')}{slash}{path}".rstrip("/")
