"""Which pages would come out as they did before: those whose every lookup gives what it gave."""

from array import array
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from mlguide_site.memo.store import Change, Store
from mlguide_site.memo.trace import Answers

Place = tuple[str, str, int]
"""Of which kind a page is, of what, and its number."""
_KEY = "pages"


class Made(NamedTuple):
    """A page as it was made: its path, a digest of all that its template was given, the names of the lookups by which
    that came about, sorted, and its text, "" where it would be as it was."""

    path: str
    given: str
    needs: Sequence[str]
    text: str


class PageMemory:
    """The pages of the last build. `key` is a digest of what all pages depend on; nothing is known where it changed."""

    def __init__(self, store: Store, key: str) -> None:
        self._key = key
        self._known: dict[Place, tuple[str, str, bytes]] = {}
        self._lookups: dict[int, tuple[str, str]] = {}
        rows = store.rows("select value from value where name = ?", _KEY)
        self._same = bool(rows) and rows[0][0] == key
        if self._same:
            self._lookups = {
                id: (name, digest) for id, name, digest in store.rows("select id, name, digest from lookup")
            }
            for kind, subject, number, path, given, needs in store.rows(
                "select kind, subject, number, path, given, needs from page"
            ):
                self._known[kind, subject, number] = (path, given, needs)

    def standing(self, places: Sequence[Place], answers: Answers) -> dict[Place, str]:
        """The pages, among those at places, that would come out the same, with their paths."""
        if not self._known:
            return {}
        changed = {id for id, (name, digest) in self._lookups.items() if self._differs(name, digest, answers)}
        return {
            place: row[0]
            for place in places
            if (row := self._known.get(place)) and changed.isdisjoint(_numbers(row[2]))
        }

    @staticmethod
    def _differs(name: str, digest: str, answers: Answers) -> bool:
        try:
            return answers.digest(name) != digest
        except (LookupError, AttributeError):
            # what was looked up is gone
            return True

    def given(self, place: Place) -> str:
        """What the template of the page at a place was given; "" where that isn't known."""
        return self._known[place][1] if place in self._known else ""

    def changes(self, places: Sequence[Place], made: dict[Place, Made], answers: Answers) -> Iterator[Change]:
        """What the store is to be told after a build: where pages stand now, and which were made or looked at anew."""
        ids = {name: id for id, (name, _) in self._lookups.items()}
        digests = {}
        rows: list[Any] = []
        for place, page in made.items():
            needs = array("I")
            for name in page.needs:
                id = ids.setdefault(name, len(ids))
                digests[name] = ""
                needs.append(id)
            rows.append((*place, page.path, page.given, needs.tobytes()))
        if not self._same:
            yield "delete from page", [()]
            yield "delete from lookup", [()]
        gone = sorted(self._known.keys() - set(places))
        yield "delete from page where kind = ? and subject = ? and number = ?", gone
        yield "insert or replace into page values (?, ?, ?, ?, ?, ?)", rows
        yield "insert or replace into lookup values (?, ?, ?)", self._told(ids, answers)
        yield "insert or replace into value values (?, ?)", [(_KEY, self._key)]

    def _told(self, ids: dict[str, int], answers: Answers) -> list[tuple[int, str, str]]:
        """The lookups whose answer isn't in the store as it is now; one that has none never stays the same."""
        found = []
        for name, id in ids.items():
            try:
                digest = answers.digest(name) or ""
            except (LookupError, AttributeError):
                digest = ""
            if self._lookups.get(id, ("", None))[1] != digest:
                found.append((id, name, digest))
        return found


def _numbers(data: bytes) -> "array[int]":
    numbers = array("I")
    numbers.frombytes(data)
    return numbers
