"""Links of notes to other notes: of their own source, of other sources of the import, and of the root.

A draft's body holds addresses such as `note:12-1`, each described by a lead. They are resolved once every draft has its
episode, so that the order of sources makes no difference.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import replace
from functools import cache
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
            for key in {key_hash("name", note_name(place.title)), *(bases[id].keys if id in bases else ())}:
                self.names[key].add(id)
        files = defaultdict[str, set[tuple[int, str]]](set)
        for draft, id, source in drafts:
            files[draft.file or source].add((draft.line, id))
        self.files = {file: list(dict.fromkeys(id for _, id in sorted(own))) for file, own in files.items()}
        self.parts = {id: own for _, own in sorted(self.files.items()) for id in own}
        self.anchors = cache(self._anchors)

    def named(self, name: str) -> set[str]:
        return self.names.get(key_hash("name", note_name(name)), set()) if note_name(name) else set()

    def by_name(self, name: str, own: str) -> set[str]:
        """The episodes that a name may mean: the one of the same series if that is the only one there."""
        for one in dict.fromkeys((name, name.rpartition("/")[2])):
            if note_name(one) in self.places:
                return {note_name(one)}
            if found := self.named(one):
                near = {id for id in found if self.places[id].series == self.places[own].series}
                return near if len(near) == 1 else found
        return set()

    def _anchors(self, id: str) -> dict[str, str]:
        """The anchors of an episode's headings by their slugs; of equal headings the first."""
        place, found = self.places[id], dict[str, str]()
        for one in parse(read_note(place.text, id)[1], place.title).sections:
            if one.anchor and len(one.anchor) <= MAX_ANCHOR and (slug := make_slug(one.heading, "")):
                found.setdefault(slug, one.anchor)
        return found

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
            remedy = "it is kept as text; correct its name, or give its whole path"
            problems.append(Problem(draft.file or source, Span(lead.line, 1), fault, remedy, Severity.WARNING))

    def resolved(use: re.Match[str]) -> str:
        address = addresses.get(use["address"], use["address"])
        return f"[{use['text']}]({address})" if address else use["text"]

    if not addresses:
        return draft, []
    return replace(draft, body=break_long(_USE.sub(resolved, draft.body)), leads=()), problems


def _target(lead: Lead, own: str, guide: Guide) -> tuple[str, str]:
    """Where a link leads ("" for nowhere), and a message where that is a fault."""
    name, wanted = visible(lead.name)[:120], make_slug(lead.heading, "") if lead.heading else ""
    ids = guide.files.get(lead.file, []) if lead.file else []
    if not ids and lead.name:
        found = guide.by_name(lead.name, own)
        if len(found) > 1:
            return "", f'"{name}" may be several episodes'
        # the part with that name comes first
        parts = [other for id in found for other in guide.parts.get(id, ()) or (id,)]
        ids = sorted(parts, key=lambda one: one not in found)
    for id in ids if wanted else ():
        if make_slug(guide.places[id].title, "") == wanted or id in guide.named(lead.heading):
            return guide.address(id, own), ""
        if anchor := guide.anchors(id).get(wanted, ""):
            return guide.address(id, own, anchor), ""
    if lead.name:
        # a missing heading of another note leads to that note
        return (guide.address(ids[0], own), "") if ids else ("", f'"{name}" is no note of the source and no episode')
    return "", f'the note has no heading "{visible(lead.heading)[:120]}"'
