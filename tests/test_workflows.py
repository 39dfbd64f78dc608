"""Tests of workflows: permissions, secrets, pinned actions, and what runs for strangers.

The workflows are those of this repository, and those that `init` writes. Both use the same action.
"""

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from benchmarks import licences
from conftest import CHECKOUT

TEMPLATES = CHECKOUT / "templates/hosting/github/.github/workflows"
WORKFLOWS = sorted([*(CHECKOUT / ".github" / "workflows").glob("*.yml"), *TEMPLATES.glob("*.yml")])
ACTION = CHECKOUT / "action.yml"
OWN_ACTIONS = {"./", "PROGRAM_ACTION"}  # `init` replaces the name with a repository and a commit
OTHERS = r"(actions/[a-z-]+(/[a-z]+)?|lycheeverse/lychee-action|pypa/gh-action-pypi-publish)@[0-9a-f]{40}"
WRITERS = {
    "publish/deploy": {"pages", "id-token"},
    "sync/sync": {"contents", "pull-requests"},
    "links/issue": {"issues"},
    "forms/form": {"contents", "issues", "pull-requests"},
    "release/publish": {"id-token"},
    "release/notes": {"contents"},
}
"""The permissions to write of each job; all other jobs only read."""


def steps(workflow: dict[Any, Any]) -> list[dict[str, Any]]:
    jobs = workflow["jobs"].values() if "jobs" in workflow else [workflow["runs"]]
    return [step for job in jobs for step in job["steps"]]


def name_of(path: Path) -> str:
    return path.relative_to(CHECKOUT).as_posix()


@pytest.mark.parametrize("path", WORKFLOWS, ids=name_of)
def test_a_workflow_has_few_permissions_and_no_secret(path: Path) -> None:
    text = path.read_text("utf-8")
    workflow = yaml.safe_load(text)
    assert workflow["permissions"] == {"contents": "read"}
    assert "secrets." not in text
    assert not {"pull_request_target", "workflow_run"} & set(workflow[True])  # YAML reads an unquoted `on` as true
    for name, job in workflow["jobs"].items():
        assert "timeout-minutes" in job
        written = {scope for scope, access in job.get("permissions", {}).items() if access != "read"}
        assert written == WRITERS.get(f"{path.stem}/{name}", set())
        assert not written or "pull_request" not in workflow[True]


@pytest.mark.parametrize("path", [*WORKFLOWS, ACTION], ids=name_of)
def test_steps_use_pinned_actions_and_no_text_of_strangers(path: Path) -> None:
    for step in steps(yaml.safe_load(path.read_text("utf-8"))):
        # a tag can be moved to another commit, a digest can't
        assert step.get("uses", "./") in OWN_ACTIONS or re.fullmatch(OTHERS, step["uses"])
        if step.get("uses", "").startswith("actions/checkout@"):
            assert step["with"]["persist-credentials"] is False
        # text that contributors control (a branch, a title) never reaches a shell as code
        assert "${{" not in step.get("run", "")


def test_the_token_is_only_in_the_environment_of_steps_that_use_the_host() -> None:
    for step in steps(yaml.safe_load(ACTION.read_text("utf-8"))):
        has_token = "inputs.token" in str(step)
        assert has_token == ("TOKEN" in step.get("env", {}))
        assert not has_token or re.search(r"action/(pull_request|links|answer)\.sh", step["run"])
        if "lychee" in step.get("uses", ""):
            assert step["with"]["token"] == ""


def test_only_pushes_to_the_default_branch_write_the_cache() -> None:
    saving = [path for path in [*WORKFLOWS, ACTION] if re.search(r"actions/cache(/save)?@", path.read_text("utf-8"))]
    assert saving == [ACTION]
    (save,) = [
        step for step in steps(yaml.safe_load(ACTION.read_text("utf-8"))) if "cache/save" in step.get("uses", "")
    ]
    own = "github.event_name == 'push' && github.ref_name == github.event.repository.default_branch"
    assert save["if"] == f"inputs.command == 'build' && {own}"


