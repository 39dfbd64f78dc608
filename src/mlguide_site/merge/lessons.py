"""What a root can teach an importer: its structured notes, but those whose structure an importer has guessed. Pure."""

from collections.abc import Mapping
from typing import NamedTuple

from mlguide_site.content.front_matter import split_front_matter
from mlguide_site.errors import ContentError
from mlguide_site.merge.records import Base, line_hashes
from mlguide_site.recovery.kinds import HEADING, ITEM, LABEL
from mlguide_site.recovery.notes import read_blocks

ENOUGH = 30
"""How many structured notes show a style."""


class Lessons(NamedTuple):
    """The bodies to learn from, in the order of their ids; none where there are too few. `taught` says how much people
    have done for them: 0 below `ENOUGH` notes, one more with each doubling."""

    bodies: tuple[str, ...] = ()
    taught: int = 0


def lessons_of(notes: Mapping[str, str], bases: Mapping[str, Base]) -> Lessons:
    """What the notes of a root teach. `notes` are the texts of note files by id, `bases` the records of imports.

    Notes count that have at least two headings, labels or items. A note whose body is as an import has recovered it
    doesn't: a model would learn its own mistakes. A note that a person wrote or edited, or that came with its structure
    from a source, does. `taught` counts the former only, so that no import changes it by what it writes.
    """
    bodies: list[str] = []
    by_people = 0
    for id, text in sorted(notes.items()):
        try:
            body = split_front_matter(text.removeprefix("\ufeff"), id).body
        except ContentError:
            continue
        base = bases[id].body if id in bases else None
        edited = base is None or base.lines != line_hashes(body)
        if (edited or base is None or base.recovery is None) and is_structured(body):
            bodies.append(body)
            by_people += edited
    return Lessons(tuple(bodies), (by_people // ENOUGH).bit_length()) if len(bodies) >= ENOUGH else Lessons()


def is_structured(body: str) -> bool:
    """Whether a body has at least two headings, labels or items.

    >>> is_structured("## Wood\\n\\n- Oak"), is_structured("Oak is hard. # Beech is not.")
    (True, False)
    """
    return sum(kind in (HEADING, LABEL, ITEM) for kind, _ in read_blocks(body)) >= 2
