"""The table of names of the last build. Of a table that changed it is known which texts find other names by it."""

import json
from collections.abc import Iterator, Mapping, Sequence

from mlguide_site.build.memo.notes import Fetch
from mlguide_site.build.memo.store import Change, Store, kept
from mlguide_site.linking.names import Changes, NameTable

_TABLE, _DIGESTS, _FIRST_WORDS = "names", "names digests", "names first words"


class NamesThen:
    """What the store knows of the last table, and what of it a new one has changed."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._now: NameTable | None = None
        self._changes: Changes | None = None
        self._first_words: Mapping[str, Sequence[int]] | None = None
        self.fingerprint = store.value(_TABLE)
        """Of the last table; "" where there is none."""

    def follow(self, now: NameTable) -> None:
        """Compare with the table of this build."""
        self._now = now
        if self.fingerprint and now.fingerprint != self.fingerprint:
            self._changes = Changes(json.loads(self._store.value(_DIGESTS) or "{}"), now.digests)

    def table(self, searched: str) -> NameTable:
        """What finds in one text what the table of this build does; `searched` is the text as it is searched. Where
        the table is the last one, what it searches for is known, and only what that text may hold is worked out."""
        if self._now is None:
            raise ValueError("there is no table of this build")
        if self._now.fingerprint != self.fingerprint:
            return self._now
        if self._first_words is None:
            known = self._store.value(_FIRST_WORDS)
            if not known:
                return self._now
            self._first_words = json.loads(known)
        return self._now.narrowed(self._first_words, searched)

    def touch(self, fetch: Fetch) -> bool:
        """Whether a text that was searched with the last table may hold other names by this one; `fetch` gives it as it
        was searched."""
        return self._changes is None or self._changes.touch(fetch("searched"))

    def changes(self) -> Iterator[Change]:
        """What the store is to be told."""
        now = self._now
        if now is not None and now.fingerprint != self.fingerprint:
            values = {_DIGESTS: dict(now.digests), _FIRST_WORDS: dict(now.first_words)}
            told = {
                name: json.dumps(value, ensure_ascii=False, separators=(",", ":")) for name, value in values.items()
            }
            yield kept({_TABLE: now.fingerprint, **told})
