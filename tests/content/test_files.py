"""Tests of atomic writes, and of paths that must stay inside the root."""

import errno
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from mlguide_site.build.outputs import write_whole
from mlguide_site.content.files import exclusive, resolve_inside, write_atomic
from mlguide_site.errors import ContentError, ResourceError


def test_a_file_is_written_with_its_folders_and_keeps_its_mode(tmp_path: Path) -> None:
    path = tmp_path / "a" / "b.md"
    write_atomic(path, b"one")
    path.chmod(0o640)
    write_atomic(path, b"two")
    assert path.read_bytes() == b"two"
    assert path.stat().st_mode & 0o777 == 0o640
    assert [found.name for found in path.parent.iterdir()] == ["b.md"]


@pytest.mark.parametrize("write", [write_atomic, write_whole])
def test_a_file_may_have_the_longest_possible_name(tmp_path: Path, write: Callable[[Path, bytes], None]) -> None:
    path = tmp_path / ("\N{GRINNING FACE}" * 63)
    write(path, b"one")
    assert path.read_bytes() == b"one"


@pytest.mark.parametrize(
    ("code", "says"),
    [(errno.ENOSPC, "No space left"), (errno.EACCES, "Permission denied"), (errno.EIO, "Input/output")],
)
@pytest.mark.parametrize("step", ["fsync", "replace"])
def test_a_disk_that_fails_leaves_the_old_bytes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, code: int, says: str, step: str
) -> None:
    path = tmp_path / "a.md"
    path.write_bytes(b"old")

    def fail(*_arguments: object) -> None:
        raise OSError(code, os.strerror(code))

    monkeypatch.setattr(os, "fsync", fail) if step == "fsync" else monkeypatch.setattr(Path, "replace", fail)
    with pytest.raises(ResourceError, match=says) as caught:
        write_atomic(path, b"new")
    assert str(caught.value).startswith(f"{path}: ")
    assert path.read_bytes() == b"old"
    assert [found.name for found in tmp_path.iterdir()] == ["a.md"]


def test_a_folder_in_the_way_is_a_problem_of_the_disk(tmp_path: Path) -> None:
    (tmp_path / "a").write_text("a file")
    with pytest.raises(ResourceError):
        write_atomic(tmp_path / "a" / "b.md", b"x")


@pytest.mark.parametrize(
    "name",
    [
        "",
        "..",
        "../x",
        "a/../../x",
        "/etc/passwd",
        "a\\..\\x",
        "C:/x",
        "a\nb",
        "a\x00b",
        "//host/x",
        "link/x",
        "link",
        "a/file",
    ],
)
def test_paths_that_leave_the_root_are_refused(tmp_path: Path, name: str) -> None:
    root = tmp_path / "root"
    (root / "a").mkdir(parents=True)
    (root / "link").symlink_to(tmp_path)
    (root / "a" / "file").symlink_to(tmp_path / "nowhere")
    with pytest.raises(ContentError):
        resolve_inside(root, name)


def test_paths_inside(tmp_path: Path) -> None:
    assert resolve_inside(tmp_path, "episodes/a/a-001.md") == tmp_path / "episodes" / "a" / "a-001.md"


def test_the_next_command_that_writes_deletes_what_stopped_writes_left(tmp_path: Path) -> None:
    left = [
        f"{folder}/.a.b.0a1b2c3d.tmp"
        for folder in ("episodes/a", "knowledge", "pages/x/y", ".mlguide/imported", ".github/w")
    ]
    mine = ["episodes/a/.b.tmp", "episodes/a/b.0a1b2c3d.tmp", "pages/.c.0A1B2C3D.tmp", "knowledge/.d.0a1b2c3d.tmp.md"]
    for path in [*left, *mine, "elsewhere/.e.0a1b2c3d.tmp"]:
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text("text")
    if os.name != "nt":
        (tmp_path / "pages/link").symlink_to(tmp_path / "elsewhere")
    with exclusive(tmp_path):
        assert not [path for path in left if (tmp_path / path).exists()]
    assert all((tmp_path / path).exists() for path in [*mine, "elsewhere/.e.0a1b2c3d.tmp"])
