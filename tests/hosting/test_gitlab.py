"""The jobs of `.gitlab-ci.yml` publish a root, check a merge request, and open one with the changes of a feed."""

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

from conftest import CHECKOUT
from hosting.host import TOKEN
from hosting.sandbox import Sandbox
from hosting.test_root import EPISODES, command
from merge.web_server import feed

pytestmark = pytest.mark.slow


@pytest.fixture
def sandbox(tmp_path: Path) -> Iterator[Sandbox]:
    """A host with a root whose program comes from a repository on this machine."""
    program = tmp_path / "program"
    (tmp_path / "empty").mkdir()
    sandbox = Sandbox(tmp_path, tmp_path / "empty")
    sandbox.host.permissions = {"contents": "write"}
    sandbox.host.files["/feed.xml"] = feed("Looms", EPISODES)
    sandbox._git("init", "-q", "-b", "main", program)
    for name in ("action", "pyproject.toml"):
        sandbox._git("--work-tree", CHECKOUT, "--git-dir", program / ".git", "add", "-f", name, cwd=CHECKOUT)
    sandbox._git("commit", "-q", "-m", "Program", cwd=program)
    commit = sandbox._git("rev-parse", "HEAD", cwd=program).strip()
    options = ["--feed", f"{sandbox.host.url}/feed.xml", "--host", "gitlab", "--action", f"o/mlguide@{commit}"]
    command(sandbox, "mlguide", "init", "kb", *options, cwd=tmp_path)
    rewrite = ("config", "--global", f"url.{program}.insteadOf", "https://github.com/o/mlguide")
    command(sandbox, "git", *rewrite, cwd=tmp_path)
    sandbox.push(tmp_path / "kb", "Start")
    for key in ("receive.advertisePushOptions", "http.receivepack"):
        sandbox.git("config", key, "true")
    hook = sandbox.host.remote / "hooks/pre-receive"
    hook.write_text(f"#!/bin/sh\nenv | grep ^GIT_PUSH_OPTION_ | sort >{tmp_path}/options\n", "utf-8")
    hook.chmod(0o755)
    yield sandbox
    sandbox.host.stop()


def run(sandbox: Sandbox, job: str, status: int = 0) -> tuple[Path, str]:
    """Run a job in a new clone, and return the clone and the output."""
    sandbox.runs += 1
    work = sandbox.folder / f"job-{sandbox.runs}"
    sandbox._git("clone", "-q", "--depth", "20", f"{sandbox.host.url}/weavers/notes.git", work)
    settings = yaml.safe_load((work / ".gitlab-ci.yml").read_text("utf-8"))
    parts = settings[job]
    lines = [*settings[parts["extends"]]["before_script"], *parts["script"]]
    own = {key: os.path.expandvars(str(value)) for key, value in settings["variables"].items()}
    server = {"CI_SERVER_URL": sandbox.host.url, "CI_SERVER_HOST": "gitlab.example", "CI_DEFAULT_BRANCH": "main"}
    server |= {"CI_PROJECT_DIR": str(work), "CI_PAGES_URL": "https://weavers.example/notes", "MLGUIDE_TOKEN": TOKEN}
    server["CI_PROJECT_URL"] = "https://gitlab.example/weavers/notes"
    shown = "\n".join(["set -eo pipefail", *lines])
    environment = {**sandbox._environment(), **server, **own}
    for key, value in parts.get("variables", {}).items():
        environment[key] = value.replace("$CI_PROJECT_URL", server["CI_PROJECT_URL"]).replace(
            "$CI_DEFAULT_BRANCH", "main"
        )
    done = subprocess.run(["bash", "-c", shown], cwd=work, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == status, done.stdout + done.stderr
    return work, done.stdout + done.stderr


def test_a_push_publishes(sandbox: Sandbox) -> None:
    work, _ = run(sandbox, "pages")
    page = (work / "public/episodes/looms/looms-001/index.html").read_text("utf-8")
    assert '<link rel="canonical" href="https://weavers.example/notes/episodes/looms/looms-001/">' in page
    assert "https://gitlab.example/weavers/notes/-/edit/main/episodes/looms/looms-001.md" in page


def test_a_merge_request_is_checked(sandbox: Sandbox, tmp_path: Path) -> None:
    run(sandbox, "check")
    note = tmp_path / "kb/episodes/looms/looms-001.md"
    note.write_text(note.read_text("utf-8").replace("title: ", "topics: [none]\ntitle: "), "utf-8")
    sandbox.push(tmp_path / "kb", "Name an unknown topic")
    _, said = run(sandbox, "check", status=1)
    assert 'episodes/looms/looms-001.md:3:10: unknown topic "none"' in said


def test_a_changed_feed_becomes_a_merge_request(sandbox: Sandbox, tmp_path: Path) -> None:
    run(sandbox, "sync")
    assert not (tmp_path / "options").exists()
    sandbox.host.files["/feed.xml"] = feed("Looms", [*EPISODES, r"4 Felt\n\n@ada"])
    run(sandbox, "sync")
    first, description, *rest = (tmp_path / "options").read_text("utf-8").splitlines()
    assert [first, *rest] == [
        "GIT_PUSH_OPTION_0=merge_request.create",
        "GIT_PUSH_OPTION_2=merge_request.target=main",
        "GIT_PUSH_OPTION_3=merge_request.title=Update episodes from feeds",
        "GIT_PUSH_OPTION_4=merge_request.remove_source_branch",
        "GIT_PUSH_OPTION_COUNT=5",
    ]
    # GitLab reads \n as a new line, but not the characters in the title
    assert r"episodes (1)\n\n- `looms-004`: `Felt" in description
    assert "`Felt\\\u200bn\\\u200bn@\u200bada`" in description
    # GitLab acts on mentions and references in a message
    assert sandbox.git("log", "-1", "--format=%B", "mlguide/sync").strip() == "Update episodes from feeds"
    assert "episodes/looms/looms-004.md" in sandbox.files("mlguide/sync")
    tip = sandbox.git("rev-parse", "mlguide/sync")
    _, said = run(sandbox, "sync")
    assert "mlguide/sync is up to date" in said and sandbox.git("rev-parse", "mlguide/sync") == tip
    # a feed that can't be imported fails the job
    del sandbox.host.files["/feed.xml"]
    run(sandbox, "sync", status=3)
