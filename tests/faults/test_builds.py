"""Tests of builds that are stopped, or refused by the disk, at any operation: the last good site is kept or the next
build completes it, and notes and knowledge files never change.

Only some operations are tested. `MLGUIDE_FAULTS=all` (set by `make fuzz`) tests all of them.
"""

import os
import shutil
from contextlib import suppress
from pathlib import Path

import pytest

from conftest import tree
from faults.disk import FULL, KILL, Disk, Killed, failing
from faults.scenes import imported, run
from mlguide_site.search import pagefind

ALL = os.environ.get("MLGUIDE_FAULTS") == "all"
TRIES = 4
"""The number of operations that are tested per build and kind of failure. They are spread evenly."""
EDITED = "episodes/bridges-and-tunnels/bridges-and-tunnels-001.md"


def sources(root: Path) -> dict[str, bytes]:
    return {name: data for name, data in tree(root).items() if name.startswith(("episodes/", "knowledge/"))}


def build(root: Path) -> int:
    return run("-C", root, "build")


class Ground:
    """A root with a site and an edit that isn't built yet, and the sites before and after the edit."""

    def __init__(self, folder: Path, fresh: bool) -> None:
        self.folder = folder
        imported(folder)
        self.root, self.kept = folder / "kb", folder / "kept"
        self.before: dict[str, bytes] = {}
        if not fresh:
            assert build(self.root) == 0
            self.before = tree(self.root / "site")
            path = self.root / EDITED
            path.write_bytes(path.read_bytes() + b"\nA sentence more, of pylons.\n")
        shutil.copytree(self.root, self.kept, symlinks=True)
        disk = Disk(self.root)
        with failing(disk):
            assert build(self.root) == 0
        self.after, self.operations = tree(self.root / "site"), disk.done

    def restore(self) -> None:
        shutil.rmtree(self.root)
        shutil.copytree(self.kept, self.root, symlinks=True)


@pytest.fixture(scope="module", params=[True, False], ids=["first", "again"])
def ground(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Ground:
    return Ground(tmp_path_factory.mktemp("build"), request.param)


@pytest.mark.parametrize("how", [KILL, FULL], ids=["killed", "full"])
def test_a_build_that_is_stopped_is_completed_by_the_next(
    ground: Ground, how: int, capsys: pytest.CaptureFixture[str]
) -> None:
    count = len(ground.operations)
    assert count > 10
    step = 1 if ALL else -(-count // TRIES)
    for number in range(step // 2 if how == KILL else step // 3, count, step):
        ground.restore()
        notes = sources(ground.root)
        where = f"operation {number} of {count}, {ground.operations[number].replace(str(ground.root), '')}"
        disk, status = Disk(ground.root, number, how), 0
        capsys.readouterr()
        with failing(disk), suppress(Killed):
            status = build(ground.root)
        said = capsys.readouterr().err
        assert sources(ground.root) == notes, where
        if how == FULL:
            assert "Traceback" not in said and "unexpected" not in said, f"{said} after {where}"
            assert status in (0, 3), f"{status} after {where}: {said}"
            assert not status or ": No space left" in said, f"{said} after {where}"
        assert build(ground.root) == 0, where
        found = tree(ground.root / "site")
        wrong = [
            name for name in sorted(found.keys() | ground.after.keys()) if found.get(name) != ground.after.get(name)
        ]
        assert not wrong, f"{wrong[:5]} after {where}"


def test_a_build_killed_while_indexing_leaves_no_copy_of_a_deleted_page(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    imported(tmp_path)
    root = tmp_path / "kb"
    assert build(root) == 0
    path = root / "mkdocs.yml"
    before = path.read_text("utf-8")
    path.write_text(f"{before}copyright: Other\n", "utf-8")
    notes = {name: root / f"episodes/bridges-and-tunnels/bridges-and-tunnels-{name}.md" for name in ("001", "009")}
    notes["009"].unlink()

    def killed(*_: object) -> str:
        raise Killed

    with monkeypatch.context() as patch, suppress(Killed):
        patch.setattr(pagefind, "refresh", killed)
        build(root)
    path.write_text(before, "utf-8")
    notes["001"].unlink()
    assert build(root) == 0
    found = tree(root / "site")
    shutil.rmtree(root / "site")
    shutil.rmtree(root / "build")
    (root / "build").mkdir()
    assert build(root) == 0
    assert found.keys() == tree(root / "site").keys()
