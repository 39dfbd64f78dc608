"""The workflow `forms`: a completed form becomes a pull request, or the workflow answers with the problems."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from conftest import CHECKOUT, write_files
from hosting.conftest import ROOT
from hosting.sandbox import Run, Sandbox

CASES = Path(__file__).parent / "forms"
FORMS = ".github/workflows/forms.yml"
TEMPLATE = CHECKOUT / "templates/hosting/github" / FORMS
ACTION = "weavers/mlguide"
BRANCH = "mlguide/issue-1"
LABELS = {"new-episode": "episode", "new-entry": "knowledge", "correction": "correction"}


def case(name: str) -> str:
    return (CASES / f"{name}.in.md").read_bytes().decode("utf-8", "replace").replace("\0", "\ufffd")


@pytest.fixture
def sandbox(tmp_path: Path) -> Iterator[Sandbox]:
    workflow = TEMPLATE.read_text("utf-8").replace("PROGRAM_ACTION", f"{ACTION}@{'0' * 40}")
    sandbox = Sandbox(tmp_path, write_files(tmp_path / "root", {**ROOT, FORMS: workflow}), {ACTION: CHECKOUT})
    yield sandbox
    sandbox.host.stop()


@pytest.fixture
def submit(sandbox: Sandbox) -> Callable[..., Run]:
    """Return a function that opens an issue with a form, or edits it."""

    def run(body: str | None, label: str = "episode", **user: Any) -> Run:
        issue = sandbox.host.issues.get(1)
        action = "edited" if issue else "opened"
        issue = issue or sandbox.host.open_issue("`id` $(id)", "", [label], **user)
        issue["body"] = body
        return sandbox.run(FORMS, "issues", {"action": action, "issue": issue, "sender": issue["user"]})

    return run


def comments(sandbox: Sandbox) -> list[str]:
    return [one["body"] for one in sandbox.host.comments.values()]


def test_a_form_gives_a_pull_request(sandbox: Sandbox, submit) -> None:
    done = submit(case("episode"), login="mary-somerville", id=1780)
    assert done.ok, done.log
    assert sandbox.files(BRANCH) == {"episodes/wool/wool-002.md": "A"}
    text = sandbox.git("show", f"{BRANCH}:episodes/wool/wool-002.md")
    assert f"==> episodes/wool/wool-002.md\n{text}" in (CASES / "episode.out.txt").read_text("utf-8")
    pull = sandbox.host.pulls[2]
    assert pull["title"] == "Add wool-002" and pull["base"]["ref"] == "main"
    assert pull["body"] == "`episodes/wool/wool-002.md` from the form in #1.\n\n\nCloses #1\n"
    author = sandbox.git("log", "-1", "--format=%an <%ae>|%cn", BRANCH).strip()
    assert author == "mary-somerville <1780+mary-somerville@users.noreply.github.com>|github-actions[bot]"
    assert not comments(sandbox) and not sandbox.host.unknown


def test_an_edited_form_updates_the_same_pull_request(sandbox: Sandbox, submit) -> None:
    assert submit(case("episode")).ok
    first = sandbox.git("rev-parse", BRANCH)
    assert submit(case("episode")).ok and sandbox.git("rev-parse", BRANCH) == first
    done = submit(case("episode").replace("\n2\n", "\n3\n").replace("90 points", "80 points"))
    assert done.ok, done.log
    assert list(sandbox.host.pulls) == [2] and sandbox.host.pulls[2]["title"] == "Add wool-003"
    assert sandbox.files(BRANCH) == {"episodes/wool/wool-003.md": "A"}
    assert "80 points" in sandbox.git("show", f"{BRANCH}:episodes/wool/wool-003.md")
    assert sandbox.git("rev-list", "--count", f"main..{BRANCH}").strip() == "1"


def test_an_entry_gives_a_pull_request(sandbox: Sandbox, submit) -> None:
    done = submit(case("tool"), "knowledge")
    assert done.ok, done.log
    assert sandbox.files(BRANCH) == {"knowledge/tools.yml": "M"}
    assert sandbox.host.pulls[2]["title"] == "Add drum-carder"
    # the check of the new file doesn't run for a pull request of a workflow, so its text has the problems
    assert re.search(
        r"^- line \d+: `no episode mentions the tool \"drum-carder\"; .*`$", sandbox.host.pulls[2]["body"], re.M
    )


# `test_forms.py` has more cases of the same problems
@pytest.mark.parametrize("name", ["paths", "control", "long-word", "nested", "entry-problems", "entry-yaml"])
def test_a_form_with_problems_gets_an_answer(name: str, sandbox: Sandbox, submit) -> None:
    before = sandbox.git("for-each-ref")
    done = submit(case(name), "knowledge" if "entry" in name else "episode")
    assert done.ok, done.log
    assert not sandbox.host.pulls and sandbox.git("for-each-ref") == before
    (answer,) = comments(sandbox)
    expected = re.findall(r"^\S+\.in\.md:\d+:1: ([^:]+): (.*)$", (CASES / f"{name}.out.txt").read_text("utf-8"), re.M)
    for field, text in expected:
        if "U+0000" not in text and "NUL" not in text:  # GitHub removes this character
            assert f"- **{field}**: `{text}`\n" in answer


def test_a_form_of_100_kilobytes_gets_an_answer(sandbox: Sandbox, submit) -> None:
    assert submit(case("episode") + "wool " * 20_000).ok
    assert "- **form**: `the text is longer than 65,536 characters; shorten the text" in comments(sandbox)[0]
    assert not sandbox.host.pulls


@pytest.mark.parametrize("name", ["shell", "front-matter", "html"])
def test_a_form_with_hostile_text_gives_a_note_and_runs_nothing(name: str, sandbox: Sandbox, submit) -> None:
    done = submit(case(name).replace("rm -rf /", "touch pwned"))
    assert done.ok, done.log
    assert sandbox.files(BRANCH) == {"episodes/wool/wool-002.md": "A"}
    assert not list(sandbox.folder.rglob("pwned")) and not Path("pwned").exists()
    assert "token-of-the-job" not in sandbox.git("show", BRANCH) + sandbox.host.pulls[2]["body"] + done.log


def test_problems_then_a_good_form(sandbox: Sandbox, submit) -> None:
    """The answer is one comment, which each edit updates. A comment of another person with the same mark stays."""
    assert submit(case("paths")).ok
    sandbox.host.comments[1] = {"id": 1, "issue": 1, "body": "<!-- mlguide -->\nmine", "user": {"login": "eve"}}
    sandbox.host.comments = dict(sorted(sandbox.host.comments.items()))
    assert submit(case("episode-known")).ok
    assert "already has this title" in comments(sandbox)[1] and len(comments(sandbox)) == 2
    assert submit(case("episode")).ok
    assert comments(sandbox) == ["<!-- mlguide -->\nmine", "<!-- mlguide -->\nThe form is now the pull request #2.\n"]
    assert sandbox.files(BRANCH) == {"episodes/wool/wool-002.md": "A"}


def test_text_in_an_answer_is_shown_as_code(sandbox: Sandbox, submit) -> None:
    """A contributor can't mention people or add links with the bot's name."""
    assert submit(case("episode").replace("\n2\n", "\n`@everyone` [x](https://a.example) <img>\n")).ok
    line = '- **Number**: `" @everyone  [x](https://a.example) <img>" is not a number; write only digits, as in 12`'
    assert line in comments(sandbox)[0]


def test_text_in_a_pull_request_does_nothing_in_a_commit_message(sandbox: Sandbox, submit) -> None:
    """A squash can put the text of the pull request into a message, where code spans don't matter."""
    assert submit(case("episode") + "\n\n[[Closes #1 @ada !1 implement x]]\n").ok
    text = sandbox.host.pulls[2]["body"]
    assert "[[Closes\u200b #\u200b1 @\u200bada !\u200b1 implement\u200b x]]" in text
    assert text.endswith("\n\nCloses #1\n")


