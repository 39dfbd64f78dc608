"""Which pages would come out as they did before: those whose every lookup gives what it gave."""

from array import array
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from mlguide_site.build.memo.outlook import Outlook, read_outlook, write_outlook
from mlguide_site.build.memo.store import Change, Store, kept
from mlguide_site.build.memo.trace import ITEM, Answers, write_key

Place = tuple[str, str, int]
"""Of which kind a page is, of what, and its number."""
_KEY, _OUTLOOK = "pages", "pages outlook"
EPISODE = "episode"
"""The first word of what pages of an episode are of."""
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
    By the `outlook`, where there is one, it is known which lookups needn't be asked again.

    There are some ten lookups for each episode of a root, numbered from 0: they are kept field by field, and what they
    gave in a list. Raises ValueError where what is kept has another form.
    """

    def __init__(self, store: Store, key: str, outlook: Outlook | None = None) -> None:
        self._key = key
        self._outlook = outlook
        self._known: dict[Place, tuple[str, str, bytes]] = {}
        self._ids: dict[tuple[str, str], dict[str, int]] = {}
        self._digests: list[str] = []
        """what the lookups gave in the last build, by their numbers"""
        self._told: list[tuple[object, ...]] = []
        """rows of the lookups that give something else now"""
        self._same = store.value(_KEY) == key
        if self._same:
            for id, path, how, item, digest in store.rows("select id, path, how, key, digest from lookup order by id"):
                if id != len(self._digests):
                    raise ValueError("lookups are missing")
                self._ids.setdefault((path, how), {})[item] = id
                self._digests.append(digest)
            for kind, subject, number, path, given, needs in store.rows(
                "select kind, subject, number, path, given, needs from page"
            ):
                self._known[kind, subject, number] = (path, given, needs)
        self._count = len(self._digests)
        """how many lookups have numbers"""
        self._first_new = self._count
        self._edited = outlook.changed(read_outlook(store, _OUTLOOK)) if outlook and self._same else None

    def places(self) -> list[Place] | None:
        """The places of all pages, where they are those of the last build: nothing but bodies was edited. None where
        they aren't known."""
        return None if self._edited is None else sorted(self._known)

    def _asked(self) -> Iterator[tuple[tuple[str, str], Mapping[str, int]]]:
        """The lookups whose answers may have changed, field by field."""
        if self._edited is None:
            yield from self._ids.items()
            return
        own = {write_key(id) for id in self._edited}
        for field, ids in self._ids.items():
            is_of_bodies = field == (BODIES, ITEM)
            # what has no digest never stays the same
            chosen = {key: id for key, id in ids.items() if not self._digests[id] or (is_of_bodies and key in own)}
            if chosen:
                yield field, chosen

    def standing(self, places: Sequence[Place], answers: Answers) -> dict[Place, str]:
        """The pages, among those at places, that would come out the same, with their paths. To be called once.

        Where nothing but bodies was edited, that is seen on the pages of their episodes alone."""
        changed, unsure = set(), set()
        own = None if self._edited is None else {f"{EPISODE} {id}" for id in self._edited}
        for field, ids in self._asked():
            lookups = [(*field, key) for key in ids]
            answers.ask(lookups)
            for lookup, id in zip(lookups, ids.values(), strict=True):
                digest = answers.digest(lookup)
                if digest is None or digest != self._digests[id]:
                    changed.add(id)
                if digest is None:
                    unsure.add(id)
                if (digest or "") != self._digests[id]:
                    self._told.append((id, *lookup, digest or ""))
            answers.forget(lookups)
        self._digests.clear()
        standing = {
            place: row[0]
            for place in places
            if (row := self._known.get(place))
            and (changed if own is None or place[1] in own else unsure).isdisjoint(_numbers(row[2]))
        }
        self._known = {place: (path, given, b"") for place, (path, given, _) in self._known.items()}
        return standing

    def given(self, place: Place) -> str:
        """What the template of the page at a place was given; "" where that isn't known."""
        return self._known[place][1] if place in self._known else ""

    def numbers(self, path: str, how: str, keys: Iterable[str]) -> list[int]:
        """The numbers of lookups; those that aren't known get new ones."""
        ids = self._ids.setdefault((path, how), {})
        before = len(ids)
        found = [ids.setdefault(key, self._count + len(ids) - before) for key in keys]
        self._count += len(ids) - before
        return found

    def changes(self, places: Sequence[Place], made: Mapping[Place, Made], answers: Answers) -> Iterator[Change]:
        """What the store is to be told after a build: where pages stand now, and which were made or looked at anew."""
        if not self._same:
            yield "delete from page", [()]
            yield "delete from lookup", [()]
        gone = sorted(self._known.keys() - set(places))
        yield "delete from page where kind = ? and subject = ? and number = ?", gone
        rows = (
            (*place, page.path, page.given, array("I", sorted(page.needs)).tobytes()) for place, page in made.items()
        )
        yield "insert or replace into page values (?, ?, ?, ?, ?, ?)", rows
        put = "insert or replace into lookup values (?, ?, ?, ?, ?)"
        yield put, self._told
        yield put, self._new(answers)
        yield kept({_KEY: self._key, _OUTLOOK: write_outlook(self._outlook)})

    def _new(self, answers: Answers) -> Iterator[tuple[object, ...]]:
        """Rows of the lookups that have got their numbers in this build."""
        for field, ids in self._ids.items():
            lookups = [(*field, key) for key, id in ids.items() if id >= self._first_new]
            answers.ask(lookups)
            for lookup in lookups:
                # what has no digest never stays the same
                yield (ids[lookup[2]], *lookup, answers.digest(lookup) or "")
            answers.forget(lookups)


def _numbers(data: bytes) -> "array[int]":
    numbers = array("I")
    numbers.frombytes(data)
    return numbers
