"""What commands say at their end: what they did, and what comes next."""

import re
from pathlib import Path

import pytest

from conftest import run_command

ITEM = "<item><title>{0}: Warp</title><guid>loom-{0}</guid><description>Thread {0}.</description></item>"


@pytest.fixture
def feed(tmp_path: Path) -> Path:
    items = "".join(ITEM.format(number) for number in range(1, 26))
    path = tmp_path / "feed.xml"
    path.write_text(f'<rss version="2.0"><channel><title>Loom Talk</title>{items}</channel></rss>')
    return path


def test_imports_and_builds_end_with_totals_and_the_next_step(tmp_path: Path, feed: Path) -> None:
    run_command("mlguide", "init", "kb", cwd=tmp_path)
    done = run_command("mlguide", "import", str(feed), cwd=tmp_path / "kb")
    assert "new: 25 episodes: loom-talk-001, loom-talk-002" in done.stdout
    assert "loom-talk-010, and 15 more\n" in done.stdout and "loom-talk-011" not in done.stdout
    assert re.search(r"^wrote [0-9]+ files; next: mlguide check$", done.stderr, re.M)
    again = run_command("mlguide", "import", str(feed), cwd=tmp_path / "kb")
    assert "nothing changed (25 episodes)" in again.stdout and "next:" not in again.stderr
    built = run_command("mlguide", "build", cwd=tmp_path / "kb").stderr
    pages = len(list((tmp_path / "kb/site").rglob("*.html")))
    assert re.search(rf"^built site: {pages} pages in [0-9.]+ s; next: mlguide serve$", built, re.M)
    assert "nothing changed; site is up to date" in run_command("mlguide", "build", cwd=tmp_path / "kb").stderr
