"""Runs the steps of workflows and composite actions in a temporary folder, as a code host does.

Real: Bash, Git (over HTTP, to a bare repository), curl, jq, and this checkout's `mlguide`. The host is `host.Host`,
which enforces the permissions of each job. Replaced: the actions in `ACTIONS`, and the commands in `STUBS`, because
nothing is installed here: a stub records its arguments in `Sandbox.installs`, and exits with 0. Unknown keys, actions,
events and expressions are errors, never ignored.

    sandbox = Sandbox(tmp_path, root)          # `root` is a folder with the files of the repository
    run = sandbox.run(".github/workflows/forms.yml", "issues", {"action": "opened", "issue": issue})
    assert run.ok, run.log
"""

import hashlib
import itertools
import json
import os
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

import yaml

import warm
from hosting.expressions import STATUS, Unsupported, evaluate, is_true, names_in, substitute
from hosting.host import REPOSITORY, TOKEN, Host

HERE = Path(__file__).parent
SOURCE = HERE.parents[1] / "src"
STEP_SECONDS = 120
STUBS = ("pip", "pip3", "pipx", "uv")
JOB_KEYS = frozenset("name runs-on needs if permissions environment concurrency timeout-minutes strategy env".split())
JOB_KEYS |= {"outputs", "steps", "defaults"}
STEP_KEYS = frozenset("name id if uses with run env shell working-directory continue-on-error timeout-minutes".split())
_DELIMITED = re.compile(r"([\w-]+)<<(.+)")
_OTHERS = (
    "set-(?:output|env)|save-state|add-(?:mask|path|matcher)|remove-matcher|stop-commands|debug|echo|(?:end)?group"
)
_COMMAND = re.compile(rf"^\s*::(?:{_OTHERS})\b.*|^(?!\s*::).*##\[(?:{_OTHERS}|error|warning|notice)\b.*\].*", re.M)
"""A line of a log that the runner executes. Our steps print only `::error`, `::warning` and `::notice`."""


@dataclass
class Step:
    """A step that ran or was skipped. `outcome` is `success`, `failure` or `skipped`."""

    job: str
    name: str
    uses: str
    outcome: str
    with_: Mapping[str, str] = field(default_factory=dict)
    output: str = ""
    outputs: dict[str, str] = field(default_factory=dict)


@dataclass
class Run:
    """The result of a workflow. `jobs` maps each job to `success`, `failure` or `skipped`."""

    jobs: dict[str, str] = field(default_factory=dict)
    steps: list[Step] = field(default_factory=list)
    summary: str = ""
    artifacts: dict[str, Path] = field(default_factory=dict)

    @property
    def ok(self) -> bool:
        return "failure" not in self.jobs.values() and "success" in self.jobs.values()

    @property
    def log(self) -> str:
        return "\n".join(f"[{step.job}] {step.name}: {step.outcome}\n{step.output}" for step in self.steps)

    @property
    def annotations(self) -> list[str]:
        return re.findall(r"^::(?:error|warning|notice).*$", self.log, re.M)


