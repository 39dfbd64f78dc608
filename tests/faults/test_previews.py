"""Tests of previews that are stopped, or refused by the disk, during their first build: the preview reports it and
continues, the next preview and the next build work, and notes and knowledge files never change.

Only some operations are tested. `MLGUIDE_FAULTS=all` (set by `make fuzz`) tests all of them.
"""

import os
import shutil
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from faults.disk import FULL, SIGNAL, Disk, failing
from faults.scenes import imported
from faults.test_builds import build, sources, tree
from incremental.test_killed import in_child
from mlguide_site.build.preview.run import serve as serve_preview
from mlguide_site.build.preview.site import SITE
from mlguide_site.search import pagefind as search

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="processes are forked")
ALL = os.environ.get("MLGUIDE_FAULTS") == "all"
TRIES = 2
"""The number of operations that are tested per kind of failure. They are spread evenly."""


def serve(root: Path) -> list[str]:
    """Run a preview until its first build is finished. Returns its output."""
    said: list[str] = []

    def say(line: str) -> None:
        said.append(line)
        if line.startswith("Serving on"):
            raise KeyboardInterrupt

    serve_preview(root, say, "127.0.0.1:0", browse=False)
    return said


class Ground:
    """A root that was never built, the result of an undisturbed preview, and the sites of a preview and of a build."""

    def __init__(self, folder: Path) -> None:
        imported(folder)
        self.root, self.kept = folder / "kb", folder / "kept"
        shutil.copytree(self.root, self.kept, symlinks=True)
        disk = Disk(self.root)
        with failing(disk):
            assert serve(self.root)[-1] == "Stopped"
        self.operations, self.preview = disk.done, tree(self.root / SITE)
        assert build(self.root) == 0
        self.site = tree(self.root / "site")

    def restore(self) -> None:
        shutil.rmtree(self.root)
        shutil.copytree(self.kept, self.root, symlinks=True)


@pytest.fixture(scope="module")
def ground(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ground]:
    before = signal.getsignal(signal.SIGTERM)
    with pytest.MonkeyPatch.context() as patch:
        # the index is built in the background, so the order of its writes would vary
        patch.setattr(search, "index", lambda *_: None)
        yield Ground(tmp_path_factory.mktemp("preview"))
    signal.signal(signal.SIGTERM, before)


@pytest.mark.parametrize("how", [SIGNAL, FULL], ids=["killed", "full"])
def test_a_preview_that_is_stopped_is_in_nobodys_way(
    ground: Ground, how: int, capsys: pytest.CaptureFixture[str]
) -> None:
    count = len(ground.operations)
    assert count > 100
    step = 1 if ALL else -(-count // TRIES)
    for turn, number in enumerate(range(step // 2 if how == SIGNAL else step // 3, count, step)):
        ground.restore()
        notes = sources(ground.root)
        where = f"operation {number} of {count}, {ground.operations[number].replace(str(ground.root), '')}"
        said: list[str] = []
        capsys.readouterr()
        with failing(Disk(ground.root, number, how)):
            if how == SIGNAL:
                assert in_child(lambda: serve(ground.root)) in (0, -signal.SIGKILL)
            else:
                said = serve(ground.root)
        output = "\n".join([*said, *capsys.readouterr()])
        assert sources(ground.root) == notes, where
        assert "Traceback" not in output and "unexpected" not in output, f"{output} after {where}"
        if how == FULL:
            assert said[-1] == "Stopped", f"{output} after {where}"
            # missing caches and similar files, which only save time, need no message
            assert ("Not built" in output) == (": No space left" in output), f"{output} after {where}"
        # either a build or a preview follows
        if turn % 2:
            assert build(ground.root) == 0, where
        again = "\n".join(serve(ground.root))
        assert "Serving on" in again and "Not built" not in again, f"{again} after {where}"
        assert differing(tree(ground.root / SITE), ground.preview) == [], where
        assert build(ground.root) == 0, where
        assert differing(tree(ground.root / "site"), ground.site) == [], where


def differing(found: dict[str, bytes], meant: dict[str, bytes]) -> list[str]:
    return [name for name in sorted(found.keys() | meant.keys()) if found.get(name) != meant.get(name)][:5]
