"""What browsers are told of builds: that there is a new one, what of it is new, or what stands in its way."""

import json
import threading
import time
from collections.abc import Iterable
from dataclasses import dataclass

MANY = 400
"""Of more pages than this the browser is only told that there are many."""


@dataclass(frozen=True)
class News:
    """The state of the preview: the number of the last build that succeeded, counted from 1; the addresses, relative to
    the site's, of what it changed, None for everything; and what stands in the way of a newer one."""

    number: int = 0
    changed: frozenset[str] | None = None
    problems: tuple[str, ...] = ()

    def to_json(self) -> str:
        """The state as one line of JSON."""
        changed = None if self.changed is None or len(self.changed) > MANY else sorted(self.changed)
        return json.dumps({"number": self.number, "changed": changed, "problems": self.problems})


class Board:
    """Where the newest state hangs; any thread may put up another one or wait for it."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._news, self._version, self._closed = News(), 0, False

    @property
    def news(self) -> News:
        """The newest state."""
        return self._news

    def built(self, changed: Iterable[str] | None) -> None:
        """A build has succeeded."""
        with self._changed:
            self._put(News(self._news.number + 1, None if changed is None else frozenset(changed)))

    def failed(self, problems: Iterable[str]) -> None:
        """A build has failed; the site of the last one stands."""
        with self._changed:
            self._put(News(self._news.number, frozenset(), tuple(problems)))

    def close(self) -> None:
        """Let go of all who wait."""
        with self._changed:
            self._closed = True
            self._changed.notify_all()

    def _put(self, news: News) -> None:
        self._news = news
        self._version += 1
        self._changed.notify_all()

    def wait(self, version: int, seconds: float) -> tuple[int, News | None]:
        """The number of the newest state and the state itself, once there is a newer one than `version`; None for the
        state where there is none within some seconds. Raises EOFError once the board is closed."""
        end = time.monotonic() + seconds
        with self._changed:
            while self._version == version and not self._closed:
                if not self._changed.wait(end - time.monotonic()):
                    return version, None
            if self._closed:
                raise EOFError
            return self._version, self._news