class Sandbox:
    """A code host with one repository, and a runner. `actions` maps names, such as `owner/name`, to their folders."""

    def __init__(self, folder: Path, root: Path, actions: Mapping[str, Path] | None = None) -> None:
        self.folder, self.actions = folder / "sandbox", dict(actions or {})
        self.host = Host(self.folder / "git")
        self.installs = self.folder / "installs"
        self.pages = self.folder / "pages"  # the published site
        self.caches: dict[tuple[str, str], Path] = {}  # by ref and key, the oldest first
        self.broken_links: list[str] = []  # what the link checker reports
        self.runs = 0
        self._programs()
        self.host.remote.mkdir(parents=True)
        self._git("init", "-q", "--bare", "-b", "main", self.host.remote)
        for key in ("http.receivepack", "uploadpack.allowAnySHA1InWant"):
            self._git("-C", self.host.remote, "config", key, "true")
        self.push(root, "Start")

    def _programs(self) -> None:
        self.bin = self.folder / "bin"
        self.bin.mkdir(parents=True)
        python = f'PYTHONPATH="{SOURCE}" exec "{sys.executable}"'
        scripts = {"mlguide": shlex.join(["exec", *warm.client(), str(HERE / "installed.py")]) + ' "$@"'}
        record = f'printf "%s\\n" "${{0##*/}} $*" >>"{self.installs}"'
        scripts |= dict.fromkeys(STUBS, record)
        pip = f'if [ "$1 $2" = "-m pip" ]; then {record}; exit; fi'
        scripts |= dict.fromkeys(("python", "python3"), f'{pip}\n{python} "$@"')
        for name, text in scripts.items():
            (self.bin / name).write_text(f"#!/bin/sh\n{text}\n", "utf-8")
            (self.bin / name).chmod(0o755)

    def _environment(self) -> dict[str, str]:
        return {
            "PATH": f"{self.bin}:{os.environ['PATH']}",
            "HOME": str(self.folder),
            "LANG": "C.UTF-8",
            "CI": "true",
            "GITHUB_ACTIONS": "true",
            "GIT_CONFIG_NOSYSTEM": "1",
            "GIT_TERMINAL_PROMPT": "0",
            "NO_PROXY": "127.0.0.1",
        }

    def _git(self, *arguments: Any, cwd: Path | None = None) -> str:
        command = ["git", "-c", "user.name=Ada", "-c", "user.email=ada@example.org", *map(str, arguments)]
        done = subprocess.run(command, cwd=cwd, env=self._environment(), capture_output=True, check=False)
        assert done.returncode == 0, f"{command}: {done.stderr.decode()}"
        return done.stdout.decode()

    def git(self, *arguments: Any) -> str:
        """Run Git in the bare repository of the host, and return its output."""
        return self._git("-C", self.host.remote, *arguments)

    def push(self, root: Path, message: str, branch: str = "main") -> str:
        """Commit the content of a folder to a branch, which starts at `main` if it is new. Return the commit's hash."""
        work = self.folder / "push"
        shutil.rmtree(work, ignore_errors=True)
        self._git("clone", "-q", self.host.remote, work)
        has_branch = bool(self.git("for-each-ref", f"refs/heads/{branch}"))
        self._git("checkout", "-q", *([branch] if has_branch else ["-B", branch]), cwd=work)
        for path in work.iterdir():
            if path.name != ".git":
                shutil.rmtree(path) if path.is_dir() else path.unlink()
        shutil.copytree(root, work, dirs_exist_ok=True, symlinks=True, ignore=shutil.ignore_patterns(".git"))
        self._git("add", "-A", "-f", cwd=work)
        self._git("commit", "-q", "--allow-empty", "-m", message, cwd=work)
        self._git("push", "-q", "origin", branch, cwd=work)
        return self._git("rev-parse", "HEAD", cwd=work).strip()

    def files(self, branch: str, since: str = "main") -> dict[str, str]:
        """Return the files that a branch changes, each with its status (`A`, `M` or `D`)."""
        rows = self.git("diff", "--name-status", "--no-renames", f"{since}...{branch}").splitlines()
        return {path: status for status, path in (row.split("\t") for row in rows)}

    def run(self, workflow: str, event: str, payload: Mapping[str, Any], ref: str = "refs/heads/main") -> Run:
        """Run a workflow of the default branch, `workflow`, for an event. A workflow that the event doesn't start is an
        error. Jobs run one after another."""
        loaded = yaml.safe_load(self.git("show", f"main:{workflow}"))
        _check_trigger(loaded[True], event, payload, ref)
        self.runs += 1
        payload = {"repository": {"full_name": REPOSITORY, "default_branch": "main"}, **payload}
        return _Runner(self, loaded, event, payload, ref).run()


