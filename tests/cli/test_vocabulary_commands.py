"""Tests of the commands for names as users run them, and of a cycle of requirements, which stops every command."""

import json
from pathlib import Path

import pytest

from conftest import run_command


@pytest.fixture
def root(tmp_path: Path) -> Path:
    run_command("mlguide", "init", "kb", cwd=tmp_path)
    kb = tmp_path / "kb"
    (kb / "knowledge/series.yml").write_text("a: {title: Alpha}\n")
    (kb / "knowledge/topics.yml").write_text("ops: {name: Ops, summary: Running it., former: [running]}\n")
    (kb / "episodes/a").mkdir()
    for number, more in ((1, "topics: [ops]\n"), (2, "requires: [a-001]\n"), (3, "requires: [a-002]\n")):
        text = f"---\nid: a-{number:03}\ntitle: One\n{more}---\n\nOps with libraries like DuckDB.\n"
        (kb / f"episodes/a/a-{number:03}.md").write_text(text)
    return kb


def test_suggest_lists_writes_and_then_has_nothing_to_say(root):
    found = json.loads(run_command("mlguide", "suggest", "--format", "json", cwd=root).stdout)
    assert [(one["name"], one["kind"], one["count"]) for one in found] == [("DuckDB", "tool", 3)]
    assert found[0]["places"][0] == {
        "path": "episodes/a/a-001.md",
        "line": 7,
        "column": 25,
        "sentence": "Ops with libraries like DuckDB.",
    }
    assert "added as drafts: 1 to knowledge/tools.yml" in run_command("mlguide", "suggest", "--write", cwd=root).stderr
    assert json.loads(run_command("mlguide", "suggest", "--format", "json", cwd=root).stdout) == []
    run_command("mlguide", "check", "--strict", cwd=root)
    assert run_command("mlguide", "suggest", "--kind", "tol", cwd=root, status=2).stdout == ""


def test_a_draft_is_on_no_page_of_the_site(root):
    run_command("mlguide", "suggest", "--write", cwd=root)
    run_command("mlguide", "build", cwd=root)
    assert not (root / "site/tools/duckdb").exists()
    assert "duckdb" not in (root / "site/catalog.json").read_text().lower().replace("like duckdb", "")


def test_check_mends_what_is_safe_and_says_what(root):
    first = root / "episodes/a/a-001.md"
    first.write_text(first.read_text().replace("topics: [ops]", "topics: [running]"))
    done = run_command("mlguide", "check", "--fix", cwd=root)
    assert 'fixed: episodes/a/a-001.md:4:10: replaced "running" with "ops"' in done.stderr
    assert "fixed 1 mistake\n" in done.stderr
    assert "topics: [ops]\n" in (root / "episodes/a/a-001.md").read_text()
    assert "fixed 0 mistakes\n" in run_command("mlguide", "check", "--fix", cwd=root).stderr


def test_a_rename_redirects_on_the_built_site(root):
    assert "a-009.md" in run_command("mlguide", "rename", "a-001", "a-009", "--dry-run", cwd=root).stdout
    run_command("mlguide", "rename", "a-001", "a-009", cwd=root)
    run_command("mlguide", "rename", "ops", "operations", cwd=root)
    run_command("mlguide", "build", "--strict", cwd=root)
    page = (root / "site/episodes/a/a-001/index.html").read_text()
    assert 'content="0; url=../a-009/"' in page
    assert (root / "site/episodes/a/a-009/index.html").exists()
    assert 'url=../operations/"' in (root / "site/topics/ops/index.html").read_text()
    assert not [*(root / "site").glob("sitemap*")]  # the site has no address
    assert "already called" in run_command("mlguide", "rename", "operations", "operations", cwd=root, status=2).stderr


@pytest.mark.parametrize("command", ["check", "build"])
def test_a_planted_cycle_of_requirements_is_printed_and_fails(root, command):
    run_command("mlguide", command, cwd=root)
    first = root / "episodes/a/a-001.md"
    first.write_text(first.read_text().replace("topics: [ops]", "requires: [a-003]"))
    done = run_command("mlguide", command, cwd=root, status=1)
    assert (
        "episodes/a/a-001.md:4:12: the prerequisites of episodes form a cycle: a-001 → a-003 → a-002 → a-001"
        in done.stderr
    )
