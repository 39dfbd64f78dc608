"""Contributions from forks are checked as content only: their settings and programs are never run. Row 36.

`tests/test_workflows.py` tests the workflow; this module tests the command that the workflow runs.
"""

import os
import runpy
import subprocess
import sys
from pathlib import Path

import pytest

from conftest import CHECKOUT
from conftest import write_files as write

OURS = {
    "mkdocs.yml": "site_name: Ours\n",
    "templates/home.md.jinja": "ours",
    "episodes/show/show-001.md": "ours",
    "episodes/show/show-002.md": "to be removed",
    "knowledge/tools.yml": "{}\n",
    ".ci/run": "ours",
}
THEIRS = {
    "mkdocs.yml": "hooks: [evil.py]\n",
    "evil.py": "print('evil')\n",
    "templates/home.md.jinja": "theirs",
    ".github/workflows/ci.yml": "theirs",
    ".mlguide/renaming.json": "theirs",
    ".ci/run": "theirs",
    "src/mlguide_site/cli/program.py": "theirs",
    "episodes/show/show-001.md": "theirs",
    "episodes/other/other-001.md": "new",
    "knowledge/tools.yml": "t: {name: T}\n",
}


@pytest.fixture
def checkouts(tmp_path: Path) -> tuple[Path, Path]:
    """The checkout of a fork, and the project's own checkout."""
    write(tmp_path / "theirs", THEIRS)
    write(tmp_path / "ours", OURS)
    return tmp_path / "theirs", tmp_path / "ours"


def lay_over(theirs: Path, ours: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-I", str(CHECKOUT / "action" / "contribution"), str(theirs), str(ours)]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def contents(folder: Path) -> dict[str, str]:
    return {path.relative_to(folder).as_posix(): path.read_text() for path in folder.rglob("*") if path.is_file()}


def test_36_notes_are_taken_and_nothing_else(checkouts: tuple[Path, Path]) -> None:
    theirs, ours = checkouts
    assert lay_over(theirs, ours).returncode == 0
    kept = {name: text for name, text in OURS.items() if not name.startswith(("episodes/", "knowledge/"))}
    taken = {name: text for name, text in THEIRS.items() if name.startswith(("episodes/", "knowledge/"))}
    assert contents(ours) == kept | taken


@pytest.mark.skipif(sys.platform == "win32", reason="links need rights there")
@pytest.mark.parametrize("place", ["episodes/show/x.md", "episodes/x", "knowledge/x.yml", "episodes"])
def test_36_links_are_refused_and_nothing_is_taken(checkouts: tuple[Path, Path], place: str) -> None:
    theirs, ours = checkouts
    if place == "episodes":
        (theirs / place).rename(theirs / "moved")
    # the targets of the links are harmless: the link itself is refused
    (theirs / place).symlink_to(theirs / ("evil.py" if "." in place else "moved" if place == "episodes" else "src"))
    before = contents(ours)
    done = lay_over(theirs, ours)
    assert done.returncode == 1 and place.partition(".")[0] in done.stderr and "Traceback" not in done.stderr
    assert contents(ours) == before


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no named pipes")
def test_36_pipes_and_odd_names_too(checkouts: tuple[Path, Path]) -> None:
    theirs, ours = checkouts
    os.mkfifo(theirs / "episodes" / "pipe")
    (theirs / "knowledge" / "a\n::error::b.yml").write_text("x")
    done = lay_over(theirs, ours)
    assert done.returncode == 1 and "not a regular file" in done.stderr
    assert "control characters" in done.stderr and "\n::error" not in done.stderr


@pytest.mark.parametrize(
    ("name", "stated", "small", "says"),
    [
        ("MAX_FILES", 50_000, 2, "more than 2 files"),
        ("MAX_BYTES", 256 * 2**20, 9, "more than 0 MiB"),
        ("MAX_DEPTH", 16, 1, "more than 1 folders deep"),
    ],
)
def test_36_no_contribution_is_larger_than_stated(
    checkouts: tuple[Path, Path], name: str, stated: int, small: int, says: str
) -> None:
    theirs, ours = checkouts
    write(theirs, {"episodes/show/a/b.txt": "deep"})
    script = runpy.run_path(str(CHECKOUT / "action" / "contribution"))
    before, limits = contents(ours), script["lay_over"].__globals__
    assert limits[name] == stated
    limits[name] = small
    wrong = script["lay_over"](theirs, ours)
    assert len(wrong) == 1 and says in wrong[0]
    assert contents(ours) == before
    limits[name] = stated
    assert script["lay_over"](theirs, ours) == []
