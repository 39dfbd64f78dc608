"""Tests of all writing commands, stopped or refused at each operation: nothing is lost, and running the command again
has the result of an undisturbed run.

Only some operations are tested. `MLGUIDE_FAULTS=all` (set by `make fuzz`) tests all of them.
"""

import os
import shutil
from collections.abc import Iterator, Mapping
from contextlib import suppress
from pathlib import Path

import pytest

from faults.disk import FULL, KILL, REFUSED, Disk, Killed, failing
from faults.scenes import SCENES, Scene, run

ALL = os.environ.get("MLGUIDE_FAULTS") == "all"
TRIES = 7
"""The number of operations that are tested per command and kind of failure. They are spread evenly."""
CODES = {"killed": KILL, "full": FULL, "refused": REFUSED}
LEFT = ("kb/build/", "kb/site/", "kb/.mlguide/lock")
"""Paths that are ignored when roots are compared."""


def contents(folder: Path) -> dict[str, bytes]:
    """Return the contents of all files that a run leaves, by path, without built files and the lock."""
    found = {path.relative_to(folder).as_posix(): path for path in folder.rglob("*") if path.is_file()}
    return {name: path.read_bytes() for name, path in found.items() if not name.startswith(LEFT)}


def temporary(files: Mapping[str, bytes]) -> list[str]:
    return [name for name in files if name.rpartition("/")[2].startswith(".") and name.endswith(".tmp")]


class Stage:
    """A scene that is created once, the result of its undisturbed run, and copies for disturbed runs."""

    def __init__(self, scene: Scene, folder: Path) -> None:
        self.scene, self.start, self.work = scene, folder / "start", folder / "work"
        self.start.mkdir()
        scene.make(self.start)
        disk = self.fresh(-1, KILL)
        with failing(disk):
            assert self.command() == scene.status
        self.count, self.after = disk.count, contents(self.work)
        self.allowed = {name: {data} for name, data in contents(self.start).items()}
        for place, versions in disk.put.items():
            self.allowed.setdefault(os.path.relpath(place, self.work), set()).update(versions)
        self.operations = disk.done

    def fresh(self, at: int, code: int) -> Disk:
        shutil.rmtree(self.work, ignore_errors=True)
        shutil.copytree(self.start, self.work)
        return Disk(self.work, at, code)

    def allowed_to_go(self) -> set[str]:
        """Return the files that an undisturbed run removes."""
        return contents(self.start).keys() - self.after.keys()

    def command(self) -> int:
        return run(*(argument.format(self.work) for argument in self.scene.arguments))

    def numbers(self, offset: int) -> Iterator[int]:
        step = 1 if ALL else max(1, -(-self.count // TRIES))
        return iter(range(offset % step, self.count, step))


@pytest.fixture(scope="module", params=SCENES, ids=lambda scene: scene.name)
def stage(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Stage:
    return Stage(request.param, tmp_path_factory.mktemp(request.param.name))


@pytest.mark.parametrize("how", CODES)
def test_a_command_that_is_stopped_loses_nothing_and_can_be_run_again(
    stage: Stage, how: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert stage.count > 4
    for number in stage.numbers(list(CODES).index(how) * 2):
        disk = stage.fresh(number, CODES[how])
        capsys.readouterr()
        where = f"operation {number} of {stage.count}, {stage.operations[number].replace(str(stage.work), '')}"
        status = 0
        with failing(disk), suppress(Killed):
            status = stage.command()
        said = capsys.readouterr().err
        left = contents(stage.work)
        for name, data in left.items():
            if name.startswith(("kb/episodes/", "kb/knowledge/")) and name not in temporary(left):
                assert data in stage.allowed.get(name, ()), f"{name} is neither old nor new after {where}"
        gone = {name for name in contents(stage.start) if name not in left and name not in stage.allowed_to_go()}
        assert not gone, f"{gone} after {where}"
        if how != "killed":
            assert "Traceback" not in said
            assert not temporary(left), where
            if status:
                assert status == 3, f"{status} after {where}: {said}"
                reason = "No space left" if how == "full" else "Permission denied"
                assert f": {reason}; " in said.splitlines()[-1], f"{said} after {where}"
        if status or disk.is_dead:
            stage.command()
        again = {name: data for name, data in contents(stage.work).items() if name not in temporary(left)}
        assert again == stage.after, f"{differences(again, stage.after)} after {where}"
        capsys.readouterr()


def differences(found: Mapping[str, bytes], meant: Mapping[str, bytes]) -> list[str]:
    return [f"{name}" for name in sorted(found.keys() | meant.keys()) if found.get(name) != meant.get(name)]
