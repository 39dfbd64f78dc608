"""Tests of `mlguide import --all`, which imports every feed that `knowledge/series.yml` names."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from conftest import everything
from faults.scenes import run
from merge.web_server import WebServer, feed
from mlguide_site.merge import sources
from mlguide_site.pipeline import inspect


@pytest.fixture
def web(monkeypatch: pytest.MonkeyPatch, loopback: None) -> Iterator[WebServer]:
    server = WebServer()
    server.files["/wood.xml"] = feed("Wood", ["1 Planes", "2 Rasps"])
    server.files["/glue.xml"] = feed("Glue", ["1 Bones"])
    monkeypatch.setattr(sources, "follow", lambda *_, **__: ([], ""))
    yield server
    server.stop()


@pytest.fixture
def root(tmp_path: Path, web: WebServer) -> Path:
    """Return a root with three series. The feeds of two series can be fetched."""
    (tmp_path / "knowledge").mkdir()
    (tmp_path / "mkdocs.yml").write_text("site_name: KB\ndocs_dir: build/pages\n", "utf-8")
    lines = [f"{id}:\n  title: {id.title()}\n  feed: {web.base}/{id}.xml\n" for id in ("wood", "lost", "glue")]
    (tmp_path / "knowledge/series.yml").write_text(f"{''.join(lines)}own:\n  title: Own\n", "utf-8")
    return tmp_path


def notes(root: Path) -> list[str]:
    return sorted(path.stem for path in root.glob("episodes/*/*.md"))


def test_every_feed_is_imported_although_one_can_not_be_fetched(root: Path, web: WebServer, capsys) -> None:
    assert run("-C", root, "import", "--all") == 3
    assert notes(root) == ["glue-001", "wood-001", "wood-002"]
    output, errors = capsys.readouterr()
    assert [line for line in output.splitlines() if "read as" in line or line.startswith("new:")] == [
        f"{web.base}/wood.xml: read as feed, because it is an RSS or Atom feed: 2 episodes",
        "new: 2 episodes: wood-001, wood-002",
        f"{web.base}/glue.xml: read as feed, because it is an RSS or Atom feed: 1 episode",
        "new: 1 episode: glue-001",
    ]
    place = 'knowledge/series.yml:6:9: the feed of "lost" was not imported'
    assert f"{place}: {web.base}/lost.xml: the server responds with 404; check the address\n" in errors


def test_importing_all_feeds_again_changes_nothing_and_says_so(root: Path, web: WebServer, capsys) -> None:
    web.files["/lost.xml"] = feed("Lost", ["1 Keys"])
    assert run("-C", root, "import", "--all") == 0
    before = everything(root)
    capsys.readouterr()
    assert run("-C", root, "import", "--all") == 0
    output, errors = capsys.readouterr()
    assert everything(root) == before and "wrote" not in errors
    assert [line for line in output.splitlines() if "nothing" in line] == [
        "nothing changed (2 episodes)",
        "nothing changed (1 episode)",
        "nothing changed (1 episode)",
    ]


def test_a_page_that_is_no_feed_fails_with_status_1(root: Path, web: WebServer, capsys) -> None:
    web.files["/lost.xml"] = b"<!doctype html><title>Sold</title>"
    assert run("-C", root, "import", "--all") == 1
    assert f"{web.base}/lost.xml:1:1: this is an HTML page; " in capsys.readouterr().err
    assert notes(root) == ["glue-001", "wood-001", "wood-002"]


def test_reports_as_json_and_a_dry_run(root: Path, web: WebServer, capsys) -> None:
    assert run("-C", root, "import", "--all", "--dry-run", "--format", "json") == 3
    reports = json.loads(capsys.readouterr().out)
    assert [report["new"] for report in reports] == [["wood-001", "wood-002"], ["glue-001"]]
    assert notes(root) == []


def test_a_feed_of_two_series_is_fetched_once(root: Path, web: WebServer) -> None:
    path = root / "knowledge/series.yml"
    path.write_text(path.read_text("utf-8").replace("lost.xml", "wood.xml"), "utf-8")
    assert run("-C", root, "import", "--all") == 0
    assert web.requests.count("/wood.xml") == 1 and len(notes(root)) == 3


@pytest.mark.parametrize(("option", "text"), [("--take", "All about big rasps."), ("--keep", "My rasps.")])
def test_the_source_is_taken_from_the_series_of_an_episode(
    root: Path, web: WebServer, option: str, text: str, capsys
) -> None:
    run("-C", root, "import", "--all")
    note = root / "episodes/wood/wood-002.md"
    note.write_text(note.read_text("utf-8").replace("All about rasps.", "My rasps."), "utf-8")
    web.files["/wood.xml"] = feed("Wood", ["1 Planes", "2 Rasps"]).replace(b"about rasps", b"about big rasps")
    run("-C", root, "import", "--all")
    [conflict] = [problem for problem in inspect(root) if "your version is kept" in problem.message]
    remedy = "keep yours: mlguide import --keep wood-002; or use the source version: --take wood-002"
    assert conflict.remedy == remedy
    web.requests.clear()
    assert run("-C", root, "import", option, "wood-002") == 0
    assert web.requests == ["/wood.xml"] and text in note.read_text("utf-8")


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["--all"], 'no series has a feed; add a line such as "feed: https://example.org/feed.xml" to the series'),
        (["--take", "own-001"], "the series of own-001 has no feed; add a line such as"),
        (["--all", "feed.xml"], "--all imports all feeds in knowledge/series.yml; omit SOURCE"),
        (["--all", "--series", "wood"], "omit SOURCE, --from, --series and --episode"),
        (["--take", "own-001", "--keep", "own-001"], "--take and --keep both name own-001; choose one"),
    ],
)
def test_wrong_usage_says_what_to_write(root: Path, arguments: list[str], says: str, capsys) -> None:
    (root / "knowledge/series.yml").write_text("own:\n  title: Own\n", "utf-8")
    assert run("-C", root, "import", *arguments) == 2
    assert says in capsys.readouterr().err


def test_problems_of_the_series_file_are_reported_once(root: Path, capsys) -> None:
    path = root / "knowledge/series.yml"
    path.write_text(path.read_text("utf-8") + "  titel: Two\n", "utf-8")
    assert run("-C", root, "import", "--all") == 1
    assert capsys.readouterr().err.count("titel") == 1 and notes(root) == []
