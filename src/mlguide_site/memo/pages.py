"""Which pages would come out as they did before: those whose every lookup gives what it gave."""

from array import array
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from mlguide_site.memo.store import Change, Store
from mlguide_site.memo.trace import Answers, Lookup

Place = tuple[str, str, int]
"""Of which kind a page is, of what, and its number."""
_KEY = "pages"


class Made(NamedTuple):
    """A page as it was made: its path, a digest of all that its template was given, the lookups by which that came
    about, and its text, "" where it would be as it was."""

    path: str
    given: str
    needs: Sequence[Lookup]
    text: str


class PageMemory:
    """The pages of the last build. `key` is a digest of what all pages depend on; nothing is known where it changed."""

    def __init__(self, store: Store, key: str) -> None:
        self._key = key
        self._known: dict[Place, tuple[str, str, bytes]] = {}
        self._lookups: dict[Lookup, tuple[int, str]] = {}
        rows = store.rows("select value from value where name = ?", _KEY)
        self._same = bool(rows) and rows[0][0] == key
        if self._same:
            for id, path, how, item, digest in store.rows("select id, path, how, key, digest from lookup"):
                self._lookups[path, how, item] = (id, digest)
            for kind, subject, number, path, given, needs in store.rows(
                "select kind, subject, number, path, given, needs from page"
            ):
                self._known[kind, subject, number] = (path, given, needs)

    def standing(self, places: Sequence[Place], answers: Answers) -> dict[Place, str]:
        """The pages, among those at places, that would come out the same, with their paths."""
        if not self._known:
            return {}
        answers.ask(self._lookups)
        changed = {id for lookup, (id, digest) in self._lookups.items() if answers.digest(lookup) != digest}
        return {
            place: row[0]
            for place in places
            if (row := self._known.get(place)) and changed.isdisjoint(_numbers(row[2]))
        }

    def given(self, place: Place) -> str:
        """What the template of the page at a place was given; "" where that isn't known."""
        return self._known[place][1] if place in self._known else ""

    def changes(self, places: Sequence[Place], made: dict[Place, Made], answers: Answers) -> Iterator[Change]:
        """What the store is to be told after a build: where pages stand now, and which were made or looked at anew."""
        ids = {lookup: id for lookup, (id, _) in self._lookups.items()}
        rows: list[Any] = []
        for place, page in made.items():
            needs = array("I", sorted(ids.setdefault((path, how, key), len(ids)) for path, how, key in page.needs))
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
            # what has no digest never stays the same
            digest = answers.digest(lookup) or ""
            if self._lookups.get(lookup) != (id, digest):
                told.append((id, *lookup, digest))
        yield "insert or replace into lookup values (?, ?, ?, ?, ?)", told
        yield "insert or replace into value values (?, ?)", [(_KEY, self._key)]


def _numbers(data: bytes) -> "array[int]":
    numbers = array("I")
    numbers.frombytes(data)
    return numbers
