"""Tests of the sandbox itself: a step gets what the host would give it, and nothing is ignored."""

import pytest

from hosting.conftest import ROOT
from hosting.expressions import Unsupported, evaluate

WORKFLOW = """
on: {{issues: {{types: [opened]}}}}
permissions: {permissions}
jobs:
  one:
    if: contains(github.event.issue.labels.*.name, 'yarn')
    runs-on: ubuntu-latest
    outputs: {{said: "${{{{ steps.say.outputs.said }}}}"}}
    steps:
      - uses: actions/checkout@0000000000000000000000000000000000000000
        with: {{persist-credentials: false}}
      - id: say
        env: {{TITLE: "${{{{ github.event.issue.title }}}}", TOKEN: "${{{{ github.token }}}}"}}
        run: |
{commands}
      - if: failure()
        run: echo "::error::it failed"
  two:
    needs: one
    runs-on: ubuntu-latest
    steps:
      - env: {{SAID: "${{{{ needs.one.outputs.said }}}}"}}
        run: echo "two heard $SAID" >>"$GITHUB_STEP_SUMMARY"
"""
ISSUE = {"action": "opened", "issue": {"title": "$(touch pwned)", "labels": [{"name": "Yarn"}]}}
API = 'curl -sS -H "Authorization: Bearer $TOKEN" "$GITHUB_API_URL/repos/$GITHUB_REPOSITORY'


def run(sandbox_of, commands: list[str], permissions: str = "{}", payload: object = ISSUE):
    text = WORKFLOW.format(commands="\n".join(f"          {line}" for line in commands), permissions=permissions)
    sandbox = sandbox_of({**ROOT, ".github/workflows/it.yml": text})
    return sandbox, sandbox.run(".github/workflows/it.yml", "issues", payload)


def test_a_step_reads_the_event_and_sets_outputs(sandbox_of) -> None:
    commands = ['echo "said=$(jq -r .issue.title "$GITHUB_EVENT_PATH")" >>"$GITHUB_OUTPUT"', 'echo "$TITLE"; ls']
    _, done = run(sandbox_of, commands)
    assert done.ok, done.log
    assert done.jobs == {"one": "success", "two": "success"}
    assert "$(touch pwned)" in done.steps[1].output and "pwned\n" not in done.steps[1].output
    assert "mkdocs.yml" in done.steps[1].output
    assert done.summary == "two heard $(touch pwned)\n"
    assert [step.outcome for step in done.steps] == ["success", "success", "skipped", "success"]


def test_a_failed_step_skips_the_rest_and_the_jobs_that_need_it(sandbox_of) -> None:
    _, done = run(sandbox_of, ["exit 3"])
    assert not done.ok and done.jobs == {"one": "failure", "two": "skipped"}
    assert done.annotations == ["::error::it failed"]


def test_a_condition_skips_a_job(sandbox_of) -> None:
    _, done = run(sandbox_of, ["true"], payload={"action": "opened", "issue": {"title": "x", "labels": []}})
    assert done.jobs == {"one": "skipped", "two": "skipped"}


def test_the_host_asks_for_permissions_and_the_token(sandbox_of) -> None:
    commands = [
        f"""{API}/issues/7/comments" -d '{{"body": "hello"}}'""",
        f"""{API.replace("$TOKEN", "wrong")}/issues/7/comments" -d '{{"body": "hello"}}'""",
        f"""{API}/pulls" -d '{{"head": "x", "base": "main", "title": "x"}}'""",
        f"""{API}/nothing" """,
        "git push -q origin HEAD:refs/heads/x || true",
        "git checkout -q -b x && git -c user.name=a -c user.email=a@example.org commit -q --allow-empty -m x",
        'printf -v BASIC %s "$(printf x-access-token:%s "$TOKEN" | base64 -w0)"',
        'git -c http.extraheader="authorization: basic $BASIC" push -q origin x || true',
    ]
    sandbox, done = run(sandbox_of, commands, "{issues: write}")
    assert done.ok, done.log
    assert [one["body"] for one in sandbox.host.comments.values()] == ["hello"]
    api = [str(one) for one in sandbox.host.requests if one.path.startswith("/api/")]
    place = "/api/repos/weavers/notes"
    assert api == [
        f"POST {place}/issues/7/comments 201",
        f"POST {place}/issues/7/comments 401",
        f"POST {place}/pulls 403",
        f"GET {place}/nothing 404",
    ]
    assert sandbox.host.unknown == ["GET /nothing"]
    assert [one.status for one in sandbox.host.requests if "receive-pack" in one.query.get("service", "")] == [401, 403]
    assert not sandbox.git("branch", "--list", "x")