def test_every_push_and_pull_request_is_tested() -> None:
    workflow = yaml.safe_load((CHECKOUT / ".github/workflows/ci.yml").read_text("utf-8"))
    # YAML reads an unquoted `on` as true
    assert set(workflow[True]) == {"push", "pull_request"}
    assert any(step.get("run") == ".ci/run" for step in steps(workflow))


OWN = "github.event.pull_request.head.repo.full_name == github.repository"


def test_programs_of_strangers_are_not_run() -> None:
    """Check that each job skips forks, or takes programs and settings from the base branch."""
    for name in ("ci", "check"):
        workflow = yaml.safe_load((CHECKOUT / f".github/workflows/{name}.yml").read_text("utf-8"))
        assert "pull_request" in workflow[True]
        if name == "ci":
            assert all(
                job["if"] == f"github.event_name != 'pull_request' || {OWN}" for job in workflow["jobs"].values()
            )
    (job,) = workflow["jobs"].values()
    assert "permissions" not in job and "env" not in job
    base, contribution, action = job["steps"]
    assert base["with"]["ref"] == "${{ " + f"{OWN} && github.ref || github.event.pull_request.base.sha" + " }}"
    assert "path" not in base["with"] and "repository" not in base["with"] and "ref" not in contribution["with"]
    assert action["with"] == {"command": "check", "contribution": contribution["with"]["path"]}


def test_only_the_default_branch_is_published() -> None:
    workflow = yaml.safe_load((CHECKOUT / ".github/workflows/publish.yml").read_text("utf-8"))
    assert "pull_request" not in workflow[True]
    jobs = workflow["jobs"]
    assert jobs["build"]["if"] == "github.ref_name == github.event.repository.default_branch"
    assert jobs["deploy"]["needs"] == "build"
    writers = [name for name, job in jobs.items() if "write" in job.get("permissions", {}).values()]
    assert writers == ["deploy"]
    build = next(step for step in steps(yaml.safe_load(ACTION.read_text("utf-8"))) if "build.sh" in step.get("run", ""))
    variables = re.findall(r"MLGUIDE_\w+", (CHECKOUT / "mkdocs.yml").read_text("utf-8"))
    assert set(build["env"]) == {"COMMAND", *variables}


def test_ci_calls_the_commands_of_the_readme() -> None:
    script = (CHECKOUT / ".ci" / "run").read_text("utf-8")
    assert "set -euo pipefail" in script
    guide = (CHECKOUT / "CONTRIBUTING.md").read_text("utf-8")
    for command in re.findall(r"^make \w+$", script, re.M):
        assert f"`{command}`" in guide
    assert re.search(r"^make test$", script, re.M)


def test_each_digest_of_an_action_is_named_by_its_release() -> None:
    lines = [line for path in [*WORKFLOWS, ACTION] for line in path.read_text("utf-8").splitlines() if "uses:" in line]
    lines = [line for line in lines if line.partition("uses: ")[2] not in OWN_ACTIONS]
    assert lines and all(re.search(r"@[0-9a-f]{40} # v\d+\.\d+\.\d+$", line) for line in lines)
    pins = {line.partition("uses: ")[2] for line in lines}
    assert len({pin.partition("@")[0] for pin in pins}) == len(pins)


def test_dependencies_are_audited_every_week() -> None:
    workflow = yaml.safe_load((CHECKOUT / ".github/workflows/audit.yml").read_text("utf-8"))
    assert "schedule" in workflow[True]
    assert [step["run"] for step in steps(workflow) if "run" in step] == ["make audit"]
    makefile = (CHECKOUT / "Makefile").read_text("utf-8")
    recipe = makefile.partition("\naudit: ")[2].partition("\n\n")[0]
    assert "pip-audit" in recipe and "requirements.lock" in recipe and "npm" in recipe
    assert "benchmarks.licences" in recipe


def test_each_locked_package_has_a_licence_that_is_allowed() -> None:
    listed = dict(re.findall(r"^\| (\S+) \| (.+) \|$", licences.RESULTS.read_text("utf-8"), re.M))
    locked = [name for name, _ in [*licences.pinned(licences.LOCK.read_text("utf-8")), *licences.vendored()]]
    assert [name for name in listed if name not in {"package", "---"}] == locked, "run: python -m benchmarks.licences"
    assert all(licences.is_allowed(name, listed[name]) for name in locked)