def _check_trigger(on: Any, event: str, payload: Mapping[str, Any], ref: str) -> None:
    """Raise Unsupported if an event doesn't start a workflow."""
    events = on if isinstance(on, dict) else dict.fromkeys([on] if isinstance(on, str) else on)
    if event not in events:
        raise Unsupported(f"the event {event}; the workflow starts on {', '.join(events)}")
    filters = dict((events[event] if event != "schedule" else None) or {})
    if "types" in filters and payload.get("action") not in filters.pop("types"):
        raise Unsupported(f"the type {payload.get('action')} of the event {event}")
    branches = filters.pop("branches", ["**"])
    if event == "push" and not any(fnmatchcase(ref.removeprefix("refs/heads/"), one) for one in branches):
        raise Unsupported(f"a push to {ref}; the workflow starts on {branches}")
    filters.pop("inputs", None)
    filters.pop("tags", None)
    if filters:
        raise Unsupported(f"the filters {', '.join(filters)} of the event {event}")


class _Runner:
    def __init__(self, sandbox: Sandbox, workflow: Any, event: str, payload: Mapping[str, Any], ref: str) -> None:
        self.sandbox, self.workflow, self.result = sandbox, workflow, Run()
        self.folder = sandbox.folder / f"run-{sandbox.runs}"
        self.folder.mkdir()
        self.summary = self.folder / "summary.md"
        self.summary.touch()
        (self.folder / "event.json").write_text(json.dumps(payload), "utf-8")
        host = sandbox.host
        actor = payload.get("sender", {}).get("login", "ada")
        pull = payload.get("pull_request", {})
        self.github: dict[str, Any] = {
            "event": payload,
            "event_name": event,
            "event_path": str(self.folder / "event.json"),
            "workflow": workflow.get("name", ""),
            "repository": REPOSITORY,
            "repository_owner": REPOSITORY.partition("/")[0],
            "ref": ref,
            "ref_name": ref.removeprefix("refs/heads/").removeprefix("refs/tags/"),
            "ref_type": "tag" if ref.startswith("refs/tags/") else "branch",
            "head_ref": pull.get("head", {}).get("ref", ""),
            "base_ref": pull.get("base", {}).get("ref", ""),
            "sha": host.git("rev-parse", f"{ref}^{{commit}}").strip(),
            "actor": actor,
            "actor_id": str(payload.get("sender", {}).get("id", 1)),
            "run_id": str(sandbox.runs),
            "run_number": str(sandbox.runs),
            "run_attempt": "1",
            "server_url": host.url,
            "api_url": f"{host.url}/api",
            "token": TOKEN,
        }

    def run(self) -> Run:
        needs: dict[str, Any] = {}
        for name, job in self.workflow["jobs"].items():
            _known(job, JOB_KEYS, f"the job {name}")
            wanted = job.get("needs") or []
            wanted = [wanted] if isinstance(wanted, str) else wanted
            self.needs = {one: needs[one] for one in wanted}
            rows = list(_matrix(job.get("strategy", {})))
            done = [self._job(f"{name}-{at}" if len(rows) > 1 else name, job, row) for at, row in enumerate(rows)]
            results = [result for result, _ in done]
            result = next((one for one in ("failure", "skipped") if one in results), "success")
            needs[name] = {"result": result, "outputs": done[-1][1]}
            self.result.jobs[name] = result
        self.result.summary = self.summary.read_text("utf-8")
        return self.result

    def _job(self, name: str, job: Any, matrix: Mapping[str, Any]) -> tuple[str, dict[str, str]]:
        workspace, temporary = self.folder / name / "work", self.folder / name / "temp"
        for path in (workspace, temporary):
            path.mkdir(parents=True)
        self.workspace = workspace
        self.sandbox.host.permissions = _permissions(job.get("permissions", self.workflow.get("permissions")))
        github = {**self.github, "job": name, "workspace": str(workspace), "action_path": ""}
        contexts: dict[str, Any] = {
            "github": github,
            "runner": {"temp": str(temporary), "os": "Linux", "arch": "X64"},
            "secrets": {"GITHUB_TOKEN": TOKEN},
            "vars": {},
            "needs": self.needs,
            "matrix": matrix,
            "env": {},
            "steps": {},
            "inputs": (self.github["event"].get("inputs") or {}),
        }
        failed_before = [one for one in self.needs.values() if one["result"] != "success"]
        scope = _Scope(self, name, contexts, self.sandbox._environment(), failed=bool(failed_before))
        if not scope.holds(job.get("if")):
            return "skipped", {}
        scope.failed = False
        for source in (self.workflow, job):
            contexts["env"].update({key: scope.text(value) for key, value in (source.get("env") or {}).items()})
        scope.defaults = {**self.workflow.get("defaults", {}), **job.get("defaults", {})}.get("run", {})
        scope.steps(job["steps"])
        outputs = {key: scope.text(value) for key, value in job.get("outputs", {}).items()}
        return "failure" if scope.failed else "success", outputs


