"""Links of notes to other notes: of their own source, of other sources of the import, and of the root.

A draft's body holds addresses such as `note:12-1`, each described by a lead. They are resolved once every draft has its
episode, so that the order of sources makes no difference.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import NamedTuple

from mlguide_site.errors import Problem, Severity, Span, visible
from mlguide_site.importers import Draft, Lead
from mlguide_site.markdown.parse import parse
from mlguide_site.merge.merging import read_note
from mlguide_site.merge.reading import break_long, opening_bracket
from mlguide_site.merge.records import Base, key_hash, note_name
from mlguide_site.model.slugs import make_slug

MAX_ANCHOR = 200
_USE = re.compile(r"\]\((note:\d{1,9}-\d{1,5})\)")


class Place(NamedTuple):
    """An episode of the root: its series' folder, its title, and its file's text."""

    series: str
    title: str
    text: str


@dataclass(frozen=True, slots=True)
class Guide:
    """What links between notes can lead to: the episodes by id; ids by the names of notes (as `key_hash` has them, with
    those of earlier imports); for each file of a source the ids of its parts, in order, and these by each of them.
    `anchors` caches the anchors of an episode's headings by their slugs."""

    places: Mapping[str, Place]
    names: Mapping[str, frozenset[str]]
    files: Mapping[str, Sequence[str]]
    parts: Mapping[str, Sequence[str]]
    anchors: dict[str, Mapping[str, str]] = field(default_factory=dict)

    def named(self, name: str) -> frozenset[str]:
        return self.names.get(key_hash("name", note_name(name)), frozenset())


class _Target(NamedTuple):
    """Where a link leads ("" for nowhere), whether it may mean several notes, and whether it leads to its own note."""

    address: str
    several: bool = False
    here: bool = False


def make_guide(
    places: Mapping[str, Place], bases: Mapping[str, Base], drafts: Iterable[tuple[Draft, str, str]]
) -> Guide:
    """The guide to a root as an import leaves it. `drafts` are those of the import, each with the id of its episode and
    the name of its source."""
    names = defaultdict[str, set[str]](set)
    for id, place in places.items():
        if title := note_name(place.title):
            names[key_hash("name", title)].add(id)
        for key in bases[id].keys if id in bases else ():
            names[key].add(id)
    files = defaultdict[str, dict[tuple[int, str], None]](dict)
    for draft, id, source in drafts:
        if id in places:
            files[draft.file or source][draft.line, id] = None
    parts = {file: tuple(id for _, id in sorted(own)) for file, own in files.items()}
    by_part = {id: own for _, own in sorted(parts.items()) for id in own}
    return Guide(places, {name: frozenset(ids) for name, ids in names.items()}, parts, by_part)


def resolve_links(draft: Draft, id: str, source: str, guide: Guide) -> tuple[Draft, list[Problem]]:
    """A draft whose links to other notes lead to their episodes, with a warning for each that leads nowhere and is kept
    as text. `id` is its own episode, `source` the name of its source."""
    leads = {lead.address: lead for lead in draft.leads}
    if not leads:
        return draft, []
    problems: list[Problem] = []
    targets = {address: _target(lead, id, guide) for address, lead in leads.items()}
    for address, lead in leads.items():
        name, target = visible(lead.name)[:120], targets[address]
        message = f'"{name}" is no note of the source and no episode'
        remedy = "it is kept as text; correct its name"
        if target.here or target.address:
            continue
        if target.several:
            message, remedy = f'"{name}" may be several episodes', "it is kept as text; give its whole path"
        elif not name:
            message = f'the note has no heading "{visible(lead.heading)[:120]}"'
        problems.append(Problem(draft.file or source, Span(lead.line, 1), message, remedy, Severity.WARNING))
    body, at = list[str](), 0
    for found in _USE.finditer(draft.body):
        if found[1] not in leads:
            continue
        before = draft.body[at : found.start()]
        at = found.end()
        if address := targets[found[1]].address:
            body.append(f"{before}]({address})")
        else:
            opened = opening_bracket(before + "]", len(before))
            body.append(before[:opened] + before[opened + 1 :] if opened >= 0 else f"{before}]")
    text = break_long("".join([*body, draft.body[at:]]))
    return replace(draft, body=text, leads=()), problems


def _target(lead: Lead, own: str, guide: Guide) -> _Target:
    ids = guide.files.get(lead.file, ()) if lead.file else ()
    if not ids and lead.name:
        found = _by_name(lead.name, own, guide)
        if len(found) > 1:
            return _Target("", several=True)
        ids = [other for id in found for other in guide.parts.get(id, ()) or (id,)]
        # the part with that name comes first
        ids = sorted(ids, key=lambda one: one not in found)
    if not ids:
        return _Target("")
    wanted = make_slug(lead.heading, "") if lead.heading else ""
    for id in ids if wanted else ():
        if make_slug(guide.places[id].title, "") == wanted or id in guide.named(lead.heading):
            return _Target(_address(id, own, guide, ""), here=id == own)
        if anchor := _anchors(id, guide).get(wanted, ""):
            return _Target(_address(id, own, guide, anchor))
    # a missing heading of another note leads to that note
    return _Target(_address(ids[0], own, guide, ""), here=ids[0] == own) if lead.name else _Target("")


def _by_name(name: str, own: str, guide: Guide) -> frozenset[str]:
    """The episodes that a name may mean: the one of the same series if that is the only one there."""
    for one in dict.fromkeys((name, name.rpartition("/")[2])):
        if note_name(one) in guide.places:
            return frozenset((note_name(one),))
        if found := guide.named(one):
            series = guide.places[own].series
            near = frozenset(id for id in found if guide.places[id].series == series)
            return near if len(near) == 1 else found
    return frozenset()


def _anchors(id: str, guide: Guide) -> Mapping[str, str]:
    """The anchors of an episode's headings by their slugs; of equal headings the first."""
    if id not in guide.anchors:
        place = guide.places[id]
        found: dict[str, str] = {}
        for one in parse(read_note(place.text, id)[1], place.title).sections:
            if one.anchor and len(one.anchor) <= MAX_ANCHOR and (slug := make_slug(one.heading, "")):
                found.setdefault(slug, one.anchor)
        guide.anchors[id] = found
    return guide.anchors[id]


def _address(id: str, own: str, guide: Guide, anchor: str) -> str:
    mark = f"#{anchor}" if anchor else ""
    if id == own:
        return mark
    series = guide.places[id].series
    return (f"{id}.md" if series == guide.places[own].series else f"../{series}/{id}.md") + mark
