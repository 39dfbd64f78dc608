"""A root on a code host: the workflows that `init` writes publish it, check contributions, and import its feeds."""

import base64
import json
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from conftest import CHECKOUT
from hosting.host import TOKEN
from hosting.sandbox import PAGES_URL, Run, Sandbox
from merge.web_server import feed

ACTION = "weavers/mlguide"
COMMIT = "0123456789012345678901234567890123456789"
PUBLISH, CHECK, SYNC, LINKS = (f".github/workflows/{name}.yml" for name in ("publish", "check", "sync", "links"))
EPISODES = ["1 Planes", "2 Looms", "3 Wool"]


def command(sandbox: Sandbox, *arguments: str, cwd: Path, **variables: str) -> str:
    """Run a command as a user of the host does, and return its output."""
    environment = {**sandbox._environment(), **variables}
    done = subprocess.run(arguments, cwd=cwd, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout + done.stderr


def as_user(sandbox: Sandbox) -> None:
    """Let git use the host of the sandbox for `https://github.com/`, with the token of a user."""
    rewrite = ["config", "--global", f"url.{sandbox.host.url}/.insteadOf", "https://github.com/"]
    command(sandbox, "git", *rewrite, cwd=sandbox.folder)
    command(sandbox, "git", "config", "--global", "user.name", "Ada", cwd=sandbox.folder)
    command(sandbox, "git", "config", "--global", "user.email", "ada@example.org", cwd=sandbox.folder)
    helper = f"!f() {{ echo username=x-access-token; echo password={TOKEN}; }}; f"
    command(sandbox, "git", "config", "--global", "credential.helper", helper, cwd=sandbox.folder)


@pytest.fixture
def sandbox(tmp_path: Path) -> Iterator[Sandbox]:
    """A host with an empty repository, and a feed."""
    (tmp_path / "empty").mkdir()
    sandbox = Sandbox(tmp_path, tmp_path / "empty", {ACTION: CHECKOUT})
    sandbox.git("update-ref", "-d", "refs/heads/main")
    sandbox.host.files["/feed.xml"] = feed("Looms", EPISODES)
    as_user(sandbox)
    yield sandbox
    sandbox.host.stop()


@pytest.fixture
def root(sandbox: Sandbox, tmp_path: Path) -> Path:
    """A root with the feed's episodes, pushed to the host."""
    folder = tmp_path / "kb"
    options = ["--feed", f"{sandbox.host.url}/feed.xml", "--host", "github", "--action", f"{ACTION}@{COMMIT}"]
    command(sandbox, "mlguide", "init", str(folder), *options, cwd=tmp_path)
    sandbox.push(committed(folder), "Start")
    return folder


def committed(root: Path) -> Path:
    """Remove what git ignores."""
    (root / ".mlguide/lock").unlink(missing_ok=True)
    return root


def publish(sandbox: Sandbox) -> Run:
    return sandbox.run(PUBLISH, "push", {})


def schedule(sandbox: Sandbox, workflow: str = SYNC) -> Run:
    return sandbox.run(workflow, "schedule", {})


def test_three_commands_publish_a_feed_and_keep_it_up_to_date(sandbox: Sandbox, tmp_path: Path) -> None:
    """A new user's way, with the command of the root's readme. The first command creates the repository on the host."""
    sandbox.host.has_pages = sandbox.host.may_open_pulls = False
    sandbox.host.permissions = {"contents": "write", "administration": "write"}
    options = ["--feed", f"{sandbox.host.url}/feed.xml", "--host", "github", "--action", f"{ACTION}@{COMMIT}"]
    command(sandbox, "mlguide", "init", "kb", *options, cwd=tmp_path)
    last = re.findall(r"^bash .*", (tmp_path / "kb/README.md").read_text("utf-8"), re.M)
    assert len(last) == 1
    last = last[0].replace("OWNER/REPOSITORY", "weavers/notes").split()
    command(sandbox, "git", "config", "--global", "--unset", "credential.helper", cwd=sandbox.folder)
    # trace the arguments of all programs that git starts
    traced = {"GIT_TRACE": "1", "GITHUB_SERVER_URL": sandbox.host.url}
    variables = {"GITHUB_TOKEN": TOKEN, "GITHUB_API_URL": f"{sandbox.host.url}/api", **traced}
    secrets = (TOKEN, base64.b64encode(f"x-access-token:{TOKEN}".encode()).decode())
    for _ in range(2):
        # a second run changes nothing
        output = command(sandbox, *last, cwd=tmp_path / "kb", **variables)
        assert "weavers/notes is pushed" in output and f"site:      {sandbox.host.url}/pages/\n" in output
        assert "workflows: https://github.com/weavers/notes/actions\n" in output
        settings = (tmp_path / "kb/.git/config").read_text("utf-8")
        assert "run_command" in output and not any(one in text for one in secrets for text in (output, settings))
    assert sandbox.host.has_pages and sandbox.host.may_open_pulls
    assert sandbox.host.labels == {"episode", "knowledge", "correction"}
    assert sandbox.git("rev-list", "--count", "main").strip() == "1"

    done = publish(sandbox)
    assert done.ok, done.log
    page = (sandbox.pages / "episodes/looms/looms-001/index.html").read_text("utf-8")
    assert "All about planes." in page
    assert f'<link rel="canonical" href="{PAGES_URL}/episodes/looms/looms-001/">' in page
    assert f"{sandbox.host.url}/weavers/notes/edit/main/episodes/looms/looms-001.md" in page
    assert "There is no earlier build" in done.summary

    sandbox.host.files["/feed.xml"] = feed("Looms", [*EPISODES, "4 Felt"])
    done = schedule(sandbox)
    assert done.ok, done.log
    assert [one["title"] for one in sandbox.host.pulls.values()] == ["Update episodes from feeds"]


@pytest.mark.slow
def test_a_second_build_lists_the_changed_pages(sandbox: Sandbox, root: Path) -> None:
    assert publish(sandbox).ok
    note = root / "episodes/looms/looms-001.md"
    note.write_text(note.read_text("utf-8") + "\nMore about planes.\n", "utf-8")
    sandbox.push(committed(root), "Add a sentence")
    done = publish(sandbox)
    assert done.ok, done.log
    assert "Changed pages: 1" in done.summary and "episodes/looms/looms-001/index.html" in done.summary
    assert "New pages" not in done.summary and "Removed pages" not in done.summary


@pytest.mark.slow
def test_other_branches_are_not_published(sandbox: Sandbox, root: Path) -> None:
    sandbox.push(committed(root), "Try", "other")
    done = sandbox.run(PUBLISH, "push", {}, "refs/heads/other")
    assert done.jobs == {"build": "skipped", "deploy": "skipped"} and not sandbox.caches


def proposed(sandbox: Sandbox, root: Path, repository: str = "weavers/notes") -> Run:
    """Check a pull request with the content of a folder."""
    base = sandbox.git("rev-parse", "main").strip()
    head = sandbox.push(committed(root), "Change", "change")
    sandbox.git("update-ref", "refs/pull/7/merge", head)
    pull = {"number": 7, "base": {"sha": base}, "head": {"sha": head, "ref": "x", "repo": {"full_name": repository}}}
    return sandbox.run(CHECK, "pull_request", {"action": "opened", "pull_request": pull}, "refs/pull/7/merge")


@pytest.mark.slow
def test_a_failed_build_offers_no_site(sandbox: Sandbox, root: Path) -> None:
    assert publish(sandbox).ok
    series = root / "knowledge/series.yml"
    series.write_text(series.read_text("utf-8") + "\nbroken: [\n", "utf-8")
    done = proposed(sandbox, root)
    assert not done.ok and not done.artifacts
    assert done.summary == "## Pages\n\nThe site was not built.\n"


@pytest.mark.slow
def test_an_open_conflict_is_shown_but_fails_no_other_pull_request(sandbox: Sandbox, root: Path) -> None:
    edited_root(sandbox, root)
    command(sandbox, "mlguide", "import", "--all", cwd=root)
    sandbox.push(committed(root), "Merge a conflict")
    assert publish(sandbox).ok
    note = root / "episodes/looms/looms-001.md"
    note.write_text(note.read_text("utf-8") + "\nMore about planes.\n", "utf-8")
    done = proposed(sandbox, root)
    assert done.ok, done.log
    assert [one for one in done.annotations if one.startswith("::warning file=episodes/looms/looms-002.md")]
    note.write_text(note.read_text("utf-8").replace("title: ", "topics: [no-such]\ntitle: "), "utf-8")
    assert not proposed(sandbox, root).ok


STRANGER = "stranger/notes"


@pytest.mark.slow
@pytest.mark.parametrize("repository", ["weavers/notes", STRANGER])
def test_a_pull_request_is_annotated_at_its_lines(sandbox: Sandbox, root: Path, repository: str) -> None:
    note = root / "episodes/looms/looms-002.md"
    note.write_text(note.read_text("utf-8").replace("title: ", "topics: [no%such,]\ntitle: "), "utf-8")
    done = proposed(sandbox, root, repository)
    assert not done.ok
    line = note.read_text("utf-8").split("\n").index("topics: [no%such,]") + 1
    found = [one for one in done.annotations if one.startswith("::error file=episodes/looms/looms-002.md")]
    assert found and f"line={line},col=" in found[0] and "no%25such" in found[0]
    assert not [one for one in sandbox.host.requests if one.method == "POST" and one.path.startswith("/api/")]


@pytest.mark.slow
@pytest.mark.parametrize("repository", ["weavers/notes", STRANGER])
def test_a_pull_request_is_built_with_its_content(sandbox: Sandbox, root: Path, repository: str) -> None:
    """A fork's settings, hooks and templates are not used; those of a branch of the repository are."""
    assert publish(sandbox).ok
    before = dict(sandbox.caches)
    (root / "hook.py").write_text("def on_page_content(html, **_):\n    return html + '<p>hooked</p>'\n", "utf-8")
    settings = root / "mkdocs.yml"
    settings.write_text(settings.read_text("utf-8") + "hooks: [hook.py]\n", "utf-8")
    (root / "action").mkdir()
    (root / "action/check.sh").write_text("echo hijacked; exit 1\n", "utf-8")
    note = root / "episodes/looms/looms-001.md"
    note.write_text(note.read_text("utf-8") + "\nMore about planes.\n", "utf-8")
    done = proposed(sandbox, root, repository)
    assert done.ok, done.log
    page = (done.artifacts["site"] / "episodes/looms/looms-001/index.html").read_text("utf-8")
    assert "More about planes." in page
    assert ("hooked" in page) == (repository == "weavers/notes")
    assert ("uses mkdocs.yml of the default branch" in done.log) == (repository == STRANGER)
    if repository == STRANGER:
        assert "Changed pages: 1\n" in done.summary and "episodes/looms/looms-001/index.html" in done.summary
    assert sandbox.caches == before


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "target"), [("episodes/looms/looms-009.md", "/etc/passwd"), ("knowledge/more.yml", "../../mkdocs.yml")]
)
def test_a_fork_with_links_is_refused(sandbox: Sandbox, root: Path, name: str, target: str) -> None:
    (root / name).symlink_to(target)
    done = proposed(sandbox, root, STRANGER)
    assert not done.ok and "this is a link, or not a regular file" in done.log and not done.artifacts


