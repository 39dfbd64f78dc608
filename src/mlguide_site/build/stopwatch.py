"""How long each stage of a build takes."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TypeVar

T = TypeVar("T")


@dataclass(frozen=True)
class Stopwatch:
    """Seconds spent in each stage, in the order in which they were first entered; `entered` is told of each as it
    begins."""

    seconds: dict[str, float] = field(default_factory=dict)
    entered: Callable[[str], None] = field(default=lambda _: None)

    def time(self, stage: str, step: Callable[[], T]) -> T:
        """What a step returns; its time is added to the stage's."""
        self.entered(stage)
        start = time.perf_counter()
        try:
            return step()
        finally:
            self.seconds[stage] = self.seconds.get(stage, 0.0) + time.perf_counter() - start
