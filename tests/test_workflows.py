"""Tests of the workflows: read-only permissions, no secrets, official actions, and publishing from one branch."""

import re
from typing import Any

import pytest
import yaml

from benchmarks import licences
from conftest import CHECKOUT

WORKFLOWS = sorted((CHECKOUT / ".github" / "workflows").glob("*.yml"))


def steps(workflow: dict[Any, Any]) -> list[dict[str, Any]]:
    return [step for job in workflow["jobs"].values() for step in job["steps"]]


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.stem)
def test_a_workflow_reads_only_and_knows_no_secret(path) -> None:
    text = path.read_text("utf-8")
    workflow = yaml.safe_load(text)
    assert workflow["permissions"] == {"contents": "read"}
    assert "secrets." not in text
    assert "pull_request_target" not in text
    assert all("timeout-minutes" in job for job in workflow["jobs"].values())
    for step in steps(workflow):
        # a tag can be moved to another commit, a digest can't
        assert re.fullmatch(r"actions/[a-z-]+@[0-9a-f]{40}", step.get("uses", f"actions/none@{'0' * 40}"))
        if step.get("uses", "").startswith("actions/checkout@"):
            assert step["with"]["persist-credentials"] is False
        # text that contributors control (a branch, a title) never reaches a shell
        assert "${{" not in step.get("run", "")


def test_every_push_and_pull_request_is_tested() -> None:
    workflow = yaml.safe_load((CHECKOUT / ".github/workflows/ci.yml").read_text("utf-8"))
    # YAML reads an unquoted `on` as true
    assert set(workflow[True]) == {"push", "pull_request"}
    assert any(step.get("run") == ".ci/run" for step in steps(workflow))


CHECKED_OUT = "actions/checkout@"
STRANGE = "github.event.pull_request.head.repo.full_name != github.repository"
OWN = "github.event.pull_request.head.repo.full_name == github.repository"


def test_programs_of_strangers_are_not_run() -> None:
    """Check that each job skips forks, or takes programs and settings from the base branch."""
    jobs = yaml.safe_load((CHECKOUT / ".github/workflows/ci.yml").read_text("utf-8"))["jobs"]
    content = jobs.pop("content")
    assert all(job["if"] == f"github.event_name != 'pull_request' || {OWN}" for job in jobs.values())
    assert content["if"] == f"github.event_name == 'pull_request' && {STRANGE}"
    assert "permissions" not in content and "env" not in content
    base, contribution = (step["with"] for step in content["steps"] if CHECKED_OUT in step.get("uses", ""))
    assert (
        base["ref"] == "${{ github.event.pull_request.base.sha }}" and "path" not in base and "repository" not in base
    )
    assert contribution["ref"] == "${{ github.event.pull_request.head.sha }}"
    place = contribution["path"]
    for step in content["steps"]:
        # no step runs in the contributor's folder, and only one command reads it
        assert not {"working-directory", "shell", "env"} & step.keys()
        assert place not in step.get("run", "") or step["run"] == f".ci/contribution {place}"
        # the project's own runs could read a cache that a contribution has filled
        assert "cache" not in step.get("with", {})


def test_only_the_default_branch_is_published() -> None:
    workflow = yaml.safe_load((CHECKOUT / ".github/workflows/deploy.yml").read_text("utf-8"))
    assert "pull_request" not in workflow[True]
    jobs = workflow["jobs"]
    assert jobs["build"]["if"] == "github.ref_name == github.event.repository.default_branch"
    assert jobs["deploy"]["needs"] == "build"
    writers = [name for name, job in jobs.items() if "write" in job.get("permissions", {}).values()]
    assert writers == ["deploy"]
    variables = next(step["env"] for step in steps(workflow) if step.get("run") == "make site")
    assert set(variables) == set(re.findall(r"MLGUIDE_\w+", (CHECKOUT / "mkdocs.yml").read_text("utf-8")))


def test_ci_calls_the_commands_of_the_readme() -> None:
    script = (CHECKOUT / ".ci" / "run").read_text("utf-8")
    assert "set -euo pipefail" in script
    guide = (CHECKOUT / "CONTRIBUTING.md").read_text("utf-8")
    for command in re.findall(r"^make \w+$", script, re.M):
        assert f"`{command}`" in guide
    assert re.search(r"^make test$", script, re.M)


def test_each_digest_of_an_action_is_named_by_its_release() -> None:
    lines = [line for path in WORKFLOWS for line in path.read_text("utf-8").splitlines() if "uses:" in line]
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
    locked = [name for name, _ in licences.pinned(licences.LOCK.read_text("utf-8"))]
    assert [name for name in listed if name not in {"package", "---"}] == locked, "run: python -m benchmarks.licences"
    assert all(licences.is_allowed(name, listed[name]) for name in locked)