TITLE = "5: Dye @ada #1 `x` ![x](https://evil.example/x) &lt;b&gt; $(touch pwned)"


def edited_root(sandbox: Sandbox, root: Path) -> None:
    """Edit a note and the feed: two new episodes, one changed under the edit, one removed."""
    note = root / "episodes/looms/looms-002.md"
    note.write_text(note.read_text("utf-8").replace("All about looms.", "Everything about looms."), "utf-8")
    sandbox.push(committed(root), "Edit a note")
    changed = feed("Looms", ["1 Planes", "2 Looms", "4 Felt", "5 Dye"])
    for old, new in ((b"All about looms.", b"Much about looms. ``` @ada"), (b"5: Dye", TITLE.encode())):
        assert old in changed
        changed = changed.replace(old, new)
    sandbox.host.files["/feed.xml"] = changed


def test_a_changed_feed_becomes_one_pull_request(sandbox: Sandbox, root: Path, golden: Callable[..., Any]) -> None:
    edited_root(sandbox, root)
    done = schedule(sandbox)
    assert done.ok, done.log
    assert sandbox.files("mlguide/sync") == {
        ".mlguide/imported/looms-002.json": "M",
        ".mlguide/imported/looms-004.json": "A",
        ".mlguide/imported/looms-005.json": "A",
        "episodes/looms/looms-004.md": "A",
        "episodes/looms/looms-005.md": "A",
    }
    (pull,) = sandbox.host.pulls.values()
    assert (pull["head"]["ref"], pull["base"]["ref"]) == ("mlguide/sync", "main")
    golden(Path(__file__).parent / "sync.expected.md", pull["body"].replace(sandbox.host.url, "https://feeds.example"))
    tip, writes = sandbox.git("rev-parse", "mlguide/sync"), len(sandbox.host.writes())

    done = schedule(sandbox)
    assert done.ok, done.log
    assert "mlguide/sync is up to date" in done.log and "pull request #1 is up to date" in done.log
    assert sandbox.git("rev-parse", "mlguide/sync") == tip and len(sandbox.host.writes()) == writes

    sandbox.host.files["/feed.xml"] = sandbox.host.files["/feed.xml"].replace(b"4: Felt", b"4: Felting")
    done = schedule(sandbox)
    assert done.ok, done.log
    assert list(sandbox.host.pulls) == [1] and "Felting" in pull["body"]
    assert sandbox.git("rev-list", "--count", "main..mlguide/sync").strip() == "1"


