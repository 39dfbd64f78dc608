"""Tests of real file systems without free bytes or inodes: exit status 3, a message with the path and the remedy, and
no lost data."""

import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from conftest import tree
from faults.scenes import imported, run

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="needs a tmpfs")
COMMANDS = (
    ("import", "{}/later.xml", "{}/hanging-by-a-cable.vtt", "{}/shelf.opml"),
    ("build",),
    ("new", "tool", "Crane"),
    ("rename", "tool:caisson", "digging-box"),
    ("suggest", "--write"),
    ("export", "opml", "-o", "{}/kb/out.opml"),
)
SIZE = 8 * 1024 * 1024
ROOM = {"bytes": (0, 4096, 16_384, 49_152, 400_000), "inodes": (0, 1, 2, 3, 4, 6, 40)}


@pytest.fixture(scope="module")
def start(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("start")
    imported(folder)
    return folder


@pytest.fixture
def small(tmp_path: Path) -> Iterator[Path]:
    """A file system with a few megabytes and inodes. Tests are skipped if it can't be mounted."""
    place = tmp_path / "small"
    place.mkdir()
    options = ["-t", "tmpfs", "-o", f"size={SIZE},nr_inodes=1000", "tmpfs", str(place)]
    if not shutil.which("mount") or subprocess.run(["mount", *options], check=False, capture_output=True).returncode:
        pytest.skip("file systems cannot be mounted here")
    yield place
    subprocess.run(["umount", "-l", str(place)], check=False)


def leave(place: Path, kind: str, room: int) -> None:
    """Fill the file system except for a number of bytes or inodes."""
    number = 0
    while kind == "inodes":
        try:
            (place / f"filler-{number}").touch()
        except OSError:
            break
        number += 1
    for one in range(room if kind == "inodes" else 0):
        (place / f"filler-{number - 1 - one}").unlink()
    if kind == "bytes":
        with (place / "filler").open("wb", 0) as file:
            try:
                while True:
                    file.write(b"x" * 4096)
            except OSError:
                file.truncate(max(0, file.tell() - room))


@pytest.mark.parametrize("kind", ROOM)
@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command[0])
def test_a_full_file_system_is_told_and_loses_nothing(
    start: Path, small: Path, command: tuple[str, ...], kind: str, capsys: pytest.CaptureFixture[str]
) -> None:
    arguments = ["-C", small / "kb", *(one.format(small) for one in command)]
    for room in ROOM[kind]:
        for old in small.iterdir():
            shutil.rmtree(old) if old.is_dir() else old.unlink()
        shutil.copytree(start, small, dirs_exist_ok=True)
        before = {name: data for name, data in tree(small / "kb").items() if name.startswith(("episodes", "knowledge"))}
        leave(small, kind, room)
        capsys.readouterr()
        status = run(*arguments)
        said = capsys.readouterr().err
        where = f"{room} free {kind}: {status} {said}"
        assert "unexpected" not in said and "Traceback" not in said and "site-packages" not in said, where
        if status:
            last = said.splitlines()[-1]
            assert status == 3 and ": No space left; free some space and run the command again" in last, where
            assert str(small) in last or last.startswith(("episodes/", "knowledge/", ".mlguide/", "build/")), where
        for path in small.glob("filler*"):
            path.unlink()
        after = tree(small / "kb")
        assert all(name in after for name in before) and not [name for name in after if name.endswith(".tmp")], where
        assert not status or run(*arguments) == 0, where
