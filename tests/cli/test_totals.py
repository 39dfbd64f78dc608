"""Tests of the last lines of commands: totals and the next step."""

import os
import pty
import re
import subprocess
import sys
from pathlib import Path

import pytest

from conftest import run_command
from mlguide_site.editing.scaffold import root_files

ITEM = "<item><title>{0}: Warp</title><guid>loom-talk.example/{0}</guid><description>Thread {0}.</description></item>"


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
    (tmp_path / "kb/knowledge/series.yml").write_text("dun: {title: Dun}\n")
    (tmp_path / "kb/episodes/dun").mkdir()
    (tmp_path / "kb/episodes/dun/dun-001.md").write_text("---\nid: dun-001\ntitle: Beans\n---\n\nWater them.\n")
    few, every = (run_command("mlguide", "check", *more, cwd=tmp_path / "kb").stderr for more in ((), ("--verbose",)))
    assert few.count(": hint: ") == 30 and every.count(": hint: ") == 40
    assert few.endswith("40 hints; 10 of the hints are hidden (--verbose lists them); next: mlguide build\n")
    assert every.endswith("0 errors, 0 warnings, 40 hints; next: mlguide build\n")


def test_imports_and_builds_end_with_totals_and_the_next_step(tmp_path: Path, feed: Path, monkeypatch) -> None:
    run_command("mlguide", "init", "kb", cwd=tmp_path)
    done = run_command("mlguide", "import", str(feed), cwd=tmp_path / "kb")
    assert "new: 25 episodes: loom-talk-001, loom-talk-002" in done.stdout
    assert "loom-talk-010, and 15 more\n" in done.stdout and "loom-talk-011" not in done.stdout
    assert re.search(r"^wrote [0-9]+ files; next: mlguide check$", done.stderr, re.M)
    again = run_command("mlguide", "import", str(feed), cwd=tmp_path / "kb")
    assert "nothing changed (25 episodes)" in again.stdout and "next:" not in again.stderr
    built = run_command("mlguide", "build", cwd=tmp_path / "kb").stderr
    pages = sum(path.name != "404.html" for path in (tmp_path / "kb/site").rglob("*.html"))
    total = re.compile(rf"^built site: {pages} pages in [0-9.]+ s; next: mlguide serve$", re.M)
    assert total.search(built)
    assert "nothing changed; site is up to date" in run_command("mlguide", "build", cwd=tmp_path / "kb").stderr
    assert total.search(run_command("mlguide", "build", "--engine", "properdocs", cwd=tmp_path / "kb").stderr)
    # the Anki deck depends on this time
    for time, same in (("1790000000", False), ("1790000000", True), ("1790000001", False), (None, False)):
        monkeypatch.setenv("MLGUIDE_COMMIT_TIME", time) if time else monkeypatch.delenv("MLGUIDE_COMMIT_TIME")
        assert ("nothing changed" in run_command("mlguide", "build", cwd=tmp_path / "kb").stderr) == same


def test_every_command_names_the_next_one_in_the_same_root(tmp_path: Path, feed: Path) -> None:
    def last_line(*words: str, folder: Path = tmp_path) -> str:
        return run_command("mlguide", *words, cwd=folder).stderr.splitlines()[-1]

    (tmp_path / "own").mkdir()
    made = last_line("-C", "own", "init", "my notes", "--feed", str(feed))
    assert re.fullmatch(r"created [0-9]+ files in own/my notes; next: mlguide -C 'own/my notes' build", made)
    (tmp_path / "tools.opml").write_text(OUTLINE)
    there = "mlguide -C 'own/my notes'"
    for words, end in (
        (("import", str(tmp_path / "tools.opml")), f"wrote 2 files; next: {there} check"),
        (
            ("new", "tool", "Warping mill"),
            f"fill in category, homepage and summary in knowledge/tools.yml; next: {there} check",
        ),
        (("check",), f"; next: {there} build"),
        (("rename", "tool:warping-mill", "mill"), f"next: {there} check"),
        (("suggest",), f"no names to propose; next: {there} new tool NAME (adds an entry)"),
    ):
        assert last_line("-C", "own/my notes", *words).endswith(end)
    assert last_line("check", folder=tmp_path / "own/my notes").endswith("; next: mlguide build")


OUTLINE = """<opml version="2.0"><head><title>Weaving</title></head><body><outline text="Looms">
<outline type="rss" text="Loom news" xmlUrl="https://loom.example/feed.xml"/><outline text="Warp"/></outline></body>
</opml>
"""


def test_a_source_is_announced_once_with_what_it_has(tmp_path: Path) -> None:
    run_command("mlguide", "init", "kb", cwd=tmp_path)
    (tmp_path / "tools.opml").write_text(OUTLINE)
    (tmp_path / "001.vtt").write_text("WEBVTT\n\n00:00.000 --> 00:04.000\nHello.\n")
    for name, description in {
        "tools.opml": "opml, because its root element is opml: 3 resources",
        "001.vtt": "transcript, because it has timed text or chapters: 1 transcript",
    }.items():
        done = run_command("mlguide", "import", tmp_path / name, cwd=tmp_path / "kb")
        assert done.stdout.splitlines()[0] == f"{tmp_path / name}: read as {description}"
        assert str(tmp_path / name) not in done.stderr and "episode," not in done.stderr


