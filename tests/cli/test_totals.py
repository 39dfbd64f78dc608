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


def test_of_many_hints_the_first_are_shown(tmp_path: Path) -> None:
    run_command("mlguide", "init", "kb", cwd=tmp_path)
    terms = "".join(f"t{number:02}: {{term: Term {number}}}\n" for number in range(40))
    (tmp_path / "kb/knowledge/glossary.yml").write_text(terms)
    few, every = (run_command("mlguide", "check", *more, cwd=tmp_path / "kb").stderr for more in ((), ("--verbose",)))
    assert few.count(": hint: ") == 30 and every.count(": hint: ") == 40
    assert few.endswith("40 hints; 10 of the hints aren't shown: mlguide check --verbose lists them\n")
    assert every.endswith("0 errors, 0 warnings, 40 hints\n")


def test_imports_and_builds_end_with_totals_and_the_next_step(tmp_path: Path, feed: Path) -> None:
    run_command("mlguide", "init", "kb", cwd=tmp_path)
    done = run_command("mlguide", "import", str(feed), cwd=tmp_path / "kb")
    assert "new: 25 episodes: loom-talk-001, loom-talk-002" in done.stdout
    assert "loom-talk-010, and 15 more\n" in done.stdout and "loom-talk-011" not in done.stdout
    assert re.search(r"^wrote [0-9]+ files; next: mlguide check$", done.stderr, re.M)
    again = run_command("mlguide", "import", str(feed), cwd=tmp_path / "kb")
    assert "nothing changed (25 episodes)" in again.stdout and "next:" not in again.stderr
    built = run_command("mlguide", "build", cwd=tmp_path / "kb").stderr
    pages = sum(path.name != "404.html" for path in (tmp_path / "kb/site").rglob("*.html"))
    assert re.search(rf"^built site: {pages} pages in [0-9.]+ s; next: mlguide serve$", built, re.M)
    assert "nothing changed; site is up to date" in run_command("mlguide", "build", cwd=tmp_path / "kb").stderr
