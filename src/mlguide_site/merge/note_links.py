"""Links of notes to other notes: of their own source, of other sources of the import, and of the root.

A draft's body holds addresses such as `note:12-1`, each described by a lead. They are resolved once every draft has its
episode, so that the order of sources makes no difference.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import NamedTuple

from mlguide_site.errors import Problem, Severity, Span, visible
from mlguide_site.importers import Draft, Lead
from mlguide_site.markdown.parse import parse
from mlguide_site.merge.merging import read_note
from mlguide_site.merge.reading import break_long
from mlguide_site.merge.records import Base, key_hash, note_name
from mlguide_site.model.slugs import make_slug

MAX_ANCHOR = 200
_USE = re.compile(r"\[(?P<text>(?:[^\[\]\\]|\\.|\[[^\[\]]{0,1000}\]){0,2000})\]\((?P<address>note:\d{1,9}-\d{1,5})\)")


class Place(NamedTuple):
    """An episode of the root: its series' folder, its title, and its file's text."""

    series: str
    title: str
    text: str


class Guide:
    """What links between notes can lead to in a root as an import leaves it. `drafts` are those of the import, each
    with the id of its episode and the name of its source.

    `names` has ids by the names of notes (as `key_hash` has them, with those of earlier imports), `files` for each file
    of a source the ids of its parts, in order, and `parts` these by each of them.
    """

    def __init__(
        self, places: Mapping[str, Place], bases: Mapping[str, Base], drafts: Iterable[tuple[Draft, str, str]]
    ) -> None:
        self.places = places
        self.names = defaultdict[str, set[str]](set)
        for id, place in places.items():
            if title := note_name(place.title):
                self.names[key_hash("name", title)].add(id)
            for key in bases[id].keys if id in bases else ():
                self.names[key].add(id)
        files = defaultdict[str, set[tuple[int, str]]](set)
        for draft, id, source in drafts:
            if id in places:
                files[draft.file or source].add((draft.line, id))
        self.files = {file: list(dict.fromkeys(id for _, id in sorted(own))) for file, own in files.items()}
        self.parts = {id: own for _, own in sorted(self.files.items()) for id in own}
        self._anchors: dict[str, Mapping[str, str]] = {}

    def named(self, name: str) -> frozenset[str]:
        return frozenset(self.names.get(key_hash("name", note_name(name)), ()))

    def anchors(self, id: str) -> Mapping[str, str]:
        """The anchors of an episode's headings by their slugs; of equal headings the first."""
        if id not in self._anchors:
            place, found = self.places[id], dict[str, str]()
            for one in parse(read_note(place.text, id)[1], place.title).sections:
                if one.anchor and len(one.anchor) <= MAX_ANCHOR and (slug := make_slug(one.heading, "")):
                    found.setdefault(slug, one.anchor)
            self._anchors[id] = found
        return self._anchors[id]

    def address(self, id: str, own: str, anchor: str = "") -> str:
        """The address of an episode in the note of another one; empty in its own."""
        mark, series = f"#{anchor}" if anchor else "", self.places[id].series
        if id == own:
            return mark
        return (f"{id}.md" if series == self.places[own].series else f"../{series}/{id}.md") + mark


def resolve_links(draft: Draft, id: str, source: str, guide: Guide) -> tuple[Draft, list[Problem]]:
    """A draft whose links to other notes lead to their episodes, with a warning for each that leads nowhere and is kept
    as text. `id` is its own episode, `source` the name of its source."""
    addresses: dict[str, str] = {}
    problems: list[Problem] = []
    for lead in draft.leads:
        addresses[lead.address], fault = _target(lead, id, guide)
        if fault:
            message, remedy = fault, "it is kept as text; correct its name, or give its whole path"
            problems.append(Problem(draft.file or source, Span(lead.line, 1), message, remedy, Severity.WARNING))

    def resolved(use: re.Match[str]) -> str:
        address = addresses.get(use["address"], use["address"])
        return f"[{use['text']}]({address})" if address else use["text"]

    if not addresses:
        return draft, []
    return replace(draft, body=break_long(_USE.sub(resolved, draft.body)), leads=()), problems


def _target(lead: Lead, own: str, guide: Guide) -> tuple[str, str]:
    """Where a link leads ("" for nowhere), and a message where that is a fault."""
    name, heading = visible(lead.name)[:120], visible(lead.heading)[:120]
    ids = guide.files.get(lead.file, []) if lead.file else []
    if not ids and lead.name:
        found = _by_name(lead.name, own, guide)
        if len(found) > 1:
            return "", f'"{name}" may be several episodes'
        # the part with that name comes first
        parts = [other for id in found for other in guide.parts.get(id, ()) or (id,)]
        ids = sorted(parts, key=lambda one: one not in found)
    wanted = make_slug(lead.heading, "") if lead.heading else ""
    for id in ids if wanted else ():
        if make_slug(guide.places[id].title, "") == wanted or id in guide.named(lead.heading):
            return guide.address(id, own), ""
        if anchor := guide.anchors(id).get(wanted, ""):
            return guide.address(id, own, anchor), ""
    if ids and lead.name:
        # a missing heading of another note leads to that note
        return guide.address(ids[0], own), ""
    return (
        "",
        f'"{name}" is no note of the source and no episode' if lead.name else f'the note has no heading "{heading}"',
    )


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
