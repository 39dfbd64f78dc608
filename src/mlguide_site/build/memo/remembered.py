"""What earlier builds of a root left, opened for one build."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from mlguide_site.build.memo.store import Store
from mlguide_site.build.memo.trust import cache_folder, owner_mark
from mlguide_site.build.memo.versions import program_digest

BUILD = "build"
"""The folder of generated files in a root."""


@contextmanager
def remembered(root: Path, build: str = BUILD, say: Callable[[str], None] = lambda _: None) -> Iterator[Store]:
    """What earlier builds into the folder `build` of the root left. `say` is told where that can't be used, and why."""
    store = Store(root / build, program_digest(), owner_mark(cache_folder()), say)
    try:
        yield store
    finally:
        store.close()