def test_text_of_a_form_is_no_command_of_the_runner(sandbox: Sandbox, submit) -> None:
    done = submit(case("episode").replace("\n2\n", "\n##[set-output name=author]Eve\n"))
    assert done.ok, done.log
    assert "set-output name=author" in done.log and "##[" not in done.log


def test_an_issue_that_is_no_form_stays_as_it_is(sandbox: Sandbox, submit) -> None:
    for body in (case("no-form"), "", None, case("correction")):
        done = submit(body)
        assert done.ok, done.log
        assert not comments(sandbox) and not sandbox.host.pulls


def test_other_and_closed_issues_start_nothing(sandbox: Sandbox, submit) -> None:
    assert submit(case("episode"), "correction").jobs == {"form": "skipped"}
    sandbox.host.issues[1] |= {"labels": [{"name": "episode"}], "state": "closed"}
    assert submit(case("episode")).jobs == {"form": "skipped"}
    assert not sandbox.host.writes()


def test_an_author_with_an_invalid_name_is_refused(sandbox: Sandbox, submit) -> None:
    sandbox.host.open_issue("A form", "", ["episode"])
    for login in ("a b", "a\nb", "a <x@y.example>", "-a", "", "$(id)", "a" * 200):
        sandbox.host.issues[1]["user"]["login"] = login
        assert not submit(case("episode")).ok, login
    assert not sandbox.host.writes()


def test_a_branch_that_a_person_changed_stays(sandbox: Sandbox, submit, tmp_path: Path) -> None:
    assert submit(case("episode")).ok
    work = tmp_path / "person"
    sandbox._git("clone", "-q", "-b", BRANCH, sandbox.host.remote, work)
    sandbox._git("commit", "-q", "--allow-empty", "-m", "Fix", cwd=work)
    sandbox._git("push", "-q", cwd=work)
    tip = sandbox.git("rev-parse", BRANCH)
    done = submit(case("episode").replace("90 points", "80 points"))
    assert not done.ok and "has commits of another person" in done.log
    assert sandbox.git("rev-parse", BRANCH) == tip


def test_only_steps_without_the_text_of_the_issue_get_the_token() -> None:
    steps = yaml.safe_load((CHECKOUT / "action.yml").read_text("utf-8"))["runs"]["steps"]
    own = [step for step in steps if "inputs.command == 'form'" in step.get("if", "")]
    assert ["TOKEN" in step.get("env", {}) for step in own] == [False, True, True]
    assert not re.search(r"issue\.(?!number|state|labels)", (TEMPLATE.read_text("utf-8") + str(own)))


def test_the_labels_of_the_forms_start_the_workflow() -> None:
    folder = TEMPLATE.parents[1] / "ISSUE_TEMPLATE"
    for name, label in LABELS.items():
        assert yaml.safe_load((folder / f"{name}.yml").read_text("utf-8"))["labels"] == [label]
    assert set(re.findall(r"name, '(\w+)'", TEMPLATE.read_text("utf-8"))) == {"episode", "knowledge"}