@pytest.mark.slow
def test_an_unchanged_feed_changes_nothing(sandbox: Sandbox, root: Path) -> None:
    done = schedule(sandbox)
    assert done.ok, done.log
    assert not sandbox.host.pulls and not sandbox.host.writes()
    assert sandbox.git("branch", "--list", "mlguide/*") == ""


@pytest.mark.slow
def test_commits_of_a_person_on_the_branch_are_kept(sandbox: Sandbox, root: Path) -> None:
    edited_root(sandbox, root)
    assert schedule(sandbox).ok
    sandbox.push(committed(root), "Review", "mlguide/sync")
    tip = sandbox.git("rev-parse", "mlguide/sync")
    done = schedule(sandbox)
    assert not done.ok and "has commits of another person" in done.log
    assert sandbox.git("rev-parse", "mlguide/sync") == tip


@pytest.mark.slow
def test_a_host_that_refuses_pull_requests_is_explained(sandbox: Sandbox, root: Path) -> None:
    edited_root(sandbox, root)
    sandbox.host.may_open_pulls = False
    done = schedule(sandbox)
    assert not done.ok and "allow GitHub Actions to create pull requests" in done.annotations[-1]
    sandbox.host.may_open_pulls = True
    assert schedule(sandbox).ok and list(sandbox.host.pulls) == [1]