def test_a_push_and_a_pull_request(sandbox_of) -> None:
    commands = [
        "git checkout -q -b x && echo new >new.txt && git add new.txt",
        "git -c user.name=a -c user.email=a@example.org commit -q -m x",
        'BASIC=$(printf x-access-token:%s "$TOKEN" | base64 -w0)',
        'git -c http.extraheader="authorization: basic $BASIC" push -q origin x',
        *[f"""{API}/pulls" -d '{{"head": "x", "base": "main", "title": "New"}}'"""] * 2,
        f"""{API}/pulls?head=weavers:x" | jq -e '.[0].title == "New"'""",
    ]
    sandbox, done = run(sandbox_of, commands, "{contents: write, pull-requests: write}")
    assert done.ok, done.log
    assert list(sandbox.host.pulls) == [1] and sandbox.files("x") == {"new.txt": "A"}
    assert "already exists" in done.steps[1].output


def test_the_program_is_this_checkout_and_nothing_is_installed(sandbox_of) -> None:
    sandbox, done = run(sandbox_of, ["mlguide stats", "pip install mlguide", "python -m pip install x"])
    assert done.ok, done.log
    assert "episodes" in done.steps[1].output
    assert sandbox.installs.read_text("utf-8") == "pip install mlguide\npython -m pip install x\n"


def test_an_own_action_runs_its_steps(sandbox_of) -> None:
    action = """
inputs: {wool: {required: true}, colour: {default: grey}}
outputs: {sum: {value: "${{ steps.a.outputs.sum }}"}}
runs:
  using: composite
  steps:
    - id: a
      shell: bash
      env: {WOOL: "${{ inputs.wool }} ${{ inputs.colour }}"}
      run: echo "sum=$WOOL" >>"$GITHUB_OUTPUT"; cat "$GITHUB_ACTION_PATH/action.yml"
"""
    workflow = """
on: push
permissions: {}
jobs:
  one:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@0000000000000000000000000000000000000000
        with: {persist-credentials: false}
      - {id: own, uses: ./, with: {wool: merino}}
      - {run: 'echo "$SUM" >>"$GITHUB_STEP_SUMMARY"', env: {SUM: "${{ steps.own.outputs.sum }}"}}
"""
    sandbox = sandbox_of({**ROOT, "action.yml": action, ".github/workflows/it.yml": workflow})
    done = sandbox.run(".github/workflows/it.yml", "push", {})
    assert done.ok, done.log
    assert done.summary == "merino grey\n"


@pytest.mark.parametrize(
    ("expression", "value"),
    [
        ("github.event.a == 'X' && !github.event.b", True),
        ("github.event.none || 'other'", "other"),
        ("(1 == 2 || true) && 'yes'", "yes"),
        ("contains('abc', 'B')", True),
        ("github.event.none == ''", True),
        ("'it''s'", "it's"),
    ],
)
def test_expressions(expression: str, value: object) -> None:
    functions = {"contains": lambda where, what: what.casefold() in where.casefold()}
    assert evaluate(expression, {"github": {"event": {"a": "x", "b": False}}}, functions) == value


@pytest.mark.parametrize(
    "expression", ["github.wrong", "wrong.x", "wrong()", "1 +", "toJSON(github)", "(true", "steps.x.outputs.y", ""]
)
def test_unknown_expressions_are_errors(expression: str) -> None:
    with pytest.raises(Unsupported):
        evaluate(expression, {"github": {"event": {}}, "steps": {}}, {})


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("actions/checkout@0", "actions/wrong@0"),
        ("runs-on: ubuntu-latest", "runs-on: ubuntu-latest\n    services: {}"),
        ("types: [opened]", "types: [edited]"),
        ("permissions: {}", "permissions: write-all"),
        ("@0000000000000000000000000000000000000000", "@v4"),
    ],
)
def test_nothing_is_ignored(sandbox_of, old: str, new: str) -> None:
    text = WORKFLOW.format(commands="          true", permissions="{}")
    assert old in text
    sandbox = sandbox_of({**ROOT, ".github/workflows/it.yml": text.replace(old, new, 1)})
    with pytest.raises(Unsupported):
        sandbox.run(".github/workflows/it.yml", "issues", ISSUE)
