"""What of a root makes its pages and published files, in brief: where it is as it was, only bodies can have changed,
and a body is seen on its own episode's page alone."""

import json
from collections.abc import Mapping
from typing import NamedTuple

from mlguide_site.build.memo.store import Store


class Outlook(NamedTuple):
    """A digest of all but the bodies of notes, with what of them others than their own pages are told; and a digest of
    each note, by id of its episode."""

    digest: str
    notes: Mapping[str, str]

    def changed(self, before: "Outlook | None") -> frozenset[str] | None:
        """The ids of the notes that were edited where nothing but their bodies was; None where more was."""
        if before is None or before.digest != self.digest or before.notes.keys() != self.notes.keys():
            return None
        return frozenset(id for id, digest in self.notes.items() if before.notes[id] != digest)


def read_outlook(store: Store, name: str) -> Outlook | None:
    """The outlook that is kept under a name."""
    kept = store.value(name)
    return Outlook(*json.loads(kept)) if kept else None


def write_outlook(outlook: Outlook | None) -> str:
    """An outlook as it is kept."""
    return "" if outlook is None else json.dumps([outlook.digest, dict(outlook.notes)], separators=(",", ":"))