def _known(values: Mapping[str, Any], keys: frozenset[str], what: str) -> None:
    if unknown := values.keys() - keys:
        raise Unsupported(f"the keys {', '.join(sorted(map(str, unknown)))} of {what}")


def _matrix(strategy: Mapping[str, Any]) -> list[dict[str, Any]]:
    rows = strategy.get("matrix", {})
    if {"include", "exclude"} & rows.keys():
        raise Unsupported("include and exclude of a matrix")
    return [dict(zip(rows, values, strict=True)) for values in itertools.product(*rows.values())]


def _permissions(given: Any) -> dict[str, str]:
    if not isinstance(given, dict):
        raise Unsupported(f"the permissions {given!r}; list each of them")
    return dict(given)


class _Scope:
    """The steps of a job or of a composite action, with their contexts and variables."""

    def __init__(
        self, runner: _Runner, job: str, contexts: dict[str, Any], variables: dict[str, str], failed: bool = False
    ) -> None:
        self.runner, self.job, self.contexts, self.variables = runner, job, contexts, variables
        self.failed = failed
        self.defaults: Mapping[str, str] = {}

    def functions(self) -> dict[str, Callable[..., Any]]:
        return {
            "success": lambda: not self.failed,
            "failure": lambda: self.failed,
            "always": lambda: True,
            "cancelled": lambda: False,
            "contains": lambda where, what: (
                what.casefold() in [one.casefold() for one in where]
                if isinstance(where, list)
                else str(what).casefold() in str(where or "").casefold()
            ),
            "startsWith": lambda text, start: str(text or "").casefold().startswith(start.casefold()),
            "endsWith": lambda text, end: str(text or "").casefold().endswith(end.casefold()),
            "format": lambda text, *values: re.sub(r"\{(\d+)\}", lambda found: str(values[int(found[1])]), text),
            "hashFiles": self._hash,
        }

    def _hash(self, *patterns: str) -> str:
        paths = sorted({path for one in patterns for path in self.runner.workspace.glob(one) if path.is_file()})
        return hashlib.sha256(b"".join(path.read_bytes() for path in paths)).hexdigest() if paths else ""

    def text(self, value: Any) -> str:
        text = str(value).lower() if isinstance(value, bool) else str(value)
        return substitute(text, self.contexts, self.functions())

    def holds(self, condition: Any) -> bool:
        """Return whether an `if` holds. Without a status function, it also needs the success of earlier steps."""
        if condition is None:
            return not self.failed
        expression = str(condition).strip()
        expression = expression.removeprefix("${{").removesuffix("}}") if expression.startswith("${{") else expression
        value = is_true(evaluate(expression, self.contexts, self.functions()))
        return value and (bool(STATUS & set(names_in(expression))) or not self.failed)

    def steps(self, steps: Any) -> None:
        for number, step in enumerate(steps, 1):
            _known(step, STEP_KEYS, f"the step {number} of {self.job}")
            name = step.get("name") or step.get("uses") or step["run"].strip().split("\n")[0]
            record = Step(self.job, name, step.get("uses", ""), "skipped")
            self.runner.result.steps.append(record)
            own = {key: self.text(value) for key, value in step.get("env", {}).items()}
            before = self.contexts["env"]
            self.contexts["env"] = {**before, **own}
            try:
                if self.holds(step.get("if")):
                    record.outcome = "success" if self._step(step, record) else "failure"
            finally:
                self.contexts["env"] = {**before, **{k: v for k, v in self.contexts["env"].items() if k not in own}}
            conclusion = record.outcome
            if record.outcome == "failure":
                if step.get("continue-on-error"):
                    conclusion = "success"
                else:
                    self.failed = True
            if "id" in step:
                state = {"outputs": record.outputs, "outcome": record.outcome, "conclusion": conclusion}
                self.contexts["steps"] = {**self.contexts["steps"], step["id"]: state}

    def _step(self, step: Any, record: Step) -> bool:
        if "run" in step:
            return self._command(step, record)
        record.with_ = {key: self.text(value) for key, value in step.get("with", {}).items()}
        name, _, version = step["uses"].partition("@")
        if name.startswith("./") or name in self.runner.sandbox.actions:
            place = self.runner.workspace / name if name.startswith("./") else self.runner.sandbox.actions[name]
            return self._action(place, record)
        if name not in ACTIONS:
            raise Unsupported(f"the action {name}")
        if not re.fullmatch(r"[0-9a-f]{40}", version):
            raise Unsupported(f"the action {step['uses']}, which isn't pinned by a digest")
        return ACTIONS[name](self, record)

    def _action(self, place: Path, record: Step) -> bool:
        action = yaml.safe_load((place / "action.yml").read_text("utf-8"))
        if action["runs"]["using"] != "composite":
            raise Unsupported(f"an action of the kind {action['runs']['using']}")
        known = action.get("inputs") or {}
        if unknown := record.with_.keys() - known.keys():
            raise Unsupported(f"the inputs {', '.join(sorted(unknown))} of {record.uses}")
        inputs = {key: record.with_.get(key, self.text(one.get("default", ""))) for key, one in known.items()}
        if missing := [key for key, one in known.items() if one.get("required") and not inputs[key]]:
            raise Unsupported(f"{record.uses} without its inputs {', '.join(missing)}")
        github = {**self.contexts["github"], "action_path": str(place)}
        contexts = {**self.contexts, "github": github, "inputs": inputs, "steps": {}}
        contexts.pop("secrets")  # an action can't read them
        inner = _Scope(self.runner, f"{self.job}/{place.name}", contexts, self.variables)
        for step in action["runs"]["steps"]:
            if "run" in step and "shell" not in step:
                raise Unsupported("a command of an action without `shell`")
        inner.steps(action["runs"]["steps"])
        outputs = action.get("outputs") or {}
        record.outputs.update({key: inner.text(one["value"]) for key, one in outputs.items()})
        self.contexts["env"] = {**self.contexts["env"], **inner.contexts["env"]}
        return not inner.failed

    def _command(self, step: Any, record: Step) -> bool:
        github, workspace, temporary = self.contexts["github"], self.runner.workspace, self.contexts["runner"]["temp"]
        shell = step.get("shell") or self.defaults.get("shell")
        commands = {
            None: ["bash", "-e"],
            "bash": ["bash", "--noprofile", "--norc", "-eo", "pipefail"],
            "sh": ["sh", "-e"],
        }
        script = Path(temporary) / "step.sh"
        script.write_text(self.text(step["run"]), "utf-8")
        files = {name: Path(temporary) / name.lower() for name in ("GITHUB_OUTPUT", "GITHUB_ENV", "GITHUB_PATH")}
        for path in files.values():
            path.write_text("", "utf-8")
        names = [key for key, value in github.items() if isinstance(value, str) and key != "token"]
        variables = {f"GITHUB_{key.upper()}": github[key] for key in names}
        variables |= {name: str(path) for name, path in files.items()}
        variables |= {"GITHUB_STEP_SUMMARY": str(self.runner.summary), "RUNNER_TEMP": temporary, "RUNNER_OS": "Linux"}
        where = workspace / (step.get("working-directory") or self.defaults.get("working-directory") or ".")
        done = subprocess.run(
            [*commands[shell], str(script)],
            cwd=where,
            env={**self.variables, **variables, **self.contexts["env"]},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            timeout=STEP_SECONDS,
            check=False,
        )
        record.output = done.stdout.decode("utf-8", "replace")
        if found := _COMMAND.search(record.output):
            raise Unsupported(f"the command {found[0]!r} in the log")
        record.outputs.update(_assignments(files["GITHUB_OUTPUT"].read_text("utf-8")))
        self.contexts["env"] = {**self.contexts["env"], **_assignments(files["GITHUB_ENV"].read_text("utf-8"))}
        for path in files["GITHUB_PATH"].read_text("utf-8").split():
            self.variables["PATH"] = f"{path}:{self.variables['PATH']}"
        return done.returncode == 0


