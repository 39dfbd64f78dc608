"""Joins the entries of shows: finds entries that are the same, and entries that might be the same.

Entries of one kind are joined if they share an address or a name. A shared name is doubtful if the entries have
different addresses, if the name is only an alias, or if it is a person's one-word name. Entries that share only
doubtful names aren't joined. A warning asks to list them in `hub.yml`, under `same` or `different`. Two entries of one
show are joined only if listed under `same`, because a wrong alias in one show could join other shows' entries."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from itertools import chain, combinations, islice
from typing import NamedTuple

from mlguide_site.errors import Problem, Severity, Span, suggestion
from mlguide_site.hub.hub_file import PATH, HubFile
from mlguide_site.hub.partial import Named
from mlguide_site.importers.common.addresses import address_key
from mlguide_site.linking.tags import name_key
from mlguide_site.model.slugs import is_plain_name, make_slug

MAX_PAIRS = 100  # maximum number of pairs that a check lists for one shared name or address


class Joined(NamedTuple):
    """`groups` contains groups of joined entries as (show, kind, slug). Each group contains at least two shows. Each
    key consists of the kind of the entries and the slug of their page. `problems` contains warnings."""

    groups: Mapping[tuple[str, str], tuple[tuple[str, str, str], ...]]
    problems: tuple[Problem, ...]


def merged(*parts: Sequence[Named]) -> list[Named]:
    """Return the entries of several shows, sorted and without duplicates."""
    return sorted({one for part in parts for one in part})


class _Groups:
    """Disjoint groups of entries. The first entry of a group represents it."""

    def __init__(self, names: Sequence[Named]) -> None:
        self.first = {one: one for one in names}
        self.all = {one: [one] for one in names}

    def of(self, one: Named) -> Named:
        while self.first[one] != one:
            one = self.first[one]
        return one

    def join(self, members: Sequence[Named]) -> None:
        found = sorted(map(self.of, members))
        self.first |= dict.fromkeys(found, found[0]) if found else {}
        for other in {*found[1:]} - {*found[:1]}:
            self.all[found[0]] += self.all.pop(other)

    def parts(self, names: Iterable[Named]) -> list[list[Named]]:
        """Divide `names`, a list of entries, into one list for each group."""
        found = defaultdict[Named, list[Named]](list)
        for one in names:
            found[self.of(one)].append(one)
        return list(found.values())


def join(names: Sequence[Named], file: HubFile) -> Joined:
    """Join `names`, the entries of all shows. Return the groups of joined entries, and warnings."""
    rank = {show: at for at, show in enumerate(file.hub.shows)}
    names = sorted((one for one in names if one.show in rank), key=lambda one: (one.kind, rank[one.show], one.slug))
    known, groups, problems = {one.member: one for one in names}, _Groups(names), []
    for field in ("same", "different"):
        for at, members in enumerate(getattr(file.hub, field)):
            for index, member in enumerate(members):
                if member not in known:
                    remedy = suggestion(member, list(known), "correct or remove it, or run mlguide hub build first")
                    place = file.located.find((field, at, index))
                    problems.append(Problem(PATH, place, f'no episode mentions "{member}"', remedy, Severity.WARNING))
    for members in file.hub.same:
        groups.join([known[one] for one in members if one in known])
    settled = defaultdict[str, set[str]](set)
    for members in file.hub.different:
        for member in members:
            settled[member] |= {*members} - {member}
    keys = defaultdict[tuple[int, str, str], list[Named]](list)
    spelled = dict[tuple[str, str], str]()
    for one in names:
        for name in (one.title, *one.names):
            spelled.setdefault((one.kind, name_key(name)), name)
        for url in {address_key(url) for url in one.urls}:
            keys[0, one.kind, url].append(one)
        # `C` and `C++` have the same slug
        titles = (one.title, one.slug.replace("-", " ")) if is_plain_name(one.title) else (one.title,)
        for level, own in enumerate((titles, (*titles, *one.names)), 1):
            for name in {name_key(name) for name in own} - {""}:
                keys[level, one.kind, name].append(one)
    doubts = dict[tuple[Named, Named], str]()
    # join by addresses first, because they are certain, and by aliases last
    for (level, kind, shared), sharing in sorted(keys.items()):
        if len(sharing) < 2:
            continue
        parts = groups.parts(sharing)
        wholes = [groups.all[groups.of(part[0])] for part in parts]
        part_of = {one.member: index for index, whole in enumerate(wholes) for one in whole}
        known_pairs = ((index, two) for one, index in part_of.items() for two in settled.get(one, ()) if two in part_of)
        closed = {(index, part_of[two]) for index, two in known_pairs if part_of[two] != index}
        reason = _doubt(shared, parts) if level else ""
        if not closed and not reason:
            groups.join([parts[index][0] for index in _compatible(wholes)])
            parts = groups.parts(sharing)
        written = spelled.get((kind, shared), shared)
        reason = reason or ("entries with this name are different" if closed else "one show has several such entries")
        for (index, part), (other, rest) in islice(combinations(enumerate(parts), 2), MAX_PAIRS):
            if (index, other) not in closed and part[0].show != rest[0].show:
                doubts.setdefault((part[0], rest[0]), f'they share the name "{written}", but {reason}')
    for (first, second), why in doubts.items():
        # the two entries may have been joined later, because they share another name or address
        if groups.of(first) != groups.of(second):
            remedy = f'add "- [{first.member}, {second.member}]" under "same" or "different"'
            message = f"{first.member} and {second.member} might be the same: {why}"
            problems.append(Problem(PATH, Span(), message, remedy, Severity.WARNING))
    pages: dict[tuple[str, str], tuple[tuple[str, str, str], ...]] = {}
    for part in groups.parts(names):
        if len({one.show for one in part}) > 1:
            kind, slug, number = part[0].kind, part[0].slug, len(pages)
            while (kind, slug) in pages:
                slug, number = make_slug(f"{part[0].slug[:35]} {part[0].show[:16]} {number}"), number + 1
            pages[kind, slug] = tuple(one[:3] for one in part)
    return Joined(pages, tuple(sorted(problems)))


def _compatible(groups: Iterable[Iterable[Named]]) -> Iterable[int]:
    """Leave out the groups that share the most shows, until no groups share a show. Return the indexes of the rest."""
    left = {at: {one.show for one in group} for at, group in enumerate(groups)}
    while left:
        count = Counter(chain.from_iterable(left.values()))
        shared = {at: sum(count[show] - 1 for show in shows) for at, shows in left.items()}
        if not (most := max(shared.values())):
            break
        left = {at: shows for at, shows in left.items() if shared[at] < most}
    return left


def _doubt(name: str, parts: Sequence[Sequence[Named]]) -> str:
    """Return the reason why a shared name doesn't prove that groups of entries are the same, or ""."""
    if sum(any(one.urls for one in part) for part in parts) > 1:
        return "their addresses differ"
    titles = [one.title for part in parts for one in part if name_key(one.title) == name]
    if not titles:
        return "only as an alias"
    is_single = parts[0][0].kind == "person" and not any(" " in title for title in titles)
    return "several people may have this name" if is_single else ""
