"""Tests of the benchmark corpora: they are seeded, of the requested size, and valid."""

import json
import os
import re
import sys
from pathlib import Path

import pytest

from benchmarks import hub
from benchmarks.corpus import SERIES, write_root, write_shows
from benchmarks.weight import growth, pages_by_kind
from conftest import tree
from mlguide_site.pipeline import examine


def test_the_same_seed_gives_the_same_bytes(tmp_path) -> None:
    for name, seed in {"one": 1, "again": 1, "other": 2}.items():
        write_root(tmp_path / name, 40, seed)
    assert tree(tmp_path / "one") == tree(tmp_path / "again")
    assert tree(tmp_path / "one") != tree(tmp_path / "other")


@pytest.mark.parametrize("count", [60, 200])
def test_a_corpus_is_sound_and_of_the_size_asked_for(tmp_path, count) -> None:
    write_root(tmp_path, count)
    examined = examine(tmp_path)
    catalog = examined.linked.catalog
    assert [problem for problem in examined.problems if problem.severity != "hint"] == []
    assert len(catalog.episodes) == count
    entries = sum(map(len, (catalog.topics, catalog.tools, catalog.terms, catalog.resources)))
    assert abs(entries - count / 5) <= max(4, count / 20)
    assert list(catalog.series) == list(SERIES)


def test_shows_share_entries_and_guests_and_are_sound(tmp_path) -> None:
    write_shows(tmp_path, 3, 20)
    catalogs = []
    for folder in sorted(tmp_path.iterdir()):
        examined = examine(folder)
        assert [problem for problem in examined.problems if problem.severity == "error"] == []
        catalogs.append(examined.linked.catalog)
    assert [len(catalog.episodes) for catalog in catalogs] == [20, 20, 20]
    for entries in ("tools", "people"):
        first, second = (set(getattr(catalog, entries)) for catalog in catalogs[:2])
        assert first & second and first - second, f"shows have {entries} in common, and others of their own"


@pytest.mark.slow
def test_the_benchmark_of_hubs_compares_equal_sites(tmp_path, monkeypatch) -> None:
    ran: list[str] = []

    def without_cluster(label: str, *command: object) -> hub.Run:
        """Build with a plain loop; other tests compare its sites with those of clusters."""
        ran.append(label)
        root = next(part for part in command if isinstance(part, Path))
        if not (root / "site").exists():
            hub.loop(root)
        return hub.Run(float(len(ran)), 1.0, 1.0)

    monkeypatch.setattr(hub, "run", without_cluster)
    monkeypatch.setattr(hub, "beside", lambda folder, shows: 1.0)
    lines = list(hub.table(hub.measure(tmp_path / "hub", 1, 2)))
    assert len(ran) == 9
    assert sum("| <= " in line or "| >= " in line for line in lines) == 9, lines

    def differ(root: Path) -> None:
        (root / "site" / root.name).mkdir(parents=True)
        (root / "site" / root.name / "index.html").touch()

    monkeypatch.setattr(hub, "loop", differ)
    with pytest.raises(SystemExit, match="the three sites differ"):
        hub.measure(tmp_path / "hub", 1, 2)


def test_bodies_are_of_the_stated_length_and_name_things(tmp_path) -> None:
    write_root(tmp_path, 100)
    linked = examine(tmp_path).linked
    lengths = [len(episode.file.body) for episode in linked.episodes.values()]
    assert 1600 < sum(lengths) / len(lengths) < 2000
    assert all(re.search(r"^## ", episode.file.body, re.M) for episode in linked.episodes.values())
    assert sum(bool(episode.mentions) for episode in linked.episodes.values()) > 90
    assert sum(bool(episode.references) for episode in linked.episodes.values()) > 50


def test_pages_are_told_apart_by_kind(tmp_path) -> None:
    site = tmp_path / "site"
    files = ["index.html", "404.html", "episodes/a/index.html", "episodes/a/a-001/index.html", "tools/x/index.html"]
    files += ["tools/x/mentions-2/index.html", "tools/index.html", "tools/page/2/index.html"]
    for size, name in enumerate(files, 1):
        (site / name).parent.mkdir(parents=True, exist_ok=True)
        (site / name).write_bytes(b"x" * size)
    catalog = (
        '{"series":[{"id":"a"}],"episodes":[{"url":"episodes/a/a-001/"}],"tools":[{"url":"tools/x/"}],"topics":[],'
    )
    (site / "catalog.json").write_text(catalog + '"resources":[],"terms":[],"people":[]}', "utf-8")
    kinds = pages_by_kind(site)
    named = {kind: [path.relative_to(site).as_posix() for path in paths] for kind, paths in kinds.items()}
    assert named == {
        "home": ["index.html"],
        "404.html": ["404.html"],
        "episodes/*/": ["episodes/a/index.html"],
        "episode": ["episodes/a/a-001/index.html"],
        "tool": ["tools/x/index.html"],
        "tool: further pages": ["tools/x/mentions-2/index.html"],
        "tools/": ["tools/index.html"],
        "tools/page/*/": ["tools/page/2/index.html"],
    }
    rows = {row.kind: row for row in growth(kinds, kinds)}
    assert rows["episode"].held
    assert not rows["tools/"].held
    assert rows["episode"].ratio == 1


@pytest.mark.slow
@pytest.mark.skipif(os.name == "nt", reason="reads processor time as POSIX tells it")
def test_the_benchmark_runs_and_writes_what_it_found(run, checkout, tmp_path) -> None:
    small = ["--sizes", "10", "40", "--rounds", "1", "--weigh", "10", "40"]
    where = ["--out", tmp_path, "--results", tmp_path / "RESULTS.md"]
    said = run(sys.executable, "-m", "benchmarks.bench", *small, *where, cwd=checkout).stdout
    data = json.loads((tmp_path / "results.json").read_bytes())
    assert sorted(data["rounds"]) == ["10", "40"]
    assert set(data["rounds"]["40"][0]["ours"]["stages"]) >= {"load", "scan", "link", "render", "engine"}
    assert {"home", "episode", "topic", "tool", "resource", "term", "404.html"} <= {
        row["kind"] for row in data["pages"]
    }
    for figure in ("Our stages at 40 episodes: 0.", "Time from 10 to 40 episodes: ", "| episode | "):
        assert figure in said
        assert figure in (tmp_path / "RESULTS.md").read_text("utf-8")