def _assignments(text: str) -> dict[str, str]:
    """Read the lines `name=value` and `name<<END` that steps write."""
    found: dict[str, str] = {}
    lines = iter(text.splitlines())
    for line in lines:
        if (opened := _DELIMITED.fullmatch(line)) and "=" not in line.partition("<<")[0]:
            found[opened[1]] = "\n".join(itertools.takewhile(lambda one, end=opened[2]: one != end, lines))
        elif line:
            name, sign, value = line.partition("=")
            if not sign:
                raise Unsupported(f"the line {line!r} in GITHUB_OUTPUT or GITHUB_ENV")
            found[name] = value
    return found


def _checkout(scope: _Scope, record: Step) -> bool:
    given, github, sandbox = record.with_, scope.contexts["github"], scope.runner.sandbox
    known = {"repository", "ref", "path", "persist-credentials", "fetch-depth", "fetch-tags", "token"}
    if unknown := given.keys() - known:
        raise Unsupported(f"the inputs {', '.join(sorted(unknown))} of actions/checkout")
    if given.get("repository", REPOSITORY) != REPOSITORY:
        raise Unsupported(f"the repository {given['repository']}")
    place = scope.runner.workspace / given.get("path", ".")
    place.mkdir(parents=True, exist_ok=True)
    ref = given.get("ref") or github["ref"]
    if not ref.startswith("refs/") and not re.fullmatch(r"[0-9a-f]{40}", ref):
        ref = f"refs/heads/{ref}"
    depth = given.get("fetch-depth", "1")
    sandbox._git("init", "-q", cwd=place)
    sandbox._git("remote", "add", "origin", f"{sandbox.host.url}/{REPOSITORY}", cwd=place)
    branches = ["+refs/heads/*:refs/remotes/origin/*"] if depth == "0" else []
    sandbox._git("fetch", "-q", *([] if depth == "0" else [f"--depth={depth}"]), "origin", ref, *branches, cwd=place)
    branch = ["-B", ref.removeprefix("refs/heads/")] if ref.startswith("refs/heads/") else ["--detach"]
    sandbox._git("checkout", "-q", *branch, "FETCH_HEAD", cwd=place)
    if given.get("persist-credentials") != "false":
        raise Unsupported("actions/checkout that leaves the token in the checkout")
    return True


