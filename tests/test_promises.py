"""Tests of the commands that users run to get from a real source to a site."""

import json
import re
from pathlib import Path

import pytest

DIRECTORY = "000_4d1c88396ec92ff9.txt"
MISSING = {"mlg": [21, 30, 31], "mla": [4, 18]}


def state(root: Path) -> dict[str, tuple[int, bytes]]:
    """Return the time and bytes of every file that an import may write, by path."""
    folders = ("episodes", "knowledge", ".mlguide")
    files = [
        path for folder in folders for path in (root / folder).rglob("*") if path.is_file() and path.name != "lock"
    ]
    return {path.relative_to(root).as_posix(): (path.stat().st_mtime_ns, path.read_bytes()) for path in files}


@pytest.mark.slow
@pytest.mark.seeds
def test_a_directory_page_becomes_a_site(seeds, run, tmp_path) -> None:
    run("mlguide", "init", "kb", cwd=tmp_path)
    said = run("mlguide", "-C", "kb", "import", seeds / DIRECTORY, cwd=tmp_path)
    run("mlguide", "-C", "kb", "build", "--strict", cwd=tmp_path)
    text = (seeds / DIRECTORY).read_text("utf-8")
    listed = re.findall(r"^S1 Ep \d+?(ML[AG]) (\d{3}) (.+)$", text, re.M)
    assert len(listed) == 50
    wanted = {f"{series.lower()}-{number}": title.strip() for series, number, title in listed}
    catalog = json.loads((tmp_path / "kb/site/catalog.json").read_bytes())
    made = {episode["id"]: episode["title"] for episode in catalog["episodes"]}
    assert made == wanted
    assert all(episode["date"] and episode["duration"] for episode in catalog["episodes"])
    assert {series["id"]: series["missing"] for series in catalog["series"]} == MISSING
    for series, numbers in MISSING.items():
        for number in numbers:
            assert re.search(rf"{series}\b.*\b0*{number}\b", said.stdout + said.stderr, re.I), (series, number)
    assert len(list((tmp_path / "kb/site/episodes").glob("*/ml[ag]-[0-9]*/index.html"))) == 50
    before = state(tmp_path / "kb")
    again = run("mlguide", "-C", "kb", "import", seeds / DIRECTORY, cwd=tmp_path)
    assert "nothing changed" in again.stdout + again.stderr
    assert state(tmp_path / "kb") == before


@pytest.mark.slow
def test_a_feed_becomes_a_site(feed, run, tmp_path) -> None:
    run("mlguide", "init", "pod", "--feed", feed, cwd=tmp_path)
    run("mlguide", "-C", "pod", "build", "--strict", cwd=tmp_path)
    catalog = json.loads((tmp_path / "pod/site/catalog.json").read_bytes())
    assert [series["title"] for series in catalog["series"]] == ["Bridges and Tunnels"]
    episodes = catalog["episodes"]
    assert [(e["number"], e["title"], e["date"][:10], e["duration"]) for e in episodes] == [
        (1, "Hanging by a Cable", "2025-03-03", 1865),
        (2, "Under the Harbour", "2025-03-10", 1720),
    ]
    assert episodes[1]["references"] == [episodes[0]["id"]]
    page = (tmp_path / "pod/site" / episodes[0]["url"] / "index.html").read_text("utf-8")
    assert "A block of concrete does it elsewhere." in page
    assert "Bridges and Tunnels" in (tmp_path / "pod/site/index.html").read_text("utf-8")
    before = state(tmp_path / "pod")
    again = run("mlguide", "-C", "pod", "import", feed, cwd=tmp_path)
    assert "nothing changed" in again.stdout + again.stderr
    assert state(tmp_path / "pod") == before


@pytest.mark.slow
@pytest.mark.parametrize(
    ("data", "title"),
    [
        (b'<?xml version="1.0"?><rss version="2.0"><channel><title>Soon</title></channel></rss>', "Soon"),
        (b"<?xml version='1.0' encoding='UTF-8'?><rss><channel><title>Caf\xe9</title></channel></rss>", "Caf\u00e9"),
    ],
    ids=["no-episode", "wrong-encoding"],
)
def test_a_feed_without_episodes_makes_a_series(data, title, run, tmp_path) -> None:
    (tmp_path / "source.xml").write_bytes(data)
    said = run("mlguide", "init", "pod", "--feed", "source.xml", cwd=tmp_path)
    assert "source.xml:1:1: hint: the feed contains no episode" in said.stderr
    run("mlguide", "-C", "pod", "build", "--strict", cwd=tmp_path)
    catalog = json.loads((tmp_path / "pod/site/catalog.json").read_bytes())
    assert [series["title"] for series in catalog["series"]] == [title]


@pytest.mark.slow
@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"<!DOCTYPE html><html><head><title>Sorry</title></head><body><p>Moved</p></body></html>",
        b'<?xml version="1.0"?><rss version="2.0"><channel><title>Cut</title><item><title>One</ti',
    ],
    ids=["empty", "html", "cut"],
)
def test_a_source_that_is_none_changes_nothing(data, run, tmp_path) -> None:
    run("mlguide", "init", "kb", cwd=tmp_path)
    (tmp_path / "source.xml").write_bytes(data)
    before = state(tmp_path / "kb")
    said = run("mlguide", "-C", "kb", "import", "source.xml", cwd=tmp_path, status=1)
    problems = [line for line in said.stderr.splitlines() if re.match(r"source\.xml:\d+:\d+: ", line)]
    assert len(problems) == 1, said.stderr
    assert state(tmp_path / "kb") == before
    failed = run("mlguide", "init", "pod", "--feed", "source.xml", cwd=tmp_path, status=1)
    assert "source.xml" in failed.stderr
    assert not [path for path in (tmp_path / "pod").rglob("*") if path.is_file()]