@pytest.mark.slow
def test_a_failed_feed_fails_the_run_after_the_others(sandbox: Sandbox, root: Path) -> None:
    series = root / "knowledge/series.yml"
    gone = f"\ngone:\n  title: Gone\n  feed: {sandbox.host.url}/gone.xml\n"
    series.write_text(series.read_text("utf-8") + gone, "utf-8")
    edited_root(sandbox, root)
    done = schedule(sandbox)
    assert not done.ok and "a feed was not imported" in done.annotations[-1]
    (pull,) = sandbox.host.pulls.values()
    assert "looms-004" in pull["body"] and 'the feed of "gone" was not imported' in pull["body"]


@pytest.mark.slow
def test_a_root_without_feeds_has_nothing_to_sync(sandbox: Sandbox, tmp_path: Path) -> None:
    options = ["--host", "github", "--action", f"{ACTION}@{COMMIT}"]
    command(sandbox, "mlguide", "init", "bare", *options, cwd=tmp_path)
    sandbox.push(committed(tmp_path / "bare"), "Start")
    assert schedule(sandbox).ok and not sandbox.host.writes()


@pytest.mark.slow
def test_broken_links_are_listed_in_one_issue(sandbox: Sandbox, root: Path) -> None:
    sandbox.host.open_issue("Links that can't be reached", "of a person", [])
    for links in (["https://a.example/"], ["https://a.example/", "https://b.example/"]):
        sandbox.broken_links = links
        done = schedule(sandbox, LINKS)
        assert done.ok, done.log
        (issue,) = [one for one in sandbox.host.issues.values() if one["labels"]]
        assert issue["state"] == "open" and all(link in issue["body"] for link in links)
    sandbox.broken_links = []
    assert schedule(sandbox, LINKS).ok
    assert issue["state"] == "closed" and len(sandbox.host.issues) == 2