def _nothing(**outputs: str) -> Callable[[_Scope, Step], bool]:
    """Return an action that only sets outputs."""

    def action(_scope: _Scope, record: Step) -> bool:
        record.outputs.update(outputs)
        return True

    return action


def _upload(scope: _Scope, record: Step) -> bool:
    """Copy the files of an artifact."""
    pages = record.uses.startswith("actions/upload-pages-artifact")
    name = record.with_.get("name", "github-pages" if pages else "artifact")
    target = scope.runner.folder / "artifacts" / name
    for path in record.with_["path"].split():
        source = scope.runner.workspace / path
        if source.is_dir():
            shutil.copytree(source, target, dirs_exist_ok=True)
        elif source.is_file():
            target.mkdir(parents=True, exist_ok=True)
            shutil.copy(source, target)
    scope.runner.result.artifacts[name] = target
    return target.exists() or record.with_.get("if-no-files-found") != "error"


def _download(scope: _Scope, record: Step) -> bool:
    source = scope.runner.result.artifacts[record.with_.get("name", "artifact")]
    shutil.copytree(source, scope.runner.workspace / record.with_.get("path", "."), dirs_exist_ok=True)
    return True


def _save(scope: _Scope, record: Step) -> bool:
    """Save files in the cache of the run's ref. Other refs can read only the default branch's cache."""
    runner, place = scope.runner, scope.runner.folder / "cache"
    for path in record.with_["path"].split():
        shutil.copytree(runner.workspace / path, place / path)
    runner.sandbox.caches.setdefault((runner.github["ref"], record.with_["key"]), place)
    return True


