"""The stages in a process of their own: the same site, the same words, and no harm where that process ends."""

import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from engines.root import ADDRESS, write
from mlguide_site.build import stages_here, staging
from mlguide_site.build.engines import load_engine
from mlguide_site.build.memo import aside
from mlguide_site.build.stages_here import Here
from mlguide_site.build.staging import Apart
from mlguide_site.build.stopwatch import Stopwatch
from mlguide_site.config import Settings
from mlguide_site.errors import ContentError, Problem, SiteError, Span

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="the process is forked")


@pytest.fixture(autouse=True)
def one_thread(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(threading, "active_count", lambda: 1)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return write(tmp_path / "kb", ADDRESS, True)


def built(root: Path, say: Callable[[str], None] = lambda _: None) -> tuple[dict[str, bytes], dict[str, float]]:
    """The files of the site, and the seconds of the stages."""
    site, seconds = load_engine("mkdocs").build(root, say, jobs=2)
    return {str(path.relative_to(site)): path.read_bytes() for path in site.rglob("*") if path.is_file()}, seconds


@pytest.fixture(autouse=True)
def begun(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The processes that were begun."""
    found: list[int] = []
    begin = Apart.__init__

    def noted(self: Apart) -> None:
        begin(self)
        found.append(self._process)

    monkeypatch.setattr(Apart, "__init__", noted)
    return found


def are_gone(processes: list[int]) -> bool:
    for process in processes:
        with pytest.raises(ChildProcessError):
            os.waitpid(process, os.WNOHANG)
    return bool(processes)


def test_a_large_root_has_the_same_site(
    root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, begun: list[int]
) -> None:
    here, stages = built(write(tmp_path / "other" / "kb", ADDRESS, True))
    monkeypatch.setattr(staging, "MANY", 1)
    monkeypatch.setattr(aside, "ROOM", 0)
    monkeypatch.setattr(stages_here, "Here", refused_in(os.getpid()))
    there, same_stages = built(root)
    assert there == here
    assert same_stages.keys() == stages.keys()
    assert are_gone(begun)
    note = root / "episodes/soup/soup-001.md"
    note.write_text(note.read_text("utf-8") + "\nA kettle once more.\n", "utf-8")
    after, _ = built(root)
    page = "episodes/soup/soup-001/index.html"
    assert b"once more" in after[page]
    assert b"once more" not in there[page]


def refused_in(process: int) -> type[Here]:
    """The stages, which must not be worked off in a process."""

    class Elsewhere(Here):
        def generate(self, *told: object) -> tuple[Problem, ...]:
            assert os.getpid() != process
            return super().generate(*told)  # type: ignore[arg-type]

    return Elsewhere


def test_what_is_wrong_is_told_as_ever(root: Path, monkeypatch: pytest.MonkeyPatch, begun: list[int]) -> None:
    (root / "episodes/soup/soup-002.md").write_text("no front matter", "utf-8")

    def said() -> list[str]:
        lines: list[str] = []
        with pytest.raises(SiteError):
            built(root, lines.append)
        return lines

    here = said()
    monkeypatch.setattr(staging, "MANY", 1)
    assert said() == here
    assert any("soup-002.md:1:1" in line for line in here)
    assert are_gone(begun)


def test_warnings_are_told_as_ever(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (root / "episodes/soup/soup-001.vtt").write_bytes(b"WEBVTT\n\n00:00.000 --> 00:01.000\nA spoon of \xff\n")

    def said() -> list[str]:
        lines: list[str] = []
        built(root, lines.append)
        return lines

    here = said()
    monkeypatch.setattr(staging, "MANY", 1)
    there = said()
    assert [line for line in there if "soup-001.vtt" in line] == [line for line in here if "soup-001.vtt" in line] != []


@pytest.mark.parametrize("moment", ["begin", "generate", "finish"])
def test_a_process_that_ends_is_made_up_for(
    root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, begun: list[int], moment: str
) -> None:
    whole, _ = built(write(tmp_path / "other" / "kb", ADDRESS, True))
    monkeypatch.setattr(staging, "MANY", 1)
    step = getattr(Apart, moment)

    def ended(self: Apart, *told: object) -> object:
        os.kill(self._process, signal.SIGKILL)
        return step(self, *told)

    monkeypatch.setattr(Apart, moment, ended)
    assert built(root)[0] == whole
    assert are_gone(begun)


def test_settings_that_a_hook_changes_meanwhile_hold(
    root: Path, monkeypatch: pytest.MonkeyPatch, begun: list[int]
) -> None:
    hook = "def on_config(config):\n    config.site_url = 'https://other.example/'\n    return config\n"
    (root / "hook.py").write_text(hook, "utf-8")
    settings = root / "mkdocs.yml"
    settings.write_text(f"{settings.read_text('utf-8')}\nhooks: [hook.py]\n", "utf-8")
    here, _ = built(root)
    assert b"https://other.example/" in here["llms.txt"]
    for folder in ("site", "build"):
        shutil.rmtree(root / folder)
    monkeypatch.setattr(staging, "MANY", 1)
    monkeypatch.setattr(stages_here, "Here", refused_in(os.getpid()))
    assert built(root)[0] == here
    assert are_gone(begun)


def test_other_settings_than_it_was_begun_with_hold(
    root: Path, monkeypatch: pytest.MonkeyPatch, begun: list[int]
) -> None:
    monkeypatch.setattr(stages_here, "Here", refused_in(os.getpid()))
    (root / "episodes/soup/soup-001.vtt").write_bytes(b"WEBVTT\n\n00:00.000 --> 00:01.000\nA spoon of \xff\n")
    stages = Apart()
    stages.begin(root, Settings("Old name"), 1)
    problems = stages.generate(root, Settings("New name"), 1, lambda _: None, Stopwatch())
    stages.close()
    assert any("soup-001.vtt" in problem.path for problem in problems)
    assert "New name" in (root / "build/pages/index.md").read_text("utf-8")
    assert are_gone(begun)


def test_a_build_that_nobody_hears_is_made(root: Path) -> None:
    program = "from mlguide_site import cli, staging; staging.MANY = 1; cli.main()"
    command = ["sh", "-c", '"$@" 2>&-', "sh", sys.executable, "-c", program, "-C", str(root), "build"]
    assert subprocess.run(command, check=False, capture_output=True, timeout=120).returncode == 0
    assert (root / "site/index.html").is_file()


def test_where_no_process_can_be_had_the_work_is_done_here(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def none() -> int:
        raise BlockingIOError(11, "Resource temporarily unavailable")

    monkeypatch.setattr(staging, "MANY", 1)
    monkeypatch.setattr(os, "fork", none)
    before = len(os.listdir("/proc/self/fd")) if os.path.isdir("/proc/self/fd") else 0
    assert staging.apart(root) is None
    assert before in (0, len(os.listdir("/proc/self/fd")))


def test_who_shares_the_work_is_waited_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def long(*_: object, **__: object) -> None:
        if not os.fork():
            for number in range(100):
                (tmp_path / f"{number}").touch()
                time.sleep(0.005)
            os._exit(0)
        time.sleep(60)

    monkeypatch.setattr(stages_here, "generate", long)
    stages = Apart()
    stages.begin(tmp_path, Settings("S"), 1)
    while not list(tmp_path.iterdir()):
        time.sleep(0.01)
    stages.close()
    assert len(list(tmp_path.iterdir())) == 100


def test_what_isnt_foreseen_is_raised_here(root: Path, monkeypatch: pytest.MonkeyPatch, begun: list[int]) -> None:
    def fails(*_: object, **__: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(stages_here, "generate", fails)
    stages = Apart()
    with pytest.raises(ZeroDivisionError):
        stages.generate(root, Settings("S"), 1, lambda _: None, Stopwatch())
    stages.close()
    assert are_gone(begun)


def test_small_roots_are_worked_off_here(root: Path) -> None:
    assert staging.apart(root) is None


def test_problems_come_through() -> None:
    error = ContentError([Problem("a.md", Span(1, 2), "odd", "mend it")])
    copied = error.__reduce__()[0](*error.__reduce__()[1])
    assert copied.problems == error.problems
    assert str(copied) == str(error)
