"""The state of a preview, which its threads share and its browsers follow."""

import json
import threading
import time
from collections.abc import Iterable
from dataclasses import dataclass

MANY = 400
"""If more pages than this changed, browsers aren't sent their addresses."""


@dataclass(frozen=True)
class PreviewState:
    """The number of the last build that succeeded, from 1; the addresses that it changed, relative to the site's, None
    for all; and the errors of a later build that failed."""

    number: int = 0
    changed: frozenset[str] | None = None
    problems: tuple[str, ...] = ()

    def to_json(self) -> str:
        """The state as one line of JSON."""
        changed = None if self.changed is None or len(self.changed) > MANY else sorted(self.changed)
        return json.dumps({"number": self.number, "changed": changed, "problems": self.problems})


class StateChannel:
    """Passes the newest state to all threads that wait for it."""

    def __init__(self) -> None:
        self._condition = threading.Condition()
        self._state, self._version, self._closed = PreviewState(), 0, False

    @property
    def state(self) -> PreviewState:
        """The newest state."""
        return self._state

    def succeeded(self, changed: Iterable[str] | None) -> None:
        """Publish a build that changed these addresses."""
        self._publish(PreviewState(self._state.number + 1, None if changed is None else frozenset(changed)))

    def failed(self, problems: Iterable[str]) -> None:
        """Publish the errors of a build; the site is still that of the last one."""
        self._publish(PreviewState(self._state.number, frozenset(), tuple(problems)))

    def close(self) -> None:
        """End all waiting."""
        with self._condition:
            self._closed = True
            self._condition.notify_all()

    def _publish(self, state: PreviewState) -> None:
        with self._condition:
            self._state = state
            self._version += 1
            self._condition.notify_all()

    def wait(self, version: int, seconds: float) -> tuple[int, PreviewState | None]:
        """Wait until there is a newer state than `version`: its version and the state, or `version` and None after
        some seconds. Raises EOFError once the channel is closed."""
        end = time.monotonic() + seconds
        with self._condition:
            while self._version == version and not self._closed:
                if not self._condition.wait(end - time.monotonic()):
                    return version, None
            if self._closed:
                raise EOFError
            return self._version, self._state