def test_texts_that_all_wait_are_the_result(tmp_path: Path) -> None:
    run_command("mlguide", "init", "kb", cwd=tmp_path)
    page = "info_outlineWarp and weft: how the two systems of threads meet on any loom...\n"
    (tmp_path / "page.txt").write_text(page + page.replace("Warp and weft", "Heddles") * 2)
    words = ("mlguide", "-C", "kb", "import", "page.txt")
    first, again = (run_command(*words, cwd=tmp_path) for _ in range(2))
    assert first.stdout.splitlines()[1] == "no episode was imported: all texts are pending"
    assert "  line 1, teaser: Warp" in first.stdout and "  line 1, teaser" not in again.stdout
    step = "next: mlguide -C kb import FEED (if the episode exists, import TRANSCRIPT --episode ID)"
    assert first.stderr.endswith(f"wrote 1 file; {step}\n")


def test_good_sources_of_many_are_imported(tmp_path: Path, feed: Path) -> None:
    run_command("mlguide", "init", "kb", cwd=tmp_path)
    (tmp_path / "bad.txt").write_text("nothing\n")
    sources = ("bad.txt", "none.xml", "http://127.0.0.1:9/feed.xml", feed.name)
    refused = run_command("mlguide", "-C", "kb", "import", *sources[:2], feed.name, cwd=tmp_path, status=1)
    assert "Nothing was written. Fix the errors above, or import the other sources with --skip-bad." in refused.stderr
    assert not list((tmp_path / "kb/episodes").glob("*/*.md"))
    done = run_command("mlguide", "-C", "kb", "import", "--skip-bad", *sources, cwd=tmp_path, status=1)
    assert "new: 25 episodes" in done.stdout and len(list((tmp_path / "kb/episodes").glob("*/*.md"))) == 25
    for line in ("bad.txt:1:1: the format", "none.xml:1:1: there is no", "http://127.0.0.1:9/feed.xml:1:1: the host"):
        assert line in done.stderr


def test_a_series_without_episodes_is_not_added(tmp_path: Path, feed: Path) -> None:
    run_command("mlguide", "init", "kb", "--feed", feed, cwd=tmp_path)
    before = (tmp_path / "kb/knowledge/series.yml").read_bytes()
    done = run_command("mlguide", "-C", "kb", "import", feed, "--series", "other", cwd=tmp_path)
    assert (tmp_path / "kb/knowledge/series.yml").read_bytes() == before and "new series" not in done.stdout
    assert 'the episodes of "other" are already in another series; no action is needed' in done.stderr


def test_timings_add_up(tmp_path: Path) -> None:
    run_command("mlguide", "init", "kb", cwd=tmp_path)
    table = run_command("mlguide", "build", "--timings", cwd=tmp_path / "kb").stdout
    *parts, whole = (float(line.split()[1]) for line in table.splitlines()[1:])
    assert abs(sum(parts) - whole) < 0.001 * len(parts) and whole > 0


@pytest.mark.parametrize(("name", "value"), [("TERM", "xterm"), ("TERM", "dumb"), ("NO_COLOR", "1")])
def test_only_a_terminal_shows_progress_and_colours(tmp_path: Path, name: str, value: str) -> None:
    run_command("mlguide", "init", "kb", cwd=tmp_path)
    (tmp_path / "kb/knowledge/tools.yml").write_text("warp: {name: Warp}\nweft: 1\n")
    ours, theirs = pty.openpty()
    words = [sys.executable, "-m", "mlguide_site", "-C", "kb", "check"]
    status = subprocess.run(
        words, cwd=tmp_path, stderr=theirs, check=False, env={**os.environ, "TERM": "xterm", name: value}
    ).returncode
    os.close(theirs)
    text = os.read(ours, 100_000).decode()
    os.close(ours)
    assert status == 1 and "knowledge/tools.yml:2:" in text
    assert ("load …" in text) == (value != "dumb")
    assert ("\x1b[31mknowledge/tools.yml:2:7\x1b[m: " in text) == (value == "xterm")
    assert "\x1b" not in run_command("mlguide", "-C", "kb", "check", cwd=tmp_path, status=1).stderr


def test_init_names_the_lines_that_an_existing_gitignore_needs(tmp_path: Path) -> None:
    (tmp_path / ".gitignore").write_text("mine\n")
    said = run_command("mlguide", "init", ".", cwd=tmp_path).stderr
    lines = root_files("T")[".gitignore"].decode().rstrip()
    assert f"kept .gitignore; add these lines to .gitignore:\n{lines}\ncreated " in said


def test_an_update_refuses_options_that_it_does_not_use(tmp_path: Path) -> None:
    run_command("mlguide", "init", "kb", cwd=tmp_path)
    words = ("mlguide", "-C", "kb", "init", "--update", "--site-url", "https://bees.example/")
    refused = run_command(*words, cwd=tmp_path, status=2)
    assert "--update takes no --feed, --title or --site-url; edit site_name and site_url in" in refused.stderr
