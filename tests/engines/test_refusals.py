"""Tests of errors that stop an engine: one line with the place is printed, and the existing site is kept."""

import importlib.util
from pathlib import Path

import pytest

from engines.root import write

pytestmark = pytest.mark.slow


@pytest.mark.parametrize("engine", ["properdocs", "zensical"])
def test_what_is_wrong_is_told_and_nothing_is_lost(engine: str, run, tmp_path: Path) -> None:
    if importlib.util.find_spec(engine) is None:
        pytest.skip(f"{engine} is not installed")
    root = write(tmp_path / "kb")
    (root / "site").mkdir()
    (root / "site/old.html").write_text("old", "utf-8")
    override = root / "templates/theme/partials/logo.html"
    override.parent.mkdir(parents=True, exist_ok=True)
    override.write_text("\n{{ config.site_name.no_such_method() }}\n", "utf-8")
    said = run("mlguide", "-C", root, "build", "--engine", engine, cwd=tmp_path, status=1).stderr
    assert "templates/theme/partials/logo.html:2:1: this file makes the build fail: " in said
    override.unlink()
    note = root / "episodes/diary/diary-001.md"
    note.write_text(note.read_text("utf-8") + "\n<script>alert(1)</script>\n", "utf-8")
    said = run("mlguide", "-C", root, "build", "--engine", engine, "--strict", cwd=tmp_path, status=1).stderr
    assert "episodes/diary/diary-001.md:9:1: " in said
    assert [path.name for path in (root / "site").iterdir()] == ["old.html"]
    said = run("mlguide", "-C", root, "build", "--engine", engine, cwd=tmp_path).stderr
    assert said.splitlines()[-1].startswith("built ")