def test_new_hosts_of_audio_files_are_listed(tmp_path: Path) -> None:
    """`import_report.py` compares `series.yml` with the last commit."""
    series = tmp_path / "knowledge/series.yml"
    series.parent.mkdir()
    series.write_text("a: {title: 2024-02-30, media: ['https://old.example']}\n", "utf-8")
    for words in (["init", "-q"], ["add", "."], ["-c", "user.name=A", "-c", "user.email=a@b", "commit", "-qm", "x"]):
        subprocess.run(["git", *words], cwd=tmp_path, check=True)
    series.write_text("a: {title: 2024-02-30, media: ['https://old.example', 'https://new.example']}\n", "utf-8")
    names = ("new", "changed", "absent", "new_series", "conflicts", "problems", "assets", "cut", "new_entries")
    report: dict[str, Any] = {**{name: [] for name in names}, "kept": {}, "new": ["a-001"]}
    (tmp_path / "import.json").write_text(json.dumps([report]), "utf-8")
    (tmp_path / "episodes/a").mkdir(parents=True)
    (tmp_path / "episodes/a/a-001.md").write_text("---\nid: a-001\ntitle: =\n---\n", "utf-8")
    (tmp_path / "check.json").write_text("", "utf-8")
    (tmp_path / "problems.txt").write_bytes(b"a\x1b]0;x\x07\xff @ada `` x\n")
    script = [sys.executable, "-I", str(CHECKOUT / "action/import_report.py"), str(tmp_path)]
    text = subprocess.run(script, cwd=tmp_path, capture_output=True, text=True, check=True).stdout
    assert "### New hosts of audio files (1)\n\n- `https://new.example`\n" in text and "old" not in text
    assert "- `a-001`: `=`" in text
    assert "- ``` a\\x1b]0;x\\x07\ufffd @\u200bada `` x ```" in text


def test_a_long_report_fits_into_a_pull_request(tmp_path: Path) -> None:
    names = ("new", "changed", "absent", "new_series", "problems", "assets", "cut", "new_entries")
    conflict = {"path": "a.md", "line": 1, "file": ["```" * 300] * 300, "source": ["~" * 900] * 300}
    report: dict[str, Any] = {**{name: [] for name in names}, "kept": {}, "conflicts": [conflict] * 60}
    (tmp_path / "import.json").write_text(json.dumps([report]), "utf-8")
    for name in ("check.json", "problems.txt"):
        (tmp_path / name).write_text("", "utf-8")
    series = tmp_path / "knowledge/series.yml"
    series.parent.mkdir()
    series.write_text("", "utf-8")
    script = [sys.executable, "-I", str(CHECKOUT / "action/import_report.py"), str(tmp_path)]
    text = subprocess.run(script, cwd=tmp_path, capture_output=True, text=True, check=True).stdout
    # a line of the text can't end the code block
    assert "\n" + "`" * 901 + "text\n" in text
    assert 50_000 < len(text.encode()) < 60_200
    assert text.endswith("The report is longer; the log of the run has the rest.\n")


@pytest.mark.parametrize(
    ("address", "host"),
    [
        ("git@github.com-work:weavers/notes.git", "github.com"),
        ("ssh://git@ssh.github.com:443/weavers/notes.git", "github.com"),
        ("https://github.com.weavers.example/weavers/notes", "github.com.weavers.example"),
    ],
)
def test_the_host_of_a_repository(address: str, host: str) -> None:
    script = (CHECKOUT / "templates/hosting/github/.github/set-up.sh").read_text("utf-8")
    line = next(line for line in script.splitlines() if line.startswith("host="))
    command = ["bash", "-c", f'address="$1"; {line}; printf %s "$host"', "set-up", address]
    assert subprocess.run(command, capture_output=True, text=True, check=True).stdout == host


def test_the_token_is_sent_to_github_alone(sandbox: Sandbox, root: Path) -> None:
    command(sandbox, "git", "init", "-q", cwd=root)
    command(sandbox, "git", "remote", "add", "origin", f"{sandbox.host.url}/weavers/notes", cwd=root)
    before = len(sandbox.host.requests)
    environment = {**sandbox._environment(), "GITHUB_TOKEN": TOKEN, "GITHUB_API_URL": f"{sandbox.host.url}/api"}
    done = subprocess.run(["bash", ".github/set-up.sh"], cwd=root, env=environment, capture_output=True, check=False)
    assert done.returncode == 2 and b"127.0.0.1 is not GitHub" in done.stderr
    assert len(sandbox.host.requests) == before


def test_the_script_explains_a_missing_address(sandbox: Sandbox, root: Path) -> None:
    script = ["bash", ".github/set-up.sh"]
    done = subprocess.run(script, cwd=root, env=sandbox._environment(), capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == (
        "create an empty repository on GitHub, and run: bash .github/set-up.sh https://github.com/OWNER/REPOSITORY\n"
    )
