"""Links of notes to other notes: of their own source, of the other sources of an import, and of the root.

A draft's body holds `note:12-1` and the like, each of which a lead tells about. Where they lead is known when every
draft has its episode, whatever the order of sources. Pure.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import NamedTuple

from mlguide_site.errors import Problem, Severity, Span, visible
from mlguide_site.importers import Draft, Lead
from mlguide_site.markdown.parse import parse
from mlguide_site.merge.base import Base, key_hash, plain_name
from mlguide_site.merge.fit import break_long
from mlguide_site.merge.merge import read_note
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
    """What links between notes can lead to: the episodes by id; ids by the names of notes, as `plain_name` has them;
    ids by hashes of names that earlier imports knew; for each file of a source the ids of its parts, in order, and
    these by each of them. `anchors` keeps what was asked for: the anchors of an episode's headings by their slugs."""

    places: Mapping[str, Place]
    names: Mapping[str, frozenset[str]]
    keys: Mapping[str, frozenset[str]]
    files: Mapping[str, Sequence[str]]
    parts: Mapping[str, Sequence[str]]
    anchors: dict[str, Mapping[str, str]] = field(default_factory=dict)


def make_guide(
    places: Mapping[str, Place], bases: Mapping[str, Base], drafts: Iterable[tuple[Draft, str, str]]
) -> Guide:
    """The guide to a root as an import leaves it. `drafts` are those of the import, each with the id of its episode and
    the name of its source."""
    names, keys = defaultdict[str, set[str]](set), defaultdict[str, set[str]](set)
    for id, place in places.items():
        names[plain_name(place.title)].add(id)
    for id in places.keys() & bases.keys():
        for key in bases[id].keys:
            keys[key].add(id)
    files = defaultdict[str, dict[tuple[int, str], None]](dict)
    for draft, id, source in drafts:
        if id in places:
            files[draft.file or source][draft.line, id] = None
    parts = {file: tuple(id for _, id in sorted(own)) for file, own in files.items()}
    return Guide(
        places,
        {name: frozenset(ids) for name, ids in names.items() if name},
        {key: frozenset(ids) for key, ids in keys.items()},
        parts,
        {id: own for _, own in sorted(parts.items()) for id in own},
    )


def lead_on(draft: Draft, id: str, source: str, guide: Guide) -> tuple[Draft, list[Problem]]:
    """A draft whose links to other notes lead to their episodes, and what is to be said of those that lead nowhere:
    they are text. `id` is its own episode, `source` the name of its source."""
    leads = {lead.address: lead for lead in draft.leads}
    if not leads:
        return draft, []
    problems: list[Problem] = []
    targets = {address: _target(lead, id, guide) for address, lead in leads.items()}
    for address, lead in leads.items():
        if fault := _fault(lead, targets[address]):
            problems.append(Problem(draft.file or source, Span(lead.line, 1), *fault))
    body, at = list[str](), 0
    for found in _USE.finditer(draft.body):
        if found[1] not in leads:
            continue
        before = draft.body[at : found.start()]
        at = found.end()
        if address := targets[found[1]].address:
            body.append(f"{before}]({address})")
        else:
            opened = _opened(before)
            body.append(before[:opened] + before[opened + 1 :] if opened >= 0 else f"{before}]")
    text = break_long("".join([*body, draft.body[at:]]))
    return replace(draft, body=text, leads=()), problems


class _Target(NamedTuple):
    """Where a link leads ("" for nowhere), whether several notes may be meant, and whether it leads to where it stands.
    A heading that the note hasn't is as good as none."""

    address: str
    several: bool = False
    here: bool = False


def _fault(lead: Lead, target: _Target) -> tuple[str, str, Severity] | None:
    name, heading = visible(lead.name)[:120], visible(lead.heading)[:120]
    if target.here:
        return None
    if target.several:
        return f'"{name}" may be several episodes', "it is kept as text; give its whole path", Severity.WARNING
    if not target.address:
        what = f'"{name}" is no note of the source and no episode' if name else f'the note has no heading "{heading}"'
        return what, "it is kept as text; mend its name", Severity.WARNING
    return None


def _target(lead: Lead, own: str, guide: Guide) -> _Target:
    ids = guide.files.get(lead.file, ()) if lead.file else ()
    if not ids and lead.name:
        found = _by_name(lead.name, own, guide)
        if len(found) > 1:
            return _Target("", several=True)
        ids = [other for id in found for other in guide.parts.get(id, ()) or (id,)]
        # a part that is named is meant, and none beside it
        ids = sorted(ids, key=lambda one: one not in found)
    if not ids:
        return _Target("")
    wanted = make_slug(lead.heading, "") if lead.heading else ""
    called = guide.keys.get(key_hash("name", plain_name(lead.heading)), frozenset())
    for id in ids if wanted else ():
        if make_slug(guide.places[id].title, "") == wanted or id in called:
            return _Target(_address(id, own, guide, ""), here=id == own)
        if anchor := _anchors(id, guide).get(wanted, ""):
            return _Target(_address(id, own, guide, anchor))
    if not lead.name:
        return _Target("")
    return _Target(_address(ids[0], own, guide, ""), here=ids[0] == own)


def _by_name(name: str, own: str, guide: Guide) -> frozenset[str]:
    """The episodes that a name may mean: those of the same series where others are called so as well."""
    for one in dict.fromkeys((name, name.rpartition("/")[2])):
        plain = plain_name(one)
        if plain in guide.places:
            return frozenset((plain,))
        found = guide.names.get(plain, frozenset()) | guide.keys.get(key_hash("name", plain), frozenset())
        series = guide.places[own].series
        near = frozenset(id for id in found if guide.places[id].series == series)
        if found:
            return near if len(near) == 1 else found
    return frozenset()


def _anchors(id: str, guide: Guide) -> Mapping[str, str]:
    """The anchors of an episode's headings by what these say, as a slug; of several that say the same the first."""
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


def _opened(text: str) -> int:
    """Where the bracket stands that the one behind a text closes; -1 where there is none."""
    depth = 1
    for at in range(len(text) - 1, -1, -1):
        if text[at] in "[]" and (at == 0 or text[at - 1] != "\\"):
            depth += 1 if text[at] == "]" else -1
            if depth == 0:
                return at
    return -1