def _restore(scope: _Scope, record: Step) -> bool:
    wanted = [record.with_["key"], *record.with_.get("restore-keys", "").split()]
    found = [
        place
        for one in wanted
        for ref in (scope.contexts["github"]["ref"], "refs/heads/main")
        for (where, key), place in reversed(scope.runner.sandbox.caches.items())
        if where == ref and key.startswith(one)
    ]
    if found:
        shutil.copytree(found[0], scope.runner.workspace, dirs_exist_ok=True)
    return True


def _publish(scope: _Scope, record: Step) -> bool:
    """Accept a wheel and an sdist from a job that is allowed to identify itself."""
    kinds = sorted(path.suffix for path in (scope.runner.workspace / "dist").iterdir())
    return scope.runner.sandbox.host.permissions == {"id-token": "write"} and kinds == [".gz", ".whl"]


def _lychee(scope: _Scope, record: Step) -> bool:
    """Report the broken links of the sandbox."""
    if record.with_.get("token", TOKEN):
        raise Unsupported("a link checker that gets the token")
    if any("/edit/main/" in page.read_text("utf-8") for page in (scope.runner.workspace / "site").rglob("*.html")):
        raise Unsupported("a link checker that checks the links for editing")
    broken = scope.runner.sandbox.broken_links
    lines = ["# Summary", *(f"* [404] <{link}>" for link in broken)]
    (scope.runner.workspace / record.with_["output"]).write_text("\n".join(lines), "utf-8")
    record.outputs["exit_code"] = "2" if broken else "0"
    return not broken or record.with_.get("fail") == "false"


def _deploy(scope: _Scope, record: Step) -> bool:
    if {scope.runner.sandbox.host.permissions.get(name) for name in ("pages", "id-token")} != {"write"}:
        record.output = "the job needs pages: write and id-token: write"
        return False
    shutil.rmtree(scope.runner.sandbox.pages, ignore_errors=True)
    shutil.copytree(scope.runner.result.artifacts["github-pages"], scope.runner.sandbox.pages)
    record.outputs["page_url"] = PAGES_URL + "/"
    return True


PAGES_URL = "https://weavers.example/notes"
ACTIONS: Mapping[str, Callable[[_Scope, Step], bool]] = {
    "actions/checkout": _checkout,
    "actions/setup-python": _nothing(),
    "actions/cache/restore": _restore,
    "actions/cache/save": _save,
    "actions/configure-pages": _nothing(base_url=PAGES_URL),
    "actions/upload-artifact": _upload,
    "actions/upload-pages-artifact": _upload,
    "actions/download-artifact": _download,
    "actions/deploy-pages": _deploy,
    "lycheeverse/lychee-action": _lychee,
    "pypa/gh-action-pypi-publish": _publish,
}
"""The actions of others that our workflows use, each with what happens instead."""
