"""The stages before and after an engine, worked off in this process."""

from collections.abc import Callable
from pathlib import Path

from mlguide_site.build.memo.remembered import remembered
from mlguide_site.build.standing import Kept
from mlguide_site.build.stopwatch import Stopwatch
from mlguide_site.config import Settings
from mlguide_site.errors import Problem
from mlguide_site.pipeline import Generated, generate

Say = Callable[[str], None]


class Here:
    """The stages in this process; see `staging.Stages`. `keeps` asks for what later edits need."""

    def __init__(self, keeps: bool = False) -> None:
        self._keeps = keeps
        self._generated: Generated | None = None
        self._told: tuple[Path, Settings, int, Say] | None = None

    @property
    def kept(self) -> Kept | None:
        """What later edits need, where that was asked for."""
        return self._generated.kept if self._generated is not None else None

    def generate(self, root: Path, settings: Settings, jobs: int, say: Say, watch: Stopwatch) -> tuple[Problem, ...]:
        """See `staging.Stages`."""
        self._generated = None
        self._told = root, settings, jobs, say
        self._generated = generate(root, settings, watch, jobs=jobs, say=say, keeps=self._keeps)
        return self._generated.problems

    def finish(self, site: Path, pages: Path, place: str, watch: Stopwatch) -> None:
        """See `staging.Stages`."""
        # imported only now: an engine may work meanwhile, where these stages have a process of their own
        from mlguide_site.build.finish import finish  # noqa: PLC0415

        if self._generated is None or self._told is None:
            return
        linked, outlook = self._generated.linked, self._generated.outlook
        root, settings, jobs, say = self._told
        with remembered(root, say=say) as store:
            watch.time("finish", lambda: finish(linked, settings, site, pages, store, place, jobs, outlook))

    def close(self) -> None:
        """See `staging.Stages`."""
        self._generated = None
