"""Tests of builds that are killed at any write, and of damaged caches: the next build is correct."""

import itertools
import os
import random
import shutil
import sys
import time
from collections.abc import Callable
from pathlib import Path
from unittest import mock

import pytest

from incremental.projects import Project, new_project, tree
from mkdocs_incremental.cache import Cache
from mkdocs_incremental.unchanged import unchanged

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="processes are forked")
CHANGING = frozenset({"os.rename", "os.remove", "os.mkdir", "os.rmdir", "sqlite3.connect"})
"""The audit events (PEP 578) that change the disk, besides opening files for writing."""


def in_child(work: Callable[[], object]) -> int:
    """Run a function in a child process. Returns the exit status."""
    child = os.fork()
    if not child:
        status = 1
        try:
            work()
            status = 0
        finally:
            os._exit(status)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def build_until(project: Project, step: int) -> None:
    """Build, and end the process without any cleanup before change number `step` on disk."""
    count = 0

    def watch(event: str, details: tuple[object, ...]) -> None:
        nonlocal count
        if event == "open":
            wanted = isinstance(details[2], int) and details[2] & (os.O_WRONLY | os.O_RDWR | os.O_CREAT)
        else:
            wanted = event in CHANGING
        if wanted and str(project.folder) in str(details):
            count += 1
            if count == step:
                os._exit(9)

    sys.addaudithook(watch)
    project.build()


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Project:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1700000000")
    made = new_project(tmp_path / "project")
    made.build()
    return made


def edit(project: Project, name: str) -> None:
    project.write("docs/guide.md", f"# {name}\n\n## Part\n\nOther.\n")
    project.write("docs/img/i.png", name)
    (project.folder / "docs/notes/b.md").unlink()
    if name == "full":
        project.settings(name=name)


@pytest.mark.parametrize(("kind", "stride"), [("edit", 1), ("full", 5)])
def test_killed_at_writes(project: Project, kind: str, stride: int) -> None:
    edit(project, kind)
    expected, _ = project.build_clean()
    shutil.rmtree(project.folder / "clean")
    for step in itertools.count(1, stride):
        # the files before the edit, and the result of the last build
        new_project(project.folder)
        assert in_child(project.build) == 0
        edit(project, kind)
        status = in_child(lambda step=step: build_until(project, step))  # type: ignore[misc]
        assert unchanged(project.cache) is None or status == 0
        assert in_child(project.build) == 0
        assert tree(project.site) == expected, step
        if status == 0:
            break
        assert status == 9
    assert step > 2 * stride


def _flipped(data: bytes, chance: random.Random) -> bytes:
    at = chance.randrange(len(data))
    return data[:at] + bytes([data[at] ^ (1 << chance.randrange(8))]) + data[at + 1 :]


def test_a_damaged_cache_is_left_aside(project: Project) -> None:
    chance = random.Random(7)
    project.write("docs/guide.md", "# Guide\n\nOther.\n")
    expected, _ = project.build_clean()
    project.build()
    whole = project.cache.read_bytes()
    spoilt = [b"", b"no database at all, but long enough to be one", whole[:4096], whole[: len(whole) // 2]]
    spoilt += [_flipped(whole, chance) for _ in range(12)]
    for number, data in enumerate(spoilt):
        project.cache.write_bytes(data)
        project.write("docs/list.md", f"# All {number}\n")
        project.build()
        project.write("docs/list.md", "---\ntemplate: list.html\n---\n# All\n")
        project.build()
        assert tree(project.site) == expected, number


def test_a_cache_of_another_version_or_site_is_left_aside(project: Project) -> None:
    store = Cache(project.cache)
    facts, pages = store.read()  # type: ignore[misc]
    with mock.patch("mkdocs_incremental.cache.FORMAT", "other"):
        store.write(facts, pages)
    store.close()
    assert unchanged(project.cache) is None
    assert project.build().full
    moved = project.folder / "elsewhere"
    shutil.copytree(project.site, moved)
    shutil.rmtree(project.site)
    moved.rename(project.site)
    assert project.build().reason == "the site was changed since the last build"


def test_two_processes_wait_for_each_other(project: Project) -> None:
    project.write("docs/guide.md", "# Guide\n\nOther.\n")
    expected, _ = project.build_clean()
    child = os.fork()
    if not child:
        status = 1
        try:
            for _ in range(3):
                project.build()
                time.sleep(0.2)
            status = 0
        finally:
            os._exit(status)
    for _ in range(3):
        project.build()
        time.sleep(0.2)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    assert tree(project.site) == expected
