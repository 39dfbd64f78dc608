"""Which pages would come out as they did before: those whose every lookup gives what it gave."""

from array import array
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from mlguide_site.memo.outlook import Outlook, read_outlook, write_outlook
from mlguide_site.memo.store import Change, Store, kept
from mlguide_site.memo.trace import ITEM, Answers, Lookup, write_key

Place = tuple[str, str, int]
"""Of which kind a page is, of what, and its number."""
_KEY, _OUTLOOK = "pages", "pages outlook"
BODIES = "linked.episodes"
"""The one field in which pages look up what has a body."""


class Made(NamedTuple):
    """A page as it was made: its path, a digest of all that its template was given, and the numbers of the lookups by
    which that came about."""

    path: str
    given: str
    needs: Sequence[int]


class PageMemory:
    """The pages of the last build. `key` is a digest of what all pages depend on; nothing is known where it changed.
    By the `outlook`, where there is one, it is known which lookups needn't be asked again."""

    def __init__(self, store: Store, key: str, outlook: Outlook | None = None) -> None:
        self._key = key
        self._outlook = outlook
        self._known: dict[Place, tuple[str, str, bytes]] = {}
        self._lookups: dict[Lookup, tuple[int, str]] = {}
        self._same = store.value(_KEY) == key
        if self._same:
            for id, path, how, item, digest in store.rows("select id, path, how, key, digest from lookup"):
                self._lookups[path, how, item] = (id, digest)
            for kind, subject, number, path, given, needs in store.rows(
                "select kind, subject, number, path, given, needs from page"
            ):
                self._known[kind, subject, number] = (path, given, needs)
        edited = outlook.changed(read_outlook(store, _OUTLOOK)) if outlook and self._same else None
        self._asked = self._lookups.keys() if edited is None else self._of_bodies(edited)
        """the lookups whose answers may have changed"""

    def _of_bodies(self, ids: Collection[str]) -> Collection[Lookup]:
        own = {(BODIES, ITEM, write_key(id)) for id in ids}
        # what has no digest never stays the same
        return {lookup for lookup, (_, digest) in self._lookups.items() if lookup in own or not digest}

    def standing(self, places: Sequence[Place], answers: Answers) -> dict[Place, str]:
        """The pages, among those at places, that would come out the same, with their paths."""
        if not self._known:
            return {}
        answers.ask(self._asked)
        told = {lookup: self._lookups[lookup] for lookup in self._asked}
        changed = {id for lookup, (id, digest) in told.items() if answers.digest(lookup) != digest}
        return {
            place: row[0]
            for place in places
            if (row := self._known.get(place)) and changed.isdisjoint(_numbers(row[2]))
        }

    def given(self, place: Place) -> str:
        """What the template of the page at a place was given; "" where that isn't known."""
        return self._known[place][1] if place in self._known else ""

    def changes(
        self, places: Sequence[Place], made: Mapping[Place, Made], lookups: Sequence[Lookup], answers: Answers
    ) -> Iterator[Change]:
        """What the store is to be told after a build: where pages stand now, and which were made or looked at anew.
        `lookups` are those that what was made has the numbers of."""
        ids = {lookup: id for lookup, (id, _) in self._lookups.items()}
        own = [ids.setdefault(lookup, len(ids)) for lookup in lookups]
        rows: list[Any] = []
        for place, page in made.items():
            needs = array("I", sorted(own[number] for number in page.needs))
            rows.append((*place, page.path, page.given, needs.tobytes()))
        if not self._same:
            yield "delete from page", [()]
            yield "delete from lookup", [()]
        gone = sorted(self._known.keys() - set(places))
        yield "delete from page where kind = ? and subject = ? and number = ?", gone
        yield "insert or replace into page values (?, ?, ?, ?, ?, ?)", rows
        answers.ask(ids.keys() - self._lookups.keys())
        told = []
        for lookup, id in ids.items():
            if lookup in self._lookups and lookup not in self._asked:
                continue
            # what has no digest never stays the same
            digest = answers.digest(lookup) or ""
            if self._lookups.get(lookup) != (id, digest):
                told.append((id, *lookup, digest))
        yield "insert or replace into lookup values (?, ?, ?, ?, ?)", told
        yield kept({_KEY: self._key, _OUTLOOK: write_outlook(self._outlook)})


def _numbers(data: bytes) -> "array[int]":
    numbers = array("I")
    numbers.frombytes(data)
    return numbers
